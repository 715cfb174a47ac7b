"""Questions that only a person can answer: kept as tasks; a promised price counts only if a manager noted it."""

from __future__ import annotations

from base.money import Money
from shop.catalogue import variant_names
from shop.commands import PassQuestion, PromiseFound, QuestionPassed
from shop.handlers import ShopContext, handles
from shop.history import raise_task


@handles(PassQuestion)
async def pass_question(ctx: ShopContext, command: PassQuestion) -> QuestionPassed:
    if command.kind == "promise" and (found := await _noted(ctx, command.product)):
        return QuestionPassed(kind=command.kind, promise=found)
    if command.kind == "return" and not await _has_ordered(ctx):
        return QuestionPassed(kind=command.kind, orders=False)
    await raise_task(
        ctx.tx, command.kind, command.words or command.kind, key=f"{command.kind}:{ctx.actor}:{ctx.now:%Y%m%d%H%M}",
        now=ctx.now, customer=ctx.customer, actor=ctx.actor,
    )  # fmt: skip
    return QuestionPassed(kind=command.kind)


async def _has_ordered(ctx: ShopContext) -> bool:
    return await ctx.tx.row("SELECT 1 FROM shop_order WHERE customer = %s LIMIT 1", ctx.customer) is not None


async def _noted(ctx: ShopContext, product: str | None) -> PromiseFound | None:
    """A manager's price for this customer that still counts: for the product spoken of, else the newest."""
    row = await ctx.tx.row(
        """SELECT m.sku, m.amount_minor, m.currency, m.reason, m.until FROM manual_price m
           JOIN variant v ON v.sku = m.sku
           WHERE m.customer = %s AND m.revoked_at IS NULL AND (m.until IS NULL OR m.until > %s)
             AND (%s::text IS NULL OR v.product = %s)
           ORDER BY m.created_at DESC LIMIT 1""",
        ctx.customer, ctx.now, product, product,
    )  # fmt: skip
    variant = ctx.catalogue.by_sku.get(row["sku"]) if row else None
    if row is None or variant is None:
        return None
    name, _ = variant_names(ctx.shop, ctx.catalogue.by_id[variant.product], variant, ctx.locale)
    return PromiseFound(
        name=name, price=Money(row["amount_minor"], row["currency"]), reason=row["reason"], until=row["until"]
    )
