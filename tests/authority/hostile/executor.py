"""The executor (T2): read and work on others' cases, approve himself, draw what he should not, skip the law."""

from tests.authority.hostile import reasons as why
from tests.authority.hostile.clerk import _PRINT_LICENCE, _moves
from tests.authority.hostile.kinds import HARMLESS, NO_RIGHT, NOTHING, Attack, claim, entry

_CHECK = claim("check", "«check_case»")
_DECIDE = claim("decide", "«decide_case»")
_ANSWER = claim("record_answer", "«ask_case»")
_ATTACH = claim("attach", "«check_case»")
_CORRECT = claim("correct", "«check_case»")
_SAVE = claim("save_checks", "«decide_case»")
_BYTES = ("«forged_blob»", "«forged_chunk»")
_DRAWN = {"unsigned_sha256": "'«forged_sha256»'"}


def _paper(case: str, kind: str, state: str = "draft", **more: str) -> str:
    values = {
        "case_id": case,
        "kind": f"'{kind}'",
        "number": "'1'",
        "dated": "now()",
        "state": f"'{state}'",
        "facts": "'{}'",
        "unsigned_sha256": "NULL",
        "signer_certificate": "''",
        "created_at": "«moment»",
        "created_by": "«executor_id»",
        "copies": "0",
        **more,
    }
    return f"INSERT INTO case_document ({', '.join(values)}) VALUES ({', '.join(values.values())})"


def _scan(case: str, sha256: str, **more: str) -> str:
    values = {
        "case_id": case,
        "file_name": "'a.pdf'",
        "media_type": "'application/pdf'",
        "size": "1",
        "sha256": sha256,
        "flags": "'[]'",
        "added_at": "«moment»",
        "added_by": "«executor_id»",
        **more,
    }
    return f"INSERT INTO attachment ({', '.join(values)}) VALUES ({', '.join(values.values())})"


# of every table with something of a case in it, how a row of another executor's case is asked for
_OTHERS = {
    "case_file": "id = «other_check_case»",
    "case_sub_type": "case_id = «other_check_case»",
    "inventory_item": "case_id = «other_check_case»",
    "attachment": "case_id = «other_check_case»",
    "assignment": "case_id = «other_check_case»",
    "requirement_check": "case_id = «other_sign_case»",
    "outside_request": "case_id = «other_ask_case»",
    "case_document": "case_id = «other_sign_case»",
    "hand_over": "case_id = «other_licence_case»",
    "licence": "case_id = «other_licence_case»",
    "presence": "case_id = «other_check_case»",
    "register_number": "case_id = «other_check_case»",
    "journal_entry": "case_id = «other_check_case»",
    "command": "case_id = «other_check_case»",
    "blob": "sha256 = '«other_sign_sha256»'",
    "blob_chunk": "sha256 = '«other_sign_sha256»'",
}

