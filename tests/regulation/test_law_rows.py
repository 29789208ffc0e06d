"""The rows of the law say what the engine says, for every shipped pack and a copy with other ids and one step more."""

import pytest
from sqlalchemy import select

from desktop.cases import office
from desktop.errors import NotAllowed
from desktop.models import LawMove, LawOfficeMove, LawStart, LawStep, RegulationText
from desktop.regulation import engine, loader
from desktop.regulation.law_rows import LawRows, law_rows, office_steps
from desktop.regulation.model import Act, Channel, Effect, OfficeMove, Operation, Regulation, Role
from tests.regulation.randomised import randomised_pack

_PACKS = [
    *(loader.load_text(text, name=name) for name, text in loader.shipped()),
    *(
        loader.load_text(randomised_pack(text, seed=seed, act=act), name=name)
        for name, text in loader.shipped()
        for seed, act in ((3, "assign"), (5, "approve"))
    ),
]
_ROLES = tuple(frozenset({role}) for role in Role)


@pytest.fixture(params=_PACKS, ids=lambda pack: f"{pack.id} {pack.version}")
def regulation(request) -> Regulation:
    found: Regulation = request.param
    return found


def _of(rows: LawRows, table: str, regulation: Regulation, service: str, operation: str):
    return [
        row
        for row in getattr(rows, table)
        if (row["regulation_sha256"], row["service"], row["operation"])
        == (regulation.sha256, service, operation)
    ]


def _each(regulation: Regulation):
    for service in regulation.services:
        for operation in service.operations:
            yield service.id, operation


def test_every_outcome_leads_where_the_engine_says(regulation: Regulation):
    rows = law_rows(regulation)
    for service, operation in _each(regulation):
        moves = _of(rows, "law_move", regulation, service, operation.id)
        performers = {
            row["step"]: row["performer"] for row in _of(rows, "law_step", regulation, service, operation.id)
        }
        for step in office_steps(operation):
            for outcome in step.outcomes:
                for roles in _ROLES:
                    for answer in (None, *Effect):
                        expected = _chosen(operation, step.id, outcome.id, roles, answer)
                        allowed = [
                            (row["next"], row["effect"], row["produces"])
                            for row in moves
                            if row["step"] == step.id
                            and row["outcome"] == outcome.id
                            and performers[step.id] in roles
                            and (not row["needs_answer"] or (answer or "") in row["needs_answer"].split())
                        ]
                        assert allowed == expected, (step.id, outcome.id, roles, answer)
        assert len(moves) == sum(len(step.outcomes) for step in office_steps(operation))


def _chosen(operation: Operation, step: str, outcome: str, roles, answer):
    try:
        found = engine.choose(operation, step, outcome, roles=roles, assigned=True, answer=answer)
    except NotAllowed:
        return []
    return [(found.next, found.effect.value, found.produces.value if found.produces else None)]


def test_drafts_of_some_kinds_go_back_elsewhere():
    text = dict(loader.shipped())["akmola-2015-a11-509.toml"]
    rows = law_rows(loader.load_text(text, name="akmola")).law_office_move
    returns = {
        (row["service"], row["next"], row["next_of"]) for row in rows if row["move"] == "return_for_rework"
    }
    assert returns == {
        ("pharmaceutical", "decision", '{"termination": "completeness"}'),
        ("narcotics", "decision", "{}"),
        ("attestation", "attestation", "{}"),
    }
    assert {row["next_of"] for row in rows if row["move"] != "return_for_rework"} == {"{}"}


def test_every_office_move_is_open_to_the_roles_the_engine_says(regulation: Regulation):
    rows = law_rows(regulation)
    for service, operation in _each(regulation):
        written = _of(rows, "law_office_move", regulation, service, operation.id)
        for step in operation.steps:
            for move in OfficeMove:
                for roles in _ROLES:
                    allowed = {
                        row["next"]
                        for row in written
                        if (row["move"], row["step"]) == (move.value, step.id) and row["role"] in roles
                    }
                    try:
                        opened = engine.choose_move(operation, step.id, move, roles=roles)
                        assert allowed == {opened.next}
                    except NotAllowed:
                        assert allowed == set()


def test_a_case_begins_where_the_engine_says(regulation: Regulation):
    rows = law_rows(regulation)
    for service, operation in _each(regulation):
        starts = {row["channel"]: row for row in _of(rows, "law_start", regulation, service, operation.id)}
        assert set(starts) == {channel.value for channel in operation.channels}
        for channel, row in starts.items():
            first = engine.first_step(operation, Channel(channel))
            assert row["first"] == first.id
            begins = operation.step(row["step"] or "")
            assert begins.id == (first.outcomes[0].next if first.act is Act.ACCEPT else first.id)


def test_a_kept_text_has_its_rows_and_keeps_them_when_it_comes_back(any_store, people):
    text = next(told for name, told in loader.shipped() if name.startswith("wko-2018-139"))
    other = randomised_pack(text, seed=9)
    for given in (other, text, other):
        office.load_regulation(any_store, people.administrator, text=given, name="wko.toml")
    with any_store.reading() as session:
        kept = session.scalars(select(RegulationText)).all()
        for row in kept:
            expected = law_rows(loader.load_text(row.content, name="kept"))
            for model in (LawStart, LawStep, LawMove, LawOfficeMove):
                table = model.__table__
                found = session.execute(
                    select(table).where(table.c.regulation_sha256 == row.sha256)
                ).mappings()
                wanted = getattr(expected, table.name)
                assert sorted(map(repr, map(dict, found))) == sorted(
                    repr({column.name: line[column.name] for column in table.columns}) for line in wanted
                )
    assert len(kept) >= 2
