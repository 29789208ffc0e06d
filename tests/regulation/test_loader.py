"""Every way a regulation file can be broken is refused with file, line and reason."""

import pickle

import pytest

from desktop.errors import NotAllowed
from desktop.regulation.engine import first_step, route
from desktop.regulation.loader import BrokenRegulation, load_text
from desktop.regulation.model import Channel, Term, Unit

GOOD = '''\
id = "act-1"
version = "1"
act_number = "1"
act_date = 2020-01-31
title = { kk = "Қаулы", ru = "Постановление" }

[[service]]
id = "medical"
title = { kk = "Қызмет", ru = "Услуга" }
licence_activity = { kk = "Қызмет", ru = "Деятельность" }
licence_conditions = { kk = "Шарт", ru = "Условие" }

[[service.operation]]
id = "issue"
title = { kk = "Беру", ru = "Выдача" }
channels = ["office", "portal"]

[[service.operation.total_term]]
term = { value = 15, unit = "working_day" }
clause = "5"

[[service.operation.step]]
id = "one"
title.kk = """
# [not a header] "quoted
"""
title.ru = "Приём"
act = "accept"
role = "clerk"
clause = "1"
term = { value = 15, unit = "minute" }

[[service.operation.step.outcome]]
id = "on"
title = { kk = "Әрі", ru = "Далее" }
effect = "forward"
next = "asking"

[[service.operation.step]]
id = "asking"
title = { kk = "Сұраныс", ru = "Запрос" }
act = "ask"
role = "state_body"
recorded_by = "executor"
addressee = { kk = "Органға", ru = "В орган" }
clause = "2"
no_term = true

[[service.operation.step.outcome]]
id = "yes"
title = { kk = "Иә", ru = "Да" }
effect = "conforms"
next = "two"

[[service.operation.step.outcome]]
id = "no"
title = { kk = "Жоқ", ru = "Нет" }
effect = "does_not_conform"
next = "two"

[[service.operation.step]]
id = "two"
title = { kk = "Шешім", ru = "Решение" }
act = "decide"
role = "executor"
clause = "3"
term = { min = 10, max = 15, unit = "second" }

[[service.operation.step.outcome]]
id = "grant"
title = { kk = "Беру", ru = "Выдать" }
effect = "grant"
needs_answer = ["conforms"]
next = "end"

[[service.operation.step.outcome]]
id = "refuse"
title = { kk = "Бас тарту", ru = "Отказать" }
effect = "refuse"
next = "end"

[[service.operation.office_move]]
move = "withdraw"
roles = ["clerk"]
steps = ["one", "two"]

[[service.operation.paper]]
id = "application"
title = { kk = "Өтініш", ru = "Заявление" }
clause = "6"
'''


def line_of(text: str, fragment: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if fragment in line)


def test_a_good_file_is_read() -> None:
    operation = load_text(GOOD, name="good.toml").service("medical").operation("issue")
    assert operation.channels == (Channel.OFFICE, Channel.PORTAL)
    assert operation.step("two").term == Term(Unit.SECOND, None, 10, 15)
    assert operation.step("asking").term is None


