"""A copy of a regulation file with other step ids and one more step: what a pack may do, code must survive."""

import random
import tomllib
from datetime import date
from typing import Any


def randomised_pack(text: str, seed: int, *, act: str = "assign", role: str = "department_head") -> str:
    """Return ``text`` with every step id replaced at random and a visa inserted before the completeness check.

    In each operation that has a visa of the head (``assign``), a step of ``role`` with ``act`` (assign or
    approve) is put between it and the step it leads to. The id of the regulation stays; its hash changes.
    """
    chance = random.Random(seed)
    pack = tomllib.loads(text)
    pack["version"] = f"{pack['version']}-randomised-{seed}"
    for service in pack["service"]:
        names: dict[str, list[str]] = {}
        for operation in service["operation"]:
            _insert_visa(operation, act, role)
            for old, new in _rename_steps(operation, chance).items():
                names.setdefault(old, []).append(new)
        for provision in service.get("provision", []):
            if "where" in provision:
                provision["where"] = [new for old in provision["where"] for new in names[old]]
    return write_toml(pack)


def _insert_visa(operation: dict[str, Any], act: str, role: str) -> None:
    steps: list[dict[str, Any]] = operation["step"]
    place = next((index for index, step in enumerate(steps) if step["act"] == "assign"), None)
    if place is None:
        return
    visa = steps[place]
    target = visa["outcome"][0]["next"]
    added: dict[str, Any] = {
        "id": "inserted-visa",
        "title": {"kk": "Бөлім басшысының бұрыштамасы", "ru": "Виза руководителя отдела"},
        "act": act,
        "role": role,
        "role_title": {"kk": "бөлім басшысы", "ru": "руководитель отдела"},
        "clause": "[test]",
        "term": {"value": 3, "unit": "hour"},
        "outcome": [
            {
                "id": "passed-on",
                "title": {"kk": "Әрі қарай жолдау", "ru": "Направить далее"},
                "effect": "forward",
                "next": target,
            }
        ],
    }
    if "channels" in visa:
        added["channels"] = visa["channels"]
    for outcome in visa["outcome"]:
        if outcome["next"] == target:
            outcome["next"] = added["id"]
    steps.insert(place + 1, added)
    for move in operation.get("office_move", []):
        if visa["id"] in move["steps"]:
            move["steps"].append(added["id"])


def _rename_steps(operation: dict[str, Any], chance: random.Random) -> dict[str, str]:
    """Return the new id of each old one."""
    names = {step["id"]: f"s{chance.getrandbits(40):010x}" for step in operation["step"]}
    names["end"] = "end"
    for step in operation["step"]:
        step["id"] = names[step["id"]]
        for outcome in step["outcome"]:
            target = outcome["next"]
            outcome["next"] = [names[item] for item in target] if isinstance(target, list) else names[target]
    for move in operation.get("office_move", []):
        move["steps"] = [names[step] for step in move["steps"]]
        if "next" in move:
            move["next"] = names[move["next"]]
        if "next_of" in move:
            move["next_of"] = {kind: names[step] for kind, step in move["next_of"].items()}
    for note in operation.get("note", []):
        if "where" in note:
            note["where"] = names[note["where"]]
    return names


def write_toml(values: dict[str, Any]) -> str:
    """Return the values as TOML: tables under headers, lists of tables as [[headers]]."""
    return "\n".join(_lines(values, "")) + "\n"


def _lines(table: dict[str, Any], path: str) -> list[str]:
    lines: list[str] = []
    below: list[str] = []
    for key, value in table.items():
        name = f"{path}.{key}" if path else key
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for item in value:
                below += ["", f"[[{name}]]", *_lines(item, name)]
        else:
            lines.append(f"{key} = {_value(value)}")
    return lines + below


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(_value(item) for item in value)}]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(item)}" for key, item in value.items()) + " }"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    return str(value)
