"""`given`: the set-up of a case, carried out through the product's own commands, and told to nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg.types.json import Jsonb

from app.talk_test.grammar import Given, GivenCustomer, GivenOrder, GivenScan, PaymentWord, PriceNote
from app.talk_test.seats import Seat
from app.talk_test.stage import Stage, quiet
from base.db import Tx
from base.errors import ShopkeeperError
from base.ids import new_id
from bot.state import State
from bot.understanding import Shown
from shop.attempts import Attempt, read_attempt
from shop.catalogue import bump_catalogue
from shop.commands import (
    AddLines,
    ApplyCode,
    CartChanged,
    CodeApplied,
    Command,
    LineWish,
    OrderPlaced,
    OrderQuoted,
    PaymentRequested,
    PlaceOrder,
    QuoteOrder,
    RemoveCode,
    RequestPayment,
    Result,
    SetConsent,
    SetQuantity,
)
from shop.delivery import TrackingEvent, apply_tracking
from shop.handlers import Tell
from shop.payment_port import PayByLink, PaymentReport, PaymentRequest
from shop.payments import apply_report
from shop.shopfile import Hours, Refunds
from shop.stock import lock_stock

SOMEBODY, SOME_PHONE, SOME_ADDRESS = "Kim", "+37060000009", "Laisves 7, Kaunas"
GIVEN = "given"  # the source of orders that were there before the talk
ON_THE_WAY = {  # what a carrier scanned before a parcel came to this state
    "accepted": ("accepted",),
    "in_transit": ("accepted", "in_transit"),
    "out_for_delivery": ("accepted", "in_transit", "out_for_delivery"),
    "ready_for_pickup": ("accepted", "in_transit", "ready_for_pickup"),
    "delivered": ("accepted", "in_transit", "delivered"),
    "failed_attempt": ("accepted", "in_transit", "failed_attempt"),
    "returned": ("accepted", "in_transit", "returned"),
    "exception": ("accepted", "in_transit", "exception"),
}


@dataclass(slots=True)
class Person:
    """One customer of the case: his seat, and who he is in the shop."""

    seat: Seat
    conversation: str
    customer: str
    name: str = ""


class NotPossible(ShopkeeperError):
    """The shop refused what a script wants to be so."""


async def prepare(stage: Stage, person: Person, given: Given) -> None:
    """One entry of the set-up but `said`, which is talk. Raises ShopkeeperError for what cannot be."""
    if given.customer is not None:
        await introduce(stage, person, given.customer)
    if given.cart is not None:
        await fill_cart(stage, person, given.cart)
    if given.order is not None:
        await _order(stage, person, given.order)
    if given.stock is not None:
        await set_stock(stage, given.stock)
    if given.price is not None:
        await set_price(stage, person, given.price)
    if given.promo_uses is not None:
        await _use_promotions(stage, given.promo_uses)
    if given.tracking is not None:
        for scan in given.tracking:
            await scan_parcel(stage, person, scan, tell=quiet)
    if given.hours is not None:
        spans = {"every_day": given.hours} if isinstance(given.hours, str) else given.hours
        closed = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "closed")
        hours = Hours.model_validate(closed if spans == {"every_day": "closed"} else spans)
        stage.world.shop = stage.world.shop.model_copy(update={"hours": hours})
    if given.approve_over is not None:
        refunds = Refunds(approve_over=stage.world.shop.money(given.approve_over))
        stage.world.shop = stage.world.shop.model_copy(update={"refunds": refunds})
    if given.shown is not None:
        await _show(stage, person, given.shown)


async def introduce(stage: Stage, person: Person, given: GivenCustomer) -> None:
    """What the shop knows of this customer."""
    person.name = given.name or person.name
    addresses = {**given.addresses, **({"": given.address} if given.address else {})}
    async with stage.db.begin() as tx:
        await tx.execute(
            """UPDATE customer SET name = coalesce(%s, name), phone = coalesce(%s, phone), email = coalesce(%s, email),
                      locale = coalesce(%s, locale) WHERE id = %s""",
            given.name, given.phone, given.email, given.locale, person.customer,
        )  # fmt: skip
        for label, address in addresses.items():
            await tx.execute(
                """INSERT INTO customer_address (customer, label, address, used_at) VALUES (%s, %s, %s, %s)
                   ON CONFLICT (customer, label) DO UPDATE SET address = excluded.address""",
                person.customer, label, address, stage.now,
            )  # fmt: skip
        if given.locale:
            await _change_state(tx, person, lambda state: state.model_copy(update={"locale": given.locale}))
            await tx.execute("UPDATE conversation SET locale = %s WHERE id = %s", given.locale, person.conversation)
        if given.name:
            await tx.execute("UPDATE conversation SET name = %s WHERE id = %s", given.name, person.conversation)
    for kind in given.consent:
        if kind != "marketing":
            raise NotPossible(f"There is no consent {kind!r}.", "Known: marketing.")
        await ask(stage, person, SetConsent(kind="marketing", on=True, source="script"))


async def fill_cart(stage: Stage, person: Person, lines: Mapping[str, int]) -> None:
    wishes = tuple(LineWish(sku=sku, quantity=quantity) for sku, quantity in lines.items())
    result = await ask(stage, person, AddLines(lines=wishes))
    if not isinstance(result, CartChanged) or result.shortages or len(result.cart.lines) < len(lines):
        short = result.shortages if isinstance(result, CartChanged) else ()
        what = ", ".join(f"{lack.variant.sku} ({lack.variant.free} free)" for lack in short) or ", ".join(lines)
        raise NotPossible(f"This cannot be put into the cart: {what}.", "Set the stock first, or name known SKUs.")


# ---- stock, prices, promotions -------------------------------------------------------------------


async def set_stock(stage: Stage, stock: Mapping[str, int]) -> None:
    """So many are free from now on, whatever orders hold."""
    async with stage.db.begin() as tx:
        await _known(tx, tuple(stock))
        for sku, free in sorted(stock.items()):
            await tx.execute("UPDATE variant SET on_hand = reserved + %s WHERE sku = %s", free, sku)
        await bump_catalogue(tx)


async def set_price(stage: Stage, person: Person, note: PriceNote, *, by: str = "script") -> None:
    """A catalogue price; with a reason a manager's own price for this customer."""
    async with stage.db.begin() as tx:
        await _known(tx, tuple(note.prices))
        for sku, text in note.prices.items():
            price = stage.world.shop.money(text)
            if note.reason is None and note.until is None:
                await tx.execute("UPDATE variant SET price_minor = %s WHERE sku = %s", price.amount_minor, sku)
                continue
            await tx.execute(
                """INSERT INTO manual_price (id, customer, sku, amount_minor, currency, reason, by, until, created_at)
                   VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)""",
                new_id(), person.customer, sku, price.amount_minor, price.currency, note.reason or "", by, note.until,
                stage.now,
            )  # fmt: skip
        await bump_catalogue(tx)


