// How each part of a message looks. Words become text nodes, never HTML; addresses must be http or https.
const make = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
};

const ICONS = {
  chat: "M12 3.5c-5 0-9 3.4-9 7.6 0 2.3 1.2 4.3 3.1 5.7-.1 1.2-.6 2.3-1.4 3.2 1.8-.1 3.4-.7 4.7-1.7.8.2 1.7.3 2.6.3 5 0 9-3.4 9-7.5s-4-7.6-9-7.6Z",
  close: "M6 6l12 12M18 6L6 18",
  down: "M5 9l7 7 7-7",
  send: "M12 19V5M5.5 11.5 12 5l6.5 6.5",
  person: "M12 12.2a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20c.6-3.6 3.6-5.6 7.5-5.6s6.9 2 7.5 5.6",
  next: "M9 5l7 7-7 7",
  place: "M12 21s7-6.2 7-11.5a7 7 0 1 0-14 0C5 14.8 12 21 12 21ZM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
  out: "M9 6h9v9M18 6 6 18",
};

const icon = (name) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
};

const webAddress = (url, base) => {
  try {
    const address = new URL(url, base);
    return /^https?:$/.test(address.protocol) ? address.href : null;
  } catch {
    return null;
  }
};

const ADDRESS = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}'»”]/g;

/** Text with its web addresses made into links. */
const withLinks = (text) => {
  const pieces = [];
  let end = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const href = webAddress(found[0]);
    if (!href) continue;
    pieces.push(text.slice(end, found.index), make("a", { href, target: "_blank", rel: "noopener noreferrer" }, found[0]));
    end = found.index + found[0].length;
  }
  return [...pieces, text.slice(end)];
};

const picture = (url, alt, base) => {
  const src = webAddress(url, base);
  if (!src) return alt ? make("span", { class: "no-picture" }, alt) : null;
  const image = make("img", { src, alt: alt || "", decoding: "async" });
  image.addEventListener("error", () => image.replaceWith(make("span", { class: "no-picture", "aria-hidden": !alt && "true" }, alt || "")));
  return image;
};

/** One drawing function for each kind of part. `chat` is the element: its texts, its server, and what it can send. */
const PARTS = {
  text: (part) => make("p", { class: "bubble", dir: "auto" }, ...withLinks(String(part.text ?? ""))),

  choices: (part, chat) =>
    make(
      "div",
      { class: "choices question" },
      ...(part.choices || []).map(({ title, payload }) =>
        make("button", { type: "button", class: "choice", dir: "auto", onclick: () => chat.tap(payload, title) }, title),
      ),
    ),

  cards: (part, chat) => {
    const cards = (part.cards || []).map((card) =>
      make(
        "li",
        { class: "card" },
        make("div", { class: "frame" }, (card.image && picture(card.image, "", chat.server)) || make("span", { class: "no-picture" })),
        make("h3", { dir: "auto" }, card.title),
        card.subtitle ? make("p", { class: "subtitle", dir: "auto" }, card.subtitle) : null,
        card.price ? make("p", { class: "price" }, make("bdi", {}, card.price)) : null,
        ...(card.buttons || []).map(({ title, payload }, place) =>
          make(
            "button",
            { type: "button", class: place ? "second" : "first", "aria-label": `${title}: ${card.title}`, onclick: () => chat.tap(payload, title) },
            title,
          ),
        ),
      ),
    );
    const shelf = make("ul", { class: "shelf", tabindex: "0", "aria-label": chat.texts.products }, ...cards);
    if (cards.length < 2) return shelf;
    const step = (side) => {
      const towards = getComputedStyle(shelf).direction === "rtl" ? -side : side;
      shelf.scrollBy({ left: towards * (cards[0].offsetWidth + 12), behavior: chat.calm() ? "auto" : "smooth" });
    };
    const back = make("button", { type: "button", class: "step back", "aria-label": chat.texts.earlier, onclick: () => step(-1) }, icon("next"));
    const on = make("button", { type: "button", class: "step on", "aria-label": chat.texts.further, onclick: () => step(1) }, icon("next"));
    const judge = () => {
      const gone = Math.abs(shelf.scrollLeft);
      back.hidden = gone < 8;
      on.hidden = gone + shelf.clientWidth > shelf.scrollWidth - 8;
    };
    shelf.addEventListener("scroll", judge, { passive: true });
    new ResizeObserver(judge).observe(shelf);
    return make("div", { class: "cards" }, shelf, back, on);
  },

  image: (part, chat) => {
    const href = webAddress(part.url, chat.server);
    const shown = picture(part.url, part.alt || chat.texts.picture, chat.server);
    return href ? make("a", { class: "image", href, target: "_blank", rel: "noopener noreferrer" }, shown) : make("p", { class: "bubble" }, shown);
  },

  link: (part, chat) => {
    const href = webAddress(part.url, chat.server);
    if (!href) return make("p", { class: "bubble", dir: "auto" }, part.title);
    const label = `${part.title} (${chat.texts.opens})`;
    return make("a", { class: "link", href, target: "_blank", rel: "noopener noreferrer", "aria-label": label, dir: "auto" }, part.title, icon("out"));
  },

  receipt: (part, chat) =>
    make(
      "table",
      { class: "receipt" },
      make("caption", {}, [chat.texts.order, part.number].filter(Boolean).join(" ")),
      make(
        "tbody",
        {},
        ...(part.lines || []).map((line) => make("tr", {}, make("th", { scope: "row", dir: "auto" }, line.title), make("td", {}, make("bdi", {}, line.amount)))),
      ),
      make("tfoot", {}, make("tr", {}, make("th", { scope: "row" }, chat.texts.total), make("td", {}, make("bdi", {}, part.total)))),
    ),

  ask: (part, chat) => {
    if (part.what === "location") {
      const share = make("button", { type: "button", class: "choice", onclick: () => chat.locate(share) }, icon("place"), part.title || chat.texts.location);
      return make("div", { class: "choices question", "data-what": "location" }, share);
    }
    const kind = part.what === "email" ? "email" : "tel";
    const label = part.title || (kind === "email" ? chat.texts.email : chat.texts.phone);
    const field = make("input", { type: kind, inputmode: kind, autocomplete: kind, "aria-label": label, placeholder: label, required: true, maxlength: "100", dir: "ltr" });
    const answer = (event) => {
      event.preventDefault();
      if (field.value.trim()) chat.say(field.value.trim());
    };
    return make(
      "form",
      { class: "ask question", "data-what": part.what, onsubmit: answer },
      field,
      make("button", { type: "submit", class: "send", "aria-label": chat.texts.send }, icon("send")),
    );
  },
};

/** All parts of a message; a kind from a newer server is left out. */
const draw = (parts, chat) =>
  (Array.isArray(parts) ? parts : []).map((part) => (Object.hasOwn(PARTS, part?.type) ? PARTS[part.type](part, chat) : null)).filter(Boolean);
