"""Real GOST material of a folder, verified: ``installer/test --gost DIR``. Nothing of it is copied anywhere.

Takes whatever lies there: certificates (``.cer``, ``.crt``, ``.pem``), lists of revoked certificates (``.crl``),
signatures (``.der``, ``.cms``, ``.p7s``, ``.sig``; of ``NAME_detached.der`` the document is ``NAME_document.*``, of
``FILE.p7s`` it is ``FILE``) and signed XML. Then a thousand bits of signed bytes are turned over, one at a time, and
each must be refused. Ends with 1 when anything is not as it should be.
"""

import argparse
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import x509

from desktop.eds import gost, revocation, signed_data
from desktop.eds.certificates import CertificateInfo, describe, find_chain, load
from desktop.eds.cms_signature import CmsFile, verify_cms
from desktop.eds.verdict import Reason, Standing, Unreadable
from desktop.eds.xml_signature import verify_xml
from desktop.errors import NotAllowed

SIGNATURES = {".der", ".cms", ".p7s", ".sig", ".p7m"}
CERTIFICATES = {".cer", ".crt", ".pem"}


@dataclass(frozen=True)
class Region:
    """Signed bytes of a file, and what says whether the file with another byte there is still taken."""

    name: str
    whole: bytes
    start: int
    length: int
    taken: Callable[[bytes], bool]


@dataclass(frozen=True)
class Folder:
    path: Path
    certificates: tuple[CertificateInfo, ...]
    roots: tuple[CertificateInfo, ...]

    @property
    def root_ders(self) -> list[bytes]:
        return [one.der for one in self.roots]

    @property
    def ders(self) -> list[bytes]:
        return [one.der for one in self.certificates]

    def files(self, suffixes: set[str]) -> list[Path]:
        return sorted(one for one in self.path.iterdir() if one.suffix.lower() in suffixes)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="installer/test --gost", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--flips", type=int, default=1000, metavar="N", help="bits to turn over")
    parser.add_argument("--seed", type=int, default=2015, metavar="N")
    chosen = parser.parse_args(arguments)
    folder = _folder(chosen.folder)
    told = [*_certificates(folder), *_lists(folder), *_signatures(folder), *_documents(folder)]
    wrong = [line for line, good in told if not good]
    for line, good in told:
        _say(f"{'ok   ' if good else 'WRONG'}  {line}")
    taken, asked = _flips(list(_regions(folder)), chosen.flips, chosen.seed)
    _say(f"{asked - len(taken)} of {asked} turned bits refused")
    for line in taken:
        _say(f"WRONG  taken with a turned bit: {line}")
    return 1 if wrong or taken or not told or (chosen.flips and not asked) else 0


def _folder(path: Path) -> Folder:
    found: dict[bytes, CertificateInfo] = {}
    for file in sorted(path.iterdir()):
        if file.suffix.lower() in CERTIFICATES:
            try:
                found.update((der, describe(der)) for der in load([file.read_bytes()]))
            except NotAllowed:
                _say(f"       {file.name} holds no certificate")
    infos = tuple(found.values())
    return Folder(path, infos, tuple(one for one in infos if _issued(one, one)))


def _issued(info: CertificateInfo, by: CertificateInfo) -> bool:
    """Whether ``by`` issued the certificate, by its name and by the signature itself."""
    one, above = x509.Certificate.load(info.der), x509.Certificate.load(by.der)
    return one.issuer == above.subject and gost.verify(
        above.public_key.dump(),
        one["signature_value"].native,
        one["tbs_certificate"].dump(),
        one["signature_algorithm"]["algorithm"].dotted,
    )


def _certificates(folder: Folder) -> Iterator[tuple[str, bool]]:
    for info in folder.certificates:
        if not info.algorithm.startswith("gost2015"):
            yield f"{info.name}: {info.algorithm}, left to other means", True
            continue
        chain = find_chain(info.der, others=folder.ders, trust_roots=folder.root_ders, at=info.not_before)
        way = " < ".join(item.name for item in chain or ())
        yield f"{info.name}: {info.algorithm}, {way or 'no chain to a root here'}", chain is not None


