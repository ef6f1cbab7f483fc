"""The shared corpora, where they are, and an inspector that reads HTML as a browser would."""

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from bleach._vendor import html5lib

from tests.rigs.sources import CORPUS

KEPT = {("a", "href"), ("ol", "start"), ("ol", "type"), ("ol", "reversed"), ("li", "value")}
ALLOWED = {"p", "h3", "ul", "ol", "li", "blockquote", "strong", "em", "a"}


@pytest.fixture(scope="session")
def corpus() -> Path:
    if not CORPUS.is_dir():
        pytest.skip("the shared corpora are not beside this project")
    return CORPUS


@pytest.fixture(scope="session")
def attacks(corpus: Path) -> dict[str, str]:
    lines = (corpus / "attacks" / "vectors.jsonl").read_text(encoding="utf-8").splitlines()
    return {vector["id"]: vector["payload"] for vector in map(json.loads, lines)}


@pytest.fixture(scope="session")
def naughty(corpus: Path) -> list[str]:
    return json.loads((corpus / "naughty" / "blns.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def multilingual(corpus: Path) -> list[dict[str, Any]]:
    lines = (corpus / "releases" / "multilingual.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


class _Simple(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.faults += _faults(tag, dict(attrs))

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"comment {data}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def _faults(tag: str, attributes: dict[str, str | None]) -> list[str]:
    wrong = [] if tag in ALLOWED else [f"tag {tag}"]
    wrong += [f"attribute {name}" for name in attributes if (tag, name) not in KEPT]
    # A browser takes tabs and line breaks out of an address before it reads the scheme.
    address = re.sub(r"[\t\n\r]", "", attributes.get("href") or "https://")
    if not address.startswith(("https://", "http://", "mailto:")):
        wrong.append(f"address {address}")
    return wrong


def _browser_faults(html: str) -> list[str]:
    root = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    return [fault for element in list(root.iter())[1:] for fault in _faults(str(element.tag), element.attrib)]


@pytest.fixture(scope="session")
def faults_of() -> Callable[[str], list[str]]:
    """What in some HTML is not allowed, as a simple and as a browser-like parser see it."""

    def faults(html: str) -> list[str]:
        simple = _Simple()
        simple.feed(html)
        simple.close()
        return simple.faults + _browser_faults(html)

    return faults
