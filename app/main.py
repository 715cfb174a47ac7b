"""The composition root: every part of the shop is made here, once, and put together."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from aiohttp import web
from aiohttp.http import HttpProcessingError

from app import adapters, learned, migrations, probes
from app.collecting import caller, receiver
from app.database import listen_url
from app.jobs import add_jobs
from app.metrics import Metrics
from app.order_news import OrderNews
from app.renewing import Renewal
from app.settings import Settings, signing_key
from app.shelf import shelf, store
from app.web.caller import caller_behind
from app.web.chat import add_chat_routes
from app.web.desk import add_desk_routes
from app.web.door import BODY_LIMIT, Caller, Headers, add_door_routes
from app.web.ops import Pulse, add_ops_routes
from app.web.pay import add_pay_routes
from app.web.privacy import add_privacy_routes
from app.web.receipt import add_receipt_routes
from app.web.sandbox import add_sandbox_routes
from app.web.storefront import Media, add_storefront_routes
from base.clock import Clock, SystemClock
from base.db import Database, is_away
from base.errors import ShopkeeperError
from base.jobs import Jobs
from bot.channel import Channel
from bot.dialogs import all_dialogs
from bot.following import Following
from bot.model import Proposals
from bot.state import Sentence
from bot.texts import Texts
from bot.turns import Turns
from bot.understanding import Understanding
from bot.world import World, lexicon, tell_customer
from integrations.delivery.sandbox import SandboxCarrier
from integrations.messenger.webchat import WebChat
from integrations.nlu.chat_model import ChatModel
from integrations.nlu.rasa import Rasa
from integrations.payments.sandbox import SandboxPayments
from shop.carrier_port import Carrier
from shop.delivery import apply_tracking
from shop.faq import load_faq
from shop.payment_port import PaymentProvider
from shop.shopfile import ShopFile, load_shop

POOL = 10  # connections to PostgreSQL of one process, twice as many in a rush: several processes share its hundred
LAST_ANSWERS = 5.0  # seconds that open requests get at shutdown
LAST_TURNS = 10.0  # seconds that conversations get after that; jobs get 20 beside both
RESTART_AFTER = 1.0  # seconds

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class House:
    """One running shop: everything that commands and pages need."""

    settings: Settings
    url: str  # of the database
    db: Database
    clock: Clock
    shop: ShopFile
    texts: Texts
    understanding: Understanding
    world: World
    channels: Mapping[str, Channel]
    providers: Mapping[str, PaymentProvider]
    carriers: Mapping[str, Carrier]
    turns: Turns
    metrics: Metrics
    secret_key: str
    rasa: Rasa | None = None
    model: ChatModel | None = None

    async def close(self) -> None:
        """Give back all connections."""
        await adapters.close_all(self.channels, self.providers, self.carriers)
        if self.rasa is not None:
            await self.rasa.close()
        if self.model is not None:
            await self.model.close()
        await self.db.close()


async def build(
    settings: Settings,
    url: str,
    *,
    clock: Clock | None = None,
    more_channels: Mapping[str, Channel] | None = None,
    understanding: Understanding | None = None,
) -> House:
    """Read the owner's files, learn to understand, and put the shop together on a migrated database.

    Raises ShopkeeperError, with the file and the line, for a mistake of the owner.
    """
    clock = clock or SystemClock()
    shop = load_shop(settings.shop_folder / "shop.yml")
    adapters.refuse_sandbox(settings, shop)
    secret_key = signing_key(settings)
    texts = Texts.load(settings.data_folder / "texts", zone=shop.tzinfo, own=settings.shop_folder / "texts")
    faq = load_faq(settings.data_folder / "faq.yml", shop, money=texts.money)
    if understanding is None:
        understanding = await asyncio.to_thread(learned.understand, settings)
    registry = all_dialogs(day=timedelta(seconds=settings.parcel_day))
    db = Database(url, pool_size=POOL)

    def called(manager: str) -> str:
        return texts.say(Sentence(key="persona.name", args={"name": manager, "shop": shop.name}), shop.language)

    made = adapters.make_channels(settings, db, clock, called, languages=shop.languages)
    channels = {**made, **(more_channels or {})}
    providers = adapters.make_providers(settings, db, clock, secret_key)
    world = World(
        shop, faq, public_url=settings.base_url, quiet=settings.days_are_real,
        providers=adapters.collecting(providers, shop.currency),
    )  # fmt: skip
    metrics = Metrics()
    rasa = adapters.make_rasa(settings, understanding.intents, metrics.rasa_asked)
    model = adapters.make_model(settings, metrics.model_asked)
    proposals = (
        None
        if model is None
        else Proposals(
            model,
            db,
            understanding,
            lambda: lexicon(shop, world.catalogue),
            daily_tokens=settings.llm.daily_tokens,
            patience=settings.llm.patience,
            today=lambda: shop.local(clock.now()).date(),
            count=metrics.model_asked,
        )
    )
    turns = Turns(
        db=db,
        clock=clock,
        registry=registry,
        understanding=understanding,
        world=world,
        texts=texts,
        channels=channels,
        observer=metrics,
        public_url=settings.base_url,
        burst=settings.burst,
        ranker=rasa,
        following=Following(secret_key.encode()),
        proposals=proposals,
    )
    return House(
        settings=settings, url=url, db=db, clock=clock, shop=shop, texts=texts, understanding=understanding,
        world=world, channels=channels, providers=providers,
        carriers=adapters.make_carriers(settings, db, clock), turns=turns, metrics=metrics, secret_key=secret_key,
        rasa=rasa, model=model,
    )  # fmt: skip


# ---- the web -------------------------------------------------------------------------------------


def web_app(house: House, *, loop_alive: Callable[[], bool] = lambda: True) -> web.Application:
    """All pages and doors of the shop."""
    settings, turns = house.settings, house.turns
    app = web.Application(client_max_size=BODY_LIMIT, middlewares=[told_kindly])
    behind = caller_behind(settings.trusted_proxies)

    def is_probe(request: web.Request) -> bool:
        return probes.is_ours(house.secret_key, request.headers)

    listen = listen_url(settings, house.url)
    webchat = house.channels["webchat"]
    assert isinstance(webchat, WebChat)
    add_chat_routes(
        app, webchat, turns.receive, origins=settings.chat_origins, listen_url=listen, caller=behind, is_probe=is_probe
    )
    add_storefront_routes(
        app,
        shelf(house.db, house.shop, house.texts),
        store=store(house.shop, house.texts),
        media=adapters.pictures(settings),
        public_url=settings.base_url,
        origins=settings.chat_origins,
    )
    app.router.add_get("/pictures/{name}", Media(adapters.pictures(settings)).serve)
    add_desk_routes(
        app,
        db=house.db,
        clock=house.clock,
        secret_key=house.secret_key,
        public_url=settings.base_url,
        kick=turns.kick,
        typing=turns.typing,
        zone=house.shop.zone,
        shop_name=house.shop.name,
        listen_url=listen,
        caller=behind,
        limits={name: channel.limits for name, channel in house.channels.items()},
    )
    add_pay_routes(
        app, house.db, house.providers, house.shop, house.texts, clock=house.clock, public_url=settings.base_url,
        news=OrderNews(house.db, house.channels, turns.following),
        renewal=Renewal(house.db, house.clock, house.world),
    )  # fmt: skip
    add_receipt_routes(app, house.db, house.shop, house.texts)
    add_privacy_routes(
        app, house.db, house.channels, house.texts, house.shop.name, clock=house.clock, public_url=settings.base_url
    )
    sandbox, play_carrier = house.providers.get(adapters.SANDBOX), house.carriers.get(adapters.SANDBOX)
    if isinstance(sandbox, SandboxPayments) and isinstance(play_carrier, SandboxCarrier):
        add_sandbox_routes(app, sandbox, play_carrier, house.shop.name)
    add_door_routes(
        app, house.channels, receiver(house), callers(house), count=house.metrics.webhook, is_probe=is_probe
    )
    add_ops_routes(app, house.db, house.metrics, Pulse(schema=migrations.head(), loop_alive=loop_alive))
    return app


def callers(house: House) -> dict[str, Caller]:
    """What happens to the webhooks of providers and carriers: proved, read, judged by the core, committed."""

    def of_carrier(carrier: Carrier) -> Caller:
        async def take(headers: Headers, body: bytes) -> None:
            now = house.clock.now()
            await carrier.authenticate(headers, body, now)
            scans = carrier.read_webhook(headers, body, now)
            await house.db.run(lambda tx: apply_tracking(tx, carrier.code, scans, tell_customer, now))

        return take

    by_carrier = {name: of_carrier(carrier) for name, carrier in house.carriers.items() if carrier.features.pushes}
    with_a_door = {
        name: one for name, one in house.providers.items() if not (one.features.by_hand or one.features.in_chat)
    }
    return by_carrier | {name: caller(house, one) for name, one in with_a_door.items()}


@web.middleware
async def told_kindly(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """What no page foresaw is written into the log, and the visitor gets words instead of a traceback."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except (web.RequestPayloadError, HttpProcessingError):
        return web.Response(status=400, text="This request cannot be read.\n")
    except ConnectionResetError:  # the caller left in the middle; whatever is answered, nobody hears it
        return web.Response(status=400)
    except ShopkeeperError as error:
        log.error("%s %s: %s", request.method, request.match_info.route.name or "page", error.what)
        return web.Response(status=503, text="This does not work at the moment. Please try again.\n")
    except asyncio.CancelledError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
            raise web.HTTPNotFound from None  # a file of such a name there cannot be
        if is_away(error):
            log.warning("%s of a page: the database is away", request.method)
        else:
            log.exception("%s failed: %s", request.method, type(error).__name__)
        return web.Response(status=503, text="This does not work at the moment. Please try again.\n")


