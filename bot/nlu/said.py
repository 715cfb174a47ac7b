"""One clause with everything it mentions, sorted by kind: what the rules of interpret look at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from base.money import Money
from bot.acts import Entities, Wish
from bot.nlu import contacts
from bot.nlu.masking import rest
from bot.nlu.text import Token, fold, spelled, words
from bot.nlu.vocabulary import FILLERS, INTERJECTIONS
from bot.understanding import Clause, Mention, Parsed

_TURNED_DOWN = re.compile(
    r"(?:\b(?:not|instead of|rather than|than|вместо|не|чем|замість|ніж|en vez de|en lugar de|"
    r"de la|que)|[^\w]no)\s*(?:the |la |el |в |у |з )?$"
)
_TO_DOOR = re.compile(
    r"\b(?:couriers?|to (?:the |my )?door|home delivery|door ?step|курьер\w*|до двер\w*|кур'?[єеї]р\w*|до дверей|"
    r"mensajer\w*|a domicilio|hasta la puerta)\b"
)
_TO_POINT = re.compile(
    r"\b(?:pick ?-?up|collect (?:it )?myself|самовывоз\w*|самовив\w*|заберу сам\w*|"
    r"сам\w* заберу|recogida|recoger|recogerlo)\b"
)
_ONE = re.compile(r"(?<!\w)(?:[xх×] ?)?1\b|^(?:one|одн\w+|один)\b|\s(?:one|одн\w+|один|un[ao])$")
_BOTH = re.compile(r"\b(?:both|об[ае]|обидва|обидві|ambos|ambas)\b")
_JOINED = re.compile(
    r"^\W*(?:(?:oh|ah|ой|ай|о|ay|ну|тогда|тоді|ok|ок|then|well|so|pues|entonces|bueno),? )*"
    r"(?:[аa] (?:еще|ще|также|також|тоже|теж)|and|also|plus|и|еще|також|і|й|та|ще|y|e|tambien)\b"
)
_COVERING = spelled(
    "wishes attributes quantity ordinal budget at_least amount percent codes order_number phone email "
    "address inside city near point delivery payment rating number time when link person each saved"
)  # fmt: skip
_PROPOSES = re.compile(
    r"\W*(?:(?:and|so|а|но|і|y|e)\s+)?(?:(?:how|what) about|what if|если|как (?:на ?счет|тогда)|якщо|як щодо|"
    r"що (?:як|скажете про)|que tal|que os parecen?|y si(?: son| fueran)?|si son)\s+(?=\S+\s*\S*\s*[?.!]*$)"
)
FACTS = spelled("phone email address person order_number point near")


@dataclass(slots=True)
class Said:
    """A clause, its mentions by kind (values in order), its wishes, and the words nothing explains."""

    clause: Clause
    text: str
    folded: str
    values: dict[str, tuple[str, ...]]
    wishes: tuple[Wish, ...]
    left: tuple[Token, ...]  # words outside mentions and small talk
    name: str | None = None  # what looks like a person's name
    attributes: dict[str, str] = field(default_factory=dict)
    void: bool = False  # it only turns down what another clause is said instead of: "…, not Boxberry"

    def first(self, kind: str) -> str | None:
        return next(iter(self.values.get(kind, ())), None)

    def last(self, kind: str) -> str | None:
        return next(reversed(self.values.get(kind, ())), None)

    def has(self, *kinds: str) -> bool:
        return any(self.values.get(kind) for kind in kinds)

    @property
    def bare(self) -> bool:
        """Nothing but what is mentioned: no verb, no question word."""
        return not self.left

    @property
    def joined(self) -> bool:
        """Begins with "and" or "also"."""
        return _JOINED.match(self.folded) is not None

    @property
    def intent(self) -> str:
        return self.clause.ranking[0][0] if self.clause.ranking else "unknown"

    @property
    def confidence(self) -> float:
        return self.clause.ranking[0][1] if self.clause.ranking else 0.0

    def odds(self, intent: str) -> float:
        return dict(self.clause.ranking).get(intent, 0.0)

    @property
    def quantity(self) -> int | None:
        value = self.last("quantity")
        return int(value) if value else None

    @property
    def ordinals(self) -> tuple[int, ...]:
        return tuple(int(value) for value in self.values.get("ordinal", ()))

    @property
    def article_only(self) -> bool:
        """ "a mug", "una taza": one, but said in passing."""
        return all(w.quantity == 1 and not _ONE.search(fold(w.words)) for w in self.wishes)


def listen(parsed: Parsed, clause: Clause) -> Said:
    """Sort what a clause mentions."""
    mentions = [m for m in clause.mentions if clause.start <= m.start and m.end <= clause.end]
    values: dict[str, tuple[str, ...]] = {}
    name, turned_down = None, False
    attributes: dict[str, str] = {}
    everywhere = [m for each in parsed.clauses for m in each.mentions]
    for mention in mentions:
        before = fold(parsed.text[clause.start : mention.start])
        if mention.kind == "person" and mention.score < 1:
            name = mention.value
            continue
        if mention.kind == "attributes":
            key, _, value = mention.value.partition(".")
            if not (_TURNED_DOWN.search(before) and _others(mentions, mention, key)):
                attributes[key] = value
            continue
        if mention.kind in ("delivery", "payment") and _TURNED_DOWN.search(before) and _others(everywhere, mention, ""):
            turned_down = True
            continue
        if mention.kind == "city" and any(m.kind == "address" and _over(m, mention) for m in mentions):
            continue
        if mention.kind == "near" and any(
            m.kind == "city" and m.end == mention.end and _over(mention, m) for m in mentions
        ):
            continue
        values[mention.kind] = (*values.get(mention.kind, ()), mention.value)
    wishes = _wishes(mentions)
    if attributes and not wishes and "quantity" not in values and _BOTH.search(fold(clause.text)):
        values["quantity"] = ("2",)
    over = [m for m in mentions if m.kind in _COVERING]
    loose = rest(parsed.text, over, start=clause.start, end=clause.end)
    proposes = _PROPOSES.match(fold(clause.text)) if "quantity" in values and not wishes else None
    if proposes:
        values.pop("strange", None)
    spoken = clause.start + proposes.end() if proposes else clause.start  # "how about 2?" says no more than "2?"
    left = tuple(t for t in loose if t.start >= spoken and t.word not in FILLERS and t.word not in INTERJECTIONS)
    return Said(
        clause=clause, text=clause.text, folded=fold(clause.text), values=values, wishes=wishes, left=left, name=name,
        attributes=attributes, void=turned_down and not values and not wishes and len(left) < 2,
    )  # fmt: skip


def entities(said: Said, currency: str) -> Entities:
    """Everything the clause says, before the context is asked."""

    def money(kind: str) -> Money | None:
        value = said.last(kind)
        return Money.parse(value, currency) if value else None

    address = said.last("address")
    return Entities(
        wishes=said.wishes,
        quantity=said.quantity if not said.wishes or all(w.quantity is None for w in said.wishes) else None,
        change=_change(said),
        ordinal=next(iter(said.ordinals), None),
        pronoun=_pronoun(said),
        attributes=said.attributes,
        budget=money("budget"),
        at_least=money("at_least"),
        amount=money("amount"),
        percent=int(said.values["percent"][0]) if said.has("percent") else None,
        fact=said.first("fact"),
        codes=said.values.get("codes", ()),
        order_number=said.last("order_number"),
        phone=said.last("phone"),
        email=said.last("email"),
        person=said.first("person"),
        address=address,
        inside=", ".join(said.values.get("inside", ())) or None,
        city=said.last("city") or (city_in(said, address) if address else None),
        near=said.last("near"),
        point=said.first("point"),
        delivery=said.last("delivery"),
        to=_kind_of_delivery(said),
        payment=said.last("payment"),
        recipient_kind=said.first("recipient_kind"),
        occasion=said.first("occasion"),
        saved=said.first("saved"),
        locale=said.last("locale"),
        rating=int(said.values["rating"][0]) if said.has("rating") else None,
    )


def city_in(said: Said, address: str) -> str | None:
    """The city of an address: the shop's own name for it where it has one."""
    for mention in said.clause.mentions:
        if mention.kind == "city_inside":
            return mention.value
    return contacts.city_of(address)


