"""The drawing as shapes with coordinates, in units of a screen's pixel at 100 %. No Qt."""

from dataclasses import dataclass

from desktop.regulation.model import Note, Role, Step

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def middle(self) -> float:
        return self.left + self.width / 2

    def touches(self, other: "Box") -> bool:
        """Return whether the two share more than an edge."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True)
class LaneBox:
    """``box`` reaches from the head to the foot of the drawing, ``lines`` stand in its head."""

    role: Role
    box: Box
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """An outcome, in its own box under the step; its line begins here. ``end``: where the way ends, if it does."""

    id: str
    box: Box
    lines: tuple[str, ...]
    paper: tuple[str, ...]  # the paper it produces
    kind: str  # forward | refusal | return
    taken: bool
    target: str | None
    end: Point | None


@dataclass(frozen=True, slots=True)
class NodeBox:
    """A step. ``state``: "" | done | here | ahead."""

    step: Step
    box: Box
    title: tuple[str, ...]
    meta: tuple[str, ...]
    passed: tuple[str, ...]
    labels: tuple[Label, ...]
    lane: int
    row: int
    on_map: bool
    refusal: bool
    state: str
    notes: tuple[int, ...]

    @property
    def whole(self) -> Box:
        """The step with its outcomes under it."""
        bottom = max((label.box.bottom for label in self.labels), default=self.box.bottom)
        return Box(self.box.left, self.box.top, self.box.width, max(bottom, self.box.bottom) - self.box.top)


@dataclass(frozen=True, slots=True)
class Line:
    """From an outcome to the step it leads to, in right angles; the last point is the arrow's."""

    source: str
    outcome: str
    target: str
    points: tuple[Point, ...]
    kind: str
    taken: bool


@dataclass(frozen=True, slots=True)
class Shapes:
    width: float
    height: float
    title: tuple[str, ...]
    heading: tuple[str, ...]
    warning: tuple[str, ...]
    head: Box  # the row of the lanes' titles
    lanes: tuple[LaneBox, ...]
    nodes: tuple[NodeBox, ...]
    lines: tuple[Line, ...]
    rows: tuple[tuple[float, float], ...]  # top and bottom of each row with the room under it
    notes: tuple[tuple[Note, tuple[str, ...]], ...]
    foot: float  # where the notes begin

    def node(self, step_id: str) -> NodeBox:
        for node in self.nodes:
            if node.step.id == step_id:
                return node
        raise KeyError(step_id)
