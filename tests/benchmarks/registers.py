"""A page of a million applications, from the question to the painted table, on both engines.

The floor of each line: the very statements the page sent, over the bare DB-API with every row fetched, and then
the paint of a QStandardItemModel that holds the same words.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QTableView, QWidget
from sqlalchemy import event
from sqlalchemy.engine import make_url

from desktop.queries import registers
from desktop.queries.rows import ApplicationRow, Page, RegisterFilter
from desktop.settings import Settings
from desktop.store.database import Store
from desktop.ui import theme
from desktop.ui.desk import Desk
from desktop.ui.language import Language
from desktop.ui.messages import Notices
from desktop.ui.screens.applications import ApplicationsScreen
from desktop.ui.tasks import InlineTasks
from tests.benchmarks import applicants
from tests.benchmarks.figures import Figure, by_turns, median, p95
from tests.office import people

TIMES = 15
GOAL = 50
SIZE = (1300, 760)
_FLOOR_IS = "the same statements bare, and a QStandardItemModel painted"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the register; ``hits`` guards the data: how many rows its page must have (None: a full one)."""

    name: str
    asked: dict[str, Any]
    hits: int | None = None


QUESTIONS = (
    Question("register of 1,000,000: first page", {}),
    Question("  sorted by applicant", {"sort": "holder", "descending": False}),
    Question("  sorted by state", {"sort": "result", "descending": False}),
    Question("  jump to the end (order turned round)", {"descending": False}),
    Question("  search, rare, in capitals", {"text": applicants.RARE.upper()}, hits=1),
    Question("  search, rare, on a Russian keyboard", {"text": "кулыншак"}, hits=1),
    Question("  search, common (35,000 hits)", {"text": applicants.COMMON.swapcase()}),
    Question("  search, two letters", {"text": "Өм"}),
)


def measure(urls: dict[str, str]) -> Iterator[Figure]:
    for engine, url in urls.items():
        store = Store(url, exclusive=False)
        try:
            with Screen(store) as screen, bare(url) as fetch:
                for question in QUESTIONS:
                    yield _figure(engine, question, screen, store, fetch)
            yield _count(engine, store, url)
        finally:
            store.dispose()


class Screen:
    """The real register's table, beside it a table of the same cells that Qt fills alone."""

    def __init__(self, store: Store) -> None:
        self._app = QApplication.instance() or QApplication([])
        theme.apply(self._app, "light")
        notices = Notices()
        self._language = Language("kk")
        desk = Desk(
            tasks=InlineTasks(notices.tell),
            language=self._language,
            settings=Settings(),
            notices=notices,
            store=store,
            actor=people().auditor,
        )
        self._screen = ApplicationsScreen(desk)
        self._plain = QTableView()

    def __enter__(self) -> "Screen":
        self._screen.states.show_content()
        for widget in (self._screen, self._plain):
            widget.resize(*SIZE)
            widget.show()
        QApplication.processEvents()
        return self

    def __exit__(self, *_error: object) -> None:
        self._language.remove()
        for widget in (self._screen, self._plain):
            widget.close()
            widget.deleteLater()
        QApplication.processEvents()

    def show(self, page: Page[ApplicationRow]) -> None:
        """Put the page on the table and paint it."""
        self._screen.table.show_rows(page.rows, more=page.after is not None)
        _paint(self._screen.table)

    def same_words(self) -> QStandardItemModel:
        """Return the table's words as Qt's own model."""
        shown = self._screen.model
        made = QStandardItemModel(shown.rowCount(), shown.columnCount())
        for row in range(shown.rowCount()):
            for column in range(shown.columnCount()):
                made.setItem(row, column, QStandardItem(shown.index(row, column).data()))
        ours, plain = self._screen.table, self._plain
        plain.setModel(made)
        plain.verticalHeader().hide()
        plain.verticalHeader().setDefaultSectionSize(ours.verticalHeader().defaultSectionSize())
        for column in range(shown.columnCount()):
            plain.setColumnWidth(column, ours.columnWidth(column))
        plain.setModel(None)
        return made

    def show_plain(self, words: QStandardItemModel) -> None:
        self._plain.setModel(words)
        _paint(self._plain)

    def settle(self) -> None:
        """Let Qt finish what a new page leaves behind; not part of the time."""
        self._plain.setModel(None)
        QApplication.processEvents()


def _paint(table: QTableView) -> None:
    """Paint now; the layout a new page asks for is done on the way."""
    table.viewport().repaint()
    header: QWidget = table.horizontalHeader().viewport()
    header.repaint()


def _figure(engine: str, question: Question, screen: Screen, store: Store, fetch: "Fetch") -> Figure:
    asked = {name: value for name, value in question.asked.items() if name != "text"}
    chosen = RegisterFilter(text=question.asked.get("text", ""))
    actor = people().auditor

    def page() -> Page[ApplicationRow]:
        return registers.applications(store, actor, filter=chosen, **asked)

    def ours() -> None:
        screen.show(page())

    with sent_by(store) as statements:
        found = page()
    if len(found.rows) != (question.hits or 128):
        raise RuntimeError(f"{question.name}: {len(found.rows)} rows on {engine}")
    screen.show(found)
    words = screen.same_words()

    def floor() -> None:
        fetch(statements)
        screen.show_plain(words)

    taken, floors = by_turns(ours, floor, TIMES, after=screen.settle)
    return Figure(
        question.name, median(taken), median(floors), _FLOOR_IS, TIMES, engine, goal=GOAL, p95=p95(taken)
    )


def _count(engine: str, store: Store, url: str) -> Figure:
    actor, chosen = people().auditor, RegisterFilter()

    def count() -> int:
        return registers.count_applications(store, actor, filter=chosen)

    with sent_by(store) as statements:
        count()
    with bare(url) as fetch:
        taken, floors = by_turns(count, lambda: fetch(statements), 5)
    return Figure(
        "  counted, after the page is there", median(taken), median(floors), "the same bare", 5, engine
    )


Statement = tuple[str, Any]
Fetch = Callable[[Sequence[Statement]], None]


@contextmanager
def sent_by(store: Store) -> Iterator[list[Statement]]:
    """Collect the SELECT statements, with their parameters, that reach the driver in the block."""
    sent: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            sent.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(store.engine, "before_cursor_execute", note)


@contextmanager
def bare(url: str) -> Iterator[Fetch]:
    """A connection of the driver alone; the callable sends statements and fetches every row."""
    address = make_url(url)
    connection: Any
    if address.get_backend_name() == "sqlite":
        connection = sqlite3.connect(str(address.database), isolation_level=None)
    else:
        plain = url.replace("postgresql+psycopg://", "postgresql://")
        connection = psycopg.connect(plain, autocommit=True, options="-c timezone=UTC")

    def fetch(statements: Sequence[Statement]) -> None:
        for statement, parameters in statements:
            connection.execute(statement, parameters).fetchall()

    with closing(connection):
        yield fetch
