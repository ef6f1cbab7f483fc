"""The text of a release for a feed: the label first, then all that its page has, with absolute addresses.

Everything but the stored story and About text is escaped here; those two were sanitised when they were saved.
"""

from collections.abc import Iterator
from html import escape

from portal.outlets.public_release import FullRelease
from portal.rules.kinds import FactLine, Quote
from portal.rules.shown_times import shown
from portal.text.direction import direction_of

_PARAGRAPH = "<p>"


def one_line(release: FullRelease) -> str:
    """The dateline-led sentence that lists show, as plain text."""
    return release.dateline + (release.summary or release.excerpt)


def content_html(release: FullRelease, base_url: str, zone: str = "UTC") -> str:
    """The release as one piece of HTML, in its own language and direction; `zone` is that of our own times."""
    tongue = f' lang="{escape(release.language)}" dir="{direction_of(release.language)}"'
    story = "".join((*_standfirst(release), with_dateline(release), *map(_quote, release.quotes)))
    body = f"<div{tongue}>{story}</div>"
    parts = (
        _label(release),
        _banner(release),
        _corrected(release, zone),
        body,
        _facts(release.facts),
        _about(release, base_url),
    )
    return "\n".join(part for part in (*parts, _contact(release)) if part)


def with_dateline(release: FullRelease) -> str:
    """The story with its dateline in front of the first paragraph, or as a line of its own where none opens it."""
    dateline = f"<strong>{escape(release.dateline.rstrip())}</strong> " if release.dateline else ""
    if release.body_html.startswith(_PARAGRAPH):
        return _PARAGRAPH + dateline + release.body_html.removeprefix(_PARAGRAPH)
    return (f"<p>{dateline.rstrip()}</p>" if dateline else "") + release.body_html


def _label(release: FullRelease) -> str:
    return f"<p><strong>PRESS RELEASE – supplied by {escape(release.organisation.name)}</strong></p>"


def _banner(release: FullRelease) -> str:
    banner = release.banner
    return f"<p><strong>{banner.word}.</strong> {_lines(banner.text)}</p>" if banner else ""


def _corrected(release: FullRelease, zone: str) -> str:
    """What was wrong and what is right, dated, as the page has it."""
    notes = (note for note in release.notices if note.heading)
    return "".join(
        f"<p><strong>{note.heading}, {shown(note.at, zone)}:</strong> {_lines(note.text)}</p>"
        for note in notes
    )


def _lines(typed: str) -> str:
    """Words of a box of several lines: what was typed on a line of its own stays there."""
    return escape(typed).replace("\n", "<br>")


def _standfirst(release: FullRelease) -> Iterator[str]:
    if release.subheadline:
        yield f"<p><em>{escape(release.subheadline)}</em></p>"


def _quote(quote: Quote) -> str:
    who = ", ".join(escape(part) for part in (quote.speaker, quote.title) if part)
    return f"<blockquote><p>{_lines(quote.text)}</p>{f'<p>{who}</p>' if who else ''}</blockquote>"


def _facts(facts: tuple[FactLine, ...]) -> str:
    items = "".join(f"<li>{escape(fact.label)}: {_lines(fact.text)}</li>" for fact in facts)
    return f"<h3>Facts</h3><ul>{items}</ul>" if items else ""


def _about(release: FullRelease, base_url: str) -> str:
    organisation = release.organisation
    every = f'<p><a href="{escape(base_url + organisation.url)}">All its releases</a></p>'
    return f"<h3>About {escape(organisation.name)}</h3>{organisation.about_html}{every}"


def _contact(release: FullRelease) -> str:
    contact = release.contact
    who = ", ".join(part for part in (contact.name, contact.role) if part)
    lines = "<br>".join(escape(part) for part in (who, contact.email, contact.phone, contact.site) if part)
    return f"<h3>Public contact</h3><p>{lines}</p><p>Reference {escape(release.ref)}</p>"
