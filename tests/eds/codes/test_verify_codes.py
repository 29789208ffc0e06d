"""``ruqsat verify`` on what bears codes: PDFs, pictures, texts; with and without a status list."""

import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from desktop.commandline import main
from desktop.documents.drawing import draw
from desktop.eds.codes import pages, status_list
from desktop.eds.codes.papers import facts_of
from desktop.eds.codes.status_list import Entry, State
from desktop.eds.codes.trust import trust_list
from desktop.eds.tokens import open_pkcs12
from desktop.regulation.model import DocumentKind
from tests.documents.paper_facts import HOLDER, LICENCE
from tests.documents.test_drawing import SEAL
from tests.eds.codes.samples import OFFICE, VALID_FROM, opened
from tests.eds.people import AT, PASSWORD, Keys

DAY = date(2026, 7, 23)
PAGE = replace(LICENCE, issued_on=DAY, first_issued_on=DAY)
CODE = opened().sign(facts_of(DocumentKind.LICENCE, PAGE))
MADE = datetime(2026, 8, 1, tzinfo=UTC)


@pytest.fixture
def trusted(tmp_path: Path, keys: Keys) -> Path:
    folder = tmp_path / "trust"
    folder.mkdir()
    (folder / "codes.pem").write_text(
        trust_list([opened().certificate], made_at=VALID_FROM), encoding="utf-8"
    )
    (folder / "root.pem").write_text(keys.authority.root_pem, encoding="ascii")
    return folder


def listed(folder: Path, entry: Entry, *, fresh: timedelta = timedelta(days=900)) -> None:
    content = status_list.make(
        opened(), [(PAGE.number, entry)], licensor=OFFICE, licensor_bin=PAGE.office.bin, made_at=MADE, valid_until=MADE + fresh
    )  # fmt: skip
    (folder / "status.kzs").write_bytes(content)


def verified(capsys: pytest.CaptureFixture[str], file: Path, trust: Path) -> tuple[int, dict[str, Any]]:
    code = main(["verify", str(file), "--trust", str(trust), "--at", "2026-12-01T00:00+00:00", "--json"])
    return code, json.loads(capsys.readouterr().out)


def paper(**changes: Any) -> bytes:
    return draw(DocumentKind.LICENCE, replace(PAGE, code=CODE, **changes), SEAL)


def picture(pdf: bytes) -> bytes:
    kept = io.BytesIO()
    with pages.pages_of(pdf) as drawn:
        next(drawn).picture.save(kept, "PNG")
    return kept.getvalue()


def scanned(pdf: bytes, again: int = 0) -> bytes:
    """The first page as a scanner gives it: a PDF that holds a picture and no words, and keeps no standard."""
    sheet, kept = Image.open(io.BytesIO(picture(pdf))), io.BytesIO()
    sheet.save(kept, "PDF", resolution=200, save_all=True, append_images=[sheet] * again)
    return kept.getvalue()


