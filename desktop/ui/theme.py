"""The one visual language: a 4-px grid, a type scale of two weights, colours that mean something, icons.

Every screen takes its room, its letters and its colours from here; nothing else sets a colour or a font.
The application's one style sheet is made from the same tokens (:mod:`desktop.ui.stylesheet`).
"""

from dataclasses import dataclass, fields
from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget

from desktop import resources

GRID = 4
_STYLE = "Fusion"
SCHEMES = ("system", "light", "dark", "contrast")
LETTERS = (
    "NotoSans-Regular.ttf",
    "NotoSans-Bold.ttf",
)  # shipped: ә ғ қ ң ө ұ ү һ і and tabular figures everywhere
SIZES = {"small": 12, "body": 14, "heading": 16, "title": 20, "display": 28}  # px at 100 %


@dataclass(frozen=True, slots=True)
class Palette:
    """The colour tokens. A meaning has a colour for text and shapes, and a ``_soft`` one to lie under it."""

    window: str
    surface: str
    sunken: str
    line: str  # hairlines; decoration only
    control: str  # edges of inputs, at least 3:1 to the surface
    text: str
    muted: str
    accent: str
    accent_text: str
    accent_soft: str
    late: str
    late_soft: str
    soon: str
    soon_soft: str
    done: str
    done_soft: str
    refused: str
    refused_soft: str
    paused: str
    paused_soft: str


LIGHT = Palette(
    window="#F3F5F6", surface="#FFFFFF", sunken="#EAEEF0", line="#D4DADD", control="#75808A",
    text="#182026", muted="#55616B", accent="#00647C", accent_text="#FFFFFF", accent_soft="#DFF0F4",
    late="#B1231B", late_soft="#FBE7E5", soon="#835000", soon_soft="#FFF0D4", done="#1A6A3B", done_soft="#E0F3E6",
    refused="#7B2C72", refused_soft="#F5E6F3", paused="#4E5B68", paused_soft="#E6EAEE",
)  # fmt: skip
DARK = Palette(
    window="#14181B", surface="#1C2226", sunken="#101417", line="#353E45", control="#7F8B95",
    text="#E8ECEE", muted="#A6B0B8", accent="#62C3DA", accent_text="#062A33", accent_soft="#17343D",
    late="#FF9D92", late_soft="#43201D", soon="#F0BE6A", soon_soft="#3B2D12", done="#86D6A3", done_soft="#17341F",
    refused="#E2A9D9", refused_soft="#3A2136", paused="#B0BAC5", paused_soft="#2B3238",
)  # fmt: skip
CONTRAST = Palette(
    window="#000000", surface="#000000", sunken="#000000", line="#FFFFFF", control="#FFFFFF",
    text="#FFFFFF", muted="#FFFFFF", accent="#FFE14D", accent_text="#000000", accent_soft="#332C00",
    late="#FF9C94", late_soft="#330300", soon="#FFC861", soon_soft="#332200", done="#7DF0A5", done_soft="#00260F",
    refused="#F7B4EE", refused_soft="#2E0029", paused="#E0E6EC", paused_soft="#1C2126",
)  # fmt: skip
PALETTES = {"light": LIGHT, "dark": DARK, "contrast": CONTRAST}


@dataclass(slots=True)
class _InUse:
    """What :func:`apply` chose last; ``dressed``: the style has been set."""

    scheme: str = "light"
    palette: Palette = LIGHT
    scale: float = 1.0
    dressed: bool = False


_in_use = _InUse()


def spacing(steps: float) -> int:
    """Return ``steps`` of the 4-px grid in pixels at the text size in use."""
    return round(steps * GRID * _in_use.scale)


def colour(token: str) -> str:
    """Return the colour ("#RRGGBB") a token has in the scheme in use."""
    return getattr(_in_use.palette, token)


def scheme() -> str:
    """Return the scheme in use: light, dark or contrast."""
    return _in_use.scheme


def font(size: str = "body", *, strong: bool = False) -> QFont:
    """Return a font of the type scale; figures are tabular in every size."""
    made = QFont(QApplication.font())
    made.setPixelSize(round(SIZES[size] * _in_use.scale))
    made.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def mark(widget: QWidget, **properties: str | bool) -> QWidget:
    """Set the properties the style sheet reads (``role="title"``, ``kind="primary"``, ``tone="late"``) and restyle.

    Labels: role = small, muted, heading, title, display, number; tone = any meaning. Buttons: kind = primary,
    danger, quiet, link. Frames: role = card, sunken, bar. Returns the widget.
    """
    changed = False
    for name, value in properties.items():
        if widget.property(name) != value:
            widget.setProperty(name, value)
            changed = True
    if changed and widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        widget.style().unpolish(widget)
        widget.style().polish(widget)
    return widget


