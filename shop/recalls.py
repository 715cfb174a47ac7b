"""Bookings that are called back: the carrier is told; where it does not take one back, a person sees to the label."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from base.db import Database, Row, Tx
from base.errors import OutcomeUnknown, Refused, TryLater
from base.ids import new_id
from shop import history
from shop.carrier_port import Carrier
from shop.states import SHIPMENT

PATIENCE = timedelta(minutes=1)  # before a booking whose outcome is unknown is looked for


async def call_back(tx: Tx, order: str, *, who: str, why: str, now: datetime) -> None:
    """A booking (or one that is under way) of a parcel still in the house is not meant any more.

    The parcel is to be booked anew, under another key; the carrier of the old one is told later.
    """
    row = await tx.row('SELECT * FROM shipment WHERE "order" = %s FOR UPDATE', order)
    if row is None or row["status"] not in ("pending", "created") or row["asked_at"] is None:
        return
    await tx.execute(
        "INSERT INTO recall (key, shipment, carrier, tracking, at, told) VALUES (%s, %s, %s, %s, %s, false)",
        row["key"],
        row["id"],
        row["carrier"],
        row["tracking"],
        now,
    )
    if row["status"] == "created":
        await history.advance(tx, SHIPMENT, row["id"], "created", "pending", who=who, why=why, now=now)
    await tx.execute(
        "UPDATE shipment SET key = %s, tracking = NULL, track_url = '', asked_at = NULL, booked_at = NULL,"
        " last_event_at = NULL, polled_at = NULL WHERE id = %s",
        f"shipment-{new_id()}",
        row["id"],
    )


async def booked_after_all(tx: Tx, key: str, tracking: str) -> None:
    """The answer to a call that was under way while its booking was called back."""
    await tx.execute("UPDATE recall SET tracking = %s, told = false WHERE key = %s", tracking, key)


async def used_all_the_same(tx: Tx, carrier: str, tracking: str, now: datetime) -> None:
    """A parcel is on its way under a label that was called back: a person must know."""
    row = await tx.row("SELECT shipment FROM recall WHERE carrier = %s AND tracking = %s", carrier, tracking)
    if row is not None:
        words = f"a parcel is on its way with {carrier} under {tracking}, a label that was called back."
        await _task(tx, row["shipment"], words, f"label-used-{tracking}", now)


async def recall_due(db: Database, carriers: Mapping[str, Carrier], now: datetime) -> int:
    """Tell carriers about bookings that are no more; returns how many were told."""
    async with db.begin() as tx:
        rows = await tx.rows("SELECT * FROM recall WHERE NOT told AND carrier = ANY(%s) ORDER BY at", list(carriers))
    return sum([await _recall(db, carriers[row["carrier"]], row, now) for row in rows])


async def _recall(db: Database, carrier: Carrier, row: Row, now: datetime) -> bool:
    """Tell one carrier that a booking is no more. Where it does not take it back, a person sees to the label."""
    tracking, refused = row["tracking"], not carrier.features.cancels
    try:
        if tracking is None:  # the call that was under way has had its time
            if row["at"] + PATIENCE > now:
                return False
            found = await carrier.find(key=row["key"])
            tracking = found.tracking if found else None
        if tracking is not None and not refused:
            await carrier.cancel(tracking, key=row["key"])
    except Refused:
        refused = True
    except (OutcomeUnknown, TryLater):
        return False
    async with db.begin() as tx:
        told = await tx.execute(  # unless the answer to the call has come meanwhile: then it is looked at once more
            "UPDATE recall SET told = true, tracking = %s WHERE key = %s AND tracking IS NOT DISTINCT FROM %s",
            tracking, row["key"], row["tracking"],
        )  # fmt: skip
        if not told:
            return False
        if refused and tracking is not None:
            words = f"{carrier.code} does not take back the booking {tracking}: keep a parcel with this label."
            await _task(tx, row["shipment"], words, f"label-{tracking}", now)
    return True


async def _task(tx: Tx, shipment: str, words: str, key: str, now: datetime) -> None:
    order = await tx.row(
        'SELECT o.id, o.number, o.customer FROM shipment s JOIN shop_order o ON o.id = s."order" WHERE s.id = %s',
        shipment,
    )
    assert order is not None
    await history.raise_task(
        tx, "delivery", f"{order['number']}: {words}", key=key, now=now, customer=order["customer"], order=order["id"]
    )
