"""``ruqsat verify`` as administrators run it: a command, its words, its exit status."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop.eds.demo_ca import DemoAuthority
from desktop.eds.report import NOT_VALID, UNREADABLE, VALID, verify_file
from desktop.eds.tokens import open_pkcs12
from tests.eds.people import AT, HEAD, IIN, PASSWORD


@pytest.fixture
def paper(tmp_path: Path, signed: bytes) -> Path:
    path = tmp_path / "licence.pdf"
    path.write_bytes(signed)
    return path


@pytest.fixture
def trusted(tmp_path: Path, root: str) -> Path:
    path = tmp_path / "root.pem"
    path.write_text(root, encoding="ascii")
    return path


def _said(path: Path, *trust: Path, as_json: bool = False) -> tuple[int, str]:
    said: list[str] = []
    status = verify_file(path, trust=trust, as_json=as_json, write=said.append, at=AT)
    return status, "\n".join(said)


def test_a_signed_paper_with_its_root_is_valid(paper: Path, trusted: Path) -> None:
    status, said = _said(paper, trusted)
    assert status == VALID
    assert said.startswith("VALID: licence.pdf: ")
    assert HEAD.surname_name in said
    assert f"IIN {IIN}" in said
    assert "DEMO, without legal force" in said
    assert "unchanged since it was signed" in said


def test_without_a_root_nothing_is_trusted_but_the_file_is_still_described(paper: Path) -> None:
    status, said = _said(paper)
    assert status == NOT_VALID
    assert "NOT VALID: licence.pdf: the certificate does not lead to a root that was given." in said
    assert "unchanged since it was signed" in said
    assert "--trust PEM" in said


def test_a_changed_byte_is_told(paper: Path, trusted: Path) -> None:
    content = bytearray(paper.read_bytes())
    content[100] ^= 1
    paper.write_bytes(content)
    status, said = _said(paper, trusted)
    assert status == NOT_VALID
    assert said.startswith("NOT VALID: ")


def test_bytes_after_the_signature_are_told(paper: Path, trusted: Path) -> None:
    paper.write_bytes(paper.read_bytes() + b"\n% more")
    status, said = _said(paper, trusted)
    assert status == NOT_VALID
    assert "added" in said


def test_an_unsigned_paper_says_so(tmp_path: Path, page: bytes) -> None:
    path = tmp_path / "plain.pdf"
    path.write_bytes(page)
    assert _said(path) == (NOT_VALID, "NOT VALID: plain.pdf: the file carries no electronic signature.")


def test_what_cannot_be_read(tmp_path: Path, paper: Path) -> None:
    text = tmp_path / "letter.txt"
    text.write_text("no PDF", encoding="utf-8")
    assert _said(text)[0] == UNREADABLE
    assert _said(tmp_path / "nowhere.pdf")[0] == UNREADABLE
    assert _said(tmp_path)[0] == UNREADABLE
    status, said = _said(paper, text)
    assert status == UNREADABLE
    assert "letter.txt, given with --trust, is missing or is no certificate" in said


def test_json_is_the_whole_verdict(paper: Path, trusted: Path, tmp_path: Path) -> None:
    status, said = _said(paper, trusted, as_json=True)
    told = json.loads(said)
    assert status == VALID
    assert told["valid"] is True
    assert told["reason"] == "verdict-valid-demo"
    assert told["iin"] == IIN
    assert told["covers_whole_file"] is True
    status, said = _said(tmp_path / "nowhere.pdf", as_json=True)
    assert status == UNREADABLE
    assert json.loads(said)["reason"] == "file-missing"


@pytest.mark.parametrize(("with_root", "status"), [(True, VALID), (False, NOT_VALID)])
def test_the_command_itself(tmp_path: Path, page: bytes, with_root: bool, status: int) -> None:
    """The command checks at the present moment, so the paper is signed a moment ago."""
    now = datetime.now(UTC).replace(microsecond=0)
    authority = DemoAuthority(valid_from=now - timedelta(days=20))
    keystore, paper, root = tmp_path / "head.p12", tmp_path / "licence.pdf", tmp_path / "root.pem"
    authority.issue(HEAD, valid_from=now - timedelta(days=10)).write_pkcs12(keystore, PASSWORD)
    with open_pkcs12(keystore, PASSWORD) as signer:
        paper.write_bytes(signer.sign(page, at=now - timedelta(hours=1), reason="Лицензия беру"))
    root.write_text(authority.root_pem, encoding="ascii")
    words = [sys.executable, "-m", "desktop", "verify", str(paper), "--json"]
    done = subprocess.run(
        [*words, "--trust", str(root)] if with_root else words,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == status, done.stderr
    assert json.loads(done.stdout)["signer"].startswith(HEAD.surname_name)
