"""What must be measured in text before the rules can judge it; `portal.text` fills it in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """Counts of one revision. Words count as `product` limits do: six graphemes stand for one word in Thai, Lao,
    Khmer and Burmese. Graphemes are characters as a reader counts them.

    `body_text` is the plain text of the sanitised story, paragraphs parted by a blank line; `lead` is its first
    paragraph; `body_links` are the addresses of its links. `about_words` measures the organisation's About text.
    """

    body_text: str = ""
    lead: str = ""
    body_words: int = 0
    body_links: tuple[str, ...] = ()
    headline_words: int = 0
    headline_graphemes: int = 0
    subheadline_graphemes: int = 0
    summary_graphemes: int = 0
    about_words: int = 0
