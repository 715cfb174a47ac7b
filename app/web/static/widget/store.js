// What outlives a reload and is shared by the tabs of one browser. Works from memory where storage is forbidden.
class Store {
  constructor(server) {
    this.prefix = `shop-chat:${server}:`;
    this.memory = new Map();
  }

  get(name) {
    try {
      return localStorage.getItem(this.prefix + name) ?? this.memory.get(name) ?? null;
    } catch {
      return this.memory.get(name) ?? null;
    }
  }

  set(name, value) {
    this.memory.set(name, value);
    try {
      localStorage.setItem(this.prefix + name, value);
    } catch {} // forbidden or full: the memory has it
  }

  remove(name) {
    this.memory.delete(name);
    try {
      localStorage.removeItem(this.prefix + name);
    } catch {} // forbidden: the memory had it
  }

  names() {
    const names = new Set(this.memory.keys());
    try {
      for (const key of Object.keys(localStorage)) if (key.startsWith(this.prefix)) names.add(key.slice(this.prefix.length));
    } catch {} // forbidden: the memory has all there is
    return names;
  }

  // Each unsent frame has an entry of its own, so that two tabs never overwrite each other's.
  keep(entry) {
    this.set(`out:${entry.frame.id}`, JSON.stringify(entry));
  }

  drop(id) {
    this.remove(`out:${id}`);
  }

  /** Unsent entries `{frame, shown, at, failed}`, oldest first. */
  unsent() {
    const entries = [];
    for (const name of this.names()) {
      if (!name.startsWith("out:")) continue;
      try {
        const entry = JSON.parse(this.get(name));
        if (entry?.frame?.id) entries.push(entry);
      } catch {
        this.remove(name);
      }
    }
    return entries.sort((a, b) => a.at - b.at);
  }

  /** Call `changed(name)` when another tab changes something. */
  watch(changed) {
    const listener = (event) => {
      if (event.key?.startsWith(this.prefix)) {
        const name = event.key.slice(this.prefix.length);
        if (event.newValue === null) this.memory.delete(name);
        changed(name);
      }
    };
    addEventListener("storage", listener);
    return () => removeEventListener("storage", listener);
  }
}
