"""Asks a system over HTTP(S) by the contract in README.md: bounded in time, in tries and in size; TLS is proved.

It never raises for what the other side does: whatever goes wrong out there is an answer "unreachable" with its reason.
"""

import json
import ssl
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

from desktop.regulation.systems import Answer, Connection, Heard, Question, Way, check_address

CONTRACT = "ruqsat-exchange/1"
LARGEST_ANSWER = 1024 * 1024
LARGEST_LIST = 64 * 1024 * 1024  # of revoked certificates
PAUSES = (0.5, 2.0, 4.0)  # seconds before the second, third and fourth try
MOST_ATTEMPTS = len(PAUSES) + 1
_PIECE = 64 * 1024
_MOST_FACTS, _LONGEST = 50, 2000


class Unreached(Exception):
    """The other side gave no answer. ``code`` says why, ``again`` whether another try may help."""

    def __init__(self, code: str, *, again: bool, body: bytes = b"") -> None:
        super().__init__(code)
        self.code, self.again, self.body = code, again, body


@dataclass(frozen=True, slots=True)
class HttpPort:
    """``token`` goes with every question, and over TLS only; ``pause`` is the waiting between tries."""

    connection: Connection
    token: str = ""
    office_bin: str = ""
    pause: Callable[[float], None] = time.sleep

    def ask(self, question: Question) -> Answer:
        """Put the question, again if that may help, and return what was heard. Takes its time: never on the GUI thread."""
        sent_id = str(uuid.uuid4())
        asked = {
            "contract": CONTRACT,
            "id": sent_id,
            "system": question.system.value,
            "office": self.office_bin,
            "question": dict(question.asked),
        }
        body = json.dumps(asked, ensure_ascii=False).encode()
        try:
            found = self._persist(lambda: self._send(body, "application/json", LARGEST_ANSWER))
        except Unreached as trouble:
            return Answer(
                question,
                Heard.UNREACHABLE,
                Way.HTTP,
                reason=trouble.code,
                evidence=trouble.body,
                media_type="application/octet-stream" if trouble.body else "",
            )
        return understood(question, sent_id, found)

    def fetch(self) -> bytes:
        """Return what lies at the address: a list of revoked certificates. Raises :class:`Unreached`."""
        return self._persist(lambda: self._send(None, "", LARGEST_LIST))

    def _persist(self, send: Callable[[], bytes]) -> bytes:
        tries = max(1, min(self.connection.attempts, MOST_ATTEMPTS))
        for number in range(tries):
            try:
                return send()
            except Unreached as trouble:
                if not trouble.again or number == tries - 1:
                    raise
                self.pause(PAUSES[number])
        raise AssertionError("there is always a last try")

    def _send(self, body: bytes | None, media_type: str, limit: int) -> bytes:
        limit_at = time.monotonic() + self.connection.timeout_seconds
        request = self._request(body, media_type)
        try:
            with self._opener().open(request, timeout=self.connection.timeout_seconds) as answer:
                return _read(answer, limit, limit_at)
        except urllib.error.HTTPError as error:
            with error:
                again = error.code >= 500 or error.code in (408, 425, 429)
                code = "exchange-failing" if error.code >= 500 else "exchange-refused"
                raise Unreached(code, again=again, body=_some(error)) from error
        except urllib.error.URLError as error:
            raise _unreached(error.reason) from error
        except (OSError, HTTPException) as error:
            raise _unreached(error) from error

    def _request(self, body: bytes | None, media_type: str) -> urllib.request.Request:
        check_address(self.connection.address, with_token=bool(self.token))
        headers = {"User-Agent": "ruqsat", "Accept": "application/json" if body else "*/*"}
        if body is not None:
            headers["Content-Type"] = media_type
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return urllib.request.Request(self.connection.address, data=body, headers=headers)  # noqa: S310 - checked

    def _opener(self) -> urllib.request.OpenerDirector:
        pem = self.connection.authority_pem
        try:
            context = ssl.create_default_context(cadata=pem or None)
        except ssl.SSLError as error:
            raise Unreached("exchange-authority-unreadable", again=False) from error
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return urllib.request.build_opener(urllib.request.HTTPSHandler(context=context), _NoRedirects())


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The token and the applicant's data go to the address the administrator set, and nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _read(answer: Any, limit: int, until: float) -> bytes:
    """Read the body; a drop at a time does not lengthen the time-out, and no announced length is believed."""
    pieces, size = [], 0
    while piece := answer.read1(_PIECE):
        size += len(piece)
        if size > limit:
            raise Unreached("exchange-too-large", again=False)
        if time.monotonic() > until:
            raise Unreached("exchange-slow", again=True)
        pieces.append(piece)
    promised = answer.headers.get("Content-Length", "")
    if promised.isdigit() and int(promised) != size:
        raise Unreached("exchange-cut-off", again=True)
    return b"".join(pieces)


def _some(error: urllib.error.HTTPError) -> bytes:
    try:
        return error.read(_PIECE)
    except (OSError, HTTPException):
        return b""


def _unreached(reason: object) -> Unreached:
    if isinstance(reason, ssl.SSLCertVerificationError):
        return Unreached("exchange-certificate", again=False)
    if isinstance(reason, ssl.SSLError):
        return Unreached("exchange-tls", again=True)
    if isinstance(reason, TimeoutError):
        return Unreached("exchange-slow", again=True)
    if isinstance(reason, ConnectionError | HTTPException):
        return Unreached(
            "exchange-cut-off" if isinstance(reason, HTTPException) else "exchange-down", again=True
        )
    return Unreached("exchange-down", again=True)  # no such name, no way there


def understood(question: Question, sent_id: str, body: bytes) -> Answer:
    """Return what a body says by the contract; anything else is "unreachable", with the body as evidence."""
    garbled = Answer(
        question,
        Heard.UNREACHABLE,
        Way.HTTP,
        reason="exchange-garbled",
        evidence=body,
        media_type="application/octet-stream",
    )
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return garbled
    if not isinstance(told, Mapping) or told.get("contract") != CONTRACT or told.get("id") != sent_id:
        return garbled
    heard, number, facts = told.get("result"), told.get("number", ""), told.get("answer", {})
    if (
        heard not in (Heard.ANSWERED.value, Heard.NO_DATA.value)
        or not isinstance(number, str)
        or len(number) > 120
    ):
        return garbled
    pairs = _pairs(facts)
    if pairs is None or (heard == Heard.ANSWERED.value and not pairs):
        return garbled
    return Answer(
        question,
        Heard(heard),
        Way.HTTP,
        told=pairs,
        number=number,
        evidence=body,
        media_type="application/json",
    )


def _pairs(facts: object) -> tuple[tuple[str, str], ...] | None:
    if not isinstance(facts, Mapping) or len(facts) > _MOST_FACTS:
        return None
    pairs = []
    for name, value in facts.items():
        if not isinstance(value, str) or len(name) > 80 or len(value) > _LONGEST:
            return None
        pairs.append((name, value))
    return tuple(pairs)
