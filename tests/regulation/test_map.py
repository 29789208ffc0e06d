"""The law's map: what is done outside the office is read and proved with its steps, and no case ever stands there."""

import pytest

from desktop.regulation import engine, proofs, summary
from desktop.regulation.law_rows import law_rows
from desktop.regulation.loader import BrokenRegulation, load_text
from desktop.regulation.model import Channel, FieldKind, OperationKind, Term, Unit
from tests.regulation.test_loader import GOOD, line_of

MAP = """\
[[service.operation.step]]
id = "log-in"
title = { kk = "Кіру", ru = "Вход" }
act = "log_in"
role = "applicant"
channels = ["portal"]
clause = "6(1)"
term = { min = 10, max = 15, unit = "second" }

[[service.operation.step.outcome]]
id = "in"
title = { kk = "Кірді", ru = "Вошёл" }
effect = "forward"
next = "one"

[[service.operation.step.outcome]]
id = "not-in"
title = { kk = "Кіре алмады", ru = "Не вошёл" }
effect = "reject"
next = "told"
produces = "notice"
heading = { kk = "Бас тарту", ru = "Отказ в авторизации" }
body = { kk = "Деректер жарамсыз", ru = "Данные недействительны" }

[[service.operation.step]]
id = "told"
title = { kk = "Хабарлама", ru = "Сообщение" }
act = "notify"
role = "system"
channels = ["portal"]
clause = "6(2)"
term = { value = 20, unit = "second" }

[[service.operation.step.outcome]]
id = "was-told"
title = { kk = "Хабарланды", ru = "Сообщено" }
effect = "told"
next = "end"

"""
FIELD = """\
[[service.operation.field]]
id = "ground"
title = { kk = "Негіз", ru = "Основание" }
kind = "choice"
clause = "4"

[[service.operation.field.choice]]
id = "name"
title = { kk = "Атауы", ru = "Наименование" }

[service.operation.custody]
channels = ["office"]
keep_months = 1
send_again = { value = 1, unit = "working_day" }
clause = "10"

"""
FIRST = '[[service.operation.step]]\nid = "one"'
LEADS_OUT = GOOD.replace('effect = "refuse"\nnext = "end"', 'effect = "refuse"\nnext = "told"')
ONLY_PORTAL = 'channels = ["office", "portal"]', 'channels = ["portal"]'
WITH_MAP = GOOD.replace(FIRST, MAP + FIRST)


def operation_of(text: str):
    return load_text(text, name="map.toml").service("medical").operation("issue")


def test_a_case_begins_where_the_office_does():
    operation = operation_of(WITH_MAP)
    assert engine.first_step(operation, Channel.PORTAL).id == "one"
    assert [step.id for step in engine.route(operation, Channel.PORTAL)] == ["one", "asking", "two"]
    assert [step.id for step in engine.whole_route(operation, Channel.PORTAL)][:3] == [
        "log-in",
        "told",
        "one",
    ]
    assert [step.id for step in engine.whole_route(operation, Channel.OFFICE)] == ["one", "asking", "two"]


def test_the_database_is_told_of_the_offices_steps_only():
    rows = law_rows(load_text(WITH_MAP, name="map.toml"))
    told = {str(row["step"]) for _, of_table in rows.tables() for row in of_table}
    assert told == {"one", "asking", "two"}


def test_a_case_ends_where_the_office_leads_out():
    text = LEADS_OUT.replace(FIRST, MAP + FIRST).replace(*ONLY_PORTAL, 1)
    refuse = operation_of(text).step("two").outcomes[1]
    assert (refuse.next, refuse.leads_to) == (None, "told")
    told = summary.as_json([load_text(text, name="map.toml")])[0]["services"][0]["operations"][0]["steps"]
    assert told[-1]["outcomes"][1].items() >= {"id": "refuse", "next": "told"}.items()
    assert told[0]["term"] == {"min": 10, "max": 15, "unit": "second"}


