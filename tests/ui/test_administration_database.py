"""The database's page of the administration: what it is, a copy made now, what is found when it is looked over."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from desktop.regulation.model import Role
from desktop.store import backup
from desktop.store.database import Store
from desktop.ui.screens.administration import AdministrationScreen
from desktop.ui.screens.administration_parts.database import DatabaseSection
from tests.office import People


@pytest.fixture
def opened(qtbot, make_desk, people: People):
    def open_page(store: Store) -> DatabaseSection:
        desk = make_desk(Role.ADMINISTRATOR, store=store)
        desk.actor = people.administrator
        screen = AdministrationScreen(desk)
        qtbot.addWidget(screen)
        screen.resize(1100, 700)
        screen.show()
        screen.go("database")
        return screen.section

    return open_page


def _words(page: DatabaseSection, name: str) -> str:
    return page.findChild(QLabel, f"administration.database.{name}").text()


def _found(page: DatabaseSection) -> list[str]:
    QApplication.processEvents()  # a row is shown when the loop comes round
    return [
        label.text()
        for label in page.findChildren(QLabel)
        if ".found." in label.objectName() and not label.parentWidget().isHidden()
    ]


def test_a_file_is_copied_with_its_progress_and_says_when(opened, store: Store, tmp_path: Path, monkeypatch):
    page = opened(store)
    assert str(store.url.database) in _words(page, "place")
    assert _words(page, "copied") == "No copy is known of."
    assert "newest fourteen" in _words(page, "hint")
    target = tmp_path / "copies" / "office-1.sqlite"
    target.parent.mkdir()
    monkeypatch.setattr(page, "choose_file", lambda start: str(target))
    moved: list[tuple[int, int]] = []
    page._moved.connect(lambda done, of: moved.append((done, of)))
    page.findChild(QPushButton, "administration.database.copy").click()
    assert target.exists()
    assert moved[-1] == (1000, 1000)
    assert page.progress.isHidden()
    assert page.desk.told.only().text.startswith("The copy is made. Its SHA-256: ")
    assert _words(page, "copied").startswith("The last copy was made on")
    backup.restore(target, str(tmp_path / "restored.sqlite"))


def test_a_copy_that_is_stopped_leaves_nothing_and_says_so(opened, store: Store, tmp_path: Path, monkeypatch):
    page = opened(store)
    monkeypatch.setattr(page, "choose_file", lambda start: str(tmp_path / "office-1.sqlite"))
    page._moved.connect(lambda done, of: page.stop.click())
    monkeypatch.setattr("desktop.store.backup.of_file._PAGES", 1)
    page.findChild(QPushButton, "administration.database.copy").click()
    assert page.desk.told.codes == ["backup-stopped"]
    assert not (tmp_path / "office-1.sqlite").exists()
    assert page.copy.isEnabled()


def test_nothing_is_copied_where_no_place_was_chosen(opened, store: Store, monkeypatch):
    page = opened(store)
    monkeypatch.setattr(page, "choose_file", lambda start: "")
    page.findChild(QPushButton, "administration.database.copy").click()
    assert page.desk.told.notices == []


def test_what_is_found_stands_in_sentences_the_worst_first(opened, store: Store):
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER journal_office_update")
        connection.exec_driver_sql("UPDATE office SET place_kk = 'Ақсай қ.'")
    page = opened(store)
    page.check.click()
    found = _found(page)
    assert found[0].startswith("The journal does not hold: 1 findings")
    assert "The file is whole." in found
    page.desk.language.switch("ru")
    page.retranslate()
    assert "Файл цел." in _found(page)


def test_a_servers_copies_are_its_administrators(opened, postgres_store: Store):
    page = opened(postgres_store)
    assert page.copy.isHidden()
    assert "ruqsat database backup" in _words(page, "hint")
    assert "@" not in _words(page, "place")
    page.check.click()
    assert any(said.startswith("The server is PostgreSQL") for said in _found(page))
