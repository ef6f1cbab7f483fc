"""What people mark as no part of their text: deletions and comments of word processors, and hidden words.

Word, Outlook: `del`, `msoDel`, comment anchors and `mso-element:comment-list`. Word on the web: `TrackChange…`.
LibreOffice: `del`, and `annotation_style_by_filter` around a comment. Google Docs: `[a]` that leads to `#cmnt1`, and
paragraphs that begin with an anchor of that name. Pages and exported Google Docs write line-through as a class.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal.text.markup.elements import STRUCK

DELETED, COMMENT, ANCHOR, MARK, HIDDEN, NOTE = "deleted", "comment", "anchor", "mark", "hidden", "note"
"""A deletion, the words of a comment, the place that it stands at, other furniture of comments, hidden words; and an
anchor whose whole paragraph is a comment."""
IN_ORDER = (COMMENT, ANCHOR, MARK, HIDDEN, DELETED)

_STRUCK_OUT = re.compile(r"text-decoration(?:-line)?\s*:[^;]*\bline-through", re.IGNORECASE)
_HIDDEN = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden)", re.IGNORECASE
)
_OFFICE_COMMENT = re.compile(r"mso-element\s*:\s*comment\b(?!-)", re.IGNORECASE)
_OFFICE_FURNITURE = re.compile(
    r"mso-element\s*:\s*comment-list|mso-special-character\s*:\s*comment", re.IGNORECASE
)
_DELETED_CLASS = re.compile(r"msodel|track(?:ed)?change\w*(?:delet\w*)", re.IGNORECASE)
_COMMENT_CLASS = re.compile(
    r"msocomtxt|mso(?:comment|annotation)(?:text|subject)\w*|annotation_style_by_filter", re.IGNORECASE
)
_FURNITURE_CLASS = re.compile(
    r"msocomoff|msocomhide|mso(?:comment|annotation)reference|commentreference", re.IGNORECASE
)
_NOTE_SIGN_CLASS = re.compile(r"sd(?:foot|end)note(?:sym|anc)|mso(?:foot|end)notereference", re.IGNORECASE)
_ANCHOR_CLASS = re.compile(r"msocomanchor|sdcomment\w*", re.IGNORECASE)
# A browser that pastes puts the address of the document before the `#`. On other pages `#cmnt1` is a reader's comment.
_DOCUMENT = r"(?:file:[^#]*|https?://docs\.google\.com/[^#]*)?"
_ANCHOR_HREF = re.compile(rf"{_DOCUMENT}#(?:_msocom_|cmnt)\d+", re.IGNORECASE)
_BACK_HREF = re.compile(rf"{_DOCUMENT}#(?:_msoanchor_|cmnt_ref)\d+", re.IGNORECASE)


@dataclass(frozen=True)
class LeftOut:
    """How much of a paste was no part of its text: passages that were deleted or hidden, and comments."""

    deleted: int = 0
    hidden: int = 0
    comments: int = 0

    def __bool__(self) -> bool:
        return bool(self.deleted or self.hidden or self.comments)

    def as_numbers(self) -> dict[str, int]:
        return {"deleted": self.deleted, "hidden": self.hidden, "comments": self.comments}


NOTHING = LeftOut()


def kind_of(name: str, attributes: dict[str, str]) -> str:
    """Why the words in an element are left out; "" where they are not."""
    style, href = attributes.get("style", ""), attributes.get("href", "")
    classes = attributes.get("class", "").split()
    if _OFFICE_COMMENT.search(style) or _any(_COMMENT_CLASS, classes):
        return COMMENT
    if name == "a" and (_any(_ANCHOR_CLASS, classes) or _ANCHOR_HREF.fullmatch(href)):
        return ANCHOR
    if name == "a" and _BACK_HREF.fullmatch(href):
        return NOTE if "#cmnt" in href.lower() else MARK
    if _OFFICE_FURNITURE.search(style) or _any(_FURNITURE_CLASS, classes):
        return MARK
    if name in STRUCK or _STRUCK_OUT.search(style) or _any(_DELETED_CLASS, classes):
        return DELETED
    return HIDDEN if _HIDDEN.search(style) else ""


def _any(known: re.Pattern[str], classes: list[str]) -> bool:
    return any(known.fullmatch(each) for each in classes)
