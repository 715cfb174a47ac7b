"""Whether a call of our webhook is Meta's: the signature of a delivery, and the question before the first. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping

from base.errors import BadSignature
from integrations.meta.fields import identity, parsed, text

SIGNATURE = "x-hub-signature-256"
LONGEST_CHALLENGE = 200  # characters; Meta's are about ten digits


def must_be_signed(headers: Mapping[str, str], body: bytes, secret: bytes) -> None:
    """Raise BadSignature unless the header is the HMAC-SHA256 of the bytes as they came, by the app secret.

    Meta signs its own spelling of the JSON (escaped letters), so only the raw bytes will do.
    """
    if not secret:
        raise BadSignature("The app secret is not set: the webhook is closed.")
    given = next((value for name, value in headers.items() if name.lower() == SIGNATURE), "")
    right = signature(body, secret)
    if not hmac.compare_digest(given.encode("utf-8", "backslashreplace"), right.encode()):
        raise BadSignature("Meta's signature is missing or wrong.")


def signature(body: bytes, secret: bytes) -> str:
    """How Meta proves a delivery."""
    return f"sha256={hmac.digest(secret, body, hashlib.sha256).hex()}"


def person_who_asks(signed: str, secret: bytes) -> str:
    """The app-scoped id in a `signed_request` (Data Deletion Callback). Raises BadSignature.

    The signature is over the encoded payload as it came, not over what it decodes to.
    """
    if not secret:
        raise BadSignature("The app secret is not set: requests are not taken.")
    mark, dot, payload = signed.partition(".")
    given, asked = _decoded(mark), parsed(_decoded(payload))
    right = hmac.digest(secret, payload.encode("utf-8", "backslashreplace"), hashlib.sha256)
    if not dot or not hmac.compare_digest(given, right):
        raise BadSignature("The signature of the request is wrong.")
    person = identity({"id": asked.get("user_id")})
    if text(asked, "algorithm").upper() != "HMAC-SHA256" or not person:
        raise BadSignature("The request has not the form of one.")
    return person


def _decoded(part: str) -> bytes:
    """What base64url without its padding means; nothing for what is none."""
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except (ValueError, UnicodeError):
        return b""


def challenge(query: Mapping[str, str], verify_token: bytes) -> str:
    """What to answer when Meta asks whether this address is ours. Raises BadSignature."""
    if not verify_token:
        raise BadSignature("The verify token is not set: the webhook cannot be verified.")
    given = query.get("hub.verify_token", "").encode("utf-8", "backslashreplace")
    right = hmac.compare_digest(given, verify_token)
    asked = query.get("hub.challenge", "")
    if not right or query.get("hub.mode") != "subscribe" or not 0 < len(asked) <= LONGEST_CHALLENGE:
        raise BadSignature("Meta's question has the wrong verify token or form.")
    return asked
