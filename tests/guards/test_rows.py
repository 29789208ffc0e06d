"""One wrong thing in an otherwise right command is refused, and for that thing."""

import pytest

from desktop.store.authority.names import login_role
from tests.guards import honest
from tests.guards.ground import Ground, entry

COMMANDS = {
    "register": (honest.register, "clerk", ("register", None)),
    "decide": (honest.decide, "executor", ("decide", "decide")),
    "sign": (honest.sign, "head", ("sign", "sign")),
    "deliver": (honest.deliver, "clerk", ("deliver", "deliver")),
}


def _attempt(ground: Ground, name: str, changes=None, without=()) -> str:
    build, by, (kind, case) = COMMANDS[name]
    return ground.attempt(by, (kind, ground.cases[case] if case else None), *build(changes, without))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_right_command_by_hand_is_taken(ground: Ground, name: str) -> None:
    build, by, (kind, case) = COMMANDS[name]
    ground.tried(by, (kind, ground.cases[case] if case else None), *build())


_YESTERDAY = "%(at)s::timestamptz - interval '1 day'"
_OTHER_HASH = (
    "(SELECT unsigned_sha256 FROM case_document WHERE case_id = %(decide_case)s AND kind = 'request')"
)

# command, part, column, another value, code
CHANGED = [
    # a case
    ("register", "case", "registered_at", _YESTERDAY, "LC045"),
    ("register", "case", "received_at", _YESTERDAY, "LC045"),
    ("register", "case", "received_at", "%(at)s::timestamptz + interval '1 day'", "LC045"),
    ("register", "case", "step_entered_at", _YESTERDAY, "LC045"),
    ("register", "case", "registered_by", "%(head)s", "LC017"),
    ("register", "case", "registered_by", "NULL", "LC017"),
    ("register", "case", "version", "2", "LC019"),
    ("register", "case", "step", "'delivery'", "LC018"),
    ("register", "case", "step", "NULL", "LC018"),
    ("register", "case", "step", "'no-such-step'", "LC018"),
    ("register", "case", "service", "'dental'", "LC018"),
    ("register", "case", "channel", "'no-such-channel'", "LC018"),
    ("register", "case", "closed_at", "%(at)s", "LC021"),
    ("register", "case", "result", "'licence'", "LC021"),
    ("register", "case", "draft_kind", "'licence'", "LC021"),
    ("register", "case", "answer", "'conforms'", "LC021"),
    ("register", "case", "refusal_grounds", "'[1]'", "LC021"),
    ("register", "case", "due_at", _YESTERDAY, "LC046"),
    ("register", "case", "due_at", "%(at)s::timestamptz + interval '50 years'", "LC046"),
    ("register", "case", "due_at", "NULL", "LC046"),
    ("register", "case", "hand_over_by", "%(at)s::timestamptz + interval '1 year'", "LC046"),
    ("register", "case", "step_due_at", _YESTERDAY, "LC046"),
    ("register", "case", "number", "'2018-999999'", "LC015"),
    ("decide", "case", "due_at", "due_at + interval '1 day'", "LC046"),
    ("decide", "case", "hand_over_by", "due_at", "LC046"),
    # numbers
    ("register", "counter", "year", "2017", "LC022"),
    ("register", "counter", "register", "'licence'", "LC022"),
    ("register", "counter", "last", "7", "LC022"),
    ("register", "number", "sequence", "900", "LC022"),
    ("register", "number", "year", "2019", "LC022"),
    ("register", "number", "register", "'outgoing'", "LC022"),
    ("register", "number", "text", "'2018-1'", "LC023"),
    ("register", "number", "text", "'№ 1'", "LC023"),
    ("register", "number", "state", "'reserved'", "LC024"),
    ("register", "number", "reason", "'бұрынғы'", "LC024"),
    ("register", "number", "given_at", _YESTERDAY, "LC045"),
    ("register", "number", "case_id", "%(decide_case)s", "LC024"),
    ("register", "numbered", "case_id", "%(decide_case)s", "LC024"),
    ("decide", "number", "case_id", "%(sign_case)s", "LC015"),
    ("decide", "number", "state", "'voided'", "LC024"),
    ("decide", "number", "state", "'used'", "LC025"),
    ("sign", "number", "state", "'voided', reason = 'x'", "LC025"),
    ("sign", "number", "state", "'reserved'", "LC025"),
    # papers
    ("register", "receipt", "kind", "'licence'", "LC026"),
    ("register", "receipt", "state", "'signed'", "LC026"),
    ("register", "receipt", "signed_sha256", "unsigned_sha256", "42703"),
    ("register", "receipt", "signed_at", "%(at)s", "LC026"),
    ("register", "receipt", "copies", "3", "LC026"),
    ("register", "receipt", "dated", "'2018-06-10'", "LC045"),
    ("register", "receipt", "created_at", _YESTERDAY, "LC045"),
    ("register", "receipt", "created_by", "%(head)s", "LC017"),
    ("register", "receipt", "signer_id", "%(head)s", "LC017"),
    ("register", "receipt", "case_id", "%(decide_case)s", "LC015"),
    ("register", "receipt", "number", "'2018-000001'", "LC025"),
    ("register", "receipt", "unsigned_sha256", _OTHER_HASH, "LC035"),
    ("register", "receipt", "unsigned_sha256", "NULL", "LC035"),
    ("decide", "draft", "state", "'issued'", "LC026"),  # a licence that nobody need sign
    ("decide", "draft", "state", "'signed'", "LC026"),
    ("decide", "draft", "kind", "'termination'", "LC026"),
    ("decide", "draft", "kind", "'refusal'", "LC025"),  # a refusal with a licence's number
    ("decide", "draft", "signer_id", "%(clerk)s", "LC029"),
    ("decide", "draft", "signer_id", "NULL", "LC029"),
    ("decide", "draft", "created_by", "%(head)s", "LC017"),
    ("decide", "draft", "number", "'18000001'", "LC025"),
    ("decide", "draft", "unsigned_sha256", _OTHER_HASH, "LC035"),
    ("decide", "draft", "dated", "'2018-06-12'", "LC045"),
    ("decide", "case", "step", "'delivery'", "LC018"),
    ("decide", "case", "step", "NULL", "LC018"),
    ("decide", "case", "draft_kind", "'refusal'", "LC033"),
    ("decide", "case", "draft_kind", "NULL", "LC018"),
    ("decide", "case", "step_entered_at", _YESTERDAY, "LC045"),
    ("decide", "case", "version", "version", "LC019"),
    # the signature
    ("sign", "paper", "state", "'issued'", "LC027"),
    ("sign", "paper", "signed_at", _YESTERDAY, "LC045"),
    ("sign", "paper", "signed_at", "NULL", "LC045"),
    ("sign", "paper", "signer_certificate", "''", "LC028"),
    ("sign", "paper", "signed_sha256", "unsigned_sha256", "LC035"),
    ("sign", "paper", "signed_sha256", "NULL", "LC035"),
    ("sign", "paper", "signed_sha256", _OTHER_HASH, "LC035"),
    ("sign", "case", "step", "'decision'", "LC018"),
    ("sign", "case", "draft_kind", "'licence'", "LC033"),
    ("sign", "licence", "number", "'18999999'", "LC032"),
    ("sign", "licence", "case_id", "%(deliver_case)s", "LC015"),
    ("sign", "licence", "issued_on", "'2018-06-10'", "LC032"),
    ("sign", "licence", "first_issued_on", "'2019-06-10'", "LC032"),
    ("sign", "licence", "status", "'reissued'", "LC032"),
    ("sign", "licence", "identifier", "'000000000000'", "LC032"),
    ("sign", "licence", "document_id", "(SELECT min(id) FROM case_document)", "LC032"),
    ("sign", "blob", "size", "3", "LC034"),
    ("sign", "blob", "created_at", _YESTERDAY, "LC045"),
    ("sign", "blob", "sha256", "repeat('a', 64)", "LC034"),
    ("sign", "blob_chunk", "position", "1", "LC034"),
    # the end
    ("deliver", "case", "result", "'refusal'", "LC020"),
    ("deliver", "case", "result", "'withdrawn'", "LC020"),
    ("deliver", "case", "result", "NULL", "LC020"),
    ("deliver", "case", "closed_at", _YESTERDAY, "LC045"),
    ("deliver", "case", "closed_at", "NULL", "LC045"),
    ("deliver", "case", "step", "'delivery'", "LC018"),
    ("deliver", "hand_over", "case_id", "%(sign_case)s", "LC015"),
    ("deliver", "hand_over", "handed_at", _YESTERDAY, "LC045"),
    ("deliver", "hand_over", "handed_by", "%(head)s", "LC017"),
    ("deliver", "hand_over", "receiver", "''", "LC039"),
    (
        "deliver",
        "hand_over",
        "document_id",
        "(SELECT min(id) FROM case_document WHERE case_id = %(sign_case)s)",
        "LC039",
    ),
    (
        "deliver",
        "hand_over",
        "document_id",
        "(SELECT min(id) FROM case_document WHERE case_id = %(deliver_case)s AND kind = 'receipt')",
        "LC039",
    ),
]


