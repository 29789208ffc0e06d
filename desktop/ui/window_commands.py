"""The commands of the main window: places, finding, help, language, colours, leaving."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.ui.commands import UserCommand
from desktop.ui.language import LANGUAGES
from desktop.ui.places import PLACES, Place, places_of

_LANGUAGE_NAMES = {
    "kk": QT_TRANSLATE_NOOP("Command", "Windows in Kazakh"),
    "ru": QT_TRANSLATE_NOOP("Command", "Windows in Russian"),
    "en": QT_TRANSLATE_NOOP("Command", "Windows in English"),
}
_SCHEME_NAMES = {
    "system": QT_TRANSLATE_NOOP("Command", "Colours as the system has them"),
    "light": QT_TRANSLATE_NOOP("Command", "Light colours"),
    "dark": QT_TRANSLATE_NOOP("Command", "Dark colours"),
    "contrast": QT_TRANSLATE_NOOP("Command", "High contrast"),
}
_MENUS = (
    ("go", QT_TRANSLATE_NOOP("Menu", "Go to")),
    ("view", QT_TRANSLATE_NOOP("Menu", "View")),
    ("help", QT_TRANSLATE_NOOP("Menu", "Help")),
)


def menus() -> list[tuple[str, str]]:
    """Return the menus (id, title in the language in use) in their order."""
    return [(menu_id, QCoreApplication.translate("Menu", title)) for menu_id, title in _MENUS]


def declare(window) -> None:
    """Declare every command of the window in its registry."""
    add, desk = window.commands.add, window.desk

    def here(place: Place) -> bool:
        return desk.actor is not None and place in places_of(desk.actor.roles)

    def signed_in() -> bool:
        return desk.actor is not None

    for place in PLACES:
        add(
            UserCommand(
                f"go.{place.id}",
                place.title,
                lambda place_id=place.id: window.workplace.go(place_id),
                enabled=lambda place=place: here(place),
                shortcut=place.shortcut,
                menu="go",
                icon=place.icon,
                context="Place",
            )
        )
    add(
        UserCommand(
            "find",
            QT_TRANSLATE_NOOP("Command", "Find a command or a case…"),
            window.find,
            enabled=signed_in,
            shortcut="Ctrl+K",
            menu="go",
            icon="search",
        )
    )
    add(
        UserCommand(
            "refresh",
            QT_TRANSLATE_NOOP("Command", "Read anew"),
            window.workplace.refresh,
            enabled=signed_in,
            shortcut="F5",
            menu="view",
            icon="refresh",
        )
    )
    for code in LANGUAGES:
        add(
            UserCommand(
                f"language.{code}",
                _LANGUAGE_NAMES[code],
                lambda code=code: window.choose_language(code),
                menu="view",
                icon="language",
            )
        )
    for scheme, name in _SCHEME_NAMES.items():
        add(
            UserCommand(
                f"scheme.{scheme}",
                name,
                lambda scheme=scheme: window.choose_scheme(scheme),
                menu="view",
                icon="palette",
            )
        )
    add(
        UserCommand(
            "help",
            QT_TRANSLATE_NOOP("Command", "Explain this screen"),
            window.show_help,
            shortcut="F1",
            menu="help",
            icon="help",
        )
    )
    add(
        UserCommand(
            "sign_out",
            QT_TRANSLATE_NOOP("Command", "Sign out"),
            window.sign_out,
            enabled=signed_in,
            shortcut="Ctrl+Shift+L",
            menu="go",
            icon="sign-out",
        )
    )
    add(
        UserCommand(
            "quit",
            QT_TRANSLATE_NOOP("Command", "Close the program"),
            window.close,
            shortcut="Ctrl+Q",
            menu="go",
            icon="cross",
        )
    )
