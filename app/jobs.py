"""Outside work of the shop: what a worker does between conversations, and how often."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from app.adapters import owner
from app.alarms import tell_owner
from app.privacy import work_off
from app.probes import Probe
from base.jobs import Jobs
from bot.channel_watch import watch
from bot.world import tell_customer
from integrations.payments.sandbox import SandboxPayments
from shop import delivery, disputes, edits, orders, payments, refunds
from shop.alerts import tell_stock_back
from shop.catalogue import load_catalogue

if TYPE_CHECKING:
    from app.main import House

OFTEN = 5  # seconds: what a customer waits for
SOON = 15  # seconds: asking again what should have been reported; each attempt at its own intervals
NOW_AND_THEN = 60  # seconds
WATCH = 600  # seconds: whether messengers are well, and how long their tokens last
POLL = timedelta(minutes=15)  # how often a carrier is asked about one parcel
POLLS_A_DAY = 24  # where a parcel's day is shorter than a real one


async def tell_who_waits(house: House) -> int:
    """Tell the customers who asked to be told that something is back; how many were."""
    async with house.db.begin() as tx:
        catalogue = await load_catalogue(tx)
    return await tell_stock_back(house.db, catalogue, house.shop, tell_customer, house.clock.now())


def add_jobs(jobs: Jobs, house: House) -> None:
    """Register every sweep. All of them are safe to run twice and on many workers."""
    db, clock, shop = house.db, house.clock, house.shop
    providers, carriers = house.providers, house.carriers
    day = timedelta(seconds=house.settings.parcel_day)
    poll_every = min(POLL, max(timedelta(seconds=1), day / POLLS_A_DAY))

    async def expire_holds() -> None:
        """Give back stock and promo uses of links that died."""
        while await orders.expire_due(db, clock.now(), tell_customer):
            pass
        await edits.expire_edits(db, clock.now(), tell_customer)

    async def give_back_money() -> None:
        await payments.cancel_due(db, providers, shop, tell_customer, clock.now())
        await refunds.submit_due(db, providers, clock.now())

    async def book_parcels() -> None:
        await delivery.book_due(db, carriers, clock.now())
        await delivery.cancel_due(db, carriers, clock.now())

    async def follow_parcels() -> None:
        await delivery.poll_due(db, carriers, tell_customer, clock.now(), every=poll_every)

    async def ask_about_payments() -> None:
        """Webhooks get lost: an attempt that was opened and not heard of is looked up."""
        await payments.reconcile(db, providers, shop, tell_customer, clock.now())
        await db.run(lambda tx: disputes.adopt(tx, clock.now()))
        await disputes.look_up_due(db, providers, clock.now())

    async def tell_of_stock() -> None:
        await tell_who_waits(house)

    async def answer_comments() -> None:
        await house.turns.comments.answer_due()

    async def look_after_channels() -> None:
        public_url = house.settings.public_url if house.settings.probe else ""
        probe = Probe(public_url, house.secret_key, db, house.channels) if public_url else None
        await watch(db, house.channels, clock, await probe.look() if probe else None)

    told = owner(house.settings, house.channels, house.texts, house.shop)

    async def tell_of_alarms() -> None:
        if told is not None:
            await tell_owner(db, told, clock)

    async def forget_who_asked() -> None:
        await work_off(db, house.channels, clock)

    jobs.sweep("privacy.erase", forget_who_asked, every=NOW_AND_THEN)
    jobs.sweep("alarms.tell", tell_of_alarms, every=NOW_AND_THEN)
    jobs.sweep("channels.watch", look_after_channels, every=WATCH)
    jobs.sweep("comments.answer", answer_comments, every=OFTEN)
    jobs.sweep("orders.expire", expire_holds, every=OFTEN)
    jobs.sweep("stock.back", tell_of_stock, every=NOW_AND_THEN)
    jobs.sweep("payments.give_back", give_back_money, every=OFTEN)
    jobs.sweep("shipments.book", book_parcels, every=OFTEN)
    jobs.sweep("shipments.follow", follow_parcels, every=OFTEN if poll_every < timedelta(minutes=1) else NOW_AND_THEN)
    sandbox = providers.get("sandbox")
    if isinstance(sandbox, SandboxPayments):
        jobs.sweep("sandbox.webhooks", sandbox.send_webhooks, every=OFTEN)
    jobs.sweep("payments.reconcile", ask_about_payments, every=SOON)
