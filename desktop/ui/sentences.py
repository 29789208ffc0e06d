"""The English of every code: what happened, whether anything was saved, what to do next. No code is without one."""

from PySide6.QtCore import QT_TRANSLATE_NOOP

SENTENCES: dict[str, str] = {
    "defect": QT_TRANSLATE_NOOP(
        "Message", "The program made a mistake. Nothing was saved. Try again, or report it."
    ),
    "unknown-code": QT_TRANSLATE_NOOP("Message", "This is not possible now ({code}). Nothing was saved."),
}
