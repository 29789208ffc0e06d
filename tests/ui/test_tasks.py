"""The lanes with real threads: order, errors, the GUI thread, the end."""

import threading
import time

import pytest

from desktop.errors import NotAllowed
from desktop.ui.tasks import InlineTasks, Tasks, watched_calls


@pytest.fixture
def errors():
    return []


@pytest.fixture
def tasks(qtbot, errors):
    made = Tasks(errors.append)
    yield made
    made.close()


def test_work_runs_elsewhere_and_the_answer_comes_back_here(qtbot, tasks):
    here, seen = threading.get_ident(), []
    tasks.run(threading.get_ident, lambda there: seen.append((there, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(seen))
    there, back = seen[0]
    assert there != here
    assert back == here


def test_a_lane_keeps_the_order_of_work(qtbot, tasks):
    done = []
    for number in range(20):
        tasks.run(lambda number=number: number, done.append)
    qtbot.waitUntil(lambda: len(done) == 20)
    assert done == list(range(20))


def test_an_error_goes_to_its_own_taker_or_to_the_common_one(qtbot, tasks, errors):
    own = []

    def fail():
        raise NotAllowed("no-office")

    tasks.run(fail, on_error=own.append)
    tasks.run(fail)
    qtbot.waitUntil(lambda: bool(own) and bool(errors))
    assert [error.code for error in (*own, *errors)] == ["no-office", "no-office"]


def test_after_the_end_nothing_new_is_taken_and_the_running_work_was_finished(qtbot, errors):
    tasks = Tasks(errors.append)
    finished, told = [], []
    tasks.run(lambda: (time.sleep(0.05), finished.append(1)), told.append)
    tasks.close()
    assert finished == [1]
    assert tasks.run(lambda: 1) is None
    assert told == []


def test_the_number_of_running_tasks_is_told(qtbot, tasks):
    numbers = []
    tasks.busy_changed.connect(numbers.append)
    tasks.run(lambda: 1)
    qtbot.waitUntil(lambda: tasks.running == 0 and len(numbers) == 2)
    assert numbers == [1, 0]


def test_inline_tasks_answer_at_once(qtbot, errors):
    tasks, seen = InlineTasks(errors.append), []
    tasks.run(lambda: 5, seen.append, lane="token")
    assert seen == [5]
    assert tasks.lanes_used == ["token"]


def test_a_call_on_the_gui_thread_is_seen(qtbot, tasks):
    class Place:
        def write(self):
            return 1

    with watched_calls((Place, "write")) as seen:
        done = []
        tasks.run(Place().write, done.append)
        qtbot.waitUntil(lambda: bool(done))
        assert seen == []
        Place().write()
        assert seen == ["write"]


def test_an_answer_on_its_way_when_the_program_ends_is_brought_to_nobody(qtbot, errors):
    tasks = Tasks(errors.append)
    told = []
    running = tasks.run(lambda: 1, told.append)
    running.result(timeout=10)
    tasks.close()  # the worker has ended, its answer waits in the queue of the windows that are going
    qtbot.wait(50)
    assert told == []
    assert tasks.running == 0
