"""Whatever is written is in the journal as it was written, and sealed with the rest of its transaction."""

import hashlib
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from desktop.cases.claiming import claiming
from desktop.models import Case, Claim, JournalEntry, JournalHead, JournalImage, JournalLink, Office, Person
from desktop.regulation.rights import Command
from desktop.store import imaging, making, sealing
from desktop.store.database import Store
from tests import office, seats, story
from tests.clock import Clock
from tests.office import People

_CHANGE = update(Office).where(Office.id == 1)


def _links(store: Store) -> list[JournalLink]:
    with store.reading() as session:
        return list(session.scalars(select(JournalLink).order_by(JournalLink.position)))


def _images(store: Store) -> list[JournalImage]:
    with store.reading() as session:
        return list(session.scalars(select(JournalImage).order_by(JournalImage.id)))


def _net(*values: object) -> bytes:
    texts = [str(value).encode() for value in values]
    return b"".join(b"%d:%s," % (len(octets), octets) for octets in texts)


def _unsealed(store: Store) -> set[int]:
    """Prove every link from its own bytes, written out here once more; return the images no link holds."""
    with store.reading() as session:
        head = session.get_one(JournalHead, 1)
    images = {image.id: image for image in _images(store)}
    left, previous = set(images), "0" * 64
    for position, link in enumerate(_links(store), 1):
        own = [
            images[number]
            for number in sorted(images)
            if link.first_image <= number <= link.last_image
            and images[number].transaction_id == link.transaction_id
        ]
        assert len(own) == link.images
        left -= {image.id for image in own}
        digests = "".join(
            hashlib.sha256(
                _net(image.id, image.table_name, image.row_key, image.kind, image.content)
            ).hexdigest()
            for image in own
        )
        micro = round(link.at.timestamp()) * 1_000_000 + link.at.microsecond
        micro -= 1_000_000 if round(link.at.timestamp()) > link.at.timestamp() else 0
        written = _net(
            "ruqsat-link-1", head.database, position, previous, link.login, micro, len(own), digests
        )
        assert (link.position, link.previous, link.hash) == (
            position,
            previous,
            hashlib.sha256(written).hexdigest(),
        )
        previous = link.hash
    assert (head.position, head.hash) == (len(_links(store)), previous)
    return left


def test_the_whole_way_of_a_case_is_sealed(any_store: Store, case_at, people: People) -> None:
    case_id = case_at("licence")
    assert _unsealed(any_store) == set()
    last = _links(any_store)[-1]
    assert last.login == ("clerk" if any_store.dialect == "sqlite" else last.login)
    with any_store.reading() as session:
        key = f"{len(str(case_id))}:{case_id},"
        newest = session.scalars(
            select(JournalImage)
            .where(JournalImage.table_name == "case_file", JournalImage.row_key == key)
            .order_by(JournalImage.id.desc())
        ).first()
        case = session.get_one(Case, case_id)
    assert newest is not None
    told = sealing.row(newest.content)
    assert told["version"] == str(case.version)
    assert told["step"] is None  # absent, and not empty
    assert told["phone"] == case.phone
    assert told["result"] == "licence"
    assert told["consent"] == "1"
    assert told["received_at"] == str(sealing.microseconds(case.received_at))
    assert told["fee_paid_on"] == "2018-06-08"


def test_both_engines_write_the_same_bytes(
    store: Store, postgres_store: Store, people: People, clock: Clock
) -> None:
    """The same story, told in both: images of the office's tables are equal to the last byte."""

    def told(within: Store) -> Iterator[tuple[str, str, str, str]]:
        before = max(image.id for image in _images(within))
        start = clock.moment
        story.teller(within, people, clock)("licence", site="Орал қ., “Достық”\n\t<i>'х'</i>", phone="")
        story.teller(within, people, clock)("refusal")
        clock.set(start)
        for image in _images(within):
            if image.id > before and image.table_name != "command":  # its id is a random one
                kept = sealing.row(image.content)
                kept.pop("command_id", None)
                yield (
                    image.table_name,
                    image.row_key,
                    image.kind,
                    _net(*(f"{n}={v}" for n, v in kept.items())).decode(),
                )

    first, second = sorted(told(store)), sorted(told(postgres_store))
    assert len(first) > 100
    assert first == second


def test_no_secret_is_in_an_image(any_store: Store) -> None:
    with any_store.reading() as session:
        kept = session.scalars(select(JournalImage).where(JournalImage.table_name == "person")).all()
    assert kept
    assert all("password_hash" not in image.content and "argon2" not in image.content for image in kept)


