"""The live wire of the desk: every visible change is told once, in order, and what was missed is told again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import ClientResponse

from base.db import Database
from bot import ownership
from desk import actions
from tests.integration.desk_shop import DeskBrowser, DeskShop


@pytest.fixture
async def shop(db: Database) -> AsyncIterator[DeskShop]:
    shop = DeskShop(db)
    await shop.start()
    yield shop
    await shop.close()


@pytest.fixture
async def anna(shop: DeskShop) -> AsyncIterator[DeskBrowser]:
    browser = await shop.signed_in("anna")
    yield browser
    await browser.close()


@dataclass
class Wire:
    """One open stream, read like an EventSource reads it."""

    answer: ClientResponse
    last_id: str = ""
    lines: list[str] = field(default_factory=list)

    async def next(self) -> str:
        """The id of the next conversation that changed."""
        while True:
            message = await self.message()
            fields = dict(line.split(": ", 1) for line in message if ": " in line and not line.startswith(":"))
            if "id" in fields:
                self.last_id = fields["id"]
            if fields.get("event") == "changed":
                return fields["data"]

    async def message(self) -> list[str]:
        lines: list[str] = []
        async with asyncio.timeout(5):
            while (line := (await self.answer.content.readline()).decode()) not in ("\n", ""):
                lines.append(line.rstrip("\n"))
        return lines

    async def silent(self) -> bool:
        try:
            async with asyncio.timeout(0.3):
                await self.next()
        except TimeoutError:
            return True
        return False


async def open_wire(shop: DeskShop, browser: DeskBrowser, *, after: str | None = None, last_id: str = "") -> Wire:
    assert shop.events is not None
    position = shop.events.position if after is None else after
    headers = {"Last-Event-ID": last_id} if last_id else {}
    answer = await browser.client.get(f"{shop.url}/desk/events?after={position}", headers=headers)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    wire = Wire(answer)
    assert await wire.message() == ["retry: 2000"]
    return wire


async def test_everything_a_manager_can_see_changing_is_told(shop: DeskShop, anna: DeskBrowser) -> None:
    wire = await open_wire(shop, anna)
    conversation = await shop.conversation()
    assert await wire.next() == conversation
    await shop.heard(conversation, "hello")
    assert await wire.next() == conversation
    await shop.said(conversation, "Hello!", status="queued")
    assert await wire.next() == conversation
    async with shop.db.begin() as tx:
        await tx.execute("UPDATE outbox SET status = 'sent'")
    assert await wire.next() == conversation
    for column in ("delivered_until", "read_until"):
        async with shop.db.begin() as tx:
            await tx.execute(f"UPDATE conversation SET {column} = now()")
        assert await wire.next() == conversation
    await shop.asks_for_person(conversation)
    assert await wire.next() == conversation
    async with shop.db.begin() as tx:
        await actions.take(tx, conversation, shop.anna, now=shop.clock.now())
    assert await wire.next() == conversation
    async with shop.db.begin() as tx:
        await actions.note(tx, conversation, shop.anna, "a note", now=shop.clock.now())
    assert await wire.next() == conversation
    assert await wire.silent()


async def test_work_that_nobody_sees_is_not_told(shop: DeskShop, anna: DeskBrowser) -> None:
    conversation = await shop.conversation()
    await shop.said(conversation, "Hello!", status="queued")
    wire = await open_wire(shop, anna)
    await wire.silent()
    async with shop.db.begin() as tx:
        await tx.execute("UPDATE outbox SET status = 'sending', token = 'x', lease_until = now(), attempts = 1")
        await tx.execute("UPDATE conversation SET turn_due_at = now(), lane_due_at = now(), state = '{\"serial\": 1}'")
    assert await wire.silent()


async def test_while_nobody_is_at_the_desk_turns_notify_nobody(shop: DeskShop, anna: DeskBrowser) -> None:
    async with shop.db.begin() as tx:
        await tx.execute("UPDATE sign_in SET seen_at = seen_at - interval '1 hour'")
    assert shop.events is not None
    before = shop.events.position
    conversation = await shop.conversation()
    await asyncio.sleep(0.2)
    assert shop.events.position == before
    wire = await open_wire(shop, anna)  # he is back, and with him the notifications
    await shop.heard(conversation, "hello")
    assert await wire.next() == conversation


async def both_take(shop: DeskShop, conversation: str) -> None:
    """In one transaction, which therefore fails."""
    async with shop.db.begin() as tx:
        await actions.take(tx, conversation, shop.anna, now=shop.clock.now())
        await actions.take(tx, conversation, shop.olga, now=shop.clock.now())


async def test_what_is_rolled_back_is_not_told(shop: DeskShop, anna: DeskBrowser) -> None:
    conversation = await shop.conversation()
    wire = await open_wire(shop, anna)
    await wire.silent()
    with pytest.raises(ownership.HeldByAnother):
        await both_take(shop, conversation)
    assert await wire.silent()


async def test_a_browser_that_comes_back_is_told_what_it_missed_and_nothing_else(
    shop: DeskShop, anna: DeskBrowser
) -> None:
    wire = await open_wire(shop, anna)
    seen = await shop.conversation()
    assert await wire.next() == seen
    wire.answer.close()
    missed = [await shop.conversation(), await shop.conversation()]
    assert shop.events is not None
    back = await open_wire(shop, anna, last_id=wire.last_id)
    assert [await back.next(), await back.next()] == missed
    assert await back.silent()


@pytest.mark.parametrize("position", ["another-7", "nonsense", "-", "x" * 300, "9" * 5000])
async def test_where_nobody_knows_what_was_missed_everything_is_read_anew(
    shop: DeskShop, anna: DeskBrowser, position: str
) -> None:
    wire = await open_wire(shop, anna, after=position)
    assert await wire.next() == "*"


async def test_more_changes_than_are_remembered_mean_everything(shop: DeskShop, anna: DeskBrowser) -> None:
    assert shop.events is not None
    before = shop.events.position
    for number in range(1001):
        shop.events.changed(f"c{number}")
    wire = await open_wire(shop, anna, after=before)
    assert await wire.next() == "*"


async def test_the_wire_mends_itself_and_then_everything_is_read_anew(shop: DeskShop, anna: DeskBrowser) -> None:
    wire = await open_wire(shop, anna)
    async with shop.db.begin() as tx:
        await tx.execute(
            """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND query LIKE 'LISTEN desk%%'"""
        )
    assert await wire.next() == "*"
    conversation = await shop.conversation()
    assert await wire.next() == conversation


async def test_silence_is_filled_with_heartbeats_until_the_manager_signs_out(shop: DeskShop, anna: DeskBrowser) -> None:
    assert shop.events is not None
    shop.events.heartbeat = 0.1
    wire = await open_wire(shop, anna)
    assert await wire.message() == [": still here"]
    await anna.get("/desk")
    await anna.post("/desk/sign-out")
    async with asyncio.timeout(5):
        await wire.answer.content.read()  # to its end
    assert len(shop.events) == 0


async def test_a_server_that_stops_does_not_wait_for_its_streams(db: Database) -> None:
    shop = DeskShop(db)
    await shop.start()
    anna = await shop.signed_in()
    wire = await open_wire(shop, anna)
    async with asyncio.timeout(5):
        await shop.close()
        await wire.answer.content.read()
    await anna.close()
