"""Customers of a market in a storm: most simply pay; others are declined, pay twice, too late, never, or contest it."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp

from base.db import Tx
from base.ids import new_id
from bot.world import tell_customer
from shop.commands import (
    AddLines,
    AgreeToEdit,
    CartChanged,
    Command,
    EditOrder,
    LineWish,
    OrderEditProposed,
    OrderEditToPay,
    OrderPlaced,
    OrderQuoted,
    OrderWish,
    PaymentRequested,
    PlaceOrder,
    QuoteOrder,
    RequestPayment,
    Result,
    ReviseOrder,
)
from shop.handlers import ShopContext, handle
from tests.integration.storm import DECLINES, GIVE_UP, SCARCE, TROUBLE, WAYS, Storm, now

GOODS = ("CAN", "MUG-white", "PIL", "BOX")


class Gone(Exception):
    """The page takes no money any more: the customer gives up."""


@dataclass
class Buyer:
    """One customer with a conversation of his own and one order."""

    storm: Storm
    customer: str
    order: str = ""

    async def ask(self, command: Command) -> Result:
        """Run a command of the shop as a turn would."""
        storm = self.storm

        async def work(tx: Tx) -> Result:
            ctx = ShopContext(
                tx=tx, now=now(), customer=self.customer, locale="en", actor=self.customer, shop=storm.shop,
                catalogue=storm.catalogue, tell=tell_customer, channel="webchat", public_url="",
            )  # fmt: skip
            return await handle(ctx, command)

        return await storm.db.run(work)

    async def places(self, sku: str, quantity: int, method: str) -> bool:
        """An order that waits for its money; False when the last one went to somebody else."""
        changed = await self.ask(AddLines(lines=(LineWish(sku=sku, quantity=quantity),)))
        assert isinstance(changed, CartChanged)
        quoted = await self.ask(
            QuoteOrder(recipient="Ana", phone="+37060000001", delivery="boxberry", point="KUN-1", payment=method)
        )
        if not isinstance(quoted, OrderQuoted):
            return False
        placed = await self.ask(PlaceOrder(quote=quoted.quote, key=new_id()))
        if not isinstance(placed, OrderPlaced):
            return False
        self.order = placed.order.id
        return True

    async def link(self, method: str | None = None) -> str:
        """The path of a pay link."""
        requested = await self.ask(RequestPayment(order=self.order, method=method))
        if not isinstance(requested, PaymentRequested) or requested.link is None:
            raise Gone
        return requested.link

    # ---- at the provider -------------------------------------------------------------------------

    async def opens(self, path: str, method: str) -> Callable[[], Awaitable[None]]:
        """Press Pay; what the customer can then do on the provider's page, any number of times."""
        status, to, words = await self.storm.knock("POST", path)
        match WAYS[method]:
            case "webmoney" if status == 200 and "LMI_PAYMENT_NO" in words:
                return lambda: self._by_webmoney(form_in(words))
            case "stripe" if status == 303:
                return lambda: self._by_stripe(to.rpartition("/")[2])
            case "paypal" if status == 303:
                return lambda: self._by_paypal(to.rpartition("=")[2], path)
            case "sandbox" if status == 303:
                return lambda: self._on_the_sandbox("/sandbox/pay/" + to.rpartition("/")[2], "approve")
            case _:
                raise Gone

    async def _by_stripe(self, session: str) -> None:
        try:
            await self.storm.stripe.pay(session)
        except AssertionError:
            raise Gone from None

    async def _by_paypal(self, order: str, path: str) -> None:
        storm = self.storm
        if storm.random.random() < 0.1:
            storm.paypal.decline.append(storm.random.choice(DECLINES))  # meets whose capture comes next
        try:
            await storm.paypal.approve(order)
        except AssertionError:
            raise Gone from None
        if storm.random.random() < 0.7:
            await storm.knock("GET", f"{path}?approved=1&token=x")
        for _ in range(3):  # who was declined tries again, and comes back to tell
            await asyncio.sleep(storm.random.random() * 2)
            _, _, words = await storm.knock("GET", path)
            if "was declined" not in words or storm.paypal.orders[order]["status"] == "COMPLETED":
                return
            await storm.paypal.approve(order)
            await storm.knock("GET", f"{path}?approved=1&token=x")

    async def _by_webmoney(self, form: dict[str, str]) -> None:
        """WebMoney asks the shop before it collects; where the shop does not answer, the payer sees an error."""
        storm = self.storm
        async with asyncio.timeout(GIVE_UP):
            while True:
                storm.webmoney.result_url = f"{storm.door()}/webhooks/webmoney"
                try:
                    if not await storm.webmoney.pay(form):
                        raise Gone
                    return
                except (*TROUBLE, AssertionError):
                    await asyncio.sleep(0.3)

    async def _on_the_sandbox(self, page: str, button: str) -> None:
        if button == "approve" and self.storm.random.random() < 0.15:
            await self.storm.knock("POST", page, data={"say": "decline"})
        await self.storm.knock("POST", page, data={"say": button})

    async def disputes(self, method: str) -> None:
        """The payment is contested, as soon as there is one; who wins is decided a moment later."""
        storm, won = self.storm, self.storm.random.random() < 0.5
        async with storm.db.begin() as tx:
            row = await tx.row(
                'SELECT reference FROM payment WHERE "order" = %s AND provider = %s', self.order, WAYS[method]
            )
        reference = row["reference"] if row else ""
        if method == "card" and storm.stripe.sessions[reference]["payment_status"] == "paid":
            dispute = storm.stripe.dispute(reference)
            await asyncio.sleep(storm.random.random() * 3)
            storm.stripe.decide(dispute, "won" if won else "lost")
        elif method == "paypal" and storm.paypal.orders[reference]["status"] == "COMPLETED":
            case = storm.paypal.dispute(reference)
            await asyncio.sleep(storm.random.random() * 3)
            storm.paypal.decide(case, f"RESOLVED_{'SELLER' if won else 'BUYER'}_FAVOUR")

    # ---- time ------------------------------------------------------------------------------------

    async def the_hold_ends(self) -> None:
        """Half an hour passes for this order alone."""
        async with self.storm.db.begin() as tx:
            await end_hold(tx, self.order)

    async def until_expired(self) -> None:
        await self.while_there_is("SELECT 1 FROM shop_order WHERE id = %s AND status = 'awaiting_payment'")

    async def until(self, *, paid: bool) -> None:
        """Until the order is paid, or until no change of it waits for its money. Who waits too long gives up."""
        try:
            await self.while_there_is(
                "SELECT 1 FROM shop_order WHERE id = %s AND status <> 'paid'"
                if paid
                else "SELECT 1 FROM order_edit WHERE \"order\" = %s AND state = 'awaiting_payment'"
            )
        except TimeoutError:
            raise Gone from None

    async def while_there_is(self, query: str) -> None:
        async with asyncio.timeout(GIVE_UP):
            while True:
                async with self.storm.db.begin() as tx:
                    row = await tx.row(query, self.order)
                if row is None:
                    return
                await asyncio.sleep(0.3)


