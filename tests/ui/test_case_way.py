"""A case from the counter to the closed file, through the windows only; also under a pack nobody has seen."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop import resources
from desktop.cases import office
from desktop.queries import registers
from desktop.queries.rows import RegisterFilter
from desktop.regulation.model import Act, Effect, Role
from desktop.ui import renderer
from tests import story
from tests.office import trust_demo
from tests.regulation.randomised import randomised_pack
from tests.ui.case_window import PASSWORD, Window, give, make_keys
from tests.ui.registration import fill, opened
from tests.ui.walking import through


@pytest.fixture(scope="session")
def keys():
    return make_keys()


@pytest.fixture
def key_file(keys, tmp_path):
    path = tmp_path / "head.p12"
    keys.head.write_pkcs12(path, PASSWORD)
    return str(path)


@pytest.fixture(autouse=True)
def _own_places(tmp_path, monkeypatch):
    monkeypatch.setenv("RUQSAT_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("RUQSAT_CONFIG", str(tmp_path / "config"))
    yield
    renderer.stop()


@pytest.fixture
def trusting(store, people, keys):
    """The office trusts the demo authority."""
    trust_demo(store, keys.authority.root_pem)


def registered(make_desk, store, people, qtbot, monkeypatch) -> int:
    desk = make_desk(Role.CLERK, store=store)
    desk.actor = people.clerk
    screen = opened(desk, qtbot)
    fill(screen)
    qtbot.keyClick(screen, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: screen.pages.currentWidget() is screen.done)
    screen.hide()
    return screen.done.registered.case_id


@pytest.mark.parametrize(
    ("answer", "result"), [(Effect.CONFORMS, "licence"), (Effect.DOES_NOT_CONFORM, "refusal")]
)
def test_a_case_goes_through_the_windows(
    make_desk, store, people, trusting, key_file, qtbot, monkeypatch, answer, result
):
    case_id = registered(make_desk, store, people, qtbot, monkeypatch)
    passed = through(make_desk, store, people, case_id, key_file, answer=answer)
    assert passed == [Act.ASSIGN, Act.CHECK, Act.ASK, Act.DECIDE, Act.SIGN, Act.DELIVER]
    rows = registers.applications(store, people.auditor, filter=RegisterFilter()).rows
    assert [row.result for row in rows] == [result]


@pytest.mark.parametrize(("seed", "act"), [(1, Act.ASSIGN), (2, Act.APPROVE), (20261121, Act.ASSIGN)])
def test_a_pack_with_other_step_ids_and_one_more_step_runs_through_the_windows(
    make_desk, store, people, trusting, key_file, qtbot, monkeypatch, seed, act
):
    shipped = resources.path("regulations", "wko-2018-139.toml").read_text(encoding="utf-8")
    text = randomised_pack(shipped, seed, act=act.value)
    office.load_regulation(store, people.administrator, text=text, name="randomised.toml")
    case_id = registered(make_desk, store, people, qtbot, monkeypatch)
    passed = through(make_desk, store, people, case_id, key_file, answer=Effect.CONFORMS)
    assert passed == [Act.ASSIGN, act, Act.CHECK, Act.ASK, Act.DECIDE, Act.SIGN, Act.DELIVER]


@pytest.fixture
def window(make_desk, store, people) -> Iterator[Callable[[int], Window]]:
    """Return what opens a case before the executor."""
    opened: list[Window] = []

    def made(case_id: int) -> Window:
        opened.append(Window(make_desk(Role.EXECUTOR, store=store), people.executor, case_id))
        return opened[-1]

    yield made
    for each in opened:
        each.close()


def test_silence_counts_as_agreement_only_after_the_term(window, case_at, clock):
    window = window(case_at(Act.ASK, draw=story.draw))
    silent = window.control(f"case.outcome.{Effect.NO_ANSWER.value}")
    assert not silent.isEnabled()
    assert "may still come until 25 June 2018, 18:30" in silent.accessibleDescription()
    clock.set(window.panel.request().due_at + timedelta(minutes=1))
    window.screen.refresh()
    assert window.screen.bar._primary.effect == Effect.NO_ANSWER
    window.primary()
    assert window.card.answer == Effect.NO_ANSWER
    assert window.card.act == Act.DECIDE


def test_the_whole_check_is_done_by_keys(window, case_at, qtbot):
    window = window(case_at(Act.CHECK, draw=story.draw))
    rows = window.panel.rows.rows
    QTest.keyClick(rows[0], Qt.Key.Key_2)
    for row in rows[1:]:
        give(row, Qt.Key.Key_1)
        if row.expires:
            row.day.editor.setText("01.01.2035")
            row.changed.emit()
    assert window.screen.bar.primary.isEnabled(), window.screen.bar.why.text()
    assert window.screen.bar.primary.text() == "Incomplete: terminate"
    assert window.panel.notice.toPlainText().count(rows[0].title.text()) == 1
    QTest.keyClick(window.screen, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.card.result == "termination")  # a shortcut presses the button visibly
    assert (
        window.desk.told.notices[-1].text == "The consideration was terminated; the notice is ready to print"
    )
