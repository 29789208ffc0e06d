"""The linter: what a usable file may still have wrong is named with its line, and what the file declares is no warning."""

import json

import pytest

from desktop import commandline
from desktop.regulation import lint_texts, linting
from desktop.regulation.loader import shipped
from desktop.regulation.model import Channel
from desktop.regulation.oddities import Oddity
from desktop.ui.sentences import sentences
from tests.regulation.odd_packs import odd_pack
from tests.regulation.randomised import randomised_pack
from tests.regulation.test_loader import GOOD, line_of
from tests.regulation.test_map import FIRST, LEADS_OUT, MAP, ONLY_PORTAL

NOTE = """\
[[service.operation.note]]
text = { kk = "Қаулыда солай", ru = "Так в акте" }
declares = [{codes}]
"""

# A file nobody can find anything odd in: GOOD, with its ends signed, papered and grounded.
CLEAN = (
    GOOD.replace("no_term = true", 'term = { value = 2, unit = "working_day" }')
    .replace('id = "no"\n', 'id = "silent"\ntitle = { kk = "Үнсіз", ru = "Молчание" }\neffect = "no_answer"\nnext = "two"\n\n[[service.operation.step.outcome]]\nid = "no"\n')
    .replace('effect = "grant"\nneeds_answer = ["conforms"]\nnext = "end"', 'effect = "grant"\nneeds_answer = ["conforms", "no_answer"]\nproduces = "licence"\nnext = "three"')
    .replace('effect = "refuse"\nnext = "end"', 'effect = "refuse"\nproduces = "refusal"\nnext = "three"\n\n[[service.operation.step]]\nid = "three"\ntitle = { kk = "Қол қою", ru = "Подписание" }\nact = "sign"\nrole = "head"\nclause = "4"\nterm = { value = 3, unit = "hour" }\n\n[[service.operation.step.outcome]]\nid = "signed"\ntitle = { kk = "Қол қойылды", ru = "Подписано" }\neffect = "signed"\nnext = "end"')
) + '\n[[service.operation.refusal_ground]]\nid = "all"\ntitle = { kk = "Негіз", ru = "Основание" }\nclause = "10"\n'  # fmt: skip


def codes_of(text: str) -> list[tuple[str, bool]]:
    report = linting.check_text(text, name="odd.toml")
    return [(finding.code.value, finding.declared) for finding in report.findings]


def test_nothing_is_found_where_nothing_is_odd():
    report = linting.check_text(CLEAN, name="clean.toml")
    assert (report.clean, report.findings, report.unverified) == (True, (), 0)


# (instead of what, what is written), the fragment whose line is named, the code
ODD = [
    (("value = 15, unit = \"working_day\"", "value = 2, unit = \"working_day\""), "[[service.operation.total_term]]", "terms-exceed-total"),
    (("value = 15, unit = \"working_day\"", "value = 3, unit = \"calendar_day\""), "", ""),
    (("value = 15, unit = \"working_day\"", "value = 2, unit = \"calendar_day\""), "[[service.operation.total_term]]", "terms-exceed-total"),
    (('clause = "5"', 'clause = "5"\nhand_over_days_before = 13'), "[[service.operation.total_term]]", "terms-exceed-total"),
    (('clause = "5"', 'clause = "5"\nchannels = ["portal"]'), "[[service.operation]]", "no-total-term"),
    (('term = { value = 2, unit = "working_day" }', "no_term = true\npauses_total = true"), 'id = "asking"', "pause-without-term"),
    (('role = "clerk"', 'role = "auditor"'), "", "refused"),
    (('role = "clerk"', 'role = "commission"'), 'id = "one"', "role-cannot-act"),
    (('roles = ["clerk"]', 'roles = ["commission"]'), "[[service.operation.office_move]]", "role-cannot-act"),
    (('produces = "licence"\n', ""), 'id = "signed"', "ends-without-paper"),
    (('produces = "refusal"\nnext = "three"', 'produces = "refusal"\nnext = "end"'), 'id = "refuse"', "result-unsigned"),
    (('kk = "Беру", ru = "Выдача"', 'kk = "Бepу", ru = "Выдача"'), "Бepу", "mixed-letters"),
    (('kk = "Беру", ru = "Выдача"', 'kk = "TOO беру", ru = "Выдача"'), "TOO", "mixed-letters"),
    (('kk = "Беру", ru = "Выдача"', 'kk = "Выдача лицензии", ru = "Выдача лицензии"'), "Выдача лицензии", "same-in-both-languages"),
    (('kk = "Беру", ru = "Выдача"', 'kk = "Выдача лицензии на медицинскую деятельность, переоформление", ru = "Выдача"'), "Выдача лицензии", "kazakh-looks-russian"),
    (("act_date = 2020-01-31", "act_date = 2020-01-31\nin_force_to = 2021-01-01"), "in_force_to", "repeal-half-told"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "fragment", "code"), ODD, ids=[f"{code}-{at}" for at, (*_, code) in enumerate(ODD)]
)
def test_what_is_odd_is_named_with_its_line(change, fragment, code):
    assert change[0] in CLEAN
    text = CLEAN.replace(*change, 1)
    if code == "refused":
        with pytest.raises(linting.BrokenRegulation):
            linting.check_text(text, name="odd.toml")
        return
    report = linting.check_text(text, name="odd.toml")
    found = [finding for finding in report.findings if not finding.declared]
    assert [finding.code.value for finding in found] == ([code] if code else [])
    assert report.clean == (not code)
    if code:
        line = line_of(text, fragment)
        assert found[0].line in (line, line - 1)  # the header of the table, or its id


