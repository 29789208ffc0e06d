"""The head, his deputy and the head of a department (T3, T4): sign twice, antedate, sign another's text, decide himself."""

from tests.authority.hostile import reasons as why
from tests.authority.hostile.clerk import _moves
from tests.authority.hostile.executor import _DRAWN, _paper
from tests.authority.hostile.kinds import NO_RIGHT, NOTHING, Attack, claim, entry, tried_by

_SIGN = claim("sign", "«sign_case»")
_PREPARE = claim("prepare", "«sign_case»")
_ASSIGN = claim("assign", "«assign_case»")
_RETURN = claim("return_for_rework", "«sign_case»")
_REASSIGN = claim("reassign", "«check_case»")
_FORGED = ("«forged_blob»", "«forged_chunk»")
_GOOD = ("«good_blob»", "«good_chunk»")


def _proof(sha256: str) -> str:
    """He sees the file, so he can prove that he has it."""
    return (
        f"INSERT INTO blob_proof (command_id, sha256, proof) SELECT «command», '{sha256}',"
        f" encode(sha256(convert_to(«command», 'UTF8') || content), 'hex') FROM blob_chunk WHERE sha256 = '{sha256}'"
    )


def _signed(document: str, sha256: str, **more: str) -> str:
    values = {
        "state": "'signed'",
        "signed_sha256": f"'{sha256}'",
        "signer_certificate": "repeat('c0ffee12', 8)",
        "signed_at": "«moment»",
        **more,
    }
    told = ", ".join(f"{name} = {value}" for name, value in values.items())
    return f"UPDATE case_document SET {told} WHERE id = {document}"


_SIGNED = (
    _SIGN,
    *_GOOD,
    _signed("«sign_document»", "«good_sha256»"),
    "UPDATE register_number SET state = 'used' WHERE case_id = «sign_case» AND state = 'reserved'",
    _moves("«sign_case»", "'delivery'", draft_kind="NULL", step_due_at="NULL"),
)

# a row of the register that says word for word what the page says
_LIKE_ITS_PAGE = (
    "INSERT INTO licence (case_id, document_id, number, annex_number, issued_on, first_issued_on, holder_kk, holder_ru,"
    " identifier, holder_address, site, service, sub_types_kk, sub_types_ru, status, search, holder_sort)"
    " SELECT d.case_id, d.id, p ->> 5, p ->> 6, (p ->> 7)::date, (p ->> 8)::date, p ->> 0, p ->> 1, p ->> 2, p ->> 3,"
    " p ->> 4, c.service, p ->> 9, p ->> 10, 'issued', '', ''"
    " FROM case_document d JOIN case_file c ON c.id = d.case_id,"
    " LATERAL (SELECT jsonb_build_array(f #> '{holder,name,kk}', f #> '{holder,name,ru}', f #> '{holder,identifier}',"
    " f #> '{holder,address}', f -> 'site', f -> 'number', f -> 'annex_number', f -> 'issued_on', f -> 'first_issued_on',"
    " (SELECT string_agg(item ->> 'kk', '; ') FROM jsonb_array_elements(f -> 'sub_types') item),"
    " (SELECT string_agg(item ->> 'ru', '; ') FROM jsonb_array_elements(f -> 'sub_types') item)) AS p"
    " FROM (SELECT d.facts::jsonb AS f) told) page WHERE d.id = «dated_document»"
)

