"""The guards' share that follows from the tables of rights: who may use what, what it writes, and every trigger.

What the guards decide is in ``sql/4*.sql``; here are the lists they ask, as functions, so that no right is written twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from desktop.regulation.licence_states import LicenceLaw, licence_law
from desktop.regulation.model import CENTRES, COUNTERS
from desktop.regulation.papers import RESULTS
from desktop.regulation.rights import CONFIRMERS, RIGHTS, Command
from desktop.regulation.survey import Answer
from desktop.regulation.writes import ACTS, EVENTS, MOVES, OF_LICENCE, OF_RESULT, ON_CASE, WRITES, Write
from desktop.store.authority.names import OFFICE_ROLES
from desktop.store.authority.refusals import meanings

_PLAIN = ("working_hours", "day_override", "fee_rate", "connected_system")
_OF_CASE = ("case_sub_type",)
_ADDED = {  # rows are added and stay as they are: what a person might write more is refused as nobody's to write
    "blob": "guard_blob",
    "blob_chunk": "guard_chunk",
    "blob_proof": "guard_proof",
    "attachment": "guard_attachment",
    "licence": "guard_licence",
    "licence_change": "guard_licence_change",
    "hand_over": "guard_hand_over",
    "exchange_record": "guard_exchange_record",
    "survey_answer": "guard_survey",
    "sitting": "guard_sitting",
    "hearing": "guard_hearing",
    "journal_checkpoint": "guard_checkpoint",
    "law_start": "guard_law",
    "law_step": "guard_law",
    "law_move": "guard_law",
    "law_office_move": "guard_law",
}
_EITHER = {  # the same rules for a new row and a changed one
    "register_counter": "guard_counter",
    "assignment": "guard_assignment",
    "requirement_check": "guard_check",
    "inventory_item": "guard_inventory",
    "office": "guard_office",
    "person": "guard_person",
    "person_role": "guard_person_role",
    "acting_head": "guard_acting_head",
    "trust_root": "guard_trust_root",
    "code_key": "guard_code_key",
    "confirmation": "guard_confirmation",
    "regulation_text": "guard_regulation",
    **dict.fromkeys(_PLAIN, "guard_plain"),
    **dict.fromkeys(_OF_CASE, "guard_of_case"),
}
_APART = {  # a new row has rules of its own
    "case_file": ("guard_case_begins", "guard_case_goes_on"),
    "register_number": ("guard_number_given", "guard_number_kept"),
    "case_document": ("guard_paper_drawn", "guard_paper_kept"),
    "outside_request": ("guard_request_sent", "guard_request_answered"),
    "result_custody": ("guard_result_sent", "guard_result_kept"),
    "command": ("guard_claim", "guard_claim_kept"),
    "journal_entry": ("guard_entry", "guard_kept"),
    "incoming_package": ("guard_package_came", "guard_package_settled"),
}
_PROVED = (  # at COMMIT
    ("command", "prove_told", "INSERT", ""),
    ("case_file", "prove_case_numbered", "INSERT", ""),
    (
        "case_file",
        "prove_case_moved",
        "UPDATE",
        "(((old.step)::text IS DISTINCT FROM (new.step)::text)"  # as the server repeats it
        " OR (old.step_entered_at IS DISTINCT FROM new.step_entered_at)"
        " OR ((old.draft_kind)::text IS DISTINCT FROM (new.draft_kind)::text)"
        " OR ((old.result)::text IS DISTINCT FROM (new.result)::text))",
    ),
    ("register_counter", "prove_counter", "INSERT OR UPDATE", ""),
    ("register_number", "prove_number", "INSERT OR UPDATE", ""),
    ("case_document", "prove_paper", "INSERT OR UPDATE OF state", ""),
    ("licence", "prove_licence", "INSERT", ""),
    ("licence_change", "prove_licence_change", "INSERT", ""),
    ("blob", "prove_blob", "INSERT", ""),
    ("assignment", "prove_assignment", "INSERT OR UPDATE", ""),
    ("outside_request", "prove_request", "INSERT", ""),
    ("hand_over", "prove_hand_over", "INSERT", ""),
    ("acting_head", "prove_acting_head", "INSERT", ""),
    ("incoming_package", "prove_package", "UPDATE", ""),
    ("person", "prove_person_noted", "INSERT OR UPDATE OF login, name_kk, name_ru, iin, active", ""),
    ("person", "prove_password_noted", "UPDATE OF password_hash", ""),
    ("person_role", "prove_role_noted", "INSERT", ""),
    ("trust_root", "prove_root_noted", "INSERT", ""),
    ("journal_entry", "prove_work", "INSERT", ""),
)


@dataclass(frozen=True, slots=True)
class Trigger:
    """``when``: a condition in SQL, or ""; ``late``: at COMMIT; ``whole``: once for the statement, not for each row."""

    table: str
    name: str
    event: str
    function: str
    when: str = ""
    late: bool = False
    whole: bool = False

    def statement(self) -> str:
        """Return the SQL that makes it."""
        each = "STATEMENT" if self.whole else "ROW"
        body = f"FOR EACH {each}{f' WHEN ({self.when})' if self.when else ''} EXECUTE FUNCTION {self.function}();"
        if not self.late:
            return f"CREATE OR REPLACE TRIGGER {self.name} {self.event} ON {self.table} {body}"
        return (
            f"DROP TRIGGER IF EXISTS {self.name} ON {self.table};\n"
            f"CREATE CONSTRAINT TRIGGER {self.name} {self.event} ON {self.table}"
            f" DEFERRABLE INITIALLY DEFERRED {body}"
        )


def triggers() -> tuple[Trigger, ...]:
    """Return every trigger of the guards."""
    found: list[Trigger] = []
    for table, function in {**_ADDED, **_EITHER}.items():
        found.append(Trigger(table, "guard_row", "BEFORE INSERT OR UPDATE OR DELETE", function))
    for table, (added, changed) in _APART.items():
        found.append(Trigger(table, "guard_new_row", "BEFORE INSERT", added))
        found.append(Trigger(table, "guard_row", "BEFORE UPDATE OR DELETE", changed))
    found.append(Trigger("case_file", "guard_claimed", "AFTER INSERT", "guard_case_claimed"))
    for table, function, event, when in _PROVED:
        found.append(Trigger(table, function, f"AFTER {event}", function, when, late=True))
    for table in sorted({trigger.table for trigger in found}):
        found.append(Trigger(table, "guard_whole", "BEFORE TRUNCATE", "guard_kept", whole=True))
    return tuple(found)


def lists() -> str:
    """Return the SQL of the lists the guards ask; it goes before theirs."""
    writers = {command: WRITES.get(command, {}) for command in RIGHTS}
    acts = {command: act for command, act in ACTS.items() if command in ON_CASE}
    roles = {command: sorted(roles) for command, roles in RIGHTS.items() if command in WRITES}
    return "\n".join(
        (
            meanings(),
            _lists("command_roles", roles),
            _lists("command_events", EVENTS),
            _words("command_act", acts),
            _words("command_move", MOVES),
            _function("office_role", "boolean", f"$1 = ANY ({_array(OFFICE_ROLES)})", arguments="role text"),
            _function(
                "at_own_counter",
                "boolean",
                f"$1 = ANY ({_array(sorted(COUNTERS))})",
                arguments="channel text",
            ),
            _function("may_be_result", "boolean", f"$1 = ANY ({_array(sorted(RESULTS))})"),
            _function("command_of_case", "boolean", f"$1 = ANY ({_array(sorted(ON_CASE))})"),
            _function(
                "confirmer_words",
                "text[]",
                _array(f"role:{role}" for role in sorted(CONFIRMERS)),
                arguments="",
            ),
            _function("command_of_result", "boolean", f"$1 = ANY ({_array(sorted(OF_RESULT))})"),
            _function("command_of_licence", "boolean", f"$1 = ANY ({_array(sorted(OF_LICENCE))})"),
            *_licence_law(licence_law()),
            _function("centre_channel", "boolean", f"$1 = ANY ({_array(sorted(CENTRES))})"),
            _function("survey_answer_known", "boolean", f"$1 = ANY ({_array(sorted(Answer))})"),
            _command_writes(writers),
            _command_changes(writers),
        )
    )


def _licence_law(law: LicenceLaw) -> tuple[str, ...]:
    ways = (
        f"{ground.id} {was} {ground.brings} {decider}"
        for ground in law.grounds
        for was in ground.after
        for decider in ground.deciders
    )
    undecided = (ground.id for ground in law.grounds if not ground.decided)
    return (
        _function(
            "licence_way_known",
            "boolean",
            f"$1 || ' ' || $2 || ' ' || $3 || ' ' || $4 = ANY ({_array(sorted(ways))})",
            arguments="ground text, was text, brings text, decided_by text",
        ),
        _function(
            "licence_undecided",
            "boolean",
            f"$1 = ANY ({_array(sorted(undecided))})",
            arguments="ground text",
        ),
        _function("longest_suspension", "interval", f"interval '{law.months} months'", arguments=""),
    )


def _function(name: str, returns: str, body: str, *, arguments: str = "kind text") -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name}({arguments}) RETURNS {returns}\n"
        "LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp\n"
        f"AS $$ SELECT {body} $$;\n"
    )


def _array(words: Iterable[str]) -> str:
    quoted = ", ".join(f"'{word}'" for word in words)
    return f"ARRAY[{quoted}]::text[]"


def _lists(name: str, table: Mapping[Command, Iterable[str]]) -> str:
    # sorted, here and below: every program must write the same text, or the catalogue would differ from its own
    cases = "".join(
        f"\n    WHEN '{command}' THEN {_array(sorted(words))}" for command, words in sorted(table.items())
    )
    return _function(name, "text[]", f"CASE $1{cases} END")


def _words(name: str, table: Mapping[Command, str]) -> str:
    cases = "".join(f"\n    WHEN '{command}' THEN '{word}'" for command, word in sorted(table.items()))
    return _function(name, "text", f"CASE $1{cases} END")


def _command_writes(writers: Mapping[Command, Mapping[str, Write]]) -> str:
    told = {
        f"{command} {table} {operation}"
        for command, tables in writers.items()
        for table, write in tables.items()
        for operation, may in (
            ("INSERT", bool(write.inserts)),
            ("UPDATE", bool(write.updates)),
            ("DELETE", write.deletes),
        )
        if may
    }
    return _function(
        "command_writes",
        "boolean",
        f"$1 || ' ' || $2 || ' ' || $3 = ANY ({_array(sorted(told))})",
        arguments="kind text, of_table text, operation text",
    )


def _command_changes(writers: Mapping[Command, Mapping[str, Write]]) -> str:
    cases = "".join(
        f"\n    WHEN '{command} {table}' THEN {_array(sorted(write.updates))}"
        for command, tables in sorted(writers.items())
        for table, write in sorted(tables.items())
        if write.updates
    )
    return _function(
        "command_changes", "text[]", f"CASE $1 || ' ' || $2{cases} END", arguments="kind text, of_table text"
    )
