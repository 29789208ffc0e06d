"""What the applicant answers to the survey of quality and availability when he gets his result; he need not answer."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from desktop.errors import BadInput
from desktop.models import SurveyAnswer
from desktop.regulation.survey import answered


def keep(
    session: Session, case_id: int, given: Mapping[str, str], now: datetime, person_id: int
) -> dict[str, str]:
    """Keep the answers with the case and return them for the journal.

    BadInput "survey-answer-unknown"; "survey-answered" for a question that has its answer.
    """
    found = answered(given)
    if not found:
        return {}
    if session.scalar(
        select(exists().where(SurveyAnswer.case_id == case_id, SurveyAnswer.question.in_(found)))
    ):
        raise BadInput("survey-answered", field="survey")
    session.add_all(
        SurveyAnswer(
            case_id=case_id, question=question, answer=answer.value, given_at=now, recorded_by=person_id
        )
        for question, answer in found.items()
    )
    return {question: answer.value for question, answer in found.items()}
