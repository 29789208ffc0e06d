"""Who sees what: the program's lists and the row policies, made of one table, show the same rows; no table is forgotten."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from desktop.cases import filing, office, registering
from desktop.cases.application import IncomingFile
from desktop.cases.journal import Event
from desktop.errors import NotAllowed
from desktop.models import (
    Base,
    Blob,
    Case,
    CaseDocument,
    Claim,
    IncomingPackage,
    JournalEntry,
    Person,
    PersonRole,
    RegisterNumber,
)
from desktop.queries import case_card, case_way, desk, duplicates, journal, papers, registers, regulations
from desktop.queries.rows import RegisterFilter
from desktop.regulation.model import Act, Role
from desktop.regulation.rights import Actor, Command, may
from desktop.regulation.sight import CASES, EVENTS_ABOUT_APPLICANTS, Sight, sight_of
from desktop.store import blobs
from desktop.store.authority import grants, policies
from desktop.store.database import Store
from desktop.store.sight import in_sight_by_tables, journal_condition, package_in_sight
from tests import story
from tests.authority.matrix import SIGHT
from tests.cases.office_commands import SOUND, attachment, receive
from tests.seats import sit

WORDS = {Sight.ALL: "all", Sight.OWN: "assigned", Sight.NONE: "none"}


def test_the_table_of_sight_is_the_one_written_by_hand():
    assert {role.value: WORDS[sight] for role, sight in CASES.items()} == dict(SIGHT)
    for role, sight in CASES.items():
        assert may({role}, Command.READ_CASES) is (sight is not Sight.NONE)


def test_a_persons_roles_see_together():
    assert sight_of({Role.EXECUTOR, Role.ADMINISTRATOR}) is Sight.OWN
    assert sight_of({Role.EXECUTOR, Role.AUDITOR}) is Sight.ALL
    assert sight_of(()) is Sight.NONE


def test_events_about_applicants_are_events():
    assert {Event(event).value for event in EVENTS_ABOUT_APPLICANTS} == EVENTS_ABOUT_APPLICANTS


def test_no_table_has_neither_a_policy_nor_a_reason_to_be_public():
    guarded = {policy.table for policy in policies.policies("p")}
    tables = {*Base.metadata.tables, grants.REVISION}
    assert tables - guarded - set(policies.PUBLIC) == set()
    assert guarded & set(policies.PUBLIC) == set()
    assert set(policies.PUBLIC) | guarded <= tables
    assert all(reason for reason in policies.PUBLIC.values())


def test_a_table_that_names_a_case_is_never_public():
    naming = {table.name for table in Base.metadata.sorted_tables if "case_id" in table.columns}
    assert naming & set(policies.PUBLIC) == set()
    # whatever refers to a table of a case tells of the case as well
    of_cases = naming | {"case_file", "case_document"}
    referring = {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in of_cases
    }
    assert referring & set(policies.PUBLIC) == set()


_ASKED_ONCE = (
    "sees_all_cases",
    "has_many_cases",
    "my_cases",
    "my_cases_at_hand",
    "my_case_roles",
    "session_person",
    "session_login",
    "is_staff",
)


def test_policies_ask_functions_once_a_statement():
    for policy in policies.policies("p"):
        for words in (policy.using, policy.check):
            for name in _ASKED_ONCE:
                assert words.count(f"{name}()") == words.count(f"SELECT {name}() AS"), policy


@pytest.fixture
def busy(postgres_store: Store, case_at: Callable[..., int], people, tmp_path) -> Store:
    """Cases of two executors, one of nobody, one closed; files; a refusal at the counter, and nothing for the others."""
    case_at(Act.ASSIGN)
    first = case_at(Act.DECIDE)
    case_at(Act.ASK, executor=people.executor2)
    case_at("licence")
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF-1.4\n%%EOF\n")
    filing.attach_files(postgres_store, people.executor, files=[IncomingFile(scan)], **case_at.seen(first))
    registering.refuse_acceptance(
        postgres_store,
        people.clerk,
        application=story.application(postgres_store),
        reason="жоқ",
        draw=story.draw,
    )
    receive(case_at, SOUND)
    receive(case_at, SOUND, **attachment(postgres_store))
    return postgres_store


def _actors(store: Store) -> list[Actor]:
    with store.reading() as session:
        roles = dict(
            session.execute(
                select(PersonRole.person_id, func.string_agg(PersonRole.role, ",")).group_by(
                    PersonRole.person_id
                )
            ).all()
        )
        return [
            Actor(
                one.id,
                one.login,
                one.name_kk,
                one.name_ru,
                frozenset(map(Role, roles[one.id].split(","))),
                "W",
            )
            for one in session.scalars(select(Person).order_by(Person.id))
        ]


def test_the_policies_show_what_the_program_shows(busy: Store):
    """Each person's login, asking without a condition, gets the rows the program's condition gives the superuser."""
    for actor in _actors(busy):
        for table in policies.OF_CASE:
            model = next(item.class_ for item in Base.registry.mappers if item.local_table.name == table)
            column = model.id if table == "case_file" else model.case_id
            condition = (
                package_in_sight(actor) if model is IncomingPackage else in_sight_by_tables(actor, column)
            )
            keys = select(*model.__mapper__.primary_key).order_by(*model.__mapper__.primary_key)
            with busy.reading() as session:
                expected = session.execute(keys.where(condition)).all()
            with busy.reading(by=actor.login) as session:
                assert session.execute(keys).all() == expected, (actor.login, table)
        entries = select(JournalEntry.id).order_by(JournalEntry.id)
        condition = journal_condition(actor, in_sight_by_tables(actor, JournalEntry.case_id))
        with busy.reading() as session:
            expected = session.scalars(entries.where(condition)).all()
        with busy.reading(by=actor.login) as session:
            assert session.scalars(entries).all() == expected, actor.login


def test_an_executor_sees_his_own_and_an_administrator_none(busy: Store, people):
    def seen(actor: Actor) -> list[int]:
        with busy.reading(by=actor.login) as session:
            return list(session.scalars(select(Case.id).order_by(Case.id)))

    everything = seen(people.clerk)
    assert len(everything) == 4
    assert seen(people.auditor) == seen(people.head) == seen(people.department_head) == everything
    assert seen(people.executor) == [everything[1], everything[3]]
    assert seen(people.executor2) == [everything[2]]
    assert seen(people.administrator) == []


def test_a_package_that_waits_is_seen_by_the_counter_and_by_who_takes_it_in(busy: Store, people):
    """Atyrau 002 (attachment) item 8(1); that of a licence is the counter's alone."""

    def seen(actor: Actor) -> list[str]:
        asked = select(IncomingPackage.service).order_by(IncomingPackage.id)
        with busy.reading(by=actor.login) as session:
            return list(session.scalars(asked))

    assert seen(people.clerk) == ["medical", "attachment"]
    assert seen(people.phc) == ["attachment"]
    assert seen(people.centre) == seen(people.executor) == seen(people.administrator) == []


