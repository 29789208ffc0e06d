"""Builds the demo office in a folder: database, keys, trust root, sample scans. Whole or not at all.

``<folder>/office.sqlite`` is the database, ``keys/*.p12`` the people's keys, ``trust-root.pem`` the demo
authority's root. A half-built office is never left under its name: it is built beside and then moved.
"""

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo

from desktop import resources
from desktop.cases import office as founding
from desktop.cases import office_people, signing_in
from desktop.cases.code_keys import set_code_key
from desktop.cases.office_people import PersonFacts
from desktop.cases.signing import SignerSeen
from desktop.demo import decisions, invented, other_services, server_office, story, told_time
from desktop.demo.scans import sample_scans
from desktop.eds import demo_ca, pdf_signature, tokens
from desktop.eds.codes import keys
from desktop.eds.codes.papers import PaperCoder
from desktop.regulation.model import Role, Text
from desktop.regulation.rights import Actor
from desktop.store import upgrade
from desktop.store.database import Store

ZONE = ZoneInfo("Asia/Oral")
REASON = Text("Мемлекеттік қызмет нәтижесі", "Результат государственной услуги")
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class DemoOffice:
    """Where a demo office lies: its folder, and the server where its database is on one."""

    folder: Path
    server: server_office.Server | None = None
    people: tuple[invented.DemoPerson, ...] = invented.PEOPLE

    @property
    def database(self) -> Path:
        return self.folder / "office.sqlite"

    @property
    def url(self) -> str:
        return self.server.url if self.server else f"sqlite:///{self.database}"

    @property
    def passwords(self) -> str | Mapping[str, str]:
        """One for all in a file, each person's own on a server."""
        return self.server.passwords if self.server else invented.PASSWORD

    @property
    def trust_root(self) -> Path:
        return self.folder / "trust-root.pem"

    @property
    def scans(self) -> Path:
        return self.folder / "scans"

    def key(self, login: str) -> Path:
        return self.folder / "keys" / f"{login}.p12"

    @property
    def code_key(self) -> tuple[str, str]:
        """The file of the department's key of codes, and its password."""
        return str(self.key("codes")), invented.PASSWORD


def ensure(
    folder: Path,
    *,
    fresh: bool,
    now: datetime,
    progress: Progress = lambda done, of: None,
    regulations: tuple[tuple[str, str], ...] = (),
    whole: bool = False,
) -> DemoOffice:
    """Return the demo office in ``folder``, building it if it is not there or ``fresh`` is asked for.

    ``now`` (aware) is the moment its story ends at; ``regulations`` (name, text) take the place of the shipped.
    ``whole``: with people of every role and cases of every service, not those of the main job alone.
    """
    people = invented.EVERYBODY if whole else invented.PEOPLE
    office = DemoOffice(folder, people=people)
    if office.database.exists() and not fresh:
        return office
    building = DemoOffice(folder.with_name(f".{folder.name}.{os.getpid()}"), people=people)
    shutil.rmtree(building.folder, ignore_errors=True)
    try:
        _build(building, now.astimezone(ZONE), progress, regulations)
        folder.mkdir(parents=True, exist_ok=True)
        _take_over(building.folder, folder)
    finally:
        shutil.rmtree(building.folder, ignore_errors=True)
    return office


def _take_over(built: Path, folder: Path) -> None:
    """Move what was built to its place; the database last, because its name is what says "ready"."""
    for name in ("office.sqlite", "office.sqlite-wal", "office.sqlite-shm"):
        (folder / name).unlink(missing_ok=True)
    for path in sorted(built.iterdir(), key=lambda item: item.suffix == ".sqlite"):
        target = folder / path.name
        if target.is_dir():
            shutil.rmtree(target)
        os.replace(path, target)


def on_server(
    folder: Path,
    administrator: str,
    *,
    now: datetime,
    progress: Progress = lambda done, of: None,
    regulations: tuple[tuple[str, str], ...] = (),
    whole: bool = False,
) -> DemoOffice:
    """Build the demo office in the empty database of the administrator's URL; keys and scans lie in ``folder``.

    The database is told the time until ``told_time.end``. NotAllowed "database-not-empty", with nothing changed.
    """
    people = invented.EVERYBODY if whole else invented.PEOPLE
    plain = DemoOffice(folder, people=people)
    for old in (plain.folder / "keys", plain.scans):
        shutil.rmtree(old, ignore_errors=True)
    began = now.astimezone(ZONE)
    clock = _prepare_folder(plain, began)
    server = server_office.found(administrator, _new_office(plain, regulations), clock, people)
    office = DemoOffice(folder, server, people)
    try:
        server_office.hire(server, clock, _facts)
        stores, actors = server_office.seats(server, clock)
        try:
            _tell(office, story.Office(stores, clock, actors, *_hand(office, clock)), began, progress)
        finally:
            for store in stores.values():
                store.dispose()
    except BaseException:
        told_time.end(administrator)
        raise
    return office


