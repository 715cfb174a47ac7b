"""What managers see: the queue in its order, the thread in its order, the customer beside it."""

from __future__ import annotations

import pytest

from base.db import Database
from base.money import Money
from bot.messages import Choice, Choices, Photo, Start, Tap
from bot.ownership import NoSuchConversation
from desk import actions
from desk.customer import open_dialogs
from desk.queue import QueueRow, View, count_views, list_conversations
from desk.thread import Thread, read_thread
from tests.integration.desk_shop import DeskShop, understood


@pytest.fixture
async def shop(db: Database) -> DeskShop:
    shop = DeskShop(db)
    await shop.hire()
    return shop


async def listed(shop: DeskShop, view: View) -> list[QueueRow]:
    async with shop.db.begin() as tx:
        return await list_conversations(tx, view, shop.anna.id, now=shop.clock.now())


async def names(shop: DeskShop, view: View) -> list[str]:
    return [row.name for row in await listed(shop, view)]


async def thread_of(shop: DeskShop, conversation: str, limit: int = 200) -> Thread:
    async with shop.db.begin() as tx:
        return await read_thread(tx, conversation, limit=limit)


async def test_the_queue_puts_money_at_risk_first_then_who_waits_longest(shop: DeskShop) -> None:
    for name in ("First", "Second", "Cart", "Order"):
        conversation = await shop.conversation(name)
        if name == "Cart":
            await shop.cart(conversation, CAN=2)
        if name == "Order":
            await shop.cart(conversation, CAN=1)
            await shop.order(conversation, "LU-1", 4000)
        await shop.asks_for_person(conversation)
        shop.pass_time(minutes=5)
    waiting = await listed(shop, "waiting")
    assert [(row.name, row.stake) for row in waiting] == [
        ("Order", Money(4000, "EUR")),
        ("Cart", Money(1900, "EUR")),
        ("First", None),
        ("Second", None),
    ]


async def test_an_order_that_is_paid_is_at_stake_no_more(shop: DeskShop) -> None:
    conversation = await shop.conversation()
    await shop.order(conversation, "LU-1", 4000, "paid")
    await shop.asks_for_person(conversation)
    assert [row.stake for row in await listed(shop, "waiting")] == [None]


async def test_each_conversation_is_in_the_view_of_who_has_it(shop: DeskShop) -> None:
    waiting, mine, hers, bot = [await shop.conversation(name) for name in ("Waiting", "Mine", "Hers", "Bot")]
    back = await shop.conversation("Back")
    await shop.asks_for_person(waiting, "angry")
    async with shop.db.begin() as tx:
        now = shop.clock.now()
        await actions.take(tx, mine, shop.anna, now=now)
        await actions.take(tx, hers, shop.olga, now=now)
        await actions.take(tx, back, shop.anna, now=now)
        await actions.release(tx, back, shop.anna, resume=True, now=now)
        counts = await count_views(tx, shop.anna.id, now=now)
    assert await names(shop, "waiting") == ["Waiting"]
    assert await names(shop, "mine") == ["Mine"]
    assert await names(shop, "colleagues") == ["Hers"]
    assert set(await names(shop, "bot")) == {"Bot", "Back"}
    assert await names(shop, "done") == ["Back"]
    assert len(await names(shop, "all")) == 5
    assert counts.model_dump() == {"waiting": 1, "mine": 1, "colleagues": 1, "bot": 2, "done": 1}
    assert [row.reason for row in await listed(shop, "waiting")] == ["angry"]
    assert bot


async def test_yesterdays_talk_is_no_talk_any_more(shop: DeskShop) -> None:
    await shop.conversation("Yesterday")
    shop.pass_time(hours=25)
    await shop.conversation("Today")
    assert await names(shop, "bot") == ["Today"]


async def test_a_row_shows_the_customers_words_and_not_the_notice_that_a_person_is_called(shop: DeskShop) -> None:
    conversation = await shop.conversation("")
    await shop.heard(conversation, "a human please, I have been asking for an hour and " + "very " * 40)
    await shop.asks_for_person(conversation)
    await shop.said(conversation, "I am calling a person.", author="system")
    (row,) = await listed(shop, "waiting")
    assert row.last_words.startswith("a human please")
    assert row.last_words.endswith("…")
    assert row.name == f"Web guest {conversation[:4]}"


async def test_who_waits_for_my_answer_comes_before_who_has_it(shop: DeskShop) -> None:
    quiet, asking = await shop.conversation("Quiet"), await shop.conversation("Asking")
    for conversation in (quiet, asking):
        await shop.heard(conversation, "hello?")
        shop.pass_time(minutes=1)
        async with shop.db.begin() as tx:
            await actions.reply(tx, conversation, shop.anna, "Hi!", now=shop.clock.now(), key="key-one-1", limits={})
    shop.pass_time(minutes=1)
    await shop.heard(asking, "and the price?")
    await shop.said(asking, "a notice", author="system")
    mine = await listed(shop, "mine")
    assert [(row.name, row.waiting_since is not None) for row in mine] == [("Asking", True), ("Quiet", False)]


