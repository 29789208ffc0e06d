"""The administrator alone (T5): makes a head, another's key or a root of his own count, and is his own second person."""

from tests.authority.hostile import reasons as why
from tests.authority.hostile.kinds import Attack, claim, entry

_PEOPLE = claim("set_people")
_ACTING = claim("set_acting_head")
_TRUST = claim("set_trust")
_CONFIRM = claim("confirm")
_PEM = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"
_ROOT = (
    "INSERT INTO trust_root (sha256, pem, subject, is_demo, added_at, added_by) VALUES"
    f" (encode(sha256(decode('AAAA', 'base64')), 'hex'), '{_PEM}', 'x', {{demo}}, «moment», 'administrator')"
)


def _note(**changes: str) -> str:
    values = {
        "person_id": "«clerk2_id»",
        "what": """'["iin"]'""",
        "set_at": "«moment»",
        "set_by": "«administrator_id»",
        **changes,
    }
    return f"INSERT INTO confirmation ({', '.join(values)}) VALUES ({', '.join(values.values())})"


def _confirms(change: str, by: str, **changes: str) -> str:
    values = {"confirmed_at": "«moment»", "confirmed_by": f"«{by}_id»", **changes}
    told = ", ".join(f"{name} = {value}" for name, value in values.items())
    return f"UPDATE confirmation SET {told} WHERE id = «{change}»"


def _person(change: str, login: str = "head") -> str:
    return f"UPDATE person SET {change}, version = version + 1 WHERE login = '{login}'"


def _unnoted(aim: str, event: str, *first: str, claimed: str = _PEOPLE) -> Attack:
    return Attack("administrator", aim, entry(event), why.UNNOTED, first=(claimed, *first), commits=True)


SIGNING = tuple(
    Attack("head2", f"{aim}, whom only one administrator has made a head", words, why.UNCONFIRMED)
    for aim, words in (
        ("signs", claim("sign", "«sign_case»")),
        ("prepares a signature", claim("prepare", "«sign_case»")),
        ("signs the journal", claim("checkpoint")),
    )
)

CONFIRMING = (
    Attack("puppet", "confirms as the second person of who hired him", _CONFIRM, why.UNCONFIRMED),
    Attack(
        "administrator",
        "confirms the head he has made",
        _confirms("administrators_change", "administrator"),
        why.OWN_CHANGE,
        first=(_CONFIRM,),
    ),
    Attack(
        "administrator",
        "confirms the root he has added",
        _confirms("root_change", "administrator"),
        why.OWN_CHANGE,
        first=(_CONFIRM,),
    ),
    Attack(
        "administrator",
        "confirms his own change in the name of the auditor",
        _confirms("administrators_change", "auditor"),
        why.OWN_CHANGE,
        first=(_CONFIRM,),
    ),
    Attack(
        "admin2",
        "confirms a colleague's change in the name of the auditor",
        _confirms("administrators_change", "auditor"),
        why.PERSON,
        first=(_CONFIRM,),
    ),
    Attack(
        "auditor",
        "confirms as of last week",
        _confirms("administrators_change", "auditor", confirmed_at="now() - interval '7 days'"),
        why.MOMENT,
        first=(_CONFIRM,),
    ),
    Attack(
        "auditor",
        "takes a confirmation back",
        _confirms("deputy_change", "auditor", confirmed_at="NULL", confirmed_by="NULL"),
        why.FIXED,
        first=(_CONFIRM,),
    ),
    Attack(
        "auditor",
        "confirms what another has confirmed",
        _confirms("deputy_change", "auditor"),
        why.FIXED,
        first=(_CONFIRM,),
    ),
    Attack(
        "auditor",
        "confirms without a claim",
        _confirms("administrators_change", "auditor", confirmed_at="now()"),
        why.NO_CLAIM,
    ),
    Attack(
        "administrator",
        "confirms in the course of setting people",
        _confirms("admin2s_change", "administrator"),
        why.OTHER_TABLE,
        first=(_PEOPLE,),
    ),
    Attack(
        "auditor",
        "journals a confirmation that was none",
        entry("person-confirmed"),
        why.UNFINISHED,
        first=(_CONFIRM,),
        commits=True,
    ),
    Attack(
        "auditor",
        "confirms and does not say so",
        _confirms("administrators_change", "auditor"),
        why.UNTOLD,
        first=(_CONFIRM,),
        commits=True,
    ),
    Attack(
        "auditor", "gives a change another author", "UPDATE confirmation SET set_by = 1", first=(_CONFIRM,)
    ),
    Attack("auditor", "notes a change himself", _note(), first=(_CONFIRM,)),
    Attack("head2", "confirms himself", _confirms("administrators_change", "head2")),
    Attack(
        "administrator",
        "takes a note away",
        "SELECT forget_row('confirmation', '{\"id\": «administrators_change»}')",
        first=(_PEOPLE,),
    ),
)

