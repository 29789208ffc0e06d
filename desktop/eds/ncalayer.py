"""Signs through NCALayer, the program of the National authority: it holds the key, asks the PIN, returns a CMS.

It listens on this computer alone (``wss://127.0.0.1:13579/``), takes one request at a time and asks its person in
its own windows, so an answer may take minutes. A whole batch is one request of ``kz.gov.pki.knca.basics`` (one PIN);
one that signs no lists is asked document by document, and an older one without that module too, by
``kz.gov.pki.knca.commonUtils``.
"""

import base64
import binascii
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import pem

from desktop.eds.certificates import CertificateInfo, check_certificate, describe
from desktop.eds.ncalayer_link import ADDRESS, Link, NoModule, linked
from desktop.eds.pdf_embedding import Begun, begin, signer_of
from desktop.eds.pdf_signing import stated, verify_made
from desktop.eds.signing import Failed, Result, Signed, ToSign
from desktop.errors import NotAllowed, Told, Unavailable
from desktop.regulation.model import Text

__all__ = ["ADDRESS", "NcaLayer", "Seen", "ask_certificate", "look", "open_ncalayer"]

BASICS, UTILS = "kz.gov.pki.knca.basics", "kz.gov.pki.knca.commonUtils"
FILES = "PKCS12"
STORAGES = (
    FILES,
    "JKS",
    "AKKaztokenStore",
    "AKKZIDCardStore",
    "AKEToken72KStore",
    "AKEToken5110Store",
    "AKJaCartaStore",
    "AKAKEYStore",
)
_PURPOSES = (
    "1.3.6.1.5.5.7.3.4",
    "1.2.398.3.3.4.1.2",
)  # to sign, of an organisation; the role is checked by us
_MOST = 48 * 1024 * 1024  # bytes of documents in one request: about 65 MB of JSON
_NO_LISTS = ("INVALID_SIGNING_PARAMS", "INVOCATION_ERROR")  # what it says of a request it does not understand
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class Seen:
    """NCALayer answering: its version, and the tokens it sees ("" and () when it does not say)."""

    version: str
    tokens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asking:
    """How NCALayer is reached and asked.

    ``trusted``: PEM file of who vouches for its TLS; None: the system's authorities and ``roots``, PEM texts of the
    office's (the National authority gives NCALayer its certificate).
    """

    address: str = ADDRESS
    trusted: Path | str | None = None
    roots: tuple[str, ...] = field(default=(), repr=False)
    storage: str = ""
    iin: str = ""
    bin: str = ""
    language: str = "ru"
    seconds: float = 300
    cancelled: Callable[[], bool] = lambda: False


def look(asking: Asking) -> Seen:
    """Ask who is there; nothing is shown to the person. Unavailable as :func:`open_ncalayer`."""
    with _alone(), linked(asking.address, asking.trusted, asking.roots) as link:
        try:
            told = link.ask({"module": UTILS, "method": "getActiveTokens"}, seconds=10)
        except NoModule:
            return Seen(link.version)
        present = _utils_answer(told)
        return Seen(link.version, tuple(str(item) for item in present) if isinstance(present, list) else ())


def ask_certificate(asking: Asking) -> CertificateInfo:
    """Let the person choose a certificate in NCALayer and return it; nothing is signed.

    Codes as :func:`open_ncalayer`.
    """
    with _alone(), linked(asking.address, asking.trusted, asking.roots) as link:
        request = {"module": UTILS, "method": "getKeyInfo", "args": [asking.storage or FILES]}
        told = _utils_answer(link.ask(request, seconds=asking.seconds, cancelled=asking.cancelled))
        try:
            return describe(_der_of(told["pem"]))
        except (KeyError, TypeError, ValueError, NotAllowed) as error:
            raise Unavailable("ncalayer-broken-answer") from error


