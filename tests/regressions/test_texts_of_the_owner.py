"""A slip in an owner's own texts was passed over in silence, or ended inside the program."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.doctor import look
from app.settings import shipped_data
from base.errors import ShopkeeperError
from bot.state import Sentence
from bot.texts import Texts


def texts_with(own: Path, words: bytes) -> Texts:
    (own / "ru.ftl").write_bytes(words)
    return Texts.load(shipped_data() / "texts", zone=ZoneInfo("UTC"), own=own)


def test_a_line_that_is_no_text_is_told_with_its_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(ShopkeeperError) as told:
        texts_with(tmp_path, "shop-hello = Привет\nshop-bye Пока\n".encode())
    assert told.value.what == f"{tmp_path / 'ru.ftl'}, line 2: this is not a Fluent message."


def test_texts_saved_in_another_alphabet_are_told(tmp_path: Path) -> None:
    with pytest.raises(ShopkeeperError) as told:
        texts_with(tmp_path, "shop-hello = Привет\n".encode("cp1251"))
    assert told.value.what == f"{tmp_path / 'ru.ftl'} is not UTF-8 text."


def test_a_fact_that_a_text_does_not_have_is_told_before_a_customer_reads_it(tmp_path: Path) -> None:
    with pytest.raises(ShopkeeperError) as told:
        texts_with(tmp_path, "cart-added = Готово!\n\ncart-total-moved =\n    Итого: { $totl }\n".encode())
    assert told.value.what == f"{tmp_path / 'ru.ftl'}, line 4: cart-total-moved does not know $totl."
    assert told.value.mend == "It has $before, $total."


def test_a_mark_before_the_first_letter_does_no_harm(tmp_path: Path) -> None:
    texts = texts_with(tmp_path, "shop-hello = Привет\n".encode("utf-8-sig"))
    assert texts.say(Sentence(key="shop.hello"), "ru") == "Привет"


async def test_the_doctor_finds_an_intent_that_would_keep_the_shop_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for thing in shipped_data().iterdir():
        (tmp_path / thing.name).symlink_to(thing)
    (tmp_path / "intents.yml").unlink()
    words = (shipped_data() / "intents.yml").read_text("utf-8")
    (tmp_path / "intents.yml").write_text(words.replace("- intent: greet\n", "- intent: gret\n", 1), "utf-8")
    monkeypatch.setenv("SHOPKEEPER_DATA", str(tmp_path))
    monkeypatch.setenv("SHOPKEEPER_DATABASE_URL", "postgresql://127.0.0.1:1/none")
    (finding,) = [finding for finding in await look() if finding.what == "intents.yml"]
    assert (finding.state, "did you mean 'greet'?" in finding.line, finding.mend) == ("down", True, "Mend the line")
    assert "'gret'" in finding.line
