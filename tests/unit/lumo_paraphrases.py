"""What customers type, as `words => acts` in the talk it is typed in; read by test_nlu_paraphrases.

Acts are joined by ` + `; an act is `intent|intent`, then wishes (`SKU*2`, or a product id for any of its variants) and
`key=value` (an underscore stands for a space). A line that ends with ` !!` is known to be misunderstood.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.acts import Act, Entities, Wish
from bot.understanding import Context, Offered
from tests.unit.lumo_turns import asked


@dataclass(frozen=True)
class Talk:
    """Lines that are typed in one situation."""

    case: str
    context: Context
    lines: str

    def read(self) -> Iterator[tuple[str, str, bool]]:
        """(words, acts, known to be misunderstood)."""
        for line in self.lines.strip().splitlines():
            missed = line.endswith(" !!")
            words, _, acts = line.removesuffix(" !!").partition(" => ")
            yield words.strip().replace("\\n", "\n"), acts.strip(), missed


def offered(title: str, intent: str, *wishes: Wish, answer: str | None = None) -> Offered:
    act = Act(intent=intent, entities=Entities(wishes=wishes))
    return Offered.model_validate({"title": title, "act": act, "answer": answer})


def pieces(sku: str, quantity: int) -> Wish:
    return Wish(product=sku.partition("-")[0], candidates=(sku,), quantity=quantity, exact=True)


CART = Context(cart=(("MUG-white", 1),), last_line="MUG-white", sku="MUG-white", product="MUG")
TWO_LINES = Context(cart=(("CAN", 2), ("MUG-white", 1)), last_line="MUG-white", sku="MUG-white", product="MUG")
SHORT = Context(
    product="MUG",
    sku="MUG-black",
    question=asked(
        "choice",
        offered("2 black + 1 white", "add_to_cart", pieces("MUG-black", 2), pieces("MUG-white", 1)),
        offered("2 black", "add_to_cart", pieces("MUG-black", 2), answer="yes"),
        offered("Tell me when back", "notify_me", pieces("MUG-black", 1)),
        offered("No, thanks", "no_thanks", answer="no"),
    ),
)
BUY = CART.model_copy(
    update={
        "question": asked(
            "yes_no",
            offered("Pay", "affirm", answer="yes"),
            offered("PayPal", "choose_payment"),
            offered("Change something", "edit_order"),
        )
    }
)
ALERT = Context(
    product="MUG",
    sku="MUG-blue",
    question=asked(
        "yes_no",
        offered("Tell me when back", "notify_me", pieces("MUG-blue", 1), answer="yes"),
        offered("No, thanks", "no_thanks", answer="no"),
    ),
)
POINTS = CART.model_copy(
    update={
        "question": asked(
            "point",
            *(
                Offered(title=title, act=Act(intent="inform", entities=Entities(point=code)))
                for code, title in (
                    ("VNO-OZAS-1", "Ozo 25, Vilnius"),
                    ("VNO-OZAS-2", "Ozo 14, Vilnius"),
                    ("VNO-CENTRE", "Gedimino 9, Vilnius"),
                )
            ),
        )
    }
)


def asking(expects: str) -> Context:
    """In the checkout of one mug, this was asked."""
    return CART.model_copy(update={"question": asked(expects)})
