"""After the sale, and what a customer tells of himself."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from base.money import Money
from shop.commands.base import Command, Result
from shop.views import OrderView, View


class TrackOrder(Command):
    """-> OrderTracked | OrdersOpen (several: ask by content) | NoOrders"""

    order: str | None = None  # id or number; only the customer's own are found
    words: str = ""  # "the mugs": told apart by content
    products: tuple[str, ...] = ()


class OrderTracked(Result):
    order: OrderView


class OrdersOpen(Result):
    orders: tuple[OrderView, ...]


class NoOrders(Result):
    words: str = ""


class AskPolicy(Command):
    """A question answered from data/faq.yml. -> PolicyAnswered"""

    topic: str  # intent name: faq_returns


class PolicyAnswered(Result):
    topic: str
    text: str  # in the customer's language


class SendProof(Command):
    """A photo came: perhaps of a bank transfer that is waited for. -> ProofTaken | NoProofDue"""

    photo: str  # the channel's name for it; never fetched


class ProofTaken(Result):
    number: str


class NoProofDue(Result):
    pass


class PassQuestion(Command):
    """Something only a person can answer: a task at the desk, while the bot goes on. -> QuestionPassed"""

    kind: Literal["question", "promise", "return", "payment"]
    words: str
    product: str | None = None
    order: str | None = None


class QuestionPassed(Result):
    kind: str
    orders: bool = True  # kind "return": the customer has ordered here; without an order no task is made
    promise: PromiseFound | None = None  # kind "promise": what a manager really noted for this customer


class PromiseFound(View):
    name: str
    price: Money
    reason: str
    until: datetime | None = None


class LeaveFeedback(Command):
    """-> FeedbackTaken"""

    order: str | None
    rating: int | None
    words: str = ""


class FeedbackTaken(Result):
    rating: int | None
    words: str
    task: bool  # a manager was told (rating of 3 or less)


class SetConsent(Command):
    """-> ConsentSet"""

    kind: Literal["marketing"]
    on: bool
    source: str


class ConsentSet(Result):
    on: bool
    open_order: bool = False


class KnownCustomer(Command):
    """What the customer may confirm instead of typing it again. -> CustomerKnown"""


class CustomerKnown(Result):
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    addresses: tuple[tuple[str, str], ...] = ()  # (label, address): ("office", …)
    last_delivery: str | None = None
    last_payment: str | None = None
    returning: bool = False  # has ordered before
    cart_age_hours: float | None = None  # None: no cart with lines


QuestionPassed.model_rebuild()