def test_a_file_is_seen_through_a_row_in_sight_alone(busy: Store, people):
    with busy.reading() as session:
        of_each = {
            document.id: document.unsigned_sha256
            for document in session.scalars(select(CaseDocument).where(CaseDocument.case_id.is_not(None)))
        }
        everything = set(session.scalars(select(Blob.sha256)))
    for actor in (people.executor, people.executor2, people.administrator, people.auditor):
        with busy.reading(by=actor.login) as session:
            mine = {of_each[one] for one in session.scalars(select(CaseDocument.id)) if one in of_each}
            readable = set(session.scalars(select(Blob.sha256)))
            chunks = set(session.scalars(text("SELECT DISTINCT sha256 FROM blob_chunk")))
        assert mine <= readable
        assert chunks == readable
        assert (set(of_each.values()) - mine) & readable == set(), actor.login
        assert (readable == everything) is (actor is people.auditor), actor.login


def test_a_command_is_read_by_who_sent_it_and_by_who_looks_on(busy: Store, people):
    for actor, others in ((people.clerk, False), (people.administrator, False), (people.auditor, True)):
        with busy.reading(by=actor.login) as session:
            logins = set(session.scalars(select(Claim.login)))
        assert actor.login in logins or others, actor.login
        assert (len(logins) > 1) is others, actor.login


@pytest.mark.parametrize("register", ["incoming", "outside"])
def test_only_a_number_the_central_database_gave_is_in_sight_when_it_is_given_up(
    busy: Store, people, register
):
    """It may truly belong to another case; a number of the office itself never does."""
    with busy.writing() as session:
        given_up = session.scalars(select(RegisterNumber)).first()
        given_up.state, given_up.register = "voided", register
        number = given_up.text
    with busy.reading(by="executor2") as session:
        seen = {one.text for one in session.scalars(select(RegisterNumber))}
    with busy.reading() as session:
        own = session.scalars(
            select(RegisterNumber).where(in_sight_by_tables(people.executor2, RegisterNumber.case_id))
        )
        assert seen == {one.text for one in own} | ({number} if register == "outside" else set())


