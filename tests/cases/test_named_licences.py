"""Re-issue and duplicate: what the application must say, and what becomes of the register of licences."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from desktop.cases import correcting, office, registering
from desktop.errors import BadInput, NotAllowed
from desktop.models import Case, CaseDocument, JournalEntry, Licence, RegisterNumber
from desktop.regulation.model import DocumentKind
from desktop.regulation.papers import LicenceFacts, from_json
from desktop.store.database import Store
from tests import story
from tests.cases.office_commands import shipped_pack
from tests.regulation.many_packs import many_pack
from tests.story import Teller

WHY = ("why", "name")


@pytest.fixture
def issued(any_store: Store, case_at, people) -> str:
    """The number of a licence of the register, and a law with every operation in force."""
    case_at("licence")
    _load(any_store, people)
    return "18000001"


def _load(store: Store, people) -> str:
    return office.load_regulation(
        store, people.administrator, text=many_pack(shipped_pack()), name="many.toml"
    )


def _form(store: Store, people, operation: str, *, number: str, **changes):
    sha256 = _law(store)
    form = story.application(store, regulation_sha256=sha256, operation=operation)
    details = (("of", number), WHY)
    return replace(form, **{"details": details, "sub_types": (), **changes})


def _law(store: Store) -> str:
    from desktop.models import RegulationText

    with store.reading() as session:
        return session.scalars(
            select(RegulationText.sha256).where(RegulationText.regulation == "zz-many")
        ).one()


def _begun(case_at: Teller, operation: str, number: str, **changes) -> int:
    form = _form(case_at.store, case_at.people, operation, number=number, **changes)
    registered = registering.register_application(
        case_at.store, case_at.people.clerk, application=form, draw=story.draw
    )
    return registered.case_id


def _told(case_at: Teller, operation: str, number: str, *, until: str = "licence", **changes) -> int:
    case_id = _begun(case_at, operation, number, **changes)
    case_at.go_on(case_id, until)
    return case_id


def _register(store: Store) -> list[tuple[object, ...]]:
    with store.reading() as session:
        return [
            (
                row.number,
                row.status,
                row.issued_on.day,
                row.first_issued_on.day,
                row.replaced_by,
                row.holder_ru,
            )
            for row in session.scalars(select(Licence).order_by(Licence.id))
        ]


def test_a_licence_re_issued_is_a_new_row_that_replaces_the_old(any_store, case_at, clock, issued):
    clock.forward(days=3)
    case_id = _told(case_at, "reissue", issued, holder_ru="ТОО Новое имя")

    first, second = _register(any_store)
    with any_store.reading() as session:
        new = session.scalars(select(Licence).where(Licence.case_id == case_id)).one()
        assert new.sub_types_kk == session.scalars(select(Licence.sub_types_kk)).first()
    assert first[:2] == (issued, "reissued")
    assert first[4] == new.id
    assert second[:2] == ("18000002", "issued")
    assert second[2] == first[2] + 3
    assert second[3] == first[3]
    assert second[4:] == (None, "ТОО Новое имя")
    assert case_at.case(case_id).result == "licence"


def test_a_duplicate_is_the_same_page_once_more_and_no_new_row(any_store, case_at, clock, issued):
    before = _register(any_store)
    clock.forward(days=3)
    case_id = _told(case_at, "duplicate", issued, holder_ru="ТОО Другое написание")

    assert _register(any_store) == before
    with any_store.reading() as session:
        paper = session.scalars(
            select(CaseDocument).where(CaseDocument.case_id == case_id, CaseDocument.kind == "licence")
        ).one()
        page: LicenceFacts = from_json(DocumentKind.LICENCE, paper.facts)
        numbers = session.scalars(
            select(RegisterNumber.register).where(RegisterNumber.case_id == case_id)
        ).all()
    assert (paper.number, paper.state) == (issued, "signed")
    assert page.duplicate_on == paper.dated
    assert page.issued_on == page.first_issued_on != page.duplicate_on
    assert page.holder.name.ru == before[0][5]
    assert len(page.sub_types) == 2
    assert numbers == ["incoming"]


@pytest.mark.parametrize("operation", ["reissue", "duplicate"])
def test_one_from_before_the_register_is_confirmed_with_its_day(any_store, case_at, people, operation):
    _load(any_store, people)
    day = date(2009, 5, 4)
    sub_types = tuple(story.application(any_store).sub_types)
    case_id = _begun(
        case_at, operation, "001638DF", licence_confirmed=True, licence_issued_on=day, sub_types=sub_types
    )
    case_at.go_on(case_id, "licence")

    with any_store.reading() as session:
        row = session.scalars(select(Licence).where(Licence.case_id == case_id)).one()
    assert row.first_issued_on == day
    assert row.number == ("001638DF" if operation == "duplicate" else "18000001")
    assert (row.issued_on == day) == (operation == "duplicate")


def test_what_is_replaced_meanwhile_is_not_replaced_again(any_store, case_at, issued, people):
    late = _begun(case_at, "duplicate", issued)
    case_at.go_on(late, "sign")
    _told(case_at, "reissue", issued)
    with pytest.raises(NotAllowed, match="licence-not-in-force"):
        case_at.go_on(late, "deliver")
    assert case_at.step(late).act == "sign"
    with pytest.raises(BadInput, match="licence-not-in-force"):
        _begun(case_at, "reissue", issued)


def test_what_the_fields_must_say(store, case_at, people):
    case_at("licence", identifier="050140003412")
    _load(store, people)

    def wrong(operation: str = "reissue", **changes) -> dict[str, str]:
        form = _form(store, people, operation, number="18000001")
        found = registering.problems(store, people.clerk, application=replace(form, **changes))
        return {fault.field: fault.code for fault in found}

    assert wrong() == {}
    assert wrong("duplicate") == {"details.of": "licence-of-another-holder"}
    assert wrong(details=()) == {
        "details.of": "field-required",
        "details.why": "field-required",
        "sub_types": "sub-type-required",
    }
    kept = ("of", "18000001")
    assert wrong(details=(kept, ("why", "whim"))) == {"details.why": "choice-unknown"}
    assert wrong(details=(kept, WHY, ("since", "soon"))) == {"details.since": "date-impossible"}
    assert wrong(details=(kept, WHY, ("since", "2018-02-30"))) == {"details.since": "date-impossible"}
    assert wrong(details=(kept, WHY, ("since", "2018-02-28"))) == {}
    assert wrong(details=(kept, WHY, ("colour", "red"))) == {"details.colour": "detail-unknown"}
    assert wrong(details=(kept, WHY, WHY)) == {"details.why": "detail-unknown"}
    assert wrong(details=(("of", "1" * 81), WHY))["details.of"] == "too-long"
    unknown = (("of", "99999999"), WHY)
    assert wrong(details=unknown)["details.of"] == "licence-not-in-register"
    assert "licence_issued_on" in wrong(details=unknown, licence_confirmed=True)
    assert wrong(
        details=unknown, licence_confirmed=True, licence_issued_on=date(2031, 1, 1), sub_types=("ambulance",)
    ) == {"licence_issued_on": "date-in-future"}
    early = {"details": unknown, "licence_confirmed": True, "licence_issued_on": date(1931, 1, 1)}
    assert wrong(**early, sub_types=("ambulance",)) == {"licence_issued_on": "date-impossible"}


def test_the_fee_of_a_re_issue_is_a_share_with_a_cap(store, case_at, people):
    case_at("licence")
    _load(store, people)
    form = _form(store, people, "reissue", number="18000001", fee_tenge=2404)
    (fault,) = registering.problems(store, people.clerk, application=form)
    assert (fault.code, fault.facts["due"]) == ("fee-too-low", 2405)


def test_what_the_act_asks_for_is_kept(any_store, case_at, issued):
    case_id = _begun(case_at, "reissue", f"  {issued} ")
    with any_store.reading() as session:
        case = session.get_one(Case, case_id)
    assert case.details == {"of": issued, "why": "name"}
    assert case.licence_named["number"] == issued


class TestCorrecting:
    """What the act asks for is corrected before the signature, as everything else an application says."""

    def corrected(self, case_at: Teller, case_id: int, by, **changes: str) -> None:
        changes = {name.replace("__", "."): text for name, text in changes.items()}
        correcting.correct(
            case_at.store, by, changes=changes, reason="қате терілген", **case_at.seen(case_id)
        )

    def test_a_choice_and_a_day_are_kept_and_told(self, any_store, case_at, issued, people):
        case_id = _told(case_at, "reissue", issued, until="decide")
        self.corrected(case_at, case_id, people.executor, details__why="lost", details__since="2018-06-01")
        case = case_at.case(case_id)
        assert case.details == {"of": issued, "why": "lost", "since": "2018-06-01"}
        assert case.licence_named["number"] == issued
        with any_store.reading() as session:
            facts = session.scalars(
                select(JournalEntry.facts).where(
                    JournalEntry.event == "corrected", JournalEntry.case_id == case_id
                )
            ).one()
        assert facts["changes"] == {"details.since": ["", "2018-06-01"], "details.why": ["name", "lost"]}
        assert facts["titles"]["lost"][0] == "Жоғалды"
        self.corrected(case_at, case_id, people.clerk, details__since="")
        assert case_at.case(case_id).details == {"of": issued, "why": "lost"}

    def test_a_draft_that_waits_is_drawn_anew(self, any_store, case_at, issued, people):
        case_id = _told(case_at, "reissue", issued, until="sign")
        self.corrected(case_at, case_id, people.clerk, details__why="lost", site="Ақсай қ., 7")
        case_at.go_on(case_id, "licence")
        with any_store.reading() as session:
            assert (
                session.scalars(select(Licence.site).where(Licence.case_id == case_id)).one() == "Ақсай қ., 7"
            )

    def test_another_licence_is_taken_from_the_register(self, any_store, case_at, people, issued):
        case_at("licence", holder_ru="ТОО Второе", site="Ақсай қ., 2")
        case_id = _told(case_at, "reissue", issued, until="decide")
        self.corrected(case_at, case_id, people.clerk, details__of="18000002")
        assert case_at.case(case_id).licence_named["holder_ru"] == "ТОО Второе"
        case_at.go_on(case_id, "licence")
        assert [row[1] for row in _register(any_store)] == ["issued", "reissued", "issued"]

    def test_one_from_before_the_register_is_confirmed(self, any_store, case_at, people, issued):
        sub_types = tuple(story.application(any_store).sub_types)
        case_id = _told(case_at, "duplicate", issued, until="decide", sub_types=sub_types)
        with pytest.raises(BadInput, match="licence-not-in-register"):
            self.corrected(case_at, case_id, people.clerk, details__of="001638DF")
        with pytest.raises(BadInput, match="field-required"):
            self.corrected(case_at, case_id, people.clerk, details__of="001638DF", licence_confirmed="yes")
        told = {"licence_confirmed": "yes", "licence_issued_on": "2009-05-04"}
        self.corrected(case_at, case_id, people.clerk, details__of="001638DF", **told)
        case_at.go_on(case_id, "licence")
        with any_store.reading() as session:
            row = session.scalars(select(Licence).where(Licence.case_id == case_id)).one()
        assert (row.number, row.first_issued_on) == ("001638DF", date(2009, 5, 4))

    def test_not_without_its_activities_nor_under_a_draft_nor_out_of_sight(
        self, any_store, case_at, people, issued
    ):
        case_at("licence")
        case_id = _told(case_at, "reissue", issued, until="decide")
        told = {"licence_confirmed": "yes", "licence_issued_on": "2009-05-04"}
        with pytest.raises(NotAllowed, match="licence-brings-activities"):
            self.corrected(case_at, case_id, people.clerk, details__of="001638DF", **told)
        with pytest.raises(NotAllowed, match="role-may-not"):
            self.corrected(case_at, case_id, people.executor, details__of="18000002", **told)
        case_at.go_on(case_id, "sign")
        with pytest.raises(NotAllowed, match="licence-drafted"):
            self.corrected(case_at, case_id, people.clerk, details__of="18000002")

    @pytest.mark.parametrize(
        ("changes", "field", "code"),
        [
            ({"details__why": "whim"}, "details.why", "choice-unknown"),
            ({"details__why": ""}, "details.why", "field-required"),
            ({"details__since": "soon"}, "details.since", "date-impossible"),
            ({"details__colour": "red"}, "details.colour", "detail-unknown"),
            ({"details__of": "1", "licence_issued_on": "x"}, "licence_issued_on", "date-impossible"),
            ({"details__why": " name "}, "details.why", "nothing-changed"),
        ],
    )
    def test_refuses(self, store, case_at, people, changes, field, code):
        case_at("licence")
        _load(store, people)
        case_id = _told(case_at, "reissue", "18000001", until="decide")
        with pytest.raises(BadInput) as caught:
            self.corrected(case_at, case_id, people.clerk, **changes)
        assert (caught.value.field, caught.value.code) == (field, code)
        assert case_at.case(case_id).details == {"of": "18000001", "why": "name"}
