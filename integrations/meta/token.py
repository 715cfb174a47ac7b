"""Reads what Meta tells of a token (`debug_token`): whether it is valid, and when the first of its ends comes. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from integrations.meta.fields import Json, fields, milliseconds, moment


@dataclass(frozen=True, slots=True)
class Token:
    """`ends` None: never, as far as Meta tells. One that does not expire may lose its right to read all the same."""

    valid: bool
    ends: datetime | None = None


def read_token(answer: Json) -> Token:
    """Of an answer that says nothing, a token that is valid: the calls themselves will tell."""
    told = fields(answer.get("data"))
    ends = [at for name in ("expires_at", "data_access_expires_at") if (at := milliseconds(told, name))]
    return Token(valid=told.get("is_valid") is not False, ends=moment(min(ends)) if ends else None)
