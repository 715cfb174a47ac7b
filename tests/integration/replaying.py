"""A replay of webhooks as platforms deliver them: at once, out of order, one to three times, in other batches.

Customers of Telegram, Messenger and Instagram write to a shop of several processes. What a platform may do, these do:
messages that were written in one go arrive in any order and at any server; a delivery is repeated at once or later;
Meta repeats an event inside another batch; what is not answered with 200 comes again. In the end Meta tells in any
order that a conversation went to another app and came back, and more of that kind. Then the books are checked.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

import aiohttp

from tests.contracts.botapi import BotApi
from tests.contracts.graph_server import GraphServer
from tests.integration.server_process import ask

CHANNELS = ("telegram", "facebook", "instagram")
AMOUNTS = range(2, 10)  # how many candles each message of a conversation adds: each once, so that the order shows
PER_TALK = len(AMOUNTS) + 2  # webhooks of one conversation: a greeting, the amounts, a tap
ADDED = re.compile(r"Added: (\d+) × Pine candle")
OTHER_APP, INBOX = "999", 26390203743090
TOKEN = "TOKEN-{}"  # of a yes to offers
ANSWERED_WITHIN = 90.0  # seconds; a busy machine
AGAIN = (0.05, 0.2, 1.0, 2.0, 5.0)  # seconds until a delivery that was not taken comes again


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook: a body, the header that proves it, and what it brings: by whom, and how many candles."""

    channel: str
    body: bytes
    headers: dict[str, str]
    brings: tuple[tuple[str, int], ...] = ()


@dataclass
class Figures:
    """What came of it."""

    conversations: int = 0
    webhooks: int = 0  # different ones
    signs: int = 0  # webhooks beside them: handovers, echoes and the like
    deliveries: int = 0
    refused: int = 0  # not answered with 200 at first, and delivered again
    lost: int = 0
    doubled: int = 0
    late: int = 0  # messages that came when their successors had been answered
    disordered: int = 0
    seconds: float = 0.0
    troubles: list[str] = field(default_factory=list)

    @property
    def right(self) -> bool:
        return not (self.lost or self.doubled or self.disordered or self.troubles)

    def lines(self) -> list[str]:
        rate = self.webhooks / self.seconds if self.seconds else 0.0
        return [
            f"{self.webhooks} webhooks of {self.conversations} conversations, delivered {self.deliveries} times"
            f" ({self.refused} of them again after a refusal), {self.seconds:.0f} s, {rate:.0f} /s",
            f"lost {self.lost}   double effects {self.doubled}   out of order {self.disordered}"
            f"   (answered before an earlier one came: {self.late})",
            *self.troubles[:20],
        ]


@dataclass
class Talk:
    """One conversation, and what its customer wrote in order."""

    channel: str
    peer: str
    amounts: list[int]
    later: list[Delivery] = field(default_factory=list)  # repeats that are still under way
    owner: str = "bot"  # who has it in the end


