"""Who may do what: the one table the program's guards and buttons read (the database's grants will too).

What a *step* allows comes from the regulation (its performer); this table says which office roles may use a
command at all. Sources: 001 item 8 (roles), ``security`` notes 3.4 (office commands, [I]).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from desktop.errors import NotAllowed
from desktop.regulation.model import Role


class Command(StrEnum):
    REGISTER = "register"
    REFUSE_ACCEPTANCE = "refuse_acceptance"
    ATTACH = "attach"
    RECORD_SYSTEM = "record_system"  # what a connected system said of the case
    RECEIVE_PACKAGE = "receive_package"
    ASSIGN = "assign"
    APPROVE = "approve"
    CHECK = "check"
    RECORD_ANSWER = "record_answer"
    SAVE_CHECKS = "save_checks"
    DECIDE = "decide"
    ATTEST = "attest"
    RESOLVE = "resolve"
    HEAR = "hear"
    PREPARE = "prepare"
    SIGN = "sign"
    DELIVER = "deliver"
    HAND_OUT = "hand_out"  # at a centre
    TAKE_BACK = "take_back"  # from a centre, for storage
    REQUEST_AGAIN = "request_again"
    SEND_AGAIN = "send_again"
    PRINT = "print"
    CHANGE_LICENCE = "change_licence"  # suspended, resumed, terminated
    RETURN_FOR_REWORK = "return_for_rework"
    WITHDRAW = "withdraw"
    CORRECT = "correct"
    REASSIGN = "reassign"
    READ_CASES = "read_cases"
    EXPORT = "export"
    READ_JOURNAL = "read_journal"
    ADMINISTER = "administer"  # any of the next: what a place or a button asks for
    SET_PEOPLE = "set_people"
    SET_ACTING_HEAD = "set_acting_head"
    SET_CALENDAR = "set_calendar"
    SET_FEES = "set_fees"
    SET_TRUST = "set_trust"  # the seal and whose certificates are believed
    SET_OFFICE = "set_office"
    SET_LAW = "set_law"
    SET_SYSTEMS = "set_systems"
    SET_CODE_KEY = "set_code_key"  # of the codes on papers
    CONFIRM = "confirm"  # what another set about a signer, or whom to believe
    CHECKPOINT = "checkpoint"  # the head's signature under the state of the journal
    FOUND = "found"
    SIGN_IN = "sign_in"
    SET_OWN_PASSWORD = "set_own_password"  # noqa: S105 - a command's name


_HANDLERS = frozenset(
    {Role.CLERK, Role.HEAD, Role.DEPARTMENT_HEAD, Role.EXECUTOR, Role.COMMISSION_SECRETARY, Role.COMMISSION}
)
_ATTACHERS = frozenset({Role.PHC_EMPLOYEE, Role.DEPARTMENT_EMPLOYEE})
_WORKERS = _HANDLERS | _ATTACHERS | {Role.CENTRE_OPERATOR}

# 001 item 7(7), 003 (narcotics) item 5(6), 003 (attestation) item 5(5), 000 table 3 step 9
_DELIVERERS = frozenset({Role.CLERK, Role.EXECUTOR, Role.COMMISSION_SECRETARY, Role.CENTRE_OPERATOR})

OFFICE_COMMANDS = frozenset(
    {
        Command.SET_PEOPLE,
        Command.SET_ACTING_HEAD,
        Command.SET_CALENDAR,
        Command.SET_FEES,
        Command.SET_TRUST,
        Command.SET_OFFICE,
        Command.SET_LAW,
        Command.SET_SYSTEMS,
        Command.SET_CODE_KEY,
    }
)

# the centre's operator, or the clerk whom the centre tells
_GIVE_OUT = frozenset({Role.CENTRE_OPERATOR, Role.CLERK})

_EVERYBODY = _WORKERS | {Role.AUDITOR, Role.ADMINISTRATOR}

CONFIRMERS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
"""Who may be the second person; :mod:`desktop.cases.confirming`."""

LOOKED_AT_TWICE = CONFIRMERS | {Role.HEAD}
"""Whose data another person has to confirm, an acting head's besides."""

