"""Every mail that leaves is signed where there is a key: DKIM (RFC 6376), so that a receiver knows that it is ours.

dkimpy writes and hashes; `cryptography` does the arithmetic, because dkimpy's own takes 7 ms a letter with an RSA
key of 2048 bits and this a quarter of one. No time is signed in (`t=`): Date is, and receivers refuse a signature
from a clock that is ahead of theirs.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from email.utils import parseaddr
from functools import cache
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

import dkim
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from dkim.canonicalization import CanonicalizationPolicy

from portal.settings import Settings, SettingsRefused

SIGNED = frozenset(
    b"from to cc subject date reply-to message-id in-reply-to references mime-version content-type "
    b"content-transfer-encoding auto-submitted list-id list-archive list-unsubscribe list-unsubscribe-post "
    b"feedback-id precedence".split()
)
"""What is signed where it stands in a mail. RFC 8058 wants both headers that unsubscribe among them."""
SEALED = (b"from", b"to", b"subject", b"date", b"reply-to", b"list-unsubscribe", b"list-unsubscribe-post")
"""Those of them that stand in a mail are signed once more, so that nobody can add another."""
FEWEST_BITS = 1024
BITS_TO_HAVE = 2048
_POLICY = CanonicalizationPolicy.from_c_value(b"relaxed/relaxed")


class UnusableKey(SettingsRefused):
    """The key cannot sign mails; its one problem says what to do."""

    def __init__(self, problem: str) -> None:
        super().__init__([problem])


@dataclass(frozen=True)
class Signer:
    """A key, where its public half stands, and whose mails it signs."""

    domain: str
    selector: str
    key: RSAPrivateKey | Ed25519PrivateKey

    @property
    def name(self) -> str:
        """Where the public half has to stand in the DNS."""
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def record(self) -> str:
        """The TXT record at `name`."""
        public = self.key.public_key()
        if isinstance(self.key, Ed25519PrivateKey):
            kind, half = "ed25519", public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        else:
            kind, half = "rsa", public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return f"v=DKIM1; k={kind}; p={b64encode(half).decode()}"

    @property
    def bits(self) -> int:
        return self.key.key_size if isinstance(self.key, RSAPrivateKey) else 256

    def signed(self, message: bytes) -> bytes:
        """The message, its lines ended by CRLF, with its signature before it."""
        head, blank, body = message.partition(b"\r\n\r\n")
        return b"DKIM-Signature: " + self._header(head + blank, body) + message

    def _header(self, head: bytes, body: bytes) -> bytes:
        mail: Any = dkim.DKIM(head)
        mail.hasher = sha256
        # The library asks a key object to sign on this way, and does RSA itself on the other.
        mail.signature_algorithm = b"ed25519-sha256"
        names = _names(mail.headers)
        fields = [
            (b"v", b"1"),
            (b"a", b"rsa-sha256" if isinstance(self.key, RSAPrivateKey) else b"ed25519-sha256"),
            (b"c", b"relaxed/relaxed"),
            (b"d", self.domain.encode()),
            (b"s", self.selector.encode()),
            (b"h", b" : ".join(names)),
            (b"bh", b64encode(sha256(_POLICY.canonicalize_body(body)).digest())),
            (b"b", b"0" * 60),
        ]
        signing = SimpleNamespace(sign=self._sign)
        written: bytes = mail.gen_header(fields, names, _POLICY, b"DKIM-Signature", signing)
        return written

    def _sign(self, digest: bytes) -> SimpleNamespace:
        if isinstance(self.key, RSAPrivateKey):
            return SimpleNamespace(signature=self.key.sign(digest, PKCS1v15(), Prehashed(SHA256())))
        return SimpleNamespace(signature=self.key.sign(digest))


def signer_from(settings: Settings) -> Signer | None:
    """Who signs mails; nobody where no key is set. Raises UnusableKey."""
    if not settings.dkim_key:
        return None
    domain = parseaddr(settings.mail_from)[1].rpartition("@")[2].lower()
    return _loaded(settings.dkim_key, settings.dkim_selector, domain)


@cache
def _loaded(pem: str, selector: str, domain: str) -> Signer:
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as problem:
        raise UnusableKey(
            f"PORTAL_DKIM_KEY holds a key that cannot be read ({problem}). Make another."
        ) from None
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise UnusableKey("PORTAL_DKIM_KEY must be an RSA or an Ed25519 key; mail servers read no other.")
    if isinstance(key, RSAPrivateKey) and key.key_size < FEWEST_BITS:
        raise UnusableKey(
            f"PORTAL_DKIM_KEY has only {key.key_size} bits, which mail servers refuse. Make one of {BITS_TO_HAVE}."
        )
    return Signer(domain.encode("idna").decode(), selector, key)


def _names(headers: list[list[bytes]]) -> tuple[bytes, ...]:
    """Lower case, in the order of the mail."""
    standing = [name.lower() for name, _ in headers]
    return (*(name for name in standing if name in SIGNED), *(name for name in SEALED if name in standing))
