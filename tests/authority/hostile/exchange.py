"""Other systems: who would put words into their mouths, let a package become another's case, or send it nowhere."""

from tests.authority.hostile import reasons as why
from tests.authority.hostile.executor import _paper
from tests.authority.hostile.kinds import NOTHING, Attack, claim, entry

_RECORD = claim("record_system", "«check_case»")
_RECEIVE = claim("receive_package")
_BYTES = ("«forged_blob»", "«forged_chunk»")


def _record(case: str = "«check_case»", **more: str) -> str:
    values = {
        "case_id": case,
        "system": "'gbd_ul'",
        "question": "'{}'",
        "heard": "'answered'",
        "way": "'by_hand'",
        "answer": "'{}'",
        "number": "''",
        "reason": "''",
        "note": "''",
        "evidence_name": "''",
        "evidence_sha256": "NULL",
        "document_id": "NULL",
        "recorded_at": "«moment»",
        "recorded_by": "«executor_id»",
        **more,
    }
    return f"INSERT INTO exchange_record ({', '.join(values)}) VALUES ({', '.join(values.values())})"


def _package(**more: str) -> str:
    values = {
        "package_id": "'forged-package'",
        "content_sha256": "'«forged_sha256»'",
        "file_name": "'p.zip'",
        "regulation_sha256": "'«law»'",
        "service": "'medical'",
        "operation": "'issue'",
        "channel": "'portal'",
        "identifier": "'210440038887'",
        "holder_kk": "'x'",
        "holder_ru": "'x'",
        "request": "'{}'",
        "sender": "'{}'",
        "checks": "'[]'",
        "checked_at": "«moment»",
        "came_at": "«moment»",
        "came_by": "«clerk_id»",
        "state": "'waiting'",
        "settled_at": "NULL",
        "settled_by": "NULL",
        "case_id": "NULL",
        "document_id": "NULL",
        **more,
    }
    return f"INSERT INTO incoming_package ({', '.join(values)}) VALUES ({', '.join(values.values())})"


def _settled(of: str = "«package»", **more: str) -> str:
    values = {
        "state": "'refused'",
        "settled_at": "«moment»",
        "settled_by": "«clerk_id»",
        "document_id": "«refused_document»",
        **more,
    }
    told = ", ".join(f"{name} = {value}" for name, value in values.items())
    return f"UPDATE incoming_package SET {told} WHERE id = {of}"


RECORDS = (
    Attack(
        "executor",
        "reads what a system said of another's case",
        "SELECT 1 FROM exchange_record WHERE case_id = «other_check_case»",
        NOTHING,
    ),
    Attack(
        "executor",
        "reads the evidence of another's case",
        "SELECT 1 FROM blob_chunk WHERE sha256 = '«other_evidence»'",
        NOTHING,
    ),
    Attack(
        "executor",
        "puts an answer into another's case",
        _record("«other_check_case»"),
        why.OTHER_CASE,
        first=(_RECORD,),
    ),
    Attack(
        "executor",
        "puts yesterday's answer into his case",
        _record(recorded_at="«moment»::timestamptz - interval '1 day'"),
        why.MOMENT,
        first=(_RECORD,),
    ),
    Attack(
        "executor",
        "records an answer in the clerk's name",
        _record(recorded_by="«clerk_id»"),
        why.PERSON,
        first=(_RECORD,),
    ),
    Attack(
        "executor",
        "records an answer no system gives",
        _record(heard="'perhaps'"),
        why.HEARD,
        first=(_RECORD,),
    ),
    Attack(
        "executor", "hears it on a way there is none", _record(way="'dream'"), why.HEARD, first=(_RECORD,)
    ),
    Attack(
        "executor",
        "takes another's evidence by its hash",
        _record(evidence_sha256="'«other_evidence»'"),
        why.OTHERS_BLOB,
        first=(_RECORD,),
    ),
    Attack(
        "executor",
        "calls an old paper the notice of today",
        _record(heard="'no_data'", document_id="«check_document»"),
        why.HEARD,
        first=(_RECORD,),
    ),
    Attack(
        "executor", "changes what a system said", "UPDATE exchange_record SET note = 'x'", first=(_RECORD,)
    ),
    Attack(
        "executor",
        "draws a licence as a system's notice",
        _paper("«check_case»", "licence", "issued", unsigned_sha256="'«forged_sha256»'"),
        why.PAPER_KIND,
        first=(_RECORD, *_BYTES),
    ),
    Attack(
        "executor",
        "tells of an answer nobody recorded",
        entry("system-answered", "«check_case»"),
        why.UNFINISHED,
        first=(_RECORD,),
        commits=True,
    ),
    Attack("department_head", "sets where a system is reached", claim("set_systems")),
    Attack(
        "administrator",
        "sets where a system is reached, and tells nobody",
        "INSERT INTO connected_system (active, address, attempts, authority_pem, system, timeout_seconds)"
        " VALUES (true, 'http://127.0.0.1', 1, '', 'gbd_ul', 5)",
        why.NO_CLAIM,
    ),
)