READS = (
    *(
        Attack(
            "executor",
            f"reads another executor's rows of {table}",
            f"SELECT 1 FROM {table} WHERE {where}",
            NOTHING,
        )
        for table, where in _OTHERS.items()
    ),
    Attack(
        "executor",
        "reads the paper of a refusal at the counter",
        "SELECT 1 FROM case_document WHERE case_id IS NULL",
        NOTHING,
    ),
    Attack(
        "executor",
        "reads whose application was refused at the counter",
        "SELECT 1 FROM journal_entry WHERE event = 'acceptance-refused'",
        NOTHING,
    ),
    Attack(
        "executor",
        "reads the images of all rows",
        "SELECT content FROM journal_image WHERE table_name = 'case_file'",
        NOTHING,
    ),
    Attack(
        "executor",
        "copies the cases out",
        "COPY (SELECT 1 FROM case_file WHERE id = «other_check_case») TO STDOUT",
        NOTHING,
    ),
    Attack(
        "executor",
        "makes an error tell a hidden value",
        "SELECT 1 / (CASE WHEN holder_ru LIKE '%' THEN 0 ELSE 1 END) FROM case_file WHERE id = «other_check_case»",
        NOTHING,
    ),
    Attack(
        "executor",
        "casts a hidden value into an error",
        "SELECT holder_ru::int FROM case_file WHERE id = «other_check_case»",
        NOTHING,
    ),
    Attack(
        "executor",
        "lets an error in a condition tell",
        "SELECT 1 FROM case_file WHERE holder_ru::int = 1 AND id = «other_check_case»",
        NOTHING,
    ),
    Attack(
        "executor",
        "lets a subquery tell",
        "SELECT 1 WHERE EXISTS (SELECT FROM case_file WHERE id = «other_check_case» AND 1 / length(holder_ru) >= 0)",
        NOTHING,
    ),
    Attack(
        "executor",
        "joins his way to a hidden case",
        "SELECT c.holder_ru FROM register_number n JOIN case_file c ON c.id = n.case_id WHERE n.case_id = «other_check_case»",
        NOTHING,
    ),
    Attack(
        "executor",
        "asks for hidden rows through a window",
        "SELECT * FROM (SELECT id, row_number() OVER () FROM case_file) w WHERE id = «other_check_case»",
        NOTHING,
    ),
    Attack(
        "executor",
        "turns the policies off for himself",
        "SELECT 1 FROM case_file WHERE id = «other_check_case»",
        NO_RIGHT,
        first=("SET row_security = off",),
    ),
    Attack(
        "executor",
        "samples the pages of the table",
        "SELECT 1 FROM case_file TABLESAMPLE SYSTEM (100) WHERE id = «other_check_case»",
        NOTHING,
    ),
    Attack(
        "executor",
        "asks for a row by its place",
        "SELECT 1 FROM case_file WHERE ctid = '(0,1)' AND id = «other_check_case»",
        NOTHING,
    ),
    Attack(
        "executor",
        "reads what the planner knows of the columns",
        "SELECT 1 FROM pg_stats WHERE schemaname = 'public' AND tablename = 'case_file' AND most_common_vals IS NOT NULL",
        NOTHING,
    ),
    Attack("executor", "reads the planner's own table", "SELECT 1 FROM pg_statistic"),
    Attack(
        "executor",
        "lets the planner estimate",
        "EXPLAIN SELECT 1 FROM case_file WHERE holder_ru = 'X'",
        HARMLESS,
        why="T2, residual: an estimate of rows, never a value",
    ),
    Attack(
        "executor",
        "watches what others run",
        "SELECT 1 FROM pg_stat_activity WHERE usename <> session_user AND query <> '<insufficient privilege>' AND query <> ''",
        NOTHING,
    ),
    Attack(
        "executor",
        "asks with the program's functions",
        "SELECT 1 FROM case_file WHERE id = «other_check_case» AND server_now() IS NOT NULL",
        NOTHING,
    ),
    Attack(
        "executor",
        "has a row locked to see whether it is there",
        "SELECT 1 FROM case_file WHERE id = «other_check_case» FOR UPDATE",
        NOTHING,
    ),
    Attack(
        "executor",
        "has a row changed to see it",
        "UPDATE case_file SET step_entered_at = step_entered_at WHERE id = «other_check_case» RETURNING holder_ru",
        NOTHING,
    ),
)

