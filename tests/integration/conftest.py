"""What the tests of Messenger and Instagram share: a shop with one of them, each test on both."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.integration.meta_shop import Meta, meta_shop


@pytest_asyncio.fixture(params=["facebook", "instagram"])
async def meta(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[Meta]:
    """Open, and nobody has written yet."""
    async with meta_shop(request.param, database_url) as opened:
        yield opened
