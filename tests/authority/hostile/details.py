"""The small print: for each check of each guard somebody who comes right up to it, and is stopped by that one alone."""

from tests.authority.hostile import reasons as why
from tests.authority.hostile.clerk import (
    _DELIVER,
    _GIVEN,
    _NEW,
    _NUMBER,
    _PRINT_LICENCE,
    _REGISTER,
    _WITHDRAW,
    _case,
    _moves,
)
from tests.authority.hostile.executor import _ANSWER, _ATTACH, _CHECK, _DECIDE, _scan
from tests.authority.hostile.head import _RETURN, _SIGN, _signed
from tests.authority.hostile.kinds import NO_RIGHT, NOTHING, SERVER, Attack, claim, entry

_NUMBERED = (_REGISTER, _NUMBER, _GIVEN)
_MINE = {**_NEW, "registered_by": "«clerk_id»"}
_CLOSES = {"step_due_at": "NULL", "result": "'withdrawn'", "closed_at": "«moment»"}
_ORDER = (
    "INSERT INTO acting_head (person_id, order_number, order_date, first_day, last_day)"
    " VALUES («{who}_id», '1', now(), {first}, {last})"
)
_PEOPLE = claim("set_people")
_ACTING = claim("set_acting_head")


def _blob(sha256: str, size: str = "1", at: str = "«moment»") -> str:
    return (
        "INSERT INTO blob (sha256, size, media_type, created_at)"
        f" VALUES ({sha256}, {size}, 'application/pdf', {at})"
    )


CLAIMS = (
    Attack("clerk", "claims under an id that is none", claim("register", id="'1'"), why.FORM),
    Attack(
        "clerk",
        "claims the signature of a paper before the head",
        claim("register", id="'6ba7b810-9dad-5111-80b4-00c04fd430c8'"),
        why.FORM,
    ),
    Attack("clerk", "claims with the result already in it", claim("register", result="'7'"), why.FORM),
    Attack(
        "executor",
        "asks by another's claim where a case out of his sight stands",
        claim("decide", "«other_check_case»"),
        why.NOT_ASSIGNED,
    ),
    Attack(
        "executor",
        "asks by another's move where a case out of his sight stands",
        claim("correct", "«other_deliver_case»"),
        why.NOT_ASSIGNED,
    ),
    Attack("clerk", "claims a command of no case for one", claim("register", "«check_case»"), why.FORM),
    Attack("reopened", "claims though the office has blocked him", claim("sign_in"), "LC004"),
    Attack("reopened", "reads though the office has blocked him", "SELECT 1 FROM case_file", NOTHING),
    Attack(
        "clerk",
        "prints one paper and then says it was of another case",
        "UPDATE command SET case_id = «deliver_case» WHERE id = «command»",
        why.OTHER_CASE,
        first=_PRINT_LICENCE,
    ),
    Attack(
        "head",
        "returns a case whose signature is the deputy's alone",
        claim("return_for_rework", "«apart_case»"),
        why.NOT_ASSIGNED,
    ),
    Attack(
        "head",
        "signs a case whose signature is the deputy's alone",
        claim("sign", "«apart_case»"),
        why.NOT_ASSIGNED,
    ),
)

BEGINNINGS = (
    Attack(
        "clerk",
        "registers two cases in one command",
        _case(**{**_MINE, "number": "'2'"}),
        why.OTHER_CASE,
        first=(*_NUMBERED, _case(**_MINE)),
    ),
    Attack(
        "clerk",
        "registers a case that was changed nine times",
        _case(**{**_MINE, "version": "9"}),
        why.VERSION,
        first=_NUMBERED,
    ),
    Attack(
        "clerk",
        "registers under a law of yesterday",
        _case(**_MINE, regulation_sha256="'«old_law»'"),
        why.NO_SUCH_MOVE,
        first=_NUMBERED,
    ),
    Attack(
        "clerk",
        "registers what another counter takes in",
        _case(**_MINE, regulation_sha256="'«centre_law»'"),
        why.ROLE,
        first=_NUMBERED,
    ),
    *(
        Attack(
            login,
            "registers what the counter takes in",
            _case(**{**_MINE, "registered_by": f"«{login}_id»"}, step="'visa'").replace(
                "«assign_case»", "«shared_case»"
            ),
            why.ROLE,
            first=_NUMBERED,
        )
        for login in ("centre", "phc")
    ),
    Attack(
        "clerk",
        "registers a case of a licence the register has otherwise",
        _case(**_MINE, licence_named='\'{"id": 1, "number": "1", "first_issued_on": "1999-01-01"}\''),
        why.LICENCE,
        first=_NUMBERED,
    ),
    Attack(
        "clerk",
        "took it in last month at the counter",
        _case(**{**_MINE, "received_at": "now() - interval '30 days'"}, channel="'office'"),
        why.MOMENT,
        first=_NUMBERED,
    ),
    Attack(
        "clerk",
        "takes in tomorrow's application",
        _case(**{**_MINE, "received_at": "now() + interval '1 day'"}, channel="'portal'"),
        why.MOMENT,
        first=_NUMBERED,
    ),
    Attack(
        "clerk",
        "registers a case that has its grounds of refusal",
        _case(**_MINE, refusal_grounds="'[\"x\"]'"),
        why.BEGINNING,
        first=_NUMBERED,
    ),
    Attack(
        "clerk",
        "registers a case that has its decision",
        _case(**_MINE, decision_note_ru="'x'"),
        why.BEGINNING,
        first=_NUMBERED,
    ),
    Attack(
        "clerk",
        "registers a case due before it was received",
        _case(**_MINE, due_at="now() - interval '1 day'"),
        why.TERM,
        first=_NUMBERED,
    ),
    Attack(
        "clerk",
        "registers a case due in a hundred years",
        _case(**_MINE, due_at="now() + interval '100 years'"),
        why.TERM,
        first=_NUMBERED,
    ),
    Attack(
        "clerk",
        "adds a kind of help to another case",
        "INSERT INTO case_sub_type (case_id, sub_type) VALUES («check_case», 'x')",
        why.OTHER_CASE,
        first=(*_NUMBERED, _case(**_MINE)),
    ),
    Attack(
        "clerk",
        "gives a verdict on a paper at the counter",
        "INSERT INTO inventory_item (case_id, paper, position, brought, sheets, verdict, note) VALUES («command_case», 'x', 1, true, 1, 'ok', '')",
        why.VERDICT,
        first=(*_NUMBERED, _case(**_MINE)),
    ),
    Attack(
        "clerk",
        "lists a paper of another case",
        "INSERT INTO inventory_item (case_id, paper, position, brought, sheets, verdict, note) VALUES («check_case», 'x', 1, true, 1, '', '')",
        why.OTHER_CASE,
        first=(*_NUMBERED, _case(**_MINE)),
    ),
    Attack(
        "clerk",
        "takes the number of a licence when he registers",
        "INSERT INTO register_counter (register, year, last) VALUES ('outgoing', «year», 1) ON CONFLICT (register, year) DO UPDATE SET last = register_counter.last + 1",
        why.NUMBER,
        first=(_REGISTER,),
    ),
    Attack(
        "clerk",
        "voids a number as it is given",
        "INSERT INTO register_number (register, year, sequence, text, state, reason, given_at) SELECT 'incoming', «year», last, '«year»-' || lpad(last::text, 6, '0'), 'voided', '', «moment» FROM register_counter WHERE register = 'incoming' AND year = «year»",
        why.NUMBER_STATE,
        first=(_REGISTER, _NUMBER),
    ),
    Attack(
        "clerk",
        "gives a number with a reason to void it",
        "INSERT INTO register_number (register, year, sequence, text, state, reason, given_at) SELECT 'incoming', «year», last, '«year»-' || lpad(last::text, 6, '0'), 'used', 'x', «moment» FROM register_counter WHERE register = 'incoming' AND year = «year»",
        why.NUMBER_STATE,
        first=(_REGISTER, _NUMBER),
    ),
)

