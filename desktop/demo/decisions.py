"""What became of two licences of the story: one is suspended, one was given up, so that every state can be seen."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from desktop.cases.application import IncomingFile
from desktop.cases.licence_states import Decision, change_licence
from desktop.demo.story import Office
from desktop.queries.registers import licences
from desktop.queries.rows import LicenceRow, RegisterFilter
from desktop.queries.service_rows import ServiceChoice
from desktop.regulation.licence_states import LicenceState, licence_law

_SUSPENDED_FOR = timedelta(days=60)


def also(
    office: Office, _main: ServiceChoice, days: list[datetime], _until: datetime
) -> Iterator[tuple[datetime, Callable[[], None]]]:
    """Yield both decisions with their moments (``story.tell``); ``days``, the newest first."""
    yield days[3] + timedelta(hours=15), partial(_decide, office, LicenceState.SUSPENDED, "licensor", ".tiff")
    yield days[2] + timedelta(hours=16), partial(_decide, office, LicenceState.TERMINATED, "licensee", ".pdf")


def _decide(office: Office, brings: LicenceState, decider: str, scan: str) -> None:
    row = _licence(office)
    if row is None:
        return
    ground = next(one for one in licence_law().open_grounds(row.status, brings) if one.deciders == (decider,))
    today = office.clock.now.date()
    change_licence(
        *office.seat("department"),
        licence_id=row.licence_id,
        seen_change=0,
        decision=Decision(
            ground=ground.id,
            decided_by=decider,
            decision_number=f"{today:%d%m}-ө",
            decided_on=today,
            from_on=today,
            until_on=today + _SUSPENDED_FOR if brings is LicenceState.SUSPENDED else None,
        ),
        files=[IncomingFile(next(path for path in office.scans if path.suffix == scan))],
    )


def _licence(office: Office) -> LicenceRow | None:
    """Return the newest that was handed out: applications for a re-issue name the oldest ones."""
    rows = licences(*office.seat("auditor"), filter=RegisterFilter(state="issued")).rows
    return next((row for row in rows if row.handed_to), None)
