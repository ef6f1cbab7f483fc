"""Tokens in mailed links: `<row id>-<43 characters>`, an HMAC over what the link is for, the row and its nonce.

Nothing that opens a door is stored: the token is made when the mail is composed, from a key that is not in the
database, and is compared when the link comes back.
"""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode

_TOKEN = re.compile(r"([1-9][0-9]{0,18})-([A-Za-z0-9_-]{43})")
LARGEST_ID = 2**31 - 1
"""Of an INTEGER column: PostgreSQL fails on a larger number instead of finding no row."""


def token_for(key: bytes | str, purpose: str, row_id: int, nonce: str) -> str:
    """The token of a row for one purpose."""
    return f"{row_id}-{_mac(key, purpose, row_id, nonce)}"


def read_token(text: str) -> tuple[int, str] | None:
    """The row id and the code that a token claims; None for what was never one. It proves nothing yet."""
    found = _TOKEN.fullmatch(text)
    if not found or int(found[1]) > LARGEST_ID:
        return None
    return int(found[1]), found[2]


def fits(key: bytes | str, purpose: str, row_id: int, nonce: str, code: str) -> bool:
    """Is this the code of that row? The time taken does not tell how much of it was right."""
    return hmac.compare_digest(_mac(key, purpose, row_id, nonce).encode(), code.encode())


def hash_of(token: str) -> str:
    """64 hexadecimal digits by which a token is known again that must not be kept itself."""
    return hashlib.sha256(token.encode()).hexdigest()


def _mac(key: bytes | str, purpose: str, row_id: int, nonce: str) -> str:
    secret = key.encode() if isinstance(key, str) else key
    words = "\x00".join((purpose, str(row_id), nonce)).encode()
    return urlsafe_b64encode(hmac.digest(secret, words, "sha256")).decode().rstrip("=")