ENDS = (
    Attack(
        "executor",
        "closes the clock of a case that goes on",
        _moves("«ask_case»", "'decision'", answer="'conforms'", closed_at="«moment»"),
        why.END,
        first=(_ANSWER,),
    ),
    Attack(
        "executor",
        "gives a case that goes on its result",
        _moves("«check_case»", "'sanitary-answer'", result="'termination'"),
        why.END,
        first=(_CHECK,),
    ),
    Attack(
        "clerk",
        "withdraws a case and leaves its draft to be signed",
        _moves("«sign_case»", "NULL", **{**_CLOSES, "step_due_at": "NULL"}),
        why.END,
        first=(claim("withdraw", "«sign_case»"),),
    ),
    Attack(
        "clerk",
        "withdraws a case and changes it afterwards",
        "UPDATE case_file SET result = 'licence', version = version + 1 WHERE id = «check_case»",
        why.CLOSED,
        first=(_WITHDRAW, _moves("«check_case»", "NULL", **_CLOSES)),
    ),
    Attack(
        "clerk",
        "withdraws a case and opens it again",
        _moves("«check_case»", "'decision'"),
        why.CLOSED,
        first=(_WITHDRAW, _moves("«check_case»", "NULL", **_CLOSES)),
    ),
    Attack(
        "clerk",
        "puts the step's day off without moving the case",
        "UPDATE case_file SET step_due_at = now() + interval '90 days', version = version + 1 WHERE id = «check_case»",
        why.TERM,
        first=(_WITHDRAW,),
    ),
    Attack(
        "executor",
        "puts the answer in without moving the case",
        "UPDATE case_file SET answer = 'conforms', version = version + 1 WHERE id = «ask_case»",
        why.ANSWER,
        first=(_ANSWER,),
    ),
    Attack(
        "head",
        "returns a case and does not say why",
        _moves("«sign_case»", "'decision'", draft_kind="NULL"),
        why.NO_SUCH_MOVE,
        first=(_RETURN,),
    ),
    Attack(
        "executor",
        "puts words of return into the head's mouth",
        "UPDATE case_file SET return_reason = 'x', version = version + 1 WHERE id = «decide_case»",
        why.NO_SUCH_MOVE,
        first=(_DECIDE,),
    ),
    Attack(
        "executor",
        "corrects what is signed",
        "UPDATE case_file SET site = 'x', version = version + 1 WHERE id = «back_case»",
        "LC030",
        first=(claim("correct", "«back_case»"),),
    ),
    Attack(
        "executor",
        "gives the next step a hundred years",
        _moves("«ask_case»", "'decision'", answer="'conforms'", step_due_at="now() + interval '100 years'"),
        why.TERM,
        first=(_ANSWER,),
    ),
    Attack(
        "executor",
        "puts the due day off with the case, though the term did not stand still",
        _moves("«ask_case»", "'decision'", answer="'conforms'", due_at="due_at + interval '3 days'"),
        why.TERM,
        first=(_ANSWER,),
    ),
    Attack(
        "clerk",
        "hands over and keeps the case",
        entry("handed-over", "«deliver_case»"),
        why.HANDED,
        first=(
            _DELIVER,
            "INSERT INTO hand_over (case_id, document_id, receiver, identity_document, power_of_attorney, handed_at, handed_by) VALUES («deliver_case», «deliver_document», 'X', '1', '', «moment», «clerk_id»)",
        ),
        commits=True,
    ),
    Attack(
        "clerk",
        "delivers and hands nothing over",
        entry("handed-over", "«deliver_case»"),
        why.UNFINISHED,
        first=(
            _DELIVER,
            _moves("«deliver_case»", "NULL", step_due_at="NULL", result="'licence'", closed_at="«moment»"),
        ),
        commits=True,
    ),
    Attack(
        "clerk",
        "withdraws and keeps its number reserved",
        entry("withdrawn", "«sign_case»"),
        why.NUMBER_STATE,
        first=(
            claim("withdraw", "«sign_case»"),
            _moves("«sign_case»", "NULL", draft_kind="NULL", **_CLOSES),
            "UPDATE case_document SET state = 'replaced' WHERE id = «sign_document»",
        ),
        commits=True,
    ),
    Attack(
        "clerk",
        "withdraws while an authority is still asked",
        entry("withdrawn", "«ask_case»"),
        why.ANSWER,
        first=(claim("withdraw", "«ask_case»"), _moves("«ask_case»", "NULL", **_CLOSES)),
        commits=True,
    ),
    Attack(
        "clerk",
        "ends the waiting for an answer and keeps the case",
        "UPDATE outside_request SET answered_at = «moment» WHERE case_id = «ask_case»",
        why.ANSWER,
        first=(claim("withdraw", "«ask_case»"),),
    ),
    Attack(
        "executor",
        "answers a second time",
        "UPDATE outside_request SET answer = 'does_not_conform', answered_at = «moment», answer_number = '1', answer_date = now() WHERE case_id = «ask_case»",
        why.ANSWER,
        first=(
            _ANSWER,
            "UPDATE outside_request SET answer = 'conforms', answered_at = «moment», answer_number = '1', answer_date = now() WHERE case_id = «ask_case»",
        ),
    ),
    Attack(
        "executor",
        "answered yesterday",
        "UPDATE outside_request SET answer = 'conforms', answered_at = now() - interval '1 day', answer_number = '1', answer_date = now() WHERE case_id = «ask_case»",
        why.ANSWER,
        first=(_ANSWER,),
    ),
    Attack(
        "executor",
        "answers before he asked",
        "UPDATE outside_request SET answer = 'conforms', answered_at = «moment», answer_number = '1', answer_date = now() - interval '3 days' WHERE case_id = «ask_case»",
        why.ANSWER,
        first=(_ANSWER,),
    ),
)

