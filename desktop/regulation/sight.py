"""Who sees what: the third part of the rights table, beside commands (``rights``) and columns (``writes``).

The program's lists and the database's row policies are both made of it, so that they show the same rows.
"""

from collections.abc import Iterable
from enum import StrEnum

from desktop.regulation.model import Role


class Sight(StrEnum):
    """Which cases, with all that belongs to them, somebody sees."""

    ALL = "all"
    OWN = "own"  # those assigned to him in a role he holds, and those that wait for anybody of his role
    NONE = "none"


CASES: dict[Role, Sight] = {
    Role.CLERK: Sight.ALL,  # every application passes the counter, and its duplicates must be found
    Role.HEAD: Sight.ALL,
    Role.DEPARTMENT_HEAD: Sight.ALL,
    Role.AUDITOR: Sight.ALL,
    Role.EXECUTOR: Sight.OWN,
    Role.COMMISSION_SECRETARY: Sight.OWN,
    Role.COMMISSION: Sight.OWN,
    Role.CENTRE_OPERATOR: Sight.OWN,
    Role.PHC_EMPLOYEE: Sight.OWN,
    Role.DEPARTMENT_EMPLOYEE: Sight.OWN,
    Role.ADMINISTRATOR: Sight.NONE,  # he keeps the office, not its cases
}

JOURNAL: dict[Role, Sight] = {
    Role.HEAD: Sight.ALL,
    Role.AUDITOR: Sight.ALL,
    Role.ADMINISTRATOR: Sight.NONE,  # what was done to the office itself
}
"""Of the whole journal; whoever sees a case sees the entries of that case besides."""

EVENTS_ABOUT_APPLICANTS = frozenset({"acceptance-refused", "package-received", "package-checked"})
"""Events that tell of an applicant though there is no case."""


def sight_of(roles: Iterable[Role]) -> Sight:
    """Return the widest sight of a person's roles."""
    seen = {CASES.get(role, Sight.NONE) for role in roles}
    return next((sight for sight in Sight if sight in seen), Sight.NONE)


def reads_whole_journal(roles: Iterable[Role]) -> bool:
    return any(JOURNAL.get(role) == Sight.ALL for role in roles)


def reads_office_events(roles: Iterable[Role]) -> bool:
    """True for who sees, of the journal, what was done to the office."""
    return any(role in JOURNAL for role in roles)
