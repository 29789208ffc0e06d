"""A signature in plain words: (label, text, tone) lines, the ones everybody needs and the ones behind the fold."""

import re
from datetime import UTC, date, datetime

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.eds.verdict import Kind, SignatureSeen, Source, Standing, Verdict
from desktop.ui import case_words
from desktop.ui.messages import say

Line = tuple[str, str, str]

_SOURCES = {
    Source.OCSP: QT_TRANSLATE_NOOP("Signature", "the authority’s answer"),
    Source.CRL: QT_TRANSLATE_NOOP("Signature", "the authority’s list"),
    Source.EMBEDDED: QT_TRANSLATE_NOOP("Signature", "a proof kept in the file"),
}
_ROLES = {
    "first-head": QT_TRANSLATE_NOOP("Signature", "first head of the organisation"),
    "may-sign": QT_TRANSLATE_NOOP("Signature", "person with the right to sign"),
    "may-sign-finance": QT_TRANSLATE_NOOP("Signature", "person with the right to sign financial documents"),
    "hr": QT_TRANSLATE_NOOP("Signature", "personnel officer"),
    "employee": QT_TRANSLATE_NOOP("Signature", "employee of the organisation"),
    "information-system": QT_TRANSLATE_NOOP("Signature", "information system"),
    "individual": QT_TRANSLATE_NOOP("Signature", "natural person"),
    "legal-entity": QT_TRANSLATE_NOOP("Signature", "legal entity"),
}
_TOLD = {
    "paper": QT_TRANSLATE_NOOP("Signature", "Kind of paper"),
    "number": QT_TRANSLATE_NOOP("Signature", "Number of the paper"),
    "dated": QT_TRANSLATE_NOOP("Signature", "Date of the paper"),
    "holder_kk": QT_TRANSLATE_NOOP("Signature", "Holder (Kazakh)"),
    "holder_ru": QT_TRANSLATE_NOOP("Signature", "Holder (Russian)"),
    "identifier": QT_TRANSLATE_NOOP("Signature", "IIN or BIN"),
    "activity": QT_TRANSLATE_NOOP("Signature", "Activity"),
    "sub_types": QT_TRANSLATE_NOOP("Signature", "Sub-types"),
    "site": QT_TRANSLATE_NOOP("Signature", "Place"),
    "licensor": QT_TRANSLATE_NOOP("Signature", "Licensor"),
    "licensor_bin": QT_TRANSLATE_NOOP("Signature", "BIN of the licensor"),
    "status_url": QT_TRANSLATE_NOOP("Signature", "Address of the status"),
    "differs": QT_TRANSLATE_NOOP("Signature", "The page differs"),
    "status_in_force": QT_TRANSLATE_NOOP("Signature", "In force, by the status list of"),
    "status_unknown": QT_TRANSLATE_NOOP("Signature", "Not known to the status list of"),
    "status_another_office": QT_TRANSLATE_NOOP("Signature", "The status list is another department’s, of"),
    "status_list": QT_TRANSLATE_NOOP("Signature", "Not in force, by the status list of"),
    "status_since": QT_TRANSLATE_NOOP("Signature", "Since"),
    "replaced_by": QT_TRANSLATE_NOOP("Signature", "Replaced by"),
    "status_old": QT_TRANSLATE_NOOP("Signature", "The status list is old, of"),
    "package": QT_TRANSLATE_NOOP("Signature", "Package"),
    "operation": QT_TRANSLATE_NOOP("Signature", "Operation"),
    "file": QT_TRANSLATE_NOOP("Signature", "File, unchanged"),
    "file_changed": QT_TRANSLATE_NOOP("Signature", "File, CHANGED"),
}
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_BAD = frozenset({"file_changed", "differs", "status_list", "status_unknown", "status_old"})
_NO_NAME = QT_TRANSLATE_NOOP("Signature", "the certificate names nobody")
_NOT_STATED = QT_TRANSLATE_NOOP("Signature", "not stated")


