"""What Telegram says of its webhook, judged: does it call us, where, with what, and are its deliveries taken. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from aiogram.types import User, WebhookInfo

QUESTION = "pre_checkout_query"
ASKED_ELSEWHERE = "inline_query"
BUSINESS_UPDATES = ["business_connection", "business_message", "edited_business_message", "deleted_business_messages"]
ALLOWED_UPDATES = [
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    *BUSINESS_UPDATES,
    ASKED_ELSEWHERE,
    QUESTION,
    "shipping_query",
]
FRESH_ERROR = timedelta(hours=1)
AGAIN = "shopkeeper webhook set telegram"


def wrong_with(hook: WebhookInfo, me: User, *, ours: str, secret: bool, sells: bool) -> tuple[str, str]:
    """What is wrong with how updates come, and what mends it; empty when nothing is.

    `ours`: the address of our door, where the shop has one; `secret`: that one is set; `sells`: invoices are sent.
    """
    if secret and not hook.url:
        return "nobody fetches: a webhook secret is set", AGAIN
    if not hook.url:
        return "", ""
    failed = hook.last_error_date
    if failed and datetime.now(UTC) - _in_utc(failed) < FRESH_ERROR:
        return f"last delivery failed: {hook.last_error_message}", "shopkeeper webhook check telegram"
    if ours and hook.url != ours:
        return f"the address of this shop is {ours}", AGAIN
    missing = set(ALLOWED_UPDATES).difference(hook.allowed_updates or ALLOWED_UPDATES)
    if sells and QUESTION in missing:
        return f"{QUESTION} does not come, so nobody can pay", AGAIN
    if me.can_connect_to_business and missing.intersection(BUSINESS_UPDATES):
        return "messages of connected accounts do not come", AGAIN
    if me.supports_inline_queries and ASKED_ELSEWHERE in missing:
        return f"{ASKED_ELSEWHERE} does not come, so nobody finds goods by the bot's name", AGAIN
    return ("", "") if secret else ("no secret is set, so it is refused", AGAIN)


def _in_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
