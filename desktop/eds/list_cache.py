"""Lists of revoked certificates kept on this workstation, until the next one is due.

A kept list is believed no more than a fetched one: its signature is proved each time, and one that is broken is
fetched anew.
"""

import contextlib
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

MOST_LISTS = 32
LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ListCache:
    """A private folder with a file for each address. Trouble with the disk costs a fetch and nothing else."""

    folder: Path

    def kept(self, url: str) -> bytes:
        """Return the list kept for ``url``, b"" when there is none."""
        path = self._path(url)
        try:
            return path.read_bytes() if path.stat().st_size <= LARGEST else b""
        except OSError:
            return b""

    def keep(self, url: str, crl: bytes) -> None:
        """Keep ``crl`` in place of what was kept; the oldest go when there are too many."""
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor, name = tempfile.mkstemp(dir=self.folder, suffix=".part")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(crl)
                Path(name).replace(self._path(url))
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
            lists = sorted(self.folder.glob("*.crl"), key=lambda path: path.stat().st_mtime)
            for path in lists[:-MOST_LISTS]:
                path.unlink(missing_ok=True)

    def _path(self, url: str) -> Path:
        return self.folder / f"{hashlib.sha256(url.encode()).hexdigest()}.crl"