def lines_of(
    seen: tuple[SignatureSeen, ...], verdict: Verdict | None, language
) -> tuple[list[Line], list[Line]]:
    """Return the brief lines and those behind the fold; no signature, no lines."""
    brief: list[Line] = []
    full: list[Line] = []
    for number, one in enumerate(seen, 1):
        if len(seen) > 1:
            heading = _tr(QT_TRANSLATE_NOOP("Signature", "Signature {number} of {count}"))
            if one.is_timestamp:
                heading = _tr(QT_TRANSLATE_NOOP("Signature", "Time stamp over the whole file"))
            heading = heading.format(number=number, count=len(seen))
            brief.append((heading, "", ""))
            full.append((heading, "", ""))
        brief += _brief(one, language, alone=len(seen) == 1)
        full += _full(one, language)
    for name, value in verdict.told if verdict is not None else ():
        tone = "late" if name in _BAD else ""
        brief.append((_tr(_TOLD[name]) if name in _TOLD else name, _said(name, value, language), tone))
    if verdict is not None and verdict.later_bytes:
        text = _tr(
            QT_TRANSLATE_NOOP("Signature", "%n byte(s) added after the last signature"), verdict.later_bytes
        )
        brief.append((_tr(QT_TRANSLATE_NOOP("Signature", "After signing")), text, "late"))
    return brief, full


def _said(name: str, value: str, language) -> str:
    """Return what a code or a package tells in the reader's words: a kind of paper, a date."""
    if name == "paper":
        return case_words.document(value)
    if _DATE.fullmatch(value):
        try:
            return str(language.format_date(date.fromisoformat(value)))
        except ValueError:  # no day of the calendar: as it was told
            return value
    return value


def _tr(source: str, number: int = -1) -> str:
    return QCoreApplication.translate("Signature", source, "", number)


def _brief(one: SignatureSeen, language, *, alone: bool) -> list[Line]:
    who = one.signer_name or _tr(_NO_NAME)
    numbers = [f"{_tr(QT_TRANSLATE_NOOP('Signature', 'IIN'))} {one.iin}"] if one.iin else []
    lines = [(_tr(QT_TRANSLATE_NOOP("Signature", "Signed by")), ", ".join([who, *numbers]), "")]
    if one.organisation or one.bin:
        bin_number = f"{_tr(QT_TRANSLATE_NOOP('Signature', 'BIN'))} {one.bin}" if one.bin else ""
        text = ", ".join(part for part in (one.organisation, bin_number) if part)
        lines.append((_tr(QT_TRANSLATE_NOOP("Signature", "For")), text, ""))
    if one.role in _ROLES:
        lines.append((_tr(QT_TRANSLATE_NOOP("Signature", "As")), _tr(_ROLES[one.role]), ""))
    lines.append((_tr(QT_TRANSLATE_NOOP("Signature", "Signed at")), _when(one, language), ""))
    if not alone:
        tone = "done" if one.valid else "late"
        lines.append(
            (
                _tr(QT_TRANSLATE_NOOP("Signature", "Verdict")),
                say(one.reason.value, {}, language),
                tone,
            )
        )
    lines += _whole(one)
    lines.append(_answer(
        QT_TRANSLATE_NOOP("Signature", "Trusted"), one.trusted,
        QT_TRANSLATE_NOOP("Signature", "the certificate leads to an authority this office trusts"),
        QT_TRANSLATE_NOOP("Signature", "the certificate leads to no authority trusted here"),
    ))  # fmt: skip
    if one.kind is not Kind.CODE:
        lines.append(_revocation(one, language))
    if one.technical:
        kind = _tr(QT_TRANSLATE_NOOP("Signature", "Kind of check"))
        lines.append((kind, say("signature-technical-check", {}, language), "soon"))
    label = _tr(QT_TRANSLATE_NOOP("Signature", "Demo or real"))
    if one.demo:
        text = _tr(QT_TRANSLATE_NOOP("Signature", "DEMO: made with a demonstration key, without legal force"))
        lines.append((label, text, "soon"))
    elif one.trusted:
        lines.append((label, _tr(QT_TRANSLATE_NOOP("Signature", "real: not a demonstration key")), "done"))
    return lines


