"""Which messengers, providers and carriers this shop has: those that are set up, each imported only then."""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from app.alarms import Owner
from app.settings import Facebook, Instagram, Settings
from base.clock import Clock
from base.db import Database
from base.errors import ShopkeeperError
from bot.channel import Channel
from bot.texts import Texts
from integrations.delivery import adapter as carrier
from integrations.messenger import adapter as messenger
from integrations.meta.build import opens_from_a_button
from integrations.meta.personas import Faces
from integrations.meta.seen_tokens import SeenTokens
from integrations.nlu.chat_model import ChatModel
from integrations.nlu.rasa import Rasa
from integrations.nlu.server import Count, nobody_counts
from integrations.payments import adapter as provider
from shop.carrier_port import Carrier
from shop.payment_port import PaymentProvider
from shop.shopfile import ShopFile

SANDBOX = "sandbox"

log = logging.getLogger(__name__)


def make_channels(
    settings: Settings,
    db: Database,
    clock: Clock,
    called: Callable[[str], str] | None = None,
    *,
    languages: Sequence[str] = (),
) -> dict[str, Channel]:
    """The web chat always, the others with a token. The terminal is added by the command that has one.

    `called`: how customers read a manager's name; without it, nobody is shown as a person of the Page. `languages`:
    of the shop.
    """
    channels: dict[str, Channel] = {"webchat": messenger("webchat")(db, settings.base_url, clock=clock)}
    if settings.telegram.token.get_secret_value():
        channels |= {name: make_telegram(settings, name) for name in ("telegram", "telegram_business")}
    faces = faces_of_managers(settings, db, called) if called else None
    return channels | make_meta(settings, faces, SeenTokens(db, clock), languages)


def make_telegram(settings: Settings, name: str = "telegram") -> Channel:
    """The bot, whose token is set; `telegram_business`: in the accounts that people lend to it."""
    token = settings.telegram.token.get_secret_value()
    made: Channel = messenger(name)(
        token,
        settings.telegram.api_base,
        settings.telegram.webhook_secret.get_secret_value(),
        token.partition(":")[0],  # the bot's own id: stays when the token is changed
        pictures(settings),
        settings.telegram.provider_token.get_secret_value(),
        settings.telegram.per_second,
        settings.public_url,
    )
    return made


def faces_of_managers(settings: Settings, db: Database, called: Callable[[str], str]) -> Faces | None:
    """The owner's picture `manager.jpg` or `manager.png`, else ours; none where Meta cannot fetch a picture from us."""
    own = next((name for name in ("manager.jpg", "manager.png") if (pictures(settings) / name).is_file()), "")
    picture = f"{settings.public_url}/pictures/{own}" if own else f"{settings.public_url}/desk/static/manager.png"
    return Faces(db, picture, called) if opens_from_a_button(picture) else None


def make_meta(
    settings: Settings, faces: Faces | None = None, seen: SeenTokens | None = None, languages: Sequence[str] = ()
) -> dict[str, Channel]:
    """Messenger and Instagram, each where it has an account and a token."""
    channels: dict[str, Channel] = {}
    page, insta, web = settings.facebook, settings.instagram, settings.public_url
    if _whole("Facebook", PAGE_ID=page.page_id, PAGE_TOKEN=page.page_token.get_secret_value()):
        made = messenger("facebook")
        if page.offers:
            from integrations.messenger.facebook import FacebookWithOffers as made
        channels["facebook"] = made(
            page.page_id,
            page.page_token.get_secret_value(),
            *_secrets(page),
            page.api_base,
            web,
            page.app_id,
            page.per_second,
            faces,
            template=page.news_template,
            languages=languages,
        )
    if _whole("Instagram", ACCOUNT_ID=insta.account_id, TOKEN=insta.token.get_secret_value()):
        channels["instagram"] = messenger("instagram")(
            insta.account_id,
            insta.token.get_secret_value(),
            *_secrets(insta),
            insta.api_base,
            web,
            insta.app_id,
            insta.per_second,
            seen=seen,
        )
    return channels


def _whole(party: str, **needed: str) -> bool:
    """Whether all of `needed` is set. Raises ShopkeeperError when only a part of it is."""
    missing = [f"SHOPKEEPER_{party.upper()}__{name}" for name, value in needed.items() if not value]
    if missing and len(missing) < len(needed):
        raise ShopkeeperError(f"{party} is set up by half.", f"Set {', '.join(missing)} too.")
    return not missing


def _secrets(party: Facebook | Instagram) -> tuple[str, str]:
    """What proves a webhook of Meta, and what answers its first question."""
    return party.app_secret.get_secret_value(), party.verify_token.get_secret_value()


def owner(settings: Settings, channels: Mapping[str, Channel], texts: Texts, shop: ShopFile) -> Owner | None:
    """Who is told of alarms, where the owner wants that and the shop has a Telegram bot."""
    chat, telegram = settings.telegram.owner_chat, channels.get("telegram")
    return Owner(telegram, chat, texts, shop.language) if chat and telegram is not None else None


