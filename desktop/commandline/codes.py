"""``ruqsat codes``: the trust list and the signed status list, for those who check papers without a network."""

import argparse
import os
from datetime import timedelta
from getpass import getpass
from pathlib import Path
from typing import Any

VALID_DAYS = 7


def add(commands: Any) -> None:
    codes = commands.add_parser("codes", help="files for those who check the codes on papers")
    kinds = codes.add_subparsers(dest="codes", required=True)
    trust = kinds.add_parser("trust", help="the certificates of the department's keys of codes, old ones too")
    status = kinds.add_parser("status", help="the signed list of what stands of every licence")
    for parser in (trust, status):
        parser.add_argument("--database", required=True, metavar="URL", dest="source")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE")
    status.add_argument(
        "--key", required=True, type=Path, metavar="FILE.p12", help="the department's key of codes"
    )
    status.add_argument(
        "--password-from", metavar="VARIABLE", help="environment variable with its password; else it is asked"
    )
    status.add_argument(
        "--days", type=int, default=VALID_DAYS, metavar="N", help="for how many days the list is fresh"
    )
    trust.set_defaults(run=_trust)
    status.set_defaults(run=_status)


def _trust(parsed: argparse.Namespace) -> int:
    from desktop.eds.codes.trust import of_office, trust_list
    from desktop.queries.code_keys import code_keys

    store = _store(parsed.source)
    try:
        certificates = of_office(row.pem for row in code_keys(store, None))
        content = trust_list(certificates, made_at=store.now())
    finally:
        store.dispose()
    _write(parsed.out, content.encode())
    print(f"{parsed.out}: {len(certificates)}")
    return 0


def _status(parsed: argparse.Namespace) -> int:
    from desktop.eds.codes import keys, status_list
    from desktop.errors import NotAllowed
    from desktop.queries import office
    from desktop.queries.code_keys import code_keys
    from desktop.queries.statuses import licence_statuses
    from desktop.regulation.model import Role
    from desktop.regulation.rights import Actor

    variable = parsed.password_from
    password = os.environ.get(variable, "") if variable else getpass(f"{parsed.key.name}: ")
    reader = Actor(0, "command-line", "", "", frozenset({Role.AUDITOR}), "")
    store = _store(parsed.source)
    try:
        signer = keys.open_keystore(parsed.key, password)
        if signer.certificate.sha256 not in {row.sha256 for row in code_keys(store, None) if row.in_use}:
            raise NotAllowed("code-key-retired")
        own, made_at = office.office(store), store.now()
        entries = dict(status_list.entries_of(licence_statuses(store, reader)))
        content = status_list.make(
            signer,
            entries.items(),
            licensor=own.name.kk,
            licensor_bin=own.bin,
            made_at=made_at,
            valid_until=made_at + timedelta(days=parsed.days),
        )
    finally:
        store.dispose()
    _write(parsed.out, content)
    print(f"{parsed.out}: {len(entries)}")
    return 0


def _store(source: str) -> Any:
    from desktop.store import upgrade
    from desktop.store.database import Store

    upgrade.prepare(source, exclusive=False)
    return Store(source, exclusive=False)


def _write(path: Path, content: bytes) -> None:
    from desktop.errors import Unavailable

    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(content)
        os.replace(part, path)
    except OSError as error:
        raise Unavailable("file-not-written", path=str(path), reason=error.strerror or "") from error
