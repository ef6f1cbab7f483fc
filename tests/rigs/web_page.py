"""A page as a browser without scripts sees it: its words, its links and its forms, which are filled by name.

A form refuses what a browser would not let a person do: fill a field that is not there, or choose what is not offered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

SILENT = {"script", "style", "template"}
EMPTY = {"input", "meta", "link", "br", "img", "hr", "wbr", "base", "col", "embed", "source", "area"}
BLOCKS = {
    "p",
    "div",
    "li",
    "tr",
    "td",
    "th",
    "h1",
    "h2",
    "h3",
    "dt",
    "dd",
    "section",
    "form",
    "label",
    "button",
}
Attributes = dict[str, str]


@dataclass
class Control:
    """A field, or one radio of several with the same name."""

    name: str
    type: str
    value: str = ""
    checked: bool = False
    disabled: bool = False
    choices: list[str] | None = None


@dataclass
class Button:
    """What a person can press: its words, and what it adds to the form."""

    words: str = ""
    name: str = ""
    value: str = ""


@dataclass
class Form:
    """One form of a page with everything that stands in it."""

    action: str
    method: str
    id: str = ""
    controls: list[Control] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        return {control.name for control in self.controls}

    def value(self, name: str) -> str:
        """What the field would send now; empty for no tick."""
        return next((value for key, value in reversed(self.entries()) if key == name), "")

    def fill(self, values: Mapping[str, str] = {}, **more: str) -> Form:
        """Type and choose. Raises AssertionError for what the form does not offer."""
        for name, value in {**values, **more}.items():
            mine = [control for control in self.controls if control.name == name and control.type != "hidden"]
            assert mine, f"the form {self.action} has no field {name}, only {sorted(self.names)}"
            _set(mine, value)
        return self

    def entries(self, button: Button | None = None) -> list[tuple[str, str]]:
        """The fields as a browser sends them, in the order of the page."""
        found = [(each.name, each.value) for each in self.controls if each.checked and not each.disabled]
        return found + ([(button.name, button.value)] if button and button.name else [])

    def button(self, words: str = "") -> Button:
        """The button that says this, or the first one, which Enter presses."""
        found = [each for each in self.buttons if words.lower() in each.words.lower()]
        assert found, f"no button of {self.action} says {words!r}: {[each.words for each in self.buttons]}"
        return found[0]


def _set(controls: list[Control], value: str) -> None:
    if controls[0].type in ("radio", "checkbox"):
        offered = [control.value for control in controls]
        wanted = value.split("|") if value else []
        assert set(wanted) <= set(offered), f"{controls[0].name} offers {offered}, not {value!r}"
        for control in controls:
            control.checked = control.value in wanted
        return
    offered_choices = controls[0].choices
    if offered_choices is not None:
        assert value in offered_choices, f"{controls[0].name} does not offer {value!r}"
    controls[0].value = value


@dataclass
class Page:
    """An answer with what stands on it."""

    url: str
    status: int
    html: str
    headers: Mapping[str, str]
    text: str = ""
    title: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    elements: list[tuple[str, Attributes]] = field(default_factory=list)
    alert: str = ""

    def form(self, ending: str = "", *, button: str = "") -> Form:
        """The form whose address ends so and that has a button with these words."""
        for form in self.forms:
            if form.action.split("?")[0].endswith(ending) and (
                not button or any(button.lower() in each.words.lower() for each in form.buttons)
            ):
                return form
        raise AssertionError(
            f"{self.url} ({self.status}) has no form {ending!r} {button!r}, only {[f.action for f in self.forms]}"
        )

    def link(self, words: str) -> str:
        """The address behind the first link with these words."""
        for shown, address in self.links:
            if words.lower() in shown.lower():
                return address
        raise AssertionError(f"{self.url} has no link {words!r}, only {[shown for shown, _ in self.links]}")

    def marks(self, name: str) -> list[str]:
        """Every value of an attribute, in the order of the page."""
        return [known[name] for _tag, known in self.elements if name in known]

    @property
    def main(self) -> Attributes:
        return next((known for tag, known in self.elements if tag == "main"), {})

    @property
    def issues(self) -> set[tuple[str, str]]:
        """Field and code of each issue that is shown."""
        return {
            (known["data-field"], known["data-code"]) for _tag, known in self.elements if "data-code" in known
        }

    @property
    def facts(self) -> list[str]:
        """The timeline's facts, newest first."""
        return self.marks("data-fact")