# under a claim of one of his own cases he writes to another of his own
OWN_OTHER = (
    Attack(
        "executor",
        "checks one case and writes the inventory of another of his",
        "UPDATE inventory_item SET verdict = 'ok' WHERE case_id = «decide_case»",
        why.OTHER_CASE,
        first=(_CHECK,),
    ),
    Attack(
        "executor",
        "checks one case and moves another of his",
        _moves("«ask_case»", "'decision'", answer="NULL"),
        why.OTHER_CASE,
        first=(_CHECK,),
    ),
    Attack(
        "executor",
        "decides one case and voids the number of another of his",
        "UPDATE register_number SET state = 'voided', reason = 'x' WHERE case_id = «sign_case» AND state = 'reserved'",
        why.OTHER_CASE,
        first=(_DECIDE,),
    ),
    Attack(
        "executor",
        "decides one case and replaces the draft of another of his",
        "UPDATE case_document SET state = 'replaced' WHERE id = «sign_document»",
        why.OTHER_CASE,
        first=(_DECIDE,),
    ),
    Attack(
        "executor",
        "asks an authority for another case of his",
        "INSERT INTO outside_request (case_id, step, number, addressee_kk, addressee_ru, sent_at, due_at, answer_number, answer_note) VALUES («decide_case», 'x', '1', '', '', «moment», now(), '', '')",
        why.OTHER_CASE,
        first=(_CHECK,),
    ),
    Attack(
        "executor",
        "attaches to another case of his",
        _scan("«decide_case»", "'«check_sha256»'"),
        why.OTHER_CASE,
        first=(_ATTACH,),
    ),
    Attack(
        "executor",
        "keeps a verdict of another case of his",
        "INSERT INTO requirement_check (case_id, requirement, verdict, note, checked_at, checked_by) VALUES («sign_case», 'x', 'met', '', «moment», «executor_id»)",
        why.OTHER_CASE,
        first=(_DECIDE,),
    ),
    Attack(
        "head",
        "signs one case and registers the licence of another",
        "INSERT INTO licence (case_id, document_id, number, annex_number, issued_on, first_issued_on, holder_kk, holder_ru, identifier, holder_address, site, service, sub_types_kk, sub_types_ru, status, search, holder_sort) VALUES («assign_case», «sign_document», 'X1', '1', now(), now(), '', '', '', '', '', 'medical', '', '', 'issued', '', '')",
        why.OTHER_CASE,
        first=(_SIGN,),
    ),
    Attack(
        "head",
        "registers a licence that is terminated already",
        "INSERT INTO licence (case_id, document_id, number, annex_number, issued_on, first_issued_on, holder_kk, holder_ru, identifier, holder_address, site, service, sub_types_kk, sub_types_ru, status, search, holder_sort) VALUES («sign_case», «sign_document», 'X1', '1', now(), now(), '', '', '', '', '', 'medical', '', '', 'terminated', '', '')",
        why.LICENCE,
        first=(_SIGN,),
    ),
)

