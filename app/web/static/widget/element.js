// The element <shop-chat>: launcher, panel, thread and composer.
const HERE = document.currentScript?.src;
const PHONE = matchMedia("(max-width: 480px)");
const LONGEST = 4_000; // characters
const SLOW_LINE = 1_500; // milliseconds without a connection before the banner comes
let sheet;

class ShopChat extends HTMLElement {
  static observedAttributes = ["open", "locale", "name", "hours"];

  connectedCallback() {
    if (this.connection) return this.join(); // moved to another place of the page
    const base = this.getAttribute("server") || (HERE ? new URL(".", HERE).href : location.origin);
    this.server = new URL(base.endsWith("/") ? base : `${base}/`, location.href).href;
    this.store = new Store(this.server);
    this.connection = new Connection(this.server, this.store, () => ({ source: this.getAttribute("source") || "", locale: this.wishes()[0] || "" }), {
      message: (seq, message) => this.receive(seq, message),
      typing: (on) => this.thread.showTyping(on),
      sent: (id) => this.thread.mark(id, ""),
      failed: (id, code) => this.thread.mark(id, "failed", code),
      line: (up) => this.showLine(up),
      cleared: () => this.clear(),
    });
    this.build();
    this.speak();
    this.showUnsent();
    this.join();
  }

  join() {
    this.unwatch = this.store.watch((name) => this.changedElsewhere(name));
    if (this.hasAttribute("open") || this.remembered("open") === "yes") this.show({ focus: false });
    else if (this.store.get("token")) this.connection.open(); // for the badge
  }

  disconnectedCallback() {
    this.connection.close();
    this.unwatch();
    this.releasePage();
  }

  attributeChangedCallback(name) {
    if (!this.panel) return;
    if (name === "open") this.hasAttribute("open") ? this.show() : this.hide();
    else this.speak();
  }

  // ---- for the page ----

  /** Open the panel; focus goes in, and comes back on `hide()`. */
  show({ focus = true } = {}) {
    if (!this.panel.hidden) return;
    const active = document.activeElement;
    this.opener = active && active !== document.body && active !== this ? active : null;
    this.panel.hidden = false;
    this.launcher.setAttribute("aria-expanded", "true");
    this.remember("open", "yes");
    this.toggleAttribute("open", true);
    this.fitPhone();
    this.connection.open();
    this.connection.hurry();
    this.thread.toEnd();
    this.markRead();
    // On a phone the keyboard would cover the greeting, so the field waits for a tap.
    if (focus) (matchMedia("(pointer: coarse)").matches ? this.panel : this.field).focus({ preventScroll: true });
  }

  hide() {
    if (this.panel.hidden) return;
    const inside = this.root.activeElement;
    this.panel.hidden = true;
    this.launcher.setAttribute("aria-expanded", "false");
    this.remember("open", "no");
    this.toggleAttribute("open", false);
    this.fitPhone();
    if (inside) (this.opener?.isConnected ? this.opener : this.launcher).focus({ preventScroll: true });
    this.opener = null;
  }

  /** Open and say this for the customer: "Ask about it". */
  ask(text) {
    this.show();
    this.say(text);
  }

  // ---- building ----

  build() {
    this.root = this.attachShadow({ mode: "open" });
    if (!sheet) {
      sheet = new CSSStyleSheet(); // allowed by strict content security policies, unlike a style element
      sheet.replaceSync(STYLE);
    }
    this.root.adoptedStyleSheets = [sheet];
    this.badge = make("span", { class: "badge", hidden: true });
    this.launcher = make("button", { type: "button", class: "launcher", "aria-expanded": "false", "aria-controls": "panel", onclick: () => this.toggle() }, icon("chat"), icon("down"), this.badge);
    this.heading = make("h2");
    this.status = make("p", { class: "status" });
    this.personLabel = make("span", {});
    this.personButton = make("button", { type: "button", class: "person", onclick: () => this.say(this.texts.person_say) }, icon("person"), this.personLabel);
    this.closer = make("button", { type: "button", class: "closer", onclick: () => this.hide() }, icon("close"));
    this.thread = new Thread(this);
    this.banner = make("div", { class: "banner", role: "status" });
    this.field = make("textarea", { rows: "1", maxlength: String(LONGEST), enterkeyhint: "send", dir: "auto", autocomplete: "off" });
    this.field.value = this.remembered("draft") || "";
    this.left = make("span", { class: "left", "aria-live": "polite" });
    this.sender = make("button", { type: "submit", class: "send" }, icon("send"));
    this.composer = make("form", { class: "composer", onsubmit: (event) => this.submit(event) }, this.field, this.left, this.sender);
    this.panel = make(
      "section",
      { id: "panel", class: "panel", role: "dialog", tabindex: "-1", hidden: true },
      make("header", {}, make("span", { class: "mark" }, icon("chat")), make("div", { class: "who" }, this.heading, this.status), this.personButton, this.closer),
      this.thread.node,
      this.banner,
      this.composer,
    );
    this.root.append(this.panel, this.launcher);
    this.listen();
  }

