"""A person with a real browser, scripts on, at a running portal."""

from __future__ import annotations

from typing import Any

from tests.rigs import sending
from tests.rigs.people import PASSWORD
from tests.rigs.running_portal import RunningPortal
from tests.rigs.sending import RECORDS

PASTE = """([selector, html]) => {
    const area = document.querySelector(selector), data = new DataTransfer();
    data.setData('text/html', html); data.setData('text/plain', 'plain words');
    area.focus(); area.setSelectionRange(area.value.length, area.value.length);
    area.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})) }"""


class Screen:
    """A person with a browser; `complaints` are what its console says: a script that failed, a policy that was broken."""

    def __init__(self, browser: Any, site: RunningPortal) -> None:
        self.context, self.site = browser.new_context(), site
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda problem: self.complaints.append(str(problem)))
        self.page.on("console", self._listen)

    def _listen(self, message: Any) -> None:
        expected = "Failed to load resource: the server responded with a status of"  # 422 and the like
        if message.type == "error" and not message.text.startswith(expected):
            self.complaints.append(message.text)

    def open(self, address: str) -> None:
        self.page.goto(self.site.home + address if address.startswith("/") else address)

    def paste(self, html: str) -> None:
        """Into the story; the rich field comes once its script is there."""
        self.page.evaluate(PASTE, ["textarea[name=body]", html])
        self.page.locator(".rich").wait_for()

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=words).first.click()
        self.page.wait_for_load_state()

    def approve(self) -> None:
        """With every record that the page asks for; the panel that holds them may be closed."""
        for name, words in RECORDS.items():
            for field in self.page.locator(f"[name={name}]").all():
                field.evaluate("(field, words) => { field.value = words }", words)
        self.page.locator("#alone").evaluate("(panel) => { panel.open = true }")
        self.press("Record the")

    def fill(self, values: dict[str, str]) -> None:
        """Each value into its field; what is not there to be seen has nothing to be left empty."""
        for name, value in values.items():
            if value or self.page.locator(f"main [name='{name}']:not([type=hidden])").first.is_visible():
                self._set(name, value)

    def _set(self, name: str, value: str) -> None:
        fields = self.page.locator(f"main [name='{name}']:not([type=hidden])")
        kind = fields.first.evaluate("field => field.type")
        if kind == "radio":
            self.page.locator(f"main [name='{name}'][value='{value}']").check()
        elif kind == "checkbox":
            fields.first.set_checked(value == "y")
        elif kind == "select-one":
            fields.first.select_option(value)
        else:
            fields.first.fill(value)

    def log_in(self, address: str) -> None:
        self.open("/account/login")
        self.fill({"email": address, "password": PASSWORD})
        self.press("Log in")

    def write(self, kind: str) -> str:
        """All four pages of a kind's example; the reference. Ends on the check page."""
        self.open("/submit")
        self.page.locator(f"button[name=kind][value={kind}]").click()
        reference = self.page.url.split("/")[-3]
        for page in sending.PAGES:
            self.fill(sending.answers_on(kind, page))
            self.press("Save and check" if page == "contact" else "Save and go on to")
        return reference

    def send(self) -> None:
        self.fill(sending.DECLARED)
        self.press("Send to the editors")
