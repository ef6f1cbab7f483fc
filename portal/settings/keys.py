"""The key that signs mails: read from its file, and looked at before anything starts.

The setting holds a PEM file's path, or the PEM itself (with real line ends, or with \\n for them).
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from pathlib import Path

from portal.settings.values import UnreadableSetting

WAY_OUT = (
    "Make one with: openssl genrsa -out dkim.pem 2048 (2048 bits are what every mail server can read), "
    "and name its path"
)
_PEM = re.compile(r"-----BEGIN ([A-Z0-9 ]*)-----\s+(.*?)\s*-----END \1-----", re.DOTALL)
_KINDS = ("PRIVATE KEY", "RSA PRIVATE KEY")
_SELECTOR = re.compile(
    r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*", re.IGNORECASE
)


def private_key(given: str, root: Path) -> str:
    """The PEM. Raises UnreadableSetting with what is wrong and what to do."""
    pem = given.replace("\\n", "\n").strip() if "-----BEGIN" in given else _from_file(given, root)
    found = _PEM.search(pem)
    if found is None:
        raise UnreadableSetting(f"holds no PEM. {WAY_OUT}")
    if found[1] not in _KINDS:
        raise UnreadableSetting(
            f"holds no unlocked private key (it says {found[1] or 'nothing'}). "
            "Take the private half, RSA or Ed25519, without a password"
        )
    if not _is_whole(found[2]):
        raise UnreadableSetting(f"holds a private key that is cut off or was changed. {WAY_OUT}")
    return pem


def selector(given: str) -> str:
    """The name under which the public half stands in the DNS."""
    name = given.strip()
    if not _SELECTOR.fullmatch(name):
        raise UnreadableSetting("must be a name in the DNS such as portal2026: letters, digits, hyphens")
    return name


def _from_file(given: str, root: Path) -> str:
    path = root / Path(given.strip()).expanduser()
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError as problem:
        why = problem.strerror or type(problem).__name__
        raise UnreadableSetting(
            f"names a file that cannot be read ({why}). Set it to the path of a PEM file that the portal may read, "
            "or to the PEM itself"
        ) from None
    except ValueError:
        raise UnreadableSetting(f"names a file that is no PEM. {WAY_OUT}") from None


def _is_whole(body: str) -> bool:
    """Is it as long as it says? Whether it is a key that can sign is seen when it is loaded."""
    try:
        content = b64decode("".join(body.split()), validate=True)
    except binascii.Error:
        return False
    if len(content) < 4 or content[0] != 0x30:
        return False
    if content[1] < 0x80:
        return len(content) == 2 + content[1]
    count = content[1] & 0x7F
    return len(content) == 2 + count + int.from_bytes(content[2 : 2 + count], "big")
