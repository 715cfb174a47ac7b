// The desk in the browser: the server renders, this file asks for what has changed and puts it in place.

const $ = (id) => document.getElementById(id);
const body = document.body;
const sources = new WeakMap(); // element -> the markup it came from, so that what did not change is left alone
const sending = new Map(); // key -> bubble of a reply that is not answered yet
let position = body.dataset.position;

// ---- putting fragments in place --------------------------------------------------------------------

function remember(region) {
  for (const child of region?.children ?? []) sources.set(child, child.outerHTML);
}

function patch(region, fresh) {
  for (const { name, value } of fresh.attributes) if (region.getAttribute(name) !== value) region.setAttribute(name, value);
  const known = new Map([...region.children].map((child) => [child.id, child]));
  const next = [...fresh.children].map((child) => {
    const old = child.id && known.get(child.id);
    const source = child.outerHTML;
    if (old && (sources.get(old) === source || refoot(old, child))) return (sources.set(old, source), old);
    sources.set(child, source);
    if (old) keepOpen(old, child);
    return child;
  });
  if (region.id === "log") next.push(...sending.values());
  const staying = new Set(next);
  for (const child of [...region.childNodes]) if (!staying.has(child)) child.remove();
  next.forEach((child, place) => {
    if (region.children[place] !== child) region.insertBefore(child, region.children[place] ?? null);
  });
}

// Where only what stands under the words has changed, nobody has to hear the words again.
function refoot(old, fresh) {
  const [before, after] = [old, fresh].map((entry) => entry.querySelector(":scope > .foot"));
  if (!before || !after) return false;
  const [known, told] = [old, fresh].map((entry) => entry.cloneNode(true));
  for (const entry of [known, told]) entry.querySelector(":scope > .foot").remove();
  if (!known.isEqualNode(told)) return false;
  keepOpen(before, after);
  before.replaceChildren(...after.childNodes);
  return true;
}

function keepOpen(old, fresh) {
  const before = old.matches("details") ? [old] : [...old.querySelectorAll("details")];
  const after = fresh.matches("details") ? [fresh] : [...fresh.querySelectorAll("details")];
  after.forEach((details, place) => before[place] && (details.open = before[place].open));
}

function place(markup) {
  const fragment = document.createElement("template");
  fragment.innerHTML = markup;
  const of = fragment.content.querySelector("#head")?.dataset.conversation;
  if (of && of !== open()) return; // the manager has gone on to another one
  const focused = document.activeElement?.closest("[id]")?.id;
  const log = $("log");
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 90;
  for (const fresh of fragment.content.children) if ($(fresh.id)) patch($(fresh.id), fresh);
  if (atEnd) log.scrollTop = log.scrollHeight;
  if (focused && document.activeElement === body) ($(focused)?.querySelector("a") ?? $(focused))?.focus({ preventScroll: true });
  fitComposer();
  const waiting = Number($("queue").dataset.waiting);
  document.title = (waiting ? `(${waiting}) ` : "") + body.dataset.title;
}

// ---- asking the server -----------------------------------------------------------------------------

async function ask(address, form) {
  const answer = await fetch(address, {
    method: form ? "POST" : "GET",
    body: form && new URLSearchParams(form),
    headers: { "X-Desk-Pane": "1" },
  });
  if (answer.status === 401) location.assign(`/desk/sign-in?then=${encodeURIComponent(location.pathname + location.search)}`);
  if (!answer.headers.get("Content-Type")?.startsWith("text/html")) throw new Error(await answer.text());
  return answer.text();
}

// One request at a time; calls that come meanwhile become one more.
function oneAtATime(work, rest = 0) {
  let running = false;
  let again = false;
  return async function run() {
    if (running) return void (again = true);
    running = true;
    try {
      await work();
    } catch {
      // the stream tells when the server is back, and everything is read anew
    }
    if (rest) await new Promise((resolve) => setTimeout(resolve, rest));
    running = false;
    if (again) ((again = false), run());
  };
}

const view = () => body.dataset.view;
const open = () => body.dataset.open;
const readQueue = oneAtATime(async () => place(await ask(`/desk/queue?view=${view()}&open=${open()}`)), 400);
const readPane = oneAtATime(async () => open() && place(await ask(`/desk/conversations/${open()}/pane?view=${view()}`)));

