"""A regulation whose map names a refusal for every condition of an incoming package."""

import tomllib
from typing import Any

from tests.regulation.randomised import write_toml

HEADINGS = {
    "look_up": "Деректерді алу мүмкін еместігі туралы хабарлама",
    "pay": "Төлемнің жоқтығына байланысты бас тарту",
    "check_signature": "ЭЦҚ түпнұсқалығының расталмауына байланысты бас тарту",
    "check_package": "Бұзушылықтарға байланысты бас тарту",
}


def mapped_pack(text: str, *, channels: tuple[str, ...] = ("portal",)) -> str:
    """Return ``text`` with a map of the conditions before the first step of its first operation, in the place of its own."""
    pack = tomllib.loads(text)
    pack["version"] = f"{pack['version']}-mapped"
    pack["service"][0].pop("provision", None)  # of steps that are not kept
    operation = pack["service"][0]["operation"][0]
    first = next(step["id"] for step in operation["step"] if step["act"] == "accept")
    acts = list(HEADINGS)
    steps = [
        _condition(act, f"mapped-{acts[number + 1]}" if number + 1 < len(acts) else first, channels)
        for number, act in enumerate(acts)
    ]
    names = [step["id"] for step in operation["step"]]
    own = set(names[: names.index(first)])
    kept = [
        step
        for step in operation["step"]
        if step["id"] not in own or not set(step.get("channels", operation["channels"])) <= set(channels)
    ]
    operation["step"] = [*steps, _told(channels), *kept]
    there = {step["id"] for step in kept}
    operation["note"] = [note for note in operation.get("note", []) if note.get("where", first) in there]
    return write_toml(pack)


def _condition(act: str, onward: str, channels: tuple[str, ...]) -> dict[str, Any]:
    words = HEADINGS[act]
    return {
        "id": f"mapped-{act}",
        "title": {"kk": words, "ru": f"{words} (ru)"},
        "act": act,
        "role": "system",
        "clause": "[test]",
        "channels": list(channels),
        "term": {"value": 20, "unit": "second"},
        "outcome": [
            {"id": "met", "title": {"kk": "иә", "ru": "да"}, "effect": "forward", "next": onward},
            {
                "id": "unmet",
                "title": {"kk": "жоқ", "ru": "нет"},
                "effect": "reject",
                "next": "mapped-told",
                "produces": "notice",
                "heading": {"kk": words, "ru": f"{words} (ru)"},
                "body": {"kk": "Шарт орындалмады.", "ru": "Условие не выполнено."},
            },
        ],
    }


def _told(channels: tuple[str, ...]) -> dict[str, Any]:
    return {
        "id": "mapped-told",
        "title": {"kk": "хабарлама", "ru": "сообщение"},
        "act": "notify",
        "role": "system",
        "clause": "[test]",
        "channels": list(channels),
        "term": {"value": 20, "unit": "second"},
        "outcome": [{"id": "told", "title": {"kk": "иә", "ru": "да"}, "effect": "told", "next": "end"}],
    }
