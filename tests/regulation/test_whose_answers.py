"""Whom an answer names: by ИИН and БИН, wherever an answer tells whose it is."""

from dataclasses import dataclass, field

import pytest

from desktop.regulation.whose_answers import COUNTED, others_named, unweighed

OWN, REPRESENTATIVE, OTHER = "210440038887", "880808450057", "880712300121"


@dataclass(frozen=True)
class Record:
    id: int = 1
    system: str = "gbd_ul"
    question: dict[str, str] = field(default_factory=dict)
    answer: dict[str, str] = field(default_factory=dict)
    heard: str = "answered"
    reason: str = ""
    number: str = ""


@pytest.mark.parametrize(
    ("question", "answer", "others"),
    [
        ({"identifier": OWN}, {}, ()),
        ({"identifier": OWN}, {"identifier": OWN, "name_ru": "ТОО «Шипа»"}, ()),
        ({"identifier": OWN}, {"identifier": OTHER}, (OTHER,)),
        ({"identifier": OWN}, {"identifier": "8807 1230 0121"}, (OTHER,)),
        ({"identifier": OWN}, {"bin": OTHER, "holder": f"ЖШС, БСН {OTHER}"}, (OTHER,)),
        ({"identifier": OWN}, {"payer": f"Ахметов А., ЖСН {OTHER}"}, (OTHER,)),
        ({"identifier": OWN}, {"head": OTHER, "notary": OTHER, "organisation": OTHER}, ()),
        ({"identifier": OWN}, {"holder": "20190000001234567890"}, ()),
        ({"identifier": OTHER}, {"identifier": OTHER}, (OTHER,)),
        ({"identifier": REPRESENTATIVE}, {"identifier": REPRESENTATIVE}, ()),
        ({"identifier": REPRESENTATIVE}, {"identifier": OTHER}, (OTHER,)),
        ({"identifier": OWN}, {"identifier": REPRESENTATIVE}, (REPRESENTATIVE,)),
    ],
)
def test_whom_an_answer_names(question, answer, others):
    record = Record(question=question, answer=answer)
    assert others_named(record, applicant=OWN, representative=REPRESENTATIVE) == others


def test_what_was_not_answered_names_nobody():
    silent = Record(question={"identifier": OTHER}, heard="unreachable")
    assert others_named(silent, applicant=OWN) == ()


def test_each_answer_is_weighed_by_itself():
    first, second = Record(1, answer={"identifier": OTHER}), Record(2, answer={"identifier": OTHER})
    said = Record(3, question={"identifier": OWN}, reason=COUNTED, number="1")
    assert unweighed([said, second, first], applicant=OWN) == {2: (OTHER,)}