// ---- the live wire ---------------------------------------------------------------------------------

// One tab holds the wire for all tabs of this browser, since HTTP/1.1 gives a site six connections. The tab seen last
// holds it: a browser may put others to sleep.

const tabs = new BroadcastChannel("desk");
let wire;

function heard({ id, conversation, connected }) {
  if (id) position = id;
  $("wire").hidden = connected;
  if (!conversation) return;
  readQueue();
  if (conversation === open() || conversation === "*") readPane();
}

function tell(news) {
  heard(news);
  tabs.postMessage(news);
}

function listen() {
  wire?.close();
  wire = new EventSource(`/desk/events?after=${position}`);
  wire.addEventListener("changed", (event) => tell({ id: event.lastEventId, conversation: event.data, connected: true }));
  wire.onopen = () => tell({ connected: true });
  wire.onerror = () => {
    tell({ connected: false });
    if (wire.readyState !== EventSource.CLOSED) return; // it tries again by itself
    setTimeout(() => wire.readyState === EventSource.CLOSED && holding && listen(), 3000);
    readQueue(); // finds out whether we are still signed in
  };
}

let holding = false;

function hold(how) {
  if (holding) return;
  const held = () => new Promise(() => ((holding = true), listen()));
  if (!navigator.locks) return held(); // only on an address without TLS
  navigator.locks.request("desk-wire", how, held).catch(() => {
    holding = false; // another tab took it
    wire.close();
    hold({});
  });
}

// ---- moving about ----------------------------------------------------------------------------------

function show(id, nextView) {
  saveDraft();
  typingUntil = 0;
  for (const bubble of sending.values()) bubble.remove();
  sending.clear();
  const other = id !== open();
  body.dataset.view = nextView;
  body.dataset.open = id;
  for (const row of document.querySelectorAll(".row")) row.toggleAttribute("aria-current", row.dataset.conversation === id);
  for (const tab of document.querySelectorAll(".views a"))
    tab.dataset.view === nextView ? tab.setAttribute("aria-current", "page") : tab.removeAttribute("aria-current");
  readQueue();
  if (!other) return;
  $("customer").matches(":popover-open") && $("customer").hidePopover();
  $("composer").hidden = !id;
  if ($("welcome")) $("welcome").hidden = Boolean(id);
  if (!id) return;
  $("log").replaceChildren();
  $("composer").action = `/desk/conversations/${id}/write?view=${nextView}`;
  $("composer").elements.text.value = sessionStorage.getItem(`draft-${id}`) ?? "";
  readPane();
}

function saveDraft() {
  const text = $("composer").elements.text.value;
  if (open()) text ? sessionStorage.setItem(`draft-${open()}`, text) : sessionStorage.removeItem(`draft-${open()}`);
}

function here() {
  const [, id = ""] = location.pathname.match(/^\/desk\/conversations\/([\w-]+)/) ?? [];
  return [id, new URLSearchParams(location.search).get("view") ?? "waiting"];
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-conversation], a[data-view], a[data-back]");
  if (link && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    const wide = matchMedia("(min-width: 760px)").matches;
    const id = link.dataset.conversation ?? (link.dataset.view && wide ? open() : "");
    const next = link.dataset.view ?? view();
    history.pushState(null, "", id ? `/desk/conversations/${id}?view=${next}` : `/desk?view=${next}`);
    show(id, next);
  }
  const again = event.target.closest("[data-again]");
  if (again) write("reply", again.closest(".entry").querySelector(".said").innerText.trim());
});
addEventListener("popstate", () => show(...here()));

// ---- acting ----------------------------------------------------------------------------------------

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.id === "composer") return void (event.preventDefault(), send());
  if (!form.matches("[data-act]")) return;
  event.preventDefault();
  form.setAttribute("aria-busy", "true");
  try {
    place(await ask(form.action, new FormData(form, event.submitter)));
    readQueue();
    if ($("head").dataset.owner === "mine" && matchMedia("(pointer: fine)").matches) write("reply");
    else $("main").focus();
  } catch {
    $("wire").hidden = false;
    form.removeAttribute("aria-busy");
  }
});

