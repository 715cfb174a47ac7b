"""What many kinds of people type, in every talk of C01-C31: understood, or listed as known to be misunderstood."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.acts import Act, Heard
from bot.nlu.embedded import EmbeddedUnderstanding
from bot.understanding import Context
from tests.models import MODELS
from tests.unit.lumo_lexicon import LUMO
from tests.unit.lumo_paraphrases import Talk
from tests.unit.lumo_paraphrases_more import MORE_TALKS
from tests.unit.lumo_paraphrases_order import ORDER_TALKS
from tests.unit.lumo_paraphrases_shop import SHOP_TALKS
from tests.unit.lumo_paraphrases_talk import TALK_TALKS

DATA = Path(__file__).parents[2] / "data"
TALKS = (*SHOP_TALKS, *ORDER_TALKS, *TALK_TALKS, *MORE_TALKS)
LINES = [(talk, *line) for talk in TALKS for line in talk.read()]
PARAMS = [
    pytest.param(talk.context, words, acts, id=f"{talk.case}: {words}", marks=[pytest.mark.xfail(strict=True)] * missed)
    for talk, words, acts, missed in LINES
]
NONSENSE = [(talk, words) for talk, words, _, _ in LINES if talk.case.startswith("nonsense")]
HARMFUL = frozenset(
    ["add_to_cart", "change_quantity", "change_variant", "remove_from_cart", "clear_cart", "checkout", "cancel_order"]
) | frozenset(
    [
        "affirm",
        "apply_promo",
        "remove_promo",
        "choose_delivery",
        "choose_payment",
        "change_details",
        "reorder",
        "restart",
    ]
)


@pytest.fixture(scope="module")
def lumo() -> EmbeddedUnderstanding:
    understanding = EmbeddedUnderstanding.load(DATA, MODELS)
    understanding.learn(LUMO)
    return understanding


def hear(understanding: EmbeddedUnderstanding, words: str, context: Context) -> Heard:
    return understanding.interpret([understanding.parse(words, prior=context.locale)], context)


@pytest.mark.parametrize(("context", "words", "acts"), PARAMS)
def test_what_people_type_is_understood(context: Context, words: str, acts: str, lumo: EmbeddedUnderstanding) -> None:
    heard = hear(lumo, words, context).acts
    wanted = acts.split(" + ")
    told = [_intent(act, want) for act, want in zip(heard, wanted, strict=False)]
    assert [act.intent for act in heard] == [*told, *wanted[len(heard) :]], heard
    assert not [lack for act, want in zip(heard, wanted, strict=True) for lack in _differences(act, want)], heard


@pytest.mark.parametrize(("talk", "words"), NONSENSE, ids=[words for _, words in NONSENSE])
def test_nonsense_has_no_side_effects(talk: Talk, words: str, lumo: EmbeddedUnderstanding) -> None:
    heard = hear(lumo, words, talk.context)
    assert not [act for act in heard.acts if act.intent in HARMFUL], heard.acts


def test_of_all_lines_at_least_nineteen_in_twenty_are_understood() -> None:
    assert len(LINES) >= 250
    assert sum(missed for *_, missed in LINES) <= len(LINES) / 20


def _intent(act: Act, want: str) -> str:
    names = want.split(" ")[0].split("|")
    return act.intent if act.intent in names else want


def _differences(act: Act, want: str) -> list[str]:
    """What the act lacks of what is wanted: goods in their order, and facts."""
    parts = want.split(" ")[1:]
    goods = [part for part in parts if "=" not in part]
    found = list(act.entities.wishes)
    told = [f"{len(found)} wishes, not {len(goods)}"] if goods and len(goods) != len(found) else []
    for good, wish in zip(goods, found, strict=False):
        name, _, quantity = good.removesuffix(":each").partition("*")
        said = wish.quantity if wish.quantity is not None else act.entities.quantity
        if wish.product != name and wish.candidates != (name,):
            told.append(f"{wish} is not {name}")
        if quantity and (said or 1) != int(quantity):
            told.append(f"{said} pieces, not {quantity}")
        if good.endswith(":each") != wish.each:
            told.append(f"{good}: each?")
    for key, _, value in (part.partition("=") for part in parts if "=" in part):
        have = getattr(act.entities, key)
        if key == "quantity" and have is None and found:
            have = found[0].quantity
        plain = ",".join(have) if isinstance(have, tuple) else str(have)
        if key in ("budget", "amount"):
            plain = plain.split(" ")[0]
        if plain not in (value, value.replace("_", " ")):
            told.append(f"{key} is {plain}, not {value}")
    return told
