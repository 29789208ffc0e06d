"""The stage of the attacks: an office on PostgreSQL as it is in earnest, each person with a login of his own.

Nothing of the tests is in it: the rights are those ``making.create`` installs, the clock is the server's, and who
connects is known by his own connection. Made once a run; what must change nothing runs on the one database.
"""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from desktop.cases import (
    code_keys,
    confirming,
    correcting,
    licence_states,
    packages,
    registering,
    routing,
    systems,
)
from desktop.cases import office as office_commands
from desktop.cases.application import IncomingFile
from desktop.models import (
    Assignment,
    Attachment,
    Case,
    CaseDocument,
    Claim,
    Confirmation,
    IncomingPackage,
    Licence,
    Person,
    RegisterCounter,
    ResultCustody,
    SurveyAnswer,
)
from desktop.regulation.model import Channel, Role
from desktop.regulation.rights import Actor
from desktop.regulation.systems import Answer, Connection, Heard, System, Way, asks_about
from desktop.store import making
from desktop.store.database import Store
from tests import office, story, taking
from tests.authority.hostile.kinds import SERVER
from tests.authority.matrix import SIGHT
from tests.cases.office_commands import BROKEN, SOUND, attachment, receive, shipped_pack
from tests.cases.pems import certificate, code_certificate
from tests.clock import OFFICE_ZONE, Clock
from tests.seats import SeatedStore

OUTSIDER = "stranger"  # a login of the server that is nobody in this office
GHOST = "ghost"  # one that is in every group of the office, and no person of it

# login -> office roles; the others are those of tests/office.py
MORE = {
    "deputy": ("executor",),  # acting head by an order of today
    "former": ("executor",),  # was acting head until yesterday
    "clerk2": ("clerk",),
    "secretary2": ("commission_secretary",),
    "phc2": ("phc_employee",),
    "admin2": ("administrator",),
    "puppet": ("administrator",),  # hired by an administrator, confirmed by nobody
    "head2": ("head",),  # the same
    "blocked": ("executor",),
    "reopened": ("executor",),  # blocked by the office, let in again past it by a hand on the server
}
ROLE_OF = {
    "clerk": "clerk",
    "head": "head",
    "department_head": "department_head",
    "executor": "executor",
    "secretary": "commission_secretary",
    "commission": "commission",
    "centre": "centre_operator",
    "phc": "phc_employee",
    "employee": "department_employee",
    "auditor": "auditor",
    "administrator": "administrator",
}
"""Whom the matrix is proved with."""

# where a case stands, by its name in the statements; ``other_`` belongs to executor2
STEPS = ("assign", "check", "ask", "decide", "sign", "deliver", "licence")


# of a password nobody uses
_VERIFIER = "SCRAM-SHA-256$4096:c2FsdHNhbHRzYWx0c2FsdA==$" + ":".join(["A" * 43 + "="] * 2)


@dataclass(slots=True)
class Scene:
    """``names``: what a statement may call by %(name)s; ``url``: of the server's superuser."""

    url: str
    prefix: str
    names: dict[str, Any] = field(default_factory=dict)
    people: dict[str, Actor] = field(default_factory=dict)

    def login_url(self, login: str) -> str:
        """The address under which ``login`` connects as himself."""
        role = login if login == OUTSIDER else f"{self.prefix}_{login}"
        return make_url(self.url).set(username=role).render_as_string(hide_password=False)

    def plain_url(self, login: str | None = None) -> str:
        """The same for psycopg; None is the server's superuser."""
        url = self.url if login is None else self.login_url(login)
        return url.replace("postgresql+psycopg://", "postgresql://")

    def connect(self, login: str | None = None) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection of one's own that binds names on the client's side, as psql does.

        In the office's time zone: what an attack dates "now" is the office's today, in the evening too.
        """
        login = None if login == SERVER else login
        zone = f"-c TimeZone={OFFICE_ZONE.key}"
        return psycopg.connect(
            self.plain_url(login), autocommit=True, cursor_factory=psycopg.ClientCursor, options=zone
        )

    def store(self, login: str) -> Store:
        """The program's own way in, as ``login``."""
        return Store(self.login_url(login), workstation="WS-RED")


