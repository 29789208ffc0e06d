"""A case led through the windows to its end, whatever law it is under: a person for each role, an act at a time."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from PySide6.QtCore import Qt

from desktop.errors import NotAllowed
from desktop.queries.case_card import case_card
from desktop.queries.desk import my_desk
from desktop.regulation.model import Act, Channel, Effect, Role
from desktop.regulation.rights import Actor
from desktop.ui.widgets.plain import PlainLabel
from tests.office import People
from tests.ui.case_window import Window, sign
from tests.ui.registration import answer_the_act, choose, come_through, fill, opened

_LOGINS = {Role.CENTRE_OPERATOR: "centre", Role.PHC_EMPLOYEE: "phc"}


def registered(
    make_desk, store, people: People, qtbot, *, place: tuple[str, str, str], channel: Channel, by: Role, now
) -> int:
    """Take an application in for ``place`` (act, service, operation) through the form; return its case."""
    desk = make_desk(by, store=store)
    desk.actor = getattr(people, _LOGINS.get(by, by.value))
    screen = opened(desk, qtbot)
    regulation, service, operation = place
    choose(screen, service, operation, regulation=regulation)
    come_through(screen, channel, now - timedelta(minutes=5))
    answer_the_act(screen)
    fill(screen, fee_tenge="100000")
    screen.save()
    assert screen.pages.currentWidget() is screen.done, (screen.page.problems, desk.told.notices)
    found = screen.done.registered.case_id
    screen.hide()
    return found


def through(
    make_desk, store, people: People, case_id: int, key_file: str, *, answer: Effect = Effect.CONFORMS
) -> list[Act]:
    """Lead the case to its end; return the acts it passed, as the windows saw them."""
    passed: list[Act] = []
    for _ in range(14):
        card = case_card(store, people.auditor, case_id=case_id)
        if card.act is None:
            return passed
        actor = next((one for one in _everybody(people) if _has(store, one, case_id)), None)
        assert actor is not None, f"nobody may do {card.act}"
        assert case_id in {row.case_id for row in my_desk(store, actor)}
        passed.append(card.act)
        wrong = _take(make_desk(*actor.roles, store=store), actor, case_id, key_file, answer)
        after = case_card(store, people.auditor, case_id=case_id)
        assert after.version > card.version, (passed, wrong)
    raise AssertionError(passed)


def _take(desk, actor: Actor, case_id: int, key_file: str, answer: Effect) -> list[str]:
    """Do what the case waits for; return what the panel says is wrong."""
    window = Window(desk, actor, case_id)
    try:
        assert window.panel is not None, window.card.act
        _DO[window.card.act](window, key_file, answer)
        assert desk.told.codes == [], desk.told.notices
        assert desk.told.defects == []
        return _problems(window)
    finally:
        window.close()


def _problems(window: Window) -> list[str]:
    """Return what the panel says is wrong."""
    return [
        label.text()
        for label in window.screen.findChildren(PlainLabel)
        if label.objectName().endswith(".problem") and label.text()
    ]


def _everybody(people: People) -> Iterator[Actor]:
    names = (name for name in people.__slots__ if name not in ("administrator", "auditor"))
    return (getattr(people, name) for name in names)


def _has(store, actor: Actor, case_id: int) -> bool:
    """Return whether the case waits for the person; one who does not see it has it not."""
    try:
        card = case_card(store, actor, case_id=case_id)
    except NotAllowed:
        return False
    return card.mine and any(item.open for item in card.outcomes)


def _assign(window: Window, _key, _answer) -> None:
    window.panel._group.buttons()[0].click()
    window.primary()


def _go_on(window: Window, _key, _answer) -> None:
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
        effects = {item.effect for item in window.card.outcomes}
        window.other(Effect.PROPOSE_REFUSAL if Effect.PROPOSE_REFUSAL in effects else Effect.REFUSE)
        return
    window.give_all(Qt.Key.Key_1)
    window.primary()


def _hear(window: Window, _key, _answer) -> None:
    window.panel._came[True].click()
    window.panel.minutes.editor.setPlainText("Құжаттарын көрсетті")
    window.primary()


def _attest(window: Window, _key, answer: Effect) -> None:
    window.type_into("case.test_score", "78")
    window.type_into("case.test_max", "100")
    for key in ("interview_kk", "interview_ru"):
        window.panel.form.field(key).editor.setPlainText("Толық жауап берді / Ответил полностью")
    window.give_all(Qt.Key.Key_2 if answer == Effect.DOES_NOT_CONFORM else Qt.Key.Key_1)
    window.primary()


def _resolve(window: Window, _key, answer: Effect) -> None:
    if answer == Effect.DOES_NOT_CONFORM:
        for key in ("reason_kk", "reason_ru"):
            window.panel.form.field(key).editor.setPlainText("Басқа аумақ / Другая территория")
    window.primary()


def _sign(window: Window, key_file: str, _answer) -> None:
    assert window.screen.viewer.content == window.panel.ready.pdf  # seen before it is signed
    sign(window, key_file)


def _deliver(window: Window, _key, _answer) -> None:
    window.type_into("case.receiver", "Жүнісов Айбек Серікұлы")
    window.type_into("case.identity_document", "ЖК № 041234567, 12.03.2015")
    window.primary()


_DO: dict[Act, Callable[[Window, str, Effect], None]] = {
    Act.ASSIGN: _assign,
    Act.APPROVE: _go_on,
    Act.CHECK: _check,
    Act.ASK: _ask,
    Act.DECIDE: _decide,
    Act.HEAR: _hear,
    Act.ATTEST: _attest,
    Act.RESOLVE: _resolve,
    Act.SIGN: _sign,
    Act.DELIVER: _deliver,
}
