"""``ruqsat database …``: what an administrator does with the database itself, by the URL of his own login."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from desktop.errors import Told, Unavailable

WELL, WRONG, UNREADABLE = 0, 1, 2


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its own commands to the parser."""
    database = commands.add_parser("database", help="make, upgrade, check, back up or restore a database")
    own = database.add_subparsers(title="commands", metavar="COMMAND", required=True)

    init = own.add_parser("init", help="make an empty database ready, and found the office of FILE in it")
    _add_source(init)
    init.add_argument("--office", type=Path, metavar="FILE.json", help="the office to found")
    _add_password(init)
    _add_prefix(init)
    init.set_defaults(run=_init)

    upgrade = own.add_parser("upgrade", help="bring the database up to this version of the program")
    _add_source(upgrade)
    upgrade.set_defaults(run=_upgrade)

    check = own.add_parser(
        "check",
        help="look the database over: 0 all is well, 1 something is wrong, 2 it cannot be read",
        epilog="exit status: 0 all is well, 1 something is wrong, 2 it cannot be read",
    )
    _add_source(check)
    check.add_argument("--json", action="store_true")
    check.set_defaults(run=_check)

    backup = own.add_parser("backup", help="a consistent copy, also while people work")
    _add_source(backup)
    backup.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="the new file; in a folder it gets a name"
    )
    backup.set_defaults(run=_backup)

    restore = own.add_parser("restore", help="make an empty database, or a new file, the office of a copy")
    _add_source(restore)
    restore.add_argument("--from", type=Path, required=True, metavar="FILE", dest="copy", help="the copy")
    _add_prefix(restore)
    restore.set_defaults(run=_restore)

    password = own.add_parser(
        "password", help="a new password for a person, when no administrator can sign in"
    )
    _add_source(password)
    password.add_argument("--login", required=True, help="as the office knows it")
    _add_password(password)
    password.set_defaults(run=_give_password)

    confirm = own.add_parser(
        "confirm", help="confirm what was set about a person, when nobody is left in the office who may"
    )
    _add_source(confirm)
    confirm.add_argument("--login", required=True, help="as the office knows it")
    confirm.set_defaults(run=_confirm_person)


def _add_source(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--database", required=True, metavar="URL", dest="source")


def _add_password(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--password-from", metavar="NAME", help="the environment variable with the password (default: asked)"
    )


def _add_prefix(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--prefix",
        default="",
        metavar="NAME",
        help="how names of people's logins begin on the server (default: the database's name)",
    )


def _init(parsed: argparse.Namespace) -> int:
    from desktop.cases.office import create_office
    from desktop.commandline import office_file
    from desktop.store import making
    from desktop.store.database import Store

    facts = office_file.read(parsed.office) if parsed.office else None
    if facts is None:
        making.create(parsed.source, prefix=parsed.prefix)
    else:
        told = office_file.with_password(facts, _password(parsed.password_from))

        def found(store: Store) -> None:
            create_office(store, told)

        making.create(parsed.source, prefix=parsed.prefix, then=found)
    print("The database is ready." if facts is None else f"The office is founded: {facts.name_ru}")
    return 0


def _upgrade(parsed: argparse.Namespace) -> int:
    from desktop.store import making

    before, now = making.upgrade(parsed.source)
    print(f"The database is of revision {now}." if before == now else f"Upgraded from {before} to {now}.")
    return 0


def _check(parsed: argparse.Namespace) -> int:
    from desktop.store import health, upgrade
    from desktop.store.database import Store
    from desktop.ui.messages import say, sentence

    try:
        store = Store(parsed.source, exclusive=False)
        try:
            upgrade.prepare(parsed.source, exclusive=False)
            found = health.examine(store, deep=True)
        finally:
            store.dispose()
    except Told as told:
        words = sentence(told, "en")
        if parsed.json:
            print(json.dumps({"well": None, "code": told.code, "text": words}, ensure_ascii=False))
        else:
            print(f"CANNOT BE CHECKED: {words}", file=sys.stderr)
        return UNREADABLE
    well = all(one.grade is not health.Grade.FAULT for one in found)
    said = [(one.grade.value, one.code, say(one.code, one.facts, "en")) for one in found]
    if parsed.json:
        told_of = [{"grade": grade, "code": code, "text": words} for grade, code, words in said]
        print(json.dumps({"well": well, "findings": told_of}, ensure_ascii=False, indent=2))
    else:
        for grade, _code, words in said:
            print(f"{grade:8} {words}")
    return WELL if well else WRONG


def _backup(parsed: argparse.Namespace) -> int:
    from desktop.store import backup

    target: Path = parsed.out
    if target.is_dir():
        target /= backup.usual_name(parsed.source, datetime.now(UTC).astimezone())
    with _progress() as watch:
        made = backup.backup(parsed.source, target, watch=watch)
    print(f"{made.path}: {made.size} bytes, SHA-256 {made.sha256}")
    return 0


def _restore(parsed: argparse.Namespace) -> int:
    from desktop.store import backup

    with _progress() as watch:
        backup.restore(parsed.copy, parsed.source, prefix=parsed.prefix, watch=watch)
    print(f"The office of {parsed.copy} is restored.")
    if not parsed.source.startswith("postgres"):
        return 0
    print("No password is in a copy. Give one to an administrator, who gives them to the others:")
    print("    ruqsat database password --database URL --login LOGIN")
    return 0


def _give_password(parsed: argparse.Namespace) -> int:
    from desktop.cases.rescuing import give_password
    from desktop.store import making

    password = _password(parsed.password_from)
    making.in_one_transaction(
        parsed.source, lambda store: give_password(store, login=parsed.login, password=password)
    )
    print(f"{parsed.login} has a new password.")
    return 0


def _confirm_person(parsed: argparse.Namespace) -> int:
    from desktop.cases.rescuing import confirm_person
    from desktop.store import making

    making.in_one_transaction(parsed.source, lambda store: confirm_person(store, login=parsed.login))
    print(f"What was set about {parsed.login} is confirmed, and the journal says so.")
    return 0


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Per cents on a terminal; nothing elsewhere. Ctrl+C ends the work, and says what it left."""
    shown = -1

    def watch(done: int, of: int) -> None:
        nonlocal shown
        now = done * 100 // of if of else 100
        if now != shown and sys.stderr.isatty():
            print(f"\r{now:3d} %", end="", file=sys.stderr, flush=True)
            shown = now

    try:
        yield watch
    except KeyboardInterrupt:
        raise Unavailable("backup-stopped") from None
    finally:
        if shown >= 0:
            print("\r     \r", end="", file=sys.stderr, flush=True)


def _password(variable: str | None) -> str:
    """Return the password from the environment or the terminal: never an argument, which the whole machine can read."""
    if variable is not None:
        found = os.environ.get(variable)
        if not found:
            raise Unavailable("password-not-told", variable=variable)
        return found
    if not sys.stdin.isatty():
        raise Unavailable("password-not-told", variable="--password-from NAME")
    from getpass import getpass

    return getpass("Password: ")
