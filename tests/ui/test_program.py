"""The program as it opens: first start, a new office, signing in, places, languages; with real threads and a real store."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from desktop import app as composition
from desktop.app import DemoOffice, Program
from desktop.regulation.model import Role, Text
from desktop.settings import load
from desktop.store.backup import restore
from desktop.store.database import Store
from desktop.ui.places import PLACES, places_of
from desktop.ui.tasks import watched_calls
from tests.office import PASSWORD

ANSWERS = {
    "name_kk": "Орал денсаулық басқармасы",
    "name_ru": "Управление здравоохранения Уральска",
    "bin": "050140003412",
    "address_kk": "Орал, Достық 201",
    "address_ru": "Уральск, Достык 201",
    "place_kk": "Орал қ.",
    "place_ru": "г. Уральск",
    "administrator.name_kk": "Әкімова Айгүл",
    "administrator.name_ru": "Акимова Айгуль",
    "administrator.login": "admin",
    "administrator.password": "Orda-1812-zheti",
    "administrator.repeat": "Orda-1812-zheti",
    "head.name_kk": "Басшыбаев Ерлан",
    "head.name_ru": "Басшибаев Ерлан",
    "head.position_kk": "Басшы",
    "head.position_ru": "Руководитель",
    "head.iin": "700520350035",
    "head.login": "head",
    "head.password": "Orda-1812-zheti",
}


@pytest.fixture(autouse=True)
def folders(tmp_path, monkeypatch):
    for name in ("STATE", "DATA", "CONFIG"):
        monkeypatch.setenv(f"RUQSAT_{name}", str(tmp_path / name.lower()))


@pytest.fixture
def program(qtbot, qapp, monkeypatch):
    monkeypatch.setattr(composition, "_load_the_rest", lambda: None)
    made = []

    def open_program(**options):
        program = Program(qapp, **options)
        made.append(program)
        program.show(demo_folder=options.pop("demo_folder", None))
        return program

    yield open_program
    for program in made:
        qapp.removeEventFilter(program)
        program.close()
        program.window.close()
        program.window.deleteLater()


def _visible(program: Program, name: str) -> QWidget | None:
    found = program.window.findChild(QWidget, name)
    return found if found is not None and found.isVisible() else None


def _fill(program: Program) -> None:
    form = program.window.start.wizard
    for key, text in ANSWERS.items():
        form.findChild(QLineEdit, f"new_office.{key}").setText(text)


def _found_office(qtbot, program: Program) -> None:
    start = program.window.start
    qtbot.waitUntil(lambda: _visible(program, "start.choose_new") is not None)
    qtbot.mouseClick(start.choice.new, Qt.MouseButton.LeftButton)
    _fill(program)
    for _ in range(4):
        start.wizard.next.click()
    qtbot.waitUntil(lambda: _visible(program, "start.sign_in") is not None, timeout=15000)


def _sign_in(program: Program, login: str, password: str) -> None:
    program.window.findChild(QLineEdit, "start.login").setText(login)
    program.window.findChild(QLineEdit, "start.password").setText(password)
    program.window.findChild(QPushButton, "start.sign_in").click()


def test_the_first_start_makes_no_file_before_the_person_chose(qtbot, program, tmp_path):
    opened = program()
    qtbot.waitUntil(lambda: _visible(opened, "start.choose_new") is not None)
    assert not (tmp_path / "data").exists()


def test_what_is_typed_while_the_office_opens_presses_no_language(qtbot, program):
    opened = program()
    qtbot.waitUntil(lambda: _visible(opened, "start.choose_new") is not None)
    before = opened.desk.language.code
    opened.window.start.show_opening()
    opened.window.activateWindow()
    assert not isinstance(opened.window.focusWidget(), QPushButton)
    qtbot.keyClick(opened.window.focusWidget(), Qt.Key.Key_Space)
    qtbot.keyClick(opened.window.focusWidget(), Qt.Key.Key_Return)
    assert opened.desk.language.code == before


def test_a_new_office_is_founded_and_entered(qtbot, program, tmp_path):
    opened = program()
    _found_office(qtbot, opened)
    assert (tmp_path / "data" / "office.sqlite").exists()
    assert opened.window.start.sign_in.title.text() == ANSWERS["name_kk"]
    _sign_in(opened, "admin", "wrong-password")
    problem = opened.window.findChild(QLabel, "start.problem")
    qtbot.waitUntil(problem.isVisible)
    assert problem.text()
    with watched_calls((Store, "reading"), (Store, "writing")) as on_the_gui_thread:
        _sign_in(opened, "admin", "Orda-1812-zheti")
        qtbot.waitUntil(lambda: _visible(opened, "navigation.administration") is not None, timeout=15000)
        qtbot.waitUntil(lambda: opened.tasks.running == 0, timeout=15000)
    assert on_the_gui_thread == []
    assert opened.desk.actor.roles == {Role.ADMINISTRATOR}
    assert _visible(opened, "navigation.register") is None
    assert load().last_login == "admin"


def test_a_wrong_answer_goes_back_to_its_field(qtbot, program):
    opened = program()
    start = opened.window.start
    qtbot.waitUntil(lambda: _visible(opened, "start.choose_new") is not None)
    start.begin_new_office()
    start.wizard.next.click()
    assert start.wizard.forms[0].field("name_kk").problem
    _fill(opened)
    start.wizard.findChild(QLineEdit, "new_office.bin").setText("050140003418")
    for _ in range(4):
        start.wizard.next.click()
    qtbot.waitUntil(lambda: bool(start.wizard.forms[0].field("bin").problem), timeout=15000)
    assert start.wizard.pages.currentIndex() == 0
    assert start.wizard.findChild(QLineEdit, "new_office.name_kk").text() == ANSWERS["name_kk"]


def test_a_step_of_the_new_office_says_all_that_is_wrong_and_goes_on_only_without_it(qtbot, program):
    opened = program()
    start = opened.window.start
    qtbot.waitUntil(lambda: _visible(opened, "start.choose_new") is not None)
    start.begin_new_office()
    form = start.wizard.forms[0]
    start.wizard.next.click()
    missing = [key for key in form.names() if form.field(key).problem]
    assert missing == ["name_kk", "name_ru", "bin", "address_kk", "address_ru", "place_kk", "place_ru"]
    assert opened.window.focusWidget() is form.field("name_kk").editor
    qtbot.keyClicks(form.field("name_kk").editor, "O")
    assert not form.field("name_kk").problem, "what is being mended is blamed no longer"
    qtbot.keyClick(form.field("name_kk").editor, Qt.Key.Key_Return)
    assert opened.window.focusWidget() is form.field("name_ru").editor
    _fill(opened)
    bin_field = form.field("bin")
    said = set()
    for wrong in ("12345", ANSWERS["head.iin"], "050140003418"):
        bin_field.editor.setText(wrong)
        start.wizard.next.click()
        assert start.wizard.pages.currentIndex() == 0
        said.add(bin_field.problem)
    assert len(said) == 3
    assert "confirm" not in " ".join(said), "nothing is confirmed here"
    bin_field.editor.setText(ANSWERS["bin"])
    start.wizard.next.click()
    assert start.wizard.pages.currentIndex() == 1
    start.wizard.findChild(QLineEdit, "new_office.administrator.repeat").setText("other")
    start.wizard.next.click()
    people = start.wizard.forms[1]
    assert people.field("administrator.repeat").problem
    start.wizard.findChild(QLineEdit, "new_office.administrator.repeat").setText(
        ANSWERS["administrator.repeat"]
    )
    start.wizard.next.click()
    assert opened.window.focusWidget() is start.wizard.days[0], "the keyboard begins at the first day"


def test_a_second_program_on_the_same_file_is_refused_politely(qtbot, program, sqlite_url):
    opened = program(database=sqlite_url)
    qtbot.waitUntil(lambda: _visible(opened, "start.sign_in") is not None, timeout=15000)
    second = program(database=sqlite_url)
    failed = second.window.start.failed
    qtbot.waitUntil(failed.isVisible, timeout=15000)
    assert "office.sqlite" in failed.text.text()
    opened.desk.store.dispose()
    failed.action.click()
    qtbot.waitUntil(lambda: _visible(second, "start.sign_in") is not None, timeout=15000)


def test_the_demo_office_offers_its_people(qtbot, program, sqlite_url):
    people = (
        ("auditor", Text("Тексеруов", "Тексеруов"), Role.AUDITOR),
        ("clerk", Text("А", "Б"), Role.CLERK),
    )
    asked: list[Path] = []

    def build(folder: Path) -> DemoOffice:
        asked.append(folder)
        return DemoOffice(sqlite_url, people, "Orda-1812-zheti")

    opened = program(demo=build)
    qtbot.waitUntil(lambda: _visible(opened, "start.choose_demo") is not None, timeout=15000)
    qtbot.keyClick(opened.window.start.choice.demo, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: _visible(opened, "start.person.clerk") is not None, timeout=15000)
    assert asked[0].name == "demo"
    opened.window.findChild(QPushButton, "start.person.auditor").click()
    qtbot.waitUntil(lambda: opened.desk.actor is not None, timeout=15000)
    assert opened.desk.actor.login == "auditor"


def test_the_language_is_switched_live_and_kept(qtbot, program, sqlite_url):
    opened = program(database=sqlite_url)
    qtbot.waitUntil(lambda: _visible(opened, "start.sign_in") is not None, timeout=15000)
    button = opened.window.findChild(QPushButton, "start.sign_in")
    said = {"kk": "Кіру", "ru": "Войти", "en": "Sign in"}
    for code in ("ru", "en", "kk", "ru"):
        opened.window.findChild(QPushButton, f"start.language.{code}").click()
        qtbot.waitUntil(lambda code=code: button.text() == said[code])
    qtbot.waitUntil(lambda: load().language == "ru")


_AT_WORK = (
    Role.CLERK,
    Role.HEAD,
    Role.DEPARTMENT_HEAD,
    Role.EXECUTOR,
    Role.COMMISSION_SECRETARY,
    Role.COMMISSION,
    Role.CENTRE_OPERATOR,
    Role.PHC_EMPLOYEE,
    Role.DEPARTMENT_EMPLOYEE,
)


@pytest.mark.parametrize("role", [*_AT_WORK, Role.ADMINISTRATOR, Role.AUDITOR])
def test_everybody_has_a_place_and_nobody_a_maze(role):
    ids = {place.id for place in places_of({role})}
    assert {"verify", "settings"} < ids
    assert ("administration" in ids) == (role in (Role.ADMINISTRATOR, Role.HEAD, Role.AUDITOR))
    assert ("register" in ids) == (role in (Role.CLERK, Role.CENTRE_OPERATOR, Role.PHC_EMPLOYEE))
    assert ("desk" in ids) == (role in _AT_WORK)
    commission = {Role.COMMISSION_SECRETARY, Role.COMMISSION}
    attach = {Role.PHC_EMPLOYEE, Role.DEPARTMENT_EMPLOYEE}
    assert ids.isdisjoint({"licences", "requests"}) == (
        role in {*commission, *attach, Role.CENTRE_OPERATOR, Role.ADMINISTRATOR}
    )


def test_shortcuts_are_not_given_twice(qtbot, program):
    opened = program()
    keys = [
        action.shortcut().toString() for action in opened.window.actions() if not action.shortcut().isEmpty()
    ]
    assert len(keys) == len(set(keys))
    assert {place.shortcut for place in PLACES} < set(keys)


def test_closing_after_a_days_work_leaves_a_copy(qtbot, program, tmp_path):
    opened = program()
    _found_office(qtbot, opened)
    _sign_in(opened, "admin", "Orda-1812-zheti")
    qtbot.waitUntil(lambda: opened.desk.actor is not None, timeout=15000)
    opened.window.close()
    opened.close()
    copies = list((tmp_path / "data" / "copies").glob("office-*-daily.sqlite"))
    assert len(copies) == 1
    restored = tmp_path / "restored.sqlite"
    restore(copies[0], str(restored))
    assert restored.exists()


def test_nobody_came_and_nothing_is_copied(qtbot, program, sqlite_url):
    opened = program(database=sqlite_url)
    qtbot.waitUntil(lambda: _visible(opened, "start.sign_in") is not None, timeout=15000)
    opened.window.close()
    opened.close()
    assert not (Path(sqlite_url.removeprefix("sqlite:///")).parent / "copies").exists()


def test_a_copy_that_could_not_be_made_is_told_at_the_next_start(qtbot, program, sqlite_url):
    opened = program(database=sqlite_url)
    qtbot.waitUntil(lambda: _visible(opened, "start.sign_in") is not None, timeout=15000)
    _sign_in(opened, "clerk", PASSWORD)
    qtbot.waitUntil(lambda: opened.desk.actor is not None, timeout=15000)
    (Path(sqlite_url.removeprefix("sqlite:///")).parent / "copies").touch()  # no folder can be made there
    opened.window.close()
    opened.close()

    again = program(database=sqlite_url)
    told = []
    again.notices.told.connect(lambda notice: told.append(notice.code))
    qtbot.waitUntil(lambda: "daily-copy-failed" in told, timeout=15000)