def form_in(page: str) -> dict[str, str]:
    """What the browser posts to WebMoney."""
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in fields}


async def end_hold(tx: Tx, order: str) -> None:
    await tx.execute("SELECT 1 FROM shop_order WHERE id = %s FOR UPDATE", order)
    await tx.execute("UPDATE payment SET until = now() - interval '1 second' WHERE \"order\" = %s", order)
    await tx.execute("UPDATE reservation SET until = now() - interval '1 second' WHERE \"order\" = %s", order)
    await tx.execute(
        "UPDATE order_edit SET until = now() - interval '1 second' WHERE \"order\" = %s AND state = 'awaiting_payment'",
        order,
    )
    await tx.execute(
        "UPDATE shop_order SET reserved_until = now() - interval '1 second'"
        " WHERE id = %s AND status = 'awaiting_payment'",
        order,
    )


async def newcomer(storm: Storm) -> Buyer:
    """Somebody opens the chat and is greeted."""
    address = ".".join(str(storm.random.randrange(1, 255)) for _ in range(3))
    started: dict[str, str] = {}
    async with asyncio.timeout(GIVE_UP):
        while not started:
            try:
                url, headers = f"{storm.door()}/chat/start", {"X-Forwarded-For": f"10.{address}"}
                async with storm.http.post(url, json={"locale": "en"}, headers=headers) as answer:
                    if answer.status == 200:
                        started = await answer.json()
            except TROUBLE:
                await asyncio.sleep(0.2)
        while True:
            async with storm.db.begin() as tx:
                row = await tx.row("SELECT customer_id FROM conversation WHERE peer = %s", started["conversation"])
            if row is not None:
                return Buyer(storm, row["customer_id"])
            await asyncio.sleep(0.1)


# ---- what they are like ------------------------------------------------------------------------------


async def pays(buyer: Buyer, method: str) -> None:
    """Looks at the link, presses Pay, and pays."""
    path = await buyer.link()
    if buyer.storm.random.random() < 0.3:
        await buyer.storm.knock("GET", path)
    await (await buyer.opens(path, method))()


