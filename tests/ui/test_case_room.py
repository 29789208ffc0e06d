"""Every label and button of my desk and of a case has room, in each language, at 100 and 150 %."""

import pytest

from desktop.regulation.model import Act, OfficeMove, Role
from desktop.ui import renderer, theme
from desktop.ui.screens.case_parts.correcting import DIALOGS
from desktop.ui.screens.case_parts.keys import PinDialog
from desktop.ui.signing_flow import FILE, Key
from tests.ui.case_window import Window
from tests.ui.room import tight

LONG_KK = "«Шипа емдеу-диагностикалық және медициналық оңалту орталығы» жауапкершілігі шектеулі серіктестігі"
LONG_RU = "ТОО «Лечебно-диагностический и медицинский реабилитационный центр Шипа»"


@pytest.fixture(params=["kk", "ru", "en"])
def code(request):
    return request.param


@pytest.fixture(params=[1.0, 1.5])
def sized(request, qapp, make_desk, language, code):
    """A maker of case windows in a language at a text size, as wide as beside the list on 1366 × 768."""
    language.switch(code)
    theme.apply(qapp, "light", scale=request.param)
    made = []

    def make(actor, store, case_id) -> Window:
        desk = make_desk(*actor.roles, store=store)
        theme.apply(qapp, "light", scale=request.param)
        made.append(Window(desk, actor, case_id))
        made[-1].screen.resize(round(820 * request.param), round(700 * request.param))
        return made[-1]

    yield make
    for window in made:
        window.close()
    renderer.stop()


WHO = {
    Act.ASSIGN: "head",
    Act.CHECK: "executor",
    Act.ASK: "executor",
    Act.DECIDE: "executor",
    Act.SIGN: "head",
    Act.DELIVER: "clerk",
}


def rest(qtbot) -> None:
    """Wait until the viewer has its paper, or has said why not, and all is laid out."""
    qtbot.waitUntil(lambda: renderer.renderer().is_idle(), timeout=30_000)
    qtbot.wait(20)


@pytest.mark.parametrize("act", list(WHO))
def test_the_panels(qtbot, sized, store, people, case_at, act):
    case_id = case_at(act, holder_kk=LONG_KK, holder_ru=LONG_RU, site=LONG_KK)
    window = sized(getattr(people, WHO[act]), store, case_id)
    rest(qtbot)
    assert list(tight(window.screen)) == []


def test_the_records(qtbot, sized, store, people, case_at):
    window = sized(people.auditor, store, case_at("licence", holder_kk=LONG_KK, holder_ru=LONG_RU))
    for number in range(1, 7):
        window.screen.tabs.setCurrentIndex(number)
        rest(qtbot)
        assert list(tight(window.screen)) == []


def test_the_dialogs(qtbot, sized, store, people, case_at):
    window = sized(people.head, store, case_at(Act.SIGN))
    dialogs = [DIALOGS[move](window.desk, window.screen.act_on, window.card) for move in OfficeMove]
    dialogs.append(PinDialog(Key(FILE, path="/k/head.p12", label="head.p12"), LONG_KK))
    for dialog in dialogs:
        qtbot.addWidget(dialog)
        dialog.show()
        rest(qtbot)
        assert list(tight(dialog)) == []


def test_the_desk(qtbot, sized, store, people, case_at):
    from desktop.ui.screens.desk import DeskScreen

    window = sized(people.executor, store, case_at(Act.CHECK, holder_kk=LONG_KK, holder_ru=LONG_RU))
    screen = DeskScreen(window.desk)
    qtbot.addWidget(screen)
    screen.resize(theme.spacing(85), theme.spacing(150))
    screen.show()
    screen.refresh()
    rest(qtbot)
    assert list(tight(screen)) == []
    assert Role.EXECUTOR in window.desk.actor.roles
