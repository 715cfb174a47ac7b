// The line to the server: starts a conversation, keeps a socket, sends until acknowledged, and shows each message once.
const ACK_WITHIN = 10_000; // milliseconds
const PING_EVERY = 25_000;
const SEEN_AFTER = 300; // milliseconds, in which an answer of several messages is complete
const LONGEST_PAUSE = 20_000;
const HOPELESS = ["too_long", "empty", "bad_frame", "bad_json", "unknown_type"]; // sending again would not help

const newId = () =>
  crypto.randomUUID?.() ?? // only on https and localhost
  [..."xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx"]
    .map((sign) => {
      if (sign !== "x" && sign !== "y") return sign;
      const random = crypto.getRandomValues(new Uint8Array(1))[0];
      return (sign === "x" ? random & 15 : (random & 3) | 8).toString(16);
    })
    .join("");

class Connection {
  /** `on` has message(seq, message), typing(on), sent(id), failed(id, code), line(up), cleared(). */
  constructor(server, store, start, on) {
    Object.assign(this, { server, store, start, on });
    this.lastSeq = 0;
    this.seenSeq = this.toldSeq = 0;
    this.tries = 0;
    this.socket = null;
    this.wanted = false;
    this.ready = false;
    this.timers = new Map(); // id -> ack timer
    this.wakeUp = () => document.visibilityState !== "hidden" && (this.hurry(), this.seen(this.seenSeq));
    this.lost = () => this.hangUp();
  }

  open() {
    if (this.wanted) return;
    this.wanted = true;
    addEventListener("online", this.wakeUp);
    addEventListener("offline", this.lost);
    addEventListener("pageshow", this.wakeUp);
    document.addEventListener("visibilitychange", this.wakeUp);
    this.connect();
  }

  close() {
    this.wanted = false;
    removeEventListener("online", this.wakeUp);
    removeEventListener("offline", this.lost);
    removeEventListener("pageshow", this.wakeUp);
    document.removeEventListener("visibilitychange", this.wakeUp);
    clearTimeout(this.again);
    clearInterval(this.pinging);
    for (const id of [...this.timers.keys()]) this.settle(id);
    this.hangUp();
  }

  /** Connect now instead of after the pause; when connected, find out whether that is still true. */
  hurry() {
    if (!this.wanted) return;
    if (this.ready) this.ping();
    else if (!this.socket && !this.starting) this.connect();
  }

  async connect() {
    clearTimeout(this.again);
    let token;
    try {
      this.starting = true;
      token = await this.token();
    } catch {
      return this.pause();
    } finally {
      this.starting = false;
    }
    if (!this.wanted || this.socket) return;
    const socket = new WebSocket(new URL("chat/ws", this.server).href.replace(/^http/, "ws"));
    this.socket = socket;
    const tooLong = setTimeout(() => socket.close(), ACK_WITHIN);
    socket.onopen = () => {
      clearTimeout(tooLong);
      socket.send(JSON.stringify({ type: "hello", token, last_seq: this.lastSeq }));
      this.ready = true;
      this.heard = Date.now();
      clearInterval(this.pinging);
      this.pinging = setInterval(() => this.ping(), PING_EVERY);
      this.ping();
      for (const entry of this.store.unsent()) if (!entry.failed) this.transmit(entry.frame);
      this.seen(this.seenSeq);
      this.on.line(true);
    };
    socket.onmessage = (event) => {
      this.heard = Date.now();
      const frame = JSON.parse(event.data);
      if (frame.type !== "reset" && frame.type !== "error") this.tries = 0;
      this.take(frame, token);
    };
    socket.onclose = () => {
      clearTimeout(tooLong);
      if (this.socket !== socket) return;
      this.drop();
    };
  }

  /** Leave the socket at once; a dead line may take minutes to close by itself. */
  hangUp() {
    const old = this.socket;
    if (!old) return;
    this.drop();
    old.close();
  }

