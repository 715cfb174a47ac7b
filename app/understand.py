"""Understanding without a conversation: one sentence looked at, and all examples measured."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from app.cli_base import opened
from app.settings import Settings
from bot.nlu.embedded import EmbeddedUnderstanding, train
from bot.nlu.masking import mask_example
from bot.nlu.readers import plain_mentions
from bot.nlu.training import Example, read_examples
from bot.understanding import Parsed
from bot.world import lexicon
from shop.catalogue import load_catalogue
from shop.shopfile import load_shop

HELD_OUT = 5  # every fifth example of an intent in a language is kept for the test


async def parse_here(settings: Settings, text: str) -> Parsed:
    """Understand one sentence with the shop's own words: shop.yml, and the goods that are on sale."""
    understanding = await asyncio.to_thread(
        EmbeddedUnderstanding.load, settings.data_folder, settings.home_folder / "nlu"
    )
    shop = load_shop(settings.shop_folder / "shop.yml")
    async with opened(settings) as db, db.begin() as tx:
        understanding.learn(lexicon(shop, await load_catalogue(tx)))
    return understanding.parse(text)


async def measure(settings: Settings, file: Path | None) -> list[dict[str, object]]:
    """Per language: how often the best intent is the right one, on `file` or on held-out examples of intents.yml."""
    return await asyncio.to_thread(_measure, settings.data_folder / "intents.yml", file)


def _measure(intents: Path, file: Path | None) -> list[dict[str, object]]:
    examples = read_examples(intents)
    learned, asked = (examples, read_examples(file)) if file else _split(examples)
    classifier = train(learned)
    seen: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for one in asked:
        best = classifier.rank(mask_example(one, plain_mentions(one.text)))[0][0]
        for locale in ((one.language or "?"), "all"):
            seen[locale] += 1
            right[locale] += best == one.intent
    return [
        {
            "locale": locale,
            "examples": seen[locale],
            "right": right[locale],
            "share": round(right[locale] / seen[locale], 4),
        }
        for locale in sorted(seen)
    ]


def _split(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    learned: list[Example] = []
    asked: list[Example] = []
    counted: defaultdict[tuple[str, str], int] = defaultdict(int)
    for one in examples:
        counted[one.intent, (one.language or "?")] += 1
        (asked if counted[one.intent, (one.language or "?")] % HELD_OUT == 0 else learned).append(one)
    return learned, asked
