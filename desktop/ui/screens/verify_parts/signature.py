"""A signature in plain words: (label, text, tone) lines, the ones everybody needs and the ones behind the fold."""

from datetime import UTC, datetime

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.eds.verdict import SignatureSeen, Verdict
from desktop.ui.messages import say

Line = tuple[str, str, str]

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
            heading = heading.format(number=number, count=len(seen))
            brief.append((heading, "", ""))
            full.append((heading, "", ""))
        brief += _brief(one, language, alone=len(seen) == 1)
        full += _full(one, language)
    if verdict is not None and verdict.later_bytes:
        text = _tr(
            QT_TRANSLATE_NOOP("Signature", "%n byte(s) added after the last signature"), verdict.later_bytes
        )
        brief.append((_tr(QT_TRANSLATE_NOOP("Signature", "After signing")), text, "late"))
    return brief, full


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
    lines.append((_tr(QT_TRANSLATE_NOOP("Signature", "Signed at")), _moment(one.signed_at, language), ""))
    if not alone:
        tone = "done" if one.valid else "late"
        lines.append(
            (_tr(QT_TRANSLATE_NOOP("Signature", "Verdict")), say(one.reason.value, {}, language), tone)
        )
    lines.append(_answer(
        QT_TRANSLATE_NOOP("Signature", "Content"), one.unchanged,
        QT_TRANSLATE_NOOP("Signature", "unchanged since it was signed"),
        QT_TRANSLATE_NOOP("Signature", "not what was signed, or this cannot be told"),
    ))  # fmt: skip
    lines.append(_answer(
        QT_TRANSLATE_NOOP("Signature", "Whole file"), one.covers_whole_file,
        QT_TRANSLATE_NOOP("Signature", "covered by the signature"),
        QT_TRANSLATE_NOOP("Signature", "not covered: something stands outside the signature"),
    ))  # fmt: skip
    lines.append(_answer(
        QT_TRANSLATE_NOOP("Signature", "Trusted"), one.trusted,
        QT_TRANSLATE_NOOP("Signature", "the certificate leads to an authority this office trusts"),
        QT_TRANSLATE_NOOP("Signature", "the certificate leads to no authority trusted here"),
    ))  # fmt: skip
    label = _tr(QT_TRANSLATE_NOOP("Signature", "Demo or real"))
    if one.demo:
        text = _tr(QT_TRANSLATE_NOOP("Signature", "DEMO: made with a demonstration key, without legal force"))
        lines.append((label, text, "soon"))
    elif one.trusted:
        lines.append((label, _tr(QT_TRANSLATE_NOOP("Signature", "real: not a demonstration key")), "done"))
    return lines


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
