"""How a drawing is put on paper: whole when that stays legible, else broken between rows. No Qt."""

from dataclasses import dataclass

from desktop.ui.diagram.shapes import Shapes

MM = 96 / 25.4  # units of the drawing in a millimetre at their own size
MARGIN = 10  # mm
LEGIBLE = 0.62  # of its own size: smaller letters are not read on a wall
SIZES = {"A4": (210, 297), "A3": (297, 420)}


@dataclass(frozen=True, slots=True)
class Sheets:
    """``slices``: top and bottom of what stands on each page; all but the first begin with the lanes' titles."""

    size: str
    lying: bool
    scale: float
    slices: tuple[tuple[float, float], ...]

    @property
    def room(self) -> tuple[float, float]:
        """Width and height between the margins, in units of the drawing."""
        return _room(self.size, self.lying, self.scale)


def of(shapes: Shapes, size: str) -> Sheets:
    """Return how the drawing goes on paper of ``size``: on as few pages as keep it legible, else as large as fits."""
    found = [_whole(shapes, size, lying) for lying in (False, True)]
    whole = max(found, key=lambda sheets: sheets.scale)
    if whole.scale >= LEGIBLE:
        return whole
    broken = [_broken(shapes, size, lying) for lying in (False, True)]
    legible = [sheets for sheets in broken if sheets.scale >= LEGIBLE]
    if legible:
        return min(legible, key=lambda sheets: len(sheets.slices))
    return max(broken, key=lambda sheets: sheets.scale)


def fitting(shapes: Shapes) -> str:
    """Return the smallest paper on which the drawing is legible; the largest when it is on none."""
    return next((size for size in SIZES if of(shapes, size).scale >= LEGIBLE), list(SIZES)[-1])


def _room(size: str, lying: bool, scale: float) -> tuple[float, float]:
    across, down = SIZES[size][::-1] if lying else SIZES[size]
    return (across - 2 * MARGIN) * MM / scale, (down - 2 * MARGIN) * MM / scale


def _whole(shapes: Shapes, size: str, lying: bool) -> Sheets:
    across, down = _room(size, lying, 1.0)
    scale = min(1.0, across / shapes.width, down / shapes.height)
    return Sheets(size, lying, scale, ((0, shapes.height),))


def _broken(shapes: Shapes, size: str, lying: bool) -> Sheets:
    across, _ = _room(size, lying, 1.0)
    tallest = max(bottom - top for top, bottom in shapes.rows)
    scale = min(1.0, across / shapes.width)
    while _room(size, lying, scale)[1] < shapes.head.height + tallest and scale > 0.05:
        scale *= 0.9  # a row is never broken
    _, down = _room(size, lying, scale)
    slices: list[tuple[float, float]] = []
    top, bottom = 0.0, shapes.rows[0][0]
    for _, row_bottom in shapes.rows:
        above = shapes.head.height if slices else 0
        if row_bottom - top + above > down and bottom > shapes.rows[0][0]:
            slices.append((top, bottom))
            top = bottom
        bottom = row_bottom
    above = shapes.head.height if slices else 0
    if shapes.height - top + above <= down:
        return Sheets(size, lying, scale, (*slices, (top, shapes.height)))
    return Sheets(size, lying, scale, (*slices, (top, bottom), (bottom, shapes.height)))