def _build(
    office: DemoOffice, now: datetime, progress: Progress, regulations: tuple[tuple[str, str], ...]
) -> None:
    clock = _prepare_folder(office, now)
    upgrade.prepare(office.url)
    store = Store(office.url, clock=clock, workstation="demo")
    try:
        actors = _found(store, _new_office(office, regulations), office.people)
        stores = dict.fromkeys(actors, store)
        _tell(office, story.Office(stores, clock, actors, *_hand(office, clock)), now, progress)
    finally:
        store.dispose()


def _prepare_folder(office: DemoOffice, now: datetime) -> story.Clock:
    """Make the keys and the scans; return the clock of the story at its beginning."""
    (office.folder / "keys").mkdir(parents=True)
    _make_keys(office, now - timedelta(days=120))
    sample_scans(office.scans)
    return story.Clock(now - timedelta(days=100))


def _hand(office: DemoOffice, clock: story.Clock) -> tuple[story.Verify, tuple[Path, ...]]:
    """Return how a signature is looked at, and the scans on the counter."""
    roots = [office.trust_root.read_text(encoding="ascii")]
    return lambda pdf: seen(pdf, roots, clock.now), tuple(sorted(office.scans.iterdir()))


def _tell(office: DemoOffice, at_work: story.Office, now: datetime, progress: Progress) -> None:
    with tokens.open_pkcs12(office.key("head"), invented.PASSWORD) as signer:
        at_work.sign = lambda pdf, at: signer.sign(pdf, at=at, reason=REASON)
        codes = keys.open_keystore(*office.code_key)
        at_work.coder = PaperCoder(codes)
        set_code_key(*at_work.seat("admin"), pem=codes.certificate.pem, is_demo=True)
        others = (other_services.also,) if office.people == invented.EVERYBODY else ()
        story.tell(at_work, now, progress=progress, also=_together(*others, decisions.also))


def _together(*each: story.Also) -> story.Also:
    return lambda *told: chain.from_iterable(also(*told) for also in each)


def seen(pdf: bytes, roots: list[str], at: datetime) -> SignerSeen:
    """Return what the verifier sees in ``pdf``, as the command that keeps a signature wants it."""
    verdict = pdf_signature.verify(pdf, demo_roots=roots, at=at)
    return SignerSeen(verdict.iin, verdict.certificate_sha256, verdict.valid, why=verdict.reason.value)


def _make_keys(office: DemoOffice, valid_from: datetime) -> None:
    people = []
    for person in office.people:
        if person in invented.OTHERS and Role.CENTRE_OPERATOR not in person.roles:
            continue  # they sign nothing
        surname, given, *patronymic = person.name.kk.split()
        wanted = demo_ca.DemoPerson(
            f"{surname} {given}".upper(), person.iin, " ".join(patronymic).upper(),
            organisation=invented.OFFICE_NAME.kk, bin=invented.OFFICE_BIN,
        )  # fmt: skip
        people.append((wanted, office.key(person.login), invented.PASSWORD))
    demo_ca.make(people, valid_from=valid_from, root_pem=office.trust_root)
    key, certificate = keys.make(
        name=invented.OFFICE_NAME.kk, bin=invented.OFFICE_BIN, valid_from=valid_from, demo=True
    )
    keys.write_keystore(*office.code_key, key, certificate)


def _facts(person: invented.DemoPerson) -> PersonFacts:
    return PersonFacts(
        login=person.login,
        name_kk=person.name.kk,
        name_ru=person.name.ru,
        position_kk=person.position.kk,
        position_ru=person.position.ru,
        iin=person.iin,
        roles=person.roles,
    )


def _new_office(office: DemoOffice, regulations: tuple[tuple[str, str], ...]) -> founding.NewOffice:
    by_role = {role: person for person in invented.PEOPLE for role in person.roles}
    return founding.NewOffice(
        name_kk=invented.OFFICE_NAME.kk,
        name_ru=invented.OFFICE_NAME.ru,
        bin=invented.OFFICE_BIN,
        address_kk=invented.OFFICE_ADDRESS.kk,
        address_ru=invented.OFFICE_ADDRESS.ru,
        place_kk=invented.OFFICE_PLACE.kk,
        place_ru=invented.OFFICE_PLACE.ru,
        administrator=_facts(by_role[Role.ADMINISTRATOR]),
        administrator_password=invented.PASSWORD,
        head=_facts(by_role[Role.HEAD]),
        head_password=invented.PASSWORD,
        status_address="https://licence.demo.invalid/{number}",
        numbers_licences=True,
        seal=resources.path("stamp", "specimen-seal.png").read_bytes(),
        trust_roots=(office.trust_root.read_text(encoding="ascii"),),
        is_demo=True,
        regulations=regulations,
    )


def _found(
    store: Store, facts: founding.NewOffice, people: tuple[invented.DemoPerson, ...]
) -> dict[str, Actor]:
    """Found the office in a file and hire its people; return them signed in."""
    founding.create_office(store, facts)
    there = {facts.administrator.login, facts.head.login if facts.head else ""}
    first = signing_in.sign_in(
        store, login=facts.administrator.login, password=invented.PASSWORD, workstation="demo"
    )
    for person in people:
        if person.login not in there:
            office_people.save_person(store, first, person=_facts(person), password=invented.PASSWORD)
    return {
        person.login: signing_in.sign_in(
            store, login=person.login, password=invented.PASSWORD, workstation="demo"
        )
        for person in people
    }