  listen() {
    this.panel.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("input", () => this.typed());
    for (const kind of ["resize", "scroll"]) window.visualViewport?.addEventListener(kind, () => this.fitPhone());
    PHONE.addEventListener("change", () => this.fitPhone());
  }

  wishes() {
    return [this.getAttribute("locale"), ...(navigator.languages || [navigator.language])].filter(Boolean);
  }

  /** Put the words of the chosen language everywhere. */
  speak() {
    const locale = chooseLocale(this.wishes());
    const t = (this.texts = TEXTS[locale]);
    const name = this.getAttribute("name");
    const [wish] = this.wishes();
    this.panel.lang = this.launcher.lang = locale;
    this.panel.dir = this.getAttribute("dir") || this.closest("[dir]")?.dir || (RIGHT_TO_LEFT.test(wish) ? "rtl" : "ltr");
    this.launcher.dir = this.panel.dir;
    this.heading.replaceChildren(make("bdi", {}, name || t.assistant));
    this.panel.setAttribute("aria-label", fill(t.title, { name: name || t.shop }));
    this.personLabel.textContent = t.person;
    this.personButton.setAttribute("aria-label", t.person_hint);
    this.personButton.title = t.person_hint;
    this.closer.setAttribute("aria-label", t.close);
    this.thread.speak();
    this.field.placeholder = t.write;
    this.field.setAttribute("aria-label", t.write);
    this.sender.setAttribute("aria-label", t.send);
    this.banner.replaceChildren(make("span", {}, t.offline), make("button", { type: "button", onclick: () => this.connection.hurry() }, t.now));
    this.showStatus();
    this.showUnread();
    this.typed();
  }

  showStatus() {
    const hours = this.getAttribute("hours");
    const t = this.texts;
    const lines = this.answering ? [fill(t.answering, { name: this.answering })] : [t.bot, hours && fill(t.people, { hours })];
    this.status.replaceChildren(...lines.filter(Boolean).map((line) => make("span", {}, line)));
  }

  // ---- what the customer does ----

  toggle() {
    this.panel.hidden ? this.show() : this.hide();
  }

