"""Parcels: booked once the money is there, followed by the carrier's own time, never told backwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from base.db import Database, Row, Tx
from base.errors import OutcomeUnknown, Refused, TryLater
from base.ids import new_id
from base.money import Money
from shop import history, stock
from shop.carrier_port import (
    Booking,
    Carrier,
    CarrierFeatures,
    DeliveryQuote,
    Destination,
    Parcel,
    PickupPoint,
    PostalAddress,
    ShipmentRequest,
    TrackingEvent,
)
from shop.commands import ShipmentMoved
from shop.edits import end_edit
from shop.handlers import Tell
from shop.orders import Order, close_payments, held, lock_order
from shop.recalls import booked_after_all, recall_due, used_all_the_same
from shop.redemptions import commit_uses
from shop.shopfile import ShopFile
from shop.states import ORDER, PAYMENT, SHIPMENT

HANDED_OVER = ("accepted", "in_transit", "out_for_delivery", "ready_for_pickup", "failed_attempt", "exception")
NO_ANSWER = (OutcomeUnknown, TryLater, Refused)  # asked again with the next sweep
PATIENCE = timedelta(minutes=1)  # before a booking whose outcome is unknown is looked at again
DISPUTED = held('s."order"')


async def create_shipment(tx: Tx, order: Order, shop: ShopFile, now: datetime) -> str | None:
    """A parcel to be booked for a paid (or agreed) order, once; None when there is none, or its method is gone."""
    method = shop.deliveries.get(order.delivery)
    if method is not None and method.digital:
        return None
    if method is None:
        await history.raise_task(
            tx, "delivery", f"{order.number}: {order.delivery} is no delivery of this shop any more.",
            key=f"delivery-{order.id}", now=now, customer=order.customer, order=order.id,
        )  # fmt: skip
        return None
    first, last = method.promised(shop.local(now))
    shipment = new_id()
    made = await tx.execute(
        'INSERT INTO shipment (id, "order", carrier, method, key, track_url, status, promised_from, promised_to,'
        " created_at, done, cancel_due) VALUES (%(id)s, %(order)s, %(carrier)s, %(method)s, %(key)s, '', 'pending',"
        ' %(first)s, %(last)s, %(now)s, false, false) ON CONFLICT ("order") DO NOTHING',
        id=shipment,
        order=order.id,
        carrier=method.carrier,
        method=order.delivery,
        key=f"shipment-{shipment}",
        first=first,
        last=last,
        now=now,
    )
    if not made:
        return None
    await history.begin(tx, SHIPMENT, shipment, "pending", who="shop", why="to be booked", now=now)
    return shipment


async def send_digital(tx: Tx, order: Order, shop: ShopFile, now: datetime) -> None:
    """What needs no parcel is due when the order is paid. A person sends it in the chat: the shop has no files."""
    if not shop.sends_in_chat:
        return
    rows = await tx.rows(
        'SELECT l.quantity, l.name FROM order_line l JOIN product p ON p.id = l.product WHERE l."order" = %s'
        " AND p.tags @> '[\"digital\"]' ORDER BY l.position",
        order.id,
    )
    if rows:
        goods = ", ".join(f"{row['quantity']} × {row['name']}" for row in rows)
        await history.raise_task(
            tx, "digital", f"{order.number} is paid: send {goods} in the chat", key=f"digital-{order.id}", now=now,
            customer=order.customer, order=order.id,
        )  # fmt: skip


async def cancel_shipment(tx: Tx, order: str, *, who: str, why: str, now: datetime) -> bool:
    """Cancel the parcel of an order that was not handed over; False when it is too late."""
    row = await tx.row('SELECT id, status, tracking FROM shipment WHERE "order" = %s FOR UPDATE', order)
    if row is None or row["status"] == "cancelled":
        return True
    if row["status"] not in ("pending", "created"):
        return False
    await history.advance(tx, SHIPMENT, row["id"], row["status"], "cancelled", who=who, why=why, now=now)
    await tx.execute("UPDATE shipment SET done = true, cancel_due = tracking IS NOT NULL WHERE id = %s", row["id"])
    return True


# ---- calls to carriers: never inside a transaction -------------------------------------------------


async def book_due(db: Database, carriers: Mapping[str, Carrier], now: datetime, *, limit: int = 50) -> int:
    """Book parcels that wait for it; returns how many were booked. A carrier that is down delays and never loses."""
    async with db.begin() as tx:
        rows = await tx.rows(
            "SELECT s.id FROM shipment s WHERE s.status = 'pending' AND (s.asked_at IS NULL OR s.asked_at < %s)"  # noqa: S608
            f" AND NOT {DISPUTED} ORDER BY s.created_at LIMIT %s",
            now - PATIENCE,
            limit,
        )
    return sum([await book(db, carriers, row["id"], now) for row in rows])


async def book(db: Database, carriers: Mapping[str, Carrier], shipment: str, now: datetime) -> bool:
    """Book one parcel, or find the booking that an earlier try made. Safe to run again."""
    async with db.begin() as tx:
        # locked first and looked at after: a dispute that is just being written down is waited for, and seen
        await tx.row(
            'SELECT 1 FROM shop_order WHERE id = (SELECT "order" FROM shipment WHERE id = %s) FOR UPDATE', shipment
        )
        row = await tx.row(
            "UPDATE shipment s SET asked_at = %(now)s FROM (SELECT id, asked_at FROM shipment WHERE id = %(id)s"  # noqa: S608
            f" FOR UPDATE) before WHERE s.id = before.id AND s.status = 'pending' AND NOT {DISPUTED}"
            " RETURNING s.*, before.asked_at AS asked",
            now=now,
            id=shipment,
        )
        if row is None or row["carrier"] not in carriers:
            return False
        request = await _request(tx, row, now)
    carrier = carriers[row["carrier"]]
    try:
        booking = await carrier.find(key=row["key"]) if row["asked"] else None
        booking = booking or await carrier.book(request, key=row["key"])
    except (OutcomeUnknown, TryLater):
        return False
    except Refused as error:
        words = f"{request.number}: the carrier {carrier.code} does not take this parcel: {error.what}"
        async with db.begin() as tx:
            await history.raise_task(tx, "delivery", words, key=f"booking-{shipment}", now=now, order=str(row["order"]))
        return False
    async with db.begin() as tx:
        await lock_order(tx, str(row["order"]))  # first, as everybody does: else two could wait for each other
        current = await tx.row("SELECT status, key FROM shipment WHERE id = %s FOR UPDATE", shipment)
        assert current is not None
        if current["key"] != row["key"]:
            await booked_after_all(tx, row["key"], booking.tracking)
            return False
        await tx.execute(
            "UPDATE shipment SET tracking = %s, track_url = %s, booked_at = %s, cancel_due = (status = 'cancelled')"
            " WHERE id = %s",
            booking.tracking,
            booking.track_url,
            now,
            shipment,
        )
        if current["status"] == "pending":
            await history.advance(tx, SHIPMENT, shipment, "pending", "created", who=carrier.code, why="booked", now=now)
    return True


async def cancel_due(db: Database, carriers: Mapping[str, Carrier], now: datetime) -> int:
    """Tell carriers about parcels that were cancelled here, and about bookings that were called back."""
    async with db.begin() as tx:
        rows = await tx.rows(
            "SELECT id, carrier, tracking, key FROM shipment WHERE cancel_due AND tracking IS NOT NULL"
        )
    told = 0
    for row in rows:
        if row["carrier"] not in carriers:
            continue
        try:
            await carriers[row["carrier"]].cancel(row["tracking"], key=row["key"])
        except NO_ANSWER:
            continue
        async with db.begin() as tx:
            told += await tx.execute("UPDATE shipment SET cancel_due = false WHERE id = %s", row["id"])
    return told + await recall_due(db, carriers, now)


async def poll_due(
    db: Database, carriers: Mapping[str, Carrier], tell: Tell, now: datetime, *, every: timedelta, limit: int = 100
) -> int:
    """Ask carriers where their parcels are, each at most once in `every`; returns how many were asked about."""
    async with db.begin() as tx:
        rows = await tx.rows(
            "UPDATE shipment SET polled_at = %(now)s WHERE id IN (SELECT id FROM shipment WHERE tracking IS NOT NULL"
            " AND NOT done AND (polled_at IS NULL OR polled_at <= %(before)s) ORDER BY polled_at NULLS FIRST"
            " LIMIT %(limit)s FOR UPDATE SKIP LOCKED) RETURNING carrier, tracking",
            now=now,
            before=now - every,
            limit=limit,
        )
    for row in rows:
        if row["carrier"] in carriers:
            try:
                events = await carriers[row["carrier"]].track(row["tracking"])
            except NO_ANSWER:
                continue

            async def apply(tx: Tx, code: str = row["carrier"], scans: Sequence[TrackingEvent] = events) -> None:
                await apply_tracking(tx, code, scans, tell, now)

            await db.run(apply)
    return len(rows)


# ---- what scans mean -------------------------------------------------------------------------------


async def apply_tracking(tx: Tx, carrier: str, events: Sequence[TrackingEvent], tell: Tell, now: datetime) -> int:
    """Take in a carrier's scans, in any order and as often as they come; returns how many were new.

    They count in the order of the carrier's own time. One that is older than what is known is kept and not told.
    """
    new = 0
    for tracking in sorted({event.tracking for event in events}):
        scans = sorted((event for event in events if event.tracking == tracking), key=lambda event: event.at)
        new += await _apply_to_one(tx, carrier, tracking, scans, tell, now)
    return new


@dataclass(slots=True)
class _Parcel:
    id: str
    status: str
    last_event_at: datetime | None


async def _apply_to_one(
    tx: Tx, carrier: str, tracking: str, scans: Sequence[TrackingEvent], tell: Tell, now: datetime
) -> int:
    found = await tx.row('SELECT "order" FROM shipment WHERE carrier = %s AND tracking = %s', carrier, tracking)
    order = await lock_order(tx, found["order"]) if found else None
    row = await tx.row('SELECT * FROM shipment WHERE "order" = %s FOR UPDATE', order.id) if order else None
    if order is None or row is None or row["tracking"] != tracking:  # called back, perhaps in this very moment
        if any(scan.status in HANDED_OVER or scan.status == "delivered" for scan in scans):
            await used_all_the_same(tx, carrier, tracking, now)
        return 0
    parcel = _Parcel(row["id"], row["status"], row["last_event_at"])
    new, moved = 0, None
    for scan in scans:
        if not await _keep(tx, parcel.id, scan):
            continue
        new += 1
        if parcel.last_event_at is not None and scan.at < parcel.last_event_at:
            continue
        parcel.last_event_at = scan.at
        if SHIPMENT.allows(parcel.status, scan.status):
            await _move(tx, order, parcel, scan, carrier, tell, now)
            moved = scan
    if new:
        await tx.execute("UPDATE shipment SET last_event_at = %s WHERE id = %s", parcel.last_event_at, parcel.id)
    if moved is not None:
        await tell(tx, order.customer, ShipmentMoved(
            order=order.id, number=order.number, status=moved.status, at=moved.at
        ))  # fmt: skip
    return new


async def _keep(tx: Tx, shipment: str, scan: TrackingEvent) -> bool:
    kept = await tx.execute(
        "INSERT INTO tracking_event (shipment, event, status, at, place, words) VALUES (%s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (shipment, event) DO NOTHING",
        shipment,
        scan.event,
        scan.status,
        scan.at,
        scan.place,
        scan.words,
    )
    return kept == 1


async def _move(
    tx: Tx, order: Order, parcel: _Parcel, scan: TrackingEvent, carrier: str, tell: Tell, now: datetime
) -> None:
    await history.advance(
        tx, SHIPMENT, parcel.id, parcel.status, scan.status, who=carrier, why=scan.words or scan.status, now=now
    )
    parcel.status = scan.status
    current = await tx.row("SELECT status, paid_at FROM shop_order WHERE id = %s", order.id)
    assert current is not None
    status = str(current["status"])
    if scan.status in HANDED_OVER or scan.status == "delivered":
        await tx.execute(
            "UPDATE shipment SET handed_over_at = coalesce(handed_over_at, %s) WHERE id = %s", scan.at, parcel.id
        )
        await end_edit(tx, order, "voided", why="the parcel has left the house", tell=tell, now=now)
        await stock.take(tx, order.id)  # cash on delivery holds it until now
        await commit_uses(tx, order.id)
    to = {"delivered": "delivered", "returned": "returned"}.get(scan.status)
    to = to or ("shipped" if scan.status in HANDED_OVER else None)
    if to is not None and ORDER.allows(status, to):
        await history.advance(tx, ORDER, order.id, status, to, who=carrier, why=scan.status, now=now)
    if scan.status == "delivered":
        await _delivered(tx, order, parcel.id, scan.at, now)
    elif scan.status == "returned":
        await tx.execute("UPDATE shipment SET done = true WHERE id = %s", parcel.id)
        await close_payments(tx, order.id, "voided", who=carrier, why="the parcel came back", now=now)


async def _delivered(tx: Tx, order: Order, shipment: str, at: datetime, now: datetime) -> None:
    """The parcel is there; cash on delivery is collected with it."""
    await tx.execute("UPDATE shipment SET done = true, delivered_at = %s WHERE id = %s", at, shipment)
    await tx.execute("UPDATE shop_order SET delivered_at = %s WHERE id = %s", at, order.id)
    cash = await tx.row(
        "SELECT id, state FROM payment WHERE \"order\" = %s AND provider = 'manual' AND state IN ('created', 'pending')"
        ' AND NOT EXISTS (SELECT 1 FROM payment p WHERE p."order" = payment."order" AND p.counts) FOR UPDATE',
        order.id,
    )
    if cash is not None:
        await history.advance(
            tx, PAYMENT, cash["id"], cash["state"], "settled", who="carrier", why="cash on delivery", now=now
        )
        await tx.execute("UPDATE payment SET counts = true, settled_at = %s WHERE id = %s", at, cash["id"])
        await tx.execute("UPDATE shop_order SET paid_at = coalesce(paid_at, %s) WHERE id = %s", at, order.id)


async def _request(tx: Tx, row: Row, now: datetime) -> ShipmentRequest:
    order = await tx.row(
        "SELECT o.*, (SELECT coalesce(sum(l.quantity * coalesce(v.weight_grams, 0)), 0) FROM order_line l"
        ' JOIN variant v ON v.sku = l.sku WHERE l."order" = o.id) AS grams,'
        ' EXISTS (SELECT 1 FROM payment p WHERE p."order" = o.id AND p.counts) AS paid'
        " FROM shop_order o WHERE o.id = %s",
        row["order"],
    )
    assert order is not None
    worth = Money(order["total_minor"], order["currency"])
    address = PostalAddress(order["address"], order["city"]) if order["address"] else None
    return ShipmentRequest(
        shipment=row["id"],
        number=order["number"],
        method=row["method"],
        parcel=Parcel(int(order["grams"]), worth, None if order["paid"] else worth),
        to=Destination(address, order["point"]),
        recipient=order["recipient"],
        phone=order["phone"],
        email=order["email"],
        booked_at=now,
        promised_to=row["promised_to"],
    )


__all__ = [
    "Booking",
    "Carrier",
    "CarrierFeatures",
    "DeliveryQuote",
    "Destination",
    "Parcel",
    "PickupPoint",
    "PostalAddress",
    "ShipmentRequest",
    "TrackingEvent",
    "apply_tracking",
    "book",
    "book_due",
    "cancel_due",
    "cancel_shipment",
    "create_shipment",
    "poll_due",
]
