"""Why a signature of a PDF does not hold; and what may stand behind one in the file without changing what was signed."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.status import SignatureCoverageLevel

from desktop.eds.certificates import CertificateInfo
from desktop.eds.verdict import Reason, SignatureSeen, Standing
from desktop.eds.verdict_parts import CLOCK_TOLERANCE

_BROKEN = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError, PdfError)
_OBJECT = re.compile(rb"(?<!\d)(\d{1,10})\s{1,4}(\d{1,5})\s{1,4}obj\b")
_ENDING = re.compile(rb"startxref\s{1,4}(\d{1,12})\s{1,4}%%EOF[\r\n]{0,2}\Z")


def only_proofs_after(status: Any, embedded: Any, pdf: bytes) -> bool:
    """Whether all that was added after the signature is of the kind that proves it (PAdES: DSS, timestamps).

    The library compares what its own way of reading finds. A program that repairs files reads everything that looks
    like an object, so nothing may look like one which the tables of the later revisions do not name, and the file must
    end with the last of them.
    """
    if status.coverage != SignatureCoverageLevel.ENTIRE_REVISION:
        return False
    if status.modification_level != ModificationLevel.LTA_UPDATES:
        return False
    xrefs, first = embedded.reader.xrefs, embedded.signed_revision + 1
    later = range(first, xrefs.total_revisions)
    ending = _ENDING.search(pdf[-64:])
    if not later or ending is None or int(ending[1]) != xrefs.get_startxref_for_revision(later[-1]):
        return False
    start = sum(int(number) for number in list(embedded.byte_range)[2:])
    if pdf.count(b"startxref", start) != len(later):
        return False
    tables = {xrefs.get_startxref_for_revision(revision) for revision in later}
    for found in _OBJECT.finditer(pdf, start):
        reference = Reference(int(found[1]), int(found[2]), pdf=embedded.reader)
        places = {xrefs.get_historical_ref(reference, revision) for revision in later}
        if found.start() not in places | tables:
            return False
    return True


def only_signed_after(status: Any, embedded: Any, later: Sequence[Any]) -> bool:
    """Whether nobody did more after ``embedded`` than sign, in a field that was there already or that shows nothing.

    The library lets a later signature bring a picture of its own, and whoever adds one may lay it over the text.
    """
    try:
        changed = set(status.diff_result.changed_form_fields)
        then = embedded.reader.get_historical_resolver(embedded.signed_revision)
        known = {name for name, _, _ in enumerate_sig_fields(then)}
        names = {str(one.field_name) for one in later}
        fresh = [one for one in later if one.field_name not in known]
        return changed <= names and not any(_is_seen(one.sig_field) for one in fresh)
    except _BROKEN:
        return False


def _is_seen(field: Any) -> bool:
    """Whether a field of a form has a place on a page: its own, or of what it is made of."""
    kids = [kid.get_object() for kid in field.get("/Kids", ())]
    for one in (field, *kids):
        left, bottom, right, top = (float(number) for number in one.get("/Rect", (0, 0, 0, 0)))
        if left != right and bottom != top:
            return True
    return False


def reason_of(
    status: Any,
    info: CertificateInfo,
    seen: SignatureSeen,
    at: datetime,
    *,
    alone: bool,
    signed_after: bool | None,
) -> Reason:
    """Return why the signature does not hold, the gravest first, or VALID.

    ``signed_after``: None of the last signature, else ``only_signed_after``.
    """
    whole, moment = seen.covers_whole_file, seen.signed_at
    added = not whole and not seen.only_proofs_after
    revision = whole or (alone and status.coverage == SignatureCoverageLevel.ENTIRE_REVISION)
    tests = (
        (not status.intact, Reason.CHANGED),
        (not status.valid, Reason.FORGED),
        (not revision, Reason.PARTIAL),
        (added and not signed_after, Reason.CHANGED_AFTER),
        (added and not getattr(status, "docmdp_ok", True), Reason.CHANGED_AFTER),
        (seen.timestamp is not None and seen.timestamp.why == "timestamp-forged", Reason.TIMESTAMP_BAD),
        (moment is None, Reason.NO_SIGNING_TIME),
        (moment is not None and moment > at + CLOCK_TOLERANCE, Reason.IN_FUTURE),
        (moment is not None and moment < info.not_before, Reason.NOT_YET_VALID),
        (moment is not None and moment > info.not_after, Reason.EXPIRED),
        (not seen.is_timestamp and not info.may_sign, Reason.NO_SIGNING_RIGHT),
        (not status.trusted, Reason.UNTRUSTED),
        (seen.revocation.refused, Reason.REVOCATION_BAD),
        (_revoked_by_then(seen), Reason.REVOKED),
        (not getattr(status, "bottom_line", True), Reason.NOT_ACCEPTED),
    )
    return next((reason for wrong, reason in tests if wrong), Reason.VALID)


def _revoked_by_then(seen: SignatureSeen) -> bool:
    """Whether the certificate was revoked when it signed, or nobody but the signer says that it was not yet."""
    told = seen.revocation
    if told.standing is not Standing.REVOKED:
        return False
    proved = seen.stamped or seen.is_timestamp
    return not proved or told.since is None or seen.signed_at is None or told.since <= seen.signed_at