SIGNING = (
    Attack(
        "head",
        "signs bytes that are another document",
        _signed("«sign_document»", "«forged_sha256»"),
        why.SIGNED_BYTES,
        first=(_SIGN, *_FORGED),
    ),
    Attack(
        "head",
        "signs with the very bytes that were to be signed",
        _signed("«sign_document»", "«sign_sha256»"),
        why.SIGNED_BYTES,
        first=(_SIGN, _proof("«sign_sha256»")),
    ),
    Attack(
        "head",
        "signs with the paper of another case",
        _signed("«sign_document»", "«other_sign_sha256»"),
        why.SIGNED_BYTES,
        first=(_SIGN, _proof("«other_sign_sha256»")),
    ),
    Attack(
        "head",
        "signs with nothing",
        _signed("«sign_document»", "«sign_sha256»", signed_sha256="NULL"),
        why.OTHERS_BLOB,
        first=(_SIGN,),
    ),
    Attack(
        "head",
        "signs as of yesterday",
        _signed("«sign_document»", "«good_sha256»", signed_at="now() - interval '1 day'"),
        why.MOMENT,
        first=(_SIGN, *_GOOD),
    ),
    Attack(
        "head",
        "signs for somebody else",
        "UPDATE case_document SET signer_id = «deputy_id» WHERE id = «sign_document»",
        first=(_SIGN,),
    ),
    Attack(
        "head",
        "signs the paper of another case under this claim",
        _signed("«other_sign_document»", "«good_sha256»"),
        why.OTHER_CASE,
        first=(_SIGN, *_GOOD),
    ),
    Attack("head", "signs a closed case again", claim("sign", "«licence_case»"), why.CLOSED),
    Attack("head", "signs what was handed to delivery", claim("sign", "«deliver_case»"), why.STEP),
    Attack("head", "signs what the executor still decides", claim("sign", "«decide_case»"), why.STEP),
    Attack(
        "head",
        "signs a second licence of one case",
        "INSERT INTO licence (case_id, document_id, number, annex_number, issued_on, first_issued_on, holder_kk, holder_ru, identifier, holder_address, site, service, sub_types_kk, sub_types_ru, status, search, holder_sort) VALUES («licence_case», «licence_document», 'X1', '1', now(), now(), '', '', '', '', '', 'medical', '', '', 'issued', '', '')",
        why.OTHER_CASE,
        first=(_SIGN,),
    ),
    Attack(
        "head",
        "registers a licence that is not the signed paper's",
        entry("signed", "«sign_case»"),
        why.LICENCE,
        first=(
            *_SIGNED,
            "INSERT INTO licence (case_id, document_id, number, annex_number, issued_on, first_issued_on, holder_kk, holder_ru, identifier, holder_address, site, service, sub_types_kk, sub_types_ru, status, search, holder_sort) VALUES («sign_case», «sign_document», 'X1', '1', now(), now(), '', '', '', '', '', 'medical', '', '', 'issued', '', '')",
        ),
        commits=True,
    ),
    Attack(
        "head",
        "signs a licence and keeps it out of the register",
        entry("signed", "«sign_case»"),
        why.LICENCE,
        first=_SIGNED,
        commits=True,
    ),
    Attack(
        "head",
        "signs a first licence whose page says that it is years old",
        entry("signed", "«dated_case»"),
        why.LICENCE,
        first=(
            claim("sign", "«dated_case»"),
            "«dated_good_blob»",
            "«dated_good_chunk»",
            _signed("«dated_document»", "«dated_good_sha256»"),
            "UPDATE register_number SET state = 'used' WHERE case_id = «dated_case» AND state = 'reserved'",
            _moves("«dated_case»", "'delivery'", draft_kind="NULL", step_due_at="NULL"),
            _LIKE_ITS_PAGE,
        ),
        commits=True,
    ),
    Attack(
        "head",
        "journals a signature that was none",
        entry("signed", "«sign_case»"),
        why.UNFINISHED,
        first=(_SIGN,),
        commits=True,
    ),
    Attack(
        "head",
        "journals a visa that was none",
        entry("assigned", "«assign_case»"),
        why.UNFINISHED,
        first=(_ASSIGN,),
        commits=True,
    ),
    Attack(
        "head",
        "journals a return that was none",
        entry("returned", "«sign_case»"),
        why.UNFINISHED,
        first=(_RETURN,),
        commits=True,
    ),
    Attack(
        "head",
        "journals another executor that was none",
        entry("reassigned", "«check_case»"),
        why.UNFINISHED,
        first=(_REASSIGN,),
        commits=True,
    ),
    Attack(
        "head",
        "sends a case to delivery unsigned",
        _moves("«sign_case»", "'delivery'", draft_kind="NULL"),
        why.UNFINISHED,
        first=(
            _SIGN,
            "UPDATE case_document SET state = 'replaced' WHERE id = «sign_document»",
            entry("signed", "«sign_case»"),
        ),
        commits=True,
    ),
    Attack(
        "head",
        "closes the case by signing",
        _moves("«sign_case»", "NULL", result="'licence'", closed_at="«moment»"),
        why.NO_SUCH_MOVE,
        first=(_SIGN,),
    ),
    Attack(
        "head",
        "prepares another text under the same number",
        _paper(
            "«sign_case»",
            "refusal",
            number="'«sign_paper_number»'",
            created_by="«executor_id»",
            signer_id="«head_id»",
            **_DRAWN,
        ),
        why.PAPER_KIND,
        first=(_PREPARE, *_FORGED),
    ),
    Attack(
        "head",
        "prepares a text with another number",
        _paper(
            "«sign_case»",
            "licence",
            number="'X9'",
            created_by="«executor_id»",
            signer_id="«head_id»",
            **_DRAWN,
        ),
        why.PAPER_KIND,
        first=(_PREPARE, *_FORGED),
    ),
    Attack(
        "head",
        "prepares a paper dated back",
        _paper(
            "«sign_case»",
            "licence",
            number="'«sign_paper_number»'",
            dated="now() - interval '30 days'",
            created_by="«executor_id»",
            signer_id="«head_id»",
            **_DRAWN,
        ),
        why.MOMENT,
        first=(_PREPARE, *_FORGED),
    ),
    Attack(
        "head",
        "prepares for the deputy to sign",
        _paper(
            "«sign_case»",
            "licence",
            number="'«sign_paper_number»'",
            created_by="«executor_id»",
            signer_id="«deputy_id»",
            **_DRAWN,
        ),
        why.SIGNER,
        first=(_PREPARE, *_FORGED),
    ),
    Attack(
        "head",
        "prepares and sends the case on",
        _moves("«sign_case»", "'delivery'"),
        why.OTHER_COLUMN,
        first=(_PREPARE,),
    ),
    Attack(
        "head",
        "signs in the course of a visa",
        _signed("«sign_document»", "«good_sha256»"),
        why.OTHER_TABLE,
        first=(_ASSIGN,),
    ),
    Attack(
        "head",
        "changes a signed paper",
        "UPDATE case_document SET signed_sha256 = '«sign_sha256»' WHERE id = «deliver_document»",
        why.OTHER_CASE,
        first=(_SIGN,),
    ),
    Attack(
        "head",
        "takes the signature back",
        "UPDATE case_document SET state = 'draft', signed_sha256 = NULL WHERE id = «deliver_document»",
        why.OTHER_CASE,
        first=(_SIGN,),
    ),
)

