"""Every command besides those on an open case, and how it is used rightly: the counter, the printer, the office."""

import contextlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image
from sqlalchemy import select

from desktop.cases import (
    checkpoints,
    code_keys,
    confirming,
    delivering,
    office,
    packages,
    registering,
    routing,
    signing,
    signing_in,
    systems,
)
from desktop.cases.application import Application, IncomingFile
from desktop.cases.office import PersonFacts
from desktop.cases.packages import PackageCame, PackageTaken
from desktop.errors import BadInput, NotAllowed
from desktop.models import (
    ActingHead,
    Case,
    CaseDocument,
    Confirmation,
    IncomingPackage,
    Person,
    RegulationText,
    TrustRoot,
)
from desktop.regulation import loader
from desktop.regulation.model import Channel, Role
from desktop.regulation.package_checks import Check, Found, Verdict
from desktop.regulation.rights import Command
from desktop.regulation.systems import Answer, Connection, Heard, System, Way, asks_about
from desktop.store.database import Store
from tests import story
from tests.cases.pems import certificate, code_certificate
from tests.exchange.packs import mapped_pack
from tests.office import PASSWORD
from tests.regulation.randomised import randomised_pack
from tests.story import Teller

Run = Callable[[Teller], object]


@dataclass(frozen=True, slots=True)
class Done:
    """``kind``: the command it claims; ``by``: who does it; ``before`` makes ready for it."""

    kind: Command
    by: str
    run: Run
    before: Run = lambda _tell: None


def shipped_pack() -> str:
    return next(told for name, told in loader.shipped() if name.startswith("wko-2018-139"))


def _checkpoint(tell: Teller) -> None:
    head = tell.people.head
    prepared = checkpoints.prepare(tell.store, head, reason="asked", draw=story.draw_checkpoint)
    checkpoints.record(
        tell.store,
        head,
        statement=prepared.statement,
        pdf=prepared.pdf,
        signed=story.sign(prepared.pdf, tell.iin(head)),
        verify=story.verify,
    )


def _register(tell: Teller) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "scan.pdf"
        path.write_bytes(b"%PDF-1.4\n%of the counter\n%%EOF\n")
        registering.register_application(
            tell.store,
            tell.people.clerk,
            application=story.application(tell.store),
            files=[IncomingFile(path)],
            draw=story.draw,
        )


def _refuse(tell: Teller) -> None:
    incomplete: Application = replace(story.application(tell.store), inventory=())
    registering.refuse_acceptance(
        tell.store, tell.people.clerk, application=incomplete, reason="толық емес", draw=story.draw
    )


def _print(tell: Teller) -> None:
    with tell.store.reading() as session:
        document = session.scalars(select(CaseDocument.id).order_by(CaseDocument.id.desc())).first()
    assert document is not None
    delivering.mark_printed(tell.store, tell.people.clerk, document_id=document, copies=1)


def _prepare(tell: Teller) -> None:
    """On the next day, so that the page is drawn anew."""
    tell.clock.forward(days=1)
    seen = tell.seen(_last_case(tell.store))
    signing.prepare(tell.store, tell.people.head, draw=story.draw, **seen)


def _approve_ready(tell: Teller) -> None:
    other = randomised_pack(shipped_pack(), seed=11, act="approve", role="department_head")
    sha256 = office.load_regulation(tell.store, tell.people.administrator, text=other, name="other.toml")
    tell("approve", regulation_sha256=sha256)


def _approve(tell: Teller) -> None:
    case_id = _last_case(tell.store)
    step = tell.step(case_id)
    assert step is not None
    routing.approve(
        tell.store, tell.people.department_head, outcome=step.outcomes[0].id, **tell.seen(case_id)
    )


def _last_case(store: Store) -> int:
    with store.reading() as session:
        found = session.scalars(select(Case.id).order_by(Case.id.desc())).first()
    assert found is not None
    return found


