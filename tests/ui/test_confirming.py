"""The second person's place: what waits is seen, compared and confirmed, by who may and by nobody else."""

from collections.abc import Callable
from datetime import date

import pytest

from desktop.cases import office as commands
from desktop.cases.signing_in import sign_in
from desktop.queries.confirming import waiting
from desktop.queries.desk import counts
from desktop.queries.office import kept_roots, trust_roots
from desktop.ui.screens.administration import AdministrationScreen
from desktop.ui.screens.administration_parts.confirming import ConfirmingSection
from tests.cases.pems import certificate
from tests.cases.test_office import NEW

Open = Callable[[str], ConfirmingSection]


@pytest.fixture
def opened(qtbot, make_desk, store, people) -> Open:
    def open_as(who: str) -> ConfirmingSection:
        desk = make_desk(store=store)
        desk.actor = getattr(people, who)
        screen = AdministrationScreen(desk)
        qtbot.addWidget(screen)
        screen.resize(1180, 760)
        screen.show()
        screen.go("confirming")
        return screen.section

    return open_as


def _appoint(store, people) -> None:
    commands.appoint_acting_head(
        store,
        people.administrator,
        person_id=people.executor2.person_id,
        order_number="7-к",
        order_date=date(2018, 6, 8),
        first_day=date(2018, 6, 11),
        last_day=date(2018, 6, 20),
    )


def test_an_auditor_compares_and_confirms(opened: Open, store, people) -> None:
    _appoint(store, people)
    assert counts(store, people.auditor).to_confirm == 1
    section = opened("auditor")
    facts = section.card_text.text()
    for said in (people.executor2.name_kk, "910909450064", "executor2", "7-к"):
        assert said in facts
    assert section.bar.isVisible()
    assert section.confirm.shortcut().toString() == "Ctrl+Return"
    section.confirm.click()
    assert len(section.desk.answers.asked) == 1
    assert section.none.isVisible()
    assert not section.card.isVisible()
    assert counts(store, people.auditor).to_confirm == 0


def test_who_set_it_reads_why_he_cannot_confirm_it(opened: Open, store, people) -> None:
    _appoint(store, people)
    section = opened("administrator")
    assert not section.confirm.isEnabled()
    assert counts(store, people.administrator).to_confirm == 0
    assert section.card_text.text()


def test_the_head_sees_the_list_and_has_no_button(opened: Open, store, people) -> None:
    _appoint(store, people)
    section = opened("head")
    assert section.table.rows.rowCount() == 1
    assert not section.bar.isVisible()


def test_a_root_is_confirmed_by_its_fingerprint(opened: Open, store, people) -> None:
    commands.add_trust_root(store, people.administrator, pem=certificate())
    kept = kept_roots(store, people.administrator)[0]
    section = opened("auditor")
    told = "".join(section.card_text.text().split())
    assert kept.sha256.upper() in told
    section.confirm.click()
    assert [row.sha256 for row in trust_roots(store, people.auditor)] == [kept.sha256]


def test_what_is_confirmed_is_no_more_than_was_looked_at(opened: Open, store, people) -> None:
    _appoint(store, people)
    section = opened("auditor")
    commands.set_password(
        store, people.administrator, person_id=people.executor2.person_id, password="Zhana-2018-x"
    )
    section.confirm.click()
    (row,) = waiting(store, people.auditor).rows
    assert row.what == {"password"}


def test_an_unconfirmed_auditor_reads_what_to_do(opened: Open, store, people) -> None:
    _appoint(store, people)
    commands.set_password(
        store, people.administrator, person_id=people.auditor.person_id, password="Zhana-2018-x"
    )
    section = opened("auditor")
    assert section.state.isVisible()
    assert section.state.text()
    assert not section.confirm.isEnabled()
    assert counts(store, people.auditor).to_confirm == 0


def test_a_founder_alone_reads_that_all_counts_at_once(qtbot, make_desk, empty_store) -> None:
    commands.create_office(empty_store, NEW)
    desk = make_desk(store=empty_store)
    desk.actor = sign_in(
        empty_store, login=NEW.administrator.login, password=NEW.administrator_password, workstation="WS"
    )
    screen = AdministrationScreen(desk)
    qtbot.addWidget(screen)
    screen.show()
    screen.go("confirming")
    assert screen.section.state.isVisible()
    assert "“People and roles”" in screen.section.state.text()
