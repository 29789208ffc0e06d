"""What becomes of a licence: who would stop another's right, or give it back, without a decision or past its order."""

from tests.authority.hostile import reasons as why
from tests.authority.hostile.kinds import Attack, claim, entry, tried_by

_TODAY = "(«moment» AT TIME ZONE 'Asia/Oral')::date"
_CHECK = "23514"  # a CHECK of the table
_SCAN = (
    "INSERT INTO attachment (case_id, file_name, media_type, size, sha256, flags, added_at, added_by)"
    " SELECT «{case}_case», 'order.pdf', b.media_type, b.size, b.sha256, '[]', «moment», «{by}_id»"
    " FROM blob b WHERE b.sha256 = '«forged_sha256»'"
)


def _claimed(name: str = "licence", by: str = "department_head") -> tuple[str, ...]:
    return (
        claim("change_licence"),
        f"UPDATE command SET case_id = «{name}_case» WHERE id = «command»",
        "«forged_blob»",
        "«forged_chunk»",
        _SCAN.format(case=name, by=by),
    )


def _changed(name: str = "licence", **changes: str) -> str:
    facts = {
        "licence_id": f"«{name}_licence»",
        "case_id": f"«{name}_case»",
        "status": "'suspended'",
        "ground": "'requirements-broken'",
        "decided_by": "'licensor'",
        "decision_number": "'1'",
        "decided_on": _TODAY,
        "from_on": _TODAY,
        "until_on": f"{_TODAY} + 30",
        "note": "''",
        "attachment_id": "(SELECT max(id) FROM attachment)",
        "recorded_at": "«moment»",
        "recorded_by": "«department_head_id»",
        **changes,
    }
    return f"INSERT INTO licence_change ({', '.join(facts)}) VALUES ({', '.join(facts.values())})"


def _resumed(name: str, **changes: str) -> str:
    told = {"status": "'resumed'", "ground": "'violations-removed'", "until_on": "NULL"}
    return _changed(name, **told | changes)


def _stands(name: str, status: str) -> str:
    return f"UPDATE licence SET status = '{status}' WHERE id = «{name}_licence»"


_FIRST = _claimed()


def _refused(aim: str, words: str, reason: str, first: tuple[str, ...] = _FIRST) -> Attack:
    return Attack("department_head", aim, words, reason, first=first)


ATTACKS = (
    *tried_by(
        "clerk executor secretary commission centre auditor administrator",
        Attack("", "stops a licence", claim("change_licence")),
    ),
    Attack(
        "head2", "stops a licence before anybody has confirmed him", claim("change_licence"), why.UNCONFIRMED
    ),
    _refused("suspends another case's licence", _changed("stopped"), why.OTHER_CASE),
    _refused("names another licence", _changed(licence_id="«other_licence_licence»"), why.OTHER_CASE),
    _refused("suspended it yesterday", _changed(recorded_at="«moment» - interval '1 day'"), why.MOMENT),
    _refused("suspends it in the head's name", _changed(recorded_by="«head_id»"), why.PERSON),
    _refused("suspends it on a ground of his own", _changed(ground="'whim'"), why.STATE),
    _refused("lets a court have said it", _changed(decided_by="'court'"), why.STATE),
    _refused("resumes what is in force", _resumed("licence"), why.STATE),
    _refused("resumes what has ended", _resumed("stopped"), why.STATE, _claimed("stopped")),
    _refused("suspends what is suspended", _changed("suspended"), why.STATE, _claimed("suspended")),
    _refused("writes down that it was re-issued", _changed(status="'reissued'", until_on="NULL"), why.STATE),
    _refused("suspends it without a decision", _changed(decision_number="''"), why.STATE),
    _refused("suspends it by a decision of no day", _changed(decided_on="NULL"), why.STATE),
    _refused("suspends it by a decision nobody sees", _changed(attachment_id="NULL"), why.STATE),
    _refused(
        "shows another paper of the case",
        _changed(attachment_id="(SELECT min(id) FROM attachment WHERE case_id = «licence_case»)"),
        why.FILE,
    ),
    _refused(
        "shows another case's paper",
        _changed(attachment_id="(SELECT max(id) FROM attachment WHERE case_id = «suspended_case»)"),
        why.FILE,
    ),
    _refused("suspends it from tomorrow", _changed(from_on=f"{_TODAY} + 1"), why.DAYS),
    _refused("suspends it before it was issued", _changed(from_on=f"{_TODAY} - 1"), why.DAYS),
    _refused(
        "resumes it before it was suspended",
        _resumed("suspended", from_on=f"{_TODAY} - 1"),
        why.DAYS,
        _claimed("suspended"),
    ),
    _refused("suspends it by tomorrow's decision", _changed(decided_on=f"{_TODAY} + 1"), why.DAYS),
    _refused("suspends it for ever", _changed(until_on=f"{_TODAY} + 200"), why.DAYS),
    _refused("suspends it without an end", _changed(until_on="NULL"), _CHECK),
    _refused("suspends it backwards", _changed(until_on=f"{_TODAY} - 1"), _CHECK),
    _refused(
        "terminates it until Monday",
        _changed(status="'terminated'", ground="'revoked'"),
        _CHECK,
    ),
    _refused(
        "suspends and resumes it at one stroke",
        _resumed("licence"),
        why.STATE,
        (*_FIRST, _changed(), _stands("licence", "suspended")),
    ),
    _refused("stops it without a word why", _stands("licence", "terminated"), why.STATE),
    _refused(
        "stops what he only suspends", _stands("licence", "terminated"), why.STATE, (*_FIRST, _changed())
    ),
    _refused(
        "suspends another beside it",
        _stands("other_licence", "suspended"),
        why.OTHER_CASE,
        (*_FIRST, _changed()),
    ),
    Attack(
        "department_head",
        "enters a suspension that suspends nothing",
        _changed(),
        why.STATE,
        first=(*_FIRST, entry("licence-suspended", "«licence_case»")),
        commits=True,
    ),
    Attack(
        "department_head",
        "tells the journal of a suspension nobody entered",
        entry("licence-suspended", "«licence_case»"),
        why.UNFINISHED,
        first=_FIRST,
        commits=True,
    ),
    _refused(
        "tells the journal that it was signed",
        entry("signed", "«licence_case»"),
        why.EVENT,
        (*_FIRST, _changed()),
    ),
    Attack(
        "head",
        "lets another licence take its place",
        "UPDATE licence SET replaced_by = «stopped_licence» WHERE id = «licence_licence»",
        why.OTHER_COLUMN,
        first=_claimed(by="head"),
    ),
    Attack(
        "head",
        "suspends it while he signs",
        _changed("sign", licence_id="«licence_licence»", recorded_by="«head_id»"),
        why.OTHER_TABLE,
        first=(claim("sign", "«sign_case»"),),
    ),
    *tried_by(
        "head department_head clerk",
        Attack("", "betters the history of a licence", "UPDATE licence_change SET from_on = from_on - 9"),
        Attack("", "takes a decision out of the history", "DELETE FROM licence_change"),
    ),
    Attack("clerk", "suspends a licence while he prints", _changed(), first=(claim("print"),)),
)
