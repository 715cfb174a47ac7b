"""What the engine gave for a turn: figures with the names they belong to, read from what it says. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from base.money import Money
from bot.guard.reading import Kind, claims, plain
from bot.guard.words import DELIVERY_WORDS
from bot.nlu.text import spelled, stem
from bot.nlu.vocabulary import FILLERS
from bot.state import Arg, CardSpec, Day, Lines, Moment, OfferSpec, Sentence
from bot.steps import Ask, Effect, Offer, Say
from bot.texts import Texts
from bot.understanding import Lexicon

DELIVERY = "§delivery"  # the subject of whatever is said of delivery in general
_SUBJECTS = ("name", "other", "items", "content", "delivery", "carrier", "code", "against", "names")
_LITERAL = spelled(  # strings that are said as they are: digits in them promise nothing
    "name other code against number address where place street account recipient delivery payment carrier query words "
    "city near digits reason contact"
)
_OF_ALL = frozenset(["total", "goods", "before"])  # sums of the whole cart, whatever is named beside them
_UNITS = {"percent": "%", "min": "day", "max": "day", "minutes": "minute", "within": "minute"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure or claim that is true in this turn. `about`: stems of the thing's names; empty: of the turn itself."""

    kind: Kind
    value: Decimal | str
    unit: str = ""
    about: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Facts:
    """`literal`: names, codes, numbers and addresses of this turn. `goods`: all things of the shop with their names."""

    facts: tuple[Fact, ...] = ()
    literal: tuple[str, ...] = ()
    goods: tuple[tuple[str, ...], ...] = ()
    today: date | None = None

    @property
    def subjects(self) -> frozenset[str]:
        """Every word that names something here."""
        named = {word for names in self.goods for name in names for word in stems(name)}
        return frozenset(named.union(*(fact.about for fact in self.facts)))

    def known_as(self, name: str) -> frozenset[str]:
        """The stems of a name, and those of the other names of the same thing."""
        return _known_as(name, self.goods)


def stems(name: str) -> frozenset[str]:
    """The words by which a thing is recognised, without endings."""
    found = {
        stem(word)
        for word in re.findall(r"[^\W_]+", plain(name, (name,)))
        if word not in FILLERS and (len(word) > 2 or not word.isalpha()) and not word.isdecimal()
    }
    sizes = {f"size {size.lower()}" for size in re.findall(r"(?<!\w)(?:XS|S|M|L|XL|XXL)(?!\w)", name)}
    return frozenset(found | sizes)


def _known_as(name: str, goods: tuple[tuple[str, ...], ...]) -> frozenset[str]:
    own = stems(name) | ({DELIVERY} if speaks_of_delivery(plain(name)) else set())
    same = [names for names in goods if any((stems(one) or {"?"}) <= own for one in names)]
    return own.union(*(stems(one) for names in same for one in names))


def read_facts(text: str, about: frozenset[str] = frozenset(), names: tuple[str, ...] = ()) -> list[Fact]:
    """The figures and claims of a text that is known to be true: an answer of policy, a description."""
    return [Fact(one.kind, one.value, one.unit, about) for one in claims(plain(text, names))]


