"""The facts of a case told in JSON: what the form would take and the papers can print, or one clear sentence."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from desktop.demo import facts
from desktop.demo.building import ZONE
from desktop.errors import NotAllowed
from desktop.regulation import loader
from desktop.regulation.model import Effect
from desktop.ui.messages import sentence

USUAL = datetime(2026, 3, 2, 10, 5, tzinfo=ZONE)
TOLD = {
    "holder_kk": "«Тест» ЖШС",
    "holder_ru": "ТОО «Тест»",
    "bin": "210440038887",
    "site": "Орал қ., Абай даңғ., 1",
    "subtypes": ["ultrasound"],
}


def read(tmp_path: Path, told: object) -> facts.CaseFacts:
    file = tmp_path / "facts.json"
    file.write_text(told if isinstance(told, str) else json.dumps(told), encoding="utf-8")
    return facts.read(file, ZONE, USUAL)


def test_what_is_left_out_has_its_usual_value(tmp_path):
    read_back = read(tmp_path, "\ufeff" + json.dumps(TOLD))
    assert (read_back.received, read_back.answer) == (USUAL, Effect.CONFORMS)
    assert read_back.is_legal_entity


def test_a_wrong_check_digit_is_no_obstacle_and_a_bin_told_as_null_is_none(tmp_path):
    assert read(tmp_path, {**TOLD, "bin": "210440038886"}).identifier == "210440038886"
    person = read(tmp_path, {**TOLD, "bin": None, "iin": "0612 1160 0012"})
    assert (person.is_legal_entity, person.identifier) == (False, "061211600012")


@pytest.mark.parametrize(
    "told",
    [
        "",
        "{",
        "[1]",
        '"x"',
        "null",
        "[" * 100_000,
        {**TOLD, "bin": None},
        {**TOLD, "bin": "123"},
        {**TOLD, "bin": "211340038887"},
        {**TOLD, "bin": "061211600012"},
        {**TOLD, "bin": 7},
        {**TOLD, "holder_kk": None},
        {**TOLD, "holder_ru": " \u202e "},
        {**TOLD, "holder_kk": "Ә" * 1001},
        {**TOLD, "site": "\U0001f3e5"},
        {**TOLD, "site": ["Орал"]},
        {**TOLD, "subtypes": "ultrasound"},
        {**TOLD, "subtypes": [None]},
        {**TOLD, "sanitary_answer": "perhaps"},
        {**TOLD, "sanitary_answer": ["none"]},
        {**TOLD, "received": "1980-01-01T10:00"},
        {**TOLD, "received": "2018-02-30T10:00"},
        {**TOLD, "received": "9999-12-31T23:00"},
        {**TOLD, "received": 20180629},
    ],
)
def test_facts_that_cannot_be_a_case_are_refused_in_a_sentence_before_anything_is_built(tmp_path, told):
    with pytest.raises(NotAllowed) as refused:
        read(tmp_path, told)
    assert refused.value.code == "facts-unreadable"
    assert refused.value.facts["reason"] in sentence(refused.value, "en")


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({**TOLD, "sanitary_anwser": "none"}, "'sanitary_anwser' is none of holder_kk, holder_ru, bin, iin, site"),
        ({**TOLD, "iin": "061211600012"}, "either bin or iin is wanted, not both"),
        ({**TOLD, "bin": None}, "either bin or iin is wanted"),
        ({**TOLD, "bin": "123"}, "bin '123' cannot be one: The number must have 12 digits"),
        ({**TOLD, "bin": "061211600012"}, "by its fifth digit it is the other kind, iin"),
        ({**TOLD, "received": "2018-02-30T10:00"}, "received must be a moment like 2018-06-29T16:50, not '2018-02-30T10:00'"),
        ({**TOLD, "received": "29.06.2018"}, "received must be a moment like 2018-06-29T16:50, not '29.06.2018'"),
    ],
)  # fmt: skip
def test_the_reason_names_the_fact_and_what_is_wanted(tmp_path, told, reason):
    with pytest.raises(NotAllowed) as refused:
        read(tmp_path, told)
    assert reason in refused.value.facts["reason"]


def test_a_file_that_is_no_text_is_told_in_words(tmp_path):
    file = tmp_path / "facts.json"
    file.write_bytes(b"%PDF-1.7\n\x80")
    with pytest.raises(NotAllowed) as refused:
        facts.read(file, ZONE, USUAL)
    assert refused.value.facts["reason"] == "it is no text in UTF-8"


def test_a_missing_file_is_told_without_its_folder(tmp_path):
    with pytest.raises(NotAllowed) as refused:
        facts.read(tmp_path / "nowhere.json", ZONE, USUAL)
    assert refused.value.facts == {"file": "nowhere.json", "reason": "No such file or directory"}


def test_a_kind_of_activity_alike_but_not_the_same_stays_as_it_was_told():
    told = "Диагностика: рентгеноскопическая"
    name, text, ids = facts.pack_with(("x-ray", "Диагностика: рентгенологическая", told))
    service = loader.load_text(text, name=name).services[0]
    titles = {item.id: item.title.ru for item in service.sub_types}
    assert [titles[item] for item in ids] == ["Диагностика: рентгенологическая", told]
