"""What the two commands install is pinned, hashed and free of addresses; the scripts are what a plain shell reads."""

import re
import subprocess
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
REQUIREMENTS = (HERE / "installer" / "requirements.txt").read_text(encoding="utf-8")
PINNED = {
    name.lower().replace("_", "-"): version
    for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", REQUIREMENTS, re.M)
}


def test_every_requirement_is_pinned_and_hashed():
    blocks = re.split(r"\n(?=\S)", REQUIREMENTS.strip())
    assert len(blocks) > 40
    for block in blocks:
        assert re.match(r"[\w.-]+==[\w.]+", block), block.splitlines()[0]
        assert "--hash=sha256:" in block, block.splitlines()[0]


def test_no_address_of_a_package_server_is_written():
    assert not re.search(r"--(extra-)?index-url|--find-links|--trusted-host|https?://|file:", REQUIREMENTS)


def test_every_dependency_of_the_project_is_among_them():
    project = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    names = {re.match(r"[\w.-]+", item)[0].lower().replace("_", "-") for item in wanted}
    assert names - PINNED.keys() == set()


def test_the_scripts_are_read_by_a_plain_shell_and_may_be_run():
    for name in ("run", "test", "bare", "set-up"):
        path = HERE / "installer" / name
        assert subprocess.run(["sh", "-n", str(path)], check=False).returncode == 0, name
        assert name == "set-up" or path.stat().st_mode & 0o111, name


def test_continuous_integration_calls_the_readmes_test_command():
    called = (HERE / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1]
    assert called.endswith('/../installer/test"')
    assert "./installer/test" in (HERE / "README.md").read_text(encoding="utf-8")


def test_the_command_finds_its_project_wherever_it_was_moved_or_linked(tmp_path: Path) -> None:
    """What the set-up writes as ``.venv/bin/ruqsat``, beside an interpreter that only says what it was asked."""
    set_up = (HERE / "installer" / "set-up").read_text(encoding="utf-8")
    written = set_up.partition("/bin/ruqsat\" <<'EOF'\n")[2].partition("EOF\n")[0]
    moved = tmp_path / "moved to"
    place = moved / ".venv" / "bin"
    place.mkdir(parents=True)
    for name, text in (("ruqsat", written), ("python", '#!/bin/sh\necho "$PYTHONPATH" "$@"\n')):
        (place / name).write_text(text, encoding="utf-8")
        (place / name).chmod(0o755)
    link = tmp_path / "ruqsat"
    link.symlink_to(place / "ruqsat")
    for command in (place / "ruqsat", link):
        ran = subprocess.run([command, "due", "a b"], capture_output=True, text=True, check=True)
        assert ran.stdout == f"{moved} -m desktop due a b\n"
