"""How the lines run: along gutters and corridors, one track for each step they lead to."""

from dataclasses import dataclass, field

from desktop.ui.diagram.graph import Exit, Graph, Spot
from desktop.ui.diagram.shapes import Line, NodeBox, Point

TRACK = 12  # between two lines
_BESIDE = 16  # a gutter without lines, and around those in it
_ABOVE, _UNDER = 10, 18  # a corridor: before its first line, and for the arrow
_ASIDE = 18  # from the middle of a step to where a line that turns leaves it
_APART = 4  # lines that leave to the right and to the left beside one height
Rows = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Run:
    """The way of one line: straight down, by the corridor below, or out at a side and along a gutter."""

    spot: Spot
    way: Exit
    target: Spot
    how: str  # straight | below | side
    gutter: int = -1


@dataclass(slots=True)
class _Tracks:
    """Which targets have a line in a gutter or a corridor, in order."""

    of: list[str] = field(default_factory=list)

    def add(self, target: str) -> None:
        if target not in self.of:
            self.of.append(target)

    def at(self, target: str) -> int:
        return self.of.index(target)


class Router:
    """Chooses the ways first, so that the room they need is known before anything has a place."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._spots = {spot.step.id: spot for spot in graph.spots}
        self._taken = {(spot.column, spot.row) for spot in graph.spots}
        self._runs: list[Run] = []
        self._gutters = [_Tracks() for _ in range(len(graph.columns) + 1)]
        self._corridors = [_Tracks() for _ in range(graph.rows + 1)]  # number n lies above row n

    def choose(self) -> None:
        """Decide how each line runs and count the tracks."""
        for spot in self._graph.spots:
            for number, way in enumerate(spot.exits):
                if way.target is not None:
                    last = number == len(spot.exits) - 1
                    self._runs.append(self._run(spot, way, self._spots[way.target], last=last))
        for run in sorted(self._runs, key=lambda run: (run.target.row, run.target.column)):
            if run.how == "side":
                self._gutters[run.gutter].add(run.target.step.id)
            if run.how != "straight":
                self._corridors[run.target.row].add(run.target.step.id)

    def _run(self, spot: Spot, way: Exit, target: Spot, *, last: bool) -> Run:
        below = range(spot.row + 1, target.row)
        if last and target.row > spot.row:
            if target.column == spot.column and not any((spot.column, row) in self._taken for row in below):
                return Run(spot, way, target, "straight")
            if target.row == spot.row + 1:
                return Run(spot, way, target, "below")
        onward = target.column > spot.column or (target.column == spot.column and target.row > spot.row)
        return Run(spot, way, target, "side", spot.column + 1 if onward else spot.column)

    def gutter_width(self, gutter: int) -> float:
        tracks = len(self._gutters[gutter].of)
        return 2 * _BESIDE + max(0, tracks - 1) * TRACK

    def corridor_height(self, row: int) -> float:
        """Return the room below ``row``."""
        tracks = len(self._corridors[row + 1].of)
        return _ABOVE + max(0, tracks - 1) * TRACK + _UNDER

    def room_above(self) -> float:
        """Return the room above the first row: returns may lead there."""
        return self.corridor_height(-1) if self._corridors[0].of else 0

    def lines(self, nodes: dict[str, NodeBox], edges: list[float], rows: Rows) -> tuple[Line, ...]:
        """Return the lines between steps that have their places; ``edges``: where each gutter begins."""
        made = []
        for run in self._runs:
            node, target = nodes[run.spot.step.id], nodes[run.target.step.id]
            label = next(label for label in node.labels if label.id == run.way.id)
            into: Point = (target.box.middle, target.box.top)
            points: tuple[Point, ...]
            if run.how == "straight":
                points = ((node.box.middle, label.box.bottom), into)
            else:
                corridor = self._corridor_y(run.target, rows)
                if run.how == "below":
                    aside = _ASIDE if target.box.left > node.box.left else -_ASIDE
                    start: Point = (node.box.middle + aside, label.box.bottom)
                    points = (start, (start[0], corridor))
                else:
                    track = edges[run.gutter] + self._track(run)
                    rightwards = track > label.box.middle
                    side = label.box.right if rightwards else label.box.left
                    middle = label.box.top + label.box.height / 2 + (-_APART if rightwards else _APART)
                    points = ((side, middle), (track, middle), (track, corridor))
                points = (*points, (into[0], corridor), into)
            made.append(
                Line(run.spot.step.id, run.way.id, run.target.step.id, points, run.way.kind, run.way.taken)
            )
        return tuple(made)

    def _corridor_y(self, target: Spot, rows: Rows) -> float:
        """Return the height of the track above ``target``, counted from its row upwards."""
        tracks = self._corridors[target.row]
        from_below = len(tracks.of) - 1 - tracks.at(target.step.id)
        return rows[target.row][0] - _UNDER - from_below * TRACK

    def _track(self, run: Run) -> float:
        return _BESIDE + self._gutters[run.gutter].at(run.target.step.id) * TRACK
