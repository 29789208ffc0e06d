"""The command a person types opens the window with Qt alone: nothing heavy comes in by the front door."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"sqlalchemy", "alembic", "psycopg", "sqlite3", "openpyxl", "pyhanko", "cryptography", "typst", "holidays",
         "argon2", "PIL", "zxingcpp", "pkcs11"}  # fmt: skip

# what costs 3 MB (OpenSSL) or milliseconds, and nobody needs before the paint
LATER = {"_hashlib", "hashlib", "socket", "pickle", "uuid", "subprocess", "tomllib", "html", "logging.handlers",
         "desktop.commandline.database"}  # fmt: skip
# classes whose constants PySide makes the moment one is touched: hundreds of them
UNTOUCHED = {
    "QStyle.PixelMetric",
    "QStyle.StyleHint",
    "QAbstractSlider.SliderAction",
    "QDateTimeEdit.Section",
}

_COMMAND = """
import enum, gc, json, sys
from desktop import commandline
def _open(parsed, really=commandline._open):
    from desktop import app
    def painted(program):
        made = [one.__qualname__ for one in gc.get_objects() if isinstance(one, enum.EnumType)]
        print(json.dumps([sorted(sys.modules), made]), flush=True)
        app.QApplication.quit()
    app.Program._begin = painted
    return really(parsed)
commandline._open = _open
sys.exit(commandline.main([]))
"""


@pytest.fixture(scope="module")
def at_the_paint(tmp_path_factory):
    """Modules and enumerations that are there when the window has been painted."""
    tmp_path = tmp_path_factory.mktemp("first")
    folders = {f"RUQSAT_{name}": str(tmp_path) for name in ("STATE", "DATA", "CONFIG")}
    done = subprocess.run(
        [sys.executable, "-c", _COMMAND],
        cwd=ROOT,
        env=os.environ | folders | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    modules, made = json.loads(done.stdout)
    return set(modules), set(made)


def test_the_command_opens_the_window_with_qt_alone(at_the_paint):
    modules, _made = at_the_paint
    assert {name.partition(".")[0] for name in modules} & HEAVY == set()
    assert {
        name for name in modules if name.startswith(("desktop.cases", "desktop.queries", "desktop.models"))
    } <= {"desktop.queries"}


def test_what_the_first_window_does_not_need_comes_after_it(at_the_paint):
    modules, made = at_the_paint
    assert modules & LATER == set()
    assert "Qt.AlignmentFlag" in made  # as PySide names them
    assert made & UNTOUCHED == set()
