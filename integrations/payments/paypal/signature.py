"""Webhooks proved without asking PayPal: its certificate, the chain above it, and the signature over the raw bytes.

Rules: developer.paypal.com/api/rest/webhooks/rest, "Self verification method". Who may name any certificate could sign
with his own: it is fetched over https from the allowed hosts alone, without redirects, and must belong to PayPal.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import ssl
import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import aiohttp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from base.errors import BadSignature, TryLater

FRESH = timedelta(hours=1)  # PayPal sends again for days; what is older than this, look_up finds
AHEAD = timedelta(minutes=5)  # clocks differ
ALGORITHM = "SHA256withRSA"
OWNER = ".paypal.com"  # the name in the certificate ends so, such as messageverificationcerts.paypal.com
FETCH_WITHIN = aiohttp.ClientTimeout(total=10)
LARGEST = 64 * 1024  # bytes of a certificate with its chain
KEPT = 8  # certificates; PayPal uses one or two at a time

_PREFIX = "paypal-"


class WebhookSignatures:
    """Knows PayPal's certificates by their addresses. An empty `webhook_id` is a closed door."""

    def __init__(self, webhook_id: str, cert_hosts: Sequence[str]) -> None:
        """`cert_hosts`: exact names, with the port where it is not 443."""
        self._webhook_id, self._hosts = webhook_id, frozenset(host.strip().lower() for host in cert_hosts)
        self._known: dict[str, x509.Certificate] = {}
        self._fetching = asyncio.Lock()
        self._trust: ssl.SSLContext | None = None

    async def prove(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        """Raise BadSignature unless PayPal signed these bytes for our webhook, lately. TryLater: no certificate now."""
        if not self._webhook_id:
            raise BadSignature("SHOPKEEPER_PAYPAL__WEBHOOK_ID is not set, so this door is closed.")
        given = {name.casefold().removeprefix(_PREFIX): value for name, value in headers.items()}
        try:
            sent, stamp = given["transmission-id"], given["transmission-time"]
            signature = base64.b64decode(given["transmission-sig"], validate=True)
            address, algorithm = given["cert-url"], given["auth-algo"]
            signed_at = datetime.fromisoformat(stamp)
            message = f"{sent}|{stamp}|{self._webhook_id}|{zlib.crc32(body)}".encode()
        except (KeyError, ValueError, binascii.Error):
            raise BadSignature("This webhook does not carry PayPal's signature.") from None
        if signed_at.tzinfo is None or not now - FRESH <= signed_at <= now + AHEAD:
            raise BadSignature("This webhook is too old, or from the future.")
        if algorithm != ALGORITHM or not self._is_allowed(address):
            raise BadSignature("This webhook names a certificate that is not PayPal's.")
        key = (await self._certificate(address, now)).public_key()
        try:
            if not isinstance(key, RSAPublicKey):
                raise InvalidSignature
            key.verify(signature, message, PKCS1v15(), SHA256())
        except InvalidSignature:
            raise BadSignature("This webhook is not signed by PayPal for our webhook.") from None

    def _is_allowed(self, address: str) -> bool:
        try:
            parts = urlsplit(address)
        except ValueError:
            return False
        plain = address.isascii() and address.isprintable() and not any(sign in address for sign in " \\@#")
        return plain and parts.scheme == "https" and parts.netloc.lower() in self._hosts

    async def _certificate(self, address: str, now: datetime) -> x509.Certificate:
        if known := self._kept(address, now):
            return known
        async with self._fetching:  # one at a time: forged webhooks make no crowd at PayPal's door
            if known := self._kept(address, now):
                return known
            trust = self._trust = self._trust or ssl.create_default_context()
            proved = proved_certificate(await _fetch(address, trust), roots_of(trust), now)
            if len(self._known) >= KEPT:
                self._known.clear()
            self._known[address] = proved
            return proved

    def _kept(self, address: str, now: datetime) -> x509.Certificate | None:
        known = self._known.get(address)
        return known if known is not None and now < known.not_valid_after_utc else None


async def _fetch(address: str, trust: ssl.SSLContext) -> bytes:
    try:
        async with (
            aiohttp.ClientSession(timeout=FETCH_WITHIN) as http,
            http.get(address, allow_redirects=False, ssl=trust) as answer,
        ):
            if answer.status >= 500 or answer.status == 429:
                raise TryLater("PayPal's certificate cannot be fetched now.", 10.0)
            body = await answer.content.read(LARGEST)
            if answer.status != 200:
                raise BadSignature("PayPal has no such certificate.")
            return body
    except aiohttp.ClientConnectorCertificateError:
        raise BadSignature("The host of the certificate is not PayPal's.") from None
    except (aiohttp.ClientError, TimeoutError, ValueError):
        raise TryLater("PayPal's certificate cannot be fetched now.", 10.0) from None


def roots_of(trust: ssl.SSLContext) -> list[x509.Certificate]:
    """The authorities that this machine trusts (SSL_CERT_FILE names others)."""
    roots = []
    for der in trust.get_ca_certs(binary_form=True):
        try:
            roots.append(x509.load_der_x509_certificate(der))
        except ValueError:  # an old root that breaks today's rules vouches for nobody
            continue
    return roots


def proved_certificate(pem: bytes, roots: Sequence[x509.Certificate], now: datetime) -> x509.Certificate:
    """The first certificate of `pem`. Raises BadSignature unless it is PayPal's, valid now, and vouched for."""
    try:
        leaf, *between = x509.load_pem_x509_certificates(pem)
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        name = next(name for name in names.get_values_for_type(x509.DNSName) if name.lower().endswith(OWNER))
        at = now.astimezone(UTC).replace(tzinfo=None)
        policy = PolicyBuilder().store(Store(list(roots))).time(at)
        policy.build_server_verifier(x509.DNSName(name)).verify(leaf, between)
    except (ValueError, StopIteration, x509.ExtensionNotFound, VerificationError):
        raise BadSignature("The certificate of this webhook is not PayPal's.") from None
    return leaf