@dataclass
class _Reader:
    texts: Texts
    locale: str
    goods: tuple[tuple[str, ...], ...]
    facts: list[Fact] = field(default_factory=list)
    literal: list[str] = field(default_factory=list)

    def sentence(self, said: Sentence) -> None:
        about = self._about(said)
        for name, arg in said.args.items():
            self._arg(name, arg, about)
        # What the owner's text itself claims ("in stock", "free", "today") holds; its figures are the arguments alone.
        words = self.texts.say(Sentence(key=said.key, args=said.args), self.locale)
        self.facts += [one for one in read_facts(words, about, tuple(self.literal)) if one.kind in ("claim", "day")]

    def _about(self, said: Sentence) -> frozenset[str]:
        names = [arg for key in _SUBJECTS if isinstance(arg := said.args.get(key), str) and arg != "none"]
        found = {word for name in names for word in self.known_as(name)}
        offer = said.args.get("text") if said.key.startswith("promo.line") else None
        of_delivery = isinstance(offer, str) and speaks_of_delivery(plain(offer))  # "free delivery from €40.00"
        if of_delivery or said.key.startswith(
            ("delivery.", "bill.delivery", "bill.free", "discovery.cheapest_delivery")
        ):
            found.add(DELIVERY)
        return frozenset(found)

    def known_as(self, name: str) -> frozenset[str]:
        return _known_as(name, self.goods)

    def _arg(self, name: str, arg: Arg, about: frozenset[str]) -> None:
        match arg:
            case Lines(lines=lines):
                for line in lines:
                    self.sentence(line)
            case Money():
                for own in {about, frozenset()} if name in _OF_ALL else (about,):
                    self.facts.append(Fact("money", abs(arg.decimal), arg.currency, frozenset(own)))
            case Day(day=day):
                self._day(day, about)
            case Moment():
                at = arg.at.astimezone(self.texts.zone)
                self._day(at.date(), about)
                self.facts.append(Fact("clock", f"{at:%H:%M}", "", about))
            case int():
                unit = _UNITS.get(name, "pieces")
                kind: Kind = "percent" if unit == "%" else "span" if unit in ("day", "minute") else "number"
                self.facts.append(Fact(kind, Decimal(arg), "" if kind == "percent" else unit, about))
            case str():
                if name in _LITERAL:
                    self.literal.append(arg)
                self.facts += read_facts(arg, about, (arg,) if name in _LITERAL else tuple(self.literal))

    def _day(self, day: date, about: frozenset[str]) -> None:
        self.facts.append(Fact("date", f"{day.month}-{day.day}", day.isoformat(), about))

    def card(self, card: CardSpec) -> None:
        about = self.known_as(card.title)
        self.literal.append(card.title)
        told = stems(card.subtitle) if isinstance(card.subtitle, str) else frozenset()  # "smells of a pine forest"
        if isinstance(card.price, Money):
            self.facts.append(Fact("money", card.price.decimal, card.price.currency, about | told))
        for said in (card.price, card.subtitle):
            if isinstance(said, Sentence):
                also = f" {card.subtitle}" if said is card.price and isinstance(card.subtitle, str) else ""
                args: dict[str, Arg] = {"name": f"{card.title}{also}", **said.args}
                self.sentence(Sentence(key=said.key, args=args))
            elif isinstance(said, str):
                self.facts += read_facts(said, about | told)
        for offered in card.offered:
            self.offer(offered)

    def offer(self, spec: OfferSpec) -> None:
        if spec.title:
            self.sentence(spec.title)
        if spec.name:
            self.literal.append(spec.name)
            self.facts += read_facts(spec.name, frozenset(), (spec.name,))


def of_turn(
    effects: Sequence[Effect], texts: Texts, locale: str, *, today: date | None = None,
    goods: Iterable[Iterable[str]] = (),
) -> Facts:  # fmt: skip
    """All facts of what a turn says. `goods`: the names of each thing of the shop, its synonyms included."""
    reader = _Reader(texts, locale, tuple(tuple(names) for names in goods))
    for effect in effects:
        match effect:
            case Say():
                reader.sentence(effect.sentence)
                for card in effect.cards:
                    reader.card(card)
                if effect.link:
                    reader.sentence(effect.link[0])
                    reader.literal.append(effect.link[1])
                if effect.receipt:
                    reader.literal.append(effect.receipt.number)
                    for told, amount in effect.receipt.lines:
                        if isinstance(told, Sentence):
                            reader.sentence(told)
                        title = told if isinstance(told, str) else texts.say(told, locale)
                        reader.facts += read_facts(title, reader.known_as(title))
                        reader.facts.append(Fact("money", abs(amount.decimal), amount.currency, reader.known_as(title)))
                    total = effect.receipt.total
                    reader.facts.append(Fact("money", total.decimal, total.currency))
            case Ask():
                reader.sentence(effect.sentence)
                for spec in effect.offered:
                    reader.offer(spec)
            case Offer():
                for spec in effect.offered:
                    reader.offer(spec)
    return Facts(tuple(reader.facts), tuple(dict.fromkeys(reader.literal)), reader.goods, today)


def things(lexicon: Lexicon, locale: str) -> tuple[tuple[str, ...], ...]:
    """Everything of the shop that a figure can be about, with its names: goods, colours and sizes, ways of delivery."""
    spoken = [product.names.get(locale, ()) for product in lexicon.products]
    spoken += [word.words.get(locale, ()) for word in (*lexicon.attributes, *lexicon.deliveries)]
    return tuple(names for names in spoken if names)


def speaks_of_delivery(window: str) -> bool:
    return DELIVERY_WORDS.search(window) is not None
