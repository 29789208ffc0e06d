"""No memory of the program is left in a file by an accident."""

import json
import subprocess
import sys

_SCRIPT = """
import ctypes, json, resource
from desktop import dumps
before = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)
dumps.keep_none()
print(json.dumps([before, ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), resource.getrlimit(resource.RLIMIT_CORE)]))
"""


def test_no_core_and_nobody_may_look_in() -> None:
    told = subprocess.run([sys.executable, "-c", _SCRIPT], capture_output=True, text=True, check=True).stdout
    assert json.loads(told) == [1, 0, [0, 0]]


def test_the_program_begins_with_it() -> None:
    from desktop import app

    assert "dumps" in app.run.__code__.co_names