def _der_of(text: str) -> bytes:
    raw = text.strip().encode("ascii", "strict")
    return pem.unarmor(raw)[2] if pem.detect(raw) else base64.b64decode(raw, validate=True)


@contextmanager
def open_ncalayer(certificate: CertificateInfo, asking: Asking) -> Iterator["NcaLayer"]:
    """Connect to NCALayer to sign as ``certificate``, which was checked before; no other is accepted in a CMS.

    Codes: Unavailable "ncalayer-not-running", "ncalayer-untrusted", "ncalayer-not-here" (the address is no
    loopback), "ncalayer-busy", "ncalayer-slow", "ncalayer-gone", "ncalayer-broken-answer", "ncalayer-no-module",
    "ncalayer-refused", "signing-failed"; NotAllowed "ncalayer-cancelled", "ncalayer-other-certificate".
    """
    with _alone(), linked(asking.address, asking.trusted, asking.roots) as link:
        yield NcaLayer(certificate, link, asking)


@contextmanager
def _alone() -> Iterator[None]:
    if not _ONE_AT_A_TIME.acquire(blocking=False):
        raise Unavailable("ncalayer-busy")
    try:
        yield
    finally:
        _ONE_AT_A_TIME.release()


class NcaLayer:
    """A ``Signer`` behind which NCALayer stands. The chain is what its CMS brought, known after the first one."""

    def __init__(self, info: CertificateInfo, link: Link, asking: Asking) -> None:
        self.info = info
        self.chain: tuple[bytes, ...] = ()
        self._link = link
        self._asking = asking
        self._old = False  # knows only the older module
        self._one_by_one = False

    def sign(self, pdf: bytes, *, at: datetime, reason: Text | str) -> bytes:
        (result,) = self.each([ToSign(pdf, reason)], at=at, cancelled=self._asking.cancelled)
        if isinstance(result, Failed):
            raise result.error
        return result.pdf

    def each(
        self, documents: Sequence[ToSign], *, at: datetime, cancelled: Callable[[], bool]
    ) -> Iterator[Result]:
        """Sign in as few requests as the sizes allow; the person's own "cancel" there ends the batch."""
        check_certificate(self.info, at)
        for part in _parts(documents):
            if cancelled():
                raise NotAllowed("batch-stopped")
            begun = [self._begun(document, at) for document in part]
            whole = [item for item in begun if isinstance(item, Begun)]
            made = self._signatures([item.to_sign for item in whole], cancelled)
            for document, item in zip(part, begun, strict=True):
                if isinstance(item, Failed):
                    yield item
                else:
                    yield Signed(self._finished(document, item, next(made), at))

    def _begun(self, document: ToSign, at: datetime) -> Begun | Failed:
        try:
            return begin(document.pdf, at=at, reason=stated(document.reason), name=self.info.name)
        except Told as error:
            return Failed(error)

    def _finished(self, document: ToSign, begun: Begun, signature: bytes, at: datetime) -> bytes:
        try:
            owner, others = signer_of(signature)
        except ValueError as error:
            raise Unavailable("ncalayer-broken-answer") from error
        if owner.sha256 != self.info.sha256:
            raise NotAllowed("ncalayer-other-certificate", owner=owner.name)
        self.chain = others
        signed = begun.finish(signature)
        verify_made(signed, document.pdf, self.info, at)
        return signed

    def _signatures(self, contents: list[bytes], cancelled: Callable[[], bool]) -> Iterator[bytes]:
        if not contents:
            return
        if not self._one_by_one:
            answer = self._answer(self._request(contents), cancelled)
            if not (self._old or _takes_no_lists(answer, len(contents))):
                yield from _many(answer, len(contents))
                return
            self._one_by_one = True
        for content in contents:
            if cancelled():
                raise NotAllowed("batch-stopped")
            if not self._old:
                answer = self._answer(self._request([content]), cancelled)
            if self._old:
                yield _cms(_utils_answer(self._answer(self._older_request(content), cancelled)))
            else:
                yield from _many(answer, 1)

    def _answer(self, request: dict[str, Any], cancelled: Callable[[], bool]) -> Any:
        """Ask; one that knows no module of ours but the older is remembered as such, and has told nothing."""
        try:
            return self._link.ask(request, seconds=self._asking.seconds, cancelled=cancelled)
        except NoModule:
            if self._old:
                raise
            self._old = True
            return None

    def _older_request(self, content: bytes) -> dict[str, Any]:
        return {
            "module": UTILS,
            "method": "createCAdESFromBase64",
            "args": [self._asking.storage or FILES, "SIGNATURE", _b64(content), False],
        }

    def _request(self, contents: list[bytes]) -> dict[str, Any]:
        asking = self._asking
        return {
            "module": BASICS,
            "method": "sign",
            "args": {
                "allowedStorages": [asking.storage] if asking.storage else None,
                "format": "cms",
                "data": _b64(contents[0]) if len(contents) == 1 else [_b64(content) for content in contents],
                # The documents themselves, not their digests: a key of GOST wants one of Streebog.
                "signingParams": {"decode": True, "encapsulate": False, "digested": False},
                "signerParams": {
                    "extKeyUsageOids": list(_PURPOSES),
                    "iin": asking.iin,
                    "bin": asking.bin,
                    "serialNumber": "",
                    "chain": None,
                },
                "locale": "kk" if asking.language == "kk" else "ru",
            },
        }


