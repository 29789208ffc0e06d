"""The head signs with a real token (SoftHSM2) at the window; and every way a token lets one down changes nothing."""

import subprocess
from datetime import timedelta

import pkcs11
import pytest
from PySide6.QtWidgets import QComboBox
from sqlalchemy import select

from desktop.eds import certificates, pdf_signature, signing_checks, tokens, tokens_pkcs11, verdict_parts
from desktop.eds.demo_ca import DemoPerson
from desktop.eds.verdict_parts import RevocationSeen
from desktop.errors import NotAllowed
from desktop.models import Base
from desktop.queries.papers import document_bytes
from desktop.regulation.model import Act
from desktop.ui import renderer
from desktop.ui.messages import say
from tests.cases.world import ASKED
from tests.office import trust_demo
from tests.token_place import MODULE, PIN, Place, token_place
from tests.ui.case_window import HEAD_IIN, OFFICE_BIN, ORGANISATION, VALID_FROM, Window, make_keys


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
def place(tmp_path, monkeypatch):
    with token_place(tmp_path / "softhsm", monkeypatch) as made:
        yield made


@pytest.fixture
def logins(monkeypatch):
    """What the tokens were asked with: one PIN an element."""
    asked = []
    opened = tokens.open_pkcs11

    def watched(*args, **kwargs):
        asked.append(kwargs["pin"].encode().decode())
        return opened(*args, **kwargs)

    monkeypatch.setattr(tokens, "open_pkcs11", watched)
    return asked


@pytest.fixture
def to_sign(make_desk, people, case_at, store, keys):
    """The head's window on a paper that waits to be signed."""
    from desktop.documents.drawing import draw

    trust_demo(store, keys.authority.root_pem)
    window = Window(make_desk(*people.head.roles, store=store), people.head, case_at(Act.SIGN, draw=draw))
    assert window.screen.viewer.content == window.panel.ready.pdf
    yield window
    window.close()