DECIDING = (
    Attack("head", "claims the executor's check", claim("check", "«check_case»")),
    Attack("head", "claims the executor's decision", claim("decide", "«decide_case»")),
    Attack("head", "claims the sanitary answer", claim("record_answer", "«ask_case»")),
    Attack("head", "claims the registration", claim("register")),
    Attack("head", "claims the hand-over", claim("deliver", "«deliver_case»")),
    Attack("head", "claims the withdrawal", claim("withdraw", "«check_case»")),
    Attack("head", "claims the correction", claim("correct", "«check_case»")),
    Attack("head", "claims the print", claim("print")),
    Attack("head", "hires", claim("set_people")),
    Attack("head", "sets a day off", claim("set_calendar")),
    Attack("head", "names his deputy himself", claim("set_acting_head")),
    Attack("head", "gives the visa twice", claim("assign", "«check_case»"), why.STEP),
    Attack("head", "reassigns a case that waits for him", claim("reassign", "«sign_case»"), why.MOVE_CLOSED),
    Attack(
        "head",
        "returns a case that is delivered",
        claim("return_for_rework", "«deliver_case»"),
        why.MOVE_CLOSED,
    ),
    Attack(
        "head",
        "gives a case to one who is no executor",
        "INSERT INTO assignment (case_id, role, person_id) VALUES («assign_case», 'executor', «clerk_id»)",
        why.ASSIGNEE,
        first=(_ASSIGN,),
    ),
    Attack(
        "head",
        "gives a case to one who is blocked",
        "INSERT INTO assignment (case_id, role, person_id) VALUES («assign_case», 'executor', «blocked_id»)",
        why.ASSIGNEE,
        first=(_ASSIGN,),
    ),
    Attack(
        "head",
        "gives a case a role nobody has",
        "INSERT INTO assignment (case_id, role, person_id) VALUES («assign_case», 'king', «executor_id»)",
        why.ASSIGNEE,
        first=(_ASSIGN,),
    ),
    Attack(
        "head",
        "gives another case away",
        "INSERT INTO assignment (case_id, role, person_id) VALUES («check_case», 'auditor', «auditor_id»)",
        why.OTHER_CASE,
        first=(_ASSIGN,),
    ),
    Attack(
        "head",
        "sends a case past the executor",
        _moves("«assign_case»", "'signature'"),
        why.NO_SUCH_MOVE,
        first=(_ASSIGN,),
    ),
    Attack(
        "head",
        "gives a visa and leaves the case",
        entry("assigned", "«assign_case»"),
        why.ASSIGNEE,
        first=(
            _ASSIGN,
            "INSERT INTO assignment (case_id, role, person_id) VALUES («assign_case», 'executor', «executor_id»)",
        ),
        commits=True,
    ),
    Attack(
        "head",
        "returns a case to the check",
        _moves("«sign_case»", "'completeness'"),
        why.NO_SUCH_MOVE,
        first=(_RETURN,),
    ),
    Attack(
        "head",
        "returns a case to the clerk",
        _moves("«sign_case»", "'registration'"),
        why.NO_SUCH_MOVE,
        first=(_RETURN,),
    ),
    Attack(
        "head",
        "moves a case while he reassigns it",
        _moves("«check_case»", "'decision'"),
        why.OTHER_COLUMN,
        first=(_REASSIGN,),
    ),
    Attack(
        "head",
        "makes the due day later",
        "UPDATE case_file SET due_at = due_at + interval '1 day', version = version + 1 WHERE id = «assign_case»",
        why.TERM,
        first=(_ASSIGN,),
    ),
    Attack(
        "head",
        "edits the journal",
        "UPDATE journal_entry SET facts = '{}' WHERE event = 'signed'",
        first=(_SIGN,),
    ),
    Attack(
        "head",
        "reads the images of all rows past the program",
        "UPDATE journal_image SET content = ''",
        first=(_SIGN,),
    ),
)

