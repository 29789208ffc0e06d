"""``ruqsat regulations --json`` against the law, row by row.

``steps.tsv`` and ``totals.tsv`` were read off the acts themselves, not off the files of ``resources/regulations``: one
row for one process, condition or action of an act, with its item, its actor, its term and what comes next, in the
act's own numbers. Whoever doubts a file lays the act beside these tables.

How to read ``steps.tsv``: several operations or channels in a cell share the row; "-" is a step without a term;
"provider" is the office where the act does not say who in it; an ``item`` may end in the act of the step where one
item holds two (``accept``, ``decide``); ``next`` names items, "end", and "[I]" where the act leaves a way out that the office needs.

``provisions.tsv`` holds what an act says with an item and is no step: ``kind`` as in ``ProvisionKind``, ``says`` is a
word or two of the act itself, in its own language; service "-" is the decree, item "-" its heading. ``ITEMS`` is how
many items each regulation has: every one of them stands in its file somewhere.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from desktop.regulation import summary
from desktop.regulation.loader import load_text, shipped
from desktop.regulation.model import Act

HERE = Path(__file__).parent
LOADED = [load_text(text, name=name) for name, text in shipped()]
TOLD: dict[str, dict[str, Any]] = {item["id"]: item for item in summary.as_json(LOADED)}
OFFICE = {"clerk", "executor", "head"}
ACTS = {act.value for act in Act}
NOT_OF_THE_ACT = ("[I]", "[K]", "[F]", "202-V")
ITEMS_IN_ORDER = {"mangystau-medical", "atyrau-2012-432"}  # their office stands inside each channel
OF_ITS_OWN = {"dsm-59-2020"}  # no text of it was at hand: nothing to compare with

Told = dict[str, Any]


@dataclass(frozen=True)
class Place:
    regulation: str
    service: str
    operation: str
    channel: str

    def __str__(self) -> str:
        return " / ".join((self.regulation, self.service, self.operation, self.channel))


def _rows(name: str) -> Iterator[dict[str, str]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    yield from csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")


def _places(row: dict[str, str]) -> Iterator[Place]:
    for service in row["service"].split():
        for operation in row["operations"].split():
            for channel in row["channels"].split():
                yield Place(row["regulation"], service, operation, channel)


ROWS = [(place, row) for row in _rows("steps.tsv") for place in _places(row)]
TOTALS = [(place, row) for row in _rows("totals.tsv") for place in _places(row)]
PLACES = list(dict.fromkeys(place for place, _ in ROWS))


def _operation(place: Place) -> Told:
    (service,) = [item for item in TOLD[place.regulation]["services"] if item["id"] == place.service]
    (operation,) = [item for item in service["operations"] if item["id"] == place.operation]
    return operation


def _steps(place: Place) -> dict[str, Told]:
    return {step["id"]: step for step in _operation(place)["steps"] if place.channel in step["channels"]}


def _bears(step: Told, item: str) -> bool:
    """Return whether ``step`` is of this item: "7(1)" is not of "17(1)", nor "1-кесте, 1" of "1-кесте, 11"."""
    words, _, act = item.rpartition(" ")
    if act in ACTS:
        return step["act"] == act and _bears(step, words)
    clause, place = step["clause"], -1
    while (place := clause.find(item, place + 1)) >= 0:
        before, after = clause[place - 1 : place], clause[place + len(item) :][:1]
        if not before.isdigit() and not after.isdigit() and before != "." and after != ".":
            return True
    return False


def _of_row(place: Place, row: dict[str, str]) -> Told:
    found = [step for step in _steps(place).values() if _bears(step, row["item"])]
    assert len(found) == 1, (str(place), row["item"], [step["id"] for step in found])
    return found[0]


def _seconds(told: str | Told | None) -> tuple[str, Fraction, Fraction] | None:
    """Return a term as (kind of clock, least, most); seconds, minutes and hours are compared with one another."""
    if told is None or told == "-":
        return None
    if isinstance(told, str):
        amount, unit = told.split()
        least, _, most = amount.partition("-")
        lower, upper = Fraction(least), Fraction(most or least)
    else:
        unit = told["unit"]
        lower, upper = (
            Fraction(told.get("value", told.get("min"))),
            Fraction(told.get("value", told.get("max"))),
        )
    size = {"second": 1, "minute": 60}.get(unit)
    if size is None:
        return unit, lower, upper
    return "seconds", lower * size, upper * size


def _as_written(told: str) -> Told:
    amount, unit = told.split()
    return {"value": float(amount) if "." in amount else int(amount), "unit": unit}


@pytest.mark.parametrize("place", [place for place in PLACES if place.regulation in ITEMS_IN_ORDER], ids=str)
def test_the_steps_stand_in_the_order_of_the_act(place: Place) -> None:
    steps = list(_steps(place))
    told = [steps.index(_of_row(place, row)["id"]) for where, row in ROWS if where == place]
    assert told == sorted(told)


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_every_row_of_the_act_is_a_step(place: Place) -> None:
    steps = _steps(place)
    for row in (row for where, row in ROWS if where == place):
        step = _of_row(place, row)
        where = f"{place}: {row['item']}"
        assert step["role"] in (OFFICE if row["actor"] == "provider" else {row["actor"]}), where
        assert _seconds(step["term"]) == _seconds(row["term"]), where
        if "-" not in row["term"]:  # an interval may have a unit at either end
            assert step["term"] == _as_written(row["term"]), where
        goes = {outcome["next"] for outcome in step["outcomes"] if place.channel in outcome["channels"]}
        here = goes - {None}
        assert here <= set(steps), where
        wanted = row["next"].split("; ")
        ends = None in goes
        assert ends == ("end" in wanted) or "[I]" in wanted, where
        for item in (item for item in wanted if item not in {"end", "[I]"}):
            reached = _over(steps, here)
            assert any(_bears(steps[target], item) for target in reached), (where, item)
        if "[I]" not in wanted:
            items = [item for item in wanted if item != "end"]
            strange = [
                target for target in here
                if not any(_bears(steps[target], item) for item in items) and not _left_out(steps[target])
            ]  # fmt: skip
            assert strange == [], where


def _left_out(step: Told) -> bool:
    return any(mark in step["clause"] for mark in NOT_OF_THE_ACT)


def _over(steps: dict[str, Told], here: set[str]) -> set[str]:
    """Return the steps reached, and those after a step that the act leaves out."""
    reached, ahead = set(here), list(here)
    while ahead:
        step = steps[ahead.pop()]
        if not _left_out(step) and step["act"] != "sign":
            continue
        for outcome in step["outcomes"]:
            target = outcome["next"]
            if target in steps and target not in reached:
                reached.add(target)
                ahead.append(target)
    return reached


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_nothing_pretends_to_be_of_the_act(place: Place) -> None:
    """A step that is in no row says that it is not of the act."""
    of_the_act = {_of_row(place, row)["id"] for where, row in ROWS if where == place}
    others = [step for step_id, step in _steps(place).items() if step_id not in of_the_act]
    assert [step["id"] for step in others if not _left_out(step)] == []


@pytest.mark.parametrize(
    ("place", "row"), TOTALS, ids=lambda value: str(value) if isinstance(value, Place) else ""
)
def test_the_term_of_the_whole(place: Place, row: dict[str, str]) -> None:
    found = [
        total for total in _operation(place)["total_terms"]
        if place.channel in total["channels"] and not total.get("inferred")
    ]  # fmt: skip
    assert len(found) == (row["term"] != "-"), str(place)
    for total in found:
        assert _seconds(total) == _seconds(row["term"]), str(place)


def test_the_tables_leave_out_no_service_operation_or_channel() -> None:
    offered = {
        Place(regulation["id"], service["id"], operation["id"], channel)
        for regulation in TOLD.values()
        for service in regulation["services"]
        for operation in service["operations"]
        for channel in operation["channels"]
        if regulation["id"] not in OF_ITS_OWN
    }
    papers = {place for place in offered if place.regulation == "wko-2018-139" and place.channel == "office"}
    assert offered == set(PLACES)
    assert len(papers) == 3  # item 3 foresees an application on paper, item 1 names no counter


def test_the_order_of_2020_is_wholly_unverified() -> None:
    (order,) = [item for item in LOADED if item.id in OF_ITS_OWN]
    assert order.unverified
    assert order.warnings
    for step in (step for operation in order.services[0].operations for step in operation.steps):
        assert any(mark in step.clause for mark in NOT_OF_THE_ACT), step.id
    days = {operation.id: operation.total_terms[0].term.value for operation in order.services[0].operations}
    assert days == {"issue": 13, "reissue": 3, "duplicate": 2}


@pytest.mark.parametrize("regulation", LOADED, ids=lambda item: item.id)
def test_what_is_not_from_the_act_is_flagged(regulation) -> None:
    for operation in (operation for service in regulation.services for operation in service.operations):
        items = [
            *operation.papers, *operation.requirements, *operation.refusal_grounds, *operation.fields,
            *([operation.fee] if operation.fee else []),
        ]  # fmt: skip
        for item in items:
            assert item.unverified == any(mark in item.clause for mark in ("[K]", "[F]")), item


def test_fees_and_custody_of_001() -> None:
    """Items 4 and 10: 10 indices; 10 % of them and at most 4; 100 %. Kept a month, sent again in a working day."""
    (act,) = [item for item in LOADED if item.id == "wko-2018-139"]
    operations = {operation.id: operation for operation in act.services[0].operations}
    fees = {
        name: (item.fee.rate, item.fee.share, item.fee.cap) for name, item in operations.items() if item.fee
    }
    assert fees == {"issue": ("10", "1", None), "reissue": ("10", "0.1", "4"), "duplicate": ("10", "1", None)}
    for operation in operations.values():
        assert operation.custody is not None
        assert [channel.value for channel in operation.custody.channels] == ["state_corporation"]
        assert operation.custody.keep_months == 1
        assert (operation.custody.send_again.value, operation.custody.send_again.unit.value) == (
            1,
            "working_day",
        )
        before = {
            channel.value: total.hand_over_days_before
            for total in operation.total_terms
            for channel in total.channels
        }
        assert before == {"state_corporation": 1, "portal": 0, "office": 0}
        assert not any(total.receipt_day_counts for total in operation.total_terms)


def test_the_day_of_receipt_of_003_item_9() -> None:
    """Of the narcotics licence through the State corporation; no other act without a term of the whole leaves it out."""
    told = {place: _operation(place).get("receipt_day_out") for place in PLACES}
    out = {(place.regulation, place.service) for place, item in told.items() if item is not None}
    assert out == {("akmola-2015-a11-509", "narcotics")}
    for place in (place for place in PLACES if place.service == "narcotics" and told[place]):
        assert told[place] == {"channels": ["state_corporation"], "clause": "9"}


@pytest.mark.parametrize(
    "row", list(_rows("contradictions.tsv")), ids=lambda row: f"{row['number']} {row['regulation']}"
)
def test_a_contradiction_of_the_acts_is_told_where_it_bites(row: dict[str, str]) -> None:
    (act,) = [item for item in LOADED if item.id == row["regulation"]]
    operation = act.service(row["service"]).operation(row["operation"])
    where = "" if row["where"] == "-" else row["where"]
    assert any(row["says"] in note.text.ru for note in operation.notes if note.where == where)


def test_every_contradiction_has_a_row() -> None:
    assert {int(row["number"]) for row in _rows("contradictions.tsv")} == set(range(1, 39))


ITEMS = {
    ("wko-2018-139", "medical"): 13,
    ("akmola-2015-a11-509", "pharmaceutical"): 8,
    ("akmola-2015-a11-509", "narcotics"): 10,
    ("akmola-2015-a11-509", "attestation"): 9,
    ("zhambyl-2015-173", "medical"): 12,
    ("zhambyl-2015-173", "narcotics"): 12,
    ("atyrau-2012-432", "attachment"): 16,
    ("atyrau-2012-432", "medical"): 17,
}
IN_RUSSIAN = {"atyrau-2012-432"}
PROVISIONS = list(_rows("provisions.tsv"))


def _provisions(regulation: str, service: str) -> list[Told]:
    told: list[Told] = TOLD[regulation]["provisions"]
    if service != "-":
        (told,) = [item["provisions"] for item in TOLD[regulation]["services"] if item["id"] == service]
    return told


def _plain(words: str) -> str:
    """Return the letters alone: acts are scanned with spaces within words, and quote in several ways."""
    return "".join(words.replace("«", '"').replace("»", '"').split()).casefold()


@pytest.mark.parametrize(
    "row", PROVISIONS, ids=lambda row: f"{row['regulation']} {row['service']} {row['item']} {row['kind']}"
)
def test_what_the_act_says_besides_stands_in_the_file(row: dict[str, str]) -> None:
    language = "ru" if row["regulation"] in IN_RUSSIAN else "kk"
    assert any(
        (item["clause"] or "-", item["kind"]) == (row["item"], row["kind"])
        and _plain(row["says"]) in _plain(item["text"][language])
        for item in _provisions(row["regulation"], row["service"])
    )


def test_the_files_say_nothing_besides_that_the_acts_do_not() -> None:
    rows = Counter((row["regulation"], row["service"], row["item"], row["kind"]) for row in PROVISIONS)
    told = Counter(
        (regulation, service, item["clause"] or "-", item["kind"])
        for regulation, service in {(row["regulation"], row["service"]) for row in PROVISIONS}
        for item in _provisions(regulation, service)
    )
    assert told == rows


@pytest.mark.parametrize("place", ITEMS, ids=" ".join)
def test_every_item_of_a_regulation_stands_somewhere(place: tuple[str, str]) -> None:
    regulation, service = place
    (act,) = [item for item in LOADED if item.id == regulation]
    found = act.service(service)
    clauses = [provision.clause for provision in found.provisions]
    for operation in found.operations:
        clauses += [step.clause for step in operation.steps]
        clauses += [outcome.clause for step in operation.steps for outcome in step.outcomes]
        clauses += [part.clause for part in (*operation.total_terms, *operation.papers, *operation.fields)]
    for item in range(1, ITEMS[place] + 1):
        held = re.compile(rf"(^|[;,] ){item}([(,;. ]|$)")
        assert any(held.search(clause) for clause in clauses), item
