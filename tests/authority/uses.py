"""Every command that writes, as it is used on the scene: on which case, and by the program's own function."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from desktop.cases import custody, delivering, licence_states, signing
from desktop.cases.application import IncomingFile
from desktop.models import CaseDocument, Licence, LicenceChange, ResultCustody
from desktop.regulation.rights import Actor
from desktop.store.database import Store
from tests import office, story
from tests.authority.scene import Scene
from tests.cases.commands import COMMANDS
from tests.cases.office_commands import OFFICE_COMMANDS
from tests.clock import OFFICE_ZONE, Clock
from tests.story import Teller


@dataclass(frozen=True, slots=True)
class Use:
    """``at``: the scene's word for a case that stands right ("" where there is none); ``by``: who may do it there."""

    kind: str
    at: str
    by: str
    run: Callable[[Teller, Actor, int], object]

    def done_by(self, scene: Scene, store: Store, actor: Actor, *, other: str = "") -> None:
        """Run it in ``store`` on the scene's own case, or on that of ``other`` ("other_", "shared")."""
        clock = Clock()
        clock.set(store.now())
        tell = story.teller(store, office.people(), clock)
        self.run(tell, actor, scene.names.get(self.case(other), 0))

    def case(self, other: str = "") -> str:
        """The name of the case: the executor's, another's, or the one each role has a part in."""
        if not self.at:
            return ""
        return f"{other}_case" if other == "shared" else f"{other}{self.at}_case"


def _on_case(name: str) -> Callable[[Teller, Actor, int], object]:
    return lambda tell, actor, case_id: COMMANDS[name].run(tell, actor, tell.seen(case_id))


def _of_office(name: str) -> Callable[[Teller, Actor, int], object]:
    """The office's commands take the people of the teller: the actor is put in the place of who may do it."""
    done = OFFICE_COMMANDS[name]

    def run(tell: Teller, actor: Actor, _case_id: int) -> object:
        people = replace(tell.people, **{done.by: actor})
        return done.run(Teller(tell.store, people, tell.clock))

    return run


def _prepare(tell: Teller, actor: Actor, case_id: int) -> object:
    return signing.prepare(tell.store, actor, draw=story.draw, **tell.seen(case_id))


def _print(tell: Teller, actor: Actor, case_id: int) -> object:
    with tell.store.reading() as session:
        found = session.scalars(
            select(CaseDocument.id)
            .where(CaseDocument.case_id == case_id, CaseDocument.state != "draft")
            .order_by(CaseDocument.id)
        ).first()
    return delivering.mark_printed(tell.store, actor, document_id=found or 0, copies=1)


def _of_result(work: Callable[..., object], **facts: str) -> Callable[[Teller, Actor, int], object]:
    def run(tell: Teller, actor: Actor, case_id: int) -> object:
        with tell.store.reading() as session:
            found = session.scalars(select(ResultCustody.id).where(ResultCustody.case_id == case_id)).first()
        return work(tell.store, actor, custody_id=found or 0, **facts)

    return run


def _of_licence(ground: str, *, months: bool = False) -> Callable[[Teller, Actor, int], object]:
    def run(tell: Teller, actor: Actor, case_id: int) -> object:
        today = tell.clock.moment.astimezone(OFFICE_ZONE).date()
        with tell.store.reading() as session:
            licence_id = session.scalars(select(Licence.id).where(Licence.case_id == case_id)).first() or 0
            seen = session.scalars(
                select(LicenceChange.id)
                .where(LicenceChange.case_id == case_id)
                .order_by(LicenceChange.id.desc())
            ).first()
        with TemporaryDirectory() as folder:
            scan = Path(folder) / "order.pdf"
            scan.write_bytes(b"%PDF-1.4\n%of another order\n%%EOF\n")
            return licence_states.change_licence(
                tell.store,
                actor,
                licence_id=licence_id,
                seen_change=seen or 0,
                decision=licence_states.Decision(
                    ground=ground,
                    decided_by="licensor",
                    decision_number="1",
                    decided_on=today,
                    from_on=today,
                    until_on=today if months else None,
                ),
                files=[IncomingFile(scan)],
            )

    return run


USES = (
    Use("register", "", "clerk", _of_office("register_application")),
    Use("refuse_acceptance", "", "clerk", _of_office("refuse_acceptance")),
    Use("attach", "check", "executor", _on_case("attach_files")),
    Use("record_system", "check", "executor", _on_case("record_answer_of_system")),
    Use("receive_package", "", "clerk", _of_office("receive_package")),
    Use("assign", "assign", "head", _on_case("assign")),
    Use("check", "check", "executor", _on_case("check_papers, complete")),
    Use("check", "check", "executor", _on_case("check_papers, incomplete")),
    Use("record_answer", "ask", "executor", _on_case("record_answer")),
    Use("save_checks", "decide", "executor", _on_case("save_checks")),
    Use("decide", "decide", "executor", _on_case("draft, licence")),
    Use("decide", "decide", "executor", _on_case("draft, refusal")),
    Use("prepare", "prepare", "head", _prepare),
    Use("sign", "sign", "head", _on_case("record")),
    Use("deliver", "deliver", "clerk", _on_case("hand_over")),
    Use("print", "check", "executor", _print),
    Use("hand_out", "fetch", "clerk", _of_result(custody.hand_out, receiver="X", identity_document="1")),
    Use("take_back", "late", "clerk", _of_result(custody.take_back)),
    Use("request_again", "stored", "clerk", _of_result(custody.request_again)),
    Use("send_again", "asked", "clerk", _of_result(custody.send_again)),
    Use("change_licence", "licence", "department_head", _of_licence("requirements-broken", months=True)),
    Use("change_licence", "suspended", "head", _of_licence("violations-removed")),
    Use("change_licence", "licence", "head", _of_licence("revoked")),
    Use("return_for_rework", "sign", "head", _on_case("return_for_rework")),
    Use("withdraw", "decide", "clerk", _on_case("withdraw")),
    Use("correct", "ask", "executor", _on_case("correct")),
    Use("reassign", "check", "head", _on_case("reassign")),
    Use("set_people", "", "administrator", _of_office("save_person, new")),
    Use("set_people", "", "administrator", _of_office("set_password")),
    Use("set_people", "", "administrator", _of_office("set_active, no")),
    Use("set_acting_head", "", "administrator", _of_office("appoint_acting_head")),
    Use("confirm", "", "auditor", _of_office("confirm")),
    Use("set_calendar", "", "administrator", _of_office("set_hours")),
    Use("set_calendar", "", "administrator", _of_office("set_override")),
    Use("set_fees", "", "administrator", _of_office("set_fee_rate")),
    Use("set_trust", "", "administrator", _of_office("set_seal")),
    Use("set_trust", "", "administrator", _of_office("add_trust_root")),
    Use("set_office", "", "administrator", _of_office("set_office")),
    Use("set_systems", "", "administrator", _of_office("set_system")),
    Use("set_code_key", "", "administrator", _of_office("set_code_key")),
    Use("set_law", "", "administrator", _of_office("load_regulation")),
)
