"""Keys that sign mails, made once, and the DNS that knows their public halves."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from portal.outlets.mail.signature import signer_from
from portal.settings import Settings


@cache
def pem(kind: str = "rsa") -> str:
    """A private key: `rsa` or `ed25519`."""
    key = generate_private_key(65537, 2048) if kind == "rsa" else Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode().strip()


def dns_of(settings: Settings) -> Callable[..., bytes | None]:
    """Answers with the record that `portal doctor` says to publish, at its name and nowhere else."""
    signer = signer_from(settings)
    assert signer is not None
    records = {f"{signer.name}.".encode(): signer.record.encode()}
    return lambda name, timeout=5: records.get(name)
