"""Every path of every operation and channel of every shipped regulation is walked by real commands to a result.

The paths are generated from the data. Each actor works in his own seat, so that on PostgreSQL the database's own rights
carry him; and the same with other step ids and one step more, for an id means nothing to the program.
"""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

import desktop
from desktop.cases import correcting, office, registering, routing
from desktop.errors import NotAllowed
from desktop.models import CaseDocument, RegulationText
from desktop.regulation import loader
from desktop.regulation.model import (
    COUNTERS,
    Act,
    Channel,
    Effect,
    FieldKind,
    Operation,
    Regulation,
    Role,
    Service,
)
from desktop.regulation.papers import RESULTS
from desktop.store.database import Store
from tests import office as tests_office
from tests import story, taking
from tests.clock import Clock
from tests.conftest import _database
from tests.regulation.randomised import randomised_pack
from tests.regulation.ways import Way, ways
from tests.seats import Logins, SeatedStore
from tests.story import Teller

SHIPPED = dict(loader.shipped())
every_pack = pytest.mark.parametrize("name", sorted(SHIPPED))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def tell(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Teller]:
    """One office of its own for all the walks of an engine."""
    clock = Clock()
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("_office_file")
        path = tmp_path_factory.mktemp("walks") / "office.sqlite"
        path.write_bytes(template.read_bytes())
        store = Store(f"sqlite:///{path}", clock=clock, workstation=tests_office.WORKSTATION, exclusive=False)
        yield story.teller(store, tests_office.people(), clock)
        store.dispose()
        return
    server: str = request.getfixturevalue("postgres_server")
    founded: tuple[str, Logins] = request.getfixturevalue("_office_template")
    with _database(server, founded[0]) as url:
        store = SeatedStore(url, clock=clock, workstation=tests_office.WORKSTATION, exclusive=False)
        yield story.teller(store, tests_office.people(), clock)
        store.dispose()


@every_pack
def test_every_path_of_a_shipped_regulation_ends_in_a_result(
    tell: Teller, name: str, record_property: Callable[[str, object], None]
) -> None:
    walked = _walk(tell, name, SHIPPED[name])
    record_property("told", f"{name}: {walked} paths walked")


@every_pack
def test_and_so_does_every_path_of_a_copy_with_other_step_ids(
    tell: Teller, name: str, request: pytest.FixtureRequest
) -> None:
    """Through one channel of each operation, and on SQLite one way through it, unless ``--whole``.

    PostgreSQL walks every way: there the database proves each move by the copy's own ids.
    """
    copy = randomised_pack(SHIPPED[name], seed=len(name))
    whole = request.config.getoption("--whole")
    if tell.store.dialect == "sqlite" and not whole:
        assert _walk(tell, name, copy, one_channel=True, one_way=True) >= 2
        return
    assert _walk(tell, name, copy, one_channel=not whole) >= 3


def _walk(tell: Teller, name: str, text: str, *, one_channel: bool = False, one_way: bool = False) -> int:
    regulation = loader.load_text(text, name=name)
    sha256 = _in_force(tell, regulation, text)
    walked = 0
    for service, operation, channel in _ways_in(regulation):
        if one_channel and channel is not operation.channels[0]:
            continue
        found = list(ways(operation, channel))[: 1 if one_way else None]
        assert found, (service.id, operation.id, channel)
        for way in found:
            _go(tell, sha256, service, operation, channel, way)
            walked += 1
    return walked


def _in_force(tell: Teller, regulation: Regulation, text: str) -> str:
    """Return the hash of the text, which the office loads unless it has it and has loaded no other since."""
    with tell.store.reading() as session:
        current = session.scalars(
            select(RegulationText.sha256).where(
                RegulationText.regulation == regulation.id, RegulationText.current.is_(True)
            )
        ).all()
    again = f"{text}\n# loaded by a test\n"
    for known in (regulation.sha256, loader.load_text(again, name=regulation.id).sha256):
        if known in current:
            return known
    return office.load_regulation(tell.store, tell.people.administrator, text=again, name=regulation.id)


def _ways_in(regulation: Regulation) -> Iterator[tuple[Service, Operation, Channel]]:
    for service in regulation.services:
        for operation in service.operations:
            for channel in operation.channels:
                yield service, operation, channel


