"""Who may claim what, of which case, and what a claim allows: each refused for its own reason."""

from datetime import timedelta

import pytest

from tests.guards.ground import CLAIM, Ground, entry

NO_RIGHT = "42501"
CORRECTED = (
    "UPDATE case_file SET site = 'Орал қ.', version = version + 1 WHERE id = %(check_case)s",
    entry("corrected", "check_case"),
)

# who, what, which case, code
CLAIMS = [
    ("clerk", "correct", "check", ""),
    ("clerk", "found", None, "LC005"),
    ("clerk", "no_such_command", None, "LC005"),
    ("clerk", "read_cases", None, "LC005"),
    ("clerk", "sign", "sign", "LC006"),
    ("clerk", "prepare", "sign", "LC006"),
    ("clerk", "assign", "assign", "LC006"),
    ("clerk", "check", "check", "LC006"),
    ("clerk", "decide", "decide", "LC006"),
    ("clerk", "set_people", None, "LC006"),
    ("executor", "register", None, "LC006"),
    ("executor", "deliver", "deliver", "LC006"),
    ("executor", "withdraw", "check", "LC006"),
    ("executor", "sign", "sign", "LC006"),
    ("executor", "set_law", None, "LC006"),
    ("department_head", "sign", "sign", "LC006"),
    ("department_head", "assign", "assign", "LC006"),  # may put visas, but this step is the head's
    ("department_head", "reassign", "check", "LC006"),
    ("head", "register", None, "LC006"),
    ("head", "decide", "decide", "LC006"),
    ("head", "set_office", None, "LC006"),
    ("auditor", "attach", "check", "LC006"),
    ("auditor", "withdraw", "check", "LC006"),
    ("administrator", "attach", "check", "LC006"),
    ("administrator", "sign", "sign", "LC006"),
    ("administrator", "register", None, "LC006"),
    ("clerk", "register", "check", "LC007"),
    ("clerk", "attach", None, "LC007"),
    ("administrator", "set_people", "check", "LC007"),
    ("clerk", "withdraw", "licence", "LC008"),
    ("clerk", "attach", "licence", "LC008"),
    ("head", "sign", "licence", "LC008"),
    ("head", "assign", "check", "LC009"),
    ("head", "sign", "decide", "LC009"),
    ("head", "sign", "deliver", "LC009"),
    ("executor", "decide", "sign", "LC009"),
    ("executor", "decide", "check", "LC009"),
    ("clerk", "deliver", "sign", "LC009"),
    ("executor2", "check", "check", "LC010"),
    ("executor2", "decide", "decide", "LC010"),
    ("executor2", "save_checks", "decide", "LC010"),
    ("executor2", "record_answer", "ask", "LC010"),
    ("executor2", "correct", "decide", "LC010"),
    ("executor2", "decide", "check", "LC010"),  # and not LC009: where it stands is not his to know
    ("executor2", "correct", "deliver", "LC010"),
    ("clerk", "withdraw", "deliver", "LC011"),
    ("head", "return_for_rework", "decide", "LC011"),
    ("head", "reassign", "sign", "LC011"),
    ("clerk", "correct", "deliver", "LC011"),
]


@pytest.mark.parametrize(
    ("by", "kind", "case", "code"), CLAIMS, ids=[f"{by} {kind} {case}" for by, kind, case, _ in CLAIMS]
)
def test_a_claim(ground: Ground, by: str, kind: str, case: str | None, code: str) -> None:
    work = () if code else CORRECTED
    assert ground.attempt(by, (kind, ground.cases[case] if case else None), *work) == code


def test_a_case_that_is_not_there(ground: Ground) -> None:
    assert ground.attempt("clerk", ("attach", 999_999)) == "LC016"


def test_a_login_without_a_person(ground: Ground) -> None:
    ghost = f"{ground.store.prefix}_ghost"
    ground.tried("owner", None, f"CREATE ROLE {ghost} LOGIN IN ROLE {ground.store.prefix}__clerk")
    made = (
        f"CREATE ROLE {ghost} LOGIN IN ROLE {ground.store.prefix}__user, {ground.store.prefix}__clerk",
        f"SET LOCAL SESSION AUTHORIZATION {ghost}",
        (CLAIM, {"id": "00000000-0000-4000-8000-000000000000", "kind": "register", "case": None}),
    )
    assert ground.attempt("owner", None, *made) == "LC003"


