"""Rows 18, 41, 43 to 48, 50 and 51 in the middle of a day that is recorded: afterwards the checker judges it.

What each fault looks like by itself stands in the tests the catalogue names beside these; here people go on working
around it, and what they were told and what there is must agree.
"""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from desktop.cases import filing, signing
from desktop.cases.application import IncomingFile
from desktop.errors import Told
from desktop.store import connecting, making, upgrade
from desktop.store.addresses import database_url, sqlite_path
from desktop.store.database import Store
from tests import story
from tests.faults import pages, proof
from tests.faults.day import Day
from tests.faults.history import History, Outcome
from tests.faults.test_bad_texts import NAMES
from tests.guarded_server import DATABASE, Guarded
from tests.office import PASSWORD, People
from tests.ui import bombs

ON = "Орал қ., Абай даңғ., "


@pytest.fixture
def day(any_store: Store, people: People, clock, history: History) -> Day:
    history.begin(any_store)
    return Day(history, story.teller(any_store, people, clock))


def _code(outcome: Outcome) -> str:
    return getattr(outcome.error, "code", "")


def _judged(history: History, store: Store) -> list[str]:
    store.dispose()
    return proof.faults(history, store.url.render_as_string(hide_password=False))


def _registered(day: Day, site: str) -> int:
    outcome = day.register(ON + site)
    assert outcome.type == "ok", outcome
    case_id: int = outcome.result.case_id
    return case_id


def test_the_head_acts_while_the_executor_edits(day, history, any_store, people):
    """Row 18. The executor's page is older than what the head did: he is told, and nothing of his is half there."""
    case_id = _registered(day, "18")
    assert [day.advance(case_id).type for _ in range(3)] == ["ok"] * 3  # visa, completeness, answer
    seen = day.tell.version(case_id)
    assert day.use("correct", case_id, by=people.clerk).type == "ok"
    refused = day.use("save_checks", case_id, seen_version=seen)
    assert (refused.type, _code(refused)) == ("fail", "case-moved-on")
    assert day.use("save_checks", case_id).type == "ok"
    assert _judged(history, any_store) == []


def test_another_page_than_was_prepared_is_no_signature(day, history, any_store, people):
    """Row 41. What comes back from the token is another PDF: it is refused, and the right one is taken after it."""
    case_id = _registered(day, "41")
    while day.tell.step(case_id).act != "sign":
        assert day.advance(case_id).type == "ok"
    head, seen = people.head, day.tell.version(case_id)
    prepared = history.run(
        any_store, head, "prepare",
        lambda store: signing.prepare(store, head, draw=pages.draw, case_id=case_id, seen_version=seen),
        case_id=case_id, asked=f"prepare {case_id}",
    ).result  # fmt: skip
    other = story.sign(b"%PDF-1.7\n% another page\n%%EOF\n", day.tell.iin(head))
    facts = {"case_id": case_id, "seen_version": prepared.version, "document_id": prepared.document_id}
    refused = history.run(
        any_store, head, "sign",
        lambda store: signing.record(store, head, signed=other, verify=story.verify, **facts),
        case_id=case_id, asked=f"sign another page of {case_id}",
    )  # fmt: skip
    assert (refused.type, _code(refused)) == ("fail", "signature-other-bytes")
    assert [outcome.type for outcome in day.carry(case_id)][-1] == "ok"
    assert _judged(history, any_store) == []


def test_a_file_that_is_locked_and_one_that_is_held_by_another_program(
    store, people, clock, history, monkeypatch
):
    """Rows 43 and 44. Another program writes for too long, and a second one wants the same file."""
    monkeypatch.setattr("desktop.store.database._BUSY_MILLISECONDS", 50)
    url = store.url.render_as_string(hide_password=False)
    store.dispose()
    held = Store(url, clock=clock, workstation="WS-07")
    history.begin(held)
    day = Day(history, story.teller(held, people, clock))
    _registered(day, "43")
    with pytest.raises(Told, match="database-in-use"):
        Store(url, clock=clock, workstation="WS-08")
    path = sqlite_path(held.url)
    with sqlite3.connect(path, isolation_level=None) as stranger:
        stranger.execute("BEGIN IMMEDIATE")
        refused = day.register(ON + "43, 2")
        stranger.execute("ROLLBACK")
    stranger.close()
    assert (refused.type, _code(refused)) == ("fail", "database-busy")
    _registered(day, "43, 2")
    assert _judged(history, held) == []