def build(url: str) -> Scene:
    """Found the office, hire its people and bring cases to every step, each command by who may use it."""
    making.create(url)
    store = SeatedStore(url, workstation=office.WORKSTATION)
    office.found(store)
    scene = Scene(url, store.prefix)
    _play(store, scene)
    store.dispose()
    with scene.connect() as connection:
        _by_hand(connection, scene)
    return scene


def _by_hand(connection: psycopg.Connection[tuple[Any, ...]], scene: Scene) -> None:
    """What a careless administrator of the server leaves behind."""
    login = sql.Identifier(f"{scene.prefix}_reopened")
    connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(OUTSIDER)))
    groups = [f"{scene.prefix}__{role}" for role in ("user", *ROLE_OF.values())]
    connection.execute(
        sql.SQL("CREATE ROLE {} LOGIN IN ROLE {}").format(
            sql.Identifier(f"{scene.prefix}_{GHOST}"), sql.SQL(", ").join(map(sql.Identifier, groups))
        )
    )
    connection.execute(sql.SQL("ALTER ROLE {} LOGIN").format(login))
    for role in ("administrator", "executor"):
        group = sql.Identifier(f"{scene.prefix}__{role}")
        connection.execute(sql.SQL("GRANT {} TO {}").format(group, login))
    connection.execute(
        "INSERT INTO presence (case_id, person_id, opened_at, seen_at) SELECT c, p, now(), now()"
        " FROM unnest(%s::int[]) c, unnest(%s::int[]) p",
        (
            [scene.names["check_case"], scene.names["other_check_case"]],
            [scene.people["head"].person_id, scene.people["clerk"].person_id],
        ),
    )
    # as an executor may have drawn it past the program: a first licence that says it has been one for years
    connection.execute(
        "UPDATE case_document SET facts = jsonb_set(facts::jsonb, '{first_issued_on}', '\"2009-05-04\"')"
        " WHERE id = %s",
        (scene.names["dated_document"],),
    )
    # a licence that is older than the decision about it
    connection.execute(
        "UPDATE licence SET issued_on = issued_on - 60, first_issued_on = first_issued_on - 60 WHERE id = %s",
        (scene.names["suspended_licence"],),
    )
    # a case that was moved back after its licence was signed
    connection.execute(
        "UPDATE case_file SET step = 'decision', step_entered_at = now() WHERE id = %s",
        (scene.names["back_case"],),
    )


def build_local(url: str) -> Scene:
    """The same people and cases in a SQLite file that holds the office already."""
    store = Store(url, workstation=office.WORKSTATION, exclusive=False)
    scene = Scene(url, "")
    _play(store, scene)
    store.dispose()
    return scene


def _play(store: Store, scene: Scene) -> None:
    _hire(store, scene)
    _tell_cases(store, scene)
    _order(store, scene)
    _hear_systems(store, scene)
    _send_to_the_centre(store, scene)
    _decide_about_licences(store, scene)
    _load_laws(store, scene)
    _name(store, scene)


def _hire(store: Store, scene: Scene) -> None:
    administrator = office.people().administrator
    for number, (login, roles) in enumerate(MORE.items()):
        person = office_commands.PersonFacts(
            login,
            f"{login} қызметкері",
            f"сотрудник {login}",
            "Маман",
            "Специалист",
            "700520350035" if "head" in roles else "",
            frozenset(map(Role, roles)),
        )
        office_commands.save_person(
            store, administrator, person=person, password=f"{office.PASSWORD}{number}"
        )
    with store.reading() as session:
        for row in session.scalars(select(Person)).all():
            roles = frozenset(Role(item.role) for item in row.roles)
            scene.people[row.login] = Actor(
                row.id, row.login, row.name_kk, row.name_ru, roles, office.WORKSTATION
            )