WORK = (
    Attack(
        "executor",
        "gives a verdict that is none",
        "INSERT INTO requirement_check (case_id, requirement, verdict, note, checked_at, checked_by) VALUES («decide_case», 'x', 'perhaps', '', «moment», «executor_id»)",
        why.VERDICT,
        first=(_DECIDE,),
    ),
    Attack(
        "executor",
        "gives a paper a verdict that is none",
        "UPDATE inventory_item SET verdict = 'perhaps' WHERE case_id = «check_case»",
        why.VERDICT,
        first=(_CHECK,),
    ),
    Attack(
        "executor",
        "finds a paper in order that was not brought",
        "UPDATE inventory_item SET verdict = 'ok' WHERE case_id = «check_case» AND NOT brought",
        why.NOT_BROUGHT,
        first=(_CHECK,),
    ),
    Attack(
        "executor",
        "says a paper came later and not how",
        "UPDATE inventory_item SET verdict = 'later', note = ' ' WHERE case_id = «check_case» AND NOT brought",
        why.NOT_BROUGHT,
        first=(_CHECK,),
    ),
    Attack(
        "executor",
        "adds a paper that was brought",
        "INSERT INTO inventory_item (case_id, paper, position, brought, sheets, verdict, note) VALUES («check_case», 'x', 99, true, 1, 'ok', '')",
        NO_RIGHT,
        first=(_CHECK,),
    ),
    Attack(
        "executor",
        "asks with the answer already in it",
        "INSERT INTO outside_request (case_id, step, number, addressee_kk, addressee_ru, sent_at, due_at, answer, answer_number, answer_note) VALUES («check_case», 'sanitary-answer', '1', '', '', «moment», now() + interval '9 days', 'conforms', '', '')",
        why.ANSWER,
        first=(_CHECK,),
    ),
    Attack(
        "executor",
        "asks with a term of a hundred years",
        "INSERT INTO outside_request (case_id, step, number, addressee_kk, addressee_ru, sent_at, due_at, answer_number, answer_note) VALUES («check_case», 'sanitary-answer', '1', '', '', «moment», now() + interval '100 years', '', '')",
        why.TERM,
        first=(_CHECK,),
    ),
    Attack(
        "executor",
        "asks and stays where he is",
        entry("papers-complete", "«check_case»"),
        why.ANSWER,
        first=(
            _CHECK,
            "INSERT INTO outside_request (case_id, step, number, addressee_kk, addressee_ru, sent_at, due_at, answer_number, answer_note) VALUES («check_case», 'sanitary-answer', '1', '', '', «moment», now() + interval '9 days', '', '')",
        ),
        commits=True,
    ),
    Attack(
        "executor",
        "asks under a number nobody gave",
        entry("papers-complete", "«check_case»"),
        why.NUMBER_OWNER,
        first=(
            _CHECK,
            _moves("«check_case»", "'sanitary-answer'", step_due_at="now() + interval '9 days'"),
            "INSERT INTO outside_request (case_id, step, number, addressee_kk, addressee_ru, sent_at, due_at, answer_number, answer_note) SELECT «check_case», 'sanitary-answer', '1', '', '', «moment», step_due_at, '', '' FROM case_file WHERE id = «check_case»",
        ),
        commits=True,
    ),
    Attack(
        "executor",
        "sends the case to the authority and asks nothing",
        entry("papers-complete", "«check_case»"),
        why.UNFINISHED,
        first=(_CHECK, _moves("«check_case»", "'sanitary-answer'", step_due_at="now() + interval '9 days'")),
        commits=True,
    ),
    Attack(
        "executor",
        "ends the case for its papers and draws no notice",
        entry("papers-incomplete", "«check_case»"),
        why.UNFINISHED,
        first=(
            _CHECK,
            _moves("«check_case»", "NULL", step_due_at="NULL", closed_at="«moment»", result="'termination'"),
        ),
        commits=True,
    ),
    Attack(
        "head",
        "sends a case on and assigns nobody",
        entry("assigned", "«assign_case»"),
        why.UNFINISHED,
        first=(claim("assign", "«assign_case»"), _moves("«assign_case»", "'completeness'")),
        commits=True,
    ),
    Attack(
        "executor",
        "decides with a paper and leaves the case",
        "SET CONSTRAINTS ALL IMMEDIATE",
        why.DRAFT,
        first=(
            _DECIDE,
            "«outgoing»",
            "«outgoing_reserved»",
            "«forged_blob»",
            "«forged_chunk»",
            "INSERT INTO case_document (case_id, kind, number, dated, state, facts, unsigned_sha256, signer_id, signer_certificate, created_at, created_by, copies) SELECT «decide_case», 'refusal', text, now(), 'draft', '{}', '«forged_sha256»', «deputy_id», '', «moment», «executor_id», 0 FROM register_number WHERE case_id = «decide_case» AND given_at = «moment»",
            entry("drafted", "«decide_case»"),
        ),
    ),
    Attack(
        "executor",
        "reserves a number and draws nothing",
        entry("drafted", "«decide_case»"),
        why.NUMBER_OWNER,
        first=(_DECIDE, "«outgoing»", "«outgoing_reserved»"),
        commits=True,
    ),
    Attack(
        "executor",
        "gives the number of his case to another of his",
        "INSERT INTO register_number (register, year, sequence, text, state, case_id, reason, given_at) SELECT 'outgoing', «year», last, last || '/«year»', 'reserved', «sign_case», '', «moment» FROM register_counter WHERE register = 'outgoing' AND year = «year»",
        why.OTHER_CASE,
        first=(_DECIDE, "«outgoing»"),
    ),
    Attack(
        "executor",
        "gives a number that is voided at once",
        "INSERT INTO register_number (register, year, sequence, text, state, case_id, reason, given_at) SELECT 'outgoing', «year», last, last || '/«year»', 'voided', «decide_case», '', «moment» FROM register_counter WHERE register = 'outgoing' AND year = «year»",
        why.NUMBER_STATE,
        first=(_DECIDE, "«outgoing»"),
    ),
    Attack(
        "executor",
        "draws a licence for one who signs nothing",
        "INSERT INTO case_document (case_id, kind, number, dated, state, facts, unsigned_sha256, signer_id, signer_certificate, created_at, created_by, copies) VALUES («decide_case», 'refusal', '1', now(), 'draft', '{}', '«forged_sha256»', «clerk_id», '', «moment», «executor_id», 0)",
        why.SIGNER,
        first=(_DECIDE, "«forged_blob»", "«forged_chunk»"),
    ),
    Attack(
        "clerk",
        "draws a receipt that waits to be signed by the head",
        "INSERT INTO case_document (case_id, kind, number, dated, state, facts, unsigned_sha256, signer_id, signer_certificate, created_at, created_by, copies) VALUES (NULL, 'acceptance_refusal', '1', now(), 'issued', '{}', '«forged_sha256»', «head_id», '', «moment», «clerk_id», 0)",
        why.PERSON,
        first=(claim("refuse_acceptance"), "«forged_blob»", "«forged_chunk»"),
    ),
    Attack(
        "head",
        "takes a prepared paper out of the case",
        entry("signing-prepared", "«sign_case»"),
        why.DRAFT,
        first=(
            claim("prepare", "«sign_case»"),
            "UPDATE case_document SET state = 'replaced' WHERE id = «sign_document»",
        ),
        commits=True,
    ),
    Attack(
        "head",
        "writes a certificate on a paper he prepares",
        "UPDATE case_document SET state = 'replaced', signer_certificate = repeat('a', 64) WHERE id = «sign_document»",
        why.PAPER_STATE,
        first=(_SIGN,),
    ),
    Attack(
        "head",
        "makes a replaced paper a draft again",
        "UPDATE case_document SET state = 'draft' WHERE id = «sign_document»",
        why.PAPER_STATE,
        first=(_SIGN, "UPDATE case_document SET state = 'replaced' WHERE id = «sign_document»"),
    ),
    Attack(
        "head",
        "signs with a certificate that is no certificate",
        "UPDATE case_document SET state = 'signed', signed_sha256 = '«good_sha256»', signer_certificate = 'x', signed_at = «moment» WHERE id = «sign_document»",
        why.SIGNED_BYTES,
        first=(_SIGN, "«good_blob»", "«good_chunk»"),
    ),
    Attack(
        "head",
        "signs with a file he does not have",
        "UPDATE case_document SET state = 'signed', signed_sha256 = '«licence_sha256»', signer_certificate = repeat('a', 64), signed_at = «moment» WHERE id = «sign_document»",
        why.OTHERS_BLOB,
        first=(_SIGN,),
    ),
)

