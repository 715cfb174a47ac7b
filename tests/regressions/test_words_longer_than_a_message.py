"""More than one message of the channel holds, or its buttons: a manager's words and all addresses arrive."""

from __future__ import annotations

from base.ids import new_id
from bot import ownership
from bot.messages import Card, Cards, Link, Outbound, TextPart
from bot.ownership import Manager
from bot.render_fit import fit
from integrations.messenger.facebook import Facebook
from integrations.meta.build import FACEBOOK, build_message
from tests.contracts.graph_rules import check_message, words_of
from tests.integration.meta_shop import Meta, meta_shop, quiet

OLGA = Manager("o" * 32, "Olga")
WORD, LONG = "молоко ", "milk shake "
LINKS = tuple(Link(title=f"Pay {n}", url=f"https://shop.example/pay/{n}/{'x' * 110}") for n in range(4))


async def writes(meta: Meta, text: str) -> list[str]:
    """What reaches the customer of what Olga writes."""
    await meta.deliver(*meta.graph.says("7001", "hi"))
    await quiet(meta)
    before, house = len(meta.graph.person("7001").seen), meta.shop.house
    async with house.db.begin() as tx:
        row = await tx.row("SELECT id FROM conversation")
        assert row is not None
        limits = {name: channel.limits for name, channel in house.channels.items()}
        await ownership.reply(tx, row["id"], OLGA, text, now=house.clock.now(), key=new_id(), limits=limits)
    await house.turns.settle(row["id"])
    await quiet(meta)
    return [words_of(message) for message in meta.graph.person("7001").seen[before:]]


async def test_600_cyrillic_letters_reach_instagram_in_several_messages_in_their_order(database_url: str) -> None:
    text = " ".join(f"{WORD}{number}" for number in range(100))
    async with meta_shop("instagram", database_url) as meta:
        said = await writes(meta, text)
    assert len(said) == 2
    assert all(one.startswith("Olga:\n") for one in said)
    assert " ".join(one.removeprefix("Olga:\n") for one in said).split() == text.split()


async def test_a_long_reply_reaches_messenger_whole(database_url: str) -> None:
    text = " ".join(f"{LONG}{number}" for number in range(200))
    async with meta_shop("facebook", database_url) as meta:
        said = await writes(meta, text)
    assert len(said) == 2
    assert " ".join(one.removeprefix("Olga:\n") for one in said).split() == text.split()


def seen(answer: Outbound) -> str:
    """What a person reads of the answer in Messenger, every call inside Meta's limits."""
    built = [build_message(call, FACEBOOK, public_url="https://shop.example") for call in fit(answer, Facebook.limits)]
    for message in built:
        check_message(message, instagram=False)
    return "\n".join(map(words_of, built))


def test_long_words_and_four_addresses_are_all_said() -> None:
    read = seen(Outbound(parts=(TextPart(text="a" * 1590), *LINKS)))
    assert [link.url for link in LINKS if link.url not in read] == []


def test_the_fourth_address_beside_cards_is_said_too() -> None:
    cards = Cards(cards=(Card(title="Mug", price="€12.00"), Card(title="Cup", price="€9.00")))
    read = seen(Outbound(parts=(TextPart(text="Look:"), cards, *LINKS)))
    assert [link.url for link in LINKS if link.url not in read] == []


def test_short_words_keep_their_buttons() -> None:
    [call] = fit(Outbound(parts=(TextPart(text="Pay here:"), *LINKS[:2])), Facebook.limits)
    assert [part for part in call.parts if isinstance(part, Link)] == list(LINKS[:2])