def _facts(**changes: object) -> PersonFacts:
    told: dict[str, object] = {
        "login": "aigerim",
        "name_kk": "Айгерім Ғ.",
        "name_ru": "Айгерим Г.",
        "position_kk": "Маман",
        "position_ru": "Специалист",
        "iin": "",
        "roles": frozenset({Role.CLERK}),
    }
    return PersonFacts(**{**told, **changes})  # type: ignore[arg-type]


def _add_person(tell: Teller) -> None:
    office.save_person(tell.store, tell.people.administrator, person=_facts(), password=PASSWORD)


def _person_id(tell: Teller, login: str) -> int:
    with tell.store.reading() as session:
        return session.scalars(select(Person.id).where(Person.login == login)).one()


def _change_person(tell: Teller) -> None:
    person = _facts(
        person_id=_person_id(tell, "aigerim"),
        login="aigerim2",
        name_kk="Айгерім Ғабит",
        name_ru="Айгерим Габит",
        position_kk="Бас маман",
        position_ru="Главный специалист",
        iin="880808450057",
        roles=frozenset({Role.EXECUTOR}),
    )
    office.save_person(tell.store, tell.people.administrator, person=person)


def _fail_to_sign_in(tell: Teller) -> None:
    with contextlib.suppress(NotAllowed):
        signing_in.sign_in(tell.store, login="clerk", password="wrong-one", workstation="WS-TEST")


def _sign_in(tell: Teller) -> None:
    signing_in.sign_in(tell.store, login="clerk", password=PASSWORD, workstation="WS-TEST")


def _lock_out(tell: Teller) -> None:
    for _ in range(signing_in.ATTEMPTS - 1):
        _fail_to_sign_in(tell)


def _locked(tell: Teller) -> None:
    for _ in range(signing_in.ATTEMPTS):
        _fail_to_sign_in(tell)


def _set_clerks_password(tell: Teller) -> None:
    office.set_password(
        tell.store,
        tell.people.administrator,
        person_id=tell.people.clerk.person_id,
        password="Zhana-2018",
    )


def _block(tell: Teller, *, active: bool = False) -> None:
    office.set_active(
        tell.store, tell.people.administrator, person_id=tell.people.clerk.person_id, active=active
    )


def _let_in(tell: Teller) -> None:
    _block(tell, active=True)


def _own_password(tell: Teller) -> None:
    office.change_own_password(tell.store, tell.people.clerk, old=PASSWORD, new="Zhana-1812")


def _appoint(tell: Teller, *, first: date = date(2018, 6, 4)) -> int:
    return office.appoint_acting_head(
        tell.store,
        tell.people.administrator,
        person_id=tell.people.department_head.person_id,
        order_number="12-ж",
        order_date=date(2018, 6, 1),
        first_day=first,
        last_day=date(2018, 12, 28),
    )


def _end_acting(tell: Teller) -> None:
    with tell.store.reading() as session:
        acting_id = session.scalars(select(ActingHead.id).order_by(ActingHead.id.desc())).first()
    assert acting_id is not None
    office.end_acting_head(tell.store, tell.people.administrator, acting_id=acting_id)


def _confirm(tell: Teller) -> None:
    """What was set last, and not by who confirms."""
    me = tell.people.auditor
    with tell.store.reading() as session:
        found = session.scalars(
            select(Confirmation.id)
            .where(Confirmation.confirmed_at.is_(None), Confirmation.set_by != me.person_id)
            .order_by(Confirmation.id.desc())
        ).first()
    confirming.confirm(tell.store, me, noted=[found or 0])


def _confirm_root(tell: Teller) -> None:
    _confirm(tell)


def _hours(tell: Teller, *, until: str = "18:00") -> None:
    office.set_hours(
        tell.store, tell.people.administrator, valid_from=date(2019, 1, 1), hours={0: [("09:00", until)]}
    )


def _override(tell: Teller, *, word: str = "Көшірілді", hours: tuple[tuple[str, str], ...] = ()) -> None:
    office.set_override(
        tell.store,
        tell.people.administrator,
        day=date(2018, 8, 8),
        intervals=hours,
        reason_kk=word,
        reason_ru=word,
    )


