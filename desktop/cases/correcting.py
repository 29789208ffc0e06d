"""Correction of particulars before the signature ([I]); the old value stays in the journal."""

from collections.abc import Mapping

from desktop.cases.change import changing
from desktop.cases.claiming import nothing, once
from desktop.cases.journal import Event
from desktop.cases.particulars import clean_text, identifier_problem, text_problem
from desktop.cases.plain_text import TEXT, required
from desktop.errors import BadInput, NotAllowed
from desktop.models.folding import fold, sort_key
from desktop.regulation.model import OfficeMove
from desktop.regulation.rights import Actor, Command
from desktop.store.database import Store

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
    """Change particulars of the application; ``changes`` maps fields of ``FIELDS`` to their new texts.

    A draft that waits for the signature stays: :func:`desktop.cases.signing.prepare` sees that its facts
    changed and draws it anew under the same number. BadInput as at registration, "nothing-changed".
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
            if field == IDENTIFIER_CONFIRMED:
                continue
            if field not in FIELDS:
                raise KeyError(field)
            new, old = clean_text(field, text), str(getattr(case, field))
            if new == old:
                continue
            _refuse_wrong(field, new, is_legal_entity=case.is_legal_entity, confirmed=confirmed)
            setattr(case, field, new)
            told[field] = [old, new]
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
        change.record(Event.CORRECTED, changes=told, reason=reason)


def _refuse_wrong(field: str, text: str, *, is_legal_entity: bool, confirmed: bool) -> None:
    fault = (
        identifier_problem(text, is_legal_entity=is_legal_entity, confirmed=confirmed)
        if field == "identifier"
        else text_problem(field, text)
    )
    if fault is not None:
        raise fault
