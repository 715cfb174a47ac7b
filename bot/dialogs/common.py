"""What several dialogs say alike: a bill, a product card, a choice of variants."""

from __future__ import annotations

from collections.abc import Sequence

from bot.acts import Act, Entities, Wish
from bot.state import Arg, CardSpec, Day, Lines, OfferSpec, Sentence, State
from bot.steps import button, named, sentence
from shop.views import Breakdown, CartView, DeliveryOption, PriceLine, ProductView, VariantView

LOW = 3  # pieces from which on a low stock is said


def bill(breakdown: Breakdown, *, total: bool = True) -> Lines:
    """The breakdown, line by line with its reasons; the lines add up to the total."""
    lines = [price_line(line) for line in breakdown.lines]
    goods = sum(line.kind in ("goods", "manual") for line in breakdown.lines)
    if goods > 1 and len(lines) > goods:  # several goods and something besides: their sum is a figure people look for
        lines.insert(goods, sentence("bill.goods_total", goods=breakdown.goods))
    if total:
        lines.append(sentence("bill.total", total=breakdown.total))
    return Lines(lines=tuple(lines))


def bill_follows(state: State) -> bool:
    """Whether the order is about to be agreed to: its question tells the whole bill anew."""
    return state.question is not None and state.question.step == "agreed"


def price_line(line: PriceLine) -> Sentence:
    match line.kind:
        case "goods":
            unit = line.unit or line.amount
            return sentence("bill.goods", quantity=line.quantity, name=line.name, unit=unit, amount=line.amount)
        case "manual":
            return sentence(
                "bill.manual", quantity=line.quantity, name=line.name, amount=line.amount, reason=line.reason
            )
        case "discount":
            args: dict[str, Arg] = {"code": line.code or "", "amount": line.amount, "percent": line.percent or 0}
            args["reason"] = line.reason or "none"
            return Sentence(key="bill.discount", args=args)
        case "delivery":
            return sentence("bill.delivery", name=capital(line.name), amount=line.amount)
        case "free_delivery":
            return sentence("bill.free_delivery", code=line.code or "", amount=line.amount)


def cart_words(cart: CartView) -> Sentence:
    """The cart as it stands, in as few words as it needs."""
    if cart.empty:
        return sentence("cart.empty", total=cart.breakdown.total)
    breakdown = cart.breakdown
    plain = len(breakdown.lines) == 1
    if plain:
        return sentence("cart.one_line", line=Lines(lines=(price_line(breakdown.lines[0]),)), total=breakdown.total)
    return sentence("cart.bill", bill=bill(breakdown))


def wish_of(variant: VariantView, quantity: int | None = None) -> Wish:
    return Wish(product=variant.product, candidates=(variant.sku,), quantity=quantity, exact=True, words=variant.short)


def add_button(variant: VariantView, *, named_: bool = False) -> OfferSpec:
    """A button that puts a variant into the cart."""
    act = Act(intent="add_to_cart", entities=Entities(wishes=(wish_of(variant),)))
    if named_:
        return OfferSpec(act=act, name=variant.short)
    return OfferSpec(act=act, title=sentence("button.add"))


def alert_button(variant: VariantView) -> OfferSpec:
    """A yes to being told when it is back."""
    act = Act(intent="notify_me", entities=Entities(wishes=(wish_of(variant),)))
    return OfferSpec(act=act, title=sentence("button.alert"), answer="yes")


def variant_card(variant: VariantView) -> CardSpec:
    return CardSpec(
        title=variant.name,
        subtitle=stock_words(variant),
        price=variant.price,
        image=variant.image,
        offered=(add_button(variant),) if variant.free > 0 else (alert_button(variant),),
    )


def product_card(product: ProductView) -> CardSpec:
    """A product with what it comes in; its button adds it, or asks which one."""
    free = product.in_stock
    shown = free or product.variants
    prices = sorted({variant.price for variant in shown})
    price = prices[0] if len(prices) == 1 else sentence("discovery.from_price", price=prices[0])
    if len(product.variants) == 1:
        card = variant_card(product.variants[0])
        return card.model_copy(update={"title": product.name, "subtitle": product.description or card.subtitle})
    wish = Wish(product=product.id, candidates=tuple(v.sku for v in shown), words=product.name)
    choose = OfferSpec(
        act=Act(intent="product_details", entities=Entities(wishes=(wish,))), title=sentence("button.choose")
    )
    shorts = ", ".join(variant.short for variant in shown[:4])
    subtitle = shorts if free else stock_words(product.variants[0])
    return CardSpec(title=product.name, subtitle=subtitle, price=price, image=product.image, offered=(choose,))


def stock_words(variant: VariantView) -> Sentence:
    if variant.free > LOW:
        return sentence("stock.there")
    if variant.free > 0:
        return sentence("stock.low", count=variant.free)
    if variant.restock:
        return sentence("stock.back_on", day=Day(day=variant.restock))
    return sentence("stock.none")


def variant_line(variant: VariantView) -> Sentence:
    return sentence("variant.line", name=variant.name, price=variant.price)


def variant_lines(variants: Sequence[VariantView]) -> Lines:
    return Lines(lines=tuple(variant_line(variant) for variant in variants))


def delivery_line(option: DeliveryOption, *, total: bool) -> Sentence:
    """One way to deliver, with its price, its days, and what this cart would cost with it."""
    when = "days"
    if option.same_day_until:
        when = "same_day"
    return sentence(
        "delivery.line_total" if total else "delivery.line",
        name=capital(option.name),
        price=option.effective,
        min=option.days_min,
        max=option.days_max,
        when=when,
        until=option.same_day_until or "",
        total=option.total,
    )


def capital(name: str) -> str:
    """A name at the beginning of a line."""
    return name[:1].upper() + name[1:]


def delivery_lines(options: Sequence[DeliveryOption], *, total: bool) -> Lines:
    return Lines(lines=tuple(delivery_line(option, total=total) for option in options))


def delivery_button(option: DeliveryOption) -> OfferSpec:
    return named(capital(option.name), "inform", delivery=option.code).model_copy(update={"price": option.effective})


def list_lines(lines: Sequence[Sentence]) -> Lines:
    """Numbered lines, as they can be answered by number."""
    numbered = (sentence("list.line", n=n, line=Lines(lines=(line,))) for n, line in enumerate(lines, start=1))
    return Lines(lines=tuple(numbered))


CHECKOUT = button("checkout", "checkout")
SHOW_CART = button("cart", "show_cart")
BROWSE = button("browse", "browse")
HUMAN = button("human", "human")
UNDO = button("undo", "undo")
EDIT = button("edit_cart", "edit_cart")
NO_THANKS = button("no_thanks", "no_thanks", answer="no")