NOTING = (
    Attack(
        "administrator",
        "notes what he set as if a colleague had",
        _note(set_by="«admin2_id»"),
        why.PERSON,
        first=(_PEOPLE,),
    ),
    Attack(
        "administrator",
        "notes it as of last week",
        _note(set_at="now() - interval '7 days'"),
        why.MOMENT,
        first=(_PEOPLE,),
    ),
    Attack(
        "administrator",
        "notes it as confirmed by the auditor",
        _note(confirmed_by="«auditor_id»"),
        why.OWN_CHANGE,
        first=(_PEOPLE,),
    ),
    Attack(
        "administrator",
        "notes it as confirmed, as at a founding",
        _note(confirmed_at="«moment»"),
        why.OWN_CHANGE,
        first=(_PEOPLE,),
    ),
    Attack(
        "administrator",
        "takes the others' roles away, to found the office again",
        _note(confirmed_at="«moment»"),
        why.OWN_CHANGE,
        first=(
            _PEOPLE,
            'SELECT forget_row(\'person_role\', \'{"person_id": «auditor_id», "role": "auditor"}\')',
            'SELECT forget_row(\'person_role\', \'{"person_id": «admin2_id», "role": "administrator"}\')',
        ),
    ),
    _unnoted(
        "gives the head another ИИН and notes nothing", "person-changed", _person("iin = '880808450057'")
    ),
    _unnoted(
        "gives the head another ИИН and notes a change of the name",
        "person-changed",
        _person("iin = '880808450057'"),
        _note(person_id="«head_id»", what="""'["name"]'"""),
    ),
    _unnoted("gives the head another name and notes nothing", "person-changed", _person("name_ru = 'X'")),
    _unnoted(
        "gives the head another login and notes nothing",
        "person-changed",
        _person("login = 'head9'", "head2"),
    ),
    _unnoted("lets one in again and notes nothing", "person-unblocked", _person("active = true", "blocked")),
    _unnoted(
        "resets the head's password and notes nothing",
        "password-set",
        _person("password_hash = '«verifier»'"),
    ),
    _unnoted(
        "resets the head's password and notes it of another",
        "password-set",
        _person("password_hash = '«verifier»'"),
        _note(what="""'["password"]'"""),
    ),
    _unnoted(
        "makes the clerk a head and notes nothing",
        "person-changed",
        "INSERT INTO person_role (person_id, role) VALUES («clerk2_id», 'head')",
    ),
    _unnoted(
        "makes the clerk a head and notes another role",
        "person-changed",
        "INSERT INTO person_role (person_id, role) VALUES («clerk2_id», 'head')",
        _note(what="""'["role:executor"]'"""),
    ),
    _unnoted(
        "names a deputy and notes nothing",
        "acting-appointed",
        "INSERT INTO acting_head (person_id, order_number, order_date, first_day, last_day)"
        " VALUES («clerk2_id», '1', now(), '2999-01-01', '2999-01-02')",
        claimed=_ACTING,
    ),
    _unnoted("adds a root and notes nothing", "trust-root-added", _ROOT.format(demo="false"), claimed=_TRUST),
    _unnoted(
        "adds a root and notes another",
        "trust-root-added",
        _ROOT.format(demo="false"),
        _note(person_id="NULL", root_sha256="repeat('a', 64)", what="""'["added"]'"""),
        claimed=_TRUST,
    ),
    _unnoted(
        "hires and notes nothing",
        "person-added",
        "INSERT INTO person (version, login, name_kk, name_ru, position_kk, position_ru, iin, password_hash, active,"
        " failed_attempts) VALUES (1, 'mallory', '', '', '', '', '', '', true, 0)",
    ),
    Attack(
        "administrator",
        "brings a demo authority into a real office",
        _ROOT.format(demo="true"),
        why.DEMO_ROOT,
        first=(_TRUST,),
    ),
)

ATTACKS = (*SIGNING, *CONFIRMING, *NOTING)
