"""What a bot is told about money: its updates, read without trusting a single field. Pure."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from base.errors import BadInput
from base.money import Money
from integrations.telegram_money import our_amount
from shop.payment_port import PaymentReport

NO_CURRENCY = "XXX"  # ISO 4217: no currency at all; equals no sum that is due


class _Said(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)


class Person(_Said):
    id: int
    language_code: str | None = None


class PreCheckout(_Said):
    id: str
    sender: Person = Field(alias="from")
    currency: str
    total_amount: int
    invoice_payload: str


class Paid(_Said):
    currency: str
    total_amount: int
    invoice_payload: str
    telegram_payment_charge_id: str = Field(min_length=1)
    provider_payment_charge_id: str = ""


class Message(_Said):
    date: int = Field(ge=0, lt=2**33)
    sender: Person | None = Field(default=None, alias="from")
    successful_payment: Paid | None = None
    refunded_payment: Paid | None = None


class Update(_Said):
    pre_checkout_query: PreCheckout | None = None
    message: Message | None = None


class _Partner(_Said):
    user: Person | None = None
    invoice_payload: str | None = None


class Transaction(_Said):
    """Stars that came (`source`) or went (`receiver`). The id of a refund is that of the payment."""

    id: str
    amount: int
    date: int = Field(ge=0, lt=2**33)
    source: _Partner | None = None
    receiver: _Partner | None = None

    @property
    def payload(self) -> str | None:
        return self.source.invoice_payload if self.source else None

    @property
    def payer(self) -> str | None:
        return str(self.source.user.id) if self.source and self.source.user else None


class Page(_Said):
    transactions: list[Transaction]


def read(body: bytes) -> Update:
    """What an update says about money; an empty one where it says nothing, or cannot be read."""
    try:
        return Update.model_validate_json(body)
    except ValidationError:
        return Update()


def amount_of(said: PreCheckout | Paid) -> Money:
    """The sum; one that equals nothing that is due where we cannot count in the currency."""
    try:
        return our_amount(said.total_amount, said.currency)
    except BadInput:
        return Money(said.total_amount, NO_CURRENCY)


def settled(code: str, paid: Paid, at: datetime, receipt: str | None) -> PaymentReport:
    charge = paid.telegram_payment_charge_id
    return PaymentReport(
        code, f"{charge}:settled", "settled", at, paid.invoice_payload, charge, amount_of(paid), receipt=receipt,
        transfer=charge,
    )  # fmt: skip


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
