// How a message of the Send API looks. Words become text nodes, never HTML; addresses must be http or https.
export const make = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
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

const outside = (url, ...children) => make("a", { href: webAddress(url), target: "_blank", rel: "noopener noreferrer" }, ...children);

const withLinks = (text) => {
  const pieces = [];
  let end = 0;
  for (const found of text.matchAll(ADDRESS)) {
    if (!webAddress(found[0])) continue;
    pieces.push(text.slice(end, found.index), outside(found[0], found[0]));
    end = found.index + found[0].length;
  }
  return [...pieces, text.slice(end)];
};

const picture = (url, alt = "") => {
  const src = webAddress(url, location.href);
  if (!src) return null;
  const image = make("img", { src, alt, decoding: "async" });
  image.addEventListener("error", () => image.remove());
  return image;
};

const bubble = (text, more = "") => make("p", { class: `bubble ${more}`, dir: "auto" }, ...withLinks(String(text ?? "")));

const buttons = (list, tap) =>
  (list || []).map((button) =>
    button.type === "web_url" && webAddress(button.url)
      ? outside(button.url, button.title)
      : make("button", { type: "button", dir: "auto", onclick: () => tap(button) }, button.title),
  );

const card = (element, tap) =>
  make(
    "li",
    { class: "card" },
    element.image_url ? picture(element.image_url) : null,
    make("h2", { dir: "auto" }, element.title),
    element.subtitle ? make("p", { dir: "auto" }, element.subtitle) : null,
    ...buttons(element.buttons, tap),
  );

const receipt = (bill) => {
  const money = (amount) => new Intl.NumberFormat(document.documentElement.lang || undefined, { style: "currency", currency: bill.currency }).format(amount);
  const line = (name, amount, more) => make("div", { class: more }, make("dt", { dir: "auto" }, name), make("dd", {}, money(amount)));
  return make(
    "section",
    { class: "receipt template", "aria-label": "Receipt" },
    make("h2", {}, bill.order_number),
    make(
      "dl",
      {},
      ...(bill.elements || []).map((element) => line(element.title, element.price)),
      ...(bill.adjustments || []).map((taken) => line(taken.name, -taken.amount)),
      line("Total", bill.summary.total_cost, "total"),
    ),
    make("p", { dir: "auto" }, `${bill.recipient_name}, ${bill.payment_method}`),
  );
};

/** What a message answers, above it. */
export const drawQuote = (quote) => make("p", { class: "quote", dir: "auto" }, quote.picture ? picture(quote.picture) : null, quote.text);

/** What stands in the thread for one message; `tap` takes a button of it. */
export const draw = (message, tap) => {
  const { type, payload = {} } = message.attachment || {};
  if (type === "image") return [make("p", { class: "image" }, picture(payload.url, "Picture"))];
  if (type === "template" && payload.template_type === "generic")
    return [make("ul", { class: "cards template", tabindex: "0", "aria-label": "Cards" }, ...(payload.elements || []).map((element) => card(element, tap)))];
  if (type === "template" && payload.template_type === "receipt") return [receipt(payload)];
  if (type === "template") return [make("div", { class: "with-buttons template" }, bubble(payload.text), ...buttons(payload.buttons, tap))];
  return [bubble(message.text)];
};

/** The row of quick replies; those that share a phone or an e-mail show only what is in a profile, and this one has none. */
export const quickReplies = (message, tap) =>
  (message.quick_replies || [])
    .filter((reply) => reply.content_type === "text")
    .map((reply) => make("button", { type: "button", dir: "auto", onclick: () => tap(reply) }, reply.title));
