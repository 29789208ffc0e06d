"""Where everything stands: a pure function of the graph, the words and the widths of letters.

Steps stand in a grid of columns and rows. Between columns there are gutters, between rows corridors; lines run there
and nowhere else, so that none crosses a step. Lines to one step share their way as a river does; lines to different
steps never lie on each other.
"""

from dataclasses import dataclass, field

from desktop.queries.way_rows import Trace
from desktop.regulation.model import Channel, Note, Operation
from desktop.ui.diagram import graph as graphs
from desktop.ui.diagram.graph import Exit, Graph, Spot
from desktop.ui.diagram.letters import Letters, broken
from desktop.ui.diagram.routing import Router
from desktop.ui.diagram.shapes import Box, Label, LaneBox, NodeBox, Point, Shapes
from desktop.ui.diagram.wording import Heading, Wording

NODE = 224  # width of a step
PAD = 10  # inside a step
LABEL_PAD = 6
INDENT = 12  # of an outcome under its step
END = 30  # room right of a column for the mark of an end
EDGE = 16  # around the whole drawing
BORDER = 8  # of a lane, left of its first column: no line runs there
NOTES = 900  # the widest line of notes
_GAP = 4


def lay_out(
    operation: Operation,
    channel: Channel,
    wording: Wording,
    letters: Letters,
    heading: Heading,
    trace: Trace | None = None,
) -> Shapes:
    """Return the drawing of what applications of ``channel`` go through; ``trace``: with a case's own way."""
    return _Plan(graphs.of(operation, channel, trace), wording, letters, heading).shapes()


@dataclass(slots=True)
class _Piece:
    """An outcome measured, before it has a place."""

    way: Exit
    lines: tuple[str, ...]
    paper: tuple[str, ...]
    height: float


@dataclass(slots=True)
class _Measured:
    """A step measured, before it has a place."""

    spot: Spot
    title: tuple[str, ...]
    meta: tuple[str, ...]
    passed: tuple[str, ...]
    height: float
    pieces: list[_Piece] = field(default_factory=list)
    below: bool = False  # its main way ends right under it

    @property
    def whole(self) -> float:
        labels = sum(piece.height + _GAP for piece in self.pieces)
        return self.height + labels + (END if self.below else 0)


