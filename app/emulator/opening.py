"""Opens the play messengers around a demo: accounts, Graph servers, settings that lead the shop's adapters there."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientError, web

from app.emulator.graph import graph_on_loopback
from app.emulator.platform import Account, Platform
from app.emulator.posts import posts_of
from app.emulator.rules import FACEBOOK, INSTAGRAM, GraphError, Kind
from app.main import House
from app.settings import Facebook, Instagram, Section, Settings
from app.web.emulator import TITLES, WINDOWS, add_emulator_routes
from app.webhooks import Hooked
from base.errors import ShopkeeperError
from shop.catalogue import load_catalogue
from shop.shopfile import load_shop


@dataclass(frozen=True)
class Play:
    """The open play messengers. `settings`: those of the shop, with the accounts in them."""

    settings: Settings
    platforms: Mapping[str, Platform]
    shop: str

    def add_to(self, app: web.Application) -> None:
        """Serve their windows beside the shop's pages."""
        add_emulator_routes(app, self.platforms, shop=self.shop)

    async def connect(self, house: House) -> None:
        """What a seller does: name the shop's door in Meta's dashboard, subscribe, and show his goods in posts.

        Raises ShopkeeperError.
        """
        async with house.db.begin() as tx:
            catalogue = await load_catalogue(tx)
        for name, platform in self.platforms.items():
            channel = house.channels[name]
            assert isinstance(channel, Hooked)
            platform.shows(posts_of(catalogue, platform.kind, platform.account.id, house.shop.language))
            try:
                await platform.webhooks.subscribe(f"{self.settings.local_url}/webhooks/{name}")
            except (GraphError, ClientError, OSError, TimeoutError) as error:
                raise ShopkeeperError(f"The play messenger {name} cannot reach the shop: {error}.") from None
            await channel.set_webhook(self.settings.base_url)

    def addresses(self) -> list[tuple[str, str]]:
        """(name, address) of each window, to be printed."""
        base = self.settings.base_url
        return [(TITLES[window], f"{base}/try/{window}") for window, name in WINDOWS.items() if name in self.platforms]


@asynccontextmanager
async def play_messengers(settings: Settings, *, fresh: bool = False) -> AsyncIterator[Play]:
    """Messenger and Instagram where the shop has no real account. `fresh` forgets what was said in them.

    Raises ShopkeeperError in production: there, who writes must be who he says he is.
    """
    if settings.production:
        raise ShopkeeperError("The play messengers are for the demo.", "With SHOPKEEPER_ENV=production they stay shut.")
    shop = load_shop(settings.shop_folder / "shop.yml").name
    platforms: dict[str, Platform] = {}
    given: dict[str, Section | str] = {}
    async with AsyncExitStack() as stack:
        for kind, real in ((FACEBOOK, settings.facebook.page_id), (INSTAGRAM, settings.instagram.account_id)):
            if not real:
                account = Account.opened(kind, shop)
                journal = _journal(settings.home_folder, kind, fresh=fresh)
                platform = Platform(account, journal, site=settings.base_url)
                stack.push_async_callback(platform.close)
                address = await stack.enter_async_context(graph_on_loopback(platform))
                platforms[kind.name], given[kind.name] = platform, _section(account, address)
        if given:  # cards get pictures where the shop has an address: here, that of this machine
            given["public_url"] = settings.base_url
        yield Play(settings.model_copy(update=given), platforms, shop)


def _section(account: Account, address: str) -> Section:
    """The settings that a seller copies from Meta's dashboard."""
    about = {
        "app_id": account.app_id, "app_secret": account.app_secret, "verify_token": account.verify_token,
        "api_base": address,
    }  # fmt: skip
    if account.kind is FACEBOOK:
        return Facebook.model_validate(about | {"page_id": account.id, "page_token": account.token})
    return Instagram.model_validate(about | {"account_id": account.id, "token": account.token})


def _journal(home: Path, kind: Kind, *, fresh: bool) -> Path:
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = home / f"play-{kind.name}.jsonl"
    if fresh:
        path.unlink(missing_ok=True)
        shutil.rmtree(path.with_suffix(""), ignore_errors=True)  # the pictures
    return path
