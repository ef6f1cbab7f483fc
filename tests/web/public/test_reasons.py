"""Each reason code has its page, because checks, decisions and mails link there."""

from portal.rules.reasons import REASONS


def test_each_code_is_explained(reader):
    pages = {code: reader.get(f"/help/reasons/{code}").text for code in REASONS}

    assert [code for code, page in pages.items() if code not in page or "How to mend it" not in page] == []


def test_an_unknown_code_is_a_404(reader):
    assert reader.get("/help/reasons/NO_SUCH").status_code == 404


def test_all_codes_are_listed(reader):
    page = reader.get("/help/reasons").text

    assert [code for code in REASONS if f'href="/help/reasons/{code}"' not in page] == []
