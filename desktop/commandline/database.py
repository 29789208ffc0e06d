"""``ruqsat database …``: what an administrator does with the database itself, by the URL of his own login."""

import argparse
import os
import sys
from pathlib import Path

from desktop.errors import Unavailable


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its own commands to the parser."""
    database = commands.add_parser("database", help="make, upgrade, check, back up or restore a database")
    own = database.add_subparsers(title="commands", metavar="COMMAND", required=True)

    init = own.add_parser("init", help="make an empty database ready, and found the office of FILE in it")
    _add_source(init)
    init.add_argument("--office", type=Path, metavar="FILE.json", help="the office to found")
    init.add_argument(
        "--password-from",
        metavar="NAME",
        help="the environment variable with the first administrator's password (default: asked)",
    )
    init.set_defaults(run=_init)

    upgrade = own.add_parser("upgrade", help="bring the database up to this version of the program")
    _add_source(upgrade)
    upgrade.set_defaults(run=_upgrade)


def _add_source(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--database", required=True, metavar="URL", dest="source")


def _init(parsed: argparse.Namespace) -> int:
    from desktop.cases.office import create_office
    from desktop.commandline import office_file
    from desktop.store import making
    from desktop.store.database import Store

    facts = office_file.read(parsed.office) if parsed.office else None
    if facts is None:
        making.create(parsed.source)
    else:
        told = office_file.with_password(facts, _password(parsed.password_from))

        def found(store: Store) -> None:
            create_office(store, told)

        making.create(parsed.source, then=found)
    print("The database is ready." if facts is None else f"The office is founded: {facts.name_ru}")
    return 0


def _upgrade(parsed: argparse.Namespace) -> int:
    from desktop.store import making

    before, now = making.upgrade(parsed.source)
    print(f"The database is of revision {now}." if before == now else f"Upgraded from {before} to {now}.")
    return 0


def _password(variable: str | None) -> str:
    """Return the first administrator's password: never an argument, which every user of the machine can read."""
    if variable is not None:
        found = os.environ.get(variable)
        if not found:
            raise Unavailable("password-not-told", variable=variable)
        return found
    if not sys.stdin.isatty():
        raise Unavailable("password-not-told", variable="--password-from NAME")
    from getpass import getpass

    return getpass("Password of the first administrator: ")
