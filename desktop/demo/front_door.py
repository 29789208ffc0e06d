"""The demo's front door: opens the program on the demo office, or without a display does the main job offscreen.

What builds the office is imported when it is asked for: the window opens without a database or a PDF library.
"""

import os
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desktop import settings

if TYPE_CHECKING:
    from desktop import app

SOME_SECONDS = 30


def run(*, out: Path | None, fresh: bool, headless: bool, facts: Path | None, administrator: str = "") -> int:
    """Open the demo office in ``out`` (default: the user's data folder); exit status 0 when all went well.

    ``administrator``: the URL of an empty database on a server and of its administrator, to build the office there.
    """
    if headless or facts is not None or not has_display():
        from desktop.demo import main_job

        folder = out or settings.data_folder() / "demo-papers"
        return main_job.run(folder.absolute(), facts=facts, administrator=administrator)
    from desktop import app

    folder = (out or settings.data_folder() / "demo").absolute()
    if administrator:
        return app.run(demo=partial(prepare_on_server, administrator=administrator), demo_folder=folder)
    return app.run(demo=partial(prepare, fresh=fresh), demo_folder=folder)


def prepare_on_server(folder: Path, *, administrator: str) -> "app.DemoOffice":
    """Build the demo office in the empty database of the administrator's URL, and leave ``summary.json`` in ``folder``."""
    from desktop import app
    from desktop.demo import building, told_time

    folder.mkdir(parents=True, exist_ok=True)
    office = building.on_server(folder / "office", administrator, now=datetime.now(UTC), whole=True)
    told_time.end(administrator)
    assert office.server is not None
    import json

    summary = {"database": office.url, "people": office.server.people()}
    (folder / "summary.json").write_text(
        json.dumps(summary, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    people = tuple((person.login, person.name, min(person.roles)) for person in office.people)
    return app.DemoOffice(
        office.url, people, office.passwords, key_file=str(office.key("head")), code_key=office.code_key
    )


def prepare(folder: Path, *, fresh: bool = False) -> "app.DemoOffice":
    """Build the demo office in ``folder`` or reopen it, and say who works there; takes some ten seconds."""
    from desktop import app
    from desktop.demo import building, invented

    office = building.ensure(folder, fresh=fresh, now=datetime.now(UTC), whole=True)
    people = tuple((person.login, person.name, min(person.roles)) for person in office.people)
    return app.DemoOffice(
        office.url, people, invented.PASSWORD, key_file=str(office.key("head")), code_key=office.code_key
    )


def display_named() -> bool:
    """Return whether the environment names a display at all; costs nothing, and without one Qt ends the process."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform in {"win32", "darwin"} or any(os.environ.get(name) for name in names)


def has_display() -> bool:
    """Return whether a window can really be opened here: asked of Qt itself, in another process."""
    if os.environ.get("QT_QPA_PLATFORM", "").split(":")[0] in {"offscreen", "minimal"}:
        return False
    if sys.platform in {"win32", "darwin"}:
        return True
    if not display_named():
        return False
    import subprocess

    asked = [sys.executable, "-c", "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"]
    try:
        return subprocess.run(asked, capture_output=True, timeout=SOME_SECONDS, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False
