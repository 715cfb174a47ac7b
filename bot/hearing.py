"""From what came in to acts: texts through understanding, taps through their meaning, the rest named honestly. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from base.cards import MARK
from bot.acts import NOT_UNDERSTOOD, Act, Entities, Heard, Mood, Wish, meant_by_it
from bot.messages import (
    About,
    Answered,
    Blocked,
    Comment,
    Contact,
    Content,
    Delete,
    Edit,
    Handed,
    Lent,
    Location,
    Noticed,
    Other,
    Photo,
    Reacted,
    Search,
    Shared,
    Start,
    Tap,
    Text,
)
from bot.state import State
from bot.understanding import Context, OpenQuestion, Parsed, Shown, Understanding
from bot.welcome import act_of

SHORTEST_TITLE = 4  # letters: shorter ones ("Pay", "2") are left to understanding, which sees the context
PAGING = frozenset({"show_more"})
ABOUT_THIS = frozenset(  # intents that mean the goods on a post when they name none
    {"ask_price", "ask_stock", "ask_fact", "product_details", "show_photo", "size_help", "notify_me", "add_to_cart"}
)
CORRECTED = {"add_to_cart": "change_quantity"}  # an edited message corrects what it did, it does not do it again


Goods = tuple[tuple[str, str | None], ...]  # products, each with its variant where one is meant
NOBODY_KNOWS: Goods = ()


@dataclass(frozen=True, slots=True)
class Pending:
    content: Content
    parsed: Parsed | None
    shown: Goods = NOBODY_KNOWS  # by the message of ours that it answers


def hear(
    state: State,
    pending: Sequence[Pending],
    understanding: Understanding,
    cart: tuple[tuple[str, int], ...],
    shown_by: Callable[[About], Goods] = lambda about: NOBODY_KNOWS,
    placed: tuple[tuple[str, int], ...] = (),
    today: date | None = None,
) -> Heard | None:
    """All that waits as one turn, in order. None when there is nothing to react to.

    `shown_by`: the goods that a post or a story shows. `placed`: what lies in the newest order that is paid.
    `today`: in the shop; days that are named are counted from it.
    """
    acts: list[Act] = []
    texts: list[Parsed] = []
    words: list[str] = []
    locale: str | None = None
    mood: Mood = "calm"
    taps: set[str] = set()
    repeated = False
    silent = True
    context = context_of(state, cart, placed, today)

    def flush() -> None:
        if texts:
            understand(texts)
            texts.clear()

    def understand(parsed: Sequence[Parsed], *, unknown: bool = False) -> None:
        nonlocal locale, mood, repeated
        heard = understanding.interpret(parsed, context)
        repeated = repeated or heard.repeated
        acts.extend(_unless_lost(act) if unknown else act for act in heard.acts)
        locale = heard.locale or locale
        mood = heard.mood if heard.mood != "calm" else mood

    for item in pending:
        content = item.content
        if isinstance(content, Answered | Handed | Reacted | Noticed | Blocked | Delete | Comment | Lent | Search):
            continue
        silent = False
        if MARK in _typed(content):  # nothing else of such a message is acted upon: its numbers are gone
            flush()
            acts.append(Act(intent="card_number"))
            continue
        if isinstance(content, Text) and (pressed := _typed_title(state, content.text)):
            flush()
            acts.append(pressed)
            words.append(content.text)
            continue
        goods = _spoken_of(content, item.shown, shown_by) if isinstance(content, Text) else None
        if isinstance(content, Text) and goods is not None and item.parsed is not None:
            flush()
            pointed = _pointed_at(goods)
            acts.append(pointed)
            words.append(content.text)
            context = _with_focus(context, pointed)
            understand([item.parsed], unknown=not pointed.entities.wishes)
            continue
        if isinstance(content, Text) and item.parsed is not None:
            texts.append(item.parsed)
            words.append(content.text)
            continue
        flush()
        match content:
            case Tap(payload=payload, title=title):
                if payload in taps:
                    continue
                taps.add(payload)
                acts.append(_tapped(state, payload, title))
            case Edit(text=text) if item.parsed is not None:
                words.append(text)
                edited = understanding.interpret([item.parsed], context)
                acts += [
                    act.model_copy(update={"intent": CORRECTED.get(act.intent, act.intent)}) for act in edited.acts
                ]
            case Photo(reference=reference, caption=caption) if caption.strip():
                acts.append(Act(intent="photo", text=reference))
                texts.append(understanding.parse(caption, prior=state.locale))
                words.append(caption)
            case Photo(reference=reference):
                acts.append(Act(intent="photo", text=reference))
            case Location(lat=lat, lon=lon):
                acts.append(Act(intent="location", text=f"{lat:.5f},{lon:.5f}", entities=Entities(at=(lat, lon))))
            case Contact(phone=phone, name=name, own=own):
                said = Entities(phone=phone, person=name or None)
                acts.append(Act(intent="inform" if own else "foreign_contact", entities=said))
            case Shared(about=about, what="mention"):
                acts.append(Act(intent="mention"))
                acts += [_passed_on(goods, "post")] if (goods := shown_by(about)) else []
            case Shared(about=about, what=what):
                acts.append(_passed_on(shown_by(about), what))
            case Other(what=what):
                acts.append(Act(intent="unreadable", text=what))
            case Start(about=about):
                goods = shown_by(about) if about else NOBODY_KNOWS
                acts.append(Act(intent="greet"))
                if goods:
                    acts.append(_passed_on(goods, "post"))
            case _:
                acts.append(Act(intent="unknown", clear=False))
    flush()
    if silent:
        return None
    return Heard(acts=tuple(acts), text="\n".join(words), locale=locale, mood=mood, repeated=repeated)


def without_sense(parsed: Parsed, heard: Heard) -> Parsed:
    """The message with its clauses marked that the talk could make nothing of."""
    lost = {act.text for act in heard.acts if act.intent in NOT_UNDERSTOOD}
    marked = tuple(
        clause.model_copy(update={"missed": clause.text in lost or parsed.text in lost}) for clause in parsed.clauses
    )
    return parsed.model_copy(update={"clauses": marked})


def page_of(pending: Sequence[Pending], heard: Heard) -> str | None:
    """The message whose button turned a page: where a channel can, it is changed instead of sending another."""
    taps = [item.content for item in pending if isinstance(item.content, Tap)]
    if len(taps) == len(pending) == 1 and all(act.intent in PAGING for act in heard.acts):
        return taps[0].message
    return None


def _spoken_of(content: Text, answered: Goods, shown_by: Callable[[About], Goods]) -> Goods | None:
    """The goods that the words are about, none where nobody knows them; None: the words point at nothing.

    `answered`: on the message of ours that they answer. An address that tells of no goods points at nothing.
    """
    known = shown_by(content.about) if content.about else NOBODY_KNOWS
    if content.about and not content.about.link:
        return known
    return known or answered or None


def _pointed_at(goods: Goods, *, intent: str = "point_at") -> Act:
    """What a post shows is what "it" means from now on; a post that nobody knows leaves nothing to mean."""
    wishes = tuple(Wish(product=product, candidates=(sku,) if sku else (), exact=bool(sku)) for product, sku in goods)
    return Act(intent=intent, entities=Entities(wishes=wishes))


def _unless_lost(act: Act) -> Act:
    """A question about "this" under a post that nobody knows is no question that a search could answer."""
    said = act.entities
    lost = act.intent in ABOUT_THIS and not (said.wishes or said.ordinal)
    return act.model_copy(update={"intent": "unknown_post"}) if lost else act


def _passed_on(goods: Goods, what: str) -> Act:
    """A post without a word: the goods on it are shown, or its sender is asked."""
    if not goods:
        return Act(intent="unknown_post" if what == "post" else "unreadable", text=what)
    return _pointed_at(goods, intent="product_details" if len(goods) == 1 else "show_goods")


def _with_focus(context: Context, pointed: Act) -> Context:
    wishes = pointed.entities.wishes
    only = meant_by_it(wishes)
    shown = tuple(Shown(product=wish.product, sku=next(iter(wish.candidates), None)) for wish in wishes)
    return context.model_copy(
        update={"product": only.product, "sku": next(iter(only.candidates), None), "shown": shown}
    )


def _typed(content: Content) -> str:
    """The words of a message that has words."""
    match content:
        case Text(text=text) | Edit(text=text) | Photo(caption=text):
            return text
    return ""


def _typed_title(state: State, text: str) -> Act | None:
    """The act of a button whose whole title was typed; the newest one of that title, if its question is still open."""
    typed = text.strip().casefold()
    still_open = (None, state.question.id if state.question else None)
    newest = next((target for target in reversed(state.taps.values()) if target.title.casefold() == typed), None)
    if newest is None:
        return None
    if newest.question is not None and newest.question == state.answered:
        return Act(intent="stale_tap", text=text)  # the same button twice, on a channel that has none
    return newest.act if newest.question in still_open and len(typed) >= SHORTEST_TITLE else None


def _tapped(state: State, payload: str, title: str) -> Act:
    """What a button means. One of a question that is over, or one we never made, does nothing twice."""
    target = state.taps.get(payload)
    if target is None:
        return act_of(payload) or Act(intent="stale_tap", text=title)
    if target.question is not None and (state.question is None or state.question.id != target.question):
        return Act(intent="stale_tap", text=title)
    return target.act


def _orders(state: State) -> tuple[str, ...]:
    """Numbers of the orders that this talk still waits for."""
    placed = ((frame.slots.get("order") or {}).get("order") for frame in state.background if frame.dialog == "checkout")
    return tuple(order["number"] for order in placed if order)


def _house(state: State) -> int | None:
    """The number of the house that a parcel of the open checkout goes to."""
    address = next((frame.slots["address"] for frame in reversed(state.stack) if frame.slots.get("address")), "")
    found = re.search(r"\b\d{1,4}\b", str(address))
    return int(found.group()) if found else None


def context_of(
    state: State, cart: tuple[tuple[str, int], ...], placed: tuple[tuple[str, int], ...] = (),
    today: date | None = None,
) -> Context:  # fmt: skip
    """What understanding may know of the talk."""
    focus, question = state.focus, state.question
    asked = None
    if question is not None:
        asked = OpenQuestion(id=question.id, expects=question.expects, offered=state.numbered)
    elif state.numbered:
        asked = OpenQuestion(id="", expects="choice", offered=state.numbered)
    return Context(
        locale=state.locale, question=asked, shown=focus.shown, product=focus.product, sku=focus.sku, cart=cart,
        placed=placed, last_line=focus.last_line, offered=focus.offered, added=focus.added, orders=_orders(state),
        destination=focus.city, before=state.before, house=_house(state), today=today,
    )  # fmt: skip