def _go(
    tell: Teller, sha256: str, service: Service, operation: Operation, channel: Channel, way: Way
) -> None:
    tell.clock.set(Clock().moment)  # each case begins on the same morning
    case_id = _registered(tell, sha256, service, operation, channel)
    for step_id, outcome_id in way:
        standing = tell.standing(case_id)
        step = standing.step
        assert step is not None, (way, step_id)
        assert step.id == step_id, (way, step.id)
        outcome = next(item for item in step.outcomes if item.id == outcome_id)
        tell.clock.forward(minutes=1)
        taking.take(tell, case_id, step, outcome, standing=standing)
    case = tell.case(case_id)
    assert case.step is None, way
    assert case.result in {kind.value for kind in RESULTS}, (service.id, operation.id, channel, way)
    with tell.store.reading() as session:
        papers = session.scalars(select(CaseDocument).where(CaseDocument.case_id == case_id)).all()
    assert {paper.state for paper in papers if paper.kind == case.result} & {"signed", "issued"}, way
    for paper in papers:
        said = paper.facts.get("decision_number") or paper.facts["number"]
        assert said == paper.number, (way, paper.kind)


SPLIT = [
    (name, service.id, operation.id)
    for name, text in sorted(SHIPPED.items())
    for service, operation, channel in _ways_in(loader.load_text(text, name=name))
    if channel is operation.channels[0] and any(move.next_of for move in operation.office_moves)
]


@pytest.mark.parametrize(("name", "service", "operation"), SPLIT, ids=" ".join)
def test_a_draft_goes_back_to_where_its_own_kind_is_made(
    tell: Teller, name: str, service: str, operation: str
) -> None:
    """A notice of termination to the check of the papers, whose number it keeps; a licence to the examination."""
    regulation = loader.load_text(SHIPPED[name], name=name)
    sha256 = _in_force(tell, regulation, SHIPPED[name])
    its = regulation.service(service)
    tell.clock.set(Clock().moment)
    case_id = _registered(tell, sha256, its, its.operation(operation), its.operation(operation).channels[0])

    def go_to_signature(effect: Effect) -> None:
        while (step := tell.step(case_id)) is not None and step.act is not Act.SIGN:
            tell.clock.forward(minutes=1)
            outcome = next((item for item in step.outcomes if item.effect is effect), step.outcomes[0])
            taking.take(tell, case_id, step, outcome)

    def returned_to() -> Act:
        seen = tell.seen(case_id)
        routing.return_for_rework(tell.store, tell.people.head, reason="Тізімді тексеріңіз", **seen)
        step = tell.step(case_id)
        assert step is not None
        return step.act

    go_to_signature(Effect.INCOMPLETE)
    assert tell.case(case_id).draft_kind == "termination"
    assert returned_to() is Act.CHECK
    go_to_signature(Effect.INCOMPLETE)
    with tell.store.reading() as session:
        asked = select(CaseDocument.number, CaseDocument.state).where(
            CaseDocument.case_id == case_id, CaseDocument.kind == "termination"
        )
        drawn = session.execute(asked.order_by(CaseDocument.id)).all()
    assert [state for _, state in drawn] == ["replaced", "draft"]
    assert len({number for number, _ in drawn}) == 1
    assert tell.case(case_id).return_reason == ""
    assert returned_to() is Act.CHECK
    go_to_signature(Effect.COMPLETE)
    assert tell.case(case_id).draft_kind == "licence"
    assert returned_to() is Act.DECIDE
    go_to_signature(Effect.COMPLETE)
    tell.go_on(case_id, "licence")


@pytest.mark.parametrize("at", [Role.PHC_EMPLOYEE, Role.DEPARTMENT_EMPLOYEE])
def test_a_request_for_attachment_is_withdrawn_and_corrected_by_whoever_has_it(
    tell: Teller, at: Role
) -> None:
    """No clerk takes part (002, items 8, 9): he may neither of the two."""
    name = "atyrau-2012-432.toml"
    regulation = loader.load_text(SHIPPED[name], name=name)
    its = regulation.service("attachment")
    tell.clock.set(Clock().moment)
    sha256 = _in_force(tell, regulation, SHIPPED[name])
    case_id = _registered(tell, sha256, its, its.operations[0], Channel.PORTAL)
    while (step := tell.step(case_id)) is not None and step.performer is not at:
        tell.clock.forward(minutes=1)
        taking.take(tell, case_id, step, step.outcomes[0])
    assert step is not None
    other = {Role.PHC_EMPLOYEE: Role.DEPARTMENT_EMPLOYEE}.get(at, Role.PHC_EMPLOYEE)
    for stranger in (tell.people.clerk, taking.who(tell.people, other)):
        with pytest.raises(NotAllowed) as refused:
            routing.withdraw(tell.store, stranger, reason="Өз еркімен", **tell.seen(case_id))
        assert refused.value.code in {"role-may-not", "not-assigned-to-you", "case-not-found"}
    has_it = taking.who(tell.people, at)
    changes = {"holder_address": "Атырау қ., Сырым Датов к., 2"}
    correcting.correct(tell.store, has_it, changes=changes, reason="Қате терілген", **tell.seen(case_id))
    assert tell.case(case_id).holder_address == changes["holder_address"]
    routing.withdraw(tell.store, has_it, reason="Өз еркімен", **tell.seen(case_id))
    assert tell.case(case_id).result == "withdrawn"


