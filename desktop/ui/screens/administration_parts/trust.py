"""Trust roots: the authorities whose certificates are believed. Whoever adds one compares its fingerprint first."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QT_TRANSLATE_NOOP
from PySide6.QtWidgets import QCheckBox, QFrame, QVBoxLayout

from desktop.cases.office import add_trust_root, remove_trust_root
from desktop.errors import BadInput
from desktop.queries.office import kept_roots
from desktop.queries.rows import TrustRootRow
from desktop.ui import theme
from desktop.ui.messages import sentence
from desktop.ui.reading_files import read_bytes
from desktop.ui.rows_model import Column, RowsModel
from desktop.ui.screens.administration_parts.section import Section
from desktop.ui.widgets.drop_area import DropArea
from desktop.ui.widgets.plain import Button, PlainLabel
from desktop.ui.widgets.rows_table import RowsTable

_LIMIT = 64 * 1024


@dataclass(frozen=True)
class RootSeen:
    """A certificate as read from a file, before anybody trusts it."""

    pem: str
    name: str
    subject: str
    sha256: str
    first: datetime
    last: datetime
    is_demo: bool


class TrustSection(Section):
    """The list; the certificate of a chosen file with its fingerprint; trust it, or take trust away."""

    id = "trust"
    icon = "trust"
    name_source = QT_TRANSLATE_NOOP("Section", "Trusted certificates")

    def build(self) -> None:
        self._seen: RootSeen | None = None
        self._rootless: frozenset[str] = frozenset()  # SHA-256 of those whose root is not trusted here
        language = self.desk.language
        self.table = RowsTable(
            RowsModel(
                (
                    Column(
                        "subject",
                        QT_TRANSLATE_NOOP("Column", "Authority"),
                        lambda row: common_name(row.subject),
                    ),
                    Column(
                        "kind",
                        QT_TRANSLATE_NOOP("Column", "Kind"),
                        self._kind_of,
                        width=60,
                        tone=lambda row: "done" if self._counts(row) and not row.is_demo else "soon",
                        icon=lambda row: (
                            "clock" if not self._counts(row) else "demo" if row.is_demo else "trust"
                        ),
                    ),
                    Column(
                        "sha256",
                        QT_TRANSLATE_NOOP("Column", "SHA-256"),
                        lambda row: fingerprint(row.sha256)[:23] + "…",
                        width=50,
                        tip=lambda row: fingerprint(row.sha256),
                    ),
                    Column(
                        "added",
                        QT_TRANSLATE_NOOP("Column", "Added"),
                        lambda row: f"{language.format_short(row.added_at)}, {row.added_by}",
                        width=52,
                    ),
                ),
                self,
            ),
            self,
            name=self.name("list"),
        )
        self.table.row_chosen.connect(self._choose)
        self.none = PlainLabel(parent=self, role="muted", wrap=True, name=self.name("none"))
        self.details = PlainLabel(
            parent=self, role="small", wrap=True, name=self.name("details")
        ).make_selectable()
        self.remove = Button(parent=self, kind="danger", icon="delete", name=self.name("remove"))
        self.remove.clicked.connect(self._remove)
        self.drop = DropArea(
            self, name=self.name("drop"), filters="PEM, CER, CRT, DER (*.pem *.cer *.crt *.der)"
        )
        self.drop.chosen.connect(self.take_file)
        self.problem = PlainLabel(parent=self, wrap=True, name=self.name("problem"))
        self.problem.setProperty("tone", "late")
        self.problem.hide()
        self.card = QFrame(self)
        self.card.setProperty("role", "card")
        inside = QVBoxLayout(self.card)
        inside.setContentsMargins(*[theme.spacing(4)] * 4)
        inside.setSpacing(theme.spacing(2))
        self.card_title = PlainLabel(
            parent=self.card, role="heading", wrap=True, name=self.name("new_subject")
        )
        self.card_text = PlainLabel(
            parent=self.card, wrap=True, name=self.name("new_fingerprint")
        ).make_selectable()
        self.card_warning = PlainLabel(parent=self.card, role="muted", wrap=True)
        self.demo = QCheckBox(self.card)
        self.demo.setObjectName(self.name("demo"))
        self.add = Button(
            parent=self.card, kind="primary", icon="trust", name=self.name("add"), shortcut="Ctrl+Return"
        )
        self.add.clicked.connect(self._add)
        for widget in (self.card_title, self.card_text, self.card_warning, self.demo):
            inside.addWidget(widget)
        inside.addWidget(self.buttons(self.add))
        self.card.hide()
        for widget in (self.table, self.none, self.details, self.buttons(self.remove)):
            self.column.addWidget(widget)
        for widget in (self.drop, self.problem, self.card):
            self.column.addWidget(widget)
        self.drop.setVisible(self.may_change)

    def refresh(self) -> None:
        self.states.show_loading()
        self.desk.read(roots_and_rootless, then=self._show, on_error=self.failed)

    def is_dirty(self) -> bool:
        return self._seen is not None

    def _show(self, told: tuple[tuple[TrustRootRow, ...], frozenset[str]]) -> None:
        rows, self._rootless = told
        self.table.show_rows(rows, same=lambda old, new: old.sha256 == new.sha256)
        self.table.fit_height(6)
        self.table.setVisible(bool(rows))
        self.none.setVisible(not rows)
        self.states.show_content()
        self._choose(self.table.current_row())

    def _choose(self, row: TrustRootRow | None) -> None:
        self.details.setVisible(row is not None)
        if row is not None:
            waits = self.tr("Waits for a second person to confirm it: nothing is believed on it yet.")
            rootless = self.tr(
                "This certificate issues others, and the root that signed it is not trusted here: nothing is believed "
                "on it until the root is added and confirmed too."
            )
            lines = [row.subject, f"SHA-256 {fingerprint(row.sha256)}"]
            lines += [waits] if row.waits else []
            lines += [rootless] if row.sha256 in self._rootless else []
            self.details.setText("\n".join(lines))
        self.remove.setVisible(self.may_change and self.table.rows.rowCount() > 0)
        self.remove.set_why_not("" if row else self.tr("Choose a certificate in the list first"))

    def take_file(self, path: str) -> None:
        """Read a certificate and show what it is; it is trusted only by the button."""
        self.desk.files(read_root, path=path, then=self._offer, on_error=self._refuse)

    def _offer(self, seen: RootSeen) -> None:
        self._seen = seen
        self.problem.hide()
        self.demo.setChecked(seen.is_demo)
        self.demo.setEnabled(not seen.is_demo)
        self._say_card()
        self.card.show()
        self.add.setFocus()

    def _refuse(self, error: BaseException) -> bool:
        self._seen = None
        self.card.hide()
        self.problem.setText(sentence(error, self.desk.language))
        self.problem.show()
        return isinstance(error, BadInput)

    def _add(self) -> None:
        self.desk.do(
            add_trust_root,
            pem=self._seen.pem,
            is_demo=self.demo.isChecked(),
            then=self._added,
            on_error=self._refuse,
            said=self.tr("The authority is kept; it is trusted once another person has confirmed it"),
        )

    def _added(self, _: object) -> None:
        self._seen = None
        self.card.hide()
        self.refresh()

    def _remove(self) -> None:
        row = self.table.current_row()
        question = self.tr(
            "Signatures under certificates of {authority} will no longer be accepted or found valid here. "
            "Papers already signed stay as they are."
        ).format(authority=common_name(row.subject))
        if self.desk.ask(question, yes=self.tr("Take trust away"), danger=True):
            self.desk.do(
                remove_trust_root,
                sha256=row.sha256,
                then=lambda _: self.refresh(),
                said=self.tr("The authority is no longer trusted"),
            )

    # words

    def _kind_of(self, row: TrustRootRow) -> str:
        kind = self.tr("demo") if row.is_demo else self.tr("real")
        if row.waits:
            return self.tr("{kind}, waits").format(kind=kind)
        return self.tr("{kind}, no root").format(kind=kind) if row.sha256 in self._rootless else kind

    def _counts(self, row: TrustRootRow) -> bool:
        return not row.waits and row.sha256 not in self._rootless

    def _say_card(self) -> None:
        seen, language = self._seen, self.desk.language
        if seen is None:
            return
        self.card_title.setText(seen.name)
        dates = self.tr("In force from {first} to {last}").format(
            first=language.format_date(seen.first.date()), last=language.format_date(seen.last.date())
        )
        self.card_text.setText(f"{seen.subject}\n{dates}\nSHA-256\n{fingerprint(seen.sha256)}")

    def retranslate(self) -> None:
        self.say_title(
            self.tr(
                "A signature is accepted when its certificate leads to one of these. Compare the fingerprint with the authority's own page before you trust it."
            )
        )
        self.table.setAccessibleName(self.title())
        self.table.rows.retranslate()
        self.none.setText(
            self.tr("No authority is trusted yet: nobody can sign, and no signature is found valid.")
        )
        self.remove.set_text(self.tr("Take trust away"))
        self.drop.set_texts(self.tr("Drop the certificate of an authority here."), self.tr("Choose a file…"))
        self.card_warning.setText(
            self.tr("Compare every group of the fingerprint with the one the authority has published.")
        )
        words = self.tr("This is a demo authority: its signatures have no legal force")
        self.demo.setText(words)
        self.demo.setAccessibleName(words)
        self.add.set_text(self.tr("Trust this authority"))
        self._say_card()
        self._choose(self.table.current_row())


def roots_and_rootless(store, actor) -> tuple[tuple[TrustRootRow, ...], frozenset[str]]:
    """Return what is kept, and the SHA-256 of each issuing certificate that lacks a root which is believed."""
    from desktop.eds.certificates import load, without_root

    rows = kept_roots(store, actor)
    own = {row.sha256: load([row.pem])[0] for row in rows}
    believed = [own[row.sha256] for row in rows if not row.waits]
    lacking = (sha256 for sha256, der in own.items() if der in without_root(dict.fromkeys([*believed, der])))
    return rows, frozenset(lacking)


def read_root(path: str) -> RootSeen:
    """Return the one certificate in a file (PEM, DER or bare base64); BadInput "certificate-unreadable"."""
    from desktop.eds.certificates import describe, load, to_pem
    from desktop.errors import NotAllowed

    content = read_bytes(path, _LIMIT)
    try:
        ders = load([content])
        info = describe(ders[0])
    except NotAllowed as error:
        raise BadInput(error.code, field="pem") from error
    if len(ders) != 1:
        raise BadInput("certificate-unreadable", field="pem")
    return RootSeen(
        pem=to_pem(ders[0]),
        name=info.name or info.organisation or info.subject,
        subject=info.subject,
        sha256=hashlib.sha256(ders[0]).hexdigest(),
        first=info.not_before,
        last=info.not_after,
        is_demo=info.is_demo,
    )


def fingerprint(sha256: str) -> str:
    """Return a fingerprint in groups people can compare: "A1B2 C3D4 …"."""
    text = sha256.upper()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def common_name(subject: str) -> str:
    """Return the common name in an RFC 4514 subject, or all of it when there is none."""
    from cryptography.x509 import Name, NameOID

    try:
        names = Name.from_rfc4514_string(subject).get_attributes_for_oid(NameOID.COMMON_NAME)
    except ValueError:
        return subject
    return str(names[0].value) if names else subject