async def _use_promotions(stage: Stage, uses: Mapping[str, int]) -> None:
    async with stage.db.begin() as tx:
        for code, count in uses.items():
            if not await tx.execute("UPDATE promotion SET uses = %s WHERE code = %s", count, code):
                raise NotPossible(f"There is no promotion {code!r}.")


async def _known(tx: Tx, skus: tuple[str, ...]) -> None:
    rows = await tx.rows("SELECT sku FROM variant")
    known = sorted(row["sku"] for row in rows)
    for sku in skus:
        if sku not in known:
            raise NotPossible(f"There is no SKU {sku!r}.", f"Known: {', '.join(known)}.")


# ---- orders --------------------------------------------------------------------------------------


async def _order(stage: Stage, person: Person, given: GivenOrder) -> None:
    """An order of the past: placed, paid, booked and scanned at its own times."""
    today = stage.now
    placed = given.placed or (given.delivered - timedelta(days=3) if given.delivered else today)
    before = await _set_aside(stage, person)
    stage.clock.move(placed - today)
    try:
        async with stage.db.begin() as tx:
            free = await lock_stock(tx, given.lines)
            for sku, quantity in given.lines.items():  # the data set's stock is what is free after this order
                if sku not in free:
                    raise NotPossible(f"There is no SKU {sku!r}.")
                await tx.execute("UPDATE variant SET on_hand = on_hand + %s WHERE sku = %s", quantity, sku)
            await bump_catalogue(tx)
        await fill_cart(stage, person, given.lines)
        for code in given.promo:
            result = await ask(stage, person, ApplyCode(code=code))
            if not isinstance(result, CodeApplied):
                raise NotPossible(f"{code} does not count for this order.")
        order = await _place(stage, person, given)
        async with stage.db.begin() as tx:
            await tx.execute("UPDATE shop_order SET source = %s WHERE id = %s", GIVEN, order)
        if given.paid:
            await _pay(stage, order)
            await stage.rest()
        if given.status not in (None, "pending") or given.delivered:
            await _send(stage, person, order, given, placed, today)
    finally:
        stage.clock.move(today - stage.now)
    await ask(stage, person, RemoveCode())
    if before:
        await fill_cart(stage, person, before)


