"""The daily e-mail starts later: the page says so, and a posted address is not kept."""

import pytest
from sqlalchemy import func, select

from portal.storage.tables import Base


@pytest.fixture
def database(sqlite_database):
    """What a page says does not depend on the database; once is enough."""
    return sqlite_database


def rows(database):
    with database.reading() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.tables.values()
        }


def test_the_page_says_that_it_starts_later(reader):
    assert "It starts later." in reader.get("/newsletter").text


def test_a_posted_address_is_answered_plainly_and_stored_nowhere(reader, database):
    before = rows(database)

    answer = reader.post("/newsletter", data={"email": "reader@post.example"})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/newsletter/sent")
    page = reader.get("/newsletter/sent")
    assert "You are not on a list, and we kept no address" in page.text
    assert "Set-Cookie" not in answer.headers
    assert rows(database) == before


def test_a_form_on_another_site_is_refused(reader):
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        assert reader.post("/newsletter", data={"email": "a@b.example"}, headers=headers).status_code == 400
