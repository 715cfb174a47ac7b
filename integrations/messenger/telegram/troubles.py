"""Tells Telegram's errors in our words: try later, unreachable, refused. Source: Bot API 10.3, aiogram 3.31."""

from __future__ import annotations

from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)

from base.errors import Flooded, Halted, Refused, ShopkeeperError, TryLater, Unreachable

GONE = ("chat not found", "user not found", "peer_id_invalid", "user is deactivated", "user_is_blocked")
NOT_LENT = (
    "business connection not found", "business_connection_invalid", "business_peer_invalid", "not enough rights",
)  # fmt: skip
ALIVE = (  # answers of a Telegram that is well: what they say is about one message
    TelegramBadRequest, TelegramConflictError, TelegramEntityTooLarge, TelegramForbiddenError, TelegramMigrateToChat,
    TelegramRetryAfter,
)  # fmt: skip
NEW_TOKEN_SECONDS = 60.0  # a person has to act, so asking more often is of no use
SHORT_WAIT_SECONDS = 2.0


def told(trouble: Exception) -> ShopkeeperError:
    """The same trouble as one of our errors. Text of the platform is kept only where it cannot hold our token."""
    match trouble:
        case TelegramRetryAfter():
            return Flooded("Telegram asks for patience.", after=float(trouble.retry_after))
        case TelegramForbiddenError():
            return Unreachable("The person has blocked the bot or left Telegram.")
        case TelegramBadRequest() if is_told(trouble, *GONE):
            return Unreachable("Telegram knows no such chat.")
        case TelegramBadRequest() if is_told(trouble, *NOT_LENT):
            return Unreachable("The owner of this account does not let the bot write any more.")
        case TelegramBadRequest() | TelegramMigrateToChat():
            return Refused(f"Telegram refused the message: {trouble.message}")
        case TelegramEntityTooLarge():  # stands before network errors: aiogram counts it among them
            return Refused("The file is too large for Telegram.")
        case TelegramUnauthorizedError() | TelegramNotFound():
            return Halted("Telegram does not know this token.", after=NEW_TOKEN_SECONDS)
        case TelegramAPIError():
            return TryLater(f"Telegram is out of reach ({type(trouble).__name__}).", after=SHORT_WAIT_SECONDS)
        case _:
            return TryLater(f"Telegram cannot be reached ({type(trouble).__name__}).", after=SHORT_WAIT_SECONDS)


def is_down(trouble: Exception) -> bool:
    """Whether nothing at all can be sent at the moment."""
    return not isinstance(trouble, ALIVE)


def is_told(refusal: TelegramBadRequest, *phrases: str) -> bool:
    """Whether the description of a 400 holds one of `phrases` (lower case); the Bot API has no finer codes."""
    description = refusal.message.lower()
    return any(phrase in description for phrase in phrases)
