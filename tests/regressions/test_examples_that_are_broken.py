"""A mistake in data/intents.yml stopped the next start; the examples that were learned before do until it is mended."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from app.doctor import look
from app.learned import train, understand
from app.settings import Settings, read_settings
from base.errors import ShopkeeperError
from bot.nlu.encoder import NONE

GOOD = """version: "3.1"
nlu:
- intent: greet
  metadata: {language: en}
  examples: |
    - hi
    - hello
    - good day
- intent: goodbye
  metadata: {language: en}
  examples: |
    - bye
    - see you
    - farewell
"""
BROKEN = {
    "no YAML": ("- intent: goodbye", "- intent: [goodbye", "line 10: "),
    "a line without a dash": ("    - see you", "    see you", "line 13: an example begins with `- `"),
    "an intent of nobody": ("intent: goodbye", "intent: good_bye", "line 12: no dialog handles the intent 'good_bye'"),
    "one intent": ("- intent: goodbye", "- intent: greet", "less than two intents"),
    "nothing": (GOOD, "", "there is no list `nlu:`"),
}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in ("data", "home", "cache"):
        (tmp_path / name).mkdir(mode=0o700)
        monkeypatch.setenv(f"SHOPKEEPER_{name.upper()}", str(tmp_path / name))
    monkeypatch.setenv("SHOPKEEPER_NLU__ENCODER", NONE)
    (tmp_path / "data" / "intents.yml").write_text(GOOD, encoding="utf-8")
    return read_settings(env_file=None)


@pytest.mark.parametrize(("old", "new", "told"), BROKEN.values(), ids=BROKEN)
def test_the_shop_understands_by_what_it_learned_last(
    old: str, new: str, told: str, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    own = settings.data_folder / "intents.yml"
    understand(settings)
    own.write_text(GOOD.replace(old, new), encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        still = understand(settings)
    assert still.intents == {"greet", "goodbye"}
    assert still.parse("see you").clauses[0].ranking[0][0] == "goodbye"
    (line,) = caplog.messages
    assert told in line
    assert str(own) in line
    assert "understands by the examples of 20" in line
    with pytest.raises(ShopkeeperError):
        train(settings, None)
    own.write_text(GOOD, encoding="utf-8")
    caplog.clear()
    understand(settings)
    assert caplog.messages == []


def test_the_first_start_with_broken_examples_is_refused(settings: Settings) -> None:
    (settings.data_folder / "intents.yml").write_text("nlu: [", encoding="utf-8")
    with pytest.raises(ShopkeeperError, match="line 2: "):
        understand(settings)


async def test_the_doctor_tells_the_line_and_what_the_shop_goes_by(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOPKEEPER_DATABASE_URL", "postgresql://127.0.0.1:1/none")
    shipped = Path(__file__).parents[2] / "data"
    for name in ("shop.yml", "catalogue.csv"):
        (settings.data_folder / name).write_bytes((shipped / "demo" / name).read_bytes())

    async def finding() -> tuple[str, str]:
        return next((one.state, one.line) for one in await look() if one.what == "intents.yml")

    own = settings.data_folder / "intents.yml"
    assert await finding() == ("ok", "2 intents, 6 examples")
    own.write_text(GOOD.replace("    - bye", "    bye"), encoding="utf-8")
    assert (await finding())[0] == "down"
    own.write_text(GOOD, encoding="utf-8")
    understand(settings)
    own.write_text(GOOD.replace("    - bye", "    bye"), encoding="utf-8")
    state, line = await finding()
    assert state == "warn"
    assert "line 12: an example begins with" in line
    assert "Until then the shop understands by the examples of 20" in line
    own.write_text(GOOD.replace("- bye", "- hi"), encoding="utf-8")
    assert await finding() == ("warn", "line 12: 'hi' is goodbye here and greet in line 6: decide.")
