"""A package of every shipped service goes its whole way: judged, registered where the act begins, or refused by it."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from desktop.cases import packages, registering
from desktop.cases.packages import PackageTaken
from desktop.errors import BadInput, NotAllowed
from desktop.exchange.http_port import HttpPort
from desktop.exchange.judging import files_of, judge
from desktop.models import Case, CaseDocument, IncomingPackage
from desktop.queries.exchange import grounds as grounds_of
from desktop.regulation import engine, loader, outside
from desktop.regulation.model import CENTRES, Act, Channel, FieldKind, Role
from desktop.store import blobs
from tests import story
from tests.clock import OFFICE_ZONE
from tests.exchange.making import good, with_request
from tests.office import trust_demo

_SENT = {*CENTRES, Channel.PORTAL}


def _shipped():
    for name, text in loader.shipped():
        regulation = loader.load_text(text, name=name)
        for service in regulation.services:
            for operation in service.operations:
                for channel in operation.channels:
                    if channel in _SENT:
                        yield pytest.param(
                            (regulation.id, service, operation, channel),
                            id=f"{regulation.id}-{service.id}-{operation.id}-{channel.value}",
                        )


_VALUES = {FieldKind.TEXT: "мәтін", FieldKind.DATE: "2018-01-10", FieldKind.LICENCE: "12018547"}


@pytest.fixture
def sent(request, store, people, clock, senders):
    """A package in which everything is right for the place of the parameter."""
    regulation, service, operation, channel = request.param
    trust_demo(store, senders.authority.root_pem)
    clock.set(clock.moment.replace(hour=15).astimezone(OFFICE_ZONE))
    made = good(
        operation,
        senders.operator if channel in CENTRES else senders.applicant,
        regulation=regulation,
        service=service.id,
        channel=channel.value,
        sub_types=[item.id for item in service.sub_types[:1]],
        fee={"receipt": "K-77", "paid_on": "2018-06-08", "tenge": 500_000},
        details=[
            {"field": item.id, "value": item.choices[0].id if item.choices else _VALUES[item.kind]}
            for item in operation.fields
        ],
        licence_issued_on="2014-02-03",
    )
    return made, service, operation, channel


def _came(opened, made, store, people, operation):
    package = opened(made)
    told = package.request
    on = grounds_of(
        store, people.clerk, regulation=told.regulation, service=told.service, operation=told.operation
    )
    return package, judge(package, on, HttpPort)


@pytest.mark.parametrize("sent", list(_shipped()), indirect=True)
def test_a_good_one_becomes_a_case(opened, store, people, sent):
    made, _service, operation, channel = sent
    package, came = _came(opened, made, store, people, operation)
    row = packages.receive(store, people.clerk, came=came)
    application = came.application

    def register() -> None:
        registering.register_application(
            store,
            people.clerk,
            application=application,
            files=files_of(package, operation),
            draw=story.draw,
            package=PackageTaken(row),
        )

    if engine.first_step(operation, channel).performer is not Role.CLERK:  # the act has another take it in
        with pytest.raises(NotAllowed, match="role-may-not"):
            register()
        return
    if any(field.kind is FieldKind.LICENCE for field in operation.fields):
        with pytest.raises(BadInput, match="licence-not-in-register"):
            register()
        application = replace(application, licence_confirmed=True)
    register()
    with store.reading() as session:
        case = session.scalars(select(Case)).one()
        assert session.get_one(IncomingPackage, row).case_id == case.id
    steps = [step.id for step in engine.route(operation, channel)]
    assert case.step in steps[:2]


@pytest.mark.parametrize("sent", list(_shipped()), indirect=True)
def test_one_nobody_signed_is_refused_by_the_act(opened, store, people, sent):
    made, _service, operation, channel = sent
    unsigned = with_request(made)
    unsigned.key = None
    _package, came = _came(opened, unsigned, store, people, operation)
    row = packages.receive(store, people.clerk, came=came)
    document = packages.refuse_package(store, people.clerk, package=row, draw=story.draw)
    named = outside.refusal(operation, channel, Act.CHECK_SIGNATURE)
    with store.reading() as session:
        paper = session.get_one(CaseDocument, document)
        told = json.loads(blobs.get(session, paper.unsigned_sha256).split(b"\n")[2][1:])
    if named is None:
        assert paper.kind == "acceptance_refusal"
    else:
        assert (paper.kind, told["heading"]["kk"]) == ("notice", named.outcome.heading.kk)
