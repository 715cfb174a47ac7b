"""Reads a clause as the answer to the open question, before anything else is thought of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from base.money import Money
from bot.acts import Entities, Wish
from bot.nlu import cues, repair
from bot.nlu.draft import ASKING, Draft, told
from bot.nlu.masking import rest
from bot.nlu.numbers import ARTICLES, cardinal, ordinals
from bot.nlu.references import Catalogue, by_attributes, in_focus
from bot.nlu.said import Said, content, entities
from bot.nlu.text import Token, fold, sound, spelled, stem, tokens, words
from bot.nlu.vocabulary import INTERJECTIONS, SMALL_WORDS, WEAK_YES
from bot.understanding import Context, Mention, Offered, OpenQuestion, Parsed

_DIALLED = 5  # digits that are a try at a telephone number when one is asked
_NOT = frozenset(["not", "no", "не", "ні", "а", "instead"])
_PARTICLES = spelled("de la las los del da dos das di du le van von der den y e i bin al el")  # inside a name
_STRONG = 0.6  # confidence from which another intent is believed against a free-text answer
_PRICE = re.compile(r"\d+(?:[.,]\d+)?")
# "rather two", "oops, one" correct, they choose nothing
_RATHER = re.compile(r"\b(?:rather|better|instead|oops|лучше|краще|ой|упс|mejor|uy|ups)\b")
_CHEAPEST = re.compile(
    r"\b(?:cheapest|самый дешевый|самую дешевую|самая дешевая|подешевле|дешевле|найдешевш\w*|дешевш\w*|mas barat\w*)\b"
)
_WHAT_THERE_IS = re.compile(
    r"\b(?:(?:all|what(?:ever)?) (?:you|there|is|u)\b.*|whatever's left|(?:сколько|что) (?:есть|осталось)|"
    r"(?:скільки|що) (?:є|лишилося)"
    r"|(?:las?|los?|lo) que (?:hay|haya|queden?|tengas?|tengan))"
)
_NO_STREET = frozenset(
    ["address", "wishes", "codes", "phone", "email", "amount", "delivery", "payment", "saved", "point"]
)
_BY_NUMBER = spelled("choice delivery payment point variant product order address yes_no city text")
_ONE_OF = frozenset(["point", "delivery", "payment", "variant"])
_NOT_ANSWERS = ASKING | {
    "complain",
    "manipulate",
    "haggle",
    "claim_promise",
    "out_of_scope",
    "browse",
    "find_gift",
    "change_language",
}
_SMALL_TALK = frozenset(["smalltalk", "praise", "thank", "greet", "goodbye"])


def answer(said: Said, context: Context, catalogue: Catalogue, currency: str, *, whole: bool) -> Draft | None:
    """The clause as an answer, or None when it is none. `whole`: the clause is all that was said in its message."""
    question = context.question
    if question is None or said.clause.question or repair.exact(said.text) in repair.SIDE_DOORS:
        return None
    chosen = _chosen(said, question, catalogue)
    if chosen is not None:
        return _choose(chosen, said, currency)
    slots = _slots(said, question, context, catalogue, currency, whole=whole)
    if slots is None:
        if question.expects == "phone" and len(re.findall(r"\d", said.text)) >= _DIALLED and not _told_otherwise(said):
            return Draft("unknown", 0.0, Entities(), said.text, question=False, said=said, answer=True, fixed=True)
        return None
    return Draft("inform", 1.0, slots, said.text, question=False, said=said, answer=True)


def other_house(message: Parsed, context: Context) -> Draft | None:
    """ "Not 5, 15", with the parcel on its way to house 5: the same street, another number."""
    if context.house is None or any(m.kind == "wishes" for clause in message.clauses for m in clause.mentions):
        return None
    row = tokens(message.text)
    said = {place for place, _, _ in ordinals(fold(message.text), row)}
    said |= {number for token in row if (number := cardinal(token.word)) is not None and token.word not in ARTICLES}
    others = said - {context.house}
    if context.house not in said or len(others) != 1 or not _NOT.intersection(token.word for token in row):
        return None
    house = Entities(address=str(others.pop()))
    return Draft("change_details", 0.9, house, message.text, question=False, answer=True, fixed=True)


def whole_address(message: Parsed, context: Context) -> Draft | None:
    """A message of several pieces that no reader knows for an address, but that can be nothing
    else when one is asked.
    """
    question = context.question
    if question is None or question.expects != "address" or len(message.clauses) < 2:
        return None
    kinds = {mention.kind for clause in message.clauses for mention in clause.mentions}
    if any(clause.question for clause in message.clauses) or kinds & _NO_STREET:
        return None
    if any(c.ranking and c.ranking[0][1] >= _STRONG and c.ranking[0][0] != "inform" for c in message.clauses):
        return None
    outside = "; ".join(_outside(clause.text, clause.mentions, clause.start) for clause in message.clauses)
    if not re.search(r"\d", outside) or not re.search(r"[^\W\d_]{4,}", outside):
        return None
    city = next((m.value for clause in message.clauses for m in clause.mentions if m.kind == "city"), None)
    told_at_once = Entities(address=message.text.strip(), city=city)
    return Draft("inform", 0.8, told_at_once, message.text, question=False, answer=True, fixed=True)


def _outside(text: str, mentions: Sequence[Mention], start: int) -> str:
    """The text without the flat and the floor: what is left must name a street."""
    for mention in mentions:
        if mention.kind == "inside":
            a, b = mention.start - start, mention.end - start
            text = text[:a] + " " * (b - a) + text[b:]
    return text


def _choose(chosen: Offered, said: Said, currency: str) -> Draft:
    extra = {name: value for name, value in told(entities(said, currency)).items() if value is not None}
    own = told(chosen.act.entities)
    merged = chosen.act.entities.model_copy(update={k: v for k, v in extra.items() if k not in own and k != "person"})
    return Draft(chosen.act.intent, 1.0, merged, said.text, question=False, said=said, answer=True, fixed=True)


def _chosen(said: Said, question: OpenQuestion, catalogue: Catalogue) -> Offered | None:
    offered = question.offered
    if not offered:
        return None
    typed = " ".join(words(said.text))
    for choice in offered:
        if typed and typed == " ".join(words(choice.title)):
            return choice
    if question.expects in _BY_NUMBER and said.bare and not said.wishes and not said.attributes:
        place = next(iter(said.ordinals), None)
        rather = _RATHER.search(said.folded) or (not question.id and cues.ONLY.search(said.folded))
        corrects = said.has("change") or rather
        if any(choice.answer for choice in offered) and not said.text.strip().isdecimal():
            corrects = True  # "two then" is a number of pieces: nobody counts a yes and a no in words
        if place is None and question.expects != "quantity" and not corrects:
            place = said.quantity
        if place is not None and (-1 if place < 0 else place) in (-1, *range(1, len(offered) + 1)):
            return offered[place - 1 if place > 0 else -1]
    known = repair.exact(said.text)
    if known == "affirm" and len(offered) == 1 and question.expects in _ONE_OF:
        return offered[0]  # a yes to the only one there is
    if known is not None:
        return None
    if _WHAT_THERE_IS.search(said.folded) and not said.wishes:
        taking = [o for o in offered if o.act.intent in ("add_to_cart", "change_quantity")]
        return min(taking, key=lambda o: len(o.act.entities.wishes), default=None)
    by_code = [o for o in offered if _same_code(said, o)]
    if len(by_code) == 1:
        return by_code[0]
    return (
        _by_price(said, offered)
        or _by_goods(said, offered, catalogue)
        or (_by_name(said, offered) if question.id else None)
        or _by_words(said, offered)
    )


def _same_code(said: Said, choice: Offered) -> bool:
    own = choice.act.entities
    pairs = (
        (own.delivery, said.last("delivery")),
        (own.payment, said.last("payment")),
        (own.point, said.first("point")),
        (own.occasion, said.first("occasion")),
    )
    return any(code is not None and code == spoken for code, spoken in pairs) and len(said.left) <= 2


def _by_price(said: Said, offered: Sequence[Offered]) -> Offered | None:
    """ "the cheapest": the one with the lowest price, when every one has a price, or shows one in its title."""
    if not _CHEAPEST.search(said.folded) or len(said.left) > 3:
        return None
    costs = [choice.price.amount_minor for choice in offered if choice.price is not None]
    if len(costs) == len(offered):
        return offered[costs.index(min(costs))]
    prices = [_PRICE.findall(choice.title) for choice in offered]
    if not all(prices):
        return None
    lowest = min(range(len(offered)), key=lambda i: float(prices[i][-1].replace(",", ".")))
    return offered[lowest]


def _by_goods(said: Said, offered: Sequence[Offered], catalogue: Catalogue) -> Offered | None:
    """ "2 black ones": the one choice of as many pieces of that kind and of nothing else."""
    spoken = _goods(said)
    if not spoken or len(said.left) > 3:
        return None
    fitting = [
        choice
        for choice in offered
        if choice.act.intent == "add_to_cart"
        and len(choice.act.entities.wishes) == len(spoken)
        and all(_is(one, wish, catalogue) for one, wish in zip(spoken, choice.act.entities.wishes, strict=True))
    ]
    return fitting[0] if len(fitting) == 1 else None


def _by_name(said: Said, offered: Sequence[Offered]) -> Offered | None:
    """ "Mug in white", asked which mug: the choice that is this variant and no other."""
    wish = said.wishes[0] if len(said.wishes) == 1 else None
    if wish is None or not wish.exact or wish.quantity is not None or said.clause.question or not said.bare:
        return None
    fitting = [choice for choice in offered if [w.candidates for w in choice.act.entities.wishes] == [wish.candidates]]
    return fitting[0] if len(fitting) == 1 and fitting[0].act.intent == "add_to_cart" else None


def _goods(said: Said) -> list[Wish]:
    """Goods with their numbers, also "two black, one white", where a number and a colour are all that is said."""
    if said.wishes:
        known = said.wishes if len(said.wishes) > 1 else (_counted(said.wishes[0], said.quantity),)
        return [wish for wish in known if wish.quantity is not None]
    found: list[Wish] = []
    number: int | None = None
    for mention in sorted(said.clause.mentions, key=lambda m: m.start):
        if mention.kind == "quantity":
            number = int(mention.value)
        elif mention.kind == "attributes" and number is not None:
            found.append(Wish(quantity=number, words=mention.value))
            number = None
        elif mention.kind == "attributes":
            return []
    return found


def _counted(wish: Wish, quantity: int | None) -> Wish:
    return wish if wish.quantity is not None else wish.model_copy(update={"quantity": quantity})


def _is(spoken: Wish, choice: Wish, catalogue: Catalogue) -> bool:
    sku = next(iter(choice.candidates), "")
    if spoken.quantity != choice.quantity:
        return False
    if spoken.candidates:
        return sku in spoken.candidates
    key, _, value = spoken.words.partition(".")
    return catalogue.attributes_of.get(sku, {}).get(key) == value


def _by_words(said: Said, offered: Sequence[Offered]) -> Offered | None:
    mine = [word for word in content(said.text) if not word.isdecimal()]
    if not mine or len(mine) > 6:
        return None
    scores = []
    for choice in offered:
        title = [word for word in words(_PRICE.sub(" ", choice.title)) if len(word) > 1]
        hits = [max((_alike(word, other) for other in title), default=0.0) for word in mine]
        scores.append(sum(hits) / len(hits) if min(hits) >= 80 else 0.0)
    best = max(scores)
    if best < 85:
        return None
    numbers = {word for word in words(said.text) if word.isdecimal()}
    alike = [choice for choice, score in zip(offered, scores, strict=True) if score == best]
    if len(alike) > 1 and numbers:
        alike = [choice for choice in alike if numbers <= set(words(choice.title))]
    return alike[0] if len(alike) == 1 else None


def _alike(mine: str, other: str) -> float:
    if stem(mine) == stem(other) or sound(mine) == sound(other):
        return 100.0
    return fuzz.ratio(sound(mine), sound(other)) if min(len(mine), len(other)) >= 4 else 0.0


def _slots(
    said: Said, question: OpenQuestion, context: Context, catalogue: Catalogue, currency: str, *, whole: bool
) -> Entities | None:
    """The entities an answer fills, or None."""
    seen = entities(said, currency)
    facts = {name: value for name, value in told(seen).items() if name != "saved" or question.expects == "address"}
    other = said.confidence >= _STRONG and said.intent in (_NOT_ANSWERS | _SMALL_TALK)
    match question.expects:
        case "person":
            person = seen.person or said.name or capitalised(said)
            person = person or (_loose_name(said) if not facts and not other else None)
            return Entities(**{**facts, "person": person}) if person else _facts(facts)
        case "address":
            if seen.address is None and not other and whole and _street_like(said):
                return Entities(**{**facts, "address": _without_lead(said), "city": seen.city})
            return Entities(**{**facts, "city": seen.city}) if seen.address or seen.saved else _facts(facts)
        case "quantity":
            if seen.quantity is not None and len(said.left) <= 3 and not said.wishes:
                return Entities(quantity=seen.quantity)
            return None
        case "variant" | "product":
            if said.attributes and not said.wishes and len(said.left) <= 3:
                wish = by_attributes(said.attributes, context, catalogue) or in_focus(context, catalogue)
                wishes = (wish.model_copy(update={"quantity": seen.quantity}),) if wish else ()
                return Entities(attributes=said.attributes, quantity=seen.quantity, wishes=wishes)
            if said.wishes and said.bare and question.expects == "product":
                return Entities(wishes=said.wishes, quantity=seen.quantity)
            return None
        case "rating":
            rating = seen.rating or (seen.quantity if seen.quantity and seen.quantity <= 5 and said.bare else None)
            return Entities(rating=rating) if rating else None
        case "code":
            codes = seen.codes or (
                (said.text.strip().upper(),)
                if re.fullmatch(r"\w{3,20}", said.text.strip()) and not repair.exact(said.text)
                else ()
            )
            return Entities(codes=codes) if codes else None
        case "budget":
            return _budget(said, seen, currency)
        case "order":
            number = seen.order_number or (str(seen.quantity) if seen.quantity and seen.quantity > 99 else None)
            return Entities(order_number=number) if number else None
        case "point":
            if seen.point or seen.near:
                return Entities(**facts)
            return (
                Entities(**facts, near=_without_lead(said))
                if whole and not other and said.has("address", "city")
                else _facts(facts)
            )
        case "city":
            city = seen.city or (_loose_name(said) if not facts and not other else None)
            return Entities(**{**facts, "city": city}) if city else _facts(facts)
        case "phone" | "email" | "delivery" | "payment":
            return _facts(facts)
        case _:
            return _facts(facts) if len(facts) > 1 else None


def _told_otherwise(said: Said) -> bool:
    """Digits of something else: a sum, a code, a house."""
    return bool(said.wishes) or said.has("amount", "budget", "codes", "order_number", "address", "link", "time")


def _facts(facts: dict[str, object]) -> Entities | None:
    return Entities(**facts) if facts else None


def _budget(said: Said, seen: Entities, currency: str) -> Entities | None:
    limit = seen.budget or seen.amount
    if limit is None and seen.quantity is not None and len(said.left) <= 2:
        limit = Money.parse(seen.quantity, currency)
    return Entities(budget=limit, at_least=seen.at_least) if limit else None


def _street_like(said: Said) -> bool:
    outside = _outside(said.text, said.clause.mentions, said.clause.start)
    return (
        bool(re.search(r"\d", outside))
        and bool(re.search(r"[^\W\d_]{3,}", outside))
        and not said.wishes
        and not said.has("codes")
    )


def capitalised(said: Said) -> str | None:
    """Two or three words with capitals and nothing but a phone or an address beside them: a name, where one may be."""
    over = [mention for mention in said.clause.mentions if mention.kind in ("phone", "email", "address", "city")]
    row = rest(said.text, [_moved(mention, -said.clause.start) for mention in over], start=0, end=len(said.text))
    great = [token for token in row if token.raw[:1].isupper() and not token.raw.isupper()]
    small = [token for token in row[1:-1] if token.word in _PARTICLES and token not in great]
    if not 2 <= len(great) <= 3 or len(great) + len(small) < len(row) or repair.exact(said.text):
        return None
    if said.wishes and (said.confidence >= _STRONG or _is_goods(row[0], said)):  # "Ana Mug" is called so
        return None
    return " ".join(token.raw for token in row)


def _is_goods(token: Token, said: Said) -> bool:
    at = said.clause.start + token.start
    return any(mention.kind == "wishes" and mention.start <= at < mention.end for mention in said.clause.mentions)


def _moved(mention: Mention, by: int) -> Mention:
    return mention.model_copy(update={"start": mention.start + by, "end": mention.end + by})


def _loose_name(said: Said) -> str | None:
    """A name typed without capitals: one to three words of letters that are nothing else."""
    row = tokens(said.text)
    plain = [t for t in row if not t.digits]
    if not 1 <= len(row) <= 3 or len(plain) != len(row) or repair.exact(said.text) or said.wishes or said.attributes:
        return None
    if all(t.word in SMALL_WORDS for t in row):  # "sí, por favor"
        return None
    if said.confidence >= 0.35 and said.intent not in ("inform", "out_of_scope", "unknown"):
        return None
    return " ".join(t.raw[:1].upper() + t.raw[1:] for t in plain)


def _without_lead(said: Said) -> str:
    """The words without "ok", "well" and the like before them."""
    for token in tokens(said.text):
        if token.word not in INTERJECTIONS and token.word not in WEAK_YES:
            return said.text[token.start :].strip()
    return fold(said.text).strip()