FILES = (
    Attack(
        "executor",
        "keeps a file as of yesterday",
        _blob("repeat('a', 64)", at="now() - interval '1 day'"),
        why.MOMENT,
        first=(_ATTACH,),
    ),
    Attack("executor", "keeps a file under a name that is no hash", _blob("'x'"), why.BLOB, first=(_ATTACH,)),
    Attack(
        "executor", "keeps a file of nothing", _blob("repeat('a', 64)", size="0"), why.BLOB, first=(_ATTACH,)
    ),
    Attack(
        "executor",
        "keeps a file larger than the office takes",
        _blob("repeat('a', 64)", size="2000000000"),
        why.BLOB,
        first=(_ATTACH,),
    ),
    Attack(
        "executor", "keeps a file outside of a command", _blob("repeat('a', 64)", at="now()"), why.NO_CLAIM
    ),
    Attack(
        "executor",
        "keeps the second piece first",
        "INSERT INTO blob_chunk (sha256, position, content) VALUES (repeat('a', 64), 1, 'x')",
        why.BLOB,
        first=(_ATTACH, _blob("repeat('a', 64)")),
    ),
    Attack(
        "executor",
        "keeps more than he announced",
        "INSERT INTO blob_chunk (sha256, position, content) VALUES (repeat('a', 64), 0, 'xyz')",
        why.BLOB,
        first=(_ATTACH, _blob("repeat('a', 64)")),
    ),
    Attack(
        "executor",
        "announces a file and brings none",
        entry("files-attached", "«check_case»"),
        why.BLOB,
        first=(_ATTACH, _blob("repeat('a', 64)")),
        commits=True,
    ),
    Attack(
        "executor",
        "says another size of his file",
        _scan("«check_case»", "'«forged_sha256»'", size="7"),
        why.FILE,
        first=(_ATTACH, "«forged_blob»", "«forged_chunk»"),
    ),
    Attack(
        "executor",
        "proves a file he does not have",
        "INSERT INTO blob_proof (command_id, sha256, proof) VALUES («command», '«other_sign_sha256»', repeat('a', 64))",
        why.OTHERS_BLOB,
        first=(_ATTACH,),
    ),
    Attack(
        "executor",
        "proves with the proof of another command",
        "INSERT INTO blob_proof (command_id, sha256, proof) VALUES ('«used_id»', '«other_sign_sha256»', repeat('a', 64))",
        why.OTHERS_BLOB,
        first=(_ATTACH,),
    ),
    Attack(
        "administrator",
        "makes a scan of a case the seal",
        "UPDATE office SET seal_sha256 = '«sign_sha256»', version = version + 1",
        why.OTHERS_BLOB,
        first=(claim("set_trust"),),
    ),
)

