"""The application's one style sheet, made from the tokens of :mod:`desktop.ui.theme`."""

from dataclasses import asdict
from pathlib import Path
from string import Template

from desktop import resources

_SIZES = {"small": 12, "body": 14, "heading": 16, "title": 20, "display": 28}
_TONES = ("late", "soon", "done", "refused", "paused", "accent")

_SHEET = Template("""
* { font-size: ${body}px; }
QWidget { color: $text; }
QMainWindow, QDialog, QWidget#window { background: $window; }
QScrollArea, QScrollArea > QWidget > QWidget#page { background: transparent; border: 0; }
QToolTip { background: $text; color: $surface; border: 0; padding: ${s1}px ${s2}px; }
QFrame[role="card"] { background: $surface; border: 1px solid $line; border-radius: ${s2}px; }
QFrame[role="sunken"] { background: $sunken; border: 0; border-radius: ${s2}px; }
QFrame[role="bar"] { background: $surface; border: 0; border-bottom: 1px solid $line; }
QFrame[role="foot"] { background: $surface; border: 0; border-top: 1px solid $line; }
QFrame[role="rule"] { background: $line; border: 0; max-height: 1px; min-height: 1px; }

QLabel[role="small"] { font-size: ${small}px; color: $muted; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="label"] { color: $muted; }
QLabel[role="heading"] { font-size: ${heading}px; font-weight: 600; }
QLabel[role="title"] { font-size: ${title}px; font-weight: 600; }
QLabel[role="display"] { font-size: ${display}px; font-weight: 600; }
QLabel[role="number"] { font-weight: 600; }
QLabel[strong="true"] { font-weight: 600; }

QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QDateEdit, QDateTimeEdit, QTimeEdit, QSpinBox, QDoubleSpinBox {
  background: $surface; border: 1px solid $control; border-radius: ${s1}px; padding: ${edge}px ${s2}px;
  selection-background-color: $accent; selection-color: $accent_text; }
QLineEdit, QComboBox, QDateEdit, QDateTimeEdit, QTimeEdit, QSpinBox, QDoubleSpinBox { min-height: ${row}px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QDateEdit:focus, QDateTimeEdit:focus,
QTimeEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus { border: 2px solid $accent; padding: ${inner}px ${s7}px; }
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QComboBox[wrong="true"], QDateEdit[wrong="true"],
QSpinBox[wrong="true"] { border: 2px solid $late; padding: ${inner}px ${s7}px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled, QDateEdit:disabled, QSpinBox:disabled {
  background: $sunken; color: $muted; border-color: $line; }
QLineEdit:read-only, QPlainTextEdit:read-only { background: $sunken; }
QComboBox::drop-down, QDateEdit::drop-down, QDateTimeEdit::drop-down { border: 0; width: ${s6}px; }
QComboBox::down-arrow, QDateEdit::down-arrow, QDateTimeEdit::down-arrow { image: url($down); width: ${s4}px; height: ${s4}px; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { border: 0; padding: 0 ${s1}px; min-height: 0; background: transparent; }
QAbstractSpinBox QLineEdit:focus, QComboBox QLineEdit:focus { border: 0; padding: 0 ${s1}px; }
QTimeEdit::up-button, QSpinBox::up-button, QDoubleSpinBox::up-button { subcontrol-origin: border;
  subcontrol-position: top right; width: ${s6}px; border: 0; background: transparent; }
QTimeEdit::down-button, QSpinBox::down-button, QDoubleSpinBox::down-button { subcontrol-origin: border;
  subcontrol-position: bottom right; width: ${s6}px; border: 0; background: transparent; }
QTimeEdit::up-arrow, QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url($up); width: ${s3}px; height: ${s3}px; }
QTimeEdit::down-arrow, QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url($down); width: ${s3}px; height: ${s3}px; }
QComboBox QAbstractItemView { background: $surface; border: 1px solid $control; outline: 0;
  selection-background-color: $accent_soft; selection-color: $text; }
QComboBox QAbstractItemView::item { min-height: ${s7i}px; padding: 0 ${s2}px; }

QPushButton, QToolButton[kind] { background: $surface; color: $text; border: 1px solid $control;
  border-radius: ${s1}px; padding: ${edge}px ${s4}px; min-height: ${row}px; }
QPushButton, QToolButton, QCheckBox, QRadioButton { outline: 0; }
QPushButton:hover, QToolButton[kind]:hover { background: $sunken; }
QPushButton:pressed { background: $line; }
QPushButton:focus, QToolButton[kind]:focus { border: 2px solid $accent; padding: ${inner}px ${s15}px; }
QPushButton:disabled { color: $control; border-color: $line; background: $window; }
QPushButton[kind="primary"] { background: $accent; color: $accent_text; border-color: $accent; font-weight: 600; }
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="primary"]:disabled { background: $sunken; color: $muted; border-color: $line; }
QPushButton[kind="danger"] { color: $late; border-color: $late; }
QPushButton[kind="danger"]:hover { background: $late_soft; }
QPushButton[kind="danger"]:disabled { color: $control; border-color: $line; background: $window; }
QPushButton[kind="quiet"], QToolButton { background: transparent; border: 1px solid transparent; border-radius: ${s1}px; }
QPushButton[kind="quiet"]:hover, QToolButton:hover { background: $sunken; }
QPushButton[kind="quiet"]:focus, QToolButton:focus { border: 2px solid $accent; }
QToolButton { padding: ${s1}px; }
QToolButton:checked { background: $accent_soft; }
QToolButton::menu-indicator { image: none; }
QPushButton::menu-indicator { image: url($down); width: ${s4}px; height: ${s4}px; subcontrol-position: right center;
  right: ${s1}px; }
QPushButton[align="left"] { text-align: left; }
QPushButton[section="true"] { text-align: left; padding: ${edge}px ${s3}px; }
QPushButton[section="true"]:checked { background: $accent_soft; font-weight: 600; }
QPushButton[kind="link"] { background: transparent; border: 2px solid transparent; color: $accent; padding: 0; min-height: 0;
  text-align: left; text-decoration: underline; }
QPushButton[kind="link"][tone="late"] { color: $late; font-weight: 600; }
QPushButton[kind="link"]:focus { border: 2px solid $accent; padding: 0; }

QFrame[role="choice"] { background: $surface; border: 1px solid $line; border-radius: ${s2}px; }
QFrame[role="choice"]:hover { background: $sunken; }
QFrame[role="choice"]:focus { border: 2px solid $accent; }
QPushButton[kind="choice"] { text-align: left; padding: ${s4}px; border: 1px solid $control; border-radius: ${s2}px; }
QPushButton[kind="verdict"] { padding: 1px ${s2}px; }
QPushButton[kind="choice"]:checked { background: $accent_soft; border: 2px solid $accent; }
QPushButton[kind="choice"]:focus { border: 2px solid $accent; }
QPushButton[kind="choice"]:checked:focus { border: 2px solid $text; }

QCheckBox, QRadioButton { spacing: ${s2}px; min-height: ${row}px; padding: 1px; border: 1px solid transparent; }
QCheckBox:focus, QRadioButton:focus { border: 1px solid $accent; border-radius: ${s1}px; }
QCheckBox::indicator, QRadioButton::indicator, QListView::indicator { width: ${s4}px; height: ${s4}px; border: 1px solid $control;
  background: $surface; border-radius: 3px; }
QRadioButton::indicator { border-radius: ${s2}px; }
QCheckBox::indicator:checked, QListView::indicator:checked { background: $accent; border-color: $accent; image: url($tick); }
QCheckBox::indicator:indeterminate { background: $accent_soft; border-color: $accent; }
QRadioButton::indicator:checked { width: ${s2}px; height: ${s2}px; border: ${ring}px solid $accent; background: $accent_text; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { background: $sunken; border-color: $line; }
QCheckBox:disabled, QRadioButton:disabled { color: $control; }

QTableView, QListView, QTreeView { background: $surface; border: 2px solid $surface; gridline-color: $line; outline: 0;
  alternate-background-color: $surface; selection-background-color: $accent_soft; selection-color: $text; }
QTableView::item { padding: 0 ${s2}px; border-bottom: 1px solid $line; }
QListView::item { padding: ${s1}px ${s2}px; }
QTableView::item:selected, QListView::item:selected, QTreeView::item:selected { background: $accent_soft; color: $text; }
QTableView:focus, QListView:focus, QTreeView:focus { border: 2px solid $accent; }
QHeaderView { background: $surface; }
QHeaderView::section { background: $surface; color: $muted; border: 0; border-bottom: 1px solid $control;
  padding: ${edge}px ${s2}px; }
QHeaderView::up-arrow { image: url($up); width: ${s3}px; height: ${s3}px; }
QHeaderView::down-arrow { image: url($down); width: ${s3}px; height: ${s3}px; }
QTableCornerButton::section { background: $surface; border: 0; }

QTabWidget::pane { border: 0; border-top: 1px solid $line; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $muted; padding: ${s2}px ${s2}px; border: 2px solid transparent; }
QTabBar[close="true"]::tab { padding: ${s2}px ${s1}px; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:focus { color: $accent; border: 2px solid $accent; }

QMenuBar { background: $surface; border-bottom: 1px solid $line; padding: 0 ${s1}px; }
QMenuBar::item { padding: ${edge}px ${s2}px; background: transparent; border-radius: ${s1}px; }
QMenuBar::item:selected { background: $accent_soft; }
QMenu { background: $surface; border: 1px solid $control; padding: ${s1}px; }
QMenu::item { padding: ${edge}px ${s6}px ${edge}px ${s3}px; border-radius: ${s1}px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $control; }
QMenu::separator { height: 1px; background: $line; margin: ${s1}px ${s2}px; }

QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QStatusBar { background: $surface; border-top: 1px solid $line; color: $muted; }
QStatusBar::item { border: 0; }
QProgressBar { background: $sunken; border: 0; border-radius: ${half}px; max-height: ${s1}px; min-height: ${s1}px; text-align: center; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: ${half}px; }
QGroupBox { border: 0; border-top: 1px solid $line; margin-top: ${s4}px; padding-top: ${s3}px; font-weight: 600; }
QGroupBox::title { subcontrol-origin: margin; padding-right: ${s2}px; }
QScrollBar:vertical { background: transparent; width: ${s3}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${s3}px; margin: 0; }
QScrollBar::handle { background: $control; border-radius: ${bar}px; margin: ${s05}px; min-height: ${s8}px; min-width: ${s8}px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QFrame#navigation { background: $sunken; border: 0; border-right: 1px solid $line; }
QFrame#navigation QPushButton { background: transparent; border: 2px solid transparent; border-radius: ${s1}px;
  text-align: left; padding: ${edge}px ${s2}px; }
QFrame#navigation QPushButton[low="true"] { padding: ${half}px ${s2}px; }
QFrame#navigation QPushButton:hover { background: $line; }
QFrame#navigation QPushButton:checked { background: $accent_soft; color: $text; font-weight: 600; }
QFrame#navigation QPushButton:focus { border: 2px solid $accent; }
QLabel[role="count"] { background: transparent; color: $muted; font-size: ${small}px; }
QLabel[role="count"][tone="late"] { color: $late; font-weight: 600; }
QFrame#alarm { background: $late_soft; border: 0; border-bottom: 2px solid $late; }
QFrame#alarm QLabel { color: $late; font-weight: 600; }
QFrame#demo { background: $soon_soft; border: 0; border-bottom: 1px solid $soon; }
QFrame#demo QLabel { color: $soon; font-weight: 600; }
QDialog#palette { background: $surface; border: 1px solid $control; }
""")

