"""The administrator of the office (T5): give himself a role, reset a signer, rewrite the rules of open cases."""

from tests.authority.hostile import reasons as why
from tests.authority.hostile.kinds import NOTHING, Attack, claim, entry, tried_by

_PEOPLE = claim("set_people")
_CALENDAR = claim("set_calendar")
_LAW = claim("set_law")
_ACTING = claim("set_acting_head")
_OFFICE = claim("set_office")
_PERSON = (
    "INSERT INTO person (version, login, name_kk, name_ru, position_kk, position_ru, iin, password_hash, active,"
    " failed_attempts) VALUES (1, '{login}', '', '', '', '', '', '{password}', true, 0)"
)


def _hires(login: str, password: str = "") -> str:
    return _PERSON.format(login=login, password=password)


HIMSELF = (
    Attack(
        "administrator",
        "makes himself the head",
        "INSERT INTO person_role (person_id, role) VALUES («administrator_id», 'head')",
        why.HIMSELF,
        first=(_PEOPLE,),
    ),
    Attack(
        "administrator",
        "makes himself the acting head",
        "INSERT INTO acting_head (person_id, order_number, order_date, first_day, last_day) VALUES («administrator_id», '1', now(), now(), now())",
        why.HIMSELF,
        first=(_ACTING,),
    ),
    Attack(
        "administrator",
        "makes himself a role the office does not know",
        "INSERT INTO person_role (person_id, role) VALUES («clerk_id», 'owner')",
        why.OFFICE_ROLE,
        first=(_PEOPLE,),
    ),
    Attack(
        "administrator",
        "makes a person the keeper of logins",
        "INSERT INTO person_role (person_id, role) VALUES («clerk_id», 'keeper')",
        why.OFFICE_ROLE,
        first=(_PEOPLE,),
    ),
    Attack(
        "administrator",
        "sets another's password as if it were his own",
        "UPDATE person SET password_hash = '«verifier»', version = version + 1 WHERE login = 'clerk2'",
        why.HIMSELF,
        first=(claim("set_own_password"),),
    ),
    Attack(
        "administrator",
        "gives a role outside of his command",
        "INSERT INTO person_role (person_id, role) VALUES («clerk_id», 'head')",
        why.NO_CLAIM,
    ),
    Attack(
        "administrator",
        "gives a role under another command",
        "INSERT INTO person_role (person_id, role) VALUES («clerk_id», 'head')",
        why.OTHER_TABLE,
        first=(_CALENDAR,),
    ),
    Attack(
        "administrator", "hires one with the name of the owner", _hires("_owner"), why.LOGIN, first=(_PEOPLE,)
    ),
    Attack(
        "administrator", "hires one with the name of a group", _hires("_head"), why.LOGIN, first=(_PEOPLE,)
    ),
    Attack(
        "administrator",
        "hires one with a name of two underscores",
        _hires("_mallory"),
        why.LOGIN,
        first=(_PEOPLE,),
    ),
    Attack(
        "administrator",
        "hires a name with SQL in it",
        _hires('x"; ALTER ROLE «prefix»_clerk SUPERUSER; --'),
        why.LOGIN,
        first=(_PEOPLE,),
    ),
    Attack(
        "administrator", "hires a name too long for the server", _hires("a" * 63), "22023", first=(_PEOPLE,)
    ),
    Attack("administrator", "hires an empty name", _hires(""), why.LOGIN, first=(_PEOPLE,)),
    Attack("administrator", "hires a name that is there", _hires("clerk"), "23505", first=(_PEOPLE,)),
    Attack(
        "administrator",
        "hands a password over in the clear",
        _hires("mallory", "secret-1"),
        "22023",
        first=(_PEOPLE,),
    ),
    Attack(
        "administrator",
        "hands SQL over as a password",
        _hires("mallory", "x'' SUPERUSER"),
        "22023",
        first=(_PEOPLE,),
    ),
    Attack(
        "administrator",
        "renames the clerk to the owner",
        "UPDATE person SET login = '_owner', version = version + 1 WHERE login = 'clerk'",
        why.LOGIN,
        first=(_PEOPLE,),
    ),
    Attack(
        "administrator",
        "renames the clerk to the head",
        "UPDATE person SET login = 'head', version = version + 1 WHERE login = 'clerk'",
        "23505",
        first=(_PEOPLE,),
    ),
    Attack(
        "administrator",
        "gives a person another's number",
        "UPDATE person SET id = 99 WHERE login = 'clerk'",
        first=(_PEOPLE,),
    ),
    Attack(
        "administrator", "takes a person away", "DELETE FROM person WHERE login = 'clerk'", first=(_PEOPLE,)
    ),
    Attack(
        "administrator",
        "takes a person away by the office's function",
        "SELECT forget_row('person', '{\"id\": 1}')",
        first=(_PEOPLE,),
    ),
    Attack(
        "administrator",
        "takes a case away by the office's function",
        "SELECT forget_row('case_file', '{\"id\": 1}')",
        first=(_PEOPLE,),
    ),
    Attack(
        "administrator",
        "takes an entry away by the office's function",
        "SELECT forget_row('journal_entry', '{\"id\": 1}')",
        first=(_PEOPLE,),
    ),
    Attack(
        "administrator",
        "takes a role away without a claim",
        'SELECT forget_row(\'person_role\', \'{"person_id": «clerk_id», "role": "clerk"}\')',
        why.NO_CLAIM,
    ),
    Attack(
        "administrator",
        "takes a role away under another command",
        'SELECT forget_row(\'person_role\', \'{"person_id": «clerk_id», "role": "clerk"}\')',
        why.OTHER_TABLE,
        first=(_CALENDAR,),
    ),
    Attack(
        "administrator",
        "takes a day off away under another command",
        "SELECT forget_row('day_override', json_build_object('day', (SELECT min(day) FROM day_override))::jsonb)",
        why.OTHER_TABLE,
        first=(_PEOPLE,),
    ),
    Attack("administrator", "settles a login himself", "SELECT settle_login(«clerk_id»)"),
    Attack("administrator", "makes a login himself", "SELECT make_login('«prefix»_mallory')"),
    Attack("administrator", "makes a role of the server", "CREATE ROLE mallory"),
    Attack(
        "administrator", "resets the head's password past the office", "ALTER ROLE «prefix»_head PASSWORD 'x'"
    ),
    Attack(
        "administrator",
        "hires and does not say so",
        _hires("mallory"),
        why.UNTOLD,
        first=(_PEOPLE,),
        commits=True,
    ),
)

