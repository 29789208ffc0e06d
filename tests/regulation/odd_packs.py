"""Regulations nobody ships, that go every way a pack may: back from an approval, an end at almost every step."""

import tomllib
from typing import Any

from tests.regulation.randomised import write_toml


def odd_pack(text: str, *, filed: bool) -> str:
    """Return ``text`` with a visa after the decision that may send on, send back or end, and more ends.

    ``filed``: what is signed passes one more visa, which sends it to the counter or keeps it; a refusal ends the case
    unsigned. Otherwise everything is signed and the signature is the end. The total term stands still at every step.
    """
    pack = tomllib.loads(text)
    pack["version"] = f"{pack['version']}-odd-{int(filed)}"
    pack["service"] = pack["service"][:1]
    del pack["service"][0]["provision"]  # of steps that are not kept
    operation = pack["service"][0]["operation"][0]
    pack["service"][0]["operation"] = [operation]
    steps = {step["id"]: step for step in operation["step"]}
    aside = {"asked": "asked", "sat": "sat", "heard": "heard"}
    approval = _visa("approval", on="signature", back="completeness", off="end", **aside)
    _outcome(steps["sanitary-answer"], "does-not-conform")["next"] = "end"
    _outcome(steps["decision"], "grant")["next"] = "approval"
    _outcome(steps["delivery"], "delivered")["next"] = "end"
    if filed:
        _outcome(steps["decision"], "refuse")["next"] = "end"
        _outcome(steps["signature"], "signed")["next"] = "filing"
        filing = [_visa("filing", out="delivery", kept="end"), steps["delivery"]]
    else:
        _outcome(steps["signature"], "signed")["next"] = "end"
        filing = []
    names = ["registration", "visa", "completeness", "sanitary-answer", "decision"]
    operation["step"] = [
        *(steps[name] for name in names),
        approval,
        steps["signature"],
        *filing,
        _end("asked", "resolve", "phc_employee", "declined", produces="notice"),
        _end("sat", "attest", "commission_secretary", "failed", produces="attestation"),
        _end("heard", "hear", "executor", "forward"),
    ]
    for step in operation["step"]:
        step["pauses_total"] = True
    operation["custody"] = {
        "channels": ["state_corporation"],
        "keep_months": 1,
        "send_again": {"value": 1, "unit": "working_day"},
        "clause": "10",
    }
    kept = {step["id"] for step in operation["step"]}
    operation["note"] = [note for note in operation.get("note", []) if note.get("where", "visa") in kept]
    steps["sanitary-answer"]["recorded_by"] = "department_head"
    for move in operation["office_move"]:
        if move["move"] == "return_for_rework":
            move |= {
                "roles": ["head", "department_head"],
                "steps": ["sanitary-answer", "signature"],
                "next": "visa",
            }
        elif move["move"] == "withdraw":
            move["steps"].append("approval")
    return write_toml(pack)


def _visa(name: str, **outcomes: str) -> dict[str, Any]:
    return {
        "id": name,
        "title": {"kk": "Бөлім басшысының бұрыштамасы", "ru": "Виза руководителя отдела"},
        "act": "approve",
        "role": "department_head",
        "role_title": {"kk": "бөлім басшысы", "ru": "руководитель отдела"},
        "clause": "[test]",
        "term": {"value": 3, "unit": "hour"},
        "outcome": [
            {"id": outcome, "title": {"kk": outcome, "ru": outcome}, "effect": "forward", "next": target}
            for outcome, target in outcomes.items()
        ],
    }


def _end(name: str, act: str, role: str, effect: str, **more: str) -> dict[str, Any]:
    """A step of another kind of service, at which the case ends whatever was going on."""
    text = {"kk": name, "ru": name}
    told = {"heading": text} if more.get("produces") == "notice" else {}
    outcome = {"id": name, "title": text, "effect": effect, "next": "end", **more, **told}
    return {**_visa(name), "act": act, "role": role, "outcome": [outcome]}


def _outcome(step: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(item for item in step["outcome"] if item["id"] == name)
    return found
