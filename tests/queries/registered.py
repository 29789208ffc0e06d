"""Many cases at once, written past the commands: for paging, search and order only."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from desktop.models import Assignment, Case, CaseSubType, RegulationText
from desktop.models.folding import fold, sort_key
from desktop.store.database import Store
from tests.clock import OFFICE_ZONE

FIRST = datetime(2018, 6, 1, 9, 0, tzinfo=OFFICE_ZONE)


def register(store: Store, cases: Iterable[dict[str, Any]]) -> list[int]:
    """Write rows like a registered application each, with the given differences; return their ids in order."""
    with store.reading() as session:
        sha256 = session.scalars(
            select(RegulationText.sha256).where(RegulationText.regulation == "wko-2018-139")
        ).one()
    ids = []
    with store.writing() as session:
        for number, changes in enumerate(cases, 1):
            executor = changes.pop("executor", None)
            sub_types = changes.pop("sub_types", ())
            facts: dict[str, Any] = {
                "version": 1,
                "number": f"2018-{number:06d}",
                "received_at": FIRST + timedelta(minutes=number),
                "channel": "office",
                "step": "completeness",
                "holder_kk": "«Шипа» ЖШС",
                "site": "Орал қ., Абай даңғ., 1",
                "identifier": "050140003412",
                "due_at": FIRST + timedelta(days=21),
                "result": None,
            } | changes
            facts.setdefault("holder_ru", facts["holder_kk"])
            if facts["result"] is not None:
                facts |= {"step": None, "closed_at": FIRST + timedelta(days=9)}
            words = " ".join(
                (facts["number"], facts["identifier"], facts["holder_kk"], facts["holder_ru"], facts["site"])
            )
            row = Case(
                registered_at=facts["received_at"],
                registered_by=2,
                regulation_sha256=sha256,
                service="medical",
                operation="issue",
                step_entered_at=facts["received_at"],
                is_legal_entity=True,
                search=fold(words),
                holder_sort=sort_key(facts["holder_kk"]),
                **facts,
            )
            session.add(row)
            session.flush()
            ids.append(row.id)
            if executor is not None:
                session.execute(
                    insert(Assignment).values(case_id=row.id, role="executor", person_id=executor)
                )
            for sub_type in sub_types:
                session.execute(insert(CaseSubType).values(case_id=row.id, sub_type=sub_type))
    return ids
