"""WebMoney, Web Merchant Interface: a form that the browser posts, a question before, a signed notification after.

Facts: WebMoney's merchant manual (wiki, edition of 2024-12). No call is ever made to WebMoney: refunds (X14) want keys
of the wallet, which this shop is not given, and questions (X18) are not asked: what was allowed and not heard of again
is shown to a person.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar
from urllib.parse import parse_qsl

from base.clock import Clock
from base.errors import BadInput, BadSignature, Refused, ShopkeeperError
from base.health import Health
from base.money import Money
from shop.payment_port import (
    Answer,
    MayCollect,
    PayByForm,
    PaymentFeatures,
    PaymentQuestion,
    PaymentReport,
    PaymentRequest,
    RefundReport,
    RefundRequest,
)

log = logging.getLogger(__name__)

MERCHANT = "https://merchant.webmoney.ru/lmi/payment_utf.asp"
CURRENCIES = {"Z": "USD", "E": "EUR"}  # what a purse of this letter holds; others have no ISO currency of their own
PURSE = re.compile(r"[A-Z][0-9]{12}")
AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")
NUMBER = re.compile(r"[0-9]{1,19}")
LONGEST_SECRET = 50  # characters
LONGEST_NOTE = 255  # characters of LMI_PAYMENT_DESC
NO_SECRET = "SHOPKEEPER_WEBMONEY__SECRET_KEY is not set, so this door is closed."  # noqa: S105 (a sentence)
YES = "YES"  # anything else is a refusal, and is shown to the payer
REAL, TEST = "0", "1"  # LMI_MODE: money, or a try in which nothing moves and the signature is good all the same
ALL_TESTS_SUCCEED = "0"  # LMI_SIM_MODE
BY_GET = "0"  # LMI_SUCCESS_METHOD, LMI_FAIL_METHOD: how the payer comes back; our page pays again on POST

Form = Mapping[str, str]


class WebMoneyPayments:
    """Implements shop.payment_port.PaymentProvider and AsksFirst. LMI_PAYMENT_NO is our serial of the attempt."""

    code: ClassVar[str] = "webmoney"

    def __init__(
        self, clock: Clock, *, purse: str, secret_key: str, merchant_url: str = MERCHANT, test_money: bool = False
    ) -> None:
        """`test_money`: payments of the merchant's test mode count. An empty `secret_key` is a closed door.

        Raises ShopkeeperError for a purse, key or address that cannot be one.
        """
        if not PURSE.fullmatch(purse) or purse[0] not in CURRENCIES:
            raise ShopkeeperError(
                "SHOPKEEPER_WEBMONEY__PURSE is no purse that the shop can count in.",
                "Write a letter and twelve digits: Z… holds USD, E… holds EUR.",
            )
        if len(secret_key) > LONGEST_SECRET:
            raise ShopkeeperError(
                "SHOPKEEPER_WEBMONEY__SECRET_KEY is too long for a Secret Key.",
                f"WebMoney takes {LONGEST_SECRET} characters at most.",
            )
        if not merchant_url.startswith(("https://", "http://127.0.0.1:")):
            raise ShopkeeperError(
                "SHOPKEEPER_WEBMONEY__MERCHANT_URL must begin with https://.", f"Leave it empty for {MERCHANT}."
            )
        self._clock, self._purse, self._secret, self._url = clock, purse, secret_key, merchant_url
        self._test_money = test_money
        self.features = PaymentFeatures(
            refunds=False, partial_refunds=False, currencies=frozenset({CURRENCIES[purse[0]]}), looks_up=False
        )

    # ---- collecting ------------------------------------------------------------------------------

    async def request(self, payment: PaymentRequest, *, key: str) -> Answer:
        if not self._secret:
            raise Refused(NO_SECRET)  # money would be collected, and never heard of
        if payment.amount.currency != CURRENCIES[self._purse[0]]:
            raise Refused(
                f"The purse holds {CURRENCIES[self._purse[0]]}, the order is in {payment.amount.currency}."
            )  # never converted silently
        return PayByForm(self._url, form_fields(payment, self._purse, self._test_money), str(payment.serial))

    async def look_up(self, *, key: str, reference: str | None) -> PaymentReport:
        """Nothing more than that a payment may still come: WebMoney is not asked (`features.looks_up`)."""
        state = "pending" if reference else "unknown"
        now = self._clock.now()
        return PaymentReport(self.code, f"{key}:{state}", "pending" if reference else "unknown", now, key, reference)

    async def cancel(self, reference: str, *, key: str) -> PaymentReport:
        """Nothing to call: WebMoney asks before it collects, and a dead attempt is refused then."""
        return PaymentReport(self.code, f"{key}:cancelled", "cancelled", self._clock.now(), key, reference)

    # ---- giving back -----------------------------------------------------------------------------

    async def refund(self, refund: RefundRequest, *, key: str) -> RefundReport:
        """A person sends it back from the purse and says so at the desk."""
        return RefundReport(self.code, f"{key}:needs_person", "needs_person", self._clock.now(), key=key)

    async def look_up_refund(self, *, key: str, reference: str | None, payment: str | None = None) -> RefundReport:
        return RefundReport(self.code, f"{key}:unknown", "unknown", self._clock.now(), key=key, reference=reference)

    # ---- webhooks --------------------------------------------------------------------------------

    async def answer(self, body: bytes, may_collect: MayCollect) -> str | None:
        """The pre-request: not signed, so it is answered and believed in nothing. Empty: a look whether we are here."""
        form = _read(body)
        if not body.strip():
            return YES
        if form is None or "LMI_PREREQUEST" not in form:
            return None
        try:
            if not self._secret:
                raise BadInput("the shop cannot take payments now")
            self._refuse_strange(form)
            question = PaymentQuestion(self.code, _payment_no(form), _amount(form))
        except BadInput as wrong:
            return f"NO: {wrong.what}"
        refusal = await may_collect(question)
        return f"NO: {refusal}" if refusal else YES

    async def authenticate(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        """LMI_HASH2 alone: LMI_HASH has no marks between its parts, and a posted LMI_SECRET_KEY proves nothing.

        There is no time to be checked: the same LMI_SYS_TRANS_NO again is a report that is known already.
        """
        if not self._secret:
            raise BadSignature(NO_SECRET)
        form = _read(body)
        if form is None:
            raise BadSignature("This is no notification of WebMoney.")
        given = form.get("LMI_HASH2", "").encode()
        if not hmac.compare_digest(given, hash2(form, self._secret).encode()):
            raise BadSignature("This notification is not signed with our Secret Key.")

    def read_webhook(
        self, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> Sequence[PaymentReport | RefundReport]:
        """A notification always means that the money is in the purse."""
        form = _read(body) or {}
        try:
            self._refuse_strange(form)
            reference, amount, transfer = _payment_no(form), _amount(form), form.get("LMI_SYS_TRANS_NO", "")
            if not NUMBER.fullmatch(transfer) or "LMI_HASH2" not in form:
                raise BadInput("a number of the transfer is missing")
        except BadInput as wrong:
            log.warning("a notification of WebMoney was left alone: %s", wrong.what)
            return ()
        return [
            PaymentReport(
                self.code, f"{transfer}:settled", "settled", now, None, reference, amount, transfer=transfer
            )
        ]  # fmt: skip

    def _refuse_strange(self, form: Form) -> None:
        """Raise BadInput for another purse, and for test money where real money is due."""
        if form.get("LMI_PAYEE_PURSE") != self._purse:
            raise BadInput("this is not the purse of the shop")
        if form.get("LMI_MODE") != REAL and not (self._test_money and form.get("LMI_MODE") == TEST):
            raise BadInput("test mode is not taken here")

    async def check(self) -> Health:
        what = f"WebMoney: purse {self._purse[0]}…{self._purse[-4:]}, {CURRENCIES[self._purse[0]]}"
        if not self._secret:
            return Health(
                "down", f"{what}, no secret key, so no payment is noticed",
                "Set SHOPKEEPER_WEBMONEY__SECRET_KEY to the Secret Key of the purse.",
            )  # fmt: skip
        if self._test_money:
            return Health("warn", f"{what}, takes test money", "SHOPKEEPER_ENV=production takes real money only.")
        return Health("ok", f"{what}, secret key set, real money only")

    async def close(self) -> None:
        """Nothing is open."""


# ---- pure ----------------------------------------------------------------------------------------


def form_fields(payment: PaymentRequest, purse: str, test_money: bool) -> tuple[tuple[str, str], ...]:
    """What the payer's browser posts. WebMoney writes amounts with a dot and two decimals."""
    fields = (
        ("LMI_PAYEE_PURSE", purse),
        ("LMI_PAYMENT_AMOUNT", f"{payment.amount.decimal:.2f}"),
        ("LMI_PAYMENT_NO", str(payment.serial)),
        ("LMI_PAYMENT_DESC", payment.description[:LONGEST_NOTE]),
        ("LMI_SUCCESS_URL", payment.return_url),
        ("LMI_SUCCESS_METHOD", BY_GET),
        ("LMI_FAIL_URL", payment.return_url),
        ("LMI_FAIL_METHOD", BY_GET),
    )
    return (*fields, ("LMI_SIM_MODE", ALL_TESTS_SUCCEED)) if test_money else fields


