// The thread: rows of messages in their order, the one open question, and staying at the end.
const AUTHORS = ["bot", "manager", "customer", "system"];
const TYPING_LASTS = 8_000; // milliseconds
const PAUSE = 10 * 60_000; // after so long a silence the time is written between two messages

class Thread {
  /** `chat` has the texts, the server's address, calm(), and what the buttons call: tap, say, locate, retry. */
  constructor(chat) {
    this.chat = chat;
    this.rows = new Map(); // message id -> row
    this.question = null; // the row whose buttons still count
    this.atEnd = true;
    this.log = make("div", { class: "log", role: "log", "aria-live": "polite", "aria-busy": "true" });
    this.typing = make("div", { class: "typing", role: "status", hidden: true }, make("i"), make("i"), make("i"));
    this.scroller = make("div", { class: "scroller", tabindex: "-1" }, this.log, this.typing);
    this.newer = make("button", { type: "button", class: "newer", hidden: true, onclick: () => this.toEnd(true) });
    this.node = make("div", { class: "middle" }, this.scroller, this.newer);
    this.scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    const stay = new ResizeObserver(() => this.atEnd && this.toEnd());
    for (const part of [this.log, this.scroller, this.typing]) stay.observe(part);
  }

  speak() {
    const t = this.chat.texts;
    this.log.setAttribute("aria-label", t.log);
    this.typing.setAttribute("aria-label", t.typing);
    this.newer.replaceChildren(t.newer, icon("down"));
  }

  // ---- messages ----

  /** A message from the log, in its place. One that was shown when it was sent is only moved there. */
  show(seq, message) {
    const row = this.rows.get(message.id) || this.row(message);
    row.seq = seq;
    this.rows.set(message.id, row);
    this.place(row);
    if (message.from === "customer") this.retire(message.parts?.[0]?.text);
    else this.ask(row);
    clearTimeout(this.settled);
    this.settled = setTimeout(() => this.log.setAttribute("aria-busy", "false"), 400); // a replay is not read aloud
    if (!this.atEnd && message.from !== "customer") this.newer.hidden = false;
  }

  /** A message of the customer that is not in the log yet. */
  showUnsent(entry, fate) {
    const id = entry.frame.id;
    const row = this.row({ id, at: entry.at, from: "customer", parts: [{ type: "text", text: entry.shown }] });
    row.entry = entry;
    this.rows.set(id, row);
    this.place(row);
    this.mark(id, entry.failed ? "failed" : fate, entry.failed);
    if (!entry.failed) this.retire(entry.shown);
  }

  row(message) {
    const t = this.chat.texts;
    const from = AUTHORS.includes(message.from) ? message.from : "bot";
    const name = { bot: message.name || t.assistant, manager: message.name || t.manager, customer: t.you, system: "" }[from];
    const row = make("article", { class: "row", "data-from": from }, make("p", { class: "author" }, make("bdi", {}, name)), ...draw(message.parts, this.chat));
    const at = new Date(message.at);
    row.at = isNaN(at) ? 0 : at.getTime();
    row.author = `${from} ${name}`;
    return row;
  }

  /** Rows with a number stand in its order; those still under way stand below them. */
  place(row) {
    const below = row.seq === undefined ? null : this.log.querySelector(".row.unsent") || null;
    row.classList.toggle("unsent", row.seq === undefined);
    if (below !== row && (row.parentNode !== this.log || row.nextSibling !== below)) this.log.insertBefore(row, below);
    this.dress(row);
    if (row.nextSibling) this.dress(row.nextSibling);
  }

  /** Names and times only where they tell something new. */
  dress(row) {
    const before = row.previousSibling;
    let speaker = before;
    while (speaker && row.dataset.from !== "customer" && speaker.dataset.from === "customer") speaker = speaker.previousSibling;
    row.classList.toggle("same", before?.author === row.author);
    row.classList.toggle("known", speaker?.author === row.author);
    row.querySelector("time")?.remove();
    if (!row.at || (before && row.at - before.at < PAUSE)) return;
    const at = new Date(row.at);
    const today = at.toDateString() === new Date().toDateString();
    const form = { hour: "2-digit", minute: "2-digit", ...(today ? {} : { day: "numeric", month: "long" }) };
    row.prepend(make("time", { datetime: at.toISOString() }, at.toLocaleString(this.chat.wishes(), form)));
  }

  /** Tell beside a message of the customer how it fares: "" (sent), sending, waiting or failed. */
  mark(id, fate, code) {
    const row = this.rows.get(id);
    if (!row || row.dataset.from !== "customer") return;
    const t = this.chat.texts;
    row.dataset.fate = fate;
    row.note?.remove();
    row.note = null;
    if (fate === "waiting") row.note = make("p", { class: "note" }, t.waiting);
    if (fate === "failed") {
      const why = { slow_down: t.slow_down, too_long: t.too_long }[code];
      const again = HOPELESS.includes(code) ? null : make("button", { type: "button", class: "retry", onclick: () => this.chat.retry(row.entry) }, t.retry);
      row.note = make("p", { class: "note", role: "alert" }, [t.failed, why].filter(Boolean).join(". "), again);
    }
    if (row.note) row.append(row.note);
  }

  /** The line is back or lost: what is under way goes now, or waits. */
  line(up) {
    for (const [id, row] of this.rows) if (["sending", "waiting"].includes(row.dataset.fate)) this.mark(id, up ? "sending" : "waiting");
  }

  clear() {
    this.rows.clear();
    this.log.replaceChildren();
    this.question = null;
  }

  unread(read) {
    return [...this.rows.values()].filter((row) => row.seq > read && row.dataset.from !== "customer").length;
  }

  // ---- the open question ----

  /** A newer question takes the buttons of the older one away, and so does an answer to what was written since. */
  ask(row) {
    if (row === this.question) return;
    const asks = Boolean(row.querySelector(".question"));
    if (asks || this.spokenSince(row)) this.close();
    if (asks) this.question = row;
  }

  /** Whether the customer said something between the open question and this row. */
  spokenSince(row) {
    for (let before = row.previousSibling; this.question && before && before !== this.question; before = before.previousSibling)
      if (before.dataset.from === "customer") return true;
    return false;
  }

  /** Words of the customer that answer the open question take its buttons away. */
  retire(words) {
    if (!this.question || !words) return;
    const titles = [...this.question.querySelectorAll(".choice")].map((choice) => choice.textContent);
    const kind = this.question.querySelector(".question").dataset.what;
    const answers = { phone: /(\d\D*){6}/, email: /@/, location: /^📍/ }[kind]?.test(words);
    if (answers || titles.includes(words)) this.close();
  }

  close() {
    this.question?.querySelectorAll(".question").forEach((old) => old.remove());
    this.question = null;
  }

  // ---- the end of the thread ----

  showTyping(on) {
    clearTimeout(this.typingEnds);
    this.typing.hidden = !on;
    if (on) this.typingEnds = setTimeout(() => this.showTyping(false), TYPING_LASTS);
  }

  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const near = scrollHeight - scrollTop - clientHeight < 48;
    if (near) this.newer.hidden = true;
    if (near || scrollTop < this.top - 2) this.atEnd = near; // only the customer scrolls up; growing is no scrolling
    this.top = scrollTop;
  }

  toEnd(slowly = false) {
    this.atEnd = true;
    this.newer.hidden = true;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: slowly && !this.chat.calm() ? "smooth" : "instant" });
  }
}