def _kind_of_delivery(said: Said) -> str | None:
    if said.has("delivery", "point"):
        return None
    return "door" if _TO_DOOR.search(said.folded) else "point" if _TO_POINT.search(said.folded) else None


def _change(said: Said) -> str:
    changes = said.values.get("change", ())
    return "less" if "less" in changes else "more" if "more" in changes else "set"


def _pronoun(said: Said) -> str | None:
    found = said.values.get("pronoun", ())
    return "them" if "them" in found else "it" if found else None


def _wishes(mentions: Sequence[Mention]) -> tuple[Wish, ...]:
    found: list[Wish] = []
    each = False  # said before the thing: "and for each a box"
    for mention in sorted(mentions, key=lambda m: m.start):
        if mention.kind == "wishes":
            wish = Wish.model_validate_json(mention.value)
            found.append(wish.model_copy(update={"each": True}) if each else wish)
            each = False
        elif mention.kind == "each" and found:
            found[-1] = found[-1].model_copy(update={"each": True})
        elif mention.kind == "each":
            each = True
    return tuple(found)


def _over(outer: Mention, inner: Mention) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _others(mentions: Sequence[Mention], mention: Mention, key: str) -> bool:
    """Whether the clause names another of the same kind, so that this one is the one turned down."""
    same = [m for m in mentions if m.kind == mention.kind and m is not mention]
    return any(m.value.partition(".")[0] == key and m.value != mention.value for m in same) if key else bool(same)


def content(text: str) -> list[str]:
    """The words of a text that carry meaning."""
    return [word for word in words(text) if word not in FILLERS and word not in INTERJECTIONS]