# (what is written instead of what), the fragment whose line is named, the reason
FAULTS = [
    ('id = "act-1"', 'id = "act-1', 'id = "act-1', "toml-syntax"),
    ("act_date = 2020-01-31", "act_date = 2020-02-31", "2020-02-31", "toml-syntax"),
    ('next = "asking"', 'next = "askin"', '"askin"', "unknown-target"),
    ('steps = ["one", "two"]', 'steps = ["one", "tow"]', '"tow"', "unknown-target"),
    ('act = "decide"', 'act = "decidde"', "decidde", "unknown-act"),
    ('role = "clerk"', 'role = "klerk"', "klerk", "unknown-role"),
    ('effect = "grant"', 'effect = "granted"', "granted", "unknown-effect"),
    ('unit = "minute"', 'unit = "minutes"', "minutes", "unknown-unit"),
    ('channels = ["office", "portal"]', 'channels = ["office", "post"]', '"post"', "unknown-channel"),
    ('move = "withdraw"', 'move = "withdrawal"', "withdrawal", "unknown-office-move"),
    ('effect = "refuse"', 'effect = "refuse"\nproduces = "letter"', '"letter"', "unknown-document"),
    ('{ kk = "Шешім", ru = "Решение" }', '{ kk = "Шешім" }', 'kk = "Шешім"', "text-missing-ru"),
    ('{ kk = "Шешім", ru = "Решение" }', '{ kk = " ", ru = "Решение" }', 'ru = "Решение"', "text-missing-kk"),
    ('title.ru = "Приём"', 'title.ru = ""', 'title.ru = ""', "text-missing-ru"),
    ('title.ru = "Приём"', 'title.ru = "Приём"\ntitle.en = "In"', "title.en", "unknown-key"),
    ('id = "two"', 'id = "one"', None, "duplicate-id"),
    ('id = "refuse"', 'id = "grant"', None, "duplicate-id"),
    ('next = "asking"', 'next = "end"', 'id = "asking"', "unreachable-step"),
    ('effect = "forward"', 'effect = "signed"', '"signed"', "effect-of-another-act"),
    ('role = "executor"', 'role = "auditor"', '"auditor"', "role-has-no-steps"),
    ('recorded_by = "executor"\n', "", 'role = "state_body"', "recorder-missing"),
    ('recorded_by = "executor"', 'recorded_by = "applicant"', 'recorded_by = "applicant"', "role-has-no-steps"),
    ('addressee = { kk = "Органға", ru = "В орган" }\n', "", 'act = "ask"', "addressee-missing"),
    ('clause = "3"\n', "", None, "missing-key"),
    ('clause = "3"', 'clause = "3"\nclauses = "4"', "clauses", "unknown-key"),
    ('clause = "3"', "clause = 3", "clause = 3", "wrong-kind"),
    ('clause = "3"', 'clause = ""', 'clause = ""', "empty"),
    ("no_term = true\n", "", None, "term-missing"),
    ("no_term = true", 'no_term = true\nterm = { value = 1, unit = "hour" }', "no_term", "term-twice"),
    ("value = 15, unit = \"minute\"", 'value = 0, unit = "minute"', "value = 0", "number-too-small"),
    ("min = 10, max = 15", "min = 20, max = 15", "min = 20", "term-reversed"),
    ('needs_answer = ["conforms"]', 'needs_answer = ["no_answer"]', "needs_answer", "answer-never-asked"),
    ('effect = "refuse"', 'effect = "refuse"\nneeds_answer = ["conforms"]', 'id = "two"', "answer-without-way-on"),
    ('clause = "3"', 'clause = "3"\nchannels = ["state_corporation"]', '["state_corporation"]', "channel-not-offered"),
    ('clause = "3"', 'clause = "3"\nchannels = ["portal"]', 'next = "two"', "target-of-another-channel"),
    ('clause = "5"', 'clause = "5"\nchannels = ["state_corporation"]', '["state_corporation"]', "channel-not-offered"),
    ('move = "withdraw"', 'move = "withdraw"\nnext = "one"', 'next = "one"', "move-target"),
    ('move = "withdraw"', 'move = "return_for_rework"', None, "move-target"),
    ('move = "withdraw"', 'move = "withdraw"\nnext_of = { refusal = "one" }', "next_of", "move-target"),
    (
        'move = "withdraw"',
        'move = "return_for_rework"\nnext = "one"\nnext_of = { refusal = "there" }',
        "next_of",
        "unknown-target",
    ),
    (
        'move = "withdraw"',
        'move = "return_for_rework"\nnext = "one"\nnext_of = { letter = "two" }',
        "next_of",
        "unknown-document",
    ),
    ('steps = ["one", "two"]', 'steps = ["one", "one"]', "steps =", "said-twice"),
    ('roles = ["clerk"]', "roles = []", "roles = []", "empty"),
    ('id = "application"', 'id = "an application"', "an application", "bad-id"),
    ('id = "two"', 'id = "end"', 'id = "end"', "bad-id"),
    (
        "[[service.operation.paper]]",
        '[[service.operation.note]]\ntext = { kk = "Ескерту", ru = "Примечание" }\nchannels = ["provider"]\n\n[[service.operation.paper]]',
        '["provider"]',
        "channel-not-offered",
    ),
    ("act_date = 2020-01-31", "act_date = 2020-01-31T10:00:00", "2020-01-31T", "wrong-kind"),
    (
        "act_date = 2020-01-31",
        "act_date = 2020-01-31\nin_force_from = 2020-03-01\nin_force_to = 2020-02-01",
        "in_force_to",
        "days-reversed",
    ),
]  # fmt: skip
IDS = [f"{reason}-{index}" for index, (*_, reason) in enumerate(FAULTS)]


