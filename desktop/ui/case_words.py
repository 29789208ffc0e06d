"""The office's words for what a case and its journal hold: results, states, answers, verdicts, moves, fields.

Roles, channels, kinds of paper and terms have theirs in :mod:`desktop.ui.words`. Legal texts are data, not here.
"""

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.regulation.model import Channel, DocumentKind, Effect, OfficeMove, Role, ServiceKind
from desktop.ui import words

_RESULTS: Mapping[str, str] = {
    "licence": QT_TRANSLATE_NOOP("Words", "Licence issued"),
    "refusal": QT_TRANSLATE_NOOP("Words", "Refused"),
    "termination": QT_TRANSLATE_NOOP("Words", "Consideration terminated"),
    "attestation": QT_TRANSLATE_NOOP("Words", "The commission has decided"),
    "notice": QT_TRANSLATE_NOOP("Words", "Notice given"),
    "withdrawn": QT_TRANSLATE_NOOP("Words", "Withdrawn by the applicant"),
}
_STATES: Mapping[str, str] = {
    "draft": QT_TRANSLATE_NOOP("Words", "draft"),
    "issued": QT_TRANSLATE_NOOP("Words", "issued"),
    "signed": QT_TRANSLATE_NOOP("Words", "signed"),
    "replaced": QT_TRANSLATE_NOOP("Words", "replaced"),
}
_ANSWERS: Mapping[str, str] = {
    Effect.CONFORMS: QT_TRANSLATE_NOOP("Words", "conforms"),
    Effect.DOES_NOT_CONFORM: QT_TRANSLATE_NOOP("Words", "does not conform"),
    Effect.NO_ANSWER: QT_TRANSLATE_NOOP("Words", "no answer in time, deemed agreed"),
}
_VERDICTS: Mapping[str, str] = {
    "": QT_TRANSLATE_NOOP("Words", "not checked yet"),
    "ok": QT_TRANSLATE_NOOP("Words", "in order"),
    "later": QT_TRANSLATE_NOOP("Words", "handed in later"),
    "missing": QT_TRANSLATE_NOOP("Words", "missing"),
    "expired": QT_TRANSLATE_NOOP("Words", "expired"),
    "met": QT_TRANSLATE_NOOP("Words", "met"),
    "unmet": QT_TRANSLATE_NOOP("Words", "not met"),
    "not_applicable": QT_TRANSLATE_NOOP("Words", "does not apply"),
}
_MOVES: Mapping[str, str] = {
    OfficeMove.RETURN_FOR_REWORK: QT_TRANSLATE_NOOP("Words", "Return for rework…"),
    OfficeMove.WITHDRAW: QT_TRANSLATE_NOOP("Words", "Withdraw at the applicant's wish…"),
    OfficeMove.CORRECT: QT_TRANSLATE_NOOP("Words", "Correct particulars…"),
    OfficeMove.REASSIGN: QT_TRANSLATE_NOOP("Words", "Give to another person…"),
}
_FIELDS: Mapping[str, str] = {
    "identifier": QT_TRANSLATE_NOOP("Words", "IIN / BIN"),
    "is_legal_entity": QT_TRANSLATE_NOOP("Words", "Legal entity"),
    "holder_kk": QT_TRANSLATE_NOOP("Words", "Applicant (Kazakh)"),
    "holder_ru": QT_TRANSLATE_NOOP("Words", "Applicant (Russian)"),
    "holder_address": QT_TRANSLATE_NOOP("Words", "Applicant's address"),
    "phone": QT_TRANSLATE_NOOP("Words", "Telephone"),
    "email": QT_TRANSLATE_NOOP("Words", "E-mail"),
    "site": QT_TRANSLATE_NOOP("Words", "Site of the activity"),
    "representative": QT_TRANSLATE_NOOP("Words", "Representative"),
    "representative_iin": QT_TRANSLATE_NOOP("Words", "Representative's IIN"),
    "power_of_attorney": QT_TRANSLATE_NOOP("Words", "Power of attorney"),
    "outside_number": QT_TRANSLATE_NOOP("Words", "Number of the State corporation"),
    "fee_receipt": QT_TRANSLATE_NOOP("Words", "Fee receipt number"),
    "fee_paid_on": QT_TRANSLATE_NOOP("Words", "Fee paid on"),
    "fee_tenge": QT_TRANSLATE_NOOP("Words", "Fee paid, tenge"),
    "sub_types": QT_TRANSLATE_NOOP("Words", "Sub-types"),
    "kbk": QT_TRANSLATE_NOOP("Words", "KBK"),
    "knp": QT_TRANSLATE_NOOP("Words", "KNP"),
    "name_kk": QT_TRANSLATE_NOOP("Words", "Name (Kazakh)"),
    "name_ru": QT_TRANSLATE_NOOP("Words", "Name (Russian)"),
    "position_kk": QT_TRANSLATE_NOOP("Words", "Position (Kazakh)"),
    "position_ru": QT_TRANSLATE_NOOP("Words", "Position (Russian)"),
    "roles": QT_TRANSLATE_NOOP("Words", "Roles"),
    "iin": QT_TRANSLATE_NOOP("Words", "IIN"),
    "bin": QT_TRANSLATE_NOOP("Words", "BIN"),
    "login": QT_TRANSLATE_NOOP("Words", "Login"),
    "active": QT_TRANSLATE_NOOP("Words", "May sign in"),
    "address_kk": QT_TRANSLATE_NOOP("Words", "Address (Kazakh)"),
    "address_ru": QT_TRANSLATE_NOOP("Words", "Address (Russian)"),
    "place_kk": QT_TRANSLATE_NOOP("Words", "Place (Kazakh)"),
    "place_ru": QT_TRANSLATE_NOOP("Words", "Place (Russian)"),
    "time_zone": QT_TRANSLATE_NOOP("Words", "Time zone"),
    "status_address": QT_TRANSLATE_NOOP("Words", "Address of the status page"),
    "numbers_licences": QT_TRANSLATE_NOOP("Words", "The office numbers licences itself"),
    "incoming_template": QT_TRANSLATE_NOOP("Words", "Form of incoming numbers"),
    "outgoing_template": QT_TRANSLATE_NOOP("Words", "Form of outgoing numbers"),
    "licence_template": QT_TRANSLATE_NOOP("Words", "Form of licence numbers"),
    "file_limit_bytes": QT_TRANSLATE_NOOP("Words", "Largest file, bytes"),
    "signature_level": QT_TRANSLATE_NOOP("Words", "Level of signatures"),
    "stamp_address": QT_TRANSLATE_NOOP("Words", "Address of time stamps"),
    "ocsp_address": QT_TRANSLATE_NOOP("Words", "Address of OCSP"),
    "silence_allowed": QT_TRANSLATE_NOOP("Words", "Signing when nobody tells of revocation"),
}
_VOTES: Mapping[str, str] = {
    "for": QT_TRANSLATE_NOOP("Words", "for"),
    "against": QT_TRANSLATE_NOOP("Words", "against"),
    "abstained": QT_TRANSLATE_NOOP("Words", "abstained"),
    "absent": QT_TRANSLATE_NOOP("Words", "absent"),
}
LICENCE_STATES: Mapping[str, str] = {
    "issued": QT_TRANSLATE_NOOP("Register", "Issued"),
    "reissued": QT_TRANSLATE_NOOP("Register", "Re-issued"),
    "suspended": QT_TRANSLATE_NOOP("Register", "Suspended"),
    "resumed": QT_TRANSLATE_NOOP("Register", "Resumed"),
    "terminated": QT_TRANSLATE_NOOP("Register", "Terminated"),
}
NOT_ISSUED = QT_TRANSLATE_NOOP("Register", "Not issued yet")
_SITES: Mapping[ServiceKind, str] = {
    ServiceKind.LICENCE: QT_TRANSLATE_NOOP("Words", "Site of the activity"),
    ServiceKind.ATTESTATION: QT_TRANSLATE_NOOP("Words", "Place of work"),
    ServiceKind.ATTACHMENT: QT_TRANSLATE_NOOP("Words", "Organisation of primary care"),
}
_FLAGS: Mapping[str, str] = {
    "encrypted": QT_TRANSLATE_NOOP("Words", "locked with a password"),
    "javascript": QT_TRANSLATE_NOOP("Words", "holds a script"),
    "launch": QT_TRANSLATE_NOOP("Words", "would start a program"),
    "embedded-file": QT_TRANSLATE_NOOP("Words", "holds other files"),
    "rich-media": QT_TRANSLATE_NOOP("Words", "holds media"),
    "xfa": QT_TRANSLATE_NOOP("Words", "holds an active form"),
    "submit-form": QT_TRANSLATE_NOOP("Words", "would send a form"),
    "import-data": QT_TRANSLATE_NOOP("Words", "would load data"),
    "opens-other-file": QT_TRANSLATE_NOOP("Words", "would open another file"),
    "automatic-action": QT_TRANSLATE_NOOP("Words", "acts when opened"),
    "link": QT_TRANSLATE_NOOP("Words", "points elsewhere"),
    "expands-too-far": QT_TRANSLATE_NOOP("Words", "expands too far"),
    "damaged": QT_TRANSLATE_NOOP("Words", "is damaged"),
    "many-pages": QT_TRANSLATE_NOOP("Words", "has very many pages"),
    "image-too-large": QT_TRANSLATE_NOOP("Words", "is too large a picture"),
}


