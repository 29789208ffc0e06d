"""The command line: arguments in, exit status out. Administrators script it, so words and codes are stable.

Nothing here decides anything: each command parses, calls one function of the layers below and prints.
Heavy libraries are imported by the command that needs them.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from desktop import __version__
from desktop.errors import Told, Unavailable

FAILED, INTERRUPTED = 1, 130
OFFICE_ZONE = "Asia/Oral"
_EXIT = "exit status: 0 done; 1 not done, one sentence says why; 2 the arguments are wrong"


class _Parser(argparse.ArgumentParser):
    """Says at the end of every ``--help`` which exit status means what."""

    def __init__(self, **words: Any) -> None:
        super().__init__(**{"epilog": _EXIT, **words})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command named by ``arguments`` (default: the process's own) and return its exit status."""
    words = sys.argv[1:] if arguments is None else arguments
    # opening the window is the usual thing, and it waits for nothing it does not need
    parsed = _parser().parse_args(words) if words else argparse.Namespace(database=None, run=_open)
    command: Callable[[argparse.Namespace], int] = parsed.run
    try:
        return command(parsed)
    except Told as told:
        from desktop.ui.messages import sentence

        print(f"ruqsat: {sentence(told, 'en')}", file=sys.stderr)
        return FAILED
    except BrokenPipeError:  # whoever read our lines has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("ruqsat: interrupted", file=sys.stderr)
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - nobody above tells it in words
        return _defect(error)


def _defect(error: Exception) -> int:
    """Tell of a mistake of ours in a sentence; where it happened goes to the log, as in the window."""
    import logging

    from desktop import logs, settings
    from desktop.ui.messages import report_number, sentence

    number, log = report_number(), logs.start(settings.state_folder())
    logging.getLogger(__name__).error("report %s", number, exc_info=error)
    logs.stop()
    print(
        f"ruqsat: {sentence(error, 'en')} Report {number}" + (f" in {log}." if log else "."), file=sys.stderr
    )
    return FAILED


def _parser() -> argparse.ArgumentParser:
    from desktop.commandline import codes, database, journal, licences, regulations

    parser: argparse.ArgumentParser = _Parser(
        prog="ruqsat", description="The licensing desk of a regional health department."
    )
    parser.add_argument("--version", action="version", version=f"ruqsat {__version__}")
    parser.add_argument(
        "--database", metavar="URL", help="the office's database (default: this workstation's setting)"
    )
    parser.set_defaults(run=_open)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    demo = commands.add_parser(
        "demo", help="open the demo office; without a display, do the main job offscreen"
    )
    demo.add_argument("--out", type=Path, metavar="DIR", help="where the demo office and its papers lie")
    demo.add_argument("--fresh", action="store_true", help="rebuild the demo office from nothing")
    demo.add_argument(
        "--headless", action="store_true", help="drive the windows offscreen and leave the papers in DIR"
    )
    demo.add_argument(
        "--facts", type=Path, metavar="FILE", help="the case to carry, in JSON (with --headless)"
    )
    demo.add_argument(
        "--database", metavar="URL", dest="administrator", default="",
        help="build it in this empty PostgreSQL database; the URL is that of the server's administrator",
    )  # fmt: skip
    demo.set_defaults(run=_demo)

    verify = commands.add_parser(
        "verify",
        help="check whatever is signed (a PDF, a signature file, XML, a code, a package): 0 valid, 1 not, 2 cannot be read",
        epilog="exit status: 0 valid, 1 not valid, 2 it cannot be read (or the arguments are wrong)",
    )
    verify.add_argument("file", type=Path)
    verify.add_argument(
        "--document", type=Path, metavar="FILE", help="what a signature file (CMS) of its own signs"
    )
    verify.add_argument(
        "--trust", type=Path, action="append", default=[], metavar="FILE_OR_DIR",
        help="certificates (PEM, DER, base64): one that signed itself is trusted, any other may stand in a chain",
    )  # fmt: skip
    verify.add_argument(
        "--crl", type=Path, action="append", default=[], metavar="FILE", help="a list of revoked certificates"
    )
    verify.add_argument(
        "--at",
        type=_aware_moment,
        metavar="TIME",
        help="the moment to judge by (2026-11-30T12:00+05:00), now unless said",
    )
    verify.add_argument(
        "--online",
        action="store_true",
        help="ask the authorities whether certificates are revoked (OCSP, then lists)",
    )
    verify.add_argument("--json", action="store_true")
    verify.set_defaults(run=_verify)

    due = commands.add_parser("due", help="when a result is due, and why then")
    due.add_argument("--regulation", required=True, metavar="ID")
    due.add_argument("--service", required=True, metavar="S")
    due.add_argument("--operation", required=True, metavar="O")
    due.add_argument(
        "--received", required=True, type=_moment, metavar="MOMENT", help="2018-06-29T16:50, office time"
    )
    due.add_argument("--channel", metavar="C", help="the operation's first one, unless said")
    due.add_argument(
        "--pause",
        type=_pause,
        action="append",
        default=[],
        metavar="FROM/TO",
        help="the term stood still then",
    )
    due.add_argument("--json", action="store_true")
    due.set_defaults(run=_due)

    export = commands.add_parser("export", help="a register as an Excel workbook")
    export.add_argument("register", choices=("applications", "licences"))
    export.add_argument("--database", required=True, metavar="URL", dest="source")
    export.add_argument("--out", required=True, type=Path, metavar="FILE.xlsx")
    export.set_defaults(run=_export)
    regulations.add(commands)
    database.add(commands)
    journal.add(commands)
    codes.add(commands)
    licences.add(commands)
    return parser


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not a moment like 2018-06-29T16:50: {text!r}") from error


