"""The clerk with psql (T1): sign, change a number or a date, do the executor's work, cover it up."""

from tests.authority.hostile import reasons as why
from tests.authority.hostile.kinds import NO_RIGHT, NOTHING, Attack, claim, entry

_AT_DELIVER = "«deliver_case»"
_WITHDRAW = claim("withdraw", "«check_case»")
_CORRECT = claim("correct", "«check_case»")
_DELIVER = claim("deliver", _AT_DELIVER)
_REGISTER = claim("register")
_PRINT_LICENCE = (claim("print"), "UPDATE command SET case_id = «licence_case» WHERE id = «command»")
_NUMBER = (
    "INSERT INTO register_counter (register, year, last) VALUES ('incoming', «year», 1)"
    " ON CONFLICT (register, year) DO UPDATE SET last = register_counter.last + 1"
)


def _moves(case: str, step: str, **more: str) -> str:
    changes = {"step": step, "step_entered_at": "«moment»", "version": "version + 1", **more}
    told = ", ".join(f"{name} = {value}" for name, value in changes.items())
    return f"UPDATE case_file SET {told} WHERE id = {case}"


def _named(case: str, licence: str) -> str:
    """A case comes to name another licence."""
    return f"UPDATE case_file SET version = version + 1, licence_named = '{licence}' WHERE id = {case}"


def _case(**changes: str) -> str:
    """A case as registration writes it."""
    names = [
        "version",
        "number",
        "received_at",
        "registered_at",
        "registered_by",
        "channel",
        "regulation_sha256",
        "service",
        "operation",
        "step",
        "step_entered_at",
        "step_due_at",
        "due_at",
        "hand_over_by",
        "is_legal_entity",
        "identifier",
        "identifier_confirmed",
        "holder_kk",
        "holder_ru",
        "holder_address",
        "phone",
        "email",
        "site",
        "representative",
        "representative_iin",
        "power_of_attorney",
        "outside_number",
        "consent",
        "fee_receipt",
        "fee_paid_on",
        "fee_tenge",
        "fee_due_tenge",
        "kbk",
        "knp",
        "decision_note_kk",
        "decision_note_ru",
        "refusal_grounds",
        "return_reason",
        "details",
        "licence_named",
        "search",
        "holder_sort",
    ]
    values = ", ".join(changes.get(name, name) for name in names)
    return (
        f"INSERT INTO case_file ({', '.join(names)}) SELECT {values} FROM case_file WHERE id = «assign_case»"
    )


_NEW = {
    "version": "1",
    "number": "'«year»-«next_incoming»'",
    "received_at": "«moment»",
    "registered_at": "«moment»",
    "step_entered_at": "«moment»",
}
_GIVEN = (
    "INSERT INTO register_number (register, year, sequence, text, state, reason, given_at)"
    " SELECT 'incoming', «year», last, '«year»-' || lpad(last::text, 6, '0'), 'used', '', «moment»"
    " FROM register_counter WHERE register = 'incoming' AND year = «year»"
)

