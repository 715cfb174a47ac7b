"""An invoice from the answer to the call: amounts in Telegram's own units, lines that add up, and what is refused."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.errors import BadInput, Refused
from base.money import Money
from bot.channel import Limits
from bot.messages import Choice, Choices, Fitted, Invoice, InvoiceLine, TextPart
from bot.render import compose
from bot.render_fit import fit
from bot.state import Sentence, State
from bot.steps import InvoiceSpec, Say, button
from bot.steps import Offer as Offered
from bot.texts import Texts
from integrations.messenger.telegram.adapter import Telegram
from integrations.messenger.telegram.invoice import build_invoice
from integrations.telegram_money import CURRENCIES, our_amount, telegram_amount
from tests.unit.test_texts import FOLDER

TEXTS = Texts.load(FOLDER, zone=ZoneInfo("Europe/Vilnius"))
BILL = Invoice(
    title="Order LU-7K3F-9QXA", description="2 × mug", payload="payment-1", pay="Pay now", total="€21.60",
    lines=(
        InvoiceLine(title="2 × mug", amount=Money(2400, "EUR")), InvoiceLine(title="OFF", amount=Money(-240, "EUR")),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "units"),
    [
        (Money(1250, "EUR"), 1250),
        (Money(500, "JPY"), 500),
        (Money(500, "RSD"), 50_000),  # CLDR writes dinars without decimals, Telegram with two
        (Money(-7, "VND"), -7),
    ],
)
def test_an_amount_is_written_in_telegrams_own_units(amount: Money, units: int) -> None:
    assert telegram_amount(amount) == units
    assert our_amount(units, amount.currency) == amount


@given(st.sampled_from(sorted(CURRENCIES)), st.integers(-(10**12), 10**12))
def test_an_amount_comes_back_as_it_went(currency: str, minor: int) -> None:
    assert our_amount(telegram_amount(Money(minor, currency)), currency) == Money(minor, currency)


def test_what_cannot_be_counted_is_refused_and_never_rounded() -> None:
    with pytest.raises(BadInput, match="does not take XAF"):
        telegram_amount(Money(100, "XAF"))
    with pytest.raises(BadInput, match="no whole sum"):
        our_amount(50_050, "RSD")


def test_the_call_holds_every_line_and_pays_first() -> None:
    choices = Choices(choices=(Choice(title="Pay another way", payload="t1"), Choice(title="A person", payload="t2")))
    call = build_invoice("7", Fitted(parts=(BILL, choices)), BILL, "1:LIVE:x")
    assert [(price.label, price.amount) for price in call.prices] == [("2 × mug", 2400), ("OFF", -240)]
    assert call.start_parameter == "invoice"
    assert call.reply_markup is not None
    first, *others = [button for row in call.reply_markup.inline_keyboard for button in row]
    assert (first.text, first.pay, first.callback_data) == ("Pay now", True, None)
    assert [other.callback_data for other in others] == ["t1", "t2"]
    alone = build_invoice("7", Fitted(parts=(BILL,)), BILL, "1:LIVE:x")
    assert alone.reply_markup is None


def test_what_is_too_long_is_shortened_and_nothing_is_empty() -> None:
    long = BILL.model_copy(update={"title": "Замовлення " * 5, "description": "чашка, " * 60})
    call = build_invoice("7", Fitted(parts=(long,)), long, "1:LIVE:x")
    assert (len(call.title), len(call.description)) == (32, 255)
    bare = BILL.model_copy(update={"description": ""})
    assert build_invoice("7", Fitted(parts=(bare,)), bare, "1:LIVE:x").description == BILL.title


@pytest.mark.parametrize(
    ("changed", "token", "reason"),
    [
        ({}, "", "PROVIDER_TOKEN is not set"),
        ({"payload": "й" * 65}, "1:LIVE:x", "between 1 and 128 bytes"),
        ({"payload": ""}, "1:LIVE:x", "between 1 and 128 bytes"),
        ({"lines": (InvoiceLine(title="mug", amount=Money(100, "XAF")),)}, "1:LIVE:x", "does not take XAF"),
        ({"lines": (InvoiceLine(title="mug", amount=Money(0, "EUR")),)}, "1:LIVE:x", "above zero"),
    ],
)
def test_what_telegram_cannot_collect_is_refused_before_any_network(
    changed: dict[str, Any], token: str, reason: str
) -> None:
    bill = BILL.model_copy(update=changed)
    with pytest.raises(Refused, match=reason):
        build_invoice("7", Fitted(parts=(bill,)), bill, token)


def test_stars_are_one_line_and_need_no_token() -> None:
    bill = BILL.model_copy(update={"lines": (InvoiceLine(title="Wallpaper", amount=Money(250, "XTR")),)})
    call = build_invoice("7", Fitted(parts=(bill,)), bill, "1:LIVE:x")
    assert (call.currency, call.provider_token, [price.amount for price in call.prices]) == ("XTR", "", [250])
    assert build_invoice("7", Fitted(parts=(bill,)), bill, "").currency == "XTR"
    two = bill.model_copy(update={"lines": bill.lines * 2})
    with pytest.raises(Refused, match="one line alone"):
        build_invoice("7", Fitted(parts=(two,)), two, "")
    assert (TEXTS.money(bill.due, "uk"), str(bill.due)) == ("250 ⭐", "250")


def said(lines: tuple[tuple[str, Money], ...]) -> Say:
    spec = InvoiceSpec(
        title=Sentence(key="checkout.invoice_title", args={"number": "LU-1"}), description="2 × mug", payload="p1",
        lines=lines, total=Money(2160, "EUR"),
    )  # fmt: skip
    return Say(sentence=Sentence(key="checkout.held_until", args={"until": "15:00"}), invoice=spec)


def test_lines_that_do_not_add_up_become_one() -> None:
    for lines in ((("2 × mug", Money(2400, "EUR")),), ()):
        answer = compose(State(locale="en"), [said(lines)], TEXTS, bound_to=None)
        assert answer is not None
        (bill,) = [part for part in answer.parts if isinstance(part, Invoice)]
        assert [(line.title, line.amount) for line in bill.lines] == [("Order LU-1", Money(2160, "EUR"))]
        assert bill.due == Money(2160, "EUR")


def test_an_invoice_is_a_call_of_its_own_with_the_buttons_under_it_and_words_elsewhere() -> None:
    effects = [said((("2 × mug", Money(2160, "EUR")),)), Offered(offered=(button("other_way", "revise"),))]
    answer = compose(State(locale="en"), effects, TEXTS, bound_to=None)
    assert answer is not None
    words, bill = fit(answer, Telegram.limits)
    assert [part.kind for part in words.parts] == ["text"]
    assert [part.kind for part in bill.parts] == ["invoice", "choices"]
    (plain,) = fit(answer, Limits(text=1000, buttons=3))
    assert isinstance(plain.parts[0], TextPart)
    assert plain.parts[0].text.endswith("Order LU-1\n2 × mug\n€21.60")
    assert plain.degraded == ("invoice: text",)
