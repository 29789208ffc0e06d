"""What the killed processes were doing: the real commands, through the calls the windows make.

A job is prepared first, unwatched, from its facts, and then done: a function without arguments whose answer
is JSON.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from desktop.cases import correcting, deciding, registering, routing
from desktop.cases.application import IncomingFile
from desktop.errors import Unavailable
from desktop.regulation.model import Act, Effect
from desktop.store.database import Store
from desktop.ui import signing_flow
from tests import office, story
from tests.clock import Clock
from tests.faults import pages
from tests.faults.day import Day
from tests.faults.history import History

Job = dict[str, Any]
Work = Callable[[], Any]


def register(store: Store, job: Job) -> Work:
    """Take in an application: ``site``, ``files`` (name to paper), ``fail`` (the paper cannot be drawn)."""
    application = story.application(store, site=job.get("site", "Орал қ., Достық-Дружба даңғ., 201"))
    files = [IncomingFile(Path(path), paper) for path, paper in job.get("files", {}).items()]

    def work() -> str:
        registered = registering.register_application(
            store,
            office.people().clerk,
            application=application,
            files=files,
            draw=_no_page if job.get("fail") else pages.draw,
        )
        return registered.number

    return work


def register_many(store: Store, job: Job) -> Work:
    """Take in ``sites`` one after the other; those whose site begins with "-" fail when the receipt is drawn."""
    works = [register(store, {**job, "site": site, "fail": site.startswith("-")}) for site in job["sites"]]

    def work() -> list[str]:
        numbers = []
        for one in works:
            try:
                numbers.append(one())
            except Unavailable as error:
                if error.code != "document-not-drawn":
                    raise
        return numbers

    return work


def sign(store: Store, job: Job) -> Work:
    """Prepare the page, sign it with ``key`` and ``pin``, record it: the three tasks of the window, in order."""
    head = office.people().head
    key = signing_flow.Key(**job["key"])

    def work() -> str:
        prepared, signer = signing_flow.gather(
            store, head, case_id=job["case_id"], seen_version=job["seen_version"], draw=pages.draw
        )
        if key.kind == signing_flow.TOKEN:
            signing_flow.check_token(key=key, signer=signer)
        signed = signing_flow.check_and_sign(prepared=prepared, signer=signer, key=key, pin=job["pin"])
        signing_flow.record(
            store,
            head,
            signer=signer,
            case_id=job["case_id"],
            seen_version=prepared.version,
            document_id=prepared.document_id,
            signed=signed,
        )
        return prepared.number

    return work


def assign(store: Store, job: Job) -> Work:
    """Put the visa for ``person``."""
    tell = story.teller(store, office.people(), Clock())
    outcome = tell.outcome(job["case_id"], Act.ASSIGN, Effect.FORWARD)
    person_id = getattr(office.people(), job["person"]).person_id
    return lambda: routing.assign(
        store, office.people().head, outcome=outcome, person_id=person_id, **_seen(job)
    )


def withdraw(store: Store, job: Job) -> Work:
    return lambda: routing.withdraw(store, office.people().clerk, reason="өз еркімен", **_seen(job))


def correct(store: Store, job: Job) -> Work:
    changes = {"site": "Орал қ., Мұхит көш., 7"}
    return lambda: correcting.correct(
        store, office.people().clerk, changes=changes, reason="қате", **_seen(job)
    )


def draft(store: Store, job: Job) -> Work:
    """Draft the licence."""
    tell = story.teller(store, office.people(), Clock())
    operation = tell.operation(job["case_id"])
    outcome = tell.outcome(job["case_id"], Act.DECIDE, Effect.GRANT)

    def work() -> None:
        deciding.draft(
            store,
            office.people().executor,
            outcome=outcome,
            checks=story.good_checks(operation),
            grounds=(),
            note_kk="",
            note_ru="",
            licence_number=None,
            draw=pages.draw,
            **_seen(job),
        )

    return work


def recorded(store: Store, job: Job) -> Work:
    """The next thing of a recorded day: with ``site`` an application, with ``case_id`` the next step of the case."""
    clock = Clock()
    clock.set(job["moment"])
    day = Day(History(Path(job["history"])), story.teller(store, office.people(), clock), worker="WS-2")

    def work() -> str:
        outcome = day.register(job["site"]) if "site" in job else day.advance(job["case_id"])
        return outcome.type if outcome else "closed"

    return work


def _seen(job: Job) -> dict[str, Any]:
    return {"case_id": job["case_id"], "seen_version": job["seen_version"]}


def _no_page(*_facts: object) -> bytes:
    raise Unavailable("document-not-drawn", reason="no page")


JOBS: dict[str, Callable[[Store, Job], Work]] = {
    "register": register,
    "register_many": register_many,
    "sign": sign,
    "assign": assign,
    "withdraw": withdraw,
    "correct": correct,
    "draft": draft,
    "recorded": recorded,
}