def test_every_table_is_in_the_journal_or_left_out_with_a_reason() -> None:
    assert {"case_file", "case_document", "register_number", "command", "journal_entry", "person"} <= {
        table.name for table in imaging.imaged()
    }


def test_what_is_rolled_back_leaves_no_link(any_store: Store) -> None:
    before = [link.hash for link in _links(any_store)]
    with pytest.raises(ZeroDivisionError), any_store.writing() as session:
        _fail_after(session)
    assert [link.hash for link in _links(any_store)] == before
    with any_store.writing() as session:
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            _fail_after(session)
        session.execute(_CHANGE.values(place_ru="г. Уральск-2"))
    assert len(_links(any_store)) == len(before) + 1
    assert _links(any_store)[-1].images == 1
    assert _unsealed(any_store) == set()


def _fail_after(session: Session) -> None:
    session.execute(_CHANGE.values(place_ru="г. Аксай"))
    raise ZeroDivisionError


def test_two_commands_at_once_are_two_links(any_store: Store, case_at, people: People) -> None:
    before = len(_links(any_store))
    failures: list[BaseException] = []

    def register(number: int) -> None:
        try:
            story.teller(any_store, people, case_at.clock)("assign", site=f"{number}")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=register, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(_links(any_store)) == before + 4
    assert _unsealed(any_store) == set()


def test_a_change_of_a_key_is_one_row_gone_and_another_come(any_store: Store) -> None:
    with any_store.writing() as session:
        session.execute(text("UPDATE person_role SET role = 'executor' WHERE person_id = 7"))
    gone, come = _images(any_store)[-2:]
    assert (gone.kind, sealing.row(gone.content)) == ("D", {"person_id": "7", "role": "auditor"})
    assert (come.kind, come.row_key) == ("U", "1:7,8:executor,")


def test_a_write_past_the_program_is_imaged_and_sealed_with_who_was_connected(
    postgres_url: str, postgres_store: Store
) -> None:
    with psycopg.connect(postgres_url) as connection:
        (login,) = connection.execute("SELECT session_user").fetchone() or ("",)
        connection.execute("UPDATE office SET place_ru = 'г. Аксай'")
    last = _links(postgres_store)[-1]
    assert (last.login, last.images) == (login, 1)
    assert sealing.row(_images(postgres_store)[-1].content)["place_ru"] == "г. Аксай"
    assert _unsealed(postgres_store) == set()


@pytest.mark.parametrize("words", ["SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS journal_seal IMMEDIATE"])
def test_a_seal_asked_for_in_the_middle_leaves_nothing_unsealed(
    postgres_url: str, postgres_store: Store, words: str
) -> None:
    before = len(_links(postgres_store))
    with psycopg.connect(postgres_url) as connection:
        connection.execute("UPDATE office SET place_ru = '1'")
        connection.execute(words)
        connection.execute("UPDATE office SET place_ru = '2'")
        connection.execute("SAVEPOINT here")
        connection.execute("UPDATE office SET place_ru = '3'")
        connection.execute("ROLLBACK TO here")
        connection.execute("SET CONSTRAINTS ALL DEFERRED")
        connection.execute("UPDATE person SET position_ru = '4'")
    assert [link.images for link in _links(postgres_store)[before:]] == [1, 1, len(People.__slots__)]
    assert _unsealed(postgres_store) == set()


def test_a_seal_held_for_long_gives_up_and_leaves_the_others_work(
    postgres_url: str, postgres_store: Store
) -> None:
    """Whoever holds the head makes others wait; they are told and nothing of theirs is lost or half done."""
    with psycopg.connect(postgres_url) as holder, psycopg.connect(postgres_url) as other:
        holder.execute("UPDATE office SET place_ru = '1'")
        holder.execute("SET CONSTRAINTS ALL IMMEDIATE")
        other.execute("ALTER FUNCTION journal_seal() SET lock_timeout = '200ms'")
        other.execute("UPDATE person SET position_ru = '2' WHERE id = 2")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            other.commit()
        holder.rollback()
        other.rollback()
        other.execute("UPDATE person SET position_ru = '2' WHERE id = 2")
        other.commit()
    assert _unsealed(postgres_store) == set()


@pytest.mark.parametrize("table", [name for name in imaging.KEPT if name.startswith("journal_")])
@pytest.mark.parametrize("words", ["UPDATE {} SET transaction_id = 0", "DELETE FROM {}"])
def test_the_journal_is_never_changed(any_store: Store, table: str, words: str) -> None:
    with (
        pytest.raises(Exception, match=r"added and never changed|LC001"),
        any_store.writing() as session,
    ):
        session.execute(text(words.format(table)))


