"""The wire to NCALayer: WebSocket over TLS to this very computer, one question and one answer at a time."""

import ipaddress
import json
import logging
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed, InvalidHandshake, PayloadTooBig, WebSocketException
from websockets.sync.client import ClientConnection, connect

from desktop.errors import NotAllowed, Unavailable

ADDRESS = "wss://127.0.0.1:13579/"
HEARTBEAT = "--heartbeat--"
LARGEST = 256 * 1024 * 1024  # of one answer: a thousand signatures of GOST with timestamps are 6 MB
_NO_OLDER = "TLSV1_ALERT_PROTOCOL_VERSION"
_OPENING, _LOOK = 15.0, 0.2  # seconds: to connect; between looks at whether the person has given up

# It would log what goes over the wire at its finest level: documents and particulars.
logging.getLogger("ruqsat.ncalayer").setLevel(logging.CRITICAL + 1)


class NoModule(Unavailable):
    """NCALayer is there and does not know the module."""


class Link:
    """An open connection; ``version`` is what NCALayer called itself when it was opened."""

    def __init__(self, wire: ClientConnection) -> None:
        self._wire = wire
        self.version = ""
        told = self._next(time.monotonic() + _OPENING, lambda: False)
        result = told.get("result") if isinstance(told, dict) else None
        if not isinstance(result, dict):
            raise Unavailable("ncalayer-broken-answer")
        self.version = str(result.get("version", ""))[:40]

    def ask(
        self, request: dict[str, Any], *, seconds: float, cancelled: Callable[[], bool] = lambda: False
    ) -> Any:
        """Return the answer to ``request``; the person may take ``seconds`` over it."""
        try:
            self._wire.send(json.dumps(request))
        except (ConnectionClosed, OSError) as error:
            raise Unavailable("ncalayer-gone") from error
        answer = self._next(time.monotonic() + seconds, cancelled)
        if isinstance(answer, dict) and "MODULE_NOT_FOUND" in (answer.get("errorCode"), answer.get("code")):
            raise NoModule("ncalayer-no-module")
        return answer

    def _next(self, until: float, cancelled: Callable[[], bool]) -> Any:
        while True:
            try:
                text = self._wire.recv(timeout=_LOOK)
            except TimeoutError:
                if cancelled():
                    raise NotAllowed("ncalayer-cancelled") from None
                if time.monotonic() > until:
                    raise Unavailable("ncalayer-slow") from None
                continue
            except (ConnectionClosed, PayloadTooBig, OSError) as error:
                raise Unavailable("ncalayer-gone") from error
            if text == HEARTBEAT:
                continue
            try:
                return json.loads(text)
            except (ValueError, RecursionError) as error:
                raise Unavailable("ncalayer-broken-answer") from error


@contextmanager
def linked(address: str, trusted: Path | str | None, roots: Sequence[str] = ()) -> Iterator[Link]:
    """Connect; Unavailable "ncalayer-not-here", "-not-running", "-untrusted", "-slow", "-gone", "-broken-answer"."""
    if not _is_here(address):
        raise Unavailable("ncalayer-not-here", address=address)
    with _connected(address, _context(trusted, roots)) as wire:
        yield Link(wire)


def _connected(address: str, context: ssl.SSLContext) -> ClientConnection:
    try:
        try:
            return _opened(address, context)
        except ssl.SSLError as error:
            if error.reason != _NO_OLDER:
                raise
            context.maximum_version = ssl.TLSVersion.MAXIMUM_SUPPORTED
            return _opened(address, context)
    except ssl.SSLCertVerificationError as error:
        raise Unavailable("ncalayer-untrusted", reason=error.verify_message) from error
    except TimeoutError as error:
        raise Unavailable("ncalayer-slow") from error
    except (ssl.SSLError, InvalidHandshake, EOFError, WebSocketException) as error:
        raise Unavailable("ncalayer-broken-answer") from error
    except OSError as error:
        raise Unavailable("ncalayer-not-running") from error


def _opened(address: str, context: ssl.SSLContext) -> ClientConnection:
    return connect(
        address,
        ssl=context,
        proxy=None,
        compression=None,
        open_timeout=_OPENING,
        close_timeout=1,
        ping_interval=None,  # it answers nothing while its person thinks
        max_size=LARGEST,
        logger=logging.getLogger("ruqsat.ncalayer"),
    )


def _context(trusted: Path | str | None, roots: Sequence[str]) -> ssl.SSLContext:
    """Return whom to believe, and TLS 1.2 as long as the other speaks it.

    The tickets TLS 1.3 sends after its handshake set the library's reading thread to read while the first request
    is written, on one SSL object that is not made for it: now and then the request got lost, and ten seconds.
    """
    context = _trusting(trusted, roots)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


def _trusting(trusted: Path | str | None, roots: Sequence[str]) -> ssl.SSLContext:
    if not trusted:
        context = ssl.create_default_context()
        for pem in roots:
            with suppress(ssl.SSLError):  # one of GOST, which TLS does not know here
                context.load_verify_locations(cadata=pem)
        return context
    try:
        return ssl.create_default_context(cafile=str(trusted))
    except (OSError, ssl.SSLError) as error:
        raise Unavailable("ncalayer-trust-unreadable", file=Path(trusted).name) from error


def _is_here(address: str) -> bool:
    """Whether the address is TLS to this very computer: documents and particulars go nowhere else."""
    parts = urlsplit(address)
    try:
        host = parts.hostname or ""
        return parts.scheme == "wss" and (host == "localhost" or ipaddress.ip_address(host).is_loopback)
    except ValueError:
        return False
