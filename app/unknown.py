"""What customers said and nobody understood: alike ones together, and nothing in it that belongs to a person."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from app.cli_base import opened
from app.settings import Settings
from base.db import Tx
from bot.acts import NOT_UNDERSTOOD
from bot.nlu.encoder import load_encoder
from bot.nlu.russian import russian
from bot.nlu.training import same
from bot.private import masked, names_of
from bot.understanding import Clause, Parsed
from bot.world import lexicon
from shop.catalogue import load_catalogue
from shop.shopfile import load_shop

LONGEST = 200  # characters of a phrase that are shown
_NEWEST = 5000  # messages
_MOST = 2000  # different phrases that are compared
_ALIKE_LETTERS = 0.8  # of 1: the same words in another order, with typos
_ALIKE_MEANING = 0.7  # the cosine of two vectors: the same wish in other words
_SUGGESTED = 3
_EXAMPLES = 5  # phrases of a group that are shown


@dataclass(slots=True)
class Group:
    """Phrases that are alike, the most frequent one in front. `nearest`: the intents that came nearest to them."""

    phrases: list[str] = field(default_factory=list)
    times: int = 0
    votes: Counter[str] = field(default_factory=Counter)

    @property
    def nearest(self) -> list[str]:
        ranked = [intent for intent, _ in self.votes.most_common() if intent not in NOT_UNDERSTOOD]
        return ranked[:_SUGGESTED]

    @property
    def others(self) -> list[str]:
        return self.phrases[1:_EXAMPLES]

    def take(self, phrase: _Phrase) -> None:
        self.phrases.append(phrase.text)
        self.times += phrase.times
        self.votes.update(phrase.votes)


@dataclass(slots=True)
class _Phrase:
    text: str
    times: int = 0
    votes: Counter[str] = field(default_factory=Counter)


async def unknown(settings: Settings, most: int) -> list[Group]:
    """The most frequent group first."""
    shop = load_shop(settings.shop_folder / "shop.yml")
    async with opened(settings) as db, db.begin() as tx:
        said = await _said(tx)
        ours = names_of(lexicon(shop, await load_catalogue(tx)))
    phrases: dict[str, _Phrase] = {}
    for known, parsed in said:
        for clause in _missed(parsed):
            shown = masked(_alone(clause), known, ours)[:LONGEST]
            if any(sign.isalnum() for sign in shown):
                phrase = phrases.setdefault(same(shown), _Phrase(shown))
                phrase.times += 1
                phrase.votes.update(dict(clause.ranking))
    return await asyncio.to_thread(_grouped, list(phrases.values()), settings, most)


async def _said(tx: Tx) -> list[tuple[list[str], Parsed]]:
    """The newest messages that were not understood, and by which names and places their writers are known."""
    rows = await tx.rows(
        """SELECT i.parsed, u.name AS customer, c.name AS called, u.email,
                  (SELECT array_agg(a.address) FROM customer_address a WHERE a.customer = u.id) AS places
           FROM inbound i JOIN conversation c ON c.id = i.conversation_id JOIN customer u ON u.id = c.customer_id
           WHERE i.status = 'unknown' AND i.parsed IS NOT NULL ORDER BY i.id DESC LIMIT %s""",
        _NEWEST,
    )
    return [
        (
            [row["customer"] or "", row["called"] or "", row["email"] or "", *(row["places"] or ())],
            Parsed.model_validate(row["parsed"]),
        )
        for row in rows
    ]


def _missed(parsed: Parsed) -> Sequence[Clause]:
    """The clauses that nobody understood; all of a message that was kept before that was told of each."""
    return [clause for clause in parsed.clauses if clause.missed] or parsed.clauses


def _alone(clause: Clause) -> Parsed:
    """The clause as a message of its own."""
    moved = tuple(
        mention.model_copy(update={"start": mention.start - clause.start, "end": mention.end - clause.start})
        for mention in clause.mentions
    )
    return Parsed(text=clause.text, clauses=(clause.model_copy(update={"mentions": moved}),))


def _grouped(phrases: Iterable[_Phrase], settings: Settings, most: int) -> list[Group]:
    """Each phrase goes to the group whose first phrase is nearest, or opens one; the frequent ones come first."""
    ordered = sorted(phrases, key=lambda phrase: -phrase.times)[:_MOST]
    if not ordered:
        return []
    alike = _likeness([phrase.text for phrase in ordered], settings)
    groups: list[Group] = []
    leaders: list[int] = []
    for place, phrase in enumerate(ordered):
        near = alike[place, leaders]
        if leaders and near.max() >= 1:
            group = groups[int(near.argmax())]
        else:
            group = Group()
            groups.append(group)
            leaders.append(place)
        group.take(phrase)
    return sorted(groups, key=lambda group: -group.times)[:most]


def _likeness(texts: Sequence[str], settings: Settings) -> NDArray[np.float32]:
    """For each pair; from 1 on they are alike, by their letters or by what the encoder makes of them."""
    lowered = [same(text) for text in texts]
    letters = process.cdist(lowered, lowered, scorer=fuzz.token_sort_ratio, dtype=np.float32)
    found: NDArray[np.float32] = np.asarray(letters / (100 * _ALIKE_LETTERS), dtype=np.float32)
    encoder = load_encoder(settings.nlu.encoder, settings.models_folder)
    if encoder is not None:
        vectors = encoder.encode([russian(text) for text in lowered])
        found = np.maximum(found, (vectors @ vectors.T).astype(np.float32) / np.float32(_ALIKE_MEANING))
    return found