def _order(store: Store, scene: Scene) -> None:
    administrator = office.people().administrator
    today = store.now().astimezone(OFFICE_ZONE).date()
    for login, first, last in (
        ("deputy", today, today + timedelta(days=1)),
        ("former", today - timedelta(days=9), today - timedelta(days=1)),
    ):
        office_commands.appoint_acting_head(
            store,
            administrator,
            person_id=scene.people[login].person_id,
            order_number="12-к",
            order_date=first,
            first_day=first,
            last_day=last,
        )
    office_commands.set_override(
        store, administrator, day=today, intervals=(), reason_kk="Демалыс", reason_ru="Выходной"
    )
    for login in ("blocked", "reopened"):
        office_commands.set_active(
            store, administrator, person_id=scene.people[login].person_id, active=False
        )
    office_commands.add_trust_root(store, administrator, pem=certificate())
    code_keys.set_code_key(store, administrator, pem=code_certificate())
    for login in ("deputy", "admin2"):
        scene.names[f"{login}_change"] = _confirm(store, scene, login)
    office_commands.set_password(
        store,
        scene.people["admin2"],
        person_id=scene.people["head2"].person_id,
        password=f"{office.PASSWORD}-2",
    )


def _confirm(store: Store, scene: Scene, login: str) -> int:
    """The auditor confirms all that waits about a person; the last of its changes."""
    with store.reading() as session:
        found = session.scalars(
            select(Confirmation.id).where(
                Confirmation.person_id == scene.people[login].person_id,
                Confirmation.confirmed_at.is_(None),
            )
        ).all()
    confirming.confirm(store, scene.people["auditor"], noted=found)
    return max(found)


def _tell_cases(store: Store, scene: Scene) -> None:
    clock = Clock()  # of the stories only; the store's is the server's
    clock.set(store.now())
    case_at = story.teller(store, office.people(), clock)
    with TemporaryDirectory() as folder:
        scan = Path(folder) / "scan.pdf"
        scan.write_bytes(b"%PDF-1.4\n%of two cases\n%%EOF\n")
        _tell_steps(case_at, scene, (IncomingFile(scan),))
    scene.names["deputy_case"] = case_at("decide", executor=scene.people["deputy"])
    scene.names["back_case"] = case_at("deliver")
    scene.names["dated_case"] = case_at("sign")
    # drawn before the particulars were corrected, so that it is drawn anew for the signature
    prepared = scene.names["prepare_case"] = case_at("sign")
    correcting.correct(
        store,
        scene.people["clerk"],
        changes={"site": "Орал қ., Сырым Датов к., 2"},
        reason="қате терілген",
        **case_at.seen(prepared),
    )
    # its number is voided
    given_up = scene.names["withdrawn_case"] = case_at("sign")
    routing.withdraw(store, scene.people["clerk"], reason="Өз еркімен", **case_at.seen(given_up))
    registering.refuse_acceptance(
        store,
        scene.people["clerk"],
        application=replace(story.application(store), inventory=(), holder_ru="ТОО Отказ"),
        reason="толық емес",
        draw=story.draw,
    )
    _tell_meetings(case_at, scene)
    # the decree assigns nobody but the executor; a case of each other role is made by hand
    shared = scene.names["shared_case"] = case_at("check")
    # and one whose signature was given to the deputy alone
    apart = scene.names["apart_case"] = case_at("sign")
    with store.writing() as session:
        session.add(Assignment(case_id=apart, role="head", person_id=scene.people["deputy"].person_id))
        resolved = scene.names["resolve_case"]
        session.add(
            Assignment(case_id=resolved, role="phc_employee", person_id=scene.people["phc2"].person_id)
        )
        session.add_all(
            Assignment(case_id=shared, role=role, person_id=scene.people[login].person_id)
            for login, role in ROLE_OF.items()
            if SIGHT[role] == "assigned" and role != "executor"
        )


def _tell_meetings(case_at: story.Teller, scene: Scene) -> None:
    """A commission that is to sit and one that has sat; a hearing to come and one that was; a request to resolve."""
    scene.names["resolve_case"] = case_at("resolve")
    secretary, executor = scene.people["secretary2"], scene.people["executor2"]
    for name in ("sit", "sat"):
        scene.names[f"{name}_case"] = case_at("attest", executor=secretary)
    for name in ("other_hear", "other_heard"):
        scene.names[f"{name}_case"] = case_at("hear", executor=executor)
    case_at.go_on(scene.names["sat_case"], "deliver", executor=secretary)
    heard = scene.names["other_heard_case"]
    step = case_at.step(heard)
    assert step is not None
    taking.take(case_at, heard, step, step.outcomes[0], executor=executor)


