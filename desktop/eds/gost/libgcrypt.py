"""Streebog by the system's libgcrypt, through ctypes: 200 MB a second. Absent: ``available()`` is False."""

import ctypes
import os
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from desktop.eds.gost import streebog_plain

_STRIBOG = {256: 309, 512: 310}
_DISABLE_SECURE_MEMORY, _FINISHED, _IS_FINISHED = 37, 38, 39
_PIECE = 1024 * 1024


def available() -> bool:
    """Whether the library is here and hashes as the standard says."""
    return _library() is not None


def digest(pieces: Iterable[bytes], bits: int) -> bytes:
    """Return the digest of the pieces one after another; only when ``available()``."""
    library, algorithm, handle = _library(), _STRIBOG[bits], ctypes.c_void_p()
    if library is None or library.gcry_md_open(ctypes.byref(handle), algorithm, 0):
        raise RuntimeError("libgcrypt refused")
    try:
        for piece in pieces:
            for start in range(0, len(piece), _PIECE):
                part = bytes(piece[start : start + _PIECE])
                library.gcry_md_write(handle, part, len(part))
        return ctypes.string_at(library.gcry_md_read(handle, algorithm), bits // 8)
    finally:
        library.gcry_md_close(handle)


@cache
def _library() -> Any:
    for name in _names():
        try:
            library = ctypes.CDLL(name)
            _prepare(library)
        except (OSError, AttributeError):
            continue
        if _hashes_right(library):
            return library
    return None


def _names() -> list[str]:
    """Full paths on Windows: nothing is taken from the folder a file was opened in."""
    if sys.platform == "win32":
        folders = [Path(sys.executable).parent]
        for name in ("ProgramFiles", "ProgramFiles(x86)"):
            if os.environ.get(name):
                folders.append(Path(os.environ[name]) / "GnuPG" / "bin")
        return [str(folder / "libgcrypt-20.dll") for folder in folders]
    return ["libgcrypt.20.dylib"] if sys.platform == "darwin" else ["libgcrypt.so.20"]


def _prepare(library: Any) -> None:
    library.gcry_check_version.restype = ctypes.c_char_p
    library.gcry_check_version.argtypes = [ctypes.c_char_p]
    library.gcry_md_open.argtypes = [ctypes.POINTER(ctypes.c_void_p), ctypes.c_int, ctypes.c_uint]
    library.gcry_md_write.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]
    library.gcry_md_write.restype = None
    library.gcry_md_read.argtypes = [ctypes.c_void_p, ctypes.c_int]
    library.gcry_md_read.restype = ctypes.c_void_p
    library.gcry_md_close.argtypes = [ctypes.c_void_p]
    library.gcry_md_close.restype = None
    if library.gcry_check_version(None) is None:
        raise OSError("libgcrypt does not start")
    if not library.gcry_control(_IS_FINISHED, 0):  # another library of this process may have begun it
        library.gcry_control(_DISABLE_SECURE_MEMORY, 0)
        library.gcry_control(_FINISHED, 0)


def _hashes_right(library: Any) -> bool:
    """Compare with our own on a message whose sum carries: old versions got that wrong."""
    for bits, algorithm in _STRIBOG.items():
        handle, message = ctypes.c_void_p(), b"\xff" * 130
        if library.gcry_md_open(ctypes.byref(handle), algorithm, 0):
            return False
        library.gcry_md_write(handle, message, len(message))
        told = ctypes.string_at(library.gcry_md_read(handle, algorithm), bits // 8)
        library.gcry_md_close(handle)
        if told != streebog_plain.digest(message, bits):
            return False
    return True
