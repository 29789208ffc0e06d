"""The play's clock: office hours where the past has room for them, and never ahead of the world without need."""

from datetime import UTC, datetime, timedelta

import pytest

from desktop.demo import main_job
from desktop.demo.building import ZONE
from desktop.demo.play import Stage
from desktop.demo.story import Clock
from desktop.eds.verdict_parts import CLOCK_TOLERANCE
from desktop.regulation.terms import default_calendar

CALENDAR = default_calendar(ZONE)
PRESENT = datetime(2026, 11, 20, 16, 0, tzinfo=ZONE)


def stage(now: datetime) -> Stage:
    return Stage(
        hands=None, clock=Clock(now), calendar=CALENDAR, window=None, read_card=None, fee_due=None,
        executor_id=1, papers=(), scans=(), pictures=None, passwords="", pin="", present=PRESENT,
    )  # fmt: skip


def test_a_case_of_the_past_is_carried_in_office_hours():
    old = stage(datetime(2018, 6, 29, 18, 25, tzinfo=ZONE))
    old.wait_until(old.clock.now + timedelta(hours=2))
    assert old.clock.now == datetime(2018, 7, 2, 9, 0, tzinfo=ZONE)


def test_a_case_received_just_now_is_signed_by_now_and_not_in_days_to_come():
    late = stage(PRESENT)
    for _step in range(14):
        late.wait_until(late.clock.now + timedelta(days=3))
    assert PRESENT < late.clock.now < PRESENT + CLOCK_TOLERANCE


def test_silence_of_the_authority_is_waited_out_whatever_the_present():
    late = stage(PRESENT)
    due = PRESENT + timedelta(days=14)
    late.wait_until(due, hurry=False)
    assert late.clock.now >= due


@pytest.mark.parametrize("second", [0, 17, 59])
@pytest.mark.parametrize("hours", range(0, 7 * 24, 5))
def test_the_usual_case_came_in_a_working_moment_about_a_month_ago(hours, second):
    now = datetime(2026, 11, 16, 0, 3, second, tzinfo=UTC) + timedelta(hours=hours)
    received = main_job.a_month_before(now)
    assert CALENDAR.next_working_moment(received) == received
    assert timedelta(days=15) < now - received <= timedelta(days=30, minutes=1)
