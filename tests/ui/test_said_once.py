"""The place of work, or of attachment, is typed once: as the site; the act's field for it is filled from there."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from desktop.cases import correcting
from desktop.models import Case
from desktop.queries.case_card import case_card
from desktop.regulation.model import Channel, Role
from tests import story
from tests.clock import OFFICE_ZONE
from tests.ui.walking import registered

ATTESTATION = ("akmola-2015-a11-509", "attestation", "attest")
ATTACHMENT = ("atyrau-2012-432", "attachment", "attach")


@pytest.fixture(autouse=True)
def _own_state(tmp_path, monkeypatch):
    monkeypatch.setenv("RUQSAT_STATE", str(tmp_path / "state"))


@pytest.mark.parametrize(
    ("place", "channel", "by", "field"),
    [
        (ATTESTATION, Channel.OFFICE, Role.CLERK, "workplace"),
        (ATTACHMENT, Channel.PORTAL, Role.PHC_EMPLOYEE, "organisation"),
    ],
    ids=["attestation", "attachment"],
)
def test_the_form_asks_for_the_place_once(make_desk, store, people, clock, qtbot, place, channel, by, field):
    now = clock.moment.astimezone(OFFICE_ZONE) - timedelta(minutes=5)
    case_id = registered(make_desk, store, people, qtbot, place=place, channel=channel, by=by, now=now)
    with store.reading() as session:
        case = session.scalars(select(Case).where(Case.id == case_id)).one()
        assert case.site
        assert case.details[field] == case.site
    card = case_card(store, people.clerk, case_id=case_id)
    assert field not in {row.field for row in card.details}  # it is shown as the site
    assert field not in {row.field.id for row in card.asked}


def test_a_correction_of_the_place_is_of_the_field_too(store, people, case_at):
    with store.reading() as session:
        texts = session.scalars(select(story.RegulationText)).all()
    sha256 = next(one.sha256 for one in texts if one.regulation == ATTESTATION[0])
    case_id = case_at(
        "check",
        regulation_sha256=sha256,
        service="attestation",
        operation="attest",
        is_legal_entity=False,
        identifier="850101450018",
        details=(("point", "Ақкөл ауылы"),),
        sub_types=(),
    )
    correcting.correct(
        store, people.clerk, changes={"site": "№ 2 аурухана"}, reason="қате", **case_at.seen(case_id)
    )
    case = case_at.case(case_id)
    assert (case.site, case.details["workplace"]) == ("№ 2 аурухана", "№ 2 аурухана")
