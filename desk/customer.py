"""The customer beside the thread: cart, orders, what he agreed to, where he came from, and what the bot is doing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from base.db import Row, Tx
from base.money import Money
from bot.messages import Value
from desk.words import plain

MOST_ORDERS = 10
HIDDEN_SLOTS = frozenset({"key", "id"})


class CartLine(Value):
    sku: str
    name: str
    quantity: int
    total: Money | None  # None: the variant is gone


class CartNow(Value):
    lines: tuple[CartLine, ...]
    codes: tuple[str, ...]
    delivery: str
    city: str
    goods: Money | None
    told: Money | None  # the total the customer last heard


class OrderNow(Value):
    number: str
    status: str
    total: Money
    placed_at: datetime
    reserved_until: datetime | None
    lines: tuple[str, ...]
    payment: str  # method, and the state of its newest attempt
    shipment: str  # carrier, number and state; empty before a parcel exists
    track_url: str


class ConsentNow(Value):
    kind: str
    granted: bool
    source: str
    at: datetime


class DialogNow(Value):
    """One frame: a dialog under way, with what it knows so far."""

    dialog: str
    slots: tuple[tuple[str, str], ...]
    waits: str  # the step it waits at, when that is known
    background: bool


class Elsewhere(Value):
    """Another conversation of the same customer."""

    id: str
    channel: str
    last_at: datetime


class CustomerPane(Value):
    name: str
    phone: str
    email: str
    source: str
    since: datetime
    segments: tuple[str, ...] = ()
    cart: CartNow | None = None
    orders: tuple[OrderNow, ...] = ()
    consents: tuple[ConsentNow, ...] = ()
    dialogs: tuple[DialogNow, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()


async def read_customer(tx: Tx, conversation: Row) -> CustomerPane:
    """All the desk knows of the customer of this conversation (a row of table `conversation`)."""
    customer_id = conversation["customer_id"]
    person = await tx.row("SELECT name, phone, email, segments FROM customer WHERE id = %s", customer_id) or {}
    return CustomerPane(
        name=person.get("name") or conversation["name"],
        phone=person.get("phone") or "",
        email=person.get("email") or "",
        source=conversation["source"],
        since=conversation["created_at"],
        segments=tuple(person.get("segments") or ()),
        cart=await _cart(tx, customer_id, conversation["locale"]),
        orders=await _orders(tx, customer_id),
        consents=await _consents(tx, customer_id),
        dialogs=open_dialogs(conversation["state"]),
        elsewhere=await _elsewhere(tx, customer_id, conversation["id"]),
    )


async def _cart(tx: Tx, customer_id: str, locale: str) -> CartNow | None:
    cart = await tx.row(
        "SELECT lines, codes, delivery, city, told_total_minor FROM cart WHERE customer = %s", customer_id
    )
    if cart is None or not cart["lines"]:
        return None
    skus = [str(line.get("sku")) for line in cart["lines"]]
    rows = await tx.rows(
        """SELECT v.sku, v.attributes, v.price_minor, v.currency, p.names
           FROM variant v JOIN product p ON p.id = v.product WHERE v.sku = ANY(%s)""",
        skus,
    )
    known = {row["sku"]: row for row in rows}
    lines = tuple(_cart_line(line, known, locale) for line in cart["lines"])
    amounts = [line.total for line in lines if line.total]
    goods = sum(amounts[1:], amounts[0]) if amounts else None
    told = cart["told_total_minor"]
    return CartNow(
        lines=lines,
        codes=tuple(cart["codes"]),
        delivery=cart["delivery"] or "",
        city=cart["city"] or "",
        goods=goods,
        told=Money(told, goods.currency) if goods and told is not None else None,
    )


def _cart_line(line: Mapping[str, Any], known: Mapping[str, Row], locale: str) -> CartLine:
    sku, quantity = str(line.get("sku")), int(line.get("quantity") or 0)
    variant = known.get(sku)
    if variant is None:
        return CartLine(sku=sku, name=sku, quantity=quantity, total=None)
    return CartLine(
        sku=sku,
        name=variant_name(variant["names"], variant["attributes"], locale) or sku,
        quantity=quantity,
        total=Money(variant["price_minor"], variant["currency"]) * quantity,
    )


def variant_name(names: Mapping[str, str], attributes: Mapping[str, str], locale: str) -> str:
    """`Aurora mug, black`: in the customer's language where there is one, else in the first there is."""
    name = names.get(locale) or names.get("*") or names.get("en") or next(iter(names.values()), "")
    return ", ".join([name, *attributes.values()]) if name else ""