def _tell_steps(case_at: story.Teller, scene: Scene, files: tuple[IncomingFile, ...]) -> None:
    """A case of the executor at every step, and one of another; the same scan lies in all of them."""
    for step in STEPS:
        scene.names[f"{step}_case"] = case_at(step, holder_ru=f"ТОО Свой {step}", files=files)
        if step != "assign":
            scene.names[f"other_{step}_case"] = case_at(
                step,
                executor=scene.people["executor2"],
                holder_ru=f"ТОО Чужой {step}",
                files=files,
            )


def _hear_systems(store: Store, scene: Scene) -> None:
    """What a system said of a case of each executor; packages that wait, are refused or are a case; an address."""
    clock = Clock()
    clock.set(store.now())
    tell = story.teller(store, office.people(), clock)
    for name, login in (("", "executor"), ("other_", "executor2")):
        answer = Answer(
            asks_about(System.GBD_UL, identifier="210440038887"),
            Heard.ANSWERED,
            Way.HTTP,
            told=(("head", name or "own"),),
            evidence=f"{{{name}}}".encode(),
        )
        systems.record_answer_of_system(
            store,
            scene.people[login],
            answer=answer,
            draw=story.draw,
            **tell.seen(scene.names[f"{name}check_case"]),
        )
    scene.names["other_evidence"] = hashlib.sha256(b"{other_}").hexdigest()
    scene.names["phc_package"] = receive(tell, SOUND, **attachment(store))
    scene.names["package"] = receive(tell, BROKEN)
    settled = scene.names["settled_package"] = receive(tell, BROKEN)
    scene.names["refused_document"] = packages.refuse_package(
        store, scene.people["clerk"], package=settled, draw=story.draw
    )
    came = receive(tell, SOUND)
    with store.writing() as session:
        registered = session.get_one(IncomingPackage, came)
        registered.state, registered.case_id = "registered", scene.names["check_case"]
        registered.settled_at, registered.settled_by = store.now(), scene.people["clerk"].person_id
    systems.set_system(
        store,
        office.people().administrator,
        connection=Connection(System.RPN, "https://rpn.example/ask", active=True),
    )


def _send_to_the_centre(store: Store, scene: Scene) -> None:
    """Results at the State corporation: one just sent, one kept too long, one in storage, one asked for anew."""
    clock = Clock()
    clock.set(store.now())
    tell = story.teller(store, office.people(), clock)
    past = {"kept_until": store.now() - timedelta(days=1)}
    back = {**past, "returned_at": store.now(), "returned_by": scene.people["clerk"].person_id}
    asked = {"requested_at": store.now(), "requested_by": scene.people["clerk"].person_id}
    for name, changes in (
        ("fetch", {}),
        ("late", past),
        ("stored", back),
        ("asked", {**back, **asked, "send_again_by": store.now() + timedelta(days=1)}),
    ):
        case_id = scene.names[f"{name}_case"] = tell("licence", channel=Channel.STATE_CORPORATION)
        with store.writing() as session:
            kept = session.scalars(select(ResultCustody).where(ResultCustody.case_id == case_id)).one()
            for column, value in changes.items():
                setattr(kept, column, value)
            scene.names[f"{name}_custody"] = kept.id
            if name == "late":
                told = {"given_at": store.now(), "recorded_by": scene.people["clerk"].person_id}
                session.add(SurveyAnswer(case_id=case_id, question="process", answer="satisfied", **told))


def _decide_about_licences(store: Store, scene: Scene) -> None:
    """A licence that is suspended, one that was terminated; each decision with its scan."""
    clock = Clock()
    clock.set(store.now())
    tell = story.teller(store, office.people(), clock)
    today = store.now().astimezone(OFFICE_ZONE).date()
    with TemporaryDirectory() as folder:
        scan = Path(folder) / "order.pdf"
        scan.write_bytes(b"%PDF-1.4\n%an order\n%%EOF\n")
        for name, ground, until in (
            ("suspended", "requirements-broken", today + timedelta(days=30)),
            ("stopped", "revoked", None),
        ):
            case_id = scene.names[f"{name}_case"] = tell("licence")
            with store.reading() as session:
                licence_id = session.scalars(select(Licence.id).where(Licence.case_id == case_id)).one()
            decision = licence_states.Decision(
                ground=ground,
                decided_by="licensor",
                decision_number="7-ө",
                decided_on=today,
                from_on=today,
                until_on=until,
            )
            licence_states.change_licence(
                store,
                scene.people["department_head"],
                licence_id=licence_id,
                seen_change=0,
                decision=decision,
                files=[IncomingFile(scan)],
            )


