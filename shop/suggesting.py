"""Ready wishes within a budget: what the owner recommends first, then single products. Checked against today's rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from base.money import Money
from shop.catalogue import Catalogue, Fresh, said_in, variant_view
from shop.commands import Suggestion
from shop.shopfile import ShopFile, Suggested
from shop.views import VariantView

EXTRA = "extra"  # tag of what goes with a present but is none: the gift box
GIFT = "gift"  # tag of what makes a present; what an owner's suggestion fits when nothing else is said
MOST = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known of the wish. `budget` is for everything together."""

    budget: Money | None
    fits: tuple[str, ...]  # sister, birthday…; empty: nothing was said
    skip: frozenset[str]  # SKUs that were shown already


class Suggesting:
    """Chooses among wishes; knows the stock and prices of now for all that it may offer."""

    def __init__(self, catalogue: Catalogue, shop: ShopFile, fresh: Mapping[str, Fresh], locale: str) -> None:
        self._catalogue = catalogue
        self._shop = shop
        self._fresh = fresh
        self._locale = locale

    def choose(self, wanted: Wanted) -> tuple[Suggestion, ...]:
        """Up to three wishes, no product in two of them (but for extras such as the gift box)."""
        chosen: list[Suggestion] = []
        taken: set[str] = set()
        for suggestion in (*self._from_the_owner(wanted), *self._single_products(wanted)):
            if len(chosen) == MOST:
                break
            products = {view.product for view, _ in suggestion.lines if not self._is_extra(view.product)}
            if products and products.isdisjoint(taken):
                chosen.append(suggestion)
                taken |= products
        return tuple(chosen)

    def _from_the_owner(self, wanted: Wanted) -> Iterator[Suggestion]:
        def fitting(one: Suggested) -> int:
            return -sum((len(wanted.fits) - place) * (word in one.fits) for place, word in enumerate(wanted.fits))

        for one in sorted(self._shop.suggestions, key=fitting):  # stable: the owner's order among equals
            lines = tuple((self._view(sku), quantity) for sku, quantity in one.lines.items())
            suggestion = self._suggestion(lines, one.reason.said_in(self._locale), wanted)
            if suggestion is not None:
                yield suggestion

    def _single_products(self, wanted: Wanted) -> Iterator[Suggestion]:
        """One piece of each product: presents first, then what uses the budget best."""
        for product in sorted(self._catalogue.products, key=lambda product: GIFT not in product.tags):
            if EXTRA in product.tags:
                continue
            for variant in product.variants:
                reason = said_in(product.descriptions, self._locale)
                suggestion = self._suggestion(((self._view(variant.sku), 1),), reason, wanted)
                if suggestion is not None:
                    yield suggestion
                    break

    def _suggestion(
        self, lines: Sequence[tuple[VariantView | None, int]], reason: str, wanted: Wanted
    ) -> Suggestion | None:
        """None when something is not on sale, too few are free, it costs too much, or it was shown already."""
        there = tuple((view, quantity) for view, quantity in lines if view is not None)
        if len(there) < len(lines) or any(view.free < quantity for view, quantity in there):
            return None
        price = sum((view.price * quantity for view, quantity in there), Money.zero(self._shop.currency))
        if wanted.budget is not None and price > wanted.budget:
            return None
        if any(view.sku in wanted.skip for view, _ in there if not self._is_extra(view.product)):
            return None
        name = " + ".join(f"{quantity} × {view.name}" if quantity > 1 else view.name for view, quantity in there)
        image = next((view.image for view, _ in there if view.image), None)
        return Suggestion(lines=there, name=name, total=price, reason=reason, image=image)

    def _view(self, sku: str) -> VariantView | None:
        variant, fresh = self._catalogue.by_sku.get(sku), self._fresh.get(sku)
        if variant is None or fresh is None:
            return None
        return variant_view(self._shop, self._catalogue.by_id[variant.product], variant, fresh, self._locale)

    def _is_extra(self, product: str) -> bool:
        return EXTRA in self._catalogue.by_id[product].tags


def skus_of(shop: ShopFile, catalogue: Catalogue, products: Iterable[str]) -> list[str]:
    """All SKUs that a choice may need: those of the owner's suggestions and of these products."""
    own = [sku for one in shop.suggestions for sku in one.lines]
    return own + [variant.sku for id_ in products for variant in catalogue.by_id[id_].variants]
