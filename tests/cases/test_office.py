"""The administrator: first start, people, hours, fees, seal, trust, law; and what each refuses."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from desktop.cases import office, registering, signing_in
from desktop.cases.office import NewOffice, PersonFacts
from desktop.errors import BadInput, NotAllowed
from desktop.models import (
    ActingHead,
    DayOverride,
    FeeRate,
    JournalEntry,
    Office,
    Person,
    RegulationText,
    TrustRoot,
    WorkingHours,
)
from desktop.regulation import loader
from desktop.regulation.loader import BrokenRegulation
from desktop.regulation.model import Role
from desktop.store.calendar import working_calendar
from tests import story
from tests.cases.pems import certificate
from tests.cases.world import changed, world

ADMINISTRATOR = PersonFacts(
    login="Aigul",
    name_kk="Әкімова А.",
    name_ru="Акимова А.",
    position_kk="",
    position_ru="",
    iin="",
    roles=frozenset(),
)
HEAD = PersonFacts(
    login="erlan",
    name_kk="Басшыбаев Е.",
    name_ru="Басшибаев Е.",
    position_kk="Басшы",
    position_ru="Руководитель",
    iin="061211600012",
    roles=frozenset(),
)
NEW = NewOffice(
    name_kk="Денсаулық сақтау басқармасы",
    name_ru="Управление здравоохранения",
    bin="210440038887",
    address_kk="Орал қ.",
    address_ru="г. Уральск",
    place_kk="Орал қ.",
    place_ru="г. Уральск",
    administrator=ADMINISTRATOR,
    administrator_password="Aigul-2018",
    head=HEAD,
    head_password="Erlan-2018",
    numbers_licences=True,
)


def _last(session):
    return session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()


def _version(store):
    with store.reading() as session:
        return session.get_one(Office, 1).version


class TestFirstStart:
    def test_everything_an_office_needs_is_there(self, any_empty_store, seal):
        facts = replace(NEW, seal=seal, trust_roots=(certificate(),))
        person_id = office.create_office(any_empty_store, facts)
        actor = signing_in.sign_in(any_empty_store, login="aigul", password="Aigul-2018", workstation="WS")
        assert (actor.person_id, actor.roles) == (person_id, {Role.ADMINISTRATOR})
        with any_empty_store.reading() as session:
            row = session.get_one(Office, 1)
            assert (row.bin, row.numbers_licences, row.seal_sha256 is not None) == (
                "210440038887",
                True,
                True,
            )
            assert working_calendar(session).is_working(date(2018, 6, 11))
            assert session.get_one(FeeRate, date(2018, 1, 1)).tenge == 2405
            held = session.scalars(select(RegulationText)).all()
            assert sorted(f"{text.regulation}.toml" for text in held if text.current) == [
                name for name, _ in loader.shipped()
            ]
            assert session.scalars(select(TrustRoot.added_by)).all() == ["aigul"]
            entry = session.scalars(select(JournalEntry).order_by(JournalEntry.id)).first()
        assert (entry.event, entry.actor, entry.workstation) == ("office-created", "", "WS-TEST")

    def test_a_licence_can_be_issued_at_once(self, empty_store, people, clock):
        office.create_office(empty_store, NEW)
        administrator = signing_in.sign_in(
            empty_store, login="aigul", password="Aigul-2018", workstation="WS"
        )
        ids = {"administrator": administrator.person_id, "head": 2}
        for login in ("clerk", "executor"):
            ids[login] = office.save_person(
                empty_store,
                administrator,
                person=replace(HEAD, login=login, iin="", roles=frozenset({Role(login)})),
                password="Qupiya-2018",
            )
        changes = {name: replace(getattr(people, name), person_id=number) for name, number in ids.items()}
        tell = story.teller(empty_store, replace(people, **changes), clock)
        assert tell.case(tell("licence")).result == "licence"

    def test_is_only_once(self, any_empty_store):
        office.create_office(any_empty_store, NEW)
        before = world(any_empty_store)
        with pytest.raises(NotAllowed, match="office-exists"):
            office.create_office(any_empty_store, NEW)
        assert world(any_empty_store) == before

    @pytest.mark.parametrize(
        ("changes", "field", "code"),
        [
            ({"name_kk": ""}, "name_kk", "field-required"),
            ({"bin": "210440038888"}, "bin", "identifier-check-digit"),
            ({"bin": "061211600012"}, "bin", "identifier-other-kind"),
            ({"time_zone": "Asia/Oral2"}, "time_zone", "time-zone-unknown"),
            ({"time_zone": "../etc"}, "time_zone", "time-zone-unknown"),
            ({"status_address": "javascript:{number}"}, "status_address", "address-wrong"),
            ({"status_address": "https://a.kz/"}, "status_address", "address-wrong"),
            ({"incoming_template": "{year}"}, "incoming_template", "template-wrong"),
            ({"hours": {0: ()}}, "hours", "hours-all-closed"),
            ({"hours": {0: (("18:00", "09:00"),)}}, "intervals", "hours-wrong"),
            ({"seal": b"GIF89a"}, "seal", "seal-not-png"),
            ({"trust_roots": ("no",)}, "trust_roots", "certificate-unreadable"),
            ({"administrator_password": "short"}, "administrator.password", "password-short"),
            ({"administrator": replace(ADMINISTRATOR, login="A b")}, "administrator.login", "login-wrong"),
            ({"head": replace(HEAD, iin="")}, "head.iin", "field-required"),
            ({"head": replace(HEAD, iin="061211600013")}, "head.iin", "identifier-check-digit"),
            ({"head": replace(HEAD, login="aigul")}, "head.login", "login-taken"),
        ],
    )
    def test_refuses_at_the_field_and_leaves_nothing(self, empty_store, changes, field, code):
        before = world(empty_store)
        with pytest.raises(BadInput) as caught:
            office.create_office(empty_store, replace(NEW, **changes))
        assert (caught.value.field, caught.value.code) == (field, code)
        assert world(empty_store) == before


NEW_PERSON = PersonFacts("jana", "Жаңа А.", "Жана А.", "Маман", "Специалист", "", frozenset({Role.EXECUTOR}))


def _facts(store, person_id, **changes):
    with store.reading() as session:
        row = session.get_one(Person, person_id)
        known = PersonFacts(
            row.login,
            row.name_kk,
            row.name_ru,
            row.position_kk,
            row.position_ru,
            "",
            frozenset(Role(item.role) for item in row.roles),
            row.id,
        )
    return replace(known, **changes)


class TestPeople:
    def test_a_new_person_signs_in(self, store, people):
        office.save_person(store, people.administrator, person=NEW_PERSON, password="Qupiya-2018")
        actor = signing_in.sign_in(store, login="jana", password="Qupiya-2018", workstation="WS")
        assert actor.roles == {Role.EXECUTOR}

    def test_a_change_keeps_old_and_new_in_the_journal(self, any_store, people):
        facts = _facts(any_store, 5, name_ru="Орындаушина С.", roles=frozenset({Role.CLERK, Role.EXECUTOR}))
        office.save_person(any_store, people.administrator, person=facts)
        with any_store.reading() as session:
            entry = _last(session)
            assert {item.role for item in session.get_one(Person, 5).roles} == {"clerk", "executor"}
        assert entry.facts["changes"]["roles"] == [["executor"], ["clerk", "executor"]]
        assert entry.facts["changes"]["name_ru"] == ["Орындаушина Сауле Маратовна", "Орындаушина С."]

    @pytest.mark.parametrize(
        ("person", "password", "field", "code"),
        [
            (NEW_PERSON, "short", "password", "password-short"),
            (NEW_PERSON, "x" * 1025, "password", "password-long"),
            (replace(NEW_PERSON, login="clerk"), "Qupiya-2018", "login", "login-taken"),
            (replace(NEW_PERSON, login="жаңа"), "Qupiya-2018", "login", "login-wrong"),
            (replace(NEW_PERSON, login="x'; --"), "Qupiya-2018", "login", "login-wrong"),
            (replace(NEW_PERSON, name_kk=" "), "Qupiya-2018", "name_kk", "field-required"),
            (replace(NEW_PERSON, iin="210440038887"), "Qupiya-2018", "iin", "identifier-other-kind"),
            (replace(NEW_PERSON, roles=frozenset()), "Qupiya-2018", "roles", "roles-required"),
            (replace(NEW_PERSON, roles=frozenset({Role.SYSTEM})), "Qupiya-2018", "roles", "role-unknown"),
        ],
    )
    def test_refuses(self, store, people, person, password, field, code):
        before = world(store)
        with pytest.raises(BadInput) as caught:
            office.save_person(store, people.administrator, person=person, password=password)
        assert (caught.value.field, caught.value.code) == (field, code)
        assert world(store) == before

    def test_a_person_seen_too_early_is_not_overwritten(self, store, people):
        facts = _facts(store, 5)
        with store.reading() as session:
            seen = session.get_one(Person, 5).version
        office.save_person(store, people.administrator, person=replace(facts, name_kk="А"), seen_version=seen)
        with pytest.raises(NotAllowed, match="person-moved-on"):
            office.save_person(
                store, people.administrator, person=replace(facts, name_kk="Б"), seen_version=seen
            )

    def test_the_last_administrator_stays(self, any_store, people):
        facts = _facts(any_store, 1, roles=frozenset({Role.AUDITOR}))
        before = world(any_store)
        with pytest.raises(NotAllowed, match="last-administrator"):
            office.save_person(any_store, people.administrator, person=facts)
        with pytest.raises(NotAllowed, match="block-yourself"):
            office.set_active(any_store, people.administrator, person_id=1, active=False)
        assert world(any_store) == before

    def test_nobody_gives_himself_a_role(self, any_store, people):
        roles = frozenset({Role.ADMINISTRATOR, Role.CLERK})
        facts = _facts(any_store, 1, roles=roles)
        before = world(any_store)
        with pytest.raises(NotAllowed, match="rights-for-yourself"):
            office.save_person(any_store, people.administrator, person=facts)
        with pytest.raises(NotAllowed, match="rights-for-yourself"):
            office.appoint_acting_head(
                any_store,
                people.administrator,
                person_id=1,
                order_number="1",
                order_date=date(2018, 6, 1),
                first_day=date(2018, 6, 4),
                last_day=date(2018, 6, 30),
            )
        assert world(any_store) == before

    def test_is_blocked_and_let_in_again(self, store, people):
        office.set_password(store, people.administrator, person_id=2, password="Qupiya-2018")
        office.set_active(store, people.administrator, person_id=2, active=False)
        with pytest.raises(NotAllowed, match="sign-in-blocked"):
            signing_in.sign_in(store, login="clerk", password="Qupiya-2018", workstation="WS")
        office.set_active(store, people.administrator, person_id=2, active=True)
        signing_in.sign_in(store, login="clerk", password="Qupiya-2018", workstation="WS")

    def test_a_new_password_ends_a_delay_and_is_never_written_down(self, store, people):
        with store.writing() as session:
            row = session.get_one(Person, 2)
            row.failed_attempts, row.locked_until = 7, store.now() + timedelta(hours=1)
        office.set_password(store, people.administrator, person_id=2, password="Qupiya-2018")
        signing_in.sign_in(store, login="clerk", password="Qupiya-2018", workstation="WS")
        assert "Qupiya" not in repr(world(store))


class TestActingHead:
    def _appoint(self, store, people, **changes):
        told = {
            "person_id": 4,
            "order_number": "15-ө",
            "order_date": date(2018, 6, 8),
            "first_day": date(2018, 6, 11),
            "last_day": date(2018, 6, 15),
        }
        return office.appoint_acting_head(store, people.administrator, **{**told, **changes})

    def test_ends_today_or_never_begins(self, any_store, people):
        begun = self._appoint(any_store, people)
        ahead = self._appoint(any_store, people, first_day=date(2018, 7, 1), last_day=date(2018, 7, 2))
        office.end_acting_head(any_store, people.administrator, acting_id=begun)
        office.end_acting_head(any_store, people.administrator, acting_id=ahead)
        with any_store.reading() as session:
            (row,) = session.scalars(select(ActingHead))
        assert row.last_day == date(2018, 6, 11)

    def test_what_is_over_stays(self, store, people, clock):
        row = self._appoint(store, people)
        clock.set("2018-06-16T09:00")
        with pytest.raises(NotAllowed, match="acting-over"):
            office.end_acting_head(store, people.administrator, acting_id=row)

    @pytest.mark.parametrize(
        ("changes", "field", "code"),
        [
            ({"order_number": ""}, "order_number", "field-required"),
            ({"last_day": date(2018, 6, 10)}, "last_day", "days-reversed"),
            ({"order_date": date(2018, 6, 12)}, "order_date", "order-after-first-day"),
            ({"person_id": 3}, "person_id", "person-cannot-do"),
            ({"person_id": 99}, "person_id", "person-cannot-do"),
        ],
    )
    def test_refuses(self, store, people, changes, field, code):
        with pytest.raises(BadInput) as caught:
            self._appoint(store, people, **changes)
        assert (caught.value.field, caught.value.code) == (field, code)

    def test_two_at_once_are_one_too_many(self, store, people):
        self._appoint(store, people)
        with pytest.raises(BadInput, match="acting-overlaps"):
            self._appoint(store, people, person_id=5, first_day=date(2018, 6, 15), last_day=date(2018, 6, 20))


class TestOffice:
    def test_changes_are_kept_old_and_new(self, any_store, people):
        office.set_office(
            any_store,
            people.administrator,
            changes={"place_kk": "Ақсай қ.", "numbers_licences": False, "file_limit_bytes": 2 * 1024 * 1024},
            seen_version=_version(any_store),
        )
        with any_store.reading() as session:
            assert session.get_one(Office, 1).place_kk == "Ақсай қ."
            entry = _last(session)
        assert entry.facts["changes"]["place_kk"] == ["Орал қ.", "Ақсай қ."]

    def test_an_office_seen_too_early_is_not_overwritten(self, store, people):
        seen = _version(store)
        office.set_office(store, people.administrator, changes={"place_kk": "А"}, seen_version=seen)
        with pytest.raises(NotAllowed, match="office-moved-on"):
            office.set_office(store, people.administrator, changes={"place_kk": "Б"}, seen_version=seen)

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"file_limit_bytes": 1}, "file-limit-wrong"),
            ({"licence_template": "{sequence}"}, "template-wrong"),
            ({"place_kk": "Орал қ."}, "nothing-changed"),
            ({}, "nothing-changed"),
        ],
    )
    def test_refuses(self, store, people, changes, code):
        with pytest.raises(BadInput, match=code):
            office.set_office(store, people.administrator, changes=changes)

    def test_what_is_no_fact_of_the_office_is_a_defect(self, store, people):
        with pytest.raises(KeyError):
            office.set_office(store, people.administrator, changes={"is_demo": False})

    def test_only_the_administrator(self, store, people):
        before = world(store)
        for person in (people.clerk, people.head, people.executor, people.auditor):
            with pytest.raises(NotAllowed, match="role-may-not"):
                office.set_office(store, person, changes={"place_kk": "А"})
        assert world(store) == before


class TestRules:
    def test_hours_count_from_their_day_on(self, any_store, people):
        office.set_hours(
            any_store,
            people.administrator,
            valid_from=date(2018, 7, 2),
            hours={0: (("08:00", "12:00"), ("13:00", "17:00")), 5: ()},
        )
        with any_store.reading() as session:
            calendar = working_calendar(session)
            assert session.get_one(WorkingHours, (date(2018, 7, 2), 5)).intervals == []
        assert calendar.closing(date(2018, 6, 25)).hour == 18
        assert calendar.closing(date(2018, 7, 9)).hour == 17

    @pytest.mark.parametrize(
        ("hours", "code"),
        [
            ({0: (("09:00", "08:00"),)}, "hours-wrong"),
            ({0: (("09:00", "13:00"), ("12:00", "18:00"))}, "hours-wrong"),
            ({0: (("9", "x"),)}, "hours-wrong"),
            ({}, "nothing-changed"),
            ({day: () for day in range(7)}, "hours-all-closed"),
        ],
    )
    def test_impossible_hours_are_refused(self, store, people, hours, code):
        with pytest.raises(BadInput, match=code):
            office.set_hours(store, people.administrator, valid_from=date(2018, 7, 2), hours=hours)

    def test_an_override_moves_the_due_date(self, any_store, people):
        form = story.application(any_store)
        first = registering.register_application(any_store, people.clerk, application=form, draw=story.draw)
        office.set_override(
            any_store,
            people.administrator,
            day=date(2018, 6, 14),
            intervals=(),
            reason_kk="Мереке",
            reason_ru="Праздник",
        )
        second = registering.register_application(any_store, people.clerk, application=form, draw=story.draw)
        assert second.due_at == first.due_at + timedelta(days=1)
        office.remove_override(any_store, people.administrator, day=date(2018, 6, 14))
        third = registering.register_application(any_store, people.clerk, application=form, draw=story.draw)
        assert third.due_at == first.due_at
        with any_store.reading() as session:
            assert session.scalars(select(DayOverride)).all() == []

    def test_an_override_needs_its_reason(self, store, people):
        with pytest.raises(BadInput, match="field-required"):
            office.set_override(
                store,
                people.administrator,
                day=date(2018, 6, 14),
                intervals=(),
                reason_kk="",
                reason_ru="Праздник",
            )

    def test_a_fee_rate_is_set_and_corrected(self, any_store, people):
        for tenge in (9000, 9100):
            office.set_fee_rate(
                any_store, people.administrator, valid_from=date(2030, 1, 1), tenge=tenge, source="Заң"
            )
        with any_store.reading() as session:
            assert session.get_one(FeeRate, date(2030, 1, 1)).tenge == 9100
            told = select(JournalEntry).where(JournalEntry.event == "fee-rate-set").order_by(JournalEntry.id)
            old = [entry.facts["old"] for entry in session.scalars(told)]
        assert old == [None, 9000]
        with pytest.raises(BadInput, match="fee-rate-wrong"):
            office.set_fee_rate(any_store, people.administrator, valid_from=date(2030, 1, 1), tenge=0)

    @pytest.mark.parametrize(
        ("png", "code"),
        [
            (b"", "seal-not-png"),
            (b"\x89PNG\r\n\x1a\n" + b"\0" * 20, "seal-size"),
            (b"\x89PNG\r\n\x1a\n" + b"\0" * 8 + b"\0\0\1\0" * 2 + b"rest", "seal-not-png"),
            (b"\x89PNG" + b"\0" * 3_000_000, "seal-too-large"),
        ],
    )
    def test_a_seal_is_a_picture_of_a_decent_size(self, store, people, png, code):
        with pytest.raises(BadInput, match=code):
            office.set_seal(store, people.administrator, png=png)

    def test_trust_is_given_and_taken(self, any_store, people):
        pem = certificate()
        sha256 = office.add_trust_root(any_store, people.administrator, pem=pem)
        with pytest.raises(BadInput, match="trust-root-known"):
            office.add_trust_root(any_store, people.administrator, pem=pem)
        with any_store.reading() as session:
            row = session.get_one(TrustRoot, sha256)
            assert (row.pem, row.subject, row.added_by) == (pem, "CN=Үлгі CA", "administrator")
        office.remove_trust_root(any_store, people.administrator, sha256=sha256)
        with any_store.reading() as session:
            assert session.scalars(select(TrustRoot)).all() == []

    @pytest.mark.parametrize(
        ("pem", "code"),
        [
            ("", "certificate-unreadable"),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "certificate-unreadable"),
            ("сертификат", "certificate-unreadable"),
            ("A" * 100_000, "certificate-unreadable"),
            (certificate(is_authority=False), "certificate-not-authority"),
            (certificate(days=30), "certificate-over"),
        ],
    )
    def test_what_is_no_authority_is_not_trusted(self, store, people, pem, code):
        with pytest.raises(BadInput, match=code):
            office.add_trust_root(store, people.administrator, pem=pem)


class TestRegulations:
    def _newer(self):
        ((name, text),) = [item for item in loader.shipped() if item[0].startswith("wko-2018-139")]
        return name, text.replace('version = "2018-2"', 'version = "2018-3"')

    def test_new_cases_begin_under_the_new_text_and_old_ones_stay(self, any_store, case_at, people):
        old = case_at("check")
        name, text = self._newer()
        sha256 = office.load_regulation(any_store, people.administrator, text=text, name=name)
        new = case_at("check")
        assert case_at.case(new).regulation_sha256 == sha256 != case_at.case(old).regulation_sha256
        story._Case(case_at, old, {}).until("licence")

    def test_the_same_text_twice_is_told(self, store, people):
        name, text = self._newer()
        office.load_regulation(store, people.administrator, text=text, name=name)
        with pytest.raises(BadInput, match="regulation-known"):
            office.load_regulation(store, people.administrator, text=text, name=name)

    def test_an_earlier_text_may_come_back(self, store, people):
        name, text = self._newer()
        office.load_regulation(store, people.administrator, text=text, name=name)
        office.load_regulation(
            store,
            people.administrator,
            text=text.replace('version = "2018-3"', 'version = "2018-2"'),
            name=name,
        )
        with store.reading() as session:
            current = select(RegulationText.version).where(
                RegulationText.current.is_(True), RegulationText.regulation == "wko-2018-139"
            )
            assert session.scalars(current).all() == ["2018-2"]

    def test_a_broken_file_is_refused_with_file_line_and_reason(self, store, people):
        before = world(store)
        name, text = self._newer()
        with pytest.raises(BrokenRegulation) as caught:
            office.load_regulation(
                store, people.administrator, text=text.replace('next = "visa"', 'next = "vsia"'), name=name
            )
        facts = caught.value.facts
        assert (facts["file"], facts["reason"]) == (name, "unknown-target")
        assert text.splitlines()[facts["line"] - 1].startswith("next")
        assert changed(before, world(store)) == set()
