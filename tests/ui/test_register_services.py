"""The registration form by the law: which service, what its act asks for, and nothing it does not ask for."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from desktop import resources
from desktop.cases import office
from desktop.cases.application import IncomingFile
from desktop.cases.licence_states import Decision, change_licence
from desktop.models import Case
from desktop.regulation.model import Channel, Role
from tests.regulation.many_packs import many_pack
from tests.ui import registration
from tests.ui.registration import control, fill, opened, problem_of, type_into


@pytest.fixture(autouse=True)
def _own_state(tmp_path, monkeypatch):
    monkeypatch.setenv("RUQSAT_STATE", str(tmp_path / "state"))


@pytest.fixture
def many(store, people):
    """A law with every kind of service, beside the shipped one."""
    shipped = resources.path("regulations", "wko-2018-139.toml").read_text(encoding="utf-8")
    office.load_regulation(store, people.administrator, text=many_pack(shipped), name="many.toml")


@pytest.fixture
def counter(make_desk, store, people):
    desk = make_desk(Role.CLERK, store=store)
    desk.actor = people.clerk
    return desk


@pytest.fixture
def screen(counter, many, qtbot):
    return opened(counter, qtbot)


def choose(screen, service: str, operation: str) -> None:
    offered = (one.regulation_id for one in screen.page.service._choices)
    many = next(name for name in offered if name.endswith("many"))
    registration.choose(screen, service, operation, regulation=many)


def case_of(store, screen) -> Case:
    with store.reading() as session:
        return session.get_one(Case, screen.done.registered.case_id)


def test_the_service_is_found_by_typing_words_of_it(screen):
    service = screen.page.service.service
    shown = service.completer().completionModel()

    def narrowed(typed: str) -> list[str]:
        service.lineEdit().setText(typed)
        service.lineEdit().textEdited.emit(typed)
        return [shown.index(row, 0).data() for row in range(shown.rowCount())]

    assert narrowed("жоқ нәрсе") == []
    assert narrowed("аттестат 139") == ["№ 139, 07.06.2018 (repealed) · Аттестаттау"]
    service.lineEdit().editingFinished.emit()
    chosen = service.itemText(service.currentIndex())
    assert service.currentText() == chosen  # what names no entry is taken back


def test_what_an_operation_does_not_ask_for_is_not_there(screen):
    choose(screen, "attestation", "attest")
    hidden = {section.key for section in screen.page.sections if section.isHidden()}
    assert hidden == {"details", "fee"}
    assert screen.page.activity.fields["sub_types"].isHidden()
    assert screen.page.activity.fields["site"].editor.accessibleName() == "Place of work"
    shown = {key for key, part in screen.side.parts.items() if not part.isHidden()}
    assert shown == set(screen.side.parts) - hidden
    choose(screen, "medical", "issue")
    assert not screen.page.section("fee").isHidden()
    assert not screen.page.activity.fields["sub_types"].isHidden()


def test_a_specialist_is_a_person_and_has_a_full_name(screen):
    """Who usually applies for a service stands chosen; what was chosen or typed by hand stays."""
    applicant = screen.page.applicant
    assert applicant.is_legal_entity
    assert applicant.fields["holder_kk"].label.text() == "Name in Kazakh *"
    choose(screen, "attestation", "attest")
    assert not applicant.is_legal_entity
    assert applicant.fields["holder_kk"].label.text() == "Full name in Kazakh *"
    applicant.kind.setCurrentIndex(0)
    screen.page.show_service()
    assert applicant.is_legal_entity
    assert applicant.fields["holder_kk"].label.text() == "Name in Kazakh *"
    choose(screen, "pharmaceutical", "issue")
    assert applicant.is_legal_entity
    type_into(screen, "identifier", "210440038887")
    choose(screen, "attestation", "attest")
    assert applicant.is_legal_entity, "the number typed says who it is"


def test_a_re_issue_takes_holder_and_site_from_its_licence(screen, store, case_at):
    case_at("licence", site="Орал қ., Достық-Дружба даңғ., 201")
    choose(screen, "medical", "reissue")
    assert screen.page.fee.rule.text().startswith("10 monthly indices (MCI), of it 10 %, at most 4 MCI")
    type_into(screen, "details.of", "18000001")
    assert "Достық-Дружба" in screen.page.details.fields["details.of"].line.text()
    control(screen, "register.licence.take").click()
    assert screen.page.applicant.text("holder_ru") == "ТОО «Ақ жайық»"
    assert screen.page.activity.fields["sub_types"].isHidden()  # the licence brings its own
    fill(screen, holder_ru="ТОО «Новое имя»", fee_tenge="43250")
    screen.save()
    assert problem_of(screen, "details.why")
    why = control(screen, "register.details.why")
    why.setCurrentIndex(why.findData("name"))
    type_into(screen, "details.since", "1.6.2018")
    screen.save()
    assert screen.pages.currentWidget() is screen.done, screen.page.problems
    case = case_of(store, screen)
    assert case.details == {"of": "18000001", "since": "2018-06-01", "why": "name"}
    assert case.licence_named["number"] == "18000001"


def test_a_licence_the_register_does_not_know_is_confirmed_with_its_day(screen, store):
    choose(screen, "medical", "duplicate")
    details = screen.page.details
    type_into(screen, "details.of", "KZ64VBP00012345")
    assert not details.confirm.isHidden()
    assert details.take.isHidden()
    details.confirm.set_checked(True)
    assert not screen.page.activity.fields["sub_types"].isHidden()
    type_into(screen, "licence_issued_on", "03.02.2015")
    why = control(screen, "register.details.why")
    why.setCurrentIndex(why.findData("lost"))
    fill(screen)
    screen.save()
    assert screen.pages.currentWidget() is screen.done, screen.page.problems
    assert case_of(store, screen).licence_named["first_issued_on"] == "2015-02-03"


def test_what_was_typed_and_used_last_is_kept(screen, counter, qtbot):
    choose(screen, "medical", "reissue")
    channel = screen.page.service.channel
    channel.setCurrentIndex(channel.findData(Channel.STATE_CORPORATION.value))
    type_into(screen, "details.of", "18000001")
    screen.keep_draft()
    again = opened(counter, qtbot)
    assert again.page.service.chosen().operation == "reissue"
    assert control(again, "register.details.of", QLineEdit).text() == "18000001"
    again._remember()
    again._empty()
    third = opened(counter, qtbot)
    assert third.page.service.chosen().operation == "reissue"
    assert third.page.service.chosen_channel() is Channel.STATE_CORPORATION
    assert third.page.values()["details"]["of"] == ""


def test_primary_care_is_offered_what_it_takes_in_itself(make_desk, many, store, people, qtbot):
    from dataclasses import replace

    desk = make_desk(Role.PHC_EMPLOYEE, store=store)
    desk.actor = replace(people.clerk, roles=frozenset({Role.PHC_EMPLOYEE}))
    screen = opened(desk, qtbot)
    assert [one.operation for one in screen.page.service._choices] == ["attach"] * 2
    assert screen.page.papers.isHidden()
    label = screen.page.activity.fields["site"].editor.accessibleName()
    assert label == "Organisation of primary care to be attached to"


def test_tab_goes_through_what_the_act_asks_for(screen, qtbot):
    choose(screen, "medical", "reissue")
    control(screen, "register.channel").setFocus(Qt.FocusReason.TabFocusReason)
    seen = []
    for _ in range(4):
        screen.focusNextPrevChild(True)
        seen.append(screen.focusWidget().objectName())
    assert seen == ["register.details.of", "register.details.since", "register.details.why", "register.kind"]


def taken_in_by(make_desk, store, actor, qtbot):
    desk = make_desk(*actor.roles, store=store)
    desk.actor = actor
    return opened(desk, qtbot)


def test_a_site_the_act_asks_for_by_a_field_of_its_own_is_missed_once_and_where_it_stands(
    make_desk, store, people, qtbot
):
    screen = taken_in_by(make_desk, store, people.phc, qtbot)
    missed = [problem.field for problem in screen.page.problems]
    assert missed.count("site") == 1
    assert [field for field in missed if field.startswith("details.")] == []
    screen.page.show_at_fields(screen.page.problems)
    assert problem_of(screen, "site")


def test_the_receipt_of_a_centre_must_be_told_and_that_of_the_portal_may_be(make_desk, store, people, qtbot):
    outside = ("received_at", "received_time", "outside_number")
    portal = taken_in_by(make_desk, store, people.phc, qtbot).page.service
    assert portal.chosen_channel() is Channel.PORTAL
    assert [portal.fields[key].label.text()[-1] == "*" for key in outside] == [False] * 3
    screen = taken_in_by(make_desk, store, people.clerk, qtbot)
    part = screen.page.service
    part.channel.setCurrentIndex(part.channel.findData(Channel.STATE_CORPORATION.value))
    assert [part.fields[key].label.text()[-1] == "*" for key in outside] == [True] * 3
    screen.page.go_to_first()
    assert part.day.hasFocus()  # stands above the applicant


def test_who_takes_in_nothing_here_reads_who_does(make_desk, store, people, qtbot):
    screen = taken_in_by(make_desk, store, people.centre, qtbot)
    told = [label.text() for label in screen.states.currentWidget().findChildren(QLabel)]
    assert any("others take them in: the office" in text for text in told)


def test_a_licence_that_is_not_in_force_is_told_at_its_field_before_anything_is_saved(
    screen, store, people, case_at, clock, tmp_path
):
    case_at("licence")
    scan = tmp_path / "order.pdf"
    scan.write_bytes(b"%PDF-1.4\n%the order\n%%EOF\n")
    day = clock.moment.date()
    suspension = Decision("requirements-broken", "licensor", day, "7", day, day)
    change_licence(
        store, people.head, licence_id=1, seen_change=0, decision=suspension, files=[IncomingFile(scan)]
    )
    choose(screen, "medical", "reissue")
    type_into(screen, "details.of", "18000001")
    field = screen.page.details.fields["details.of"]
    assert "is suspended" in field.problem
    type_into(screen, "details.of", "18000002")
    assert field.problem == ""
    assert "no such licence" in field.line.text()
    type_into(screen, "details.of", "18000001")
    fill(screen)
    screen.save()
    assert "is suspended" in problem_of(screen, "details.of")


def test_a_duplicate_is_shown_for_a_service_without_sub_types_too(screen, store):
    """What is a person's own is one wherever it is asked for; a line that would be empty is not there."""
    choose(screen, "attestation", "attest")
    person = {"identifier": "880808450057", "fee_receipt": "", "fee_paid_on": "", "fee_tenge": ""}
    fill(screen, **person)
    registration.answer_the_act(screen)
    screen.save()
    first = screen.done.registered
    screen._next()
    choose(screen, "attestation", "attest")
    fill(screen, **person, site="Ақсай қ.")
    registration.answer_the_act(screen)
    (found,) = screen.side.duplicates.found
    assert (found.case_id, found.open) == (first.case_id, True)
    assert all(label.text() for label in screen.side.duplicates.findChildren(QLabel))
    screen.save()
    assert screen.pages.currentWidget() is screen.states
    screen.side.duplicates.confirm.set_checked(True)
    screen.save()
    assert screen.done.registered.case_id != first.case_id


def test_a_licence_already_held_is_shown_with_its_state(screen, case_at):
    case_at("licence")
    fill(screen)
    (found,) = screen.side.duplicates.found
    assert found.licence_status == "issued"
    shown = [label.text() for label in screen.side.duplicates.findChildren(QLabel)]
    assert f"licence No {found.licence_number} is held already: Issued" in shown
