"""Draws the checkpoint of the journal: its statement as a page to read and to sign, which names the statement's hash."""

from zoneinfo import ZoneInfo

from desktop.documents.drawing import print_page
from desktop.store.statements import Page


def draw(page: Page) -> bytes:
    """Return the PDF; the SHA-256 of the statement stands in its metadata as it is, and on the page."""
    told = page.statement
    shown = {
        "office": {"name": {"kk": page.office_kk, "ru": page.office_ru}, "is_demo": page.is_demo},
        "database": told.database,
        "position": told.position,
        "hash": told.hash,
        "at": told.at.astimezone(ZoneInfo(page.time_zone)).isoformat(timespec="minutes"),
        "reason": told.reason,
        "signed": told.signed,
        "registers": told.registers,
        "sha256": told.sha256,
    }
    return print_page("checkpoint", shown, told.at)
