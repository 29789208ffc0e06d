"""Any operation is laid out so that nothing lies on anything else and every line ends where it should."""

from datetime import UTC, datetime
from itertools import combinations, pairwise

import pytest

from desktop.queries.way_rows import Passage, Trace
from desktop.regulation import proofs
from desktop.regulation.engine import whole_route
from desktop.regulation.loader import load_text, shipped
from desktop.regulation.model import Text
from desktop.ui.diagram import graph
from desktop.ui.diagram.layout import lay_out
from desktop.ui.diagram.letters import broken
from desktop.ui.diagram.shapes import Box
from desktop.ui.diagram.wording import Heading
from tests.ui.diagram import ways
from tests.ui.diagram.words import PlainWording, SquareLetters

HEADING = Heading("Выдача лицензии", ("№ 139",), "")
SHIPPED = [
    (f"{name}-{service.id}-{operation.id}-{channel.value}", operation, channel)
    for name, text in shipped()
    for service in load_text(text, name=name).services
    for operation in service.operations
    for channel in operation.channels
]
DRAWN = [(name, made(), channel) for name, (made, channel) in ways.ALL.items()] + SHIPPED
every = pytest.mark.parametrize(
    ("operation", "channel"), [item[1:] for item in DRAWN], ids=[item[0] for item in DRAWN]
)


def drawn(operation, channel, language="ru", trace=None):
    return lay_out(operation, channel, PlainWording(language), SquareLetters(), HEADING, trace)


def pieces(line):
    """Return the straight pieces of a line as boxes without thickness."""
    return [
        Box(min(a[0], b[0]), min(a[1], b[1]), abs(a[0] - b[0]), abs(a[1] - b[1]))
        for a, b in pairwise(line.points)
    ]


def cuts(piece: Box, box: Box) -> bool:
    """Return whether a piece of a line runs through the inside of a box."""
    grown = Box(piece.left - 0.5, piece.top - 0.5, piece.width + 1, piece.height + 1)
    inside = Box(box.left + 1, box.top + 1, box.width - 2, box.height - 2)
    return grown.touches(inside)


@every
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_no_line_crosses_a_step_or_a_label(operation, channel, language):
    shapes = drawn(operation, channel, language)
    for line in shapes.lines:
        for piece in pieces(line):
            for node in shapes.nodes:
                assert not cuts(piece, node.box), (line, node.step.id)
                for label in node.labels:
                    if label.lines and (node.step.id, label.id) != (line.source, line.outcome):
                        assert not cuts(piece, label.box), (line, node.step.id, label.id)


@every
def test_no_step_lies_on_another_and_each_in_its_lane(operation, channel):
    shapes = drawn(operation, channel)
    for one, other in combinations([node.whole for node in shapes.nodes], 2):
        assert not one.touches(other)
    for node in shapes.nodes:
        lane = shapes.lanes[node.lane]
        assert lane.box.left <= node.box.left
        assert node.box.right <= lane.box.right
        assert lane.role is node.step.role
        assert lane.box.top < node.box.top
        assert node.whole.bottom < lane.box.bottom
    for one, other in pairwise(shapes.lanes):
        assert one.box.right == other.box.left


@every
def test_every_way_of_the_act_is_drawn_once_and_ends_in_its_step(operation, channel):
    shapes = drawn(operation, channel)
    wanted = {
        (step.id, outcome.id, way.id if (way := proofs.target(operation, outcome, channel)) else None)
        for step in whole_route(operation, channel)
        for outcome in step.outcomes
    }
    lines = [(line.source, line.outcome, line.target) for line in shapes.lines if line.kind != "return"]
    ends = {
        (node.step.id, label.id, None)
        for node in shapes.nodes
        for label in node.labels
        if label.end is not None
    }
    assert len(lines) == len(set(lines))
    assert set(lines) | ends == wanted
    for line in shapes.lines:
        target = shapes.node(line.target).box
        assert line.points[-1] == (target.middle, target.top)