RULES = (
    Attack(
        "administrator",
        "changes the text of a law",
        "UPDATE regulation_text SET content = 'x'",
        first=(_LAW,),
    ),
    Attack(
        "administrator",
        "keeps a law under another's hash",
        "INSERT INTO regulation_text (sha256, regulation, version, content, loaded_at, current) VALUES (repeat('b', 64), 'x', '1', 'x', «moment», true)",
        why.LAW,
        first=(_LAW,),
    ),
    Attack(
        "administrator",
        "loads a law as of last year",
        "INSERT INTO regulation_text (sha256, regulation, version, content, loaded_at, current) VALUES (encode(sha256('x'), 'hex'), 'x', '1', 'x', now() - interval '1 year', true)",
        why.MOMENT,
        first=(_LAW,),
    ),
    Attack("administrator", "opens a move in a law", "UPDATE law_move SET next = 'delivery'", first=(_LAW,)),
    Attack("administrator", "makes the office another", "UPDATE office SET id = 2", first=(_OFFICE,)),
    Attack("administrator", "makes the office a demo", "UPDATE office SET is_demo = true", first=(_OFFICE,)),
    Attack(
        "administrator",
        "makes the office older",
        "UPDATE office SET created_at = '2001-01-01'",
        first=(_OFFICE,),
    ),
    Attack(
        "administrator",
        "changes the prefix of the roles",
        "UPDATE installation SET prefix = 'x'",
        first=(_OFFICE,),
    ),
    Attack(
        "administrator",
        "changes who the database is",
        "UPDATE journal_head SET database = gen_random_uuid()",
        first=(_OFFICE,),
    ),
    Attack(
        "administrator",
        "stamps another schema",
        "UPDATE alembic_version SET version_num = '0001'",
        first=(_OFFICE,),
    ),
    Attack(
        "administrator",
        "moves the order's first day back",
        "UPDATE acting_head SET first_day = first_day - 30",
        first=(_ACTING,),
    ),
    Attack(
        "administrator",
        "gives an order to another",
        "UPDATE acting_head SET person_id = «clerk_id»",
        first=(_ACTING,),
    ),
)

CASES = (
    *(
        Attack("administrator", f"reads {table}", f"SELECT 1 FROM {table}", NOTHING)
        for table in [
            "case_file",
            "case_sub_type",
            "inventory_item",
            "attachment",
            "assignment",
            "requirement_check",
            "outside_request",
            "case_document",
            "hand_over",
            "licence",
            "result_custody",
            "survey_answer",
        ]
    ),
    Attack(
        "administrator",
        "reads the entries of the cases",
        "SELECT 1 FROM journal_entry WHERE case_id IS NOT NULL",
        NOTHING,
    ),
    Attack(
        "administrator",
        "reads who was refused at the counter",
        "SELECT 1 FROM journal_entry WHERE event = 'acceptance-refused'",
        NOTHING,
    ),
    Attack(
        "administrator",
        "reads the papers of the cases",
        "SELECT 1 FROM blob_chunk WHERE sha256 = '«sign_sha256»'",
        NOTHING,
    ),
    Attack(
        "administrator",
        "reads the numbers and their cases",
        "SELECT 1 FROM register_number WHERE case_id IS NOT NULL",
        NOTHING,
    ),
    Attack(
        "administrator",
        "reads the claims of the cases",
        "SELECT 1 FROM command WHERE case_id IS NOT NULL",
        NOTHING,
    ),
    Attack("administrator", "reads the images of all rows", "SELECT content FROM journal_image", NOTHING),
    *(
        Attack("administrator", f"claims {kind}", claim(kind, case))
        for kind, case in {
            "register": "NULL",
            "refuse_acceptance": "NULL",
            "attach": "«check_case»",
            "record_system": "«check_case»",
            "receive_package": "NULL",
            "assign": "«assign_case»",
            "check": "«check_case»",
            "record_answer": "«ask_case»",
            "save_checks": "«decide_case»",
            "decide": "«decide_case»",
            "prepare": "«sign_case»",
            "sign": "«sign_case»",
            "deliver": "«deliver_case»",
            "print": "NULL",
            "return_for_rework": "«sign_case»",
            "withdraw": "«check_case»",
            "correct": "«check_case»",
            "reassign": "«check_case»",
        }.items()
    ),
)

