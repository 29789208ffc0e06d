"""A PostgreSQL that asks for TLS and for passwords, on loopback, with certificates of an authority of our own."""

import contextlib
import datetime
import os
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy.engine import make_url

from desktop.store import making
from desktop.store.database import Store
from tests import office, servers

NAME = "db.office.test"
DATABASE = "oblast"
_PEOPLE_PROVE_THEMSELVES = """
local   all all                scram-sha-256
hostssl all all 127.0.0.1/32   scram-sha-256
hostnossl all all all          reject
"""
_ADMINISTRATOR = "local all ruqsat trust\n"


@dataclass(frozen=True, slots=True)
class Guarded:
    """``administrator``: a URL of the superuser (a Unix socket); ``port``: where people come in over TLS."""

    administrator: str
    port: int
    root: Path  # the authority's certificate
    other_root: Path  # another authority's

    @property
    def office(self) -> str:
        """The administrator's URL of the office's database."""
        return make_url(self.administrator).set(database=DATABASE).render_as_string()

    def url(self, database: str, *, host: str = NAME, root: Path | None = None, **query: str) -> str:
        """Return the address people have in their settings: no login and no password."""
        more = {"sslrootcert": str(root or self.root), **query}
        if host == NAME or host.endswith(".test"):
            more["hostaddr"] = "127.0.0.1"
        told = "&".join(f"{name}={value}" for name, value in more.items() if value)
        return f"postgresql://{host}:{self.port}/{database}?{told}"


@contextlib.contextmanager
def with_office() -> Iterator[Guarded]:
    """Yield a guarded server with the office of the tests in its database."""
    with guarded() as made:
        with psycopg.connect(made.administrator, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8'")
        making.create(made.office)
        store = Store(made.office)
        office.found(store)
        store.dispose()
        yield made


@contextlib.contextmanager
def guarded(*, tls: bool = True) -> Iterator[Guarded]:
    """Yield a running server; without ``tls`` it lets people in over a bare connection only."""
    with tempfile.TemporaryDirectory(prefix="ruqsat-tls-", dir="/tmp") as made:
        folder = Path(made)
        folder.chmod(0o755)
        root = _authority(folder / "root.pem", folder / "server.pem", folder / "server.key")
        other = _authority(folder / "other-root.pem", folder / "other.pem", folder / "other.key")
        hba = folder / "pg_hba.conf"
        people = _PEOPLE_PROVE_THEMSELVES if tls else "host all all 127.0.0.1/32 scram-sha-256\n"
        hba.write_text(_ADMINISTRATOR + people)
        user = servers._ordinary_user()
        for path in (folder / "server.pem", folder / "server.key", hba):
            if user is not None:
                os.chown(path, user.pw_uid, user.pw_gid)
            path.chmod(0o600)
        port = _free_port()
        settings = {"listen_addresses": "127.0.0.1", "port": str(port), "hba_file": str(hba)}
        if tls:
            settings |= {
                "ssl": "on",
                "ssl_cert_file": str(folder / "server.pem"),
                "ssl_key_file": str(folder / "server.key"),
            }
        with _OnPort(servers._binaries(), None, {**servers._UNSAFE_BUT_FAST, **settings}, port) as address:
            yield Guarded(address, port, root, other)


class _OnPort(servers._Started):
    """The socket's name has the port in it."""

    def __init__(self, binaries: Path, kept: Path | None, settings: dict[str, str], port: int) -> None:
        super().__init__(binaries, kept, settings)
        self._port = port

    def _wait(self, address: str) -> None:
        super()._wait(f"{address}&port={self._port}")

    def _start(self) -> str:
        return f"{super()._start()}&port={self._port}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _authority(root: Path, certificate: Path, key: Path) -> Path:
    """Make an authority and a server's certificate of it; return where its own stands."""
    now = datetime.datetime.now(datetime.UTC)
    ca_key, own_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, root.stem)])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])

    def builder(name: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(issuer)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=30))
        )

    ca = builder(issuer, ca_key.public_key()).add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    )
    names = x509.SubjectAlternativeName([x509.DNSName(NAME), x509.DNSName("localhost")])
    own = builder(subject, own_key.public_key()).add_extension(names, critical=False)
    pem = serialization.Encoding.PEM
    root.write_bytes(ca.sign(ca_key, hashes.SHA256()).public_bytes(pem))
    certificate.write_bytes(own.sign(ca_key, hashes.SHA256()).public_bytes(pem))
    key.write_bytes(
        own_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return root
