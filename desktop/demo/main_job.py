"""The main job without a display: two cases through the program's own windows, and what they leave in a folder.

One case comes to a licence and one to a refusal; the facts of one may be told (``--facts``). The windows are
drawn offscreen. The office it happens in is built anew each time, in the folder's ``office``.
"""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from desktop.demo import building, invented, told_time
from desktop.demo.facts import CaseFacts, pack_with, read
from desktop.demo.story import Clock
from desktop.errors import Unavailable
from desktop.regulation import loader
from desktop.regulation.model import Channel, DocumentKind, Effect, Text
from desktop.regulation.rights import Actor
from desktop.regulation.terms import default_calendar


def run(folder: Path, *, facts: Path | None, administrator: str = "") -> int:
    """Do the main job and leave its papers in ``folder``; exit status 0 when the licence's signature is valid.

    ``administrator``: the URL of an empty database on a server and of its administrator, to have the office there.
    """
    started = time.monotonic()
    told = _told(facts)
    name, text, sub_types = pack_with(told.sub_types)
    laws = ((name, text), *(item for item in loader.shipped() if item[0] != name))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(
            "file-not-written", path=str(folder), reason=error.strerror or str(error)
        ) from error
    place = make_url(administrator).database if administrator else folder / "office"
    print(f"Building the demo office in {place} ...", flush=True)
    if administrator:
        office = building.on_server(folder / "office", administrator, now=told.received, regulations=laws)
    else:
        office = building.ensure(folder / "office", fresh=True, now=told.received, regulations=laws)
    print("Carrying two cases through the windows ...", flush=True)
    try:
        with _own_settings(office):
            summary = _play(folder, office, told, sub_types)
    finally:
        if administrator:
            told_time.end(administrator)
    if office.server is not None:
        summary |= {"database": office.url, "people": office.server.people()}
    summary["seconds"] = round(time.monotonic() - started, 1)
    (folder / "summary.json").write_text(
        json.dumps(summary, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    print(_report(folder, summary), flush=True)
    return 0


def _told(facts: Path | None) -> CaseFacts:
    received = a_month_before(datetime.now(UTC))
    if facts is not None:
        return read(facts, building.ZONE, received)
    return CaseFacts(
        holder_kk="«Ақ Жайық денсаулық орталығы» ЖШС",
        holder_ru="ТОО «Центр здоровья Ак Жайык»",
        is_legal_entity=True,
        identifier=invented.identifier("19044000771"),
        site="Орал қ., Құрманғазы көшесі, 164",
        sub_types=("ultrasound", "laboratory"),
        received=received,
        answer=Effect.CONFORMS,
    )


def a_month_before(now: datetime) -> datetime:
    """Return a working moment long enough ago for both cases, so that no signature states a moment to come."""
    moment = now.replace(second=0, microsecond=0) - timedelta(days=30)
    return default_calendar(building.ZONE).next_working_moment(moment)


def _other(told: CaseFacts, sub_type: str) -> CaseFacts:
    """Return the facts of the second case: it ends the other way."""
    refused = told.answer is Effect.DOES_NOT_CONFORM
    return replace(
        told,
        holder_kk="Ғабдуллина Әсия Ілиясқызы",
        holder_ru="Габдуллина Асия Ильяскызы",
        is_legal_entity=False,
        identifier=invented.identifier("83051740147"),
        site="Орал қ., Ықсанов көшесі, 38",
        sub_types=(sub_type,),
        answer=Effect.CONFORMS if refused else Effect.DOES_NOT_CONFORM,
    )


@contextmanager
def _own_settings(office: building.DemoOffice) -> Iterator[None]:
    """Keep the user's own settings, drafts and log out of the play."""
    names = ("RUQSAT_STATE", "RUQSAT_CONFIG", "RUQSAT_DATA")
    before = {name: os.environ.get(name) for name in names}
    place = Path(tempfile.mkdtemp(prefix="ruqsat-"))
    os.environ.update({name: str(place / name.lower()) for name in names})
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        shutil.rmtree(place, ignore_errors=True)


def _play(
    folder: Path, office: building.DemoOffice, told: CaseFacts, sub_types: tuple[str, ...]
) -> dict[str, Any]:
    """Open the program, play both cases, look at every place, and fetch what is to be left."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from desktop.demo.opening import opened

    pictures = folder / "screens"
    shutil.rmtree(pictures, ignore_errors=True)
    pictures.mkdir()
    clock = Clock(told.received)
    with opened(office, clock, pictures) as (program, stage):
        from desktop.demo.play import Play
        from desktop.demo.tour import look_around

        main = Play(stage, told, sub_types, "first", Channel.STATE_CORPORATION).run()
        program.window.choose_language("ru")
        spare = next((item.id for item in stage.sub_types if item.id not in sub_types), sub_types[0])
        second_told = _other(replace(told, received=clock.now), spare)
        second = Play(stage, second_told, (spare,), "second", Channel.OFFICE).run()
        look_around(stage)
        papers = _leave_papers(folder, *stage.seat("clerk"), office, main.case_id, second.case_id)
        _leave_workbooks(folder, *stage.seat("clerk"))
    numbers = {paper["kind"]: paper["number"] for paper in papers if paper["case"] == main.case_number}
    return {
        "case_number": main.case_number,
        "licence_number": numbers.get("licence"),
        "refusal_number": numbers.get("refusal"),
        "signer": invented.PEOPLE[2].name.kk,
        "due": main.due.replace(tzinfo=None).isoformat(timespec="minutes"),
        "steps": main.steps,
        "cases": [_plain(main), _plain(second)],
        "papers": papers,
        "database": str(office.database),
    }


def _plain(played: Any) -> dict[str, Any]:
    return {**asdict(played), "due": played.due.replace(tzinfo=None).isoformat(timespec="minutes")}


def _leave_papers(
    folder: Path, store: Any, actor: Actor, office: building.DemoOffice, *cases: int
) -> list[dict[str, Any]]:
    """Write the papers of the cases, the first case's where both have one, and prove what was signed."""
    from desktop.eds import pdf_signature
    from desktop.queries.case_card import case_card
    from desktop.queries.papers import document_bytes

    root = office.trust_root.read_text(encoding="ascii")
    (folder / "trust-root.pem").write_text(root, encoding="ascii")
    left: list[dict[str, Any]] = []
    for case_id in cases:
        card = case_card(store, actor, case_id=case_id)
        for row in card.documents:
            wanted = row.kind in {
                DocumentKind.LICENCE,
                DocumentKind.REFUSAL,
                DocumentKind.RECEIPT,
                DocumentKind.REQUEST,
            }
            path = folder / f"{row.kind.value}.pdf"
            if not wanted or row.state == "replaced" or any(item["file"] == path.name for item in left):
                continue
            content = document_bytes(store, actor, document_id=row.document_id)[1]
            path.write_bytes(content)
            valid = None
            if row.state == "signed":
                valid = pdf_signature.verify(content, demo_roots=[root], at=store.now()).valid
                if not valid:
                    raise RuntimeError(f"the signature of {path.name} is not valid")
            left.append(
                {
                    "kind": row.kind.value,
                    "number": row.number,
                    "case": card.number,
                    "file": path.name,
                    "signed": valid,
                }
            )
    return left


def _leave_workbooks(folder: Path, store: Any, actor: Actor) -> None:
    from desktop.documents import register_columns, registers_xlsx
    from desktop.queries import office, registers
    from desktop.queries.rows import RegisterFilter

    everything = RegisterFilter()
    name: Text = office.office(store).name
    heading = registers_xlsx.Heading(
        name, register_columns.filter_words(everything), store.now().astimezone(building.ZONE)
    )
    applications = registers.stream_applications(store, actor, filter=everything)
    registers_xlsx.write(
        folder / "applications.xlsx", kind="applications", rows=applications, heading=heading
    )
    licences = registers.stream_licences(store, actor, filter=everything)
    registers_xlsx.write(folder / "licences.xlsx", kind="licences", rows=licences, heading=heading)


def _report(folder: Path, summary: dict[str, Any]) -> str:
    lines = [f"Case {summary['case_number']}, due {summary['due']}: " + ", ".join(
        f"{paper['kind']} {paper['number']}" for paper in summary["papers"]
    )]  # fmt: skip
    lines += [f"  {folder / paper['file']}" for paper in summary["papers"]]
    lines += [
        f"  {folder / name}"
        for name in ("applications.xlsx", "licences.xlsx", "trust-root.pem", "summary.json")
    ]
    lines += [
        f"  {folder / 'screens'}{os.sep}*.png",
        f"{summary['seconds']} s. Nothing here has legal force.",
    ]
    return "\n".join(lines)
