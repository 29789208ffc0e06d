"""What applicants answered to the survey of quality and availability, by service and period."""

from datetime import date

from sqlalchemy import func, select

from desktop.models import Case, SurveyAnswer
from desktop.queries import law
from desktop.queries.moments import day_begins, day_ends, office_zone
from desktop.queries.result_rows import SurveyRow
from desktop.regulation.model import Text
from desktop.regulation.rights import Actor, Command, require
from desktop.regulation.survey import Answer, survey
from desktop.store.database import Store
from desktop.store.sight import in_sight


def summary(
    store: Store, actor: Actor, *, first_day: date | None = None, last_day: date | None = None
) -> tuple[SurveyRow, ...]:
    """Return the counts of every question for every service that was answered about, services by their names.

    The days are those on which the answers were given, both included. Services of one name are one: the versions of
    an act are not told apart.
    """
    require(actor, Command.READ_CASES)
    with store.reading(by=actor.login) as session:
        zone = office_zone(session)
        days = []
        if first_day is not None:
            days.append(SurveyAnswer.given_at >= day_begins(first_day, zone))
        if last_day is not None:
            days.append(SurveyAnswer.given_at < day_ends(last_day, zone))
        found = session.execute(
            select(
                Case.regulation_sha256,
                Case.service,
                Case.operation,
                SurveyAnswer.question,
                SurveyAnswer.answer,
                func.count(),
            )
            .join(Case, Case.id == SurveyAnswer.case_id)
            .where(in_sight(session, actor, SurveyAnswer.case_id), *days)
            .group_by(
                Case.regulation_sha256,
                Case.service,
                Case.operation,
                SurveyAnswer.question,
                SurveyAnswer.answer,
            )
        )
        counts: dict[Text, dict[tuple[str, str], int]] = {}
        for sha256, service, operation, question, answer, number in found:
            told = counts.setdefault(law.place(session, sha256, service, operation)[0].title, {})
            told[question, answer] = told.get((question, answer), 0) + number
    return tuple(
        SurveyRow(
            service, words, tuple(counts[service].get((question, answer.value), 0) for answer in Answer)
        )
        for service in sorted(counts, key=lambda title: title.kk)
        for question, words in survey().questions.items()
    )
