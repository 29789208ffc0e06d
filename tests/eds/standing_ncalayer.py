"""A stand-in for NCALayer: TLS on loopback, its messages, real signatures; every way it can let one down.

Made after the public description of its modules, and tried by a client of others (``ncalayer-js-client``): one answer
to one request, a heartbeat only to a heartbeat, a text for a text and a list for a list. What is signed is signed for
good, by the key given. It makes detached CMS and nothing else.
"""

import base64
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.x509.oid import NameOID
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from desktop.eds.certificates import describe
from desktop.eds.cms_signature import sign_detached
from desktop.eds.demo_ca import DemoKey

MakeCms = Callable[[bytes], bytes]
HEARTBEAT = "--heartbeat--"
ONE_BY_ONE = ("INVALID_SIGNING_PARAMS", "INVOCATION_ERROR")
"""What one that signs no lists may say to a list."""


def signs_with(key: DemoKey, at: datetime) -> MakeCms:
    """Return what NCALayer does with a document: a detached CMS with a signing time."""

    def raw(data: bytes, digest: str) -> bytes:
        named: hashes.HashAlgorithm = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384()}[digest]
        if isinstance(key.private_key, ec.EllipticCurvePrivateKey):
            return key.private_key.sign(data, ec.ECDSA(named))
        return bytes(key.private_key.sign(data, padding.PKCS1v15(), named))

    info = describe(key.certificate_der)
    return lambda content: sign_detached(content, info=info, chain=key.chain_der, raw=raw, at=at)


def _refused(code: str) -> dict[str, Any]:
    return {"status": False, "code": code, "message": "", "details": ""}


def _bare(der: bytes) -> str:
    return base64.b64encode(der).decode()


def _armoured(der: bytes) -> str:
    return bytes(pem.armor("CERTIFICATE", der)).decode()