PACKAGES = (
    Attack(
        "executor",
        "reads the packages that wait",
        "SELECT 1 FROM incoming_package WHERE state = 'waiting'",
        NOTHING,
    ),
    Attack("executor", "receives a package", claim("receive_package")),
    Attack(
        "phc", "reads the counter's packages", "SELECT 1 FROM incoming_package WHERE id = «package»", NOTHING
    ),
    Attack(
        "phc",
        "receives a package that is the counter's",
        _package(came_by="«phc_id»"),
        first=(_RECEIVE, *_BYTES),
    ),
    Attack(
        "phc",
        "judges a package of the counter",
        "UPDATE incoming_package SET checks = '[]', checked_at = «moment» WHERE id = «package» RETURNING 1",
        NOTHING,
        first=(_RECEIVE,),
    ),
    Attack("phc", "refuses a request by itself", claim("refuse_acceptance")),
    Attack(
        "phc",
        "gives a request to a case that was there",
        "UPDATE incoming_package SET state = 'registered', settled_at = «moment», settled_by = «phc_id»,"
        " case_id = «check_case» WHERE id = «phc_package»",
        why.PACKAGE,
        first=(claim("register"),),
    ),
    Attack(
        "executor",
        "reads a request for attachment",
        "SELECT 1 FROM incoming_package WHERE id = «phc_package»",
        NOTHING,
    ),
    Attack(
        "clerk",
        "receives yesterday's package",
        _package(came_at="«moment»::timestamptz - interval '1 day'"),
        why.MOMENT,
        first=(_RECEIVE, *_BYTES),
    ),
    Attack(
        "clerk",
        "receives a package in the head's name",
        _package(came_by="«head_id»"),
        why.PERSON,
        first=(_RECEIVE, *_BYTES),
    ),
    Attack(
        "clerk",
        "receives a package he does not have",
        _package(content_sha256="'«other_sign_sha256»'"),
        why.OTHERS_BLOB,
        first=(_RECEIVE,),
    ),
    Attack(
        "clerk",
        "receives a package that is registered already",
        _package(state="'registered'", case_id="«check_case»"),
        why.PACKAGE,
        first=(_RECEIVE, *_BYTES),
    ),
    Attack(
        "clerk",
        "judges a package again that was settled",
        "UPDATE incoming_package SET checks = '[]', checked_at = «moment» WHERE id = «settled_package»",
        why.PACKAGE,
        first=(_RECEIVE,),
    ),
    Attack(
        "clerk",
        "judges a package and dates it back",
        "UPDATE incoming_package SET checked_at = came_at - interval '1 day' WHERE id = «package»",
        why.MOMENT,
        first=(_RECEIVE,),
    ),
    Attack(
        "clerk",
        "says another applicant sent it",
        "UPDATE incoming_package SET identifier = '1' WHERE id = «package»",
        first=(_RECEIVE,),
    ),
    Attack(
        "clerk",
        "refuses a package without a paper",
        _settled(document_id="NULL"),
        why.PACKAGE,
        first=(claim("refuse_acceptance"),),
    ),
    Attack(
        "clerk",
        "refuses a package for the head",
        _settled(settled_by="«head_id»"),
        why.PERSON,
        first=(claim("refuse_acceptance"),),
    ),
    Attack(
        "clerk",
        "refuses a package yesterday",
        _settled(settled_at="came_at"),
        why.MOMENT,
        first=(claim("refuse_acceptance"),),
    ),
    Attack(
        "clerk",
        "refuses a package by an old paper",
        entry("acceptance-refused"),
        why.PACKAGE,
        first=(claim("refuse_acceptance"), _settled()),
        commits=True,
    ),
    Attack(
        "clerk",
        "settles a package twice",
        _settled("«settled_package»"),
        why.PACKAGE,
        first=(claim("refuse_acceptance"),),
    ),
    Attack(
        "clerk",
        "calls a refused package registered",
        _settled(state="'registered'", case_id="NULL"),
        why.PACKAGE,
        first=(claim("refuse_acceptance"),),
    ),
    Attack(
        "clerk",
        "tells of a package that never came",
        entry("package-received"),
        why.UNFINISHED,
        first=(_RECEIVE,),
        commits=True,
    ),
)

ATTACKS = (*RECORDS, *PACKAGES)
