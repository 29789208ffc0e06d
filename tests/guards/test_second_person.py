"""What one sets about a signer or a root, by hand: noted or refused, and confirmed by another or worth nothing."""

import pytest

from tests.guards.ground import Ground, entry

_IIN = "UPDATE person SET iin = '880808450057', version = version + 1 WHERE id = %(head)s"
_VERSION = "UPDATE office SET version = version + 1, name_kk = name_kk"
_TOLD = entry("person-changed")
_SEAT = "SET LOCAL SESSION AUTHORIZATION {prefix}_{login}"
_CLAIM = (
    "INSERT INTO command (id, kind, case_id, login, workstation, digest, at, result)"
    " VALUES (%(command)s, '{kind}', {case}, '', 'WS', '', %(at)s, 'null')"
)
_COMMAND = {"command": "00000000-0000-4000-8000-00000000000b"}
_CONFIRMS = "UPDATE confirmation SET confirmed_at = %(at)s, confirmed_by = {by} WHERE confirmed_at IS NULL"


def _note(what: str, person: str = "%(head)s", **more: str) -> str:
    values = {
        "person_id": person,
        "what": f"'{what}'",
        "set_at": "%(at)s",
        "set_by": "%(administrator)s",
        **more,
    }
    return f"INSERT INTO confirmation ({', '.join(values)}) VALUES ({', '.join(values.values())})"


def _as(ground: Ground, login: str, kind: str, *steps: str, case: str = "NULL") -> str:
    """What comes of it after the owner noted that the administrator gave the head another ИИН, long ago."""
    left = _note('["iin"]', set_at="%(at)s::timestamptz - interval '1 day'")
    seat = _SEAT.format(prefix=ground.store.prefix, login=login)
    every = ("DELETE FROM confirmation WHERE confirmed_at IS NULL", left, seat)
    claim = _CLAIM.format(kind=kind, case=case)
    return ground.attempt("owner", None, *((words, _COMMAND) for words in (*every, claim, *steps)))


@pytest.mark.parametrize(
    ("note", "code"),
    [
        (_note('["iin"]'), ""),
        (_note('["iin", "name"]'), ""),
        ("SELECT", "LC062"),
        (_note('["name"]'), "LC062"),
        (_note('["iin"]', person="%(clerk)s"), "LC062"),
        (_note('["iin"]', set_by="%(auditor)s"), "LC017"),
        (_note('["iin"]', set_at="%(at)s::timestamptz - interval '1 hour'"), "LC045"),
        (_note('["iin"]', confirmed_at="%(at)s"), "LC065"),
        (_note('["iin"]', confirmed_by="%(auditor)s"), "LC065"),
    ],
)
def test_a_change_is_noted_as_what_it_is(ground: Ground, note: str, code: str) -> None:
    assert ground.attempt("administrator", ("set_people", None), _IIN, note, _VERSION, _TOLD) == code


def test_who_waits_signs_nothing(ground: Ground) -> None:
    case = str(ground.cases["sign"])
    assert _as(ground, "head", "sign", case=case) == "LC064"
    assert _as(ground, "head", "prepare", case=case) == "LC064"
    assert _as(ground, "head", "checkpoint") == "LC064"


def test_another_confirms_and_not_who_set_it(ground: Ground) -> None:
    told = str(entry("person-confirmed"))
    assert _as(ground, "auditor", "confirm", _CONFIRMS.format(by="%(auditor)s"), told) == ""
    assert _as(ground, "administrator", "confirm", _CONFIRMS.format(by="%(administrator)s"), told) == "LC065"
    assert _as(ground, "auditor", "confirm", _CONFIRMS.format(by="%(administrator)s"), told) == "LC017"
    assert _as(ground, "auditor", "confirm", told) == "LC047"


def test_a_demo_root_in_a_real_office(ground: Ground) -> None:
    root = (
        "INSERT INTO trust_root (sha256, pem, subject, is_demo, added_at, added_by)"
        " VALUES (encode(sha256('\\x000000'), 'hex'), 'AAAA', 'CN=x', true, %(at)s, 'administrator')"
    )
    assert ground.attempt("administrator", ("set_trust", None), root) == "LC063"
