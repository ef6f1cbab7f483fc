"""The pages of a release as forms, made from the fields of `rules/kinds`: for each kind and page one class."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

from werkzeug.datastructures import MultiDict

from portal.rules.issues import blocking
from portal.rules.kinds import DECLARATIONS, PAGES, Field, fields_of
from portal.rules.refusals import Invalid
from portal.text.out_of_place import parted_headline
from portal.text.plain import clean_text
from portal.web.forms.fields import Answer, Choice, Line, Tick, field_for
from portal.web.forms.protocol import VersionedForm
from portal.web.forms.quotes import Quotes, parts_of

FORM_PAGES = PAGES[:-1]
NO_KEY = "This form came without its key. Open the page again and send it from there."
OWN = frozenset({"version", "go", "material"})
"""Fields of the form itself: no answers about the news."""


Form = TypeVar("Form", bound="PageForm")


class PageForm(VersionedForm):
    """A page of a release. `go` is the button that was pressed: each saves, and then leads somewhere else."""

    go = Choice()

    def __init__(
        self, posted: MultiDict[str, str] | None = None, *, values: Mapping[str, str] | None = None
    ) -> None:
        known = values or {}
        super().__init__(posted, data={**known, "quotes": parts_of(known)})

    def posted(self) -> dict[str, str]:
        """The answers that came, without the form's own fields."""
        return {name: text for name, text in super().posted().items() if name not in OWN}

    def parted(self) -> tuple[dict[str, str], str]:
        """The answers that came with the first line of a headline, and the lines behind it that are no headline."""
        answers, headline = self.posted(), self._fields.get("headline")
        if headline is None or not headline.was_posted:
            return answers, ""
        first, rest = parted_headline(headline.came, headline.asked.most or 0)
        return {**answers, "headline": first}, rest

    def as_typed(self) -> dict[str, str]:
        """The same with all lines of a headline, to be shown again and sent once more."""
        rest = self.parted()[1]
        return self.posted() | ({"headline": clean_text(self._fields["headline"].came)} if rest else {})

    def drawn(self) -> Iterator[Answer]:
        """The fields that the page shows, in their order."""
        for name, field in self._fields.items():
            if name not in OWN:
                yield from field.drawn() if isinstance(field, Quotes) else (field,)

    def written_as(self) -> str:
        """How the story of this form is written: as it came, or as it was saved."""
        chosen = self._fields["body_format"].data if "body_format" in self._fields else ""
        return chosen or "text"


class EditForm(PageForm):
    """All pages of a release as one form, for an editor. A material change goes to the sender for sign-off."""

    material = Tick()

    def of_page(self, page: str) -> list[Answer]:
        return [field for field in self.drawn() if field.asked.page == page]


class CheckForm(VersionedForm):
    """The last page: what the sender declares, and the key by which a release is sent once."""

    go = Choice()
    idempotency_key = Line()
    declare_authorised, declare_facts, declare_rights = map(field_for, DECLARATIONS)

    def key(self) -> str:
        """Raises Invalid where the form lost it."""
        if not self.idempotency_key.data:
            raise Invalid(NO_KEY, [blocking("FORMAT", "idempotency_key", NO_KEY)])
        return str(self.idempotency_key.data)

    @property
    def declarations(self) -> list[Answer]:
        return [self._fields[field.name] for field in DECLARATIONS]


@cache
def form_of(kind: str, page: str, *, is_correction: bool = False) -> type[PageForm]:
    """The form of one page. A correction's has no timing."""
    return _made(PageForm, f"{kind} {page}", fields_of(kind, page, 0, is_correction=is_correction))


@cache
def edit_form_of(kind: str) -> type[EditForm]:
    """The form of all pages; the sender's wish for a time is not the editor's to write."""
    asked = [field for page in FORM_PAGES for field in fields_of(kind, page, 0, is_correction=True)]
    return _made(EditForm, f"{kind} edit", asked)


def _made(base: type[Form], name: str, asked: Iterable[Field]) -> type[Form]:
    """A class with a field for each question; the quotes stand where the story asks for them."""
    fields: dict[str, Any] = {}
    for each in asked:
        if each.name == "notes_to_editors":
            fields["quotes"] = Quotes()
        fields[each.name] = field_for(each)
    return type(f"{name.title().replace(' ', '')}Form", (base,), fields)
