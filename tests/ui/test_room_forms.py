"""Every word of the form, the registers and the printing has its room, in each language at 100 and 150 %."""

import pytest
from PySide6.QtWidgets import QApplication

from desktop.regulation.model import Channel, Role
from desktop.ui import theme
from desktop.ui.printing import PrintDialog
from desktop.ui.screens.applications import ApplicationsScreen
from desktop.ui.screens.licences import LicencesScreen
from desktop.ui.screens.print_queue import PrintQueueScreen
from desktop.ui.screens.register import RegisterScreen
from desktop.ui.screens.register_parts.refusing import RefuseDialog
from desktop.ui.screens.requests import RequestsScreen
from tests.story import draw
from tests.ui.registration import fill, type_into
from tests.ui.room import tight

LONG = "«Батыс Қазақстан облысының өңірлік көпбейінді ауруханасы» шаруашылық жүргізу құқығындағы МКК"


@pytest.fixture(autouse=True)
def _own_state(tmp_path, monkeypatch):
    monkeypatch.setenv("RUQSAT_STATE", str(tmp_path / "state"))


@pytest.fixture(params=[(code, scale) for code in ("kk", "ru", "en") for scale in (1.0, 1.5)], ids=str)
def desk(request, make_desk, store, people, language, monkeypatch):
    code, scale = request.param
    made = make_desk(Role.CLERK, store=store)
    made.actor = people.clerk
    monkeypatch.setattr(made, "draw", draw)
    language.switch(code)
    theme.apply(QApplication.instance(), "light", scale=scale)
    return made


def shown(screen, qtbot, width=1066, height=768):
    """A window of 1366x768 less its navigation."""
    qtbot.addWidget(screen)
    screen.resize(width, height)
    screen.show()
    if hasattr(screen, "refresh"):
        screen.refresh()
    qtbot.wait(60)  # layouts of wrapped words settle in turns
    return screen


def cut(window, qtbot) -> list[str]:
    """The words without room once the layouts have settled (wrapped words settle in turns)."""
    for _ in range(20):
        found = list(tight(window))
        if not found:
            break
        qtbot.wait(40)
    return found


def test_the_form_empty_filled_and_full_of_faults(desk, case_at, qtbot):
    case_at("assign", site="Орал қ., Достық-Дружба даңғ., 201")
    screen = shown(RegisterScreen(desk), qtbot)
    assert cut(screen, qtbot) == []
    screen.save()
    qtbot.wait(60)
    assert cut(screen, qtbot) == []
    fill(screen, holder_kk=LONG, identifier="210440038886")
    channel = screen.page.service.channel
    channel.setCurrentIndex(channel.findData(Channel.STATE_CORPORATION.value))
    type_into(screen, "fee_paid_on", "31.02.2018")
    screen.save()
    fill(screen)
    qtbot.wait(60)
    assert not screen.side.duplicates.isHidden()
    assert cut(screen, qtbot) == []
    assert screen.page.scroll.widget().width() <= screen.page.scroll.viewport().width()


def test_what_is_told_after_registering_and_the_refusal_to_accept(desk, qtbot):
    screen = shown(RegisterScreen(desk), qtbot)
    papers = screen.page.service.chosen().papers
    fill(screen)
    screen.save()
    qtbot.wait(60)
    assert screen.pages.currentWidget() is screen.done
    assert cut(screen.done, qtbot) == []
    dialog = RefuseDialog(desk.language, papers, set())
    assert cut(shown(dialog, qtbot, dialog.width(), dialog.height()), qtbot) == []


def test_the_lists_and_the_printing(desk, case_at, qtbot):
    case_at("deliver", holder_kk=LONG)
    for kind in (ApplicationsScreen, LicencesScreen, RequestsScreen):
        assert cut(shown(kind(desk), qtbot), qtbot) == []
    queue = shown(PrintQueueScreen(desk), qtbot)
    queue.table.selectAll()
    qtbot.wait(60)
    assert cut(queue, qtbot) == []
    dialog = shown(PrintDialog.of_rows(desk, queue.chosen()), qtbot)
    assert cut(dialog, qtbot) == []