def _lists(folder: Folder) -> Iterator[tuple[str, bool]]:
    for file in folder.files({".crl"}):
        content = file.read_bytes()
        issuer = _issuer(content, folder)
        if issuer is None:
            yield f"{file.name}: its authority is not here", False
            continue
        told = _standing(content, issuer)
        entries = len(_tbs(content)["revoked_certificates"] or ())
        yield (
            f"{file.name}: {entries} revoked, of {issuer.name}, {told.why or 'signed as it should be'}",
            _signed(told),
        )


def _tbs(content: bytes) -> Any:
    return asn1_crl.CertificateList.load(content)["tbs_cert_list"]


def _issuer(content: bytes, folder: Folder) -> CertificateInfo | None:
    name = _tbs(content)["issuer"]
    return next((one for one in folder.certificates if x509.Certificate.load(one.der).subject == name), None)


def _standing(content: bytes, issuer: CertificateInfo) -> revocation.Revocation:
    """What the list says of its own authority, on the day it was issued: nothing, when it is signed as it should be."""
    return revocation.standing(issuer, issuer, content, _tbs(content)["this_update"].native)


def _signed(told: revocation.Revocation) -> bool:
    return told.standing is Standing.GOOD


def _signatures(folder: Folder) -> Iterator[tuple[str, bool]]:
    for file in folder.files(SIGNATURES):
        try:
            told = _verified(file.read_bytes(), _document(file), folder)
        except Unreadable as unreadable:
            yield f"{file.name}: {unreadable.code}", False
            continue
        for seen in told.signers:
            who = seen.signer.name if seen.signer else "(nobody)"
            stamp = seen.timestamp
            stamped = f", timestamp {stamp.why or 'trusted'}" if stamp else ""
            where = "attached" if told.attached else "detached"
            yield f"{file.name}: {where}, {who}, {seen.algorithm}, {seen.reason.value}{stamped}", seen.valid


def _document(file: Path) -> bytes | None:
    stem = file.stem.removesuffix("_detached")
    beside = [file.with_suffix(""), *sorted(file.parent.glob(f"{stem}_document.*"))]
    found = next((one for one in beside if one.is_file()), None)
    return found.read_bytes() if found is not None else None


def _verified(
    signature: bytes, document: bytes | None, folder: Folder, others: Sequence[bytes] = ()
) -> CmsFile:
    inside = signed_data.content_of(signed_data.read(signature)) if signature else None
    return verify_cms(
        signature,
        None if inside is not None else document,
        trust_roots=folder.root_ders,
        certificates=others or folder.ders,
        at=datetime.now(UTC),
    )


def _documents(folder: Folder) -> Iterator[tuple[str, bool]]:
    for file in folder.files({".xml"}):
        for seen in _xml(file.read_bytes(), folder).signers:
            who = seen.signer.name if seen.signer else "(nobody)"
            good = seen.valid or seen.reason is Reason.NO_SIGNATURE
            yield f"{file.name}: {who}, {seen.algorithm}, {seen.reason.value}", good


def _xml(xml: bytes, folder: Folder) -> CmsFile:
    """Nobody says when an XML was signed: judged on the first day of its certificate when that is over."""
    told = verify_xml(xml, trust_roots=folder.root_ders, certificates=folder.ders, at=datetime.now(UTC))
    starts = [seen.signer.not_before for seen in told.signers if seen.signer]
    if told.valid or not starts:
        return told
    moment = max(starts) + timedelta(hours=1)
    return verify_xml(xml, trust_roots=folder.root_ders, certificates=folder.ders, at=moment)


# turned bits


def _regions(folder: Folder) -> Iterator[Region]:
    for info in folder.roots:
        yield from _of_certificate(info, lambda der: _root_taken(der))
    for file in folder.files({".crl"}):
        yield from _of_list(file.read_bytes(), file.name, folder)
    for file in folder.files(SIGNATURES):
        yield from _of_signature(file, folder)


def _of_certificate(info: CertificateInfo, taken: Callable[[bytes], bool]) -> Iterator[Region]:
    one = x509.Certificate.load(info.der)
    for name, part in (
        ("signed part", one["tbs_certificate"].dump()),
        ("signature", one["signature_value"].native),
    ):
        yield Region(f"{info.name}: {name}", info.der, info.der.index(part), len(part), taken)


