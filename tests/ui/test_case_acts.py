"""The panels of the commission's sitting, of a request that is accepted or declined, and of a hearing."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.queries.rows import OpenOutcome, PersonRow
from desktop.queries.service_rows import DetailRow
from desktop.regulation.model import Act, Effect, Role, Text
from desktop.ui import renderer, theme
from desktop.ui.screens.case import CaseScreen, read_card
from desktop.ui.screens.case_parts.attesting import AttestPanel
from tests.story import draw
from tests.ui.names import unnamed
from tests.ui.room import beyond, tight

MEMBERS = tuple(
    PersonRow(number, 1, f"m{number}", Text(kk, ru), Text("комиссия мүшесі", "член комиссии"), "", frozenset(), True)
    for number, (kk, ru) in enumerate(
        (
            ("Төлегенова Гүлбаршын Қуанышбекқызы", "Тулегенова Гульбаршын Куанышбековна"),
            ("Әбдірахманов Қанат Серікұлы", "Абдрахманов Канат Серикулы"),
            ("Ысқақова Меруерт", "Искакова Меруерт"),
        ),
        11,
    )
)  # fmt: skip
ACTS: dict[Act, tuple[tuple[str, Effect], ...]] = {
    Act.ATTEST: (("passed", Effect.PASSED), ("failed", Effect.FAILED)),
    Act.RESOLVE: (("accepted", Effect.ACCEPTED), ("declined", Effect.DECLINED)),
    Act.HEAR: (("heard", Effect.FORWARD),),
}


class _Members(AttestPanel):
    """The commission is these three."""

    def __init__(self, desk, act_on, parent=None, *, now) -> None:
        super().__init__(desk, act_on, parent, now=now, read=lambda *_, **__: MEMBERS)


@pytest.fixture
def screen_at(make_desk, store, people, case_at, qtbot) -> Callable[[Act], CaseScreen]:
    """Return what opens a case that waits for an act of a law nobody ships."""
    made = []

    def opened(act: Act, **facts: Any) -> CaseScreen:
        case_id = case_at(Act.CHECK, **facts)
        outcomes = tuple(OpenOutcome(name, Text(name, name), effect, True) for name, effect in ACTS[act])

        def read(store, actor, *, case_id: int):
            card, now = read_card(store, actor, case_id=case_id)
            details = (DetailRow("org", Text("Ұйым", "Организация"), Text("№ 3 емхана", "Поликлиника № 3")),)
            return replace(card, act=act, outcomes=outcomes, details=details), now

        desk = make_desk(Role.EXECUTOR, store=store)
        desk.actor = people.executor
        desk.sent = []
        desk.do = lambda fn, **told: desk.sent.append((fn, told)) or True
        desk.draw = draw
        screen = CaseScreen(desk, read=read, panels={Act.ATTEST: _Members})
        qtbot.addWidget(screen)
        screen.resize(1000, 760)
        screen.show()
        screen.open_case(case_id)
        made.append(screen)
        return screen

    yield opened
    for screen in made:
        screen.close()
    renderer.stop()


def write(screen, **texts: str) -> None:
    for key, text in texts.items():
        editor = screen.panel.form.field(key).editor
        if hasattr(editor, "setPlainText"):
            editor.setPlainText(text)
        else:
            editor.setText(text)
            editor.textEdited.emit(text)


def why(screen) -> str:
    return screen.bar.primary.accessibleDescription() if not screen.bar.primary.isEnabled() else ""


def test_the_majority_says_which_decision_is_open(screen_at):
    screen = screen_at(Act.ATTEST)
    panel = screen.panel
    assert why(screen) == "Write the result of the test and the most it can be"
    write(screen, test_score="120", test_max="100")
    assert why(screen) == "The result of the test is greater than the most it can be"
    write(screen, test_score="78", interview_kk="Жауап берді", interview_ru="Ответила")
    assert why(screen) == "3 members still to vote"
    assert not panel.preview.isEnabled()
    rows = panel.rows.rows
    QTest.keyClick(rows[0], Qt.Key.Key_2)
    QTest.keyClick(rows[1], Qt.Key.Key_2)
    QTest.keyClick(rows[2], Qt.Key.Key_1)
    assert panel.count.text() == "For 1, against 2, abstained 0"
    assert screen.bar.primary.text() == "Not attested"
    other = screen.bar._others[0]
    assert not other.isEnabled()
    assert other.accessibleDescription() == "The majority has voted otherwise"
    QTest.keyClick(rows[0], Qt.Key.Key_1)
    assert screen.bar.primary.text() == "Attested"
    screen.bar.primary.click()
    _command, told = screen.desk.sent[-1]
    assert told["outcome"] == "passed"
    assert told["facts"]["votes"] == ((11, "for"), (12, "against"), (13, "for"))
    assert (told["facts"]["test_score"], told["facts"]["test_max"]) == (78, 100)


def test_the_protocol_is_seen_before_it_is_kept(screen_at):
    screen = screen_at(Act.ATTEST)
    write(screen, test_score="78", test_max="100", note_ru="Повторно через год")
    write(screen, interview_kk="Жауап берді", interview_ru="Ответила")
    for row in screen.panel.rows.rows:
        QTest.keyClick(row, Qt.Key.Key_1)
    screen.panel.preview.click()
    assert b"%protocol" in screen.viewer.content
    assert "Повторно через год".encode() in screen.viewer.content
    assert "Ысқақова Меруерт".encode() in screen.viewer.content


def test_a_request_is_declined_with_a_reason_in_both_languages(screen_at):
    screen = screen_at(Act.RESOLVE)
    assert "Поликлиника № 3" in screen.panel.asked.text()
    assert screen.bar.primary.text() == "Accept the request"
    write(screen, reason_kk="Басқа аумақ")
    assert screen.bar.primary.text() == "Decline with the reason"
    assert why(screen) == "Write the reason in Kazakh and in Russian"
    write(screen, reason_ru="Другая территория")
    screen.bar.primary.click()
    _command, told = screen.desk.sent[-1]
    assert (told["outcome"], told["reason_ru"]) == ("declined", "Другая территория")
    accept = next(one for one in screen.bar._others if one.isVisible())
    accept.click()
    assert screen.desk.sent[-1][1]["reason_kk"] == ""


def test_a_hearing_is_recorded_with_who_came_and_what_was_said(screen_at):
    screen = screen_at(Act.HEAR)
    assert why(screen) == "Say whether the applicant came"
    screen.panel._came[True].click()
    assert why(screen) == "Write the minutes of the hearing"
    write(screen, minutes="Келді, қарсылығын айтты")
    screen.panel.take_files(["/scans/minutes.pdf"])
    screen.bar.primary.click()
    _command, told = screen.desk.sent[-1]
    assert (told["came"], told["minutes"]) == (True, "Келді, қарсылығын айтты")
    assert [file.path.name for file in told["files"]] == ["minutes.pdf"]


@pytest.mark.parametrize("act", list(ACTS))
def test_what_was_typed_is_given_back(screen_at, act):
    screen = screen_at(act)
    panel = screen.panel
    assert panel.typed() == {}
    if act is Act.ATTEST:
        write(screen, test_score="5", note_kk="Ескертпе")
        QTest.keyClick(panel.rows.rows[1], Qt.Key.Key_3)
    elif act is Act.RESOLVE:
        write(screen, reason_ru="Другая территория")
    else:
        panel._came[False].click()
        write(screen, minutes="Келмеді")
    typed = panel.typed()
    screen._keep_typed()
    screen._drop_panel()
    screen.refresh()
    assert screen.panel is not panel
    assert screen.panel.typed() == typed


@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize("act", list(ACTS))
def test_every_word_has_its_room_and_every_control_its_name(screen_at, qapp, language, qtbot, act, scale):
    long = "«Шипа емдеу-диагностикалық және медициналық оңалту орталығы» ЖШС"
    theme.apply(qapp, "light", scale=scale)
    screen = screen_at(act, holder_kk=long, holder_ru=long, site=long)
    theme.apply(qapp, "light", scale=scale)
    screen.resize(round(820 * scale), round(700 * scale))
    cut = []
    for code in ("kk", "ru", "en"):
        language.switch(code)
        for _turn in range(12):
            qtbot.wait(10)
            found = [*tight(screen), *beyond(screen)]
            if not found:
                break
        cut += [f"{code}: {text}" for text in found]
    assert cut == []
    assert list(unnamed(screen)) == []
