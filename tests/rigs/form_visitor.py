"""A visitor who fills the forms that a page really has, without a server between."""

from __future__ import annotations

from collections.abc import Mapping

from werkzeug.test import TestResponse

from tests.rigs.visitor import Visitor
from tests.rigs.web_page import Page, read


class FormVisitor:
    """`page` is what its person looks at."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page = Page("", 0, "", {})

    def open(self, path: str) -> Page:
        return self._at(path, self.visitor.open(path))

    def send(
        self,
        ending: str,
        values: Mapping[str, str] | None = None,
        *,
        button: str = "",
        page: Page | None = None,
    ) -> Page:
        """Fill a form of the page in front, or of an older `page`, and go where the answer leads."""
        form = (page or self.page).form(ending, button=button).fill(values or {})
        fields: dict[str, list[str]] = {}
        for name, value in form.entries(form.button(button)):
            fields.setdefault(name, []).append(value)
        answer = self.visitor.client.post(form.action, data=fields)
        return self.open(answer.location) if answer.status_code == 303 else self._at(form.action, answer)

    def _at(self, path: str, answer: TestResponse) -> Page:
        self.page = read(path, answer.status_code, answer.text, answer.headers)
        return self.page