def test_fields_custody_and_kinds_are_read():
    text = WITH_MAP.replace(
        'title = { kk = "Беру", ru = "Выдача" }\n',
        'title = { kk = "Беру", ru = "Выдача" }\nkind = "reissue"\n',
    )
    operation = operation_of(
        text.replace("[[service.operation.office_move]]", FIELD + "[[service.operation.office_move]]", 1)
    )
    assert operation.kind is OperationKind.REISSUE
    assert [(field.id, field.kind, len(field.choices)) for field in operation.fields] == [
        ("ground", FieldKind.CHOICE, 1)
    ]
    assert operation.custody is not None
    assert (operation.custody.keep_months, operation.custody.send_again.unit) == (1, Unit.WORKING_DAY)


# (instead of what, what is written), the fragment whose line is named, the reason
FAULTS = [
    (('role = "applicant"', 'role = "applicant"\nrecorded_by = "clerk"'), "recorded_by", "recorder-on-the-map"),
    (('heading = { kk = "Бас тарту", ru = "Отказ в авторизации" }\n', ""), 'produces = "notice"', "notice-without-heading"),
    (('produces = "notice"\n', ""), "heading =", "notice-without-heading"),
    (('next = "one"', 'next = "two"'), 'next = "two"', "map-leads-into-the-middle"),
    (('effect = "told"', 'effect = "forward"'), 'effect = "forward"', "effect-of-another-act"),
    (('licence_conditions = { kk = "Шарт", ru = "Условие" }\n', 'licence_conditions = { kk = "Шарт", ru = "Условие" }\nkind = "attestation"\n'), "", "operation-of-another-service"),
    (('kind = "choice"', 'kind = "text"'), 'kind = "text"', "choices-of-nothing"),
    (('[[service.operation.field.choice]]\nid = "name"\ntitle = { kk = "Атауы", ru = "Наименование" }\n', ""), 'kind = "choice"', "choices-missing"),
    (('kind = "choice"', 'kind = "picture"'), 'kind = "picture"', "unknown-field-kind"),
    (('steps = ["one", "two"]', 'steps = ["one", "told"]'), 'steps = ["one", "told"]', "unknown-target"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "fragment", "reason"), FAULTS, ids=[item[2] + str(n) for n, item in enumerate(FAULTS)]
)
def test_a_broken_map_is_refused(change, fragment, reason):
    good = WITH_MAP.replace(
        "[[service.operation.office_move]]", FIELD + "[[service.operation.office_move]]", 1
    )
    assert change[0] in good
    place = good.index(change[0])
    text = good[:place] + change[1] + good[place + len(change[0]) :]
    with pytest.raises(BrokenRegulation) as refused:
        load_text(text, name="map.toml")
    assert refused.value.reason == reason
    if fragment:
        assert text.splitlines()[refused.value.line - 1].startswith(
            fragment.split(" =")[0]
        ) or refused.value.line == line_of(text, fragment)


OUT = """\
[[service.operation.step]]
id = "cabinet"
title = { kk = "Кабинет", ru = "Кабинет" }
act = "hand_out"
role = "system"
channels = ["portal"]
clause = "7"
no_term = true

[[service.operation.step.outcome]]
id = "there"
title = { kk = "Берілді", ru = "Выдано" }
effect = "delivered"
next = "end"

[[service.operation.step]]
id = "passing"
title = { kk = "Жолдау", ru = "Отправка" }
act = "submit"
role = "system"
clause = "6"
no_term = true

[[service.operation.step.outcome]]
id = "sent"
title = { kk = "Жолданды", ru = "Отправлено" }
effect = "forward"
next = "two"

"""
REFUSED_OUT = 'effect = "refuse"\nnext = "end"', 'effect = "refuse"\nnext = ["cabinet"]'
ANSWERED = 'effect = "conforms"\nnext = "two"', 'effect = "conforms"\nnext = "passing"'
WITH_WAYS = (
    WITH_MAP.replace(*REFUSED_OUT)
    .replace(*ANSWERED)
    .replace("[[service.operation.office_move]]", OUT + "[[service.operation.office_move]]", 1)
)


