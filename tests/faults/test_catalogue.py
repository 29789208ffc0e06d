"""The catalogue in README.md tells the truth: every test it names is there."""

import ast
import re
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
_ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+?) \| (run|whole|run, whole) \|$")


def catalogue() -> dict[int, list[str]]:
    """Return the names of the tests of each row."""
    rows: dict[int, list[str]] = {}
    for line in (HERE / "README.md").read_text(encoding="utf-8").splitlines():
        if found := _ROW.match(line):
            rows[int(found[1])] = re.findall(r"`([^`]+\.py::\w+)`", found[3])
    return rows


def test_every_named_test_is_there():
    missing = []
    for row, names in catalogue().items():
        assert names, f"row {row} has no test"
        for name in names:
            file, _, function = name.partition("::")
            path = ROOT / file
            tree = ast.parse(path.read_text(encoding="utf-8")) if path.is_file() else ast.Module([], [])
            defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
            if function not in defined:
                missing.append(f"{row}: {name}")
    assert missing == []


def test_every_row_that_linux_can_show_is_there():
    wanted = {*range(1, 14), *range(16, 27), *range(29, 38), *range(41, 55)}
    assert wanted - set(catalogue()) == set()
