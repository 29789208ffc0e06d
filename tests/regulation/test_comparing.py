"""Two operations compared: what answers to what, and what the acts decide differently."""

from dataclasses import replace

from desktop.regulation.comparing import Kind, compare
from desktop.regulation.loader import load_text, shipped
from desktop.regulation.model import Channel, Text
from tests.regulation.odd_packs import odd_pack

TEXT = dict(shipped())["wko-2018-139.toml"]
ISSUE = load_text(TEXT, name="wko").service("medical").operation("issue")
ODD = load_text(odd_pack(TEXT, filed=True), name="odd").service("medical").operation("issue")


def test_an_operation_is_the_same_as_itself():
    pairs = compare(ISSUE, Channel.PORTAL, ISSUE, Channel.PORTAL)
    assert all(pair.same for pair in pairs)
    assert {pair.kind for pair in pairs} >= {Kind.TOTAL, Kind.FEE, Kind.STEP, Kind.PAPER}


def test_channels_differ_in_when_the_result_is_there():
    (total,) = (
        pair for pair in compare(ISSUE, Channel.STATE_CORPORATION, ISSUE, Channel.PORTAL)
        if pair.kind is Kind.TOTAL
    )  # fmt: skip
    assert total.differs == ("hand-over",)


def test_a_step_one_act_lacks_stands_alone_and_changed_ways_out_are_named():
    steps = [pair for pair in compare(ISSUE, Channel.OFFICE, ODD, Channel.OFFICE) if pair.kind is Kind.STEP]
    alone = [pair.right.id for pair in steps if pair.left is None]
    assert {"approval", "filing"} <= set(alone)  # the odd act has acts the decree has not
    assert all(pair.left is None or pair.right is not None for pair in steps)
    shorter = replace(ISSUE, steps=tuple(replace(step, term=None) for step in ISSUE.steps))
    first = next(
        pair for pair in compare(ISSUE, Channel.OFFICE, shorter, Channel.OFFICE) if pair.kind is Kind.STEP
    )
    assert first.differs == ("term",)


def test_papers_are_matched_by_what_they_are_called():
    renamed = tuple(replace(paper, id=f"other-{at}") for at, paper in enumerate(ISSUE.papers))
    other = replace(ISSUE, papers=(replace(renamed[0], required=False), *renamed[1:]))
    papers = [
        pair for pair in compare(ISSUE, Channel.PORTAL, other, Channel.PORTAL) if pair.kind is Kind.PAPER
    ]
    assert [pair.differs for pair in papers] == [("required",), *[()] * (len(papers) - 1)]
    strange = replace(ISSUE, papers=(replace(renamed[0], title=Text("Мүлде өзге", "Совсем иное")),))
    left_alone = [
        pair for pair in compare(ISSUE, Channel.PORTAL, strange, Channel.PORTAL) if pair.kind is Kind.PAPER
    ]
    assert [pair for pair in left_alone if pair.same] == []


def test_what_only_one_act_has_is_told_on_its_side():
    bare = replace(ISSUE, fee=None, total_terms=())
    found = {pair.kind: pair for pair in compare(ISSUE, Channel.PORTAL, bare, Channel.PORTAL)}
    assert (found[Kind.FEE].right, found[Kind.TOTAL].right) == (None, None)
    assert not found[Kind.FEE].same
    assert next(iter(compare(bare, Channel.PORTAL, bare, Channel.PORTAL))).kind is Kind.STEP