async def _set_aside(stage: Stage, person: Person) -> dict[str, int]:
    """Empty the cart for a moment; returns what lay in it."""
    async with stage.db.begin() as tx:
        lines = dict(await stage.world.cart_lines(tx, person.customer))
    for sku in lines:
        await ask(stage, person, SetQuantity(sku=sku, quantity=0))
    return lines


async def _place(stage: Stage, person: Person, given: GivenOrder) -> str:
    shop = stage.world.shop
    delivery = given.delivery or next(iter(shop.deliveries))
    method = shop.deliveries.get(delivery)
    if method is None:
        raise NotPossible(f"There is no delivery {delivery!r}.", f"Known: {', '.join(shop.deliveries)}.")
    points = [code for code, point in shop.points.items() if point.delivery == delivery]
    async with stage.db.begin() as tx:
        known = await tx.row(
            """SELECT name, phone, email, (SELECT address FROM customer_address a WHERE a.customer = c.id
               ORDER BY label LIMIT 1) AS address FROM customer c WHERE id = %s""",
            person.customer,
        )
    assert known is not None
    quoted = await ask(
        stage, person,
        QuoteOrder(
            recipient=known["name"] or SOMEBODY,
            phone=known["phone"] or SOME_PHONE,
            email=known["email"],
            delivery=delivery,
            address=None if method.to_point else given.address or known["address"] or SOME_ADDRESS,
            point=(given.point or points[0]) if method.to_point else None,
            payment=given.payment or next(iter(shop.payments)),
        ),
    )  # fmt: skip
    if not isinstance(quoted, OrderQuoted):
        raise NotPossible(f"This order cannot be placed: {_why(quoted)}.")
    placed = await ask(stage, person, PlaceOrder(quote=quoted.quote, key=quoted.quote))
    if not isinstance(placed, OrderPlaced):
        raise NotPossible(f"This order cannot be placed: {_why(placed)}.")
    if not isinstance(await ask(stage, person, RequestPayment(order=placed.order.id)), PaymentRequested):
        raise NotPossible("There is nothing to pay for this order.")
    return placed.order.id


async def _pay(stage: Stage, order: str) -> None:
    async with stage.db.begin() as tx:
        payment = await tx.row('SELECT * FROM payment WHERE "order" = %s ORDER BY created_at DESC LIMIT 1', order)
    assert payment is not None
    await report_payment(stage, read_attempt(payment), "settled", tell=quiet)


