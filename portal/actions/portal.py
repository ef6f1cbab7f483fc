"""What every action is handed: the database, the settings and the doorbell."""

from dataclasses import dataclass, replace

from portal.rules.presses import Press
from portal.settings import Settings
from portal.storage.database import Database
from portal.storage.unit_of_work import Doorbell, UnitOfWork, silent


@dataclass(frozen=True)
class Portal:
    """The working parts, put together by app.py and the commands."""

    database: Database
    settings: Settings
    doorbell: Doorbell = silent
    request_id: str = ""
    press: Press | None = None

    def work(self) -> UnitOfWork:
        """One transaction: `with portal.work() as work: …; work.commit()`."""
        return UnitOfWork(self.database, self.doorbell, self.request_id)

    def for_request(self, request_id: str) -> "Portal":
        """The same portal, whose records name this request."""
        return replace(self, request_id=request_id)

    def for_press(self, press: Press) -> "Portal":
        """The same portal, whose next act is this press: its second coming has no second effect."""
        return replace(self, press=press)
