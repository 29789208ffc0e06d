"""The command a person types opens the window with Qt alone: nothing heavy comes in by the front door."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"sqlalchemy", "alembic", "psycopg", "sqlite3", "openpyxl", "pyhanko", "cryptography", "typst", "holidays",
         "argon2", "PIL", "zxingcpp", "pkcs11"}  # fmt: skip

_COMMAND = """
import json, sys
from desktop import commandline
def _open(parsed, really=commandline._open):
    from desktop import app
    def painted(program):
        print(json.dumps(sorted(sys.modules)), flush=True)
        app.QApplication.quit()
    app.Program._begin = painted
    return really(parsed)
commandline._open = _open
sys.exit(commandline.main([]))
"""


def test_the_command_opens_the_window_with_qt_alone(tmp_path):
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
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert loaded & HEAVY == set()
    modules = set(json.loads(done.stdout))
    assert {
        name for name in modules if name.startswith(("desktop.cases", "desktop.queries", "desktop.models"))
    } <= {"desktop.queries"}
