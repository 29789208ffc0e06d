"""I5, I6 and I8 for the checker: the journal's chain, every row against its last image, and what workstations remember.

The bytes of the seal are written here a second time, from their description; nothing of the program's own is used.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.faults.books import Books, Row

WITHOUT_IMAGES = {
    "blob_chunk",
    "journal_image",
    "journal_link",
    "journal_head",
    "presence",
    "alembic_version",
}
SECRET = {("person", "password_hash")}
_ZERO = "0" * 64
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def chain(books: Books) -> Iterator[str]:
    """I5: every link holds its images and the one before it; the head is the last; nothing is unsealed."""
    head = books.rows("SELECT id, database, position, hash FROM journal_head")
    if [row["id"] for row in head] != [1]:
        yield f"I5 head: {len(head)} of them"
        return
    images = books.rows(
        "SELECT id, transaction_id, table_name, row_key, kind, content FROM journal_image ORDER BY id"
    )
    waiting: dict[int, list[Row]] = defaultdict(list)
    for image in images:
        waiting[image["transaction_id"]].append(image)
    previous, position = _ZERO, 0
    for link in books.rows("SELECT * FROM journal_link ORDER BY position"):
        position += 1
        about = f"I5 link {link['position']}"
        if link["position"] != position:
            yield f"{about}: the {position}th"
            position = link["position"]
        if link["previous"] != previous:
            yield f"{about}: does not follow the one before it"
        previous = link["hash"]
        held = [image for image in waiting[link["transaction_id"]] if _within(image, link)]
        waiting[link["transaction_id"]] = [
            image for image in waiting[link["transaction_id"]] if not _within(image, link)
        ]
        if len(held) != link["images"]:
            yield f"{about}: {len(held)} images of {link['images']}"
        if _sealed(head[0]["database"], link, held) != link["hash"]:
            yield f"{about}: not what was sealed"
    if (head[0]["position"], head[0]["hash"]) != (position, previous):
        yield f"I5 head: at {head[0]['position']}, the last link is {position}"
    for left in waiting.values():
        yield from (f"I5 image {image['id']} of {image['table_name']}: sealed by no link" for image in left)


def _within(image: Row, link: Row) -> bool:
    return bool(link["first_image"] <= image["id"] <= link["last_image"])


def _sealed(database: str, link: Row, images: list[Row]) -> str:
    digests = [
        _digest(str(image["id"]), image["table_name"], image["row_key"], image["kind"], image["content"])
        for image in images
    ]
    return _digest(
        "ruqsat-link-1",
        database,
        str(link["position"]),
        link["previous"],
        link["login"],
        _text(_moment(link["at"])) or "",
        str(len(images)),
        "".join(digests),
    )


def _digest(*texts: str) -> str:
    return hashlib.sha256("".join(map(_net, texts)).encode()).hexdigest()


def _net(text: str | None) -> str:
    return "~" if text is None else f"{len(text.encode())}:{text},"


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, datetime):
        return str((value - _EPOCH) // timedelta(microseconds=1))
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def images(books: Books) -> Iterator[str]:
    """I6: the last image of a row is the row as it stands, and what was deleted is not there."""
    last: dict[tuple[str, str], Row] = {}
    for image in books.rows("SELECT id, table_name, row_key, kind, content FROM journal_image ORDER BY id"):
        last[image["table_name"], image["row_key"]] = image
    known = {table for table, _ in last}
    for table, columns, keys in _tables(books):
        if table not in known and table not in OFFICE:
            continue
        for row in books.rows(_all_of(books, table, columns)):
            told = {name: _value(row[name], kind) for name, kind in columns.items()}
            key = "".join(_net(told[name]) for name in keys)
            image = last.pop((table, key), None)
            if image is None or image["kind"] == "D":
                yield f"I6 {table} {key}: a row without an image"
            elif image["content"] != _row(table, told):
                yield f"I6 {table} {key}: not as image {image['id']} has it"
    for (table, key), image in last.items():
        if image["kind"] != "D":
            yield f"I6 {table} {key}: image {image['id']} is of a row that is not there"


OFFICE = {
    *(
        "case_file",
        "case_document",
        "case_sub_type",
        "inventory_item",
        "attachment",
        "assignment",
        "hand_over",
    ),
    *(
        "requirement_check",
        "outside_request",
        "licence",
        "register_number",
        "register_counter",
        "journal_entry",
    ),
    *("command", "person", "person_role", "acting_head", "office", "trust_root", "regulation_text", "blob"),
}


def _row(table: str, told: dict[str, str | None]) -> str:
    return "".join(_net(name) + _net(told[name]) for name in sorted(told) if (table, name) not in SECRET)


def _value(value: Any, kind: str) -> str | None:
    if value is not None and kind in {"datetime", "timestamp with time zone"}:
        return _text(_moment(value))
    return _text(value)


def _tables(books: Books) -> Iterator[tuple[str, dict[str, str], list[str]]]:
    """Yield each table with its columns' kinds and its key, in their order."""
    if books.postgresql:
        columns = books.rows(
            "SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c"
            " JOIN information_schema.tables t USING (table_schema, table_name)"
            " WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' ORDER BY c.table_name, c.ordinal_position"
        )
        keys = books.rows(
            "SELECT c.relname AS table_name, a.attname AS column_name FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
            " CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k(number, place)"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number"
            " WHERE i.indisprimary ORDER BY c.relname, k.place"
        )
    else:
        tables = books.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        listed = [
            {
                "table_name": table["name"],
                "column_name": row["name"],
                "data_type": row["type"].lower(),
                "pk": row["pk"],
            }
            for table in tables
            for row in books.rows("SELECT name, type, pk FROM pragma_table_info(:name)", name=table["name"])
        ]
        columns = listed
        keys = sorted((row for row in listed if row["pk"]), key=lambda row: (row["table_name"], row["pk"]))
    kinds: dict[str, dict[str, str]] = defaultdict(dict)
    for row in columns:
        kinds[row["table_name"]][row["column_name"]] = row["data_type"]
    names: dict[str, list[str]] = defaultdict(list)
    for row in keys:
        names[row["table_name"]].append(row["column_name"])
    for table, own in kinds.items():
        if table not in WITHOUT_IMAGES and "_search" not in table and table in names:
            yield table, own, names[table]


def _all_of(books: Books, table: str, columns: dict[str, str]) -> str:
    """Return SQL for all rows; JSON as it is stored."""
    json = {"json", "jsonb"} if books.postgresql else set()
    told = ", ".join(
        f'"{name}"::text AS "{name}"' if kind in json else f'"{name}"' for name, kind in columns.items()
    )
    return f'SELECT {told} FROM "{table}"'


def witnesses(lines: list[Row], books: Books) -> Iterator[str]:
    """I8: the links workstations remember are where they were."""
    there = {row["position"]: row["hash"] for row in books.rows("SELECT position, hash FROM journal_link")}
    for line in lines:
        if line["type"] == "witness" and there.get(line["position"]) != line["hash"]:
            found = "another" if line["position"] in there else f"the journal ends at {max(there, default=0)}"
            yield f"I8 {line['workstation']}: remembers link {line['position']}, there is {found}"
