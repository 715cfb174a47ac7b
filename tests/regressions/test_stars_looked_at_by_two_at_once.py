"""Two looks at the list of Star transactions at once counted its newest twice: as many later ones were never seen."""

from __future__ import annotations

import asyncio

from base.clock import SystemClock
from integrations.payments.telegram.stars import TelegramStars
from tests.contracts.botapi import BotApi
from tests.contracts.botapi_money import Charge


def comes(api: BotApi, number: int) -> None:
    charge = api.charges[f"c{number}"] = Charge(f"c{number}", 7, "XTR", 1, f"payment-{number}")
    api.transactions.append(api.transaction(charge, "source"))


async def test_a_payment_after_two_looks_at_once_is_found() -> None:
    async with BotApi() as api:
        api.chat(7)
        stars = TelegramStars(SystemClock(), token=api.token, api_base=api.base)
        comes(api, 0)
        looks = (stars.look_up(key="payment-0", reference=None) for _ in range(2))
        assert [report.state for report in await asyncio.gather(*looks)] == ["settled", "settled"]
        comes(api, 1)
        assert (await stars.look_up(key="payment-1", reference=None)).state == "settled"
        await stars.close()