CLAIMS = (
    Attack(
        "head",
        "gives a colleague's claim another result",
        "UPDATE command SET result = '1' WHERE id = '«used_id»'",
        NOTHING,
        first=(_ASSIGN,),
    ),
)

DEPUTY = (
    Attack("former", "signs after his order is over", claim("sign", "«sign_case»")),
    Attack("former", "gives a visa after his order is over", claim("assign", "«assign_case»")),
    Attack("former", "makes his order longer", "UPDATE acting_head SET last_day = last_day + 30"),
    Attack(
        "former", "sees what the head sees", "SELECT 1 FROM case_file WHERE id = «other_check_case»", NOTHING
    ),
    Attack("deputy", "names himself for ever", "UPDATE acting_head SET last_day = '2999-01-01'"),
    Attack(
        "deputy", "decides another executor's case", claim("decide", "«other_decide_case»"), why.NOT_ASSIGNED
    ),
    Attack(
        "deputy",
        "signs what was prepared for the head",
        _signed("«sign_document»", "«good_sha256»"),
        why.SIGNER,
        first=(_SIGN, *_GOOD),
    ),
)

_NOT_HIS = (
    Attack("", "claims the visa of the head", claim("assign", "«assign_case»"), why.ROLE),
    Attack("", "claims the check of the executor", claim("check", "«check_case»"), why.ROLE),
    Attack("", "claims the return", claim("return_for_rework", "«sign_case»"), why.ROLE),
    Attack("", "claims the reassignment", claim("reassign", "«check_case»"), why.ROLE),
    Attack("", "claims the signature", claim("sign", "«sign_case»")),
    Attack("", "claims the preparing", claim("prepare", "«sign_case»")),
    Attack("", "claims the registration", claim("register")),
    Attack("", "claims the hand-over", claim("deliver", "«deliver_case»")),
    Attack("", "claims the office's people", claim("set_people")),
)

# the results that lie at the centre are its operator's to see
_NOT_SENT = "coalesce({} NOT IN (SELECT case_id FROM result_custody), true)"
_UNSEEN = (
    Attack("", "attaches to a case that is not his", claim("attach", "«check_case»"), NO_RIGHT),
    Attack("", "reads a case that is not his", "SELECT 1 FROM case_file WHERE id = «check_case»", NOTHING),
    Attack(
        "",
        "reads all cases",
        f"SELECT 1 FROM case_file WHERE id <> «shared_case» AND {_NOT_SENT.format('id')}",
        NOTHING,
    ),
    Attack(
        "",
        "reads all papers",
        f"SELECT 1 FROM case_document WHERE case_id IS DISTINCT FROM «shared_case» AND {_NOT_SENT.format('case_id')}",
        NOTHING,
    ),
    Attack(
        "",
        "reads all files",
        "SELECT 1 FROM blob_chunk c JOIN attachment a USING (sha256) WHERE a.case_id <> «shared_case»",
        NOTHING,
    ),
    Attack(
        "",
        "reads the licences",
        f"SELECT 1 FROM licence WHERE case_id <> «shared_case» AND {_NOT_SENT.format('case_id')}",
        NOTHING,
    ),
    Attack(
        "",
        "reads the journal of the cases",
        f"SELECT 1 FROM journal_entry WHERE case_id <> «shared_case» AND {_NOT_SENT.format('case_id')}",
        NOTHING,
    ),
)

DEPARTMENT = (
    *tried_by("department_head", *_NOT_HIS),
    Attack("department_head", "decides", claim("decide", "«decide_case»"), why.ROLE),
    Attack(
        "department_head",
        "writes an assignment without a claim",
        "INSERT INTO assignment (case_id, role, person_id) VALUES («check_case», 'department_head', «department_head_id»)",
        why.NO_CLAIM,
    ),
    Attack(
        "department_head",
        "takes the executor's case by an update",
        "UPDATE assignment SET person_id = «department_head_id» WHERE case_id = «check_case»",
        why.NO_CLAIM,
    ),
    *tried_by("secretary commission", *_UNSEEN),
    *tried_by("centre phc employee", *_UNSEEN[1:]),
)

ATTACKS = (*CLAIMS, *SIGNING, *DECIDING, *DEPUTY, *DEPARTMENT)
