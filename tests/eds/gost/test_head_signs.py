"""The head whose key is GOST 34.10-2015 signs through NCALayer, in a real database: from the draft to the licence in force.

What the windows do on their lanes is called as they call it: the check before signing, the request to NCALayer,
the record; then the file is judged as anybody would judge it. No demo: the authority is one of the office's roots.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from desktop import commandline
from desktop.cases import office
from desktop.cases.details import IN_FORCE
from desktop.documents.drawing import draw
from desktop.eds import fetching
from desktop.eds.certificates import to_pem
from desktop.eds.fetching import Silent
from desktop.eds.pdf_embedding import begin
from desktop.errors import NotAllowed, Told
from desktop.models import CaseDocument, JournalEntry, Licence
from desktop.queries.case_card import case_card
from desktop.queries.papers import document_bytes
from desktop.regulation.model import Act
from desktop.store.database import Store
from desktop.ui import batch_flow, signing_work
from desktop.ui.signing_work import NCALAYER, Key, Made, Proved
from tests.clock import OFFICE_ZONE, Clock
from tests.eds.gost import making
from tests.eds.gost.making import HEAD_PURPOSES, GostAuthority, Holder
from tests.eds.gost.messages import Shape, signed
from tests.eds.standing_ncalayer import MakeCms, Standing, standing_ncalayer
from tests.office import People, confirm_all

HEAD_IIN, OFFICE_BIN = "700520350035", "050140003412"
LIST_AT = "http://crl.invalid/gost.crl"
ISSUED = datetime(2018, 1, 10, tzinfo=OFFICE_ZONE)


@pytest.fixture(scope="module", params=[512, 256])
def authority(request: pytest.FixtureRequest) -> GostAuthority:
    return making.authority(request.param, ISSUED - timedelta(days=700))


def certified(authority: GostAuthority, surname: str, iin: str) -> Holder:
    return authority.issue(
        purposes=HEAD_PURPOSES,
        valid_from=ISSUED,
        list_at=LIST_AT,
        subject={
            "common_name": f"{surname} ЕРЛАН",
            "surname": surname,
            "serial_number": f"IIN{iin}",
            "country_name": "KZ",
            "given_name": "ҚУАТҰЛЫ",
            "organization_name": "Денсаулық сақтау басқармасы",
            "organizational_unit_name": f"BIN{OFFICE_BIN}",
        },
    )


@pytest.fixture(scope="module")
def head(authority: GostAuthority) -> Holder:
    return certified(authority, "БАСШЫБАЕВ", HEAD_IIN)


@pytest.fixture(scope="module")
def another(authority: GostAuthority) -> Holder:
    return certified(authority, "БӨТЕНБАЕВ", "850505300120")


def signs(holder: Holder, clock: Clock) -> MakeCms:
    return lambda content: signed(content, [holder], Shape(signed_at=clock()))


@pytest.fixture
def ncalayer(tmp_path: Path, head: Holder, clock: Clock) -> Iterator[Standing]:
    with standing_ncalayer(tmp_path, signs(head, clock), head.der) as server:
        yield server


@pytest.fixture
def lists(authority: GostAuthority, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The authority's list of revoked certificates; its OCSP service is silent."""
    given = [authority.crl(issued=clock() - timedelta(hours=1))]

    def fetch(url: str, body: bytes | None, limit: int, timeout: float) -> bytes:
        if url != LIST_AT or body is not None:
            raise Silent("revocation-unreached")
        return given[-1]

    monkeypatch.setattr(fetching, "http_fetch", fetch)
    return given


