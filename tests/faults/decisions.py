"""I4 for the checker: one decision a case, and "signed" exactly where there is a valid signature of the right head.

The signatures are proved with ``openssl``, not with the library the program signs and verifies with.
"""

import re
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID

from tests.faults.books import DECISIONS, Books, Row

_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")
_STAND_IN = b"\n%%signature of "


def decisions(books: Books, *, stand_in: bool) -> Iterator[str]:
    """``stand_in``: the signatures of :mod:`tests.story` are taken too."""
    signed = [row for row in books.documents if row["state"] == "signed"]
    told = Counter(row["case_id"] for row in books.entries if row["event"] == "signed")
    papers: dict[int, list[Row]] = defaultdict(list)
    for row in signed:
        papers[row["case_id"]].append(row)
    for case in books.cases:
        mine = papers.get(case["id"], [])
        decided = [row["kind"] for row in mine if row["kind"] in DECISIONS]
        if len(decided) > 1:
            yield f"I4 case {case['number']}: {len(decided)} decisions: {decided}"
        if told[case["id"]] != len(mine):
            yield f"I4 case {case['number']}: signed {told[case['id']]} times in the journal, {len(mine)} papers"
        if case["result"] in DECISIONS and decided != [case["result"]]:
            yield f"I4 case {case['number']}: ended as {case['result']}, signed is {decided}"
        if decided and case["result"] not in {None, *decided}:
            yield f"I4 case {case['number']}: {decided} signed, and it ended as {case['result']}"
    yield from _register(books, signed)
    roots = [row["pem"] for row in books.rows("SELECT pem FROM trust_root")]
    for row in books.documents:
        if (row["state"] == "signed") != (row["signed_sha256"] is not None):
            yield f"I4 paper {row['number']}: {row['state']}, signed bytes {row['signed_sha256']}"
    for row in signed:
        why = _signature(books, row, roots, stand_in)
        if why:
            yield f"I4 paper {row['number']}: {why}"


def _register(books: Books, signed: list[Row]) -> Iterator[str]:
    """A licence in the register for each signed licence, under its number, and no other."""
    licences = {row["document_id"]: row for row in books.rows("SELECT * FROM licence")}
    numbers = {
        (row["text"], row["case_id"]): row["state"]
        for row in books.numbers
        if row["register"] in {"licence", "outside", "outgoing"}
    }
    for row in signed:
        if numbers.get((row["number"], row["case_id"])) != "used":
            yield f"I4 paper {row['number']}: signed, and its number is {numbers.get((row['number'], row['case_id']))}"
        if row["kind"] == "licence":
            licence = licences.pop(row["id"], None)
            if licence is None or (licence["number"], licence["case_id"]) != (row["number"], row["case_id"]):
                yield f"I4 licence {row['number']}: signed, and the register has {licence and licence['number']}"
    yield from (
        f"I4 licence {row['number']}: in the register without a signed paper" for row in licences.values()
    )


def _signature(books: Books, row: Row, roots: list[str], stand_in: bool) -> str:
    """Return what is wrong with a signed paper, "" when nothing is."""
    prepared, signed = books.content(row["unsigned_sha256"]), books.content(row["signed_sha256"])
    if not signed.startswith(prepared) or len(signed) <= len(prepared):
        return "not the prepared bytes with a signature after them"
    signer = books.people.get(row["signer_id"])
    if signer is None:
        return "signed by nobody"
    heads = {
        item["person_id"] for item in books.rows("SELECT person_id FROM person_role WHERE role = 'head'")
    }
    heads |= {item["person_id"] for item in books.rows("SELECT person_id FROM acting_head")}
    if signer["id"] not in heads:
        return f"signed by {signer['login']}, who is no head"
    if stand_in and _STAND_IN in signed:
        written = signed.rpartition(_STAND_IN)[2].decode()
        return "" if written == signer["iin"] else f"signed by {written}, said to be by {signer['iin']}"
    return _pades(signed, signer["iin"], row["signer_certificate"], roots)


def _pades(signed: bytes, iin: str, certificate: str, roots: list[str]) -> str:
    ranges = list(_RANGE.finditer(signed))
    if not ranges:
        return "no signature in it"
    first, length, second, rest = (int(part) for part in ranges[-1].groups())
    if first or second + rest != len(signed):
        return "the signature does not cover the whole file"
    hole = signed[length:second].strip()
    if not (hole.startswith(b"<") and hole.endswith(b">")):
        return "something else than a signature in its place"
    with TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "cms").write_bytes(bytes.fromhex(hole[1:-1].decode()))
        (place / "data").write_bytes(signed[:length] + signed[second:])
        (place / "roots").write_text("\n".join(roots))
        said = subprocess.run(
            ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "cms", "-content", "data",
             "-CAfile", "roots", "-purpose", "any", "-no_check_time", "-signer", "signer", "-out", "/dev/null"],
            cwd=place, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if said.returncode:
            return f"openssl: {said.stderr.strip().splitlines()[-1][:200]}"
        signer = x509.load_pem_x509_certificate((place / "signer").read_bytes())
    if signer.fingerprint(hashes.SHA256()).hex() != certificate:
        return "signed with another certificate than the row says"
    serials = [str(item.value) for item in signer.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)]
    return "" if f"IIN{iin}" in serials else f"the certificate is of {serials}, not of {iin}"
