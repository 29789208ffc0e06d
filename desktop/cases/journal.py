"""The journal's closed list of events, and the one call that writes an entry.

An entry is added in the transaction of the command it tells of, and is never changed. The
sentence of each event is in ``ui/messages.py``; the facts it needs are named beside the event.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum, StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models import Case, JournalEntry, Person, PersonRole
from desktop.regulation.model import Role
from desktop.regulation.rights import Actor


class Event(StrEnum):
    """What happened, in the office's words. Facts of the sentence stand behind each."""

    # cases
    # number, holder_kk, holder_ru, identifier, identifier_confirmed, site, sub_types, received_at, channel, due_at,
    # hand_over_by, details {field: text}, outcome, files; taken_in_at where the server was away at the counter
    REGISTERED = "registered"
    ACCEPTANCE_REFUSED = "acceptance-refused"  # number, holder_kk, holder_ru, identifier, reason, missing
    ANSWER_WEIGHED = "answer-weighed"  # system, record, others, counts, note
    SYSTEM_ANSWERED = "system-answered"  # system, question {field: value}, heard, way, number, sha256, note
    PACKAGE_RECEIVED = (
        "package-received"  # package, holder_kk, holder_ru, identifier, sha256, checks {check: code}
    )
    PACKAGE_CHECKED = "package-checked"  # the same
    FILES_ATTACHED = "files-attached"  # files: [{name, sha256, paper, flags}]
    ASSIGNED = "assigned"  # outcome, role, person_kk, person_ru, note
    APPROVED = "approved"  # outcome
    REASSIGNED = "reassigned"  # role, from_kk, from_ru, person_kk, person_ru, reason
    RETURNED = "returned"  # reason, document (kind), number
    WITHDRAWN = "withdrawn"  # reason, voided
    PAPERS_COMPLETE = "papers-complete"  # outcome, document (kind or ""), number
    PAPERS_INCOMPLETE = "papers-incomplete"  # outcome, unmet (paper ids), document, number, voided
    ANSWER_RECORDED = "answer-recorded"  # outcome, answer (effect), request, number, dated, note, files
    CHECKS_SAVED = "checks-saved"  # checks {requirement: verdict}
    DRAFTED = "drafted"  # outcome, document (kind), number, sha256, grounds, checks {requirement: verdict}
    # outcome, passed, held_on, test_score, test_max, votes_for, votes_against, votes_abstained, protocol, document (kind),
    # number, voided
    ATTESTED = "attested"
    RESOLVED = "resolved"  # outcome, accepted, reason_kk, reason_ru, document (kind or ""), number, voided
    HEARD = "heard"  # outcome, held_on, came, files, voided
    SIGNING_PREPARED = "signing-prepared"  # document (kind), number, sha256, dated
    SIGNED = "signed"  # outcome, document (kind), number, sha256, certificate, voided, revocation
    PRINTED = "printed"  # document (kind), number, copies, reason
    # outcome, document (kind), number, receiver, identity_document, power_of_attorney, survey {question: answer};
    # kept_until where it lies at a centre
    HANDED_OVER = "handed-over"
    # document (kind), number, receiver, identity_document, power_of_attorney, survey {question: answer}
    HANDED_OUT = "handed-out"
    TAKEN_BACK = "taken-back"  # document (kind), number
    ASKED_AGAIN = "asked-again"  # document (kind), number, send_again_by
    SENT_AGAIN = "sent-again"  # document (kind), number, kept_until
    # of a licence: number, annex, ground, ground_kk, ground_ru, decided_by, decided_kk, decided_ru, decision_number,
    # decided_on, from_on, note, files; until_on where it is suspended
    LICENCE_SUSPENDED = "licence-suspended"
    LICENCE_RESUMED = "licence-resumed"
    LICENCE_TERMINATED = "licence-terminated"
    CORRECTED = "corrected"  # changes {field: [old, new]}, reason; titles {details.field or choice: [kk, ru]}
    # people
    SIGNED_IN = "signed-in"  # -
    SIGN_IN_FAILED = "sign-in-failed"  # login, attempts
    SIGN_IN_LOCKED = "sign-in-locked"  # login, until
    PERSON_ADDED = "person-added"  # login, name_kk, name_ru, roles
    PERSON_CHANGED = "person-changed"  # login, changes {field: [old, new]}
    PASSWORD_SET = "password-set"  # noqa: S105 - an event's name; facts: login
    PERSON_BLOCKED = "person-blocked"  # login
    PERSON_UNBLOCKED = "person-unblocked"  # login
    ACTING_APPOINTED = (
        "acting-appointed"  # login, name_kk, name_ru, order_number, order_date, first_day, last_day
    )
    ACTING_ENDED = "acting-ended"  # login, name_kk, name_ru, order_number, last_day
    PERSON_CONFIRMED = "person-confirmed"  # login, name_kk, name_ru, iin, what [words of Confirmation]
    # the office
    OFFICE_CREATED = "office-created"  # name_kk, name_ru, bin
    OFFICE_CHANGED = "office-changed"  # changes {field: [old, new]}
    HOURS_SET = "hours-set"  # valid_from, hours {weekday: intervals}
    OVERRIDE_SET = "override-set"  # day, intervals, reason_kk, reason_ru
    OVERRIDE_REMOVED = "override-removed"  # day
    FEE_RATE_SET = "fee-rate-set"  # valid_from, tenge, old
    SEAL_SET = "seal-set"  # sha256
    TRUST_ROOT_ADDED = "trust-root-added"  # subject, sha256, demo
    TRUST_ROOT_REMOVED = "trust-root-removed"  # subject, sha256
    TRUST_ROOT_CONFIRMED = "trust-root-confirmed"  # subject, sha256
    COUNTED_AS_CONFIRMED = "counted-as-confirmed"  # people, roots (numbers); by a migration
    REGULATION_LOADED = "regulation-loaded"  # regulation, version, sha256
    SYSTEM_SET = "system-set"  # system, address, active
    CODE_KEY_SET = "code-key-set"  # owner, kid, sha256, valid_from, valid_to, demo, replaces (kid or "")
    CODE_KEY_RETIRED = "code-key-retired"  # owner, kid, sha256
    CHECKPOINT_SIGNED = (
        "checkpoint-signed"  # position, sealed_by (hash of the link), reason, certificate, revocation
    )


