"""What a seller does with the training examples: checks, measures and adds to them; and the encoder behind them."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.learned import train
from app.settings import Settings
from app.understand import add_example
from base.errors import ShopkeeperError
from bot.nlu.classifier import LinearClassifier
from bot.nlu.embedded import EmbeddedUnderstanding
from bot.nlu.encoder import NONE, load_encoder
from bot.nlu.example_files import folds, held_out, read_any, read_texts
from bot.nlu.faults import faults
from bot.nlu.measure import measure
from bot.nlu.teaching import teach
from bot.nlu.training import ENTITIES, Example, read_examples
from shop.shopfile import load_shop

DATA = Path(__file__).parents[2] / "data"
HEAD = 'version: "3.1"\nnlu:\n'
GREET = "- intent: greet\n  metadata: {language: en}\n  examples: |\n    - hi\n    - hello\n    - good day\n"
BYE = "- intent: goodbye\n  metadata: {language: en}\n  examples: |\n    - bye\n    - see you\n    - farewell\n"
SPANISH = "- intent: greet\n  examples: |\n    - buenos días, ¿hay alguien?\n    - hola, buenas tardes\n"
SPANISH += "    - muy buenas a todos\n"
COLOURS = [Example(text, "red", None) for text in ("crimson please", "a scarlet one", "ruby")]
COLOURS += [Example(text, "blue", None) for text in ("navy please", "an azure one", "cobalt")]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    data = tmp_path / "data"
    data.mkdir()
    (data / "intents.yml").write_text(HEAD + GREET + BYE, encoding="utf-8")
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    return Settings(data=data, home=home, cache=tmp_path / "cache", nlu={"encoder": NONE})


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("    - Hi!\n", "line 15: 'Hi!' is goodbye here and greet in line 6: decide."),
        ("    - see you.\n", "line 15: 'see you.' is in line 13 already"),
        ("    - [mug](thing)\n", "line 15: unknown entity 'thing'"),
        ("    - mugs x[2](quantity)\n", "line 15: 'mugs x2': [2] is a part of a word"),
        ("    - до свидания\n", "line 15: 'до свидания' is not written in en"),
        ("- intent: thank\n  examples: |\n    - thanks\n", "line 17: the intent thank has 1 example:"),
        (
            "- intent: grete\n  examples: |\n    - a\n    - b\n    - c\n",
            "line 17: no dialog handles the intent 'grete': did you mean 'greet'?",
        ),
        (
            "- intent: thank\n  metadata: {language: en}\n" + SPANISH[15:],
            "line 19: the examples of thank are marked 'en' and written in 'es'",
        ),
        ("    - muchas gracias, hasta la próxima semana\n", "is not written in en: move it to its language"),
        ("    - [[\n   x: y\n", "mine.yml, line"),
    ],
)
def test_what_cannot_be_learned_from_is_told_with_its_line_and_the_old_file_stays(
    more: str, told: str, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "mine.yml"
    file.write_text(HEAD + GREET + BYE + more, encoding="utf-8")
    before = (settings.data_folder / "intents.yml").read_bytes()
    with pytest.raises(ShopkeeperError) as error:
        train(settings, file)
    assert told in error.value.what
    assert (settings.data_folder / "intents.yml").read_bytes() == before
    assert not settings.models_folder.exists()


def test_a_good_file_takes_the_place_of_the_old_one(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"
    file.write_text(HEAD + GREET + BYE + "    - so long\n", encoding="utf-8")
    assert len(train(settings, file)) == 7
    assert "so long" in (settings.data_folder / "intents.yml").read_text(encoding="utf-8")
    assert list(settings.models_folder.iterdir())


def test_a_file_of_one_intent_is_told(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text(HEAD + GREET, encoding="utf-8")
    with pytest.raises(ShopkeeperError, match="less than two intents to tell apart"):
        train(settings, tmp_path / "mine.yml")


def test_a_shop_that_speaks_english_hears_of_a_spanish_file(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    english = load_shop(DATA / "demo" / "shop.yml").model_copy(update={"languages": ("en",)})
    monkeypatch.setattr("app.learned.load_shop", lambda path: english)
    file = tmp_path / "mine.yml"
    bye = SPANISH.replace("greet", "goodbye").replace("- buenos días, ¿hay alguien?", "- adiós y hasta la próxima")
    file.write_text(HEAD + SPANISH + bye.replace("hola, buenas tardes", "hasta luego amigos").replace("muy", "nada,"))
    with pytest.raises(ShopkeeperError, match="line 5: the examples are in es, and the shop speaks en"):
        train(settings, file)


def test_a_training_that_fails_leaves_everything_as_it_was(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise MemoryError

    file, own = tmp_path / "mine.yml", settings.data_folder / "intents.yml"
    file.write_text(HEAD + GREET + BYE + "    - so long\n", encoding="utf-8")
    before = own.read_bytes()
    monkeypatch.setattr("bot.nlu.teaching.teach", fails)
    for change in (lambda: train(settings, file), lambda: add_example(settings, "hey", "greet", "en")):
        with pytest.raises(MemoryError):
            change()
        assert [path.name for path in settings.data_folder.iterdir()] == ["intents.yml"]
        assert own.read_bytes() == before


def test_one_example_is_added_where_it_belongs_and_learned(settings: Settings) -> None:
    own = settings.data_folder / "intents.yml"
    commented = "# ours\r\n" + (HEAD + BYE + "# hands off\n" + GREET).rstrip().replace("\n", "\r\n")
    own.write_bytes(commented.encode())
    added = add_example(settings, "hey [you]", "greet", "en")
    assert (added.line, added.text, added.language) == (17, "hey (you)", "en")
    assert own.read_bytes().decode() == commented + "\r\n    - hey (you)\r\n"
    assert (
        EmbeddedUnderstanding.of_file(own, settings.models_folder, NONE).parse("hey").clauses[0].ranking[0][0]
        == "greet"
    )
    with pytest.raises(ShopkeeperError, match="is greet in line 17 already"):
        add_example(settings, "Hey (you)!", "greet", "en")
    with pytest.raises(ShopkeeperError, match="no examples of 'greeet'"):
        add_example(settings, "yo", "greeet", "en")
    with pytest.raises(ShopkeeperError, match="no text to learn"):
        add_example(settings, "[phone]", "greet", "en")


def test_the_shipped_examples_have_no_fault() -> None:
    assert faults(read_examples(DATA / "intents.yml"), entities=ENTITIES) == []


def test_the_encoder_knows_words_that_nobody_wrote_down() -> None:
    texts, intents = [one.text for one in COLOURS], [one.intent for one in COLOURS]
    model = teach(texts, intents, load_encoder(""))
    assert model.best("burgundy red")[0] == "red"
    assert model.best("ocean sky")[0] == "blue"


def test_the_name_of_an_intent_is_an_example_of_it() -> None:
    texts, intents = ["aaa bbb", "ccc ddd", "eee fff"], ["parcel_lost", "changeColour", "faq/prices"]
    model = teach(texts, intents)
    assert [model.best(text)[0] for text in ("lost", "colour", "prices")] == intents


def test_a_model_of_another_encoder_is_not_taken(tmp_path: Path) -> None:
    texts, intents = [one.text for one in COLOURS], [one.intent for one in COLOURS]
    encoder = load_encoder("")
    teach(texts, intents, encoder).save(tmp_path / "model.npz")
    kept = LinearClassifier.load(tmp_path / "model.npz", encoder)
    assert kept is not None
    assert kept.best("azure")[0] == "blue"
    assert LinearClassifier.load(tmp_path / "model.npz") is None


def test_an_unknown_encoder_is_told_with_what_to_do() -> None:
    with pytest.raises(ShopkeeperError, match="no library for it is installed"):
        load_encoder("some/encoder")


def test_figures_of_a_measurement(tmp_path: Path) -> None:
    train, oos = tmp_path / "train.tsv", tmp_path / "oos.txt"
    train.write_text("".join(f"{one.text} number {n}\t{one.intent}\n" for one in COLOURS for n in range(5)))
    oos.write_text("what is the capital of France\nhow tall is Everest\n")
    examples = read_any(train)
    asked = [*examples[::3], Example("olive please", "green", None)]
    found = measure(examples, asked, encoder=NONE, valid=examples[1::3], oos=read_texts(oos))
    assert found.accuracy == round(10 / 11, 4)
    assert found.not_learned == ("green",)
    assert (found.trained_on, found.tested_on, found.oos_tested_on) == (30, 11, 2)
    assert found.oos_auroc == 1
    assert found.in_scope_kept is not None
    assert found.in_scope_kept >= 0.9
    assert [pair[0] for pair in found.confused] == ["green"]
    assert 0 < found.p50_ms <= found.p99_ms
    assert 0 < found.memory_mb < 150  # of a process that never saw what trains
    assert measure(examples, asked, encoder=NONE, oos=read_texts(oos)).oos_recall is not None


def test_few_examples_are_held_out_where_they_are_not_missed() -> None:
    three = [Example(f"{n} {intent}", intent, None) for intent in "abcdefgh" for n in range(3)]
    alone = Example("alone", "z", None)
    parts = list(folds([*three, alone]))
    assert sorted(one.text for _, asked in parts for one in asked) == sorted(one.text for one in three)
    assert all(alone in learned and {one.intent for one in learned} >= set("abcdefgh") for learned, _ in parts)
    with pytest.raises(ShopkeeperError, match="too few examples"):
        held_out([alone])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "is missing"),
        (b"", "has no examples"),
        (b"text\tintent\n", "has no examples"),
        (b"\x89PNG\x0d\x0a\x1a\x0a\xff\xfe", "is not UTF-8 text"),
        (b"hi\tgreet\n\x00\x00\x00", "is not text"),
        (b"hi\tgreet\nbye\n", "line 2: no text<TAB>intent"),
        (b"text\tintent\thwu\nhi\tgreet\t3\n", "line 1: 3 columns in place of two"),
        (b"text,intent\nhi,greet\n", "line 1: no text<TAB>intent"),
    ],
)
def test_a_file_that_cannot_be_measured_with_is_one_line(content: bytes | None, told: str, tmp_path: Path) -> None:
    file = tmp_path / "test.tsv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ShopkeeperError) as error:
        read_any(file)
    assert told in str(error.value)
    assert "test.tsv" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"nlu:\n- \xff", "line 2: this is not UTF-8"), (b"nlu:\n- \x00", "line 2: ")],
)
def test_a_binary_file_of_examples_is_told_with_its_line(content: bytes, told: str, tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes(content)
    with pytest.raises(ShopkeeperError, match=told):
        read_any(tmp_path / "a.yml")


def test_a_heading_and_a_mark_of_windows_are_no_examples(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_bytes("\ufefftext\tintent\r\nhi\tgreet\r\n".encode())
    assert [(one.text, one.intent) for one in read_any(tmp_path / "a.tsv")] == [("hi", "greet")]