# ---- running -------------------------------------------------------------------------------------


@asynccontextmanager
async def running(
    house: House,
    *,
    sock: socket.socket | None,
    worker: bool,
    more: Callable[[web.Application], None] = lambda app: None,
) -> AsyncIterator[None]:
    """The shop is open inside the block: pages and doors when there is a socket, jobs when `worker`.

    `more` may add pages that are not the shop's own.
    Leaving it closes cleanly: nothing new is taken, what is under way is finished, nothing is sent twice.
    """
    turns = house.turns
    async with house.db.begin() as tx:  # before the doors open: nobody waits for it, and the first is understood
        await house.world.refresh(tx, house.understanding)
    background: dict[str, asyncio.Task[None]] = {}

    def start(name: str, work: Callable[[], Awaitable[None]]) -> None:
        background[name] = asyncio.create_task(_kept_alive(name, work), name=name)

    runner: web.AppRunner | None = None
    try:
        start("turns", turns.run)
        for name, channel in house.channels.items():
            if sock is not None and adapters.polls(house.settings, name):
                start(f"channel {name}", partial(channel.run, receiver(house)))
        if worker:
            jobs = Jobs(listen_url(house.settings, house.url), watch=house.metrics.job)
            add_jobs(jobs, house)
            start("jobs", jobs.run)
        if sock is not None:
            app = web_app(house, loop_alive=lambda: not background["turns"].done())
            more(app)
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=LAST_ANSWERS)
            await runner.setup()
            await web.SockSite(runner, sock).start()
        yield
    finally:
        if "jobs" in background:
            background["jobs"].cancel()  # takes no new job, and finishes those under way in the meantime
        if runner is not None:
            await runner.cleanup()  # then the doors: no new message is taken
        for name, task in background.items():
            if name != "jobs":  # a second word would cut its work short
                task.cancel()
        await turns.drain(within=LAST_TURNS)
        await asyncio.gather(*background.values(), return_exceptions=True)


async def _kept_alive(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Run until it returns by itself or is cancelled; start again after a failure."""
    while True:
        try:
            return await work()
        except Exception as error:
            log.error("%s stopped (%s); started again", name, type(error).__name__, exc_info=error)
            await asyncio.sleep(RESTART_AFTER)