@pytest.mark.parametrize(
    ("name", "part", "column", "value", "code"),
    CHANGED,
    ids=[f"{name} {part}.{column} {number}" for number, (name, part, column, *_) in enumerate(CHANGED)],
)
def test_one_value_wrong(ground: Ground, name: str, part: str, column: str, value: str, code: str) -> None:
    assert _attempt(ground, name, {part: {column: value}}) == code


STOOD_STILL = [
    ({"due_at": "due_at + interval '1 day'"}, ""),
    ({"due_at": "due_at + interval '22 days'"}, "LC046"),  # more than can have been lost
    ({"due_at": "due_at - interval '1 minute'"}, "LC046"),
    ({"due_at": "due_at + interval '1 day'", "hand_over_by": "due_at"}, "LC046"),  # there was no such rule
    ({"due_at": "due_at + interval '1 day'", "step": "step"}, "LC018"),  # the step was not left
]


@pytest.mark.parametrize(("changes", "code"), STOOD_STILL)
def test_a_total_term_that_stood_still_moves_on_by_what_was_lost(ground: Ground, changes, code: str) -> None:
    still = (
        "RESET SESSION AUTHORIZATION",
        "UPDATE law_step SET pauses_total = true WHERE act = 'decide'",
        f'SET LOCAL SESSION AUTHORIZATION "{login_role(ground.store.prefix, "executor")}"',
    )
    told = ground.attempt(
        "executor", ("decide", ground.cases["decide"]), *still, *honest.decide({"case": changes})
    )
    assert told == code


