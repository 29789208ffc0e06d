"""Hours of calls into Qt do not end the interpreter."""

import subprocess
import sys

CALLS = """
from desktop import ui
from PySide6.QtCore import QObject
thing = QObject()
for _ in range(100_000):
    thing.setObjectName("a")
print("alive")
"""


def test_calls_that_return_none_do_not_use_none_up():
    done = subprocess.run([sys.executable, "-c", CALLS], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "alive", done.stderr