def _load_laws(store: Store, scene: Scene) -> None:
    """A text that is no longer the current one, and one whose applications another counter takes in."""
    administrator = office.people().administrator
    shipped = shipped_pack()
    another = shipped.replace('id = "wko-2018-139"', 'id = "wko-2018-139-centre"', 1).replace(
        'act = "accept"\nrole = "clerk"', 'act = "accept"\nrole = "centre_operator"', 1
    )
    for name, words in (
        ("old_law", shipped + "\n# of yesterday\n"),
        ("law", shipped),
        ("centre_law", another),
    ):
        scene.names[name] = office_commands.load_regulation(
            store, administrator, text=words, name=f"{name}.toml"
        )


def _name(store: Store, scene: Scene) -> None:
    """Give the statements the ids and hashes of what lies in the cases."""
    names = scene.names
    names.update({f"{login}_id": actor.person_id for login, actor in scene.people.items()})
    with store.reading() as session:
        for name, case_id in list(names.items()):
            if not name.endswith("_case"):
                continue
            case = session.get_one(Case, case_id)
            names[name.removesuffix("_case") + "_number"] = case.number
            documents = session.scalars(
                select(CaseDocument).where(CaseDocument.case_id == case_id).order_by(CaseDocument.id)
            ).all()
            for document in documents:
                names[name.removesuffix("_case") + "_document"] = document.id
                names[name.removesuffix("_case") + "_sha256"] = document.unsigned_sha256
            licence_id = session.scalars(select(Licence.id).where(Licence.case_id == case_id)).first()
            if licence_id is not None:
                names[name.removesuffix("_case") + "_licence"] = licence_id
            attached = session.scalars(select(Attachment.sha256).where(Attachment.case_id == case_id)).all()
            if attached:
                names[name.removesuffix("_case") + "_scan"] = attached[0]
        year = store.now(session).astimezone(OFFICE_ZONE).year
        last = session.scalars(
            select(RegisterCounter.last).where(
                RegisterCounter.register == "incoming", RegisterCounter.year == year
            )
        ).one()
        names.update(year=year, next_incoming=f"{last + 1:06d}")
        waiting = select(func.max(Confirmation.id)).where(Confirmation.confirmed_at.is_(None))
        names["root_change"] = session.scalar(waiting.where(Confirmation.root_sha256.is_not(None)))
        for name, login in (("administrators_change", "administrator"), ("admin2s_change", "admin2")):
            set_by = scene.people[login].person_id
            of_head = Confirmation.person_id == scene.people["head2"].person_id
            names[name] = session.scalar(waiting.where(Confirmation.set_by == set_by, of_head))
        names["used_id"] = session.scalars(
            select(Claim.id).where(Claim.case_id == names["check_case"]).order_by(Claim.at)
        ).first()
        waiting = session.get_one(CaseDocument, names["sign_document"])
        names["sign_paper_number"] = waiting.number
        drawn = story.content(session, waiting)
        dated = story.content(session, session.get_one(CaseDocument, names["dated_document"]))
    own = "(SELECT c.{} FROM command c WHERE c.transaction_id = pg_current_xact_id()::text::bigint)"
    names.update(moment=own.format("at"), command=own.format("id"), command_case=own.format("case_id"))
    names["outgoing"] = (
        f"INSERT INTO register_counter (register, year, last) VALUES ('outgoing', {year}, 1)"
        " ON CONFLICT (register, year) DO UPDATE SET last = register_counter.last + 1"
    )
    names["outgoing_reserved"] = (
        "INSERT INTO register_number (register, year, sequence, text, state, case_id, reason, given_at)"
        f" SELECT 'outgoing', {year}, last, last || '/{year}', 'reserved', «command_case», '', «moment»"
        f" FROM register_counter WHERE register = 'outgoing' AND year = {year}"
    )
    names["outgoing_used"] = names["outgoing_reserved"].replace("'reserved'", "'used'")
    names.update(prefix=scene.prefix, database=make_url(scene.url).database, verifier=_VERIFIER)
    for name, content in (
        ("good", story.sign(drawn, "700520350035")),
        ("dated_good", story.sign(dated, "700520350035")),
        ("forged", story.sign(b"%PDF-1.7 of another text", "700520350035")),
    ):
        sha256 = hashlib.sha256(content).hexdigest()
        names[f"{name}_sha256"] = sha256
        names[f"{name}_blob"] = (
            "INSERT INTO blob (sha256, size, media_type, created_at)"
            f" VALUES ('{sha256}', {len(content)}, 'application/pdf', «moment»)"
        )
        names[f"{name}_chunk"] = (
            f"INSERT INTO blob_chunk (sha256, position, content) VALUES ('{sha256}', 0, '\\x{content.hex()}')"
        )


