"""Requests to be forgotten that come through a messenger: taken in, worked off, and told about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Protocol, runtime_checkable

import structlog

from base.clock import Clock
from base.db import Database, Row, Tx
from base.errors import ShopkeeperError
from base.ids import new_token
from bot.channel import Channel
from bot.erasure import erase, forget_writer
from bot.messages import Address
from integrations.messenger.webchat import forget
from shop.history import raise_task

log = structlog.get_logger("privacy")
AGAIN = 3600  # seconds; orders that are under way end some day, and a platform that is away comes back
DUE = """SELECT * FROM erasure_request WHERE status IN ('received', 'waiting') AND due_at <= now()
         ORDER BY asked_at LIMIT 1 FOR UPDATE SKIP LOCKED"""


@runtime_checkable
class TellsWhoAsks(Protocol):
    """A channel whose platform sends requests to be forgotten, under a name of the person that is not his peer."""

    def read_deletion(self, signed: str) -> str:
        """The platform's name of the person. Raises BadSignature."""
        ...

    async def peers_of(self, person: str) -> tuple[str, ...]:
        """Under which peers we know him. Raises ShopkeeperError where the platform does not tell."""
        ...


async def ask(tx: Tx, channel: str, account: str, person: str, now: datetime) -> str:
    """Take in a request; returns its code. Asking again while it is open gives the same code."""
    code = new_token()
    row = await tx.row(
        """INSERT INTO erasure_request (code, channel, account, person, status, asked_at, due_at)
           VALUES (%s, %s, %s, %s, 'received', %s, now())
           ON CONFLICT (channel, account, person) WHERE person <> '' DO UPDATE SET person = excluded.person
           RETURNING code""",
        code, channel, account, person, now,
    )  # fmt: skip
    assert row is not None
    return str(row["code"])


async def work_off(db: Database, channels: Mapping[str, Channel], clock: Clock) -> int:
    """Erase who has asked; returns how many requests were looked at."""
    looked = 0
    while True:
        async with db.begin() as tx:
            request = await tx.row(DUE)
            if request is None:
                return looked
            await tx.execute(
                "UPDATE erasure_request SET due_at = now() + make_interval(secs => %s) WHERE code = %s",
                AGAIN, request["code"],
            )  # fmt: skip
        looked += 1
        peers = await _peers(request, channels.get(request["channel"]))
        await db.run(partial(_erase, request=request, peers=peers, now=clock.now()))


async def erase_one(tx: Tx, customer: str, now: datetime) -> bool:
    """Erase a customer, with what channels keep of him; False while an order under way needs something of it."""
    erased = await erase(tx, customer, now)
    for address in erased.addresses if erased.whole else ():
        if address.channel == "webchat":
            await forget(tx, address.peer)
    return erased.whole


async def close_request(tx: Tx, code: str, now: datetime) -> None:
    """A person has done by hand what a request asked for. Raises ShopkeeperError for a code that is not open."""
    closed = await tx.execute(
        "UPDATE erasure_request SET status = 'done', person = '', done_at = %s WHERE code = %s AND status <> 'done'",
        now, code,
    )  # fmt: skip
    if not closed:
        raise ShopkeeperError(f"There is no open request {code}.", "Its code stands in the task at the desk.")


async def _peers(request: Row, channel: Channel | None) -> tuple[str, ...] | None:
    """None where the platform does not tell who it is."""
    if not isinstance(channel, TellsWhoAsks):
        return None
    try:
        return await channel.peers_of(request["person"])
    except ShopkeeperError as trouble:
        log.info("privacy.person_not_told", channel=request["channel"], reason=trouble.what)
        return None


async def _erase(tx: Tx, *, request: Row, peers: tuple[str, ...] | None, now: datetime) -> None:
    """Everybody whom the request may mean; by a person where nobody can tell whom."""
    named = [*(peers or ()), request["person"]]
    known = await tx.rows(
        "SELECT DISTINCT customer_id FROM conversation WHERE channel = %s AND account = %s AND peer = ANY(%s)",
        request["channel"], request["account"], named,
    )  # fmt: skip
    places = [Address(channel=request["channel"], account=request["account"], peer=peer) for peer in named if peer]
    wrote = [await forget_writer(tx, place) for place in places]
    if not peers and not known and not any(wrote):  # no name is no word that we know nothing of him
        await tx.execute("UPDATE erasure_request SET status = 'by_hand' WHERE code = %s", request["code"])
        text = (
            f"{request['channel']}: somebody asks to be forgotten, and the platform does not tell who. Request"
            f" {request['code']}. Once it is done: shopkeeper privacy erase CUSTOMER --request {request['code']}"
        )
        await raise_task(tx, "privacy", text, key=f"erasure-{request['code']}", now=now)
        return
    whole = [await erase_one(tx, row["customer_id"], now) for row in known]
    if all(whole):
        await close_request(tx, request["code"], now)
    else:
        await tx.execute("UPDATE erasure_request SET status = 'waiting' WHERE code = %s", request["code"])
