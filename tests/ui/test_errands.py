"""A press of a button whose answer is lost: finding out, and then the truth."""

from collections.abc import Callable

import pytest

from desktop.cases import registering
from desktop.cases.intents import asked
from desktop.errors import NotAllowed, Unavailable
from desktop.regulation.model import Role
from desktop.store.database import Store
from desktop.ui import errands
from desktop.ui.desk import Desk
from desktop.ui.widgets.notice_bar import NoticeBar
from tests import story
from tests.faults.proxy import ANSWERED, BEFORE, PASS
from tests.seats import SeatedStore
from tests.ui.conftest import actor_with


class Answering:
    """A command that answers as it is told, and remembers under which ids it was sent."""

    def __init__(self, *answers: object) -> None:
        self.answers, self.ids = list(answers), []

    def __call__(self, store, actor, *, case_id: int) -> object:
        self.ids.append(store.intent.id)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Bound:
    """A store that knows its intent and nothing else."""

    intent = None

    def intending(self, intent):
        made = Bound()
        made.intent = intent
        return made


@pytest.fixture
def desk(make_desk: Callable[..., Desk], monkeypatch) -> Desk:
    monkeypatch.setattr(errands, "BACK_OFF_S", (0,))
    return make_desk(Role.CLERK, store=Bound())


UNKNOWN = Unavailable("save-unknown", reason="")
GONE = Unavailable("database-gone", reason="")


def test_unknown_is_told_once_asked_again_by_itself_and_then_told_truly(desk, qtbot):
    command = Answering(UNKNOWN, UNKNOWN, "receipt")
    done = []
    desk.do(command, then=done.append, said="Registered", case_id=7)
    assert [notice.kind for notice in desk.told.notices] == ["waiting"]
    assert desk.finding_out == 1
    assert not desk.do(command, case_id=7)  # pressed again meanwhile: nothing
    qtbot.waitUntil(lambda: done == ["receipt"])
    assert [notice.kind for notice in desk.told.notices] == ["waiting", "done"]
    assert desk.told.notices[-1].text == "Registered"
    assert len(set(command.ids)) == 1
    assert desk.finding_out == 0


def test_what_was_not_saved_is_told_as_a_refusal_and_never_before(desk, qtbot):
    command = Answering(UNKNOWN, NotAllowed("case-closed", number="1"))
    desk.do(command, said="Registered", case_id=7)
    qtbot.waitUntil(lambda: len(desk.told.notices) == 2)
    assert [notice.code for notice in desk.told.notices] == ["save-unknown", "case-closed"]


def test_a_command_with_nothing_to_say_tells_that_it_was_saved_when_it_was_unknown(desk, qtbot):
    desk.do(Answering(UNKNOWN, None), case_id=7)
    qtbot.waitUntil(lambda: len(desk.told.notices) == 2)
    assert desk.told.notices[-1].text == "It was saved"


def test_try_again_sends_the_same_intent(desk):
    command = Answering(GONE, GONE, None)
    desk.do(command, said="Registered", case_id=7)
    assert desk.told.only().action == "Try again"
    desk.told.notices[-1].act()
    desk.told.notices[-1].act()
    assert len(set(command.ids)) == 1
    assert desk.told.notices[-1].text == "Registered"


def test_the_same_press_after_an_accident_keeps_its_id_and_another_wish_has_its_own(desk):
    command = Answering(GONE, None, None, None)
    desk.do(command, case_id=7)
    desk.do(command, case_id=7)  # the same wish: the button again
    desk.do(command, case_id=7)  # it was done: this is a new one
    desk.do(command, case_id=8)
    first, again, new, other = command.ids
    assert first == again
    assert len({first, new, other}) == 3


def test_an_act_that_can_be_done_once_has_the_same_id_everywhere(make_desk):
    ids = []
    for _ in range(2):
        command = Answering(None)
        make_desk(Role.HEAD, store=Bound()).do(command, about=("signature", 12), case_id=7)
        ids += command.ids
    assert ids[0] == ids[1]


def test_what_one_person_sent_is_not_asked_after_in_the_name_of_the_next(desk, qtbot):
    command = Answering(UNKNOWN, None)
    desk.do(command, case_id=7)
    mine = desk.actor
    desk.sign_out()
    qtbot.wait(20)
    desk.sign_in(actor_with(Role.HEAD, person_id=2))
    qtbot.wait(20)
    assert len(command.ids) == 1
    desk.sign_in(mine)
    qtbot.waitUntil(lambda: len(command.ids) == 2)


def test_equal_wishes_have_equal_words_and_contents_stand_by_their_hash(any_empty_store: Store):
    facts = {"signed": b"%PDF" * 1000, "names": {"b", "a"}, "draw": story.draw, "case_id": 7}
    words = asked(registering.register_application, facts)
    assert words == asked(registering.register_application, dict(reversed(facts.items())))
    assert len(words) < 400
    assert words != asked(registering.register_application, facts | {"signed": b"%PDG" * 1000})


def test_what_is_not_known_comes_back_to_the_bar_and_goes_when_it_is(desk, qtbot):
    bar = NoticeBar()
    qtbot.addWidget(bar)
    desk.notices.told.connect(bar.show_notice)
    desk.notices.found_out.connect(bar.found_out)
    desk.notices.finding_out(lambda: None)
    assert bar.closer.isHidden()
    waiting = bar.text.text()
    desk.notices.done("Кесте сақталды")
    assert bar.text.text() == "Кесте сақталды"
    bar.closer.click()
    assert (bar.text.text(), bar.isHidden()) == (waiting, False)
    bar.action.click()
    assert not bar.isHidden()
    desk.notices.found_out.emit()
    assert bar.isHidden()


@pytest.mark.parametrize("way", [BEFORE, ANSWERED])
def test_a_registration_cut_at_commit_ends_in_one_number_and_one_notice(
    make_desk, network, clock, people, postgres_store, qtbot, monkeypatch, way
):
    monkeypatch.setattr(errands, "BACK_OFF_S", (0,))
    store = SeatedStore(network.url, clock=clock)
    desk = make_desk(Role.CLERK, store=store)
    desk.actor = people.clerk
    form = story.application(postgres_store)
    registered = []

    def leave() -> str:
        network._refusing = True
        return way

    network.on_commit = leave
    desk.do(
        registering.register_application, then=registered.append, said="Registered",
        application=form, draw=story.draw,
    )  # fmt: skip
    assert desk.told.codes == ["save-unknown"]
    network.on_commit = lambda: PASS
    network.come_back()
    qtbot.waitUntil(lambda: bool(registered), timeout=20_000)
    assert [notice.kind for notice in desk.told.notices] == ["waiting", "done"]
    assert registered[0].number == "2018-000001"
    store.dispose()