OTHERS = (
    Attack(
        "executor", "claims another executor's check", claim("check", "«other_check_case»"), why.NOT_ASSIGNED
    ),
    Attack(
        "executor",
        "claims another executor's answer",
        claim("record_answer", "«other_ask_case»"),
        why.NOT_ASSIGNED,
    ),
    Attack(
        "executor",
        "claims another executor's requirements",
        claim("save_checks", "«other_decide_case»"),
        why.NOT_ASSIGNED,
    ),
    Attack(
        "executor",
        "claims another executor's decision",
        claim("decide", "«other_decide_case»"),
        why.NOT_ASSIGNED,
    ),
    Attack(
        "executor", "attaches to another executor's case", claim("attach", "«other_check_case»"), NO_RIGHT
    ),
    Attack(
        "executor",
        "corrects another executor's case",
        claim("correct", "«other_check_case»"),
        why.NOT_ASSIGNED,
    ),
    Attack("executor", "corrects a case nobody has yet", claim("correct", "«assign_case»"), why.NOT_ASSIGNED),
    Attack(
        "executor", "checks a case nobody gave him yet", claim("check", "«assign_case»"), why.NOT_ASSIGNED
    ),
    Attack(
        "executor",
        "claims his case and writes another's inventory",
        "UPDATE inventory_item SET verdict = 'ok' WHERE case_id = «other_check_case»",
        NOTHING,
        first=(_CHECK,),
    ),
    Attack(
        "executor",
        "claims his case and moves another's",
        _moves("«other_check_case»", "'decision'"),
        NOTHING,
        first=(_CHECK,),
    ),
    Attack(
        "executor",
        "claims his case and checks another's requirements",
        "INSERT INTO requirement_check (case_id, requirement, verdict, note, checked_at, checked_by) VALUES («other_decide_case», 'x', 'met', '', «moment», «executor_id»)",
        why.OTHER_CASE,
        first=(_DECIDE,),
    ),
    Attack(
        "executor",
        "claims his case and draws a paper into another's",
        _paper("«other_decide_case»", "licence"),
        why.OTHER_CASE,
        first=(_DECIDE,),
    ),
    Attack(
        "executor",
        "claims his case and attaches to another's",
        _scan("«other_check_case»", "'«check_sha256»'"),
        why.OTHER_CASE,
        first=(_ATTACH,),
    ),
    Attack(
        "executor",
        "claims his case and takes another's number",
        "UPDATE register_number SET state = 'voided', reason = 'x' WHERE case_id = «other_sign_case» AND state = 'reserved'",
        NOTHING,
        first=(claim("decide", "«decide_case»"),),
    ),
    Attack(
        "executor",
        "asks an authority for another's case",
        "INSERT INTO outside_request (case_id, step, number, addressee_kk, addressee_ru, sent_at, due_at, answer_number, answer_note) VALUES («other_check_case», 'x', '1', '', '', «moment», now(), '', '')",
        why.OTHER_CASE,
        first=(_CHECK,),
    ),
    Attack(
        "executor",
        "answers for another's case",
        "UPDATE outside_request SET answer = 'conforms' WHERE case_id = «other_ask_case»",
        NOTHING,
        first=(_ANSWER,),
    ),
    Attack(
        "executor",
        "prints another executor's paper",
        "UPDATE case_document SET copies = copies + 1, printed_at = «moment» WHERE id = «other_licence_document»",
        NOTHING,
        first=(claim("print"),),
    ),
    Attack(
        "executor",
        "reads another's scan by putting its hash into his case",
        _scan("«check_case»", "'«other_sign_sha256»'"),
        why.OTHERS_BLOB,
        first=(_ATTACH,),
    ),
    Attack(
        "executor",
        "reads another's paper by drawing it into his case",
        _paper("«decide_case»", "refusal", unsigned_sha256="'«other_sign_sha256»'"),
        why.OTHERS_BLOB,
        first=(_DECIDE,),
    ),
    Attack(
        "executor",
        "takes another's case for himself",
        "UPDATE assignment SET person_id = «executor_id» WHERE case_id = «other_check_case»",
        first=(_CHECK,),
    ),
    Attack(
        "executor",
        "assigns himself to a case",
        "INSERT INTO assignment (case_id, role, person_id) VALUES («assign_case», 'executor', «executor_id»)",
        first=(_CHECK,),
    ),
    Attack("executor", "claims the reassignment of a case", claim("reassign", "«check_case»")),
    Attack(
        "executor",
        "finds out numbers by their uniqueness",
        "INSERT INTO register_number (register, year, sequence, text, state, reason, given_at) VALUES ('incoming', «year», 1, '«other_check_number»', 'used', '', «moment»)",
        why.NUMBER,
        first=(_CHECK,),
    ),
)