def _other_override(tell: Teller) -> None:
    _override(tell, word="Демалыс", hours=(("10:00", "12:00"),))


def _no_override(tell: Teller) -> None:
    office.remove_override(tell.store, tell.people.administrator, day=date(2018, 8, 8))


def _fee(tell: Teller, *, tenge: int = 2500, source: str = "Заң") -> None:
    office.set_fee_rate(
        tell.store, tell.people.administrator, valid_from=date(2035, 1, 1), tenge=tenge, source=source
    )


def _verified_fee(tell: Teller) -> None:
    """One that came unverified with the program."""
    office.set_fee_rate(
        tell.store, tell.people.administrator, valid_from=date(2012, 1, 1), tenge=1618, source="Заң"
    )


def _seal(tell: Teller) -> None:
    out = BytesIO()
    Image.new("RGBA", (128, 128), (160, 0, 0, 90)).save(out, "PNG")
    office.set_seal(tell.store, tell.people.administrator, png=out.getvalue())


def _trust(tell: Teller) -> None:
    office.add_trust_root(tell.store, tell.people.administrator, pem=certificate())


def _distrust(tell: Teller) -> None:
    with tell.store.reading() as session:
        known = session.scalars(select(TrustRoot.sha256)).one()
    office.remove_trust_root(tell.store, tell.people.administrator, sha256=known)


def _code_key(tell: Teller) -> None:
    code_keys.set_code_key(tell.store, tell.people.administrator, pem=code_certificate())


def _no_code_key(tell: Teller) -> None:
    code_keys.retire_code_key(tell.store, tell.people.administrator)


def _own_facts(tell: Teller) -> None:
    office.set_office(
        tell.store,
        tell.people.administrator,
        changes={
            "name_kk": "Басқарма",
            "name_ru": "Управление",
            "bin": "210440038887",
            "address_kk": "Орал қ.",
            "address_ru": "г. Уральск",
            "place_kk": "Орал қаласы",
            "place_ru": "город Уральск",
            "time_zone": "Asia/Almaty",
            "status_address": "https://status.example.invalid/{number}",
            "numbers_licences": False,
            "incoming_template": "{year}/{sequence:05d}",
            "outgoing_template": "{year2}-{sequence}",
            "licence_template": "{year}{sequence:06d}",
            "file_limit_bytes": 50 * 1024 * 1024,
            "signature_level": "b-t",
            "stamp_address": "http://tsp.example.invalid/",
            "ocsp_address": "http://ocsp.example.invalid/",
            "silence_allowed": True,
        },
    )


def _law(tell: Teller) -> None:
    office.load_regulation(
        tell.store,
        tell.people.administrator,
        text=shipped_pack() + "\n# kept beside the first\n",
        name="other.toml",
    )


def mapped(tell: Teller) -> str:
    """Load the law that names a refusal for every condition; return its hash."""
    text = mapped_pack(shipped_pack())
    sha256 = loader.load_text(text, name="mapped.toml").sha256
    with contextlib.suppress(BadInput):  # it is there already
        office.load_regulation(tell.store, tell.people.administrator, text=text, name="mapped.toml")
    return sha256


def _notice(tell: Teller) -> None:
    answer = Answer(asks_about(System.GBD_FL, identifier="850101450018"), Heard.NO_DATA, Way.BY_HAND)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "print-out.pdf"
        path.write_bytes(b"%PDF-1.4\n%no data\n%%EOF\n")
        systems.record_answer_of_system(
            tell.store,
            tell.people.executor,
            answer=answer,
            note="экраннан көшірме",
            print_out=path,
            notify=True,
            draw=story.draw,
            **tell.seen(_last_case(tell.store)),
        )


def package(tell: Teller, *found: Found, path: Path, **facts: object) -> PackageCame:
    application = story.application(tell.store, **{"channel": Channel.PORTAL, **facts})
    package_id = str(uuid.uuid4())
    path.write_bytes(f"PK of {package_id}".encode())
    return PackageCame(package_id, path, application, found, (("name", "Жүнісов Асан"),))


