"""The settings screen: what is chosen is in force and kept at once."""

import pytest

from desktop import settings
from desktop.cases.signing_in import sign_in
from desktop.errors import BadInput, NotAllowed
from desktop.ui import theme
from desktop.ui.screens.settings import SettingsScreen
from tests.office import PASSWORD


@pytest.fixture
def screen(qtbot, qapp, make_desk, store, people, tmp_path, monkeypatch):
    monkeypatch.setenv("RUQSAT_CONFIG", str(tmp_path))
    desk = make_desk(store=store)
    desk.actor = people.clerk
    made = SettingsScreen(desk)
    qtbot.addWidget(made)
    made.refresh()
    made.show()
    yield made
    theme.apply(qapp, "light")


def _choose(screen: SettingsScreen, key: str, value: object) -> None:
    editor = screen.form.field(key).editor
    editor.setCurrentIndex(editor.findData(value))


def test_the_language_is_switched_and_kept(screen: SettingsScreen) -> None:
    _choose(screen, "language", "kk")
    assert screen.desk.language.code == "kk"
    assert settings.load().language == "kk"
    assert screen.form.field("language").editor.currentData() == "kk"


def test_colours_and_size_are_in_force_at_once(screen: SettingsScreen) -> None:
    _choose(screen, "scheme", "dark")
    assert theme.scheme() == "dark"
    _choose(screen, "text_size", 150)
    assert theme.spacing(1) == 6
    kept = settings.load()
    assert (kept.scheme, kept.text_size) == ("dark", 150)


def test_paths_and_names_are_kept_when_the_field_is_left(screen: SettingsScreen, tmp_path) -> None:
    for key, text in (
        ("key_folder", str(tmp_path)),
        ("workstation", "КЕҢСЕ-1"),
        ("pkcs11_module", "/no/such.so"),
    ):
        editor = screen.form.field(key).editor
        editor.setText(text)
        editor.editingFinished.emit()
    kept = settings.load()
    assert (kept.key_folder, kept.workstation, kept.pkcs11_module) == (
        str(tmp_path),
        "КЕҢСЕ-1",
        "/no/such.so",
    )
    assert screen.form.field("pkcs11_module").problem
    assert not screen.form.field("key_folder").problem
    screen.minutes.setValue(30)
    assert settings.load().lock_minutes == 30


def test_showing_what_is_kept_writes_nothing(screen: SettingsScreen) -> None:
    screen.refresh()
    screen.retranslate()
    assert not settings.settings_file().exists()


def test_a_printer_that_is_gone_is_still_named(screen: SettingsScreen) -> None:
    screen.desk.settings = settings.changed(screen.desk.settings, printer="HP-12")
    screen.refresh()
    assert "HP-12" in screen.printer.currentText()


def test_the_module_of_the_token_is_found_or_said_not_to_be(
    screen: SettingsScreen, monkeypatch, tmp_path
) -> None:
    from desktop.eds import tokens

    module = tmp_path / "token.so"
    module.write_bytes(b"")
    monkeypatch.setattr(tokens, "list_modules", lambda: ())
    screen.find.click()
    assert screen.form.field("pkcs11_module").problem
    monkeypatch.setattr(tokens, "list_modules", lambda: (module,))
    screen.find.click()
    assert settings.load().pkcs11_module == str(module)
    assert not screen.form.field("pkcs11_module").problem


def _passwords(screen: SettingsScreen, old: str, new: str, again: str) -> None:
    for key, text in (("old", old), ("new", new), ("again", again)):
        screen.password.field(key).editor.setText(text)
    screen.change.click()


def test_ones_own_password_is_changed(screen: SettingsScreen, store) -> None:
    assert not screen.change.isEnabled()
    _passwords(screen, PASSWORD, "Jana-qupiia-7", "Jana-qupiia-7")
    assert sign_in(store, login="clerk", password="Jana-qupiia-7", workstation="x").login == "clerk"
    assert screen.password.field("old").editor.text() == ""
    with pytest.raises((NotAllowed, BadInput)):
        sign_in(store, login="clerk", password=PASSWORD, workstation="x")


@pytest.mark.parametrize(
    ("old", "new", "again", "field"),
    [
        ("wrong", "Jana-qupiia-7", "Jana-qupiia-7", "old"),
        (PASSWORD, "short", "short", "new"),
        (PASSWORD, "Jana-qupiia-7", "Jana-qupiia-8", "again"),
    ],
)
def test_what_is_wrong_stands_at_its_field(screen: SettingsScreen, old, new, again, field) -> None:
    _passwords(screen, old, new, again)
    assert screen.password.field(field).problem
    assert screen.desk.told.notices == []


def test_passwords_do_not_stay_on_the_screen(screen: SettingsScreen) -> None:
    screen.password.field("old").editor.setText(PASSWORD)
    assert screen.may_close()
    assert screen.password.field("old").editor.text() == ""
