"""The department's key of codes in the windows: made and replaced, told of before the PIN, opened once."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtGui import QGuiApplication

from desktop.cases.code_keys import set_code_key
from desktop.documents.drawing import draw
from desktop.eds.codes import keys
from desktop.eds.codes.claims import CodeFacts
from desktop.eds.codes.pages import pages_of
from desktop.eds.codes.pictures import codes_in
from desktop.eds.codes.reading import read_code
from desktop.eds.codes.trust import split
from desktop.queries import code_keys as queries
from desktop.queries.statuses import registered
from desktop.regulation.model import Act
from desktop.ui import code_key, renderer, theme
from desktop.ui.code_key import Place
from desktop.ui.language import Language
from desktop.ui.screens.administration import AdministrationScreen
from desktop.ui.screens.verify import VerifyScreen
from desktop.ui.screens.verify_parts.judging import in_register
from desktop.ui.screens.verify_parts.signature import lines_of
from desktop.ui.widgets.plain import PlainLabel
from tests.ui.case_window import Window

SECRET = "Codes-2026"


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("RUQSAT_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("RUQSAT_CONFIG", str(tmp_path / "config"))
    code_key.close()
    yield
    code_key.close()
    renderer.stop()


@pytest.fixture
def window(make_desk, store) -> Iterator[Callable[..., Window]]:
    made: list[Window] = []

    def make(actor, case_id: int) -> Window:
        made.append(Window(make_desk(*actor.roles, store=store), actor, case_id))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def section(qtbot, make_desk, store, people):
    desk = make_desk(store=store)
    desk.actor = people.administrator
    screen = AdministrationScreen(desk)
    qtbot.addWidget(screen)
    screen.resize(1180, 760)
    screen.show()
    screen.go("codes")
    return screen.section


@pytest.fixture
def key_file(tmp_path: Path, store, people) -> str:
    key, certificate = keys.make(
        name="Басқарма", bin="050140003412", valid_from=datetime(2018, 1, 1, tzinfo=UTC)
    )
    path = tmp_path / "codes.p12"
    keys.write_keystore(path, SECRET, key, certificate)
    set_code_key(store, people.administrator, pem=certificate.pem)
    return str(path)


def _type(section, path: Path, secret: str = SECRET, again: str | None = None) -> None:
    section.file.line.setText(str(path))
    section.secret.editor.setText(secret)
    section.again.editor.setText(secret if again is None else again)


def test_a_key_is_made_put_into_use_and_replaced(section, store, people, tmp_path: Path) -> None:
    assert section.none.isVisible()
    assert not section.retire.isEnabled()
    _type(section, tmp_path / "first.p12")
    section.make.click()
    (first,) = queries.code_keys(store, people.administrator)
    assert first.in_use
    assert code_key.at_hand().kid == first.kid
    assert section.desk.settings.code_key_file == str(tmp_path / "first.p12")
    assert SECRET not in repr(section.desk.settings)
    assert section.secret.editor.text() == ""
    _type(section, tmp_path / "second.p12")
    section.make.click()
    rows = queries.code_keys(store, people.administrator)
    assert [row.in_use for row in rows] == [True, False]
    assert rows[1].kid == first.kid
    assert section.table.rows.rowCount() == 2
    section.retire.click()
    assert not any(row.in_use for row in queries.code_keys(store, people.administrator))
    assert section.none.isVisible()


def test_at_150_nothing_of_a_key_is_cut(qapp, section, tmp_path: Path) -> None:
    _type(section, tmp_path / "first.p12")
    section.make.click()
    theme.apply(qapp, "light", scale=1.5)
    section.window().resize(1280, 720)
    section.refresh()
    table = section.table
    for column in (1, 2, 3):
        assert table.columnWidth(column) >= table.sizeHintForColumn(column), column
    theme.apply(qapp, "light")


def test_what_is_missing_is_told_and_nothing_is_made(section, store, people, tmp_path: Path) -> None:
    section.make.click()
    assert section.problem.text()
    _type(section, tmp_path / "key.p12", "short")
    section.make.click()
    assert section.secret.problem
    _type(section, tmp_path / "key.p12", SECRET, "another-one")
    section.make.click()
    assert section.again.problem
    (tmp_path / "there.p12").write_bytes(b"x")
    _type(section, tmp_path / "there.p12")
    section.make.click()
    assert "there.p12" in section.problem.text()
    _type(section, tmp_path / "none.p12")
    section.take.click()
    assert "none.p12" in section.problem.text()
    assert queries.code_keys(store, people.administrator) == ()
    assert section.make.isEnabled()


def test_the_trust_list_for_outsiders_is_saved(section, tmp_path: Path) -> None:
    _type(section, tmp_path / "key.p12")
    section.make.click()
    section.choose_target = lambda name: str(tmp_path / name)
    section.trust.click()
    _, known = split([(tmp_path / "trust.pem").read_bytes()])
    assert known.of(bytes.fromhex(code_key.at_hand().kid))


def test_the_head_is_told_before_the_pin_that_the_office_has_no_key(window, people, case_at) -> None:
    here = window(people.head, case_at(Act.SIGN, draw=draw))
    assert here.panel.ready.code == "no-key"
    assert not here.panel.code.isHidden()
    assert here.panel.code.open.isHidden()


def test_the_key_is_opened_once_and_the_page_gets_its_code(window, people, case_at, key_file: str) -> None:
    here = window(people.head, case_at(Act.SIGN, draw=draw))
    assert here.panel.ready.code == "closed"
    assert not here.panel.code.open.isHidden()
    bare = here.panel.ready.pdf
    here.panel.code.open.click()
    dialog = here.panel.code.dialog
    dialog.file.line.setText(key_file)
    dialog.secret.editor.setText("wrong")
    dialog.yes.click()
    assert dialog.secret.problem
    dialog.secret.editor.setText(SECRET)
    dialog.yes.click()
    assert here.panel.ready.code == "coded"
    assert here.panel.code.isHidden()
    assert here.panel.ready.pdf != bare
    (code,) = [text for text in codes_in(here.panel.ready.pdf) if text.startswith("KZL1:")]
    _, known = split([code_key.at_hand().pem])
    assert read_code(code, known).facts.number == here.panel.ready.number
    assert here.desk.settings.code_key_file == key_file
    other = window(people.head, case_at(Act.SIGN, draw=draw))
    assert other.panel.ready.code == "coded"


def test_the_verify_window_takes_a_picture_and_a_text_and_asks_the_register(
    qtbot, make_desk, window, store, people, case_at, key_file: str, tmp_path: Path
) -> None:
    code_key.offer(key_file, SECRET)
    here = window(people.head, case_at(Act.SIGN, draw=draw))
    pdf = here.panel.ready.pdf
    (code,) = [text for text in codes_in(pdf) if text.startswith("KZL1:")]
    case_at("deliver")  # another licence stands in the register, this one does not
    desk = make_desk(store=store)
    desk.actor = people.clerk
    screen = VerifyScreen(desk)
    qtbot.addWidget(screen)
    screen.show()
    picture = tmp_path / "photo.png"
    with pages_of(pdf) as pages:
        next(pages).picture.save(picture)
    screen.check(str(picture))
    assert screen.head.property("notice") == "done"
    assert here.panel.ready.number in _words(screen)
    assert "no such licence" in screen.register.text()
    screen.check_text(f"  {code}\n")
    assert screen.head.property("notice") == "done"
    screen.check_text(code[:-5] + "AAAAA")
    assert screen.head.property("notice") == "late"
    assert screen.register.isHidden()
    screen.check_text("   ")
    QGuiApplication.clipboard().setText("https://example.kz")
    screen.paste.click()
    assert screen.head.property("notice") != "done"


def _words(screen: VerifyScreen) -> str:
    return "\n".join(label.text() for label in screen.facts.findChildren(PlainLabel))


@pytest.mark.parametrize(("name", "value", "words"), [
    ("paper", "licence", "Лицензия"), ("paper", "pass", "pass"),
    ("dated", "2018-06-29", "29 маусым 2018"), ("dated", "2018-06-31", "2018-06-31"), ("number", "18000001", "18000001"),
])  # fmt: skip
def test_what_a_code_tells_is_in_the_readers_words(
    language: Language, name: str, value: str, words: str
) -> None:
    language.switch("kk")
    verdict = SimpleNamespace(told=((name, value),), later_bytes=0)
    ((_label, text, _tone),) = lines_of((), verdict, language)[0]
    assert text == words


def test_the_register_agrees_or_says_where_not(store, people, case_at) -> None:
    case_at("deliver")
    row = registered(store, people.clerk, number="18000001")
    said = CodeFacts(
        paper="licence", number=row.number, dated=row.issued_on, holder=row.holder, identifier=row.identifier,
        licensor="x", licensor_bin="050140003412", sub_types=row.sub_types, site=row.site, first_issued_on=row.first_issued_on,
    )  # fmt: skip
    assert in_register(store, people.clerk, papers=(said,)) == (("code-register-issued", row.number),)
    ((code, fact),) = in_register(store, people.clerk, papers=(replace(said, site="Ақтөбе"),))
    assert code == "code-differs-register"
    assert "Ақтөбе" in fact
    assert in_register(store, people.clerk, papers=(replace(said, number="9"),)) == (
        ("code-not-in-register", "9"),
    )
    assert in_register(store, people.clerk, papers=(replace(said, paper="refusal"),)) == ()


def test_a_demo_offices_key_opens_itself(key_file: str) -> None:
    code_key.offer(key_file, SECRET)
    assert code_key.at_hand() is not None
    code_key.close()
    assert code_key.at_hand() is not None
    code_key.offer(key_file + ".gone", SECRET)
    code_key.close()
    assert code_key.at_hand() is None
    assert code_key.at_hand() is None


def test_the_key_is_forgotten_when_it_is_closed(key_file: str) -> None:
    code_key.offer("", "")
    code_key.at_hand()
    code_key.open_key(place=Place(path=key_file), secret=SECRET)
    held = code_key.at_hand()
    code_key.close()
    with pytest.raises(Exception, match="code-key-closed"):
        held.signer.seal(b"x")
