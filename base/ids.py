"""Ids: random where people see them, never guessable."""

import secrets
import uuid

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: read aloud without mistakes


def new_id() -> str:
    """A random id of 32 hexadecimal digits, 122 random bits (RFC 9562, version 4)."""
    return uuid.uuid4().hex


def new_token() -> str:
    """A token for an address in the open: 43 URL-safe characters, 256 random bits."""
    return secrets.token_urlsafe(32)


def new_number(prefix: str) -> str:
    """A number that a customer can read aloud, such as `LU-7K3F-9QXA`: 40 random bits."""
    letters = "".join(secrets.choice(CROCKFORD) for _ in range(8))
    return f"{prefix}-{letters[:4]}-{letters[4:]}"
