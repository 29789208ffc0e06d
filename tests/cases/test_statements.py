"""How many statements a command takes: on a shared server each is a journey over the network while the case is locked.

Counted without BEGIN, and without what the tests' own seat adds on PostgreSQL.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from desktop.cases import checking, registering, routing
from desktop.models import InventoryItem
from desktop.regulation.model import Act
from desktop.store.database import Store
from tests import story

_OF_THE_SEAT = (
    "BEGIN",
    "PRAGMA",
    "SELECT set_config",
    "SET LOCAL SESSION AUTHORIZATION",
    "SELECT prefix FROM",
)
# SQLite's seal is the program's: what stood before, the images, the link, the head
_SEAL = 4


@contextmanager
def counted(store: Store) -> Iterator[list[tuple[str, bool]]]:
    """Collect the statements sent in the block, and of each whether it is for several rows."""
    sent: list[tuple[str, bool]] = []

    def note(_connection: Any, _cursor: Any, words: str, _values: Any, _context: Any, many: bool) -> None:
        if not words.startswith(_OF_THE_SEAT):
            sent.append((" ".join(words.split()), many))

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(store.engine, "before_cursor_execute", note)


def _most(store: Store, number: int) -> int:
    return number + (_SEAL if store.dialect == "sqlite" else 0)


@pytest.fixture
def warm(any_store: Store, people) -> Store:
    """A store whose law and calendar have been read once."""
    _register(any_store, people)
    return any_store


def _register(store: Store, people) -> registering.Registered:
    return registering.register_application(
        store, people.clerk, application=story.application(store), draw=story.draw
    )


def test_a_visa(warm: Store, people, case_at):
    case_id = case_at(Act.ASSIGN)
    seen, visa = case_at.seen(case_id), _first(warm, Act.ASSIGN)
    with counted(warm) as sent:
        routing.assign(warm, people.head, outcome=visa, person_id=people.executor.person_id, **seen)
    assert len(sent) <= _most(warm, 9), "\n".join(words for words, _ in sent)


def test_registering(warm: Store, people):
    form = story.application(warm)
    with counted(warm) as sent:
        registering.register_application(warm, people.clerk, application=form, draw=story.draw)
    assert len(sent) <= _most(warm, 17), "\n".join(words for words, _ in sent)


def test_a_check_of_the_papers_writes_its_whole_inventory_at_once(warm: Store, people, case_at):
    case_id = case_at(Act.CHECK)
    seen, complete = case_at.seen(case_id), _first(warm, Act.CHECK)
    operation = _operation(warm)
    verdicts = story.good_verdicts(operation)
    a_note = operation.papers[0].id
    verdicts[a_note] = checking.PaperVerdict("ok", note="түпнұсқа")
    with counted(warm) as sent:
        checking.check_papers(
            warm,
            people.executor,
            outcome=complete,
            verdicts=verdicts,
            draw=story.draw,
            **seen,
        )
    assert [many for words, many in sent if words.startswith("UPDATE inventory_item")] == [True]
    assert len(sent) <= _most(warm, 25), "\n".join(words for words, _ in sent)
    with warm.reading() as session:
        lines = session.query(InventoryItem).filter_by(case_id=case_id).all()
        assert {line.paper: line.note for line in lines if line.note} == {a_note: "түпнұсқа"}
        assert {line.verdict for line in lines} == {"ok", "missing"}


def _operation(store: Store):
    form = story.application(store)
    with store.reading() as session:
        return story.law(session, form.regulation_sha256, form.service, form.operation)[1]


def _first(store: Store, act: Act) -> str:
    return next(step for step in _operation(store).steps if step.act is act).outcomes[0].id