def test_a_blocked_person(ground: Ground) -> None:
    blocked = (
        "UPDATE person SET active = false WHERE id = %(clerk)s",
        f"SET LOCAL SESSION AUTHORIZATION {ground.store.prefix}_clerk",
        (CLAIM, {"id": "00000000-0000-4000-8000-000000000000", "kind": "register", "case": None}),
    )
    assert ground.attempt("owner", None, *blocked) in {"LC004", NO_RIGHT}  # his groups are gone as well


def test_a_claim_of_anothers_login_is_ones_own(ground: Ground) -> None:
    told = "SELECT 1 / (login = 'clerk' AND at = %(at)s AND step = 'completeness')::integer FROM command WHERE id = %(command)s"
    assert ground.attempt("clerk", ("correct", ground.cases["check"]), told, *CORRECTED) == ""


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ([("attach", "check"), ("attach", "check")], "LC012"),
        ([("attach", "check"), ("withdraw", "decide")], "LC012"),
        ([("register", None), ("correct", "decide")], "LC012"),
    ],
)
def test_two_claims_in_one_transaction(ground: Ground, claims, code: str) -> None:
    given = [(kind, ground.cases[case] if case else None) for kind, case in claims]
    assert ground.attempt("clerk", given) == code


def test_a_claim_given_back_leaves_room_for_one_more(ground: Ground) -> None:
    again = (CLAIM, {"id": "00000000-0000-4000-8000-000000000001", "kind": "correct"})
    case = {"case": ground.cases["check"]}
    steps = (
        "SAVEPOINT one",
        (again[0], {**again[1], **case}),
        "ROLLBACK TO one",
        (again[0], {**again[1], **case, "id": "00000000-0000-4000-8000-000000000002"}),
        CORRECTED[0],
        entry("corrected", "check_case", command_id="'00000000-0000-4000-8000-000000000002'"),
    )
    assert ground.attempt("clerk", None, *steps) == ""


FORMED = {
    "an id that is no UUID": {"id": "first"},
    "the id of a signature": {"id": "00000000-0000-5000-8000-000000000000"},
    "a result before there is one": {"result": '{"number": 1}'},
}


@pytest.mark.parametrize("changes", FORMED.values(), ids=FORMED.keys())
def test_a_claim_is_formed_as_claims_are(ground: Ground, changes: dict[str, str]) -> None:
    words = CLAIM.replace("'null'", "%(result)s")
    told = {"id": "00000000-0000-4000-8000-000000000003", "kind": "register", "case": None, "result": "null"}
    assert ground.attempt("clerk", None, (words, {**told, **changes})) == "LC007"


