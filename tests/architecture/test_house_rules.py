"""The house's rules that no linter knows: sizes, names, plain text, resources."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from desktop import resources

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "desktop"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "versions" not in path.parts)
UI = [path for path in MODULES if path.is_relative_to(PACKAGE / "ui")]
PLAIN = PACKAGE / "ui" / "widgets" / "plain.py"
LONGEST = {"desktop/ui/main_window.py": 200}
USUAL = 420  # about four hundred
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "base_utils"}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def _nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return every node of a module, the module first."""
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def _calls(path: Path) -> tuple[tuple[ast.Call, str], ...]:
    """Return every call of a module with the last name of what is called."""
    return tuple(
        (node, getattr(node.func, "attr", getattr(node.func, "id", "")))
        for node in _nodes(path)
        if isinstance(node, ast.Call)
    )


@pytest.fixture(scope="module", autouse=True)
def _trees_let_go():
    """Every module is read once for all rules, and let go when the last has been asked."""
    yield
    _calls.cache_clear()
    _nodes.cache_clear()


def test_modules_are_short():
    lengths = {_name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST.get(name, USUAL)} == {}


def test_no_module_is_a_drawer_for_everything():
    named = [path for path in MODULES if FORBIDDEN_NAMES & {part.removesuffix(".py") for part in path.parts}]
    assert named == []


def test_every_module_says_what_it_is():
    silent = [
        _name(path)
        for path in MODULES
        if path.name != "__init__.py" and not ast.get_docstring(_nodes(path)[0])
    ]
    assert silent == []


def test_nothing_is_left_for_later():
    words = re.compile(r"\b(TODO|FIXME|raise NotImplementedError)\b")
    assert [_name(path) for path in MODULES if words.search(path.read_text(encoding="utf-8"))] == []


def test_texts_are_never_formatted_before_they_are_translated():
    wrong = [
        f"{_name(path)}:{node.lineno}"
        for path in UI
        for node, name in _calls(path)
        if name == "tr" and node.args and not isinstance(node.args[0], ast.Constant)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "forbidden",
    ["QLabel", "QMessageBox", "QTextBrowser", "setHtml", "insertHtml", "appendHtml", "setToolTip", "setWhatsThis",
     "setMarkdown", "QInputDialog", "QErrorMessage"],
)  # fmt: skip
def test_data_is_shown_letter_by_letter(forbidden):
    """Qt takes a text with tags for HTML and would load a picture named in it: only widgets/plain.py may hold these."""
    wrong = []
    for path in UI:
        if path == PLAIN:
            continue
        for node, name in _calls(path):
            owner = getattr(getattr(node.func, "value", None), "id", "")
            if forbidden not in (name, owner):
                continue
            argument = node.args[0] if node.args else None
            if getattr(getattr(argument, "func", None), "attr", "") == "plain_tip":
                continue
            wrong.append(f"{_name(path)}:{node.lineno}")
        bases = [
            f"{_name(path)}:{node.lineno}"
            for node in _nodes(path)
            if isinstance(node, ast.ClassDef)
            and forbidden in {getattr(base, "id", "") for base in node.bases}
        ]
        wrong += bases
    assert wrong == []


def test_every_icon_named_in_the_code_is_there():
    there = {path.stem for path in resources.path("icons").glob("*.svg")}
    wrong = []
    for path in UI:
        for node, name in _calls(path):
            named = [word.value for word in node.keywords if word.arg == "icon"]
            if name in ("icon", "pixmap", "IconButton", "set_icon") and node.args:
                named.append(node.args[0])
            wrong += [
                f"{_name(path)}:{node.lineno} {one.value}"
                for one in named
                if isinstance(one, ast.Constant)
                and isinstance(one.value, str)
                and one.value
                and one.value not in there
            ]
    assert wrong == []


def test_every_resource_named_in_the_code_is_there():
    for path in MODULES:
        for node, name in _calls(path):
            owner = getattr(getattr(node.func, "value", None), "id", "")
            if (
                owner == "resources"
                and name == "path"
                and all(isinstance(arg, ast.Constant) for arg in node.args)
            ):
                resources.path(*(arg.value for arg in node.args))


def test_no_colour_is_named_outside_the_theme():
    """Paper alone is white in every scheme."""
    wrong = [
        _name(path)
        for path in UI
        if path.name not in ("theme.py", "stylesheet.py")
        and re.search(
            r"""["']#(?!FFFFFF)[0-9A-Fa-f]{6}["']|setStyleSheet\(""", path.read_text(encoding="utf-8")
        )
    ]
    assert wrong == []


def test_shortcuts_are_made_where_their_context_is_kept():
    """PySide6 forgets the context of a QShortcut made with a callable: Down in one list would be taken from all."""
    wrong = [
        _name(path)
        for path in UI
        if path.name != "keys.py" and any(name == "QShortcut" for _node, name in _calls(path))
    ]
    assert wrong == []
