"""A certification authority that answers on this machine: OCSP, lists of revoked certificates, time stamps.

Everything is certomancer's; the clock is the test's. ``now`` is what its services think the time is, ``spoiled`` lets a
test change an answer on its way out, ``silent`` makes the service answer 503.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig, PKIArchitecture
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import load_der_x509_certificate
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from desktop.eds.certificates import OwnerRole
from tests.eds.people import AT, BIN, IIN, VALID_FROM

OTHER_IIN = "850505300120"
REVOKED_AT = AT - timedelta(days=30)
_ORGANISATION = "Батыс Қазақстан облысының денсаулық сақтау басқармасы"
_SIGNING = "1.3.6.1.5.5.7.3.4"
_RSA = ("ca", "head", "revoked", "unlisted", "bare")
_EC = ("root", "ocsp", "foreign-ocsp", "tsa", "foreign-tsa", "head-ec", "other-root", "applicant")
_ARCH = "kz"


class RealAuthority:
    """The running authority. Labels of certificates: ``root ca head head-ec revoked unlisted bare applicant tsa``.

    ``head``: RSA, first head of the department; ``head-ec``: his P-256 key; ``revoked``: like ``head``, revoked at
    ``REVOKED_AT``; ``unlisted``: names no address to ask at; ``bare``: names the list only; ``applicant``: a person
    with no organisation. ``other-root`` has signed nothing of these.
    """

    def __init__(self, folder: Path) -> None:
        self.now: datetime = AT
        self.spoiled: Callable[[str, bytes], bytes] | None = None
        self.silent: frozenset[str] = frozenset()  # of "ocsp", "crls", "tsa"
        self.asked: list[str] = []
        self.keys = {label: _key(label, folder) for label in (*_RSA, *_EC)}
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True, request_handler=_Quiet)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        config = _config(self.url)
        self.architecture: PKIArchitecture = CertomancerConfig(
            config, key_search_dir=str(folder)
        ).get_pki_arch(ArchLabel(_ARCH))
        self._animator = Animator(
            AnimatorArchStore({ArchLabel(_ARCH): self.architecture}),
            with_web_ui=False,
            allow_time_override=False,
        )
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self) -> "RealAuthority":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()

    @property
    def ocsp_url(self) -> str:
        return f"{self.url}/{_ARCH}/ocsp/people"

    @property
    def foreign_ocsp_url(self) -> str:
        """Answers for the same people with the key of a delegate the issuer never named."""
        return f"{self.url}/{_ARCH}/ocsp/foreign"

    @property
    def tsa_url(self) -> str:
        return f"{self.url}/{_ARCH}/tsa/stamps"

    @property
    def foreign_tsa_url(self) -> str:
        return f"{self.url}/{_ARCH}/tsa/foreign"

    @property
    def crl_url(self) -> str:
        return f"{self.url}/{_ARCH}/crls/people/latest.crl"

    def der(self, label: str) -> bytes:
        """Return a certificate as DER."""
        return bytes(self.architecture.get_cert(CertLabel(label)).dump())

    def pem(self, label: str) -> str:
        certificate = load_der_x509_certificate(self.der(label))
        return certificate.public_bytes(serialization.Encoding.PEM).decode()

    def crl(self, label: str = "people", at: datetime | None = None) -> bytes:
        """Return the list ``people`` (of ``ca``) or ``authorities`` (of ``root``) as it stood ``at``."""
        return bytes(self.architecture.service_registry.get_crl(label, at or self.now).dump())

    def write_pkcs12(self, label: str, path: Path, password: str) -> Path:
        """Write the key with its certificate and issuing certificate, as the authority gives it out."""
        content = pkcs12.serialize_key_and_certificates(
            label.encode(),
            self.keys[label],
            load_der_x509_certificate(self.der(label)),
            [load_der_x509_certificate(self.der("ca"))],
            serialization.BestAvailableEncryption(password.encode()),
        )
        path.write_bytes(content)
        return path

    @contextmanager
    def spoiling(self, change: Callable[[str, bytes], bytes]) -> Iterator[None]:
        """Change what goes out: ``change(service, content)``, service "ocsp", "crls" or "tsa"."""
        self.spoiled = change
        try:
            yield
        finally:
            self.spoiled = None

    @contextmanager
    def silenced(self, *services: str) -> Iterator[None]:
        self.silent = frozenset(services)
        try:
            yield
        finally:
            self.silent = frozenset()

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """Let the services think it is ``moment``."""
        before, self.now = self.now, moment
        try:
            yield
        finally:
            self.now = before

    def _answer(self, environ: dict[str, Any], start: Any) -> Any:
        request = Request(environ)
        service = request.path.split("/")[2] if request.path.count("/") > 2 else ""
        self.asked.append(service)
        if service in self.silent:
            return Response("busy", 503)(environ, start)
        self._animator.fixed_time = self.now
        response = self._animator.dispatch(request)
        if self.spoiled is not None:
            response = Response(self.spoiled(service, response.get_data()), mimetype=response.mimetype)
        return response(environ, start)


class _Quiet(WSGIRequestHandler):
    def log(self, *_: object, **__: object) -> None:
        """Say nothing: what was asked is in ``asked``."""


def _key(label: str, folder: Path) -> Any:
    key: Any = (
        rsa.generate_private_key(public_exponent=65537, key_size=2048)
        if label in _RSA
        else ec.generate_private_key(ec.SECP256R1())
    )
    content = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / f"{label}.key.pem").write_bytes(content)
    return key


def _person(name: str, iin: str, *, organisation: bool = True) -> dict[str, str]:
    told = {
        "country-name": "KZ",
        "common-name": name,
        "surname": name.split()[0],
        "serial-number": f"IIN{iin}",
        "given-name": "СЕРІКҰЛЫ",
    }
    if organisation:
        told |= {"organization-name": _ORGANISATION, "organizational-unit-name": f"BIN{BIN}"}
    return told


def _entities() -> dict[str, dict[str, str]]:
    service = {"country-name": "KZ", "organization-name": "Authority for tests"}
    return {
        "root": {**service, "common-name": "НЕГІЗГІ ОРТАЛЫҚ (СЫНАҚ)"},
        "other-root": {**service, "common-name": "ANOTHER ROOT"},
        "ca": {**service, "common-name": "ҰЛТТЫҚ ОРТАЛЫҚ (СЫНАҚ)"},
        "ocsp": {**service, "common-name": "OCSP RESPONDER"},
        "foreign-ocsp": {**service, "common-name": "OCSP RESPONDER OF NOBODY"},
        "tsa": {**service, "common-name": "TIME STAMPS"},
        "foreign-tsa": {**service, "common-name": "TIME STAMPS OF NOBODY"},
        "head": _person("ЖҰМАҒАЛИЕВ ӘДІЛ", IIN),
        "head-ec": _person("ЖҰМАҒАЛИЕВ ӘДІЛ", IIN),
        "revoked": _person("ЖҰМАҒАЛИЕВ ӘДІЛ", IIN),
        "unlisted": _person("ЖҰМАҒАЛИЕВ ӘДІЛ", IIN),
        "bare": _person("ЖҰМАҒАЛИЕВ ӘДІЛ", IIN),
        "applicant": _person("ӨТЕГЕНОВА АЙГҮЛ", OTHER_IIN, organisation=False),
    }


def _usage(*names: str) -> dict[str, Any]:
    return {
        "id": "key_usage",
        "critical": True,
        "smart-value": {"schema": "key-usage", "params": list(names)},
    }


def _purposes(*dotted: str, critical: bool = False) -> dict[str, Any]:
    return {"id": "extended_key_usage", "critical": critical, "value": list(dotted)}


_LISTED = {
    "id": "crl_distribution_points",
    "smart-value": {"schema": "crl-dist-url", "params": {"crl-repo-names": ["people"]}},
}
_ANSWERED = {
    "id": "authority_information_access",
    "smart-value": {"schema": "aia-urls", "params": {"ocsp-responder-names": ["people"]}},
}
_AUTHORITY = (
    {"id": "basic_constraints", "critical": True, "value": {"ca": True}},
    _usage("key_cert_sign", "crl_sign"),
)


def _certificates() -> dict[str, dict[str, Any]]:
    def one(label: str, issuer: str, *extensions: dict[str, Any], **more: Any) -> dict[str, Any]:
        days = 3650 if issuer in ("root", "other-root") else 365
        start = VALID_FROM - timedelta(days=700) if days == 3650 else VALID_FROM
        return {
            "subject": label,
            "subject-key": label,
            "issuer": issuer,
            "authority-key": issuer,
            "validity": {
                "valid-from": start.isoformat(),
                "valid-to": (start + timedelta(days=days)).isoformat(),
            },
            "extensions": list(extensions),
            **more,
        }

    head = (
        _usage("digital_signature", "non_repudiation"),
        _purposes(_SIGNING, OwnerRole.LEGAL_ENTITY.value, OwnerRole.FIRST_HEAD.value),
    )
    responder = (
        _usage("digital_signature"),
        _purposes("ocsp_signing"),
        {"id": "ocsp_no_check", "value": None},
    )
    stamps = (_usage("digital_signature"), _purposes("time_stamping", critical=True))
    listed = {
        "id": "crl_distribution_points",
        "smart-value": {"schema": "crl-dist-url", "params": {"crl-repo-names": ["authorities"]}},
    }
    return {
        "root": one("root", "root", *_AUTHORITY),
        "other-root": one("other-root", "other-root", *_AUTHORITY),
        "ca": one("ca", "root", *_AUTHORITY, listed),
        "ocsp": one("ocsp", "ca", *responder),
        "foreign-ocsp": one("foreign-ocsp", "root", *responder),
        "tsa": one("tsa", "ca", *stamps, _LISTED, _ANSWERED),
        "foreign-tsa": one("foreign-tsa", "other-root", *stamps),
        "head": one("head", "ca", *head, _LISTED, _ANSWERED),
        "head-ec": one("head-ec", "ca", *head, _LISTED, _ANSWERED),
        "revoked": one(
            "revoked",
            "ca",
            *head,
            _LISTED,
            _ANSWERED,
            revocation={"revoked-since": REVOKED_AT.isoformat(), "reason": "key_compromise"},
        ),
        "unlisted": one("unlisted", "ca", *head),
        "bare": one("bare", "ca", *head, _LISTED),
        "applicant": one(
            "applicant",
            "ca",
            _usage("digital_signature", "non_repudiation"),
            _purposes(_SIGNING, OwnerRole.INDIVIDUAL.value),
            _LISTED,
            _ANSWERED,
        ),
    }


def _config(url: str) -> dict[str, Any]:
    repository = {"simulated-update-schedule": "P3D"}
    return {
        "external-url-prefix": url,
        "keysets": {
            _ARCH: {
                "path-prefix": "",
                "keys": {label: {"path": f"{label}.key.pem"} for label in (*_RSA, *_EC)},
            }
        },
        "pki-architectures": {
            _ARCH: {
                "keyset": _ARCH,
                "entities": _entities(),
                "certs": _certificates(),
                "services": {
                    "ocsp": {
                        "people": {"for-issuer": "ca", "responder-cert": "ocsp"},
                        "foreign": {"for-issuer": "ca", "responder-cert": "foreign-ocsp"},
                    },
                    "crl-repo": {
                        "people": {"for-issuer": "ca", "signing-key": "ca", **repository},
                        "authorities": {"for-issuer": "root", "signing-key": "root", **repository},
                    },
                    "time-stamping": {
                        "stamps": {"signing-cert": "tsa"},
                        "foreign": {"signing-cert": "foreign-tsa"},
                    },
                },
            }
        },
    }
