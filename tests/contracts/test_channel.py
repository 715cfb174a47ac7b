"""One suite over every messenger in CHANNELS. A new adapter adds its own `Subject` below and must pass all of it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest
import pytest_asyncio

from base.db import Database
from base.errors import BadSignature, Refused, ShopkeeperError, TryLater, Unreachable
from bot.channel import Channel, Health, SendsTemplates
from bot.messages import Address, Card, Cards, Choice, Choices, Fitted, Image, Inbound, Link, Outbound, Part, TextPart
from bot.optins import SendsOffers
from bot.render_fit import fit
from integrations.messenger import CHANNELS, adapter
from tests.contracts.botapi import BotApi
from tests.contracts.graph_server import GraphError, GraphServer

GARBAGE = (
    b"",
    b"\xff\xfe\x00\x01",
    b"null",
    b"[]",
    b"{}",
    b'"text"',
    b'{"update_id": 1}',
    b'{"id": 1, "peer": 2, "type": "text", "text": 3}',
    b'{"update_id": 1, "message": {"chat": {"id": 1, "type": "private"}, "text": ["a"], "date": -1e999}}',
    b'{"a":' * 50_000,
    b"[" * 100_000 + b"]" * 100_000,
    b'{"text": "\\ud800", "peer": "\\u0000"}',
    b"9" * 10_000,
)
OPT_IN = "TOKEN-1"
TAKE = Choice(title="Take", payload="t3")
ANSWER = Outbound(
    parts=(
        TextPart(text="Here you are: <1> & two. 😀"),
        Choices(choices=(Choice(title="Add", payload="t1"), Choice(title="Back", payload="t2"))),
        Link(title="Terms", url="https://shop.example/terms"),
        Image(url="https://shop.example/mug.jpg", alt="A mug"),
        Cards(cards=tuple(Card(title=f"Mug {n}", price="12.00", buttons=(TAKE,)) for n in range(12))),
        TextPart(text="word " * 3000),
    )
)


@dataclass
class Subject:
    """One messenger made ready: how to hear a person on it, and what that person saw."""

    channel: Channel
    to: Address
    says: Callable[[str], Awaitable[bytes]]  # the raw bytes of one update in which the person wrote this
    seen: Callable[[], Awaitable[str]]
    headers: dict[str, str] = field(default_factory=dict)  # that prove an update, where the channel has a webhook
    breaks: tuple[tuple[Callable[[], Awaitable[None] | None], type[ShopkeeperError]], ...] = ()  # troubles, as told
    touched: Callable[[], bool] = bool  # whether the network was used at all
    unset: Channel | None = None  # the same messenger without a secret
    secrets: tuple[str, ...] = ()  # that nobody may read in a line of ours
    set_up: Callable[[], object] = bool  # what the owner does at the platform before all is well


async def console(stack: AsyncExitStack, request: pytest.FixtureRequest) -> Subject:
    from integrations.messenger.console import Console

    screen = io.StringIO()
    channel = Console(out=screen)

    async def says(text: str) -> bytes:
        return channel.line(text)

    async def seen() -> str:
        return screen.getvalue()

    return Subject(channel, channel.address, says, seen, touched=lambda: bool(screen.getvalue()))


async def telegram(stack: AsyncExitStack, request: pytest.FixtureRequest) -> Subject:
    from integrations.messenger.telegram.adapter import Telegram

    server = await stack.enter_async_context(BotApi())
    server.chat(7)
    channel = Telegram(server.token, server.base, server.secret, "lumo")

    async def says(text: str) -> bytes:
        await server.user_says(7, text)
        return json.dumps(server.updates[-1]).encode()

    async def seen() -> str:
        return server.chat(7).words()

    return Subject(
        channel,
        Address(channel="telegram", account="lumo", peer="7"),
        says,
        seen,
        headers={"X-Telegram-Bot-Api-Secret-Token": server.secret},
        breaks=(
            (lambda: server.flood(7, 3), TryLater),
            (lambda: server.fail(500, "Internal Server Error"), TryLater),
            (lambda: server.cut("sendMessage"), TryLater),
            (lambda: server.fail(403, "Forbidden: bot was blocked by the user"), Unreachable),
            (lambda: server.fail(400, "Bad Request: something new"), Refused),
        ),
        touched=lambda: bool(server.calls),
        unset=Telegram(server.token, server.base, "", "lumo"),
        secrets=(server.token, server.secret),
        set_up=lambda: server.webhook.update(url="https://shop.example/webhooks/telegram"),
    )


async def telegram_business(stack: AsyncExitStack, request: pytest.FixtureRequest) -> Subject:
    from integrations.messenger.telegram.business import TelegramBusiness

    server = await stack.enter_async_context(BotApi())
    await server.owner_connects()
    server.lent_chat(7)
    server.connections["bc1"].heard[7] = server.now()
    channel = TelegramBusiness(server.token, server.base, server.secret, "lumo")

    async def says(text: str) -> bytes:
        await server.customer_writes(7, text)
        return json.dumps(server.updates[-1]).encode()

    async def seen() -> str:
        return server.lent_chat(7).words()

    return Subject(
        channel,
        Address(channel="telegram_business", account="bc1", peer="7"),
        says,
        seen,
        breaks=(
            (lambda: server.flood(7, 3), TryLater),
            (lambda: server.fail(500, "Internal Server Error"), TryLater),
            (lambda: server.fail(400, "Bad Request: business connection not found"), Unreachable),
            (lambda: server.fail(400, "Bad Request: BUSINESS_PEER_INVALID"), Unreachable),
            (lambda: server.fail(400, "Bad Request: something new"), Refused),
        ),
        touched=lambda: bool(server.calls),
        secrets=(server.token, server.secret),
    )


async def webchat(stack: AsyncExitStack, request: pytest.FixtureRequest) -> Subject:
    from integrations.messenger.webchat import WebChat, forget, read_frame

    db = Database(request.getfixturevalue("database_url"))
    stack.push_async_callback(db.close)
    channel = WebChat(db, "https://shop.example")
    peer = (await channel.open()).peer
    counted = iter(range(1, 1000))

    async def says(text: str) -> bytes:
        number = f"00000000-0000-4000-8000-{next(counted):012d}"
        _, raw = await channel.receive(peer, read_frame({"type": "text", "id": number, "text": text}))
        return raw.body

    async def seen() -> str:
        return json.dumps([logged.message for logged in await channel.read_after(peer, 0)], ensure_ascii=False)

    async def erase() -> None:
        async with db.begin() as tx:
            await forget(tx, peer)

    return Subject(channel, channel.address(peer), says, seen, breaks=((erase, Unreachable),))


async def meta(stack: AsyncExitStack, name: str, made: Callable[..., Channel] | None = None, **given: str) -> Subject:
    """`made`: instead of the adapter that bears the name. `given`: more of what it is made of."""
    server = await stack.enter_async_context(GraphServer(name))
    made = made or adapter(name)
    server.opts_in("7001", OPT_IN)
    server.templates["news/en"] = "News: {{1}}"
    signed: dict[str, str] = {}  # the signature of what was said last
    server.says("7001", "the window opens")

    async def says(text: str) -> bytes:
        body, headers = server.says("7001", text)
        signed.update(headers)
        return body

    async def seen() -> str:
        return server.person("7001").words()

    def troubles(trouble: GraphError | str) -> Callable[[], None]:
        return lambda: server.troubles.append(trouble)

    return Subject(
        made(server.account, server.token, server.app_secret, server.verify_token, server.base, **given),
        Address(channel=name, account=server.account, peer="7001"),
        says,
        seen,
        headers=signed,
        breaks=(
            (troubles(GraphError(551, 1545041)), Unreachable),
            (troubles(GraphError(100, 0, "something new")), Refused),
            (troubles(GraphError(10, 2018278)), Refused),
            (troubles(GraphError(2, 0, status=500)), TryLater),
            (troubles("cut"), TryLater),
            (troubles(GraphError(613)), TryLater),  # from here on nothing is sent for a while
        ),
        touched=lambda: bool(server.calls),
        unset=made(server.account, server.token, "", "", server.base),
        secrets=(server.token, server.app_secret, server.verify_token),
    )


async def facebook(stack: AsyncExitStack, request: pytest.FixtureRequest) -> Subject:
    from integrations.messenger.facebook import FacebookWithOffers

    return await meta(stack, "facebook", FacebookWithOffers, template="news")


async def instagram(stack: AsyncExitStack, request: pytest.FixtureRequest) -> Subject:
    return await meta(stack, "instagram")


SUBJECTS = {
    "console": console,
    "facebook": facebook,
    "instagram": instagram,
    "telegram": telegram,
    "telegram_business": telegram_business,
    "webchat": webchat,
}


@pytest_asyncio.fixture(params=sorted(CHANNELS))
async def subject(request: pytest.FixtureRequest) -> AsyncIterator[Subject]:
    async with AsyncExitStack() as stack:
        ready = await SUBJECTS[request.param](stack, request)
        yield ready
        await ready.channel.close()
        if ready.unset:
            await ready.unset.close()


def say(*parts: Part) -> Fitted:
    return Fitted(parts=parts)


async def on_command(happen: Callable[[], Awaitable[None] | None]) -> None:
    pending = happen()
    if pending is not None:
        await pending


def test_every_messenger_is_in_this_suite() -> None:
    assert sorted(SUBJECTS) == sorted(CHANNELS)


@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_a_messenger_bears_the_name_under_which_it_is_found(name: str) -> None:
    assert cast(type[Channel], adapter(name)).name == name


def test_an_unknown_messenger_is_told_with_the_known_ones() -> None:
    with pytest.raises(ShopkeeperError, match="console, facebook, instagram, telegram, telegram_business, webchat"):
        adapter("pigeon")


async def test_only_the_platform_comes_through_the_webhook(subject: Subject) -> None:
    body = await subject.says("hi")
    wrong: tuple[dict[str, str], ...] = (
        {},
        dict.fromkeys(subject.headers, ""),
        dict.fromkeys(subject.headers, "wrong"),
    )
    strange = (dict.fromkeys(subject.headers, "ключ"), dict.fromkeys(subject.headers, "\udcff"))
    for headers in (*wrong, *strange):
        with pytest.raises(BadSignature):
            subject.channel.authenticate(headers, body)
    if subject.headers:
        subject.channel.authenticate(subject.headers, body)
        subject.channel.authenticate({name.lower(): value for name, value in subject.headers.items()}, body)


async def test_an_unset_secret_is_a_closed_door(subject: Subject) -> None:
    closed = subject.unset or subject.channel
    for headers in (subject.headers, dict.fromkeys(subject.headers, ""), {}):
        with pytest.raises(BadSignature):
            closed.authenticate(headers, b"{}")


@pytest.mark.parametrize("body", GARBAGE, ids=range(len(GARBAGE)))
async def test_garbage_gives_nothing_and_never_raises(subject: Subject, body: bytes) -> None:
    assert list(subject.channel.read_update(body)) == []


async def test_words_come_in_whole_under_a_key_of_their_own(subject: Subject) -> None:
    bodies = [await subject.says(words) for words in ("hi", "white mug, ещё 2 🍵", "hi")]
    inbounds: list[Inbound] = []
    for body in bodies:
        (inbound,) = subject.channel.read_update(body)
        (again,) = subject.channel.read_update(body)
        assert (again.event_key, again.content) == (inbound.event_key, inbound.content)
        assert Inbound.model_validate_json(inbound.model_dump_json()) == inbound
        inbounds.append(inbound)
    assert [inbound.content.model_dump()["text"] for inbound in inbounds] == ["hi", "white mug, ещё 2 🍵", "hi"]
    assert len({inbound.event_key for inbound in inbounds}) == 3
    assert [inbound.order for inbound in inbounds] == sorted({inbound.order for inbound in inbounds})
    assert {inbound.address for inbound in inbounds} == {subject.to}
    assert all(inbound.at.tzinfo for inbound in inbounds)


async def test_zero_characters_and_half_surrogates_do_not_come_through(subject: Subject) -> None:
    body = (await subject.says("a-mark-b")).replace(b"-mark-", b"\\u0000\\ud800")
    (inbound,) = subject.channel.read_update(body)
    text = inbound.content.model_dump()["text"]
    assert text.startswith("a")
    assert "\x00" not in text
    assert text.encode()


async def test_an_answer_fitted_to_the_limits_is_seen_whole(subject: Subject) -> None:
    calls = fit(ANSWER, subject.channel.limits)
    for number, call in enumerate(calls):
        await subject.channel.send(subject.to, call, key=f"k{number}")
    seen = await subject.seen()
    for words in (
        "Here you are: <1> & two. 😀",
        "Add",
        "Back",
        "Terms",
        "https://shop.example/terms",
        "Mug 11",
        "12.00",
    ):
        assert words in seen
    assert seen.count("word") == 3000


async def test_what_no_call_can_carry_is_refused_before_the_network(subject: Subject) -> None:
    limits = subject.channel.limits
    too_long = Choice(title="Yes", payload="x" * (limits.payload + 1))
    for message in (
        say(TextPart(text="Sure?"), Choices(choices=(too_long,))),
        say(TextPart(text="x" * (limits.text + 1))),
        say(TextPart(text="?"), Choices(choices=(Choice(title="Yes", payload="y"),) * (limits.buttons + 1))),
        say(Cards(cards=(Card(title="Mug"),) * (limits.cards + 1))),
    ):
        with pytest.raises(Refused):
            await subject.channel.send(subject.to, message, key="k")
    assert not subject.touched()


async def test_a_message_sent_again_under_its_key_is_seen_once(subject: Subject) -> None:
    once = await subject.channel.send(subject.to, say(TextPart(text="only once")), key="k1")
    again = await subject.channel.send(subject.to, say(TextPart(text="only once")), key="k1")
    assert once == again
    await subject.channel.send(subject.to, say(TextPart(text="another")), key="k2")
    seen = await subject.seen()
    assert (seen.count("only once"), seen.count("another")) == (1, 1)


async def test_news_and_offers_sent_again_under_their_key_are_seen_once(subject: Subject) -> None:
    channel, sent = subject.channel, []
    for key in ("k1", "k1", "k2", "k2"):
        if isinstance(channel, SendsTemplates) and channel.template:
            sent.append(await channel.send_template(subject.to, f"in a template {key}", "en", key=f"t{key}"))
        if isinstance(channel, SendsOffers) and key == "k1":
            sent.append(await channel.send_offer(subject.to, say(TextPart(text="as an offer")), OPT_IN, key=f"o{key}"))
    seen = await subject.seen()
    once = [words for words in ("in a template k1", "in a template k2", "as an offer") if seen.count(words) == 1]
    assert (len(sent), len(set(sent)), len(once)) == ((6, 3, 3) if channel.name == "facebook" else (0, 0, 0))


async def test_each_trouble_of_the_platform_is_told_in_our_words(subject: Subject) -> None:
    for number, (happen, error) in enumerate(subject.breaks):
        await on_command(happen)
        with pytest.raises(error):
            await subject.channel.send(subject.to, say(TextPart(text="hi")), key=f"k{number}")


async def test_no_trouble_tells_a_secret(subject: Subject, capfd: pytest.CaptureFixture[str]) -> None:
    told: list[str] = []
    for number, (happen, _) in enumerate(subject.breaks):
        await on_command(happen)
        with pytest.raises(ShopkeeperError) as trouble:
            await subject.channel.send(subject.to, say(TextPart(text="hi")), key=f"k{number}")
        told += [str(trouble.value), repr(trouble.value), str(await subject.channel.check())]
    with pytest.raises(BadSignature) as forged:
        subject.channel.authenticate(dict.fromkeys(subject.headers, "wrong"), b"{}")
    everything = "\n".join([*told, str(forged.value), repr(subject.channel), *capfd.readouterr()])
    assert not [secret for secret in subject.secrets if secret in everything]


async def test_courtesies_never_raise(subject: Subject) -> None:
    (inbound,) = subject.channel.read_update(await subject.says("hi"))
    nobody = subject.to.model_copy(update={"peer": "404"})
    for happen, _ in (*subject.breaks, (lambda: None, ShopkeeperError)):
        await on_command(happen)
        await subject.channel.typing(subject.to)
        await subject.channel.typing(nobody)
        await subject.channel.acknowledge(inbound)


async def test_the_doctor_gets_one_line(subject: Subject) -> None:
    subject.set_up()
    health = await subject.channel.check()
    assert isinstance(health, Health)
    assert health.state == "ok"
    assert "\n" not in health.line


async def test_closing_twice_is_no_trouble(subject: Subject) -> None:
    await subject.channel.close()
    await subject.channel.close()


def test_no_messenger_is_imported_before_it_is_set_up() -> None:
    """aiogram alone takes seconds and 170 MB."""
    look = "import sys, integrations.messenger; print([m for m in ('aiogram', 'aiohttp', 'rich') if m in sys.modules])"
    root = Path(__file__).resolve().parents[2]
    out = subprocess.run([sys.executable, "-c", look], cwd=root, capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