APPROVING = (
    Attack("executor", "claims the visa", claim("assign", "«assign_case»")),
    Attack(
        "executor", "claims an approval the decree does not have", claim("approve", "«check_case»"), why.STEP
    ),
    Attack("executor", "claims the signature", claim("sign", "«sign_case»")),
    Attack("executor", "claims the preparing", claim("prepare", "«sign_case»")),
    Attack("executor", "claims the return to himself", claim("return_for_rework", "«sign_case»")),
    Attack("executor", "claims the hand-over", claim("deliver", "«deliver_case»")),
    Attack("executor", "claims the registration", claim("register")),
    Attack("executor", "claims the refusal at the counter", claim("refuse_acceptance")),
    Attack("executor", "claims the withdrawal", claim("withdraw", "«check_case»")),
    Attack("executor", "decides before the papers are checked", claim("decide", "«check_case»"), why.STEP),
    Attack("executor", "decides before the authority answered", claim("decide", "«ask_case»"), why.STEP),
    Attack("executor", "decides after he decided", claim("decide", "«sign_case»"), why.STEP),
    Attack(
        "executor",
        "answers for the authority that was not asked",
        claim("record_answer", "«check_case»"),
        why.STEP,
    ),
)

MOVES = (
    Attack(
        "executor",
        "skips the sanitary authority",
        _moves("«check_case»", "'decision'"),
        why.NO_SUCH_MOVE,
        first=(_CHECK,),
    ),
    Attack(
        "executor",
        "goes from the check to the delivery",
        _moves("«check_case»", "'delivery'"),
        why.NO_SUCH_MOVE,
        first=(_CHECK,),
    ),
    Attack(
        "executor",
        "closes a case as a licence at the check",
        _moves("«check_case»", "NULL", result="'licence'", closed_at="«moment»"),
        why.NO_SUCH_MOVE,
        first=(_CHECK,),
    ),
    Attack(
        "executor",
        "skips the signature",
        _moves("«decide_case»", "'delivery'"),
        why.NO_SUCH_MOVE,
        first=(_DECIDE,),
    ),
    Attack(
        "executor",
        "goes to a step the law does not have",
        _moves("«decide_case»", "'lunch'"),
        why.NO_SUCH_MOVE,
        first=(_DECIDE,),
    ),
    Attack(
        "executor",
        "moves while he only keeps verdicts",
        _moves("«decide_case»", "'signature'"),
        why.OTHER_COLUMN,
        first=(_SAVE,),
    ),
    Attack(
        "executor",
        "moves twice in one command",
        _moves("«check_case»", "'decision'"),
        why.NO_SUCH_MOVE,
        first=(_CHECK, _moves("«check_case»", "'sanitary-answer'", step_due_at="due_at")),
    ),
    Attack(
        "executor",
        "changes the law of a case",
        "UPDATE case_file SET operation = 'x' WHERE id = «decide_case»",
        first=(_DECIDE,),
    ),
    Attack(
        "executor",
        "puts the due day off",
        "UPDATE case_file SET due_at = due_at + interval '9 days', version = version + 1 WHERE id = «decide_case»",
        why.TERM,
        first=(_DECIDE,),
    ),
    Attack(
        "executor",
        "gives himself more time for the step",
        "UPDATE case_file SET step_due_at = step_due_at + interval '9 days', version = version + 1 WHERE id = «decide_case»",
        why.OTHER_COLUMN,
        first=(_SAVE,),
    ),
    Attack(
        "executor",
        "drafts a licence where the answer forbids it",
        _moves("«decide_case»", "'signature'", draft_kind="'licence'", answer="'does_not_conform'"),
        why.OTHER_COLUMN,
        first=(_DECIDE,),
    ),
    Attack(
        "executor",
        "says another answer than was recorded",
        entry("answer-recorded", "«ask_case»"),
        why.UNFINISHED,
        commits=True,
        first=(
            _ANSWER,
            _moves("«ask_case»", "'decision'", answer="'conforms'"),
            "UPDATE outside_request SET answer = 'does_not_conform', answered_at = «moment», answer_number = '1', answer_date = now() WHERE case_id = «ask_case»",
        ),
    ),
    Attack(
        "executor",
        "decides that nobody answered before the term has passed",
        "UPDATE outside_request SET answer = 'no_answer', answered_at = «moment» WHERE case_id = «ask_case»",
        why.ANSWER,
        first=(_ANSWER,),
    ),
    Attack(
        "executor",
        "drafts and draws no paper",
        _moves("«decide_case»", "'signature'", draft_kind="'licence'"),
        why.DRAFT,
        first=(_DECIDE, entry("drafted", "«decide_case»")),
        commits=True,
    ),
    Attack(
        "executor",
        "journals a draft that was none",
        entry("drafted", "«decide_case»"),
        why.UNFINISHED,
        first=(_DECIDE,),
        commits=True,
    ),
    Attack(
        "executor",
        "journals an answer that was none",
        entry("answer-recorded", "«ask_case»"),
        why.UNFINISHED,
        first=(_ANSWER,),
        commits=True,
    ),
    Attack(
        "executor",
        "journals complete papers that nobody checked",
        entry("papers-complete", "«check_case»"),
        why.UNFINISHED,
        first=(_CHECK,),
        commits=True,
    ),
)

