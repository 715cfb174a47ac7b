"""A payment provider for the demo and for tests: keeps its own books, shows a page, sends signed webhooks over HTTP."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Literal

import aiohttp
from pydantic import BaseModel, ConfigDict, ValidationError

from base.clock import Clock
from base.db import Database, Row, Tx
from base.errors import BadInput, BadSignature, Refused, ShopkeeperError
from base.health import Health
from base.ids import new_token
from base.money import Money
from shop.payment_port import (
    Answer,
    PayByLink,
    PaymentFeatures,
    PaymentReport,
    PaymentRequest,
    PaymentState,
    RefundReport,
    RefundRequest,
)

log = logging.getLogger(__name__)

SIGNATURE = "Sandbox-Signature"
FRESH = timedelta(minutes=5)  # older webhooks are refused
LATENESS = timedelta(minutes=15)  # "pay late": so long after the link died
SEND_TIMEOUT = aiohttp.ClientTimeout(total=5)

_SAID: dict[str, PaymentState] = {
    "open": "pending", "late": "pending", "paid": "settled", "declined": "declined", "cancelled": "cancelled",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SandboxPage:
    """What the page /sandbox/pay/{reference} shows. `open`: the three buttons still do something."""

    reference: str
    number: str
    amount: Money
    state: str
    return_url: str
    until: datetime | None
    open: bool


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    id: str
    state: Literal["pending", "settled", "declined", "cancelled"]
    key: str
    reference: str
    amount_minor: int
    currency: str
    at: str


class SandboxPayments:
    """One provider with a page of three buttons: approve, decline, pay late. Refuses to work in production."""

    code: ClassVar[str] = "sandbox"
    features: ClassVar[PaymentFeatures] = PaymentFeatures()

    def __init__(
        self, db: Database, clock: Clock, *, env: str, public_url: str, secret: str, webhook_url: str = ""
    ) -> None:
        """`webhook_url`: where our own door is reached from here; by default below `public_url`."""
        if env == "production":
            raise ShopkeeperError("The sandbox takes no real money.", "Name a real provider in shop.yml.")
        self._db, self._clock, self._secret = db, clock, secret
        self._public_url = public_url.rstrip("/")
        self._webhook_url = webhook_url or f"{self._public_url}/webhooks/sandbox"

    # ---- the port --------------------------------------------------------------------------------

    async def request(self, payment: PaymentRequest, *, key: str) -> Answer:
        now = self._clock.now()
        async with self._db.begin() as tx:
            row = await tx.row(
                "INSERT INTO sandbox_payment (reference, key, number, amount_minor, currency, state, return_url,"
                " created_at, until, changed_at, changes, report_due)"
                " VALUES (%s, %s, %s, %s, %s, 'open', %s, %s, %s, %s, 0, false)"
                " ON CONFLICT (key) DO UPDATE SET key = excluded.key RETURNING reference",
                new_token(),
                key,
                payment.number,
                payment.amount.amount_minor,
                payment.amount.currency,
                payment.return_url,
                now,
                payment.until,
                now,
            )
        assert row is not None
        return PayByLink(self._page_url(row["reference"]), row["reference"])

    async def look_up(self, *, key: str, reference: str | None) -> PaymentReport:
        async with self._db.begin() as tx:
            row = await tx.row("SELECT * FROM sandbox_payment WHERE key = %s OR reference = %s", key, reference)
        if row is None:
            return PaymentReport(self.code, f"{key}:unknown", "unknown", self._clock.now(), key=key)
        return self._report(row)

    async def cancel(self, reference: str, *, key: str) -> PaymentReport:
        async with self._db.begin() as tx:
            await self._change(tx, reference, "cancelled", from_states=("open", "declined"))
            row = await tx.row("SELECT * FROM sandbox_payment WHERE reference = %s", reference)
        if row is None:
            return PaymentReport(self.code, f"{key}:unknown", "unknown", self._clock.now(), key=key)
        return self._report(row)

    async def refund(self, refund: RefundRequest, *, key: str) -> RefundReport:
        now = self._clock.now()
        async with self._db.begin() as tx:
            paid = await tx.row(
                "SELECT * FROM sandbox_payment WHERE key = %s AND state = 'paid' FOR UPDATE", refund.payment_key
            )
            if paid is None:
                return RefundReport(self.code, f"{key}:failed", "failed", now, key=key)
            done = await tx.row("SELECT reference FROM sandbox_refund WHERE key = %s", key)
            if done is None:
                given = await tx.row(
                    "SELECT coalesce(sum(amount_minor), 0) AS given FROM sandbox_refund WHERE payment = %s",
                    paid["reference"],
                )
                assert given is not None
                if given["given"] + refund.amount.amount_minor > paid["amount_minor"]:
                    return RefundReport(self.code, f"{key}:failed", "failed", now, key=key)
                done = {"reference": f"re_{new_token()}"}
                await tx.execute(
                    "INSERT INTO sandbox_refund (reference, key, payment, amount_minor, at)"
                    " VALUES (%s, %s, %s, %s, %s)",
                    done["reference"],
                    key,
                    paid["reference"],
                    refund.amount.amount_minor,
                    now,
                )
        return RefundReport(
            self.code, f"{key}:done", "done", now, key=key, reference=done["reference"], amount=refund.amount
        )

    async def look_up_refund(self, *, key: str, reference: str | None, payment: str | None = None) -> RefundReport:
        async with self._db.begin() as tx:
            row = await tx.row("SELECT reference FROM sandbox_refund WHERE key = %s OR reference = %s", key, reference)
        now = self._clock.now()
        if row is None:
            return RefundReport(self.code, f"{key}:unknown", "unknown", now, key=key)
        return RefundReport(self.code, f"{key}:done", "done", now, key=key, reference=row["reference"])

    async def authenticate(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        if not self._secret:
            raise BadSignature("The sandbox has no secret, so its door is closed.")
        given = dict(part.partition("=")[::2] for part in _header(headers, SIGNATURE).split(","))
        stamp, signature = given.get("t", ""), given.get("v1", "")
        if not stamp.isdigit() or not _same(_sign(self._secret, stamp, body), signature):
            raise BadSignature("This webhook is not signed with our secret.")
        if abs(now - datetime.fromtimestamp(int(stamp), UTC)) > FRESH:
            raise BadSignature("This webhook is too old.")

    def read_webhook(
        self, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> Sequence[PaymentReport | RefundReport]:
        try:
            said = _Body.model_validate_json(body)
            at, amount = datetime.fromisoformat(said.at), Money(said.amount_minor, said.currency)
        except (ValidationError, ValueError, BadInput):
            return ()
        return [
            PaymentReport(self.code, said.id, said.state, at, key=said.key, reference=said.reference, amount=amount)
        ]

    async def check(self) -> Health:
        return Health("warn", "the sandbox takes no real money", "Name a real provider in shop.yml before you sell.")

    async def close(self) -> None:
        """Nothing stays open."""

    # ---- the page --------------------------------------------------------------------------------

    async def page(self, reference: str) -> SandboxPage | None:
        """What the page shows; None for a reference that was never given."""
        async with self._db.begin() as tx:
            row = await tx.row("SELECT * FROM sandbox_payment WHERE reference = %s", reference)
        if row is None:
            return None
        return SandboxPage(
            reference=reference,
            number=row["number"],
            amount=Money(row["amount_minor"], row["currency"]),
            state=row["state"],
            return_url=row["return_url"],
            until=row["until"],
            open=row["state"] in ("open", "declined"),
        )

    async def approve(self, reference: str) -> None:
        """The customer pays. Also on a page that was cancelled in this moment: real money does come late."""
        async with self._db.begin() as tx:
            await self._change(tx, reference, "paid", from_states=("open", "declined", "late", "cancelled"))

    async def decline(self, reference: str) -> None:
        """The bank says no; nothing was charged, and the page takes another try."""
        async with self._db.begin() as tx:
            await self._change(tx, reference, "declined", from_states=("open",))

    async def pay_late(self, reference: str) -> None:
        """The money will arrive a while after the link has died."""
        async with self._db.begin() as tx:
            await tx.execute(
                "UPDATE sandbox_payment SET state = 'late', changes = changes + 1,"
                " changed_at = greatest(coalesce(until, %(now)s), %(now)s) + %(lateness)s"
                " WHERE reference = %(reference)s AND state IN ('open', 'declined')",
                now=self._clock.now(),
                lateness=LATENESS,
                reference=reference,
            )

    # ---- webhooks --------------------------------------------------------------------------------

    async def send_webhooks(self, only: str = "") -> int:
        """Deliver every report that is due (or that of one payment) to our own door; one refused comes again later."""
        sent = 0
        for reference, headers, body in await self.webhooks_due(only):
            try:
                async with (
                    aiohttp.ClientSession(timeout=SEND_TIMEOUT) as http,
                    http.post(self._webhook_url, data=body, headers=headers) as answer,
                ):
                    if answer.status != 200:
                        raise Refused(f"the door answered {answer.status}")
            except (aiohttp.ClientError, TimeoutError, Refused) as error:
                log.warning("a sandbox webhook was not taken (%s) and comes again", type(error).__name__)
                continue
            await self._delivered(reference, body)
            sent += 1
        return sent

    async def webhooks_due(self, only: str = "") -> list[tuple[str, dict[str, str], bytes]]:
        """(reference, headers, body) of every report still to be delivered (`only`: of one payment), late money too."""
        now = self._clock.now()
        async with self._db.begin() as tx:
            await tx.execute(
                "UPDATE sandbox_payment SET state = 'paid', changes = changes + 1, report_due = true"
                " WHERE state = 'late' AND changed_at <= %s",
                now,
            )
            rows = await tx.rows(
                "SELECT * FROM sandbox_payment WHERE report_due AND %s IN ('', reference) ORDER BY changed_at LIMIT 20",
                only,
            )
        stamp = str(int(now.timestamp()))
        due = []
        for row in rows:
            body = json.dumps(self._told(row), sort_keys=True).encode()
            signature = f"t={stamp},v1={_sign(self._secret, stamp, body)}"
            due.append((row["reference"], {SIGNATURE: signature, "Content-Type": "application/json"}, body))
        return due

    async def _delivered(self, reference: str, body: bytes) -> None:
        """Done, unless the payment has changed since that report was written."""
        changes = int(json.loads(body)["id"].rpartition(":")[2])
        async with self._db.begin() as tx:
            await tx.execute(
                "UPDATE sandbox_payment SET report_due = false WHERE reference = %s AND changes = %s",
                reference,
                changes,
            )

    async def _change(self, tx: Tx, reference: str, to: str, *, from_states: Sequence[str]) -> None:
        await tx.execute(
            "UPDATE sandbox_payment SET state = %(to)s, changed_at = %(now)s, changes = changes + 1, report_due = true"
            " WHERE reference = %(reference)s AND state = ANY(%(states)s)",
            to=to,
            now=self._clock.now(),
            reference=reference,
            states=list(from_states),
        )

    def _report(self, row: Row) -> PaymentReport:
        return PaymentReport(
            self.code,
            f"{row['reference']}:{row['changes']}",
            _SAID[row["state"]],
            row["changed_at"] if row["state"] != "late" else self._clock.now(),
            key=row["key"],
            reference=row["reference"],
            amount=Money(row["amount_minor"], row["currency"]),
            page=self._page_url(row["reference"]),
        )

    def _told(self, row: Row) -> dict[str, str | int]:
        return {
            "id": f"{row['reference']}:{row['changes']}",
            "state": _SAID[row["state"]],
            "key": row["key"],
            "reference": row["reference"],
            "amount_minor": row["amount_minor"],
            "currency": row["currency"],
            "at": row["changed_at"].isoformat(),
        }

    def _page_url(self, reference: str) -> str:
        return f"{self._public_url}/sandbox/pay/{reference}"


def _sign(secret: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 over the time and the raw bytes, as Stripe does it."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _same(one: str, other: str) -> bool:
    """In constant time, and as bytes: compare_digest raises for letters beyond ASCII."""
    return hmac.compare_digest(one.encode(), other.encode("utf-8", "backslashreplace"))


def _header(headers: Mapping[str, str], name: str) -> str:
    return next((value for key, value in headers.items() if key.casefold() == name.casefold()), "")
