"""Tells Meta's errors in our words: try later, unreachable, refused. Pure. Source: Common Error Codes (2026-06-25)."""

from __future__ import annotations

import json
from collections.abc import Mapping

from base.errors import (
    AlreadyAnswered,
    Disallowed,
    Elsewhere,
    Enough,
    Halted,
    NotPermitted,
    Refused,
    ShopkeeperError,
    TryLater,
    Unreachable,
    WindowClosed,
)
from base.text import one_line
from integrations.meta.fields import fields, objects, text, whole

SHORT_WAIT = 2.0  # seconds, after a hiccup
RATE_WAIT = 60.0  # seconds, where the headers name no time
PERSON_WAIT = 300.0  # seconds; the owner has to act, so asking more often is of no use
HALT_WAIT = 3600.0  # seconds; a restricted page that goes on sending is restricted for longer
LONGEST_WAIT = 24 * 3600.0
USAGE = ("x-business-use-case-usage",)
MESSAGES = frozenset({"messenger", "instagram"})  # kinds of usage; those of ads and of the Page stop no message

RATE = frozenset({4, 17, 32, 613, *range(80000, 80015)})  # the last: of business use cases, 80006 is Messenger's
CAP = 613  # of offers also: one in 48 hours to a person (Marketing messages, 2025-09-01)
WINDOW = frozenset({(10, 2018278), (10, 2534022), (10, 2018065)})
GONE = frozenset({(10, 2018108), (551, 1545041), (200, 1545041), (100, 2018001), (100, 2534014)})
MEDIA = frozenset({(100, 2018008), (100, 2018047), (100, 2018109), (100, 2018294)})
ANSWERED = 10900  # a comment
ELSEWHERE = frozenset({2534037, 2018300, 2018321})  # subcodes: another app has the thread
RESTRICTED = (10, 1893063)
CLOSED_BY_META = frozenset({(200, 2534041), (100, 2534029)})
COMMERCE = 2022  # messages of shops are not allowed to this account
NOT_LIVE = frozenset({0, 2018028})  # subcodes of 10 and 200 that speak of the app; any other, of this message


class PictureRefused(Refused):
    """Meta could not fetch a picture or did not like it: the same without pictures may go."""


class TooFast(Halted):
    """A rate of Meta's is exceeded."""


class Denied(Disallowed):
    """Meta does not allow it: a permission is missing. The owner has to act."""


class ShutOut(Halted):
    """Access to the whole account was taken away. The owner has to act."""


def told(status: int, body: bytes, headers: Mapping[str, str], *, capped: bool = False) -> ShopkeeperError:
    """One of our errors for an answer that is none of success. Code, subcode and trace id are kept.

    `capped`: of messages that each person gets so many of, so that a limit is his, unless a header speaks of ours.
    """
    error = fields(_json(body).get("error"))
    code, subcode = whole(error, "code"), whole(error, "error_subcode") or 0
    if code is None:
        return TryLater(f"Meta answers {status}.", after=SHORT_WAIT)
    mark = f"{code}/{subcode} {one_line(text(error, 'fbtrace_id'), 40)}".strip()
    pair = (code, subcode)
    if pair == RESTRICTED:
        return Halted(f"Meta has restricted the account for a time ({mark}).", after=HALT_WAIT)
    if capped and code == CAP and not regain(headers):
        return Enough(f"The person has had such a message not long ago ({mark}).")
    if code in RATE or status == 429:
        return TooFast(f"Meta asks for patience ({mark}).", after=regain(headers) or RATE_WAIT)
    if code == 190:
        return Halted(f"The token is not valid any more; make a new one ({mark}).", after=PERSON_WAIT)
    if pair in WINDOW:
        return WindowClosed(f"The 24 hours after the person's last message are over ({mark}).")
    if code == 551 or pair in GONE:
        return Unreachable(f"The person cannot be reached ({mark}).")
    if pair in MEDIA:
        return PictureRefused(f"Meta could not take a picture ({mark}).")
    if code == ANSWERED:
        return AlreadyAnswered(f"Meta refused the message: {_said(error)} ({mark}).")
    if subcode in ELSEWHERE or code in ELSEWHERE:
        return Elsewhere(f"Another app has this conversation ({mark}).")
    if pair in CLOSED_BY_META or COMMERCE in pair:
        return ShutOut(f"Meta does not allow it: {_said(error)} ({mark}).", after=PERSON_WAIT)
    if code in {10, 200} and subcode in NOT_LIVE:
        return Denied(f"Meta does not allow it: {_said(error)} ({mark}).", after=PERSON_WAIT)
    if code in {10, 200}:
        return NotPermitted(f"Meta does not allow this message: {_said(error)} ({mark}).")
    if code in {1, 2} or status >= 500:
        return TryLater(f"Meta has a hiccup ({mark}).", after=SHORT_WAIT)
    return Refused(f"Meta refused the message: {_said(error)} ({mark}).")


def regain(headers: Mapping[str, str]) -> float:
    """Seconds until messages are allowed again, as the usage header tells; 0 when they are allowed."""
    minutes = 0
    for name, value in headers.items():
        if name.lower() in USAGE:
            for kinds in _json(value.encode(errors="replace")).values():
                for kind in objects(kinds):
                    if text(kind, "type") in MESSAGES:
                        minutes = max(minutes, whole(kind, "estimated_time_to_regain_access") or 0)
    return min(minutes * 60.0, LONGEST_WAIT)


def _said(error: Mapping[str, object]) -> str:
    return one_line(text(error, "message"), 200).rstrip(".") or "no reason given"


def _json(body: bytes) -> Mapping[str, object]:
    try:
        return fields(json.loads(body))
    except (ValueError, RecursionError):
        return {}
