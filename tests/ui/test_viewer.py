"""The viewer shows pictures made elsewhere: a paper made to harm costs one picture, never the program."""

import pytest
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPdfWriter

from desktop.ui import renderer
from desktop.ui.widgets.viewer import DocumentViewer
from tests.ui.bombs import pdf_bomb, png_bomb

WAIT = 30_000


@pytest.fixture(autouse=True)
def _end_child():
    yield
    renderer.stop()


@pytest.fixture
def viewer(qtbot, language) -> DocumentViewer:
    made = DocumentViewer()
    qtbot.addWidget(made)
    made.resize(500, 600)
    made.show()
    return made


def a_pdf(pages: int = 1) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    painter = QPainter(writer)
    for number in range(pages):
        if number:
            writer.newPage()
        painter.drawText(500, 500, f"{number}")
    painter.end()
    return bytes(buffer.data())


def an_image(kind: str, width: int = 400, height: int = 300) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#336699"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, kind)
    return bytes(buffer.data())


def shown(qtbot, viewer, show) -> None:
    with qtbot.waitSignal(viewer.shown, timeout=WAIT):
        show()


def failure(qtbot, viewer, show) -> str:
    with qtbot.waitSignal(viewer.failed, timeout=WAIT) as told:
        show()
    return told.args[0]


def test_shows_a_pdf_page_by_page_by_keys(qtbot, viewer):
    shown(qtbot, viewer, lambda: viewer.show_pdf(a_pdf(3), "Өтініш.pdf"))
    assert viewer.page_count == 3
    assert viewer.findChild(object, "viewer.page").text() == "1 of 3"
    paper = viewer.findChild(object, "viewer.paper")
    bar = paper.verticalScrollBar()
    bar.setValue(bar.maximum())
    with qtbot.waitSignal(viewer.shown, timeout=WAIT):
        qtbot.keyClick(paper, Qt.Key.Key_PageDown)
    assert viewer.findChild(object, "viewer.page").text() == "2 of 3"
    assert viewer.title == "Өтініш.pdf"


@pytest.mark.parametrize(
    ("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("TIFF", "image/tiff")]
)
def test_shows_a_scan(qtbot, viewer, kind, media_type):
    shown(qtbot, viewer, lambda: viewer.show_image(an_image(kind), media_type))
    middle = viewer.grab().toImage().pixelColor(viewer.width() // 2, 200)
    assert abs(middle.red() - 0x33) < 8
    assert abs(middle.blue() - 0x99) < 8


def test_zooming_draws_the_page_anew(qtbot, viewer):
    shown(qtbot, viewer, lambda: viewer.show_pdf(a_pdf()))
    before = viewer._page.width()
    with qtbot.waitSignal(viewer.shown, timeout=WAIT):
        viewer.step_zoom(1)
    assert viewer._page.width() > before


def test_what_is_no_paper_is_said_to_be_none(qtbot, viewer):
    assert failure(qtbot, viewer, lambda: viewer.show_pdf(b"not a paper")) == "paper-unreadable"
    assert failure(qtbot, viewer, lambda: viewer.show_pdf(b"")) == "paper-unreadable"
    assert failure(qtbot, viewer, lambda: viewer.show_image(a_pdf(), "image/png")) == "paper-unreadable"
    assert failure(qtbot, viewer, lambda: viewer.show_paper(b"x", "text/html")) == "paper-not-shown"


def test_a_picture_bomb_is_refused_by_its_size(qtbot, viewer):
    assert failure(qtbot, viewer, lambda: viewer.show_image(png_bomb(), "image/png")) == "paper-too-large"


def test_a_pdf_bomb_ends_the_child_and_the_next_paper_is_shown(qtbot, viewer):
    told = failure(qtbot, viewer, lambda: viewer.show_pdf(pdf_bomb()))
    assert told in {"paper-broke-viewer", "paper-too-large", "paper-took-too-long"}
    shown(qtbot, viewer, lambda: viewer.show_pdf(a_pdf()))


def test_a_paper_that_takes_too_long_is_stopped(qtbot, viewer, monkeypatch):
    monkeypatch.setattr(renderer, "WALL_SECONDS", 0)
    assert failure(qtbot, viewer, lambda: viewer.show_pdf(a_pdf())) == "paper-took-too-long"
    monkeypatch.setattr(renderer, "WALL_SECONDS", 20)
    shown(qtbot, viewer, lambda: viewer.show_pdf(a_pdf()))


def test_one_child_serves_every_viewer_and_forgets_old_papers(qtbot, viewer):
    other = DocumentViewer(name="other")
    qtbot.addWidget(other)
    other.show()
    for number in range(1, 7):
        shown(qtbot, viewer, lambda n=number: viewer.show_pdf(a_pdf(n)))
        shown(qtbot, other, lambda n=number: other.show_pdf(a_pdf(n + 1)))
    child = renderer.renderer()._process
    with qtbot.waitSignal(viewer.shown, timeout=WAIT):
        viewer.step_page(1)
    assert renderer.renderer()._process is child


def test_a_viewer_that_is_gone_breaks_nothing(qtbot, viewer):
    gone = DocumentViewer(name="gone")
    gone.show_pdf(a_pdf())
    gone.deleteLater()
    shown(qtbot, viewer, lambda: viewer.show_pdf(a_pdf(2)))


@pytest.mark.parametrize(
    ("content", "kind"), [(a_pdf, "application/pdf"), (lambda: an_image("PNG"), "image/png")]
)
def test_a_paper_too_large_to_be_held_is_read_out_of_its_file(qtbot, viewer, tmp_path, content, kind):
    file = tmp_path / "large"
    file.write_bytes(content())
    shown(qtbot, viewer, lambda: viewer.show_file(str(file), kind, "large"))
    assert viewer.page_count == 1
    assert viewer.content == b""
    file.unlink()
    assert failure(qtbot, viewer, lambda: viewer.show_file(str(file) + "-2", kind)) == "paper-unreadable"


def test_a_large_file_of_a_case_comes_out_of_the_private_folder(
    qtbot, viewer, store, people, case_at, make_desk, monkeypatch, tmp_path
):
    from dataclasses import replace

    from desktop.cases.application import IncomingFile
    from desktop.queries.case_card import case_card
    from desktop.regulation.model import Role
    from desktop.ui import large_papers
    from desktop.ui.screens.case_parts.reading import Reader

    monkeypatch.setenv("RUQSAT_STATE", str(tmp_path / "state"))
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(a_pdf())
    case_id = case_at("assign", files=(IncomingFile(scan, None),))
    desk = make_desk(Role.CLERK, store=store)
    desk.actor = people.clerk
    (file,) = case_card(store, people.clerk, case_id=case_id).attachments
    reader = Reader(desk, viewer, viewer)
    shown(qtbot, viewer, lambda: reader.show_attachment(replace(file, size=large_papers.LARGE + 1)))
    kept = large_papers.folder() / file.sha256
    assert kept.read_bytes() == scan.read_bytes()
    assert kept.stat().st_mode & 0o777 == 0o600
    large_papers.forget()
    assert not large_papers.folder().exists()