def _whole(one: SignatureSeen) -> list[Line]:
    """Return whether it is what was signed, and all of it; a code is over nothing but what it says."""
    if one.kind is Kind.CODE:
        text = _tr(
            QT_TRANSLATE_NOOP("Signature", "not signed by this: the code speaks of its own facts alone")
        )
        return [(_tr(QT_TRANSLATE_NOOP("Signature", "Whole file")), text, "soon")]
    return [
        _answer(
            QT_TRANSLATE_NOOP("Signature", "Content"), one.unchanged,
            QT_TRANSLATE_NOOP("Signature", "unchanged since it was signed"),
            QT_TRANSLATE_NOOP("Signature", "not what was signed, or this cannot be told"),
        ),
        _answer(
            QT_TRANSLATE_NOOP("Signature", "Whole file"), one.covers_whole_file or one.only_proofs_after,
            QT_TRANSLATE_NOOP("Signature", "covered by the signature"),
            QT_TRANSLATE_NOOP("Signature", "not covered: something stands outside the signature"),
        ),
    ]  # fmt: skip


def _when(one: SignatureSeen, language) -> str:
    """Return the moment and whose word it is."""
    moment = _moment(one.signed_at, language)
    stamp = one.timestamp
    if one.kind is Kind.CODE:
        return moment
    if one.stamped and stamp is not None:
        said = _tr(QT_TRANSLATE_NOOP("Signature", "proved by a time stamp of {authority}"))
        return f"{moment}: {said.format(authority=stamp.authority)}"
    if one.is_timestamp or one.signed_at is None:
        return moment
    text = f"{moment}: {_tr(QT_TRANSLATE_NOOP('Signature', 'as the signer’s computer stated'))}"
    return f"{text}. {say(stamp.why, {}, language)}" if stamp is not None and stamp.why else text


def _revocation(one: SignatureSeen, language) -> Line:
    told = one.revocation
    label = _tr(QT_TRANSLATE_NOOP("Signature", "Revoked"))
    by = ""
    if told.source in _SOURCES and told.at is not None:
        by = f" ({_tr(_SOURCES[told.source])}, {_moment(told.at, language)})"
    if told.standing is Standing.GOOD:
        return label, _tr(QT_TRANSLATE_NOOP("Signature", "no")) + by, "done"
    if told.standing is Standing.REVOKED:
        since = _tr(QT_TRANSLATE_NOOP("Signature", "YES, since {moment}"))
        return label, since.format(moment=_moment(told.since, language)) + by, "late"
    return label, say(told.why, {}, language) + by, "late" if told.refused else "soon"


def _answer(label: str, good: bool, yes: str, no: str) -> Line:
    return _tr(label), _tr(yes if good else no), "done" if good else "late"


def _full(one: SignatureSeen, language) -> list[Line]:
    first, last = one.certificate_not_before, one.certificate_not_after
    validity = f"{_moment(first, language)} \u2013 {_moment(last, language)}"
    if one.certificate_expired_since:
        validity += f" ({_tr(QT_TRANSLATE_NOOP('Signature', 'in date when signing, expired since'))})"
    chain = "\n".join(one.issuers)
    lines = [
        (_tr(QT_TRANSLATE_NOOP("Signature", "Chain, up to the root")), chain, ""),
        (_tr(QT_TRANSLATE_NOOP("Signature", "Certificate in force")), validity, ""),
        (_tr(QT_TRANSLATE_NOOP("Signature", "Certificate, SHA-256")), _groups(one.certificate_sha256), ""),
        (_tr(QT_TRANSLATE_NOOP("Signature", "Algorithm")), one.algorithm, ""),
        (_tr(QT_TRANSLATE_NOOP("Signature", "Kind of signature")), one.subfilter, ""),
        (_tr(QT_TRANSLATE_NOOP("Signature", "Reason stated")), one.stated_reason, ""),
        (_tr(QT_TRANSLATE_NOOP("Signature", "Field of the PDF")), one.field_name, ""),
    ]
    return [line for line in lines if line[1]]


def _moment(at: datetime | None, language) -> str:
    """Return a moment on this computer's clock, with its distance from UTC."""
    if at is None:
        return _tr(_NOT_STATED)
    local = at.astimezone()
    offset = local.utcoffset() or (datetime.now(UTC) - datetime.now(UTC))
    hours = int(offset.total_seconds()) // 3600
    return f"{language.format_moment(local)} (UTC{hours:+d})"


def _groups(sha256: str) -> str:
    text = sha256.upper()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))
