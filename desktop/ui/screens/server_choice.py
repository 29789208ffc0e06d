"""Where the office's server is: asked once at a new workstation; who signs in there has a login of his own."""

import re
from urllib.parse import quote

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.widgets.file_picker import FilePicker
from desktop.ui.widgets.form import Field, Form, line_edit
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.tab_order import TabsByEye

_SERVER = re.compile(r"(?P<host>[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>\d{1,5}))?")


def address_of(server: str, database: str) -> str:
    """Return the address of ``database`` on ``server`` (a name, may be with a port); "" when it cannot be one."""
    found = _SERVER.fullmatch(server.strip())
    if found is None or not database.strip() or int(found["port"] or 5432) > 65535:
        return ""
    port = f":{found['port']}" if found["port"] else ""
    return f"postgresql://{found['host']}{port}/{quote(database.strip(), safe='')}"


class ServerDialog(TabsByEye, QDialog):
    """Server, database and the authority's certificate. Nothing is tried here: the sign-in says what is wrong."""

    chosen = Signal(str, str)  # address, file of the authority's certificate

    def __init__(self, root_certificate: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("server")
        self.setModal(True)
        self.setMinimumWidth(theme.spacing(130))
        self.setWindowTitle(self.tr("The office's server"))
        title = PlainLabel(self.tr("The office's server"), self, role="title", wrap=True)
        told = self.tr(
            "The administrator of the server tells you these; your login and password are asked next."
        )
        text = PlainLabel(told, self, role="muted", wrap=True)
        self.form = Form(self, columns=1)
        hint = self.tr("For example db.office.kz or db.office.kz:5433")
        self.server = self.form.add(
            "server", Field(line_edit(), self.tr("Server"), name="server.host", hint=hint, required=True)
        )
        self.database = self.form.add(
            "database", Field(line_edit(), self.tr("Database"), name="server.database", required=True)
        )
        self.root = FilePicker("server.root", "PEM (*.pem *.crt *.cer)", parent=self)
        self.root.line.setText(root_certificate)
        self.root.retranslate(self.tr("Certificate of the authority (PEM)"))
        proved = self.tr(
            "The server proves itself by it; without it only a server on this very computer is believed."
        )
        root = self.form.add(
            "root",
            Field(
                self.root, self.tr("Certificate of the authority (PEM)"), name="server.root.file", hint=proved
            ),
        )
        for field in (self.server, self.database, root):
            self.form.add_row(field)
        self.cancel = Button(self.tr("Cancel"), self, name="server.cancel")
        self.do = Button(
            self.tr("Go to the sign-in"), self, kind="primary", name="server.do", shortcut="Ctrl+Return"
        )
        self.cancel.clicked.connect(self.reject)
        self.do.clicked.connect(self._choose)
        self.do.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.do)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.spacing(6)] * 4)
        layout.setSpacing(theme.spacing(4))
        for widget in (title, text, self.form):
            layout.addWidget(widget)
        layout.addLayout(buttons)
        self.server.editor.setFocus()

    def _choose(self) -> None:
        server, database = self.server.editor.text(), self.database.editor.text()
        address = address_of(server, database)
        self.database.set_problem("" if database.strip() else self.tr("Write the name of the database"))
        right = bool(address_of(server, "x"))
        self.server.set_problem("" if right else self.tr("Write the server's name, may be with its port"))
        self._make_room()
        if address:
            self.chosen.emit(address, self.root.text())
            self.accept()

    def showEvent(self, event) -> None:
        super().showEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Wrapped lines under the fields need a height that depends on the width."""
        self.layout().activate()
        self.resize(self.width(), max(self.height(), self.heightForWidth(self.width())))
