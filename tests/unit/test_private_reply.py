"""One message for a comment: never cut silently, never asking what it did not show."""

from __future__ import annotations

from bot.messages import Card, Cards, Choice, Choices, Fitted, Outbound, Part, TextPart
from bot.private_reply import in_one_message
from bot.render_split import measure
from integrations.messenger.instagram import Instagram

INTRO = "Вітаю! Я бот магазину."
QUESTION = "Який колір?"
COLOURS = Choices(choices=(Choice(title="Білий", payload="t1"), Choice(title="Синій", payload="t2")))


def told(*parts: Part) -> tuple[str, bool]:
    message, asks = in_one_message(INTRO, Outbound(parts=parts, question=QUESTION), Instagram.limits)
    return words(message), asks


def words(message: Fitted) -> str:
    [part] = message.parts
    assert isinstance(part, TextPart)
    assert measure(part.text, "bytes") <= 1000
    return part.text


def test_a_short_answer_stays_as_it_is() -> None:
    said, asks = told(TextPart(text=f"Свічка: 9,50 €.\n\n{QUESTION}"), COLOURS)
    assert (said, asks) == (f"{INTRO}\n\nСвічка: 9,50 €.\n\n{QUESTION}\n\n1. Білий\n2. Синій", True)


def test_the_description_goes_before_the_question() -> None:
    card = Card(title="Свічка", subtitle="тепле світло " * 60, price="9,50 €")
    said, asks = told(TextPart(text="Ось вона:"), Cards(cards=(card,)), TextPart(text=QUESTION), COLOURS)
    assert ("9,50 €" in said, QUESTION in said, "2. Синій" in said, asks) == (True, True, True, True)
    assert "тепле світло" not in said


def test_long_words_go_before_the_question() -> None:
    said, asks = told(TextPart(text=f"{'дуже довго ' * 70}\n\nСвічка: 9,50 €.\n\n{QUESTION}"), COLOURS)
    assert ("9,50 €" in said, QUESTION in said, "2. Синій" in said, asks) == (True, True, True, True)


def test_what_cannot_be_shown_is_not_asked() -> None:
    many = Choices(choices=tuple(Choice(title=f"Дуже гарний колір {n}", payload=f"t{n}") for n in range(40)))
    said, asks = told(TextPart(text=f"Свічка: 9,50 €.\n\n{QUESTION}"), many)
    assert (said, asks) == (f"{INTRO}\n\nСвічка: 9,50 €.", False)
