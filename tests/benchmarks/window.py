"""From the start of the process to the first painted window: the program's own, and one that is Qt only."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.figures import Figure, median

ROOT = Path(__file__).resolve().parents[2]
TIMES = 15
GOAL = 250
_TOLD = """
import os, sys, time
def _tell():
    elapsed = time.clock_gettime(time.CLOCK_MONOTONIC) - float(os.environ["STARTED_AT"])
    status = open("/proc/self/status", encoding="ascii") if sys.platform == "linux" else ()
    peak = next((int(line.split()[1]) for line in status if line.startswith("VmHWM")), 0)
    print(elapsed * 1000, peak / 1024, flush=True)
"""
# the program as its command starts it; what follows the first paint (the database) is left out
_PROGRAM = f"""
import sys
{_TOLD}
from desktop import commandline
def _open(parsed, really=commandline._open):
    from desktop import app
    def painted(program):
        _tell()
        app.QApplication.quit()
    app.Program._begin = painted
    return really(parsed)
commandline._open = _open
commandline.main([])
"""
_FLOOR = f"""
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QTableWidget, QTableWidgetItem
{_TOLD}
class Window(QMainWindow):
    painted = False
    def event(self, event):
        done = super().event(event)
        if not self.painted and event.type() in (QEvent.Type.Paint, QEvent.Type.UpdateRequest):
            self.painted = True
            QTimer.singleShot(0, self.tell)
        return done
    def tell(self):
        _tell()
        QApplication.quit()
app = QApplication([])
window = Window()
table = QTableWidget(30, 8)
for row in range(30):
    for column in range(8):
        table.setItem(row, column, QTableWidgetItem(f"{{row}} {{column}}"))
window.setCentralWidget(table)
window.resize(1280, 800)
window.show()
app.exec()
"""


def measure() -> Iterator[Figure]:
    told: dict[str, list[tuple[float, float]]] = {_PROGRAM: [], _FLOOR: []}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(TIMES + 1):
            for script, kept in told.items():
                taken = _start(script, folder)
                if turn:  # the first one fills the file cache
                    kept.append(taken)
    ours, floor = told[_PROGRAM], told[_FLOOR]
    yield Figure(
        "process start to first painted window",
        median(taken for taken, _ in ours),
        median(taken for taken, _ in floor),
        "a window of Qt alone with a table of 30 x 8",
        TIMES,
        goal=GOAL,
    )
    yield Figure(
        "peak memory at the first painted window",
        statistics.median(peak for _, peak in ours),
        statistics.median(peak for _, peak in floor),
        "the same window of Qt alone",
        TIMES,
        unit="MB",
        goal=75,
    )


def _start(script: str, folder: str) -> tuple[float, float]:
    """Return milliseconds to the paint and MB at it; byte code is kept, as after an installation."""
    folders = {f"RUQSAT_{name}": folder for name in ("STATE", "DATA", "CONFIG")}
    surroundings = os.environ | folders | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    surroundings.pop("PYTHONDONTWRITEBYTECODE", None)
    surroundings["STARTED_AT"] = repr(time.clock_gettime(time.CLOCK_MONOTONIC))
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=surroundings,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    elapsed, peak = done.stdout.split()
    return float(elapsed), float(peak)
