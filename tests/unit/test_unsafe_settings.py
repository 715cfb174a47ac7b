"""What `serve` says about settings with which strangers could do what they should not."""

from __future__ import annotations

from typing import Any

import pytest

from app.serve import unsafe
from app.settings import read_settings

PROXIED = {"public_url": "https://shop.example", "trusted_proxies": "127.0.0.1"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"env": "demo"}, []),
        ({"env": "production", **PROXIED}, []),
        ({"env": "demo", "host": "0.0.0.0"}, ["play money"]),
        ({"env": "demo", **PROXIED}, ["play money"]),
        ({"env": "production", "host": "0.0.0.0"}, ["not https://"]),
        ({"env": "production", **PROXIED, "trusted_proxies": ""}, ["SHOPKEEPER_TRUSTED_PROXIES=127.0.0.1"]),
    ],
)
def test_each_danger_is_one_line(given: dict[str, Any], told: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SHOPKEEPER_ENV", "SHOPKEEPER_PUBLIC_URL", "SHOPKEEPER_TRUSTED_PROXIES", "SHOPKEEPER_HOST"):
        monkeypatch.delenv(name, raising=False)
    lines = unsafe(read_settings(env_file=None, **given))
    assert len(lines) == len(told)
    assert all(words in line for words, line in zip(told, lines, strict=True))