def whole(store) -> dict[str, list[tuple]]:
    """Return every row of every table as it stands, the journal among them.

    Not those of commands and of their seal: what was prepared for a signature was asked for, whatever came of it.
    """
    with store.reading() as session:
        return {
            table.name: sorted(map(tuple, session.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
            if table.name not in ASKED
        }


def choose_token(window: Window, label: str) -> None:
    """Choose signing by token, and the token in the list by what the list shows."""
    window.click("case.key_by_token")
    listed = window.control("case.tokens", QComboBox)
    shown = [listed.itemText(row) for row in range(listed.count())]
    (row,) = [number for number, text in enumerate(shown) if text.startswith(f"{label} ·")]
    listed.setCurrentIndex(row)


def type_pin(window: Window, pin: str = PIN) -> None:
    dialog = window.panel._dialog
    assert dialog is not None
    assert dialog.isVisible()
    dialog.pin.editor.setText(pin)
    dialog.sign.click()


class Standing:
    """How a paper stood before a refusal; :meth:`holds` says that it stands so still and can be signed."""

    def __init__(self, window: Window, store) -> None:
        self.window, self.store = window, store
        self.before = whole(store)
        self.paper = window.panel.ready

    def holds(self, code: str) -> None:
        assert self.window.desk.told.codes == [code]
        assert self.window.desk.told.defects == []
        assert len(self.window.desk.told.only().text) > 40
        assert self.window.panel.problem.isVisible()
        assert self.window.panel.problem.text() == self.window.desk.told.only().text
        assert self.window.card.act == Act.SIGN
        assert self.window.screen.bar.primary.isEnabled()
        assert whole(self.store) == self.before
        self.window.desk.told.notices.clear()

    def then_signs(self) -> None:
        """The next try signs the same bytes under the same number."""
        self.window.primary()
        type_pin(self.window)
        is_signed(self.window, self.store, self.paper)


def is_signed(window: Window, store, paper) -> bytes:
    assert window.card.act == Act.DELIVER, window.desk.told.notices
    assert window.desk.told.codes == []
    (document,) = [one for one in window.card.documents if one.state == "signed"]
    assert document.number == paper.number
    signed = document_bytes(store, window.desk.actor, document_id=document.document_id)[1]
    assert signed.startswith(paper.pdf)
    return signed


def test_the_head_signs_with_the_token_chosen_in_the_list(
    to_sign, place: Place, keys, store, clock, tmp_path, logins
):
    place.add(keys.foreign, "colleague")
    place.add(keys.head, "head")
    paper = to_sign.panel.ready
    choose_token(to_sign, "head")
    to_sign.primary()
    assert "head" in to_sign.panel._dialog.pin.label.text()
    type_pin(to_sign)
    signed = is_signed(to_sign, store, paper)
    assert logins == [PIN]  # asked once, used once
    verdict = pdf_signature.verify(signed, demo_roots=[keys.authority.root_pem], at=clock())
    assert verdict.valid
    assert verdict.unchanged
    assert verdict.iin == HEAD_IIN
    assert verdict.certificate_sha256 == certificates.describe(keys.head.certificate_der).sha256
    path = tmp_path / "licence.pdf"
    path.write_bytes(signed)
    said = subprocess.run(
        ["pdfsig", "-nocert", path], capture_output=True, text=True, errors="replace", check=False
    ).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    path.write_bytes(signed[:2000] + bytes([signed[2000] ^ 1]) + signed[2001:])
    assert not pdf_signature.verify(path.read_bytes(), demo_roots=[keys.authority.root_pem], at=clock()).valid


def test_the_token_is_remembered_and_its_pin_is_not(
    qtbot, to_sign, place, keys, make_desk, people, case_at, store
):
    from desktop.documents.drawing import draw

    place.add(keys.head, "head")
    place.add(None, "another")
    choose_token(to_sign, "head")
    to_sign.primary()
    type_pin(to_sign)
    kept = to_sign.desk.settings
    assert kept.token in [seen.serial for seen in tokens.list_tokens(MODULE) if seen.label == "head"]
    assert PIN not in repr(kept)
    again = Window(
        make_desk(*people.head.roles, store=store, settings=kept),
        people.head,
        case_at(Act.SIGN, draw=draw, site="Орал қ., Абай даңғ., 9"),
    )
    assert again.panel.keys.by_token.isChecked()
    qtbot.waitUntil(lambda: again.panel.keys.key() is not None)  # it looks by itself once it is seen
    assert again.panel.keys.key().label == "head"
    again.close()


def test_a_wrong_pin_is_used_once_and_may_be_typed_again(to_sign, place, keys, store, logins):
    place.add(keys.head, "head")
    standing = Standing(to_sign, store)
    choose_token(to_sign, "head")
    to_sign.primary()
    first = to_sign.panel._dialog
    type_pin(to_sign, "00000000")
    assert logins == ["00000000"]  # never tried again by itself
    assert not first.isVisible()
    assert first.pin.editor.text() == ""
    standing.holds("token-pin-wrong")
    standing.then_signs()
    assert logins == ["00000000", PIN]


def test_a_pin_dialog_closed_asks_the_token_nothing(to_sign, place, keys, store, logins):
    place.add(keys.head, "head")
    standing = Standing(to_sign, store)
    choose_token(to_sign, "head")
    to_sign.primary()
    to_sign.panel._dialog.reject()
    assert whole(store) == standing.before
    assert to_sign.desk.told.notices == []
    assert logins == []
    standing.then_signs()


def test_a_token_pulled_out_after_it_was_chosen(to_sign, place, keys, store, logins):
    place.add(keys.head, "head")
    standing = Standing(to_sign, store)
    choose_token(to_sign, "head")
    place.pull_out()
    to_sign.primary()
    assert to_sign.panel._dialog is None  # no PIN is asked for what is not there
    standing.holds("token-missing")
    assert logins == []
    place.put_back()
    standing.then_signs()


def test_a_token_pulled_out_while_the_pin_is_typed(to_sign, place, keys, store):
    place.add(keys.head, "head")
    standing = Standing(to_sign, store)
    choose_token(to_sign, "head")
    to_sign.primary()
    place.pull_out()
    type_pin(to_sign)
    standing.holds("token-missing")
    place.put_back()
    standing.then_signs()


def test_a_token_pulled_out_between_pin_and_signature(to_sign, place, keys, store, monkeypatch, logins):
    place.add(keys.head, "head")
    standing = Standing(to_sign, store)
    choose_token(to_sign, "head")
    to_sign.primary()
    check = signing_checks.check_signer

    def pulled_out(*args, **kwargs):
        path = check(*args, **kwargs)
        place.pull_out()
        return path

    with monkeypatch.context() as here:
        here.setattr(signing_checks, "check_signer", pulled_out)
        type_pin(to_sign)
    assert logins == [PIN]
    standing.holds("token-removed")
    place.put_back()
    standing.then_signs()


@pytest.fixture
def unfit(keys):
    """Keys that will not do, by the word of what is wrong with them."""

    def made(start: int = 0, **changes):
        person = {"surname_name": "БАСШЫБАЕВ ЕРЛАН", "iin": HEAD_IIN, "bin": OFFICE_BIN} | changes
        given = {"patronymic": "ҚУАТҰЛЫ", "organisation": ORGANISATION}
        return keys.authority.issue(
            DemoPerson(**person, **given), valid_from=VALID_FROM + timedelta(days=start)
        )

    return {
        "certificate-foreign": lambda: keys.foreign,
        "certificate-expired": lambda: keys.expired,
        "certificate-not-yet-valid": lambda: made(start=600),
        "certificate-wrong-organisation": lambda: made(bin="000140001239"),
        "certificate-no-role": lambda: made(roles=()),
    }


@pytest.mark.parametrize(
    "code",
    [
        "certificate-foreign",
        "certificate-expired",
        "certificate-not-yet-valid",
        "certificate-wrong-organisation",
        "certificate-no-role",
    ],
)
def test_a_certificate_that_will_not_do_is_told_before_the_pin(
    to_sign, place, keys, unfit, store, logins, code
):
    place.add(unfit[code](), "other")
    place.add(keys.head, "head")
    standing = Standing(to_sign, store)
    choose_token(to_sign, "other")
    to_sign.primary()
    assert to_sign.panel._dialog is None
    assert logins == []
    standing.holds(code)
    choose_token(to_sign, "head")
    assert to_sign.panel.problem.isHidden(), "what was said of the other token is not said of this one"
    standing.then_signs()


@pytest.mark.parametrize("code", ["certificate-revoked", "revocation-answer-bad", "revocation-unknown"])
def test_what_the_authority_says_of_a_token_is_told_before_the_pin(
    to_sign, place, keys, store, logins, code, monkeypatch, clock
):
    """The certificates of a demo are asked about nowhere: here the authority is played, see test_catalogue for a real."""
    place.add(keys.head, "head")
    standing = Standing(to_sign, store)
    choose_token(to_sign, "head")
    told = {
        "certificate-revoked": RevocationSeen(verdict_parts.Standing.REVOKED, since=clock()),
        "revocation-answer-bad": RevocationSeen(
            verdict_parts.Standing.UNKNOWN, refused=True, why="revocation-list-forged"
        ),
        "revocation-unknown": RevocationSeen(verdict_parts.Standing.UNKNOWN, why="revocation-unreached"),
    }[code]
    with monkeypatch.context() as here:
        here.setattr(signing_checks, "ask_chain", lambda *_: told)
        here.setattr(signing_checks, "load", lambda _: ())  # nobody is a demo
        to_sign.primary()
    assert to_sign.panel._dialog is None
    assert logins == []
    standing.holds(code)
    standing.then_signs()


def test_a_locked_token_is_not_tried(to_sign, place, keys, store, monkeypatch):
    place.add(keys.head, "head")
    standing = Standing(to_sign, store)
    choose_token(to_sign, "head")

    def locked(token, _accepted):
        raise NotAllowed("token-pin-locked", token=token.label)

    with monkeypatch.context() as here:
        here.setattr(tokens_pkcs11, "_check_tries", locked)
        to_sign.primary()
        type_pin(to_sign)
    standing.holds("token-pin-locked")
    standing.then_signs()


def test_a_token_whose_key_is_gone(to_sign, place, keys, store):
    place.add(keys.head, "bare")
    place.add(keys.head, "head")
    with pkcs11.lib(str(MODULE)).get_token(token_label="bare").open(rw=True, user_pin=PIN) as session:
        for item in session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY}):
            item.destroy()
    standing = Standing(to_sign, store)
    choose_token(to_sign, "bare")
    to_sign.primary()
    type_pin(to_sign)
    standing.holds("token-no-key")
    choose_token(to_sign, "head")
    standing.then_signs()


