"""Printing: the stored bytes go out unchanged; without CUPS a picture of at least 600 dpi; recorded only afterwards."""

import os
import stat
from pathlib import Path

import pikepdf
import pytest
from PySide6.QtPrintSupport import QPrinter
from sqlalchemy import select

from desktop.errors import Unavailable
from desktop.models import CaseDocument, JournalEntry
from desktop.regulation.model import DocumentKind, Role
from desktop.ui import print_ways
from desktop.ui.print_ways import Printer
from desktop.ui.printing import PrintDialog, save_bytes
from desktop.ui.screens.print_queue import PrintQueueScreen
from tests.story import content
from tests.ui.registration import control

LP = """#!/bin/sh
for word; do last="$word"; done
number=$(ls "$LP_SPOOL" | grep -c pdf)
cp "$last" "$LP_SPOOL/$number.pdf"
printf '%s\\n' "$*" > "$LP_SPOOL/$number.told"
test -z "$LP_FAILS" || { echo "lp: the printer is on fire" >&2; exit 1; }
"""


@pytest.fixture(autouse=True)
def _own_state(tmp_path, monkeypatch):
    monkeypatch.setenv("RUQSAT_STATE", str(tmp_path / "state"))


@pytest.fixture
def spool(tmp_path, monkeypatch) -> Path:
    """A system whose ``lp`` keeps what it was given."""
    folder = tmp_path / "spool"
    folder.mkdir()
    programs = tmp_path / "bin"
    programs.mkdir()
    lp = programs / "lp"
    lp.write_text(LP, encoding="utf-8")
    lp.chmod(lp.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}/usr/bin{os.pathsep}/bin")
    monkeypatch.setenv("LP_SPOOL", str(folder))
    return folder


@pytest.fixture
def clerk_desk(make_desk, store, people):
    desk = make_desk(Role.CLERK, store=store)
    desk.actor = people.clerk
    return desk


def document_of(store, case_id: int, kind: DocumentKind) -> tuple[int, bytes]:
    with store.reading() as session:
        document = session.scalars(
            select(CaseDocument).where(CaseDocument.case_id == case_id, CaseDocument.kind == kind.value)
        ).one()
        return document.id, content(session, document)


def state_of(store, document_id: int) -> tuple[bool, int]:
    with store.reading() as session:
        document = session.get_one(CaseDocument, document_id)
        return document.printed_at is not None, document.copies


def two_page_pdf() -> bytes:
    from io import BytesIO

    made = pikepdf.new()
    made.add_blank_page(page_size=(595, 842))
    made.add_blank_page(page_size=(842, 595))
    kept = BytesIO()
    made.save(kept)
    return kept.getvalue()


def test_the_signed_bytes_reach_the_printer_unchanged_and_only_then_it_is_recorded(
    clerk_desk, store, case_at, spool, qtbot
):
    document_id, stored = document_of(store, case_at("deliver"), DocumentKind.LICENCE)
    dialog = PrintDialog.of_document(clerk_desk, document_id, "18000001")
    qtbot.addWidget(dialog)
    assert state_of(store, document_id) == (False, 0)
    control(dialog, "print.copies").setValue(2)
    dialog.start()
    assert (spool / "0.pdf").read_bytes() == stored
    assert "-n 2" in (spool / "0.told").read_text(encoding="utf-8")
    assert state_of(store, document_id) == (True, 2)
    with store.reading() as session:
        last = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
        assert last.event == "printed"


def test_a_printer_that_refuses_leaves_no_trace_and_can_be_tried_again(
    clerk_desk, store, case_at, spool, monkeypatch, qtbot
):
    document_id, _stored = document_of(store, case_at("deliver"), DocumentKind.LICENCE)
    monkeypatch.setenv("LP_FAILS", "1")
    dialog = PrintDialog.of_document(clerk_desk, document_id, "18000001")
    qtbot.addWidget(dialog)
    dialog.start()
    assert "on fire" in dialog.said.text()
    assert state_of(store, document_id) == (False, 0)
    monkeypatch.setenv("LP_FAILS", "")
    control(dialog, "print.print").click()
    assert state_of(store, document_id) == (True, 1)


def test_printing_again_asks_why(clerk_desk, store, case_at, spool, qtbot):
    document_id, _stored = document_of(store, case_at("deliver"), DocumentKind.LICENCE)
    first = PrintDialog.of_document(clerk_desk, document_id, "18000001")
    qtbot.addWidget(first)
    first.start()
    again = PrintDialog.of_document(clerk_desk, document_id, "18000001", again=True)
    qtbot.addWidget(again)
    again.start()
    assert again.reason_field.problem
    assert len(list(spool.glob("*.pdf"))) == 1
    again.reason.setText("The first copy was torn")
    again.start()
    assert state_of(store, document_id) == (True, 2)


