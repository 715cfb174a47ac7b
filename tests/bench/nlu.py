"""Understanding: how often the intent is right, how fast, what training and memory cost; with and without encoder."""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.nlu.embedded import EmbeddedUnderstanding
from bot.nlu.encoder import DEFAULT, NONE, load_encoder
from bot.nlu.measure import Measured, held_out, measure, read_any
from bot.nlu.training import Example, read_examples

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = ROOT.parent / "shared" / "nlu" / "hwu64"
RUNS = 3
FRESH = """
import sys, time
from pathlib import Path
import app.main
from bot.nlu.embedded import EmbeddedUnderstanding
from tests.bench.figures import memory
data, models, encoder = sys.argv[1:]
began = time.perf_counter()
understanding = EmbeddedUnderstanding.load(Path(data), Path(models), encoder)
started = time.perf_counter() - began
asked = [one.text for one in understanding._examples[::17]]
for text in asked:
    understanding.parse(text)
print(f"loaded in {started:.2f} s, {memory()} for the whole program after {len(asked)} messages")
"""


async def measure_all(home: Path) -> None:
    """Print everything; some minutes."""
    await asyncio.to_thread(_measure, home)


def _measure(home: Path) -> None:
    shop = read_examples(ROOT / "data" / "intents.yml")
    learned, asked = held_out(shop)
    print(f"\nUnderstanding: medians of {RUNS} runs, one core")
    print(f"  the shop's own intents, {len(learned)} examples learned, {len(asked)} asked")
    for name in (NONE, DEFAULT):
        _tell(name, learned, asked, ())
    if PUBLIC.is_dir():
        test, valid = read_any(PUBLIC / "test.tsv"), read_any(PUBLIC / "valid.tsv")
        for part in ("train_10.tsv", "train.tsv"):
            train = read_any(PUBLIC / part)
            print(f"  HWU64 {part}, {len(train)} examples learned, {len(test)} asked")
            for name in (NONE, DEFAULT):
                _tell(name, train, test, valid, runs=RUNS if len(train) < 1000 else 1)
    else:
        print("  HWU64: left out, ../shared/nlu/hwu64 is not here")
    for name in (NONE, DEFAULT):
        EmbeddedUnderstanding.load(ROOT / "data", home / "nlu", name)
        found = subprocess.run(
            [sys.executable, "-c", FRESH, str(ROOT / "data"), str(home / "nlu"), name],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        print(f"  a fresh process with a kept model, encoder {name}: {found.stdout.strip()}")


def _tell(
    name: str, train: Sequence[Example], test: Sequence[Example], valid: Sequence[Example], runs: int = RUNS
) -> None:
    encoder = load_encoder(name)
    found: list[Measured] = [measure(train, test, encoder=encoder, valid=valid) for _ in range(runs)]
    one = found[0]
    seconds = statistics.median(each.train_seconds for each in found)
    p50, p99 = (statistics.median(getattr(each, key) for each in found) for key in ("p50_ms", "p99_ms"))
    languages = "  ".join(f"{language} {share:.1%}" for language, share in one.by_language.items())
    print(
        f"    encoder {name:18} right {one.accuracy:6.1%}  macro F1 {one.macro_f1:6.1%}  train {seconds:6.2f} s"
        f"  p50 {p50:5.2f} ms  p99 {p99:5.2f} ms  {languages}"
    )
