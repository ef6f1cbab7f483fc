"""What the demo story says was mailed long ago counts as mailed, so that nothing of it ever leaves the house."""

from sqlalchemy import update

from portal.storage.tables import Delivery
from portal.storage.unit_of_work import UnitOfWork


def count_as_mailed(work: UnitOfWork) -> None:
    """Every waiting delivery was sent when it was due."""
    work.session.execute(
        update(Delivery)
        .where(Delivery.state == "pending")
        .values(state="sent", sent_at=Delivery.next_at, attempts=1)
        .execution_options(synchronize_session=False)
    )
