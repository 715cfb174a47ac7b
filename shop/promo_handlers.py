"""Answers about coupons: each refusal has its reason, personal codes stay hidden, nothing is switched unasked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz.distance import DamerauLevenshtein

from shop.cart import save_cart
from shop.cart_handlers import Opened, open_cart, remember_told, void_unpaid
from shop.commands import (
    ApplyCode,
    CodeApplied,
    CodeRefused,
    CodeRemoved,
    ExplainTotal,
    ListPromotions,
    PromotionsListed,
    PromotionView,
    RemoveCode,
    TotalExplained,
)
from shop.handlers import ShopContext, handles
from shop.order_views import last_order
from shop.pricing import would_give
from shop.promotions import Promotion
from shop.valuation import Valued, tell_cart, value
from shop.views import RefusedCode

FISHING = ("unknown", "expired", "not_yet", "personal")  # refusals that count as a wrong code
PATIENCE = 5  # from this wrong code in a row on: slow down
SHORT = 6  # letters: a shorter code forgives one slip, a longer one two
SOFT = ("goods_below", "quantity_below", "no_matching_goods")  # the cart could still grow into it


@handles(ApplyCode)
async def apply_code(ctx: ShopContext, command: ApplyCode) -> CodeApplied | CodeRefused:
    code = command.code.strip().upper()
    opened = await open_cart(ctx, codes=(code,))
    then, promotion = opened.then, opened.then.rules.with_code(code)
    if promotion is None:
        guess = near_miss(code, opened.rules.promotions)
        return await _refused(ctx, opened, RefusedCode(code=code, reason="unknown", suggestion=guess))
    if code in then.priced.codes:
        return await _refused(ctx, opened, RefusedCode(code=code, reason="already_applied"))
    refused = promotion.refuse(then.situation)
    if refused is not None:
        return await _refused(ctx, opened, refused)
    against = [other for other in then.priced.counting if not promotion.stands_beside(other)]
    if against and not command.switch:
        no = RefusedCode(code=code, reason="not_combinable", against=against[0].name)
        return await _refused(ctx, opened, no, instead=promotion)
    opened, _ = await void_unpaid(ctx, opened, codes=(code,))
    dropped = tuple(other.code for other in against if other.code)
    codes = (*(had for had in opened.valued.cart.codes if had not in (*dropped, code)), code)
    valued = await _save(ctx, opened, codes)
    return CodeApplied(cart=tell_cart(ctx, valued), code=code, dropped=dropped)


@handles(RemoveCode)
async def remove_code(ctx: ShopContext, command: RemoveCode) -> CodeRemoved:
    opened = await open_cart(ctx)
    wanted = command.code.strip().upper() if command.code else None
    if not [code for code in opened.then.cart.codes if wanted in (None, code)]:
        return CodeRemoved(cart=tell_cart(ctx, opened.valued), codes=())
    opened, _ = await void_unpaid(ctx, opened)
    going = tuple(code for code in opened.valued.cart.codes if wanted in (None, code))
    valued = await _save(ctx, opened, [code for code in opened.valued.cart.codes if code not in going])
    return CodeRemoved(cart=tell_cart(ctx, valued), codes=going)


@handles(ListPromotions)
async def list_promotions(ctx: ShopContext, command: ListPromotions) -> PromotionsListed:
    opened = await open_cart(ctx)
    valued, told = opened.valued, []
    for promotion in opened.rules.promotions:
        refused = promotion.refuse(valued.situation)
        if not promotion.public or promotion.code is None or (refused is not None and refused.reason not in SOFT):
            continue
        counts = promotion in valued.priced.counting
        gives = would_give(valued.situation, valued.priced, promotion, valued.delivery)
        told.append(
            PromotionView(
                code=promotion.code,
                text=_text(promotion, ctx.locale),
                total=valued.total if counts else gives.total if gives else None,
                counts=counts,
            )
        )
    told.sort(key=lambda one: (not one.counts, one.total is None, one.total.amount_minor if one.total else 0, one.code))
    return PromotionsListed(promotions=tuple(told), cart=tell_cart(ctx, valued))


@handles(ExplainTotal)
async def explain_total(ctx: ShopContext, command: ExplainTotal) -> TotalExplained:
    opened = await open_cart(ctx)
    await remember_told(ctx, opened.valued)
    order = None if opened.valued.situation.goods else await last_order(ctx)
    return TotalExplained(cart=tell_cart(ctx, opened.valued), order=order)


def near_miss(code: str, promotions: Sequence[Promotion]) -> str | None:
    """The public code that was probably meant, within a slip or two; never a personal one."""
    public = sorted(promotion.code for promotion in promotions if promotion.public and promotion.code)
    near = [(DamerauLevenshtein.distance(code, other), other) for other in public]
    slips, best = min(near, default=(len(code), ""))
    return best if slips <= (1 if len(best) < SHORT else 2) else None


async def _refused(
    ctx: ShopContext, opened: Opened, refused: RefusedCode, *, instead: Promotion | None = None
) -> CodeRefused:
    valued = opened.valued
    tries = valued.cart.wrong_codes
    if refused.reason in FISHING:
        tries += 1
        if tries >= PATIENCE:
            refused = RefusedCode(code=refused.code, reason="slow_down")
        cart = await save_cart(ctx.tx, replace(valued.cart, wrong_codes=tries), ctx.now, moved=False)
        valued = replace(valued, cart=cart)
    then = opened.then
    gives = would_give(then.situation, then.priced, instead, then.delivery) if instead else None
    return CodeRefused(cart=tell_cart(ctx, valued), refused=refused, tries=tries, gives=gives)


async def _save(ctx: ShopContext, opened: Opened, codes: Sequence[str]) -> Valued:
    cart = replace(opened.valued.cart, codes=tuple(codes), wrong_codes=0)
    valued = value(ctx, cart, opened.buyer, opened.rules)
    told = replace(cart, told_total_minor=valued.total.amount_minor)
    return replace(valued, cart=await save_cart(ctx.tx, told, ctx.now))


def _text(promotion: Promotion, locale: str) -> str:
    return promotion.texts.get(locale) or next(iter(promotion.texts.values()), promotion.name)
