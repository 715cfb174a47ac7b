"""A desk with people, conversations and a server of its own, for the tests of the desk."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from aiohttp import ClientResponse, ClientSession, CookieJar, web
from aiohttp.test_utils import TestServer
from psycopg.types.json import Jsonb

from app.web.desk import add_desk_routes
from app.web.desk_events import DeskEvents
from base.clock import StandingClock
from base.db import Database, Tx
from base.ids import new_id
from bot import ownership
from bot.messages import Content, Fitted, Part, Text, TextPart
from bot.ownership import Duty, Manager
from bot.understanding import Clause, Mention, Parsed
from desk.people import hash_password
from integrations.messenger import adapter

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PASSWORD = "warm wool throws"


@dataclass
class DeskShop:
    """A database with two managers, a clock that is moved by hand, and a server on a free port."""

    db: Database
    public_url: str = ""
    clock: StandingClock = field(default_factory=lambda: StandingClock(NOON))
    kicked: list[str] = field(default_factory=list)
    typed: list[tuple[str, str]] = field(default_factory=list)
    anna: Manager = field(default=Manager("", ""))
    olga: Manager = field(default=Manager("", ""))
    events: DeskEvents | None = None
    server: TestServer | None = None

    async def hire(self) -> None:
        """Two managers, and no server."""
        self.anna, self.olga = Manager("a" * 32, "Anna"), Manager("b" * 32, "Olga")
        async with self.db.begin() as tx:
            for manager in (self.anna, self.olga):
                await tx.execute(
                    """INSERT INTO manager (id, name, login, password_hash, role, active, created_at)
                       VALUES (%s, %s, lower(%s), %s, 'manager', true, now())""",
                    manager.id, manager.name, manager.name, _known_hash(),
                )  # fmt: skip

    async def start(self) -> None:
        await self.hire()
        app = web.Application()
        self.events = add_desk_routes(
            app, db=self.db, clock=self.clock, secret_key="a secret of this test", public_url=self.public_url,
            kick=self.kicked.append, typing=lambda *who: self.typed.append(who),
            zone="Europe/Vilnius", shop_name="Lumo",
            limits={name: adapter(name).limits for name in ("webchat", "facebook", "telegram")},
        )  # fmt: skip
        self.server = TestServer(app)
        await self.server.start_server()
        await self.events.ready()

    async def close(self) -> None:
        if self.server:
            await self.server.close()

    @property
    def url(self) -> str:
        assert self.server is not None
        return str(self.server.make_url("")).rstrip("/")

    # -- what customers and the bot did --

    async def conversation(
        self, name: str = "Ana", *, channel: str = "webchat", locale: str = "en", state: dict[str, Any] | None = None
    ) -> str:
        id, customer, now = new_id(), new_id(), self.clock.now()
        async with self.db.begin() as tx:
            await tx.execute(
                "INSERT INTO customer (id, name, locale, segments, created_at) VALUES (%s, %s, %s, '[]', %s)",
                customer, name or None, locale, now,
            )  # fmt: skip
            await tx.execute(
                """INSERT INTO conversation (id, channel, account, peer, customer_id, name, source, locale, owner,
                       epoch, state, reachable, turn_attempts, created_at, last_inbound_at, updated_at)
                   VALUES (%s, %s, 'main', %s, %s, %s, '', %s, 'bot', 0, %s, true, 0, %s, %s, %s)""",
                id, channel, id, customer, name, locale, Jsonb(state or {}), now, now, now,
            )  # fmt: skip
        return id

    async def heard(self, conversation: str, what: str | Content, *, parsed: Parsed | None = None) -> None:
        content = Text(text=what) if isinstance(what, str) else what
        async with self.db.begin() as tx:
            await tx.execute(
                """INSERT INTO inbound (conversation_id, channel, account, event_key, ordering, content, parsed, status,
                                        at, received_at)
                   VALUES (%s, 'webchat', 'main', %s, 0, %s, %s, 'done', %s, %s)""",
                conversation, new_id(), Jsonb(content.model_dump(mode="json")),
                Jsonb(parsed.model_dump(mode="json")) if parsed else None, self.clock.now(), self.clock.now(),
            )  # fmt: skip
            await tx.execute(
                "UPDATE conversation SET last_inbound_at = %s WHERE id = %s", self.clock.now(), conversation
            )

    async def said(
        self, conversation: str, *parts: str | Part, author: str = "bot", status: str = "sent", error: str = "",
        degraded: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        said = tuple(TextPart(text=part) if isinstance(part, str) else part for part in parts)
        fitted = Fitted(parts=said, degraded=degraded)
        async with self.db.begin() as tx:
            await tx.execute(
                """INSERT INTO outbox (key, conversation_id, author, author_id, epoch, fitted, keys, status, due_at,
                                       attempts, error, at)
                   VALUES (%s, %s, %s, '', 0, %s, '[]', %s, now(), 0, %s, %s)""",
                new_id(), conversation, author, Jsonb(fitted.model_dump(mode="json")), status, error, self.clock.now(),
            )  # fmt: skip

    async def asks_for_person(self, conversation: str, reason: str = "asked", **summary: Any) -> None:
        async with self.db.begin() as tx:
            row = await ownership.lock(tx, conversation)
            await ownership.call_person(
                tx, row, reason=reason, summary=summary, now=self.clock.now(), duty=Duty(present=True)
            )

    async def cart(self, conversation: str, **lines: int) -> None:
        """Put goods into the cart: MUG and CAN are there to be bought."""
        async with self.db.begin() as tx:
            await _stock(tx)
            await tx.execute(
                """INSERT INTO cart (id, customer, revision, lines, codes, wrong_codes, told_units, updated_at)
                   SELECT %s, customer_id, 1, %s, '["WELCOME10"]', 0, '{}', %s FROM conversation WHERE id = %s""",
                new_id(), Jsonb([{"sku": sku, "quantity": count} for sku, count in lines.items()]), self.clock.now(),
                conversation,
            )  # fmt: skip

    async def order(self, conversation: str, number: str, minor: int, status: str = "awaiting_payment") -> str:
        id = new_id()
        async with self.db.begin() as tx:
            await _stock(tx)
            await tx.execute(
                """INSERT INTO shop_order (id, number, token, customer, key, status, currency, goods_minor,
                       discount_minor, delivery_minor, total_minor, breakdown, codes, recipient, phone, delivery,
                       payment, locale, channel, source, placed_at)
                   SELECT %(id)s, %(number)s, %(id)s, customer_id, %(id)s, %(status)s, 'EUR', %(minor)s, 0, 0,
                       %(minor)s, '{}', '[]', 'Ana', '+37060000001', 'dhl', 'card', 'en', 'webchat', '', %(now)s
                   FROM conversation WHERE id = %(conversation)s""",
                id=id, number=number, status=status, minor=minor, now=self.clock.now(), conversation=conversation,
            )  # fmt: skip
            await tx.execute(
                """INSERT INTO order_line ("order", position, sku, product, name, quantity, unit_minor, total_minor,
                       discount_minor, currency, note)
                   VALUES (%s, 0, 'CAN', 'CAN', 'Pine candle', 1, %s, %s, 0, 'EUR', '')""",
                id, minor, minor,
            )  # fmt: skip
            await tx.execute(
                """INSERT INTO history (entity, entity_id, to_state, at, who, why)
                   VALUES ('order', %s, %s, %s, 'bot', '')""",
                id, status, self.clock.now(),
            )  # fmt: skip
        return id

    def pass_time(self, **by: float) -> None:
        self.clock.move(timedelta(**by))

    # -- what managers do in a browser --

    async def signed_in(self, login: str = "anna") -> DeskBrowser:
        browser = self.browser()
        answer = await browser.sign_in(login, PASSWORD)
        assert answer.status == 200, await answer.text()
        return browser

    def browser(self) -> DeskBrowser:
        return DeskBrowser(self.url)

    async def owner(self, conversation: str) -> str:
        async with self.db.begin() as tx:
            row = await tx.row("SELECT owner FROM conversation WHERE id = %s", conversation)
            return await ownership.owner_name(tx, str(row["owner"])) if row else ""


class DeskBrowser:
    """As much of a browser as a form needs: cookies, and the token of the last page."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client = ClientSession(cookie_jar=CookieJar(unsafe=True), headers={"Accept": "text/html"})
        self.token = ""

    async def close(self) -> None:
        await self.client.close()

    async def get(self, path: str) -> tuple[int, str]:
        async with self.client.get(self.url + path) as answer:
            words = await answer.text()
            self.token = _token(words) or self.token
            return answer.status, words

    async def post(self, path: str, *, headers: dict[str, str] | None = None, **form: str) -> ClientResponse:
        async with self.client.post(
            self.url + path, data={"csrf": self.token, **form}, headers={"Origin": self.url, **(headers or {})}
        ) as answer:
            words = await answer.text()
            self.token = _token(words) or self.token
            return answer

    async def sign_in(self, login: str, password: str) -> ClientResponse:
        await self.get("/desk/sign-in")
        return await self.post("/desk/sign-in", login=login, password=password)


