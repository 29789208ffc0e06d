"""Which columns a role may ever write, by hand: from what the commands of the matrix do to the office's tables.

A column that is not here is nobody's: number, moments of receipt, law, bytes and facts of a paper, what the journal
keeps. Asked of the server without a row: the grant alone decides.
"""

from collections.abc import Iterator

from tests.authority.hostile.kinds import NO_RIGHT, NOTHING, Attack
from tests.authority.matrix import ROLES

_HANDLERS = "clerk head department_head executor commission_secretary commission"
_EVERYBODY = " ".join(ROLES)
_ASKERS = f"{_HANDLERS} phc_employee department_employee"  # who may record what another system said
_NUMBERING = f"{_ASKERS} centre_operator"  # a notice has its number, an application too
_REGISTERING = "clerk centre_operator phc_employee"
_DELIVERING = "clerk executor commission_secretary centre_operator"
_PRINTING = f"{_DELIVERING} phc_employee department_employee"
_FILING = f"{_ASKERS} centre_operator"

_CHANGES = (
    ("case_file", "version step_entered_at", _FILING),
    (
        "case_file",
        "step step_due_at due_at hand_over_by closed_at result",
        _FILING,
    ),
    ("case_file", "draft_kind", _ASKERS),
    ("case_file", "answer", "clerk department_head executor commission_secretary"),
    ("case_file", "refusal_grounds decision_note_kk decision_note_ru", "department_head executor commission"),
    ("case_file", "return_reason", "head department_head executor commission commission_secretary"),
    (
        "case_file",
        "identifier identifier_confirmed holder_kk holder_ru holder_address site phone email representative"
        " representative_iin power_of_attorney outside_number fee_receipt kbk knp search holder_sort details licence_named",
        "clerk executor phc_employee department_employee",
    ),
    ("inventory_item", "verdict expires_on note", "department_head executor commission_secretary"),
    ("assignment", "person_id", "head department_head"),
    ("requirement_check", "verdict note checked_at checked_by", "department_head executor commission"),
    ("outside_request", "answer answer_number answer_date answer_note", "clerk department_head executor"),
    ("outside_request", "answered_at", _FILING),
    ("case_document", "state", _ASKERS),
    ("case_document", "signed_sha256 signer_certificate signed_at", "head"),
    ("case_document", "printed_at copies", _PRINTING),
    ("licence", "status", "head department_head"),
    ("licence", "replaced_by", "head"),
    ("register_number", "state reason", _ASKERS),
    ("register_number", "case_id", "clerk department_head executor commission centre_operator phc_employee"),
    ("register_counter", "last", _NUMBERING),
    ("command", "case_id", f"{_PRINTING} head department_head"),
    ("command", "result", f"{_FILING} administrator"),
    ("incoming_package", "checks checked_at sender", "clerk phc_employee"),
    ("incoming_package", "document_id", "clerk"),
    ("incoming_package", "state settled_at settled_by case_id", _REGISTERING),
    (
        "result_custody",
        "handed_at handed_by receiver identity_document power_of_attorney returned_at returned_by requested_at"
        " requested_by send_again_by",
        "clerk centre_operator",
    ),
    ("connected_system", "active address attempts authority_pem timeout_seconds", "administrator"),
    ("code_key", "current retired_at", "administrator"),
    ("confirmation", "confirmed_at confirmed_by", "auditor administrator"),
    ("person", "version failed_attempts locked_until password_hash", _EVERYBODY),
    ("person", "login name_kk name_ru position_kk position_ru iin active", "administrator"),
    ("acting_head", "last_day", "administrator"),
    ("working_hours", "intervals", "administrator"),
    ("day_override", "intervals reason_kk reason_ru", "administrator"),
    ("fee_rate", "tenge source unverified", "administrator"),
    (
        "office",
        "version name_kk name_ru bin address_kk address_ru place_kk place_ru time_zone status_address"
        " numbers_licences incoming_template outgoing_template licence_template file_limit_bytes seal_sha256"
        " signature_level stamp_address ocsp_address silence_allowed",
        "administrator",
    ),
    ("regulation_text", "current", "administrator"),
)

_ADDS = {
    "command": _EVERYBODY,
    "journal_entry": _EVERYBODY,
    "case_file": _REGISTERING,
    "case_sub_type": _REGISTERING,
    "inventory_item": _REGISTERING,
    "attachment": _HANDLERS + " centre_operator phc_employee",
    "assignment": "head department_head",
    "requirement_check": "department_head executor commission",
    "outside_request": "department_head executor commission_secretary",
    "case_document": _FILING,
    "exchange_record": _ASKERS,
    "incoming_package": "clerk phc_employee",
    "hand_over": _DELIVERING,
    "result_custody": _DELIVERING,
    "survey_answer": _DELIVERING,
    "sitting": "commission commission_secretary",
    "hearing": "executor department_head",
    "licence": "head",
    "licence_change": "head department_head",
    "journal_checkpoint": "head",
    "register_number": _NUMBERING,
    "register_counter": _NUMBERING,
    **dict.fromkeys(["blob", "blob_chunk", "blob_proof"], f"{_FILING} administrator"),
    **dict.fromkeys(
        [
            "person",
            "person_role",
            "acting_head",
            "working_hours",
            "day_override",
            "fee_rate",
            "trust_root",
            "confirmation",
            "connected_system",
            "code_key",
            "regulation_text",
            "law_start",
            "law_step",
            "law_move",
            "law_office_move",
        ],
        "administrator",
    ),
}

# what a row that is added does not say itself
_GIVEN = {
    "command": "transaction_id step",
    **dict.fromkeys(
        [
            "acting_head",
            "attachment",
            "case_document",
            "case_file",
            "confirmation",
            "exchange_record",
            "hand_over",
            "hearing",
            "sitting",
            "incoming_package",
            "journal_checkpoint",
            "journal_entry",
            "licence",
            "licence_change",
            "outside_request",
            "person",
            "result_custody",
        ],
        "id",
    ),
}

_CHANGERS: dict[tuple[str, str], set[str]] = {}
for _table, _columns, _roles in _CHANGES:
    for _column in _columns.split():
        _CHANGERS.setdefault((_table, _column), set()).update(_roles.split())


def may_change(roles: set[str], table: str, column: str) -> bool:
    return not roles.isdisjoint(_CHANGERS.get((table, column), ()))


def may_add(roles: set[str], table: str, column: str) -> bool:
    return column not in _GIVEN.get(table, "").split() and not roles.isdisjoint(_ADDS.get(table, "").split())


def probes(columns: list[tuple[str, str]], held: dict[str, set[str]]) -> Iterator[Attack]:
    """Every column of the catalogue, asked for by every login; ``held``: the roles of each."""
    for table, column in columns:
        for login, roles in held.items():
            yield Attack(
                login,
                f"changes {table}.{column}",
                f'UPDATE "{table}" SET "{column}" = "{column}" WHERE false',
                NOTHING if may_change(roles, table, column) else NO_RIGHT,
            )
            yield Attack(
                login,
                f"fills {table}.{column}",
                f'INSERT INTO "{table}" ("{column}") SELECT "{column}" FROM "{table}" WHERE false',
                NOTHING if may_add(roles, table, column) else NO_RIGHT,
            )
