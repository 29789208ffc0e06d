"""The journal in plain sentences: an event's code and facts become what happened, in the reader's language.

Who did it and when stand beside the sentence, so that no language needs the person's gender in the verb.
An event or a fact this program does not know (written by a newer one) is shown as it is, never hidden.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.cases.journal import Event
from desktop.queries.rows import JournalRow
from desktop.ui import case_words as words
from desktop.ui import exchange_words
from desktop.ui.messages import say

_SENTENCES: dict[str, str] = {
    Event.REGISTERED: QT_TRANSLATE_NOOP(
        "Journal", "Application registered under No {number} ({channel}). Due {due_at}"
    ),
    Event.ACCEPTANCE_REFUSED: QT_TRANSLATE_NOOP("Journal", "Acceptance refused to {holder}: {reason}"),
    Event.ANSWER_WEIGHED: QT_TRANSLATE_NOOP("Journal", "{system}: an answer naming {others} {counts}"),
    Event.SYSTEM_ANSWERED: QT_TRANSLATE_NOOP("Journal", "{system}: {heard}, {way}"),
    Event.PACKAGE_RECEIVED: QT_TRANSLATE_NOOP("Journal", "Package received: {holder}, IIN/BIN {identifier}"),
    Event.PACKAGE_CHECKED: QT_TRANSLATE_NOOP(
        "Journal", "Package checked again: {holder}, IIN/BIN {identifier}"
    ),
    Event.SYSTEM_SET: QT_TRANSLATE_NOOP("Journal", "Connection set: {system}, {address}"),
    Event.FILES_ATTACHED: QT_TRANSLATE_NOOP("Journal", "Files attached: {files}"),
    Event.ASSIGNED: QT_TRANSLATE_NOOP("Journal", "Visa put. {role}: {person}"),
    Event.APPROVED: QT_TRANSLATE_NOOP("Journal", "Visa put, the case sent on"),
    Event.REASSIGNED: QT_TRANSLATE_NOOP(
        "Journal", "Case given to {person} (before: {former}). Reason: {reason}"
    ),
    Event.RETURNED: QT_TRANSLATE_NOOP("Journal", "Returned for rework. Reason: {reason}"),
    Event.WITHDRAWN: QT_TRANSLATE_NOOP("Journal", "Withdrawn at the applicant's wish. Reason: {reason}"),
    Event.PAPERS_COMPLETE: QT_TRANSLATE_NOOP("Journal", "Papers found complete"),
    Event.PAPERS_INCOMPLETE: QT_TRANSLATE_NOOP(
        "Journal", "Papers found incomplete or expired; consideration terminated"
    ),
    Event.ANSWER_RECORDED: QT_TRANSLATE_NOOP("Journal", "Answer to request No {request} recorded: {answer}"),
    Event.CHECKS_SAVED: QT_TRANSLATE_NOOP("Journal", "Examination of the requirements saved"),
    Event.DRAFTED: QT_TRANSLATE_NOOP("Journal", "Draft made: {document} No {number}"),
    Event.ATTESTED: QT_TRANSLATE_NOOP(
        "Journal",
        "Sitting of the commission on {held_on}: test {test_score} of {test_max}; for {votes_for}, against {votes_against},"
        " abstained {votes_abstained}. Protocol No {protocol}",
    ),
    Event.RESOLVED: QT_TRANSLATE_NOOP("Journal", "Request resolved: {accepted}"),
    Event.HEARD: QT_TRANSLATE_NOOP("Journal", "Hearing of {held_on} recorded: {came}"),
    Event.SIGNING_PREPARED: QT_TRANSLATE_NOOP(
        "Journal", "Draft drawn anew for the signature of {dated}: {document} No {number}"
    ),
    Event.SIGNED: QT_TRANSLATE_NOOP("Journal", "Signed electronically: {document} No {number}"),
    Event.PRINTED: QT_TRANSLATE_NOOP("Journal", "Printed: {document} No {number}, copies: {copies}"),
    Event.HANDED_OVER: QT_TRANSLATE_NOOP(
        "Journal", "{document} No {number} handed over to {receiver} ({identity_document})"
    ),
    Event.HANDED_OUT: QT_TRANSLATE_NOOP(
        "Journal", "{document} No {number} handed out at the centre to {receiver} ({identity_document})"
    ),
    Event.TAKEN_BACK: QT_TRANSLATE_NOOP(
        "Journal", "{document} No {number} came back from the centre for storage"
    ),
    Event.ASKED_AGAIN: QT_TRANSLATE_NOOP(
        "Journal", "{document} No {number} asked for anew, to be sent by {send_again_by}"
    ),
    Event.SENT_AGAIN: QT_TRANSLATE_NOOP("Journal", "{document} No {number} sent to the centre again"),
    Event.LICENCE_SUSPENDED: QT_TRANSLATE_NOOP(
        "Journal", "Licence No {number} suspended from {from_on} to {until_on}: {ground}"
    ),
    Event.LICENCE_RESUMED: QT_TRANSLATE_NOOP(
        "Journal", "Licence No {number} resumed from {from_on}: {ground}"
    ),
    Event.LICENCE_TERMINATED: QT_TRANSLATE_NOOP(
        "Journal", "Licence No {number} terminated from {from_on}: {ground}"
    ),
    Event.CORRECTED: QT_TRANSLATE_NOOP("Journal", "Particulars corrected. {changes}. Reason: {reason}"),
    Event.SIGNED_IN: QT_TRANSLATE_NOOP("Journal", "Signed in"),
    Event.SIGN_IN_FAILED: QT_TRANSLATE_NOOP("Journal", "Sign-in failed as {login}, attempts: {attempts}"),
    Event.SIGN_IN_LOCKED: QT_TRANSLATE_NOOP("Journal", "Sign-in of {login} locked until {until}"),
    Event.PERSON_ADDED: QT_TRANSLATE_NOOP("Journal", "Person added: {name} ({login}). Roles: {roles}"),
    Event.PERSON_CHANGED: QT_TRANSLATE_NOOP("Journal", "Person {login} changed. {changes}"),
    Event.PASSWORD_SET: QT_TRANSLATE_NOOP("Journal", "New password set for {login}"),
    Event.PERSON_BLOCKED: QT_TRANSLATE_NOOP("Journal", "{login} may no longer sign in"),
    Event.PERSON_UNBLOCKED: QT_TRANSLATE_NOOP("Journal", "{login} may sign in again"),
    Event.ACTING_APPOINTED: QT_TRANSLATE_NOOP(
        "Journal",
        "{name} appointed acting head, order No {order_number} of {order_date}: {first_day} to {last_day}",
    ),
    Event.ACTING_ENDED: QT_TRANSLATE_NOOP(
        "Journal", "Order No {order_number} on acting head {name} ended on {last_day}"
    ),
    Event.OFFICE_CREATED: QT_TRANSLATE_NOOP("Journal", "Office founded: {name}, BIN {bin}"),
    Event.OFFICE_CHANGED: QT_TRANSLATE_NOOP("Journal", "Particulars of the office changed. {changes}"),
    Event.HOURS_SET: QT_TRANSLATE_NOOP("Journal", "Working hours set from {valid_from}"),
    Event.OVERRIDE_SET: QT_TRANSLATE_NOOP("Journal", "Special day {day} set: {reason}"),
    Event.OVERRIDE_REMOVED: QT_TRANSLATE_NOOP("Journal", "Special day {day} removed"),
    Event.FEE_RATE_SET: QT_TRANSLATE_NOOP("Journal", "Monthly calculation index from {valid_from}: {tenge}"),
    Event.SEAL_SET: QT_TRANSLATE_NOOP("Journal", "New image of the seal set"),
    Event.TRUST_ROOT_ADDED: QT_TRANSLATE_NOOP("Journal", "Trust root added: {subject}"),
    Event.TRUST_ROOT_REMOVED: QT_TRANSLATE_NOOP("Journal", "Trust root removed: {subject}"),
    Event.PERSON_CONFIRMED: QT_TRANSLATE_NOOP(
        "Journal", "Confirmed as the second person: {name} ({login}), IIN {iin}"
    ),
    Event.TRUST_ROOT_CONFIRMED: QT_TRANSLATE_NOOP(
        "Journal", "Trust root confirmed as the second person: {subject}"
    ),
    Event.COUNTED_AS_CONFIRMED: QT_TRANSLATE_NOOP(
        "Journal",
        "What stood before there was a second person counts as confirmed: people {people}, roots {roots}",
    ),
    Event.REGULATION_LOADED: QT_TRANSLATE_NOOP(
        "Journal", "Regulation loaded: {regulation}, version {version}"
    ),
    Event.CODE_KEY_SET: QT_TRANSLATE_NOOP("Journal", "Key of the codes on papers set: {kid}"),
    Event.CODE_KEY_RETIRED: QT_TRANSLATE_NOOP("Journal", "Key of the codes on papers retired: {kid}"),
    Event.CHECKPOINT_SIGNED: QT_TRANSLATE_NOOP(
        "Journal", "Checkpoint of the journal signed, position {position}"
    ),
}
_MORE: tuple[tuple[str, str], ...] = (  # said after the sentence when the fact is there
    (
        "taken_in_at",
        QT_TRANSLATE_NOOP("Journal", "taken in at the counter at {taken_in_at}, while the server was away"),
    ),
    ("hand_over_by", QT_TRANSLATE_NOOP("Journal", "hand over by {hand_over_by}")),
    ("kept_until", QT_TRANSLATE_NOOP("Journal", "kept there until {kept_until}")),
    ("decided_on", QT_TRANSLATE_NOOP("Journal", "decision: {decided}, No {decision_number} of {decided_on}")),
    ("note", QT_TRANSLATE_NOOP("Journal", "note: {note}")),
    ("power_of_attorney", QT_TRANSLATE_NOOP("Journal", "power of attorney: {power_of_attorney}")),
    ("voided", QT_TRANSLATE_NOOP("Journal", "numbers voided: {voided}")),
    ("revocation", QT_TRANSLATE_NOOP("Journal", "revocation: {revocation}")),
)
_DRAWN = QT_TRANSLATE_NOOP("Journal", "drawn: {document} No {number}")
_ANSWERED = QT_TRANSLATE_NOOP("Journal", "letter No {number} of {dated}")
_REASON = QT_TRANSLATE_NOOP("Journal", "reason: {reason}")
_CHANGE = QT_TRANSLATE_NOOP("Journal", "{field}: “{old}” → “{new}”")
_UNKNOWN = QT_TRANSLATE_NOOP("Journal", "{event} {facts}")
_WITH_REASON = frozenset({Event.PRINTED, Event.RESOLVED})
_DRAWING = frozenset({Event.PAPERS_COMPLETE, Event.PAPERS_INCOMPLETE, Event.ATTESTED, Event.RESOLVED})
_EITHER = {
    "accepted": (QT_TRANSLATE_NOOP("Journal", "accepted"), QT_TRANSLATE_NOOP("Journal", "declined")),
    "came": (
        QT_TRANSLATE_NOOP("Journal", "the applicant came"),
        QT_TRANSLATE_NOOP("Journal", "the applicant did not come"),
    ),
    "counts": (
        QT_TRANSLATE_NOOP("Journal", "counts all the same"),
        QT_TRANSLATE_NOOP("Journal", "was set aside"),
    ),
}


def sentence(row: JournalRow, language) -> str:
    """Return what happened, in the language in use, without who and when."""
    source = _SENTENCES.get(row.event)
    if source is None:
        facts = ", ".join(f"{name}: {value}" for name, value in row.facts.items())
        return _say(_UNKNOWN, {"event": row.event, "facts": facts}).strip()
    facts = _told(row.facts, language)
    if row.event == Event.REGISTERED:
        facts.setdefault("number", row.case_number)
    return "; ".join([_say(source, facts), *_more(row, facts)])


def who(row: JournalRow, language) -> str:
    """Return who did it and in whose stead, and from which workstation."""
    names = row.actor_name or row.actor or QCoreApplication.translate("Journal", _PROGRAM)
    if row.on_behalf:
        stead = QCoreApplication.translate("Journal", _IN_STEAD).format(head=row.on_behalf)
        names = f"{names}, {stead}"
    return f"{names} · {row.workstation}" if row.workstation else names


_PROGRAM = QT_TRANSLATE_NOOP("Journal", "the program")
_IN_STEAD = QT_TRANSLATE_NOOP("Journal", "in the stead of {head}")


def _more(row: JournalRow, facts: dict[str, str]) -> list[str]:
    more = [_say(source, facts) for name, source in _MORE if facts.get(name)]
    if row.event in _DRAWING and facts.get("number"):
        more.insert(0, _say(_DRAWN, facts))
    if row.event == Event.ANSWER_RECORDED and facts.get("number"):
        more.insert(0, _say(_ANSWERED, facts))
    if row.event in _WITH_REASON and facts.get("reason"):
        more.append(_say(_REASON, facts))
    return more


def _say(source: str, facts: dict[str, str]) -> str:
    return QCoreApplication.translate("Journal", source).format_map(_Facts(facts))


class _Facts(dict):
    def __missing__(self, name: str) -> str:
        return "…"


def _told(facts: dict[str, object], language) -> dict[str, str]:
    """Return the facts as words; pairs of kk and ru become one fact in the reader's language."""
    told = {
        name: _shown(name, value, language, _titles(facts, language))
        for name, value in facts.items()
        if value not in (None, "", [])
    }
    for kk, ru, name in (
        ("holder_kk", "holder_ru", "holder"),
        ("person_kk", "person_ru", "person"),
        ("from_kk", "from_ru", "former"),
        ("name_kk", "name_ru", "name"),
        ("reason_kk", "reason_ru", "reason"),
        ("decided_kk", "decided_ru", "decided"),
    ):
        picked = facts.get(kk if language.code == "kk" else ru)
        if picked:
            told.setdefault(name, str(picked))
    ground = facts.get("ground_kk" if language.code == "kk" else "ground_ru")
    if ground:
        told["ground"] = str(ground)  # its title; the fact itself is an id
    if "from_kk" in facts:
        told.setdefault("former", "—")
    return told