def understood(text: str, intent: str, confidence: float, **found: str) -> Parsed:
    """What the bot may have made of one message."""
    mentions = tuple(Mention(kind=kind, value=value, start=0, end=1) for kind, value in found.items())
    clause = Clause(
        text=text, start=0, end=len(text), ranking=((intent, confidence), ("smalltalk", 0.04)), mentions=mentions
    )
    return Parsed(text=text, locale="en", clauses=(clause,))


async def _stock(tx: Tx) -> None:
    for sku, name, price in (("MUG-white", "Aurora mug", 1200), ("CAN", "Pine candle", 950)):
        product = sku.partition("-")[0]
        await tx.execute(
            """INSERT INTO product (id, position, names, descriptions, synonyms, facts, pictures, tags, active)
               VALUES (%s, 0, %s, '{}', '{}', '{}', '[]', '[]', true) ON CONFLICT DO NOTHING""",
            product, Jsonb({"en": name}),
        )  # fmt: skip
        await tx.execute(
            """INSERT INTO variant (sku, product, position, attributes, price_minor, currency, on_hand, reserved,
                                    active)
               VALUES (%s, %s, 0, %s, %s, 'EUR', 10, 0, true) ON CONFLICT DO NOTHING""",
            sku, product, Jsonb({"color": "white"} if "-" in sku else {}), price,
        )  # fmt: skip


@cache
def _known_hash() -> str:
    """Made once: it takes a tenth of a second."""
    return hash_password(PASSWORD)


def _token(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    return found.group(1) if found else ""
