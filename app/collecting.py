"""What a provider asks or tells: answered from the order, proved, judged by the core, committed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import psycopg
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.web.door import Caller, Headers
from base.db import Tx
from base.errors import TryLater
from bot.channel import Deliver, Raw
from bot.state import Sentence
from bot.world import tell_customer, writes_from
from shop.attempts import IN_CHAT
from shop.history import raise_task
from shop.payment_port import AsksFirst, PaymentProvider, PaymentQuestion
from shop.payments import take_in, why_not_collect

if TYPE_CHECKING:
    from app.main import House

log = logging.getLogger(__name__)


def caller(house: House, provider: PaymentProvider) -> Caller:
    """What happens to the webhooks of a provider that has a door of its own."""

    async def take(headers: Headers, body: bytes) -> str | None:
        reply = await _answered(house, provider, body)
        if reply is None:
            await provider.authenticate(headers, body, house.clock.now())
            await _told(house, provider, headers, body)
        return reply

    return take


def receiver(house: House) -> Deliver:
    """What messengers bring, proved already. Where one collects money itself, its provider hears each update first."""
    collectors = [provider for provider in house.providers.values() if provider.features.in_chat]

    async def receive(raw: Raw) -> None:
        for provider in collectors:
            if IN_CHAT[provider.code] == raw.channel:
                await _heard(house, provider, raw)
        await house.turns.receive(raw)

    return receive


async def _heard(house: House, provider: PaymentProvider, raw: Raw) -> None:
    """Raises what will pass, so that the update comes again; all else becomes a task and holds nobody up."""
    try:
        if await _answered(house, provider, raw.body) is None:
            await _told(house, provider, {}, raw.body)
    except (TryLater, PoolTimeout, OSError, TimeoutError):
        raise
    except Exception as error:
        if isinstance(getattr(error, "orig", None) or error, psycopg.OperationalError | psycopg.InterfaceError):
            raise
        log.exception("%s: what update %s says about money failed", provider.code, raw.event_key)
        words = f"update {raw.event_key} of {provider.code} speaks of money and could not be taken in"
        key = f"update-{provider.code}-{raw.event_key}"
        async with house.db.begin() as tx:
            await raise_task(tx, "unknown_payment", words, key=key, now=house.clock.now())


async def _answered(house: House, provider: PaymentProvider, body: bytes) -> str | None:
    """The reply to a provider that asks whether it may collect; None when `body` is no such question."""
    if not isinstance(provider, AsksFirst):
        return None
    messenger = IN_CHAT.get(provider.code, "")

    async def belongs(tx: Tx, customer: str, payer: str) -> bool:
        return await writes_from(tx, customer, messenger, payer)

    async def may_collect(question: PaymentQuestion) -> str:
        async with house.db.begin() as tx:
            refusal = await why_not_collect(tx, question, belongs, house.clock.now())
        if refusal is None:
            return ""
        locale = house.texts.locale_for(refusal.locale or house.shop.language)
        return house.texts.say(Sentence(key=f"payment.refused.{refusal.reason}"), locale)

    return await provider.answer(body, may_collect)


async def _told(house: House, provider: PaymentProvider, headers: Headers, body: bytes) -> None:
    now = house.clock.now()
    for report in provider.read_webhook(headers, body, now):
        await take_in(house.db, report, house.shop, tell_customer, now, house.providers)
