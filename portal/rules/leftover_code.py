"""Code that was left in a text by the program it came from: marks of Markdown and site builders, tags, entities.

What is found is what a reader would see as it stands, so the text that is looked at is plain: after the marks that we do
understand were read.
"""

from __future__ import annotations

import re

_TAGS = (
    "a abbr article aside audio b blockquote body br button center cite code div em embed figcaption figure font footer form h[1-6]"
    " head header hr html i iframe img input li link main meta nav object ol p pre script section small source span strong style sub"
    " sup table tbody td tfoot th thead tr u ul video"
).replace(" ", "|")
_INSIDE = r"[^<>\n]{0,500}"
_ATTRIBUTES = r"\{:?\s*[.#][A-Za-z][^{}\n]{0,200}\}|\{:\s*[^{}\n]{0,200}\}"
_SHORTCODES = (
    r"\{\{[^{}\n]{0,300}\}\}|\{%[^{}\n]{0,300}%\}"
    r"|\[/?(?:caption|gallery|embed|audio|video|playlist|vc_\w+|et_pb_\w+|contact-form-7|wp\w*|url|img|quote|size|color)"
    r"(?:[ =][^\]\n]{0,300})?\]"
    r"|\[[a-z][\w-]{1,30}(?:\s+[\w-]{1,30}=[\"'“”][^\"'“”\]\n]{0,200}[\"'“”]){1,9}\s*/?\]|\[/[a-z][\w-]{1,30}\]"
)
_MARKUP = (
    rf"<!--|<!DOCTYPE\b|</?(?:{_TAGS})(?:\s*/?>|\s+[\w:-]+\s*={_INSIDE}>?|\s+(?:href|src|class|style|target)\b)|<\?(?:php|xml)\b"
    r"|!?\[[^\[\]\n]{1,200}\]\((?:[^()\s]{0,500}\))?|&(?:[a-z]{2,8}|#[0-9]{2,6}|#x[0-9a-f]{2,6});"
    r"|\[(?P<bb>[biu])\][^\[\]\n]{1,300}\[/(?P=bb)\]"  # alone, `[i]t` is how a quote marks a letter that was changed
    r"|\*\*[^*\s][^*\n]{0,200}\*\*|```|HYPERLINK \"|MERGEFIELD\b|@(?:font-face|media)\b[^{\n]{0,60}\{|\bmso-[a-z-]{3,40}\s*:"
)
# Places that a mail program should have filled, fields that Word could not, and letters that were read by the wrong table.
_UNFILLED = (
    r"\*\|[A-Z][\w:]{0,40}\|\*|%%[A-Z]\w{0,40}%%|%[A-Z]+_[A-Z_]{1,40}%|\[\[[^\[\]\n]{1,200}\]\]|\[object Object\]"
    r"|Error! (?:Reference source not found|Hyperlink reference not valid|Bookmark not defined)"
    r"|(?:=(?:E2|E1|E0|C3|C2)(?:=[0-9A-F]{2}){1,2})+|â€[™œ“”˜¦\u009d\u0099\u009c]|Ã[\u00a1-\u00bf]"
)
_CODE = re.compile(f"{_ATTRIBUTES}|{_SHORTCODES}|{_MARKUP}|{_UNFILLED}", re.IGNORECASE)
_NO_WORDS = re.compile(f"(?:{_ATTRIBUTES}|{_SHORTCODES})", re.IGNORECASE)
MOST = 3
_LONGEST = 60
_BEFORE = 30


def found_in(text: str) -> list[str]:
    """The first places with such code, each with a few words before it, as `… call the club [text](`."""
    return [_place(text, found) for found, _ in zip(_CODE.finditer(text), range(MOST), strict=False)]


def without(text: str) -> str:
    """The text without attribute lines and shortcodes, which hold no words for readers."""
    return _NO_WORDS.sub(" ", text)


def _place(text: str, found: re.Match[str]) -> str:
    line = text.rfind("\n", 0, found.start()) + 1
    before = text[max(line, found.start() - _BEFORE) : found.start()]
    whole_words = before if line >= found.start() - _BEFORE else f"… {before.partition(' ')[2]}"
    code = found[0] if len(found[0]) <= _LONGEST else f"{found[0][: _LONGEST - 1]}…"
    return (whole_words + code).strip()