def receive(tell: Teller, *found: Found, **facts: object) -> int:
    with TemporaryDirectory() as folder:
        came = package(tell, *found, path=Path(folder) / "package.zip", **facts)
        return packages.receive(tell.store, tell.people.clerk, came=came)


def attachment(store: Store) -> dict[str, Any]:
    """What makes an application one for attachment to a primary-care organisation."""
    with store.reading() as session:
        law = session.scalars(
            select(RegulationText.sha256).where(
                RegulationText.regulation == "atyrau-2012-432", RegulationText.current.is_(True)
            )
        ).one()
    person = {
        "is_legal_entity": False,
        "identifier": "850101450018",
        "holder_kk": "Жүнісов Асан",
        "holder_ru": "Жунисов Асан",
    }
    return {"regulation_sha256": law, "service": "attachment", "operation": "attach", **person}


def _receive_request(tell: Teller) -> None:
    with TemporaryDirectory() as folder:
        came = package(tell, SOUND, path=Path(folder) / "package.zip", **attachment(tell.store))
        packages.receive(tell.store, tell.people.phc, came=came)


def _register_request(tell: Teller) -> None:
    registering.register_application(
        tell.store,
        tell.people.phc,
        application=story.application(tell.store, channel=Channel.PORTAL, **attachment(tell.store)),
        draw=story.draw,
        package=PackageTaken(_last_package(tell.store)),
    )


def _last_package(store: Store) -> int:
    with store.reading() as session:
        return session.scalars(select(IncomingPackage.id).order_by(IncomingPackage.id.desc())).first() or 0


BROKEN = Found(Check.SIGNATURE, Verdict.FAILED, "package-signature-broken")
SOUND = Found(Check.SIGNATURE, Verdict.PASSED, "package-signature-sound")


def _judge_again(tell: Teller) -> None:
    tell.clock.forward(minutes=1)
    packages.keep_checks(
        tell.store,
        tell.people.clerk,
        package=_last_package(tell.store),
        found=(SOUND,),
        sender=(("name", "Б"),),
    )


def _refuse_package(tell: Teller) -> None:
    packages.refuse_package(tell.store, tell.people.clerk, package=_last_package(tell.store), draw=story.draw)


def _register_package(tell: Teller) -> None:
    application = story.application(tell.store, channel=Channel.PORTAL)
    registering.register_application(
        tell.store,
        tell.people.clerk,
        application=application,
        draw=story.draw,
        package=PackageTaken(_last_package(tell.store)),
    )


def _system(tell: Teller, address: str = "https://gbd.example/ask") -> None:
    pem = certificate() if address.endswith("2") else ""
    attempts, seconds = (2, 5) if address.endswith("2") else (3, 10)
    systems.set_system(
        tell.store,
        tell.people.administrator,
        connection=Connection(
            System.GBD_FL,
            address,
            active=not address.endswith("2"),
            timeout_seconds=seconds,
            attempts=attempts,
            authority_pem=pem,
        ),
    )