class _Plan:
    def __init__(self, graph: Graph, wording: Wording, letters: Letters, heading: Heading) -> None:
        self._graph, self._wording, self._letters, self._heading = graph, wording, letters, heading
        self._small, self._body = letters.height("small"), letters.height("body")
        self._measured = {spot.step.id: self._measure(spot) for spot in graph.spots}
        self._router = Router(graph)

    def shapes(self) -> Shapes:
        router = self._router
        router.choose()
        lefts, edges, right = self._columns()
        width = max(right + EDGE, 420)
        room = width - 2 * EDGE
        title = broken(self._heading.title, room, self._letters, "heading", strong=True)
        told = tuple(
            line for text in self._told() for line in broken(text, room, self._letters, "small") if text
        )
        warning = broken(self._heading.warning, room, self._letters, "small")
        top = EDGE + len(title) * self._letters.height("heading") + (len(told) + len(warning)) * self._small
        head, spans = self._head(lefts, right, top + 12)
        rows = self._rows(head.bottom + 8 + router.room_above())
        nodes = tuple(self._place(one, lefts, rows) for one in self._measured.values())
        bottom = rows[-1][1]
        notes = tuple(
            (note, broken(f"{number}) {wording_of(self._wording, note)}", min(room, NOTES), self._letters, "small"))
            for number, note in enumerate(self._graph.notes, 1)
        )  # fmt: skip
        foot = bottom + 14
        height = foot + sum(len(lines) * self._small + 4 for _, lines in notes) + EDGE
        lanes = tuple(
            LaneBox(lane.role, Box(left, head.top, right - left, bottom - head.top), lines)
            for lane, (left, right, lines) in zip(self._graph.lanes, spans, strict=True)
        )
        placed = {node.step.id: node for node in nodes}
        lines = router.lines(placed, edges, rows)
        return Shapes(width, height, title, told, warning, head, lanes, nodes, lines, rows, notes, foot)

    def _told(self) -> tuple[str, ...]:
        return (*self._heading.lines, self._wording.total(self._graph.total))

    # measuring

    def _measure(self, spot: Spot) -> _Measured:
        wording, step = self._wording, spot.step
        badge = 20 * len(spot.notes)
        title = broken(wording.text(step.title), NODE - 2 * PAD - badge, self._letters, "body", strong=True)
        meta = list(broken(wording.meta(step), NODE - 2 * PAD, self._letters, "small"))
        if step.recorded_by is not None:
            meta += broken(wording.recorded(step.recorded_by), NODE - 2 * PAD, self._letters, "small")
        if step.pauses_total:
            meta += broken(wording.pauses(), NODE - 2 * PAD, self._letters, "small")
        passed: tuple[str, ...] = ()
        if spot.state == "here":
            passed = broken(
                wording.here(self._graph.due_at), NODE - 2 * PAD, self._letters, "small", strong=True
            )
        elif spot.passage is not None and spot.state == "done":
            passed = broken(wording.passed(spot.passage), NODE - 2 * PAD - 18, self._letters, "small")
        height = 2 * PAD - 2 + len(title) * self._body + (len(meta) + len(passed)) * self._small
        height += 4 if passed else 0
        made = _Measured(spot, title, tuple(meta), passed, height)
        if not self._is_plain(spot):
            made.pieces = [self._piece(way) for way in spot.exits]
        made.below = spot.exits[-1].target is None
        return made

    def _is_plain(self, spot: Spot) -> bool:
        """A step outside with a single way on needs no words on its line."""
        return spot.step.on_map and len(spot.exits) == 1 and spot.exits[0].produces is None

    def _piece(self, way: Exit) -> _Piece:
        wording = self._wording
        room = NODE - 2 * INDENT - 2 * LABEL_PAD
        told = wording.text(way.title) if way.title is not None else wording.returned(way.clause)
        lines = broken(told, room, self._letters, "small")
        paper: tuple[str, ...] = ()
        if way.produces is not None:
            paper = broken(wording.paper(way.produces), room - 16, self._letters, "small")
        return _Piece(way, lines, paper, (len(lines) + len(paper)) * self._small + 2 * LABEL_PAD - 2)

    # placing

    def _columns(self) -> tuple[list[float], list[float], float]:
        """Return where each column of steps and each gutter begins, and where the last gutter is over."""
        lefts, edges, at = list[float](), list[float](), float(EDGE)
        for column in range(len(self._graph.columns)):
            edges.append(at)
            at += self._router.gutter_width(column)
            lefts.append(at)
            at += NODE + (END if self._ends_beside(column) else 0)
        return lefts, [*edges, at], at + self._router.gutter_width(len(self._graph.columns))

    def _ends_beside(self, column: int) -> bool:
        return any(
            way.target is None
            for spot in self._graph.spots
            if spot.column == column
            for way in spot.exits[:-1]
        )

    def _head(
        self, lefts: list[float], right: float, top: float
    ) -> tuple[Box, list[tuple[float, float, tuple[str, ...]]]]:
        """Return the row of the lanes' titles, and left, right and title of each lane."""
        spans = []
        columns, edge = self._graph.columns, float(EDGE)
        for number, lane in enumerate(self._graph.lanes):
            last = max(at for at, of_lane in enumerate(columns) if of_lane == number)
            end = lefts[last + 1] - BORDER if last + 1 < len(columns) else right
            told = self._wording.text(lane.title) if lane.title is not None else self._wording.role(lane.role)
            told = told[:1].upper() + told[1:]
            lines = broken(told, end - edge - 16, self._letters, "small", strong=True)
            spans.append((edge, end, lines))
            edge = end
        height = max(len(lines) for *_, lines in spans) * self._small + 16
        return Box(EDGE, top, right - EDGE, height), spans

    def _rows(self, top: float) -> tuple[tuple[float, float], ...]:
        rows = []
        for row in range(self._graph.rows):
            tallest = max(one.whole for one in self._measured.values() if one.spot.row == row)
            bottom = top + tallest + self._router.corridor_height(row)
            rows.append((top, bottom))
            top = bottom
        return tuple(rows)

    def _place(self, one: _Measured, lefts: list[float], rows: tuple[tuple[float, float], ...]) -> NodeBox:
        spot = one.spot
        left, top = lefts[spot.column], rows[spot.row][0]
        box = Box(left, top, NODE, one.height)
        labels: list[Label] = []
        at = box.bottom + _GAP
        for number, piece in enumerate(one.pieces):
            place = Box(left + INDENT, at, NODE - 2 * INDENT, piece.height)
            at = place.bottom + _GAP
            last = number == len(one.pieces) - 1
            end: Point | None = None
            if piece.way.target is None:
                end = (
                    (place.middle, place.bottom + END - 9)
                    if last
                    else (box.right + END - 12, place.top + place.height / 2)
                )
            labels.append(_label(piece, place, end))
        if not one.pieces:
            way = spot.exits[0]
            place = box
            end = (box.middle, box.bottom + END - 9) if way.target is None else None
            kind = "refusal" if spot.refusal else way.kind
            labels.append(Label(way.id, place, (), (), kind, way.taken, way.target, end))
        return NodeBox(
            spot.step, box, one.title, one.meta, one.passed, tuple(labels), spot.lane, spot.row,
            spot.step.on_map, spot.refusal, spot.state, spot.notes,
        )  # fmt: skip


def _label(piece: _Piece, place: Box, end: Point | None) -> Label:
    way = piece.way
    return Label(way.id, place, piece.lines, piece.paper, way.kind, way.taken, way.target, end)


def wording_of(wording: Wording, note: Note) -> str:
    return wording.text(note.text)
