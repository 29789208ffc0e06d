"""The department's key of the codes on papers: which certificate is in use, which ones only verify.

Only certificates come here. The key itself stays in the file or on the token of whoever prepares signatures.
"""

import hashlib
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.cases.administering import Administration, administering
from desktop.cases.claiming import as_kept, nothing, once
from desktop.cases.journal import Event
from desktop.errors import BadInput, NotAllowed
from desktop.models import CodeKey
from desktop.regulation.rights import Actor, Command
from desktop.store.database import Store

_PEM_LIMIT = 64 * 1024  # characters of one certificate


@once(as_kept)
def set_code_key(store: Store, actor: Actor, *, pem: str, is_demo: bool = False) -> str:
    """Put a key into use by its certificate; the one before is retired and goes on verifying. Returns its SHA-256.

    BadInput "certificate-unreadable", "code-certificate-unfit", "certificate-over" (last), "code-key-foreign" (the
    certificate names another BIN than the office's), "code-key-known".
    """
    with administering(store, actor, Command.SET_CODE_KEY) as office:
        row, bin = _row(pem, is_demo=is_demo, now=office.now, by=office.actor.login)
        if bin not in ("", office.office.bin):
            raise BadInput("code-key-foreign", field="pem", bin=bin, office=office.office.bin)
        if office.session.get(CodeKey, row.sha256) is not None:
            raise BadInput("code-key-known", field="pem", kid=row.kid)
        former = _retire(office)
        office.session.flush()  # there is one in use at most
        office.session.add(row)
        office.record(
            Event.CODE_KEY_SET,
            owner=row.owner,
            kid=row.kid,
            sha256=row.sha256,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            demo=is_demo,
            replaces=former.kid if former else "",
        )
        return office.claimed.returns(row.sha256)


@once(nothing)
def retire_code_key(store: Store, actor: Actor) -> None:
    """Put the key out of use: papers bear the status address alone from now on. NotAllowed "code-key-none"."""
    with administering(store, actor, Command.SET_CODE_KEY) as office:
        former = _retire(office)
        if former is None:
            raise NotAllowed("code-key-none")
        office.record(Event.CODE_KEY_RETIRED, owner=former.owner, kid=former.kid, sha256=former.sha256)


def key_in_use(session: Session) -> CodeKey | None:
    """Return the key new codes are made by; None where the office has none."""
    return session.scalars(select(CodeKey).where(CodeKey.current.is_(True))).one_or_none()


def _retire(office: Administration) -> CodeKey | None:
    former = key_in_use(office.session)
    if former is not None:
        former.current, former.retired_at = None, office.now
    return former


def _row(pem: str, *, is_demo: bool, now: datetime, by: str) -> tuple[CodeKey, str]:
    """Return the row of a certificate, and the BIN it names ("" where it names none)."""
    try:
        if len(pem) > _PEM_LIMIT:
            raise ValueError("too long for a certificate")
        certificate = x509.load_pem_x509_certificate(pem.encode("ascii"))
        key = certificate.public_key()
        der = certificate.public_bytes(Encoding.DER)
        names = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
        units = [
            str(unit.value)
            for unit in certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
        ]
        owner = str(names[0].value) if names else certificate.subject.rfc4514_string()
        authority = _is_authority(certificate)
    except (ValueError, TypeError) as error:
        raise BadInput("certificate-unreadable", field="pem") from error
    if authority or not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise BadInput("code-certificate-unfit", field="pem")
    if certificate.not_valid_after_utc < now:
        raise BadInput("certificate-over", field="pem", last=certificate.not_valid_after_utc)
    sha256 = hashlib.sha256(der).hexdigest()
    row = CodeKey(
        sha256=sha256,
        kid=sha256[:16],
        pem=certificate.public_bytes(Encoding.PEM).decode("ascii"),
        owner=owner,
        valid_from=certificate.not_valid_before_utc,
        valid_to=certificate.not_valid_after_utc,
        is_demo=is_demo,
        current=True,
        added_at=now,
        added_by=by,
        retired_at=None,
    )
    return row, next((unit[3:] for unit in units if unit.startswith("BIN")), "")


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False