SIGNING = (
    Attack("clerk", "claims the signing", claim("sign", "«sign_case»")),
    Attack("clerk", "claims the preparing of a signature", claim("prepare", "«sign_case»")),
    Attack("clerk", "claims the visa", claim("assign", "«assign_case»")),
    Attack("clerk", "claims the check of papers", claim("check", "«check_case»")),
    Attack("clerk", "claims the decision", claim("decide", "«decide_case»")),
    Attack("clerk", "claims the requirements", claim("save_checks", "«decide_case»")),
    Attack("clerk", "claims the sanitary answer", claim("record_answer", "«ask_case»"), why.ROLE),
    Attack("clerk", "claims the return to the executor", claim("return_for_rework", "«sign_case»")),
    Attack("clerk", "claims another executor", claim("reassign", "«check_case»")),
    Attack("clerk", "claims the founding of the office", claim("found"), why.NO_COMMAND),
    Attack("clerk", "claims the office's people", claim("set_people")),
    Attack("clerk", "claims a command nobody knows", claim("sell"), why.NO_COMMAND),
    Attack("clerk", "claims a command with no name", claim(""), why.NO_COMMAND),
    Attack(
        "clerk",
        "writes a signature in the course of a hand-over",
        "UPDATE case_document SET signed_sha256 = unsigned_sha256, signed_at = «moment»"
        " WHERE id = «sign_document»",
        first=(_DELIVER,),
    ),
    Attack(
        "clerk",
        "calls a paper signed in the course of a withdrawal",
        "UPDATE case_document SET state = 'signed' WHERE id = «sign_document»",
        why.PAPER_STATE,
        first=(claim("withdraw", "«sign_case»"),),
    ),
    Attack(
        "clerk",
        "enters a licence in the register",
        "INSERT INTO licence (case_id, document_id, number, annex_number, issued_on, first_issued_on, holder_kk,"
        " holder_ru, identifier, holder_address, site, service, sub_types_kk, sub_types_ru, status, search, holder_sort)"
        " VALUES («deliver_case», «deliver_document», 'X1', '1', now(), now(), '', '', '', '', '', 'medical', '', '',"
        " 'issued', '', '')",
        first=(_DELIVER,),
    ),
    Attack(
        "clerk",
        "draws a licence of his own at the counter",
        "INSERT INTO case_document (case_id, kind, number, dated, state, facts, signer_certificate, created_at,"
        " created_by, copies) VALUES («deliver_case», 'licence', 'X2', now(), 'signed', '{}', '', «moment»,"
        " «clerk_id», 0)",
        why.OTHER_TABLE,
        first=(_DELIVER,),
    ),
    Attack(
        "clerk",
        "draws a signed licence when he refuses acceptance",
        "INSERT INTO case_document (case_id, kind, number, dated, state, facts, signer_certificate, created_at,"
        " created_by, copies) VALUES (NULL, 'licence', 'X2', now(), 'signed', '{}', '', «moment»,"
        " «clerk_id», 0)",
        why.PAPER_KIND,
        first=(claim("refuse_acceptance"),),
    ),
)

