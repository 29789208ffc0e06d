"""What may be the same application again, service by service, and the licence that is held already."""

import tomllib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from desktop.cases import office
from desktop.cases.application import IncomingFile
from desktop.cases.licence_states import Decision, change_licence
from desktop.models import Licence
from desktop.queries import duplicates
from desktop.queries.duplicates import Duplicate
from desktop.regulation.model import Act
from desktop.store.database import Store
from tests import story
from tests.cases.office_commands import shipped_pack
from tests.office import People
from tests.regulation.many_packs import many_pack
from tests.regulation.randomised import write_toml
from tests.story import Teller

SITE = "Орал қ., Абай даңғылы, 5"


def found(store: Store, people: People, **changes: Any) -> tuple[Duplicate, ...]:
    return duplicates.possible(store, people.clerk, application=story.application(store, **changes))


def ids(rows: tuple[Duplicate, ...]) -> list[int]:
    return [row.case_id for row in rows]


def test_a_new_licence_of_the_same_place_and_kind(any_store: Store, people: People, case_at: Teller) -> None:
    first = case_at(Act.CHECK, site=SITE)
    case_at("withdrawn", site=SITE)
    licence = case_at("licence", site="ОРАЛ к. Абай дангылы 5")
    case_at(Act.CHECK, site="Ақсай қ.")
    case_at(Act.CHECK, site=SITE, sub_types=("laboratory",))

    told = found(any_store, people, site="орал қ абай даңғылы 5", sub_types=("phc-pre-doctor", "blood"))
    assert [(row.case_id, row.open, row.licence_status) for row in told] == [
        (licence, False, "issued"),
        (first, True, ""),
    ]
    assert told[0].licence_number
    assert all([item.ru for item in row.same_sub_types] == ["Первичная медико-санитарная помощь: доврачебная"]
               for row in told)  # fmt: skip
    assert ids(found(any_store, people, site=SITE, sub_types=("blood",))) == []
    assert ids(found(any_store, people, site=SITE, identifier="1" * 12)) == []
    assert ids(found(any_store, people, site=SITE, identifier="2104 4003-8887")) == [licence, first]


def loaded(store: Store, people: People, text: str) -> dict[str, Any]:
    """Load a law; return what every form under it says."""
    sha256 = office.load_regulation(store, people.administrator, text=text, name="other.toml")
    return {"regulation_sha256": sha256, "sub_types": ()}


def held(store: Store, people: People, **changes: Any) -> Licence:
    (row,) = found(store, people, site=SITE, **changes)
    with store.reading() as session:
        return session.scalars(select(Licence).where(Licence.case_id == row.case_id)).one()


def test_a_licence_suspended_is_held_and_one_terminated_is_not(
    any_store: Store, people: People, case_at: Teller, tmp_path: Path
) -> None:
    case_at("licence", site=SITE)
    licence = held(any_store, people)
    scan = tmp_path / "order.pdf"
    scan.write_bytes(b"%PDF-1.4\n%the order\n%%EOF\n")
    case_at.clock.forward(days=10)
    today = case_at.clock.moment.date()
    decided = Decision(
        ground="requirements-broken",
        decided_by="licensor",
        decision_number="112",
        decided_on=today,
        from_on=today,
        until_on=today + timedelta(days=60),
    )
    facts = {"licence_id": licence.id, "files": [IncomingFile(scan)]}
    seen = change_licence(any_store, people.department_head, decision=decided, seen_change=0, **facts)
    assert [row.licence_status for row in found(any_store, people, site=SITE)] == ["suspended"]
    ended = replace(decided, ground="licensee-asked", decided_by="licensee", until_on=None)
    change_licence(any_store, people.department_head, decision=ended, seen_change=seen, **facts)
    assert found(any_store, people, site=SITE) == ()


def test_a_service_without_sub_types_goes_by_person_and_place(
    any_store: Store, people: People, case_at: Teller
) -> None:
    pack = tomllib.loads(shipped_pack())
    pack["id"] = "zz-plain"
    del pack["service"][0]["sub_type"]
    about = loaded(any_store, people, write_toml(pack))
    first = case_at(Act.CHECK, site=SITE, **about)
    case_at(Act.CHECK, site="Ақсай қ.", **about)
    case_at("refusal", site=SITE, **about)
    licence = case_at("licence", site=SITE, **about)
    assert ids(found(any_store, people, site=SITE, **about)) == [licence, first]


@pytest.mark.parametrize(
    ("act", "service", "operation"),
    [(Act.ATTEST, "attestation", "attest"), (Act.RESOLVE, "attachment", "attach")],
)
def test_what_is_a_persons_own_is_one_wherever_it_is_asked_for(
    any_store: Store, people: People, case_at: Teller, act: Act, service: str, operation: str
) -> None:
    about = loaded(any_store, people, many_pack(shipped_pack()))
    about |= {"service": service, "operation": operation, "is_legal_entity": False}
    about |= {"identifier_confirmed": True}
    first = case_at(act, identifier="880712300121", site=SITE, **about)
    case_at(act, identifier="900101300017", site=SITE, **about)
    asked = found(any_store, people, identifier="880712300121", site="Ақсай қ.", **about)
    assert ids(asked) == [first]


def test_a_copy_is_of_the_licence_it_names(any_store: Store, people: People, case_at: Teller) -> None:
    case_at("licence", site=SITE)
    number = held(any_store, people).number
    about = loaded(any_store, people, many_pack(shipped_pack())) | {"operation": "duplicate"}
    names = about | {"details": (("of", number), ("why", "name"))}
    assert found(any_store, people, site=SITE, **names) == (), "the licence itself is what is copied"
    copy = case_at(Act.ASSIGN, site=SITE, **names)
    (row,) = found(any_store, people, site="Ақсай қ.", **names)
    assert (row.case_id, row.open, row.licence_number) == (copy, True, number)
    assert found(any_store, people, site=SITE, **about, details=(("of", "25016124"),)) == ()
    assert ids(found(any_store, people, site=SITE, **about, details=())) == [copy]
    assert ids(found(any_store, people, site="Ақсай қ.", **about, details=())) == []
    assert found(any_store, people, site=SITE, **names | {"operation": "reissue"}) == ()


def test_a_reissued_licence_is_held_with_the_kinds_its_row_tells(
    any_store: Store, people: People, case_at: Teller
) -> None:
    case_at("licence", site=SITE)
    number = held(any_store, people).number
    about = loaded(any_store, people, many_pack(shipped_pack())) | {"operation": "reissue"}
    again = case_at("licence", site=SITE, **about, details=(("of", number), ("why", "name")))
    assert ids(found(any_store, people, site=SITE)) == [again]
    assert ids(found(any_store, people, site=SITE, sub_types=("blood",))) == []