RIGHTS: dict[Command, frozenset[Role]] = {
    Command.REGISTER: frozenset({Role.CLERK, Role.CENTRE_OPERATOR, Role.PHC_EMPLOYEE}),
    Command.REFUSE_ACCEPTANCE: frozenset({Role.CLERK}),
    Command.ATTACH: _HANDLERS,
    Command.RECORD_SYSTEM: _HANDLERS | _ATTACHERS,
    # 002 (attachment) items 6(7), 8(1): a request from the portal is the primary-care organisation's to take in
    Command.RECEIVE_PACKAGE: frozenset({Role.CLERK, Role.PHC_EMPLOYEE}),
    Command.ASSIGN: frozenset({Role.HEAD, Role.DEPARTMENT_HEAD}),
    # 002 (attachment) item 6(7): who takes the request in says which way it goes
    Command.APPROVE: frozenset({Role.HEAD, Role.DEPARTMENT_HEAD, Role.EXECUTOR, Role.PHC_EMPLOYEE}),
    Command.CHECK: frozenset({Role.EXECUTOR, Role.DEPARTMENT_HEAD, Role.COMMISSION_SECRETARY}),
    Command.RECORD_ANSWER: frozenset({Role.EXECUTOR, Role.DEPARTMENT_HEAD, Role.CLERK}),
    Command.SAVE_CHECKS: frozenset({Role.EXECUTOR, Role.DEPARTMENT_HEAD, Role.COMMISSION}),
    Command.DECIDE: frozenset({Role.EXECUTOR, Role.DEPARTMENT_HEAD, Role.COMMISSION}),
    Command.ATTEST: frozenset({Role.COMMISSION, Role.COMMISSION_SECRETARY}),  # 003 (attestation) item 5(4)
    Command.RESOLVE: _ATTACHERS,  # 002 (attachment) items 8, 9
    Command.HEAR: frozenset({Role.EXECUTOR, Role.DEPARTMENT_HEAD}),
    Command.PREPARE: frozenset({Role.HEAD}),
    Command.SIGN: frozenset({Role.HEAD}),
    Command.DELIVER: _DELIVERERS,
    Command.HAND_OUT: _GIVE_OUT,
    Command.TAKE_BACK: _GIVE_OUT,
    Command.REQUEST_AGAIN: _GIVE_OUT,
    Command.SEND_AGAIN: frozenset({Role.CLERK}),
    Command.PRINT: _DELIVERERS | _ATTACHERS,
    # [I] whose decision it is, or who runs the licensing under him: the counter takes nobody's right away
    Command.CHANGE_LICENCE: frozenset({Role.HEAD, Role.DEPARTMENT_HEAD}),
    Command.RETURN_FOR_REWORK: frozenset({Role.HEAD, Role.DEPARTMENT_HEAD}),
    # of a request for attachment: whoever of the two organisations has it, for no clerk takes part (002, items 8, 9)
    Command.WITHDRAW: frozenset({Role.CLERK}) | _ATTACHERS,
    Command.CORRECT: frozenset({Role.CLERK, Role.EXECUTOR}) | _ATTACHERS,
    Command.REASSIGN: frozenset({Role.HEAD, Role.DEPARTMENT_HEAD}),
    Command.READ_CASES: _WORKERS | {Role.AUDITOR},
    Command.EXPORT: frozenset({Role.CLERK, Role.HEAD, Role.DEPARTMENT_HEAD, Role.EXECUTOR, Role.AUDITOR}),
    Command.READ_JOURNAL: frozenset({Role.HEAD, Role.AUDITOR, Role.ADMINISTRATOR}),
    Command.ADMINISTER: frozenset({Role.ADMINISTRATOR}),
    **dict.fromkeys(OFFICE_COMMANDS, frozenset({Role.ADMINISTRATOR})),
    Command.CONFIRM: CONFIRMERS,
    Command.CHECKPOINT: frozenset({Role.HEAD}),
    Command.FOUND: frozenset(),  # once, before there is anybody
    Command.SIGN_IN: _EVERYBODY,
    Command.SET_OWN_PASSWORD: _EVERYBODY,
}


@dataclass(frozen=True, slots=True)
class Acting:
    """The right to stand in for the head, by an order, from the first to the last day inclusive."""

    order_number: str
    order_date: date
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Actor:
    """The person signed in. ``roles`` already holds HEAD while ``acting`` is in force."""

    person_id: int
    login: str
    name_kk: str
    name_ru: str
    roles: frozenset[Role]
    workstation: str
    acting: Acting | None = None

    def name(self, language: str) -> str:
        return self.name_kk if language == "kk" else self.name_ru


def may(roles: Iterable[Role], command: Command) -> bool:
    return not RIGHTS[command].isdisjoint(roles)


def require(actor: Actor, command: Command) -> None:
    """Raise NotAllowed("role-may-not") unless one of the actor's roles may use ``command``."""
    if not may(actor.roles, command):
        raise NotAllowed("role-may-not", command=command.value)