def test_a_write_past_the_program_stays_unsealed_in_a_file(sqlite_url: str, store: Store) -> None:
    path = sqlite_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE office SET place_ru = 'г. Аксай'")
        connection.commit()
    foreign = _images(store)[-1].id
    with store.writing(by="clerk") as session:
        session.execute(_CHANGE.values(place_ru="г. Уральск"))
    assert _unsealed(store) == {foreign}


def _own_office(request: pytest.FixtureRequest, clock: Clock) -> Store:
    """An office on a database that keeps its name and so its roles, whatever is done to its tables."""
    url = request.getfixturevalue("bare_postgres_url")
    making.create(url)
    seats.install(url, "")
    store = seats.SeatedStore(url, clock=clock, workstation=office.WORKSTATION)
    request.addfinalizer(store.dispose)
    office.found(store)
    return store


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_what_stood_before_the_journal_is_in_its_first_links(
    engine: str,
    request: pytest.FixtureRequest,
    clock: Clock,
    people: People,
    older: Callable[[str], None],
) -> None:
    store = request.getfixturevalue("store") if engine == "sqlite" else _own_office(request, clock)
    url = store.url.render_as_string(hide_password=False)
    story.teller(store, people, clock)("licence")
    store.engine.dispose()
    older(url)
    making.upgrade(url)

    assert _unsealed(store) == set()
    images = _images(store)
    assert {image.kind for image in images} == {"B"}
    with store.reading() as session:
        for table in imaging.imaged():
            there = session.execute(select(func.count()).select_from(table)).scalar_one()
            assert sum(image.table_name == table.name for image in images) == there
        assert session.scalar(select(func.count()).select_from(Case)) == 1
        assert session.scalar(select(func.count()).select_from(Claim)) == 0
        entry = session.scalars(select(JournalEntry).order_by(JournalEntry.id)).first()
        assert entry is not None
        assert session.scalar(select(func.count()).select_from(Person)) == len(People.__slots__)
    if engine == "postgresql":
        seats.install(url, "")  # the tests' clock
    story.teller(store, people, clock)("assign")
    assert _unsealed(store) == set()


def test_whose_an_entry_is_and_when_it_was_made_says_the_server(
    postgres_store: Store, clock: Clock, people: People
) -> None:
    """A clerk who writes the head's name, and yesterday's date, is written down as himself, today."""
    lied = JournalEntry(
        at=clock.moment - timedelta(days=1),
        actor="head",
        actor_name="Басшыбаев Ерлан Қуатұлы",
        workstation="WS-9",
        event="signed-in",
    )
    with claiming(postgres_store, people.clerk, Command.SIGN_IN) as claimed:
        lied.command_id = claimed.row.id
        claimed.session.add(lied)
    with postgres_store.reading() as session:
        kept = session.get_one(JournalEntry, lied.id)
    assert (kept.actor, kept.actor_name, kept.at) == ("clerk", people.clerk.name_kk, clock.moment)
    last = _links(postgres_store)[-1]
    assert last.login.endswith("_clerk")
    assert last.at == clock.moment


def test_twenty_writers_never_deadlock_and_leave_one_whole_chain(
    postgres_url: str, postgres_store: Store, record_property
) -> None:
    """Two rows each, in the order of their ids, and the head last of all: sealed at COMMIT nobody waits in a circle."""
    before, each = len(_links(postgres_store)), 15
    took: list[float] = []
    failures: list[BaseException] = []
    together = threading.Barrier(20)

    def write(number: int) -> None:
        try:
            with psycopg.connect(postgres_url) as connection:
                together.wait(60)
                for turn in range(each):
                    start = time.perf_counter()
                    for person in sorted({1 + (number + turn) % 7, 1 + (number * 3 + turn * 5) % 7}):
                        connection.execute(
                            "UPDATE person SET position_ru = %s WHERE id = %s", (f"{number} {turn}", person)
                        )
                    connection.commit()
                    took.append(time.perf_counter() - start)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(20)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = time.perf_counter() - start
    assert failures == []
    assert len(_links(postgres_store)) == before + 20 * each
    assert _unsealed(postgres_store) == set()
    worst = sorted(took)[int(len(took) * 0.99)]
    record_property(
        "told", f"20 writers, sealed at COMMIT: {len(took) / whole:.0f} a second, p99 {worst * 1000:.0f} ms"
    )
