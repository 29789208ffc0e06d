"""The counter: what is taken in, what is shown at its field, and the refusal of acceptance."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from desktop.cases import registering
from desktop.cases.application import IncomingFile, InventoryEntry
from desktop.cases.journal import last_entry
from desktop.errors import BadInput, NotAllowed
from desktop.models import Case, CaseDocument, JournalEntry, RegisterNumber, RegulationText
from desktop.regulation.model import Channel, DocumentKind
from desktop.regulation.papers import from_json
from tests import story
from tests.cases.world import world
from tests.clock import OFFICE_ZONE


def _register(store, people, files=(), **changes):
    return registering.register_application(
        store, people.clerk, application=story.application(store, **changes), files=files, draw=story.draw
    )


class TestRegister:
    def test_gives_number_moment_dates_and_the_next_step(self, any_store, people, clock):
        clock.set("2018-06-29T16:50")
        registered = _register(any_store, people, channel=Channel.STATE_CORPORATION)
        with any_store.reading() as session:
            told = last_entry(session, registered.case_id).facts
        assert (told["identifier"], told["identifier_confirmed"]) == ("210440038887", False)
        assert (told["site"], len(told["sub_types"])) == ("Орал қ., Достық-Дружба даңғ., 201", 2)
        assert registered.number == "2018-000001"
        assert registered.due_at == datetime(2018, 7, 23, 18, 30, tzinfo=OFFICE_ZONE)
        assert registered.hand_over_by == datetime(2018, 7, 20, 18, 30, tzinfo=OFFICE_ZONE)
        with any_store.reading() as session:
            case = session.get_one(Case, registered.case_id)
            assert case.version == registered.version
            assert (case.received_at, case.registered_at) == (clock.moment, clock.moment)
            assert case.step_due_at == datetime(2018, 6, 29, 17, 5, tzinfo=OFFICE_ZONE)
            assert case.fee_due_tenge == 24_050
            assert {item.paper: item.brought for item in case.inventory}["power-of-attorney"] is False

    def test_counts_from_the_moment_the_state_corporation_took_the_papers(self, store, people, clock):
        clock.set("2018-07-02T10:00")
        received = datetime(2018, 6, 29, 16, 50, tzinfo=OFFICE_ZONE)
        registered = _register(store, people, channel=Channel.STATE_CORPORATION, received_at=received)
        assert registered.due_at == datetime(2018, 7, 23, 18, 30, tzinfo=OFFICE_ZONE)

    def test_draws_the_receipt_with_the_inventory(self, store, people):
        registered = _register(store, people)
        with store.reading() as session:
            document = session.get_one(CaseDocument, registered.receipt_document_id)
        facts = from_json(DocumentKind.RECEIPT, document.facts)
        assert (document.state, document.number) == ("issued", registered.number)
        assert (facts.number, facts.due_at) == (registered.number, registered.due_at)
        assert [line.brought for line in facts.inventory].count(True) == 10
        assert facts.clerk.kk == people.clerk.name_kk

    def test_keeps_files_with_their_paper(self, any_store, people, tmp_path):
        path = tmp_path / "өтініш.pdf"
        path.write_bytes(b"%PDF-1.4\n%%EOF\n")
        registered = _register(any_store, people, files=[IncomingFile(path, "application")])
        with any_store.reading() as session:
            (kept,) = session.get_one(Case, registered.case_id).attachments
        assert (kept.file_name, kept.paper, kept.size) == ("өтініш.pdf", "application", 15)

    @pytest.mark.parametrize(
        "name",
        [
            "ТОО «Роза» & \"Gül\" <b>'O`Brien'</b> <img src=x>",
            '=HYPERLINK("http://x")',
            "'; DROP TABLE case_file; --",
            "{number} %s \\u0041",
        ],
    )
    def test_keeps_what_was_typed_as_plain_data(self, any_store, people, name):
        registered = _register(any_store, people, holder_ru=name)
        with any_store.reading() as session:
            assert session.get_one(Case, registered.case_id).holder_ru == name

    def test_strips_control_characters_and_what_turns_the_direction(self, store, people):
        registered = _register(
            store, people, holder_kk="ТОО\x00 \u202eгнал\u202c\tА\u0301", site="Орал\x07\x1b[31m қ.\n2-үй"
        )
        with store.reading() as session:
            case = session.get_one(Case, registered.case_id)
        assert case.holder_kk == "ТОО гнал А\u0301"
        assert case.site == "Орал[31m қ. 2-үй"

    def test_keeps_right_to_left_names(self, store, people):
        registered = _register(store, people, holder_ru="شركة الاختبار")
        with store.reading() as session:
            assert session.get_one(Case, registered.case_id).holder_ru == "شركة الاختبار"

    def test_a_confirmed_wrong_check_digit_is_kept_as_confirmed(self, store, people):
        registered = _register(store, people, identifier="210440038888", identifier_confirmed=True)
        with store.reading() as session:
            case = session.get_one(Case, registered.case_id)
        assert (case.identifier, case.identifier_confirmed) == ("210440038888", True)


WRONG = [
    ({"identifier": ""}, "identifier", "field-required"),
    ({"identifier": "21044003888"}, "identifier", "identifier-length"),
    ({"identifier": "21044003888a"}, "identifier", "identifier-digits"),
    ({"identifier": "210440038888"}, "identifier", "identifier-check-digit"),
    ({"identifier": "211340038887", "identifier_confirmed": True}, "identifier", "identifier-date"),
    ({"identifier": "061211600012"}, "identifier", "identifier-other-kind"),
    ({"holder_kk": " \t"}, "holder_kk", "field-required"),
    ({"holder_ru": "\u202e"}, "holder_ru", "field-required"),
    ({"holder_address": ""}, "holder_address", "field-required"),
    ({"site": ""}, "site", "field-required"),
    ({"site": "я" * 4001}, "site", "too-long"),
    ({"phone": "1" * 81}, "phone", "too-long"),
    ({"email": "нет"}, "email", "email-wrong"),
    ({"representative": "Жүнісов А."}, "power_of_attorney", "power-of-attorney-required"),
    ({"power_of_attorney": "№ 1"}, "representative", "field-required"),
    ({"representative_iin": "123456789012"}, "representative_iin", "identifier-date"),
    ({"sub_types": ()}, "sub_types", "sub-type-required"),
    ({"sub_types": ("dentistry",)}, "sub_types", "sub-type-unknown"),
    ({"fee_receipt": ""}, "fee_receipt", "field-required"),
    ({"fee_paid_on": None}, "fee_paid_on", "field-required"),
    ({"fee_paid_on": date(2018, 6, 12)}, "fee_paid_on", "date-in-future"),
    ({"fee_paid_on": date(1900, 1, 1)}, "fee_paid_on", "fee-rate-unknown"),
    ({"fee_tenge": None}, "fee_tenge", "field-required"),
    ({"fee_tenge": 24_049}, "fee_tenge", "fee-too-low"),
    ({"fee_tenge": -1}, "fee_tenge", "fee-too-low"),
    ({"fee_tenge": 10**12}, "fee_tenge", "fee-too-high"),
    ({"kbk": "10540x"}, "kbk", "digits-only"),
    ({"consent": False}, "consent", "consent-required"),
    ({"inventory": ()}, "inventory", "nothing-brought"),
    ({"inventory": (InventoryEntry("visa", True),)}, "inventory", "paper-unknown"),
    (
        {"inventory": (InventoryEntry("application", True, 1), InventoryEntry("application", True, 1))},
        "inventory",
        "paper-twice",
    ),
    ({"inventory": (InventoryEntry("application", True, -1),)}, "inventory", "sheets-wrong"),
    ({"inventory": (InventoryEntry("application", False, 3),)}, "inventory", "sheets-without-paper"),
    (
        {"received_at": datetime(2018, 6, 11, 9, 31, tzinfo=OFFICE_ZONE)},
        "received_at",
        "date-in-future",
    ),
    ({"received_at": datetime(20, 6, 11, 9, tzinfo=OFFICE_ZONE)}, "received_at", "date-impossible"),
    (
        {"received_at": datetime(2018, 6, 7, 9, tzinfo=OFFICE_ZONE)},
        "fee_paid_on",
        "fee-paid-after-receipt",
    ),
]


class TestWrongFields:
    @pytest.mark.parametrize(("changes", "field", "code"), WRONG)
    def test_is_told_at_its_field_and_nothing_is_saved(self, store, people, changes, field, code):
        before = world(store)
        with pytest.raises(BadInput) as caught:
            _register(store, people, **changes)
        assert (caught.value.field, caught.value.code) == (field, code)
        assert world(store) == before

    def test_all_of_them_are_told_at_once(self, store, people):
        form = story.application(store, site="", consent=False, fee_tenge=1)
        found = registering.problems(store, people.clerk, application=form)
        assert [fault.field for fault in found] == ["site", "fee_tenge", "consent"]
        with pytest.raises(BadInput) as caught:
            registering.register_application(store, people.clerk, application=form, draw=story.draw)
        assert [fault.field for fault in caught.value.facts["also"]] == ["fee_tenge", "consent"]

    def test_a_file_belongs_to_a_paper_that_was_brought(self, store, people, tmp_path):
        path = tmp_path / "a.pdf"
        path.write_bytes(b"%PDF-1.4\n")
        with pytest.raises(BadInput, match="file-of-paper-not-brought"):
            _register(store, people, files=[IncomingFile(path, "power-of-attorney")])

    def test_a_fee_paid_in_april_2020_counts_by_the_index_of_april(self, store, people, clock):
        clock.set("2020-04-10T10:00")
        with pytest.raises(BadInput) as caught:
            _register(store, people, fee_paid_on=date(2020, 4, 1), fee_tenge=26_510)
        assert caught.value.facts["due"] == 27_780
        _register(store, people, fee_paid_on=date(2020, 3, 31), fee_tenge=26_510)


class TestRights:
    def test_only_a_clerk_registers(self, store, people):
        for person in (people.head, people.executor, people.auditor, people.administrator):
            with pytest.raises(NotAllowed, match="role-may-not"):
                registering.register_application(
                    store, person, application=story.application(store), draw=story.draw
                )

    def test_a_law_no_longer_current_takes_no_new_cases(self, store, people):
        form = story.application(store)
        with store.writing() as session:
            session.get_one(RegulationText, form.regulation_sha256).current = False
        with pytest.raises(NotAllowed, match="regulation-not-current"):
            registering.register_application(store, people.clerk, application=form, draw=story.draw)


class TestRefuseAcceptance:
    def _refuse(self, store, people, reason="", **changes):
        return registering.refuse_acceptance(
            store,
            people.clerk,
            application=story.application(store, **changes),
            reason=reason,
            draw=story.draw,
        )

    def test_gives_a_numbered_receipt_of_the_missing_papers_and_no_case(self, any_store, people):
        document_id = self._refuse(any_store, people, inventory=(InventoryEntry("application", True, 1),))
        with any_store.reading() as session:
            document = session.get_one(CaseDocument, document_id)
            assert session.scalars(select(Case)).all() == []
            (entry,) = session.scalars(select(JournalEntry).where(JournalEntry.event == "acceptance-refused"))
            (number,) = session.scalars(select(RegisterNumber))
        facts = from_json(DocumentKind.ACCEPTANCE_REFUSAL, document.facts)
        assert (document.number, document.case_id, document.state) == ("1/2018", None, "issued")
        assert len(facts.missing) == 9
        assert entry.facts["missing"][0] == "consent"
        assert (number.register, number.state) == ("outgoing", "used")

    def test_needs_a_reason_when_no_paper_is_missing(self, store, people):
        with pytest.raises(BadInput) as caught:
            self._refuse(store, people)
        assert (caught.value.field, caught.value.code) == ("reason", "field-required")
        self._refuse(store, people, reason="Қолы жоқ")

    def test_needs_the_name(self, store, people):
        with pytest.raises(BadInput, match="field-required"):
            self._refuse(store, people, reason="x", holder_ru="")


def test_a_form_of_a_week_ago_is_still_a_form(store, people, clock):
    form = story.application(store, channel=Channel.STATE_CORPORATION)
    clock.forward(days=7)
    registered = registering.register_application(
        store,
        people.clerk,
        application=replace(form, received_at=clock.moment - timedelta(hours=1)),
        draw=story.draw,
    )
    assert registered.number == "2018-000001"


def test_nobody_says_when_the_offices_own_counter_took_an_application(store, people, clock):
    form = story.application(store, received_at=clock.moment - timedelta(hours=1))
    with pytest.raises(ValueError, match="own counter"):
        registering.register_application(store, people.clerk, application=form, draw=story.draw)
