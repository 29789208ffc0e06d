"""A result at a centre: who would give it out in another's name, before its time, twice, or to nobody."""

from tests.authority.hostile import reasons as why
from tests.authority.hostile.kinds import NOTHING, Attack, claim


def _claimed(kind: str, name: str) -> tuple[str, ...]:
    learnt = f"UPDATE command SET case_id = «{name}_case» WHERE id = «command»"
    return (claim(kind), learnt)


def _kept(name: str, **changes: str) -> str:
    told = ", ".join(f"{column} = {value}" for column, value in changes.items())
    return f"UPDATE result_custody SET {told} WHERE id = «{name}_custody»"


def _handed(name: str = "fetch", **changes: str) -> str:
    facts = {
        "handed_at": "«moment»",
        "handed_by": "«centre_id»",
        "receiver": "'X'",
        "identity_document": "'1'",
    }
    return _kept(name, **facts | changes)


def _sent(**changes: str) -> str:
    facts = {
        "case_id": "«asked_case»",
        "document_id": "(SELECT document_id FROM result_custody WHERE id = «asked_custody»)",
        "channel": "'state_corporation'",
        "sent_at": "«moment»",
        "sent_by": "«clerk_id»",
        "kept_until": "«moment» + interval '30 days'",
        "receiver": "''",
        "identity_document": "''",
        "power_of_attorney": "''",
        **changes,
    }
    return f"INSERT INTO result_custody ({', '.join(facts)}) VALUES ({', '.join(facts.values())})"


def _answer(**changes: str) -> str:
    facts = {
        "case_id": "«fetch_case»",
        "question": "'information'",
        "answer": "'satisfied'",
        "given_at": "«moment»",
        "recorded_by": "«centre_id»",
        **changes,
    }
    return f"INSERT INTO survey_answer ({', '.join(facts)}) VALUES ({', '.join(facts.values())})"


_OUT, _BACK = _claimed("hand_out", "fetch"), _claimed("take_back", "fetch")
_LATE, _AGAIN = _claimed("take_back", "late"), _claimed("send_again", "asked")

ATTACKS = (
    Attack(
        "centre", "hands out in the clerk's name", _handed(handed_by="«clerk_id»"), why.PERSON, first=_OUT
    ),
    Attack(
        "centre",
        "handed it out yesterday",
        _handed(handed_at="«moment» - interval '1 day'"),
        why.MOMENT,
        first=_OUT,
    ),
    Attack("centre", "hands out to nobody", _handed(receiver="''"), why.RESULT, first=_OUT),
    Attack(
        "centre", "asks for no identity document", _handed(identity_document="''"), why.RESULT, first=_OUT
    ),
    Attack(
        "centre",
        "hands out what went back",
        _handed("stored"),
        why.RESULT,
        first=_claimed("hand_out", "stored"),
    ),
    Attack("centre", "hands out another result", _handed("late"), why.OTHER_CASE, first=_OUT),
    Attack("centre", "hands out twice", _handed(receiver="'Y'"), why.RESULT, first=(*_OUT, _handed())),
    Attack(
        "centre",
        "keeps it longer",
        _kept("fetch", kept_until="«moment» + interval '1 year'"),
        first=_OUT,
    ),
    Attack(
        "centre",
        "sends it back before its month is over",
        _kept("fetch", returned_at="«moment»", returned_by="«centre_id»"),
        why.RESULT,
        first=_BACK,
    ),
    Attack(
        "centre",
        "sends it back in the clerk's name",
        _kept("late", returned_at="«moment»", returned_by="«clerk_id»"),
        why.PERSON,
        first=_LATE,
    ),
    Attack(
        "centre",
        "sends it back next week",
        _kept("late", returned_at="«moment» + interval '7 days'", returned_by="«centre_id»"),
        why.MOMENT,
        first=_LATE,
    ),
    Attack(
        "centre",
        "asks for what nobody has sent back",
        _kept(
            "fetch",
            requested_at="«moment»",
            requested_by="«centre_id»",
            send_again_by="«moment» + interval '1 day'",
        ),
        why.RESULT,
        first=_claimed("request_again", "fetch"),
    ),
    Attack(
        "centre",
        "gives the office a hundred years",
        _kept(
            "stored",
            requested_at="«moment»",
            requested_by="«centre_id»",
            send_again_by="«moment» + interval '100 years'",
        ),
        why.TERM,
        first=_claimed("request_again", "stored"),
    ),
    Attack(
        "centre",
        "asks in the clerk's name",
        _kept(
            "stored",
            requested_at="«moment»",
            requested_by="«clerk_id»",
            send_again_by="«moment» + interval '1 day'",
        ),
        why.PERSON,
        first=_claimed("request_again", "stored"),
    ),
    Attack(
        "centre",
        "asked yesterday",
        _kept(
            "stored",
            requested_at="«moment» - interval '1 day'",
            requested_by="«centre_id»",
            send_again_by="«moment» + interval '1 day'",
        ),
        why.MOMENT,
        first=_claimed("request_again", "stored"),
    ),
    Attack("centre", "sends a result to himself", claim("send_again")),
    Attack("centre", "puts a result into his own hands", _sent(), why.OTHER_TABLE, first=_OUT),
    Attack(
        "clerk",
        "sends again what nobody asked for",
        _sent(
            case_id="«late_case»",
            document_id="(SELECT document_id FROM result_custody WHERE id = «late_custody»)",
        ),
        why.RESULT,
        first=_claimed("send_again", "late"),
    ),
    Attack(
        "clerk", "sends another case's result", _sent(case_id="«late_case»"), why.OTHER_CASE, first=_AGAIN
    ),
    Attack(
        "clerk", "sends it in the name of another", _sent(sent_by="«clerk2_id»"), why.PERSON, first=_AGAIN
    ),
    Attack(
        "clerk", "sent it yesterday", _sent(sent_at="«moment» - interval '1 day'"), why.MOMENT, first=_AGAIN
    ),
    Attack(
        "clerk",
        "lets it be kept for ever",
        _sent(kept_until="«moment» + interval '50 years'"),
        why.TERM,
        first=_AGAIN,
    ),
    Attack(
        "clerk",
        "lets a result of the counter lie at a centre",
        _sent(case_id="«deliver_case»", document_id="«deliver_document»", channel="'office'"),
        why.RESULT,
        first=(claim("deliver", "«deliver_case»"),),
    ),
    Attack("clerk", "sends it to the portal", _sent(channel="'portal'"), why.RESULT, first=_AGAIN),
    Attack("clerk", "sends a result that is handed out", _sent(receiver="'X'"), why.RESULT, first=_AGAIN),
    Attack(
        "centre",
        "answers for the applicant in the clerk's name",
        _answer(recorded_by="«clerk_id»"),
        why.PERSON,
        first=_OUT,
    ),
    Attack(
        "centre",
        "answered last year",
        _answer(given_at="«moment» - interval '1 year'"),
        why.MOMENT,
        first=_OUT,
    ),
    Attack("centre", "is praised in words of his own", _answer(answer="'delighted'"), why.SURVEY, first=_OUT),
    Attack(
        "centre", "is praised in another case", _answer(case_id="«late_case»"), why.OTHER_CASE, first=_OUT
    ),
    Attack(
        "centre",
        "betters an answer",
        "UPDATE survey_answer SET answer = 'satisfied' WHERE case_id = «fetch_case»",
        first=_OUT,
    ),
    Attack(
        "centre",
        "reads a case that was never sent to him",
        "SELECT 1 FROM case_file WHERE id = «licence_case»",
        NOTHING,
    ),
)