def _aware_moment(text: str) -> datetime:
    moment = _moment(text)
    if not 1950 <= moment.year <= 9000:  # a certificate knows none before, and a zone needs room after
        raise argparse.ArgumentTypeError(f"not a moment of any signature: {text!r}")
    return moment if moment.tzinfo is not None else moment.astimezone()


def _pause(text: str) -> tuple[datetime, datetime]:
    first, mark, last = text.partition("/")
    if not mark:
        raise argparse.ArgumentTypeError(f"not two moments like 2018-07-02T10:00/2018-07-05T16:00: {text!r}")
    return _moment(first), _moment(last)


def _open(parsed: argparse.Namespace) -> int:
    from desktop import app
    from desktop.demo import front_door

    if not front_door.display_named():
        raise Unavailable("no-display")
    return app.run(database=parsed.database, demo=front_door.prepare)


def _demo(parsed: argparse.Namespace) -> int:
    from desktop.demo import front_door

    return front_door.run(
        out=parsed.out,
        fresh=parsed.fresh,
        headless=parsed.headless,
        facts=parsed.facts,
        administrator=parsed.administrator,
    )


def _verify(parsed: argparse.Namespace) -> int:
    from desktop.eds import report
    from desktop.exchange.checking import check

    return report.verify_file(
        parsed.file,
        trust=parsed.trust,
        document=parsed.document,
        crls=parsed.crl,
        online=parsed.online,
        as_json=parsed.json,
        write=print,
        at=parsed.at,
        check=check,
    )


def _due(parsed: argparse.Namespace) -> int:
    from zoneinfo import ZoneInfo

    from desktop.regulation import loader, summary, terms

    loaded = [loader.load_text(text, name=name) for name, text in loader.shipped()]
    told = summary.due_as_json(
        loaded,
        terms.default_calendar(ZoneInfo(OFFICE_ZONE)),
        regulation=parsed.regulation,
        service=parsed.service,
        operation=parsed.operation,
        received=parsed.received,
        channel=parsed.channel,
        pauses=parsed.pause,
    )
    if parsed.json:
        import json

        print(json.dumps(told, ensure_ascii=False, indent=2))
        return 0
    print(
        f"due {told['due']}"
        + (f", to be handed over by {told['hand_over_by']}" if told["hand_over_by"] else "")
        + (" (no total term in the act: the terms of its steps added up)" if "of_steps" in told else "")
    )
    for reason in told["why"]:
        counted = "counted    " if reason["counted"] else "not counted"
        name = (reason["text"] or {}).get("ru", "")
        print(f"    {reason['first']}  {reason['last']}  {counted}  {reason['code']}  {name}".rstrip())
    return 0


def _export(parsed: argparse.Namespace) -> int:
    from socket import gethostname
    from zoneinfo import ZoneInfo

    from desktop.documents import register_columns, registers_xlsx
    from desktop.queries import office, registers
    from desktop.queries.rows import RegisterFilter
    from desktop.regulation.model import Role
    from desktop.regulation.rights import Actor
    from desktop.store import upgrade
    from desktop.store.database import Store

    # whoever can read the file, or has the login of the URL, may read the register: that is the boundary here
    reader = Actor(0, "command-line", "", "", frozenset({Role.AUDITOR}), gethostname())
    store = Store(parsed.source, exclusive=False)  # a database that is not there is said, never made
    try:
        upgrade.prepare(parsed.source, exclusive=False)
        everything, own = RegisterFilter(), office.office(store)
        stream = registers.stream_licences if parsed.register == "licences" else registers.stream_applications
        made_at = store.now().astimezone(ZoneInfo(own.time_zone))
        heading = registers_xlsx.Heading(own.name, register_columns.filter_words(everything), made_at)
        count = registers_xlsx.write(
            parsed.out, kind=parsed.register, rows=stream(store, reader, filter=everything), heading=heading
        )
    finally:
        store.dispose()
    print(f"{parsed.out}: {count} rows")
    return 0
