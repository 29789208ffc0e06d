"""What the office works by: hours, days off, fees, seal, trust roots, regulations."""

import hashlib
import warnings
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from PIL import Image, UnidentifiedImageError
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from desktop.cases.administering import administering
from desktop.cases.claiming import as_kept, nothing, once
from desktop.cases.confirming import note_root
from desktop.cases.journal import Event
from desktop.cases.plain_text import clean, required
from desktop.errors import BadInput
from desktop.models import Base, DayOverride, FeeRate, RegulationText, TrustRoot, WorkingHours
from desktop.regulation import loader
from desktop.regulation.calendar_data import parse_intervals, write_intervals
from desktop.regulation.identifiers import DEMO_MARK
from desktop.regulation.law_rows import law_rows
from desktop.regulation.model import Regulation
from desktop.regulation.rights import Actor, Command
from desktop.store import blobs
from desktop.store.database import Store
from desktop.store.forgetting import forget

SEAL_LIMIT = 2 * 1024 * 1024  # bytes
_SEAL_SIDES = (64, 4000)  # pixels
_PEM_LIMIT = 64 * 1024

Intervals = Sequence[tuple[str, str]]


@once(nothing)
def set_hours(store: Store, actor: Actor, *, valid_from: date, hours: Mapping[int, Intervals]) -> None:
    """Set the hours of weekdays (0 = Monday) from a date on; dates already counted keep what was kept then.

    BadInput "hours-wrong" at ``intervals``, "hours-all-closed" when no day of a whole week is worked.
    """
    with administering(store, actor, Command.SET_CALENDAR) as office:
        written = {}
        for weekday, intervals in hours.items():
            if weekday not in range(7):
                raise KeyError(weekday)
            written[weekday] = write_intervals(parse_intervals(tuple(intervals)))
        if not written:
            raise BadInput("nothing-changed", field="intervals")
        if len(written) == 7 and not any(written.values()):
            raise BadInput("hours-all-closed", field="intervals")
        for weekday, given in written.items():
            row = office.session.get(WorkingHours, (valid_from, weekday))
            if row is None:
                office.session.add(WorkingHours(valid_from=valid_from, weekday=weekday, intervals=given))
            else:
                row.intervals = given
        office.record(Event.HOURS_SET, valid_from=valid_from, hours=written)


@once(nothing)
def set_override(
    store: Store, actor: Actor, *, day: date, intervals: Intervals, reason_kk: str, reason_ru: str
) -> None:
    """Make one date differ: a day off (no intervals) or a moved working day with its own hours."""
    with administering(store, actor, Command.SET_CALENDAR) as office:
        written = write_intervals(parse_intervals(tuple(intervals)))
        kk, ru = required(reason_kk, "reason_kk"), required(reason_ru, "reason_ru")
        row = office.session.get(DayOverride, day)
        if row is None:
            row = DayOverride(day=day)
            office.session.add(row)
        row.intervals, row.reason_kk, row.reason_ru = written, kk, ru
        office.record(Event.OVERRIDE_SET, day=day, intervals=written, reason_kk=kk, reason_ru=ru)


@once(nothing)
def remove_override(store: Store, actor: Actor, *, day: date) -> None:
    with administering(store, actor, Command.SET_CALENDAR) as office:
        forget(office.session, office.session.get_one(DayOverride, day))
        office.record(Event.OVERRIDE_REMOVED, day=day)


@once(nothing)
def set_fee_rate(store: Store, actor: Actor, *, valid_from: date, tenge: int, source: str = "") -> None:
    """Set the monthly calculation index from a date on, in tenge; BadInput "fee-rate-wrong"."""
    with administering(store, actor, Command.SET_FEES) as office:
        if not 1 <= tenge <= 1_000_000:
            raise BadInput("fee-rate-wrong", field="tenge", tenge=tenge)
        row = office.session.get(FeeRate, valid_from)
        old = row.tenge if row else None
        if row is None:
            row = FeeRate(valid_from=valid_from)
            office.session.add(row)
        row.tenge, row.source, row.unverified = tenge, clean(source)[:300], False
        office.record(Event.FEE_RATE_SET, valid_from=valid_from, tenge=tenge, old=old)


@once(nothing)
def set_seal(store: Store, actor: Actor, *, png: bytes) -> None:
    """Set the image of the organisation's seal drawn into the papers; BadInput as :func:`prove_seal`."""
    with administering(store, actor, Command.SET_TRUST) as office:
        prove_seal(png)
        office.office.seal_sha256 = blobs.put(office.session, png, "image/png", office.now)
        office.record(Event.SEAL_SET, sha256=office.office.seal_sha256)


