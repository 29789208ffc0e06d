"""The verify screen: the answer first, in a head no one can mistake."""

import hashlib
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typst
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding

from desktop.eds.certificates import describe
from desktop.eds.cms_signature import sign_detached
from desktop.eds.demo_ca import DemoAuthority, DemoKey, DemoPerson
from desktop.eds.tokens import open_pkcs12
from desktop.ui import renderer, theme
from desktop.ui.screens.verify import VerifyScreen
from desktop.ui.screens.verify_parts.judging import Known, judge_file
from desktop.ui.screens.verify_parts.protocol import ProtocolDialog, facts_of, protocol_pdf
from desktop.ui.widgets.plain import PlainLabel
from tests.eds.codes.samples import opened
from tests.eds.codes.test_verify_codes import paper as paper_with_code
from tests.eds.codes.test_verify_codes import picture
from tests.office import trust_demo

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
    trust_demo(store, authority.root_pem)
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


def _detached(key: DemoKey, content: bytes) -> bytes:
    def raw(data: bytes, _digest: str) -> bytes:
        return key.private_key.sign(data, padding.PKCS1v15(), hashes.SHA256())

    info = describe(key.certificate.public_bytes(Encoding.DER))
    chain = [one.public_bytes(Encoding.DER) for one in key.chain]
    return sign_detached(content, info=info, chain=chain, raw=raw, at=_now() - timedelta(hours=1))


def test_a_signature_apart_asks_for_its_file(
    trusting: VerifyScreen, authority: DemoAuthority, tmp_path: Path
) -> None:
    content = "Өтініш".encode()
    key = authority.issue(_PERSON, valid_from=_now() - timedelta(days=10))
    (tmp_path / "request.sig").write_bytes(_detached(key, content))
    (tmp_path / "request.txt").write_bytes(content)
    (tmp_path / "other.txt").write_bytes(content + b"!")
    trusting.check(str(tmp_path / "request.sig"))
    assert trusting.head_word.text() == "The signed file is wanted too"
    assert not trusting.beside.isHidden()
    assert trusting.protocol.isHidden()
    trusting.beside.take([str(tmp_path / "request.txt")])
    assert trusting.head.property("notice") == "soon"
    assert trusting.beside.isHidden()
    trusting.drop.take([str(tmp_path / "other.txt"), str(tmp_path / "request.sig")])  # together, in any order
    assert trusting.head.property("notice") == "late"
    assert "changed after it was signed" in trusting.head_text.text()


def test_who_told_of_revocation_stands_in_the_facts(trusting: VerifyScreen, paper: Path) -> None:
    trusting.check(str(paper))
    assert "Nobody was asked whether the certificate is revoked" in _facts(trusting)
    trusting.online.click()  # the demo authority names no address: asked, and nobody to ask
    assert "names no address" in _facts(trusting)
    assert "systems" in trusting.desk.tasks.lanes_used


@pytest.mark.parametrize("valid", [True, False])
def test_the_protocol_says_what_the_verdict_knows(
    trusting: VerifyScreen, paper: Path, tmp_path: Path, valid: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not valid:
        paper.write_bytes(paper.read_bytes() + b"\n%")
    trusting.check(str(paper))
    trusting.protocol.click()
    dialog = trusting.findChild(ProtocolDialog)
    monkeypatch.setattr(dialog, "choose_file", lambda _name: str(tmp_path / "saved"))
    dialog.save.click()
    saved = (tmp_path / "saved.pdf").read_bytes()
    told = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "saved.pdf"), "-"], capture_output=True, check=True
    ).stdout.decode()
    flat = "".join(told.split())
    assert saved.startswith(b"%PDF-")
    assert hashlib.sha256(paper.read_bytes()).hexdigest() in flat
    assert ("ЖАРАМДЫ/ДЕЙСТВИТЕЛЬНА" if valid else "ЖАРАМСЫЗ/НЕДЕЙСТВИТЕЛЬНА") in flat
    assert "ЖҰМАҒАЛИЕВ<b>ӘДІЛ</b>" in flat
    assert "800101400121" in flat
    assert "техническаяпроверка" in flat
    dialog.close()


def test_a_protocol_of_strange_letters_is_drawn(authority: DemoAuthority, tmp_path: Path) -> None:
    """Whoever makes a file chooses its signer's name: no letters of his keep the protocol from being made."""
    person = DemoPerson("名前 \U0001f600 \u202e#let", "800101400121", "", "Ұйым", "150540004327")
    key = authority.issue(person, valid_from=_now() - timedelta(days=10))
    (tmp_path / "a.sig").write_bytes(_detached(key, b"x"))
    (tmp_path / "a.txt").write_bytes(b"x")
    seen = judge_file(str(tmp_path / "a.sig"), Known(), document=str(tmp_path / "a.txt"))
    assert seen.verdict is not None
    assert protocol_pdf(checked=seen, checked_by="").startswith(b"%PDF-")


@pytest.fixture
def coded(screen: VerifyScreen, monkeypatch: pytest.MonkeyPatch) -> Iterator[VerifyScreen]:
    """The office's key of codes is the one of the samples."""
    known = Known(code_keys=(opened().certificate.pem,))
    monkeypatch.setattr("desktop.ui.screens.verify.known", lambda store, actor: known)
    yield screen
    renderer.stop()


def test_a_genuine_code_in_a_file_of_words_without_a_signature_is_not_relied_on(
    coded: VerifyScreen, tmp_path: Path
) -> None:
    draft = tmp_path / "draft.pdf"
    draft.write_bytes(paper_with_code())
    coded.check(str(draft))
    assert coded.head_word.text() == "Do not rely on it"
    assert "bears no signature" in coded.head_text.text()
    assert coded.head.property("notice") == "late"
    assert "not signed by this" in _facts(coded)
    assert facts_of(coded._checked, "")["valid"] is False


def test_a_picture_with_a_genuine_code_is_said_to_be_no_signed_file(
    coded: VerifyScreen, tmp_path: Path
) -> None:
    photo = tmp_path / "photo.png"
    photo.write_bytes(picture(paper_with_code()))
    coded.check(str(photo))
    assert coded._checked.verdict.valid
    assert "itself is not a signed file" in coded.head_text.text()
    assert "covered by the signature" not in _facts(coded)
    told = facts_of(coded._checked, "")
    assert (told["valid"], told["kind"]) == (True, "code")
    assert "не подписанный файл" in told["reason"]["ru"]


def test_on_a_low_screen_the_answer_comes_into_sight(
    qtbot, qapp, trusting: VerifyScreen, paper: Path
) -> None:
    theme.apply(qapp, "light", scale=1.5)
    trusting.resize(1060, 560)
    trusting.check(str(paper))
    qtbot.waitUntil(lambda: trusting.scroll.verticalScrollBar().value() > 0)
    assert trusting.head.visibleRegion().boundingRect() == trusting.head.rect()
    theme.apply(qapp, "light")