_TONE = Template("""
QLabel[tone="$name"], QPushButton[tone="$name"], QToolButton[tone="$name"] { color: $ink; }
QFrame[notice="$name"] { background: $soft; border: 0; border-left: ${s1}px solid $ink; }
QLabel[chip="$name"], QPushButton[chip="$name"] { background: $soft; color: $ink; border: 1px solid $ink;
  border-radius: ${chip}px; padding: 0 ${s2}px; min-height: ${row}px; font-weight: 400; text-align: left; }
QPushButton[chip="$name"]:focus { border: 2px solid $ink; }
QPushButton[verdict="$name"] { background: $soft; color: $ink; border-color: $ink; font-weight: 600; }
""")


def make(palette, scale: float = 1.0) -> str:
    """Return the style sheet for a :class:`desktop.ui.theme.Palette` at a text size (1.0 = 100 %)."""
    tokens = asdict(palette)

    def px(value: float) -> str:
        return str(max(1, round(value * scale)))

    measures = {name: px(size) for name, size in _SIZES.items()}
    measures |= {f"s{steps}": px(steps * 4) for steps in (1, 2, 3, 4, 6, 8)}
    measures |= {"s7": px(7), "s7i": px(28), "s15": px(15), "s05": px(2), "edge": px(5), "inner": px(4), "row": px(20),
                 "ring": px(5), "half": px(2), "bar": px(4), "chip": px(4)}  # fmt: skip
    images = {"tick": _image("tick", palette), "down": _image("down", palette), "up": _image("up", palette)}
    tones = "".join(
        _TONE.substitute(measures, name=name, ink=tokens[name], soft=tokens[f"{name}_soft"])
        for name in _TONES
    )
    tones += _TONE.substitute(measures, name="calm", ink=tokens["muted"], soft=tokens["sunken"])
    return (
        _SHEET.substitute(tokens, accent_hover=_mixed(tokens["accent"], tokens["text"]), **measures, **images)
        + tones
    )


def _mixed(first: str, second: str) -> str:
    """Return a colour a sixth of the way to the second: the hovered accent."""
    pairs = ((int(first[at : at + 2], 16), int(second[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(one + (other - one) / 6):02X}" for one, other in pairs)


def _image(name: str, palette) -> str:
    """Return the path of a control's picture; Qt's style sheets take files only, so each ground has its own."""
    ground = "dark" if palette.window < "#888888" else "light"
    return Path(resources.path("icons", f"control-{name}-{ground}.svg")).as_posix()
