"""The verify screen: the answer first, in a head no one can mistake."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typst

from desktop.cases import office as commands
from desktop.eds.demo_ca import DemoAuthority, DemoPerson
from desktop.eds.tokens import open_pkcs12
from desktop.ui.screens.verify import VerifyScreen
from desktop.ui.widgets.plain import PlainLabel

_PERSON = DemoPerson("ЖҰМАҒАЛИЕВ <b>ӘДІЛ</b>", "800101400121", "", "Басқарма", "150540004327")


@pytest.fixture(scope="module")
def authority() -> DemoAuthority:
    return DemoAuthority(valid_from=_now() - timedelta(days=20))


@pytest.fixture(scope="module")
def signed(authority: DemoAuthority, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    keystore = tmp_path_factory.mktemp("keys") / "head.p12"
    authority.issue(_PERSON, valid_from=_now() - timedelta(days=10)).write_pkcs12(keystore, "Qwerty12")
    page = typst.compile(b"= Licence", format="pdf")
    with open_pkcs12(keystore, "Qwerty12") as signer:
        return signer.sign(page, at=_now() - timedelta(hours=1), reason="")


@pytest.fixture
def paper(signed: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "licence.pdf"
    path.write_bytes(signed)
    return path


@pytest.fixture
def screen(qtbot, make_desk, store, people) -> VerifyScreen:
    desk = make_desk(store=store)
    desk.actor = people.clerk
    made = VerifyScreen(desk)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def trusting(screen: VerifyScreen, store, people, authority: DemoAuthority) -> VerifyScreen:
    commands.add_trust_root(store, people.administrator, pem=authority.root_pem, is_demo=True)
    return screen


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _facts(screen: VerifyScreen) -> str:
    return "\n".join(label.text() for label in screen.facts.findChildren(PlainLabel))


def test_a_demo_paper_is_valid_but_said_to_be_a_demo(trusting: VerifyScreen, paper: Path) -> None:
    trusting.check(str(paper))
    assert trusting.head_word.text() == "Valid, but only a demonstration"
    assert trusting.head.property("notice") == "soon"
    assert "ЖҰМАҒАЛИЕВ <b>ӘДІЛ</b>" in _facts(trusting)
    assert "800101400121" in _facts(trusting)
    assert "unchanged since it was signed" in _facts(trusting)
    assert "files" in trusting.desk.tasks.lanes_used


def test_without_a_root_it_is_not_valid_and_says_why(screen: VerifyScreen, paper: Path) -> None:
    screen.check(str(paper))
    assert screen.head_word.text() == "The signature is not valid"
    assert "no authority trusted here" in _facts(screen)
    assert "unchanged since it was signed" in _facts(screen)


def test_nobody_has_to_be_signed_in(trusting: VerifyScreen, paper: Path) -> None:
    trusting.desk.actor = None
    trusting.check(str(paper))
    assert trusting.head.property("notice") == "soon"


def test_there_may_be_no_office_at_all(screen: VerifyScreen, paper: Path) -> None:
    screen.desk.store = None
    screen.check(str(paper))
    assert screen.head_word.text() == "The signature is not valid"


@pytest.mark.parametrize("spoil", ["byte", "tail"])
def test_a_changed_paper_is_not_valid(trusting: VerifyScreen, paper: Path, spoil: str) -> None:
    content = bytearray(paper.read_bytes())
    if spoil == "byte":
        content[120] ^= 1
    else:
        content += b"\n%"
    paper.write_bytes(content)
    trusting.check(str(paper))
    assert trusting.head.property("notice") == "late"
    assert trusting.head_word.text() == "The signature is not valid"


def test_what_is_no_pdf_cannot_be_checked(trusting: VerifyScreen, tmp_path: Path) -> None:
    for name, content in (("a.pdf", b"hello"), ("empty.pdf", b"")):
        (tmp_path / name).write_bytes(content)
        trusting.check(str(tmp_path / name))
        assert trusting.head_word.text() == "This cannot be checked"
        assert trusting.head_file.whole_text() == name
        assert trusting.facts.isHidden()
    trusting.check(str(tmp_path / "nowhere.pdf"))
    assert trusting.head_word.text() == "This cannot be checked"
    assert trusting.desk.told.notices == []


def test_an_unsigned_paper(trusting: VerifyScreen, tmp_path: Path) -> None:
    path = tmp_path / "plain.pdf"
    path.write_bytes(typst.compile(b"= Letter", format="pdf"))
    trusting.check(str(path))
    assert trusting.head_word.text() == "There is no signature"


def test_the_certificate_is_behind_the_fold(trusting: VerifyScreen, paper: Path) -> None:
    trusting.check(str(paper))
    assert trusting.details.isHidden()
    trusting.unfold.click()
    assert not trusting.details.isHidden()
    told = "\n".join(label.text() for label in trusting.details.findChildren(PlainLabel))
    assert "root CA" in told


def test_the_answer_changes_its_language(trusting: VerifyScreen, paper: Path, language) -> None:
    trusting.check(str(paper))
    language.switch("ru")
    trusting.retranslate()
    assert trusting.head_word.text() == "Действительна, но только учебная"
    assert "Подписал" in _facts(trusting)
