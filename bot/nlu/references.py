"""Resolves "the second one", "it", "in black" against what the talk is about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.acts import Wish
from bot.nlu.text import fold
from bot.understanding import Context, Lexicon, Shown

_NOUN = {"en": -1, "ru": 0, "uk": 0, "es": 0}  # where a name has its noun: "Wave headphones", "Наушники Wave"
_PLURAL = {
    "en": re.compile(r"[^s]s$"),
    "ru": re.compile(r"[иы]$"),
    "uk": re.compile(r"[иі]$"),
    "es": re.compile(r"s$"),
}


class Catalogue:
    """Which variant belongs to which product: a view on the lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.products = {product.id: product for product in lexicon.products}
        self.product_of = {v.sku: p.id for p in lexicon.products for v in p.variants}
        self.attributes_of = {v.sku: v.attributes for p in lexicon.products for v in p.variants}

    def wish(self, *, product: str | None = None, sku: str | None = None, quantity: int | None = None) -> Wish:
        """A wish for a known variant, or for any variant of a known product."""
        if sku is not None:
            return Wish(product=self.product_of.get(sku), candidates=(sku,), quantity=quantity, exact=True)
        known = self.products.get(product or "")
        candidates = tuple(v.sku for v in known.variants) if known else ()
        return Wish(product=product, candidates=candidates, quantity=quantity, exact=len(candidates) == 1)

    def narrowed(self, wish: Wish, attributes: dict[str, str]) -> Wish:
        """The wish with a colour or a size changed or added: "I meant L" keeps the colour of the one meant before."""
        if not attributes:
            return wish
        pool = self.products[wish.product].variants if wish.product in self.products else ()
        skus = [v.sku for v in pool] or list(wish.candidates)
        kept = dict(self.attributes_of.get(wish.candidates[0], {})) if len(wish.candidates) == 1 else self._common(wish)
        wanted = {**kept, **attributes}
        fit = [s for s in skus if all(self.attributes_of.get(s, {}).get(k) == v for k, v in wanted.items())]
        if not fit:
            fit = [s for s in skus if all(self.attributes_of.get(s, {}).get(k) == v for k, v in attributes.items())]
        return wish.model_copy(update={"candidates": tuple(fit), "exact": len(fit) == 1}) if fit else wish

    def comes_in(self, wish: Wish, attributes: dict[str, str]) -> bool:
        """Whether a variant of the wish's product has one of these attributes."""
        pool = self.products[wish.product].variants if wish.product in self.products else ()
        return not pool or any(v.attributes.get(k) == value for v in pool for k, value in attributes.items())

    def comes_in_pairs(self, product: str | None) -> bool:
        """Whether its name is a plural: "a pair of headphones" is one piece of them."""
        known = self.products.get(product or "")
        named = [(locale, names[0].split()) for locale, names in known.names.items() if names] if known else []
        return any(_PLURAL[locale].search(fold(row[_NOUN[locale]])) for locale, row in named if row and locale in _NOUN)

    def _common(self, wish: Wish) -> dict[str, str]:
        each = [self.attributes_of.get(sku, {}) for sku in wish.candidates]
        if not each:
            return {}
        return {k: v for k, v in each[0].items() if all(other.get(k) == v for other in each)}


def by_place(ordinals: Sequence[int], context: Context, catalogue: Catalogue) -> tuple[Wish, ...]:
    """The entries of the last shown list at these places (1-based, -1 the last); unknown places are left out."""
    found: list[Wish] = []
    for place in ordinals:
        at = place - 1 if place > 0 else len(context.shown) - 1
        if 0 <= at < len(context.shown):
            found.append(_shown(context.shown[at], catalogue))
    return tuple(found)


def by_attributes(attributes: dict[str, str], context: Context, catalogue: Catalogue) -> Wish | None:
    """ "the black one": among what was shown, else of the product that is spoken of."""
    shown = [e for e in context.shown if e.sku and _fits(catalogue.attributes_of.get(e.sku, {}), attributes)]
    about = context.product or (catalogue.product_of.get(context.sku) if context.sku else None)
    if shown and (about is None or any(catalogue.product_of.get(e.sku or "") == about for e in shown)):
        skus = tuple(e.sku for e in shown if e.sku)
        owner = {catalogue.product_of.get(sku) for sku in skus}
        return Wish(product=owner.pop() if len(owner) == 1 else None, candidates=skus, exact=len(skus) == 1)
    focus = in_focus(context, catalogue)
    if focus is not None:
        return catalogue.narrowed(focus, attributes)
    return of_listed(attributes, context, catalogue)


def of_listed(attributes: dict[str, str], context: Context, catalogue: Catalogue) -> Wish | None:
    """ "L, green" with mugs and tees listed: the tee, where only one of them comes in that."""
    found = []
    for product in dict.fromkeys(entry.product for entry in context.shown if entry.product):
        known = catalogue.products.get(product)
        fit = [v.sku for v in known.variants if _fits(v.attributes, attributes)] if known else []
        if fit:
            found.append(Wish(product=product, candidates=tuple(fit), exact=len(fit) == 1))
    return found[0] if len(found) == 1 else None


def that_has(key: str, context: Context, catalogue: Catalogue) -> Wish | None:
    """ "Which sizes?" with a mug and a tee listed: the tee, where it is the only one that comes in several."""
    listed = dict.fromkeys(entry.product for entry in context.shown if entry.product in catalogue.products)
    found = [each for each in listed if each and any(key in v.attributes for v in catalogue.products[each].variants)]
    return catalogue.wish(product=found[0]) if len(found) == 1 else None


def in_focus(context: Context, catalogue: Catalogue) -> Wish | None:
    """What "it" is: the variant or product named last."""
    if context.sku is not None:
        return catalogue.wish(sku=context.sku)
    return catalogue.wish(product=context.product) if context.product is not None else None


def last_line(context: Context, catalogue: Catalogue) -> Wish | None:
    """The cart line that was changed last, or the youngest one."""
    sku = context.last_line or (context.cart[-1][0] if context.cart else None)
    return catalogue.wish(sku=sku) if sku else None


def _shown(entry: Shown, catalogue: Catalogue) -> Wish:
    return catalogue.wish(product=entry.product, sku=entry.sku, quantity=entry.quantity)


def _fits(own: dict[str, str], wanted: dict[str, str]) -> bool:
    return all(own.get(key) == value for key, value in wanted.items())
