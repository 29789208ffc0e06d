"""A real token for the tests: SoftHSM2 in a folder of the test's own; pulling it out and putting it back."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pkcs11
import pytest

from desktop.eds import demo_token
from desktop.eds.demo_ca import DemoKey

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "12345678"
SO_PIN = "87654321"


@dataclass
class Place:
    """Where SoftHSM2 keeps its tokens: moving ``tokens`` away is pulling the token out."""

    directory: Path

    def pull_out(self) -> None:
        (self.directory / "tokens").rename(self.directory / "away")
        (self.directory / "tokens").mkdir()

    def put_back(self) -> None:
        (self.directory / "tokens").rmdir()
        (self.directory / "away").rename(self.directory / "tokens")

    def add(self, key: DemoKey | None, label: str, **settings: bool) -> str:
        demo_token.make_token(key, module=MODULE, label=label, pin=PIN, so_pin=SO_PIN, **settings)
        return label


@contextmanager
def token_place(directory: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """Let SoftHSM2 keep its tokens in ``directory`` until the end of the block."""
    if not MODULE.is_file() or shutil.which("softhsm2-util") is None:
        pytest.fail("SoftHSM2 is not installed: the signing tests need the Debian package softhsm2")
    monkeypatch.setenv("SOFTHSM2_CONF", str(demo_token.write_configuration(directory)))
    pkcs11.lib(str(MODULE)).reinitialize()
    yield Place(directory)
    pkcs11.lib(str(MODULE)).finalize()
