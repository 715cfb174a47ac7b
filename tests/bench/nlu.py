"""Understanding: how often the intent is right, what is out of scope, how fast, what training and memory cost.

Everything with the encoder, without it, and beside what everybody begins with (plain.py), in one run.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from bot.nlu.embedded import EmbeddedUnderstanding
from bot.nlu.encoder import DEFAULT, NONE
from bot.nlu.example_files import folds, read_any
from bot.nlu.measure import Measured, measure
from bot.nlu.training import Example, read_examples
from tests.bench import plain

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = ROOT.parent / "shared" / "nlu" / "hwu64"
RUNS = 3
PARTS = 3  # of the scenarios of HWU64: each is left out once
TIMES = ("train_seconds", "p50_ms", "p99_ms")
TALK = frozenset(  # intents of the shop that HWU64 has, too, under other names
    [
        "affirm",
        "deny",
        "repeat",
        "praise",
        "greet",
        "thank",
        "goodbye",
        "smalltalk",
        "cancel",
        "out_of_scope",
        "help",
        "skip",
        "undo",
        "go_back",
        "restart",
        "complain",
        "bot_challenge",
    ]
)

Figures = Measured | plain.Plain
Way = Callable[..., Figures]


async def measure_all(home: Path) -> None:
    """Print everything; some ten minutes."""
    await asyncio.to_thread(_measure, home)


def _measure(home: Path) -> None:
    models = home / "nlu"
    ways: dict[str, Way] = {
        "plain": plain.measure,
        NONE: partial(measure, encoder=NONE, models=models),
        DEFAULT: partial(measure, encoder="", models=models),
    }
    shop = read_examples(ROOT / "data" / "intents.yml")
    print("\nUnderstanding, one core; times are medians over messages that were not heard before")
    _own(ways, shop)
    if PUBLIC.is_dir():
        for part in ("train_10.tsv", "train.tsv"):
            _public(ways, part, shop)
            _scenarios(ways, part, models)
        _foreign(ways, shop)
    else:
        print("  HWU64: left out, ../shared/nlu/hwu64 is not here")
    for name in (NONE, DEFAULT):
        _start(name, home)


def _own(ways: dict[str, Way], shop: Sequence[Example]) -> None:
    print(f"  the shop's own {len(shop)} examples, each asked once: means of five folds, times medians of them")
    for name, way in ways.items():
        found = [way(learned, asked) for learned, asked in folds(shop)]
        languages = [one.by_language for one in found if isinstance(one, Measured)]
        each = {language: statistics.mean(one[language] for one in languages) for language in (*languages[:1], {})[0]}
        _tell(name, found, "  ".join(f"{language} {share:.1%}" for language, share in each.items()))


def _public(ways: dict[str, Way], part: str, shop: Sequence[Example]) -> None:
    train, test, valid = (read_any(PUBLIC / name) for name in (part, "test.tsv", "valid.tsv"))
    foreign = [one.text for one in shop if one.language == "en" and one.intent not in TALK]
    print(
        f"  HWU64 {part}, {len(train)} learned, {len(test)} asked, out of scope: {len(foreign)} of the shop's English"
    )
    print(f"    medians of {RUNS} runs")
    for name, way in ways.items():
        _tell(name, [way(train, test, valid=valid, oos=foreign) for _ in range(RUNS)])


def _scenarios(ways: dict[str, Way], part: str, models: Path) -> None:
    """Whole scenarios (alarm, music, …) are neither learned nor in scope."""
    train, test, valid = (read_any(PUBLIC / name) for name in (part, "test.tsv", "valid.tsv"))
    scenarios = sorted({_scenario(one) for one in train})
    print(
        f"  HWU64 {part}, a third of its {len(scenarios)} scenarios left out and out of scope: means of {PARTS} parts"
    )
    vectors = models / f"bench-{part}.npz"
    for name, way in ways.items():
        if name == DEFAULT:
            way = partial(way, vectors=vectors)
            way(train, test[:1])  # so that the vectors of all are known
        found = []
        for first in range(PARTS):
            left = set(scenarios[first::PARTS])
            inside = [[one for one in each if _scenario(one) not in left] for each in (train, test, valid)]
            outside = [one.text for one in test if _scenario(one) in left]
            found.append(way(inside[0], inside[1], valid=inside[2], oos=outside))
        _tell(name, found, times=False)


def _foreign(ways: dict[str, Way], shop: Sequence[Example]) -> None:
    learned, asked = next(folds(shop))
    asked = [one for one in asked if one.intent not in TALK]
    outside = [one.text for one in read_any(PUBLIC / "test.tsv") if _scenario(one) != "general"]
    print(f"  the shop's own, {len(asked)} asked, out of scope: {len(outside)} of HWU64's test; one run")
    for name, way in ways.items():
        valid = {"valid": asked} if name == "plain" else {}  # it has no threshold of its own
        _tell(name, [way(learned, asked, oos=outside, **valid)], times=False)


def _scenario(example: Example) -> str:
    return example.intent.partition("_")[0]


def _tell(name: str, found: Sequence[Figures], more: str = "", *, times: bool = True) -> None:
    line = f"    {name:18} right {statistics.mean(one.accuracy for one in found):6.1%}"
    if times:
        seconds, p50, p99 = (
            _median(getattr(one, key) for one in found) for key in ("train_seconds", "p50_ms", "p99_ms")
        )
        line += f"  train {seconds:6.2f} s  p50 {p50:5.2f} ms  p99 {p99:5.2f} ms"
    if memory := [one.memory_mb for one in found if isinstance(one, Measured)]:
        line += f"  {_median(memory):4.0f} MB" if times else ""
    if aurocs := [one.oos_auroc for one in found if one.oos_auroc is not None]:
        recall = statistics.mean(one.oos_recall or 0.0 for one in found)
        line += f"  out of scope: AUROC {100 * statistics.mean(aurocs):5.1f}, told {recall:5.1%}"
    if kept := [one.in_scope_kept for one in found if isinstance(one, Measured) and one.in_scope_kept is not None]:
        line += f", in scope kept {statistics.mean(kept):5.1%}"
    print(f"{line}  {more}".rstrip(), flush=True)


def _median(values: Iterable[float]) -> float:
    return statistics.median(values)


# ---- the whole program ---------------------------------------------------------------------------

FRESH = """
import sys, time
from pathlib import Path
import app.main
from bot.acts import NOT_UNDERSTOOD
from bot.nlu.embedded import EmbeddedUnderstanding
from bot.nlu.example_files import read_any, read_texts
from bot.understanding import Context
from tests.bench.figures import memory, milliseconds
from tests.unit.lumo_lexicon import LUMO
data, models, encoder, tests = sys.argv[1:]
began = time.perf_counter()
understanding = EmbeddedUnderstanding.load(Path(data), Path(models), encoder)
started = time.perf_counter() - began
understanding.learn(LUMO)
for one in understanding._examples[::400]:
    understanding.parse(one.text)