@dataclass
class Place:
    """The office, its head at the workstation, and NCALayer beside him."""

    store: Store
    people: People
    key: Key
    case_at: Any

    def case(self) -> int:
        return int(self.case_at(Act.SIGN, draw=draw))

    def prepared(self, case_id: int) -> tuple[Any, Any]:
        version = self.case_at.seen(case_id)["seen_version"]
        return signing_work.gather(
            self.store, self.people.head, case_id=case_id, seen_version=version, draw=draw
        )

    def check(self, signer: Any) -> Proved:
        return signing_work.check_key(key=self.key, signer=signer)

    def record(self, case_id: int, prepared: Any, signer: Any, made: Made) -> None:
        signing_work.record(
            self.store,
            self.people.head,
            signer=signer,
            signed=made,
            case_id=case_id,
            seen_version=prepared.version,
            document_id=prepared.document_id,
        )

    def sign(self, case_id: int) -> tuple[Any, bytes]:
        prepared, signer = self.prepared(case_id)
        proved = self.check(signer)
        made = signing_work.check_and_sign(
            prepared=prepared, signer=signer, key=proved.key, pin=None, checked=proved.checked
        )
        self.record(case_id, prepared, signer, made)
        return prepared, made.pdf

    def stored(self, document_id: int) -> bytes:
        return document_bytes(self.store, self.people.head, document_id=document_id)[1]

    def in_force(self) -> list[str]:
        with self.store.reading() as session:
            rows = session.scalars(select(Licence)).all()
            return [row.number for row in rows if row.status in IN_FORCE]


@pytest.fixture
def place(
    store: Store,
    people: People,
    case_at: Callable[..., Any],
    authority: GostAuthority,
    ncalayer: Standing,
    lists: list[bytes],
) -> Place:
    for holder in (authority.root, authority.issuing):
        office.add_trust_root(store, people.administrator, pem=to_pem(holder.der), is_demo=False)
    confirm_all(store)
    key = Key(NCALAYER, address=ncalayer.address, trusted=str(ncalayer.authority))
    return Place(store, people, key, case_at)