def prove_seal(png: bytes, *, field: str = "seal") -> None:
    """Raise BadInput "seal-not-png", "seal-too-large" (limit), "seal-size" (least, most in pixels)."""
    if len(png) > SEAL_LIMIT:
        raise BadInput("seal-too-large", field=field, limit=SEAL_LIMIT)
    if not png.startswith(b"\x89PNG\r\n\x1a\n"):
        raise BadInput("seal-not-png", field=field)
    sides = int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
    if not all(_SEAL_SIDES[0] <= side <= _SEAL_SIDES[1] for side in sides):
        raise BadInput("seal-size", field=field, least=_SEAL_SIDES[0], most=_SEAL_SIDES[1])
    try:
        with Image.open(BytesIO(png), formats=("PNG",)) as image:
            image.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise BadInput("seal-not-png", field=field) from error


@once(as_kept)
def add_trust_root(store: Store, actor: Actor, *, pem: str, is_demo: bool = False) -> str:
    """Trust the authority of a certificate once another person confirms it; returns its SHA-256.

    BadInput as :func:`parse_root`, "trust-root-known".
    """
    with administering(store, actor, Command.SET_TRUST) as office:
        in_demo = office.office.is_demo
        row = parse_root(pem, is_demo=is_demo, in_demo=in_demo, now=office.now, by=office.actor.login)
        if office.session.get(TrustRoot, row.sha256) is not None:
            raise BadInput("trust-root-known", field="pem", subject=row.subject)
        office.session.add(row)
        note_root(office.session, office.actor, office.now, row.sha256)
        office.record(Event.TRUST_ROOT_ADDED, subject=row.subject, sha256=row.sha256, demo=is_demo)
        return office.claimed.returns(row.sha256)


@once(nothing)
def remove_trust_root(store: Store, actor: Actor, *, sha256: str) -> None:
    with administering(store, actor, Command.SET_TRUST) as office:
        row = office.session.get_one(TrustRoot, sha256)
        office.record(Event.TRUST_ROOT_REMOVED, subject=row.subject, sha256=sha256)
        forget(office.session, row)


def parse_root(
    pem: str, *, is_demo: bool, in_demo: bool, now: datetime, by: str, field: str = "pem"
) -> TrustRoot:
    """Return the row of one PEM certificate of an authority; ``in_demo``: the office is a demo.

    BadInput "certificate-unreadable", "certificate-not-authority" (its basic constraints say it is none),
    "certificate-over" (its last day has passed), "trust-root-demo" (a demo authority's, in a real office).
    """
    try:
        if len(pem) > _PEM_LIMIT:
            raise ValueError("too long for a certificate")
        certificate = x509.load_pem_x509_certificate(pem.encode("ascii"))
        der = certificate.public_bytes(Encoding.DER)
        subject = _subject(certificate)
        authority = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        authority = False
    except (ValueError, TypeError) as error:
        raise BadInput("certificate-unreadable", field=field) from error
    if not authority:
        raise BadInput("certificate-not-authority", field=field)
    if certificate.not_valid_after_utc < now:
        raise BadInput("certificate-over", field=field, last=certificate.not_valid_after_utc)
    if not in_demo and (is_demo or DEMO_MARK in subject):
        raise BadInput("trust-root-demo", field=field)
    return TrustRoot(
        sha256=hashlib.sha256(der).hexdigest(),
        pem=certificate.public_bytes(Encoding.PEM).decode("ascii"),
        subject=subject,
        is_demo=is_demo,
        added_at=now,
        added_by=by,
    )


def _subject(certificate: x509.Certificate) -> str:
    """Return the name in one line. The national authority's is longer than the standard's bound, of which is warned."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return certificate.subject.rfc4514_string()


@once(as_kept)
def load_regulation(store: Store, actor: Actor, *, text: str, name: str = "") -> str:
    """Load a regulation file: new cases begin under it, open ones stay under theirs. Returns its SHA-256.

    Raises BrokenRegulation with file, line and reason; BadInput "regulation-known" for the very same text.
    """
    regulation = loader.load_text(text, name=name or "regulation.toml")
    with administering(store, actor, Command.SET_LAW) as office:
        known = office.session.get(RegulationText, regulation.sha256)
        if known is not None and known.current:
            raise BadInput("regulation-known", field="text", regulation=regulation.id)
        keep_regulation(office.session, regulation, text, office.now)
        office.record(
            Event.REGULATION_LOADED,
            regulation=regulation.id,
            version=regulation.version,
            sha256=regulation.sha256,
        )
        return office.claimed.returns(regulation.sha256)


def keep_regulation(session: Session, regulation: Regulation, text: str, now: datetime) -> None:
    """Keep the text and make it the one new cases of its regulation begin under."""
    # a plain UPDATE: these rows have no version counter
    session.execute(
        update(RegulationText).where(RegulationText.regulation == regulation.id).values(current=False)
    )
    row = session.get(RegulationText, regulation.sha256, populate_existing=True)
    if row is not None:
        row.current = True
        return
    session.add(
        RegulationText(
            sha256=regulation.sha256,
            regulation=regulation.id,
            version=regulation.version,
            content=text,
            loaded_at=now,
            current=True,
        )
    )
    session.flush()  # its moves as rows belong to the text
    for table, rows in law_rows(regulation).tables():
        if rows:
            session.execute(insert(Base.metadata.tables[table]), [dict(row) for row in rows])