def _root_taken(der: bytes) -> bool:
    try:
        info = describe(der)
    except NotAllowed:
        return False
    return _issued(info, info)


def _of_list(content: bytes, name: str, folder: Folder) -> Iterator[Region]:
    issuer = _issuer(content, folder)
    if issuer is None:
        return
    whole = asn1_crl.CertificateList.load(content)

    def taken(changed: bytes) -> bool:
        told = revocation.standing(issuer, issuer, changed, _tbs(content)["this_update"].native)
        return told.standing is not Standing.UNKNOWN

    for part_name, part in (
        ("signed part", whole["tbs_cert_list"].dump()),
        ("signature", whole["signature"].native),
    ):
        yield Region(f"{name}: {part_name}", content, content.index(part), len(part), taken)


def _of_signature(file: Path, folder: Folder) -> Iterator[Region]:
    """The signer's certificate counts where it lies in the signature: it is not also handed over from beside."""
    whole, document = file.read_bytes(), _document(file)
    held = signed_data.certificates_of(signed_data.read(whole))
    beside = [der for der in folder.ders if der not in held]

    def taken(changed: bytes, content: bytes | None = document, others: Sequence[bytes] = beside) -> bool:
        try:
            return _verified(changed, content, folder, others).valid
        except (Unreadable, ValueError):
            return False

    if not taken(whole):
        return
    data = signed_data.read(whole)
    if document is not None and signed_data.content_of(data) is None:
        yield Region(f"{file.name}: document", document, 0, len(document), lambda text: taken(whole, text))
    for name, part in _parts(data):
        if part in whole:
            yield Region(f"{file.name}: {name}", whole, whole.index(part), len(part), taken)
    for info in folder.certificates:
        others = [der for der in beside if der != info.der]
        if info in folder.roots or info.der in held or taken(whole, document, others):
            continue
        yield from _of_certificate(info, lambda der, rest=others: _with(taken, whole, document, rest, der))


def _with(
    taken: Callable[..., bool], whole: bytes, document: bytes | None, rest: Sequence[bytes], der: bytes
) -> bool:
    try:
        load([der])
    except NotAllowed:
        return False
    return taken(whole, document, [*rest, der])


def _parts(data: Any) -> Iterator[tuple[str, bytes]]:
    content = signed_data.content_of(data)
    if content:
        yield "content", content
    for der in signed_data.certificates_of(data):
        one = x509.Certificate.load(der)
        yield "signer's certificate", one["tbs_certificate"].dump()
        yield "signer's certificate, signature", one["signature_value"].native
    for signer in data["signer_infos"]:
        yield "signed attributes", signer["signed_attrs"].untag().contents
        yield "signature", signer["signature"].native
        for attribute in signer["unsigned_attrs"]:
            if attribute["type"].native == "signature_time_stamp_token":
                yield from _of_token(attribute["values"][0]["content"])


def _of_token(token: Any) -> Iterator[tuple[str, bytes]]:
    (signer,) = token["signer_infos"]
    if gost.bits_of(signer["signature_algorithm"], signer["digest_algorithm"]["algorithm"].dotted) is None:
        return
    yield "timestamp", bytes(token["encap_content_info"]["content"])
    yield "timestamp, signed attributes", signer["signed_attrs"].untag().contents
    yield "timestamp, signature", signer["signature"].native


def _flips(regions: Sequence[Region], count: int, seed: int) -> tuple[list[str], int]:
    """Turn ``count`` bits over, spread over the regions alike; return what was taken all the same, and how many."""
    chosen, taken = random.Random(seed), []
    for number in range(count if regions else 0):
        region = regions[number % len(regions)]
        place, bit = region.start + chosen.randrange(region.length), chosen.randrange(8)
        changed = bytearray(region.whole)
        changed[place] ^= 1 << bit
        if region.taken(bytes(changed)):
            taken.append(f"{region.name}, byte {place}, bit {bit}")
    return taken, count if regions else 0


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
