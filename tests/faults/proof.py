"""The last word on a test: the checker, as a program of its own, on the history and the database."""

import subprocess
import sys

from tests.faults.history import History
from tests.faults.zygote import ROOT


def faults(history: History, url: str) -> list[str]:
    """Return what the checker found, one line a fault."""
    asked = [sys.executable, "-W", "error", "-m", "tests.faults.checker", str(history.path), url]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode in {0, 1}, done.stderr
    assert bool(done.stdout) == bool(done.returncode), done
    return done.stdout.splitlines()
