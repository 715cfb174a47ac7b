"""`payments reconcile`: a person does not want to wait until a provider is asked by itself."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.integration import test_stripe
from tests.integration.test_cli import Shopkeeper
from tests.integration.test_pay import path_of


async def test_what_a_provider_knows_is_taken_in_at_once(database_url: str, tmp_path: Path) -> None:
    async with test_stripe.counter_at(database_url, tmp_path / "data") as counter:
        stripe = {
            "SHOPKEEPER_STRIPE__SECRET_KEY": counter.stripe.secret_key,
            "SHOPKEEPER_STRIPE__API_BASE": counter.stripe.url,
            "SHOPKEEPER_DATA": str(tmp_path / "data"),
        }  # fmt: skip
        shopkeeper = Shopkeeper(tmp_path, database_url)

        async def asked(*words: str) -> str:
            done = await asyncio.to_thread(shopkeeper, "payments", "reconcile", *words, **stripe)
            assert done.returncode == 0, done.stderr
            return str(done.stdout)

        assert await asked() == "Nothing is open.\n"
        page = await counter.page_of(path_of((await counter.shop.placed(await counter.shop.buyer())).link))
        assert await asked() == "Nothing has moved; 1 still open.\n"
        await counter.stripe.pay(page)
        counter.stripe.due.clear()  # and its webhook is lost
        assert '"before": "pending"' in (said := await asked("--json")), said
        assert '"after": "settled"' in said
        assert await counter.told("SELECT status FROM shop_order") == ["paid"]
        assert await asked() == "Nothing is open.\n"
