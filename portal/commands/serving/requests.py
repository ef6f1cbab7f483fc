"""A request that has come whole, and what the application is told of it (PEP 3333)."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO, Any
from urllib.parse import unquote_to_bytes

ALONE = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


@dataclass
class Request:
    """`headers` by their names in small letters; those sent twice are joined. `body` is a file at its beginning."""

    method: str
    target: bytes
    version: str
    headers: dict[str, str] = field(default_factory=dict)
    body: IO[bytes] | None = None
    size: int = 0
    keeps_alive: bool = True
    client: str = ""

    @property
    def is_reading(self) -> bool:
        return self.method in ("GET", "HEAD") and not self.size

    @property
    def path(self) -> str:
        return self.target.partition(b"?")[0].decode("latin-1")


def environ_of(request: Request, headers: Mapping[str, str], here: tuple[str, int]) -> dict[str, Any]:
    """`headers`: those that are passed on. `here`: where this process listens."""
    path, _, query = request.target.partition(b"?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query.decode("latin-1"),
        "RAW_URI": request.target.decode("latin-1"),
        "REMOTE_ADDR": request.client,
        "SERVER_NAME": here[0],
        "SERVER_PORT": str(here[1]),
        "SERVER_PROTOCOL": f"HTTP/{request.version}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": request.body if request.body is not None else BytesIO(),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in headers.items():
        environ[ALONE.get(name) or "HTTP_" + name.upper().replace("-", "_")] = value
    if request.body is not None:
        environ["CONTENT_LENGTH"] = str(request.size)
    return environ
