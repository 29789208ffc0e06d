"""Sittings that were not so, hearings that were none, requests resolved without a word: tried by who might record them."""

from tests.authority.hostile import reasons as why
from tests.authority.hostile.clerk import _moves
from tests.authority.hostile.executor import _paper
from tests.authority.hostile.kinds import Attack, claim, entry

_ATTEST = claim("attest", "«sit_case»")
_HEAR = claim("hear", "«other_hear_case»")
_TODAY = "(now() AT TIME ZONE 'Asia/Oral')::date"


def _row(table: str, values: dict[str, str]) -> str:
    return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(values.values())})"


def _votes(*votes: tuple[str, str]) -> str:
    told = ", ".join(f'{{"person_id": {person}, "vote": "{vote}"}}' for person, vote in votes)
    return f"'[{told}]'"


def _sitting(**changes: str) -> str:
    return _row(
        "sitting",
        {
            "case_id": "«sit_case»",
            "held_on": _TODAY,
            "test_score": "80",
            "test_max": "100",
            "interview_kk": "'x'",
            "interview_ru": "'x'",
            "votes": _votes(("«commission_id»", "for")),
            "passed": "true",
            "note_kk": "''",
            "note_ru": "''",
            "recorded_at": "«moment»",
            "recorded_by": "«secretary2_id»",
            **changes,
        },
    )


def _hearing(**changes: str) -> str:
    return _row(
        "hearing",
        {
            "case_id": "«other_hear_case»",
            "held_on": _TODAY,
            "came": "true",
            "minutes": "'x'",
            "recorded_at": "«moment»",
            "recorded_by": "«executor2_id»",
            **changes,
        },
    )


def _sat(aim: str, refused: str, **changes: str) -> Attack:
    return Attack("secretary2", aim, _sitting(**changes), refused, first=(_ATTEST,))


def _heard(aim: str, refused: str, **changes: str) -> Attack:
    return Attack("executor2", aim, _hearing(**changes), refused, first=(_HEAR,))


ATTACKS = (
    Attack("executor", "claims a sitting", claim("attest", "«sit_case»")),
    Attack("head", "claims a hearing", claim("hear", "«other_hear_case»")),
    Attack("executor", "claims an attachment of a person", claim("resolve", "«check_case»")),
    Attack("secretary2", "writes a sitting without a claim", _sitting(recorded_at="now()"), why.NO_CLAIM),
    Attack("executor2", "writes a hearing without a claim", _hearing(recorded_at="now()"), why.NO_CLAIM),
    Attack("executor", "writes a sitting", _sitting(recorded_at="now()")),
    _sat("sits on another case", why.OTHER_CASE, case_id="«sat_case»"),
    _sat("records a sitting as of yesterday", why.MOMENT, recorded_at="now() - interval '1 day'"),
    _sat("records a sitting in another's name", why.PERSON, recorded_by="«secretary_id»"),
    _sat("sits tomorrow", why.SITTING, held_on=f"{_TODAY} + 1"),
    _sat("sat before there was an application", why.SITTING, held_on=f"{_TODAY} - 400"),
    _sat("gives more points than there are", why.SITTING, test_score="101"),
    _sat("lets one vote who is not of the commission", why.SITTING, votes=_votes(("«clerk_id»", "for"))),
    _sat("lets nobody vote", why.SITTING, votes="'[]'", passed="false"),
    _sat(
        "lets one vote twice",
        why.SITTING,
        votes=_votes(("«commission_id»", "for"), ("«commission_id»", "for")),
    ),
    _sat("invents a way to vote", why.SITTING, votes=_votes(("«commission_id»", "maybe")), passed="false"),
    _sat("lets him pass against the votes", why.SITTING, votes=_votes(("«commission_id»", "against"))),
    _sat("lets him fail against the votes", why.SITTING, passed="false"),
    Attack(
        "secretary2",
        "sends the case on and nobody sat",
        entry("attested", "«sit_case»"),
        why.UNFINISHED,
        first=(_ATTEST, _moves("«sit_case»", "'out'")),
        commits=True,
    ),
    Attack(
        "secretary2",
        "sends the case on without a protocol",
        entry("attested", "«sit_case»"),
        why.UNFINISHED,
        first=(_ATTEST, _sitting(), _moves("«sit_case»", "'out'")),
        commits=True,
    ),
    Attack(
        "secretary2",
        "lets him pass and draws no decision of the commission",
        entry("attested", "«sit_case»"),
        why.UNFINISHED,
        first=(
            _ATTEST,
            _sitting(),
            "«outgoing»",
            "«outgoing_used»",
            "«forged_blob»",
            "«forged_chunk»",
            _paper(
                "«sit_case»",
                "protocol",
                "issued",
                number="(SELECT text FROM register_number WHERE case_id = «sit_case» AND given_at = «moment»)",
                unsigned_sha256="'«forged_sha256»'",
                created_by="«secretary2_id»",
            ),
            _moves("«sit_case»", "'out'"),
        ),
        commits=True,
    ),
    Attack(
        "phc2",
        "declines a request and tells nobody",
        entry("resolved", "«resolve_case»"),
        why.UNFINISHED,
        first=(
            claim("resolve", "«resolve_case»"),
            _moves("«resolve_case»", "NULL", step_due_at="NULL", closed_at="«moment»"),
        ),
        commits=True,
    ),
    _heard("hears in another case", why.OTHER_CASE, case_id="«sat_case»"),
    _heard("records a hearing as of yesterday", why.MOMENT, recorded_at="now() - interval '1 day'"),
    _heard("records a hearing in another's name", why.PERSON, recorded_by="«executor_id»"),
    _heard("hears tomorrow", why.HEARING, held_on=f"{_TODAY} + 1"),
    _heard("heard nothing", why.HEARING, minutes="''"),
    Attack(
        "executor2",
        "sends the case on and nobody was heard",
        entry("heard", "«other_hear_case»"),
        why.UNFINISHED,
        first=(_HEAR, _moves("«other_hear_case»", "'after-hearing'")),
        commits=True,
    ),
)
