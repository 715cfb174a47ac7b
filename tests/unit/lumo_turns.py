"""The talks in which the customer turns of C01-C31 are said, and what a row of their tables is."""

from __future__ import annotations

from dataclasses import dataclass

from bot.acts import Act, Entities, Wish
from bot.understanding import Context, Offered, OpenQuestion, Shown

Said = str | tuple[str, ...]


@dataclass(frozen=True)
class Turn:
    """Ways to say one thing, the talk it is said in, and the acts it must become (see `described`)."""

    case: str
    context: Context
    ways: tuple[Said, ...]
    acts: tuple[str, ...]


def asked(expects: str, *offered: Offered) -> OpenQuestion:
    return OpenQuestion.model_validate({"id": "q", "expects": expects, "offered": offered})


def buying(title: str, sku: str) -> Offered:
    return Offered(
        title=title, act=Act(intent="add_to_cart", entities=Entities(wishes=(Wish(candidates=(sku,), exact=True),)))
    )


NEW = Context()
LIST = Context(shown=(Shown(sku="MUG-white"), Shown(sku="CAN"), Shown(sku="PIL")))
ONE_MUG = Context(cart=(("MUG-white", 1),), last_line="MUG-white", sku="MUG-white", product="MUG")
NO_BLUE = Context(product="MUG", sku="MUG-blue", shown=(Shown(sku="MUG-white"), Shown(sku="MUG-black")))
TWO_MUGS = Context(cart=(("MUG-black", 2),), last_line="MUG-black")
THROW = Context(cart=(("THR", 1),), last_line="THR")
TWO_CANDLES = Context(cart=(("CAN", 2),), last_line="CAN", sku="CAN", product="CAN")
ADDRESS = TWO_CANDLES.model_copy(update={"question": asked("address")})
ONE_CANDLE = Context(cart=(("CAN", 1),), last_line="CAN", sku="CAN", product="CAN")
NAME = ONE_CANDLE.model_copy(update={"question": asked("person")})
FOCUS_THROW = Context(sku="THR", product="THR")
BLACK_TEES = Context(product="TEE", shown=tuple(Shown(sku=f"TEE-black-{size}") for size in ("M", "L", "XL")))
HEADPHONES = Context(product="HP", sku="HP-black")
TAZAS = NO_BLUE.model_copy(
    update={
        "locale": "es",
        "question": asked(
            "choice", buying("Taza blanca · 12,00 €", "MUG-white"), buying("Taza negra · 12,00 €", "MUG-black")
        ),
    }
)
ONE_BLACK_MUG = Context(cart=(("MUG-black", 1),), last_line="MUG-black", sku="MUG-black", product="MUG")
BACK = Context(cart=(("TEE-green-M", 2), ("BOX", 2)), last_line="BOX", question=asked("address"))
