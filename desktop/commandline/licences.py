"""``ruqsat licence``: whether a licence is, or was on a day, in force, and by which decisions."""

import argparse
import json
import sys
from datetime import date
from typing import Any

from desktop.errors import Told

IN_FORCE, NOT_IN_FORCE, NOT_LISTED, UNREADABLE = range(4)


def add(commands: Any) -> None:
    licence = commands.add_parser(
        "licence",
        help="what stands of a licence of the register, on any day: 0 in force, 1 not in force, 2 not in the register",
        epilog="exit status: 0 in force, 1 not in force, 2 not in the register, 3 the register cannot be read",
    )
    licence.add_argument("number", help="as it stands on the licence")
    licence.add_argument("--database", required=True, metavar="URL", dest="source")
    licence.add_argument(
        "--on", type=_day, metavar="DATE", help="the day that is asked about (2026-03-03), today unless said"
    )
    licence.add_argument("--json", action="store_true")
    licence.set_defaults(run=_licence)


def _licence(parsed: argparse.Namespace) -> int:
    from desktop.queries.licence_card import licence_cards
    from desktop.regulation.model import Role
    from desktop.regulation.rights import Actor
    from desktop.store import upgrade
    from desktop.store.database import Store
    from desktop.ui.messages import sentence

    reader = Actor(0, "command-line", "", "", frozenset({Role.AUDITOR}), "")
    try:
        upgrade.prepare(parsed.source, exclusive=False)
        store = Store(parsed.source, exclusive=False)
        try:
            cards = licence_cards(store, reader, number=parsed.number)
        finally:
            store.dispose()
    except Told as told_why:  # no answer is not the answer "not in force"
        print(f"ruqsat: {sentence(told_why, 'en')}", file=sys.stderr)
        return UNREADABLE
    told = [_told(card, parsed.on or card.today) for card in cards]
    if parsed.json:
        print(json.dumps({"number": parsed.number, "licences": told}, ensure_ascii=False, indent=2))
    else:
        for one in told:
            _print(one)
    if not told:
        return NOT_LISTED
    return IN_FORCE if any(one["in_force"] for one in told) else NOT_IN_FORCE


def _told(card: Any, day: date) -> dict[str, Any]:
    from desktop.regulation import licence_states

    state = card.state_on(day)
    return {
        "number": card.row.number,
        "annex": card.row.annex_number,
        "on": day.isoformat(),
        "state": state.value if state else None,
        "in_force": state is not None and state.value in licence_states.IN_FORCE,
        "issued_on": card.row.issued_on.isoformat(),
        "replaced_by": card.row.replaced_by or None,
        "replaced_on": _iso(card.replaced_on),
        "changes": [
            {
                "state": change.status,
                "from": change.from_on.isoformat(),
                "until": _iso(change.until_on),
                "ground": {"kk": change.ground.kk, "ru": change.ground.ru},
                "decided_by": {"kk": change.decided_by.kk, "ru": change.decided_by.ru},
                "decision": change.decision_number or None,
                "decided_on": _iso(change.decided_on),
                "recorded_at": change.recorded_at.isoformat(),
            }
            for change in card.changes
        ],
    }


def _print(told: dict[str, Any]) -> None:
    print(f"{told['number']} ({told['annex']}) {told['on']}: {told['state'] or 'not issued yet'}")
    for change in told["changes"]:
        until = f"–{change['until']}" if change["until"] else ""
        decision = f" ({change['decision']}, {change['decided_on']})" if change["decision"] else ""
        print(f"  {change['from']}{until} {change['state']}: {change['ground']['ru']}{decision}")


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not a day like 2026-03-03: {text!r}") from error
