"""Those who collect money: one adapter each, imported only when it is set up."""

from __future__ import annotations

from importlib import import_module

from base.errors import ShopkeeperError

PROVIDERS: dict[str, str] = {
    "sandbox": "integrations.payments.sandbox:SandboxPayments",
    "manual": "integrations.payments.manual:ManualPayments",
    "transfer": "integrations.payments.manual:BankTransfers",
    "stripe": "integrations.payments.stripe.adapter:StripePayments",
    "paypal": "integrations.payments.paypal.adapter:PayPalPayments",
    "stars": "integrations.payments.telegram.stars:TelegramStars",
    "telegram": "integrations.payments.telegram.goods:TelegramPayments",
    "webmoney": "integrations.payments.webmoney:WebMoneyPayments",
}


def adapter(name: str) -> type:
    """The class of the provider `name`, imported now. Raises ShopkeeperError for a name that is not in PROVIDERS."""
    place = PROVIDERS.get(name)
    if place is None:
        raise ShopkeeperError(f"There is no payment provider {name!r}.", f"Known: {', '.join(sorted(PROVIDERS))}.")
    module, _, entry = place.partition(":")
    found = getattr(import_module(module), entry)
    if not isinstance(found, type):
        raise ShopkeeperError(f"{place} is no class.")
    return found