def written(tmp_path: Path, name: str, content: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def test_a_picture_and_a_text_are_judged_offline_by_the_trust_list(
    tmp_path: Path, trusted: Path, capsys
) -> None:
    for file in (
        written(tmp_path, "photo.png", picture(paper())),
        written(tmp_path, "code.txt", CODE.encode()),
        written(tmp_path, "scan.pdf", scanned(paper())),
        written(tmp_path, "standard.pdf", scanned(paper()).replace(b" 65536 f", b" 65535 f")),
    ):
        code, told = verified(capsys, file, trusted)
        assert (code, told["valid"], told["kind"]) == (0, True, "code"), file
        assert (told["reason"], told["file_signed"]) == (
            "code-valid-demo",
            False,
        )  # the code is, not the paper
        assert not told["covers_whole_file"]
        assert {"name": "number", "value": PAGE.number} in told["told"]


def test_a_pdf_of_words_without_a_signature_is_not_valid_by_its_code(
    tmp_path: Path, trusted: Path, capsys
) -> None:
    """A draft drawn before the PIN, or a page made of the paper's text and a copied code."""
    draft = written(tmp_path, "draft.pdf", paper())
    code, told = verified(capsys, draft, trusted)
    assert (code, told["valid"], told["reasons"]) == (1, False, ["code-not-signed"])
    assert {"name": "number", "value": PAGE.number} in told["told"]  # what the code says is told all the same
    assert main(["verify", str(draft), "--trust", str(trusted)]) == 1
    assert "bears no signature: ask for the signed file" in capsys.readouterr().out
    listed(trusted, Entry(State.SUSPENDED, DAY, date(2026, 7, 30)))
    assert verified(capsys, draft, trusted)[1]["reason"] == "code-suspended"  # the graver is said


def test_pages_nobody_looked_at_make_no_scan(
    tmp_path: Path, trusted: Path, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = written(tmp_path, "two.pdf", scanned(paper(), again=1).replace(b" 65536 f", b" 65535 f"))
    assert verified(capsys, two, trusted)[0] == 0
    monkeypatch.setattr(pages, "MOST_PAGES", 1)
    assert verified(capsys, two, trusted)[1]["reason"] == "code-not-signed"


def test_without_the_key_nothing_is_proved(tmp_path: Path, trusted: Path, capsys) -> None:
    code, told = verified(capsys, written(tmp_path, "photo.png", picture(paper())), trusted / "root.pem")
    assert (code, told["reason"]) == (1, "code-key-unknown")


def test_another_page_around_a_genuine_code_is_refused(tmp_path: Path, trusted: Path, capsys) -> None:
    forged = paper(holder=replace(HOLDER, identifier="000140001239"))
    code, told = verified(capsys, written(tmp_path, "forged.pdf", forged), trusted)
    assert (code, told["reason"]) == (1, "code-differs")
    assert any(one["name"] == "differs" and HOLDER.identifier in one["value"] for one in told["told"])


def test_a_signed_pdf_is_valid_by_both_and_its_code_must_agree(
    tmp_path: Path, trusted: Path, capsys, keystore: Path
) -> None:
    with open_pkcs12(keystore, PASSWORD) as signer:
        good = signer.sign(paper(), at=AT, reason="")
        bad = signer.sign(paper(site="Ақтөбе қаласы"), at=AT, reason="")
    code, told = verified(capsys, written(tmp_path, "good.pdf", good), trusted)
    assert (code, told["kind"]) == (0, "pdf")
    assert {"name": "number", "value": PAGE.number} in told["told"]
    code, told = verified(capsys, written(tmp_path, "bad.pdf", bad), trusted)
    assert (code, told["reason"]) == (1, "code-differs")


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (Entry(State.SUSPENDED, DAY, date(2026, 7, 30)), "code-suspended"),
        (Entry(State.STOPPED, DAY), "code-stopped"),
        (Entry(State.REPLACED, DAY, date(2026, 7, 31), "18000999"), "code-replaced"),
    ],
)
def test_what_is_no_longer_in_force_is_told_from_the_list(
    tmp_path: Path, trusted: Path, capsys, entry: Entry, reason: str
) -> None:
    listed(trusted, entry)
    code, told = verified(capsys, written(tmp_path, "code.txt", CODE.encode()), trusted)
    assert (code, told["reason"]) == (1, reason)
    said = {one["name"]: one["value"] for one in told["told"]}
    assert said["status_list"].startswith("2026-08-01")
    assert said.get("status_since", "") == (entry.since.isoformat() if entry.since else "")
    assert said.get("replaced_by", "") == entry.replaced_by


def test_a_number_a_later_list_does_not_know_is_refused(tmp_path: Path, trusted: Path, capsys) -> None:
    def judged(made: date, fresh: int = 900) -> tuple[int, str, set[str]]:
        moment = datetime(made.year, made.month, made.day, 12, tzinfo=UTC)
        content = status_list.make(
            opened(), [("1", Entry(State.IN_FORCE, DAY))], licensor=OFFICE, licensor_bin=PAGE.office.bin, made_at=moment, valid_until=moment + timedelta(days=fresh)
        )  # fmt: skip
        (trusted / "status.kzs").write_bytes(content)
        code, told = verified(capsys, written(tmp_path, "code.txt", CODE.encode()), trusted)
        return code, told["reason"], {one["name"] for one in told["told"]}

    code, reason, said = judged(DAY + timedelta(days=1))
    assert (code, reason) == (1, "code-not-listed")
    assert "status_unknown" in said
    for made, fresh in ((DAY, 900), (DAY - timedelta(days=3), 900), (DAY + timedelta(days=1), 7)):
        code, reason, said = judged(made, fresh)  # of its own day, an earlier one, or out of date: only told
        assert (code, reason) == (0, "code-valid-demo")
        assert "status_unknown" in said


def test_an_old_list_is_told_as_old_and_an_unfit_one_is_not_used(
    tmp_path: Path, trusted: Path, capsys
) -> None:
    listed(trusted, Entry(State.IN_FORCE, DAY), fresh=timedelta(days=7))
    file = written(tmp_path, "code.txt", CODE.encode())
    code, told = verified(capsys, file, trusted)
    said = {one["name"]: one["value"] for one in told["told"]}
    assert code == 0
    assert said["status_old"].startswith("2026-08-01")
    (trusted / "status.kzs").write_bytes(b"KZS1 spoiled")
    code, told = verified(capsys, file, trusted)
    assert (code, told["reason"]) == (2, "status-list-unfit")


def test_sentences_say_it_too(tmp_path: Path, trusted: Path, capsys) -> None:
    listed(trusted, Entry(State.SUSPENDED, DAY, date(2026, 7, 30)))
    file = written(tmp_path, "code.txt", CODE.encode())
    assert main(["verify", str(file), "--trust", str(trusted)]) == 1
    said = capsys.readouterr().out
    assert "suspended" in said
    assert "2026-07-30" in said
    broken = written(tmp_path, "broken.png", b"\x89PNG\r\n\x1a\n broken")
    assert main(["verify", str(broken), "--trust", str(trusted)]) == 2