PAPERS = (
    Attack(
        "executor",
        "draws a paper that is signed already",
        _paper("«decide_case»", "licence", "signed"),
        why.PAPER_KIND,
        first=(_DECIDE,),
    ),
    Attack(
        "executor",
        "draws a paper with a signature in it",
        _paper("«decide_case»", "licence", signed_sha256="'«sign_sha256»'"),
        why.PAPER_KIND,
        first=(_DECIDE,),
    ),
    Attack(
        "executor",
        "draws a receipt at the decision",
        _paper("«decide_case»", "receipt", "issued"),
        why.PAPER_KIND,
        first=(_DECIDE,),
    ),
    Attack(
        "executor",
        "draws a licence at the check",
        _paper("«check_case»", "licence"),
        why.PAPER_KIND,
        first=(_CHECK,),
    ),
    Attack(
        "executor",
        "issues a licence without a signature",
        _paper("«decide_case»", "licence", "issued"),
        why.PAPER_KIND,
        first=(_DECIDE,),
    ),
    Attack(
        "executor",
        "draws in another's name",
        _paper("«decide_case»", "refusal", created_by="«executor2_id»", **_DRAWN),
        why.PERSON,
        first=(_DECIDE, *_BYTES),
    ),
    Attack(
        "executor",
        "draws as of yesterday",
        _paper("«decide_case»", "refusal", created_at="now() - interval '1 day'", **_DRAWN),
        why.MOMENT,
        first=(_DECIDE, *_BYTES),
    ),
    Attack(
        "executor",
        "dates a paper back",
        _paper("«decide_case»", "refusal", dated="now() - interval '3 days'", **_DRAWN),
        why.MOMENT,
        first=(_DECIDE, *_BYTES),
    ),
    Attack(
        "executor",
        "writes a number the register did not give",
        entry("drafted", "«decide_case»"),
        why.NUMBER_OWNER,
        first=(
            _DECIDE,
            *_BYTES,
            _paper("«decide_case»", "refusal", number="'777'", signer_id="«deputy_id»", **_DRAWN),
        ),
        commits=True,
    ),
    Attack(
        "executor",
        "changes what the drawn page says",
        "UPDATE case_document SET facts = '{}' WHERE id = «sign_document»",
        first=(_DECIDE,),
    ),
    Attack(
        "executor",
        "puts other bytes under a drawn page",
        "UPDATE case_document SET unsigned_sha256 = '«check_sha256»' WHERE id = «sign_document»",
        first=(_DECIDE,),
    ),
    Attack(
        "executor",
        "changes the number of a page",
        "UPDATE case_document SET number = 'X' WHERE id = «sign_document»",
        first=(_DECIDE,),
    ),
    Attack(
        "executor",
        "changes the bytes of a file",
        "UPDATE blob_chunk SET content = 'x' WHERE sha256 = '«sign_sha256»'",
        first=(_DECIDE,),
    ),
    Attack(
        "executor",
        "adds bytes to a file that is there",
        "INSERT INTO blob_chunk (sha256, position, content) VALUES ('«sign_sha256»', 9, 'x')",
        why.BLOB,
        first=(_DECIDE,),
    ),
    Attack(
        "executor",
        "keeps bytes under another's hash",
        entry("files-attached", "«check_case»"),
        why.BLOB,
        first=(
            _ATTACH,
            "INSERT INTO blob (sha256, size, media_type, created_at) VALUES (repeat('a', 64), 1, 'application/pdf', «moment»)",
            "INSERT INTO blob_chunk (sha256, position, content) VALUES (repeat('a', 64), 0, 'x')",
        ),
        commits=True,
    ),
    Attack(
        "executor",
        "attaches in another's name",
        _scan("«check_case»", "'«check_sha256»'", added_by="«clerk_id»"),
        why.PERSON,
        first=(_ATTACH,),
    ),
    Attack(
        "executor",
        "attaches as of last week",
        _scan("«check_case»", "'«check_sha256»'", added_at="now() - interval '7 days'"),
        why.MOMENT,
        first=(_ATTACH,),
    ),
    Attack(
        "executor",
        "checks in another's name",
        "INSERT INTO requirement_check (case_id, requirement, verdict, note, checked_at, checked_by) VALUES («decide_case», 'x', 'met', '', «moment», «executor2_id»)",
        why.PERSON,
        first=(_DECIDE,),
    ),
    Attack(
        "executor",
        "checked last week",
        "INSERT INTO requirement_check (case_id, requirement, verdict, note, checked_at, checked_by) VALUES («decide_case», 'x', 'met', '', now() - interval '7 days', «executor_id»)",
        why.MOMENT,
        first=(_DECIDE,),
    ),
    Attack(
        "executor",
        "sent the request last week, so that its term is over",
        "INSERT INTO outside_request (case_id, step, number, addressee_kk, addressee_ru, sent_at, due_at, answer_number, answer_note) VALUES («check_case», 'sanitary-answer', '1', '', '', now() - interval '60 days', now() - interval '1 day', '', '')",
        why.MOMENT,
        first=(_CHECK,),
    ),
    Attack(
        "executor",
        "takes an attachment away",
        "DELETE FROM attachment WHERE case_id = «check_case»",
        first=(_ATTACH,),
    ),
    Attack("executor", "renames an attachment", "UPDATE attachment SET file_name = 'x'", first=(_ATTACH,)),
    Attack(
        "executor",
        "says a paper was brought",
        "UPDATE inventory_item SET brought = true WHERE case_id = «check_case»",
        first=(_CHECK,),
    ),
    Attack(
        "executor",
        "prints in the past",
        "UPDATE case_document SET copies = copies + 1, printed_at = now() - interval '1 day' WHERE id = «licence_document»",
        why.COPIES,
        first=_PRINT_LICENCE,
    ),
    Attack(
        "executor",
        "corrects the fee's day",
        "UPDATE case_file SET fee_paid_on = now() WHERE id = «check_case»",
        first=(_CORRECT,),
    ),
    Attack(
        "executor",
        "corrects the consent",
        "UPDATE case_file SET consent = true WHERE id = «check_case»",
        first=(_CORRECT,),
    ),
    Attack(
        "executor",
        "registers a licence",
        "INSERT INTO licence (case_id, document_id, number, annex_number, issued_on, first_issued_on, holder_kk, holder_ru, identifier, holder_address, site, service, sub_types_kk, sub_types_ru, status, search, holder_sort) VALUES («decide_case», «decide_document», 'X1', '1', now(), now(), '', '', '', '', '', 'medical', '', '', 'issued', '', '')",
        first=(_DECIDE,),
    ),
)

ATTACKS = (*READS, *OTHERS, *APPROVING, *MOVES, *PAPERS)
