"""Draws the protocol of a check: everything that was found of a signed file, by whom and by what trust, in kk and ru."""

from datetime import datetime
from typing import Any

from desktop.documents import lettering
from desktop.documents.drawing import print_page

UNPRINTABLE = "\ufffd"


def draw(facts: dict[str, Any], at: datetime) -> bytes:
    """Return the PDF of ``facts`` (as the template ``verification`` names them) about a check at ``at``.

    A file that was checked may name its signer in any letters: what no font of ours has is shown as a box.
    """
    shown = lettering.shown(facts, UNPRINTABLE)
    return print_page("verification", shown, at)
