"""A public page asks the database the same number of times, however many releases there are."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from tests import builders


@pytest.fixture
def counting(app, reader):
    """Opens an address and says how many statements that took."""
    engine = app.extensions["portal"].database.engine

    def count(address):
        sent = []

        def remember(_connection, _cursor, statement, *_rest):
            sent.append(statement)

        event.listen(engine, "before_cursor_execute", remember)
        assert reader.get(address).status_code == 200
        event.remove(engine, "before_cursor_execute", remember)
        return len(sent)

    return count


def make(work, how_many, now):
    for number in range(how_many):
        house = builders.organisation(work, slug=f"house-{how_many}-{number}")
        row = builders.published_release(work, kind="event", house=house, at=now - timedelta(minutes=number))
    return row


def test_the_number_of_queries_does_not_grow_with_the_rows(reader, saving, counting, now):
    with saving() as work:
        row = make(work, 2, now)
    own = (f"/releases/{row.reference}/{row.slug}", "/organisations/house-2-0", "/feeds/org-house-2-0.rss")
    everyones = (
        "/",
        "/releases/",
        "/releases/?kind=event",
        "/releases/?place=cambodia",
        "/feeds/place-cambodia.atom",
    )
    few = [counting(address) for address in (*own, *everyones)]

    with saving() as work:
        make(work, 40, now)

    assert [counting(address) for address in (*own, *everyones)] == few
    assert max(few) <= 12