def test_a_token_pulled_out_after_the_signature_loses_nothing(to_sign, place, keys, store, monkeypatch):
    """What the key has made is kept, whatever becomes of the token."""
    from desktop.cases import signing

    place.add(keys.head, "head")
    paper = to_sign.panel.ready
    really = signing.record

    def record(*given, **facts):
        place.pull_out()
        return really(*given, **facts)

    monkeypatch.setattr(signing, "record", record)
    choose_token(to_sign, "head")
    to_sign.primary()
    type_pin(to_sign)
    is_signed(to_sign, store, paper)


def test_a_token_with_nothing_on_it(to_sign, place, keys, store):
    place.add(None, "empty")
    place.add(keys.head, "head")
    standing = Standing(to_sign, store)
    choose_token(to_sign, "empty")
    to_sign.primary()
    type_pin(to_sign)  # its certificate may have been hidden until the PIN
    standing.holds("token-no-certificate")
    choose_token(to_sign, "head")
    standing.then_signs()


# the list of tokens


def test_without_a_module_the_head_is_told_what_to_do(to_sign, place, keys, store, monkeypatch, language):
    standing = Standing(to_sign, store)
    with monkeypatch.context() as here:
        here.setattr(tokens_pkcs11, "_KNOWN_MODULES", {})
        to_sign.click("case.key_by_token")
        problem = to_sign.panel.keys.problem
        assert problem.isVisible()
        assert problem.text() == say("token-no-module", {}, "en")
        assert "Install" in problem.text()
        assert "settings" in problem.text()
        language.switch("ru")
        to_sign.screen.retranslate()
        assert problem.text() == say("token-no-module", {}, "ru")
        assert not to_sign.screen.bar.primary.isEnabled()
    assert whole(store) == standing.before
    place.add(keys.head, "head")
    to_sign.click("case.look_for_tokens")
    assert not problem.isVisible()
    standing.then_signs()