  drop() {
    this.socket = null;
    this.toldSeq = 0; // whether it came through is not known
    this.ready = false;
    clearInterval(this.pinging);
    if (this.wanted) {
      this.on.line(false);
      this.pause();
    }
  }

  pause() {
    if (!this.wanted) return;
    if (this.tries > 0) this.on.line(false);
    const longest = Math.min(LONGEST_PAUSE, 500 * 2 ** this.tries++);
    clearTimeout(this.again);
    this.again = setTimeout(() => this.connect(), longest * (0.5 + Math.random() / 2));
  }

  /** The token of this browser; the first tab that needs one asks for it, the others wait. */
  async token() {
    const get = async () => {
      const known = this.store.get("token");
      if (known) return known;
      const response = await fetch(new URL("chat/start", this.server), {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(this.start()),
      });
      if (!response.ok) throw new Error(`start: ${response.status}`);
      const { token } = await response.json();
      this.store.set("token", token);
      return token;
    };
    return navigator.locks ? navigator.locks.request(this.store.prefix, get) : get();
  }

  take(frame, token) {
    switch (frame.type) {
      case "message":
        if (frame.seq <= this.lastSeq) return;
        this.lastSeq = frame.seq;
        return this.on.message(frame.seq, frame.message);
      case "ack":
        this.settle(frame.id);
        this.store.drop(frame.id);
        return this.on.sent(frame.id);
      case "error":
        return frame.id && this.fail(frame.id, frame.code);
      case "typing":
        return this.on.typing(frame.on);
      case "reset":
        if (this.store.get("token") === token) this.store.remove("token");
        this.startOver();
    }
  }

  /** Forget what was read and join the conversation that the store names now, or a new one. */
  startOver() {
    const old = this.socket;
    this.socket = null;
    this.ready = false;
    this.lastSeq = this.seenSeq = this.toldSeq = 0;
    old?.close();
    this.on.cleared();
    this.pause();
  }

  /** The thread stands open up to this message; the shop hears of it once somebody can be looking at it. */
  seen(seq) {
    this.seenSeq = seq;
    clearTimeout(this.telling);
    this.telling = setTimeout(() => {
      if (!this.ready || document.visibilityState === "hidden" || this.seenSeq <= this.toldSeq) return;
      this.toldSeq = this.seenSeq;
      this.socket.send(JSON.stringify({ type: "seen", seq: this.toldSeq }));
    }, SEEN_AFTER);
  }

  /** Send and keep until acknowledged. `shown` is what the thread shows meanwhile. */
  send(frame, shown) {
    const entry = { frame: { id: newId(), ...frame }, shown, at: Date.now() };
    this.store.keep(entry);
    this.transmit(entry.frame);
    return entry;
  }

  retry(entry) {
    this.store.keep({ ...entry, failed: undefined });
    this.transmit(entry.frame);
    this.hurry();
  }

  transmit(frame) {
    this.settle(frame.id);
    if (!this.ready) return;
    this.socket.send(JSON.stringify(frame));
    this.timers.set(frame.id, setTimeout(() => this.unanswered(frame.id), ACK_WITHIN));
  }

  unanswered(id) {
    this.on.failed(id, "no_answer");
    this.hangUp();
  }

  fail(id, code) {
    this.settle(id);
    const entry = this.store.unsent().find((entry) => entry.frame.id === id);
    if (entry && HOPELESS.includes(code)) this.store.drop(id);
    else if (entry) this.store.keep({ ...entry, failed: code });
    this.on.failed(id, code);
  }

  settle(id) {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
  }

  ping() {
    if (!this.ready) return;
    const asked = Date.now();
    const socket = this.socket;
    socket.send('{"type":"ping"}');
    setTimeout(() => {
      if (this.socket === socket && this.heard < asked) this.hangUp();
    }, ACK_WITHIN);
  }
}
