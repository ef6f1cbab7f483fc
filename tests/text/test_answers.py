"""What a field keeps of what was typed."""

import pytest

from portal.rules.kinds.fields import Field
from portal.text.answers import cleaned


@pytest.mark.parametrize(
    ("asks", "typed", "kept"),
    [
        ("language", " Burmese ", "my"), ("language", "မြန်မာ", "my"), ("language", "iw", "he"), ("language", "EN-gb", "en-GB"),
        ("language", "xx", "xx"), ("language", "en-XX", "en-XX"), ("language", "", ""),
        ("zone", "London", "Europe/London"), ("zone", "Asia/Yangon", "Asia/Yangon"), ("zone", "localtime", "localtime"), ("zone", "", ""),
        ("score", " 2½ ", "2½"), ("line", "<Kinta Rovers> win", "<Kinta Rovers> win"),
    ],
)  # fmt: skip
def test_an_answer_is_kept_as_what_it_means_or_as_it_was_typed(asks: str, typed: str, kept: str) -> None:
    assert cleaned(Field("a", "A", type=asks), typed) == kept
