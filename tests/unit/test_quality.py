"""integrations/quality.yml says the truth: every adapter, every rule, and what is `done` can be seen."""

from __future__ import annotations

import ast
import asyncio
import importlib
import inspect
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_type_hints

import pytest
import yaml
from pydantic import SecretStr

from app import adapters
from app.doctor import PATIENCE
from app.settings import Section, Settings
from base.clock import SystemClock
from base.db import Database
from base.health import Health
from integrations import delivery, messenger, payments

ROOT = Path(__file__).resolve().parents[2]
RULES = (
    "contract_suite", "recorded_examples", "signature_replay", "idempotency_key", "secrets", "doc_page", "check",
    "errors_mapped", "logs_once", "reconciler", "redacted", "strict_types",
)  # fmt: skip
SEEN = ("contract_suite", "secrets", "check", "strict_types")  # rules that this test looks at itself
REGISTRIES: dict[str, tuple[dict[str, str], Any, str]] = {
    "channels": (messenger.CHANNELS, messenger.adapter, "test_channel"),
    "payments": (payments.PROVIDERS, payments.adapter, "test_payment_provider"),
    "carriers": (delivery.CARRIERS, delivery.adapter, "test_carrier"),
}
QUALITY: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load((ROOT / "integrations" / "quality.yml").read_text())
ADAPTERS = [(party, name) for party, (registry, _, _) in REGISTRIES.items() for name in sorted(registry)]
MARK, NOBODY = "S3cretThatNobodySees" * 2, "http://127.0.0.1:1"
ASK_NOBODY = {
    ("channels", "console"), ("payments", "manual"), ("payments", "transfer"), ("payments", "webmoney"),
    ("payments", "telegram"), ("payments", "sandbox"), ("carriers", "sandbox"),
}  # fmt: skip
SECRET_WORDS = ("token", "secret", "password", "key")


def sources(cls: type) -> Iterator[Path]:
    """The files that an adapter is made of: its own, and those of the rooms it extends."""
    for one in cls.__mro__:
        if one.__module__.startswith("integrations."):
            file = Path(inspect.getfile(one))
            shared = file.parent.name in {"messenger", "payments", "delivery"}
            yield from (file,) if shared else file.parent.glob("*.py")


def test_every_adapter_stands_in_the_file_with_every_rule_and_no_other_does() -> None:
    assert set(QUALITY) == set(REGISTRIES)
    for party, (registry, _, _) in REGISTRIES.items():
        assert set(QUALITY[party]) == set(registry), party
        for name, rules in QUALITY[party].items():
            assert tuple(rules) == RULES, f"{party}.{name}"


@pytest.mark.parametrize(("party", "name"), ADAPTERS)
def test_what_is_said_to_be_done_can_be_seen(party: str, name: str) -> None:
    for rule, said in QUALITY[party][name].items():
        where = f"{party}.{name}.{rule}"
        if said == "done":
            assert rule in SEEN, f"{where}: name the test or the page that shows it"
            continue
        assert isinstance(said, dict), where
        ((state, words),) = said.items()
        assert state in {"done", "todo", "exempt"}, where
        if state != "done":
            assert len(words.split()) >= 3, f"{where}: say why"
            continue
        path, _, test = words.partition("::")
        assert (ROOT / path).is_file(), f"{where}: {path} is not there"
        if rule == "doc_page":
            assert path.startswith("docs/"), where
        else:
            tree = ast.parse((ROOT / path).read_text())
            tests = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
            assert test in tests, f"{where}: {path} has no {test}"


@pytest.mark.parametrize(("party", "name"), ADAPTERS)
def test_the_rules_that_need_no_word_are_kept(party: str, name: str) -> None:
    _, adapter, suite = REGISTRIES[party]
    cls, said = adapter(name), QUALITY[party][name]
    code = {file: file.read_text() for file in sources(cls)}
    kept = {
        "contract_suite": name in importlib.import_module(f"tests.contracts.{suite}").SUBJECTS,
        "secrets": not any(word in text for text in code.values() for word in ("environ", "getenv", "dotenv")),
        "check": inspect.iscoroutinefunction(getattr(cls, "check", None)),
        "strict_types": not any("type: ignore" in text or "no-untyped" in text for text in code.values()),
    }
    for rule, is_kept in kept.items():
        assert is_kept == (said[rule] == "done"), f"{party}.{name}.{rule}"


@pytest.fixture
def set_up(tmp_path: Path) -> dict[str, Mapping[str, Any]]:
    """Every adapter with all of its settings, each secret marked, and nobody at any address, the database's neither."""
    sections: dict[str, dict[str, str]] = {}
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, Section):
            given = dict.fromkeys(("page_id", "account_id", "app_id", "client_id", "webhook_id", "purse"), "1")
            given |= {one: MARK for one, kind in get_type_hints(type(field.default)).items() if kind is SecretStr}
            sections[name] = given | {"api_base": NOBODY, "merchant_url": NOBODY}
    sections["telegram"] |= {"token": f"4242:{MARK}", "provider_token": f"4242:TEST:{MARK}"}
    sections["webmoney"]["purse"] = "Z123456789012"
    sections["llm"] = {}
    settings = Settings(_env_file=None, home=tmp_path, **sections)
    db, clock = Database("postgresql://postgres@127.0.0.1:1/nowhere", pool_size=1), SystemClock()
    return {
        "channels": {"console": messenger.adapter("console")(), **adapters.make_channels(settings, db, clock)},
        "payments": adapters.make_providers(settings, db, clock, secret_key=MARK),
        "carriers": adapters.make_carriers(settings, db, clock),
    }


@pytest.mark.parametrize(("party", "name"), ADAPTERS)
async def test_an_adapter_that_nobody_answers_says_so_in_time_and_shows_no_secret(
    set_up: dict[str, Mapping[str, Any]], party: str, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    one = set_up[party][name]
    async with asyncio.timeout(PATIENCE):
        health = await one.check()
    assert isinstance(health, Health)
    assert (health.state == "down") == ((party, name) not in ASK_NOBODY), health
    shown = f"{one!r} {one} {health} {''.join(capfd.readouterr())}"
    await adapters.close_all(*set_up.values())
    assert MARK not in shown


def test_mypy_is_strict_about_every_adapter() -> None:
    mypy = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]
    assert mypy["strict"] is True
    assert "integrations" in mypy["packages"]
    loosened = [module for override in mypy["overrides"] for module in override["module"]]
    assert not any(module.startswith("integrations") for module in loosened)


def test_no_setting_that_is_a_secret_shows_itself() -> None:
    for section in Section.__subclasses__():
        for field, kind in get_type_hints(section).items():
            if any(field == word or field.endswith(f"_{word}") for word in SECRET_WORDS):
                assert kind is SecretStr, f"{section.__name__}.{field}"
