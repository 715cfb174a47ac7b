"""What a manager should know before the first word: goal, cart, orders, the last turns, mood and language."""

from __future__ import annotations

from typing import Any

from base.db import Row, Tx
from bot.messages import Fitted
from bot.state import State
from shop.commands import CartShown, ShowCart
from shop.handlers import ShopContext, handle

STRENGTH = ("calm", "unsure", "annoyed", "angry")
LAST_TURNS = 6  # three of each side


async def summarise(tx: Tx, conversation: Row, state: State, ctx: ShopContext, reason: str) -> dict[str, Any]:
    """The summary kept with a handoff; plain JSON for the desk."""
    shown = await handle(ctx, ShowCart())
    cart = shown.cart if isinstance(shown, CartShown) else None
    orders = await tx.rows(
        "SELECT number FROM shop_order WHERE customer = %s ORDER BY placed_at DESC LIMIT 5", ctx.customer
    )
    return {
        "goal": _goal(state, bool(cart and cart.lines)),
        "reason": reason,
        "cart": [f"{line.quantity} × {line.name} {line.total}" for line in cart.lines] if cart else [],
        "total": str(cart.breakdown.total) if cart and cart.lines else None,
        "needed": state.focus.needed.isoformat() if state.focus.needed else None,
        "orders": [row["number"] for row in orders],
        "last": await last_words(tx, conversation["id"]),
        "mood": max(state.moods, key=STRENGTH.index, default="calm"),
        "language": state.locale,
    }


async def last_words(tx: Tx, conversation_id: str) -> list[dict[str, str]]:
    """The last words of both sides, oldest first."""
    rows = await tx.rows(
        """SELECT 'customer' AS who, content AS what, received_at AS at, id FROM inbound WHERE conversation_id = %s
           UNION ALL
           SELECT author, fitted, at, id FROM outbox WHERE conversation_id = %s AND status <> 'dropped'
           ORDER BY at DESC, id DESC LIMIT %s""",
        conversation_id, conversation_id, LAST_TURNS,
    )  # fmt: skip
    last = []
    for row in reversed(rows):
        what = row["what"]
        words = what.get("text") or what.get("title") or what.get("kind", "")
        if row["who"] != "customer":
            words = Fitted.model_validate(what).words()
        last.append({"who": row["who"], "text": words[:300]})
    return last


def _goal(state: State, has_cart: bool) -> str:
    if state.stack:
        return state.stack[-1].dialog
    if state.background:
        return f"{state.background[-1].dialog} (waiting)"
    return "choosing, with a cart" if has_cart else "choosing"
