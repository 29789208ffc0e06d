"""The survey of quality and availability (000 annex 4, 002 annex 3): two questions, three answers, in kk and ru.

The words are data (``resources/survey.toml``); the answers are a closed list, for they are counted.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from desktop import resources
from desktop.errors import BadInput
from desktop.regulation.model import Text


class Answer(StrEnum):
    """In the order of the form."""

    NOT_SATISFIED = "not_satisfied"
    PARTLY_SATISFIED = "partly_satisfied"
    SATISFIED = "satisfied"


@dataclass(frozen=True, slots=True)
class Survey:
    """``questions`` by their ids, in the order of the form."""

    title: Text
    questions: Mapping[str, Text]
    answers: Mapping[Answer, Text]


@cache
def survey() -> Survey:
    """Return the form the program ships."""
    written = tomllib.loads(resources.path("survey.toml").read_text("utf-8"))
    return Survey(
        Text(**written["title"]),
        {item["id"]: Text(item["kk"], item["ru"]) for item in written["question"]},
        {Answer(item["id"]): Text(item["kk"], item["ru"]) for item in written["answer"]},
    )


def answered(given: Mapping[str, str]) -> dict[str, Answer]:
    """Return the answers given, none being an answer too; BadInput "survey-answer-unknown" for any other."""
    found = {}
    for question, answer in given.items():
        if question not in survey().questions or answer not in set(Answer):
            raise BadInput("survey-answer-unknown", field="survey", question=question, answer=answer)
        found[question] = Answer(answer)
    return found
