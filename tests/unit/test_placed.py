"""What is said of an order that is paid, in four languages, and what is said of the cart all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.acts import Act
from bot.nlu.embedded import EmbeddedUnderstanding
from bot.understanding import Context, Offered, OpenQuestion
from tests.models import MODELS
from tests.unit.lumo_lexicon import LUMO

PAID = Context(placed=(("MUG-white", 2), ("THR", 1)))
CART_TOO = PAID.model_copy(update={"cart": (("CAN", 1),)})
NOTHING_PAID = Context()
ASKED = PAID.model_copy(
    update={
        "question": OpenQuestion(
            id="q", expects="yes_no", offered=(Offered(title="Yes", act=Act(intent="agree_to_edit"), answer="yes"),)
        )
    }
)

OF_THE_ORDER = """
add_to_cart | add a candle to my order
add_to_cart | put two more candles into my order please
add_to_cart | can you add a candle to my order?
change_quantity | make it one mug instead of two
change_quantity | change my order: 1 mug instead of 2
remove_from_cart | remove the throw
remove_from_cart | take the throw out of my order
remove_from_cart | remove one mug from my order
change_variant | change colour to black
change_variant | can I swap the white mug for a black one in my order?
edit_order | can I change my order
add_to_cart | добавьте свечу в мой заказ
change_quantity | сделайте одну кружку вместо двух
remove_from_cart | уберите плед из заказа
change_variant | поменяйте цвет кружки на чёрный
add_to_cart | додайте свічку до мого замовлення
change_quantity | зробіть одну чашку замість двох
remove_from_cart | приберіть плед із замовлення
change_variant | змініть колір на чорний
add_to_cart | añade una vela a mi pedido
change_quantity | que sea una taza en vez de dos
remove_from_cart | quita la manta de mi pedido
change_variant | cambia el color a negro
"""
ROWS = [tuple(part.strip() for part in line.split("|")) for line in OF_THE_ORDER.strip().splitlines()]


@pytest.fixture(scope="module")
def lumo() -> EmbeddedUnderstanding:
    understanding = EmbeddedUnderstanding.load(Path(__file__).parents[2] / "data", MODELS)
    understanding.learn(LUMO)
    return understanding


def act_of(lumo: EmbeddedUnderstanding, text: str, context: Context) -> Act:
    (act,) = lumo.interpret([lumo.parse(text)], context).acts
    return act


@pytest.mark.parametrize(("intent", "text"), ROWS)
def test_a_change_of_the_paid_order_is_understood(lumo: EmbeddedUnderstanding, intent: str, text: str) -> None:
    act = act_of(lumo, text, PAID)
    assert (act.intent, act.entities.placed, act.clear) == (intent, True, True)


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("add a candle", PAID),
        ("I want to order two mugs", PAID),
        ("remove the candle", CART_TOO),
        ("make it two", CART_TOO),
        ("add a candle to my order", CART_TOO),  # a cart that is being filled is called an order, too
        ("add a candle to my order", NOTHING_PAID),
        ("remove the throw", NOTHING_PAID),
        ("where is my order?", PAID),
        ("do you have it in black?", PAID),
    ],
)
def test_all_else_means_what_it_meant_before(lumo: EmbeddedUnderstanding, text: str, context: Context) -> None:
    assert not any(act.entities.placed for act in lumo.interpret([lumo.parse(text)], context).acts)


def test_while_a_change_is_asked_about_the_next_wish_belongs_to_it(lumo: EmbeddedUnderstanding) -> None:
    act = act_of(lumo, "and add a candle", ASKED)
    assert (act.intent, act.entities.placed) == ("add_to_cart", True)
