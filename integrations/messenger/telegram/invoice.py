"""Builds the invoice that Telegram collects. Pure. Limits: Bot API 10.3, sendInvoice."""

from __future__ import annotations

from aiogram.methods import SendInvoice
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, LabeledPrice

from base.errors import BadInput, Refused
from base.money import STARS
from bot.messages import Choices, Fitted, Invoice
from bot.render_split import shorten
from integrations.messenger.telegram.build import Button, rows_of
from integrations.messenger.telegram.keyboards import inline_keyboard
from integrations.telegram_money import telegram_amount

TITLE_LIMIT = 32  # characters
DESCRIPTION_LIMIT = 255
PAYLOAD_LIMIT = 128  # bytes
LABEL_LIMIT = 100  # characters; no limit is published, a phone shows about forty
# Without it every forwarded copy could be paid, by anybody. With it a copy leads to the bot, as /start invoice.
START_PARAMETER = "invoice"


def invoice_of(message: Fitted) -> Invoice | None:
    return next((part for part in message.parts if isinstance(part, Invoice)), None)


def build_invoice(peer: str, message: Fitted, invoice: Invoice, provider_token: str) -> SendInvoice:
    """The call. Raises Refused, before any network, for what Telegram cannot collect."""
    in_stars = invoice.due.currency == STARS
    if not provider_token and not in_stars:
        raise Refused("SHOPKEEPER_TELEGRAM__PROVIDER_TOKEN is not set, so no invoice can be sent.")
    if not 0 < len(invoice.payload.encode()) <= PAYLOAD_LIMIT:
        raise Refused(f"The payload of an invoice is not between 1 and {PAYLOAD_LIMIT} bytes.")
    if any(not isinstance(part, Invoice | Choices) for part in message.parts):
        raise Refused("Telegram shows nothing else in the message of an invoice.")
    try:
        due = telegram_amount(invoice.due)
        prices = [
            LabeledPrice(label=shorten(line.title, LABEL_LIMIT), amount=telegram_amount(line.amount))
            for line in invoice.lines
        ]
    except BadInput as wrong:
        raise Refused(wrong.what) from None
    if in_stars and len(prices) != 1:
        raise Refused("Stars are collected by one line alone.")
    if due <= 0:
        raise Refused("Telegram collects only sums above zero.")
    return SendInvoice(
        chat_id=peer,
        title=shorten(invoice.title, TITLE_LIMIT),
        description=shorten(invoice.description, DESCRIPTION_LIMIT) or invoice.title,
        payload=invoice.payload,
        provider_token="" if in_stars else provider_token,
        currency=invoice.due.currency,
        prices=prices,
        start_parameter=START_PARAMETER,
        reply_markup=_keyboard(message, invoice),
    )


def _keyboard(message: Fitted, invoice: Invoice) -> InlineKeyboardMarkup | None:
    """Where other buttons stand below, the first one has to be the one that pays; alone, Telegram writes its own."""
    taps = [
        Button(choice.title, payload=choice.payload)
        for part in message.parts
        if isinstance(part, Choices)
        for choice in part.choices
    ]
    below = inline_keyboard(rows_of(taps))
    if below is None:
        return None
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=invoice.pay, pay=True)], *below.inline_keyboard]
    )
