"""Results as packages: written whole, read back, and proved to be what the office signed."""

import json
import zipfile
from dataclasses import replace

import pytest

from desktop.errors import BadInput, NotAllowed, Unavailable
from desktop.exchange.results import packed, read_result, write_result
from desktop.queries.exchange import result_papers
from desktop.regulation.model import Channel


@pytest.fixture
def papers(store, case_at, people):
    case_id = case_at("licence", channel=Channel.PORTAL, outside_number="KZ18-77")
    return result_papers(store, people.clerk, case_id=case_id)


def test_a_result_is_read_back_as_it_was_signed(papers, tmp_path):
    path = write_result(papers, tmp_path)
    read = read_result(path)
    assert (read.result["number"], read.result["result"], read.result["channel"]) == (
        "KZ18-77",
        "licence",
        "portal",
    )
    (licence,) = (one for one in read.result["documents"] if one["kind"] == "licence")
    assert licence["signed"] is True
    assert read.papers[licence["path"]] == papers.documents[-1].content
    assert read.mark["bin"] == papers.office_bin
    assert path.name == f"result-{papers.case_number}.zip"


def test_written_again_it_is_the_same_file(papers, tmp_path):
    folder = tmp_path / "sent"
    folder.mkdir()
    first = write_result(papers, folder)
    assert write_result(papers, folder) == first
    other = write_result(replace(papers, result="refusal"), folder)
    assert other.name.endswith("-2.zip")
    assert sorted(one.suffix for one in folder.iterdir()) == [".zip", ".zip"]
    assert packed(papers) == packed(papers)


def test_what_was_changed_on_the_way_is_noticed(papers, tmp_path):
    path = write_result(papers, tmp_path)
    with zipfile.ZipFile(path) as zipped:
        parts = {name: zipped.read(name) for name in zipped.namelist()}
    result = json.loads(parts["result.json"])
    paper = result["documents"][0]["path"]
    for changed in (
        {**parts, "result.json": json.dumps({**result, "identifier": "1"}).encode()},
        {**parts, paper: parts[paper] + b"x"},
        {name: body for name, body in parts.items() if name != paper},
        {name: body for name, body in parts.items() if name != "mark.json"},
        {**parts, "documents/99-licence.pdf": b"%PDF"},
    ):
        with zipfile.ZipFile(path, "w") as zipped:
            for name, body in changed.items():
                zipped.writestr(name, body)
        with pytest.raises(BadInput, match="result-unreadable"):
            read_result(path)
    path.write_bytes(b"PK")
    with pytest.raises(BadInput, match="result-unreadable"):
        read_result(path)


def test_where_nothing_can_be_written(papers, tmp_path):
    with pytest.raises(Unavailable, match="result-unwritable"):
        write_result(papers, tmp_path / "gone")


def test_a_case_without_a_result_sends_none(store, case_at, people):
    with pytest.raises(NotAllowed, match="no-result-to-send"):
        result_papers(store, people.clerk, case_id=case_at("check"))
