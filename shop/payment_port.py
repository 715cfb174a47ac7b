"""The port to those who collect money. A provider reports, the core decides; an adapter never touches an order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal, Protocol, runtime_checkable

from base.db import Tx
from base.health import Health
from base.money import Money


@dataclass(frozen=True, slots=True)
class PaymentFeatures:
    """What a provider can do. `by_hand`: a person takes the money, nothing is called.

    `in_chat`: a messenger collects it by an invoice among its messages. The core begins and names it (`payload` is the
    attempt's key), and what comes back is among the messenger's updates, which its own door has proved.
    """

    by_hand: bool = False
    in_chat: bool = False
    refunds: bool = True
    partial_refunds: bool = True
    currencies: frozenset[str] = frozenset()  # empty: all
    key_lifetime_hours: float = 24.0  # how long the provider remembers our key
    looks_up: bool = True  # False: it cannot be asked, only its webhooks tell; a lost one is found by a person


@dataclass(frozen=True, slots=True)
class PaidLine:
    """One line of what is paid for, at what it costs after discounts; delivery is a line too."""

    name: str
    quantity: int
    amount: Money  # of the whole line


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """One attempt. `return_url` is our own page for the customer; it shows the state and never changes it."""

    payment: str  # our id of the attempt
    number: str  # the order's number
    amount: Money
    description: str
    return_url: str
    locale: str = "en"
    email: str | None = None
    until: datetime | None = None  # the link must not collect money after that
    since: datetime | None = None  # when it was first asked for; the same for each try of the call
    serial: int = 0  # the attempt as a whole number, for providers that know no other names
    lines: tuple[PaidLine, ...] = ()  # what a provider may show; they add up to `amount`, or there are none


@dataclass(frozen=True, slots=True)
class PayByLink:
    url: str
    reference: str


@dataclass(frozen=True, slots=True)
class PayByForm:
    """The customer's browser posts `fields` to `url`. Made without a call: the same attempt gives the same form."""

    url: str
    fields: tuple[tuple[str, str], ...]  # (name, value), not yet escaped
    reference: str


@dataclass(frozen=True, slots=True)
class PayInChat:
    """The messenger itself collects it; `payload` goes into its invoice."""

    payload: str
    reference: str


@dataclass(frozen=True, slots=True)
class PayByHand:
    reference: str


@dataclass(frozen=True, slots=True)
class Declined:
    """The provider will not take this payment. Nothing was charged. A value, not an exception."""

    reason: str = ""


Answer = PayByLink | PayByForm | PayInChat | PayByHand | Declined

# `pending`: nobody has paid yet; `on_its_way`: somebody has, and the money takes its time and cannot be called back
PaymentState = Literal[
    "unknown", "pending", "on_its_way", "approved", "settled", "declined", "expired", "cancelled", "refunded"
]


@dataclass(frozen=True, slots=True)
class PaymentReport:
    """What a provider says about one attempt. `event` tells reports apart: the same one twice counts once.

    Either `key` (ours) or `reference` (the provider's) names the attempt. `unknown`: it knows of none. `approved`: the
    customer has agreed, and no money moves before the core calls `capture` (see Captures).
    """

    provider: str
    event: str
    state: PaymentState
    at: datetime
    key: str | None = None
    reference: str | None = None
    amount: Money | None = None
    page: str | None = None
    receipt: str | None = None  # the provider's name for the money that came, where it has one beside `reference`
    transfer: str | None = None  # the money itself, where one attempt can be paid more than once


@dataclass(frozen=True, slots=True)
class RefundRequest:
    refund: str  # our id of the try
    payment_reference: str
    payment_key: str
    amount: Money
    reason: str = ""
    payment_receipt: str | None = None  # of the report that settled it


RefundState = Literal["unknown", "submitted", "done", "failed", "needs_person"]


@dataclass(frozen=True, slots=True)
class RefundReport:
    """What a provider says about a try. `failed`: the call may be made again; `needs_person`: it would be in vain."""

    provider: str
    event: str
    state: RefundState
    at: datetime
    key: str | None = None
    reference: str | None = None
    amount: Money | None = None
    receipt: str | None = None  # the provider's name for the money that came: finds refunds made on its own site


DisputeState = Literal["open", "won", "lost"]  # as the shop sees it


@dataclass(frozen=True, slots=True)
class DisputeReport:
    """What a provider says about a payment that its customer contests. `key` or `receipt` names the payment."""

    provider: str
    dispute: str  # the provider's name for it
    state: DisputeState
    at: datetime
    reason: str = ""  # in the provider's words
    key: str | None = None
    receipt: str | None = None  # the provider's name for the money, as the report that settled it had
    amount: Money | None = None  # contested; None: all of it


Report = PaymentReport | RefundReport | DisputeReport


class PaymentProvider(Protocol):
    """Somebody who collects money. Every call may raise OutcomeUnknown: it may or may not have happened."""

    code: ClassVar[str]

    @property
    def features(self) -> PaymentFeatures: ...

    async def request(self, payment: PaymentRequest, *, key: str) -> Answer:
        """Begin to collect. The same key again gives the same page and never a second payment."""
        ...

    async def look_up(self, *, key: str, reference: str | None) -> PaymentReport:
        """The truth about an attempt, asked again."""
        ...

    async def cancel(self, reference: str, *, key: str) -> PaymentReport:
        """Make sure that it can no longer collect money; reports what is true then (it may have settled before)."""
        ...

    async def refund(self, refund: RefundRequest, *, key: str) -> RefundReport:
        """Give money back. Money moves here: the core calls it once per row, with the row's key."""
        ...

    async def look_up_refund(self, *, key: str, reference: str | None, payment: str | None = None) -> RefundReport:
        """The truth about a try, asked again. `payment`: the provider's name of the attempt that was paid."""
        ...

    async def authenticate(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        """Raise BadSignature unless the raw bytes come from the provider and are fresh. An unset secret is closed."""
        ...

    def read_webhook(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Sequence[Report]:
        """What the provider says, in neutral words. Pure. Unknown kinds give nothing."""
        ...

    async def check(self) -> Health: ...

    async def close(self) -> None:
        """Give back connections."""
        ...


@runtime_checkable
class Captures(Protocol):
    """A provider with two steps: the customer approves, the money is taken when the core says so, and never before."""

    async def capture(self, reference: str, *, key: str) -> PaymentReport:
        """Take the money of an approved attempt, at most once however often it is called; reports what is true then."""
        ...


@dataclass(frozen=True, slots=True)
class PaymentQuestion:
    """A provider asks, before it collects, whether it may. Not signed: an answer is all it can get."""

    provider: str
    reference: str | None  # either this or `key` names the attempt
    amount: Money
    key: str | None = None
    payer: str | None = None  # who would pay, where the messenger tells it: his address there
    locale: str | None = None  # his language, for the answer


Belongs = Callable[[Tx, str, str], Awaitable[bool]]
"""(tx, customer id, payer): whether that is the same person."""

MayCollect = Callable[[PaymentQuestion], Awaitable[str]]
"""Why this money must not be collected, in a sentence for the payer; empty: it may be."""


@runtime_checkable
class AsksFirst(Protocol):
    """A provider that asks before it collects, and waits for our answer: as the reply of the webhook or by a call."""

    async def answer(self, body: bytes, may_collect: MayCollect) -> str | None:
        """The words to reply with; None when `body` is no question but a report, to be proved and read as such.

        Raises TryLater when the answer did not reach a provider that has to be called.
        """
        ...


@runtime_checkable
class TellsDisputes(Protocol):
    """A provider that can be asked how a dispute stands: webhooks get lost, and an order must not be held for ever."""

    async def look_up_dispute(self, dispute: str) -> DisputeReport | None:
        """The truth about a dispute; None when it knows of none."""
        ...
