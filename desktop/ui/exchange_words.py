"""The office's words for other systems and for incoming packages; the systems' own names are legal texts, not here."""

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.regulation.package_checks import Check, Found, Verdict, worded
from desktop.regulation.stated import filled
from desktop.regulation.systems import Heard, Way, title
from desktop.regulation.whose_answers import COUNTED, SET_ASIDE

_HEARD: Mapping[str, str] = {
    Heard.ANSWERED: QT_TRANSLATE_NOOP("Exchange", "answered"),
    Heard.NO_DATA: QT_TRANSLATE_NOOP("Exchange", "no data"),
    Heard.UNREACHABLE: QT_TRANSLATE_NOOP("Exchange", "out of reach"),
}
_WAYS: Mapping[str, str] = {
    Way.BY_HAND: QT_TRANSLATE_NOOP("Exchange", "recorded by hand"),
    Way.HTTP: QT_TRANSLATE_NOOP("Exchange", "over the network"),
}
_WEIGHED: Mapping[str, str] = {
    COUNTED: QT_TRANSLATE_NOOP("Exchange", "counts all the same"),
    SET_ASIDE: QT_TRANSLATE_NOOP("Exchange", "set aside"),
}
HEARD_TONES: Mapping[str, str] = {
    Heard.ANSWERED: "done",
    Heard.NO_DATA: "refused",
    Heard.UNREACHABLE: "soon",
}
_FIELDS: Mapping[str, str] = {
    "identifier": QT_TRANSLATE_NOOP("Exchange", "IIN / BIN"),
    "document_number": QT_TRANSLATE_NOOP("Exchange", "Number of the document"),
    "receipt": QT_TRANSLATE_NOOP("Exchange", "Number of the receipt"),
    "kbk": QT_TRANSLATE_NOOP("Exchange", "KBK"),
    "licence_number": QT_TRANSLATE_NOOP("Exchange", "Number of the licence"),
    "organisation_bin": QT_TRANSLATE_NOOP("Exchange", "BIN of the organisation"),
    "application_number": QT_TRANSLATE_NOOP("Exchange", "Number of the application"),
    "message_id": QT_TRANSLATE_NOOP("Exchange", "Number of the message"),
    "name_kk": QT_TRANSLATE_NOOP("Exchange", "Name (Kazakh)"),
    "name_ru": QT_TRANSLATE_NOOP("Exchange", "Name (Russian)"),
    "birth_date": QT_TRANSLATE_NOOP("Exchange", "Date of birth"),
    "address": QT_TRANSLATE_NOOP("Exchange", "Address"),
    "head": QT_TRANSLATE_NOOP("Exchange", "Head of the organisation"),
    "represented": QT_TRANSLATE_NOOP("Exchange", "Who is represented"),
    "representative": QT_TRANSLATE_NOOP("Exchange", "Representative"),
    "issued_on": QT_TRANSLATE_NOOP("Exchange", "Issued on"),
    "valid_until": QT_TRANSLATE_NOOP("Exchange", "Valid until"),
    "notary": QT_TRANSLATE_NOOP("Exchange", "Notary"),
    "tenge": QT_TRANSLATE_NOOP("Exchange", "Paid, tenge"),
    "paid_on": QT_TRANSLATE_NOOP("Exchange", "Paid on"),
    "payer": QT_TRANSLATE_NOOP("Exchange", "Payer"),
    "holder": QT_TRANSLATE_NOOP("Exchange", "Licensee"),
    "status": QT_TRANSLATE_NOOP("Exchange", "Status"),
    "activity": QT_TRANSLATE_NOOP("Exchange", "Activity"),
    "in_pilot_zone": QT_TRANSLATE_NOOP("Exchange", "In the pilot zone"),
    "organisation": QT_TRANSLATE_NOOP("Exchange", "Organisation"),
    "attached_on": QT_TRANSLATE_NOOP("Exchange", "Attached on"),
    "received_at": QT_TRANSLATE_NOOP("Exchange", "Received"),
    "operator": QT_TRANSLATE_NOOP("Exchange", "Operator"),
    "delivered_at": QT_TRANSLATE_NOOP("Exchange", "Delivered"),
}
_CHECKS: Mapping[str, str] = {
    Check.SIGNATURE: QT_TRANSLATE_NOOP("Exchange", "Signature"),
    Check.CERTIFICATE: QT_TRANSLATE_NOOP("Exchange", "Certificate"),
    Check.REVOCATION: QT_TRANSLATE_NOOP("Exchange", "Not revoked"),
    Check.IDENTITY: QT_TRANSLATE_NOOP("Exchange", "IIN / BIN as in the certificate"),
    Check.APPLICANT: QT_TRANSLATE_NOOP("Exchange", "Known to the state database"),
    Check.FEE: QT_TRANSLATE_NOOP("Exchange", "Fee paid"),
    Check.PAPERS: QT_TRANSLATE_NOOP("Exchange", "Papers complete"),
}
_VERDICTS: Mapping[str, str] = {
    Verdict.PASSED: QT_TRANSLATE_NOOP("Exchange", "holds"),
    Verdict.FAILED: QT_TRANSLATE_NOOP("Exchange", "does not hold"),
    Verdict.UNCHECKED: QT_TRANSLATE_NOOP("Exchange", "not checked"),
    Verdict.NOT_NEEDED: QT_TRANSLATE_NOOP("Exchange", "not needed"),
}
VERDICT_TONES: Mapping[str, str] = {
    Verdict.PASSED: "done",
    Verdict.FAILED: "refused",
    Verdict.UNCHECKED: "soon",
    Verdict.NOT_NEEDED: "paused",
}
_FOUND: Mapping[str, str] = {
    "package-signature-sound": QT_TRANSLATE_NOOP("Exchange", "signed by {name}, {at}"),
    "package-signature-sound-gost": QT_TRANSLATE_NOOP(
        "Exchange", "signed by {name}, {at} (GOST: a technical check, not the certified one)"
    ),
    "package-signature-not-here": QT_TRANSLATE_NOOP(
        "Exchange", "the signature's algorithm cannot be checked by this program"
    ),
    "package-certificate-sound": QT_TRANSLATE_NOOP("Exchange", "issued by {issuer}, valid until {until}"),
    "package-certificate-not-here": QT_TRANSLATE_NOOP("Exchange", "the signature was not checked"),
    "package-not-revoked": QT_TRANSLATE_NOOP("Exchange", "the list of {at} does not hold it"),
    "package-not-revoked-answered": QT_TRANSLATE_NOOP(
        "Exchange", "the authority answered at {at} that it is not revoked"
    ),
    "package-revocation-not-asked": QT_TRANSLATE_NOOP(
        "Exchange", "neither an address to ask at nor a list of revoked certificates is set"
    ),
    "package-revocation-unknown": QT_TRANSLATE_NOOP(
        "Exchange", "nobody could tell whether the certificate is revoked"
    ),
    "package-identity-same": QT_TRANSLATE_NOOP("Exchange", "{identifier}"),
    "package-operator": QT_TRANSLATE_NOOP("Exchange", "operator of {organisation}"),
    "package-identity-not-here": QT_TRANSLATE_NOOP("Exchange", "the signature was not checked"),
    "package-applicant-known": QT_TRANSLATE_NOOP("Exchange", "{name}"),
    "package-applicant-not-asked": QT_TRANSLATE_NOOP("Exchange", "the state database is not connected"),
    "package-applicant-unreached": QT_TRANSLATE_NOOP("Exchange", "the state database is out of reach"),
    "package-fee-none": QT_TRANSLATE_NOOP("Exchange", "the service is free of charge"),
    "package-fee-confirmed": QT_TRANSLATE_NOOP("Exchange", "{paid} tenge, confirmed by the payment gateway"),
    "package-fee-by-receipt": QT_TRANSLATE_NOOP("Exchange", "{paid} tenge by receipt No {receipt}"),
    "package-fee-rate-unknown": QT_TRANSLATE_NOOP("Exchange", "no index is known for the day of payment"),
    "package-papers-complete": QT_TRANSLATE_NOOP("Exchange", "every required paper is there"),
}


def heard(code: str) -> str:
    return _say(_HEARD, code)


def weighed(code: str) -> str:
    return _say(_WEIGHED, code)


def way(code: str) -> str:
    return _say(_WAYS, code)


def field(name: str) -> str:
    return _say(_FIELDS, name)


def check(code: str) -> str:
    return _say(_CHECKS, code)


def verdict(code: str) -> str:
    return _say(_VERDICTS, code)


def system(code: str, language) -> str:
    """Return a system's own name."""
    return language.text(title(code))


def found(one: Found, language) -> str:
    """Return what a check found, in a line."""
    facts = dict(one.facts)
    if one.code in _FOUND:
        return filled(QCoreApplication.translate("Exchange", _FOUND[one.code]), facts)
    words = worded(one)
    return language.text(words) if words is not None else one.code


def _say(table: Mapping[str, str], code: str) -> str:
    return QCoreApplication.translate("Exchange", table[code]) if code in table else code
