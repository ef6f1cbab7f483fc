"""Words are learnt from what was recorded as public, and go with it: on both databases."""

from __future__ import annotations

from datetime import timedelta

from portal.actions.publishing import correcting, going_live, killing, removing
from portal.actions.publishing.correcting import Correction
from portal.actions.publishing.killing import Kill
from portal.actions.releases import spelling
from portal.storage.queries import known_words
from portal.storage.tables import KnownWord, ToLearn, WordGram
from portal.text.spelling import grams, nearest
from tests.rigs.desk import Desk

WISH = {"timing": "schedule", "release_at": "2026-03-25T09:00", "release_timezone": "Asia/Jakarta"}


def meant(desk: Desk, slip: str) -> str:
    with desk.portal.database.reading() as session:
        known = known_words.alike(session, desk.now, grams(slip), len(slip))
    return known.get(nearest(slip, known), "")


def learn(desk: Desk) -> None:
    while spelling.learn(desk.portal, now=desk.now):
        pass


def killed(desk: Desk, reference: str) -> None:
    desk.now += timedelta(hours=1)
    kill = Kill("It was never true.", ["FACTS"], "It was never true.")
    desk.take(killing.kill, reference, desk.people.senior, sent=kill)


def test_the_words_of_what_is_public_are_learnt_once(desk):
    desk.decided("approve", headline="Zebra crossing opens in Jakarta")

    assert spelling.learn(desk.portal, now=desk.now) == 1
    assert spelling.learn(desk.portal, now=desk.now) == 0
    assert meant(desk, "zebar") == "zebra"
    assert meant(desk, "crosing") == "crossing"


def test_what_waits_for_its_minute_is_learnt_when_it_was_recorded(desk):
    desk.decided("approve", headline="Zebra crossing opens", **WISH)
    learn(desk)
    assert (meant(desk, "zebar"), desk.count(KnownWord), desk.count(ToLearn)) == ("", 0, 1)

    desk.now += timedelta(days=3)
    learn(desk)
    assert desk.count(KnownWord) == 0
    going_live.record_due(desk.portal, now=desk.now)
    learn(desk)

    assert meant(desk, "zebar") == "zebra"


def test_what_was_killed_takes_its_words_along(desk):
    reference = desk.decided("approve", headline="Zebra crossing opens")
    learn(desk)
    killed(desk, reference)

    assert (meant(desk, "zebar"), desk.count(KnownWord), desk.count(WordGram)) == ("", 0, 0)


def test_what_was_taken_down_and_put_back_is_learnt_again(desk):
    reference = desk.decided("approve", headline="Zebra crossing opens")
    learn(desk)
    desk.now += timedelta(hours=1)
    desk.take(removing.take_down, reference, desk.people.senior, message="A lawyer asked.")
    gone = meant(desk, "zebar")
    desk.take(removing.put_back, reference, desk.people.senior, message="The lawyer withdrew.")
    learn(desk)

    assert (gone, meant(desk, "zebar")) == ("", "zebra")


def test_a_word_that_others_hold_too_stays_known(desk, monkeypatch):
    monkeypatch.setattr(known_words, "MOST_BRINGERS", 1)
    first = desk.decided("approve", headline="Zebra crossing opens")
    learn(desk)
    desk.decided("approve", headline="A zebra comes to the zoo")
    learn(desk)
    killed(desk, first)
    learn(desk)

    assert meant(desk, "zebar") == "zebra"
    assert desk.count(WordGram) == sum(len(grams(word)) for word in words_known(desk))


def test_a_word_is_brought_by_three_at_the_most(desk):
    for number in range(5):
        desk.decided("approve", headline=f"Zebra crossing opens in street {number}")
    learn(desk)

    with desk.portal.database.reading() as session:
        assert session.query(KnownWord).filter(KnownWord.word == "zebra").count() == 3


def test_a_correction_is_learnt_in_place_of_the_text_before(desk):
    reference = desk.decided("approve", headline="Zebra crossing opens")
    learn(desk)
    desk.now += timedelta(hours=1)
    wrong = Correction("material", "It is a bridge.", "A slip.")
    desk.take(correcting.start, reference, desk.people.member, correction=wrong)
    desk.save(reference, "news", {"headline": "Footbridge opens"})
    desk.send(reference)
    desk.claim(reference)
    desk.decide(reference)
    learn(desk)

    assert (meant(desk, "zebar"), meant(desk, "footbrige")) == ("", "footbridge")


def words_known(desk: Desk) -> set[str]:
    with desk.portal.database.reading() as session:
        return {row.word for row in session.query(KnownWord)}
