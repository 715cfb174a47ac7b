"""What so many of these goods cost: a sum is told, not a price to be multiplied."""

from __future__ import annotations

from bot.acts import Act, Entities
from bot.dialogs.common import wish_of
from bot.dialogs.discovery import show_product
from bot.state import OfferSpec, State
from bot.steps import Call, Effect, Effects, Offer, Tools, sentence, tell
from shop.commands import MOST_PIECES, GoodsPriced, LineWish, PriceGoods


def ask_price(state: State, act: Act) -> Effects:
    """The price of one is shown with the goods; of several pieces, or of several goods, the sum is told."""
    said = act.entities
    wishes = [wish.model_copy(update={"quantity": wish.quantity or 1}) for wish in said.wishes]
    if len(wishes) == 1 and said.quantity:
        wishes = [wishes[0].model_copy(update={"quantity": said.quantity})]
    pieces = sum(wish.quantity or 1 for wish in wishes)
    if pieces < 2 or not all(len(wish.candidates) == 1 for wish in wishes):
        return show_product(state, act)
    if said.city or said.delivery:  # "with delivery to Kaunas": that is told after it
        state.todo.insert(0, Act(intent="faq_delivery", entities=Entities(city=said.city, delivery=said.delivery)))
    lines = tuple(LineWish(sku=wish.candidates[0], quantity=min(MOST_PIECES, wish.quantity or 1)) for wish in wishes)
    return [Call(command=PriceGoods(lines=lines))]


def goods_priced(state: State, result: GoodsPriced, act: Act | None) -> Effects:
    """One line for each of them, their sum, and a button that puts them into the cart."""
    told: list[Effect] = [
        tell("bill.goods", quantity=pieces, name=variant.name, unit=variant.price, amount=variant.price * pieces)
        for variant, pieces in result.lines
    ]
    if len(result.lines) > 1:
        told.append(tell("bill.goods_total", goods=result.total))
    wishes = tuple(wish_of(variant, pieces) for variant, pieces in result.lines)
    add = OfferSpec(act=Act(intent="add_to_cart", entities=Entities(wishes=wishes)), title=sentence("button.add"))
    return [*told, Offer(offered=(add,))]


PRICES = Tools("prices", on={"ask_price": ask_price}, answers={GoodsPriced: goods_priced})