OFFICE = (
    Attack(
        "administrator",
        "makes an order longer",
        "UPDATE acting_head SET last_day = last_day + 30",
        "LC050",
        first=(_ACTING,),
    ),
    Attack(
        "administrator",
        "ends an order before today",
        "UPDATE acting_head SET last_day = last_day - 2 WHERE last_day > now()",
        "LC050",
        first=(_ACTING,),
    ),
    Attack(
        "administrator",
        "takes an order away that has begun",
        "SELECT forget_row('acting_head', jsonb_build_object('id', (SELECT min(id) FROM acting_head)))",
        "LC050",
        first=(_ACTING,),
    ),
    Attack(
        "administrator",
        "names two to stand in together",
        entry("acting-appointed"),
        "LC050",
        first=(_ACTING, _ORDER.format(who="clerk2", first="now()", last="now()")),
        commits=True,
    ),
    Attack(
        "administrator",
        "names a stand-in outside of a command",
        _ORDER.format(who="clerk2", first="now()", last="now()"),
        why.NO_CLAIM,
    ),
    Attack(
        "administrator",
        "hires one who was changed nine times",
        "INSERT INTO person (version, login, name_kk, name_ru, position_kk, position_ru, iin, password_hash, active, failed_attempts) VALUES (9, 'mallory', '', '', '', '', '', '', true, 0)",
        why.VERSION,
        first=(_PEOPLE,),
    ),
    Attack(
        "administrator",
        "changes a person under the same version",
        "UPDATE person SET name_kk = 'x' WHERE login = 'clerk2'",
        why.VERSION,
        first=(_PEOPLE,),
    ),
    Attack(
        "administrator",
        "changes the office under the same version",
        "UPDATE office SET name_kk = 'x'",
        why.VERSION,
        first=(claim("set_office"),),
    ),
    Attack(
        "administrator",
        "trusts a certificate under another's hash",
        "INSERT INTO trust_root (sha256, pem, subject, is_demo, added_at, added_by) SELECT repeat('c', 64), pem, 'x', false, «moment», 'administrator' FROM trust_root LIMIT 1",
        why.BLOB,
        first=(claim("set_trust"),),
    ),
    Attack(
        "administrator",
        "trusted it last year",
        "INSERT INTO trust_root (sha256, pem, subject, is_demo, added_at, added_by) SELECT repeat('c', 64), pem, 'x', false, now() - interval '1 year', 'administrator' FROM trust_root LIMIT 1",
        why.MOMENT,
        first=(claim("set_trust"),),
    ),
    Attack(
        "administrator",
        "lets another have trusted it",
        "INSERT INTO trust_root (sha256, pem, subject, is_demo, added_at, added_by) SELECT repeat('c', 64), pem, 'x', false, «moment», 'head' FROM trust_root LIMIT 1",
        why.PERSON,
        first=(claim("set_trust"),),
    ),
    Attack(
        "administrator",
        "puts a key of codes into use under another's hash",
        "INSERT INTO code_key (sha256, kid, pem, owner, valid_from, valid_to, is_demo, current, added_at, added_by) SELECT repeat('c', 64), repeat('c', 16), pem, 'x', now(), now(), false, true, «moment», 'administrator' FROM trust_root LIMIT 1",
        why.BLOB,
        first=(claim("set_code_key"),),
    ),
    Attack(
        "administrator",
        "puts a key of codes into use at another moment",
        "INSERT INTO code_key (sha256, kid, pem, owner, valid_from, valid_to, is_demo, current, retired_at, added_at, added_by) SELECT sha256, left(sha256, 16), pem, 'x', now(), now(), false, true, NULL, «moment» - interval '1 day', 'administrator' FROM trust_root LIMIT 1",
        why.MOMENT,
        first=(claim("set_code_key"),),
    ),
    Attack(
        "administrator",
        "lets another have put a key of codes into use",
        "INSERT INTO code_key (sha256, kid, pem, owner, valid_from, valid_to, is_demo, current, retired_at, added_at, added_by) SELECT sha256, left(sha256, 16), pem, 'x', now(), now(), false, true, NULL, «moment», 'head' FROM trust_root LIMIT 1",
        why.PERSON,
        first=(claim("set_code_key"),),
    ),
    Attack(
        "administrator",
        "brings a key of codes in that is retired already",
        "INSERT INTO code_key (sha256, kid, pem, owner, valid_from, valid_to, is_demo, current, retired_at, added_at, added_by) SELECT sha256, left(sha256, 16), pem, 'x', now(), now(), false, NULL, «moment», «moment», 'administrator' FROM trust_root LIMIT 1",
        why.CODE_KEY,
        first=(claim("set_code_key"),),
    ),
    Attack(
        "administrator",
        "says when a key of codes was retired and leaves it in use",
        "UPDATE code_key SET retired_at = «moment»",
        why.CODE_KEY,
        first=(claim("set_code_key"),),
    ),
    Attack(
        "administrator",
        "retires the key of codes at another moment",
        "UPDATE code_key SET current = NULL, retired_at = «moment» - interval '1 day'",
        why.MOMENT,
        first=(claim("set_code_key"),),
    ),
    Attack(
        "administrator",
        "puts a key of codes into use under the command of trust",
        "INSERT INTO code_key (sha256, kid, pem, owner, valid_from, valid_to, is_demo, current, added_at, added_by) SELECT sha256, left(sha256, 16), pem, 'x', now(), now(), false, true, «moment», 'administrator' FROM trust_root LIMIT 1",
        why.OTHER_TABLE,
        first=(claim("set_trust"),),
    ),
    Attack(
        "administrator",
        "changes the fee under the command of the calendar",
        "UPDATE fee_rate SET tenge = 1",
        why.OTHER_TABLE,
        first=(claim("set_calendar"),),
    ),
    Attack(
        "administrator",
        "changes the hours under the command of the fees",
        "UPDATE working_hours SET intervals = '[]'",
        why.OTHER_TABLE,
        first=(claim("set_fees"),),
    ),
)

# what the office's own triggers do on the server: seen from within the transaction, for it is undone
_HIRED = (
    "INSERT INTO person (version, login, name_kk, name_ru, position_kk, position_ru, iin, password_hash, active,"
    " failed_attempts) VALUES (1, 'newcomer', 'x', 'x', '', '', '', '', true, 0)"
)
PEOPLE = (
    Attack(
        "administrator",
        "hires one who has no login",
        "SELECT 1 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '«prefix»_newcomer' AND rolcanlogin)",
        NOTHING,
        first=(_PEOPLE, _HIRED),
    ),
    Attack(
        "administrator",
        "blocks one who still has a login",
        "SELECT 1 FROM pg_roles WHERE rolname = '«prefix»_clerk2' AND rolcanlogin",
        NOTHING,
        first=(_PEOPLE, "UPDATE person SET active = false, version = version + 1 WHERE login = 'clerk2'"),
    ),
    Attack(
        "administrator",
        "blocks one who still has his groups",
        "SELECT 1 WHERE pg_has_role('«prefix»_clerk2', '«prefix»__clerk', 'MEMBER')",
        NOTHING,
        first=(_PEOPLE, "UPDATE person SET active = false, version = version + 1 WHERE login = 'clerk2'"),
    ),
    Attack(
        "administrator",
        "gives a role that is none on the server",
        "SELECT 1 WHERE NOT pg_has_role('«prefix»_clerk2', '«prefix»__auditor', 'MEMBER')",
        NOTHING,
        first=(_PEOPLE, "INSERT INTO person_role (person_id, role) VALUES («clerk2_id», 'auditor')"),
    ),
    Attack(
        "administrator",
        "takes a role that stays on the server",
        "SELECT 1 WHERE pg_has_role('«prefix»_clerk2', '«prefix»__clerk', 'MEMBER')",
        NOTHING,
        first=(
            _PEOPLE,
            'SELECT forget_row(\'person_role\', \'{"person_id": «clerk2_id», "role": "clerk"}\')',
        ),
    ),
    Attack(
        "administrator",
        "renames one whose login stays",
        "SELECT 1 FROM pg_roles WHERE rolname = '«prefix»_clerk2'",
        NOTHING,
        first=(_PEOPLE, "UPDATE person SET login = 'clerk3', version = version + 1 WHERE login = 'clerk2'"),
    ),
    Attack(
        "server",
        "takes a person away whose login stays",
        "SELECT 1 FROM pg_roles WHERE rolname = '«prefix»_employee'",
        NOTHING,
        first=(
            "DELETE FROM assignment WHERE person_id = «employee_id»",
            "DELETE FROM confirmation WHERE person_id = «employee_id»",
            "DELETE FROM person_role WHERE person_id = «employee_id»",
            "DELETE FROM person WHERE id = «employee_id»",
        ),
    ),
    Attack(
        "administrator",
        "keeps a password in the row",
        "SELECT 1 FROM person WHERE password_hash <> ''",
        NOTHING,
        first=(
            _PEOPLE,
            "UPDATE person SET password_hash = '«verifier»', version = version + 1 WHERE login = 'clerk2'",
        ),
    ),
)

