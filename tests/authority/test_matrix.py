"""The program's rights table and the shipped law against the matrix written by hand."""

import pytest

from desktop.regulation import loader
from desktop.regulation.model import Act, OfficeMove, Operation, Role
from desktop.regulation.rights import Command, may
from tests.authority.matrix import COMMANDS, LAW, NO, ROLES, SIGHT

_ACTS = {
    "register": Act.ACCEPT,
    "assign": Act.ASSIGN,
    "approve": Act.APPROVE,
    "check": Act.CHECK,
    "record_answer": Act.ASK,
    "save_checks": Act.DECIDE,
    "decide": Act.DECIDE,
    "attest": Act.ATTEST,
    "resolve": Act.RESOLVE,
    "hear": Act.HEAR,
    "prepare": Act.SIGN,
    "sign": Act.SIGN,
    "deliver": Act.DELIVER,
}
_MOVES = ("return_for_rework", "withdraw", "correct", "reassign")


def _operation() -> Operation:
    """Return the issue of the medical licence, which has every act of the matrix that a licence needs."""
    name, text = next(item for item in loader.shipped() if item[0].startswith("wko-2018-139"))
    return loader.load_text(text, name=name).service("medical").operation("issue")


def test_every_command_and_every_role_of_the_office_has_its_place():
    assert set(COMMANDS) == {command.value for command in Command}
    assert set(ROLES) == {role.value for role in Role} - {"state_body", "applicant", "system"}
    assert set(SIGHT) == set(ROLES)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_program_gives_a_command_to_the_roles_of_the_matrix(command):
    given = {role for role in ROLES if may([Role(role)], Command(command))}
    assert given == {role for role, cell in COMMANDS[command].items() if cell != NO}


@pytest.mark.parametrize("command", _ACTS)
def test_the_law_gives_a_step_to_the_performer_of_the_matrix(command):
    performers = {step.performer.value for step in _operation().steps if step.act == _ACTS[command]}
    assert performers == {role for role, cell in COMMANDS[command].items() if cell not in {NO, LAW}}


@pytest.mark.parametrize("command", _MOVES)
def test_the_law_opens_a_move_to_the_roles_of_the_matrix(command):
    moves = [item for item in _operation().office_moves if item.move == OfficeMove(command)]
    given = {role.value for item in moves for role in item.roles}
    assert given == {role for role, cell in COMMANDS[command].items() if cell not in {NO, LAW}}


def test_who_reads_no_case_by_the_matrix_sees_none():
    for role, cell in COMMANDS["read_cases"].items():
        assert {"yes": "all", "own": "assigned", "no": "none"}[cell] == SIGHT[role]