_DONE_AS_HEAD = frozenset(
    {
        Event.ASSIGNED,
        Event.APPROVED,
        Event.REASSIGNED,
        Event.RETURNED,
        Event.SIGNING_PREPARED,
        Event.SIGNED,
        Event.CHECKPOINT_SIGNED,
        Event.LICENCE_SUSPENDED,
        Event.LICENCE_RESUMED,
        Event.LICENCE_TERMINATED,
    }
)


def record(
    session: Session,
    actor: Actor | None,
    event: Event,
    case: Case | None,
    *,
    at: datetime,
    step: str | None = None,
    **facts: object,
) -> JournalEntry:
    """Add an entry. ``step`` is the step the event happened at; ``actor`` is None only at first start.

    ``case`` must have its id. An entry made in the head's stead names the head and the order.
    """
    entry = JournalEntry(
        at=at,
        actor=actor.login if actor else "",
        actor_name=actor.name_kk if actor else "",
        on_behalf=_on_behalf(session, actor) if actor and event in _DONE_AS_HEAD else "",
        workstation=actor.workstation[:120] if actor else "",
        event=event.value,
        case_id=case.id if case else None,
        case_number=case.number if case else "",
        step=step or "",
        facts={name: plain(value) for name, value in facts.items()},
        command_id=session.info.get("command_id"),
    )
    session.add(entry)
    return entry


def last_entry(session: Session, case_id: int, *events: Event) -> JournalEntry | None:
    """Return the latest entry of a case, of ``events`` where any are named, to say who was quicker."""
    query = select(JournalEntry).where(JournalEntry.case_id == case_id)
    if events:
        query = query.where(JournalEntry.event.in_([event.value for event in events]))
    return session.scalars(query.order_by(JournalEntry.id.desc()).limit(1)).first()


def plain(value: object) -> object:
    """Return ``value`` as JSON holds it; moments and dates as ISO 8601."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(str(plain(item)) for item in value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def _on_behalf(session: Session, actor: Actor) -> str:
    if actor.acting is None:
        return ""
    head = session.scalars(
        select(Person)
        .join(PersonRole)
        .where(PersonRole.role == Role.HEAD.value, Person.active.is_(True), Person.id != actor.person_id)
        .order_by(Person.id)
        .limit(1)
    ).first()
    order = f"№ {actor.acting.order_number}, {actor.acting.order_date:%d.%m.%Y}"
    return f"{head.name_kk} ({order})" if head else order
