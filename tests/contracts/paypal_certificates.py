"""Certificates for a loopback PayPal: an authority of the tests, one for https, and one whose key signs webhooks."""

from __future__ import annotations

import base64
import ipaddress
import os
import ssl
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SIGNER = "messageverificationcerts.paypal.com"
FROM, TO = datetime(2025, 1, 1, tzinfo=UTC), datetime(2035, 1, 1, tzinfo=UTC)

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Authority:
    """Issues certificates, as those in the list of a machine do."""

    name: str
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def made(cls, name: str) -> Authority:
        key = ec.generate_private_key(ec.SECP256R1())
        usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
        certificate = (
            _begun(name, name, key, TO)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, SHA256())
        )
        return cls(name, key, certificate)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def issue(self, key: Key, name: x509.GeneralName, *, until: datetime = TO) -> bytes:
        certificate = (
            _begun("leaf", self.name, key, until)
            .add_extension(x509.SubjectAlternativeName([name]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
            .sign(self.key, SHA256())
        )
        return certificate.public_bytes(Encoding.PEM)


def _begun(subject: str, issuer: str, key: Key, until: datetime) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(FROM)
        .not_valid_after(until)
    )


@dataclass(frozen=True)
class Signer:
    """Signs webhooks. `chain`: what is found at the address of its certificate."""

    key: rsa.RSAPrivateKey
    chain: bytes

    def sign(self, body: bytes, webhook_id: str, sent: str, at: datetime, cert_url: str) -> dict[str, str]:
        stamp = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        message = f"{sent}|{stamp}|{webhook_id}|{zlib.crc32(body)}".encode()
        return {
            "PAYPAL-TRANSMISSION-ID": sent,
            "PAYPAL-TRANSMISSION-TIME": stamp,
            "PAYPAL-TRANSMISSION-SIG": base64.b64encode(self.key.sign(message, padding.PKCS1v15(), SHA256())).decode(),
            "PAYPAL-CERT-URL": cert_url,
            "PAYPAL-AUTH-ALGO": "SHA256withRSA",
        }


@cache
def authority() -> Authority:
    return Authority.made("The authority of the tests")


@cache
def signer() -> Signer:
    key = rsa.generate_private_key(65537, 2048)
    return Signer(key, authority().issue(key, x509.DNSName(SIGNER)))


@cache
def stranger() -> Signer:
    """Somebody else with a certificate that carries PayPal's name and that nobody vouches for."""
    key = rsa.generate_private_key(65537, 2048)
    return Signer(key, Authority.made("Nobody").issue(key, x509.DNSName(SIGNER)))


@contextmanager
def trusted_authority() -> Iterator[None]:
    """This machine trusts the authority of the tests alone, as SSL_CERT_FILE has it."""
    before = os.environ.get("SSL_CERT_FILE")
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:
        file.write(authority().pem)
        file.flush()
        os.environ["SSL_CERT_FILE"] = file.name
        try:
            yield
        finally:
            del os.environ["SSL_CERT_FILE"]
            if before is not None:
                os.environ["SSL_CERT_FILE"] = before


def served_at_home(folder: Path) -> ssl.SSLContext:
    """What an https server on 127.0.0.1 needs."""
    key = ec.generate_private_key(ec.SECP256R1())
    chain = authority().issue(key, x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    file = folder / "served.pem"
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + chain)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def expired_chain(key: rsa.RSAPrivateKey) -> bytes:
    return authority().issue(key, x509.DNSName(SIGNER), until=FROM + timedelta(days=90))