def test_sight_goes_with_the_assignment_and_with_the_role(busy: Store, people, case_at):
    from desktop.cases import routing

    with busy.reading(by="executor") as session:
        first = session.scalars(select(Case.id).order_by(Case.id)).first()
    routing.reassign(
        busy,
        people.head,
        role=Role.EXECUTOR,
        person_id=people.executor2.person_id,
        reason="демалыс",
        **case_at.seen(first),
    )
    with busy.reading(by="executor") as session:
        assert first not in set(session.scalars(select(Case.id)))
    with busy.reading(by="executor2") as session:
        assert first in set(session.scalars(select(Case.id)))
    office.set_active(busy, people.administrator, person_id=people.executor2.person_id, active=False)
    with busy.reading(by="executor2") as session:
        assert session.scalars(select(Case.id)).all() == []


def test_an_acting_head_sees_everything_for_a_day(busy: Store, people, clock):
    today: date = clock.moment.date()
    office.appoint_acting_head(
        busy,
        people.administrator,
        person_id=people.executor2.person_id,
        order_number="7",
        order_date=today,
        first_day=today,
        last_day=today,
    )
    with busy.reading(by="executor2") as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 4
        assert session.scalar(select(func.count()).select_from(JournalEntry)) > 10
    clock.forward(days=1)
    with busy.reading(by="executor2") as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 1


def test_every_list_of_the_program_keeps_to_it(busy: Store, people):
    """The lists, asked by each person on his own login: nothing of another's case, and the counts agree."""
    plain = RegisterFilter()
    for actor in (people.executor, people.executor2):
        with busy.reading() as session:
            own = set(session.scalars(select(Case.id).where(in_sight_by_tables(actor, Case.id))))
        shown = {row.case_id for row in registers.applications(busy, actor, filter=plain).rows}
        assert (
            shown == own == {row.case_id for row in registers.stream_applications(busy, actor, filter=plain)}
        )
        assert registers.count_applications(busy, actor, filter=plain) == len(own)
        assert {row.case_id for row in registers.licences(busy, actor, filter=plain).rows} <= own
        assert {row.case_id for row in desk.my_desk(busy, actor)} <= own
        assert {row.case_id for row in papers.print_queue(busy, actor)} <= own
        assert {row.case_id for row in papers.requests(busy, actor, waiting_only=False)} <= own
        assert desk.counts(busy, actor).to_print == len(papers.print_queue(busy, actor))
        for case_id in own:
            assert {row.case_id for row in journal.entries(busy, actor, case_id=case_id).rows} == {case_id}
            assert case_card.case_card(busy, actor, case_id=case_id).history
            assert case_way.case_way(busy, actor, case_id=case_id).trace.passed
        assert sum(row.open_cases for row in regulations.regulations(busy, actor)) <= len(own)
    assert [
        row.open_cases for row in regulations.regulations(busy, people.administrator) if row.open_cases
    ] == []
    office_events = journal.entries(busy, people.administrator).rows
    assert office_events
    assert {row.case_id for row in office_events} == {None}
    assert not {row.event for row in office_events} & EVENTS_ABOUT_APPLICANTS
    found = duplicates.possible(
        busy,
        people.clerk,
        application=story.application(busy),
    )
    assert len(found) == 4


def test_what_one_may_not_see_he_may_not_take_the_content_of(busy: Store, people):
    with busy.reading() as session:
        foreign = session.scalars(
            select(CaseDocument).where(~in_sight_by_tables(people.executor2, CaseDocument.case_id))
        ).first()
    with busy.reading(by="executor2") as session, pytest.raises(KeyError):
        blobs.get(session, foreign.unsigned_sha256)


def test_a_case_that_waits_for_anybody_of_a_role_is_seen_by_them(any_store: Store, people, case_at):
    """A visa that chose nobody leaves it to whoever comes first."""
    case_id = case_at(Act.CHECK)
    with any_store.writing() as session:
        session.execute(text("UPDATE assignment SET role = 'commission'"))
    for actor in (people.executor, people.executor2):
        assert case_card.case_card(any_store, actor, case_id=case_id).mine
        assert [row.case_id for row in desk.my_desk(any_store, actor)] == [case_id]
    with any_store.reading(by=people.administrator.login) as session:
        assert (
            session.scalars(select(Case.id).where(in_sight_by_tables(people.administrator, Case.id))).all()
            == []
        )