_LAWS = {
    "law_start": "regulation_sha256, service, operation, channel",
    "law_step": "regulation_sha256, service, operation, step",
    "law_move": "regulation_sha256, service, operation, step",
    "law_office_move": "regulation_sha256, service, operation, move",
}
_CHECKPOINT = (
    "INSERT INTO journal_checkpoint (position, hash, reason, statement, document, certificate, made_at, made_by)"
    " SELECT position, {hash}, 'asked', '', '', '', {at}, {by} FROM journal_link ORDER BY position DESC LIMIT 1"
)
_SIGNS = claim("checkpoint")
_PROOF = (
    "INSERT INTO blob_proof (command_id, sha256, proof) SELECT '«used_id»', '«check_sha256»',"
    " encode(sha256(convert_to(«command», 'UTF8') || content), 'hex') FROM blob_chunk WHERE sha256 = '«check_sha256»'"
)
_AS = 'SET LOCAL SESSION AUTHORIZATION "«prefix»_{}"'
BY_HAND = (
    Attack(
        SERVER,
        "has an executor say that he has another's case open",
        "SELECT 1 FROM presence WHERE case_id = «other_check_case» AND person_id = «executor_id»",
        NOTHING,
        first=(
            _AS.format("executor"),
            "SELECT note_presence(«other_check_case», true)",
            "SET LOCAL SESSION AUTHORIZATION DEFAULT",
        ),
    ),
    Attack(
        SERVER,
        "has a clerk write under a claim of an hour ago",
        "UPDATE case_file SET site = 'x', version = version + 1 WHERE id = «check_case»",
        "LC042",
        first=(
            _AS.format("clerk"),
            claim("correct", "«check_case»"),
            "SET LOCAL SESSION AUTHORIZATION DEFAULT",
            "UPDATE command SET at = at - interval '1 hour' WHERE id = «command»",
            _AS.format("clerk"),
        ),
    ),
    Attack(
        SERVER,
        "has the administrator set the password of a login that is more than a person's",
        "UPDATE person SET password_hash = '«verifier»', version = version + 1 WHERE login = 'clerk2'",
        NO_RIGHT,
        first=("ALTER ROLE «prefix»_clerk2 CREATEROLE", _AS.format("administrator"), _PEOPLE),
    ),
    Attack(
        "clerk",
        "delivers a licence as a refusal",
        entry("handed-over", "«deliver_case»"),
        why.END,
        first=(
            _DELIVER,
            "INSERT INTO hand_over (case_id, document_id, receiver, identity_document, power_of_attorney, handed_at,"
            " handed_by) VALUES («deliver_case», «deliver_document», 'X', '1', '', «moment», «clerk_id»)",
            _moves("«deliver_case»", "NULL", step_due_at="NULL", result="'refusal'", closed_at="«moment»"),
        ),
        commits=True,
    ),
)