_TABLES = """
    SELECT c.relname FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY 1
"""
_CATALOGUE = """
    SELECT 'class', relname::text, relacl::text, relowner::regrole::text, relrowsecurity::text, relkind::text
        FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT 'column', attrelid::regclass::text, attname::text, attacl::text, atttypid::text, attnum::text
        FROM pg_attribute WHERE attrelid IN
        (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace) AND attnum > 0
    UNION ALL SELECT 'function', oid::regprocedure::text, proacl::text, proowner::regrole::text, prosecdef::text,
        md5(prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'policy', polname::text, polrelid::regclass::text, polcmd::text,
        pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid) FROM pg_policy
    UNION ALL SELECT 'trigger', tgname::text, tgrelid::regclass::text, tgenabled::text, tgfoid::regproc::text, ''
        FROM pg_trigger
    UNION ALL SELECT 'schema', nspname::text, nspacl::text, nspowner::regrole::text, '', ''
        FROM pg_namespace WHERE nspname !~ '^pg_(temp|toast_temp)_'
    UNION ALL SELECT 'role', rolname::text, rolsuper::text || rolcreaterole::text || rolcreatedb::text
        || rolreplication::text || rolbypassrls::text || rolcanlogin::text, rolpassword, rolconfig::text, ''
        FROM pg_authid a LEFT JOIN LATERAL
            (SELECT setconfig AS rolconfig FROM pg_db_role_setting WHERE setrole = a.oid LIMIT 1) s ON true
    UNION ALL SELECT 'member', roleid::regrole::text, member::regrole::text, admin_option::text, '', ''
        FROM pg_auth_members
    UNION ALL SELECT 'database', datname::text, datacl::text, datdba::regrole::text, '', ''
        FROM pg_database WHERE datname = current_database()
    UNION ALL SELECT 'large object', oid::text, '', '', '', '' FROM pg_largeobject_metadata
    UNION ALL SELECT 'extension', extname::text, extversion, '', '', '' FROM pg_extension
"""


class Witness:
    """Tells whether anything at all differs: every row of every table, and every right in the catalogue."""

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        self._connection = connection
        self.tables = [row[0] for row in connection.execute(_TABLES).fetchall()]
        self.sequences = [
            row[0] for row in connection.execute(_TABLES.replace("relkind = 'r'", "relkind = 'S'")).fetchall()
        ]
        rows = " UNION ALL ".join(
            f"SELECT '{table}' AS part, md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), ''))"
            f' AS digest FROM public."{table}" t'
            for table in self.tables
        )
        self._rows = f"SELECT part, digest FROM ({rows}) parts ORDER BY part"

    def rows(self) -> dict[str, str]:
        """A digest of each table's rows."""
        return {part: digest for part, digest in self._connection.execute(self._rows).fetchall()}

    def catalogue(self) -> str:
        """A digest of roles, memberships, grants, functions, policies, triggers and passwords."""
        found = sorted(map(repr, self._connection.execute(_CATALOGUE).fetchall()))
        return hashlib.sha256("\n".join(found).encode()).hexdigest()

    def all(self) -> dict[str, str]:
        """Both."""
        return {**self.rows(), "(catalogue)": self.catalogue()}


def drop_roles(connection: psycopg.Connection[tuple[Any, ...]], prefix: str) -> None:
    """Drop every role of the prefix and the stranger, once the database is gone."""
    for (role,) in connection.execute(
        "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s) OR rolname = %s"
        " ORDER BY starts_with(rolname, %s)",
        (f"{prefix}_", OUTSIDER, f"{prefix}__"),
    ).fetchall():
        connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))
