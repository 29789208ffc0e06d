"""What an act says besides its steps: read with its line, found for the channel and the step."""

import pytest

from desktop.regulation import provisions
from desktop.regulation.loader import BrokenRegulation, load_text
from desktop.regulation.model import Channel, ProvisionKind
from desktop.regulation.summary import as_json
from tests.regulation.test_loader import GOOD

WORDS = 'text = { kk = "15 минут күту", ru = "Ждать 15 минут" }\n'
DECREE = f'[[provision]]\nkind = "force"\nclause = "d4"\n{WORDS}'
EVERYWHERE = f'[[service.provision]]\nkind = "condition"\nclause = "17(1)"\n{WORDS}'
AT_THE_COUNTER = (
    '[[service.provision]]\nkind = "waiting"\nclause = "9"\n'
    f'operations = ["issue"]\nchannels = ["office"]\nwhere = ["one"]\n{WORDS}'
)


def written(*tables: str) -> str:
    service = GOOD.index("[[service]]")
    operation = GOOD.index("[[service.operation]]")
    decree = "".join(table for table in tables if table.startswith("[[provision]]"))
    of_service = "".join(table for table in tables if table.startswith("[[service.provision]]"))
    return GOOD[:service] + decree + GOOD[service:operation] + of_service + GOOD[operation:]


def test_of_the_decree_of_a_channel_and_of_a_step() -> None:
    act = load_text(written(DECREE, EVERYWHERE, AT_THE_COUNTER), name="act")
    service = act.service("medical")
    operation = service.operation("issue")
    assert [(one.kind, one.clause) for one in act.provisions] == [(ProvisionKind.FORCE, "d4")]
    told = {
        channel: [one.clause for one in provisions.of(service, operation, channel)]
        for channel in operation.channels
    }
    assert told == {Channel.OFFICE: ["17(1)", "9"], Channel.PORTAL: ["17(1)"]}
    (waiting,) = provisions.at(service, operation, Channel.OFFICE, "one")
    assert waiting.text.ru == "Ждать 15 минут"
    assert not provisions.at(service, operation, Channel.OFFICE, "asking")
    assert not provisions.at(service, operation, Channel.PORTAL, "one")


def test_the_summary_tells_them_in_full() -> None:
    (told,) = as_json([load_text(written(DECREE, EVERYWHERE, AT_THE_COUNTER), name="act")])
    words = {"kk": "15 минут күту", "ru": "Ждать 15 минут"}
    assert told["provisions"] == [{"kind": "force", "clause": "d4", "text": words}]
    assert told["services"][0]["provisions"] == [
        {
            "kind": "condition",
            "clause": "17(1)",
            "operations": ["issue"],
            "channels": ["office", "portal"],
            "steps": [],
            "text": words,
        },
        {
            "kind": "waiting",
            "clause": "9",
            "operations": ["issue"],
            "channels": ["office"],
            "steps": ["one"],
            "text": words,
        },
    ]


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ('kind = "waiting"', 'kind = "hope"', "unknown-provision-kind"),
        ('operations = ["issue"]', 'operations = ["reissue"]', "unknown-target"),
        ('where = ["one"]', 'where = ["nowhere"]', "unknown-target"),
        ('channels = ["office"]', 'channels = ["provider"]', "channel-not-offered"),
        ('clause = "9"', 'item = "9"', "missing-key"),
    ],
)
def test_a_wrong_one_is_refused_with_its_line(before: str, after: str, reason: str) -> None:
    text = written(AT_THE_COUNTER.replace(before, after))
    with pytest.raises(BrokenRegulation) as refused:
        load_text(text, name="act")
    assert refused.value.reason == reason
    lines = text.splitlines()
    named = lines[refused.value.line - 1]
    assert named == after or (reason == "missing-key" and named == "[[service.provision]]")


def test_a_decree_names_no_step() -> None:
    with pytest.raises(BrokenRegulation) as refused:
        load_text(written(DECREE + 'where = ["one"]\n'), name="act")
    assert refused.value.reason == "unknown-key"
