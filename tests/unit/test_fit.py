"""An answer fitted to any channel: nothing said is lost, nothing is longer than the channel allows."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channel import Limits
from bot.messages import (
    Ask,
    Card,
    Cards,
    Choice,
    Choices,
    Fitted,
    Image,
    Link,
    Outbound,
    Part,
    Receipt,
    ReceiptLine,
    TextPart,
)
from bot.render_fit import by_number, fit
from bot.render_split import measure, split

TELEGRAM = Limits(text=4096, text_unit="utf16", buttons=30, button_title=40, payload=64, caption=1024, edits=True)
TERMINAL = Limits(text=4000, buttons=0, images=False, links_as_buttons=False)
INSTAGRAM = Limits(text=1000, text_unit="bytes", buttons=13, button_title=20, payload=1000, cards=10, caption=0)


def say(*parts: Part) -> Outbound:
    return Outbound(parts=parts)


def text(words: str) -> TextPart:
    return TextPart(text=words)


def choices(*titles: str) -> Choices:
    return Choices(choices=tuple(Choice(title=title, payload=f"t{place}") for place, title in enumerate(titles)))


def card(title: str, *buttons: str, price: str = "", subtitle: str = "", image: str | None = None) -> Card:
    taps = tuple(Choice(title=button, payload=f"{title}/{button}") for button in buttons)
    return Card(title=title, price=price, subtitle=subtitle, image=image, buttons=taps)


def titles(fitted: Fitted) -> list[str]:
    return [choice.title for part in fitted.parts if isinstance(part, Choices) for choice in part.choices]


def words(fitted: Fitted) -> str:
    return "\n".join(part.text for part in fitted.parts if isinstance(part, TextPart))


def test_text_and_choices_are_one_call() -> None:
    (call,) = fit(say(text("Add it?"), choices("Yes", "No")), TELEGRAM)
    assert call.parts == (text("Add it?"), choices("Yes", "No"))
    assert call.degraded == ()


def test_picture_words_and_choices_are_one_call() -> None:
    (call,) = fit(say(text("This one?"), Image(url="/mug.jpg", alt="A mug"), choices("Add")), TELEGRAM)
    assert call.parts == (Image(url="/mug.jpg", alt="A mug"), text("This one?"), choices("Add"))


def test_words_too_long_for_a_caption_go_beside_the_picture() -> None:
    calls = fit(say(text("x" * 1025), Image(url="/mug.jpg"), choices("Add")), TELEGRAM)
    assert [type(part).__name__ for call in calls for part in call.parts] == ["TextPart", "Image", "Choices"]
    calls = fit(say(Image(url="/mug.jpg"), text("x" * 1025), choices("Add")), TELEGRAM)
    assert [[type(part).__name__ for part in call.parts] for call in calls] == [["Image"], ["TextPart", "Choices"]]


def test_without_buttons_choices_are_numbered_words() -> None:
    (call,) = fit(say(text("Which one?"), choices("White mug", "Black mug")), TERMINAL)
    assert call.words() == "Which one?\n\n1. White mug\n2. Black mug"
    assert call.degraded == ("choices: numbered text",)


def test_too_many_choices_are_numbered_and_the_first_keep_a_button() -> None:
    few = Limits(text=1000, buttons=3)
    (call,) = fit(say(text("Size?"), choices("S", "M", "L", "XL")), few)
    assert words(call) == "Size?\n\n1. S\n2. M\n3. L\n4. XL"
    assert titles(call) == ["1. S", "2. M", "3. L"]


def test_a_long_title_is_shortened_only_while_it_can_be_told_apart() -> None:
    narrow = Limits(text=1000, buttons=5, button_title=12)
    (call,) = fit(say(text("Where?"), choices("Boxberry Ozo 25", "DHL to the door")), narrow)
    assert titles(call) == ["Boxberry Oz…", "DHL to the…"]
    assert words(call) == "Where?"
    (call,) = fit(say(text("Where?"), choices("Boxberry Ozo 25", "Boxberry Ozo 14")), narrow)
    assert words(call) == "Where?\n\n1. Boxberry Ozo 25\n2. Boxberry Ozo 14"
    assert titles(call) == ["1. Boxberry…", "2. Boxberry…"]


def test_a_payload_that_cannot_be_carried_is_answered_by_number() -> None:
    long = Choices(choices=(Choice(title="Yes", payload="y"), Choice(title="No", payload="й" * 33)))
    (call,) = fit(say(text("Sure?"), long), TELEGRAM)
    assert words(call) == "Sure?\n\n1. Yes\n2. No"
    assert titles(call) == ["1. Yes"]


def test_one_card_is_its_picture_with_a_caption() -> None:
    mug = card("Aurora mug", "Add", "More", price="12.00", subtitle="white", image="/mug.jpg")
    (call,) = fit(say(text("Here it is"), Cards(cards=(mug,)), choices("Back")), TELEGRAM)
    assert call.parts[0] == Image(url="/mug.jpg", alt="")
    assert words(call) == "Here it is\n\nAurora mug — 12.00\nwhite"
    assert titles(call) == ["Add", "More", "Back"]


def test_several_cards_are_a_numbered_list_with_numbered_buttons() -> None:
    shelf = Cards(
        cards=(
            card("Aurora mug", "Add", price="12.00", subtitle="white"),
            card("Pine candle", "Add", price="9.50"),
        )
    )
    answer = say(text("Look:"), shelf, choices("Checkout"))
    (call,) = fit(answer, TELEGRAM)
    assert words(call) == "Look:\n\n1. Aurora mug — 12.00\nwhite\n2. Pine candle — 9.50"
    assert titles(call) == ["1. Add", "2. Add", "Checkout"]
    (typed,) = fit(answer, TERMINAL)
    assert typed.words() == (
        "Look:\n\n1. Aurora mug — 12.00\nwhite\n[Add]\n2. Pine candle — 9.50\n[Add]\n\n3. Checkout"
    )
    assert [choice.title for choice in by_number(answer)] == ["Add", "Add", "Checkout"]


def test_cards_of_their_own_stay_cards_and_say_in_full_what_they_cannot_hold() -> None:
    long = "A very long name of a mug that nobody would ever print on a label of eighty letters, would he?"
    calls = fit(say(Cards(cards=tuple(card(f"Mug {n}", "Add") for n in range(11)))), INSTAGRAM)
    assert [len(part.cards) for call in calls for part in call.parts if isinstance(part, Cards)] == [10, 1]
    before, cards = fit(say(Cards(cards=(card(long, "Add"),))), INSTAGRAM)
    assert words(before) == long
    (part,) = cards.parts
    assert isinstance(part, Cards)
    assert len(part.cards[0].title) <= 80


def test_links_and_receipts_become_words_where_the_channel_has_none() -> None:
    receipt = Receipt(number="LU-1", lines=(ReceiptLine(title="Mug", amount="12.00 €"),), total="12.00 €")
    (call,) = fit(say(receipt, Link(title="Pay", url="https://shop.example/pay/x")), TERMINAL)
    assert call.words() == "LU-1\nMug — 12.00 €\n= 12.00 €\n\nPay: https://shop.example/pay/x"
    (call,) = fit(say(receipt, Link(title="Pay", url="https://shop.example/pay/x")), TELEGRAM)
    assert call.parts[1] == Link(title="Pay", url="https://shop.example/pay/x")


def test_a_question_is_asked_in_words_where_the_channel_cannot_ask_itself() -> None:
    ask = Ask(what="phone", title="Share my phone")
    (call,) = fit(say(text("Your phone?"), ask), Limits(text=100, asks=frozenset({"phone"})))
    assert call.parts == (text("Your phone?"), ask)
    (call,) = fit(say(text("Your phone?"), ask), TERMINAL)
    assert call.words() == "Your phone?"
    (call,) = fit(say(ask), TERMINAL)
    assert call.words() == "Share my phone"


def test_choices_alone_get_words_to_stand_under() -> None:
    (call,) = fit(say(choices("Yes", "No")), TELEGRAM)
    assert words(call) == "Yes\nNo"


def test_a_manager_signs_every_call() -> None:
    calls = fit(Outbound(parts=(text("a " * 3000),), author="manager", name="Olga"), TELEGRAM)
    assert len(calls) == 2
    assert {(call.author, call.name) for call in calls} == {("manager", "Olga")}
    assert calls[-1].degraded == ("text: split",)


@pytest.mark.parametrize(
    ("words", "limit", "pieces"),
    [
        ("One two.\n\nThree four.", 14, ("One two.", "Three four.")),
        ("One two. Three four.", 14, ("One two.", "Three four.")),
        ("aaaa bbbb cccc", 9, ("aaaa bbbb", "cccc")),
        ("aaaaaaaaaa", 4, ("aaaa", "aaaa", "aa")),
        ("ab👩‍👩‍👧", 4, ("ab", "👩‍👩‍", "👧")),
        ("e\u0301e\u0301", 3, ("e\u0301", "e\u0301")),
        ("🇱🇹🇺🇦", 3, ("🇱🇹", "🇺🇦")),
    ],
)
def test_text_is_cut_at_the_best_border(words: str, limit: int, pieces: tuple[str, ...]) -> None:
    assert split(words, limit, "chars") == pieces


def test_text_is_counted_in_the_unit_of_the_channel() -> None:
    assert split("😀😀😀", 4, "utf16") == ("😀😀", "😀")
    assert split("йййй", 5, "bytes") == ("йй", "йй")
    assert split("йййй", 5, "chars") == ("йййй",)


# ---- for any answer and any limits ---------------------------------------------------------------

WORDS = st.text(alphabet=st.sampled_from(list("abcйü 😀👍🏽é.,\n1")), max_size=60)
TITLES = st.text(alphabet=st.sampled_from(list("abcdй 😀")), min_size=1, max_size=30).filter(str.strip)
CHOICE = st.builds(Choice, title=TITLES, payload=st.text(alphabet="abй", max_size=50))
CARD = st.builds(
    Card,
    title=TITLES,
    subtitle=WORDS,
    price=st.sampled_from(["", "12.00 €"]),
    image=st.sampled_from([None, "/mug.jpg"]),
    buttons=st.lists(CHOICE, max_size=3).map(tuple),
)
PART = st.one_of(
    st.builds(TextPart, text=WORDS),
    st.builds(Choices, choices=st.lists(CHOICE, min_size=1, max_size=6).map(tuple)),
    st.builds(Cards, cards=st.lists(CARD, min_size=1, max_size=4).map(tuple)),
    st.builds(Image, url=st.just("https://shop.example/a.jpg"), alt=WORDS),
    st.builds(Link, title=TITLES, url=st.sampled_from(["https://shop.example/1", "https://shop.example/2"])),
    st.builds(
        Receipt,
        number=st.sampled_from(["", "LU-1"]),
        lines=st.lists(st.builds(ReceiptLine, title=TITLES, amount=st.just("9.50")), max_size=3).map(tuple),
        total=st.just("9.50"),
    ),
)
LIMITS = st.builds(
    Limits,
    text=st.integers(8, 80),
    text_unit=st.sampled_from(["chars", "utf16", "bytes"]),
    buttons=st.integers(0, 6),
    button_title=st.integers(1, 20),
    payload=st.integers(10, 64),
    cards=st.integers(0, 3),
    card_title=st.integers(10, 40),
    images=st.booleans(),
    caption=st.integers(0, 60),
    links_as_buttons=st.booleans(),
    receipts=st.booleans(),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PART, max_size=5), LIMITS)
def test_no_word_is_lost_and_every_call_is_inside_the_limits(parts: list[Part], limits: Limits) -> None:
    message = say(*parts)
    calls = fit(message, limits)
    assert bool(calls) == bool(Fitted(parts=message.parts).words().strip() or any(isinstance(p, Image) for p in parts))
    said = squeeze("\n".join(call.words() for call in calls))
    shown = [squeeze(button.title) for call in calls for button in buttons_of(call)]
    for word in Fitted(parts=message.parts).words().split("\n"):
        wanted = squeeze(word)
        cut = any(title.endswith("…") and wanted.startswith(unnumbered(title)[:-1]) for title in shown)
        assert cut or all(token in said for token in word.split()), word
    for place, call in enumerate(calls):
        inside(call, limits, last=place == len(calls) - 1)


@settings(max_examples=200, deadline=None)
@given(st.lists(CARD, max_size=3), st.lists(CHOICE, min_size=1, max_size=6), LIMITS)
def test_a_number_means_the_same_in_words_and_on_buttons(cards: list[Card], taps: list[Choice], limits: Limits) -> None:
    message = say(text("Which?"), *([Cards(cards=tuple(cards))] if cards else []), Choices(choices=tuple(taps)))
    meaning = by_number(message)
    every = [*(button for card in cards for button in card.buttons), *taps]
    for call in fit(message, limits):
        for part in call.parts:
            for button in part.choices if isinstance(part, Choices) else ():
                number = re.match(r"(\d+)(\.|$)", button.title)
                if number is None:
                    assert any(button.payload == choice.payload for choice in every)
                elif not any(c.payload == button.payload for card in cards for c in card.buttons[1:]):
                    assert meaning[int(number[1]) - 1].payload == button.payload


def inside(call: Fitted, limits: Limits, *, last: bool) -> None:
    spoken = words(call)
    assert measure(spoken, limits.text_unit) <= limits.text
    if any(isinstance(part, Image) for part in call.parts):
        assert limits.images
        assert len(spoken) <= limits.caption
    assert bool(call.parts)
    controls = [part for part in call.parts if isinstance(part, Link | Choices)]
    assert last or not controls
    assert not any(isinstance(part, Receipt) for part in call.parts) or limits.receipts
    under = [*(p for p in controls if isinstance(p, Link)), *titles(call)]
    assert len(under) <= limits.buttons or (not titles(call) and limits.buttons == 0)
    for part in call.parts:
        if isinstance(part, Cards):
            assert 0 < len(part.cards) <= limits.cards
            assert all(len(card.title) <= limits.card_title for card in part.cards)
    for button in buttons_of(call):
        assert 0 < len(button.title) <= max(limits.button_title, 2)
        assert 0 < len(button.payload.encode()) <= limits.payload


def buttons_of(call: Fitted) -> list[Choice]:
    native = [b for part in call.parts if isinstance(part, Cards) for card in part.cards for b in card.buttons]
    links = [Choice(title=part.title, payload="url") for part in call.parts if isinstance(part, Link)]
    return [*native, *links, *(c for part in call.parts if isinstance(part, Choices) for c in part.choices)]


def squeeze(words: str) -> str:
    return re.sub(r"\s+", "", words)


def unnumbered(title: str) -> str:
    return re.sub(r"^\d+\.", "", title)
