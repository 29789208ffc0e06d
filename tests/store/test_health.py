"""A database is looked over: what is right is said, what is not is said too, and never an exception."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from desktop.cases import signing
from desktop.errors import NotAllowed
from desktop.store import backup, doubts, health, making
from desktop.store.addresses import sqlite_path
from desktop.store.database import Store
from desktop.store.health import Grade
from tests import story
from tests.office import people


def _codes(store: Store, *, deep: bool = False) -> dict[str, Grade]:
    return {one.code: one.grade for one in health.examine(store, deep=deep)}


def test_a_sound_file(store: Store) -> None:
    os.chmod(sqlite_path(store.url), 0o600)
    found = _codes(store, deep=True)
    assert {grade for code, grade in found.items() if code != "check-copy-none"} == {Grade.GOOD}
    assert {"check-revision", "check-file", "check-journal", "check-copy-none"} == found.keys()
    os.chmod(sqlite_path(store.url), 0o644)
    assert _codes(store)["check-file-open"] is Grade.WARNING


def test_a_file_whose_journal_was_written_past_the_program(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER journal_office_update")
        connection.exec_driver_sql("UPDATE office SET place_kk = 'Ақсай қ.'")
    assert _codes(store, deep=True)["check-journal-broken"] is Grade.FAULT


def test_a_server_of_the_tests_is_said_to_be_what_it_is(postgres_store: Store, postgres_url: str) -> None:
    """It is made for speed: no durability, no TLS, no checksums."""
    found = _codes(postgres_store, deep=True)
    assert found["check-durable-wrong"] is Grade.FAULT
    assert found["check-tls-wrong"] is Grade.WARNING
    assert found["check-checksums-wrong"] is Grade.WARNING
    for code in ("check-revision", "check-server", "check-encoding", "check-passwords", "check-limits"):
        assert found[code] is Grade.GOOD, code
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        (role,) = connection.execute("SELECT prefix || '_clerk' FROM installation").fetchone() or ("",)
        connection.execute(f'ALTER ROLE "{role}" RESET idle_in_transaction_session_timeout')
        try:
            assert _codes(postgres_store)["check-limits-wrong"] is Grade.FAULT
        finally:
            connection.execute(f"ALTER ROLE \"{role}\" SET idle_in_transaction_session_timeout = '120s'")


def test_rights_that_were_changed_are_an_alarm(postgres_store: Store, postgres_url: str) -> None:
    making.upgrade(postgres_url)  # without the clock of the tests, which is a difference too
    assert health.rights_alarms(postgres_store) == ()
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        (prefix,) = connection.execute("SELECT prefix FROM installation").fetchone() or ("",)
        connection.execute(f"GRANT DELETE ON case_file TO {prefix}__clerk")
    (alarm,) = health.rights_alarms(postgres_store)
    assert (alarm.code, alarm.facts["number"]) == ("rights-differ", 1)
    assert "case_file" in alarm.facts["first"]
    assert _codes(postgres_store)["rights-differ"] is Grade.FAULT
    doubts.refuse(postgres_store)  # nobody has told the store yet
    assert [told.code for told in doubts.rights(postgres_store)] == ["rights-differ"]
    with pytest.raises(NotAllowed, match="signing-stopped"):
        signing.prepare(postgres_store, people().head, case_id=1, seen_version=1, draw=story.draw)


def test_nothing_alarms_in_a_file(store: Store) -> None:
    assert health.rights_alarms(store) == ()


def test_when_a_server_was_copied_last_is_known(postgres_store: Store, tmp_path: Path) -> None:
    assert backup.last_copy(postgres_store) is None
    backup.backup(make_url(postgres_store.url).render_as_string(), tmp_path / "copy.ruqsat")
    made = backup.last_copy(postgres_store)
    assert made is not None
    assert datetime.now(UTC) - made < timedelta(minutes=2)
    assert "check-copy" in _codes(postgres_store)


def test_a_file_keeps_one_copy_a_day_and_fourteen_of_them(store: Store) -> None:
    path = sqlite_path(store.url)
    first = datetime(2018, 6, 11, 18, 30, tzinfo=UTC)
    own = path.parent / "copies" / f"{path.stem}-2018-06-11-120000.sqlite"
    for day in range(20):
        kept = backup.keep_daily(path, first + timedelta(days=day))
    again = backup.keep_daily(path, first + timedelta(days=19, minutes=5))
    assert not kept.exists()
    backup.backup(f"sqlite:///{path}", own)  # one that a person made is not thrown away
    backup.keep_daily(path, first + timedelta(days=20))

    folder = backup.folder_of(path)
    daily = sorted(item.name for item in folder.glob("*-daily.sqlite"))
    assert len(daily) == backup.keeping.KEPT == 14
    assert again.exists()
    assert own.exists()
    assert {item.name for item in folder.glob("*.sha256")} == {
        f"{item.name}.sha256" for item in folder.glob("*.sqlite")
    }
    made = backup.last_copy(store)
    assert made is not None
    assert datetime.now(UTC) - made < timedelta(minutes=2)


@pytest.mark.parametrize("deep", [False, True])
def test_every_finding_has_its_sentence(postgres_store: Store, store: Store, deep: bool) -> None:
    from desktop.ui.messages import say

    for one in (*health.examine(postgres_store, deep=deep), *health.examine(store, deep=deep)):
        for language in ("kk", "ru", "en"):
            said = say(one.code, one.facts, language)
            assert "…" not in said
            assert "brand" not in said
            assert one.code not in said