async def _orders(tx: Tx, customer_id: str) -> tuple[OrderNow, ...]:
    rows = await tx.rows(
        """SELECT o.number, o.status, o.total_minor, o.currency, o.placed_at, o.reserved_until, o.payment,
                  (SELECT p.state FROM payment p WHERE p."order" = o.id ORDER BY p.created_at DESC LIMIT 1) AS paid,
                  (SELECT 'disputed, held' FROM dispute d WHERE d."order" = o.id AND d.state = 'open' LIMIT 1) AS held,
                  (SELECT e.difference_minor FROM order_edit e
                   WHERE e."order" = o.id AND e.state = 'awaiting_payment') AS change,
                  (SELECT array_agg(l.quantity || ' × ' || l.name ORDER BY l.position) FROM order_line l
                   WHERE l."order" = o.id) AS lines,
                  s.carrier, s.tracking, s.status AS parcel, s.track_url
           FROM shop_order o LEFT JOIN shipment s ON s."order" = o.id
           WHERE o.customer = %s ORDER BY o.placed_at DESC, o.number LIMIT %s""",
        customer_id, MOST_ORDERS,
    )  # fmt: skip
    return tuple(
        OrderNow(
            number=row["number"],
            status=plain(row["status"]),
            total=Money(row["total_minor"], row["currency"]),
            placed_at=row["placed_at"],
            reserved_until=row["reserved_until"] if row["status"] == "awaiting_payment" else None,
            lines=tuple(row["lines"] or ()),
            payment=", ".join(plain(word) for word in (row["payment"], row["paid"], row["held"], _change(row)) if word),
            shipment=" ".join(word for word in (row["carrier"], row["tracking"], plain(row["parcel"] or "")) if word),
            track_url=_web_address(row["track_url"]),
        )
        for row in rows
    )


def _change(row: Row) -> str:
    """A change of the paid order that waits for its difference."""
    return f"a change waits for {Money(row['change'], row['currency'])} {row['currency']}" if row["change"] else ""


def _web_address(url: str | None) -> str:
    """Only http(s) may become a link."""
    return url if url and url.startswith(("https://", "http://")) else ""


async def _consents(tx: Tx, customer_id: str) -> tuple[ConsentNow, ...]:
    rows = await tx.rows(
        "SELECT DISTINCT ON (kind) kind, granted, source, at FROM consent WHERE customer = %s ORDER BY kind, id DESC",
        customer_id,
    )
    return tuple(ConsentNow.model_validate({**row, "kind": plain(row["kind"])}) for row in rows)


async def _elsewhere(tx: Tx, customer_id: str, conversation_id: str) -> tuple[Elsewhere, ...]:
    rows = await tx.rows(
        """SELECT id, channel, coalesce(last_inbound_at, created_at) AS last_at FROM conversation
           WHERE customer_id = %s AND id <> %s ORDER BY last_at DESC LIMIT 10""",
        customer_id, conversation_id,
    )  # fmt: skip
    return tuple(Elsewhere.model_validate(row) for row in rows)


def open_dialogs(state: Mapping[str, Any] | None) -> tuple[DialogNow, ...]:
    """The frames of a stored state, the talk first. Forgiving: the state may be of another version."""
    state = state or {}
    found: list[DialogNow] = []
    for lane in ("stack", "background"):
        frames = state.get(lane)
        for frame in reversed(frames) if isinstance(frames, list) else ():
            if isinstance(frame, Mapping) and frame.get("dialog"):
                found.append(_dialog(frame, state, background=lane == "background"))
    return tuple(found)


def _dialog(frame: Mapping[str, Any], state: Mapping[str, Any], *, background: bool) -> DialogNow:
    question = state.get("question")
    asks = question.get("step") if isinstance(question, Mapping) and question.get("owner") == frame.get("id") else ""
    slots = frame.get("slots")
    return DialogNow(
        dialog=plain(str(frame["dialog"])),
        slots=tuple(
            (plain(name), slot_words(value))
            for name, value in (slots.items() if isinstance(slots, Mapping) else ())
            if name not in HIDDEN_SLOTS and value not in (None, "", [], {})
        ),
        waits=plain(str(asks or frame.get("pending") or "")),
        background=background,
    )


def slot_words(value: object) -> str:
    """A slot's value as a person reads it, at most one long line."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        if set(value) == {"amount_minor", "currency"}:
            return f"{Money(int(value['amount_minor']), str(value['currency']))} {value['currency']}"
        for name in ("name", "number", "code", "title"):
            if isinstance(value.get(name), str):
                return str(value[name])
        return json.dumps(value, ensure_ascii=False, default=str)[:120]
    if isinstance(value, list | tuple):
        return ", ".join(slot_words(one) for one in value)[:200]
    return str(value)[:200]
