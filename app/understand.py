"""Understanding without a conversation: one sentence looked at, examples learned, measured, and added."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from app.cli_base import errors, opened
from app.migrations import EmptyDatabase
from app.settings import Settings
from base.errors import ShopkeeperError
from bot.dialogs import all_dialogs
from bot.nlu.embedded import EmbeddedUnderstanding
from bot.nlu.encoder import load_encoder
from bot.nlu.language import Languages
from bot.nlu.measure import Measured, held_out, measure, read_any, read_texts
from bot.nlu.text import tidy
from bot.nlu.training import ENTITIES, Example, escaped, faults, read_examples, same
from bot.repair import REPAIRS
from bot.understanding import Parsed
from bot.world import lexicon
from shop.catalogue import Catalogue, load_catalogue
from shop.shopfile import load_shop

LOCALES = ("en", "ru", "uk", "es")
_TOLD = 5  # mistakes of a file that are told at once
_PRIVATE = re.compile(r"\S+@\S+|\+?\d[\d\s()-]{4,}\d")  # addresses and numbers of people


@dataclass(slots=True)
class Unknown:
    """One thing that customers say. `guess`: the intent that came nearest."""

    text: str
    times: int
    guess: str


async def parse_here(settings: Settings, text: str) -> Parsed:
    """Understand one sentence with the shop's own words: shop.yml, and the goods that are on sale, if there are any."""
    understanding = await asyncio.to_thread(load, settings)
    shop = load_shop(settings.shop_folder / "shop.yml")
    try:
        async with opened(settings) as db, db.begin() as tx:
            goods = await load_catalogue(tx)
    except EmptyDatabase:
        errors.print("There are no goods yet (the database is empty), so none are found in the words.", markup=False)
        goods = Catalogue(version=0)
    understanding.learn(lexicon(shop, goods))
    return understanding.parse(text)


def load(settings: Settings) -> EmbeddedUnderstanding:
    """The understanding of this installation: the model of today's examples, trained when there is none."""
    return EmbeddedUnderstanding.load(settings.data_folder, settings.models_folder, settings.nlu.encoder)


def measured(
    settings: Settings, train: Path | None, test: Path | None, valid: Path | None, oos: Path | None
) -> Measured:
    """Learn and ask. Without files: the shop's examples, of which every fifth is asked."""
    learned = list(read_any(train or settings.data_folder / "intents.yml"))
    asked = list(read_any(test)) if test else []
    if not test:
        learned, asked = held_out(learned)
    return measure(
        learned,
        asked,
        encoder=load_encoder(settings.nlu.encoder, settings.models_folder),
        valid=read_any(valid) if valid else (),
        oos=read_texts(oos) if oos else (),
    )


def learn_file(settings: Settings, file: Path | None) -> int:
    """Check the examples of `file` (none: the shop's own), learn them, and keep the model for the next start.

    Another file takes the place of the shop's own. Gives the number of examples. Raises ShopkeeperError with the
    mistakes and their lines; the old model and the old file stay.
    """
    own = settings.data_folder / "intents.yml"
    examples = read_examples(file or own)
    told = faults(examples, entities=ENTITIES)
    told += [f"no dialog handles the intent {name!r}: take it out." for name in sorted(_strangers(examples))]
    if told:
        more = f" And {len(told) - _TOLD} more." if len(told) > _TOLD else ""
        raise ShopkeeperError(
            f"{file or own}: " + " ".join(told[:_TOLD]) + more, "Nothing was learned; the old model stays."
        )
    if file is not None and file.resolve() != own.resolve():
        draft = own.with_suffix(".draft")
        draft.write_bytes(file.read_bytes())
        draft.replace(own)
    load(settings)
    return len(examples)


def add_example(settings: Settings, text: str, intent: str, language: str | None) -> str:
    """Write one more example under `intent` into data/intents.yml. Gives the language it was written under.

    Raises ShopkeeperError for an unknown intent or language, and for a text that is there already.
    """
    path = settings.data_folder / "intents.yml"
    examples = read_examples(path)
    text = escaped(" ".join(tidy(text).split()))
    if not text:
        raise ShopkeeperError("There is no text to learn.", "Say what a customer would write.")
    language = language or Languages(examples, LOCALES).tell(text)[0] or "en"
    block = [one for one in examples if (one.intent, one.language) == (intent, language)]
    if not block:
        near = get_close_matches(intent, {one.intent for one in examples}, n=1)
        raise ShopkeeperError(
            f"{path.name} has no examples of {intent!r} in {language!r}.",
            f"Did you mean {near[0]}?" if near and near[0] != intent else f"Languages: {', '.join(LOCALES)}.",
        )
    known = next((one for one in examples if one.language == language and same(one.text) == same(text)), None)
    if known is not None:
        raise ShopkeeperError(f"{text!r} is {known.intent} in line {known.line} already.", "Edit that line.")
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    last = block[-1].line
    before = lines[last - 1]
    lines.insert(last, before[: len(before) - len(before.lstrip())] + f"- {text}\n")
    draft = path.with_suffix(".draft")
    draft.write_text("".join(lines), encoding="utf-8")
    read_examples(draft)
    draft.replace(path)
    return language


async def unknown(settings: Settings, most: int) -> list[Unknown]:
    """What customers said and nobody understood, alike ones together; the most frequent first."""
    async with opened(settings) as db, db.begin() as tx:
        rows = await tx.rows(
            "SELECT content->>'text' AS text, parsed->'clauses'->0->'ranking'->0->>0 AS guess FROM inbound"
            " WHERE status = 'unknown' AND content->>'text' <> '' ORDER BY id DESC LIMIT 5000"
        )
    groups: dict[str, Unknown] = {}
    for row in rows:
        shown = _PRIVATE.sub("…", tidy(row["text"]))[:200]
        group = groups.setdefault(same(shown), Unknown(shown, 0, row["guess"] or ""))
        group.times += 1
    return sorted(groups.values(), key=lambda group: (-group.times, group.guess))[:most]


def _strangers(examples: Sequence[Example]) -> set[str]:
    registry = all_dialogs()
    return {one.intent for one in examples} - {*registry.handlers, *registry.starts, *REPAIRS}