  key(event) {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      this.hide();
    } else if (event.key === "Enter" && !event.shiftKey && event.target === this.field) {
      this.submit(event);
    } else if (event.key === "Tab" && PHONE.matches) {
      this.keepInside(event);
    }
  }

  /** Full screen means nothing behind may take the focus. */
  keepInside(event) {
    const stops = [...this.panel.querySelectorAll("button, a[href], input, textarea, [tabindex='0']")].filter((stop) => !stop.disabled && stop.offsetParent);
    const edge = event.shiftKey ? stops[0] : stops.at(-1);
    if (this.root.activeElement !== edge) return;
    event.preventDefault();
    (event.shiftKey ? stops.at(-1) : stops[0]).focus();
  }

  typed() {
    this.field.style.height = "auto";
    if (this.field.scrollHeight) this.field.style.height = `${Math.min(this.field.scrollHeight, 132)}px`;
    this.remember("draft", this.field.value);
    this.sender.disabled = !this.field.value.trim();
    const left = LONGEST - this.field.value.length;
    this.left.textContent = left < 200 ? fill(this.texts.left, { n: left }) : "";
  }

  submit(event) {
    event.preventDefault();
    const text = this.field.value.trim();
    if (!text) return;
    this.field.value = "";
    this.typed();
    this.say(text);
    this.field.focus();
  }

  say(text) {
    this.send({ type: "text", text: text.slice(0, LONGEST) }, text.slice(0, LONGEST));
  }

  tap(payload, title) {
    this.send({ type: "tap", payload }, title);
    if (!this.root.activeElement) this.panel.focus({ preventScroll: true }); // the pressed button is gone
  }

  locate(button) {
    const failed = () => {
      button.disabled = false;
      button.after(make("span", { class: "hint", role: "status" }, this.texts.no_place));
      button.remove();
    };
    if (!navigator.geolocation) return failed();
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude: lat, longitude: lon } }) => this.send({ type: "location", lat, lon }, `📍 ${lat.toFixed(5)}, ${lon.toFixed(5)}`),
      failed,
      { timeout: 15_000 },
    );
  }

  send(frame, shown) {
    this.connection.open();
    this.showEntry(this.connection.send(frame, shown));
    this.thread.toEnd();
  }

  retry(entry) {
    this.thread.mark(entry.frame.id, this.connection.ready ? "sending" : "waiting");
    this.connection.retry(entry);
    this.field.focus();
  }

  showEntry(entry) {
    this.thread.showUnsent(entry, this.connection.ready ? "sending" : "waiting");
  }

  showUnsent() {
    for (const entry of this.store.unsent()) this.showEntry(entry);
  }

  // ---- what comes from the server ----

  receive(seq, message) {
    this.thread.show(seq, message);
    if (message.from !== "customer") this.thread.showTyping(false);
    if (message.from === "manager") this.answering = message.name || this.texts.manager;
    if (message.from === "bot") this.answering = "";
    this.showStatus();
    this.markRead();
    this.showUnread();
  }

  /** The banner waits a moment, so that a short gap disturbs nobody. */
  showLine(up) {
    this.thread.line(up);
    if (up) {
      clearTimeout(this.lineTimer);
      this.lineTimer = null;
      this.panel.classList.remove("offline");
    } else {
      this.lineTimer ??= setTimeout(() => this.panel.classList.add("offline"), navigator.onLine ? SLOW_LINE : 0);
    }
  }

  clear() {
    this.thread.clear();
    this.answering = "";
    this.store.remove("read");
    this.showStatus();
    this.showUnread();
    this.showUnsent();
  }

  changedElsewhere(name) {
    if (name === "token" && this.store.get("token")) this.connection.open();
    if (name === "read") this.showUnread();
  }

  // ---- reading ----

  showUnread() {
    const count = this.panel.hidden ? this.thread.unread(Number(this.store.get("read") || 0)) : 0;
    this.badge.hidden = !count;
    this.badge.textContent = count > 99 ? "99+" : count;
    this.launcher.setAttribute("aria-label", [this.texts.open, count && fill(this.texts.unread, { n: count })].filter(Boolean).join(", "));
  }

  markRead() {
    if (this.panel.hidden) return;
    this.connection.seen(this.connection.lastSeq);
    const read = Math.max(Number(this.store.get("read") || 0), this.connection.lastSeq);
    this.store.set("read", String(read));
    this.showUnread();
  }

  calm() {
    return matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  /** Full screen on a phone, above the keyboard; the page behind stands still. */
  fitPhone() {
    const full = PHONE.matches && !this.panel.hidden;
    const view = window.visualViewport;
    this.panel.style.setProperty("--top", full && view ? `${view.offsetTop}px` : "0px");
    this.panel.style.setProperty("--height", full && view ? `${view.height}px` : "100dvh");
    if (full) this.panel.setAttribute("aria-modal", "true");
    else this.panel.removeAttribute("aria-modal");
    if (full) this.holdPage();
    else this.releasePage();
  }

  holdPage() {
    const page = document.documentElement.style;
    this.pageOverflow ??= page.overflow;
    page.overflow = "hidden";
  }

  releasePage() {
    if (this.pageOverflow === undefined) return;
    document.documentElement.style.overflow = this.pageOverflow;
    this.pageOverflow = undefined;
  }

  // What belongs to this tab alone.
  remember(name, value) {
    try {
      sessionStorage.setItem(this.store.prefix + name, value);
    } catch {} // forbidden: the tab forgets at a reload
  }

  remembered(name) {
    try {
      return sessionStorage.getItem(this.store.prefix + name);
    } catch {
      return null;
    }
  }
}

if (!customElements.get("shop-chat")) customElements.define("shop-chat", ShopChat);