@pytest.mark.parametrize(("good", "bad", "fragment", "reason"), FAULTS, ids=IDS)
def test_a_fault_is_named_with_its_line(good: str, bad: str, fragment: str | None, reason: str) -> None:
    assert good in GOOD
    text = GOOD.replace(good, bad, 1)
    with pytest.raises(BrokenRegulation) as caught:
        load_text(text, name="office.toml")
    assert (caught.value.code, caught.value.file) == ("regulation-broken", "office.toml")
    assert caught.value.reason == reason
    if fragment is not None:
        assert caught.value.line == line_of(text, fragment)
    assert str(caught.value).startswith(f"office.toml:{caught.value.line}: {reason}")


def test_the_line_of_a_repeated_id_is_the_second_one() -> None:
    text = GOOD.replace('id = "refuse"', 'id = "grant"')
    with pytest.raises(BrokenRegulation) as caught:
        load_text(text, name="office.toml")
    assert caught.value.line == line_of(GOOD, 'id = "refuse"')


def test_the_line_of_a_missing_key_is_that_of_its_table() -> None:
    text = GOOD.replace("no_term = true\n", "")
    with pytest.raises(BrokenRegulation) as caught:
        load_text(text, name="office.toml")
    assert caught.value.line == line_of(text, 'id = "asking"') - 1


def test_a_circle_without_an_end_is_refused() -> None:
    text = GOOD.replace('next = "end"', 'next = "one"')
    with pytest.raises(BrokenRegulation) as caught:
        load_text(text, name="office.toml")
    assert (caught.value.reason, caught.value.line) == ("path-without-end", line_of(text, 'id = "one"'))


def test_two_terms_for_one_channel_are_refused() -> None:
    again = '[[service.operation.total_term]]\nterm = { value = 3, unit = "hour" }\nclause = "5"\nchannels = ["portal"]\n'
    text = GOOD.replace(
        '[[service.operation.step]]\nid = "one"', again + '\n[[service.operation.step]]\nid = "one"'
    )
    with pytest.raises(BrokenRegulation) as caught:
        load_text(text, name="office.toml")
    assert (caught.value.reason, caught.value.line) == (
        "total-term-twice",
        line_of(text, 'channels = ["portal"]'),
    )


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(BrokenRegulation) as caught:
        load_text("", name="empty.toml")
    assert (caught.value.reason, caught.value.line) == ("missing-key", 1)


def test_steps_may_belong_to_one_channel_only() -> None:
    portal = """
[[service.operation.step]]
id = "portal-only"
title = { kk = "Портал", ru = "Портал" }
act = "accept"
role = "clerk"
clause = "4"
channels = ["portal"]
term = { value = 20, unit = "second" }

[[service.operation.step.outcome]]
id = "on"
title = { kk = "Әрі", ru = "Далее" }
effect = "forward"
next = "asking"
"""
    asking = '[[service.operation.step]]\nid = "asking"'
    text = GOOD.replace('clause = "1"\n', 'clause = "1"\nchannels = ["office"]\n')
    text = text.replace(asking, portal + asking)
    operation = load_text(text, name="two-ways.toml").service("medical").operation("issue")
    assert first_step(operation, Channel.OFFICE).id == "one"
    assert first_step(operation, Channel.PORTAL).id == "portal-only"
    assert [step.id for step in route(operation, Channel.PORTAL)] == ["portal-only", "asking", "two"]


def test_the_refusal_is_a_told_failure_that_crosses_processes() -> None:
    broken = BrokenRegulation(file="a.toml", line=3, reason="unknown-act", what="x")
    assert isinstance(broken, NotAllowed)
    again = pickle.loads(pickle.dumps(broken))
    assert (again.file, again.line, again.reason, again.what) == ("a.toml", 3, "unknown-act", "x")
    assert again.facts == {"file": "a.toml", "line": 3, "reason": "unknown-act", "what": "x"}
