"""Fetches answers and lists of certification authorities over HTTP(S): bounded in time, in size and in where it goes.

What comes back proves itself by its signature, so plain HTTP is no weakness here (and is what authorities offer).
"""

import time
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Any, Protocol
from urllib.parse import urlsplit

TIMEOUT = 10.0
_PIECE = 64 * 1024
_MOST_HOPS = 3


class Silent(Exception):
    """Nobody answered. ``code``: "revocation-unreached", "-slow", "-too-large", "-address-wrong"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Fetch(Protocol):
    """Returns what ``url`` gives to a POST of ``body``, or to a GET without one; raises :class:`Silent`."""

    def __call__(self, url: str, body: bytes | None, limit: int, timeout: float) -> bytes: ...


def http_fetch(
    url: str,
    body: bytes | None,
    limit: int,
    timeout: float = TIMEOUT,
    *,
    kind: str = "application/ocsp-request",
) -> bytes:
    """Fetch over HTTP(S): ``limit`` bytes, ``timeout`` seconds in all. Takes its time: never on the GUI thread."""
    until = time.monotonic() + timeout
    try:
        _check(url)
        headers = {"User-Agent": "ruqsat", "Accept": "*/*"}
        if body is not None:
            headers["Content-Type"] = kind
        request = urllib.request.Request(url, data=body, headers=headers)  # noqa: S310 - the scheme is checked
        with urllib.request.build_opener(_FewHops()).open(request, timeout=timeout) as answer:
            return _read(answer, limit, until)
    except TimeoutError as error:
        raise Silent("revocation-slow") from error
    except urllib.error.HTTPError as error:  # whoever answers 503 has not answered
        error.close()
        raise Silent("revocation-unreached") from error
    except urllib.error.URLError as error:
        slow = isinstance(error.reason, TimeoutError)
        raise Silent("revocation-slow" if slow else "revocation-unreached") from error
    except (OSError, HTTPException, ValueError) as error:
        raise Silent("revocation-unreached") from error


def stamp_fetch(url: str, body: bytes | None, limit: int, timeout: float = TIMEOUT) -> bytes:
    """Ask a time stamping authority: ``body`` is a request of RFC 3161 (3.4 names its content type)."""
    return http_fetch(url, body, limit, timeout, kind="application/timestamp-query")


def _check(url: str) -> None:
    try:
        parts = urlsplit(url)
        good = " " not in url and (
            parts.scheme in ("http", "https") and bool(parts.hostname) and url.isascii() and url.isprintable()
        )
    except ValueError:
        good = False
    if not good:
        raise Silent("revocation-address-wrong")


class _FewHops(urllib.request.HTTPRedirectHandler):
    """Follows a few redirections, to HTTP(S) only; never one of a question that was posted."""

    max_redirections = _MOST_HOPS

    def redirect_request(
        self, request: Any, answer: Any, code: int, message: str, headers: Any, to: str
    ) -> Any:
        try:
            _check(to)
        except Silent:
            answer.close()
            raise
        if request.data is not None:
            return None
        return super().redirect_request(request, answer, code, message, headers, to)


def _read(answer: Any, limit: int, until: float) -> bytes:
    """Read the body; a drop at a time does not lengthen the time-out, and no announced length is believed."""
    pieces, size = [], 0
    while piece := answer.read1(_PIECE):
        size += len(piece)
        if size > limit:
            raise Silent("revocation-too-large")
        if time.monotonic() > until:
            raise Silent("revocation-slow")
        pieces.append(piece)
    promised = answer.headers.get("Content-Length", "")
    if promised.isdigit() and int(promised) != size:
        raise Silent("revocation-unreached")
    return b"".join(pieces)
