"""``ruqsat journal verify``: proves the journal of a database: 0 it holds, 1 it does not (and where), 2 it cannot be read."""

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.errors import Told

if TYPE_CHECKING:
    from desktop.eds.report import PaperJudge
    from desktop.store.proving import Proof

HOLDS, DOES_NOT, UNREADABLE = 0, 1, 2


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its own commands to the parser."""
    journal = commands.add_parser("journal", help="prove the journal of a database")
    own = journal.add_subparsers(title="commands", metavar="COMMAND", required=True)
    verify = own.add_parser(
        "verify",
        help="0 it holds, 1 it does not (and where), 2 it cannot be read",
        epilog="exit status: 0 it holds, 1 it does not (and where), 2 it cannot be read",
    )
    verify.add_argument("--database", required=True, metavar="URL", dest="source")
    verify.add_argument("--deep", action="store_true", help="read every file, verify every signature anew")
    verify.add_argument(
        "--since", type=int, default=0, metavar="POS", help="the chain was proved up to here before"
    )
    verify.add_argument(
        "--witness",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="what a workstation remembers (witness.json of its state folder)",
    )
    verify.add_argument("--json", action="store_true")
    verify.set_defaults(run=_verify)


def _verify(parsed: argparse.Namespace) -> int:
    from desktop.store import proving, upgrade
    from desktop.store.database import Store
    from desktop.store.witness import Witness
    from desktop.ui.messages import sentence

    try:
        store = Store(parsed.source, exclusive=False)
        try:
            upgrade.prepare(parsed.source, exclusive=False)
            remembered = [one for path in parsed.witness for one in _told_by(Witness(path))]
            judge = _judge(store) if parsed.deep else None
            proof = proving.prove(
                store, deep=parsed.deep, since=parsed.since, judge=judge, seen_before=remembered
            )
            if judge is not None:
                proof.signatures, proof.not_asked = judge.held, judge.not_asked
        finally:
            store.dispose()
    except Told as told:
        words = sentence(told, "en")
        if parsed.json:
            print(json.dumps({"holds": None, "code": told.code, "text": words}, ensure_ascii=False))
        else:
            print(f"CANNOT BE VERIFIED: {words}", file=sys.stderr)
        return UNREADABLE
    if parsed.json:
        print(json.dumps(as_json(proof), ensure_ascii=False, indent=2))
    else:
        _say(proof)
    return HOLDS if proof.holds else DOES_NOT


def as_json(proof: "Proof") -> dict[str, Any]:
    """Return a proof as scripts read it: ``findings`` hold level, code, position (or null), facts and a sentence."""
    from desktop.ui.messages import sentence

    return {
        "holds": proof.holds,
        "database": proof.database,
        "position": proof.position,
        "hash": proof.hash,
        "links": proof.links,
        "images": proof.images,
        "levels": sorted(proof.levels),
        "signatures": {"hold": proof.signatures, "revocation_not_asked": proof.not_asked},
        "number": proof.number,
        "findings": [
            {
                "level": one.level,
                "code": one.code,
                "position": one.position,
                "facts": {name: _plain(value) for name, value in one.facts.items()},
                "text": sentence(one.told, "en"),
            }
            for one in proof.findings
        ],
    }


def _say(proof: "Proof") -> None:
    from desktop.ui.messages import sentence

    answer = "HOLDS" if proof.holds else "DOES NOT HOLD"
    print(f"{answer}: the journal of {proof.database}, up to position {proof.position}.")
    print(f"  {proof.links} links and {proof.images} records read; levels {', '.join(sorted(proof.levels))}.")
    if "L4" in proof.levels:
        print(f"  {proof.signatures} signatures verified anew hold{_revocation(proof)}.")
    for one in proof.findings:
        print(f"  {one.level}  {sentence(one.told, 'en')}")
    if proof.number > len(proof.findings):
        print(f"  and {proof.number - len(proof.findings)} more")


def _revocation(proof: "Proof") -> str:
    if not proof.signatures:
        return ""
    if not proof.not_asked:
        return "; their files prove that no certificate was revoked"
    return f"; revocation not asked of {proof.not_asked}: nobody is asked here, and those files do not prove it themselves"


def _told_by(witness: Any) -> list[Any]:
    if not witness.path.exists():
        from desktop.errors import Unavailable

        raise Unavailable("witness-unreadable", path=str(witness.path), reason="no such file")
    return list(witness.remembered())


def _judge(store: Any) -> "PaperJudge":
    """Verify with the roots the office trusts; demo roots count, as they did when the paper was signed."""
    from desktop.eds import report
    from desktop.store import proving

    return report.judge_of(proving.trust_roots(store))


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
