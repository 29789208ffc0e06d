"""Packages in the window: dropped, judged, registered once, refused in the regulation's words, looked for in a folder."""

from datetime import datetime

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from sqlalchemy import func, select

from desktop.cases import systems
from desktop.models import Attachment, Case, CaseDocument, IncomingPackage
from desktop.queries.exchange import grounds
from desktop.regulation.systems import Connection, System
from desktop.ui import renderer
from desktop.ui.screens.packages import PackagesScreen
from tests import story
from tests.cases.office_commands import mapped
from tests.clock import OFFICE_ZONE
from tests.exchange.making import good, make_keys, with_request
from tests.exchange.other_side import OtherSide, answers, listening
from tests.office import trust_demo


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
def operation(store, people, clock, senders):
    """What the packages are for, in an office that trusts their authority and knows the map's refusals."""
    tell = story.teller(store, people, clock)
    mapped(tell)
    trust_demo(store, senders.authority.root_pem)
    clock.set(datetime(2018, 6, 11, 15, 0, tzinfo=OFFICE_ZONE))
    return grounds(
        store, people.clerk, regulation="wko-2018-139", service="medical", operation="issue"
    ).operation


@pytest.fixture
def screen(qtbot, make_desk, store, people, operation) -> PackagesScreen:
    desk = make_desk(store=store)
    desk.actor = people.clerk
    desk.draw = story.draw
    made = PackagesScreen(desk)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    made.refresh()
    return made


def packages(store):
    with store.reading() as session:
        return session.scalars(select(IncomingPackage).order_by(IncomingPackage.id)).all()


def count(store, model):
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(model))


def drop(screen, *paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    screen.dropEvent(event)


def test_a_package_dropped_is_judged_and_registered_once(screen, store, operation, senders, tmp_path):
    made = good(operation, senders.applicant)
    path = made.write(tmp_path / "portal.zip")
    drop(screen, path, path)
    (row,) = packages(store)
    assert (row.package_id, row.state) == (made.request["id"], "waiting")
    assert {one["check"]: one["verdict"] for one in row.checks} == {
        "signature": "passed",
        "certificate": "passed",
        "revocation": "unchecked",
        "identity": "passed",
        "applicant": "unchecked",
        "fee": "passed",
        "papers": "passed",
    }
    assert screen.model.rowCount() == 1
    assert "ЖҮНІСОВ АСАН" in screen.found.about.text()
    assert not screen.found.refuse.isVisible()
    screen.found.register.click()
    (row,) = packages(store)
    assert row.state == "registered"
    assert (count(store, Case), count(store, Attachment)) == (1, len(made.files))
    with store.reading() as session:
        case = session.scalars(select(Case)).one()
    assert (case.channel, case.outside_number) == ("portal", "KZ18-77")
    assert case.received_at == datetime(2018, 6, 11, 14, 30, tzinfo=OFFICE_ZONE)
    assert screen.model.rowCount() == 0
    drop(screen, path)  # it comes again
    assert (count(store, IncomingPackage), count(store, Case)) == (1, 1)
    screen.all.setChecked(True)
    assert not screen.found.register.isVisible()
    assert screen.found.open.isVisible()


def test_a_condition_that_failed_is_refused_in_the_regulations_words(
    screen, store, operation, senders, tmp_path
):
    drop(screen, good(operation, senders.stranger).write(tmp_path / "p.zip"))
    assert screen.found.about.text().endswith(
        "refusal: ЭЦҚ түпнұсқалығының расталмауына байланысты бас тарту (ru)"
    )
    assert not screen.found.register.isVisible()
    screen.found.refuse.click()
    (row,) = packages(store)
    assert row.state == "refused"
    with store.reading() as session:
        assert session.get_one(CaseDocument, row.document_id).kind == "notice"
    assert count(store, Case) == 0


def test_what_cannot_be_opened_is_said_by_its_name(screen, store, operation, senders, tmp_path):
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK")
    whole = good(operation, senders.applicant).write(tmp_path / "whole.zip")
    elsewhere = with_request(good(operation, senders.applicant), service="dental").write(
        tmp_path / "other.zip"
    )
    drop(screen, broken, elsewhere, whole)
    said = screen.faults.text().split("\n")
    assert [line.split(":")[0] for line in said] == ["broken.zip", "other.zip"]
    assert len(packages(store)) == 1


def test_looked_at_again_when_a_system_answers_at_last(screen, store, people, operation, senders, tmp_path):
    drop(screen, good(operation, senders.applicant).write(tmp_path / "p.zip"))
    with listening(OtherSide(answers("no_data"))) as side:
        how = Connection(System.GBD_UL, side.address, active=True, timeout_seconds=2)
        systems.set_system(store, people.administrator, connection=how)
        screen.found.again.click()
    (row,) = packages(store)
    assert {one["check"]: one["verdict"] for one in row.checks}["applicant"] == "failed"
    assert screen.found.refuse.isVisible()


def test_registering_looks_once_more(screen, store, people, operation, senders, tmp_path):
    """What held in the morning may not hold now: then nothing is registered, and the screen says so."""
    drop(screen, good(operation, senders.applicant).write(tmp_path / "p.zip"))
    with listening(OtherSide(answers("no_data"))) as side:
        how = Connection(System.PAYMENT_GATEWAY, side.address, active=True, timeout_seconds=2)
        systems.set_system(store, people.administrator, connection=how)
        screen.found.register.click()
    assert count(store, Case) == 0
    assert screen.found.refuse.isVisible()


def test_what_may_be_the_same_again_is_the_clerks_to_judge(screen, store, operation, senders, tmp_path):
    for number in (1, 2):
        made = good(operation, senders.applicant, package_id=f"portal-2018-000000{number}")
        drop(screen, made.write(tmp_path / f"{number}.zip"))
        screen.desk.answers.yes = [True, False]  # to register; that it is another
        screen.found.register.click()
    assert count(store, Case) == 1
    assert [row.state for row in packages(store)] == ["registered", "waiting"]
    asked = screen.desk.answers.asked[-1]
    assert "№ 2018-000001" in asked or "No 2018-000001" in asked
    assert "Достық-Дружба" in asked
    screen.desk.answers.yes = [True, True]
    screen.found.register.click()
    assert count(store, Case) == 2


def test_the_watched_folder_is_looked_through(screen, store, operation, senders, tmp_path):
    folder = tmp_path / "incoming"
    folder.mkdir()
    screen.desk.keep_settings(incoming_folder=str(folder))
    good(operation, senders.applicant).write(folder / "a.zip")
    good(operation, senders.applicant, package_id="portal-2018-0000002").write(folder / "b.zip")
    screen.desk.arriving.look()
    assert len(packages(store)) == 2
    used = len(screen.desk.tasks.lanes_used)
    screen.desk.arriving.look()
    assert len(packages(store)) == 2
    assert screen.desk.tasks.lanes_used[used:] == ["files"], "nothing is read again"
    assert sorted(path.name for path in folder.iterdir()) == ["a.zip", "b.zip"]


def test_a_number_that_may_exist_in_life_is_confirmed_by_the_clerk(
    screen, store, operation, senders, tmp_path
):
    applicant = {**good(operation, senders.applicant).request["applicant"], "identifier": "210440038880"}
    made = with_request(good(operation, senders.applicant), applicant=applicant, channel="state_corporation")
    made.key = senders.operator
    drop(screen, made.write(tmp_path / "p.zip"))
    screen.found.register.click()
    with store.reading() as session:
        case = session.scalars(select(Case)).one()
    assert (case.identifier, case.identifier_confirmed) == ("210440038880", True)
