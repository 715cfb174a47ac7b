"""What a seller does with the training examples: checks, measures and adds to them; and the encoder behind them."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.settings import Settings
from app.understand import add_example, learn_file
from base.errors import ShopkeeperError
from bot.nlu.classifier import LinearClassifier
from bot.nlu.encoder import NONE, load_encoder
from bot.nlu.measure import measure, read_any, read_texts
from bot.nlu.training import ENTITIES, Example, faults, read_examples

DATA = Path(__file__).parents[2] / "data"
HEAD = 'version: "3.1"\nnlu:\n'
GREET = "- intent: greet\n  metadata: {language: en}\n  examples: |\n    - hi\n    - hello\n    - good day\n"
BYE = "- intent: goodbye\n  metadata: {language: en}\n  examples: |\n    - bye\n    - see you\n    - farewell\n"
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
        ("- intent: thank\n  examples: |\n    - thanks\n", "line 17: the intent thank has 1 examples"),
        ("- intent: grete\n  examples: |\n    - a\n    - b\n    - c\n", "no dialog handles the intent 'grete'"),
    ],
)
def test_what_cannot_be_learned_from_is_told_with_its_line_and_the_old_file_stays(
    more: str, told: str, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "mine.yml"
    file.write_text(HEAD + GREET + BYE + more, encoding="utf-8")
    before = (settings.data_folder / "intents.yml").read_bytes()
    with pytest.raises(ShopkeeperError) as error:
        learn_file(settings, file)
    assert told in error.value.what
    assert (settings.data_folder / "intents.yml").read_bytes() == before
    assert not settings.models_folder.exists()


def test_a_good_file_takes_the_place_of_the_old_one(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"
    file.write_text(HEAD + GREET + BYE + "    - so long\n", encoding="utf-8")
    assert learn_file(settings, file) == 7
    assert "so long" in (settings.data_folder / "intents.yml").read_text(encoding="utf-8")
    assert list(settings.models_folder.iterdir())


def test_one_example_is_added_where_it_belongs(settings: Settings) -> None:
    assert add_example(settings, "hey [you]", "greet", "en") == "en"
    found = [one.text for one in read_examples(settings.data_folder / "intents.yml") if one.intent == "greet"]
    assert found == ["hi", "hello", "good day", "hey (you)"]
    with pytest.raises(ShopkeeperError, match="is greet in line 9 already"):
        add_example(settings, "Hey (you)!", "greet", "en")
    with pytest.raises(ShopkeeperError, match="no examples of 'greeet'"):
        add_example(settings, "yo", "greeet", "en")


def test_the_shipped_examples_have_no_fault() -> None:
    assert faults(read_examples(DATA / "intents.yml"), entities=ENTITIES) == []


def test_the_encoder_knows_words_that_nobody_wrote_down() -> None:
    texts, intents = [one.text for one in COLOURS], [one.intent for one in COLOURS]
    model = LinearClassifier.train(texts, intents, encoder=load_encoder(""))
    assert model.best("burgundy red")[0] == "red"
    assert model.best("ocean sky")[0] == "blue"


def test_the_name_of_an_intent_is_an_example_of_it() -> None:
    texts, intents = ["aaa bbb", "ccc ddd", "eee fff"], ["parcel_lost", "changeColour", "faq/prices"]
    model = LinearClassifier.train(texts, intents)
    assert [model.best(text)[0] for text in ("lost", "colour", "prices")] == intents


def test_a_model_of_another_encoder_is_not_taken(tmp_path: Path) -> None:
    texts, intents = [one.text for one in COLOURS], [one.intent for one in COLOURS]
    encoder = load_encoder("")
    LinearClassifier.train(texts, intents, encoder=encoder).save(tmp_path / "model.npz")
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
    found = measure(
        read_any(train), read_any(train)[::3], encoder=None, valid=read_any(train)[1::3], oos=read_texts(oos)
    )
    assert found.accuracy == found.macro_f1 == 1
    assert found.trained_on == 30
    assert found.oos_auroc == 1
    assert found.in_scope_kept is not None
    assert found.in_scope_kept >= 0.9
    assert found.confused == ()


def test_a_line_without_an_intent_is_told(tmp_path: Path) -> None:
    file = tmp_path / "test.tsv"
    file.write_text("hi\tgreet\nbye\n")
    with pytest.raises(ShopkeeperError, match="line 2: no text<TAB>intent"):
        read_any(file)
