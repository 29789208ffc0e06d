"""``ruqsat`` as an administrator scripts it: words out, exit status, never a traceback."""

import json
import re
from pathlib import Path

import openpyxl
import pytest

from desktop import __version__
from tests.end2end.test_main_job import ruqsat

UNITS = {"second", "minute", "hour", "working_day", "calendar_day"}
ROLES = {
    "clerk", "head", "department_head", "executor", "commission_secretary", "commission", "state_body",
    "centre_operator", "phc_employee", "department_employee", "applicant", "system",
}  # fmt: skip
DUE = ("due", "--regulation", "wko-2018-139", "--service", "medical", "--operation", "issue", "--received")


def test_version_and_help():
    assert ruqsat("--version").stdout.strip() == f"ruqsat {__version__}"
    told = ruqsat("--help")
    assert told.returncode == 0
    assert {"demo", "verify", "regulations", "due", "export"} <= set(re.findall(r"[a-z]+", told.stdout))


def test_what_law_is_loaded_in_json():
    told = {regulation["id"]: regulation for regulation in json.loads(ruqsat("regulations", "--json").stdout)}
    regulation = told["wko-2018-139"]
    assert (regulation["act_number"], regulation["act_date"]) == ("139", "2018-06-07")
    (service,) = regulation["services"]
    operations = {operation["id"]: operation for operation in service["operations"]}
    assert (service["id"], list(operations)) == ("medical", ["issue", "reissue", "duplicate"])
    operation = operations["issue"]
    assert {"state_corporation", "portal"} <= set(operation["channels"])
    assert all((term["value"], term["unit"]) == (15, "working_day") for term in operation["total_terms"])
    for each in operations.values():
        _is_whole(each)
    at_the_counter = [step for step in operation["steps"] if "office" in step["channels"]]
    terms = [(step["act"], step["term"]["value"], step["term"]["unit"]) for step in at_the_counter]
    assert terms == [
        ("accept", 15, "minute"), ("assign", 15, "minute"), ("check", 1, "working_day"), ("ask", 10, "working_day"),
        ("decide", 1, "working_day"), ("sign", 3, "hour"), ("deliver", 3, "hour"),
    ]  # fmt: skip  # 001 item 7, in its order


def _is_whole(operation):
    steps = {step["id"]: step for step in operation["steps"]}
    for step in steps.values():
        assert step["role"] in ROLES
        assert step["clause"]
        assert step["term"] is None or step["term"]["unit"] in UNITS
        assert all(outcome["next"] is None or outcome["next"] in steps for outcome in step["outcomes"])


def test_due_says_when_and_why():
    told = ruqsat(*DUE, "2018-06-29T16:50", "--channel", "state_corporation", "--json")
    assert told.returncode == 0
    answer = json.loads(told.stdout)
    assert answer["due"] == "2018-07-23T18:30"
    assert answer["hand_over_by"] == "2018-07-20T18:30"
    assert sum(reason["counted"] for reason in answer["why"]) == 15
    assert [reason["first"][:10] for reason in answer["why"] if reason["code"].startswith("holiday")] == [
        "2018-07-06"
    ]
    said = ruqsat(*DUE, "2018-06-29T16:50").stdout
    assert said.startswith("due 2018-07-23T18:30")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("due", "--regulation", "none", "--service", "medical", "--operation", "issue", "--received", "2018-06-29"), 1),
        ((*DUE, "2018-06-29T16:50", "--channel", "pigeon"), 1),
        ((*DUE, "31.02.2018"), 2),
        (("verify", "/nowhere/licence.pdf"), 2),
        (("export", "licences", "--database", "sqlite:////nowhere/office.sqlite", "--out", "/tmp/none.xlsx"), 1),
        (("demo", "--headless", "--facts", "/nowhere/facts.json"), 1),
        (("fly",), 2),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_in_a_sentence(arguments, status):
    told = ruqsat(*arguments)
    assert told.returncode == status
    said = told.stderr + told.stdout
    assert said.strip()
    assert "Traceback" not in said


def test_an_office_exports_its_registers(any_store, case_at, tmp_path: Path):
    case_at("licence")
    any_store.dispose()
    for register, rows in (("applications", 1), ("licences", 1)):
        book = tmp_path / f"{register}.xlsx"
        told = ruqsat(
            "export",
            register,
            "--database",
            any_store.url.render_as_string(hide_password=False),
            "--out",
            str(book),
        )
        assert told.returncode == 0, told.stderr
        assert told.stdout.strip() == f"{book}: {rows} rows"
        sheet = openpyxl.load_workbook(book).active
        assert sheet.max_row == 4 + rows
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
