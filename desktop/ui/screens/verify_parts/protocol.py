"""The protocol of a check: seen as it will be printed, printed, saved."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.eds.verdict import RevocationSeen, SignatureSeen
from desktop.errors import Unavailable
from desktop.ui import print_ways, theme
from desktop.ui.messages import say
from desktop.ui.printing import save_bytes, with_pdf_ending
from desktop.ui.screens.verify_parts.judging import Checked
from desktop.ui.widgets.plain import Button
from desktop.ui.widgets.tab_order import TabsByEye
from desktop.ui.widgets.viewer import DocumentViewer


def facts_of(checked: Checked, checked_by: str) -> dict[str, Any]:
    """Return what the template ``verification`` prints; moments in this computer's zone."""
    verdict, known = checked.verdict, checked.known
    assert verdict is not None
    return {
        "office": {"name": {"kk": known.office_kk, "ru": known.office_ru}, "is_demo": known.is_demo},
        "valid": verdict.valid,
        "reason": _both(verdict.reason.value),
        "file": _file(checked.file),
        "document": _file(checked.document),
        "kind": verdict.kind.value,
        "checked_at": _moment(verdict.checked_at),
        "checked_by": checked_by,
        "online": checked.online,
        "told": [{"name": name, "value": value} for name, value in verdict.told],
        "signatures": [_signature(one) for one in verdict.signatures],
        "roots": [{"name": name, "sha256": sha256} for name, sha256 in checked.trusted],
    }


def _file(seen) -> dict[str, Any]:
    return {"name": seen.name, "sha256": seen.sha256, "size": seen.size}


def _signature(one: SignatureSeen) -> dict[str, Any]:
    stamp = one.timestamp
    return {
        "kind": one.kind.value,
        "is_timestamp": one.is_timestamp,
        "valid": one.valid,
        "reason": _both(one.reason.value),
        "name": one.signer_name,
        "iin": one.iin,
        "bin": one.bin,
        "organisation": one.organisation,
        "role": one.role,
        "signed_at": _moment(one.signed_at),
        "stamped": one.stamped,
        "stamp_of": stamp.authority if stamp is not None else "",
        "stamp_why": _both(stamp.why if stamp is not None else ""),
        "unchanged": one.unchanged,
        "whole": one.covers_whole_file or one.only_proofs_after,
        "trusted": one.trusted,
        "demo": one.demo,
        "chain": list(one.issuers),
        "revocation": _revocation(one.revocation),
        "not_before": _moment(one.certificate_not_before),
        "not_after": _moment(one.certificate_not_after),
        "expired_since": one.certificate_expired_since,
        "sha256": one.certificate_sha256,
        "algorithm": one.algorithm,
        "technical": _both("signature-technical-check" if one.technical else ""),
        "subfilter": one.subfilter,
    }


def _revocation(told: RevocationSeen) -> dict[str, Any]:
    return {
        "standing": told.standing.value,
        "source": told.source.value,
        "at": _moment(told.at),
        "since": _moment(told.since),
        "why": _both(told.why if told.standing.value == "unknown" else ""),
    }


def _both(code: str) -> dict[str, str]:
    return {language: say(code, {}, language) if code else "" for language in ("kk", "ru")}


def _moment(at: datetime | None) -> str:
    return at.astimezone().isoformat(timespec="seconds") if at is not None else ""


def protocol_pdf(*, checked: Checked, checked_by: str) -> bytes:
    """Return the protocol; runs on the lane of files."""
    from desktop.documents.verification import draw

    at = checked.verdict.checked_at if checked.verdict is not None else None
    return draw(facts_of(checked, checked_by), at or datetime.now(UTC))


def print_protocol(*, content: bytes, title: str, wanted: str) -> None:
    """Print on the workstation's printer, or the system's; Unavailable "printer-absent" when there is none."""
    printers = print_ways.printers()
    if not printers:
        raise Unavailable("printer-absent", printer=wanted)
    chosen = next((one for one in printers if one.name == wanted), printers[0])
    print_ways.send(chosen, content, copies=1, title=title)


class ProtocolDialog(TabsByEye, QDialog):
    """Shows the protocol; what is printed and saved are the very bytes shown."""

    def __init__(self, desk, checked: Checked, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("protocol")
        self._desk, self._name = desk, checked.name
        self._content = b""
        self.viewer = DocumentViewer(self, name="protocol.viewer")
        self.print = Button(parent=self, kind="primary", icon="print", name="protocol.print")
        self.save = Button(parent=self, icon="save", name="protocol.save", shortcut="Ctrl+S")
        self.close_it = Button(parent=self, name="protocol.close")
        self.print.clicked.connect(self._print)
        self.save.clicked.connect(self._save)
        self.close_it.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        for button in (self.print, self.save, self.close_it):
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addWidget(self.viewer, 1)
        layout.addLayout(buttons)
        self.resize(theme.spacing(190), theme.spacing(190))
        self.setWindowTitle(self.tr("Protocol of the check"))
        self.print.set_text(self.tr("Print"))
        self.save.set_text(self.tr("Save as…"))
        self.close_it.set_text(self.tr("Close"))
        waiting = self.tr("The protocol is being drawn")
        for button in (self.print, self.save):
            button.set_why_not(waiting)
        self.finished.connect(self.deleteLater)
        actor = desk.actor
        by = actor.name(desk.language.code) if actor is not None else ""
        desk.files(protocol_pdf, then=self._show, checked=checked, checked_by=by)

    def _show(self, content: bytes) -> None:
        self._content = content
        self.viewer.show_paper(content, "application/pdf", self.windowTitle())
        for button in (self.print, self.save):
            button.set_why_not("")

    def _print(self) -> None:
        said = self.tr("The protocol was sent to the printer")
        self._desk.files(
            print_protocol,
            then=lambda _: self._desk.notices.done(said),
            content=self._content,
            title=self.windowTitle(),
            wanted=self._desk.settings.printer,
        )

    def _save(self) -> None:
        path = self.choose_file(f"{Path(self._name).stem}.protocol.pdf")
        if not path:
            return
        target = Path(with_pdf_ending(path))
        said = self.tr("Saved as {file}").format(file=target.name)
        self._desk.files(
            save_bytes, then=lambda _: self._desk.notices.done(said), path=target, content=self._content
        )

    def choose_file(self, name: str) -> str:
        """Ask where to save; tests put their own in its place."""
        start = str(Path(self._desk.settings.save_folder or Path.home()) / name)
        return QFileDialog.getSaveFileName(self, self.tr("Save as…"), start, "PDF (*.pdf)")[0]