LEFT_OUT = [
    ("register", ("counter",), "23505"),  # a number twice
    ("register", ("number", "numbered"), "LC022"),
    ("register", ("numbered",), "LC025"),
    ("register", ("case", "numbered", "receipt"), "LC015"),  # the journal tells of a case that is none
    ("decide", ("draft",), "LC025"),
    ("decide", ("number",), "LC022"),
    ("decide", ("case",), "LC033"),
    ("decide", ("counter", "number", "draft", "blob", "blob_chunk"), "LC033"),
    ("decide", ("blob_chunk",), "LC034"),
    ("sign", ("paper", "number", "licence"), "LC033"),  # on without a signature
    ("sign", ("licence",), "LC032"),
    ("sign", ("number",), "LC025"),
    ("sign", ("case",), "LC033"),
    ("sign", ("paper",), "LC032"),
    ("deliver", ("hand_over",), "LC047"),
    ("deliver", ("case",), "LC039"),
]


@pytest.mark.parametrize(
    ("name", "without", "code"), LEFT_OUT, ids=[f"{name} {' '.join(left)}" for name, left, _ in LEFT_OUT]
)
def test_one_statement_left_out(ground: Ground, name: str, without, code: str) -> None:
    assert _attempt(ground, name, without=without) == code


def test_a_gap_is_not_left_by_counting_twice(ground: Ground) -> None:
    steps = honest.register()
    assert ground.attempt("clerk", ("register", None), steps[0], *steps) == "LC022"


