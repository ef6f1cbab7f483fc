"""Each reason code has its page, because checks, decisions and mails link there."""

import pytest

from portal.rules.reasons import REASONS


@pytest.fixture
def database(sqlite_database):
    """What a page says does not depend on the database; once is enough."""
    return sqlite_database


def test_each_code_is_explained(reader):
    pages = {code: reader.get(f"/help/reasons/{code}").text for code in REASONS}

    assert [code for code, page in pages.items() if code not in page or "How to mend it" not in page] == []


def test_an_unknown_code_is_a_404(reader):
    assert reader.get("/help/reasons/NO_SUCH").status_code == 404


def test_all_codes_are_listed(reader):
    page = reader.get("/help/reasons").text

    assert [code for code in REASONS if f'href="/help/reasons/{code}"' not in page] == []