async def report_payment(stage: Stage, attempt: Attempt, state: PaymentWord, *, tell: Tell) -> None:
    """The provider reports. The sandbox really takes the money first, so that it can give it back."""
    report = PaymentReport(
        provider=attempt.provider, event=f"{state}-{attempt.id}", state=state, at=stage.now, key=attempt.key,
        amount=attempt.amount,
    )  # fmt: skip
    if attempt.provider == stage.sandbox.code and state != "expired":
        request = PaymentRequest(
            payment=attempt.id, number=attempt.order, amount=attempt.amount, description="", return_url=""
        )
        page = await stage.sandbox.request(request, key=attempt.key)
        assert isinstance(page, PayByLink)
        await (stage.sandbox.approve if state == "settled" else stage.sandbox.decline)(page.reference)
        report = await stage.sandbox.look_up(key=attempt.key, reference=page.reference)
    await stage.db.run(lambda tx: apply_report(tx, report, stage.world.shop, tell, stage.now))


async def _send(stage: Stage, person: Person, order: str, given: GivenOrder, placed: datetime, today: datetime) -> None:
    """Book the parcel and let the carrier scan it, evenly between the placing and its last state."""
    status = "delivered" if given.delivered else str(given.status)
    scans = ON_THE_WAY.get(status, ())
    last = given.delivered or min(today, placed + timedelta(days=2))
    for place, scan in enumerate(scans, start=1):
        at = placed + (last - placed) * place / len(scans)
        stage.clock.move(at - stage.now)
        await scan_parcel(stage, person, GivenScan.model_validate({"status": scan, "at": at}), tell=quiet, order=order)


async def scan_parcel(stage: Stage, person: Person, scan: GivenScan, *, tell: Tell, order: str | None = None) -> None:
    """A tracking event for the customer's newest parcel, or for that of `order`."""
    async with stage.db.begin() as tx:
        parcel = await tx.row(
            """SELECT s.* FROM shipment s JOIN shop_order o ON o.id = s."order"
               WHERE o.customer = %(customer)s AND (%(order)s::text IS NULL OR o.id = %(order)s)
               ORDER BY o.placed_at DESC, o.id LIMIT 1""",
            customer=person.customer, order=order,
        )  # fmt: skip
    if parcel is None or parcel["tracking"] is None:
        raise NotPossible("There is no parcel to be scanned: no order of this customer is paid and booked.")
    at = scan.at or stage.now
    event = TrackingEvent(
        tracking=parcel["tracking"], event=f"{scan.status}-{at.isoformat()}", status=scan.status, at=at,
        place=scan.place, words="",
    )  # fmt: skip
    await stage.db.run(lambda tx: apply_tracking(tx, parcel["carrier"], [event], tell, stage.now))


# ---- helpers -------------------------------------------------------------------------------------


async def ask(stage: Stage, person: Person, command: Command) -> Result:
    return await stage.ask(person.customer, "set-up", command, tell=quiet)


async def _show(stage: Stage, person: Person, skus: tuple[str, ...]) -> None:
    """The bot has just listed these, in this order."""
    async with stage.db.begin() as tx:
        await _known(tx, skus)
        rows = await tx.rows("SELECT sku, product FROM variant WHERE sku = ANY(%s)", list(skus))
        product = {row["sku"]: row["product"] for row in rows}
        shown = tuple(Shown(product=product[sku], sku=sku) for sku in skus)

        def listed(state: State) -> State:
            focus = state.focus.model_copy(update={"shown": shown})
            if len(skus) == 1:
                focus = focus.model_copy(update={"product": product[skus[0]], "sku": skus[0]})
            return state.model_copy(update={"focus": focus, "greeted": True})

        await _change_state(tx, person, listed)


async def _change_state(tx: Tx, person: Person, change: Callable[[State], State]) -> None:
    row = await tx.row("SELECT state FROM conversation WHERE id = %s FOR UPDATE", person.conversation)
    assert row is not None
    state = change(State.model_validate(row["state"]))
    await tx.execute(
        "UPDATE conversation SET state = %s WHERE id = %s",
        Jsonb(state.model_dump(mode="json", exclude_defaults=True)), person.conversation,
    )  # fmt: skip


def _why(result: Result) -> str:
    return str(getattr(result, "reason", type(result).__name__)).replace("_", " ")
