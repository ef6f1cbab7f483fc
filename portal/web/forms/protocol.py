"""What every form of ours has and does: how it is read, what it hands over, and how it shows what was wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Self

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict

from portal.rules import presses
from portal.rules.issues import Issue
from portal.rules.presses import Press
from portal.web.forms import raw
from portal.web.forms.fields import Answer, Version

TOKEN, PRESS = "csrf_token", "idempotency_key"
# What a page puts into its forms, and nobody typed.
_MARKS = frozenset((TOKEN, PRESS, "version"))


class PortalForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF comes without types
    """A form of some fields. Names that are none of its fields are nothing to it.

    Flask-WTF would look at the token once more: it was asked for at the door, before the view (access.py), or the form
    needs none because it needs no session (the daily e-mail).
    """

    class Meta:
        csrf = False

    def __init__(self, posted: MultiDict[str, str] | None = None, **known: Any) -> None:
        """`posted` is the body of a request, `known` what stands in the fields without one."""
        super().__init__(formdata=posted, **known)
        self.unplaced: list[Issue] = []
        self._came = posted if posted is not None else MultiDict()

    @classmethod
    def read(cls, **known: Any) -> Self:
        """The form that this request brought."""
        return cls(raw.body(), **known)

    def answers(self) -> Iterator[Answer]:
        """Every field that takes an answer, those of the quotes too."""
        for field in self:
            yield from field.answers()

    def posted(self) -> dict[str, str]:
        """What came, by name and clean. A field that did not come is not in it."""
        return {field.name: field.data for field in self.answers() if field.was_posted}

    def words(self) -> dict[str, Any]:
        """What the action of this form is called with. Raises Invalid where the page's own marks are missing."""
        return {field.short_name: field.handed_over() for field in self}

    def typed(self) -> MultiDict[str, str]:
        """All that came, to be shown again: what the form knows is clean, anything else as it was."""
        clean = {field.name: field.data for field in self.answers() if field.was_posted}
        others = [(name, value) for name, value in self._came.items(multi=True) if name not in clean]
        pairs = [(name, each) for name, data in clean.items() for each in _each(data)]
        return MultiDict([*others, *pairs])

    def press(self, user_id: int, address: str, *, pressed: float, now: datetime) -> Press:
        """This sending of it: what came, and the key with which the form was drawn. `pressed`: seconds of real time.

        A program that left the key out has its token for one, together with the minute.
        """
        key = self._came.get(PRESS, "")[: presses.LONGEST_KEY]
        token = f"{self._came.get(TOKEN, '')} {now:%Y-%m-%dT%H:%M}"
        came = [part for pair in self._came.items(multi=True) if pair[0] not in _MARKS for part in pair]
        words = presses.hashed(str(user_id), address, *came)
        version = self._fields.get("version")
        return Press(
            user_id=user_id,
            words=words,
            mark=presses.hashed(words, key or token),
            version=version.number_or_none() if version is not None else None,
            drawn=presses.drawn_at(key),
            pressed=pressed,
            now=now,
        )

    def show(self, issues: Iterable[Issue]) -> None:
        """Have each stand at its field; what belongs to none stands over the form alone."""
        fields = {field.name: field for field in self.answers()}
        for issue in issues:
            if issue.field in fields:
                fields[issue.field].show(issue)
            else:
                self.unplaced.append(issue)

    @property
    def issues(self) -> list[Issue]:
        """All that is wrong with it, in the order of the fields."""
        return [*(issue for field in self.answers() for issue in field.issues), *self.unplaced]


class VersionedForm(PortalForm):
    """A form that changes a release: it says which version its page showed."""

    version = Version()


class ButtonForm(PortalForm):
    """A page with one button: nothing but the press counts."""


class VersionForm(VersionedForm):
    """A button that changes a release."""


Known = Mapping[str, Mapping[str, Any]]


class FormsOfPage(dict[str, PortalForm]):
    """The forms of a page by what they are for, each made when it is drawn: a page shows few of those it knows.

    `known` is what stands in a form before anybody types.
    """

    def __init__(self, classes: Mapping[str, type[PortalForm]], known: Known | None = None) -> None:
        super().__init__()
        self._classes, self._known = classes, known or {}

    def __missing__(self, act: str) -> PortalForm:
        return self._made(act)

    def came_back(
        self, act: str, typed: MultiDict[str, str] | None = None, issues: Iterable[Issue] = ()
    ) -> Self:
        """The same page, where the form of an act stands with what was typed in it and what was wrong with that."""
        if act in self._classes:
            self._made(act, typed).show(issues)
        return self

    def _made(self, act: str, typed: MultiDict[str, str] | None = None) -> PortalForm:
        self[act] = self._classes[act](typed, **self._known.get(act, {}))
        return self[act]


def _each(data: Any) -> Sequence[str]:
    return data if isinstance(data, list) else [data]
