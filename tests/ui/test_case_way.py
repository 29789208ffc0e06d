"""A case from the counter to the closed file, through the windows only; also under a pack nobody has seen."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop import resources
from desktop.cases import office
from desktop.errors import NotAllowed
from desktop.queries import registers
from desktop.queries.case_card import case_card
from desktop.queries.rows import RegisterFilter
from desktop.regulation.model import Act, Effect, Role
from desktop.ui import renderer
from tests import story
from tests.regulation.randomised import randomised_pack
from tests.ui.case_window import PASSWORD, Window, make_keys, sign
from tests.ui.registration import fill, opened


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
    office.add_trust_root(store, people.administrator, pem=keys.authority.root_pem, is_demo=True)


def registered(make_desk, store, people, qtbot, monkeypatch) -> int:
    desk = make_desk(Role.CLERK, store=store)
    desk.actor = people.clerk
    screen = opened(desk, qtbot)
    fill(screen)
    qtbot.keyClick(screen, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: screen.pages.currentWidget() is screen.done)
    screen.hide()
    return screen.done.registered.case_id


def at(window: Window, act: Act) -> None:
    assert window.card.act == act, window.desk.told.notices
    assert window.panel is not None


def through(make_desk, store, people, case_id: int, key_file: str, *, answer: Effect) -> list[Act]:
    """Lead the case to its end; return the acts it passed, as the windows saw them."""
    passed = []
    for _ in range(12):
        actor = next(one for one in _people(people) if _has(store, one, case_id))
        desk = make_desk(*actor.roles, store=store)
        window = Window(desk, actor, case_id)
        act = window.card.act
        passed.append(act)
        _DO[act](window, key_file, answer)
        assert desk.told.codes == [], desk.told.notices
        assert desk.told.defects == []
        closed = window.card.closed_at is not None
        window.close()
        if closed:
            return passed
    raise AssertionError(passed)


def _has(store, actor, case_id: int) -> bool:
    """Return whether the case waits for the person; one who does not see it has it not."""
    try:
        return case_card(store, actor, case_id=case_id).mine
    except NotAllowed:
        return False


def _people(people):
    return people.clerk, people.head, people.department_head, people.executor, people.executor2


def _assign(window: Window, _key, _answer) -> None:
    window.panel._group.buttons()[0].click()
    window.primary()


def _approve(window: Window, _key, _answer) -> None:
    window.primary()


def _check(window: Window, _key, _answer) -> None:
    window.give_all(Qt.Key.Key_1)
    for row in window.panel.rows.rows:
        if row.expires and not row.day.editor.text():
            row.day.editor.setText("01.01.2035")
            row.changed.emit()
    window.primary()


def _ask(window: Window, _key, answer: Effect) -> None:
    window.type_into("case.answer_number", "15-07/214")
    window.type_into("case.answer_date", f"{window.screen.now():%d.%m.%Y}")
    window.other(answer)


def _decide(window: Window, _key, answer: Effect) -> None:
    if answer == Effect.DOES_NOT_CONFORM:
        next(iter(window.panel._ticks.values())).set_checked(True)
        window.other(Effect.REFUSE)
        return
    window.give_all(Qt.Key.Key_1)
    window.primary()


def _sign(window: Window, key_file: str, _answer) -> None:
    assert window.screen.viewer.content == window.panel.ready.pdf  # seen before it is signed
    sign(window, key_file)


def _deliver(window: Window, _key, _answer) -> None:
    window.type_into("case.receiver", "Жүнісов Айбек Серікұлы")
    window.type_into("case.identity_document", "ЖК № 041234567, 12.03.2015")
    window.primary()


_DO = {
    Act.ASSIGN: _assign,
    Act.APPROVE: _approve,
    Act.CHECK: _check,
    Act.ASK: _ask,
    Act.DECIDE: _decide,
    Act.SIGN: _sign,
    Act.DELIVER: _deliver,
}


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
        QTest.keyClick(row, Qt.Key.Key_1)
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
