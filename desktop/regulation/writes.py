"""What each command writes: table by table, which columns it fills, which it changes, whether it takes rows away.

The second half of the rights table (:mod:`desktop.regulation.rights`). Column grants, the guards in the database and
the tests read it; a test proves by really running every command that nothing is missing here and nothing is too much.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from desktop.regulation.model import Act, OfficeMove
from desktop.regulation.rights import Command
from desktop.regulation.write_columns import (
    ADDED,
    CASE_STEP,
    LAW_TABLES,
    PERSON_FACTS,
)

ACTS: dict[Command, Act] = {
    Command.REGISTER: Act.ACCEPT,
    Command.ASSIGN: Act.ASSIGN,
    Command.APPROVE: Act.APPROVE,
    Command.CHECK: Act.CHECK,
    Command.RECORD_ANSWER: Act.ASK,
    Command.SAVE_CHECKS: Act.DECIDE,
    Command.DECIDE: Act.DECIDE,
    Command.ATTEST: Act.ATTEST,
    Command.RESOLVE: Act.RESOLVE,
    Command.HEAR: Act.HEAR,
    Command.PREPARE: Act.SIGN,
    Command.SIGN: Act.SIGN,
    Command.DELIVER: Act.DELIVER,
}
"""The act of the step a command is the work of; its performer, or who is assigned, does it."""

MOVES: dict[Command, OfficeMove] = {
    Command.RETURN_FOR_REWORK: OfficeMove.RETURN_FOR_REWORK,
    Command.WITHDRAW: OfficeMove.WITHDRAW,
    Command.CORRECT: OfficeMove.CORRECT,
    Command.REASSIGN: OfficeMove.REASSIGN,
}
"""The office move a command is; the regulation says at which steps and for which roles it is open."""

EVENTS: dict[Command, tuple[str, ...]] = {
    Command.REGISTER: ("registered",),
    Command.REFUSE_ACCEPTANCE: ("acceptance-refused",),
    Command.ATTACH: ("files-attached",),
    Command.RECORD_SYSTEM: ("system-answered", "answer-weighed"),
    Command.RECEIVE_PACKAGE: ("package-received", "package-checked"),
    Command.ASSIGN: ("assigned",),
    Command.APPROVE: ("approved",),
    Command.CHECK: ("papers-complete", "papers-incomplete"),
    Command.RECORD_ANSWER: ("answer-recorded",),
    Command.SAVE_CHECKS: ("checks-saved",),
    Command.DECIDE: ("drafted",),
    Command.ATTEST: ("attested",),
    Command.RESOLVE: ("resolved",),
    Command.HEAR: ("heard",),
    Command.PREPARE: ("signing-prepared",),
    Command.SIGN: ("signed",),
    Command.DELIVER: ("handed-over",),
    Command.HAND_OUT: ("handed-out",),
    Command.TAKE_BACK: ("taken-back",),
    Command.REQUEST_AGAIN: ("asked-again",),
    Command.SEND_AGAIN: ("sent-again",),
    Command.PRINT: ("printed",),
    Command.CHANGE_LICENCE: ("licence-suspended", "licence-resumed", "licence-terminated"),
    Command.RETURN_FOR_REWORK: ("returned",),
    Command.WITHDRAW: ("withdrawn",),
    Command.CORRECT: ("corrected",),
    Command.REASSIGN: ("reassigned",),
    Command.SET_PEOPLE: (
        "person-added",
        "person-changed",
        "password-set",
        "person-blocked",
        "person-unblocked",
    ),
    Command.SET_ACTING_HEAD: ("acting-appointed", "acting-ended"),
    Command.SET_CALENDAR: ("hours-set", "override-set", "override-removed"),
    Command.SET_FEES: ("fee-rate-set",),
    Command.SET_TRUST: ("seal-set", "trust-root-added", "trust-root-removed"),
    Command.SET_OFFICE: ("office-changed",),
    Command.SET_LAW: ("regulation-loaded",),
    Command.SET_SYSTEMS: ("system-set",),
    Command.SET_CODE_KEY: ("code-key-set", "code-key-retired"),
    Command.CONFIRM: ("person-confirmed", "trust-root-confirmed"),
    Command.CHECKPOINT: ("checkpoint-signed",),
    Command.SIGN_IN: ("signed-in", "sign-in-failed", "sign-in-locked"),
    Command.SET_OWN_PASSWORD: ("password-set",),
}
"""What a command may tell the journal, in the words of ``desktop.cases.journal.Event``."""

ON_CASE = frozenset({*ACTS, *MOVES, Command.ATTACH, Command.RECORD_SYSTEM}) - {Command.REGISTER}
"""Commands that claim a case; printing learns whose paper it is, registering makes its case."""

OF_RESULT = frozenset({Command.HAND_OUT, Command.TAKE_BACK, Command.REQUEST_AGAIN, Command.SEND_AGAIN})
"""Commands on the result of a case that has ended: they learn its case from the result, as printing does."""

OF_LICENCE = frozenset({Command.CHANGE_LICENCE})
"""Commands on a licence of the register: they learn its case from the licence."""

TOUCHED: dict[str, str] = {"case_file": "step_entered_at", "office": "name_kk"}
"""The column every command on such a row names in its UPDATE, so that the row gets a new version."""


@dataclass(frozen=True, slots=True)
class Write:
    """What may be done to one table; ``updates`` are the columns whose value may really change."""

    table: str
    inserts: frozenset[str] = frozenset()
    updates: frozenset[str] = frozenset()
    deletes: bool = False

    def named(self) -> frozenset[str]:
        """Return the columns an UPDATE may name: those it changes, and the one that makes a new version."""
        touched = TOUCHED.get(self.table)
        return self.updates | {touched} if self.updates and touched else self.updates


def _adds(table: str) -> Write:
    return Write(table, inserts=ADDED[table])


def _changes(table: str, *columns: str) -> Write:
    return Write(table, updates=frozenset(columns))


def _case(*columns: str) -> Write:
    return _changes("case_file", "version", *columns)


def _person(*columns: str) -> Write:
    return _changes("person", "version", *columns)


def _all(*parts: Write | tuple[Write, ...]) -> dict[str, Write]:
    """Lay the parts together, table by table."""
    found: dict[str, Write] = {}
    for part in parts:
        for item in part if isinstance(part, tuple) else (part,):
            known = found.get(item.table, Write(item.table))
            found[item.table] = Write(
                item.table,
                known.inserts | item.inserts,
                known.updates | item.updates,
                known.deletes or item.deletes,
            )
    return found


_EVERY = (_adds("command"), _adds("journal_entry"))
_TOLD = _changes("command", "result")  # it returns something
_LEARNT = _changes("command", "case_id")  # it learns its case
_FILE = (_adds("blob"), _adds("blob_chunk"), _adds("blob_proof"))
_NUMBER = (_adds("register_counter"), _changes("register_counter", "last"), _adds("register_number"))
_PAPER = (*_FILE, _adds("case_document"))
_VOIDED = _changes("register_number", "state", "reason")
_MOVED = _case(*CASE_STEP)
# a case that ends leaves no draft, no reserved number and no open request behind
_LEFT = (
    _case(*CASE_STEP, "closed_at", "draft_kind"),
    _changes("case_document", "state"),
    _changes("outside_request", "answered_at"),
    _VOIDED,
)
_ENDED = (*_LEFT, _case("result"))
_OFFICE = _changes("office", "version")
_SETTLED = _changes("incoming_package", "state", "settled_at", "settled_by")

WRITES: Mapping[Command, Mapping[str, Write]] = {
    Command.REGISTER: _all(
        _EVERY,
        _changes("command", "case_id", "result"),
        _PAPER,
        _NUMBER,
        _changes("register_number", "case_id"),
        _adds("case_file"),
        _adds("case_sub_type"),
        _adds("inventory_item"),
        _adds("attachment"),
        _SETTLED,
        _changes("incoming_package", "case_id"),
    ),
    Command.REFUSE_ACCEPTANCE: _all(
        _EVERY, _TOLD, _PAPER, _NUMBER, _SETTLED, _changes("incoming_package", "document_id")
    ),
    Command.ATTACH: _all(_EVERY, _case(), _FILE, _adds("attachment")),
    Command.RECORD_SYSTEM: _all(_EVERY, _TOLD, _case(), _PAPER, _NUMBER, _adds("exchange_record")),
    Command.RECEIVE_PACKAGE: _all(
        _EVERY,
        _TOLD,
        _FILE,
        _adds("incoming_package"),
        _changes("incoming_package", "checks", "checked_at", "sender"),
    ),
    Command.ASSIGN: _all(_EVERY, _MOVED, _adds("assignment"), _changes("assignment", "person_id")),
    Command.APPROVE: _all(_EVERY, _MOVED, _ENDED),
    Command.CHECK: _all(
        _EVERY,
        _TOLD,
        _ENDED,
        _case("answer", "return_reason"),
        _PAPER,
        _NUMBER,
        _changes("inventory_item", "verdict", "expires_on", "note"),
        _adds("outside_request"),
    ),
    Command.RECORD_ANSWER: _all(
        _EVERY,
        _LEFT,
        _case("answer"),
        _FILE,
        _adds("attachment"),
        _changes("outside_request", "answer", "answered_at", "answer_number", "answer_date", "answer_note"),
    ),
    Command.SAVE_CHECKS: _all(
        _EVERY,
        _case(),
        _adds("requirement_check"),
        _changes("requirement_check", "verdict", "note", "checked_at", "checked_by"),
    ),
    Command.DECIDE: _all(
        _EVERY,
        _TOLD,
        _ENDED,
        _case("refusal_grounds", "decision_note_kk", "decision_note_ru", "return_reason"),
        _PAPER,
        _NUMBER,
        _changes("register_number", "case_id"),
        _adds("requirement_check"),
        _changes("requirement_check", "verdict", "note", "checked_at", "checked_by"),
    ),
    Command.ATTEST: _all(_EVERY, _TOLD, _ENDED, _PAPER, _NUMBER, _adds("sitting")),
    Command.RESOLVE: _all(_EVERY, _TOLD, _ENDED, _PAPER, _NUMBER),
    Command.HEAR: _all(_EVERY, _LEFT, _FILE, _adds("attachment"), _adds("hearing")),
    Command.PREPARE: _all(_EVERY, _TOLD, _case(), _PAPER, _changes("case_document", "state")),
    Command.SIGN: _all(
        _EVERY,
        _ENDED,
        _FILE,
        _changes("case_document", "signed_sha256", "signer_certificate", "signed_at"),
        _adds("licence"),
        _changes("licence", "status", "replaced_by"),
    ),
    Command.DELIVER: _all(
        _EVERY,
        _case(*CASE_STEP, "closed_at", "result"),
        _changes("outside_request", "answered_at"),
        _adds("hand_over"),
        _adds("result_custody"),
        _adds("survey_answer"),
    ),
    Command.HAND_OUT: _all(
        _EVERY,
        _LEARNT,
        _changes(
            "result_custody", "handed_at", "handed_by", "receiver", "identity_document", "power_of_attorney"
        ),
        _adds("survey_answer"),
    ),
    Command.TAKE_BACK: _all(_EVERY, _LEARNT, _changes("result_custody", "returned_at", "returned_by")),
    Command.REQUEST_AGAIN: _all(
        _EVERY, _LEARNT, _changes("result_custody", "requested_at", "requested_by", "send_again_by")
    ),
    Command.SEND_AGAIN: _all(_EVERY, _LEARNT, _adds("result_custody")),
    Command.PRINT: _all(_EVERY, _LEARNT, _changes("case_document", "printed_at", "copies")),
    Command.CHANGE_LICENCE: _all(
        _EVERY,
        _TOLD,
        _LEARNT,
        _FILE,
        _adds("attachment"),
        _adds("licence_change"),
        _changes("licence", "status"),
    ),
    Command.RETURN_FOR_REWORK: _all(
        _EVERY, _MOVED, _case("draft_kind", "return_reason"), _changes("case_document", "state")
    ),
    Command.WITHDRAW: _all(_EVERY, _ENDED),
    Command.CORRECT: _all(
        _EVERY,
        _case(
            "identifier",
            "identifier_confirmed",
            "holder_kk",
            "holder_ru",
            "holder_address",
            "site",
            "phone",
            "email",
            "representative",
            "representative_iin",
            "power_of_attorney",
            "outside_number",
            "fee_receipt",
            "kbk",
            "knp",
            "search",
            "holder_sort",
            "details",
            "licence_named",
        ),
    ),
    Command.REASSIGN: _all(_EVERY, _case(), _adds("assignment"), _changes("assignment", "person_id")),
    Command.SET_PEOPLE: _all(
        _EVERY,
        _TOLD,
        _OFFICE,
        _adds("person"),
        _person(*PERSON_FACTS, "active", "password_hash", "failed_attempts", "locked_until"),
        Write("person_role", inserts=ADDED["person_role"], deletes=True),
        _adds("confirmation"),
    ),
    Command.SET_ACTING_HEAD: _all(
        _EVERY,
        _TOLD,
        _OFFICE,
        Write("acting_head", ADDED["acting_head"], frozenset({"last_day"}), deletes=True),
        _adds("confirmation"),
    ),
    Command.SET_CALENDAR: _all(
        _EVERY,
        _OFFICE,
        Write("working_hours", ADDED["working_hours"], frozenset({"intervals"})),
        Write(
            "day_override",
            ADDED["day_override"],
            frozenset({"intervals", "reason_kk", "reason_ru"}),
            deletes=True,
        ),
    ),
    Command.SET_FEES: _all(
        _EVERY,
        _OFFICE,
        Write("fee_rate", ADDED["fee_rate"], frozenset({"tenge", "source", "unverified"})),
    ),
    Command.SET_TRUST: _all(
        _EVERY,
        _TOLD,
        _OFFICE,
        _changes("office", "seal_sha256"),
        _FILE,
        Write("trust_root", ADDED["trust_root"], deletes=True),
        _adds("confirmation"),
    ),
    Command.SET_OFFICE: _all(
        _EVERY,
        _OFFICE,
        _changes(
            "office",
            "name_kk",
            "name_ru",
            "bin",
            "address_kk",
            "address_ru",
            "place_kk",
            "place_ru",
            "time_zone",
            "status_address",
            "numbers_licences",
            "incoming_template",
            "outgoing_template",
            "licence_template",
            "file_limit_bytes",
            "signature_level",
            "stamp_address",
            "ocsp_address",
            "silence_allowed",
        ),
    ),
    Command.SET_LAW: _all(
        _EVERY,
        _TOLD,
        _OFFICE,
        _adds("regulation_text"),
        _changes("regulation_text", "current"),
        *map(_adds, LAW_TABLES),
    ),
    Command.SET_SYSTEMS: _all(
        _EVERY,
        _OFFICE,
        Write(
            "connected_system",
            ADDED["connected_system"],
            frozenset({"active", "address", "attempts", "authority_pem", "timeout_seconds"}),
        ),
    ),
    Command.SET_CODE_KEY: _all(
        _EVERY,
        _TOLD,
        _OFFICE,
        Write("code_key", ADDED["code_key"], frozenset({"current", "retired_at"})),
    ),
    Command.CONFIRM: _all(_EVERY, _changes("confirmation", "confirmed_at", "confirmed_by")),
    Command.CHECKPOINT: _all(_EVERY, _TOLD, _adds("journal_checkpoint")),
    Command.SIGN_IN: _all(_EVERY, _person("failed_attempts", "locked_until")),
    Command.SET_OWN_PASSWORD: _all(_EVERY, _person("password_hash")),
}
"""Of every command that writes and that a person may use; FOUND is the owner's, before there is anybody."""


def granted(commands: Iterable[Command]) -> dict[str, Write]:
    """Return what somebody who may use ``commands`` needs to be granted, table by table.

    ``updates`` are here the columns an UPDATE may *name*.
    """
    parts = [
        Write(item.table, item.inserts, item.named(), item.deletes)
        for command in commands
        for item in WRITES.get(command, {}).values()
    ]
    return _all(*parts)
