"""A small shop for the browser: the real storefront, widget, socket and log, and a bot that answers by rule."""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from app.web.chat import Rate, add_chat_routes
from app.web.storefront import Store, StoreFact, StoreProduct, add_storefront_routes
from base.db import Database
from bot.channel import Raw
from bot.messages import (
    Ask,
    Card,
    Cards,
    Choice,
    Choices,
    Fitted,
    Image,
    Link,
    Location,
    Noticed,
    Receipt,
    ReceiptLine,
    Start,
    Tap,
    Text,
    TextPart,
)
from integrations.messenger.webchat import WebChat

PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 480">
<rect width="480" height="480" fill="{ground}"/><circle cx="240" cy="250" r="120" fill="{thing}"/>
<ellipse cx="240" cy="392" rx="130" ry="14" fill="#00000022"/></svg>"""
SHELF = (
    ("MUG", "Aurora mug", "Stoneware that keeps tea warm while it snows.", "12.00 €", "#dfe7e2", "#2f5d62"),
    ("TEE", "Forest tee", "Heavy organic cotton in the colours of a forest.", "from 20.00 €", "#e6e2d3", "#5a7247"),
    ("CAN", "Pine candle", "Smells of a walk after rain.", "9.50 €", "#f3e3c8", "#c98a3b"),
    ("HP", "Wave headphones", "In-ear, light, and deep enough for long evenings.", "59.00 €", "#dcdfe6", "#33394a"),
    ("BOX", "Gift box", "Kraft board, moss ribbon, a card for your words.", "4.00 €", "#efe0d6", "#a4673f"),
    ("THR", "Nordic throw", "Undyed wool, big enough for two.", "45.00 €", "#e9e6df", "#8d8574"),
    ("PIL", "Nordic pillow", "The throw's little brother.", "18.00 €", "#e2e6ea", "#6b7d8f"),
)
STORE = Store(
    name="Lumo",
    tagline="Warm things for northern evenings",
    about="Mugs, candles, wool and quiet music, chosen in Kaunas. Tell the chat whom it is for and it finds a gift.",
    offer="WELCOME10 takes 10 % off your first order of 20.00 € or more",
    hours="09:00-19:00",
    facts=(
        StoreFact("Delivery", "Pick-up point 3.50 €, courier 6.90 €, in Kaunas the same day.", "How do you deliver?"),
        StoreFact("Payment", "By card, by PayPal, or in cash on delivery.", "How can I pay?"),
        StoreFact("Returns", "14 days to change your mind. What is broken we replace.", "Can I return it?"),
    ),
    contact="Laisvės alėja 1, Kaunas",
)
MENU = Choices(
    choices=(
        Choice(title="Find a gift", payload="menu:gift"),
        Choice(title="See the products", payload="menu:cards"),
        Choice(title="Where is my order?", payload="menu:order"),
    )
)


def draw_pictures(folder: Path) -> None:
    for id, *_, ground, thing in SHELF:
        (folder / f"{id}.svg").write_text(PICTURE.format(ground=ground, thing=thing))


async def products() -> list[StoreProduct]:
    options = {"MUG": ("white", "black", "blue"), "TEE": ("green", "grey", "black")}
    return [
        StoreProduct(
            id=id,
            name=name,
            description=words,
            price=price,
            question=f"Tell me about the {name}",
            picture=f"/media/{id}.svg",
            options=options.get(id, ()),
            stock="few" if id in ("THR", "HP") else "in",
            stock_words={"THR": "last one", "HP": "3 left"}.get(id, ""),
        )
        for id, name, words, price, *_ in SHELF
    ]


def answer(content: object) -> Fitted:
    """What this bot says. The words of the customer choose the kind of answer."""
    match content:
        case Start():
            hello = "Hi! I am Lumo's assistant. I can help you choose, take your order here, and follow your parcel."
            return Fitted(parts=(TextPart(text=hello), MENU))
        case Text(text="cards" | "See the products") | Tap(payload="menu:cards"):
            cards = tuple(
                Card(
                    title=name,
                    subtitle=words,
                    image=f"/media/{id}.svg",
                    price=price,
                    buttons=(Choice(title="Add to cart", payload=f"add:{id}"),),
                )
                for id, name, words, price, *_ in SHELF
            )
            return Fitted(parts=(TextPart(text="Here is what we have today:"), Cards(cards=cards)))
        case Tap(payload=payload, title=title) if payload.startswith("add:"):
            pay = Choices(
                choices=(Choice(title="Pay now", payload="pay"), Choice(title="Look on", payload="menu:cards"))
            )
            return Fitted(parts=(TextPart(text=f"{title}: done ({payload[4:]}). Anything else?"), pay))
        case Tap(payload="pay") | Text(text="pay"):
            lines = (
                ReceiptLine(title="Aurora mug, black × 2", amount="24.00 €"),
                ReceiptLine(title="WELCOME10: 10 % first order", amount="−2.40 €"),
                ReceiptLine(title="DHL courier, 2–3 days", amount="6.90 €"),
            )
            return Fitted(
                parts=(
                    TextPart(text="That is your order. The link holds the goods for 30 minutes."),
                    Receipt(number="LU-7K3F-9QXA", lines=lines, total="28.50 €"),
                    Link(title="Pay 28.50 €", url="/pay/example"),
                )
            )
        case Text(text="phone"):
            return Fitted(parts=(TextPart(text="Which number may the courier call?"), Ask(what="phone")))
        case Text(text="where"):
            return Fitted(parts=(TextPart(text="Where are you?"), Ask(what="location")))
        case Text(text="picture"):
            return Fitted(parts=(Image(url="/media/THR.svg", alt="A folded throw"),))
        case Text(text="evil"):
            return Fitted(
                parts=(
                    TextPart(text="<img src=x onerror=alert(1)> javascript:alert(1) https://lumo.example/x?a=1."),
                    Link(title="Bad link", url="javascript:alert(1)"),
                    Choices(choices=(Choice(title="<b>bold</b>", payload="b"),)),
                )
            )
        case Text(text="I would like to talk to a person"):
            words = "Of course, and I am glad you asked. What is it about?"
            return Fitted(parts=(TextPart(text=words),), author="manager", name="Olga")
        case Text(text=text):
            return Fitted(parts=(TextPart(text=f"You said: {text}"),))
        case Tap(title=title):
            return Fitted(parts=(TextPart(text=f"You tapped: {title}"), MENU))
        case Location(lat=lat, lon=lon):
            return Fitted(parts=(TextPart(text=f"You are at {lat:.2f}, {lon:.2f}"),))
        case _:
            return Fitted(parts=(TextPart(text="I see."),))


@dataclass
class EchoShop:
    """The running shop. It can go away and come back on the same port."""

    db: Database
    media: Path
    origins: tuple[str, ...] = ()
    port: int = 0
    failing: bool = False
    heard: list[str] = field(default_factory=list)
    seen: int = 0  # the newest message of which the visitor was told to have seen it
    thinks: float = 0.0  # seconds before each answer
    _runner: web.AppRunner | None = None
    _busy: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self.chat = WebChat(self.db, self.url if self.port else "")
        app = web.Application()
        generous = Rate(burst=500, per_second=100)
        add_chat_routes(app, self.chat, self.deliver, origins=self.origins, frames=generous, starts=generous)
        add_storefront_routes(app, products, store=STORE, media=self.media, public_url=self.chat.public_url)
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def deliver(self, raw: Raw) -> None:
        """As the shop does: take the event once, and answer soon after."""
        if self.failing:
            raise ConnectionError("the database is away")
        if raw.event_key in self.heard:
            return
        if any(isinstance(inbound.content, Noticed) for inbound in raw.inbounds):
            self.seen = max(self.seen, json.loads(raw.body)["seq"])
            return
        self.heard.append(raw.event_key)
        task = asyncio.create_task(self._answer(raw))
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)

    async def _answer(self, raw: Raw) -> None:
        for inbound in raw.inbounds:
            if self.thinks:
                await self.chat.typing(inbound.address)
                await asyncio.sleep(self.thinks)
            await self.chat.send(inbound.address, answer(inbound.content), key=f"answer-{raw.event_key}")

    async def close(self) -> None:
        for task in list(self._busy):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self.stop()
