"""How much markup we read, and the sentence that a sender gets beyond it.

bleach's cost grows with the square of unclosed tags and of attributes, so the limits stand before it.
Sizes are counted in characters, so that a Burmese letter is not charged three times.
"""

MOST_RAW_CHARACTERS = 200_000
MOST_CHARACTERS = 60_000
MOST_TAGS = 2_000
MOST_DEPTH = 50
MOST_ATTRIBUTES = 20
# Classes of a style sheet that strike out or raise; more say nothing.
MOST_CLASS_RULES = 200
# Kinds of formatting tags in one text; of each kind a browser carries up to three on into each paragraph.
MOST_FORMATS = 30
# Starts and ends of elements after that.
MOST_PIECES_READ = 10 * MOST_TAGS
# Lists in lists, and quotations in quotations, that are kept as such; Word writes nine levels. What is written
# is thereby never deeper than what may be read.
MOST_NESTED = 10


class TooMuchMarkup(ValueError):
    """The markup is larger or deeper than we read. The message is a sentence for the sender."""


def refuse_raw_size() -> TooMuchMarkup:
    return TooMuchMarkup(
        "This text is far too large to read. Paste it as plain text, or leave out the pictures."
    )


def refuse_size() -> TooMuchMarkup:
    return TooMuchMarkup("This text is longer than 60,000 characters. Shorten it, or paste it as plain text.")


def refuse_tags() -> TooMuchMarkup:
    return TooMuchMarkup("This text has more than 2,000 pieces of formatting. Paste it as plain text.")


def refuse_depth() -> TooMuchMarkup:
    return TooMuchMarkup("The formatting of this text is nested too deeply. Paste it as plain text.")


def refuse_attributes() -> TooMuchMarkup:
    return TooMuchMarkup("A piece of formatting in this text has too many settings. Paste it as plain text.")


def refuse_unclear() -> TooMuchMarkup:
    return TooMuchMarkup("We cannot read the formatting of this text. Paste it as plain text.")
