"""Addresses that are none were taken, and failed later: inside the program, or without a word."""

from __future__ import annotations

import pytest

from app.settings import read_settings
from base.errors import ShopkeeperError


@pytest.mark.parametrize(
    "address", ["https://", "https://[", "https://shop example", "https://shop.example:port", "https://a;b"]
)
def test_a_public_address_that_is_none_is_told(address: str) -> None:
    with pytest.raises(ShopkeeperError, match=r"PUBLIC_URL is wrong: write it like https://shop\.example"):
        read_settings(None, public_url=address)


@pytest.mark.parametrize("site", ["shop.example", "https://", "https://a.example; script-src *", "null"])
def test_a_site_that_could_never_embed_the_chat_is_told(site: str) -> None:
    with pytest.raises(ShopkeeperError, match=r"CHAT_ORIGINS is wrong: .* is not a site"):
        read_settings(None, chat_origins=site)


@pytest.mark.parametrize("sites", ["*", "https://a.example, http://127.0.0.1:8000", "https://b.example/"])
def test_sites_that_are_some_are_taken(sites: str) -> None:
    assert read_settings(None, chat_origins=sites).chat_origins


@pytest.mark.parametrize(
    "url", ["postgresql://u:p@127.0.0.1:abc/x", "postgresql://u:p@h:/x", "postgresql://u:p@h:1:2/x"]
)
def test_a_database_with_a_port_that_is_none_is_told(url: str) -> None:
    with pytest.raises(ShopkeeperError, match="SHOPKEEPER_DATABASE_URL is wrong: write it like postgresql://"):
        read_settings(None, database_url=url)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:p@/w#:r?d@db.example:5432/shop?sslmode=require",
        "postgres://u@[::1]:5432/x",
        "postgresql:///x?host=/run",
    ],
)
def test_a_database_with_an_odd_password_or_a_socket_is_taken(url: str) -> None:
    assert read_settings(None, database_url=url).database_url.get_secret_value() == url
