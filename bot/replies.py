"""A message of ours that a customer answers: "how much is it?" is asked of the goods which that message showed."""

from __future__ import annotations

from base.db import Tx
from bot.acts import Wish
from bot.hearing import Goods, Pending
from bot.messages import Cards, Content, Fitted, Text, TextPart
from bot.understanding import Understanding

SURELY = 1.0  # how sure a name was read: our own words have no misprints


async def with_goods(
    tx: Tx, conversation: str, pending: list[Pending], understanding: Understanding
) -> list[Pending]:  # fmt: skip
    """What waits, each answer to an older message of ours with the goods that this one showed.

    The newest message needs none: what it showed is what is talked about.
    """
    answered = [reply for item in pending if (reply := _answered(item.content))]
    if not answered:
        return pending
    rows = await tx.rows(
        """SELECT DISTINCT ON (platform_id) platform_id, fitted FROM outbox
           WHERE conversation_id = %(id)s AND platform_id = ANY(%(answered)s)
             AND id < (SELECT max(id) FROM outbox WHERE conversation_id = %(id)s AND status = 'sent')
           ORDER BY platform_id, id DESC""",
        id=conversation, answered=answered,
    )  # fmt: skip
    shown = {row["platform_id"]: _goods(Fitted.model_validate(row["fitted"]), understanding) for row in rows}
    return [Pending(item.content, item.parsed, shown.get(_answered(item.content) or "", ())) for item in pending]


def _answered(content: Content) -> str | None:
    return content.reply_to if isinstance(content, Text) and content.about is None else None


def _goods(message: Fitted, understanding: Understanding) -> Goods:
    """The goods that a message names, each once, in its order; a product alone where none of its variants is named."""
    named = dict.fromkeys(
        (wish.product, next(iter(wish.candidates), None) if wish.exact else None)
        for line in _lines(message)
        for clause in understanding.parse(line).clauses
        for mention in clause.mentions
        if mention.kind == "wishes" and mention.score == SURELY
        for wish in (Wish.model_validate_json(mention.value),)
    )
    by_variant = {product for product, sku in named if sku}
    return tuple((product, sku) for product, sku in named if product and (sku or product not in by_variant))


def _lines(message: Fitted) -> list[str]:
    """Titles of cards are the list that was shown; without cards it is in the words."""
    cards = [card.title for part in message.parts if isinstance(part, Cards) for card in part.cards]
    return cards or [line for part in message.parts if isinstance(part, TextPart) for line in part.text.splitlines()]