def test_silence_needs_a_way_on():
    text = CLEAN.replace('effect = "no_answer"', 'effect = "conforms"').replace(', "no_answer"]', "]")
    (finding,) = linting.check_text(text, name="odd.toml").findings
    assert (finding.code, finding.step) == (Oddity.SILENCE, "asking")


def test_a_circle_is_told_where_it_closes():
    text = CLEAN.replace('id = "silent"\n', 'id = "again"\ntitle = { kk = "Қайта", ru = "Снова" }\neffect = "no_answer"\nnext = "asking"\n\n[[service.operation.step.outcome]]\nid = "silent"\n')  # fmt: skip
    report = linting.check_text(text, name="odd.toml")
    assert [(finding.code, finding.step, finding.line) for finding in report.findings] == [
        (Oddity.GOES_ROUND, "asking", line_of(text, 'id = "again"') - 1)
    ]


def test_a_refusal_needs_grounds_and_a_check_needs_papers():
    bare = CLEAN[: CLEAN.index("\n[[service.operation.refusal_ground]]")]
    assert codes_of(bare) == [("refusal-without-ground", False)]
    checked = bare.replace('act = "accept"', 'act = "check"').replace(
        'effect = "forward"', 'effect = "complete"'
    )
    checked = checked.replace('role = "clerk"', 'role = "executor"', 1)
    checked = checked[: checked.index("[[service.operation.paper]]")]
    assert ("check-without-papers", False) in codes_of(checked)


def test_a_way_outside_ends_in_a_message():
    text = LEADS_OUT.replace(FIRST, MAP + FIRST).replace(*ONLY_PORTAL, 1)
    ends = [finding for finding in linting.check_text(text, name="odd.toml").findings
            if finding.code is Oddity.ENDS_WITHOUT_PAPER]  # fmt: skip
    assert [finding.step for finding in ends] == [
        "two",
        "two",
    ]  # the office's own; nobody outside is left untold
    silent = text.replace('next = "told"\nproduces = "notice"', 'next = "end"\nproduces = "notice"', 1)
    assert linting.check_text(silent.replace('next = "end"', 'next = "told"', 1), name="odd.toml")
    untold = MAP.replace('next = "told"\nproduces = "notice"\nheading = { kk = "Бас тарту", ru = "Отказ в авторизации" }\nbody = { kk = "Деректер жарамсыз", ru = "Данные недействительны" }', 'next = "end"')  # fmt: skip
    untold = untold[: untold.index('[[service.operation.step]]\nid = "told"')]
    found = linting.check_text(GOOD.replace(FIRST, untold + FIRST).replace(*ONLY_PORTAL, 1), name="odd.toml")
    assert "log-in" in {
        finding.step for finding in found.findings if finding.code is Oddity.ENDS_WITHOUT_PAPER
    }


def test_what_a_note_declares_is_told_and_no_warning():
    text = CLEAN.replace('clause = "5"', 'clause = "5"\nchannels = ["portal"]')
    whole = text + NOTE.replace("{codes}", '"no-total-term"')
    (finding,) = linting.check_text(whole, name="odd.toml").findings
    assert (finding.declared, finding.channel, finding.by.ru) == (True, Channel.OFFICE, "Так в акте")
    elsewhere = text + NOTE.replace("{codes}", '"goes-round"')
    assert codes_of(elsewhere) == [("no-total-term", False)]
    assert linting.check_text(whole, name="odd.toml").clean


