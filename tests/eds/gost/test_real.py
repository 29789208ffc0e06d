"""The command for real material, on a folder of our own making."""

from pathlib import Path

import pytest

from tests.eds.gost import making, real
from tests.eds.gost.making import AT, GostAuthority, Holder
from tests.eds.gost.messages import CONTENT, Shape, as_ber, signed, stamper


@pytest.fixture(scope="module")
def authority() -> GostAuthority:
    return making.authority()


@pytest.fixture
def holder(authority: GostAuthority) -> Holder:
    return authority.issue()


@pytest.fixture
def folder(authority: GostAuthority, holder: Holder, tmp_path: Path) -> Path:
    (tmp_path / "root.cer").write_bytes(authority.root.der)
    (tmp_path / "issuing.cer").write_bytes(authority.issuing.der)
    (tmp_path / "nca.crl").write_bytes(authority.crl(authority.issue()))
    (tmp_path / "person_document.txt").write_bytes(CONTENT)
    detached = signed(CONTENT, [holder], Shape(stamped_by=stamper(authority, at=AT)))
    (tmp_path / "person_detached.der").write_bytes(detached)
    (tmp_path / "both.p7m").write_bytes(as_ber(signed(CONTENT, [holder], Shape(attached=True))))
    (tmp_path / "README.md").write_text("what lies here")
    return tmp_path


def test_good_material_is_good_and_every_turned_bit_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert real.main([str(folder), "--flips", "120"]) == 0
    told = capsys.readouterr().out
    assert "120 of 120 turned bits refused" in told
    assert "WRONG" not in told
    assert "timestamp trusted" in told


@pytest.mark.parametrize("name", ["person_detached.der", "person_document.txt", "nca.crl", "issuing.cer"])
def test_bad_material_is_told(folder: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    assert real.main([str(folder), "--flips", "0"]) == 1
    assert "WRONG" in capsys.readouterr().out


def test_an_empty_folder_proves_nothing(tmp_path: Path) -> None:
    assert real.main([str(tmp_path)]) == 1
