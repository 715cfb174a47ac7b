"""Settings are read once, checked, and told in plain words; secrets stay secret."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from app.settings import known_names, names_in_use, read_settings, signing_key, unknown_names
from base.errors import ShopkeeperError


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A bare environment and an empty working directory."""
    import os

    for name in list(os.environ):
        if name.startswith("SHOPKEEPER_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_shop_runs_with_no_setting_at_all() -> None:
    settings = read_settings()
    assert (settings.env, settings.port, settings.base_url) == ("demo", 8080, "http://127.0.0.1:8080")
    assert settings.database_url.get_secret_value() == ""
    assert (settings.data_folder / "intents.yml").is_file()
    assert settings.shop_folder.name == "demo"
    assert settings.home_folder == Path.home() / ".shopkeeper" / "demo"


def test_production_and_a_named_folder_sell_the_owners_goods(bare: Path) -> None:
    assert read_settings(env="production").shop_folder == read_settings().data_folder
    (bare / "shop.yml").write_text("name: Mine")
    assert read_settings(data=bare).shop_folder == bare


def test_nested_settings_and_lists_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPKEEPER_TELEGRAM__TOKEN", "12345:abc")
    monkeypatch.setenv("SHOPKEEPER_TELEGRAM__API_BASE", "http://127.0.0.1:9000")
    monkeypatch.setenv("SHOPKEEPER_CHAT_ORIGINS", "https://a.example, https://b.example")
    settings = read_settings()
    assert settings.telegram.token.get_secret_value() == "12345:abc"
    assert settings.telegram.api_base == "http://127.0.0.1:9000"
    assert settings.chat_origins == ("https://a.example", "https://b.example")


def test_the_environment_goes_before_the_file(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (bare / ".env").write_text("SHOPKEEPER_PORT=9001\nSHOPKEEPER_HOST=0.0.0.0\n")
    monkeypatch.setenv("SHOPKEEPER_PORT", "9002")
    settings = read_settings()
    assert (settings.port, settings.host) == (9002, "0.0.0.0")
    assert settings.base_url == "http://127.0.0.1:9002"


def test_an_empty_value_is_the_same_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPKEEPER_PORT", "")
    monkeypatch.setenv("SHOPKEEPER_DATA", "")
    assert read_settings().port == 8080


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SHOPKEEPER_PORT", "eighty", "SHOPKEEPER_PORT is wrong: it must be a whole number, written in digits."),
        ("SHOPKEEPER_PORT", "70000", "SHOPKEEPER_PORT is wrong: it must be at most 65535."),
        ("SHOPKEEPER_ENV", "prod", "SHOPKEEPER_ENV is wrong: it must be demo or production."),
        ("SHOPKEEPER_NLU__BACKEND", "x", "SHOPKEEPER_NLU__BACKEND is wrong: it must be embedded or rasa."),
        (
            "SHOPKEEPER_NLU__BACKEND",
            "rasa",
            "SHOPKEEPER_NLU__RASA_URL is wrong: the backend rasa needs its server's address, like http://127.0.0.1:5005.",
        ),
        ("SHOPKEEPER_NLU__RASA_URL", "rasa", "SHOPKEEPER_NLU__RASA_URL is wrong: write it like http://127.0.0.1:5005."),
        (
            "SHOPKEEPER_PUBLIC_URL",
            "shop.example",
            "SHOPKEEPER_PUBLIC_URL is wrong: it must begin with https:// (or http:// on this machine).",
        ),
        (
            "SHOPKEEPER_DATABASE_URL",
            "mysql://root:hidden-word@db/shop",
            "SHOPKEEPER_DATABASE_URL is wrong: write it like postgresql://name:password@host:5432/shop, or leave it "
            "empty.",
        ),
        (
            "SHOPKEEPER_TRUSTED_PROXIES",
            "10.0.0.0/8,my-proxy",
            "SHOPKEEPER_TRUSTED_PROXIES is wrong: my-proxy is not an address or network; write 10.0.0.0/8 or "
            "127.0.0.1.",
        ),
    ],
)
def test_a_wrong_setting_is_one_line_that_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ShopkeeperError) as error:
        read_settings()
    assert str(error.value) == told


def test_a_section_written_as_one_value_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPKEEPER_TELEGRAM", "12345:hidden-word")
    with pytest.raises(ShopkeeperError, match="Write nested settings like SHOPKEEPER_TELEGRAM__TOKEN") as error:
        read_settings()
    assert "hidden-word" not in str(error.value)


def test_an_unknown_name_is_met_with_the_nearest_one(bare: Path) -> None:
    (bare / ".env").write_text("# a shop\nexport SHOPKEEPER_DATABSE_URL=postgresql:///x\nSHOPKEEPER_PORT=1\n")
    assert unknown_names(names_in_use()) == [
        "SHOPKEEPER_DATABSE_URL is not a setting and changes nothing. Did you mean SHOPKEEPER_DATABASE_URL?"
    ]
    assert unknown_names(["SHOPKEEPER_QQQQQQQQ"]) == ["SHOPKEEPER_QQQQQQQQ is not a setting and changes nothing."]
    assert "SHOPKEEPER_DHL__EXPRESS_API_BASE" in known_names()


def test_no_secret_is_ever_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in known_names():
        if name.endswith(("TOKEN", "SECRET", "KEY", "PASSWORD")):
            monkeypatch.setenv(name, "hidden-word-hidden-word-hidden-word")
    monkeypatch.setenv("SHOPKEEPER_DATABASE_URL", "postgresql://shop:hidden-word@db/shop")
    settings = read_settings()
    assert "hidden-word" not in f"{settings!r} {settings} {settings.model_dump()} {settings.telegram!r}"


def test_the_demo_makes_its_key_once_and_keeps_it_private(bare: Path) -> None:
    settings = read_settings(home=bare / "home")
    key = signing_key(settings)
    assert len(key) >= 32
    assert signing_key(settings) == key
    assert stat.S_IMODE((bare / "home" / "demo" / "secret_key").stat().st_mode) == 0o600


def test_production_wants_a_key_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ShopkeeperError, match="SHOPKEEPER_SECRET_KEY is not set"):
        signing_key(read_settings(env="production"))
    with pytest.raises(ShopkeeperError, match="SHOPKEEPER_SECRET_KEY is too short"):
        signing_key(read_settings(env="production", secret_key="letmein"))


def test_a_missing_data_folder_is_told(bare: Path) -> None:
    with pytest.raises(ShopkeeperError, match="SHOPKEEPER_DATA: there is no folder"):
        _ = read_settings(data=bare / "nowhere").data_folder


def test_the_rate_of_a_messenger_is_the_owners_within_what_it_takes() -> None:
    assert read_settings(env_file=None).telegram.per_second == 25
    for name, wrong in (("telegram", 1001), ("facebook", 301), ("instagram", 0)):
        with pytest.raises(ShopkeeperError, match="PER_SECOND is wrong"):
            read_settings(env_file=None, **{name: {"per_second": wrong}})
