"""What ``ruqsat due`` prints."""

import json
import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from desktop.errors import BadInput
from desktop.regulation.loader import load_text, shipped
from desktop.regulation.summary import as_json, due_as_json
from desktop.regulation.terms import default_calendar

PACKS = tuple(load_text(text, name=name) for name, text in shipped())
CALENDAR = default_calendar(ZoneInfo("Asia/Oral"))
ASKED: dict[str, Any] = {
    "regulation": "wko-2018-139",
    "service": "medical",
    "operation": "issue",
    "received": datetime(2018, 6, 29, 16, 50),
}


def test_the_due_date_with_its_reasons() -> None:
    told = json.loads(json.dumps(due_as_json(PACKS, CALENDAR, **ASKED)))
    assert set(told) == {"due", "hand_over_by", "why"}
    assert (told["due"], told["hand_over_by"]) == ("2018-07-23T18:30", "2018-07-20T18:30")
    assert sum(reason["counted"] for reason in told["why"]) == 15
    assert told["why"][0] == {
        "first": "2018-06-29T16:50",
        "last": "2018-06-30T00:00",
        "counted": False,
        "code": "receipt-day",
        "clause": "5",
        "text": None,
    }
    holiday = next(reason for reason in told["why"] if reason["code"] == "holiday")
    assert holiday["text"] == {"kk": "Астана күні", "ru": "День столицы"}


@pytest.mark.parametrize(
    ("channel", "hand_over_by"),
    [("state_corporation", "2018-07-20T18:30"), ("portal", None), ("office", None)],
)
def test_only_the_state_corporation_is_handed_the_result_a_day_earlier(
    channel: str, hand_over_by: str | None
) -> None:
    told = due_as_json(PACKS, CALENDAR, **ASKED, channel=channel)
    assert (told["due"], told["hand_over_by"]) == ("2018-07-23T18:30", hand_over_by)


def test_an_aware_moment_is_turned_into_office_time() -> None:
    asked = {**ASKED, "received": datetime(2018, 6, 29, 20, 0, tzinfo=UTC)}  # 30 June in Oral
    told = due_as_json(PACKS, CALENDAR, **asked)
    assert told["why"][0]["first"] == "2018-06-30T01:00"


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"regulation": "x"}, "regulation-unknown", "regulation"),
        ({"service": "x"}, "service-unknown", "service"),
        ({"operation": "x"}, "operation-unknown", "operation"),
        ({"channel": "post"}, "channel-not-offered", "channel"),
        ({"channel": ""}, "channel-not-offered", "channel"),
        ({"received": datetime(1990, 12, 31)}, "outside-the-calendar", "received"),
        ({"received": datetime(9999, 12, 31, tzinfo=UTC)}, "outside-the-calendar", "received"),
    ],
)
def test_what_is_not_there_is_named(changed: dict[str, str], code: str, field: str) -> None:
    with pytest.raises(BadInput) as caught:
        due_as_json(PACKS, CALENDAR, **{**ASKED, **changed})
    assert (caught.value.code, caught.value.field) == (code, field)


def test_in_each_channel_an_outcome_goes_to_one_place_and_every_way_ends() -> None:
    for regulation in as_json(PACKS):
        for service in regulation["services"]:
            for operation in service["operations"]:
                for channel in operation["channels"]:
                    steps = {step["id"]: step for step in operation["steps"] if channel in step["channels"]}
                    ends = 0
                    for step in steps.values():
                        told = [out for out in step["outcomes"] if channel in out["channels"]]
                        assert len({out["id"] for out in told}) == len(told) > 0
                        assert {out["next"] for out in told} <= {None, *steps}
                        ends += any(out["next"] is None for out in told)
                    assert ends, (regulation["id"], operation["id"], channel)


def test_what_the_act_does_not_say_is_marked() -> None:
    (told,) = (item for item in as_json(PACKS) if item["id"] == "wko-2018-139")
    issue = told["services"][0]["operations"][0]
    assert issue["custody"]["keep_months"] == 1
    by_channel = {total["channels"][0]: total for total in issue["total_terms"]}
    assert by_channel["state_corporation"]["hand_over_days_before"] == 1
    assert "inferred" not in by_channel["portal"]
    assert by_channel["office"]["inferred"] is True
    (asked,) = (step for step in issue["steps"] if step["act"] == "ask")
    assert [outcome.get("inferred", False) for outcome in asked["outcomes"]] == [False, False, True]


def _without_total(text: str) -> str:
    first = text.index("[[service.operation.total_term]]")
    last = text.index("[service.operation.fee]")
    return text[:first] + text[last:]


def test_without_a_total_term_the_steps_are_added_up() -> None:
    """001 item 7: 15 min, 15 min, 1 day, 10 days, 1 day, 3 h, 3 h, by hand."""
    pack = load_text(_without_total(dict(shipped())["wko-2018-139.toml"]), name="wko")
    told = due_as_json([pack], CALENDAR, **{**ASKED, "received": datetime(2018, 6, 11, 10, 0)})
    # 10:30 on the 11th; days 12; 13-15, 18-22, 25, 26; 27 at 18:30; six hours from there end on the 28th at 16:30
    assert (told["due"], told["hand_over_by"], told["of_steps"]) == ("2018-06-28T16:30", None, True)
    assert {reason["clause"] for reason in told["why"]} >= {"7(1)", "7(2)"}


def test_an_operation_whose_steps_have_no_terms_either_says_so() -> None:
    text = _without_total(dict(shipped())["wko-2018-139.toml"])
    first, _, others = text.partition("[[service.operation]]")
    text = first + "[[service.operation]]" + others.partition("[[service.operation]]")[0]
    pack = load_text(re.sub(r"(?m)^term = .*$", "no_term = true", text), name="wko")
    with pytest.raises(BadInput, match="total-term-none"):
        due_as_json([pack], CALENDAR, **ASKED)


def test_a_pause_is_told_and_moves_both_dates() -> None:
    pause = (datetime(2018, 7, 3, 11, 0), datetime(2018, 7, 5, 16, 0))
    told = due_as_json(PACKS, CALENDAR, **ASKED, pauses=[pause])
    assert (told["due"], told["hand_over_by"]) == (
        "2018-07-25T18:30",
        "2018-07-24T18:30",
    )  # 3 and 4 July are lost
    assert [reason["first"] for reason in told["why"] if reason["code"] == "paused"] == [
        "2018-07-03T09:00",
        "2018-07-04T09:00",
    ]
    with pytest.raises(BadInput, match="pause-wrong"):
        due_as_json(PACKS, CALENDAR, **ASKED, pauses=[pause[::-1]])


@pytest.mark.parametrize(
    ("pack", "service", "operation"),
    [
        (pack, service, operation)
        for pack in PACKS
        for service in pack.services
        for operation in service.operations
    ],
    ids=lambda item: item.id,
)
def test_every_operation_is_due_through_every_channel(pack, service, operation) -> None:
    asked = {"regulation": pack.id, "service": service.id, "operation": operation.id}
    received = datetime(2018, 6, 29, 16, 50)
    through = {
        channel: due_as_json(PACKS, CALENDAR, received=received, channel=channel.value, **asked)
        for channel in operation.channels
    }
    for told in through.values():
        assert told["due"] > "2018-06-29T16:50"
        assert told["why"][-1]["last"] == told["due"]
        assert all(reason["clause"] for reason in told["why"])
    assert due_as_json(PACKS, CALENDAR, received=received, **asked) == through[operation.channels[0]]
