"""Correction of particulars before the signature ([I]); the old value stays in the journal.

What the act asks for besides is corrected as ``details.<field>``. Another licence than was named is looked for in the
register as at registration; a draft of a licence stands under the number of the one named, so that it must go first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from desktop.cases import details
from desktop.cases.change import Change, changing
from desktop.cases.claiming import nothing, once
from desktop.cases.journal import Event
from desktop.cases.particulars import clean_text, identifier_problem, text_problem
from desktop.cases.plain_text import TEXT, required
from desktop.errors import BadInput, NotAllowed
from desktop.models.folding import fold, sort_key
from desktop.regulation.model import DocumentKind, FieldKind, OfficeMove, OperationKind, Role
from desktop.regulation.rights import Actor, Command
from desktop.store.database import Store
from desktop.store.sight import sees_all

FIELDS = (
    "identifier",
    "holder_kk",
    "holder_ru",
    "holder_address",
    "site",
    "phone",
    "email",
    "representative",
    "representative_iin",
    "power_of_attorney",
    "outside_number",
    "fee_receipt",
    "kbk",
    "knp",
)
IDENTIFIER_CONFIRMED = "identifier_confirmed"  # "yes" in ``changes``: the wrong check digit is confirmed
DETAIL = "details."  # leads the name of a field the act asks for besides
LICENCE_CONFIRMED = "licence_confirmed"  # "yes": the licence is older than the register
LICENCE_ISSUED_ON = "licence_issued_on"  # the day of that one's first issue, ISO
_SAYINGS = (IDENTIFIER_CONFIRMED, LICENCE_CONFIRMED, LICENCE_ISSUED_ON)


@once(nothing)
def correct(
    store: Store,
    actor: Actor,
    *,
    case_id: int,
    seen_version: int,
    changes: Mapping[str, str],
    reason: str,
) -> None:
    """Change particulars of the application; ``changes`` maps fields of ``FIELDS`` and ``details.<field>`` to new texts.

    A draft that waits for the signature stays: :func:`desktop.cases.signing.prepare` sees that its facts
    changed and draws it anew under the same number. BadInput as at registration, "nothing-changed". NotAllowed
    "licence-brings-activities" for one from before the register where the case names no kind of activity itself,
    "licence-drafted" for another licence than the one a draft stands under, "role-may-not" for who does not see every one.
    """
    with changing(store, actor, case_id, seen_version, Command.CORRECT) as change:
        change.choose_move(OfficeMove.CORRECT)
        case = change.case
        if any(document.state == "signed" for document in case.documents):
            raise NotAllowed("already-signed", number=case.number)
        reason = required(reason, "reason", limit=TEXT, lines=True)
        confirmed = changes.get(IDENTIFIER_CONFIRMED) == "yes"
        told: dict[str, list[str]] = {}
        for field, text in changes.items():
            if field in _SAYINGS or field.startswith(DETAIL):
                continue
            if field not in FIELDS:
                raise KeyError(field)
            new, old = clean_text(field, text), str(getattr(case, field))
            if new == old:
                continue
            _refuse_wrong(field, new, is_legal_entity=case.is_legal_entity, confirmed=confirmed)
            setattr(case, field, new)
            told[field] = [old, new]
        titles = _correct_details(change, changes, told)
        if not told:
            raise BadInput("nothing-changed", field=next(iter(changes), "reason"))
        if "identifier" in told:
            case.identifier_confirmed = confirmed
        if case.representative and not case.power_of_attorney:
            raise BadInput("power-of-attorney-required", field="power_of_attorney")
        case.search = fold(
            " ".join((case.number, case.identifier, case.holder_kk, case.holder_ru, case.site))
        )
        case.holder_sort = sort_key(case.holder_kk)
        facts: dict[str, Any] = {"titles": titles} if titles else {}
        change.record(Event.CORRECTED, changes=told, reason=reason, **facts)


@dataclass(frozen=True, slots=True)
class _Corrected:
    """The case as it is judged: ``details.Asked``."""

    service: str
    identifier: str
    details: tuple[tuple[str, str], ...]
    licence_confirmed: bool
    licence_issued_on: date | None


def _correct_details(
    change: Change, changes: Mapping[str, str], told: dict[str, list[str]]
) -> dict[str, list[str]]:
    """Change what the act asks for besides; return the titles the journal needs to tell of it, kk and ru."""
    case, operation = change.case, change.operation
    moved = {item.id: case.site for item in operation.fields if item.site and "site" in told}
    asked = moved | {
        name.removeprefix(DETAIL): text for name, text in changes.items() if name.startswith(DETAIL)
    }
    if not asked:
        return {}
    fields = {item.id: item for item in operation.fields}
    said = dict(details.cleaned(tuple({**case.details, **asked}.items())))
    touched = {name for name in asked if said.get(name, "") != case.details.get(name, "")}
    corrected = _Corrected(
        case.service,
        case.identifier,
        tuple(said.items()),
        changes.get(LICENCE_CONFIRMED) == "yes",
        _day(changes.get(LICENCE_ISSUED_ON, "")),
    )
    other_licence = any(item.id in touched for item in details.licence_fields(operation))
    named = details.named_licence(change.session, operation, corrected) if other_licence else None
    for fault in details.problems(corrected, operation, named, change.today):
        if fault.field.removeprefix(DETAIL) in touched or (
            other_licence and fault.field == LICENCE_ISSUED_ON
        ):
            raise fault
    if other_licence:
        _name_licence(change, corrected, named)
    titles: dict[str, list[str]] = {}
    for name in sorted(touched):
        told[f"{DETAIL}{name}"] = [case.details.get(name, ""), said.get(name, "")]
        titles[f"{DETAIL}{name}"] = [fields[name].title.kk, fields[name].title.ru]
        if fields[name].kind is FieldKind.CHOICE:
            titles |= {item.id: [item.title.kk, item.title.ru] for item in fields[name].choices}
    if touched:
        case.details = said
    return titles


def _name_licence(change: Change, corrected: _Corrected, named: details.NamedLicence | None) -> None:
    case, operation = change.case, change.operation
    if not sees_all(change.actor):  # who does not see the register cannot say what stands in it
        raise NotAllowed("role-may-not", command=Command.CORRECT.value, role=Role.CLERK.value)
    if case.draft_kind == DocumentKind.LICENCE:
        raise NotAllowed("licence-drafted", number=case.number)
    again = operation.kind is not OperationKind.ISSUE
    if again and named is None and change.service.sub_types and not case.sub_types:
        raise NotAllowed(
            "licence-brings-activities", number=case.number
        )  # the one of the register brought them
    case.licence_named = details.kept_licence(operation, corrected, named)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput("date-impossible", field=LICENCE_ISSUED_ON, day=text) from error


def _refuse_wrong(field: str, text: str, *, is_legal_entity: bool, confirmed: bool) -> None:
    fault = (
        identifier_problem(text, is_legal_entity=is_legal_entity, confirmed=confirmed)
        if field == "identifier"
        else text_problem(field, text)
    )
    if fault is not None:
        raise fault