def _word(table: Mapping[str, str], code: str) -> str:
    """Return the word of a code; a code without one is shown as it is, so that nothing is hidden."""
    source = table.get(code)
    return QCoreApplication.translate("Words", source) if source is not None else str(code)


def role(code: Role | str) -> str:
    """Return the role's name; a code this program does not know stays as it is (so do the next ones)."""
    return words.role_name(Role(code)) if code in set(Role) else str(code)


def channel(code: Channel | str) -> str:
    return words.channel_name(Channel(code)) if code in set(Channel) else str(code)


def document(code: DocumentKind | str) -> str:
    return words.kind_name(DocumentKind(code)) if code in set(DocumentKind) else str(code)


def term(spelled: str) -> str:
    """Return "15 minutes" for "15 minute", as rows carry terms."""
    return words.term_words(spelled)


def result(code: str) -> str:
    return _word(_RESULTS, code)


def document_state(code: str) -> str:
    return _word(_STATES, code)


def answer(effect: Effect | str) -> str:
    return _word(_ANSWERS, effect)


def verdict(code: str) -> str:
    return _word(_VERDICTS, code)


def move(code: OfficeMove | str) -> str:
    return _word(_MOVES, code)


def field(name: str) -> str:
    return _word(_FIELDS, name)


def vote(code: str) -> str:
    return _word(_VOTES, code)


def licence_state(status: str) -> str:
    source = LICENCE_STATES.get(status)
    return QCoreApplication.translate("Register", source) if source is not None else status


def site(kind: ServiceKind) -> str:
    """Return what the place named in an application is for a service of that kind."""
    return QCoreApplication.translate("Words", _SITES[kind])


def flag(code: str) -> str:
    return _word(_FLAGS, code)