def test_a_way_out_may_depend_on_the_channel():
    operation = operation_of(WITH_WAYS)
    refuse = operation.step("two").outcomes[1]
    assert (refuse.next, refuse.leads_to, refuse.leads_out) == (None, None, ("cabinet",))
    target = proofs.target(operation, refuse, Channel.PORTAL)
    assert target is not None
    assert target.id == "cabinet"
    assert proofs.target(operation, refuse, Channel.OFFICE) is None
    told = summary.as_json([load_text(WITH_WAYS, name="map.toml")])[0]["services"][0]["operations"][0]
    two = next(step for step in told["steps"] if step["id"] == "two")
    ways = {tuple(item["channels"]): item["next"] for item in two["outcomes"] if item["id"] == "refuse"}
    assert ways == {("office",): None, ("portal",): "cabinet"}


def test_a_case_goes_over_the_map_to_where_it_comes_back():
    operation = operation_of(WITH_WAYS)
    asked = next(item for item in operation.step("asking").outcomes if item.leads_to == "passing")
    assert asked.next == "two"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (('next = ["cabinet"]', 'next = ["one"]'), "ways-out"),
        (('next = ["cabinet"]', 'next = ["passing"]'), "ways-out"),
        (('next = ["cabinet"]', 'next = ["nowhere"]'), "unknown-target"),
        (
            (
                'effect = "forward"\nnext = "two"\n\n[[service.operation.office_move]]',
                'effect = "forward"\nnext = "two"\n\n[[service.operation.step.outcome]]\nid = "back"\n'
                'title = { kk = "Қайту", ru = "Назад" }\neffect = "reject"\nnext = "one"\n\n'
                "[[service.operation.office_move]]",
            ),
            "map-forks",
        ),
    ],
)
def test_broken_ways_out_are_refused(change, reason):
    assert change[0] in WITH_WAYS
    with pytest.raises(BrokenRegulation) as refused:
        load_text(WITH_WAYS.replace(*change), name="map.toml")
    assert refused.value.reason == reason


def test_a_text_may_bear_neither_number_nor_day():
    nameless = GOOD.replace('act_number = "1"\nact_date = 2020-01-31\n', "")
    regulation = load_text(nameless, name="map.toml")
    assert (regulation.act_number, regulation.act_date) == ("", None)
    assert summary.as_json([regulation])[0]["act_date"] is None


def test_the_reply_that_ends_the_consideration_may_be_called_otherwise():
    called = 'effect = "refuse"\nproduces = "termination"\nheading = { kk = "Жауап", ru = "Ответ" }'
    operation = operation_of(GOOD.replace('effect = "refuse"', called))
    heading = operation.step("two").outcomes[1].heading
    assert heading is not None
    assert heading.kk == "Жауап"
    with pytest.raises(BrokenRegulation, match="notice-without-heading"):
        operation_of(GOOD.replace('effect = "refuse"', called.replace("termination", "refusal")))


def test_a_minute_and_a_half_is_a_term():
    operation = operation_of(
        WITH_MAP.replace('term = { value = 20, unit = "second" }', 'term = { value = 1.5, unit = "minute" }')
    )
    assert operation.step("told").term == Term(Unit.MINUTE, 1.5)
    for written in ("1.3", "0.5", "true"):
        with pytest.raises(BrokenRegulation):
            operation_of(
                WITH_MAP.replace('value = 20, unit = "second"', f'value = {written}, unit = "minute"')
            )
    with pytest.raises(BrokenRegulation):
        operation_of(WITH_MAP.replace('value = 20, unit = "second"', 'value = 1.5, unit = "working_day"'))


AGAIN = '\n[[service.operation.office_move]]\nmove = "withdraw"\nroles = ["clerk"]\nsteps = ["{step}"]\n'


def test_a_move_is_declared_anew_for_other_steps_only():
    moves = operation_of(GOOD + AGAIN.format(step="asking")).office_moves
    assert [(move.move.value, move.steps) for move in moves] == [
        ("withdraw", ("one", "two")),
        ("withdraw", ("asking",)),
    ]
    with pytest.raises(BrokenRegulation) as told:
        operation_of(GOOD + AGAIN.format(step="two"))
    assert told.value.reason == "duplicate-id"