function send() {
  const form = $("composer");
  const facts = new FormData(form);
  if (!facts.get("text").trim()) return;
  facts.set("key", [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join(""));
  const bubble = $("pending").content.firstElementChild.cloneNode(true);
  bubble.querySelector(".said").append(Object.assign(document.createElement("p"), { textContent: facts.get("text") }));
  bubble.classList.toggle("note", facts.get("mode") === "note");
  bubble.querySelector(".retry").onclick = () => deliver(form.action, facts, bubble);
  form.elements.text.value = "";
  typingUntil = 0;
  saveDraft();
  deliver(form.action, facts, bubble);
}

async function deliver(address, facts, bubble) {
  facts.set("csrf", $("head").dataset.csrf ?? facts.get("csrf"));
  const [state, retry, log] = [bubble.querySelector(".state"), bubble.querySelector(".retry"), $("log")];
  sending.set(facts.get("key"), bubble);
  bubble.classList.remove("failed");
  retry.hidden = true;
  state.textContent = "Sending…";
  log.append(bubble);
  log.scrollTop = log.scrollHeight;
  const conversation = open();
  try {
    const markup = await ask(address, facts);
    sending.delete(facts.get("key"));
    place(markup);
    readQueue();
    const text = $("composer").elements.text;
    if (conversation === open() && $("head-notice") && !text.value) text.value = facts.get("text"); // refused: not lost
  } catch {
    bubble.classList.add("failed");
    state.textContent = "Not sent.";
    retry.hidden = false;
  }
}

// The customer sees that somebody is writing to him; a sign that is still shown is not asked for again.
let typingUntil = 0;

function typing() {
  const { owner, csrf, typing: lasts } = $("head").dataset;
  const { mode, text } = $("composer").elements;
  if (!Number(lasts) || owner === "other" || mode.value !== "reply" || !text.value.trim() || Date.now() < typingUntil) return;
  typingUntil = Date.now() + lasts * 1000;
  fetch(`/desk/conversations/${open()}/typing`, { method: "POST", body: new URLSearchParams({ csrf }) }).catch(() => {});
}

// The composer is not drawn anew, so that no word under way is lost; it follows the owner told in the head.
function fitComposer() {
  const { owner, holder, csrf } = $("head").dataset;
  if (csrf) $("composer").elements.csrf.value = csrf;
  const [reply, note] = $("composer").elements.mode;
  if (owner === "other" && !reply.disabled) note.checked = true;
  if (owner !== "other" && reply.disabled) reply.checked = true;
  reply.disabled = owner === "other";
  $("hint").textContent = owner === "other" ? `${holder} answers here` : note.checked ? "Only managers see it" : "";
}

function write(mode, text) {
  const form = $("composer");
  if (form.hidden) return;
  const choice = [...form.elements.mode].find((one) => one.value === mode);
  if (choice.disabled) return;
  choice.checked = true;
  if (text !== undefined) form.elements.text.value = text;
  fitComposer();
  form.elements.text.focus();
}

// ---- keys ------------------------------------------------------------------------------------------

function step(by) {
  const rows = [...document.querySelectorAll(".row")];
  if (!rows.length) return;
  const at = rows.indexOf(document.activeElement.closest(".row") ?? document.querySelector(".row[aria-current]"));
  rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)].focus();
}

const keys = { KeyJ: () => step(1), KeyK: () => step(-1), KeyR: () => write("reply"), KeyN: () => write("note") };

document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select, [contenteditable]")) {
    if (event.key === "Escape") event.target.blur();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form?.id === "composer") send();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) $("help").togglePopover();
  else if (keys[event.code] && !$("help").matches(":popover-open")) keys[event.code]();
  else return;
  event.preventDefault();
});

// ---- start -----------------------------------------------------------------------------------------

for (const id of ["queue", "head", "log", "customer"]) remember($(id));
$("log").scrollTop = $("log").scrollHeight;
$("composer").addEventListener("change", fitComposer);
$("composer").elements.text.addEventListener("input", typing);
fitComposer();
if (open() && !$("composer").elements.text.value) $("composer").elements.text.value = sessionStorage.getItem(`draft-${open()}`) ?? "";
addEventListener("pagehide", saveDraft);
setInterval(readQueue, 30_000); // waiting times grow
tabs.onmessage = (event) => heard(event.data);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && hold({ steal: true }));
hold(document.visibilityState === "visible" ? { steal: true } : {});
readQueue(); // what changed while this page was on its way and another tab held the wire
readPane();