@pytest.fixture
def verified(
    authority: GostAuthority, clock: Clock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[[bytes], tuple[int, dict[str, Any]]]:
    """``ruqsat verify FILE --trust FOLDER --crl FILE --at TIME --json``: the status and what it printed."""
    trust, crl, paper = tmp_path / "trust", tmp_path / "gost.crl", tmp_path / "licence.pdf"
    trust.mkdir()
    for name, holder in (("root", authority.root), ("issuing", authority.issuing)):
        (trust / f"{name}.pem").write_text(to_pem(holder.der))
    crl.write_bytes(authority.crl(issued=clock() - timedelta(hours=1)))

    def verify(pdf: bytes) -> tuple[int, dict[str, Any]]:
        paper.write_bytes(pdf)
        asked = ["verify", str(paper), "--trust", str(trust), "--crl", str(crl), "--json"]
        status = commandline.main([*asked, "--at", clock().isoformat()])
        return status, json.loads(capsys.readouterr().out)

    return verify


def test_from_the_draft_to_the_licence_in_force(
    place: Place, authority: GostAuthority, head: Holder, clock: Clock, ncalayer: Standing, verified: Any,
    capsys: pytest.CaptureFixture[str], sqlite_url: str,
) -> None:  # fmt: skip
    case_id = place.case()
    prepared, made = place.sign(case_id)
    assert [one["method"] for one in ncalayer.asked] == ["getKeyInfo", "sign"]
    assert case_card(place.store, place.people.head, case_id=case_id).act == Act.DELIVER
    assert place.in_force() == [prepared.number]
    kept = place.stored(prepared.document_id)
    assert kept == made
    assert kept.startswith(prepared.pdf)
    with place.store.reading() as session:
        entry = session.scalars(select(JournalEntry).where(JournalEntry.event == "signed")).one()
        assert entry.facts["revocation"] == "crl"
    status, told = verified(kept)
    (signer,) = told["signers"]
    assert (status, told["valid"]) == (0, True)
    assert signer["algorithm"] == f"streebog{authority.bits} / gost2015-{authority.bits}"
    assert signer["technical_check"]
    assert told["signatures"][0]["subfilter"] == "adbe.pkcs7.detached"
    assert (signer["iin"], signer["bin"], signer["role"]) == (HEAD_IIN, OFFICE_BIN, "first-head")
    assert datetime.fromisoformat(signer["signed_at"]) == clock()
    assert signer["revocation"]["standing"] == "good"
    place.store.dispose()
    assert commandline.main(["journal", "verify", "--database", sqlite_url, "--deep", "--json"]) == 0
    proof = json.loads(capsys.readouterr().out)
    assert proof["holds"]
    assert "L4" in proof["levels"]
    assert proof["signatures"] == {
        "hold": 1,
        "revocation_not_asked": 1,
    }  # NCALayer keeps no proofs in the file
    assert commandline.main(["journal", "verify", "--database", sqlite_url, "--deep"]) == 0
    assert "1 signatures verified anew hold; revocation not asked of 1" in capsys.readouterr().out


def test_a_flipped_byte_is_refused_everywhere(place: Place, verified: Any) -> None:
    case_id = place.case()
    prepared, signer = place.prepared(case_id)
    proved = place.check(signer)
    made = signing_work.check_and_sign(
        prepared=prepared, signer=signer, key=proved.key, pin=None, checked=proved.checked
    )
    behind = made.pdf.index(b"/Reason", len(prepared.pdf)) + 12
    for spot, code in ((len(prepared.pdf) // 2, "signature-other-bytes"), (behind, "signature-not-valid")):
        changed = bytearray(made.pdf)
        changed[spot] ^= 1
        with pytest.raises(NotAllowed, match=code):
            place.record(case_id, prepared, signer, replace(made, pdf=bytes(changed)))
        assert verified(bytes(changed))[0] == 1
    assert place.in_force() == []
    place.record(case_id, prepared, signer, made)
    assert place.in_force() == [prepared.number]


def test_another_persons_key_is_refused_at_every_door(
    place: Place, another: Holder, head: Holder, clock: Clock, ncalayer: Standing
) -> None:
    case_id = place.case()
    prepared, signer = place.prepared(case_id)
    ncalayer.certificate = another.der
    with pytest.raises(NotAllowed, match="certificate-foreign"):
        place.check(signer)
    ncalayer.certificate, ncalayer.make = head.der, signs(another, clock)
    with pytest.raises(NotAllowed, match="ncalayer-other-certificate"):
        place.sign(case_id)
    begun = begin(prepared.pdf, at=clock(), reason="", name="")
    pdf = begun.finish(ncalayer.make(begun.to_sign))
    with pytest.raises(NotAllowed, match="signature-other-person"):
        place.record(case_id, prepared, signer, Made(pdf))
    assert place.in_force() == []


def test_a_revoked_key_and_a_forged_list_are_told_before_anything_is_signed(
    place: Place, authority: GostAuthority, head: Holder, clock: Clock, ncalayer: Standing, lists: list[bytes]
) -> None:
    _, signer = place.prepared(place.case())
    issued = clock() - timedelta(hours=1)
    forger = making.new_key(authority.bits)
    forged = replace(authority.issuing, key=forger)
    for crl, code in (
        (authority.crl(head, issued=issued), "certificate-revoked"),
        (authority.crl(issued=issued, by=forged), "revocation-answer-bad"),
        (authority.crl(issued=issued - timedelta(days=9)), "revocation-unknown"),
    ):
        lists.append(crl)
        with pytest.raises(Told) as refused:
            place.check(signer)
        assert refused.value.code == code
    assert {one["method"] for one in ncalayer.asked} == {"getKeyInfo"}


def test_three_papers_are_one_request(place: Place, ncalayer: Standing, verified: Any) -> None:
    cases = [place.case() for _ in range(3)]
    papers = [place.prepared(case_id)[0] for case_id in cases]
    signer = batch_flow.facts_of(place.store, place.people.head)
    proved = place.check(signer)
    made: list[Made] = []
    batch_flow.sign_all(
        papers=papers, signer=signer, key=proved.key, pin=None, last_try=False, checked=proved.checked,
        certificate="", told=lambda _place, result, seen: made.append(Made(result.pdf, seen)),
        cancelled=lambda: False,
    )  # fmt: skip
    asked = [one for one in ncalayer.asked if one["method"] == "sign"]
    assert [len(one["args"]["data"]) for one in asked] == [3]
    for case_id, prepared, one in zip(cases, papers, made, strict=True):
        place.record(case_id, prepared, signer, one)
        assert verified(place.stored(prepared.document_id))[0] == 0
    assert place.in_force() == [paper.number for paper in papers]
    with place.store.reading() as session:
        kept = session.scalars(select(CaseDocument).where(CaseDocument.state == "signed")).all()
    assert len({row.signed_sha256 for row in kept}) == 3