NUMBERS = (
    Attack(
        "clerk",
        "changes the number of a case",
        "UPDATE case_file SET number = '1' WHERE id = «check_case»",
        first=(_CORRECT,),
    ),
    Attack(
        "clerk",
        "changes the day of receipt",
        "UPDATE case_file SET received_at = received_at - interval '9 days' WHERE id = «check_case»",
        first=(_CORRECT,),
    ),
    Attack(
        "clerk",
        "changes the moment of registration",
        "UPDATE case_file SET registered_at = now() WHERE id = «check_case»",
        first=(_CORRECT,),
    ),
    Attack(
        "clerk",
        "puts the due day off",
        "UPDATE case_file SET due_at = due_at + interval '9 days' WHERE id = «check_case»",
        why.OTHER_COLUMN,
        first=(_CORRECT,),
    ),
    Attack(
        "clerk",
        "counts the numbers back",
        "UPDATE register_counter SET last = last - 1 WHERE register = 'incoming'",
        why.NUMBER,
        first=(_REGISTER,),
    ),
    Attack(
        "clerk",
        "leaves ten numbers out",
        "UPDATE register_counter SET last = last + 10 WHERE register = 'incoming'",
        why.NUMBER,
        first=(_REGISTER,),
    ),
    Attack(
        "clerk",
        "begins a year of numbers at a hundred",
        "INSERT INTO register_counter (register, year, last) VALUES ('incoming', «year» + 1, 100)",
        why.NUMBER,
        first=(_REGISTER,),
    ),
    Attack(
        "clerk",
        "takes a number of last year",
        "INSERT INTO register_counter (register, year, last) VALUES ('incoming', «year» - 1, 1)",
        why.NUMBER,
        first=(_REGISTER,),
    ),
    Attack(
        "clerk",
        "opens a register of his own",
        "INSERT INTO register_counter (register, year, last) VALUES ('mine', «year», 1)",
        why.NUMBER,
        first=(_REGISTER,),
    ),
    Attack(
        "clerk",
        "takes a licence's number at the counter",
        "UPDATE register_counter SET last = last + 1 WHERE register = 'licence'",
        why.NUMBER,
        first=(_REGISTER,),
    ),
    Attack(
        "clerk",
        "writes a number the counter did not give",
        "INSERT INTO register_number (register, year, sequence, text, state, reason, given_at)"
        " VALUES ('incoming', «year», 77, '«year»-000077', 'used', '', «moment»)",
        why.NUMBER,
        first=(_REGISTER,),
    ),
    Attack(
        "clerk",
        "writes the number in his own way",
        "INSERT INTO register_number (register, year, sequence, text, state, reason, given_at)"
        " SELECT 'incoming', «year», last, '«year»-VIP', 'used', '', «moment» FROM register_counter"
        " WHERE register = 'incoming' AND year = «year»",
        why.NUMBER_FORM,
        first=(_REGISTER, _NUMBER),
    ),
    Attack(
        "clerk",
        "antedates a number",
        "INSERT INTO register_number (register, year, sequence, text, state, reason, given_at)"
        " SELECT 'incoming', «year», last, '«year»-' || lpad(last::text, 6, '0'), 'used', '', now() - interval '1 day'"
        " FROM register_counter WHERE register = 'incoming' AND year = «year»",
        why.MOMENT,
        first=(_REGISTER, _NUMBER),
    ),
    Attack(
        "clerk",
        "takes a number and does nothing with it",
        entry("registered"),
        why.NUMBER,
        first=(_REGISTER, _NUMBER),
        commits=True,
    ),
    Attack(
        "clerk",
        "takes two numbers for one application",
        entry("registered"),
        why.NUMBER_OWNER,
        first=(_REGISTER, _NUMBER, _GIVEN, _NUMBER, _GIVEN),
        commits=True,
    ),
    Attack(
        "clerk",
        "keeps a number without a case",
        entry("registered"),
        why.NUMBER_OWNER,
        first=(_REGISTER, _NUMBER, _GIVEN),
        commits=True,
    ),
    Attack(
        "clerk",
        "frees a used number",
        "UPDATE register_number SET state = 'voided', reason = 'x' WHERE register = 'incoming' AND case_id = «check_case»",
        why.NUMBER_STATE,
        first=(_WITHDRAW,),
    ),
    Attack(
        "clerk",
        "gives a number to another case",
        "UPDATE register_number SET case_id = «decide_case» WHERE register = 'incoming' AND case_id = «check_case»",
        refused=why.OTHER_COLUMN,
        first=(_WITHDRAW,),
    ),
    Attack(
        "clerk",
        "registers with a number of his choice",
        entry("registered", "«command_case»", case_number="'VIP-1'"),
        why.NUMBER_OWNER,
        first=(_REGISTER, _case(**{**_NEW, "number": "'VIP-1'"}, registered_by="«clerk_id»")),
        commits=True,
    ),
    Attack(
        "clerk",
        "registers with a number, and journals another",
        entry("registered", "«command_case»", case_number="'VIP-1'"),
        why.NUMBER_OWNER,
        first=(
            _REGISTER,
            _NUMBER,
            _GIVEN,
            _case(**{**_NEW, "number": "'VIP-1'"}, registered_by="«clerk_id»"),
        ),
        commits=True,
    ),
    Attack(
        "clerk",
        "registers in another's name",
        _case(**_NEW, registered_by="«executor_id»"),
        why.PERSON,
        first=(_REGISTER, _NUMBER, _GIVEN),
    ),
    Attack(
        "clerk",
        "registers as of yesterday",
        _case(**{**_NEW, "registered_at": "now() - interval '1 day'"}, registered_by="«clerk_id»"),
        why.MOMENT,
        first=(_REGISTER, _NUMBER, _GIVEN),
    ),
    Attack(
        "clerk",
        "registers straight at the signature",
        _case(**_NEW, registered_by="«clerk_id»", step="'signature'"),
        why.NO_SUCH_MOVE,
        first=(_REGISTER, _NUMBER, _GIVEN),
    ),
    Attack(
        "clerk",
        "registers a case that is closed already",
        _case(**_NEW, registered_by="«clerk_id»", step="NULL"),
        why.NO_SUCH_MOVE,
        first=(_REGISTER, _NUMBER, _GIVEN),
    ),
    Attack(
        "clerk",
        "registers under a law that is none",
        _case(**_NEW, registered_by="«clerk_id»", operation="'gift'"),
        why.NO_SUCH_MOVE,
        first=(_REGISTER, _NUMBER, _GIVEN),
    ),
)