def test_two_cases_in_one_command(ground: Ground) -> None:
    assert ground.attempt("clerk", ("register", None), *honest.register(), *honest.register()[:4]) in {
        "23505",
        "LC015",
    }


def test_signed_bytes_of_another_page(ground: Ground) -> None:
    words = honest.content("another page altogether, longer than the draft that was prepared " * 40)
    changes = {
        "blob": {"sha256": words["sha256"], "size": words["size"]},
        "blob_chunk": {"sha256": words["sha256"], "content": words["bytes"]},
        "paper": {"signed_sha256": words["sha256"]},
    }
    assert _attempt(ground, "sign", changes) == "LC028"


def test_signed_twice(ground: Ground) -> None:
    again = "UPDATE case_document SET signed_at = %(at)s, signer_certificate = repeat('d0', 32) WHERE case_id = %(sign_case)s AND kind = 'licence'"
    assert ground.attempt("head", ("sign", ground.cases["sign"]), *honest.sign()[:-1], again) == "LC027"


def test_signed_on_another_day_than_the_page_says(ground: Ground) -> None:
    tomorrow = ground.clock.moment.replace(day=ground.clock.moment.day + 1)
    told = [(words if isinstance(words, str) else words[0], {"at": tomorrow}) for words in honest.sign()]
    assert ground.attempt("head", ("sign", ground.cases["sign"]), *told, at=tomorrow) == "LC045"


def test_moved_twice_by_one_command(ground: Ground) -> None:
    more = "UPDATE case_file SET version = version + 1, step = 'delivery', step_entered_at = %(at)s, step_due_at = NULL WHERE id = %(decide_case)s"
    assert ground.attempt("executor", ("decide", ground.cases["decide"]), *honest.decide(), more) == "LC018"


def test_proved_early_is_proved_again(ground: Ground) -> None:
    """SET CONSTRAINTS brings a proof forward; what is written after it is proved as well."""
    early = ("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED")
    more = "UPDATE case_document SET state = 'replaced' WHERE case_id = %(decide_case)s AND state = 'draft'"
    assert (
        ground.attempt("executor", ("decide", ground.cases["decide"]), *honest.decide(), *early, more)
        == "LC033"
    )