def test_four_upgrades_at_once_in_the_middle_of_a_day(postgres_store, people, clock, history):
    """Row 45, where there is nothing to migrate: the rights are installed anew under people's hands."""
    history.begin(postgres_store)
    day = Day(history, story.teller(postgres_store, people, clock), patience=20)
    _registered(day, "45")
    url = postgres_store.url.render_as_string(hide_password=False)
    ended: list[object] = []

    def again() -> None:
        try:
            ended.append(making.upgrade(url))
        except BaseException as error:
            ended.append(error)

    upgrades = [threading.Thread(target=again) for _ in range(4)]
    for thread in upgrades:
        thread.start()
    registered = [day.register(f"{ON}45, {turn}").type for turn in range(8)]
    for thread in upgrades:
        thread.join(60)
    assert len(ended) == 4
    assert not [one for one in ended if isinstance(one, BaseException) and not isinstance(one, Told)], ended
    assert set(registered) == {"ok"}
    assert _judged(history, postgres_store) == []


def test_a_database_of_another_version_in_the_middle_of_a_day(day, history, any_store):
    """Row 46. A program of another version is refused before it writes; whoever is in goes on afterwards."""
    _registered(day, "46")
    url = any_store.url.render_as_string(hide_password=False)
    with any_store.engine.begin() as connection:
        kept = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Told):
        upgrade.prepare(url, exclusive=False)
    with any_store.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{kept}'")
    _registered(day, "46, 2")
    assert _judged(history, any_store) == []


@pytest.fixture
def seat(guarded_office: Guarded) -> Callable[..., Store]:
    """``seat(login, password)``: a connection of his own, over proved TLS."""
    made: list[Store] = []

    def sit(login: str, password: str = PASSWORD, **address: Path) -> Store:
        url = database_url(guarded_office.url(DATABASE, **address))
        own, _ = connecting.personal(url, login=login, password=password)
        made.append(Store(own.render_as_string(hide_password=False), workstation="WS-47"))
        with made[-1].reading() as session:
            session.connection()
        return made[-1]

    yield sit
    for one in made:
        one.dispose()


def test_a_server_that_is_not_ours_and_a_password_that_changes_in_the_middle(
    guarded_office, seat, people, history
):
    """Rows 47 and 48. Nothing is sent to a server that cannot prove itself; a new password asks for a new sign-in."""
    administrator = Store(guarded_office.office)
    history.begin(administrator)
    administrator.dispose()
    with pytest.raises(Told, match="server-untrusted"):
        seat("clerk", root=guarded_office.other_root)
    store = seat("clerk")
    day = Day(history, story.teller(store, people, None), store_of=lambda _actor: store)
    _registered(day, "47")
    with psycopg.connect(guarded_office.office, autocommit=True) as connection:
        (kept,) = connection.execute(
            "SELECT rolpassword FROM pg_authid WHERE rolname = 'oblast_clerk'"
        ).fetchone()
        connection.execute("ALTER ROLE oblast_clerk PASSWORD 'Jana-qupiya-3'")
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'oblast_clerk'"
        )
        try:
            refused = history.run(
                store, people.clerk, "register",
                lambda bound: bound.now(),  # the first thing any command asks
                asked="register 48",
            )  # fmt: skip
            assert (refused.type, _code(refused)) == ("fail", "sign-in-refused")
            store = seat("clerk", "Jana-qupiya-3")
            day.tell = story.teller(store, people, None)
            _registered(day, "48")
        finally:
            connection.execute(sql.SQL("ALTER ROLE oblast_clerk PASSWORD {}").format(sql.Literal(kept)))
    assert proof.faults(history, guarded_office.office) == []


def test_evil_texts_all_day(day, history, any_store):
    """Row 50. Whatever is typed is kept as text, and the numbers have no gap after what was refused."""
    for turn, (typed, _kept) in enumerate(NAMES):
        outcome = day.register(f"{ON}50, {turn}", holder_kk=typed, holder_ru=typed, holder_address=typed)
        assert outcome.type in {"ok", "fail"}, outcome
    refused = day.register(ON + "50, long", holder_kk="ұ" * 1_000_000)
    assert (refused.type, _code(refused)) == ("fail", "too-long")
    _registered(day, "50, last")
    assert _judged(history, any_store) == []


def test_evil_files_all_day(day, history, any_store, people, tmp_path):
    """Row 51. A bomb is kept as evidence, an empty file refused, and the case goes on to its end."""
    case_id = _registered(day, "51")
    assert day.advance(case_id).type == "ok"
    executor = people.executor
    bomb, empty = tmp_path / "бомба.pdf", tmp_path / "бос.pdf"
    bomb.write_bytes(bombs.pdf_bomb(50_000_000))
    empty.write_bytes(b"")

    def attach(path: Path) -> Outcome:
        seen = {"case_id": case_id, "seen_version": day.tell.version(case_id)}
        return history.run(
            any_store, executor, "attach",
            lambda store: filing.attach_files(store, executor, files=[IncomingFile(path)], **seen),
            case_id=case_id, asked=f"attach {path.name}",
        )  # fmt: skip

    refused = attach(empty)
    assert (refused.type, _code(refused)) == ("fail", "file-empty")
    assert attach(bomb).type == "ok"
    assert [outcome.type for outcome in day.carry(case_id, "refusal")][-1] == "ok"
    assert _judged(history, any_store) == []
