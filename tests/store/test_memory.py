"""A large scan costs the client a few megabytes: looked at, attached and read again, on both engines."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from desktop.store.database import Store

HERE = Path(__file__).parents[2]
SIZE = 40 * 1024 * 1024  # bytes of the scan
MOST = 16 * 1024 * 1024  # bytes it may cost; the time before it cost the scan several times over

# In a process of its own: the most memory a process ever had is known to the system alone.
_WORK = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from desktop.cases import filing
from desktop.store import blobs
from desktop.store.database import Store

url, scan, small = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
store = Store(url, exclusive=False)

def work(path):
    media_type, _flags = filing.inspect(path, 200 * 1024 * 1024)
    with store.writing() as session:
        sha256, _size = blobs.put_file(session, path, media_type, 200 * 1024 * 1024, datetime.now(UTC))
    copied = path.with_name(path.name + ".copy")
    with store.reading() as session:
        blobs.copy_to(session, sha256, copied)
    assert copied.stat().st_size == path.stat().st_size

def memory(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))

work(small)  # what the libraries take is not the scan's
Path("/proc/self/clear_refs").write_text("5")  # the most is counted anew (proc(5))
before = memory("VmRSS")
work(scan)
print(memory("VmHWM") - before)
store.dispose()
"""


def _scan(path: Path, size: int) -> Path:
    """A PDF with one picture in it, which fills it."""
    with path.open("wb") as file:
        file.write(b"%PDF-1.7\n1 0 obj\n<< /Type /XObject /Filter /DCTDecode >>\nstream\n")
        for _ in range(size // (1024 * 1024)):
            file.write(os.urandom(1024 * 1024))
        file.write(b"\nendstream\nendobj\n2 0 obj\n<< /Type /Page >>\nendobj\n%%EOF\n")
    return path


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_large_scan_costs_a_few_megabytes(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest, record_property: Any
) -> None:
    store: Store = request.getfixturevalue("store" if engine == "sqlite" else "postgres_store")
    scan, small = _scan(tmp_path / "scan.pdf", SIZE), _scan(tmp_path / "small.pdf", 2 * 1024 * 1024)
    url = store.url.render_as_string(hide_password=False)
    done = subprocess.run(
        [sys.executable, "-c", _WORK, url, str(scan), str(small)],
        capture_output=True,
        text=True,
        cwd=HERE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    cost = int(done.stdout)
    record_property("told", f"{engine}: a scan of {SIZE >> 20} MB costs {cost / 2**20:.1f} MB of memory")
    assert cost < MOST
