// The window: follows the thread by events, and tells the platform what the person does.
import { draw, drawQuote, make, quickReplies } from "./draw.js";
import { smaller } from "./picture.js";
import { hearted, offer, useTools } from "./tools.js";

const TYPING_LASTS = 20_000; // milliseconds
const PAUSE = 10 * 60_000; // after so long a silence the time is written
const base = `/try/${document.body.dataset.window}`;
const find = (id) => document.getElementById(id);
const [thread, scroller, quick, first, typing, state, trouble, words, quoting, quoted] =
  ["thread", "scroller", "quick", "first", "typing", "state", "trouble", "words", "quoting", "quoted"].map(find);
let last = null; // the newest entry
let mine = null; // the newest of the person's own
let answered = ""; // the message that the next words answer
let typingEnds;

const act = (what) => post("act", "application/json", JSON.stringify(what));

const post = async (path, type, body) => {
  trouble.hidden = true;
  try {
    const answer = await fetch(`${base}/${path}`, { method: "POST", headers: { "Content-Type": type }, body });
    if (answer.ok || answer.status === 409) return true; // 409: the button is gone, as a second tap finds it
    complain(answer.status === 403 ? "This window needs a cookie: reload the page." : "That could not be sent. Try again.");
  } catch {
    complain("The demo cannot be reached. Is it still running?");
  }
  return false;
};

const complain = (text) => {
  trouble.textContent = text;
  trouble.hidden = false;
};

const showTyping = (on) => {
  clearTimeout(typingEnds);
  typing.hidden = !on;
  if (on) typingEnds = setTimeout(() => showTyping(false), TYPING_LASTS);
  toEnd();
};

const toEnd = () => scroller.scrollTo({ top: scroller.scrollHeight });

const showState = () => {
  state.textContent = mine && mine === last ? { sending: "Sending…", sent: "Delivered" }[mine.state] || "" : "";
};

const seen = () => {
  if (document.visibilityState === "visible" && last?.from === "shop") act({ do: "seen" });
};

const entry = (event) => {
  if (last && event.n <= last.n) return;
  const { from, message, mid } = event;
  if (!last || event.at - last.at > PAUSE)
    thread.append(make("time", {}, new Date(event.at).toLocaleString([], { weekday: "short", hour: "2-digit", minute: "2-digit" })));
  const tap = (button) => act({ do: "tap", at: mid, text: button.title, payload: button.payload });
  const row = make("article", { class: "row", "data-from": from, "data-mid": mid });
  if (event.name) row.append(make("p", { class: "author" }, event.name));
  if (event.quote) row.append(drawQuote(event.quote));
  const said = from === "note" ? [make("p", {}, message.text)] : draw(message, tap);
  row.dataset.line = said.map((part) => part.textContent).join(" ").replace(/\s+/g, " ").trim().slice(0, 120) || "Picture";
  row.append(...said);
  row.classList.toggle("same", last?.from === from);
  thread.append(row);
  last = event;
  if (from === "you") mine = event;
  if (from !== "note") quick.replaceChildren(...(from === "shop" ? quickReplies(message, tap) : []));
  if (from === "shop") showTyping(false);
  if (from === "shop") offer();
  if (event.heart) hearted(row, true);
  first.hidden = true;
  showState();
  toEnd();
};

const showHeart = ({ mid, on }) => {
  const row = [...thread.children].find((one) => one.dataset.mid === mid);
  if (row) hearted(row, on);
};

const follow = () => {
  const events = new EventSource(`${base}/events`);
  events.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    if (event.type === "entry") entry(event);
    if (event.type === "entry" && event.from === "shop" && ready) seen();
    if (event.type === "heart") showHeart(event);
    if (event.type === "action") showTyping(event.action === "typing_on");
    if (event.type === "state" && mine?.mid === event.mid) mine.state = event.state;
    if (event.type === "state") showState();
    if (event.type === "closed") complain("The demo is closed. Start it again: this window goes on by itself.");
    if (event.type !== "ready") return;
    ready = true;
    trouble.hidden = true;
    first.hidden = Boolean(last);
    seen();
  };
  events.onerror = () => {
    if (events.readyState !== EventSource.CLOSED) return; // it comes back by itself
    complain("This window cannot follow the conversation. Reload the page; it needs a cookie.");
    setTimeout(follow, 5000);
  };
};
let ready = false;

const send = async () => {
  const text = words.value.trim();
  if (!text) return;
  const at = answered;
  words.value = "";
  quote(null);
  if (!(await act({ do: "say", text, at })) && !words.value) words.value = text;
  grow();
};

const quote = (row) => {
  answered = row ? row.dataset.mid : "";
  quoted.textContent = row ? row.dataset.line : "";
  quoting.hidden = !row;
  if (row) words.focus();
};

const sendPicture = async ({ currentTarget: chooser }) => {
  const [file] = chooser.files;
  chooser.value = "";
  if (!file) return;
  const small = await smaller(file);
  if (small) post("picture", "image/jpeg", small);
  else complain("That file is no picture that can be shown.");
};

const grow = () => {
  words.rows = Math.min(5, words.value.split("\n").length);
};

find("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
words.addEventListener("input", grow);
words.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
});
const opener = find("menu-opener");
const menu = find("menu");
const openMenu = (open) => {
  menu.hidden = !open;
  opener.setAttribute("aria-expanded", String(open));
};
opener.addEventListener("click", () => openMenu(menu.hidden));
document.addEventListener("click", (event) => {
  const item = event.target.closest("[data-payload]");
  if (item) act({ do: "menu", text: item.textContent, payload: item.dataset.payload });
  if (!event.target.closest("#menu-opener")) openMenu(false);
  if (event.target.closest("[data-opens]")) find("posts").showModal();
});
document.addEventListener("submit", async (event) => {
  const { under } = event.target.dataset;
  if (!under) return;
  event.preventDefault();
  const field = event.target.querySelector("input");
  const sent = await act({ do: "under", at: under, text: field.value });
  if (sent) field.value = "";
  find("posts").close();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing) return;
  openMenu(false);
  quote(null);
});
find("unquote").addEventListener("click", () => {
  quote(null);
  words.focus();
});
find("attach").addEventListener("click", () => find("picture").click());
find("picture").addEventListener("change", sendPicture);
useTools(act, quote);
document.addEventListener("visibilitychange", seen);
find("start")?.addEventListener("click", () => act({ do: "start" }));
find("wait").addEventListener("click", () => act({ do: "wait" }));
find("computer")?.addEventListener("click", ({ currentTarget }) => {
  const on = document.body.classList.toggle("computer");
  currentTarget.setAttribute("aria-pressed", String(on));
  toEnd();
});
new ResizeObserver(toEnd).observe(scroller);
follow();
