"""`catalogue import` of something that never ends read until the memory was full."""

from __future__ import annotations

from pathlib import Path

import pytest

from base.errors import ShopkeeperError
from shop.seed import read_file

ENDLESS = Path("/dev/zero")


@pytest.mark.skipif(not ENDLESS.exists(), reason="this system has no endless file")
def test_an_endless_file_is_refused_in_one_line() -> None:
    with pytest.raises(ShopkeeperError, match="larger than 64 MB"):
        read_file(ENDLESS)