async def test_the_thread_tells_everything_in_the_order_it_happened(shop: DeskShop) -> None:
    conversation = await shop.conversation("Ana")
    await shop.heard(conversation, Start(source="instagram"))
    await shop.said(conversation, "Hello!", Choices(choices=(Choice(title="Gift", payload="g"),)))
    shop.pass_time(minutes=1)
    await shop.heard(conversation, Tap(payload="g", title="Gift"))
    await shop.said(conversation, "For whom?", status="dropped")
    shop.pass_time(minutes=1)
    await shop.heard(conversation, "human", parsed=understood("human", "human", 0.98, city="Vilnius"))
    await shop.asks_for_person(
        conversation, "asked", goal="a gift", cart=["1 × Pine candle"], mood="calm", language="en"
    )
    shop.pass_time(minutes=1)
    async with shop.db.begin() as tx:
        await actions.reply(tx, conversation, shop.olga, "Olga here.", now=shop.clock.now(), key="key-one-1", limits={})
        await actions.note(tx, conversation, shop.anna, "A regular.", now=shop.clock.now())
    await shop.heard(conversation, Photo(reference="f1", caption="this one"))
    await shop.order(conversation, "LU-7", 950, "paid")
    shop.pass_time(minutes=1)
    async with shop.db.begin() as tx:
        await actions.release(tx, conversation, shop.olga, resume=True, now=shop.clock.now())

    thread = await thread_of(shop, conversation)
    assert [(entry.kind, entry.who, entry.text, entry.delivery) for entry in thread.entries] == [
        ("event", "", "opened the conversation from instagram", None),
        ("bot", "", "Hello!\nGift", "sent"),
        ("customer", "", "Gift", None),
        ("bot", "", "For whom?", "dropped"),
        ("customer", "", "human", None),
        ("event", "", "To the queue: asked for a person", None),
        ("customer", "", "[photo] this one", None),
        ("event", "", "Order paid · LU-7", None),
        ("event", "", "Olga took over", None),
        ("note", "Anna", "A regular.", None),
        ("manager", "Olga", "Olga here.", "waiting"),
        ("event", "", "Handed back to the bot, which goes on", None),
    ]
    (clause,) = thread.entries[4].understood
    assert (clause.intent, clause.confidence, clause.found) == ("human", 0.98, (("city", "Vilnius"),))
    assert thread.handoff is None
    assert [order.number for order in thread.customer.orders] == ["LU-7"]
    assert thread.model_dump(mode="json")["customer"]["orders"][0]["total"] == {"amount_minor": 950, "currency": "EUR"}


async def test_the_handoff_brings_its_summary(shop: DeskShop) -> None:
    conversation = await shop.conversation()
    await shop.asks_for_person(
        conversation, "payment", goal="pay", cart=["2 × Candle"], total="€19.00", orders=["LU-1"], mood="annoyed",
        language="ru", last=[{"who": "customer", "text": "it does not work"}],
    )  # fmt: skip
    told = (await thread_of(shop, conversation)).handoff
    assert told is not None
    assert told.tells
    assert (told.reason, told.goal, told.cart, told.total) == ("payment", "pay", ("2 × Candle",), "€19.00")
    assert (told.orders, told.mood, told.language) == (("LU-1",), "annoyed", "ru")
    assert told.last == (("customer", "it does not work"),)


async def test_a_long_thread_shows_its_end_and_says_that_there_is_more(shop: DeskShop) -> None:
    conversation = await shop.conversation()
    for number in range(12):
        await shop.heard(conversation, f"line {number}")
    thread = await thread_of(shop, conversation, limit=5)
    assert [entry.text for entry in thread.entries] == [f"line {number}" for number in range(7, 12)]
    assert thread.earlier
    assert not (await thread_of(shop, conversation, limit=12)).earlier


async def test_the_cart_and_the_consents_stand_beside_the_thread(shop: DeskShop) -> None:
    conversation = await shop.conversation()
    await shop.cart(conversation, **{"MUG-white": 2, "CAN": 1})
    async with shop.db.begin() as tx:
        for granted in (True, False):
            await tx.execute(
                """INSERT INTO consent (customer, kind, granted, source, at)
                   SELECT customer_id, 'stock_alert', %s, 'chat', %s FROM conversation""",
                granted, shop.clock.now(),
            )  # fmt: skip
    customer = (await thread_of(shop, conversation)).customer
    assert customer.cart is not None
    assert [(line.name, line.quantity, line.total) for line in customer.cart.lines] == [
        ("Aurora mug, white", 2, Money(2400, "EUR")),
        ("Pine candle", 1, Money(950, "EUR")),
    ]
    assert customer.cart.goods == Money(3350, "EUR")
    assert [(consent.kind, consent.granted) for consent in customer.consents] == [("stock alert", False)]


async def test_an_unknown_conversation_is_said_to_be_unknown(shop: DeskShop) -> None:
    with pytest.raises(NoSuchConversation):
        await thread_of(shop, "nobody")


def test_open_dialogs_are_told_with_their_slots_and_the_step_they_wait_at() -> None:
    state = {
        "stack": [
            {"id": "a", "dialog": "checkout", "slots": {"delivery": "dhl", "agreed": True, "note": ""}},
            {"id": "b", "dialog": "promo", "slots": {"gain": {"amount_minor": 500, "currency": "EUR"}}},
        ],
        "question": {"owner": "b", "step": "code"},
        "background": [{"id": "c", "dialog": "delivery_watch", "pending": "delivered"}],
    }
    told = [(one.dialog, one.slots, one.waits, one.background) for one in open_dialogs(state)]
    assert told == [
        ("promo", (("gain", "5.00 EUR"),), "code", False),
        ("checkout", (("delivery", "dhl"), ("agreed", "yes")), "", False),
        ("delivery watch", (), "delivered", True),
    ]


@pytest.mark.parametrize("state", [None, {}, {"stack": "?"}, {"stack": [1, {"dialog": ""}], "question": 7}])
def test_a_state_of_another_version_shows_nothing_rather_than_failing(state: dict[str, object] | None) -> None:
    assert open_dialogs(state) == ()