times = []
def missed(text):
    began = time.perf_counter()
    parsed = understanding.parse(text)
    times.append(time.perf_counter() - began)
    return all(act.intent in NOT_UNDERSTOOD for act in understanding.interpret([parsed], Context()).acts)
own = [one.text for path in sorted(Path(tests).glob("*.tsv")) for one in read_any(path)]
foreign = read_texts(Path(tests) / "foreign.txt")
lost, told = sum(map(missed, own)) / len(own), sum(map(missed, foreign)) / len(foreign)
print(f"{started:.3f}|{memory()}|{milliseconds(times)}|{len(own)} fresh utterances, {lost:.1%} not understood; "
      f"{len(foreign)} of other things, {told:.1%} not understood")
"""


def _start(name: str, home: Path) -> None:
    data, models = ROOT / "data", home / "nlu"
    EmbeddedUnderstanding.load(data, models, "" if name == DEFAULT else name)
    command = [sys.executable, "-c", FRESH, str(data), str(models), "" if name == DEFAULT else name]
    command.append(str(ROOT / "tests" / "utterances"))
    runs = [
        subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout.split("|")
        for _ in range(RUNS)
    ]
    started = _median(float(run[0]) for run in runs)
    _, memory, times, understood = sorted(runs)[RUNS // 2]
    print(
        f"  the whole program with a kept model, encoder {name}: ready in {started:.2f} s (median of {RUNS}), {memory}"
    )
    print(f"    a message with the shop's goods, everything read: {times};  {understood.strip()}", flush=True)
