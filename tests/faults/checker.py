"""Judges a recorded history against the database it happened in: ``python -m tests.faults.checker HISTORY URL``.

Prints one line for each fault, beginning with the invariant it breaks, and exits 0 (nothing found), 1 (faults) or 2
(cannot be read). It knows only the history's lines (:mod:`tests.faults.history`) and SQL of its own.

I1 every acknowledged command is there once · I2 no gap or double in a register · I3 a registered case has one
number · I4 one decision, "signed" exactly where a valid signature is · I5 the journal's chain · I6 a row is its
last image · I7 contents · I8 witnesses · I9 nobody was shown what was not so · I10 the window answers within
250 ms · I11 everybody sees the cases of his roles and no other.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from tests.faults import books as database
from tests.faults import chain as journal
from tests.faults.books import Books, Row, unpacked
from tests.faults.decisions import decisions

STALL_MILLISECONDS = 250

# what the journal must say of a command: one entry of one of these (in the office's words)
EVENTS = {
    "register": {"registered"},
    "refuse_acceptance": {"acceptance-refused"},
    "attach": {"files-attached"},
    "assign": {"assigned"},
    "approve": {"approved"},
    "check": {"papers-complete", "papers-incomplete"},
    "record_answer": {"answer-recorded"},
    "save_checks": {"checks-saved"},
    "decide": {"drafted", "checks-saved"},
    "prepare": {"signing-prepared"},
    "sign": {"signed", "signing-prepared"},
    "deliver": {"handed-over"},
    "print": {"printed"},
    "return_for_rework": {"returned"},
    "withdraw": {"withdrawn"},
    "correct": {"corrected"},
    "reassign": {"reassigned"},
    "record_system": {"system-answered", "answer-weighed"},
    "receive_package": {"package-received", "package-checked"},
    "found": {"office-created"},
    "set_own_password": {"password-set"},
}
MOVES = {
    *{
        "attach",
        "assign",
        "approve",
        "check",
        "record_answer",
        "save_checks",
        "decide",
        "deliver",
        "record_system",
    },
    *{"return_for_rework", "withdraw", "correct", "reassign"},
}  # each leaves a new version of its case
MAY_BE_SILENT = {"sign", "prepare"}  # the waiting draft is handed out as it is


def check(history: Path, url: str) -> list[str]:
    """Return the faults; OSError, ValueError or SQLAlchemyError when something cannot be read."""
    lines = [json.loads(line) for line in history.read_text(encoding="utf-8").splitlines()]
    books = Books(url)
    try:
        return list(_faults(lines, books))
    finally:
        books.close()


def _faults(lines: list[Row], books: Books) -> Iterator[str]:
    begin = next((line for line in lines if line["type"] == "begin"), {"commands": [], "signatures": "pades"})
    yield from _commands(lines, books, set(begin["commands"]))
    yield from _journal_of_commands(books)
    yield from database.registers(books)
    yield from database.registered(books)
    yield from decisions(books, stand_in=begin["signatures"] == "stand-in")
    yield from journal.chain(books)
    yield from journal.images(books)
    yield from database.told_particulars(books)
    yield from database.contents(books)
    yield from journal.witnesses(lines, books)
    yield from _shown(lines, books)
    yield from _stalls(lines)
    yield from _seen(lines, books)


def _commands(lines: list[Row], books: Books, before: set[str]) -> Iterator[str]:
    """I1: acknowledged is there, refused is not, and nothing is there that nobody asked for or twice."""
    asked = {line["id"]: line for line in lines if line["type"] == "invoke"}
    ends: dict[str, list[Row]] = defaultdict(list)
    for line in lines:
        if line["type"] in {"ok", "fail", "info", "defect"}:
            ends[line["id"]].append(line)
    there = {row["id"]: row for row in books.commands}
    for name, first in asked.items():
        row = there.get(name)
        acknowledged = [line for line in ends[name] if line["type"] == "ok"]
        known = [line for line in ends[name] if line["type"] in {"ok", "fail"}]
        about = f"I1 {first['kind']} {name} of {first['login']}"
        if acknowledged and row is None:
            yield f"{about}: acknowledged, and is not there"
        if row is not None and known and not acknowledged and len(known) == len(_calls(lines, name)):
            yield f"{about}: refused ({known[-1].get('code')}), and is there"
        if row is not None:
            yield from (f"{about}: {fault}" for fault in _differs(first, acknowledged, row))
    for name, row in there.items():
        if name not in asked and name not in before:
            yield f"I1 {row['kind']} {name} of {row['login']}: nobody asked for it"
    digests = Counter(row["digest"] for row in there.values() if row["digest"])
    yield from (
        f"I1 digest {digest[:12]}: done {count} times" for digest, count in digests.items() if count > 1
    )


def _calls(lines: list[Row], name: str) -> list[Row]:
    return [line for line in lines if line["type"] == "invoke" and line["id"] == name]


def _differs(first: Row, acknowledged: list[Row], row: Row) -> Iterator[str]:
    """What the row says otherwise than the one who asked."""
    for field in ("kind", "login", "digest"):
        if row[field] != first[field]:
            yield f"asked with {field} {first[field]!r}, there with {row[field]!r}"
    if first["case"] is not None and row["case_id"] != first["case"]:
        yield f"asked for case {first['case']}, there for {row['case_id']}"
    kept = unpacked(row["result"])
    for line in acknowledged:
        told = line["result"]
        if isinstance(kept, dict) and isinstance(told, dict):
            for key in (kept.keys() & told.keys()) - {"due_at", "hand_over_by", "version"}:
                if kept[key] != told[key]:
                    yield f"answered {key} {told[key]!r}, there {kept[key]!r}"
        elif told is not None and kept != told:  # who asked did not keep the answer
            yield f"answered {told!r}, there {kept!r}"


def _journal_of_commands(books: Books) -> Iterator[str]:
    """I1: the journal tells of a command once, and of nothing no command did."""
    told: dict[str | None, list[Row]] = defaultdict(list)
    for entry in books.entries:
        told[entry["command_id"]].append(entry)
    commands = {row["id"]: row for row in books.commands}
    for name, row in commands.items():
        wanted = EVENTS.get(row["kind"])
        mine = told.get(name, [])
        once = len(mine) == 1 and mine[0]["event"] in (wanted or ())
        silent = row["kind"] in MAY_BE_SILENT and not mine
        if wanted is not None and not once and not silent:
            yield f"I1 {row['kind']} {name}: the journal says {[entry['event'] for entry in mine]}"
        for entry in mine:
            if row["case_id"] is not None and entry["case_id"] != row["case_id"]:
                yield f"I1 {row['kind']} {name}: of case {row['case_id']}, the journal says {entry['case_id']}"
            if row["login"] and entry["actor"] not in {row["login"], ""}:
                yield f"I1 {row['kind']} {name}: by {row['login']}, the journal says {entry['actor']}"
    for name in told.keys() - commands.keys() - {None}:
        yield f"I1 journal entry {told[name][0]['id']}: of a command {name} that is not there"
    moves = Counter(row["case_id"] for row in commands.values() if row["kind"] in MOVES)
    for case in books.cases:
        if case["version"] <= moves[case["id"]]:
            yield f"I1 case {case['number']}: version {case['version']} after {moves[case['id']]} changes"


def _shown(lines: list[Row], books: Books) -> Iterator[str]:
    """I9: "done" is said of what is there, "not done" of what is not, and neither while nobody knows."""
    there = {row["id"]: row for row in books.commands}
    numbers = {row["id"]: row["number"] for row in books.cases}
    last: dict[str, Row] = {}
    state: dict[str, str] = {}
    for line in lines:
        name = line.get("id")
        if line["type"] in {"invoke", "ok", "fail", "info"}:
            state[name] = line["type"]
        if line["type"] == "defect":
            yield f"I9 {line['kind']} {name}: a defect was shown: {line['error']}"
        if line["type"] != "shown":
            continue
        last[name] = line
        allowed = {"done": {"ok"}, "not-done": {"fail"}, "finding-out": {"info", "invoke"}}[line["said"]]
        if state.get(name) not in allowed:
            yield f"I9 command {name}: shown as {line['said']} when it was {state.get(name)}"
        yield from _lost_race(line, books)
    for name, line in last.items():
        row = there.get(name)
        if line["said"] == "done" and row is None:
            yield f"I9 command {name}: shown as done, and is not there"
        if line["said"] == "not-done" and row is not None and state.get(name) == "fail":
            yield f"I9 command {name}: shown as not done, and is there"
        registered = line["said"] == "done" and row is not None and row["kind"] == "register"
        if registered and line.get("number") not in {None, numbers.get(row["case_id"])}:
            yield f"I9 command {name}: shown number {line['number']}, registered {numbers.get(row['case_id'])}"


def _lost_race(line: Row, books: Books) -> Iterator[str]:
    """Who is said to have been quicker did do that."""
    if line.get("code") != "case-moved-on" or not line.get("case"):
        return
    facts = line.get("facts", {})
    did = {
        (entry["actor_name"], entry["event"]) for entry in books.entries if entry["case_id"] == line["case"]
    }
    if (facts.get("who"), facts.get("what")) not in did:
        yield f"I9 command {line['id']}: {facts.get('who')!r} was said to have {facts.get('what')!r}"


def _stalls(lines: list[Row]) -> Iterator[str]:
    for line in lines:
        if line["type"] == "stall" and line["milliseconds"] > STALL_MILLISECONDS:
            yield f"I10 {line.get('worker')}: the window answered nothing for {line['milliseconds']:.0f} ms"


# which cases a role sees, written by hand from the rights matrix; a person sees what any of his roles sees
EVERY_CASE = {"clerk", "head", "department_head", "auditor"}
OWN_CASES = {
    "executor",
    "commission_secretary",
    "commission",
    "centre_operator",
    "phc_employee",
    "department_employee",
}


def _seen(lines: list[Row], books: Books) -> Iterator[str]:
    """I11: what a login saw is what its roles see."""
    roles: dict[str, set[str]] = defaultdict(set)
    for row in books.rows("SELECT p.login, r.role FROM person p JOIN person_role r ON r.person_id = p.id"):
        roles[row["login"]].add(row["role"])
    every = {case["id"] for case in books.cases}
    own: dict[str, set[int]] = defaultdict(set)
    for row in books.rows("SELECT a.case_id, p.login FROM assignment a JOIN person p ON p.id = a.person_id"):
        own[row["login"]].add(row["case_id"])
    for line in lines:
        if line["type"] != "saw":
            continue
        mine = roles[line["login"]]
        wanted = every if mine & EVERY_CASE else own[line["login"]] if mine & OWN_CASES else set()
        seen = set(line["cases"])
        if seen - wanted:
            strange = sorted(seen - wanted)
            yield f"I11 {line['login']}: saw {len(strange)} cases not for {sorted(mine)}: {strange[:5]}"
        if wanted - seen:
            yield f"I11 {line['login']}: did not see {len(wanted - seen)} of his: {sorted(wanted - seen)[:5]}"


def serve() -> int:
    """Judge one after another: each line in is a history's path and an address as JSON, each line out the faults."""
    for line in sys.stdin:
        path, url = json.loads(line)
        try:
            told = {"faults": check(Path(path), url)}
        except (OSError, ValueError, KeyError, SQLAlchemyError) as error:
            told = {"unread": [str(error)]}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
    return 0


def main(arguments: list[str]) -> int:
    if arguments == ["--serve"]:
        return serve()
    if len(arguments) != 2:
        sys.stderr.write("python -m tests.faults.checker HISTORY DATABASE-URL | --serve\n")
        return 2
    try:
        faults = check(Path(arguments[0]), arguments[1])
    except (OSError, ValueError, KeyError, SQLAlchemyError) as error:
        sys.stderr.write(f"cannot be read: {error}\n")
        return 2
    for fault in faults:
        sys.stdout.write(fault + "\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
