"""The workstation as a witness, in the window: what it finds is red over everything, and nothing is signed."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from desktop.errors import NotAllowed
from desktop.models import JournalImage, JournalLink
from desktop.regulation.model import Role
from desktop.store.database import Store
from desktop.store.witness import Witness
from desktop.ui.alarms import AlarmBanner
from desktop.ui.witnessing import Witnessing
from tests import story
from tests.store import past


@pytest.fixture
def remembered(tmp_path: Path) -> Path:
    return tmp_path / "state" / "witness.json"


def _cut_off(store: Store) -> None:
    """Take the newest link away and put the head back."""
    with store.reading() as session:
        last = session.scalar(select(func.max(JournalLink.position)))
        first = session.scalar(select(JournalLink.first_image).where(JournalLink.position == last))
        assert session.scalar(select(func.max(JournalImage.id))) >= first
    past.write(
        store,
        f"DELETE FROM journal_image WHERE id >= {first}",
        f"DELETE FROM journal_link WHERE position = {last}",
        f"UPDATE journal_head SET position = {last - 1},"
        f" hash = (SELECT hash FROM journal_link WHERE position = {last - 1})",
    )


def test_it_remembers_at_sign_in_and_as_the_day_goes_on(make_desk, store: Store, case_at, remembered: Path):
    desk = make_desk(Role.HEAD, store=store)
    watch = Witnessing(desk, path=remembered)
    desk.signed_in.emit()
    (first,) = Witness(remembered).remembered()
    case_at("assign")
    watch.look()
    (second,) = Witness(remembered).remembered()
    assert second.position == first.position + 1
    assert desk.alarms.told == ()
    desk.signed_out.emit()
    assert not watch._timer.isActive()


def test_what_was_cut_off_is_an_alarm_until_it_is_back(
    make_desk, any_store: Store, case_at, people, clock, remembered: Path, language
):
    desk = make_desk(Role.HEAD, store=any_store)
    banner = AlarmBanner(desk)
    watch = Witnessing(desk, path=remembered)
    case_at("assign")
    desk.signed_in.emit()
    kept = remembered.read_bytes()
    desk.alarms.refuse_signing()
    _cut_off(any_store)
    watch.look()
    (told,) = desk.alarms.told
    assert (told.code, told.facts["lost"]) == ("witness-lost", 1)
    with pytest.raises(NotAllowed, match="signing-stopped"):
        desk.alarms.refuse_signing()
    assert not banner.isHidden()
    for code, word in (("kk", "жоғалған"), ("ru", "Утрачено звеньев: 1"), ("en", "1 of its links are lost")):
        language.switch(code)
        banner.retranslate()
        assert word in banner.text.text()
        assert "…" not in banner.text.text()
    assert remembered.read_bytes() == kept  # the proof is left as it was


def test_a_database_that_cannot_be_reached_is_no_alarm(make_desk, store: Store, remembered: Path):
    desk = make_desk(Role.HEAD, store=store)
    Path(str(store.url.database)).rename(remembered.parents[1] / "elsewhere.sqlite")
    store.engine.dispose()
    Witnessing(desk, path=remembered).look()
    assert desk.alarms.told == ()
    assert desk.told.notices == []


def test_a_memory_that_cannot_be_read_is_told_and_begun_anew(make_desk, store: Store, remembered: Path):
    remembered.parent.mkdir()
    remembered.write_text("[")
    desk = make_desk(Role.CLERK, store=store)
    watch = Witnessing(desk, path=remembered)
    watch.look()
    watch.look()
    assert desk.told.codes == ["witness-unreadable"]
    assert desk.alarms.told == ()
    assert len(Witness(remembered).remembered()) == 1


def test_another_office_is_another_memory(
    make_desk, store: Store, empty_store: Store, people, clock, remembered: Path
):
    past.write(empty_store, "UPDATE journal_head SET database = 'another'")  # the tests' are copies of one
    for opened in (store, empty_store, store):
        story_of = make_desk(Role.CLERK, store=opened)
        Witnessing(story_of, path=remembered).look()
        assert story_of.alarms.told == ()
    story.teller(store, people, clock)("assign")
    assert len(Witness(remembered).remembered()) == 2