async def presses_twice(buyer: Buyer, method: str) -> None:
    """Two thumbs, one page."""
    path = await buyer.link()
    pages = await asyncio.gather(buyer.opens(path, method), buyer.opens(path, method))
    await pages[0]()


async def changes_the_way(buyer: Buyer, method: str) -> None:
    """Opens one provider's page, asks for another, and pays on one of them or on both."""
    other = buyer.storm.random.choice([way for way in WAYS if way != method])
    old = await buyer.opens(await buyer.link(), method)
    path = await buyer.link(other)
    new = await buyer.opens(path, other)
    paying = buyer.storm.random.choice([(old,), (new,), (new, old), (old, new)])
    await asyncio.gather(*(way() for way in paying), return_exceptions=True)


async def pays_late(buyer: Buyer, method: str) -> None:
    """Pays when the hold is over, or in the same moment."""
    page = await buyer.opens(await buyer.link(), method)
    await buyer.the_hold_ends()
    if buyer.storm.random.random() < 0.5:
        await buyer.until_expired()
    await asyncio.sleep(buyer.storm.random.random() * 3)
    await page()


async def takes_it_back(buyer: Buyer, method: str) -> None:
    """Changes his mind, then pays on the old page all the same."""
    page = await buyer.opens(await buyer.link(), method)
    await buyer.ask(ReviseOrder(order=buyer.order))
    await page()


async def leaves(buyer: Buyer, method: str) -> None:
    """Opens the page at most, and is not seen again."""
    path = await buyer.link()
    if buyer.storm.random.random() < 0.7:
        await buyer.opens(path, method)
    await buyer.the_hold_ends()


async def contests(buyer: Buyer, method: str) -> None:
    """Pays, and tells his bank that he did not; the bank decides a little later."""
    method = buyer.storm.random.choice(["card", "paypal"])
    path = await buyer.link(method)
    await (await buyer.opens(path, method))()
    await buyer.disputes(method)


async def changes_it_after_paying(buyer: Buyer, method: str) -> None:
    """Pays, then wants more, less or something else; pays the difference, pays it late, or does not."""
    storm = buyer.storm
    await (await buyer.opens(await buyer.link(), method))()
    await buyer.until(paid=True)
    for _ in range(storm.random.randint(1, 2)):
        wish = OrderWish(skus=(storm.random.choice(GOODS),), quantity=storm.random.randint(1, 3))
        kind = storm.random.choice(["add", "add", "set", "less"])
        proposed = await buyer.ask(EditOrder.model_validate({"kind": kind, "wishes": [wish]}))
        if not isinstance(proposed, OrderEditProposed):
            continue
        yes = [buyer.ask(AgreeToEdit(edit=proposed.edit)) for _ in range(storm.random.randint(1, 2))]
        answer, *_ = await asyncio.gather(*yes)
        if not isinstance(answer, OrderEditToPay):
            continue
        other = storm.random.choice(list(WAYS))
        page = await buyer.opens(await buyer.link(other), other)
        mood = storm.random.random()
        if mood < 0.25:
            await buyer.the_hold_ends()
            await asyncio.sleep(storm.random.random() * 3)
        if mood < 0.85:
            await page()
            await buyer.until(paid=False)


async def pays_in_two_windows(buyer: Buyer, method: str) -> None:
    """WebMoney asks the shop for both before either has paid."""
    path = await buyer.link("webmoney")
    status, _, words = await buyer.storm.knock("POST", path)
    if status == 200 and "LMI_PAYMENT_NO" in words:
        for _ in range(2):
            await buyer.storm.webmoney.pay(form_in(words), asked=False)


KINDS = {
    pays: 55, contests: 4, pays_in_two_windows: 1, presses_twice: 8, changes_the_way: 12, pays_late: 8,
    takes_it_back: 5, leaves: 7, changes_it_after_paying: 15,
}  # fmt: skip


async def visit(storm: Storm) -> None:
    """One customer from the first click to the end of his patience."""
    (kind,) = storm.random.choices(list(KINDS), list(KINDS.values()))
    method = storm.random.choice(list(WAYS))
    scarce = storm.random.random() < 0.05
    try:
        buyer = await newcomer(storm)
        if await buyer.places(
            SCARCE if scarce else storm.random.choice(GOODS), 1 if scarce else storm.random.randint(1, 3), method
        ):
            await kind(buyer, method)
    except Gone:
        pass
    except (TimeoutError, aiohttp.ClientError, AssertionError) as error:
        storm.troubles.append(f"{kind.__name__} by {method}: {type(error).__name__} {error}")
