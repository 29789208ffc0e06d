"""Applications that may be the same one again: the same person, place and kind of activity."""

from sqlalchemy import or_, select

from desktop.models import Case, CaseSubType
from desktop.models.folding import fold, storable
from desktop.queries import law
from desktop.queries.moments import local, office_zone
from desktop.queries.register_rows import sub_type_titles
from desktop.queries.rows import Duplicate
from desktop.regulation.model import Text
from desktop.regulation.rights import Actor, Command, require
from desktop.store.database import Store
from desktop.store.sight import in_sight


def possible(
    store: Store, actor: Actor, *, identifier: str, site: str, sub_types: tuple[str, ...], service: str
) -> tuple[Duplicate, ...]:
    """Return open cases and issued licences of the same applicant, site and sub-type, newest first.

    A case that ended without a licence is no duplicate: applying again is what its applicant is told to do.
    Sites are compared without case, punctuation and the difference of Kazakh and Russian letters.
    """
    require(actor, Command.READ_CASES)
    with store.reading(by=actor.login) as session:
        zone = office_zone(session)
        found = session.execute(
            select(
                Case.id,
                Case.number,
                Case.received_at,
                Case.holder_kk,
                Case.holder_ru,
                Case.site,
                Case.result,
                Case.step,
                Case.regulation_sha256,
                Case.operation,
                CaseSubType.sub_type,
            )
            .join(CaseSubType, CaseSubType.case_id == Case.id)
            .where(
                Case.identifier == storable(identifier),
                Case.service == service,
                or_(Case.step.is_not(None), Case.result == "licence"),
                CaseSubType.sub_type.in_(sub_types),
                in_sight(session, actor, Case.id),
            )
            .order_by(Case.received_at.desc(), Case.id.desc())
        ).all()
        same = [row for row in found if _bare(row.site) == _bare(site)]
        shared: dict[int, list[str]] = {}
        for row in same:
            shared.setdefault(row.id, []).append(row.sub_type)
        first_rows = {row.id: row for row in reversed(same)}
        return tuple(
            Duplicate(
                case_id=case_id,
                number=first_rows[case_id].number,
                received_at=local(first_rows[case_id].received_at, zone),
                holder=Text(first_rows[case_id].holder_kk, first_rows[case_id].holder_ru),
                site=first_rows[case_id].site,
                result=first_rows[case_id].result,
                open=first_rows[case_id].step is not None,
                same_sub_types=sub_type_titles(
                    law.place(
                        session, first_rows[case_id].regulation_sha256, service, first_rows[case_id].operation
                    )[0],
                    chosen,
                ),
            )
            for case_id, chosen in shared.items()
        )


def _bare(site: str) -> str:
    return "".join(letter for letter in fold(site) if letter.isalnum())