def make_providers(settings: Settings, db: Database, clock: Clock, secret_key: str) -> dict[str, PaymentProvider]:
    """Cash always, the others with their keys; the sandbox outside production: its webhooks come to our own door."""
    providers: dict[str, PaymentProvider] = {name: provider(name)(clock) for name in ("manual", "transfer")}
    stripe = settings.stripe
    if stripe.secret_key.get_secret_value():
        providers["stripe"] = provider("stripe")(
            clock,
            secret_key=stripe.secret_key.get_secret_value(),
            webhook_secret=stripe.webhook_secret.get_secret_value(),
            api_base=stripe.api_base,
            test_money=not settings.production,
        )
    paypal = settings.paypal
    if paypal.client_id or paypal.client_secret.get_secret_value():
        providers["paypal"] = provider("paypal")(
            clock,
            client_id=paypal.client_id,
            client_secret=paypal.client_secret.get_secret_value(),
            webhook_id=paypal.webhook_id,
            api_base=paypal.api_base,
            cert_hosts=paypal.cert_hosts.split(","),
            test_money=not settings.production,
        )
    webmoney = settings.webmoney
    if webmoney.purse:
        providers["webmoney"] = provider("webmoney")(
            clock,
            purse=webmoney.purse,
            secret_key=webmoney.secret_key.get_secret_value(),
            merchant_url=webmoney.merchant_url,
            test_money=not settings.production,
        )
    telegram = settings.telegram
    if telegram.token.get_secret_value():
        providers["stars"] = provider("stars")(
            clock, token=telegram.token.get_secret_value(), api_base=telegram.api_base
        )
    if telegram.token.get_secret_value() and telegram.provider_token.get_secret_value():
        providers["telegram"] = provider("telegram")(
            clock,
            token=telegram.token.get_secret_value(),
            provider_token=telegram.provider_token.get_secret_value(),
            api_base=telegram.api_base,
            test_money=not settings.production,
        )
    if not settings.production:
        providers[SANDBOX] = provider(SANDBOX)(
            db,
            clock,
            env=settings.env,
            public_url=settings.base_url,
            secret=hmac.new(secret_key.encode(), b"sandbox webhooks", hashlib.sha256).hexdigest(),
            webhook_url=f"{settings.local_url}/webhooks/{SANDBOX}",
        )
    return providers


def collecting(providers: Mapping[str, PaymentProvider], currency: str) -> frozenset[str]:
    """Those who can collect money for a shop that counts in `currency`."""
    return frozenset(
        name for name, one in providers.items() if not one.features.currencies or currency in one.features.currencies
    )


def make_carriers(settings: Settings, db: Database, clock: Clock) -> dict[str, Carrier]:
    """The sandbox outside production."""
    if settings.production:
        return {}
    day = timedelta(seconds=settings.parcel_day)
    made: Carrier = carrier(SANDBOX)(db, clock, env=settings.env, public_url=settings.base_url, day=day)
    return {SANDBOX: made}


def make_rasa(settings: Settings, intents: Collection[str], count: Count = nobody_counts) -> Rasa | None:
    """The server that ranks intents, where the owner wants one."""
    return Rasa(settings.nlu.rasa_url, intents, count=count) if settings.nlu.backend == "rasa" else None


def make_model(settings: Settings, count: Callable[[str], None] = lambda _: None) -> ChatModel | None:
    """The language model, where the owner wants one."""
    llm = settings.llm
    if not llm.api_base:
        return None
    return ChatModel(llm.api_base, llm.model, llm.key.get_secret_value(), patience=llm.patience, count=count)


class Closing(Protocol):
    async def close(self) -> None: ...


async def close_all(*adapters: Mapping[str, Closing]) -> None:
    """Give back the connections of all of them; one that fails does not keep the others open."""
    for by_name in adapters:
        for name, one in by_name.items():
            try:
                await one.close()
            except Exception as error:
                log.warning("%s did not close cleanly (%s)", name, type(error).__name__)


def polls(settings: Settings, name: str) -> bool:
    """Whether we fetch this channel's updates ourselves: Telegram without a webhook secret."""
    return not (name == "telegram" and settings.telegram.webhook_secret.get_secret_value())


def pictures(settings: Settings) -> Path:
    """The folder of the goods' pictures."""
    return settings.shop_folder / "pictures"


def refuse_sandbox(settings: Settings, shop: ShopFile) -> None:
    """Raise ShopkeeperError when a shop in production would take play money or send play parcels."""
    if not settings.production:
        return
    wrong = [f"payments.{code}" for code, way in shop.payments.items() if way.provider == SANDBOX]
    wrong += [f"deliveries.{code}" for code, way in shop.deliveries.items() if way.carrier == SANDBOX]
    if wrong:
        raise ShopkeeperError(
            f"{settings.shop_folder / 'shop.yml'}: {', '.join(wrong)} use the sandbox, which is for demo and tests.",
            "Name a real provider or carrier, or take them out; SHOPKEEPER_ENV=production refuses to start.",
        )


def unknown_names(
    shop: ShopFile, providers: Mapping[str, PaymentProvider], carriers: Mapping[str, object]
) -> list[str]:
    """One line for each provider or carrier of shop.yml that nobody has set up."""
    lines = [
        f"payments.{code}: the provider {way.provider} is not set up (there is: {', '.join(sorted(providers))})."
        for code, way in shop.payments.items()
        if way.provider not in providers
    ]
    able = collecting(providers, shop.currency)
    lines += [
        f"payments.{code}: {way.provider} does not take {shop.currency}, so it is not offered."
        for code, way in shop.payments.items()
        if way.provider in providers and way.provider not in able
    ]
    return lines + [
        f"deliveries.{code}: the carrier {way.carrier} is not set up (there is: {', '.join(sorted(carriers))})."
        for code, way in shop.deliveries.items()
        if way.carrier not in carriers and not way.digital
    ]
