"""The main job without a display, as ``./installer/run --headless`` does it: a real process, its papers, its workbooks."""

import fcntl
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
import zxingcpp
from PIL import Image

HERE = Path(__file__).resolve().parents[2]
REFUSED = {
    "holder_kk": '«Һауа "Өңір" & <b>Қымбат</b>» ЖШС',
    "holder_ru": 'ТОО «Хауа "Онир" & <b>Кымбат</b>»',
    "bin": "150540004327",
    "site": "Орал қ., Ғарышкерлер көшесі, 7-үй",
    "subtypes": ["ultrasound", "Қайта өңделмеген ерекше көмек түрі"],
    "received": "2018-06-29T16:50",
    "sanitary_answer": "does_not_conform",
}
GRANTED = {
    "holder_kk": "Нұрпейісова Әйгерім Ұланқызы",
    "holder_ru": "Нурпеисова Айгерим Улановна",
    "iin": "850505300120",
    "site": "Ақсай қ., Дружба көшесі, 12",
    "subtypes": ["laboratory"],
    "received": "2026-03-19T10:05",
    "sanitary_answer": "none",
}


@pytest.fixture(params=[pytest.param(REFUSED, id="refused"), pytest.param(GRANTED, id="granted")])
def job(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> tuple[dict, Path]:
    """Return the facts told to the main job and the folder it left its papers in; each job is run once a run."""
    place = tmp_path_factory.getbasetemp()
    folder = (place if worker_id == "master" else place.parent) / f"job-{request.param['received'][:4]}"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another worker may be at it
        if not (folder / "done").exists():
            _run_job(request.param, folder)
            (folder / "done").touch()
    return request.param, folder / "out"


def _run_job(told: dict, folder: Path) -> None:
    facts = folder / "facts.json"
    facts.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    ran = ruqsat("demo", "--headless", "--out", str(folder / "out"), "--facts", str(facts))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stderr == ""


def ruqsat(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(HERE)}
    return subprocess.run(
        [sys.executable, "-m", "desktop", *arguments],
        capture_output=True,
        text=True,
        env=environment,
        timeout=280,
        check=False,
    )


def text_of(paper: Path) -> str:
    told = subprocess.run(
        ["pdftotext", "-raw", str(paper), "-"], capture_output=True, text=True, check=True
    ).stdout
    return " ".join(told.split())


def test_everything_named_is_left_and_real(job):
    facts, out = job
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert {"case_number", "licence_number", "signer", "due", "steps", "seconds"} <= summary.keys()
    expected = "2018-07-23T18:30" if facts is REFUSED else "2026-04-14T18:30"
    assert summary["due"] == expected
    for name in ("licence.pdf", "refusal.pdf", "receipt.pdf", "request.pdf"):
        assert (out / name).read_bytes().startswith(b"%PDF-")
    assert (out / "trust-root.pem").read_text().startswith("-----BEGIN CERTIFICATE-----")
    pictures = sorted((out / "screens").glob("*.png"))
    assert len(pictures) >= 25
    for picture in pictures:
        with Image.open(picture) as image:
            assert image.size == (1366, 768)
            assert len(image.convert("L").getcolors() or []) > 8, picture  # not an empty frame


def test_the_told_facts_stand_in_the_papers_the_workbooks_and_the_journal(job):
    facts, out = job
    paper = text_of(out / ("refusal.pdf" if facts is REFUSED else "licence.pdf"))
    for word in (facts["holder_kk"], facts["holder_ru"], facts.get("bin") or facts["iin"]):
        assert word in paper
    request = text_of(out / "request.pdf")
    assert facts["site"] in request
    book = openpyxl.load_workbook(out / "applications.xlsx")
    cells = {str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value is not None}
    assert facts["holder_kk"] in cells
    assert (facts.get("bin") or facts["iin"]) in cells
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    with sqlite3.connect(summary["database"]) as database:
        events = [row[0] for row in database.execute(
            "SELECT event FROM journal_entry WHERE case_number = ? ORDER BY id", (summary["case_number"],)
        )]  # fmt: skip
        told = database.execute(
            "SELECT facts FROM journal_entry WHERE case_number = ? AND event = 'registered'",
            (summary["case_number"],),
        ).fetchone()[0]
    assert json.loads(told)["holder_kk"] == facts["holder_kk"]
    assert events[0] == "registered"
    assert events[-1] == "handed-over"
    assert "signed" in events


def test_the_case_ends_as_the_sanitary_authority_answered(job):
    facts, out = job
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert (summary["licence_number"] is None) == (facts is REFUSED)
    assert (summary["refusal_number"] is None) == (facts is GRANTED)
    assert [step["act"] for step in summary["steps"]] == [
        "accept",
        "assign",
        "check",
        "ask",
        "decide",
        "sign",
        "deliver",
    ]


def test_poppler_and_our_verifier_agree_on_the_signature_and_on_a_changed_byte(job, tmp_path):
    _facts, out = job
    licence, root = out / "licence.pdf", str(out / "trust-root.pem")
    said = subprocess.run(
        ["pdfsig", "-nocert", str(licence)], capture_output=True, text=True, errors="replace", check=False
    ).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert ruqsat("verify", str(licence), "--trust", root).returncode == 0
    changed = bytearray(licence.read_bytes())
    changed[2000] ^= 1
    (tmp_path / "changed.pdf").write_bytes(changed)
    assert ruqsat("verify", str(tmp_path / "changed.pdf"), "--trust", root).returncode == 1
    (tmp_path / "longer.pdf").write_bytes(licence.read_bytes() + b"\n% more\n")
    assert ruqsat("verify", str(tmp_path / "longer.pdf"), "--trust", root).returncode == 1
    (tmp_path / "no.pdf").write_bytes(b"no PDF at all")
    assert ruqsat("verify", str(tmp_path / "no.pdf"), "--trust", root).returncode == 2


def test_an_independent_decoder_reads_the_qr_at_150_dpi(job, tmp_path):
    _facts, out = job
    subprocess.run(
        [
            "pdftoppm",
            "-r",
            "150",
            "-f",
            "1",
            "-l",
            "1",
            "-png",
            str(out / "licence.pdf"),
            str(tmp_path / "page"),
        ],
        check=True,
    )
    with Image.open(next(tmp_path.glob("page*.png"))) as page:
        address, code = sorted((seen.text for seen in zxingcpp.read_barcodes(page)), reverse=True)
    number = text_of(out / "licence.pdf").split("№ ")[-1].split()[0]
    assert address.startswith("https://licence.demo.invalid/")
    assert address.rsplit("/", 1)[1].isdigit()
    assert code.startswith("KZL1:")
    assert number