@every
def test_lines_to_different_steps_never_lie_on_each_other(operation, channel):
    shapes = drawn(operation, channel)
    for one, other in combinations(shapes.lines, 2):
        if one.target == other.target:
            continue
        for a in pieces(one):
            for b in pieces(other):
                upright = a.width == b.width == 0 and a.left == b.left
                flat = a.height == b.height == 0 and a.top == b.top
                shared_down = min(a.bottom, b.bottom) - max(a.top, b.top)
                shared_across = min(a.right, b.right) - max(a.left, b.left)
                assert not (upright and shared_down > 1), (one, other)
                assert not (flat and shared_across > 1), (one, other)


@every
def test_every_text_keeps_within_its_box(operation, channel):
    letters = SquareLetters()
    for language in ("kk", "ru"):
        shapes = drawn(operation, channel, language)
        for node in shapes.nodes:
            for line in node.title:
                assert letters.width(line, "body", True) <= node.box.width
            for label in node.labels:
                for line in label.lines:
                    assert letters.width(line, "small", False) <= label.box.width
            joined = "".join("".join(node.title).split()).replace("-", "")
            assert joined == "".join(node.step.title.in_language(language).split()).replace("-", "")
        for lane in shapes.lanes:
            for line in lane.lines:
                assert letters.width(line, "small", True) <= lane.box.width
        assert max(node.box.right for node in shapes.nodes) < shapes.width


def test_refusals_and_what_is_outside_are_known():
    shapes = drawn(ways.portal(), ways.ALL["portal"][1])
    assert {node.step.id for node in shapes.nodes if node.refusal} == {"p2", "p5", "p7", "p10"}
    assert {node.step.id for node in shapes.nodes if not node.on_map} == {"decide", "sign"}
    assert {line.outcome for line in shapes.lines if line.kind == "refusal"} == {"bad", "unpaid", "refuse"}
    assert len(shapes.lanes) == 6


def test_a_return_for_rework_leads_back():
    shapes = drawn(ways.circling(), ways.ALL["circling"][1])
    (back,) = (line for line in shapes.lines if line.kind == "return")
    assert (back.source, back.target) == ("sign", "decide")
    assert back.points[-1][1] < back.points[0][1]


def test_the_way_of_a_case_is_drawn_with_who_and_when():
    at = datetime(2018, 6, 12, 10, 0, tzinfo=UTC)
    who = Text("Айгүл", "Айгуль")
    trace = Trace(
        "completeness",
        (Passage("registration", "registered", at, who), Passage("visa", "visa-given", at, who)),
    )
    shapes = drawn(*DRAWN[0][1:], trace=trace)
    states = {node.step.id: node.state for node in shapes.nodes}
    assert [states[name] for name in ("registration", "visa", "completeness", "decision")] == [
        "done", "done", "here", "ahead",
    ]  # fmt: skip
    assert "Айгуль 12.06.2018" in " ".join(shapes.node("visa").passed)
    assert shapes.node("completeness").passed == ("here",)
    assert {(line.source, line.target) for line in shapes.lines if line.taken} == {
        ("registration", "visa"), ("visa", "completeness"),
    }  # fmt: skip


def test_notes_are_numbered_at_their_steps():
    shapes = drawn(ways.portal(), ways.ALL["portal"][1])
    assert shapes.node("decide").notes == (1,)
    assert shapes.notes[0][1][0].startswith("1) ")
    assert shapes.foot < shapes.height


def test_a_lane_without_a_title_is_joined_to_its_role():
    lanes = graph.of(ways.wko(), ways.ALL["wko"][1]).lanes
    assert [lane.role.value for lane in lanes] == ["clerk", "head", "executor", "state_body"]


def test_a_word_longer_than_its_room_is_broken():
    letters = SquareLetters()
    lines = broken("Көрсетілетінқызметтіберушініңкеңсеқызметкері", 100, letters, "small")
    assert len(lines) > 1
    assert all(letters.width(line, "small", False) <= 100 for line in lines)
    assert broken("", 100, letters, "small") == ()