NUMBERS = (
    *BY_HAND,
    Attack(
        "executor",
        "numbers a licence from the register of letters",
        entry("drafted", "«decide_case»"),
        why.NUMBER_OWNER,
        first=(
            _DECIDE,
            "«outgoing»",
            "«outgoing_reserved»",
            "«forged_blob»",
            "«forged_chunk»",
            "INSERT INTO case_document (case_id, kind, number, dated, state, facts, unsigned_sha256, signer_id,"
            " signer_certificate, created_at, created_by, copies) SELECT «decide_case», 'licence', text, now(),"
            " 'draft', '{}', '«forged_sha256»', «deputy_id», '', «moment», «executor_id», 0"
            " FROM register_number WHERE case_id = «decide_case» AND given_at = «moment»",
            _moves("«decide_case»", "'signature'", draft_kind="'licence'", step_due_at="NULL"),
        ),
        commits=True,
    ),
    Attack(
        "executor",
        "is told that a free number is taken",
        "SELECT 1 WHERE number_taken('outside', 'free', 0)",
        NOTHING,
    ),
    Attack(
        "clerk",
        "hands a case over before he received it",
        _case(**_MINE, hand_over_by="now() - interval '9 days'"),
        why.TERM,
        first=_NUMBERED,
    ),
    Attack(
        "administrator",
        "hires one whose name is another login of the server",
        _HIRED.replace("newcomer", "ghost"),
        "42710",
        first=(_PEOPLE,),
    ),
    Attack(
        "clerk",
        "gives the number of a new case to an old one",
        "UPDATE register_number SET case_id = «check_case» WHERE given_at = «moment»",
        why.NUMBER_STATE,
        first=(*_NUMBERED, _case(**_MINE)),
    ),
    Attack(
        "executor",
        "gives a number of this case to another of his",
        "UPDATE register_number SET case_id = «sign_case» WHERE case_id = «decide_case» AND register = 'outgoing'",
        why.OTHER_CASE,
        first=(_DECIDE,),
    ),
    Attack(
        "executor",
        "takes the reserved number of another of his",
        "UPDATE register_number SET case_id = «decide_case» WHERE case_id = «sign_case» AND state = 'reserved'",
        why.OTHER_CASE,
        first=(_DECIDE,),
    ),
    Attack(
        "executor",
        "brings a voided number of the office back",
        "UPDATE register_number SET state = 'reserved', reason = '', case_id = «decide_case» WHERE state = 'voided'",
        why.NUMBER_STATE,
        first=(_DECIDE,),
    ),
    Attack(
        SERVER,
        "has an executor use a voided number of the central database at once",
        "UPDATE register_number SET state = 'used', reason = '', case_id = «decide_case» WHERE state = 'voided'",
        why.NUMBER_STATE,
        first=(
            "INSERT INTO register_number (register, year, sequence, text, state, case_id, reason, given_at)"
            " VALUES ('outside', «year», 9, 'X9', 'voided', «sign_case», 'x', now())",
            'SET LOCAL SESSION AUTHORIZATION "«prefix»_executor"',
            _DECIDE,
        ),
    ),
    Attack(
        SERVER,
        "has the head sign where something is signed",
        _signed("«sign_document»", "«good_sha256»"),
        "LC030",
        first=(
            "UPDATE case_document SET state = 'signed' WHERE case_id = «sign_case» AND kind = 'receipt'",
            'SET LOCAL SESSION AUTHORIZATION "«prefix»_head"',
            _SIGN,
            "«good_blob»",
            "«good_chunk»",
        ),
    ),
    Attack(
        SERVER,
        "has the head sign an older draft",
        "UPDATE case_document SET state = 'signed', signed_sha256 = '«good_sha256»',"
        " signer_certificate = repeat('c0ffee12', 8), signed_at = «moment»"
        " WHERE case_id = «sign_case» AND kind = 'request'",
        why.SIGNER,
        first=(
            "UPDATE case_document SET state = 'draft' WHERE case_id = «sign_case» AND kind = 'request'",
            'SET LOCAL SESSION AUTHORIZATION "«prefix»_head"',
            _SIGN,
            "«good_blob»",
            "«good_chunk»",
        ),
    ),
    Attack("executor", "proves a file for another command", _PROOF, why.OTHERS_BLOB, first=(_ATTACH,)),
    Attack(
        "executor",
        "answers for another case of his",
        "UPDATE outside_request SET answer = 'conforms', answered_at = «moment» WHERE case_id = «decide_case»",
        why.OTHER_CASE,
        first=(_ANSWER,),
    ),
    Attack(
        SERVER,
        "has an executor give the number of another's licence, where a central database numbers them",
        "INSERT INTO register_number (register, year, sequence, text, state, case_id, reason, given_at)"
        " SELECT 'outside', «year», 1, number, 'reserved', «decide_case», '', «moment»"
        " FROM licence WHERE case_id = «licence_case»",
        why.NUMBER_FORM,
        first=(
            "UPDATE office SET numbers_licences = false, version = version + 1",
            'SET LOCAL SESSION AUTHORIZATION "«prefix»_executor"',
            _DECIDE,
            "INSERT INTO register_counter (register, year, last) VALUES ('outside', «year», 1)",
        ),
    ),
)

LATE = (
    *NUMBERS,
    Attack(
        "reopened",
        "takes a role away though the office has blocked him",
        'SELECT forget_row(\'person_role\', \'{"person_id": «clerk2_id», "role": "clerk"}\')',
    ),
    *(
        Attack(
            "administrator",
            f"adds to {table} of a text that is kept",
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} LIMIT 1",
            why.LAW,
            first=(claim("set_law"),),
        )
        for table, columns in _LAWS.items()
    ),
    Attack(
        "head",
        "signs a state of the journal that never was",
        _CHECKPOINT.format(hash="repeat('0', 64)", at="«moment»", by="«head_id»"),
        "LC051",
        first=(_SIGNS,),
    ),
    Attack(
        "head",
        "signs the journal in another's name",
        _CHECKPOINT.format(hash="hash", at="«moment»", by="«deputy_id»"),
        why.PERSON,
        first=(_SIGNS,),
    ),
    Attack(
        "head",
        "signed the journal last year",
        _CHECKPOINT.format(hash="hash", at="now() - interval '1 year'", by="«head_id»"),
        why.MOMENT,
        first=(_SIGNS,),
    ),
    Attack(
        "clerk",
        "changes his own password and nothing comes of it",
        "SELECT 1 FROM person WHERE login = session_login() AND xmin <> pg_current_xact_id()::xid",
        NOTHING,
        first=(
            claim("set_own_password"),
            "UPDATE person SET password_hash = '«verifier»', version = version + 1 WHERE login = session_login()",
        ),
    ),
    Attack(
        "administrator",
        "names a stand-in who has no rights of it on the server",
        "SELECT 1 WHERE NOT pg_has_role('«prefix»_clerk2', '«prefix»__acting_head', 'MEMBER')",
        NOTHING,
        first=(_ACTING, _ORDER.format(who="clerk2", first="now()", last="now()")),
    ),
)

REGISTER = (
    Attack(
        "head",
        "replaces a licence his case does not name",
        "UPDATE licence SET status = 'reissued' WHERE case_id = «licence_case»",
        why.LICENCE,
        first=(_SIGN,),
    ),
    Attack(
        "head",
        "gives a licence another number",
        "UPDATE licence SET number = '1' WHERE case_id = «licence_case»",
    ),
    Attack(
        "head",
        "stops a licence without a claim",
        "UPDATE licence SET status = 'terminated' WHERE case_id = «licence_case»",
        why.NO_CLAIM,
    ),
)

ATTACKS = (*LATE, *CLAIMS, *BEGINNINGS, *ENDS, *OWN_OTHER, *WORK, *FILES, *OFFICE, *PEOPLE, *REGISTER)
