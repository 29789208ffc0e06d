"""A request for attachment from the portal, through the windows, from its package to the package of its result.

Atyrau 2012 No 432, 002 (attachment), items 8(1), 8(2) and 9: the act has the primary-care organisation's employee take it
in, and nobody at the counter.
"""

from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import select

from desktop.exchange.results import read_result
from desktop.models import Case, IncomingPackage
from desktop.queries.case_card import case_card
from desktop.queries.desk import counts
from desktop.queries.exchange import grounds
from desktop.regulation.model import Act
from desktop.ui import renderer
from desktop.ui.screens.packages import PackagesScreen
from tests import story
from tests.clock import OFFICE_ZONE
from tests.exchange.making import IIN, Made, good, make_keys, with_request
from tests.office import trust_demo
from tests.ui.case_window import Window
from tests.ui.test_packages_screen import drop

PLACE = {"regulation": "atyrau-2012-432", "service": "attachment", "operation": "attach"}


@pytest.fixture(scope="module")
def senders():
    return make_keys()


@pytest.fixture(autouse=True)
def _own_folders(tmp_path, monkeypatch):
    for name in ("STATE", "CONFIG"):
        monkeypatch.setenv(f"RUQSAT_{name}", str(tmp_path / name.lower()))
    yield
    renderer.stop()


@pytest.fixture
def request_of(store, people, clock, senders) -> Made:
    """What the portal sends, signed by the citizen himself."""
    trust_demo(store, senders.authority.root_pem)
    clock.set(datetime(2018, 6, 11, 15, 0, tzinfo=OFFICE_ZONE))
    asked = grounds(store, people.phc, **PLACE)
    citizen = {
        "is_legal_entity": False,
        "identifier": IIN,
        "name_kk": "Жүнісов Асан Берікұлы",
        "name_ru": "Жунисов Асан Берикулы",
        "address": "Атырау қ., Азаттық даңғ., 5",
    }
    made = with_request(
        good(asked.operation, senders.citizen, package_id="portal-2018-0000432"),
        **PLACE,
        applicant=citizen,
        sub_types=[],
        details=[{"field": "organisation", "value": "№ 3 емхана"}],
    )
    del made.request["fee"]
    return made


@pytest.fixture
def screen_of(qtbot, make_desk, store):
    def open_for(actor) -> PackagesScreen:
        desk = make_desk(*actor.roles, store=store)
        desk.actor, desk.draw = actor, story.draw
        made = PackagesScreen(desk)
        qtbot.addWidget(made)
        made.resize(1200, 800)
        made.show()
        made.activateWindow()
        QTest.qWaitForWindowActive(made)
        made.refresh()
        return made

    return open_for


def row_of(store) -> IncomingPackage:
    with store.reading() as session:
        return session.scalars(select(IncomingPackage)).one()


def test_it_is_taken_in_accepted_and_answered(
    qtbot, screen_of, make_desk, store, people, request_of, tmp_path
):
    screen = screen_of(people.phc)
    drop(screen, request_of.write(tmp_path / "portal.zip"))
    assert screen.model.rowCount() == 1
    assert counts(store, people.phc).packages == counts(store, people.clerk).packages == 1
    assert counts(store, people.centre).packages == 0
    QTest.keyClick(screen, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: row_of(store).state == "registered")
    assert screen.desk.told.codes == []
    with store.reading() as session:
        case_id = session.scalars(select(Case.id)).one()
    for actor, act in ((people.phc, Act.APPROVE), (people.phc, Act.RESOLVE), (people.employee, Act.RESOLVE)):
        window = Window(make_desk(*actor.roles, store=store), actor, case_id)
        window.desk.draw = story.draw
        assert window.card.act is act
        window.primary()
        window.close()
    assert case_card(store, people.clerk, case_id=case_id).closed_at is not None
    desk = make_desk(*people.clerk.roles, store=store)
    desk.keep_settings(results_folder=str(tmp_path))
    window = Window(desk, people.clerk, case_id)
    window.click("case.send_result")
    window.close()
    (path,) = tmp_path.glob("result-*.zip")
    told = read_result(path).result
    assert (told["package"], told["result"]) == ("portal-2018-0000432", "notice")


def test_the_counter_sees_it_and_whose_it_is(screen_of, store, people, request_of, tmp_path):
    screen = screen_of(people.clerk)
    drop(screen, request_of.write(tmp_path / "portal.zip"))
    assert not screen.found.register.isEnabled()
    assert screen.found.register.accessibleDescription() in screen.found.about.text()
    screen.found.register.click()
    assert row_of(store).state == "waiting"


def test_a_package_of_the_counter_is_not_his(screen_of, store, people, request_of, senders, tmp_path):
    licence = grounds(
        store, people.clerk, regulation="wko-2018-139", service="medical", operation="issue"
    ).operation
    drop(screen_of(people.clerk), good(licence, senders.applicant).write(tmp_path / "a.zip"))
    screen = screen_of(people.phc)
    assert screen.model.rowCount() == 0
    drop(screen, good(licence, senders.applicant, package_id="portal-2").write(tmp_path / "b.zip"))
    assert screen.faults.text().startswith("b.zip: Your role may not do this")
    assert row_of(store).package_id != "portal-2"


def test_one_that_failed_is_left_to_the_counter(screen_of, store, people, request_of, senders, tmp_path):
    request_of.key = senders.stranger
    screen = screen_of(people.phc)
    drop(screen, request_of.write(tmp_path / "portal.zip"))
    assert not screen.found.register.isVisible()
    assert not screen.found.refuse.isVisible()
    assert "the counter refuses" in screen.found.about.text()
    counter = screen_of(people.clerk)
    assert counter.found.refuse.isVisible()
    counter.found.refuse.click()
    assert row_of(store).state == "refused"
