"""A code that is genuine, looked at further: do the words around it agree, and what does the status list say?"""

from datetime import datetime

from desktop.eds.codes.claims import CodeFacts
from desktop.eds.codes.comparing import compare
from desktop.eds.codes.status_list import StatusList, Told, told_of

DIFFERS = "code-differs"
_REFUSED = {
    Told.SUSPENDED: "code-suspended",
    Told.STOPPED: "code-stopped",
    Told.REPLACED: "code-replaced",
    Told.NOT_LISTED: "code-not-listed",
}
_SAID = {
    Told.IN_FORCE: "status_in_force",
    Told.UNKNOWN: "status_unknown",
    Told.NOT_LISTED: "status_unknown",
    Told.ANOTHER_OFFICE: "status_another_office",
}

Pairs = tuple[tuple[str, str], ...]


def looked_at(
    facts: CodeFacts, *, at: datetime, page: str = "", status: StatusList | None = None
) -> tuple[str, Pairs]:
    """Return why the paper must not be relied on ("" for no cause), and what is to be told besides, as (name, text).

    ``page``: the words of the PDF the code stands in, "" where there are none. Names: "differs" (a fact of the code
    that is another on the page), "status_in_force", "status_unknown", "status_another_office", "status_list" (the
    list's own moment), "status_since", "replaced_by", "status_old" (the list's moment, when it is old).
    """
    told: list[tuple[str, str]] = []
    differences = compare(facts, page=page) if page.strip() else ()
    told += [("differs", f"{one.fact}: {one.said}") for one in differences]
    refused = DIFFERS if differences else ""
    if status is not None and status.valid:
        seen = told_of(facts, status, at=at)
        made_at = seen.made_at.isoformat(timespec="minutes") if seen.made_at else ""
        refused = _REFUSED.get(seen.told, "") or refused
        if seen.told is not Told.NOT_A_LICENCE:
            told.append((_SAID.get(seen.told, "status_list"), made_at))
        if seen.since is not None:
            told.append(("status_since", seen.since.isoformat()))
        if seen.replaced_by:
            told.append(("replaced_by", seen.replaced_by))
        if seen.old:
            told.append(("status_old", made_at))
    return refused, tuple(told)
