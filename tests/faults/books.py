"""The checker's reading of the database: SQL of its own, and what must be true of the rows by themselves.

Nothing here uses the program's commands, queries or mapped classes: a mistake of theirs must not be the
checker's too. A fault is a text that begins with the name of the invariant it breaks.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection, make_url

DECISIONS = ("licence", "refusal")
Row = dict[str, Any]


class Books:
    """One snapshot of the database at ``url``; what is asked twice is read once."""

    def __init__(self, url: str) -> None:
        address = make_url(url)
        if address.get_backend_name() == "postgresql":
            address = address.set(drivername="postgresql+psycopg")
        self._engine = create_engine(address)
        self._connection: Connection = self._engine.connect()
        self.postgresql = address.get_backend_name() == "postgresql"
        if self.postgresql:
            self._connection = self._connection.execution_options(isolation_level="REPEATABLE READ")
        self._known: dict[str, list[Row]] = {}

    def close(self) -> None:
        self._connection.close()
        self._engine.dispose()

    def rows(self, statement: str, **values: Any) -> list[Row]:
        if values:
            return [dict(row) for row in self._connection.execute(text(statement), values).mappings()]
        if statement not in self._known:
            self._known[statement] = [
                dict(row) for row in self._connection.execute(text(statement)).mappings()
            ]
        return self._known[statement]

    def has(self, table: str) -> bool:
        """True when the database has ``table``."""
        if self.postgresql:
            return bool(self.rows("SELECT to_regclass(:name) AS found", name=table)[0]["found"])
        return bool(self.rows("SELECT 1 FROM sqlite_master WHERE name = :name", name=table))

    def content(self, sha256: str | None) -> bytes:
        """Return the bytes kept under a hash, joined from their chunks."""
        chunks = self.rows(
            "SELECT content FROM blob_chunk WHERE sha256 = :sha256 ORDER BY position", sha256=sha256
        )
        return b"".join(bytes(row["content"]) for row in chunks)

    @property
    def commands(self) -> list[Row]:
        return self.rows("SELECT id, kind, case_id, login, digest, result FROM command")

    @property
    def cases(self) -> list[Row]:
        return self.rows("SELECT * FROM case_file ORDER BY id")

    @property
    def entries(self) -> list[Row]:
        return self.rows(
            "SELECT id, actor, actor_name, event, case_id, case_number, facts, command_id FROM journal_entry ORDER BY id"
        )

    @property
    def numbers(self) -> list[Row]:
        return self.rows("SELECT * FROM register_number ORDER BY register, year, sequence")

    @property
    def documents(self) -> list[Row]:
        return self.rows("SELECT * FROM case_document ORDER BY id")

    @property
    def people(self) -> dict[int, Row]:
        return {row["id"]: row for row in self.rows("SELECT id, login, name_kk, iin, active FROM person")}


def unpacked(value: Any) -> Any:
    """Return what a JSON column holds: SQLite gives its text, PostgreSQL the value."""
    return json.loads(value) if isinstance(value, str) else value


def registers(books: Books) -> Iterator[str]:
    """I2: no gap and no double in a register of a year, and its counter at the last."""
    given: dict[tuple[str, int], list[int]] = defaultdict(list)
    texts: Counter[tuple[str, str]] = Counter()
    for row in books.numbers:
        given[row["register"], row["year"]].append(row["sequence"])
        texts[row["register"], row["text"]] += 1
        if row["state"] not in {"used", "reserved", "voided"}:
            yield f"I2 {row['register']} {row['text']}: its state is {row['state']!r}"
        if row["state"] == "voided" and not row["reason"]:
            yield f"I2 {row['register']} {row['text']}: voided without a reason"
    yield from (
        f"I2 {register} {told}: given {count} times" for (register, told), count in texts.items() if count > 1
    )
    counters = {
        (row["register"], row["year"]): row["last"]
        for row in books.rows("SELECT register, year, last FROM register_counter")
    }
    for place, sequences in given.items():
        missing = sorted(set(range(1, max(sequences) + 1)) - set(sequences))
        if missing or len(set(sequences)) != len(sequences):
            yield f"I2 {place}: {missing} missing of {max(sequences)}"
        if counters.pop(place, None) != max(sequences):
            yield f"I2 {place}: the counter is not at {max(sequences)}"
    yield from (
        f"I2 {place}: a counter at {last} without numbers" for place, last in counters.items() if last
    )


def registered(books: Books) -> Iterator[str]:
    """I3: a registered case has exactly one incoming number, and the number its case; told once in the journal."""
    incoming: dict[int | None, list[str]] = defaultdict(list)
    for row in books.numbers:
        if row["register"] == "incoming":
            incoming[row["case_id"]].append(row["text"])
    told = Counter(row["case_id"] for row in books.entries if row["event"] == "registered")
    receipts = defaultdict(list)
    for row in books.documents:
        if row["kind"] == "receipt":
            receipts[row["case_id"]].append(row["number"])
    for case in books.cases:
        numbers = incoming.pop(case["id"], [])
        if numbers != [case["number"]]:
            yield f"I3 case {case['number']}: the register gave {numbers}"
        if told.pop(case["id"], 0) != 1:
            yield f"I3 case {case['number']}: not registered exactly once in the journal"
        if receipts.pop(case["id"], []) != [case["number"]]:
            yield f"I3 case {case['number']}: not exactly one receipt with its number"
        closed = case["step"] is None
        if closed != (case["result"] is not None) or closed != (case["closed_at"] is not None):
            yield f"I3 case {case['number']}: neither open nor closed"
    for case_id, numbers in incoming.items():
        yield f"I3 number {numbers}: there is no case {case_id}"
    yield from (f"I3 case {case_id}: in the journal and nowhere else" for case_id in told)


def contents(books: Books) -> Iterator[str]:
    """I7: every file is all there and is what its hash says; nothing refers to one that is not."""
    kept = {row["sha256"]: row["size"] for row in books.rows("SELECT sha256, size FROM blob")}
    for sha256, size in kept.items():
        found, length, wrong = hashlib.sha256(), 0, False
        chunks = books.rows(
            "SELECT position, content FROM blob_chunk WHERE sha256 = :sha256 ORDER BY position", sha256=sha256
        )
        for expected, chunk in enumerate(chunks):
            wrong = wrong or chunk["position"] != expected
            found.update(bytes(chunk["content"]))
            length += len(bytes(chunk["content"]))
        if wrong or length != size or found.hexdigest() != sha256:
            yield f"I7 content {sha256[:12]}: not the bytes that were kept"
    wanted = {
        *(row["sha256"] for row in books.rows("SELECT sha256 FROM attachment")),
        *(row["unsigned_sha256"] for row in books.documents),
        *(row["signed_sha256"] for row in books.documents),
        *(row["seal_sha256"] for row in books.rows("SELECT seal_sha256 FROM office")),
    } - {None}
    yield from (f"I7 content {sha256[:12]}: referred to and not there" for sha256 in wanted - kept.keys())
    yield from _attachments(books, kept)


def _attachments(books: Books, kept: dict[str, int]) -> Iterator[str]:
    for row in books.rows("SELECT id, sha256, size FROM attachment"):
        if kept.get(row["sha256"], row["size"]) != row["size"]:
            yield f"I7 attachment {row['id']}: says {row['size']} bytes, {kept[row['sha256']]} are kept"


def told_particulars(books: Books) -> Iterator[str]:
    """I6: what a case says of its applicant is what the journal says was registered and corrected since."""
    wanted: dict[int, Row] = defaultdict(dict)
    for entry in books.entries:
        facts = unpacked(entry["facts"]) or {}
        if entry["event"] == "registered":
            for field in ("number", "holder_kk", "holder_ru", "identifier", "site", "channel"):
                wanted[entry["case_id"]][field] = facts.get(field)
        if entry["event"] == "corrected":
            for field, (_old, new) in facts.get("changes", {}).items():
                if field in wanted[entry["case_id"]]:
                    wanted[entry["case_id"]][field] = new
    for case in books.cases:
        for field, value in wanted.get(case["id"], {}).items():
            if case[field] != value:
                yield f"I6 case {case['number']}: {field} is {case[field]!r}, by the journal {value!r}"