def test_there_is_an_act_whose_drafts_go_back_to_different_steps() -> None:
    assert len(SPLIT) == 3


_given = iter(range(1, 10**6))


def _registered(tell: Teller, sha256: str, service: Service, operation: Operation, channel: Channel) -> int:
    """An application with all its act asks for; a licence it names was issued before this register began."""
    named = any(item.kind is FieldKind.LICENCE for item in operation.fields)
    elsewhere = channel not in COUNTERS
    form = story.application(
        tell.store,
        regulation_sha256=sha256,
        service=service.id,
        operation=operation.id,
        channel=channel,
        details=taking.details_of(operation, f"{next(_given):06d}DF" if named else ""),
        licence_confirmed=named,
        licence_issued_on=story.LONG_AGO if named else None,
        received_at=tell.clock.moment if elsewhere else None,
        outside_number=f"002-{next(_given)}" if elsewhere else "",
        fee_tenge=500_000,
    )
    if elsewhere:
        tell.clock.forward(minutes=5)
    registered = registering.register_application(
        tell.store, tell.registrar(form), application=form, draw=story.draw
    )
    return registered.case_id


_ORDINARY = {
    "answer": "a column",
    "attestation": "a service, a paper",
    "completeness": "a picture of the demo",
    "decision": "a picture of the demo",
    "delivery": "a picture of the demo",
    "hearing": "a table",
    "licence": "a paper, a table, a register",
    "refusal": "a paper",
    "payment": "what an item of an act speaks of",
    "registration": "a window",
    "request": "a paper",
    "signing": "a section of the administration",
    "signature": "a file of a package, what is being done",
    "visa": "a picture of the demo",
}
"""Words a pack calls a step by and the program calls something else by."""


def test_no_step_of_a_shipped_regulation_is_named_in_the_program() -> None:
    """An id of a step is the pack's own: where the code named it, a rule would hang on it."""
    ids = {
        step.id
        for name, text in SHIPPED.items()
        for _service, operation, _channel in _ways_in(loader.load_text(text, name=name))
        for step in operation.steps
    }
    assert len(ids) > 50
    root = Path(desktop.__file__).parent
    named = [
        f"{path.relative_to(root)}:{node.lineno}: {node.value}"
        for path in sorted(root.rglob("*.py"))
        for node in _texts(ast.parse(path.read_text(encoding="utf-8")), ids)
    ]
    named += [
        f"{path.relative_to(root)}: {step_id}"
        for path in sorted(root.rglob("*.sql"))
        for step_id in sorted(ids - set(_ORDINARY))
        if f"'{step_id}'" in path.read_text(encoding="utf-8")
    ]
    assert named == []


def _texts(tree: ast.AST, ids: set[str]) -> Iterator[ast.Constant]:
    """Yield the texts that name a step: any id that is no ordinary word, and whatever a step is compared with."""
    compared = {
        id(side)
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and any(_is_step(side) for side in (node.left, *node.comparators))
        for side in ast.walk(node)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or node.value not in ids:
            continue
        if node.value not in _ORDINARY or id(node) in compared:
            yield node


def _is_step(side: ast.expr) -> bool:
    """``case.step``, ``step.id``, ``step_id``: what holds the id of a step."""
    if isinstance(side, ast.Attribute):
        return side.attr in {"step", "step_id"} or (
            side.attr == "id" and isinstance(side.value, ast.Name) and side.value.id == "step"
        )
    return isinstance(side, ast.Name) and side.id in {"step", "step_id"}
