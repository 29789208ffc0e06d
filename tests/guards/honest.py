"""Four commands as their own statements, written by hand: whole, they are what the database takes.

``changes`` puts another SQL expression in the place of one value, ``without`` leaves a statement out: one thing at a
time, so that a refusal is for that thing.
"""

from collections.abc import Iterable, Mapping

from tests.guards.ground import Step, entry

Changes = Mapping[str, Mapping[str, str]]

_MEDIA = "'application/pdf'"
_OFFICE_YEAR = "2018"


def insert(table: str, values: Mapping[str, str], more: str = "") -> str:
    return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(values.values())}) {more}"


def update(table: str, values: Mapping[str, str], where: str) -> str:
    told = ", ".join(f"{name} = {value}" for name, value in values.items())
    return f"UPDATE {table} SET {told} WHERE {where}"


def content(words: str) -> Mapping[str, str]:
    """SQL of a content's hash, size and bytes."""
    octets = f"convert_to('{words}', 'UTF8')"
    return {"sha256": f"encode(sha256({octets}), 'hex')", "size": f"length({octets})", "bytes": octets}


def blob(words: str, name: str = "blob") -> dict[str, tuple[str, dict[str, str]]]:
    told = content(words)
    return {
        name: (
            "blob",
            {"sha256": told["sha256"], "size": told["size"], "media_type": _MEDIA, "created_at": "%(at)s"},
        ),
        f"{name}_chunk": (
            "blob_chunk",
            {"sha256": told["sha256"], "position": "0", "content": told["bytes"]},
        ),
    }


def _counted(register: str) -> str:
    return f"(SELECT last FROM register_counter WHERE register = '{register}' AND year = {_OFFICE_YEAR})"


def _number(register: str, text: str, state: str, case: str) -> dict[str, str]:
    return {
        "register": f"'{register}'",
        "year": _OFFICE_YEAR,
        "sequence": _counted(register),
        "text": text,
        "state": f"'{state}'",
        "case_id": case,
        "reason": "''",
        "given_at": "%(at)s",
    }


def _paper(kind: str, number: str, words: str, **changes: str) -> dict[str, str]:
    return {
        "case_id": "NULL",
        "kind": f"'{kind}'",
        "number": number,
        "dated": "'2018-06-11'",
        "state": "'issued'",
        "facts": "'{}'",
        "unsigned_sha256": content(words)["sha256"],
        "signed_sha256": "NULL",
        "signer_id": "NULL",
        "signer_certificate": "''",
        "signed_at": "NULL",
        "created_at": "%(at)s",
        "created_by": "%(clerk)s",
        "printed_at": "NULL",
        "copies": "0",
        **changes,
    }


def _done(
    parts: Mapping[str, tuple[str, Mapping[str, str]]], changes: Changes, without: Iterable[str]
) -> list[Step]:
    """Put the parts together; a part's table may be "UPDATE table WHERE ..."."""
    assert set(changes) <= set(parts), set(changes) - set(parts)
    assert set(without) <= set(parts), set(without) - set(parts)
    steps: list[Step] = []
    for name, (table, values) in parts.items():
        if name in set(without):
            continue
        told = {**values, **changes.get(name, {})}
        if table.startswith("UPDATE "):
            of, _, where = table.removeprefix("UPDATE ").partition(" WHERE ")
            steps.append(update(of, told, where))
        elif table == "register_counter":
            steps.append(
                insert(
                    table, told, "ON CONFLICT (register, year) DO UPDATE SET last = register_counter.last + 1"
                )
            )
        else:
            steps.append(insert(table, told))
    return steps


def _counter(register: str) -> tuple[str, dict[str, str]]:
    return "register_counter", {"register": f"'{register}'", "year": _OFFICE_YEAR, "last": "1"}


NEW_CASE = "(SELECT case_id FROM command WHERE id = %(command)s)"
_INCOMING = f"('2018-' || lpad({_counted('incoming')}::text, 6, '0'))"
_EMPTY = (
    "holder_address", "phone", "email", "representative", "representative_iin", "power_of_attorney",
    "outside_number", "fee_receipt", "kbk", "knp", "decision_note_kk", "decision_note_ru", "return_reason", "search",
    "holder_sort",
)  # fmt: skip


def register(changes: Changes | None = None, without: Iterable[str] = ()) -> list[Step]:
    law = "FROM regulation_text WHERE current AND regulation = 'wko-2018-139' LIMIT 1"
    the_case = {
        "version": "1",
        "number": _INCOMING,
        "received_at": "%(at)s",
        "registered_at": "%(at)s",
        "registered_by": "%(clerk)s",
        "channel": "'office'",
        "regulation_sha256": f"(SELECT sha256 {law})",
        "service": "'medical'",
        "operation": "'issue'",
        "step": "'visa'",
        "step_entered_at": "%(at)s",
        "step_due_at": "%(at)s::timestamptz + interval '1 day'",
        "due_at": "%(at)s::timestamptz + interval '20 days'",
        "hand_over_by": "NULL",
        "closed_at": "NULL",
        "result": "NULL",
        "draft_kind": "NULL",
        "answer": "NULL",
        "is_legal_entity": "true",
        "identifier": "'210440038887'",
        "identifier_confirmed": "false",
        "holder_kk": "'Ақ жайық'",
        "holder_ru": "'Ак жайык'",
        "site": "'Орал'",
        "consent": "true",
        "refusal_grounds": "'[]'",
        **dict.fromkeys(_EMPTY, "''"),
    }
    parts = {
        "counter": _counter("incoming"),
        **blob("receipt of the hand"),
        "case": ("case_file", the_case),
        "number": ("register_number", _number("incoming", _INCOMING, "used", "NULL")),
        "numbered": (
            f"UPDATE register_number WHERE register = 'incoming' AND text = {_INCOMING}",
            {"case_id": NEW_CASE},
        ),
        "receipt": (
            "case_document",
            _paper("receipt", _INCOMING, "receipt of the hand", case_id=NEW_CASE),
        ),
    }
    steps = _done(parts, changes or {}, without)
    told = entry("registered", case_id=NEW_CASE, case_number=_INCOMING)
    return [*steps, told]