# who, command, case, statement, code
ELSE = {
    "a scan of another case by its hash": (
        "executor", "attach", "check",
        "INSERT INTO attachment (case_id, paper, file_name, media_type, size, sha256, flags, added_at, added_by)"
        f" SELECT %(check_case)s, NULL, 'a.pdf', media_type, size, sha256, '[]', %(at)s, %(executor)s FROM blob WHERE sha256 = {_OTHER_HASH}",
        "LC035",
    ),
    "a proof that proves nothing": (
        "executor", "attach", "check",
        f"INSERT INTO blob_proof (command_id, sha256, proof) VALUES (%(command)s, {_OTHER_HASH}, repeat('0', 64))",
        "LC035",
    ),
    "a proof of another command": (
        "executor", "attach", "check",
        f"INSERT INTO blob_proof (command_id, sha256, proof) VALUES ((SELECT min(id) FROM command), {_OTHER_HASH}, repeat('0', 64))",
        "LC035",
    ),
    "more behind a content": (
        "executor", "attach", "check",
        "INSERT INTO blob_chunk (sha256, position, content)"
        f" SELECT {_OTHER_HASH}, 1, 'x'::bytea",
        "LC034",
    ),
    "an executor who is none": (
        "head", "reassign", "check",
        "UPDATE assignment SET person_id = %(clerk)s WHERE case_id = %(check_case)s AND role = 'executor'",
        "LC038",
    ),
    "a role nobody holds": (
        "head", "assign", "assign",
        "INSERT INTO assignment (case_id, role, person_id) VALUES (%(assign_case)s, 'commission', %(executor)s)",
        "LC038",
    ),
    "a check in anothers name": (
        "executor", "save_checks", "decide",
        "INSERT INTO requirement_check (case_id, requirement, verdict, note, checked_at, checked_by)"
        " VALUES (%(decide_case)s, 'premises', 'met', '', %(at)s, %(executor2)s)",
        "LC017",
    ),
    "a check of yesterday": (
        "executor", "save_checks", "decide",
        "INSERT INTO requirement_check (case_id, requirement, verdict, note, checked_at, checked_by)"
        f" VALUES (%(decide_case)s, 'premises', 'met', '', {_YESTERDAY}, %(executor)s)",
        "LC045",
    ),
    "a check of another case": (
        "executor", "save_checks", "decide",
        "INSERT INTO requirement_check (case_id, requirement, verdict, note, checked_at, checked_by)"
        " VALUES (%(sign_case)s, 'premises', 'met', '', %(at)s, %(executor)s)",
        "LC015",
    ),
    "a check with a verdict that is none": (
        "executor", "save_checks", "decide",
        "INSERT INTO requirement_check (case_id, requirement, verdict, note, checked_at, checked_by)"
        " VALUES (%(decide_case)s, 'premises', 'maybe', '', %(at)s, %(executor)s)",
        "LC048",
    ),
    "a paper in order that was not brought": (
        "executor", "check", "check",
        "UPDATE inventory_item SET verdict = 'ok' WHERE case_id = %(check_case)s AND NOT brought",
        "LC068",
    ),
    "silence before its time": (
        "executor", "record_answer", "ask",
        "UPDATE outside_request SET answer = 'no_answer', answered_at = %(at)s WHERE case_id = %(ask_case)s",
        "LC037",
    ),
    "an answer without a number": (
        "executor", "record_answer", "ask",
        "UPDATE outside_request SET answer = 'conforms', answered_at = %(at)s, answer_date = '2018-06-11' WHERE case_id = %(ask_case)s",
        "LC037",
    ),
    "an answer of before it was asked": (
        "executor", "record_answer", "ask",
        "UPDATE outside_request SET answer = 'conforms', answered_at = %(at)s, answer_date = '2018-06-01', answer_number = '1' WHERE case_id = %(ask_case)s",
        "LC037",
    ),
    "a draft printed": (
        "clerk", "print", None,
        "UPDATE case_document SET printed_at = %(at)s, copies = 1 WHERE case_id = %(sign_case)s AND state = 'draft'",
        "LC015",
    ),
    "a printing without copies": (
        "clerk", "print", None,
        "WITH of AS (UPDATE command SET case_id = %(deliver_case)s WHERE id = %(command)s RETURNING 1)"
        " SELECT * FROM of",
        "LC043",
    ),
    "a number voided by hand": (
        "clerk", "withdraw", "sign",
        "UPDATE register_number SET state = 'voided' WHERE case_id = %(sign_case)s AND state = 'reserved'",
        "LC024",
    ),
    "a number used by hand": (
        "clerk", "withdraw", "sign",
        "UPDATE register_number SET state = 'used' WHERE case_id = %(sign_case)s AND state = 'reserved'",
        "LC024",
    ),
    "a law that is not its text": (
        "administrator", "set_law", None,
        "INSERT INTO regulation_text (sha256, regulation, version, content, loaded_at, current)"
        " VALUES (repeat('a', 64), 'wko-2018-139', '9', 'id = 1', %(at)s, true)",
        "LC040",
    ),
    "a move more for a law that is kept": (
        "administrator", "set_law", None,
        "INSERT INTO law_move (regulation_sha256, service, operation, step, outcome, effect, next, produces, needs_answer, signed_later)"
        " SELECT sha256, 'medical', 'issue', 'visa', 'straight-on', 'forward', 'delivery', NULL, '', false FROM regulation_text"
        " WHERE regulation = 'wko-2018-139'",
        "LC040",
    ),
    "an order made longer": (
        "administrator", "set_acting_head", None,
        "WITH of AS (INSERT INTO acting_head (person_id, order_number, order_date, first_day, last_day)"
        " VALUES (%(executor)s, '1', '2018-06-01', '2018-06-11', '2018-06-12') RETURNING id)"
        " SELECT * FROM of",
        "LC043",
    ),
    "a root that is another": (
        "administrator", "set_trust", None,
        "INSERT INTO trust_root (sha256, pem, subject, is_demo, added_at, added_by)"
        " VALUES (repeat('a', 64), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', 'CN=x', false, %(at)s, 'administrator')",
        "LC034",
    ),
    "a root in anothers name": (
        "administrator", "set_trust", None,
        "INSERT INTO trust_root (sha256, pem, subject, is_demo, added_at, added_by)"
        " VALUES (encode(sha256('\\x000000'), 'hex'), 'AAAA', 'CN=x', false, %(at)s, 'head')",
        "LC017",
    ),
    "a key of codes under another hash": (
        "administrator", "set_code_key", None,
        "INSERT INTO code_key (sha256, kid, pem, owner, valid_from, valid_to, is_demo, current, added_at, added_by)"
        " VALUES (repeat('a', 64), repeat('a', 16), 'AAAA', 'x', %(at)s, %(at)s, false, true, %(at)s, 'administrator')",
        "LC034",
    ),
    "a key of codes in anothers name": (
        "administrator", "set_code_key", None,
        "INSERT INTO code_key (sha256, kid, pem, owner, valid_from, valid_to, is_demo, current, added_at, added_by)"
        " VALUES (repeat('a', 64), repeat('a', 16), 'AAAA', 'x', %(at)s, %(at)s, false, true, %(at)s, 'head')",
        "LC017",
    ),
    "a key of codes that was added last year": (
        "administrator", "set_code_key", None,
        "INSERT INTO code_key (sha256, kid, pem, owner, valid_from, valid_to, is_demo, current, added_at, added_by)"
        " VALUES (repeat('a', 64), repeat('a', 16), 'AAAA', 'x', %(at)s, %(at)s, false, true,"
        " %(at)s::timestamptz - interval '1 year', 'administrator')",
        "LC045",
    ),
    "a key of codes that never was in use": (
        "administrator", "set_code_key", None,
        "INSERT INTO code_key (sha256, kid, pem, owner, valid_from, valid_to, is_demo, current, added_at, added_by)"
        " VALUES (repeat('a', 64), repeat('a', 16), 'AAAA', 'x', %(at)s, %(at)s, false, NULL, %(at)s, 'administrator')",
        "LC059",
    ),
    "a checkpoint of a link that never was": (
        "head", "checkpoint", None,
        "INSERT INTO journal_checkpoint (position, hash, reason, statement, document, certificate, made_at, made_by)"
        " VALUES (1, repeat('a', 64), 'monthly', '{}', '', '', %(at)s, %(head)s)",
        "LC051",
    ),
    "a checkpoint in anothers name": (
        "head", "checkpoint", None,
        "INSERT INTO journal_checkpoint (position, hash, reason, statement, document, certificate, made_at, made_by)"
        " SELECT position, hash, 'monthly', '{}', '', '', %(at)s, %(clerk)s FROM journal_link WHERE position = 1",
        "LC017",
    ),
    "an office without a new version": (
        "administrator", "set_office", None, "UPDATE office SET name_kk = 'x'", "LC019",
    ),
    "a seal by its hash": (
        "administrator", "set_trust", None,
        "UPDATE office SET version = version + 1, seal_sha256 = %(request_sha256)s",
        "LC035",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("by", "kind", "case", "words", "code"), ELSE.values(), ids=ELSE.keys())
def test_one_statement_by_hand(
    ground: Ground, by: str, kind: str, case: str | None, words: str, code: str
) -> None:
    assert ground.attempt(by, (kind, ground.cases[case] if case else None), words) == code


def test_a_draft_is_not_printed(ground: Ground) -> None:
    steps = (
        "UPDATE command SET case_id = %(sign_case)s WHERE id = %(command)s",
        "UPDATE case_document SET printed_at = %(at)s, copies = 1 WHERE case_id = %(sign_case)s AND state = 'draft'",
    )
    assert ground.attempt("clerk", ("print", None), *steps) == "LC031"


def test_a_file_whose_size_is_told_wrong(ground: Ground) -> None:
    content = honest.content("a scan of the hand")
    steps = [honest.insert(table, values) for table, values in honest.blob("a scan of the hand").values()]
    attach = honest.insert(
        "attachment",
        {
            "case_id": "%(check_case)s",
            "paper": "NULL",
            "file_name": "'a.pdf'",
            "media_type": "'application/pdf'",
            "size": "1",
            "sha256": content["sha256"],
            "flags": "'[]'",
            "added_at": "%(at)s",
            "added_by": "%(clerk)s",
        },
    )
    claim = ("attach", ground.cases["check"])
    assert ground.attempt("clerk", claim, *steps, attach) == "LC036"
    right = attach.replace(", 1, encode", f", {content['size']}, encode")
    assert ground.attempt("clerk", claim, *steps, right, entry("files-attached", "check_case")) == ""


def test_a_second_order_over_the_same_days(ground: Ground) -> None:
    order = honest.insert(
        "acting_head",
        {
            "person_id": "%(executor)s",
            "order_number": "'1'",
            "order_date": "'2018-06-01'",
            "first_day": "'2018-06-11'",
            "last_day": "'2018-06-12'",
        },
    )
    version = "UPDATE office SET version = version + 1, name_kk = name_kk"
    told = entry("acting-appointed")
    claim = ("set_acting_head", None)
    noted = (
        "INSERT INTO confirmation (person_id, what, set_at, set_by)"
        " VALUES (%(executor)s, '[\"acting\"]', %(at)s, %(administrator)s)"
    )
    assert ground.attempt("administrator", claim, order, noted, version, told) == ""
    assert ground.attempt("administrator", claim, order, order, version, told) == "LC050"
    longer = "UPDATE acting_head SET last_day = '2019-01-01'"
    assert ground.attempt("administrator", claim, order, longer, version, told) == "LC050"


def test_a_second_signed_result(ground: Ground) -> None:
    """The owner forges a second draft; the head may not sign it."""
    more = (
        "INSERT INTO case_document (case_id, kind, number, dated, state, facts, unsigned_sha256, signer_id,"
        " signer_certificate, created_at, created_by, copies)"
        " SELECT case_id, 'refusal', number, dated, 'signed', '{}', unsigned_sha256, signer_id, '', created_at, created_by, 0"
        " FROM case_document WHERE case_id = %(sign_case)s AND kind = 'licence'",
        f"SET LOCAL SESSION AUTHORIZATION {ground.store.prefix}_head",
    )
    claim = (
        "INSERT INTO command (id, kind, case_id, login, workstation, digest, at, result)"
        " VALUES (%(command)s, 'sign', %(sign_case)s, '', 'WS', '', %(at)s, 'null')"
    )
    name = {"command": "00000000-0000-4000-8000-00000000000a"}
    steps = [(words, name) for words in (*more, claim, *map(str, honest.sign()))]
    assert ground.attempt("owner", None, *steps) == "LC030"


def test_what_is_handed_over_here_is_kept_at_no_centre(ground: Ground) -> None:
    kept = (
        "INSERT INTO result_custody (case_id, document_id, channel, sent_at, sent_by, kept_until, receiver,"
        " identity_document, power_of_attorney) SELECT %(deliver_case)s, max(id), 'office', %(at)s, %(clerk)s,"
        " %(at)s::timestamptz + interval '30 days', '', '', '' FROM case_document"
        " WHERE case_id = %(deliver_case)s AND state = 'signed'"
    )
    assert ground.attempt("clerk", ("deliver", ground.cases["deliver"]), kept, *honest.deliver()) == "LC054"


@pytest.mark.parametrize(("question", "answer"), [("process", "delighted"), ("", "satisfied")])
def test_the_survey_has_its_own_answers(ground: Ground, question: str, answer: str) -> None:
    told = (
        "INSERT INTO survey_answer (case_id, question, answer, given_at, recorded_by)"
        f" VALUES (%(deliver_case)s, '{question}', '{answer}', %(at)s, %(clerk)s)"
    )
    assert ground.attempt("clerk", ("deliver", ground.cases["deliver"]), told, *honest.deliver()) == "LC055"
