"""Those who carry parcels: one adapter each, imported only when it is set up."""

from __future__ import annotations

from importlib import import_module

from base.errors import ShopkeeperError

CARRIERS: dict[str, str] = {
    "sandbox": "integrations.delivery.sandbox:SandboxCarrier",
}


def adapter(name: str) -> type:
    """The class of the carrier `name`, imported now. Raises ShopkeeperError for a name that is not in CARRIERS."""
    place = CARRIERS.get(name)
    if place is None:
        raise ShopkeeperError(f"There is no carrier {name!r}.", f"Known: {', '.join(sorted(CARRIERS))}.")
    module, _, entry = place.partition(":")
    found = getattr(import_module(module), entry)
    if not isinstance(found, type):
        raise ShopkeeperError(f"{place} is no class.")
    return found
