// What can be done with one message of the shop: answer it, put a heart to it. One bar serves all of them: it follows
// the pointer, and from the keyboard the arrows.
const EDGE = 24; // pixels
const OF_SHOP = '.row[data-from="shop"]';
const find = (id) => document.getElementById(id);
const [scroller, tools, answer, heart] = ["scroller", "tools", "answer", "heart"].map(find);
let aimed = null;

const aim = (row) => {
  aimed = row;
  tools.hidden = !row;
  if (!row) return;
  place();
  answer.setAttribute("aria-label", `Answer: ${row.dataset.line}`);
  showHeart();
};

/** At the upper end of the message, or of as much of it as is in sight. */
const place = () => {
  const top = Math.max(aimed.offsetTop, scroller.scrollTop + EDGE);
  tools.style.insetBlockStart = `${Math.min(top, aimed.offsetTop + aimed.offsetHeight - EDGE)}px`;
};

const showHeart = () => heart.setAttribute("aria-pressed", String(aimed.classList.contains("hearted")));

const newest = () => [...document.querySelectorAll(OF_SHOP)].at(-1) ?? null;

/** A message of the shop has come: unless another one is in use, it is what the bar is for. */
export const offer = () => {
  if (!tools.matches(":hover, :focus-within")) aim(newest());
};

/** The heart of a message has changed. */
export const hearted = (row, on) => {
  row.classList.toggle("hearted", on);
  if (row === aimed) showHeart();
};

/** `act(what)` does it; `quote(row)` begins an answer. */
export const useTools = (act, quote) => {
  scroller.addEventListener("pointerover", ({ target }) => {
    const row = target.closest(OF_SHOP);
    tools.classList.toggle("shown", Boolean(row || target.closest("#tools")));
    if (row) aim(row);
  });
  scroller.addEventListener("pointerleave", ({ pointerType }) => pointerType === "mouse" && tools.classList.remove("shown"));
  tools.addEventListener("focusin", place); // pictures above it may have come meanwhile
  scroller.addEventListener("scroll", () => aimed && place(), { passive: true });
  answer.addEventListener("click", () => quote(aimed));
  heart.addEventListener("click", () => act({ do: "heart", at: aimed.dataset.mid }));
  tools.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: 0, ArrowRight: 0 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    if (!step) return (document.activeElement === heart ? answer : heart).focus();
    const rows = [...document.querySelectorAll(OF_SHOP)];
    const row = rows[rows.indexOf(aimed) + step];
    if (!row) return;
    aim(row);
    row.scrollIntoView({ block: "nearest" });
  });
};
