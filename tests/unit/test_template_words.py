"""What a template says of a message: all that can be read or typed, in one line."""

from __future__ import annotations

from bot.messages import Card, Cards, Choice, Choices, Fitted, Link, Part, TextPart
from bot.template_words import template_words


def words(*parts: Part) -> str:
    return template_words(Fitted(parts=parts))


def test_the_address_to_pay_at_and_the_choices_are_in_the_words() -> None:
    said = words(
        TextPart(text="The payment did not go through.\n\nYou can try again:"),
        Link(title="Pay now", url="https://shop.example/pay/1"),
        Choices(choices=(Choice(title="Pay another way", payload="t1"), Choice(title="A person", payload="t2"))),
    )
    assert said == (
        "The payment did not go through. You can try again: Pay now: https://shop.example/pay/1"
        " (Pay another way / A person)"
    )


def test_a_message_without_text_is_told_in_the_words_that_it_has() -> None:
    assert words(Cards(cards=(Card(title="Mug", price="€12.00"),))) == "Mug €12.00"