def test_a_note_at_a_step_declares_for_its_step_alone():
    text = CLEAN.replace('role = "clerk"', 'role = "commission"', 1)
    note = NOTE.replace("{codes}", '"role-cannot-act"')
    assert codes_of(text + note + 'where = "one"\n') == [("role-cannot-act", True)]
    assert codes_of(text + note + 'where = "two"\n') == [("role-cannot-act", False)]


def test_a_note_cannot_declare_what_there_is_not():
    with pytest.raises(linting.BrokenRegulation) as refused:
        linting.check_text(CLEAN + NOTE.replace("{codes}", '"anything"'), name="odd.toml")
    assert refused.value.reason == "unknown-oddity"


def test_a_step_without_a_term_and_unverified_parts_declare_themselves():
    text = CLEAN.replace('term = { value = 3, unit = "hour" }', "no_term = true")
    text = text.replace('clause = "10"', 'clause = "10"\nunverified = true')
    report = linting.check_text(text, name="odd.toml")
    assert codes_of(text) == [("no-term", True), ("unverified", True)]
    assert (report.clean, report.unverified) == (True, 1)


def test_latin_letters_that_are_meant_are_left_alone():
    assert lint_texts.look_alikes("ISO 9001 стандарты, XIX ғасыр, I санат, e.gov.kz порталы, HIV") == []
    assert lint_texts.look_alikes("Лицензиaр жəне c басшы") == ["Лицензиaр", "c"]
    assert lint_texts.look_alikes("Licence of a person") == []


@pytest.mark.parametrize(("name", "text"), shipped(), ids=[name for name, _ in shipped()])
def test_what_is_shipped_has_nothing_undeclared(name, text):
    """And so has every copy of it with other ids."""
    for copy in (text, randomised_pack(text, seed=7)):
        report = linting.check_text(copy, name=name)
        assert [f"{one.line}: {one.code} {one.place}" for one in report.findings if not one.declared] == []


def test_a_pack_nobody_ships_is_warned_of():
    odd = odd_pack(dict(shipped())["wko-2018-139.toml"], filed=True)
    assert {code for code, declared in codes_of(odd) if not declared} == {
        "goes-round", "ends-without-paper", "result-unsigned",
    }  # fmt: skip


def test_every_oddity_has_a_sentence():
    assert {f"law-{code.value}" for code in Oddity} <= set(sentences())


# the command


def test_a_clean_file_is_said_to_be_clean(capsys, tmp_path):
    file = tmp_path / "clean.toml"
    file.write_text(CLEAN, encoding="utf-8")
    assert commandline.main(["regulations", "check", str(file)]) == 0
    assert capsys.readouterr().out == f"{file}: clean: act-1 1\n"


def test_a_warning_names_file_line_and_place_in_three_languages(capsys, tmp_path):
    file = tmp_path / "odd.toml"
    file.write_text(CLEAN.replace("value = 15, unit = \"working_day\"", "value = 2, unit = \"working_day\""), encoding="utf-8")  # fmt: skip
    assert commandline.main(["regulations", "check", str(file)]) == 1
    said = capsys.readouterr().out
    assert said.startswith(
        f"{file}:18: warning: medical / issue / office: The terms of the longest way add up to 2"
    )
    assert commandline.main(["regulations", "check", str(file), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    (finding,) = told["findings"]
    assert (told["clean"], finding["code"], finding["line"]) == (False, "terms-exceed-total", 18)
    assert set(finding["text"]) == {"kk", "ru", "en"}
    assert "…" not in "".join(finding["text"].values())


def test_a_refused_file_and_one_that_cannot_be_read(capsys, tmp_path):
    file = tmp_path / "broken.toml"
    file.write_text(GOOD.replace('act = "decide"', 'act = "decidde"'), encoding="utf-8")
    assert commandline.main(["regulations", "check", str(file)]) == 1
    assert 'refused: the act "decidde" is not known' in capsys.readouterr().out
    assert commandline.main(["regulations", "check", str(file), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["refused"]["code"] == "unknown-act"
    assert commandline.main(["regulations", "check", str(tmp_path / "none.toml")]) == 2
    assert "CANNOT BE READ" in capsys.readouterr().err
    file.write_bytes(b"\xff\xfe")
    assert commandline.main(["regulations", "check", str(file), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["clean"] is None