_LICENCE = f"('18' || lpad({_counted('licence')}::text, 6, '0'))"
_CASE = "UPDATE case_file WHERE id = %({})s"


def decide(changes: Changes | None = None, without: Iterable[str] = ()) -> list[Step]:
    """Draft the licence of the case that waits for its decision."""
    parts = {
        "counter": _counter("licence"),
        **blob("licence of the hand"),
        "number": ("register_number", _number("licence", _LICENCE, "reserved", "%(decide_case)s")),
        "draft": (
            "case_document",
            _paper(
                "licence",
                _LICENCE,
                "licence of the hand",
                case_id="%(decide_case)s",
                state="'draft'",
                created_by="%(executor)s",
                signer_id="%(head)s",
            ),
        ),
        "case": (
            _CASE.format("decide_case"),
            {
                "version": "version + 1",
                "step": "'signature'",
                "step_entered_at": "%(at)s",
                "step_due_at": "NULL",
                "draft_kind": "'licence'",
            },
        ),
    }
    return [*_done(parts, changes or {}, without), entry("drafted", "decide_case")]


DRAFT = "(SELECT id FROM case_document WHERE case_id = %(sign_case)s AND state = 'draft')"
_UNSIGNED = (
    "(SELECT content FROM blob_chunk k JOIN case_document d ON d.unsigned_sha256 = k.sha256"
    " WHERE d.case_id = %(sign_case)s AND d.kind = 'licence')"
)
SIGNED = f"({_UNSIGNED} || convert_to('signature', 'UTF8'))"


def sign(changes: Changes | None = None, without: Iterable[str] = ()) -> list[Step]:
    """Sign the licence of the case that waits for its signature."""
    of_draft = "(SELECT {} FROM case_document WHERE case_id = %(sign_case)s AND kind = 'licence')"
    of_page = of_draft.format("facts #>> '{{{}}}'")
    helps = of_draft.format(
        "(SELECT string_agg(item ->> '{}', '; ') FROM json_array_elements(facts -> 'sub_types') item)"
    )
    parts = {
        "blob": (
            "blob",
            {
                "sha256": f"encode(sha256({SIGNED}), 'hex')",
                "size": f"length({SIGNED})",
                "media_type": _MEDIA,
                "created_at": "%(at)s",
            },
        ),
        "blob_chunk": (
            "blob_chunk",
            {"sha256": f"encode(sha256({SIGNED}), 'hex')", "position": "0", "content": SIGNED},
        ),
        "paper": (
            f"UPDATE case_document WHERE id = {DRAFT}",
            {
                "state": "'signed'",
                "signed_sha256": f"encode(sha256({SIGNED}), 'hex')",
                "signed_at": "%(at)s",
                "signer_certificate": "repeat('c0', 32)",
            },
        ),
        "number": (
            f"UPDATE register_number WHERE register = 'licence' AND text = {of_draft.format('number')}",
            {"state": "'used'"},
        ),
        "licence": (
            "licence",
            {
                "case_id": "%(sign_case)s",
                "document_id": of_draft.format("id"),
                "number": of_draft.format("number"),
                "annex_number": "'001'",
                "issued_on": "'2018-06-11'",
                "first_issued_on": "'2018-06-11'",
                "holder_kk": of_page.format("holder,name,kk"),
                "holder_ru": of_page.format("holder,name,ru"),
                "identifier": "(SELECT identifier FROM case_file WHERE id = %(sign_case)s)",
                "holder_address": of_page.format("holder,address"),
                "site": of_page.format("site"),
                "service": "'medical'",
                "sub_types_kk": helps.format("kk"),
                "sub_types_ru": helps.format("ru"),
                "status": "'issued'",
                "search": "''",
                "holder_sort": "''",
            },
        ),
        "case": (
            _CASE.format("sign_case"),
            {
                "version": "version + 1",
                "step": "'delivery'",
                "step_entered_at": "%(at)s",
                "step_due_at": "NULL",
                "draft_kind": "NULL",
            },
        ),
    }
    return [*_done(parts, changes or {}, without), entry("signed", "sign_case")]


def deliver(changes: Changes | None = None, without: Iterable[str] = ()) -> list[Step]:
    """Hand over the licence that is ready, and close its case."""
    paper = "(SELECT id FROM case_document WHERE case_id = %(deliver_case)s AND state = 'signed')"
    parts = {
        "hand_over": (
            "hand_over",
            {
                "case_id": "%(deliver_case)s",
                "document_id": paper,
                "receiver": "'Жүнісов А.'",
                "identity_document": "'1'",
                "power_of_attorney": "''",
                "handed_at": "%(at)s",
                "handed_by": "%(clerk)s",
            },
        ),
        "case": (
            _CASE.format("deliver_case"),
            {
                "version": "version + 1",
                "step": "NULL",
                "step_entered_at": "%(at)s",
                "step_due_at": "NULL",
                "closed_at": "%(at)s",
                "result": "'licence'",
            },
        ),
    }
    return [*_done(parts, changes or {}, without), entry("handed-over", "deliver_case")]
