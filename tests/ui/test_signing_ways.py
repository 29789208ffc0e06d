"""Signing through NCALayer at the window, the test of the token, and the office's rules of signing."""

from base64 import b64decode

import pytest

from desktop import settings as settings_file
from desktop.eds import pdf_signature
from desktop.models import Office
from desktop.queries.papers import document_bytes
from desktop.regulation.model import Act, Role
from desktop.ui import renderer
from desktop.ui.screens.administration_parts.signing_rules import SigningRulesSection
from desktop.ui.screens.key_test import KeyTestDialog
from tests.eds.standing_ncalayer import signs_with, standing_ncalayer
from tests.office import trust_demo
from tests.token_place import MODULE, PIN, token_place
from tests.ui.case_window import PASSWORD, Window, make_keys


@pytest.fixture(scope="module")
def keys():
    return make_keys()


@pytest.fixture(autouse=True)
def _own_places(tmp_path, monkeypatch):
    monkeypatch.setenv("RUQSAT_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("RUQSAT_CONFIG", str(tmp_path / "config"))
    yield
    renderer.stop()


@pytest.fixture
def ncalayer(tmp_path, keys, clock):
    with standing_ncalayer(tmp_path, signs_with(keys.head, clock()), keys.head.certificate_der) as server:
        yield server


@pytest.fixture
def to_sign(make_desk, people, case_at, store, keys, ncalayer):
    from desktop.documents.drawing import draw

    trust_demo(store, keys.authority.root_pem)
    intermediate = keys.head.chain[0].public_bytes(_pem()).decode()
    trust_demo(store, intermediate)
    desk = make_desk(*people.head.roles, store=store)
    desk.settings = settings_file.changed(
        desk.settings, ncalayer_address=ncalayer.address, ncalayer_trust=str(ncalayer.authority)
    )
    window = Window(desk, people.head, case_at(Act.SIGN, draw=draw))
    yield window
    window.close()


def _pem():
    from cryptography.hazmat.primitives.serialization import Encoding

    return Encoding.PEM


def test_the_head_signs_through_ncalayer(to_sign, ncalayer, store, keys, clock) -> None:
    to_sign.click("case.key_by_ncalayer")
    to_sign.primary()
    assert to_sign.card.act == Act.DELIVER, to_sign.desk.told.notices
    (document,) = [one for one in to_sign.card.documents if one.state == "signed"]
    signed = document_bytes(store, to_sign.desk.actor, document_id=document.document_id)[1]
    assert b"/adbe.pkcs7.detached" in signed
    verdict = pdf_signature.verify(signed, demo_roots=[keys.authority.root_pem], at=clock())
    assert verdict.valid
    assert verdict.last.subfilter == "adbe.pkcs7.detached"
    assert [one["method"] for one in ncalayer.asked] == ["getKeyInfo", "sign"]
    kept = to_sign.desk.settings
    assert kept.key_kind == "ncalayer"
    assert b64decode(kept.ncalayer_certificate) == keys.head.certificate_der


@pytest.mark.parametrize(
    ("behave", "code"), [("cancel", "ncalayer-cancelled"), ("not-json", "ncalayer-broken-answer")]
)
def test_a_refusal_of_ncalayer_changes_nothing(to_sign, ncalayer, behave, code) -> None:
    ncalayer.behave = behave
    to_sign.click("case.key_by_ncalayer")
    to_sign.primary()
    assert to_sign.desk.told.codes == [code]
    assert to_sign.card.act == Act.SIGN
    ncalayer.behave = ""
    to_sign.primary()
    assert to_sign.card.act == Act.DELIVER


def test_anothers_key_in_ncalayer_is_refused_before_anything_is_signed(to_sign, ncalayer, keys) -> None:
    ncalayer.certificate = keys.foreign.certificate_der
    to_sign.click("case.key_by_ncalayer")
    to_sign.primary()
    assert to_sign.desk.told.codes == ["certificate-foreign"]
    assert [one["method"] for one in ncalayer.asked] == ["getKeyInfo"]


def test_in_a_narrow_panel_no_way_to_a_key_is_cut(to_sign, language, qtbot) -> None:
    """1280 by 720 with the desk's list beside it leaves the case some 740."""
    language.switch("kk")
    to_sign.screen.retranslate()
    to_sign.screen.resize(740, 640)
    qtbot.wait(50)
    keys = to_sign.panel.keys
    for widget in (keys.choose, keys.look, keys.by_ncalayer):
        to_sign.panel._page.ensureWidgetVisible(widget)
        qtbot.wait(20)
        assert widget.visibleRegion().boundingRect() == widget.rect(), widget.objectName()


# the test of the token


def test_the_token_is_tested_without_its_pin(
    qtbot, make_desk, people, store, keys, tmp_path, monkeypatch, ncalayer
) -> None:
    trust_demo(store, keys.authority.root_pem)
    key_file = tmp_path / "head.p12"
    keys.head.write_pkcs12(key_file, PASSWORD)
    desk = make_desk(*people.head.roles, store=store)
    desk.actor = people.head
    desk.settings = settings_file.changed(
        desk.settings,
        pkcs11_module=str(MODULE),
        key_file=str(key_file),
        ncalayer_address=ncalayer.address,
        ncalayer_trust=str(ncalayer.authority),
    )
    with token_place(tmp_path / "softhsm", monkeypatch) as place:
        place.add(keys.head, "head")
        place.add(keys.expired, "old")
        dialog = KeyTestDialog(desk)
        qtbot.addWidget(dialog)
        dialog.show()
        told = dialog.steps.toPlainText()
        assert "✓ NCALayer: 1.4" in told or "✓ NCALayer:" in told
        found = {(step.what, step.result) for step in dialog._found.steps}
        assert {
            ("token", "passed"),
            ("certificate", "passed"),
            ("certificate", "wrong"),
            ("file", "passed"),
        } <= found
        errors = [step.error.code for step in dialog._found.steps if step.result == "wrong"]
        assert "certificate-expired" in errors
        assert [key.kind for key in dialog._found.keys] == ["token", "token", "ncalayer", "file"]
        labels = [key.label for key in dialog._found.keys]
        dialog.keys.editor.setCurrentIndex(labels.index("head"))
        dialog._go_on(_pin(PIN))
        assert dialog.tried.isVisible()
        assert dialog.tried.text().startswith("✓")
        dialog._go_on(_pin("00000000"))
        assert dialog._tried.code == "token-pin-wrong"
        assert dialog.tried.text().startswith("✗")
        assert dialog.tried.visibleRegion().boundingRect() == dialog.tried.rect(), "never below the fold"
        dialog.use.click()
        assert desk.settings.key_kind == "token"
        assert desk.settings.token == dialog.key.token
        dialog.keys.editor.setCurrentIndex(labels.index("NCALayer"))
        dialog.sign.click()
        assert dialog._tried.code == "certificate-untrusted"  # its issuing authority is not kept here
    with store.reading() as session:
        assert session.get_one(Office, 1) is not None


def _pin(text: str):
    from desktop.eds.pin import Pin

    return Pin(text)


# the office's rules


def test_the_administrator_sets_the_rules_and_the_journal_keeps_them(qtbot, make_desk, people, store) -> None:
    desk = make_desk(Role.ADMINISTRATOR, store=store)
    desk.actor = people.administrator
    section = SigningRulesSection(desk)
    qtbot.addWidget(section)
    section.refresh()
    assert not section.save.isEnabled()
    assert section.form.field("stamp_address").editor.placeholderText() == "http://tsp.pki.gov.kz/"
    section.level.setCurrentIndex(section.level.findData("b-t"))
    section.save.click()
    assert section.form.field("stamp_address").problem
    section.form.field("stamp_address").editor.setText("http://tsp.example.invalid/")
    section.silence.set_checked(True)
    section.save.click()
    with store.reading() as session:
        row = session.get_one(Office, 1)
        assert (row.signature_level, row.stamp_address, row.silence_allowed) == (
            "b-t",
            "http://tsp.example.invalid/",
            True,
        )
    assert not section.save.isEnabled()