def _parts(documents: Sequence[ToSign]) -> Iterator[list[ToSign]]:
    part: list[ToSign] = []
    size = 0
    for document in documents:
        if part and size + len(document.pdf) > _MOST:
            yield part
            part, size = [], 0
        part.append(document)
        size += len(document.pdf)
    if part:
        yield part


def _takes_no_lists(answer: Any, count: int) -> bool:
    """Whether a list was refused for being one: before any key was opened, so that nothing is asked twice."""
    return count > 1 and isinstance(answer, dict) and answer.get("code") in _NO_LISTS


def _many(answer: Any, wanted: int) -> Iterator[bytes]:
    """Return the signatures of an answer of ``basics``: none is taken unless all are there."""
    if not isinstance(answer, dict) or not isinstance(answer.get("status"), bool):
        raise Unavailable("ncalayer-broken-answer")
    if not answer["status"]:
        raise Unavailable("ncalayer-refused", reason=_word(answer.get("code")))
    body = answer.get("body")
    if not isinstance(body, dict):
        raise Unavailable("ncalayer-broken-answer")
    if "result" not in body:
        raise NotAllowed("ncalayer-cancelled")
    result = body["result"]
    if isinstance(result, dict):
        result = result.get("signatures")
    if isinstance(result, str):
        result = [result]
    if not isinstance(result, list) or len(result) != wanted:
        raise Unavailable("ncalayer-broken-answer")
    return iter([_cms(item) for item in result])


def _utils_answer(answer: Any) -> Any:
    if not isinstance(answer, dict) or "code" not in answer:
        raise Unavailable("ncalayer-broken-answer")
    if str(answer["code"]) == "200":
        return answer.get("responseObject")
    if answer.get("message") == "action.canceled":
        raise NotAllowed("ncalayer-cancelled")
    raise Unavailable("ncalayer-refused", reason=_word(answer["code"]))


def _cms(text: Any) -> bytes:
    """Return the DER of a signature given as base64, in lines or between PEM's marks."""
    if not isinstance(text, str):
        raise Unavailable("ncalayer-broken-answer")
    try:
        return base64.b64decode(re.sub(r"-----[A-Z0-9 ]+-----|\s", "", text), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unavailable("ncalayer-broken-answer") from error


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _word(code: Any) -> str:
    """Return NCALayer's own code, if it is a word: its free text may name the person."""
    return code if isinstance(code, str) and re.fullmatch(r"[A-Za-z0-9_.]{1,60}", code) else ""
