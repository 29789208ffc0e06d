"""The rows somebody sees, as conditions of a query: on SQLite they are the only ones, on PostgreSQL the policies say the same."""

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    exists,
    false,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from desktop.models import (
    Assignment,
    Case,
    CaseDocument,
    IncomingPackage,
    JournalEntry,
    LawStart,
    LawStep,
    ResultCustody,
)
from desktop.regulation.model import Role
from desktop.regulation.rights import Actor, Command, may
from desktop.regulation.sight import (
    EVENTS_ABOUT_APPLICANTS,
    Sight,
    reads_office_events,
    reads_whole_journal,
    sight_of,
)

_Mine = aliased(Assignment, name="mine")
_Anybody = aliased(Assignment, name="anybody")
_Waiting = aliased(Case, name="waiting_case")
_CaseId = InstrumentedAttribute[int] | InstrumentedAttribute[int | None]


def sees_all(actor: Actor) -> bool:
    """True when no condition narrows what the actor sees of the cases."""
    return sight_of(actor.roles) is Sight.ALL


def in_sight(_session: Session, actor: Actor, case_id: _CaseId) -> ColumnElement[bool]:
    """The condition of a row that belongs to a case the actor sees, as :func:`in_sight_by_tables`.

    Not the server's own list (``my_cases``): that is of who is connected, and an administrator's program may act for
    a person without being him; nor was it quicker.
    """
    return in_sight_by_tables(actor, case_id)


def in_sight_by_tables(actor: Actor, case_id: _CaseId) -> ColumnElement[bool]:
    """The condition of a row that belongs to a case the actor sees, on either engine and whoever is connected.

    It is looked up row by row, for one row or for a page: all the cases of a person are :func:`own_cases`.
    """
    match sight_of(actor.roles):
        case Sight.ALL:
            return true()
        case Sight.NONE:
            return false()
    assigned = select(_Mine.case_id).where(
        _Mine.case_id == case_id, _Mine.person_id == actor.person_id, _Mine.role.in_(_roles(actor))
    )
    seen = [_there_is(assigned), _there_is(_for_anybody(actor).where(_Waiting.id == case_id))]
    if Role.CENTRE_OPERATOR in actor.roles:  # what was sent to the centre
        seen.append(case_id.in_(select(ResultCustody.case_id)))
    return or_(*seen)


def own_cases(actor: Actor) -> CompoundSelect[int]:
    """Every case of somebody who sees his own alone; of one he has in two ways, its id comes twice."""
    assigned = select(_Mine.case_id).where(_Mine.person_id == actor.person_id, _Mine.role.in_(_roles(actor)))
    parts: list[Select[int]] = [assigned, _for_anybody(actor)]
    if Role.CENTRE_OPERATOR in actor.roles:
        parts.append(select(ResultCustody.case_id))
    return union_all(*parts)


def _for_anybody(actor: Actor) -> Select[int]:
    """The cases that wait for anybody of a role of the actor's."""
    somebody = exists().where(_Anybody.case_id == _Waiting.id, _Anybody.role == LawStep.performer)
    return (
        select(_Waiting.id)
        .join(
            LawStep,
            and_(
                LawStep.regulation_sha256 == _Waiting.regulation_sha256,
                LawStep.service == _Waiting.service,
                LawStep.operation == _Waiting.operation,
                LawStep.step == _Waiting.step,
            ),
        )
        .where(_Waiting.step.is_not(None), LawStep.performer.in_(_roles(actor)), ~somebody)
    )


def _roles(actor: Actor) -> list[str]:
    return sorted(role.value for role in actor.roles)


def _there_is(found: Select[int]) -> ColumnElement[bool]:
    """True where the query has a row: as a value, because EXISTS would let PostgreSQL read all there are for one page."""
    return found.limit(1).scalar_subquery().is_not(None)


def paper_in_sight(session: Session, actor: Actor) -> ColumnElement[bool]:
    """The condition of a paper the actor sees; one without a case (a refusal at the counter) is not for everybody."""
    return in_sight(session, actor, CaseDocument.case_id)


def package_in_sight(actor: Actor) -> ColumnElement[bool]:
    """The condition of a package the actor sees: of a case he sees, or one the act has somebody of his role take in."""
    roles = sorted(role.value for role in actor.roles if may([role], Command.RECEIVE_PACKAGE))
    his_to_take_in = exists().where(
        LawStart.regulation_sha256 == IncomingPackage.regulation_sha256,
        LawStart.service == IncomingPackage.service,
        LawStart.operation == IncomingPackage.operation,
        LawStart.channel == IncomingPackage.channel,
        LawStep.regulation_sha256 == LawStart.regulation_sha256,
        LawStep.service == LawStart.service,
        LawStep.operation == LawStart.operation,
        LawStep.step == LawStart.first,
        LawStep.performer.in_(roles),
    )
    of_no_case = and_(IncomingPackage.case_id.is_(None), his_to_take_in)
    return or_(in_sight_by_tables(actor, IncomingPackage.case_id), of_no_case)


def journal_in_sight(session: Session, actor: Actor) -> ColumnElement[bool]:
    """The condition of an entry the actor may read in the journal as a whole."""
    return journal_condition(actor, in_sight(session, actor, JournalEntry.case_id))


def journal_condition(actor: Actor, of_seen_case: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same; ``of_seen_case``: the condition of an entry that belongs to a case the actor sees."""
    if reads_whole_journal(actor.roles):
        return true()
    of_cases = and_(JournalEntry.case_id.is_not(None), of_seen_case)
    own = and_(JournalEntry.case_id.is_(None), JournalEntry.actor == actor.login)
    if not reads_office_events(actor.roles):
        return or_(of_cases, own)
    of_office = and_(
        JournalEntry.case_id.is_(None), JournalEntry.event.not_in(sorted(EVENTS_ABOUT_APPLICANTS))
    )
    return or_(of_cases, own, of_office)
