"""What makes public releases findable by words and by date. No table here decides what is public: the one query does.

Known words and their letters are of releases that are recorded as public, and go with them. The others hold rows of releases that an editor has said yes to, also of those that are still to come. They are copies:
losing them loses nothing, and `portal init` makes what is missing anew.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import DDL, BigInteger, Dialect, ForeignKey, Index, String, Text, event
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import ExecutableDDLElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from portal.storage.tables.base import Base, Instant


class Words(TypeDecorator[list[str]]):
    """A list of words: a text-search vector on PostgreSQL, on SQLite a line for FTS5 to read. Never read back."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return " ".join(f"'{word}'" for word in value) if dialect.name == "postgresql" else " ".join(value)


class SearchEntry(Base):
    """The words of one approved revision. `position` grows with the time of going live and is unique."""

    __tablename__ = "search_entries"
    __table_args__ = (Index(None, "position", unique=True),)

    release_id: Mapped[int] = mapped_column(ForeignKey("releases.id"), primary_key=True, autoincrement=False)
    revision_id: Mapped[int] = mapped_column()
    position: Mapped[int] = mapped_column(BigInteger)
    words: Mapped[list[str]] = mapped_column(Words)


class ToLearn(Base):
    """A release whose words are looked through for suggestions once its going live is recorded."""

    __tablename__ = "to_learn"

    release_id: Mapped[int] = mapped_column(ForeignKey("releases.id"), primary_key=True, autoincrement=False)


class KnownWord(Base):
    """A word of a release that is recorded as public, folded, and how it is written there: what somebody may have meant."""

    __tablename__ = "known_words"
    __table_args__ = (Index(None, "release_id"), {"sqlite_with_rowid": False})

    word: Mapped[str] = mapped_column(String(32), primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("releases.id"), primary_key=True, autoincrement=False)
    written: Mapped[str] = mapped_column(String(64))


class WordGram(Base):
    """Three letters in a row of a known word; `length` is the word's."""

    __tablename__ = "word_grams"
    __table_args__ = ({"sqlite_with_rowid": False},)

    gram: Mapped[str] = mapped_column(String(3), primary_key=True)
    length: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    word: Mapped[str] = mapped_column(String(32), primary_key=True)


class EventDate(Base):
    """When an approved event takes place, as instants that can be compared; `ends_at` is its start where none is said."""

    __tablename__ = "event_dates"
    __table_args__ = (Index(None, "ends_at", "release_id"),)

    release_id: Mapped[int] = mapped_column(ForeignKey("releases.id"), primary_key=True, autoincrement=False)
    revision_id: Mapped[int] = mapped_column()
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)


class SitemapPart(Base):
    """The place that a part of the sitemap begins after, in order. Rows are added at the end and stay as they are."""

    __tablename__ = "sitemap_parts"

    id: Mapped[int] = mapped_column(primary_key=True)
    live_from: Mapped[datetime] = mapped_column(Instant)
    # No foreign key: it is a place in an order, and stands whatever becomes of the release.
    release_id: Mapped[int] = mapped_column()


# `search_index` is where the words are looked up: a GIN index on PostgreSQL, on SQLite an FTS5 table beside the table,
# kept by triggers, whoever writes. `detail=none` and `columnsize=0`: only whether a word is there is asked; `ascii`
# takes every word as it is. Alembic compares neither, so the migration and these lines say the same twice.
_DELETED = "INSERT INTO search_index (search_index, rowid, words) VALUES ('delete', old.position, old.words);"
_INSERTED = "INSERT INTO search_index (rowid, words) VALUES (new.position, new.words);"
_TABLE = (
    "CREATE VIRTUAL TABLE search_index USING fts5 (words, content='search_entries', content_rowid='position',"
    " tokenize='ascii', detail='none', columnsize=0)"
)
_FTS5 = (
    _TABLE,
    f"CREATE TRIGGER search_entries_inserted AFTER INSERT ON search_entries BEGIN {_INSERTED} END",
    f"CREATE TRIGGER search_entries_deleted AFTER DELETE ON search_entries BEGIN {_DELETED} END",
    f"CREATE TRIGGER search_entries_updated AFTER UPDATE ON search_entries BEGIN {_DELETED} {_INSERTED} END",
)
_GIN = "CREATE INDEX search_index ON search_entries USING gin (words)"


def _only_on(dialect: str, statement: str) -> ExecutableDDLElement:
    ddl: ExecutableDDLElement = DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]
    return ddl


for _statement in _FTS5:
    event.listen(SearchEntry.__table__, "after_create", _only_on("sqlite", _statement))
event.listen(SearchEntry.__table__, "after_create", _only_on("postgresql", _GIN))
event.listen(SearchEntry.__table__, "before_drop", _only_on("sqlite", "DROP TABLE search_index"))
