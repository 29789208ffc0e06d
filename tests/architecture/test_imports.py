"""The layers hold, and the first window needs Qt alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_FIRST_PAINT = """
import json, sys
from PySide6.QtWidgets import QApplication
from desktop.app import Program
app = QApplication([])
program = Program(app)
window = program.window
window.painted.disconnect(program._begin)
seen = []
window.painted.connect(lambda: (seen.append(sorted(sys.modules)), app.quit()))
program.show()
app.exec()
program.close()
print(json.dumps(seen[0]))
"""


def test_imports_point_down():
    """In a process of its own: the linter takes the logging over."""
    linted = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert linted.returncode == 0, linted.stdout[-3000:]


def test_nothing_but_qt_is_loaded_before_the_first_paint(tmp_path):
    folders = {f"RUQSAT_{name}": str(tmp_path) for name in ("STATE", "DATA", "CONFIG")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _FIRST_PAINT],
        cwd=ROOT,
        env=os.environ | folders | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    heavy = "sqlalchemy alembic psycopg sqlite3 openpyxl pyhanko cryptography typst holidays argon2 PIL zxingcpp pkcs11"
    assert {name for name in loaded if name.partition(".")[0] in heavy.split()} == set()
    outside = {name.partition(".")[0] for name in loaded} - set(sys.stdlib_module_names)
    assert outside - {"desktop", "PySide6", "shiboken6", "__main__"} <= _of_the_machine()
    ours = {name for name in loaded if name.startswith("desktop.")}
    assert not any(
        name.startswith(("desktop.store", "desktop.models", "desktop.cases", "desktop.eds")) for name in ours
    )


def test_an_office_in_a_file_loads_no_driver_of_a_server():
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, desktop.queries.registers, desktop.cases.routing; print(*sys.modules)",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "psycopg" not in done.stdout.split()


def _of_the_machine() -> set[str]:
    """Return what an interpreter of this environment loads before the first line of ours (path hooks of packages)."""
    done = subprocess.run(
        [sys.executable, "-c", "import sys, PySide6.QtWidgets; print(*sys.modules)"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return {name.partition(".")[0] for name in done.stdout.split()}
