"""Secrets that a development machine makes for itself and keeps, readable by its owner only."""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path


def kept_secret(path: Path) -> str:
    """The secret in this file, made on the first call. Two processes that start at once agree on one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not _is_whole(path):
        _write_once(path, secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def key_from(secret: str, purpose: str) -> str:
    """A key of its own for one purpose, so that no two uses share the secret itself."""
    return hmac.digest(secret.encode(), f"portal {purpose} key".encode(), "sha256").hex()


def _is_whole(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _write_once(path: Path, secret: str) -> None:
    """Linked into place whole, so that a reader never meets half a secret and the first writer wins."""
    if path.exists():
        path.unlink()  # empty: a crash of the whole machine came before the words reached the disk
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
    ) as file:
        file.write(secret + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
