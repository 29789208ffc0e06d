"""Why a checkpoint is signed, in words."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

REASONS = {
    "monthly": QT_TRANSLATE_NOOP("Checkpoint", "monthly"),
    "restored": QT_TRANSLATE_NOOP("Checkpoint", "after a restore"),
    "migrated": QT_TRANSLATE_NOOP("Checkpoint", "after an upgrade"),
    "asked": QT_TRANSLATE_NOOP("Checkpoint", "on demand"),
}


def reason_words(reason: str) -> str:
    """Return the reason in the language in use; one this program does not know as it is."""
    return QCoreApplication.translate("Checkpoint", REASONS[reason]) if reason in REASONS else reason