def read(url: str, status: int, html: str, headers: Mapping[str, str]) -> Page:
    page = Page(url, status, html, headers)
    reader = _Reader(page)
    reader.feed(html)
    reader.close()
    reader.finish()
    return page


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self.words: list[str] = []
        self.alerts: list[str] = []
        self.stack: list[tuple[str, Attributes]] = []
        self.form: Form | None = None
        self.elsewhere: list[tuple[str, Control]] = []
        self.area: Control | None = None
        self.select: Control | None = None
        self.option: str | None = None
        self.button: Button | None = None
        self.anchor: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        self.page.elements.append((tag, known))
        if tag not in EMPTY:
            self.stack.append((tag, known))
        if tag in BLOCKS:
            self._say(" ")
        opened = getattr(self, f"_open_{tag}", None)
        if opened:
            opened(known)

    def handle_endtag(self, tag: str) -> None:
        if any(open_tag == tag for open_tag, _ in self.stack):
            while self.stack.pop()[0] != tag:
                pass
        closed = getattr(self, f"_close_{tag}", None)
        if closed:
            closed()
        if tag in BLOCKS:
            self._say(" ")

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self.stack]
        if SILENT.intersection(tags):
            return
        if "title" in tags and "svg" not in tags:
            self.page.title += data
            return
        if self.area is not None:
            self.area.value += data
        if self.button is not None:
            self.button.words += data
        if self.anchor is not None:
            self.anchor.append(data)
        self._say(data)

    def finish(self) -> None:
        self.page.text = _joined(self.words)
        self.page.alert = _joined(self.alerts)
        for form_id, control in self.elsewhere:
            next(form for form in self.page.forms if form.id == form_id).controls.append(control)

    def _say(self, data: str) -> None:
        self.words.append(data)
        if any(known.get("role") == "alert" for _tag, known in self.stack):
            self.alerts.append(data)

    def _add(self, control: Control, known: Attributes) -> None:
        control.disabled = "disabled" in known
        if not control.name:
            return
        if known.get("form"):
            self.elsewhere.append((known["form"], control))
        elif self.form is not None:
            self.form.controls.append(control)

    def _open_form(self, known: Attributes) -> None:
        action = urljoin(self.page.url, known.get("action") or self.page.url)
        self.form = Form(action, known.get("method", "get").lower(), known.get("id", ""))
        self.page.forms.append(self.form)

    def _close_form(self) -> None:
        self.form = None

    def _open_input(self, known: Attributes) -> None:
        kind = known.get("type", "text")
        ticked = kind not in ("checkbox", "radio") or "checked" in known
        value = known.get("value", "on" if kind in ("checkbox", "radio") else "")
        self._add(Control(known.get("name", ""), kind, value, ticked), known)

    def _open_textarea(self, known: Attributes) -> None:
        self.area = Control(known.get("name", ""), "textarea", "", checked=True)
        self._add(self.area, known)

    def _close_textarea(self) -> None:
        if self.area is not None:
            self.area.value = self.area.value.removeprefix("\n")
        self.area = None

    def _open_select(self, known: Attributes) -> None:
        self.select = Control(known.get("name", ""), "select", "", checked=True, choices=[])
        self._add(self.select, known)

    def _close_select(self) -> None:
        self.select = None

    def _open_option(self, known: Attributes) -> None:
        if self.select is None or self.select.choices is None:
            return
        value = known.get("value", "")
        if "selected" in known or not self.select.choices:
            self.select.value = value
        self.select.choices.append(value)

    def _open_button(self, known: Attributes) -> None:
        self.button = Button("", known.get("name", ""), known.get("value", ""))
        if self.form is not None and known.get("type", "submit") == "submit":
            self.form.buttons.append(self.button)

    def _close_button(self) -> None:
        if self.button is not None:
            self.button.words = _joined([self.button.words])
        self.button = None

    def _open_a(self, known: Attributes) -> None:
        self.anchor = []
        self.page.links.append(("", urljoin(self.page.url, known.get("href", ""))))

    def _close_a(self) -> None:
        if self.anchor is not None and self.page.links:
            self.page.links[-1] = (_joined(self.anchor), self.page.links[-1][1])
        self.anchor = None


def _joined(parts: list[str]) -> str:
    return re.sub(r"\s+", " ", "".join(parts)).strip()