def hash2(form: Form, secret: str) -> str:
    """The signature of a notification: upper-case SHA-256 of its fields with semicolons between."""
    held = (form["LMI_HOLD"],) if "LMI_HOLD" in form else ()
    parts = (
        form.get("LMI_PAYEE_PURSE", ""), form.get("LMI_PAYMENT_AMOUNT", ""), *held, form.get("LMI_PAYMENT_NO", ""),
        form.get("LMI_MODE", ""), form.get("LMI_SYS_INVS_NO", ""), form.get("LMI_SYS_TRANS_NO", ""),
        form.get("LMI_SYS_TRANS_DATE", ""), secret, form.get("LMI_PAYER_PURSE", ""), form.get("LMI_PAYER_WM", ""),
    )  # fmt: skip
    return hashlib.sha256(";".join(parts).encode("utf-8", "surrogatepass")).hexdigest().upper()


def _read(body: bytes) -> Form | None:
    """The posted form; None for what is none, or names a field of WebMoney twice: which of them would be signed?"""
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=100, errors="replace")
    except ValueError:
        return None
    form = dict(pairs)
    ours = [name for name, _ in pairs if name.startswith("LMI_")]
    return form if ours and len(ours) == len(set(ours)) else None


def _amount(form: Form) -> Money:
    text = form.get("LMI_PAYMENT_AMOUNT", "")
    if not AMOUNT.fullmatch(text):
        raise BadInput("the amount is no amount")
    return Money.parse(text, CURRENCIES[form["LMI_PAYEE_PURSE"][0]])


def _payment_no(form: Form) -> str:
    number = form.get("LMI_PAYMENT_NO", "")
    if not NUMBER.fullmatch(number):
        raise BadInput("the payment has no number")
    return number