class Outside:
    """The three platforms, and the network between them and the servers of the shop."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.telegram, self.facebook, self.instagram = BotApi(), GraphServer("facebook"), GraphServer("instagram")
        self.urls: Sequence[str] = ()
        self.figures = Figures()
        self.bodies: set[tuple[str, bytes]] = set()
        self.taken: dict[tuple[str, int], datetime] = {}  # when the shop first said 200 to what was brought
        self._updates = count(700_000)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[dict[str, str]]:
        """The platforms answer inside the block; yields the settings that lead a shop to them."""
        timeout, lines = aiohttp.ClientTimeout(total=60), aiohttp.TCPConnector(limit=200)
        self._http = aiohttp.ClientSession(timeout=timeout, connector=lines)
        async with self._http, self.telegram, self.facebook as facebook, self.instagram as instagram:
            yield {
                "SHOPKEEPER_TELEGRAM__TOKEN": self.telegram.token,
                "SHOPKEEPER_TELEGRAM__API_BASE": self.telegram.base,
                "SHOPKEEPER_TELEGRAM__WEBHOOK_SECRET": self.telegram.secret,
                "SHOPKEEPER_TELEGRAM__PER_SECOND": "1000",  # what is measured is the shop, not the platforms' patience
                "SHOPKEEPER_FACEBOOK__PER_SECOND": "300",
                "SHOPKEEPER_INSTAGRAM__PER_SECOND": "300",
                "SHOPKEEPER_FACEBOOK__PAGE_ID": facebook.account,
                "SHOPKEEPER_FACEBOOK__PAGE_TOKEN": facebook.token,
                "SHOPKEEPER_FACEBOOK__APP_ID": facebook.app_id,
                "SHOPKEEPER_FACEBOOK__OFFERS": "true",
                "SHOPKEEPER_FACEBOOK__APP_SECRET": facebook.app_secret,
                "SHOPKEEPER_FACEBOOK__API_BASE": facebook.base,
                "SHOPKEEPER_INSTAGRAM__ACCOUNT_ID": instagram.account,
                "SHOPKEEPER_INSTAGRAM__TOKEN": instagram.token,
                "SHOPKEEPER_INSTAGRAM__APP_ID": instagram.app_id,
                "SHOPKEEPER_INSTAGRAM__APP_SECRET": instagram.app_secret,
                "SHOPKEEPER_INSTAGRAM__API_BASE": instagram.base,
            }

    # ---- what people do, each as a signed webhook ------------------------------------------------

    def starts(self, talk: Talk) -> Delivery:
        if talk.channel == "telegram":
            return self.says(talk, "/start")
        graph = self.graph(talk)
        postback = {"mid": graph.mid(), "title": "Get started", "payload": "GET_STARTED"}
        return Delivery(talk.channel, *graph.happens(talk.peer, postback=postback))

    def says(self, talk: Talk, text: str) -> Delivery:
        if talk.channel != "telegram":
            return Delivery(talk.channel, *self.graph(talk).says(talk.peer, text))
        bot = self.telegram
        chat = bot.chat(int(talk.peer))
        number = next(bot.numbers)
        chat.said[number] = text
        message = {
            "message_id": number,
            "date": bot.now(),
            "chat": chat.described(),
            "from": chat.person(),
            "text": text,
        }
        return self._update(message=message)

    def taps(self, talk: Talk, title: str) -> Delivery:
        if talk.channel != "telegram":
            return Delivery(talk.channel, *self.graph(talk).taps(talk.peer, title))
        chat = self.telegram.chat(int(talk.peer))
        shown, button = chat.find(title)
        query = f"{next(self.telegram.numbers)}99"
        self.telegram.queries.add(query)
        return self._update(
            callback_query={
                "id": query, "from": chat.person(), "message": chat.message(shown), "chat_instance": f"c{talk.peer}",
                "data": button.payload,
            }
        )  # fmt: skip

    def _update(self, **content: Any) -> Delivery:
        body = json.dumps({"update_id": next(self._updates), **content}).encode()
        return Delivery("telegram", body, {"X-Telegram-Bot-Api-Secret-Token": self.telegram.secret})

    def signs(self, talk: Talk) -> list[Delivery]:
        """What Meta tells of one conversation, the oldest first. What is said to the other app asks for goods too."""
        graph, peer, mid = self.graph(talk), talk.peer, self.graph(talk).mid()
        told = [
            *(self._echo(graph, peer, message) for message in graph.person(peer).seen),
            graph.passes(peer, OTHER_APP),
            graph.in_standby(graph.happens(peer, message={"mid": mid, "text": "add 9 candles"})),
            graph.in_standby(graph.happens(peer, message_edit={"mid": mid, "text": "add 8 candles", "num_edit": 1})),
            graph.answers_elsewhere(peer, "Olga here.", app_id=INBOX),
            graph.passes(peer, graph.app_id),
            graph.happens(peer, reaction={"mid": mid, "action": "react", "reaction": "love", "emoji": "❤"}),
        ]
        if talk.owner == "queue":
            told.append(graph.answers_elsewhere(peer, "Olga again.", app_id=INBOX))
        if talk.channel == "facebook":
            token = TOKEN.format(peer)
            told += [graph.opts_in(peer, token), graph.opts_out(token), graph.opts_in_again(token)]
            told += [graph.enforces(action) for action in ("block", "unblock")]
        return [Delivery(talk.channel, *one) for one in told]

    def _echo(self, graph: GraphServer, peer: str, message: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
        """Our own message comes back, under the name of an app that the shop does not know as its own."""
        told = {name: message[name] for name in ("metadata",) if name in message}
        attached = {"attachments": [{"type": message["attachment"]["type"]}]} if "attachment" in message else {}
        return graph.answers_elsewhere(
            peer, message.get("text", ""), message["mid"], app_id=int(OTHER_APP), **told, **attached
        )

    def graph(self, talk: Talk) -> GraphServer:
        return self.facebook if talk.channel == "facebook" else self.instagram

    def sees(self, talk: Talk) -> str:
        """All words that the person was sent."""
        if talk.channel == "telegram":
            return self.telegram.chat(int(talk.peer)).words()
        return self.graph(talk).person(talk.peer).words()

    # ---- the network -----------------------------------------------------------------------------

    def repeated(self, delivery: Delivery, beside: Sequence[Delivery]) -> Iterator[Delivery]:
        """The same event up to two times more; Meta may put it into a batch with another one."""
        for _ in range(self.random.randint(0, 2)):
            other = self.random.choice(beside)
            if delivery.channel != "telegram" and other is not delivery and self.random.random() < 0.4:
                batch = json.loads(delivery.body)
                batch["entry"] += json.loads(other.body)["entry"]
                graph = self.facebook if delivery.channel == "facebook" else self.instagram
                yield Delivery(delivery.channel, *graph.signed(batch), delivery.brings + other.brings)
            else:
                yield delivery

    async def carry(self, delivery: Delivery) -> None:
        """To any of the servers, again and again until it is taken."""
        self.bodies.add((delivery.channel, delivery.body))
        for pause in (*AGAIN, *AGAIN[-1:] * 10):
            self.figures.deliveries += 1
            url = f"{self.random.choice(self.urls)}/webhooks/{delivery.channel}"
            try:
                async with self._http.post(url, data=delivery.body, headers=delivery.headers) as answer:
                    if answer.status == 200:
                        for brought in delivery.brings:
                            self.taken.setdefault(brought, datetime.now(UTC))
                        return
                    if answer.status not in {429, 503}:
                        self.figures.troubles.append(f"{delivery.channel}: the door answered {answer.status}")
            except (aiohttp.ClientError, TimeoutError) as error:
                self.figures.troubles.append(f"{delivery.channel}: {type(error).__name__}")
            self.figures.refused += 1
            await asyncio.sleep(pause)
        self.figures.troubles.append(f"{delivery.channel}: never taken")

    async def pour(self, talk: Talk, together: Sequence[Delivery]) -> None:
        """Deliver what was done in one go: shuffled, at once, some of it twice, with old repeats among it."""
        repeats = [again for one in together for again in self.repeated(one, together)]
        now = [one for one in repeats if self.random.random() < 0.5]
        under_way = [*together, *now, *talk.later]
        talk.later = [one for one in repeats if one not in now]
        self.random.shuffle(under_way)
        await asyncio.gather(*(self.carry(one) for one in under_way))

    # ---- a conversation --------------------------------------------------------------------------

    async def lead(self, talk: Talk) -> None:
        """A greeting, candles in bursts of one to three messages, and the way to the till."""
        self.figures.webhooks += PER_TALK
        await self.pour(talk, [self.starts(talk)])
        await self._until(talk, "looking for")
        left = list(talk.amounts)
        while left:
            burst = [left.pop(0) for _ in range(min(len(left), self.random.randint(1, 3)))]
            said = [(amount, self.says(talk, f"add {amount} candles")) for amount in burst]
            await self.pour(talk, [replace(one, brings=((talk.peer, amount),)) for amount, one in said])
            for amount in burst:
                await self._until(talk, f"Added: {amount} ×")
        await self.pour(talk, [self.taps(talk, "Checkout")])
        await self._until(talk, "name shall I put")
        if talk.channel != "telegram":
            signs = self.signs(talk)
            self.figures.signs += len(signs)
            await self.pour(talk, signs)
        for late in talk.later:
            await self.carry(late)

    async def _until(self, talk: Talk, words: str) -> None:
        try:
            async with asyncio.timeout(ANSWERED_WITHIN):
                while words not in self.sees(talk):
                    await asyncio.sleep(0.05)
        except TimeoutError:
            self.figures.lost += 1
            self.figures.troubles.append(f"{talk.channel} {talk.peer}: {words!r} was never said")
            raise


async def replay(outside: Outside, url_of_database: str, *, talks: int, at_once: int) -> Figures:
    """Lead that many conversations and check the books. `outside.urls` are the open servers."""
    figures, loop = outside.figures, asyncio.get_running_loop()
    everybody = [
        Talk(CHANNELS[n % 3], str(7_000_000 + n), outside.random.sample(AMOUNTS, len(AMOUNTS))) for n in range(talks)
    ]
    began, gate = loop.time(), asyncio.Semaphore(at_once)

    async def one(talk: Talk) -> None:
        async with gate:
            await outside.lead(talk)

    for talk in everybody:
        if talk.channel != "telegram":
            talk.owner = outside.random.choice(("bot", "queue"))
    await asyncio.gather(*(one(talk) for talk in everybody), return_exceptions=True)
    await _quiet(url_of_database)
    figures.conversations, figures.seconds = talks, loop.time() - began
    for talk in everybody:
        await asyncio.to_thread(_check_talk, outside, url_of_database, talk)
    _check_books(outside, url_of_database)
    return figures


async def _quiet(url: str) -> None:
    """Wait until everything that came was dealt with, and everything that was said is sent."""
    query = """SELECT (SELECT count(*) FROM inbound WHERE status = 'pending')
                    + (SELECT count(*) FROM conversation_event WHERE status = 'pending' AND due_at IS NULL)
                    + (SELECT count(*) FROM outbox WHERE status IN ('queued', 'sending'))"""
    async with asyncio.timeout(ANSWERED_WITHIN):
        while await asyncio.to_thread(ask, url, query) != [(0,)]:
            await asyncio.sleep(0.2)


def _check_talk(outside: Outside, url: str, talk: Talk) -> None:
    """Each message had its effect once, and in the order in which it was written."""
    figures, where = outside.figures, f"{talk.channel} {talk.peer}"
    said = [int(amount) for amount in ADDED.findall(outside.sees(talk))]
    times = Counter(said)
    figures.lost += sum(times[amount] == 0 for amount in talk.amounts)
    figures.doubled += sum(max(0, times[amount] - 1) for amount in talk.amounts)
    lines = ask(
        url,
        """SELECT cart.lines FROM cart JOIN conversation ON cart.customer = conversation.customer_id
           WHERE conversation.channel = %s AND conversation.peer = %s""",
        talk.channel, talk.peer,
    )  # fmt: skip
    if [[line["quantity"] for line in row] for (row,) in lines] != [[sum(talk.amounts)]]:  # type: ignore[attr-defined]
        figures.troubles.append(f"{where}: the cart is {lines}, not {sum(talk.amounts)} candles")
    asked = outside.sees(talk).count("name shall I put")
    if asked < 1 or (asked > 1 and talk.channel == "telegram"):  # a bot that is back asks again
        figures.doubled += 1
    _check_signs(outside, url, talk)
    if said != talk.amounts and sorted(said) == sorted(talk.amounts):
        late = _late(outside, url, talk, said)
        figures.late += late
        if not late:
            figures.disordered += 1
            figures.troubles.append(f"{where}: written {talk.amounts}, answered {said}")


def _check_signs(outside: Outside, url: str, talk: Talk) -> None:
    """Whatever came first, the newest word decides who has it, and nothing that was said to another app was done."""
    state = ask(
        url,
        """SELECT c.owner, array(SELECT i.status FROM inbound i WHERE i.conversation_id = c.id AND i.status <> 'done'),
                  (SELECT count(*) FROM outbox o WHERE o.conversation_id = c.id AND author = 'manager'),
                  (SELECT o.token FROM opt_in o WHERE o.conversation_id = c.id AND NOT o.stopped)
           FROM conversation c WHERE channel = %s AND peer = %s""",
        talk.channel, talk.peer,
    )  # fmt: skip
    told = talk.channel != "telegram"
    answers = 2 if talk.owner == "queue" else int(told)
    token = TOKEN.format(talk.peer) if talk.channel == "facebook" else None
    if state != [(talk.owner, ["seen"] * (2 * told), answers, token)]:
        outside.figures.troubles.append(f"{talk.channel} {talk.peer}: {state}, and {talk.owner} has it")


def _late(outside: Outside, url: str, talk: Talk, said: Sequence[int]) -> int:
    """How many were taken only when a later one had been answered; 0 where one pair has no such excuse."""
    answered: dict[int, datetime] = {}
    for words, at in ask(
        url,
        """SELECT fitted::text, at FROM outbox JOIN conversation ON conversation.id = conversation_id
           WHERE channel = %s AND peer = %s ORDER BY outbox.id""",
        talk.channel, talk.peer,
    ):  # fmt: skip
        assert isinstance(at, datetime)
        answered |= {int(amount): at for amount in ADDED.findall(str(words))}
    late = set()
    for place, first in enumerate(talk.amounts):
        for second in talk.amounts[place + 1 :]:
            if said.index(first) > said.index(second):
                if outside.taken[talk.peer, first] < answered[second]:
                    return 0
                late.add(first)
    return len(late)


def _check_books(outside: Outside, url: str) -> None:
    """Every body is kept once, every event once, and every message was sent once."""
    figures = outside.figures
    kept = dict(ask(url, "SELECT channel, count(*) FROM raw_update GROUP BY 1"))  # type: ignore[arg-type]
    sent = Counter(channel for channel, _ in outside.bodies)
    if kept != dict(sent):
        figures.troubles.append(f"kept {kept}, delivered {dict(sent)}")
    (events,) = ask(
        url,
        "SELECT count(*) FILTER (WHERE status <> 'seen'), count(*) FILTER (WHERE status = 'done') FROM inbound",
    )
    if events != (figures.webhooks, figures.webhooks):
        figures.troubles.append(f"{figures.webhooks} events happened; stored and done: {events}")
    (outbox,) = ask(
        url,
        """SELECT count(*), count(*) FILTER (WHERE status = 'sent') FROM outbox
           WHERE NOT (author = 'manager' AND author_id = '') AND error <> 'a person took over'""",
    )
    if halted := ask(url, "SELECT channel FROM channel_state WHERE halted_until > now()"):
        figures.troubles.append(f"may not write: {halted}")
    seen = sum(len(person.seen) for graph in (outside.facebook, outside.instagram) for person in graph.people.values())
    seen += len(outside.telegram.called("sendMessage"))
    if outbox != (seen, seen):
        figures.troubles.append(f"{seen} messages were seen; to be sent and sent: {outbox}")
    refusals = [*outside.telegram.refusals, *outside.facebook.refusals, *outside.instagram.refusals]
    old = "query is too old"  # a tap that came again is acknowledged again, which Telegram may find too late
    figures.troubles += [f"refused: {refusal}" for refusal in refusals if old not in refusal][:5]
