"""The list of reasons is closed, told, and every one of them is provoked somewhere here."""

import re
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from desktop import resources
from desktop.cases import journal
from desktop.regulation.writes import EVENTS
from desktop.store.authority import sources
from desktop.store.authority.refusals import REFUSALS, SAYS_NO
from desktop.store.failures import failure
from tests.guards.ground import Ground

_HERE = Path(__file__).parent


def test_every_reason_is_provoked_by_a_test_and_raised_by_a_guard() -> None:
    tried = {
        code for file in _HERE.glob("test_*.py") for code in re.findall(r"LC\d{3}", file.read_text("utf-8"))
    }
    raised = {code for words in sources("x").values() for code in re.findall(r"LC\d{3}", words)}
    assert tried == set(REFUSALS) == raised


def test_every_reason_has_a_sentence_in_each_language() -> None:
    lines = [
        line.split("\t")
        for file in resources.path("translations/sentences").glob("*.tsv")
        for line in file.read_text("utf-8").splitlines()
    ]
    said = {cells[0] for cells in lines if len(cells) == 4 and all(cells)}
    assert {refusal.told for refusal in REFUSALS.values()} <= said


def test_a_refusal_is_told_with_its_facts_and_kept_in_the_log(ground: Ground, caplog) -> None:
    with pytest.raises(psycopg.Error) as caught:
        ground.tried("clerk", ("sign", ground.cases["sign"]))
    told = failure(DBAPIError("INSERT", {}, caught.value))
    assert told is not None
    assert (told.code, told.facts) == ("role-may-not", {"command": "sign", "reason": "LC006"})
    assert "refused by the database: LC006" in caplog.text


def test_what_columns_and_rows_refuse_is_told_too(ground: Ground) -> None:
    with pytest.raises(psycopg.Error) as caught:
        ground.tried("clerk", None, "DELETE FROM case_file")
    told = failure(DBAPIError("DELETE", {}, caught.value))
    assert told is not None
    assert (told.code, told.facts["reason"]) == (SAYS_NO, "42501")


def test_what_a_command_tells_the_journal_is_an_event_of_it() -> None:
    known = {event.value for event in journal.Event}
    told = {event for events in EVENTS.values() for event in events}
    assert told == known - {
        "office-created",
        "counted-as-confirmed",
    }  # told by the founding and by an upgrade
