"""What must be measured in text before the rules can judge it; `portal.text` fills it in."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Measured:
    """Counts of one revision. Where a script has no spaces, six graphemes or two stand for a word (`text/measure.py`);
    `body_scripts` says which of the two rules the story met. Graphemes are characters as a reader counts them. A text is
    dense where most of its letters are syllables or words.

    `body_text` is the plain text of the sanitised story, paragraphs parted by a blank line; `lead` is its first
    paragraph; `body_links` are the addresses of its links, `shut_links` those of them that
    lead through a gate that only its firm can open. `about_words` measures the organisation's About text. `left_out` counts
    what was no part of a pasted story: `deleted` and `hidden` passages, and `comments`.
    """

    body_text: str = ""
    lead: str = ""
    body_words: int = 0
    body_links: tuple[str, ...] = ()
    shut_links: tuple[str, ...] = ()
    body_scripts: frozenset[int] = frozenset()
    headline_words: int = 0
    headline_is_dense: bool = False
    headline_graphemes: int = 0
    subheadline_graphemes: int = 0
    summary_graphemes: int = 0
    summary_is_dense: bool = False
    about_words: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)
