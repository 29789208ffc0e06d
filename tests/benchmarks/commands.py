"""Taking an application in and putting a visa, in the register of a million, on both engines.

The floors: the rows a registration leaves behind, inserted by the bare driver in one transaction; and for the
step SELECT, UPDATE and INSERT with a commit.
"""

import secrets
import sqlite3
from collections.abc import Iterator
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from desktop.cases import registering, routing
from desktop.documents import drawing
from desktop.store.database import Store
from tests import office, story
from tests.benchmarks.figures import Figure, by_turns, median, milliseconds, p95

TIMES = 30
STEP_GOAL = 5
# in the order their foreign keys ask for; what names the case in each
_WRITTEN = (
    ("case_file", "id"),
    ("case_sub_type", "case_id"),
    ("inventory_item", "case_id"),
    ("register_number", "case_id"),
    ("case_document", "case_id"),
    ("journal_entry", "case_id"),
)


def measure(urls: dict[str, str]) -> Iterator[Figure]:
    for engine, url in urls.items():
        store = Store(url, workstation=office.WORKSTATION, exclusive=False)
        raw = Raw(url)
        try:
            yield from _registering(engine, store, raw)
            yield _step(engine, store, raw)
        finally:
            raw.close()
            store.dispose()


def _registering(engine: str, store: Store, raw: "Raw") -> Iterator[Figure]:
    clerk, form = office.people().clerk, story.application(store)
    page = b"%PDF-1.7\n" + bytes(40_000)

    def plain() -> registering.Registered:
        return registering.register_application(
            store, clerk, application=form, draw=lambda *_: page + secrets.token_bytes(8)
        )

    def drawn() -> registering.Registered:
        return registering.register_application(store, clerk, application=form, draw=drawing.draw)

    like = raw.rows_of(plain().case_id)
    floor_is = "the same rows inserted bare in one transaction"
    for name, work in (("registering", plain), ("registering, its receipt drawn", drawn)):
        taken, floors = by_turns(work, lambda: raw.insert_again(like, page), TIMES)
        yield Figure(name, median(taken), median(floors), floor_is, TIMES, engine, p95=p95(taken))


def _step(engine: str, store: Store, raw: "Raw") -> Figure:
    people = office.people()
    form = story.application(store)
    waiting = [
        registering.register_application(
            store, people.clerk, application=form, draw=lambda *_: secrets.token_bytes(900)
        )
        for _ in range(TIMES + 1)
    ]
    with store.reading() as session:
        operation = story.law(session, form.regulation_sha256, form.service, form.operation)[1]
    visa = next(step for step in operation.steps if step.act.value == "assign").outcomes[0].id
    entry = raw.last_entry(waiting[0].case_id)
    taken, floors = [], []
    for turn, case in enumerate(waiting):

        def assign(case: registering.Registered = case) -> None:
            routing.assign(
                store,
                people.head,
                case_id=case.case_id,
                seen_version=case.version,
                outcome=visa,
                person_id=people.executor.person_id,
            )

        ours = milliseconds(assign)
        bare = milliseconds(lambda case=case: raw.step(case.case_id, entry))  # type: ignore[misc]
        if turn:
            taken.append(ours)
            floors.append(bare)
    return Figure(
        "a step (the visa)",
        median(taken),
        median(floors),
        "SELECT, UPDATE, INSERT, COMMIT bare",
        TIMES,
        engine,
        goal=STEP_GOAL,
        p95=p95(taken),
        judged="p95",
    )


Rows = list[tuple[str, list[dict[str, Any]]]]


class Raw:
    """The bare driver on the same database, with the settings the program gives its connections."""

    def __init__(self, url: str) -> None:
        address = make_url(url)
        self._sqlite = address.get_backend_name() == "sqlite"
        self._mark = "?" if self._sqlite else "%s"
        self._connection: Any
        if self._sqlite:
            self._connection = sqlite3.connect(str(address.database), isolation_level=None)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                self._connection.execute(f"PRAGMA {pragma}")
        else:
            plain = url.replace("postgresql+psycopg://", "postgresql://")
            self._connection = psycopg.connect(plain, autocommit=True)

    def close(self) -> None:
        self._connection.close()

    def rows_of(self, case_id: int) -> Rows:
        """Return what a registration wrote, table by table."""
        return [(table, self._select(table, key, case_id)) for table, key in _WRITTEN]

    def last_entry(self, case_id: int) -> dict[str, Any]:
        return self._select("journal_entry", "case_id", case_id)[-1]

    def insert_again(self, like: Rows, page: bytes) -> None:
        """Insert those rows once more under another number, with a page of its own, and commit."""
        unique, sha256 = secrets.token_hex(8), secrets.token_hex(32)
        own: dict[str, dict[str, Any]] = {table: {} for table, _ in like}
        own["case_file"] = {"number": unique}
        own["register_number"] = {"year": 1, "sequence": secrets.randbelow(2**31), "text": unique}
        own["case_document"] = {"unsigned_sha256": sha256}
        with _transaction(self):
            case_id = 0
            for table, rows in like:
                if table == "case_document":
                    blob = {"sha256": sha256, "size": len(page), "media_type": "application/pdf"}
                    self._insert("blob", blob | {"created_at": rows[0]["created_at"]})
                    self._insert("blob_chunk", {"sha256": sha256, "position": 0, "content": page})
                for row in rows:
                    given = own[table] if table == "case_file" else own[table] | {"case_id": case_id}
                    again = {name: value for name, value in row.items() if name != "id"} | given
                    made = self._insert(table, again, returning=table == "case_file")
                    case_id = case_id or made

    def step(self, case_id: int, entry: dict[str, Any]) -> None:
        """One transition as the driver alone would do it."""
        with _transaction(self):
            lock = "" if self._sqlite else " FOR UPDATE"
            self._execute(f"SELECT * FROM case_file WHERE id = {self._mark}{lock}", [case_id]).fetchone()
            self._execute(
                f"UPDATE case_file SET step_due_at = due_at, version = version + 1 WHERE id = {self._mark}",
                [case_id],
            )
            self._insert("journal_entry", {name: value for name, value in entry.items() if name != "id"})

    def begin(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE" if self._sqlite else "BEGIN")

    def commit(self) -> None:
        self._connection.execute("COMMIT")

    def rollback(self) -> None:
        self._connection.execute("ROLLBACK")

    def _execute(self, statement: str, values: list[Any]) -> Any:
        return self._connection.execute(statement, values)

    def _select(self, table: str, key: str, case_id: int) -> list[dict[str, Any]]:
        found = self._execute(f"SELECT * FROM {table} WHERE {key} = {self._mark}", [case_id])
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def _insert(self, table: str, row: dict[str, Any], *, returning: bool = False) -> int:
        marks = ", ".join([self._mark] * len(row))
        statement = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})"
        made = self._execute(statement + (" RETURNING id" if returning else ""), [*map(_plain, row.values())])
        return int(made.fetchone()[0]) if returning else 0


class _transaction:
    def __init__(self, raw: Raw) -> None:
        self._raw = raw

    def __enter__(self) -> None:
        self._raw.begin()

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        (self._raw.rollback if kind else self._raw.commit)()


def _plain(value: Any) -> Any:
    """psycopg reads JSON as objects and wants it marked when written."""
    return psycopg.types.json.Json(value) if isinstance(value, dict | list) else value