def plain_tip(text: str) -> str:
    """Return ``text`` so that a tooltip shows it letter by letter: Qt would take "<b>" for a tag."""
    if "<" not in text and "&" not in text:
        return text
    import html

    return f"<qt>{html.escape(text, quote=False)}</qt>"


def icon(name: str, ink: str = "text") -> QIcon:
    """Return the SVG ``resources/icons/<name>.svg`` in the colour of token ``ink``; pale when its control is disabled."""
    return _icon(name, colour(ink), colour("control"))


@lru_cache(maxsize=512)
def _icon(name: str, ink: str, pale: str) -> QIcon:
    made = QIcon()
    for mode, in_colour in ((QIcon.Mode.Normal, ink), (QIcon.Mode.Disabled, pale)):
        renderer = _renderer(name, in_colour)
        for side in (16, 20, 24, 32, 48):
            made.addPixmap(_drawn(renderer, side), mode)
    return made


def pixmap(name: str, ink: str, side: int) -> QPixmap:
    """Return an icon drawn in a colour ("#RRGGBB") as a square of ``side`` pixels."""
    return _drawn(_renderer(name, ink), side)


def _renderer(name: str, ink: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_svg(name).replace("currentColor", ink).encode()))


def _drawn(renderer: QSvgRenderer, side: int) -> QPixmap:
    drawn = QPixmap(side, side)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    return drawn


@lru_cache(maxsize=128)
def _svg(name: str) -> str:
    return resources.path("icons", f"{name}.svg").read_text(encoding="utf-8")


def application(arguments: list[str]) -> QApplication:
    """Return the application in the program's own style.

    Said on its command line, for ``setStyle`` returns a style, and PySide makes all of its 570 constants for that.
    """
    _in_use.dressed = True
    return QApplication([arguments[0], "-style", _STYLE, *arguments[1:]])


def apply(app: QApplication, scheme: str = "system", *, scale: float = 1.0) -> None:
    """Dress the whole application in a scheme (system, light, dark, contrast) and a text size (1.0 = 100 %).

    Nothing is done when it is dressed so already: every widget there is would be dressed anew.
    """
    from desktop.ui import stylesheet

    if scheme == "system":
        dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        scheme = "dark" if dark else "light"
    if app.styleSheet() and (scheme, scale) == (_in_use.scheme, _in_use.scale):
        return
    _in_use.scheme, _in_use.palette, _in_use.scale = scheme, PALETTES[scheme], scale
    if not _in_use.dressed:
        app.setStyle(_STYLE)
        _in_use.dressed = True
    body = QFont(list(_letters()))
    body.setPixelSize(round(SIZES["body"] * scale))
    app.setFont(body)
    app.setPalette(_qt_palette(_in_use.palette))
    app.setStyleSheet(stylesheet.make(_in_use.palette, scale))


@lru_cache(maxsize=1)
def _letters() -> tuple[str, ...]:
    """Load the program's own letters, so that words have the same room on every machine; return their families."""
    families: list[str] = []
    for name in LETTERS:
        number = QFontDatabase.addApplicationFont(str(resources.path("fonts", name)))
        families += QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    return tuple(dict.fromkeys(families))


def _qt_palette(tokens: Palette) -> QPalette:
    made = QPalette()
    role = QPalette.ColorRole
    for group_role, token in (
        (role.Window, tokens.window), (role.WindowText, tokens.text), (role.Base, tokens.surface),
        (role.AlternateBase, tokens.sunken), (role.Text, tokens.text), (role.Button, tokens.surface),
        (role.ButtonText, tokens.text), (role.Highlight, tokens.accent_soft), (role.HighlightedText, tokens.text),
        (role.ToolTipBase, tokens.text), (role.ToolTipText, tokens.surface), (role.PlaceholderText, tokens.muted),
        (role.Link, tokens.accent), (role.Mid, tokens.line), (role.Accent, tokens.accent),
    ):  # fmt: skip
        made.setColor(group_role, QColor(token))
    for group_role in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, group_role, QColor(tokens.control))
    return made


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2, relative luminance), 1.0 to 21.0."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(hexed: str) -> float:
    parts = [int(hexed[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


TOKENS = tuple(field.name for field in fields(Palette))
