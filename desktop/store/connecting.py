"""How a PostgreSQL server is reached: over TLS that is proved, as oneself; and what is told when it cannot be.

TLS with the server's certificate and name proved (verify-full) and the login bound to it (channel binding) is mandatory
to every server but one on this very computer (a Unix socket or loopback), and there is never a second try without it.
Codes: ``tls-mandatory`` (the address asks for less), ``server-untrusted``, ``server-other-name``, ``tls-off``,
``sign-in-refused``, ``sign-in-blocked``, ``too-many-connections``, ``host-refused``, ``database-unknown``.
"""

import ipaddress
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy.engine import URL

from desktop.errors import BadInput, NotAllowed, Told, Unavailable
from desktop.store.authority.names import is_prefix, login_role, prefix_of

# what libpq (English always) and the server (in its own language: English or Russian) say when they let nobody in
_SAID: tuple[tuple[str, type[Told], str], ...] = (
    (
        r"password authentication failed|не прошёл проверку подлинности \(по паролю\)",
        NotAllowed,
        "sign-in-refused",
    ),
    (
        r'role "[^"]*" does not exist|роль "[^"]*" не существует|no password supplied',
        NotAllowed,
        "sign-in-refused",
    ),
    (r"is not permitted to log in|вход запрещён", NotAllowed, "sign-in-blocked"),
    (
        r"permission denied for database|доступ к базе \"[^\"]*\" запрещён",
        NotAllowed,
        "sign-in-blocked",
    ),
    (
        r"too many (clients|connections)|connection slots are reserved"
        r"|слишком много (клиентов|подключений)|слоты подключений зарезервированы",
        Unavailable,
        "too-many-connections",
    ),
    (r"does not match host name", Unavailable, "server-other-name"),
    (
        r"certificate verify failed|root certificate file .* (does not exist|.*could not)|unable to get local issuer"
        r"|could not read root certificate|self.signed certificate",
        Unavailable,
        "server-untrusted",
    ),
    (
        r"does not support SSL|channel binding (is )?required|SSL off|no encryption|без шифрования",
        Unavailable,
        "tls-off",
    ),
    (r"pg_hba\.conf", Unavailable, "host-refused"),
    (r'database "[^"]*" does not exist|база данных "[^"]*" не существует', Unavailable, "database-unknown"),
)
SIGN_IN_AGAIN = frozenset({"sign-in-refused", "sign-in-blocked"})


def tls_arguments(url: URL) -> dict[str, str]:
    """Return what libpq is told of TLS for this address; BadInput "tls-mandatory" when the address asks for less.

    The authority's certificate is the address's ``sslrootcert``, else the usual file of PostgreSQL's programs, else
    those the system trusts. On this computer ``sslmode=verify-full`` in the address asks for the same proof.
    """
    wanted = _one(url.query.get("sslmode"))
    if is_local(url) and wanted != "verify-full":
        return {}
    if wanted not in {None, "verify-full"}:
        raise BadInput("tls-mandatory", field="database", mode=wanted)
    root = _one(url.query.get("sslrootcert")) or _usual_root()
    return {
        "sslmode": "verify-full",
        "channel_binding": "require",
        "gssencmode": "disable",
        "sslrootcert": root,
    }


def is_local(url: URL, environment: Mapping[str, str] = os.environ) -> bool:
    """True when every place the address names is a Unix socket or this computer's own loopback."""
    query = url.query
    if "service" in query or environment.get("PGSERVICE"):
        return False  # a file elsewhere says where
    named = [url.host or "", *_several(query.get("host")), *_several(query.get("hostaddr"))]
    hosts = [part for name in named for part in name.split(",") if part]
    if not hosts:
        hosts = [environment.get("PGHOST", ""), environment.get("PGHOSTADDR", "")]
    return all(_is_local_host(host) for host in hosts)


def personal(url: URL, *, login: str, password: str, prefix: str = "") -> tuple[URL, str]:
    """Return the address of a person's own connection, and the login as the office knows it.

    ``prefix`` begins the office's role names (default: made of the database's name); a typed name that begins with it
    is taken as the role itself. NotAllowed "sign-in-refused" for a name no role can have.
    """
    own = prefix or prefix_of(url.database or "")
    if not is_prefix(own) or not login or "\0" in login or "\0" in password:
        raise NotAllowed("sign-in-refused")
    role = login_role(own, login)
    return url.set(username=role, password=password), role.removeprefix(f"{own}_")


def with_tls(url: URL, *, root_certificate: str = "", always: bool = False) -> URL:
    """Return the address with this workstation's settings: the authority's file; TLS on this computer too."""
    more: dict[str, str] = {}
    if root_certificate and "sslrootcert" not in url.query:
        more["sslrootcert"] = root_certificate
    if always:
        more["sslmode"] = "verify-full"
    return url.update_query_dict(more) if more else url


def refusal(words: str) -> Told | None:
    """Return what to tell of a connection that was not made, by what the driver says; None when it says nothing known."""
    said = words.strip()
    for pattern, kind, code in _SAID:
        if re.search(pattern, said):
            return kind(code, reason=said.splitlines()[-1], login=_login_in(said))
    return None


def _login_in(said: str) -> str:
    found = re.search(r'(?:user|role|пользователь|роли|роль) "([^"]*)"', said)
    return found.group(1) if found else ""


def _is_local_host(host: str) -> bool:
    if not host or host.startswith(("/", "@")) or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _usual_root() -> str:
    folder = (
        Path(os.environ["APPDATA"]) / "postgresql" if "APPDATA" in os.environ else Path.home() / ".postgresql"
    )
    usual = folder / "root.crt"
    return os.environ.get("PGSSLROOTCERT") or (str(usual) if usual.exists() else "system")


def _several(value: str | Sequence[str] | None) -> Sequence[str]:
    return [value] if isinstance(value, str) else list(value or ())


def _one(value: str | Sequence[str] | None) -> str | None:
    return value if isinstance(value, str) or value is None else value[-1]
