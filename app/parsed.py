"""One message as it is understood, for a person or a program that looks: what `shopkeeper nlu parse` shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from bot.acts import Act, Wish
from bot.understanding import Clause, Context, Mention, Parsed, Understanding

_NAMES = {"wishes": "product", "codes": "promo_code", "city_inside": "city"}  # the others are called what they are
_FRAME = frozenset(["greet", "thank", "goodbye", "smalltalk", "unknown", "out_of_scope"])  # around what is wanted


@dataclass(frozen=True, slots=True)
class Guess:
    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Entity:
    """`start` and `end` count characters of the message."""

    entity: str
    value: str
    start: int
    end: int
    quantity: int | None = None  # pieces of a product, where they are said with it


@dataclass(frozen=True, slots=True)
class Part:
    """A clause: `ranking` is what the classifier makes of it, `known` that it is like something that was learned."""

    text: str
    start: int
    end: int
    question: bool
    known: bool
    ranking: tuple[Guess, ...]
    entities: tuple[Entity, ...]


@dataclass(frozen=True, slots=True)
class Understood:
    """`intent` is what the message is taken for at the beginning of a talk, `acts` all that it wants; `ranking` is what
    the classifier makes of it: each intent with the most that a clause has of it.
    """

    text: str
    intent: Guess
    ranking: tuple[Guess, ...]
    entities: tuple[Entity, ...]
    language: str | None
    language_confidence: float
    milliseconds: float
    acts: tuple[dict[str, Any], ...]
    clauses: tuple[Part, ...]

    def rows(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def understood(parsed: Parsed, understanding: Understanding) -> Understood:
    """Everything that is known of a message without a talk."""
    acts = understanding.interpret([parsed], Context(locale=parsed.locale or "en")).acts
    parts = tuple(_part(clause) for clause in parsed.clauses)
    return Understood(
        text=parsed.text,
        intent=_main(acts),
        ranking=_best(guess for part in parts for guess in part.ranking),
        entities=tuple(entity for part in parts for entity in part.entities),
        language=parsed.locale,
        language_confidence=parsed.locale_confidence,
        milliseconds=parsed.milliseconds,
        acts=tuple(act.model_dump(mode="json", exclude_defaults=True) for act in acts),
        clauses=parts,
    )


def _main(acts: Iterable[Act]) -> Guess:
    """The first that is more than a greeting."""
    guesses = [Guess(act.intent, act.confidence) for act in acts]
    return next((guess for guess in guesses if guess.name not in _FRAME), guesses[0])


def _best(guesses: Iterable[Guess]) -> tuple[Guess, ...]:
    most: dict[str, float] = {}
    for guess in guesses:
        most[guess.name] = max(guess.confidence, most.get(guess.name, 0.0))
    return tuple(Guess(name, most[name]) for name in sorted(most, key=lambda name: -most[name]))


def _part(clause: Clause) -> Part:
    return Part(
        text=clause.text,
        start=clause.start,
        end=clause.end,
        question=clause.question,
        known=clause.known,
        ranking=tuple(Guess(name, confidence) for name, confidence in clause.ranking),
        entities=tuple(_entities(clause.mentions)),
    )


def _entities(mentions: Iterable[Mention]) -> Iterator[Entity]:
    for mention in mentions:
        name, value, quantity = _NAMES.get(mention.kind, mention.kind), mention.value, None
        if mention.kind == "strange":  # a word that nothing explains
            continue
        if mention.kind == "attributes":
            name, _, value = value.partition(".")
        if mention.kind == "wishes":
            wish = Wish.model_validate_json(value)
            value = (wish.candidates[0] if wish.exact and wish.candidates else wish.product) or wish.words
            quantity = wish.quantity
        yield Entity(name, value, mention.start, mention.end, quantity)
