"""Orders told in the customer's words: lines, price, parcel, and how to speak of one without its number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from base.db import Row
from base.money import Money
from shop.handlers import ShopContext
from shop.shopfile import ShopFile
from shop.valuation import name_of
from shop.views import Breakdown, OrderLineView, OrderView, ShipmentView, TrackingView

_VIEW = """
SELECT o.*,
  (SELECT jsonb_agg(jsonb_build_object('sku', l.sku, 'product', l.product, 'name', l.name, 'quantity', l.quantity,
     'unit', l.unit_minor, 'total', l.total_minor) ORDER BY l.position)
     FROM order_line l WHERE l."order" = o.id) AS lines,
  to_jsonb(s) AS parcel,
  (SELECT jsonb_agg(jsonb_build_object('status', e.status, 'at', e.at, 'place', e.place) ORDER BY e.at DESC)
     FROM tracking_event e WHERE e.shipment = s.id) AS scans
FROM shop_order o LEFT JOIN shipment s ON s."order" = o.id
"""


async def view_order(ctx: ShopContext, order: str) -> OrderView:
    """An order by its id. The caller has made sure whose it is."""
    rows = await ctx.tx.rows(f"{_VIEW} WHERE o.id = %s", order)
    return _tell(ctx, rows[0])


async def last_order(ctx: ShopContext) -> OrderView | None:
    """The order that the customer placed last and that was not taken back."""
    rows = await ctx.tx.rows(
        f"{_VIEW} WHERE o.customer = %s AND o.status <> 'cancelled' ORDER BY o.placed_at DESC LIMIT 1", ctx.customer
    )
    return _tell(ctx, rows[0]) if rows else None


async def orders_in(ctx: ShopContext, statuses: Sequence[str]) -> tuple[OrderView, ...]:
    """The customer's orders in these states, newest first."""
    rows = await ctx.tx.rows(
        f"{_VIEW} WHERE o.customer = %s AND o.status = ANY(%s) ORDER BY o.placed_at DESC LIMIT 10",
        ctx.customer,
        list(statuses),
    )
    return tuple(_tell(ctx, row) for row in rows)


def vat_within(amount: Money, rate: Decimal) -> Money:
    """The tax that a price with tax contains, rounded half up to a minor unit."""
    share = Decimal(amount.amount_minor) * rate / (100 + rate)
    return Money(int(share.quantize(Decimal(1), rounding=ROUND_HALF_UP)), amount.currency)


def where_to(shop: ShopFile, address: str | None, point: str | None, city: str | None) -> str:
    """The address, or the pick-up point in words."""
    place = shop.points.get(point or "")
    if place is not None:
        return f"{place.address}, {place.city}"
    return address or point or city or ""


def _tell(ctx: ShopContext, row: Row) -> OrderView:
    currency = row["currency"]
    lines = tuple(_tell_line(ctx, line, currency) for line in row["lines"] or ())
    delivery, way = ctx.shop.deliveries.get(row["delivery"]), ctx.shop.payments.get(row["payment"])
    delivery_name = delivery.name.said_in(ctx.locale) if delivery else row["delivery"]
    breakdown = Breakdown.model_validate(row["breakdown"])
    return OrderView(
        id=row["id"],
        number=row["number"],
        status=row["status"],
        lines=lines,
        breakdown=breakdown,
        placed_at=row["placed_at"],
        paid_at=row["paid_at"],
        delivered_at=row["delivered_at"],
        payment=row["payment"],
        payment_name=way.name.said_in(ctx.locale) if way else row["payment"],
        delivery_name=delivery_name,
        recipient=row["recipient"],
        where=where_to(ctx.shop, row["address"], row["point"], row["city"]),
        digital=bool(delivery and delivery.digital),
        shipment=_tell_parcel(ctx, row["parcel"], row["scans"] or (), delivery_name),
        content=", ".join(f"{line.quantity} × {line.name}" for line in lines),
        receipt=f"{ctx.public_url}/receipt/{row['token']}",
        vat=None if ctx.shop.vat is None else vat_within(breakdown.total, ctx.shop.vat),
        vat_rate="" if ctx.shop.vat is None else f"{ctx.shop.vat.normalize():f}",
        contact=", ".join(word for word in (ctx.shop.contact.email, ctx.shop.contact.phone) if word),
    )


def _tell_line(ctx: ShopContext, line: dict[str, Any], currency: str) -> OrderLineView:
    known = line["sku"] in ctx.catalogue.by_sku
    return OrderLineView(
        sku=line["sku"],
        product=line["product"],
        name=name_of(ctx, line["sku"]) if known else line["name"],
        quantity=line["quantity"],
        unit=Money(line["unit"], currency),
        total=Money(line["total"], currency),
    )


def _tell_parcel(
    ctx: ShopContext, parcel: dict[str, Any] | None, scans: Sequence[dict[str, Any]], carrier_name: str
) -> ShipmentView | None:
    if parcel is None:
        return None
    events = tuple(
        TrackingView(status=scan["status"], at=datetime.fromisoformat(scan["at"]), place=scan["place"])
        for scan in scans
    )
    promised_to = datetime.fromisoformat(parcel["promised_to"]).date() if parcel["promised_to"] else None
    today = ctx.shop.local(ctx.now).date()
    return ShipmentView(
        carrier=parcel["carrier"],
        carrier_name=carrier_name,
        tracking=parcel["tracking"] or "",
        status=parcel["status"],
        events=events,
        track_url=parcel["track_url"],
        promised_from=parcel["promised_from"],
        promised_to=promised_to,
        handed_over=parcel["handed_over_at"] is not None,
        late=promised_to is not None and today > promised_to and parcel["status"] not in ("delivered", "returned"),
    )
