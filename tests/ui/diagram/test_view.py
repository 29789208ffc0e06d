"""The diagram on the screen: walked by keys, enlarged, in each language and scheme; on paper and as a picture."""

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtPdf import QPdfDocument
from PySide6.QtTest import QTest

from desktop.regulation.loader import load_text, shipped
from desktop.ui import theme
from desktop.ui.diagram import pages, sheet
from desktop.ui.diagram.paper import DrawingDialog
from desktop.ui.diagram.view import DiagramView
from desktop.ui.diagram.window import RouteWindow
from tests.ui.diagram import ways
from tests.ui.diagram.test_layout import DRAWN, drawn
from tests.ui.names import unnamed

(WKO,) = (load_text(text, name=name) for name, text in shipped() if name == "wko-2018-139.toml")


@pytest.fixture
def view(qtbot, make_desk):
    desk = make_desk()
    made = DiagramView(desk.language)
    made.desk = desk
    qtbot.addWidget(made)
    made.resize(900, 600)
    service = WKO.service("medical")
    made.show_operation(WKO, service, service.operation("issue"), ways.ALL["wko"][1])
    made.show()
    QTest.qWaitForWindowExposed(made)
    return made


def test_the_keys_walk_from_step_to_step_and_say_what_is_there(view):
    canvas = view.canvas
    QTest.keyClick(canvas, Qt.Key.Key_Home)
    assert canvas.picture.chosen == "registration"
    QTest.keyClick(canvas, Qt.Key.Key_Down)
    assert canvas.picture.chosen == "visa"
    view.desk.language.switch("ru")
    QTest.keyClick(canvas, Qt.Key.Key_Down)
    told = canvas.accessibleDescription()
    assert told.splitlines()[0] == "Проверка полноты документов"
    assert "1 рабочий день" in told
    assert "пункт 7(3)" in told
    assert "к шагу «Ответ государственного органа»" in told
    assert "Приложение 8" in told  # the note of the step
    assert view.step_title.text() == told.splitlines()[0]
    assert "7(3)" in view.about.text()
    QTest.keyClick(canvas, Qt.Key.Key_Up)
    assert canvas.picture.chosen == "visa"
    QTest.keyClick(canvas, Qt.Key.Key_End)
    assert canvas.picture.chosen == "delivery"


def test_a_chosen_step_is_brought_into_sight(view):
    view.canvas.choose("delivery")
    box = view.shapes.node("delivery").whole
    seen = view.canvas.mapToScene(view.canvas.viewport().rect()).boundingRect()
    assert seen.top() <= box.top
    assert seen.bottom() >= box.bottom


def test_it_is_enlarged_by_wheel_and_keys_and_fits_again(view):
    fitting = view.canvas.transform().m11()
    view.canvas.setFocus()
    QTest.keyClick(view.canvas, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert view.canvas.transform().m11() > fitting
    QTest.keyClick(view.canvas, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert view.canvas.transform().m11() == pytest.approx(fitting)
    view.zoom_by(3)
    QTest.keyClick(view.canvas, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert view.canvas.transform().m11() == pytest.approx(fitting)
    view.fit_whole()
    assert view.shapes.height * view.canvas.transform().m11() <= view.canvas.height()
    view.canvas.zoomed.emit(1.2)
    assert view.canvas.transform().m11() <= 4.0


def test_a_click_chooses_a_step_and_a_drag_does_not(view):
    view.fit_whole()
    box = view.shapes.node("visa").box
    spot = view.canvas.mapFromScene(box.middle, box.top + 5)
    QTest.mouseClick(view.canvas.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert view.canvas.picture.chosen == "visa"
    assert view.canvas.node_at(QPoint(2, 2)) is None


@pytest.mark.parametrize("code", ["kk", "ru", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark", "contrast"])
def test_it_is_drawn_in_every_language_and_scheme(qapp, view, code, scheme):
    view.desk.language.switch(code)
    theme.apply(qapp, scheme, scale=1.5)
    image = view.grab().toImage()
    assert (
        len({image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}) > 5
    )
    assert not list(unnamed(view))


def test_the_lanes_titles_stay_in_sight(view):
    view.zoom_by(1.5)
    view.canvas.verticalScrollBar().setValue(view.canvas.verticalScrollBar().maximum() // 2)
    image = view.canvas.viewport().grab().toImage()
    wanted = theme.PALETTES["light"].sunken.lower()
    assert image.pixelColor(image.width() // 2 + 3, 3).name() == wanted


@pytest.mark.parametrize(
    ("operation", "channel"), [item[1:] for item in DRAWN], ids=[item[0] for item in DRAWN]
)
@pytest.mark.parametrize("size", ["A4", "A3"])
def test_every_row_is_on_one_page_and_every_page_is_filled(operation, channel, size):
    shapes = drawn(operation, channel)
    sheets = pages.of(shapes, size)
    across, down = sheets.room
    assert shapes.width <= across + 1
    assert sheets.slices[0][0] == 0
    assert sheets.slices[-1][1] == shapes.height
    for number, (top, bottom) in enumerate(sheets.slices):
        above = shapes.head.height if number and top < shapes.rows[-1][1] else 0
        assert bottom - top + above <= down + 1
        inside = [box for box in (node.whole for node in shapes.nodes) if top < box.top < bottom]
        assert all(box.bottom <= bottom for box in inside)


def test_the_paper_holds_the_text_and_the_picture_is_sharp(view):
    content = sheet.pdf(view.shapes, view.title, "A4")
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document = QPdfDocument()
    document.load(buffer)
    told = " ".join(document.getAllText(number).text() for number in range(document.pageCount()))
    assert document.pageCount() == len(pages.of(view.shapes, "A4").slices)
    assert "7(1)" in told
    document.close()
    picture = QImage.fromData(sheet.png(view.shapes))
    assert picture.width() == round(view.shapes.width * 2)


def test_a_drawing_is_saved_as_pdf_and_as_a_picture(qtbot, view, tmp_path):
    dialog = DrawingDialog(view.desk, view.shapes, "схема")
    dialog.choose_file = lambda name, kind: str(tmp_path / name)
    dialog.show()
    assert not list(unnamed(dialog))
    dialog.save_pdf()
    dialog.save_png()
    assert (tmp_path / "схема.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "схема.png").read_bytes().startswith(b"\x89PNG")
    dialog.close()


def test_a_case_shows_its_own_way(qtbot, make_desk, store, people, case_at):
    desk = make_desk(*people.executor.roles, store=store)
    desk.actor = people.executor
    case_id = case_at("decide")
    window = RouteWindow(desk, case_id, "000001")
    qtbot.addWidget(window)
    window.show()
    states = {node.step.id: node.state for node in window.view.shapes.nodes}
    assert states["registration"] == states["visa"] == states["sanitary-answer"] == "done"
    assert states["decision"] == "here"
    assert states["signature"] == "ahead"
    assert window.view.canvas.picture.chosen == "decision"
    assert "18:30" in " ".join(window.view.shapes.node("decision").passed)  # by when
    assert window.view.shapes.node("visa").passed
    assert not list(unnamed(window))


def test_what_a_return_undid_lies_ahead_again(qtbot, make_desk, store, people, case_at):
    desk = make_desk(*people.executor.roles, store=store)
    desk.actor = people.executor
    window = RouteWindow(desk, case_at("returned"), "000001")
    qtbot.addWidget(window)
    states = {node.step.id: node.state for node in window.view.shapes.nodes}
    assert (states["decision"], states["signature"]) == ("here", "ahead")
    assert not any(line.taken for line in window.view.shapes.lines if line.source == "decision")
