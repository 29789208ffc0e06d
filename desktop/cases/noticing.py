"""A notice with a heading of the act's own: drawn by whatever outcome produces one."""

from collections.abc import Iterable

from desktop.cases import facts, numbers
from desktop.cases.change import Change
from desktop.cases.drawing import Draw, add_document, awaiting_code
from desktop.cases.numbers import Register
from desktop.models import CaseDocument
from desktop.regulation.engine import leads_to_signature
from desktop.regulation.model import DocumentKind, Outcome, Text


def add_notice(
    change: Change, chosen: Outcome, *, why: Text, items: Iterable[Text] = (), draw: Draw
) -> CaseDocument:
    """Draw the notice of ``chosen`` under the next outgoing number; it waits for a signature where the act has one."""
    signed_later = leads_to_signature(change.operation, chosen)
    number = numbers.take(
        change.session,
        Register.OUTGOING,
        change.now,
        change.office.outgoing_template,
        change.case,
        state=numbers.RESERVED if signed_later else numbers.USED,
    )
    if signed_later:
        change.replace_drafts()
        change.case.draft_kind = DocumentKind.NOTICE.value
    person, acting = facts.expected_signer(change.session, change.now)
    page = facts.notice_facts(
        change,
        chosen,
        number.text,
        facts.signer_facts(person, acting),
        why=why,
        items=tuple(items),
        by_hand=not signed_later,
    )
    return add_document(
        change.session,
        change.office,
        change.case,
        DocumentKind.NOTICE,
        awaiting_code(change.session, page) if signed_later else page,
        draw,
        number=number.text,
        dated=change.today,
        state="draft" if signed_later else "issued",
        now=change.now,
        by=change.actor.person_id,
        signer_id=person.id,
    )