# by, command and case, statement: what no claim of his allows
OUTSIDE = {
    "without a claim": (
        "clerk",
        None,
        "UPDATE case_file SET version = version + 1 WHERE id = %(check_case)s",
        "LC002",
    ),
    "without a claim, a person": (
        "clerk",
        None,
        "UPDATE person SET failed_attempts = 0, version = version + 1 WHERE id = %(clerk)s",
        "LC002",
    ),
    "in anothers claim": (
        "clerk",
        None,
        "INSERT INTO journal_entry (at, actor, actor_name, on_behalf, workstation, event, case_number, step, facts, command_id)"
        " VALUES (%(at)s, '', '', '', '', 'signed', '', '', '{}', (SELECT id FROM command ORDER BY at LIMIT 1))",
        "LC002",
    ),
    "a table of another command": (
        "clerk",
        ("attach", "deliver"),
        "INSERT INTO hand_over (case_id, document_id, receiver, identity_document, power_of_attorney, handed_at, handed_by)"
        " SELECT case_id, id, 'А.', '1', '', %(at)s, %(clerk)s FROM case_document WHERE case_id = %(deliver_case)s LIMIT 1",
        "LC013",
    ),
    "a column of another command": (
        "clerk",
        ("attach", "check"),
        "UPDATE case_file SET holder_kk = 'Басқа', version = version + 1 WHERE id = %(check_case)s",
        "LC014",
    ),
    "a step by a command that moves nothing": (
        "clerk",
        ("correct", "check"),
        "UPDATE case_file SET step = 'delivery', version = version + 1 WHERE id = %(check_case)s",
        "LC014",
    ),
    "another case": (
        "clerk",
        ("attach", "check"),
        "UPDATE case_file SET version = version + 1, step_entered_at = step_entered_at WHERE id = %(decide_case)s",
        "LC015",
    ),
    "another case, with the answer read back": (
        "clerk",
        ("correct", "check"),
        "UPDATE case_file SET site = 'Басқа', version = version + 1 WHERE id = %(decide_case)s RETURNING holder_kk",
        "LC015",
    ),
    "all cases": (
        "clerk",
        ("correct", "check"),
        "UPDATE case_file SET site = 'Басқа', version = version + 1",
        "LC015",
    ),
    "no new version": (
        "clerk",
        ("correct", "check"),
        "UPDATE case_file SET site = 'Басқа' WHERE id = %(check_case)s",
        "LC019",
    ),
    "a version too far": (
        "clerk",
        ("correct", "check"),
        "UPDATE case_file SET site = 'Басқа', version = version + 2 WHERE id = %(check_case)s",
        "LC019",
    ),
    "a claim of another": (
        "executor",
        ("check", "check"),
        "UPDATE command SET result = '1' WHERE id <> %(command)s",
        "LC041",
    ),
    "a claim moved to another case": (
        "executor",
        ("check", "check"),
        "UPDATE command SET case_id = %(decide_case)s WHERE id = %(command)s",
        "LC014",
    ),
    "a new claim moved to a known case": (
        "clerk",
        ("register", None),
        "UPDATE command SET case_id = %(decide_case)s WHERE id = %(command)s",
        "LC015",
    ),
    "a claim made into another": (  # of whoever sees it; the row policy of a change comes before the guard
        "head",
        ("assign", "assign"),
        "INSERT INTO command (id, kind, case_id, login, workstation, digest, at, result)"
        " SELECT id, kind, case_id, login, workstation, digest, at, result FROM command WHERE login = 'clerk' LIMIT 1"
        " ON CONFLICT (id) DO UPDATE SET result = '1'",
        "42501",
    ),
    "nothing told": ("clerk", ("attach", "check"), "SELECT 1", "LC043"),
    "a person of another": (  # of whom the row policy would let: for anybody else there is no such row
        "administrator",
        ("set_own_password", None),
        "UPDATE person SET password_hash = 'x', version = version + 1 WHERE id = %(head)s",
        "LC049",
    ),
    "the delay of another": (
        "administrator",
        ("sign_in", None),
        "UPDATE person SET failed_attempts = 9, version = version + 1 WHERE id = %(head)s",
        "LC049",
    ),
    "ones own role": (
        "clerk",
        ("set_own_password", None),
        "INSERT INTO person_role (person_id, role) VALUES (%(clerk)s, 'head')",
        NO_RIGHT,
    ),
    "a table nobody writes": ("head", None, "UPDATE journal_entry SET event = 'x'", NO_RIGHT),
    "a column nobody changes": (
        "clerk",
        ("correct", "check"),
        "UPDATE case_file SET number = '1', version = version + 1 WHERE id = %(check_case)s",
        NO_RIGHT,
    ),
    "a transaction of ones own choice": (
        "clerk",
        None,
        "INSERT INTO command (id, kind, login, workstation, digest, at, result, transaction_id)"
        " VALUES ('00000000-0000-4000-8000-000000000009', 'register', '', '', '', %(at)s, 'null', 1)",
        NO_RIGHT,
    ),
}


@pytest.mark.parametrize(("by", "claim", "words", "code"), OUTSIDE.values(), ids=OUTSIDE.keys())
def test_what_a_claim_does_not_allow(ground: Ground, by: str, claim, words: str, code: str) -> None:
    told = claim and (claim[0], ground.cases[claim[1]] if claim[1] else None)
    assert ground.attempt(by, told, words) == code


def test_a_claim_kept_open_grows_too_old(ground: Ground) -> None:
    later = (ground.clock.moment + timedelta(minutes=16)).isoformat()
    wait = f"SELECT set_config('ruqsat.clock', '{later}', true)"
    write = "UPDATE case_file SET version = version + 1, step_entered_at = step_entered_at WHERE id = %(check_case)s"
    attach = ("attach", ground.cases["check"])
    assert ground.attempt("clerk", attach, wait, write) == "LC042"


ENTRIES = {
    "of another command": (entry("signed", "check_case"), "LC044"),
    "without the command": (entry("files-attached", "check_case", command_id="NULL"), "LC044"),
    "of another case": (entry("files-attached", "sign_case"), "LC015"),
    "with anothers number": (entry("files-attached", "check_case", case_number="'2018-000001x'"), "LC015"),
    "of no case": (entry("files-attached"), "LC015"),
}


@pytest.mark.parametrize(("step", "code"), ENTRIES.values(), ids=ENTRIES.keys())
def test_an_entry_of_the_journal(ground: Ground, step: str, code: str) -> None:
    assert ground.attempt("clerk", ("attach", ground.cases["check"]), step) == code