def test_to_claim_a_case_out_of_sight_does_not_bring_it_there(busy: Store):
    """The row of the command would say whose case the transaction is about."""
    with busy.reading() as session:
        foreign = session.scalars(select(Case.id).order_by(Case.id)).first()
    claim = text(
        "INSERT INTO command (id, kind, case_id, login, workstation, digest, at, result)"
        " VALUES ('9b0c1f6e-6a39-4b5a-8c55-30f3d1b0a001', :kind, :case, 'executor2', '', '', now(), 'null')"
    )
    with pytest.raises(NotAllowed, match="database-says-no"), busy.writing(by="executor2") as session:
        session.execute(claim, {"kind": "attach", "case": foreign})
    with busy.engine.connect() as connection:
        sit(connection, f"{busy.prefix}_executor2")
        connection.execute(claim, {"kind": "print", "case": None})
        with pytest.raises(DBAPIError):
            connection.execute(
                text("UPDATE command SET case_id = :case WHERE case_id IS NULL"), {"case": foreign}
            )


def test_who_has_many_cases_sees_the_same_rows_looked_up_one_by_one(busy: Store, people, case_at, tmp_path):
    """The other way a policy finds whose a row is; it is taken from the MANYth case on."""
    tables = [
        Base.metadata.tables[name]
        for name in (*policies.OF_CASE, "register_number", "journal_entry", "presence", "command")
    ]
    actors = [getattr(people, name) for name in people.__dataclass_fields__]

    def seen() -> dict[tuple[str, str], list[object]]:
        found: dict[tuple[str, str], list[object]] = {}
        for actor in actors:
            with busy.reading(by=actor.login) as session:
                for table in tables:
                    keys = select(*table.primary_key.columns).order_by(*table.primary_key.columns)
                    found[actor.login, table.name] = list(session.execute(keys))
        return found

    by_list = seen()
    with busy.engine.begin() as connection:
        connection.execute(
            text(
                "CREATE OR REPLACE FUNCTION has_many_cases() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER"
                " SET search_path = public, pg_temp AS 'SELECT true'"
            )
        )
    assert seen() == by_list
    assert 0 < len(by_list["executor", "case_file"]) < len(by_list["clerk", "case_file"])
    own, foreign = (
        row[0] for row in (by_list["executor", "case_file"][0], by_list["executor2", "case_file"][0])
    )
    scan = tmp_path / "more.pdf"
    scan.write_bytes(b"%PDF-1.4\n%%EOF\n% more")
    filing.attach_files(busy, people.executor, files=[IncomingFile(scan)], **case_at.seen(own))
    with pytest.raises(NotAllowed):
        filing.attach_files(busy, people.executor, files=[IncomingFile(scan)], **case_at.seen(foreign))


def test_a_case_is_not_brought_into_sight_by_assigning_it_to_oneself(busy: Store, people):
    """One sees what is assigned to him; to write that is another matter than to see it."""
    own = next(
        policy
        for policy in policies.policies("p")
        if (policy.table, policy.name) == ("assignment", "own_case")
    )
    assert own.check != own.using
    with busy.reading() as session:
        foreign = session.scalars(
            select(Case.id).where(~in_sight_by_tables(people.executor2, Case.id)).order_by(Case.id)
        ).first()
    with busy.engine.begin() as connection:  # as if the office had lent it out, and no guard were there
        connection.execute(text(f"GRANT INSERT, UPDATE ON assignment TO {busy.prefix}__executor"))
        connection.execute(text("ALTER TABLE assignment DISABLE TRIGGER USER"))
    for words in (
        "INSERT INTO assignment (case_id, role, person_id) VALUES (:case, 'executor', :me)"
        " ON CONFLICT DO NOTHING",
        "INSERT INTO assignment (case_id, role, person_id) VALUES (:case, 'commission', :me)",
    ):
        with busy.engine.connect() as connection:
            sit(connection, f"{busy.prefix}_executor2")
            with pytest.raises(DBAPIError, match="row-level security"):
                connection.execute(text(words), {"case": foreign, "me": people.executor2.person_id})


def test_who_sees_everything_pays_nothing_for_it(busy: Store):
    """A clerk's plan is that of a server without policies; an executor's asks for his cases once a statement."""
    words = text("EXPLAIN (COSTS OFF) SELECT * FROM case_file ORDER BY received_at DESC, id DESC LIMIT 128")
    plans = {}
    for login in ("", "clerk", "head", "department_head", "auditor", "executor"):
        with busy.reading(by=login) as session:
            plans[login] = "\n".join(session.execute(words).scalars())
    everything = {plans[login] for login in ("", "clerk", "head", "department_head", "auditor")}
    assert len(everything) == 1
    assert "Filter" not in everything.pop()
    assert "hashed SubPlan" in plans["executor"]  # and not a call for each row