OFFICE_COMMANDS = {
    "set_system": Done(Command.SET_SYSTEMS, "administrator", _system),
    "set_system, again": Done(
        Command.SET_SYSTEMS, "administrator", lambda tell: _system(tell, "https://gbd.example/2"), _system
    ),
    "record_answer_of_system, notice": Done(
        Command.RECORD_SYSTEM,
        "executor",
        _notice,
        lambda tell: tell("check", regulation_sha256=mapped(tell), channel=Channel.PORTAL),
    ),
    "receive_package": Done(Command.RECEIVE_PACKAGE, "clerk", lambda tell: receive(tell, SOUND)),
    "receive_package, again": Done(
        Command.RECEIVE_PACKAGE, "clerk", _judge_again, lambda tell: receive(tell, BROKEN)
    ),
    "receive_package, of a request for attachment": Done(Command.RECEIVE_PACKAGE, "phc", _receive_request),
    "register_application, of a request for attachment": Done(
        Command.REGISTER, "phc", _register_request, _receive_request
    ),
    "refuse_package": Done(
        Command.REFUSE_ACCEPTANCE,
        "clerk",
        _refuse_package,
        lambda tell: (mapped(tell), receive(tell, BROKEN)),
    ),
    "register_application, of a package": Done(
        Command.REGISTER, "clerk", _register_package, lambda tell: receive(tell, SOUND)
    ),
    "register_application": Done(Command.REGISTER, "clerk", _register),
    "refuse_acceptance": Done(Command.REFUSE_ACCEPTANCE, "clerk", _refuse),
    "mark_printed": Done(Command.PRINT, "clerk", _print, _register),
    "approve": Done(Command.APPROVE, "department_head", _approve, _approve_ready),
    "prepare": Done(Command.PREPARE, "head", _prepare, lambda tell: tell("sign")),
    "checkpoint": Done(Command.CHECKPOINT, "head", _checkpoint),
    "sign_in": Done(Command.SIGN_IN, "clerk", _sign_in, _fail_to_sign_in),
    "sign_in, wrong": Done(Command.SIGN_IN, "clerk", _fail_to_sign_in, _lock_out),
    "change_own_password": Done(Command.SET_OWN_PASSWORD, "clerk", _own_password),
    "save_person, new": Done(Command.SET_PEOPLE, "administrator", _add_person),
    "save_person, known": Done(Command.SET_PEOPLE, "administrator", _change_person, _add_person),
    "set_password": Done(Command.SET_PEOPLE, "administrator", _set_clerks_password, _locked),
    "set_active, no": Done(Command.SET_PEOPLE, "administrator", _block),
    "set_active, yes": Done(Command.SET_PEOPLE, "administrator", _let_in, _block),
    "appoint_acting_head": Done(Command.SET_ACTING_HEAD, "administrator", _appoint),
    "end_acting_head": Done(Command.SET_ACTING_HEAD, "administrator", _end_acting, _appoint),
    "end_acting_head, not begun": Done(
        Command.SET_ACTING_HEAD,
        "administrator",
        _end_acting,
        lambda tell: _appoint(tell, first=date(2018, 9, 3)),
    ),
    "confirm": Done(Command.CONFIRM, "auditor", _confirm, _appoint),
    "set_hours": Done(Command.SET_CALENDAR, "administrator", _hours),
    "set_hours, again": Done(
        Command.SET_CALENDAR, "administrator", lambda tell: _hours(tell, until="17:00"), _hours
    ),
    "set_override": Done(Command.SET_CALENDAR, "administrator", _override),
    "set_override, again": Done(Command.SET_CALENDAR, "administrator", _other_override, _override),
    "remove_override": Done(Command.SET_CALENDAR, "administrator", _no_override, _override),
    "set_fee_rate": Done(Command.SET_FEES, "administrator", _fee),
    "set_fee_rate, again": Done(
        Command.SET_FEES, "administrator", lambda tell: _fee(tell, tenge=2600, source="Бюджет"), _fee
    ),
    "set_fee_rate, verified": Done(Command.SET_FEES, "administrator", _verified_fee),
    "set_seal": Done(Command.SET_TRUST, "administrator", _seal),
    "add_trust_root": Done(Command.SET_TRUST, "administrator", _trust),
    "confirm, a root": Done(Command.CONFIRM, "auditor", _confirm_root, _trust),
    "remove_trust_root": Done(Command.SET_TRUST, "administrator", _distrust, _trust),
    "set_code_key": Done(Command.SET_CODE_KEY, "administrator", _code_key),
    "set_code_key, again": Done(Command.SET_CODE_KEY, "administrator", _code_key, _code_key),
    "retire_code_key": Done(Command.SET_CODE_KEY, "administrator", _no_code_key, _code_key),
    "set_office": Done(Command.SET_OFFICE, "administrator", _own_facts),
    "load_regulation": Done(Command.SET_LAW, "administrator", _law),
}
