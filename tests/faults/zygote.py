"""The parent's side of :mod:`tests.faults.child`: give it jobs, watch them live and die."""

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).parents[2]


class Zygote:
    """One program that forks a process for each job; it ends with the block."""

    def __init__(self, *, environment: dict[str, str] | None = None) -> None:
        self._program = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "tests.faults.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=environment,
        )

    def __enter__(self) -> "Zygote":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._program.stdin.close()  # type: ignore[union-attr]
        self._program.stdout.close()  # type: ignore[union-attr]
        self._program.wait(30)

    def begin(self, **job: Any) -> None:
        """Start a job; then :meth:`paused`, :meth:`go`, :meth:`die` and :meth:`end`."""
        self._tell(json.dumps(job))

    def paused(self) -> str:
        """Wait until the process stands at a point; return its name."""
        said = self._heard()
        assert "paused" in said, said
        return str(said["paused"])

    def go(self) -> None:
        self._tell("go")

    def die(self) -> None:
        """End the paused process with SIGKILL."""
        self._tell("die")

    def end(self) -> dict[str, Any]:
        """Wait for the end of the process; return all it said, with ``ended``, the status of waitpid."""
        said: dict[str, Any] = {}
        while "ended" not in said:
            said |= self._heard()
        return said

    def run(self, **job: Any) -> dict[str, Any]:
        self.begin(**job)
        return self.end()

    def _tell(self, line: str) -> None:
        self._program.stdin.write(line.encode() + b"\n")  # type: ignore[union-attr]
        self._program.stdin.flush()  # type: ignore[union-attr]

    def _heard(self) -> dict[str, Any]:
        line = self._program.stdout.readline()  # type: ignore[union-attr]
        assert line, "the program ended"
        heard: dict[str, Any] = json.loads(line)
        return heard