MOVES = (
    Attack(
        "clerk",
        "sends a case to delivery in the course of a correction",
        _moves("«check_case»", "'delivery'"),
        why.OTHER_COLUMN,
        first=(_CORRECT,),
    ),
    Attack(
        "clerk",
        "closes a case as a licence by withdrawing it",
        _moves("«check_case»", "NULL", result="'licence'", closed_at="«moment»", step_due_at="NULL"),
        why.END,
        first=(_WITHDRAW,),
    ),
    Attack(
        "clerk",
        "sends a case on by withdrawing it",
        _moves("«check_case»", "'decision'"),
        why.NO_SUCH_MOVE,
        first=(_WITHDRAW,),
    ),
    Attack(
        "clerk",
        "withdraws one case and closes another",
        _moves("«decide_case»", "NULL", result="'withdrawn'", closed_at="«moment»"),
        why.OTHER_CASE,
        first=(_WITHDRAW,),
    ),
    Attack(
        "clerk",
        "withdraws a case that waits at delivery",
        claim("withdraw", "«deliver_case»"),
        why.MOVE_CLOSED,
    ),
    Attack("clerk", "withdraws a case that is closed", claim("withdraw", "«licence_case»"), why.CLOSED),
    Attack("clerk", "hands over a case that nobody signed", claim("deliver", "«sign_case»"), why.STEP),
    Attack(
        "clerk",
        "delivers, and sends the case back to be decided",
        _moves("«deliver_case»", "'decision'"),
        why.NO_SUCH_MOVE,
        first=(_DELIVER,),
    ),
    Attack(
        "clerk",
        "delivers a licence as a withdrawal",
        _moves("«deliver_case»", "NULL", result="'withdrawn'", closed_at="«moment»", step_due_at="NULL"),
        why.END,
        first=(_DELIVER,),
    ),
    Attack(
        "clerk",
        "opens a closed case again",
        _moves("«licence_case»", "'decision'"),
        why.OTHER_CASE,
        first=(_DELIVER,),
    ),
    Attack(
        "clerk",
        "closes as of yesterday",
        _moves("«check_case»", "NULL", result="'withdrawn'", closed_at="now() - interval '1 day'"),
        why.MOMENT,
        first=(_WITHDRAW,),
    ),
    Attack(
        "clerk",
        "enters a step as of yesterday",
        _moves(
            "«check_case»",
            "NULL",
            result="'withdrawn'",
            closed_at="«moment»",
            step_entered_at="now() - interval '1 day'",
        ),
        why.MOMENT,
        first=(_WITHDRAW,),
    ),
    Attack(
        "clerk",
        "moves a case without a claim",
        _moves("«deliver_case»", "NULL", result="'licence'", closed_at="«moment»"),
        why.NO_CLAIM,
    ),
    Attack(
        "clerk",
        "turns the version back",
        "UPDATE case_file SET version = version - 1, site = 'x' WHERE id = «check_case»",
        why.VERSION,
        first=(_CORRECT,),
    ),
    Attack(
        "clerk",
        "leaves the version as it is, so that the executor writes over him",
        "UPDATE case_file SET site = 'x' WHERE id = «check_case»",
        why.VERSION,
        first=(_CORRECT,),
    ),
    Attack(
        "executor",
        "names another licence, whose register he does not see",
        _named("«check_case»", '{"number": "X"}'),
        why.ROLE,
        first=(_CORRECT,),
    ),
    Attack(
        "clerk",
        "says of a licence what the register does not",
        "UPDATE case_file SET version = version + 1, licence_named = jsonb_build_object('id', l.id, 'number', 'X')"
        " FROM (SELECT min(id) AS id FROM licence) l WHERE case_file.id = «check_case»",
        why.LICENCE,
        first=(_CORRECT,),
    ),
    Attack(
        "clerk",
        "names another licence under a draft",
        _named("«sign_case»", '{"number": "X"}'),
        why.DRAFTED,
        first=(claim("correct", "«sign_case»"),),
    ),
    Attack("clerk", "corrects after the signature", claim("correct", "«deliver_case»"), why.MOVE_CLOSED),
    Attack(
        "clerk",
        "withdraws and hides the case from the search",
        "UPDATE case_file SET search = '' WHERE id = «check_case»",
        why.OTHER_COLUMN,
        first=(_WITHDRAW,),
    ),
    Attack(
        "clerk",
        "claims a withdrawal and leaves the case where it is",
        entry("withdrawn", "«check_case»"),
        why.UNFINISHED,
        first=(_WITHDRAW,),
        commits=True,
    ),
    Attack(
        "clerk",
        "journals a hand-over that was none",
        entry("handed-over", _AT_DELIVER),
        why.UNFINISHED,
        first=(_DELIVER,),
        commits=True,
    ),
    Attack(
        "clerk",
        "journals a correction that was none",
        entry("corrected", "«check_case»"),
        why.UNFINISHED,
        first=(_CORRECT,),
        commits=True,
    ),
    Attack(
        "clerk",
        "journals a registration that was none",
        entry("registered"),
        why.UNFINISHED,
        first=(_REGISTER,),
        commits=True,
    ),
    Attack(
        "clerk",
        "journals a refusal at the counter that was none",
        entry("acceptance-refused"),
        why.UNFINISHED,
        first=(claim("refuse_acceptance"),),
        commits=True,
    ),
    Attack(
        "clerk",
        "journals files that were none",
        entry("files-attached", "«check_case»"),
        why.UNFINISHED,
        first=(claim("attach", "«check_case»"),),
        commits=True,
    ),
    Attack(
        "clerk",
        "journals a print that was none",
        entry("printed", "«licence_case»"),
        why.UNFINISHED,
        first=_PRINT_LICENCE,
        commits=True,
    ),
    Attack(
        "clerk",
        "withdraws a case and tells nobody",
        _moves("«check_case»", "NULL", step_due_at="NULL", result="'withdrawn'", closed_at="«moment»"),
        why.UNTOLD,
        first=(_WITHDRAW,),
        commits=True,
    ),
)