class Standing:
    """What the server does next and what it was asked. ``behave`` names one of the ways below."""

    def __init__(self, make: MakeCms, certificate: bytes) -> None:
        self.make = make
        self.certificate = certificate
        self.behave = ""
        self.greeting = json.dumps({"result": {"version": "1.4"}})
        self.asked: list[dict[str, Any]] = []
        self.spoken: list[str] = []  # the version of TLS of each connection
        self.address = ""
        self.authority = Path()

    def serve_one(self, wire: ServerConnection) -> None:
        try:
            self.spoken.append(str(wire.socket.version()))
            wire.send(self.greeting)
            for text in wire:
                if text == HEARTBEAT:
                    wire.send(HEARTBEAT)
                    continue
                request = json.loads(text)
                self.asked.append(request)
                if self.behave == "beats":
                    wire.send(HEARTBEAT)
                self._answer(wire, request)
        except ConnectionClosed:
            pass

    def _answer(self, wire: ServerConnection, request: dict[str, Any]) -> None:
        basics = request["module"] == "kz.gov.pki.knca.basics"
        known = request["module"] in ("kz.gov.pki.knca.basics", "kz.gov.pki.knca.commonUtils")
        if not known or (self.behave == "old" and basics) or self.behave == "no-module":
            answer: Any = {"success": False, "errorCode": "MODULE_NOT_FOUND"}
        elif self.behave == "cancel":
            answer = {"status": True, "body": {}} if basics else {"code": "500", "message": "action.canceled"}
        elif self.behave == "refuse":
            code = "SIGNING_FAILURE"
            answer = (
                {"status": False, "code": code, "message": "ИИН 800101400121"} if basics else {"code": code}
            )
        elif self.behave == "slow":
            time.sleep(1.2)
            return
        elif self.behave == "hang-up":
            wire.close()
            return
        elif self.behave == "not-json":
            wire.send("<html>")
            return
        elif self.behave == "deep":
            wire.send("[" * 100_000)
            return
        else:
            answer = self._sign(request) if basics else self._utils(request)
        wire.send(json.dumps(answer))

    def _sign(self, request: dict[str, Any]) -> dict[str, Any]:
        args = request["args"]
        given, how = args["data"], args["signingParams"]
        if args["format"] != "cms" or not how["decode"] or how["encapsulate"] or how["digested"]:
            return _refused("INVALID_SIGNING_PARAMS")
        many = isinstance(given, list)
        if many and self.behave in ONE_BY_ONE:
            return _refused(self.behave)
        made = self._odd([self._text(item) for item in (given if many else [given])])
        alone = isinstance(made, list) and len(made) == 1 and not many and self.behave != "list"
        return {"status": True, "body": {"result": made[0] if alone else made}}

    def _odd(self, made: list[str]) -> Any:
        odd: dict[str, Any] = {
            "one-less": made[:-1],
            "with-certificate": {"signatures": made, "certificate": ""},
            "pem": [f"-----BEGIN CMS-----\n{item}\n-----END CMS-----\n" for item in made],
            "not-base64": ["*"] * len(made),
            "number": 5,
            "not-cms": [base64.b64encode(b"nothing").decode()] * len(made),
            "another-document": [self._text(base64.b64encode(b"other").decode())] * len(made),
        }
        return odd.get(self.behave, made)

    def _utils(self, request: dict[str, Any]) -> dict[str, Any]:
        if request["method"] == "getActiveTokens":
            told: Any = ["AKKaztokenStore"]
        elif request["method"] == "getKeyInfo":
            told = self._key_info()
        elif request["method"] == "createCAdESFromBase64":
            told = self._text(request["args"][2])
        else:
            return {"code": "500", "message": "method.not.found"}
        return {"code": "200", "responseObject": told}

    def _key_info(self) -> dict[str, str]:
        """What is told of a key: the certificate as lines of PEM, or bare where ``behave`` is "bare"."""
        own = asn1_x509.Certificate.load(self.certificate)
        first, last = own.not_valid_before, own.not_valid_after
        return {
            "alias": "x",
            "keyId": "1",
            "subjectDn": own.subject.human_friendly,
            "issuerDn": own.issuer.human_friendly,
            "serialNumber": str(own.serial_number),
            "certNotBefore": f"{first:%d.%m.%Y %H:%M:%S}",
            "certNotAfter": f"{last:%d.%m.%Y %H:%M:%S}",
            "pem": (_bare if self.behave == "bare" else _armoured)(self.certificate),
        }

    def _text(self, content: str) -> str:
        return base64.encodebytes(self.make(base64.b64decode(content))).decode()


@contextmanager
def standing_ncalayer(
    folder: Path,
    make: MakeCms,
    certificate: bytes,
    *,
    oldest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2,
) -> Iterator[Standing]:
    """Serve until the end of the block; ``authority`` is the file its TLS is proved by, ``oldest`` what it accepts."""
    standing = Standing(make, certificate)
    standing.authority, own = _tls(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own)
    context.minimum_version = oldest
    with serve(standing.serve_one, "127.0.0.1", 0, ssl=context, max_size=None, compression=None) as server:
        standing.address = f"wss://127.0.0.1:{server.socket.getsockname()[1]}/"
        worker = threading.Thread(target=server.serve_forever)
        worker.start()
        try:
            yield standing
        finally:
            server.shutdown()
            worker.join(5)


def _tls(folder: Path) -> tuple[Path, Path]:
    start = datetime(2026, 1, 1)
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)]) for text in ("NCA", "127.0.0.1")]

    def made(subject: x509.Name, own: Any, extension: x509.ExtensionType) -> x509.Certificate:
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(names[0])
        builder = builder.public_key(own.public_key()).serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(start).not_valid_after(start + timedelta(days=36500))
        builder = builder.add_extension(extension, critical=True)
        return builder.sign(authority_key, hashes.SHA256())

    authority = made(names[0], authority_key, x509.BasicConstraints(ca=True, path_length=None))
    own = made(names[1], key, x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]))
    kept, served = folder / "nca.pem", folder / "served.pem"
    kept.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    served.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + own.public_bytes(serialization.Encoding.PEM)
    )
    return kept, served
