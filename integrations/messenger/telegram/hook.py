"""What Telegram says of its webhook, judged: does it call us, where, with what, and are its deliveries taken. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from aiogram.types import WebhookInfo

QUESTION = "pre_checkout_query"
ALLOWED_UPDATES = [
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    QUESTION,
    "shipping_query",
]
FRESH_ERROR = timedelta(hours=1)


def wrong_with(hook: WebhookInfo, *, ours: str, secret: bool, sells: bool) -> tuple[str, str]:
    """What does not fit, in words that go on with a line, and what mends it; nothing where all is well.

    `ours`: the address of our door, where the shop has one; `secret`: that one is set; `sells`: invoices are sent.
    """
    failed = hook.last_error_date
    if hook.url and failed and datetime.now(UTC) - _in_utc(failed) < FRESH_ERROR:
        return f"; last delivery failed: {hook.last_error_message}", "shopkeeper webhook check"
    if hook.url and ours and hook.url != ours:
        return f"; the address of this shop is {ours}", "shopkeeper webhook set telegram"
    if hook.url and sells and QUESTION not in (hook.allowed_updates or ALLOWED_UPDATES):
        return f"; {QUESTION} does not come, so nobody can pay", "shopkeeper webhook set"
    if secret and not hook.url:
        return ", and nobody fetches: a webhook secret is set", "shopkeeper webhook set telegram"
    if hook.url and not secret:
        return "; no secret is set, so it is refused", "shopkeeper webhook set"
    return "", ""


def _in_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
