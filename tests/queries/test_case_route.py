"""The route of a case where the ways of its act fork: what it did not take is no part of it."""

from datetime import UTC, datetime
from types import SimpleNamespace

from desktop.queries.case_route import route
from desktop.regulation.model import Channel
from tests.ui.diagram import ways

AT = datetime(2018, 6, 12, 10, 0, tzinfo=UTC)
FORKED = ways.circling()


def stops(here: str | None, *passed: tuple[str, str]) -> list[tuple[str, str]]:
    """Return act and state of each stop of a case that has passed these steps by these outcomes."""
    entries = [
        SimpleNamespace(step=step, facts={"outcome": outcome}, name_kk="Айгүл", name_ru="Айгуль")
        for step, outcome in passed
    ]
    history = [SimpleNamespace(at=AT) for _ in entries]
    return [(stop.act.value, stop.state) for stop in route(FORKED, Channel.PORTAL, here, entries, history)]


def test_what_may_still_come_lies_ahead():
    assert stops("decide", ("reg", "on"), ("visa", "on")) == [
        ("accept", "done"), ("approve", "done"), ("decide", "here"), ("hear", "ahead"), ("sign", "ahead"),
        ("deliver", "ahead"),
    ]  # fmt: skip


def test_a_way_not_taken_is_no_part_of_the_route():
    assert stops("sign", ("reg", "on"), ("visa", "on"), ("decide", "grant")) == [
        ("accept", "done"), ("approve", "done"), ("decide", "done"), ("sign", "here"), ("deliver", "ahead"),
    ]  # fmt: skip


def test_what_was_passed_stays_though_it_was_not_the_straight_way():
    taken = (("reg", "on"), ("visa", "on"), ("decide", "hear"), ("hearing", "heard"), ("decide", "refuse"))
    assert ("hear", "done") in stops("sign", *taken)