def _shown(name: str, value: object, language, titles: Mapping[str, str]) -> str:
    if name in _EITHER and isinstance(value, bool):
        return QCoreApplication.translate("Journal", _EITHER[name][not value])
    if name in _CODES:
        return _CODES[name](str(value))
    if name == "system":
        return exchange_words.system(str(value), language)
    if name == "roles" and isinstance(value, list | tuple):
        return ", ".join(words.role(str(one)) for one in value)
    if name == "files" and isinstance(value, list | tuple):
        return ", ".join(str(one.get("name", "")) if isinstance(one, dict) else str(one) for one in value)
    if name == "changes" and isinstance(value, dict):
        return "; ".join(_change(str(field), pair, titles, language) for field, pair in value.items())
    if name == "tenge" and isinstance(value, int):
        return language.format_money(value)
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    return _moment(value, language) if isinstance(value, str) else str(value)


def _revocation(told: str) -> str:
    """``told``: by whom it is known that the certificate was not revoked, or the code why it was not known."""
    known = _BY_WHOM.get(told)
    return QCoreApplication.translate("Journal", known) if known else say(told, {}, None)


_BY_WHOM = {
    "ocsp": QT_TRANSLATE_NOOP("Journal", "none, as the authority answered (OCSP)"),
    "crl": QT_TRANSLATE_NOOP("Journal", "none, by the authority’s list (CRL)"),
}
_CODES: dict[str, Callable[[str], str]] = {
    "revocation": _revocation,
    "channel": words.channel,
    "role": words.role,
    "document": words.document,
    "answer": words.answer,
    "heard": exchange_words.heard,
    "way": exchange_words.way,
}


def _change(field: str, pair: object, titles: Mapping[str, str], language) -> str:
    """``titles``: of what the act asks for besides, field and choice, in the reader's language."""
    old, new = (
        (str(one) for one in pair) if isinstance(pair, list | tuple) and len(pair) == 2 else ("", str(pair))
    )
    name = titles.get(field) or words.field(field)
    old, new = (titles.get(one) or _moment(one, language) for one in (old, new))
    return _say(_CHANGE, {"field": name, "old": old, "new": new})


def _titles(facts: Mapping[str, object], language) -> dict[str, str]:
    told = facts.get("titles")
    if not isinstance(told, dict):
        return {}
    place = 0 if language.code == "kk" else 1
    return {
        str(name): str(pair[place])
        for name, pair in told.items()
        if isinstance(pair, list) and len(pair) == 2
    }


def _moment(text: str, language) -> str:
    """Return an ISO date or moment in words; any other text as it is."""
    try:
        if len(text) == 10:
            return language.format_date(date.fromisoformat(text))
        if len(text) >= 16 and text[10] == "T":
            return language.format_moment(datetime.fromisoformat(text))
    except ValueError:
        return text
    return text