HANDED = (
    Attack(
        "clerk",
        "hands over in another's name",
        "INSERT INTO hand_over (case_id, document_id, receiver, identity_document, power_of_attorney, handed_at, handed_by) VALUES («deliver_case», «deliver_document», 'X', '1', '', «moment», «clerk2_id»)",
        why.PERSON,
        first=(_DELIVER,),
    ),
    Attack(
        "clerk",
        "hands over as of yesterday",
        "INSERT INTO hand_over (case_id, document_id, receiver, identity_document, power_of_attorney, handed_at, handed_by) VALUES («deliver_case», «deliver_document», 'X', '1', '', now() - interval '1 day', «clerk_id»)",
        why.MOMENT,
        first=(_DELIVER,),
    ),
    Attack(
        "clerk",
        "hands over the receipt for the result",
        "INSERT INTO hand_over (case_id, document_id, receiver, identity_document, power_of_attorney, handed_at, handed_by) VALUES («deliver_case», (SELECT id FROM case_document WHERE case_id = «deliver_case» AND kind = 'receipt'), 'X', '1', '', «moment», «clerk_id»)",
        why.HANDED,
        first=(_DELIVER,),
    ),
    Attack(
        "clerk",
        "hands over the paper of another case",
        "INSERT INTO hand_over (case_id, document_id, receiver, identity_document, power_of_attorney, handed_at, handed_by) VALUES («deliver_case», «other_deliver_document», 'X', '1', '', «moment», «clerk_id»)",
        why.HANDED,
        first=(_DELIVER,),
    ),
    Attack(
        "clerk",
        "hands over for another case",
        "INSERT INTO hand_over (case_id, document_id, receiver, identity_document, power_of_attorney, handed_at, handed_by) VALUES («other_deliver_case», «other_deliver_document», 'X', '1', '', «moment», «clerk_id»)",
        why.OTHER_CASE,
        first=(_DELIVER,),
    ),
    Attack(
        "clerk",
        "changes to whom it was handed",
        "UPDATE hand_over SET receiver = 'Y' WHERE case_id = «licence_case»",
        first=(_DELIVER,),
    ),
    Attack(
        "clerk",
        "counts printed copies back",
        "UPDATE case_document SET copies = 0 WHERE id = «licence_document»",
        why.COPIES,
        first=_PRINT_LICENCE,
    ),
    Attack(
        "clerk",
        "printed yesterday",
        "UPDATE case_document SET copies = copies + 1, printed_at = now() - interval '1 day' WHERE id = «licence_document»",
        why.COPIES,
        first=_PRINT_LICENCE,
    ),
    Attack(
        "clerk",
        "prints a draft nobody signed",
        "UPDATE case_document SET copies = copies + 1, printed_at = «moment» WHERE id = «sign_document»",
        why.COPIES,
        first=(claim("print"), "UPDATE command SET case_id = «sign_case» WHERE id = «command»"),
    ),
)

