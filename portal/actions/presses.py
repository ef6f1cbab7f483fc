"""One press, one effect: an act that a form sets off remembers its press, and the same press again ends here.

Asked where the act has locked what it changes, so that of two at once the second one waits and then finds the first.
"""

from collections.abc import Callable

from sqlalchemy import select

from portal.rules.presses import Press
from portal.rules.refusals import Repeated
from portal.storage.tables import PressedForm, Release, User
from portal.storage.unit_of_work import UnitOfWork


def begin_press(
    work: UnitOfWork,
    press: Press | None,
    release: Release | None = None,
    *,
    still: Callable[[str], bool] = lambda _result: True,
) -> PressedForm | None:
    """The row of this press, to be kept with the act. Call it with the release locked; without one, its person is.

    `still`: does what a first tab led to serve the second one? Raises Repeated with what the first one led to.
    """
    if press is None:
        return None
    if release is None:
        work.session.execute(select(User.id).where(User.id == press.user_id).with_for_update())
    earlier = _earlier(work, press, release, still)
    if earlier is not None:
        raise Repeated(earlier.result)
    row = PressedForm(
        user_id=press.user_id,
        mark=press.mark,
        words=press.words,
        pressed=press.pressed,
        at=press.now,
        result="",
    )
    work.session.add(row)
    return row


def keep_press(row: PressedForm | None, release: Release | None = None, *, result: str | None = None) -> None:
    """What the press led to: the version of the release afterwards, and where its answer leads, if not said before."""
    if row is None:
        return
    row.version_after = release.version if release else None
    if result is not None:
        row.result = result


def _earlier(
    work: UnitOfWork, press: Press, release: Release | None, still: Callable[[str], bool]
) -> PressedForm | None:
    """The same press, or the same words through a form that was open before they first did their work."""
    same = select(PressedForm).where(PressedForm.words == press.words)
    found = work.session.scalars(same.order_by(PressedForm.id.desc())).all()
    for row in found:
        if row.mark == press.mark:
            return row
    newest = next(iter(found), None)
    if newest is None or not _is_second_tab(newest, press, release):
        return None
    return newest if still(newest.result) else None


def _is_second_tab(row: PressedForm, press: Press, release: Release | None) -> bool:
    """A form that shows a version is open from before if that version is over, and nothing has happened since."""
    if press.version is None or release is None:
        return press.is_second_tab_of(row.pressed)
    return press.version != release.version == row.version_after
