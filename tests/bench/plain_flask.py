"""What a page costs a typical Flask program: one row by the ORM, one template, no session, no headers of ours.

The limit of a page that is not kept: the same row of the same database, shown with everything that a reader sees.
"""

from __future__ import annotations

from flask import Flask, render_template_string
from sqlalchemy import JSON, ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, joinedload, mapped_column, relationship

PAGE = """<!doctype html><html lang="{{ text.language }}"><head><title>{{ text.headline }}</title></head><body>
<h1>{{ text.headline }}</h1><p>{{ row.organisation.name }}, {{ text.city }}, {{ row.live_from }}</p>
{{ text.content["body_html"]|safe }}
<dl>{% for name, value in text.content["values"].items() %}<dt>{{ name }}</dt><dd>{{ value }}</dd>{% endfor %}</dl>
<ul>{% for other in more %}<li><a href="/{{ other.reference }}">{{ other.text.headline }}</a>
{{ other.organisation.name }} {{ other.text.excerpt }}</li>{% endfor %}</ul></body></html>"""
MORE = 4


class Base(DeclarativeBase):
    pass


class House(Base):
    __tablename__ = "organisations"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Text(Base):
    __tablename__ = "revisions"
    id: Mapped[int] = mapped_column(primary_key=True)
    headline: Mapped[str]
    language: Mapped[str]
    city: Mapped[str]
    excerpt: Mapped[str]
    content: Mapped[dict] = mapped_column(JSON)  # type: ignore[type-arg]


class Row(Base):
    __tablename__ = "releases"
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str]
    publication: Mapped[str]
    live_from: Mapped[str]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    live_revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    organisation: Mapped[House] = relationship()
    text: Mapped[Text] = relationship()


def plain_app(url: str) -> Flask:
    """Serves `/<reference>`."""
    app, engine = Flask("plain"), create_engine(url)
    whole = (joinedload(Row.organisation), joinedload(Row.text))

    @app.get("/<reference>")
    def page(reference: str) -> str:
        with Session(engine) as session:
            row = session.scalars(select(Row).options(*whole).where(Row.reference == reference)).one()
            more = session.scalars(
                select(Row)
                .options(*whole)
                .where(Row.publication == "live")
                .order_by(Row.live_from.desc())
                .limit(MORE)
            ).all()
            return render_template_string(PAGE, row=row, text=row.text, more=more)

    return app