CLAIMS = (
    Attack(
        "clerk",
        "claims twice in one transaction",
        claim("attach", "«check_case»"),
        why.SECOND_CLAIM,
        first=(_WITHDRAW,),
    ),
    Attack("clerk", "claims the same id again", claim("correct", "«check_case»", id="'«used_id»'"), "23505"),
    Attack("clerk", "claims and does nothing", claim("withdraw", "«check_case»"), why.UNTOLD, commits=True),
    Attack("clerk", "claims a case that is not there", claim("withdraw", "999999"), why.NO_CASE),
    Attack("clerk", "claims a command of a case for none", claim("withdraw"), why.FORM),
    Attack(
        "clerk",
        "names the transaction himself",
        claim("withdraw", "«check_case»", transaction_id="1"),
        "42501",
    ),
    Attack(
        "clerk",
        "gives his claim to another case afterwards",
        "UPDATE command SET case_id = «decide_case» WHERE transaction_id = pg_current_xact_id()::text::bigint",
        why.OTHER_CASE,
        first=(_REGISTER,),
    ),
    Attack(
        "clerk",
        "gives an old claim another result",
        "UPDATE command SET result = '1' WHERE id = '«used_id»'",
        why.FIXED,
        first=(_REGISTER,),
    ),
    Attack("clerk", "gives a claim another kind", "UPDATE command SET kind = 'sign'", first=(_WITHDRAW,)),
    Attack("clerk", "gives a claim another login", "UPDATE command SET login = 'head'", first=(_WITHDRAW,)),
    Attack("clerk", "takes a claim away", "DELETE FROM command", first=(_WITHDRAW,)),
    Attack(
        "clerk",
        "writes before he claims",
        "INSERT INTO assignment (case_id, role, person_id) VALUES («check_case», 'clerk', «clerk_id»)",
    ),
    Attack(
        "clerk",
        "corrects after a savepoint took his claim back",
        "UPDATE case_file SET site = 'x', version = version + 1 WHERE id = «check_case»",
        why.NO_CLAIM,
        first=("SAVEPOINT s", _CORRECT, "ROLLBACK TO s"),
    ),
)

TELLING = (
    Attack("clerk", "writes an entry without a claim", entry("signed", "«sign_case»"), why.NO_CLAIM),
    Attack(
        "clerk",
        "journals a signature",
        entry("signed", "«sign_case»"),
        why.EVENT,
        first=(claim("withdraw", "«sign_case»"),),
    ),
    Attack(
        "clerk",
        "journals for another case",
        entry("withdrawn", "«decide_case»"),
        why.OTHER_CASE,
        first=(_WITHDRAW,),
    ),
    Attack(
        "clerk",
        "journals under another command",
        entry("withdrawn", "«check_case»", command_id="'«used_id»'"),
        why.EVENT,
        first=(_WITHDRAW,),
    ),
    Attack(
        "clerk",
        "journals another number",
        entry("withdrawn", "«check_case»", case_number="'X'"),
        why.OTHER_CASE,
        first=(_WITHDRAW,),
    ),
)

READS = (
    Attack(
        "clerk", "reads what the journal keeps of every row", "SELECT content FROM journal_image", NOTHING
    ),
    Attack("clerk", "may lock what he may write", "LOCK TABLE case_file IN ROW EXCLUSIVE MODE", NO_RIGHT),
)

ATTACKS = (*SIGNING, *NUMBERS, *MOVES, *HANDED, *CLAIMS, *TELLING, *READS)
