"""A licence is suspended, resumed and terminated by decisions the office enters: the story, and what is refused."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError

from desktop.cases import office
from desktop.cases.application import IncomingFile
from desktop.cases.licence_states import Decision, change_licence
from desktop.errors import BadInput, NotAllowed
from desktop.models import Attachment, Confirmation, JournalEntry, Licence, LicenceChange
from desktop.regulation.licence_states import licence_law
from desktop.store import proving
from desktop.store.database import Store
from desktop.store.intent import Intent
from tests import story
from tests.cases.odd_ways import Hand
from tests.cases.racing import two_at_once
from tests.cases.world import changed, world
from tests.clock import OFFICE_ZONE
from tests.story import Teller


@pytest.fixture
def scan(tmp_path: Path) -> IncomingFile:
    path = tmp_path / "order.pdf"
    path.write_bytes(b"%PDF-1.4\n%the order\n%%EOF\n")
    return IncomingFile(path)


@pytest.fixture
def tell(any_store: Store, people, clock) -> Teller:
    return story.teller(any_store, people, clock)


@pytest.fixture
def licence_id(tell: Teller) -> Iterator[int]:
    case_id = tell("licence")
    with tell.store.reading() as session:
        found = session.scalars(select(Licence.id).where(Licence.case_id == case_id)).one()
    tell.clock.forward(days=30)
    return found


def today(tell: Teller) -> date:
    return tell.clock.moment.astimezone(OFFICE_ZONE).date()


def suspension(tell: Teller, **changes) -> Decision:
    told = Decision(
        ground="requirements-broken",
        decided_by="licensor",
        decision_number="112-ө",
        decided_on=today(tell),
        from_on=today(tell),
        until_on=today(tell) + timedelta(days=60),
        note="Тексеру актісі № 4",
    )
    return replace(told, **changes)


def resumption(tell: Teller, **changes) -> Decision:
    told = suspension(tell, ground="violations-removed", until_on=None, note="", decision_number="140-ө")
    return replace(told, **changes)


def termination(tell: Teller, **changes) -> Decision:
    told = resumption(tell, ground="licensee-asked", decided_by="licensee", decision_number="15")
    return replace(told, **changes)


def seen(tell: Teller, licence_id: int) -> int:
    with tell.store.reading() as session:
        of_licence = select(LicenceChange.id).where(LicenceChange.licence_id == licence_id)
        return session.scalars(of_licence.order_by(LicenceChange.id.desc())).first() or 0


def enter(tell: Teller, licence_id: int, decision: Decision, scan: IncomingFile | None, **options) -> int:
    actor = options.pop("by", tell.people.department_head)
    files = [scan] if scan else []
    told = {"seen_change": seen(tell, licence_id), **options}
    return change_licence(tell.store, actor, licence_id=licence_id, decision=decision, files=files, **told)


def licence(tell: Teller, licence_id: int) -> Licence:
    with tell.store.reading() as session:
        return session.get_one(Licence, licence_id)


def test_the_story_of_a_licence(tell, licence_id, scan) -> None:
    first = enter(tell, licence_id, suspension(tell), scan)
    assert licence(tell, licence_id).status == "suspended"
    tell.clock.forward(days=20)
    enter(tell, licence_id, resumption(tell), scan, by=tell.people.head)
    assert licence(tell, licence_id).status == "resumed"
    tell.clock.forward(days=200)
    enter(tell, licence_id, termination(tell), scan)
    assert licence(tell, licence_id).status == "terminated"

    with tell.store.reading() as session:
        rows = session.scalars(select(LicenceChange).order_by(LicenceChange.id)).all()
        assert rows[0].id == first
        assert [row.status for row in rows] == ["suspended", "resumed", "terminated"]
        begun, ended, last = rows
        assert (begun.ground, begun.decided_by) == ("requirements-broken", "licensor")
        assert (begun.decision_number, begun.note) == ("112-ө", "Тексеру актісі № 4")
        assert begun.until_on == begun.from_on + timedelta(days=60)
        assert ended.until_on is None
        assert last.ground == "licensee-asked"
        by = [tell.people.department_head, tell.people.head, tell.people.department_head]
        assert [row.recorded_by for row in rows] == [one.person_id for one in by]
        kept = session.get_one(Attachment, begun.attachment_id)
        assert (kept.file_name, kept.case_id) == ("order.pdf", begun.case_id)
        entries = session.scalars(
            select(JournalEntry).where(JournalEntry.event.startswith("licence-")).order_by(JournalEntry.id)
        ).all()
        assert [one.event for one in entries] == [
            "licence-suspended",
            "licence-resumed",
            "licence-terminated",
        ]
        told = entries[0].facts
        assert told["number"] == "18000001"
        assert told["ground_ru"] == "Нарушение квалификационных требований"
        assert told["until_on"] == begun.until_on.isoformat()
        assert told["files"][0]["sha256"] == kept.sha256
        assert "until_on" not in entries[1].facts
    assert [
        one for one in proving.prove(tell.store, deep=True).findings if one.level != "L7"
    ] == []  # the clock is told


def test_what_was_stopped_by_mistake_comes_back_from_its_own_day(tell, licence_id, scan) -> None:
    enter(tell, licence_id, termination(tell), scan)
    day = today(tell)
    tell.clock.forward(days=2)
    with pytest.raises(NotAllowed, match="licence-way-closed"):
        enter(tell, licence_id, resumption(tell), scan)
    enter(tell, licence_id, resumption(tell, ground="recorded-by-mistake", from_on=day), scan)
    assert licence(tell, licence_id).status == "resumed"


def test_what_ends_by_itself_needs_no_decision(tell, licence_id) -> None:
    nothing = {"decision_number": "", "decided_on": None}
    enter(tell, licence_id, termination(tell, ground="term-expired", decided_by="law", **nothing), None)
    assert licence(tell, licence_id).status == "terminated"


def test_two_decisions_of_one_day_and_one_moment_follow_each_other(tell, licence_id, scan) -> None:
    enter(tell, licence_id, suspension(tell), scan)
    enter(tell, licence_id, resumption(tell), scan)
    assert licence(tell, licence_id).status == "resumed"


@pytest.mark.parametrize("who", ["clerk", "executor", "auditor", "administrator", "secretary", "centre"])
def test_only_the_head_and_the_department_head(tell, licence_id, scan, who) -> None:
    actor = getattr(tell.people, who)
    before = world(tell.store)
    with pytest.raises(NotAllowed) as caught:
        enter(tell, licence_id, suspension(tell), scan, by=actor)
    assert caught.value.code in {"role-may-not", "licence-not-found"}
    assert changed(before, world(tell.store)) == set()


WRONG = [
    ({"ground": ""}, "ground", "field-required"),
    ({"ground": "whim"}, "ground", "choice-unknown"),
    ({"decided_by": ""}, "decided_by", "field-required"),
    ({"decided_by": "court"}, "decided_by", "choice-unknown"),
    ({"decision_number": "  "}, "decision_number", "field-required"),
    ({"decision_number": "1" * 81}, "decision_number", "too-long"),
    ({"decided_on": None}, "decided_on", "field-required"),
    ({"decided_on": timedelta(days=1)}, "decided_on", "date-in-future"),
    ({"decided_on": date(1900, 1, 1)}, "decided_on", "date-impossible"),
    ({"from_on": None}, "from_on", "field-required"),
    ({"from_on": timedelta(days=1)}, "from_on", "date-in-future"),
    ({"from_on": timedelta(days=-31)}, "from_on", "before-licence-issued"),
    ({"from_on": date(1990, 1, 1)}, "from_on", "date-impossible"),
    ({"until_on": None}, "until_on", "field-required"),
    ({"until_on": timedelta(days=-1)}, "until_on", "until-before-from"),
    ({"until_on": timedelta(days=400)}, "until_on", "suspended-too-long"),
    ({"note": "о" * 4001}, "note", "too-long"),
]


@pytest.mark.parametrize(("wrong", "field", "code"), WRONG, ids=[f"{item[1]}-{item[2]}" for item in WRONG])
def test_a_wrong_field_is_told_at_the_field_and_nothing_is_kept(
    store, people, clock, scan, wrong, field, code
) -> None:
    tell = story.teller(store, people, clock)
    case_id = tell("licence")
    licence_id = _of_case(tell, case_id)
    clock.forward(days=30)
    told = {
        name: today(tell) + value if isinstance(value, timedelta) else value for name, value in wrong.items()
    }
    before = world(store)
    with pytest.raises(BadInput) as caught:
        enter(tell, licence_id, suspension(tell, **told), scan)
    assert (caught.value.field, caught.value.code) == (field, code)
    assert changed(before, world(store)) == set()


def _of_case(tell: Teller, case_id: int) -> int:
    with tell.store.reading() as session:
        return session.scalars(select(Licence.id).where(Licence.case_id == case_id)).one()


def test_the_scan_is_one_file_and_there(store, people, clock, scan, tmp_path) -> None:
    tell = story.teller(store, people, clock)
    licence_id = _of_case(tell, tell("licence"))
    clock.forward(days=1)
    facts = {"licence_id": licence_id, "seen_change": 0, "decision": suspension(tell)}
    for files, code in (
        ([], "field-required"),
        ([scan, scan], "one-file-only"),
        ([IncomingFile(tmp_path / "gone.pdf")], "file-missing"),
    ):
        with pytest.raises(BadInput, match=code) as caught:
            change_licence(store, people.head, files=files, **facts)
        assert caught.value.field == "files"
    assert licence(tell, licence_id).status == "issued"


def test_a_resumption_has_no_last_day_and_no_earlier_first_one(store, people, clock, scan) -> None:
    tell = story.teller(store, people, clock)
    licence_id = _of_case(tell, tell("licence"))
    clock.forward(days=30)
    enter(tell, licence_id, suspension(tell), scan)
    for wrong, code in (
        ({"until_on": today(tell)}, "until-not-asked"),
        ({"from_on": today(tell) - timedelta(days=1)}, "before-last-change"),
    ):
        with pytest.raises(BadInput, match=code):
            enter(tell, licence_id, resumption(tell, **wrong), scan)
    with pytest.raises(NotAllowed, match="licence-way-closed"):
        enter(tell, licence_id, suspension(tell), scan)


def test_no_licence_and_one_that_moved_on(tell, licence_id, scan) -> None:
    with pytest.raises(NotAllowed, match="licence-not-found"):
        enter(tell, licence_id + 999, suspension(tell), scan, seen_change=0)
    enter(tell, licence_id, suspension(tell), scan)
    before = world(tell.store)
    with pytest.raises(NotAllowed) as caught:
        enter(tell, licence_id, resumption(tell), scan, seen_change=0)
    assert caught.value.code == "licence-moved-on"
    assert caught.value.facts["who"] == tell.people.department_head.name_kk
    assert caught.value.facts["when"].utcoffset() == timedelta(hours=5)
    assert changed(before, world(tell.store)) == set()


def test_sent_again_it_is_entered_once(tell, licence_id, scan) -> None:
    again = tell.store.intending(Intent.new())
    facts = {"licence_id": licence_id, "seen_change": 0, "decision": suspension(tell), "files": [scan]}
    one = change_licence(again, tell.people.head, **facts)
    assert change_licence(again, tell.people.head, **facts) == one
    with tell.store.reading() as session:
        assert session.scalars(select(LicenceChange.id)).all() == [one]


def test_of_two_at_once_one_is_told(store, sqlite_url, people, clock, scan) -> None:
    tell = story.teller(store, people, clock)
    licence_id = _of_case(tell, tell("licence"))
    clock.forward(days=1)
    facts = {"licence_id": licence_id, "seen_change": 0, "decision": suspension(tell), "files": [scan]}
    told = two_at_once(
        store, sqlite_url, clock, lambda through: change_licence(through, people.head, **facts)
    )
    assert told == ["done", "licence-moved-on"]


def test_who_waits_for_his_second_person_enters_nothing(tell, licence_id, scan) -> None:
    with tell.store.writing() as session:
        session.add(
            Confirmation(
                person_id=tell.people.head.person_id, what=["iin"], set_at=tell.clock.moment, set_by=None
            )
        )
    with pytest.raises(NotAllowed, match="identity-unconfirmed"):
        enter(tell, licence_id, suspension(tell), scan, by=tell.people.head)


def test_an_acting_head_enters_it_in_the_heads_stead(tell, licence_id, scan) -> None:
    day = today(tell)
    office.appoint_acting_head(
        tell.store,
        tell.people.administrator,
        person_id=tell.people.executor2.person_id,
        order_number="9-к",
        order_date=day,
        first_day=day,
        last_day=day,
    )
    with tell.store.writing() as session:  # as the second person has it
        for row in session.scalars(select(Confirmation).where(Confirmation.confirmed_at.is_(None))):
            row.confirmed_at = tell.clock.moment
    enter(tell, licence_id, suspension(tell), scan, by=tell.people.executor2)
    with tell.store.reading() as session:
        entry = session.scalars(select(JournalEntry).where(JournalEntry.event == "licence-suspended")).one()
    assert tell.people.head.name_kk in entry.on_behalf
    assert "9-к" in entry.on_behalf


def test_rows_of_the_history_stay_in_a_file_too(store, people, clock, scan) -> None:
    tell = story.teller(store, people, clock)
    licence_id = _of_case(tell, tell("licence"))
    clock.forward(days=1)
    row_id = enter(tell, licence_id, suspension(tell), scan)
    for words in ("UPDATE licence_change SET note = ''", "DELETE FROM licence_change"):
        with pytest.raises(IntegrityError, match="never changed"), store.writing() as session:
            session.connection().exec_driver_sql(words)
    wrong = (
        "INSERT INTO licence_change (licence_id, case_id, status, ground, decided_by, decision_number, from_on,"
        f" note, recorded_at, recorded_by) SELECT licence_id, case_id, 'reissued', '', '', '', from_on, '',"
        f" recorded_at, recorded_by FROM licence_change WHERE id = {row_id}"
    )
    with pytest.raises(DBAPIError, match="ck_licence_change"), store.writing() as session:
        session.connection().exec_driver_sql(wrong)


def test_a_state_nobody_entered_is_found_by_the_proof(store, people, clock) -> None:
    tell = story.teller(store, people, clock)
    licence_id = _of_case(tell, tell("licence"))
    with store.writing() as session:
        session.get_one(Licence, licence_id).status = "terminated"
    found = [one for one in proving.prove(store, deep=True).findings if one.level == "L5"]
    assert [one.code for one in found] == ["journal-licence-state"]
    assert found[0].facts == {"number": "18000001", "status": "terminated", "entered": "issued"}


def test_every_ground_can_be_used(tell, licence_id, scan) -> None:
    """On both engines: what the program offers the database takes."""
    roads = {"issued": (), "suspended": (suspension,), "resumed": (suspension, resumption)}
    roads["terminated"] = (termination,)
    for ground in licence_law().grounds:
        for decider in ground.deciders:
            case_id = tell("licence")
            one = _of_case(tell, case_id)
            for step in roads[ground.after[0]]:
                enter(tell, one, step(tell), scan)
            until = today(tell) if ground.brings == "suspended" else None
            told = resumption(tell, ground=ground.id, decided_by=decider, until_on=until)
            enter(tell, one, told, scan)
            assert licence(tell, one).status == ground.brings


def test_a_licence_at_the_end_of_its_story_is_not_reissued_silently(tell, licence_id, scan) -> None:
    from tests.cases.test_named_licences import _begun, _load

    _load(tell.store, tell.people)
    number = licence(tell, licence_id).number
    begun = _begun(tell, "reissue", number)
    tell.go_on(begun, "sign")
    enter(tell, licence_id, suspension(tell), scan)
    for operation in ("reissue", "duplicate"):
        with pytest.raises(BadInput, match="licence-suspended") as caught:
            _begun(tell, operation, number)
        assert caught.value.field == "details.of"
    with pytest.raises(NotAllowed, match="licence-suspended"):
        Hand(tell, None).use(begun, "record")
    enter(tell, licence_id, resumption(tell), scan)
    tell.clock.forward(seconds=1)
    Hand(tell, None).use(begun, "record")
    assert licence(tell, licence_id).status == "reissued"
    with pytest.raises(NotAllowed, match="licence-way-closed"):
        enter(tell, licence_id, suspension(tell), scan)


def test_a_stopped_one_neither(tell, licence_id, scan) -> None:
    from tests.cases.test_named_licences import _begun, _load

    _load(tell.store, tell.people)
    enter(tell, licence_id, termination(tell), scan)
    with pytest.raises(BadInput, match="licence-terminated"):
        _begun(tell, "reissue", licence(tell, licence_id).number)
