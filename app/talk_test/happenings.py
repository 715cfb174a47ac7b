"""What happens outside the talk: money, parcels, stock, and what a manager does at the desk."""

from __future__ import annotations

from typing import Literal

from app.talk_test.grammar import Event, GivenScan, ManagerDoes, PaymentWord, PriceNote
from app.talk_test.setup import NotPossible, Person, report_payment, scan_parcel, set_price, set_stock
from app.talk_test.stage import Stage
from base.ids import new_id
from bot.ownership import BOT, QUEUE, Manager
from bot.world import tell_customer
from desk import actions, money
from shop.attempts import read_attempt

SOMEBODY = "Olga"  # who acts where nobody has taken the conversation and no name is given


async def happen(stage: Stage, person: Person, event: Event) -> None:
    """An `event` line. Raises ShopkeeperError for what cannot happen."""
    if event.payment is not None:
        await _report(stage, person, event.payment)
    if event.shipment is not None:
        scan = GivenScan.model_validate({"status": event.shipment, "at": stage.now})
        await scan_parcel(stage, person, scan, tell=tell_customer)
    if event.stock is not None:
        await set_stock(stage, event.stock)
    if event.price is not None:
        await set_price(stage, person, PriceNote(prices=event.price))


async def _report(stage: Stage, person: Person, state: PaymentWord) -> None:
    """The provider speaks of this customer's newest payment attempt, or of the shop's where he has none."""
    async with stage.db.begin() as tx:
        row = await tx.row(
            """SELECT p.* FROM payment p JOIN shop_order o ON o.id = p."order"
               ORDER BY o.customer = %s DESC, p.state = 'voided', p.created_at DESC, o.placed_at DESC,
                        p.serial DESC LIMIT 1""",
            person.customer,
        )
    if row is None:
        raise NotPossible("There is no payment: nobody was given a link.")
    attempt = read_attempt(row)
    if cashier := stage.cashiers.get(attempt.provider):
        await cashier(attempt, state)
    else:
        await report_payment(stage, attempt, state, tell=tell_customer)


class Desk:
    """The managers of a case, made when they are first named."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._known: dict[str, Manager] = {}

    async def act(self, person: Person, does: ManagerDoes) -> str:
        """A `manager` line; returns the manager's name. Raises ShopkeeperError, HeldByAnother among them."""
        stage, conversation = self._stage, person.conversation
        who = await self.manager(does.take or await self.owner(person) or SOMEBODY)
        async with stage.db.begin() as tx:
            if does.take is not None:
                await actions.take(tx, conversation, who, now=stage.now)
            if does.note is not None:
                await actions.note(tx, conversation, who, does.note, now=stage.now)
            if does.promise is not None:
                said = does.promise if isinstance(does.promise, str) else ", ".join(does.promise.values())
                await actions.note(tx, conversation, who, f"promise: {said}", now=stage.now)
        if does.price is not None:
            price = does.price.model_copy(update={"reason": does.price.reason or f"agreed with {who.name}"})
            await set_price(stage, person, price, by=who.id)
        if does.refund is not None:
            await self._decide(who, does.refund)
        async with stage.db.begin() as tx:
            if does.say is not None:
                limits = {name: channel.limits for name, channel in stage.channels.items()}
                await actions.reply(tx, conversation, who, does.say, now=stage.now, key=new_id(), limits=limits)
        await stage.rest()
        if does.release is not None:
            async with stage.db.begin() as tx:
                await actions.release(tx, conversation, who, resume=does.release == "resume", now=stage.now)
        return who.name

    async def _decide(self, who: Manager, decision: Literal["approve", "refuse"]) -> None:
        """Every refund that waits for approval."""
        stage = self._stage
        async with stage.db.begin() as tx:
            rows = await tx.rows("SELECT id FROM refund WHERE state = 'awaiting_approval' ORDER BY created_at, id")
        if not rows:
            raise NotPossible("No refund waits for approval.")
        for row in rows:
            async with stage.db.begin() as tx:
                if decision == "approve":
                    await money.approve(tx, row["id"], who, tell_customer, now=stage.now)
                else:
                    await money.refuse(tx, row["id"], "as the script says", who, tell_customer, now=stage.now)

    async def owner(self, person: Person) -> str:
        """The name of the manager who has the conversation; empty when nobody has."""
        async with self._stage.db.begin() as tx:
            row = await tx.row("SELECT owner FROM conversation WHERE id = %s", person.conversation)
        owner = str(row["owner"]) if row else BOT
        names = {manager.id: manager.name for manager in self._known.values()}
        return "" if owner in (BOT, QUEUE) else names.get(owner, owner)

    async def manager(self, name: str) -> Manager:
        if name not in self._known:
            manager = Manager(id=new_id(), name=name)
            async with self._stage.db.begin() as tx:  # no password: nobody signs in as a manager of a script
                await tx.execute(
                    """INSERT INTO manager (id, name, login, password_hash, role, active, created_at)
                       VALUES (%s, %s, %s, '', 'manager', true, %s)""",
                    manager.id, name, f"script-{name}".casefold(), self._stage.now,
                )  # fmt: skip
            self._known[name] = manager
        return self._known[name]
