"""The same story is found again through the index, other stories are not."""

import json
import random
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest

from portal.text.similarity import bands, resemblance, signature

STORY = " ".join(f"word{number}" for number in range(400))


def changed(text: str, words: int) -> str:
    pieces = text.split()
    for place in random.Random(7).sample(range(len(pieces)), words):
        pieces[place] = "other"
    return " ".join(pieces)


def shared_bands(first: str, second: str) -> int:
    return len(set(bands(first)) & set(bands(second)))


def test_a_text_has_sixteen_bands_that_fit_a_signed_column() -> None:
    assert len(set(bands(STORY))) == 16
    assert len(signature(STORY)) == 64
    assert all(0 <= band < 2**63 for band in bands(STORY))


def test_case_punctuation_and_line_breaks_do_not_make_another_story() -> None:
    assert bands("The Harbour, opened on Monday!") == bands("the harbour\nopened on monday")


def test_a_text_without_words_is_like_nothing() -> None:
    assert bands(" – !") == []
    assert resemblance("", "") == 0.0


def test_a_story_with_a_few_changed_words_shares_a_band() -> None:
    assert shared_bands(STORY, changed(STORY, 20)) > 0
    assert resemblance(STORY, changed(STORY, 20)) == pytest.approx(0.75, abs=0.1)


def test_the_same_text_resembles_itself_fully_and_another_not_at_all() -> None:
    assert resemblance(STORY, STORY) == 1.0
    assert resemblance(STORY, "Quite another story about the slipway of the harbour.") == 0.0


def test_burmese_is_read_by_letters_because_it_writes_no_spaces() -> None:
    letters = [chr(random.Random(3).randrange(0x1000, 0x1021) + number % 3) for number in range(400)]
    random.Random(5).shuffle(letters)
    story = "".join(letters)

    assert resemblance(story, story[:200] + "က" + story[200:]) > 0.8
    assert shared_bands(story, story[:200] + "က" + story[200:]) > 0


def test_only_releases_that_are_alike_share_more_than_two_bands(corpus: Path) -> None:
    lines = (corpus / "releases" / "english.jsonl").read_text(encoding="utf-8").splitlines()
    texts = {text for text in (json.loads(line).get("body_text") for line in lines) if text}
    indexed = [(text, set(bands(text))) for text in sorted(texts)]
    found = [
        (first, second) for (first, one), (second, other) in combinations(indexed, 2) if len(one & other) > 2
    ]

    assert len(indexed) > 50
    assert [pair for pair in found if resemblance(*pair) < 0.3] == []


def test_another_process_finds_the_same_bands() -> None:
    program = "from portal.text.similarity import bands; print(bands('The harbour opened on Monday'))"
    root = Path(__file__).resolve().parents[2]
    printed = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )

    assert json.loads(printed.stdout) == bands("The harbour opened on Monday")
