"""The department's key of codes, open in this program: asked for once, kept in memory only, used on the store lane.

It is opened with its password on the token lane, or by itself where a demo office offers its own. Nothing here knows Qt.
"""

from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from desktop.errors import Told

_lock = Lock()


@dataclass(slots=True)
class _Kept:
    """``coder``: a ``PaperCoder`` or None; ``offered``: path and password of a demo office's key."""

    coder: Any = None
    offered: tuple[str, str] | None = None


_kept = _Kept()


def at_hand() -> Any:
    """Return the open key, or None. Called where a page is prepared."""
    with _lock:
        if _kept.coder is None and _kept.offered is not None:
            try:
                _kept.coder = _opened_file(*_kept.offered)
            except Told:  # the demo's own key is gone: a page without a code, as the panel says
                _kept.offered = None
        return _kept.coder


def offer(path: str, password: str) -> None:
    """Name the key of a demo office: it opens itself when it is first needed."""
    with _lock:
        _kept.offered = (path, password)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key is: a PKCS#12 file, or a token (by serial number) behind a module."""

    path: str = ""
    module: str = ""
    token: str = ""


def open_key(*, place: Place, secret: Any) -> str:
    """Open a key for this session; returns its certificate as PEM. Codes as ``keys.open_keystore`` and ``open_token``.

    ``secret``: a ``Pin``, None where it is typed on the device. Of a file it is wiped at once, of a token when the key
    is closed.
    """
    from desktop.eds.codes import keys
    from desktop.eds.codes.papers import PaperCoder

    if place.token:
        return _keep(PaperCoder(keys.open_token(place.module, place.token, secret)))
    return _keep(_opened_file(place.path, secret or ""))


def make_key(*, place: Place, secret: Any, name: str, bin: str, valid_from: datetime, demo: bool) -> str:
    """Make a key at ``place`` and open it; returns the certificate it gave itself, as PEM. ``secret``: a ``Pin``.

    Unavailable "keystore-unwritable", or as ``token_keys.make_on_token``.
    """
    from desktop.eds.codes import keys, token_keys

    try:
        if place.token:
            token_keys.make_on_token(
                place.module, place.token, secret, name=name, bin=bin, valid_from=valid_from, demo=demo
            )
        else:
            key, certificate = keys.make(name=name, bin=bin, valid_from=valid_from, demo=demo)
            keys.write_keystore(place.path, secret, key, certificate)
    except Told:
        secret.wipe()
        raise
    return open_key(place=place, secret=secret)


def close() -> None:
    """Forget the key: the program ends, or the person leaves."""
    with _lock:
        if _kept.coder is not None:
            _kept.coder.close()
        _kept.coder = None


def _opened_file(path: str, password: Any) -> Any:
    from desktop.eds.codes import keys
    from desktop.eds.codes.papers import PaperCoder

    return PaperCoder(keys.open_keystore(path, password))


def _keep(coder: Any) -> str:
    close()
    with _lock:
        _kept.coder = coder
    return str(coder.pem)
