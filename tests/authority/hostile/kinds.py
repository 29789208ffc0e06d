"""What an attack is: who tries, what he is after, his statements, and the reason for which he must be refused."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.authority.hostile.reasons import ROLE

NO_RIGHT = "42501"  # insufficient_privilege: a grant, a row policy, or a guard that asks who it is


@dataclass(frozen=True, slots=True)
class Attack:
    """``first`` is let through and ``last`` is refused with ``refused``; all in one transaction, rolled back or not.

    ``refused``: a SQLSTATE; ``NOTHING``: no error, no row; ``HARMLESS``: let through, and no harm in it (``why``).
    With ``commits`` the last statement is let through and COMMIT is refused.
    """

    by: str
    aim: str
    last: str
    refused: str = ""
    first: tuple[str, ...] = ()
    commits: bool = False
    why: str = ""

    def __post_init__(self) -> None:
        """A claim is refused for the role, anything else for want of a grant, unless it says another reason."""
        if not self.refused:
            claimed = self.last.startswith("INSERT INTO command ") and not self.commits
            object.__setattr__(self, "refused", ROLE if claimed else NO_RIGHT)

    @property
    def name(self) -> str:
        return f"{self.by}: {self.aim}"


SERVER = "server"  # its superuser: stopped where only a mistake or bad faith would go
NOTHING = "nothing"
HARMLESS = "harmless"


def tried_by(logins: str, *attacks: Attack) -> Iterator[Attack]:
    """The same attacks by each of ``logins``."""
    for login in logins.split():
        for attack in attacks:
            if f"«prefix»_{login}" not in attack.last:  # what he may do to his own login is his own affair
                yield replace(attack, by=login)


def claim(kind: str, case: str = "NULL", **columns: str) -> str:
    """The claim of a command as the program writes it; ``case`` and ``columns`` are SQL."""
    values = {
        "id": "gen_random_uuid()::text",
        "kind": f"'{kind}'",
        "case_id": case,
        "login": "''",
        "workstation": "'WS-PSQL'",
        "digest": "''",
        "at": "clock_timestamp()",
        "result": "'null'",
        **columns,
    }
    return f"INSERT INTO command ({', '.join(values)}) VALUES ({', '.join(values.values())})"


def entry(event: str, case: str = "NULL", **columns: str) -> str:
    """An entry of the journal as the program writes it."""
    values = {
        "at": "«moment»",
        "actor": "''",
        "actor_name": "''",
        "on_behalf": "''",
        "workstation": "'WS-PSQL'",
        "event": f"'{event}'",
        "case_id": case,
        "case_number": f"coalesce((SELECT number FROM case_file WHERE id = {case}), '')",
        "step": "''",
        "facts": "'{}'",
        "command_id": "«command»",
        **columns,
    }
    return f"INSERT INTO journal_entry ({', '.join(values)}) VALUES ({', '.join(values.values())})"
