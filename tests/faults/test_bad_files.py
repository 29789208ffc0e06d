"""Files and databases that are not what they say, through the whole program: refused or borne, never a crash."""

import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest
from sqlalchemy import select

from desktop.cases import filing, office_rules
from desktop.cases.application import IncomingFile
from desktop.errors import BadInput, NotAllowed, Told
from desktop.models import Attachment
from desktop.queries import case_card, desk, office, papers, registers
from desktop.queries.rows import RegisterFilter
from desktop.store import upgrade
from desktop.store.database import Store
from desktop.ui.messages import sentence
from tests.cases.world import world
from tests.faults.zygote import ROOT
from tests.office import people as office_people
from tests.ui import bombs

PDF, PNG = "application/pdf", "image/png"


@pytest.mark.parametrize(
    ("name", "size", "code"),
    [("үлкен.pdf", 200 * 1024 * 1024, "file-too-large"), ("бос.pdf", 0, "file-empty")],
)
def test_a_huge_or_empty_scan_is_refused_by_the_command(store, case_at, people, tmp_path, name, size, code):
    path = tmp_path / name
    with path.open("wb") as file:
        file.write(b"%PDF-1.4\n"[:size])
        file.truncate(size)
    case_id = case_at("check")
    before = world(store)
    tracemalloc.start()
    try:
        with pytest.raises(BadInput) as caught:
            filing.attach_files(store, people.executor, files=[IncomingFile(path)], **case_at.seen(case_id))
        assert tracemalloc.get_traced_memory()[1] < 20 * 1024 * 1024
    finally:
        tracemalloc.stop()
    assert caught.value.code == code
    assert name in sentence(caught.value, "kk")
    assert world(store) == before


def test_a_bomb_is_kept_as_evidence_with_its_warning(store, case_at, people, tmp_path):
    pdf, picture = bombs.pdf_bomb(200_000_000), bombs.png_bomb()
    assert max(len(pdf), len(picture)) < 1024 * 1024
    for name, content in (("..\\..\\бомба.pdf", pdf), ("<b>бомба<b>.png", picture)):
        (tmp_path / name).write_bytes(content)
    files = [IncomingFile(path) for path in sorted(tmp_path.glob("*бомба*"))]
    case_id = case_at("check")
    filing.attach_files(store, people.executor, files=files, **case_at.seen(case_id))
    card = case_card.case_card(store, people.executor, case_id=case_id)
    told = {row.media_type: (row.file_name, tuple(row.flags)) for row in card.attachments}
    assert told[PDF] == ("бомба.pdf", ("expands-too-far",))
    assert told[PNG][1] == ("image-too-large",)
    with store.reading() as session:
        ids = dict(session.execute(select(Attachment.media_type, Attachment.id)).all())
    for media_type, content in ((PDF, pdf), (PNG, picture)):
        name, kept = papers.attachment_bytes(store, people.executor, attachment_id=ids[media_type])
        assert kept == content
        assert name == Path(name).name


# databases


@pytest.mark.parametrize("kept", [1, 15, 16, 99, 100, 4095, 4096, 0.25, 0.5, 0.9, -4096, -1])
def test_a_truncated_database_is_told_or_borne(sqlite_url, tmp_path, kept):
    whole = Path(sqlite_url.removeprefix("sqlite:///")).read_bytes()
    path = tmp_path / "cut.sqlite"
    path.write_bytes(whole[: int(len(whole) * kept) if isinstance(kept, float) else kept])
    told = _everything(path)
    if isinstance(told, Told):
        assert told.code in {"database-missing", "database-damaged", "not-a-database", "not-our-database"}
        assert "…" not in sentence(told, "kk")


def test_a_database_with_a_wiped_page_is_told(sqlite_url, tmp_path):
    whole = bytearray(Path(sqlite_url.removeprefix("sqlite:///")).read_bytes())
    for start in range(4096, 12 * 4096, 4096):
        path = tmp_path / f"{start}.sqlite"
        path.write_bytes(whole[:start] + bytes(4096) + whole[start + 4096 :])
        assert isinstance(_everything(path), Told | None)


def _everything(path: Path) -> Told | None:
    """Open the database as the program does and look at all of it; return what a person is told."""
    people = office_people()
    try:
        upgrade.prepare(str(path), exclusive=False)
        store = Store(str(path), exclusive=False)
        try:
            if office.has_office(store):
                office.office(store)
                office.people(store, people.administrator)
                office.services(store, people.clerk)
                desk.my_desk(store, people.clerk)
                registers.applications(store, people.auditor, filter=RegisterFilter())
        finally:
            store.dispose()
    except Told as told:
        return told
    return None


def test_a_newer_database_or_one_in_use_is_told_in_one_sentence(sqlite_url, tmp_path):
    """The real program, from the command line: no traceback, no workbook, the file as it was."""
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    held = Store(sqlite_url, workstation="WS-07")
    try:
        with held.writing() as session:
            session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
        said = _export(path, tmp_path)
        assert "WS-07" in said
        with held.writing() as session:
            session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    finally:
        held.dispose()
    before = path.read_bytes()
    assert "newer" in _export(path, tmp_path)
    assert path.read_bytes() == before
    path.write_bytes(b"\xff\xd8\xff\xe0 a photograph" * 1000)
    assert "database" in _export(path, tmp_path)


def _export(path: Path, folder: Path) -> str:
    out = folder / "out.xlsx"
    asked = ["-m", "desktop", "export", "applications", "--database", f"sqlite:///{path}", "--out", str(out)]
    done = subprocess.run(
        [sys.executable, *asked], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 1, done
    assert done.stderr.startswith("ruqsat: "), done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not out.exists()
    return done.stderr


def test_a_second_program_is_refused_by_the_way_the_window_opens(sqlite_url):
    """In a process of its own, as a second click on the icon is."""
    held = Store(sqlite_url, workstation="WS-07")
    program = (
        "from desktop import app\nfrom desktop.errors import Told\nfrom desktop.ui.messages import sentence\n"
        f"try:\n    app._open({sqlite_url!r}, 'WS-08')\nexcept Told as told:\n"
        "    print(told.code, sentence(told, 'en'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    held.dispose()
    assert done.stdout.startswith("database-in-use ")
    assert "WS-07" in done.stdout


# regulations

DEEP = "a = " + "[" * 100_000


@pytest.mark.parametrize(
    "text", ["", "\x00", "id = ", DEEP, "a = 1\n" * 2, "ұ" * 1_000_000, 'id = "x"\n[[services]]\n']
)
def test_a_broken_regulation_is_refused_with_file_line_and_reason(store, people, text):
    before = world(store)
    with pytest.raises(NotAllowed) as caught:
        office_rules.load_regulation(store, people.administrator, text=text, name="сынық.toml")
    facts = caught.value.facts
    assert (caught.value.code, facts["file"]) == ("regulation-broken", "сынық.toml")
    assert isinstance(facts["line"], int)
    assert facts["reason"]
    for language in ("kk", "ru", "en"):
        said = sentence(caught.value, language)
        assert "сынық.toml" in said
        assert "…" not in said
        assert len(said) < 1000
    assert world(store) == before
