"""Understanding without a conversation: one sentence looked at, examples measured, and one added."""

from __future__ import annotations

import asyncio
from difflib import get_close_matches
from pathlib import Path

from app import learned
from app.cli_base import errors, opened
from app.migrations import EmptyDatabase
from app.parsed import Understood, understood
from app.settings import Settings
from base.errors import ShopkeeperError
from bot.nlu.example_files import held_out, read_any, read_texts
from bot.nlu.language import Languages
from bot.nlu.measure import Measured, measure
from bot.nlu.text import tidy
from bot.nlu.training import Example, escaped, read_examples, same
from bot.private import SIGN
from bot.world import lexicon
from shop.catalogue import Catalogue, load_catalogue
from shop.shopfile import load_shop

LOCALES = ("en", "ru", "uk", "es")
_BEFORE = (  # said first, so that what is asked does not pay for what is loaded once
    "hello, how much is a mug?",
    "когда придёт мой заказ?",
    "чи є знижка для постійних покупців?",
    "quiero dos velas y una manta, por favor",
)


async def parse_here(settings: Settings, text: str) -> Understood:
    """Understand one sentence with the shop's own words: shop.yml, and the goods that are on sale, if there are any."""
    understanding = await asyncio.to_thread(learned.understand, settings)
    shop = load_shop(settings.shop_folder / "shop.yml")
    try:
        async with opened(settings) as db, db.begin() as tx:
            goods = await load_catalogue(tx)
    except EmptyDatabase:
        errors.print("There are no goods yet (the database is empty), so none are found in the words.", markup=False)
        goods = Catalogue(version=0)
    understanding.learn(lexicon(shop, goods))
    for said in _BEFORE:
        understanding.parse(said)
    return understood(understanding.parse(text), understanding)


def measured(
    settings: Settings, train: Path | None, test: Path | None, valid: Path | None, oos: Path | None
) -> Measured:
    """Learn and ask. Without files: the shop's examples, of which every fifth is asked."""
    examples = read_any(train or learned.own_examples(settings))
    taught, asked = (examples, read_any(test)) if test else held_out(examples)
    return measure(
        taught,
        asked,
        encoder=settings.nlu.encoder,
        models=settings.models_folder,
        valid=read_any(valid) if valid else (),
        oos=read_texts(oos) if oos else (),
    )


def add_example(settings: Settings, text: str, intent: str, language: str | None) -> Example:
    """Write one more example under `intent` into data/intents.yml, once everything together has been learned.

    All else in the file stays as it is written. Gives the example with its line. Raises ShopkeeperError for an unknown
    intent or language, for a text that is there already, and for what cannot be learned from: the file stays then.
    """
    path = learned.own_examples(settings)
    examples = read_examples(path)
    text = escaped(" ".join(SIGN.sub("…", tidy(text)).split()))
    if not any(sign.isalnum() for sign in text):
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
    lines = path.read_bytes().decode().splitlines(keepends=True)
    last = block[-1].line
    before = lines[last - 1]
    end = "\r\n" if lines[0].endswith("\r\n") else "\n"
    lines[last - 1] = before.rstrip("\r\n") + end  # the last line of a file may have none
    lines.insert(last, f"{before[: len(before) - len(before.lstrip())]}- {text}{end}")
    after = learned.replace(settings, "".join(lines).encode(), named=path)
    return next(one for one in after if (one.intent, one.language, one.text) == (intent, language, text))
