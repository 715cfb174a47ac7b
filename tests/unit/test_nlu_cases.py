"""Every customer turn of the acceptance conversations C01-C31, with paraphrases in four languages: which acts it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.acts import Act, Heard, Wish
from bot.nlu.embedded import EmbeddedUnderstanding
from bot.understanding import Context, Parsed
from tests.models import MODELS
from tests.unit.lumo_lexicon import LUMO
from tests.unit.lumo_turns import Said, Turn
from tests.unit.lumo_turns_cart import CART_TURNS
from tests.unit.lumo_turns_order import ORDER_TURNS

DATA = Path(__file__).parents[2] / "data"
TURNS = (*CART_TURNS, *ORDER_TURNS)
PARAMS = [pytest.param(turn, way, id=f"{turn.case}-{i}") for turn in TURNS for i, way in enumerate(turn.ways)]


@pytest.fixture(scope="session")
def lumo() -> EmbeddedUnderstanding:
    understanding = EmbeddedUnderstanding.load(DATA, MODELS)
    understanding.learn(LUMO)
    return understanding


def hear(understanding: EmbeddedUnderstanding, said: Said, context: Context) -> Heard:
    messages = (said,) if isinstance(said, str) else said
    parsed = [understanding.parse(message, prior=context.locale) for message in messages]
    travelled: Sequence[Parsed] = [Parsed.model_validate_json(one.model_dump_json()) for one in parsed]
    return understanding.interpret(travelled, context)


def described(act: Act, like: str) -> str:
    """The act in the words of `like`: `intent[?] SKU,SKU*2[:each] … key=value`, only what `like` names."""
    wanted = like.split(" ", 1)
    intents = wanted[0].rstrip("?").split("|")
    name = wanted[0].rstrip("?") if act.intent in intents else act.intent
    parts = [name + ("?" if act.question else "")]
    rest = like.partition(" ")[2]
    if rest and not rest.split(" ")[0].count("="):
        parts += [_wish(wish) for wish in act.entities.wishes]
    for key in [word.partition("=")[0] for word in rest.split(" ") if "=" in word]:
        value = getattr(act.entities, key)
        parts.append(f"{key}={','.join(value) if isinstance(value, tuple) else value}")
    return " ".join(parts)


def _wish(wish: Wish) -> str:
    if wish.each:
        return f"{','.join(wish.candidates)}:each"
    return ",".join(wish.candidates) + ("" if wish.quantity is None else f"*{wish.quantity}")


@pytest.mark.parametrize(("turn", "way"), PARAMS)
def test_customer_turn_is_understood(turn: Turn, way: Said, lumo: EmbeddedUnderstanding) -> None:
    heard = hear(lumo, way, turn.context)
    likes = [like if i < len(turn.acts) else "" for i, like in enumerate(turn.acts)]
    got = [described(act, likes[i] if i < len(likes) else "") for i, act in enumerate(heard.acts)]
    assert tuple(_loose(g, w) for g, w in zip(got, likes, strict=False)) == tuple(likes), heard.acts
    assert len(heard.acts) == len(turn.acts), [act.intent for act in heard.acts]


def _loose(got: str, like: str) -> str:
    """Quantities that the expectation leaves open, and the question mark of an act that does
    something, do not matter.
    """
    open_wishes = [part for part in like.split(" ") if "*" not in part]
    plain = " ".join(part.split("*")[0] if part.split("*")[0] in open_wishes else part for part in got.split(" "))
    return plain if "?" in like else plain.replace("?", "", 1)
