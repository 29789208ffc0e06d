"""A walk through every screen and dialog of the program, in one window, for tests that look at all of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QWidget

from desktop.errors import Unavailable
from desktop.queries.rows import OfficeRow, SigningRules
from desktop.regulation.model import OfficeMove, Role, Text
from desktop.ui.commands import CommandPalette
from desktop.ui.diagram.paper import DrawingDialog
from desktop.ui.diagram.window import RouteWindow
from desktop.ui.dialogs import DefectDialog, HelpDialog
from desktop.ui.main_window import MainWindow
from desktop.ui.places import PLACES
from desktop.ui.printing import PrintDialog
from desktop.ui.screens.administration import SECTIONS
from desktop.ui.screens.case_parts.correcting import DIALOGS
from desktop.ui.screens.case_parts.keys import PinDialog
from desktop.ui.screens.register_parts.refusing import RefuseDialog
from desktop.ui.screens.server_choice import ServerDialog
from desktop.ui.signing_flow import FILE, Key
from desktop.ui.widgets.plain import Question

LONG = {
    "holder_kk": "«Шипа емдеу-диагностикалық және медициналық оңалту орталығы» ЖШС",
    "holder_ru": "ТОО «Лечебно-диагностический и медицинский реабилитационный центр Шипа»",
    "site": "Батыс Қазақстан облысы, Орал қ., Достық-Дружба даңғылы, 201, 3-қабат",
}
_NAME = Text(
    "«Батыс Қазақстан облысының денсаулық сақтау басқармасы» мемлекеттік мекемесі",
    "Государственное учреждение «Управление здравоохранения Западно-Казахстанской области»",
)
_EMPTY = Text("", "")
_OFFICE = OfficeRow(
    1,
    _NAME,
    "050140003412",
    _EMPTY,
    _EMPTY,
    "Asia/Oral",
    "",
    True,
    "",
    "",
    "",
    True,
    1,
    SigningRules(),
    None,
    None,
    None,
)
_PEOPLE = tuple(
    (role.value, Text("Басшыбаева Гүлбаршын Қуанышбекқызы", "Басшибаева Гульбаршын Куанышбековна"), role)
    for role in (Role.ADMINISTRATOR, Role.CLERK, Role.HEAD, Role.DEPARTMENT_HEAD, Role.EXECUTOR, Role.AUDITOR)
)
WAYS = (
    "assign",
    "check",
    "ask",
    "decide",
    "returned",
    "sign",
    "deliver",
    "attest",
    "resolve",
    "hear",
    "licence",
    "refusal",
    "termination",
)


@dataclass(frozen=True)
class Stop:
    """A window as it stands: ``name`` says where, ``seen`` is what to look at (the window or a dialog)."""

    name: str
    seen: QWidget


def cases_for(case_at: Callable[..., int]) -> dict[str, int]:
    """Bring a case with long names to each of ``WAYS``."""
    return {way: case_at(way, **LONG) for way in WAYS}


def window_of(desk, geometry: str, *, width: int = 1366, height: int = 768) -> MainWindow:
    """Return the program's window on the smallest screen of the office, before anybody signed in."""
    window = MainWindow(desk, geometry=QSettings(geometry, QSettings.Format.IniFormat))
    window.show_office(_OFFICE)
    window.resize(width, height)
    window.show()
    return window


def beginning(window: MainWindow) -> Iterator[Stop]:
    """The screens before somebody signs in."""
    start = window.start
    start.show_first_choice()
    yield Stop("first choice", window)
    server = ServerDialog("", window)
    server.open()
    yield Stop("server", server)
    server.do.click()
    yield Stop("server, not filled in", server)
    server.close()
    start.begin_new_office()
    for step in range(4):
        start.wizard._go(step)
        yield Stop(f"new office {step + 1}", window)
    start.wizard._go(0)
    start.show_failure(Unavailable("database-in-use", path="/home/office/ruqsat/office.sqlite", who="WS-1"))
    yield Stop("failure", window)
    start.sign_in.show_people(_PEOPLE, "x")
    start.show_sign_in(_OFFICE, "/home/office/.local/share/ruqsat/demo/office.sqlite", login="clerk")
    yield Stop("sign in", window)


def places(window: MainWindow) -> Iterator[Stop]:
    """Every place of the person signed in, and every section of the administration."""
    for place in PLACES:
        window.workplace.go(place.id)
        yield Stop(place.id, window)
        if place.id == "administration":
            for section in SECTIONS:
                window.workplace.screen(place.id).go(section.id)
                yield Stop(f"administration {section.id}", window)


def cases(window: MainWindow, found: dict[str, int]) -> Iterator[Stop]:
    """The case screen at every act, and every part of it."""
    window.workplace.go("desk")
    for way, case_id in found.items():
        window.workplace.open_case(case_id)
        case = window.workplace.case_screen()
        yield Stop(f"case {way}", window)
        for number in range(1, case.tabs.count()):
            if case.tabs.isTabVisible(number) and way in ("decide", "licence"):
                case.tabs.setCurrentIndex(number)
                yield Stop(f"case {way}, part {number + 1}", window)


def dialogs(window: MainWindow, found: dict[str, int]) -> Iterator[Stop]:
    """Every dialog, made anew in the language in use and let go afterwards."""
    desk = window.desk
    window.workplace.open_case(found["sign"])
    case = window.workplace.case_screen()
    made: list[QWidget] = [DIALOGS[move](desk, case.act_on, case.card, window) for move in OfficeMove]
    made.append(PinDialog(Key(FILE, path="/k/head.p12", label="head.p12"), LONG["holder_kk"], window))
    made.append(HelpDialog(PLACES[0].help, window.commands, window))
    made.append(DefectDialog("0A1B2C3D", "…", window))
    made.append(CommandPalette(desk, window.commands, window))
    made.append(Question(window, LONG["holder_ru"], title="?", yes="…", danger=True))
    document = next(row for row in case.card.documents if row.state != "replaced")
    made.append(PrintDialog.of_document(desk, document.document_id, document.number, window, again=True))
    route = RouteWindow(desk, found["sign"], case.card.number, window)
    made.append(route)
    made.append(DrawingDialog(desk, route.view.shapes, route.view.title, window))
    papers = tuple(row.paper for row in case.card.inventory)
    made.append(RefuseDialog(desk.language, papers, set(), window))
    for dialog in made:
        dialog.show()
        yield Stop(f"dialog {dialog.objectName()}", dialog)
        dialog.close()
        dialog.deleteLater()
