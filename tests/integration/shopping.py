"""A purchase in the web chat from hello to thanks, and the books that must be right after it, whatever happened."""

from __future__ import annotations

import asyncio
import time

from tests.integration.server_process import ask
from tests.integration.stubborn_client import StubbornClient

TWO_MUGS = "€24.00"
WITH_DELIVERY = "€27.50"


async def buy_two_mugs(client: StubbornClient, name: str) -> None:
    """Every step waits for its answer; a server that is away is waited for."""
    await client.say("two white mugs", TWO_MUGS, by=0)
    await client.say("checkout", "name", by=1)
    await client.say(name, "phone", by=2)
    await client.say("+370 600 00001", WITH_DELIVERY, by=3)
    await client.tap("Boxberry", "Ozo 25", by=4)
    await client.tap("Ozo 25", "place the order", by=5)
    await client.tap("Pay", "/pay/", by=6)
    before = len(client.messages)
    await pay(client)
    await client.until_said("is paid", before)
    await client.say("thanks", by=7)


async def pay(client: StubbornClient) -> None:
    """Our own link leads to the sandbox's page; there the customer approves."""
    link = client.links()[-1]
    page = await client.post(link)
    if page:
        await client.post(page, say="approve")


async def quiet(url: str, within: float = 20.0) -> None:
    """Wait until nothing is under way any more. Raises AssertionError with what is left."""
    until = time.monotonic() + within
    while left := under_way(url):
        assert time.monotonic() < until, left
        await asyncio.sleep(0.2)


UNDER_WAY = {
    "inbound": "SELECT id, status FROM inbound WHERE status NOT IN ('done', 'unknown', 'seen')",
    "events": "SELECT id, status FROM conversation_event WHERE status <> 'done' AND due_at IS NULL",
    "outbox": "SELECT id, status, error FROM outbox WHERE status <> 'sent'",
    "timers": "SELECT id FROM timer WHERE status = 'set' AND due_at < now() - interval '2 seconds'",
    "due": "SELECT id FROM conversation WHERE turn_due_at IS NOT NULL OR lane_due_at IS NOT NULL",
    "webhooks": "SELECT reference FROM sandbox_payment WHERE report_due",
    "jobs of the dead": """SELECT j.id, j.task_name FROM procrastinate_jobs j
        LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
        WHERE j.status = 'failed'
           OR j.status = 'doing' AND coalesce(w.last_heartbeat, '-infinity') < now() - interval '3 seconds'""",
}


def under_way(url: str) -> dict[str, object]:
    """What is not finished, by kind."""
    found = {kind: ask(url, query) for kind, query in UNDER_WAY.items()}
    return {kind: rows for kind, rows in found.items() if rows}


async def caught_up(url: str, client: StubbornClient, *, within: float = 15.0) -> None:
    """Wait until the client was shown as much as the log holds: what is pushed arrives a moment after it is written."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        rows = ask(url, "SELECT count(*) FROM web_message WHERE peer = %s", client.peer)
        if len(client.messages) >= rows[0][0]:
            return
        await asyncio.sleep(0.1)


def check_thread(url: str, client: StubbornClient) -> None:
    """The customer has seen the whole thread, each message once and in order, and every frame was taken once."""
    log = ask(url, "SELECT seq, key, message FROM web_message WHERE peer = %s ORDER BY seq", client.peer)
    keys = [str(key) for _, key, _ in log]
    assert [seq for seq, _, _ in log] == list(range(1, len(log) + 1)), "the numbers have a gap"
    assert [(seq, message) for seq, _, message in log] == client.messages, "the customer saw another thread"
    assert [key for key in keys if key.startswith("in:")] == [f"in:{id}" for id in client.sent]
    assert set(client.sent) == set(client.acks)
    inbound = ask(
        url,
        """SELECT i.event_key, i.status FROM inbound i JOIN conversation c ON c.id = i.conversation_id
           WHERE c.peer = %s ORDER BY i.ordering""",
        client.peer,
    )
    assert [str(key).partition(":")[2] for key, _ in inbound] == ["start", *client.sent]
    assert {status for _, status in inbound} <= {"done", "unknown"}
    outbox = ask(
        url,
        """SELECT o.key FROM outbox o JOIN conversation c ON c.id = o.conversation_id
           WHERE c.peer = %s ORDER BY o.id""",
        client.peer,
    )
    assert [key for key in keys if key.startswith("out:")] == [f"out:{key}" for (key,) in outbox]
    for id, seq in client.acks.items():
        assert any(later > seq and message["from"] == "bot" for later, message in client.messages), f"{id}: no answer"


def check_books(url: str, purchases: int, stock_before: int) -> None:
    """One order, one settled payment, one parcel and two mugs less for each purchase; nothing for people to look at."""
    assert ask(url, "SELECT count(*) FROM shop_order") == [(purchases,)]
    assert {status for (status,) in ask(url, "SELECT status FROM shop_order")} <= {"paid", "shipped", "delivered"}
    assert ask(url, "SELECT count(*), count(*) FILTER (WHERE state = 'settled' AND counts) FROM payment") == [
        (purchases, purchases)
    ]
    assert ask(url, "SELECT count(*) FROM refund") == [(0,)]
    assert ask(url, 'SELECT count(*), count(DISTINCT "order") FROM shipment') == [(purchases, purchases)]
    assert white_mugs(url) == (stock_before - 2 * purchases, 0)
    assert ask(url, "SELECT kind, text FROM task") == []


def white_mugs(url: str) -> tuple[int, int]:
    """(on hand, reserved)"""
    ((on_hand, reserved),) = ask(url, "SELECT on_hand, reserved FROM variant WHERE sku = 'MUG-white'")
    assert isinstance(on_hand, int)
    assert isinstance(reserved, int)
    return on_hand, reserved
