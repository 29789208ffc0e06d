"""Certificates given as files or folders: whom to trust, and what may stand between.

A certificate that signed itself may end a chain; any other given one may only stand in it, however it was given: whoever
is handed a folder of "all certificates of the authority" must not make every one of them an anchor. A certificate of a department's key of codes is for the codes alone
(``codes.trust`` says which is one).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from asn1crypto import pem, x509
from cryptography import x509 as parsed

from desktop.eds.certificates import load
from desktop.eds.codes import status_list
from desktop.eds.codes.status_list import StatusList
from desktop.eds.codes.trust import UNMARKED, CodeTrust, blocks, of_office, split
from desktop.errors import NotAllowed, Unavailable

LARGEST = 1024 * 1024
MOST_FILES = 200
_STRANGE = (parsed.InvalidVersion, parsed.DuplicateExtension, parsed.UnsupportedGeneralNameType)
_NAMES = frozenset({".pem", ".crt", ".cer", ".der", ".p7b", ".txt", ".ca-bundle", ".kzs"})


@dataclass(frozen=True, slots=True)
class Trusted:
    """Certificates as DER. ``demo``: roots whose signatures have no legal force."""

    roots: tuple[bytes, ...] = ()
    demo: tuple[bytes, ...] = ()
    others: tuple[bytes, ...] = ()
    codes: CodeTrust = field(default_factory=CodeTrust)
    status: StatusList | None = None  # of a department's licences, the newest that was given

    def __bool__(self) -> bool:
        return bool(self.roots or self.demo or self.codes)

    def names(self) -> list[tuple[str, str]]:
        """Return (name, SHA-256) of every certificate a chain may end at."""
        from desktop.eds.certificates import describe

        told = [describe(der) for der in (*self.roots, *self.demo)]
        return [(info.name or info.subject, info.sha256) for info in told]


def read(paths: Sequence[Path]) -> Trusted:
    """Return what lies at ``paths``: files, and every certificate file of a folder (not of folders in it).

    Unavailable("trust-unreadable") when a file given by name is no certificate or cannot be read; in a folder such a
    file is passed over, but a folder without any certificate is unreadable too. A status list (``KZS1``) may lie among
    them: Unavailable("status-list-unfit") when none of the keys given signed it.
    """
    materials: list[bytes] = []
    for path in paths:
        materials += _of_folder(path) if path.is_dir() else [_certificates(path)]
    return sorted_out(materials)


def _of_folder(folder: Path) -> list[bytes]:
    found = []
    try:
        files = sorted(one for one in folder.iterdir() if one.suffix.lower() in _NAMES and one.is_file())
    except OSError as error:
        raise Unavailable("trust-unreadable", file_name=folder.name) from error
    for path in files[:MOST_FILES]:
        try:
            found.append(_certificates(path))
        except Unavailable:
            continue
    if not found:
        raise Unavailable("trust-unreadable", file_name=folder.name)
    return found


def _certificates(path: Path) -> bytes:
    """Return the file's certificates as PEM, whatever form they came in."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
            if raw.startswith(status_list.MAGIC):
                return raw + file.read(status_list.MOST_BYTES)
        if len(raw) > LARGEST:
            raise NotAllowed("certificate-unreadable")
        keys = [der for kind, der in blocks(raw) if kind == UNMARKED]
        ders = load([raw]) if not keys or b"-----BEGIN CERTIFICATE-" in raw else ()
        told = b"".join(pem.armor("CERTIFICATE", der) for der in ders)
        told += b"".join(pem.armor(UNMARKED, der) for der in keys)
        split([told])
    except (OSError, NotAllowed, *_STRANGE) as error:
        raise Unavailable("trust-unreadable", file_name=path.name) from error
    return told


def sorted_out(
    materials: Iterable[bytes | str], demo: Iterable[str] = (), keys: Iterable[str] = ()
) -> Trusted:
    """Return certificates (PEM or DER) told apart: anchors, those between, keys of codes.

    ``demo`` are demo roots; ``keys`` those a database holds as keys of codes, marked as such or not.
    """
    given = tuple(materials)
    listed = [one for one in given if isinstance(one, bytes) and one.startswith(status_list.MAGIC)]
    authorities, marked = split(one for one in given if one not in listed)
    codes = CodeTrust((*marked, *of_office(keys)))
    ders = load(authorities) if authorities else ()
    anchors = tuple(der for der in ders if is_self_signed(der))
    return Trusted(
        roots=anchors,
        demo=load(demo),
        others=tuple(der for der in ders if der not in anchors),
        codes=codes,
        status=_newest(listed, codes),
    )


def _newest(files: Sequence[bytes], codes: CodeTrust) -> StatusList | None:
    read = [status_list.read(one, codes) for one in files]
    if not all(one.valid for one in read):
        raise Unavailable("status-list-unfit")
    return max(read, key=lambda one: one.made_at or datetime.min.replace(tzinfo=UTC), default=None)


def is_self_signed(der: bytes) -> bool:
    """Whether the certificate names itself as its issuer and does not say that it is no authority's.

    A wrong signature of its own does no harm: it was given.
    """
    certificate = x509.Certificate.load(der)
    basic = certificate.basic_constraints_value
    says_no = basic is not None and not basic["ca"].native
    return bool(certificate.subject == certificate.issuer) and not says_no


def lists(paths: Sequence[Path], largest: int) -> Iterator[bytes]:
    """Yield the lists of revoked certificates in ``paths``; Unavailable("crl-unreadable") for what is none."""
    for path in paths:
        try:
            with path.open("rb") as file:
                raw = file.read(largest + 1)
            if len(raw) > largest:
                raise ValueError("too large")
            armoured = raw.lstrip().startswith(b"-----")
            _ = (parsed.load_pem_x509_crl if armoured else parsed.load_der_x509_crl)(raw)
        except (OSError, ValueError, TypeError, *_STRANGE) as error:
            raise Unavailable("crl-unreadable", file_name=path.name) from error
        yield raw
