"""A small server that speaks the contract of other systems, well or badly: for the tests."""

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from desktop.exchange.http_port import CONTRACT

Says = Callable[["Talk"], None]


class Talk(BaseHTTPRequestHandler):
    """One request; ``self.asked`` is what it said."""

    asked: dict[str, Any]

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked = json.loads(raw)
        side: OtherSide = self.server.side  # type: ignore[attr-defined]
        side.heard.append((self.asked, dict(self.headers)))
        said = side.says[min(len(side.heard), len(side.says)) - 1]
        said(self)

    def do_GET(self) -> None:
        self.asked = {}
        side: OtherSide = self.server.side  # type: ignore[attr-defined]
        side.heard.append(({}, dict(self.headers)))
        side.says[min(len(side.heard), len(side.says)) - 1](self)

    def log_message(self, *_: object) -> None:
        pass

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


class OtherSide:
    """``says``: what it does with the first, second, … request; the last one is repeated."""

    def __init__(self, *says: Says) -> None:
        self.says = says
        self.heard: list[tuple[dict[str, Any], dict[str, str]]] = []
        self.address = ""


def answers(result: str = "answered", *, number: str = "42", **facts: str) -> Says:
    def say(talk: Talk) -> None:
        told = {
            "contract": CONTRACT,
            "id": talk.asked["id"],
            "result": result,
            "number": number,
            "answer": facts,
        }
        talk.send(json.dumps(told, ensure_ascii=False).encode())

    return say


def gives(body: bytes, status: int = 200, **headers: str) -> Says:
    return lambda talk: talk.send(body, status, **headers)


def is_slow(seconds: float) -> Says:
    def say(_talk: Talk) -> None:
        time.sleep(seconds)

    return say


def drips(talk: Talk) -> None:
    """A byte at a time, for as long as anybody listens."""
    talk.send_response(200)
    talk.end_headers()
    try:
        for _ in range(200):
            talk.wfile.write(b" ")
            talk.wfile.flush()
            time.sleep(0.05)
    except OSError:
        pass


def hangs_up(talk: Talk) -> None:
    talk.send_response(200)
    talk.send_header("Content-Length", "500")
    talk.end_headers()
    talk.wfile.write(b"{")


@contextmanager
def listening(side: OtherSide, *, tls: Path | None = None) -> Iterator[OtherSide]:
    """Run the other side on this computer; ``tls``: a PEM file with its key and certificate."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Talk)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    server.side = side  # type: ignore[attr-defined]
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    side.address = f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}/ask"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield side
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def tls_identity(folder: Path, *, host: str = "127.0.0.1") -> tuple[Path, str]:
    """Return a PEM file with a key and a self-signed certificate of ``host``, and the certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "other side")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / f"tls-{host}.pem"
    path.write_bytes(private + pem)
    return path, pem.decode()
