"""``ruqsat regulations``: what law is loaded; ``… check FILE``: what is odd in a file, before it is loaded."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.errors import Told

if TYPE_CHECKING:
    from desktop.regulation.linting import Finding

CLEAN, ODD, UNREADABLE = 0, 1, 2
_LIMIT = 4 * 1024 * 1024
_LANGUAGES = ("kk", "ru", "en")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its own commands to the parser."""
    regulations = commands.add_parser("regulations", help="what law is loaded; check a file")
    regulations.add_argument("--json", action="store_true")
    regulations.set_defaults(run=_list)
    own = regulations.add_subparsers(title="commands", metavar="COMMAND")
    check = own.add_parser(
        "check",
        help="0 it is clean, 1 there is something to look at or it is refused, 2 it cannot be read",
        epilog="exit status: 0 it is clean, 1 there is something to look at or it is refused, 2 it cannot be read",
    )
    check.add_argument("file", type=Path, metavar="FILE")
    check.add_argument("--json", action="store_true")
    check.set_defaults(run=_check)


def _list(parsed: argparse.Namespace) -> int:
    from desktop.regulation import loader, summary

    loaded = [loader.load_text(text, name=name) for name, text in loader.shipped()]
    if parsed.json:
        print(json.dumps(summary.as_json(loaded), ensure_ascii=False, indent=2))
        return 0
    for regulation in loaded:
        act = f"No {regulation.act_number} of {regulation.act_date}  " if regulation.act_number else ""
        print(f"{regulation.id}  {act}{regulation.title.ru}")
        if regulation.repealed_by:
            print(f"    {regulation.repealed_by.ru}")
        for service in regulation.services:
            for operation in service.operations:
                print(f"    {service.id} / {operation.id}: {', '.join(operation.channels)}")
    return 0


def _check(parsed: argparse.Namespace) -> int:
    from desktop.regulation import linting
    from desktop.regulation.reading import BrokenRegulation
    from desktop.ui.messages import say
    from desktop.ui.reading_files import read_text

    path: Path = parsed.file
    try:
        text = read_text(str(path), _LIMIT)
    except Told as told:
        return _unreadable(told, as_json=parsed.json)
    try:
        report = linting.check_text(text, name=path.name)
    except BrokenRegulation as broken:
        code = f"regulation-fault-{broken.reason}"
        words = {language: say(code, broken.facts, language) for language in _LANGUAGES}
        if parsed.json:
            told_of = {"code": broken.reason, "line": broken.line, "what": broken.what, "text": words}
            print(
                json.dumps(
                    {"file": str(path), "clean": False, "refused": told_of}, ensure_ascii=False, indent=2
                )
            )
        else:
            print(f"{path}:{broken.line}: refused: {words['en']}")
        return ODD
    if parsed.json:
        told_all = {
            "file": str(path),
            "id": report.regulation.id,
            "version": report.regulation.version,
            "clean": report.clean,
            "unverified": report.unverified,
            "findings": [_as_json(finding) for finding in report.findings],
        }
        print(json.dumps(told_all, ensure_ascii=False, indent=2))
    else:
        for finding in report.findings:
            grade = "declared" if finding.declared else "warning"
            place = f"{finding.place}: " if finding.place else ""
            print(f"{path}:{finding.line}: {grade}: {place}{_told(finding, 'en')}")
        if report.clean:
            print(f"{path}: clean: {report.regulation.id} {report.regulation.version}")
    return CLEAN if report.clean else ODD


def _unreadable(told: Told, *, as_json: bool) -> int:
    from desktop.ui.messages import sentence

    words = sentence(told, "en")
    if as_json:
        print(json.dumps({"clean": None, "code": told.code, "text": words}, ensure_ascii=False))
    else:
        print(f"CANNOT BE READ: {words}", file=sys.stderr)
    return UNREADABLE


def _as_json(finding: "Finding") -> dict[str, Any]:
    return {
        "code": finding.code.value,
        "declared": finding.declared,
        "line": finding.line,
        "place": finding.place,
        "service": finding.service,
        "operation": finding.operation,
        "channel": finding.channel.value if finding.channel else None,
        "step": finding.step or None,
        "facts": dict(finding.facts),
        "text": {language: _told(finding, language) for language in _LANGUAGES},
        "note": {"kk": finding.by.kk, "ru": finding.by.ru} if finding.by else None,
    }


def _told(finding: "Finding", language: str) -> str:
    """Return what was found and, where the file does not say it itself, what to do."""
    from desktop.ui.messages import say
    from desktop.ui.sentences import sentences

    code = f"law-{finding.code.value}"
    told = say(code, dict(finding.facts), language)
    if finding.declared or f"{code}-advice" not in sentences():
        return told
    return f"{told} {say(f'{code}-advice', {}, language)}"