def test_an_entry_says_who_and_when_whatever_it_was_given(ground: Ground) -> None:
    steps = (
        CORRECTED[0],
        entry(
            "corrected",
            "check_case",
            actor="'head'",
            actor_name="'Басшы'",
            at="'2001-01-01'",
            on_behalf="'Басшы'",
            step="'delivery'",
        ),
        "SELECT 1 / (actor = 'clerk' AND at = %(at)s AND actor_name LIKE 'Кеңсебаева%%' AND on_behalf = ''"
        " AND step = 'completeness')::integer FROM journal_entry WHERE command_id = %(command)s",
    )
    assert ground.attempt("clerk", ("correct", ground.cases["check"]), *steps) == ""


CHECKPOINT = (
    "INSERT INTO journal_checkpoint (position, hash, reason, statement, document, certificate, made_at, made_by)"
    " SELECT position, {hash}, 'asked', '', '', '', {at}, {by} FROM journal_link ORDER BY position DESC LIMIT 1"
)


@pytest.mark.parametrize(
    ("hash_", "at", "by", "code"),
    [
        ("hash", "%(at)s", "%(head)s", "LC043"),  # all of it right, and nothing told
        ("repeat('0', 64)", "%(at)s", "%(head)s", "LC051"),
        ("hash", "%(at)s", "%(clerk)s", "LC017"),
        ("hash", "'2001-01-01'", "%(head)s", "LC045"),
    ],
)
def test_a_checkpoint_is_of_a_link_that_stands(
    ground: Ground, hash_: str, at: str, by: str, code: str
) -> None:
    words = CHECKPOINT.format(hash=hash_, at=at, by=by)
    assert ground.attempt("head", ("checkpoint", None), words) == code


PERSON = (
    "INSERT INTO person (version, login, name_kk, name_ru, position_kk, position_ru, iin, password_hash, active,"
    " failed_attempts) VALUES (1, {}, '', '', '', '', '', '', true, 0)"
)


@pytest.mark.parametrize("by", ["administrator", "owner"])
def test_a_role_is_one_of_the_office_and_a_login_is_spelled_as_one(ground: Ground, by: str) -> None:
    claimed = ("set_people", None) if by == "administrator" else None
    role = "INSERT INTO person_role (person_id, role) VALUES (%(clerk)s, 'owner')"
    assert ground.attempt(by, claimed, role) == "LC052"
    for login in ("''", "'_owner'", "'X'", "'a\"; DROP ROLE postgres; --'"):
        assert ground.attempt(by, claimed, PERSON.format(login)) == "LC053"


def test_nobody_gives_himself_a_role_or_an_order(ground: Ground) -> None:
    role = "INSERT INTO person_role (person_id, role) VALUES (%(administrator)s, 'head')"
    assert ground.attempt("administrator", ("set_people", None), role) == "LC049"
    order = (
        "INSERT INTO acting_head (person_id, order_number, order_date, first_day, last_day)"
        " VALUES (%(administrator)s, '1', '2018-06-11', '2018-06-11', '2018-06-30')"
    )
    assert ground.attempt("administrator", ("set_acting_head", None), order) == "LC049"


KEPT = (
    "command",
    "journal_entry",
    "case_file",
    "case_document",
    "licence",
    "register_number",
    "blob_chunk",
    "person",
)


@pytest.mark.parametrize("table", KEPT)
def test_even_the_owner_empties_no_table(ground: Ground, table: str) -> None:
    assert ground.attempt("owner", None, f"TRUNCATE {table} CASCADE") in {"LC041", "LC001"}


def test_even_the_owner_changes_no_entry_of_the_journal(ground: Ground) -> None:
    assert ground.attempt("owner", None, "UPDATE journal_entry SET event = 'x'") == "LC041"
    assert ground.attempt("owner", None, "DELETE FROM journal_entry") == "LC041"
    assert ground.attempt("owner", None, "DELETE FROM journal_image") == "LC001"


@pytest.mark.parametrize(
    ("login", "case", "named", "code"),
    [
        ("clerk", "check", '{"number": "АА-2"}', ""),
        ("executor", "check", '{"number": "АА-2"}', "LC006"),
        ("clerk", "sign", '{"number": "АА-2"}', "LC058"),
        ("clerk", "check", '{"id": 1, "number": "АА-2"}', "LC032"),
    ],
)
def test_another_licence_in_a_correction(
    ground: Ground, login: str, case: str, named: str, code: str
) -> None:
    """By who sees the register, as it stands there, and not under a draft of the first one's number."""
    renamed = (
        "UPDATE case_file SET version = version + 1, step_entered_at = step_entered_at,"
        f" licence_named = '{named}' WHERE id = %({case}_case)s"
    )
    told = ground.attempt(login, ("correct", ground.cases[case]), renamed, entry("corrected", f"{case}_case"))
    assert told == code
