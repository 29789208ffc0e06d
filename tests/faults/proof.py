"""The last word on a test: the checker, as a program of its own, on the history and the database.

The program is started once a test run and asked again and again; it ends with the run.
"""

import atexit
import json
import subprocess
import sys

from tests.faults.history import History
from tests.faults.zygote import ROOT

_started: list[subprocess.Popen[str]] = []


def faults(history: History, url: str) -> list[str]:
    """Return what the checker found, one line a fault."""
    program = _program()
    assert program.stdin is not None
    assert program.stdout is not None
    program.stdin.write(json.dumps([str(history.path), url]) + "\n")
    program.stdin.flush()
    answer = program.stdout.readline()
    assert answer, "the checker ended"
    told: dict[str, list[str]] = json.loads(answer)
    assert "unread" not in told, told
    return told["faults"]


def _program() -> subprocess.Popen[str]:
    if not _started or _started[0].poll() is not None:
        _end()
        _started.append(
            subprocess.Popen(
                [sys.executable, "-W", "error", "-m", "tests.faults.checker", "--serve"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
    return _started[0]


@atexit.register
def _end() -> None:
    for program in _started:
        with program:
            program.kill()
    _started.clear()