def test_a_wrong_path_in_the_settings_is_told_unless_a_token_is_found_elsewhere(
    to_sign, place, keys, monkeypatch, tmp_path
):
    from dataclasses import replace

    gone = str(tmp_path / "libgone.so")
    to_sign.desk.settings = replace(to_sign.desk.settings, pkcs11_module=gone)
    to_sign.click("case.key_by_token")
    assert to_sign.panel.keys.problem.text() == say("token-module-missing", {"module": gone}, "en")
    broken = tmp_path / "broken.so"
    broken.write_text("no library")
    to_sign.desk.settings = replace(to_sign.desk.settings, pkcs11_module=str(broken))
    to_sign.click("case.look_for_tokens")
    assert to_sign.panel.keys.problem.text() == say("token-module-broken", {"module": str(broken)}, "en")
    place.add(keys.head, "head")
    to_sign.click("case.look_for_tokens")
    assert not to_sign.panel.keys.problem.isVisible()
    assert to_sign.panel.keys.key().label == "head"


def test_no_token_inserted_is_told_and_looking_again_finds_it(to_sign, place, keys, store):
    standing = Standing(to_sign, store)
    to_sign.click("case.key_by_token")
    assert to_sign.panel.keys.problem.text() == say("token-none", {}, "en")
    assert to_sign.panel.keys.problem.isVisible()
    assert not to_sign.screen.bar.primary.isEnabled()
    place.add(keys.head, "head")
    to_sign.click("case.look_for_tokens")
    assert not to_sign.panel.keys.problem.isVisible()
    standing.then_signs()


def test_looking_again_keeps_the_token_that_was_chosen(to_sign, place, keys, language):
    place.add(keys.foreign, "colleague")
    place.add(keys.head, "head")
    for label in ("colleague", "head"):
        choose_token(to_sign, label)
        to_sign.click("case.look_for_tokens")
        assert to_sign.panel.keys.key().label == label
        language.switch("kk")
        to_sign.screen.retranslate()
        assert to_sign.panel.keys.key().label == label