def test_a_batch_goes_on_after_a_failure_and_says_what_failed(
    clerk_desk, store, case_at, spool, monkeypatch, qtbot
):
    case_at("deliver")
    screen = PrintQueueScreen(clerk_desk)
    qtbot.addWidget(screen)
    screen.refresh()
    screen.table.selectAll()
    rows = screen.chosen()
    assert len(rows) >= 2
    sent: list[str] = []

    def send(printer, content, *, copies, title):
        sent.append(title)
        if len(sent) == 1:
            raise Unavailable("printer-refused", printer="", reason="no paper")

    monkeypatch.setattr(print_ways, "send", send)
    dialog = PrintDialog.of_rows(clerk_desk, rows)
    qtbot.addWidget(dialog)
    dialog.start()
    assert f"Printed: {len(rows) - 1}. Not printed: 1." in dialog.said.text()
    dialog.start()
    assert sent[-1] == sent[0]
    assert len(sent) == len(rows) + 1
    screen.refresh()
    assert screen.model.rowCount() == 0
    screen.show_face("printed")
    assert {row.document_id for row in screen.model.rows} == {row.document_id for row in rows}
    screen.show_face("handed")
    assert screen.states.currentWidget() is screen.states.empty


def test_what_was_sent_is_not_sent_twice_when_only_the_record_failed(
    clerk_desk, store, case_at, spool, monkeypatch, qtbot
):
    from desktop.cases import delivering

    document_id, _stored = document_of(store, case_at("deliver"), DocumentKind.LICENCE)
    mark = delivering.mark_printed

    def down(*_args, **_kwargs):
        raise Unavailable("database-unavailable")

    monkeypatch.setattr(delivering, "mark_printed", down)
    dialog = PrintDialog.of_document(clerk_desk, document_id, "18000001")
    qtbot.addWidget(dialog)
    dialog.start()
    monkeypatch.setattr(delivering, "mark_printed", mark)
    dialog.start()
    assert len(list(spool.glob("*.pdf"))) == 1
    assert state_of(store, document_id) == (True, 1)


def test_save_as_is_byte_identical(clerk_desk, store, case_at, spool, tmp_path, qtbot):
    document_id, stored = document_of(store, case_at("deliver"), DocumentKind.LICENCE)
    dialog = PrintDialog.of_document(clerk_desk, document_id, "18000001")
    qtbot.addWidget(dialog)
    offered: list[str] = []
    dialog.choose_file = lambda name: (offered.append(name), str(tmp_path / "copy"))[1]
    control(dialog, "print.save").click()
    assert (tmp_path / "copy.pdf").read_bytes() == stored
    assert offered == ["licence-18000001.pdf"]
    assert state_of(store, document_id) == (False, 0)


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    with pytest.raises(Unavailable, match="file-not-saved"):
        save_bytes(tmp_path / "nowhere" / "a.pdf", b"x")


def test_without_cups_pages_become_pictures_of_600_dpi_in_their_own_size(qapp, tmp_path):
    path = tmp_path / "printed.pdf"
    device = QPrinter(QPrinter.PrinterMode.HighResolution)
    device.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    device.setOutputFileName(str(path))
    device.setResolution(300)
    print_ways.as_picture(device, two_page_pdf())
    with pikepdf.open(path) as made:
        assert len(made.pages) == 2
        for page, size in zip(made.pages, ((595, 842), (842, 595)), strict=True):
            box = [float(one) for one in page.mediabox]
            assert (box[2], box[3]) == pytest.approx(size, abs=1)
            images = [image for image in page.resources.XObject.values() if image.Subtype == "/Image"]
            widths = [int(image.Width) for image in images]
            heights = [int(image.Height) for image in images]
            assert max(widths) / (size[0] / 72) >= 599.5
            assert sum(heights) / (size[1] / 72) >= 599.5


def test_without_any_printer_one_may_still_save(clerk_desk, store, case_at, monkeypatch, qtbot):
    document_id, _stored = document_of(store, case_at("deliver"), DocumentKind.LICENCE)
    monkeypatch.setattr(print_ways, "printers", tuple)
    dialog = PrintDialog.of_document(clerk_desk, document_id, "18000001")
    qtbot.addWidget(dialog)
    assert not control(dialog, "print.print").isEnabled()
    assert "no printer" in dialog.said.text()
    assert control(dialog, "print.save").isEnabled()


def test_lp_alone_means_its_default_printer(spool):
    assert print_ways.printers() == (Printer("", whole=True),)


def test_an_auditor_sees_the_paper_but_prints_nothing(make_desk, store, people, case_at, spool, qtbot):
    desk = make_desk(Role.AUDITOR, store=store)
    desk.actor = people.auditor
    document_id, _stored = document_of(store, case_at("deliver"), DocumentKind.LICENCE)
    dialog = PrintDialog.of_document(desk, document_id, "18000001")
    qtbot.addWidget(dialog)
    assert control(dialog, "print.print").isHidden()
    assert control(dialog, "print.save").isEnabled()
