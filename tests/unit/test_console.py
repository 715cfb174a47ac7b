"""The terminal: who speaks is named, and what is not a terminal gets no colours."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest

from base.clock import StandingClock
from base.errors import Refused
from bot.messages import Choice, Choices, Fitted, Outbound, Part, Text, TextPart
from bot.render_fit import fit
from integrations.messenger.console import Console


def say(*parts: Part) -> Fitted:
    (call,) = fit(Outbound(parts=parts), Console.limits)
    return call


async def test_the_shop_offers_numbers_in_plain_text() -> None:
    screen = io.StringIO()
    console = Console(out=screen)
    choices = Choices(choices=(Choice(title="White [mug]", payload="a"), Choice(title="Black mug", payload="b")))
    await console.send(console.address, say(TextPart(text="Which one? :smile:"), choices), key="1")
    assert screen.getvalue() == "Shop: Which one? :smile:\n\n1. White [mug]\n2. Black mug\n"


async def test_a_manager_speaks_under_his_name() -> None:
    screen = io.StringIO()
    console = Console(out=screen)
    await console.send(
        console.address, Fitted(parts=(TextPart(text="Hello!"),), author="manager", name="Olga"), key="1"
    )
    assert screen.getvalue() == "Olga: Hello!\n"


async def test_an_empty_message_is_refused() -> None:
    console = Console(out=io.StringIO())
    with pytest.raises(Refused):
        await console.send(console.address, Fitted(parts=()), key="1")


def test_lines_are_in_order_even_when_the_clock_stands_still() -> None:
    clock = StandingClock(datetime(2026, 11, 24, 12, tzinfo=UTC))
    console = Console(locale="ru", clock=clock)
    first, second = console.inbound("здрасьте"), console.inbound("2")
    clock.move(timedelta(seconds=1))
    later = Console(clock=clock).inbound("again")  # another run of the same terminal
    assert first.order < second.order < later.order
    assert (first.content, first.profile.locale) == (Text(text="здрасьте"), "ru")
    assert first.event_key != second.event_key
