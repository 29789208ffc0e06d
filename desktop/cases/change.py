"""One change of one case: the transaction every command on a case runs in.

Locks and loads the case, proves that it is still as the user saw it, reads the law it began under
and the office's clock, and leaves a new version behind. Nothing is written when anything fails.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from desktop.cases import journal, numbers
from desktop.cases.claiming import Claimed, claiming
from desktop.cases.standing import at_work
from desktop.errors import NotAllowed
from desktop.models import Assignment, Case, CaseDocument, Office, Person, RegulationText
from desktop.regulation import deadlines, engine, loader, rights, terms
from desktop.regulation.model import (
    Act,
    Channel,
    DocumentKind,
    Effect,
    OfficeMove,
    OpenOfficeMove,
    Operation,
    Outcome,
    Regulation,
    Role,
    Service,
    Step,
)
from desktop.regulation.papers import RESULTS
from desktop.regulation.pauses import Pause, pauses
from desktop.regulation.rights import Actor, Command
from desktop.store.calendar import working_calendar
from desktop.store.database import Store
from desktop.store.sight import in_sight
from desktop.store.stays import stays


@dataclass(slots=True)
class Change:
    """What a command works with while its transaction is open."""

    claimed: Claimed
    session: Session
    actor: Actor  # as the database knows him now
    case: Case
    office: Office
    service: Service
    operation: Operation
    calendar: terms.WorkingCalendar
    now: datetime
    touch: bool = True  # the case gets a new version even if only its papers changed

    @property
    def local_now(self) -> datetime:
        return self.now.astimezone(ZoneInfo(self.office.time_zone))

    @property
    def today(self) -> date:
        return self.local_now.date()

    @property
    def step(self) -> Step:
        """The step the case stands at; NotAllowed "case-closed" once it has ended."""
        if self.case.step is None:
            raise NotAllowed("case-closed", number=self.case.number)
        return self.operation.step(self.case.step)

    def choose(self, act: Act, outcome_id: str) -> Outcome:
        """Return the outcome the actor may choose at this step, or say exactly why not."""
        step = self.step
        if step.act != act:
            raise NotAllowed("step-is-another", number=self.case.number, act=step.act.value)
        return engine.choose(
            self.operation,
            step.id,
            outcome_id,
            roles=self.actor.roles,
            assigned=self.assigned(step),
            answer=Effect(self.case.answer) if self.case.answer else None,
        )

    def performs(self, act: Act) -> Step:
        """Return the step if its act is ``act`` and the actor is its performer; NotAllowed otherwise."""
        step = self.step
        if step.act != act:
            raise NotAllowed("step-is-another", number=self.case.number, act=step.act.value)
        if step.performer not in self.actor.roles:
            raise NotAllowed("role-may-not", role=step.performer.value)
        if not self.assigned(step):
            raise NotAllowed("not-assigned-to-you", role=step.performer.value)
        return step

    def choose_move(self, move: OfficeMove) -> OpenOfficeMove:
        others = {item.role for item in self.case.assignments if item.person_id != self.actor.person_id}
        roles = self.actor.roles
        return engine.choose_move(
            self.operation, self.step.id, move, roles=roles, others=frozenset(map(Role, others))
        )

    def assigned(self, step: Step) -> bool:
        """True when nobody in particular does the step, or the actor is that person."""
        person_id = self.assignee(step.performer.value)
        return person_id is None or person_id == self.actor.person_id

    def assignee(self, role: str) -> int | None:
        return next((item.person_id for item in self.case.assignments if item.role == role), None)

    def assign(self, role: str, person: Person) -> None:
        for item in self.case.assignments:
            if item.role == role:
                item.person_id = person.id
                return
        self.case.assignments.append(Assignment(role=role, person_id=person.id))

    def record(self, event: journal.Event, *, step: str | None = None, **facts: object) -> None:
        """Write the journal entry. ``step`` is where it happened, when the case has moved already."""
        journal.record(
            self.session, self.actor, event, self.case, at=self.now, step=step or self.case.step, **facts
        )

    def go(self, next_step: str | None, *, result: str | None = None) -> list[str]:
        """Move the case to a step, or close it with ``result``; return the numbers voided by closing.

        The step's own term counts from now. The total term is touched only by leaving a step that pauses it: then it
        moves on by what was lost there.
        """
        self._move_total_on(next_step)
        case = self.case
        case.step = next_step
        case.step_entered_at = self.now
        if next_step is not None:
            term = self.operation.step(next_step).term
            case.step_due_at = terms.due(self.calendar, term, self.now).due_at if term else None
            return []
        case.step_due_at = None
        case.closed_at = self.now
        case.result = result
        case.draft_kind = None
        self.replace_drafts()
        for request in case.requests:
            if request.answered_at is None:
                request.answered_at = self.now  # nobody waits for it any more; it stays without an answer
        return numbers.void_reserved(self.session, case, f"ended-as-{result}")

    def _move_total_on(self, next_step: str | None) -> None:
        case = self.case
        if case.step is None or case.step == next_step or not self.operation.step(case.step).pauses_total:
            return
        entered = case.step_entered_at
        stood = stays(self.session, case.id, case.step, until=entered)
        step = self.operation.step(case.step)
        case.due_at, case.hand_over_by = deadlines.moved_on(
            self.calendar,
            self.operation,
            Channel(case.channel),
            case.received_at,
            case.due_at,
            before=pauses(self.operation, (stay for stay in stood if stay.left is not None), entered),
            pause=Pause(entered, max(entered, self.now), step.title, step.clause),
        )

    def replace_drafts(self) -> None:
        """Make void what waits for a signature: a new draft takes its place, or the case has ended."""
        for document in self.case.documents:
            if document.state == "draft":
                document.state = "replaced"

    def result(self) -> CaseDocument | None:
        """Return the last paper the case can end with; a notice may be that where there is no other. None before."""
        papers = [item for item in self.case.documents if item.state in {"signed", "issued"}]
        kinds = RESULTS - {DocumentKind.NOTICE}
        last = [item for item in papers if DocumentKind(item.kind) in kinds]
        notices = [item for item in papers if item.kind == DocumentKind.NOTICE.value]
        found = notices[-1:] + last[-1:]
        return found[-1] if found else None

    def ends_with(self) -> str | None:
        """Return the kind of that paper."""
        paper = self.result()
        return paper.kind if paper else None

    def draft(self) -> CaseDocument | None:
        """Return the paper that waits for the signature."""
        return next((item for item in reversed(self.case.documents) if item.state == "draft"), None)


@contextmanager
def changing(
    store: Store, actor: Actor, case_id: int, seen_version: int, command: Command
) -> Iterator[Change]:
    """Open the transaction of ``command`` on a case.

    Raises NotAllowed "case-moved-on" (number, who, what, event, when) if a colleague was quicker,
    "role-may-not" if no role of the actor may use the command, "case-not-found" for a case out of his sight.
    """
    try:
        with claiming(store, actor, command, case_id=case_id) as claimed:
            session = claimed.session
            change = _load(claimed, actor, case_id, seen_version, command)
            yield change
            if change.touch:
                flag_modified(change.case, "step_entered_at")
            session.flush()
    except StaleDataError as error:
        with store.reading(by=actor.login) as session:
            case = session.get(Case, case_id)
            raise (moved_on(session, case) if case else NotAllowed("case-not-found")) from error
    except NotAllowed as said:
        if isinstance(
            said.__cause__, DBAPIError
        ):  # the database said it, which looks at the case before the version
            _refuse_moved_on(store, actor, case_id, seen_version, said)
        raise


def _refuse_moved_on(store: Store, actor: Actor, case_id: int, seen_version: int, said: NotAllowed) -> None:
    """Raise "case-moved-on" if the case is no more what the user saw: then that is why he was refused."""
    with store.reading(by=actor.login) as session:
        case = session.get(Case, case_id)
        of_the_case = "role" in said.facts or said.code != "role-may-not"
        if case is not None and case.version != seen_version and of_the_case:
            raise moved_on(session, case) from said


def moved_on(session: Session, case: Case) -> NotAllowed:
    """Return the refusal that says who was quicker, with what and when (office time)."""
    last = journal.last_entry(session, case.id)
    office = session.get_one(Office, 1)
    return NotAllowed(
        "case-moved-on",
        number=case.number,
        who=last.actor_name if last else "",
        what=last.event if last else "",
        when=last.at.astimezone(ZoneInfo(office.time_zone)) if last else None,
    )


def law(session: Session, sha256: str, service: str, operation: str) -> tuple[Service, Operation]:
    """Return the service and operation of the very text a case is pinned to."""
    regulation = _known.get(sha256)
    if regulation is None:
        text = session.get_one(RegulationText, sha256)
        regulation = _known[sha256] = loader.load_text(text.content, name=text.regulation)
    found = regulation.service(service)
    return found, found.operation(operation)


_known: dict[str, Regulation] = {}  # by hash: a text never changes


def _load(claimed: Claimed, actor: Actor, case_id: int, seen_version: int, command: Command) -> Change:
    session, now = claimed.session, claimed.now
    office, now_actor = at_work(session, actor, now)
    rights.require(now_actor, command)
    # locked before anything of it is read, so that two commands on one case wait in one place and never deadlock;
    # without its key, which the claims of both already hold (PostgreSQL: FOR NO KEY UPDATE)
    case = session.scalars(
        select(Case)
        .where(Case.id == case_id, in_sight(session, now_actor, Case.id))
        .with_for_update(of=Case, key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if case is None:
        raise NotAllowed("case-not-found")
    if case.version != seen_version:
        raise moved_on(session, case)
    if case.step is None:
        raise NotAllowed("case-closed", number=case.number)
    service, operation = law(session, case.regulation_sha256, case.service, case.operation)
    return Change(
        claimed, session, now_actor, case, office, service, operation, working_calendar(session), now
    )
