"""The posts and the story of the demo's shop: its first goods that have a picture, as a seller shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.emulator.rules import Json, Kind
from shop.catalogue import Catalogue, CatalogueProduct, picture_address, said_in

POSTS = 2


@dataclass(frozen=True, slots=True)
class Post:
    """What the shop shows to everybody. `picture`: an address, or a path below that of the shop."""

    id: str
    kind: Literal["post", "story"]
    title: str
    caption: str
    picture: str
    address: str  # on the platform

    def told(self, kind: Kind) -> Json:
        """As the Graph API tells it: a Page's posts have other names for the same things."""
        if kind.object == "page":
            return {"id": self.id, "message": self.caption, "permalink_url": self.address}
        return {"id": self.id, "caption": self.caption, "permalink": self.address}


def posts_of(catalogue: Catalogue, kind: Kind, account: str, locale: str) -> tuple[Post, ...]:
    """A story first, where the platform has answers to them, and then posts."""
    shown = [(product, picture) for product in catalogue.products if (picture := _picture(product))]
    posts = [_post("post", *one, kind, account, number, locale) for number, one in enumerate(shown[:POSTS], 1)]
    story = [_post("story", *one, kind, account, 9, locale) for one in shown[POSTS : POSTS + 1] if kind.stories]
    return (*story, *posts)


def _post(
    what: Literal["post", "story"], product: CatalogueProduct, picture: str, kind: Kind, account: str, number: int,
    locale: str,
) -> Post:  # fmt: skip
    """The caption names the goods as the shop's own guide tells sellers to do it: by a mark before the SKU."""
    words = (said_in(product.descriptions, locale), f"#{product.id.replace('-', '')}")
    caption = f"{product.name(locale)}. {' '.join(filter(None, words))}"
    if kind.object == "page":
        address = f"https://www.facebook.com/{account}/posts/{number}"
        return Post(f"{account}_1220000000{number}", what, product.name(locale), caption, picture, address)
    place = f"p/play{number}" if what == "post" else f"stories/play/{number}"
    address = f"https://www.instagram.com/{place}/"
    return Post(f"1790000000000000{number}", what, product.name(locale), caption, picture, address)


def _picture(product: CatalogueProduct) -> str | None:
    found: Sequence[str | None] = (*(variant.picture for variant in product.variants), *product.pictures)
    return next((address for one in found if (address := picture_address(one))), None)