_READER = (
    Attack("", "claims an attachment", claim("attach", "«check_case»")),
    Attack("", "claims the office", claim("set_office")),
    Attack("", "claims the law", claim("set_law")),
    Attack("", "journals", entry("registered"), why.NO_CLAIM),
)

_ANOTHER = (
    Attack(
        "",
        "sets another's password",
        "UPDATE person SET password_hash = '«verifier»', version = version + 1 WHERE login = 'clerk2'",
        NOTHING,
        first=(claim("set_own_password"),),
    ),
    Attack(
        "",
        "takes another's delay away",
        "UPDATE person SET failed_attempts = 0, version = version + 1 WHERE login = 'clerk2'",
        NOTHING,
        first=(claim("sign_in"),),
    ),
    Attack("", "changes his name", "UPDATE person SET name_kk = 'x' WHERE login = session_login()"),
    Attack(
        "",
        "changes his ИИН, so that another's key fits him",
        "UPDATE person SET iin = '700520350035' WHERE login = session_login()",
    ),
    Attack(
        "",
        "gives himself a role",
        "INSERT INTO person_role (person_id, role) VALUES (session_person(), 'head')",
    ),
    Attack(
        "",
        "names himself acting head",
        "INSERT INTO acting_head (person_id, order_number, order_date, first_day, last_day) VALUES (session_person(), '1', now(), now(), now())",
    ),
    Attack(
        "",
        "takes the head's role away",
        'SELECT forget_row(\'person_role\', \'{"person_id": «head_id», "role": "head"}\')',
    ),
    Attack("", "blocks the head", "UPDATE person SET active = false WHERE login = 'head'"),
    Attack("", "changes the calendar", "UPDATE working_hours SET intervals = '[]'"),
    Attack(
        "",
        "makes a holiday",
        "INSERT INTO day_override (day, intervals, reason_kk, reason_ru) VALUES ('2031-01-03', '[]', '', '')",
    ),
    Attack("", "lowers the fee", "UPDATE fee_rate SET tenge = 1"),
    Attack(
        "",
        "trusts his own authority",
        "INSERT INTO trust_root (sha256, pem, subject, is_demo, added_at, added_by) VALUES (repeat('c', 64), 'x', 'x', false, now(), 'x')",
    ),
    Attack(
        "",
        "makes his own codes genuine",
        "INSERT INTO code_key (sha256, kid, pem, owner, valid_from, valid_to, is_demo, current, added_at, added_by) VALUES (repeat('c', 64), repeat('c', 16), 'x', 'x', now(), now(), false, true, now(), 'x')",
    ),
    Attack("", "retires the key of codes", "UPDATE code_key SET current = NULL, retired_at = now()"),
    Attack(
        "",
        "loads a law",
        "INSERT INTO regulation_text (sha256, regulation, version, content, loaded_at, current) VALUES (repeat('b', 64), 'x', '1', 'x', now(), true)",
    ),
    Attack("", "retires the law", "UPDATE regulation_text SET current = false"),
    Attack("", "changes the seal", "UPDATE office SET seal_sha256 = NULL"),
    Attack("", "changes the templates of numbers", "UPDATE office SET incoming_template = '{sequence}'"),
)

OTHERS = (
    *tried_by("clerk executor department_head secretary head auditor", *_ANOTHER),
    *tried_by("auditor centre phc employee", *_READER),
    *tried_by("auditor centre", Attack("", "claims a correction", claim("correct", "«check_case»"))),
    # whoever has a request for attachment corrects it, and no case he does not see
    *tried_by(
        "phc employee",
        Attack("", "claims a correction", claim("correct", "«check_case»"), why.NOT_ASSIGNED),
    ),
    *tried_by("auditor employee", Attack("", "claims a registration", claim("register"))),
    Attack("auditor", "claims a print", claim("print")),
)

ATTACKS = (*HIMSELF, *RULES, *CASES, *OTHERS)
