"""A regulation nobody ships with every kind of service and operation, short: each act of the office, each channel.

Made of the shipped act's own tables where it has them, so that texts, papers and requirements are as they are there.
"""

import tomllib
from typing import Any

from tests.regulation.randomised import write_toml

Table = dict[str, Any]


def many_pack(text: str) -> str:
    """Return a pack with ``medical`` (issue with a hearing, reissue, duplicate), ``attestation`` and ``attachment``."""
    pack = tomllib.loads(text)
    pack["id"], pack["version"] = "zz-many", "1"
    medical = pack["service"][0]
    issue = next(item for item in medical["operation"] if item["id"] == "issue")
    del medical["provision"]  # of steps that are not kept
    medical["operation"] = [_heard(issue), _again(issue, "reissue"), _again(issue, "duplicate")]
    pack["service"] = [medical, _attestation(issue), _attachment()]
    return write_toml(pack)


def _heard(issue: Table) -> Table:
    """The issue, in which the applicant is heard before he is refused."""
    steps = {step["id"]: step for step in issue["step"]}
    decision = steps["decision"]
    grant, refuse = (_outcome(decision, name) for name in ("grant", "refuse"))
    proposed = {
        **_way("proposed", "propose_refusal", "hearing"),
        "produces": "notice",
        "heading": _text("Тыңдау туралы хабарлама"),
        "body": _text("Алдын ала шешім бойынша тыңдауға шақырамыз"),
    }
    decision["outcome"] = [grant, proposed]
    hearing = _step("hearing", "hear", "executor", _way("heard", "forward", "after-hearing"))
    after = {**decision, "id": "after-hearing", "outcome": [grant, refuse]}
    place = issue["step"].index(steps["signature"])
    for move in issue["office_move"]:
        if move["move"] == "correct":
            move["steps"].append("hearing")
    issue["step"] = [*issue["step"][:place], hearing, after, *issue["step"][place:]]
    return issue


def _again(issue: Table, kind: str) -> Table:
    """A licence there is, re-issued or copied: registration, visa, decision, signature, hand-over."""
    kept = {name: issue[name] for name in ("channels", "total_term", "refusal_ground")}
    steps = {step["id"]: step for step in issue["step"]}
    decision = {**steps["decision"], "outcome": [dict(item) for item in steps["decision"]["outcome"]]}
    decision["outcome"] = [
        {**_way("grant", "grant", "signature"), "produces": "licence"},
        {**_way("refuse", "refuse", "signature"), "produces": "refusal"},
    ]
    visa = {**steps["visa"], "outcome": [{**steps["visa"]["outcome"][0], "next": "decision"}]}
    delivery = {**steps["delivery"], "outcome": [{**steps["delivery"]["outcome"][0], "next": "end"}]}
    return {
        "id": kind,
        "kind": kind,
        "title": _text(kind),
        **kept,
        "fee": {**issue["fee"], "share": "0.1", "cap": "4"} if kind == "reissue" else issue["fee"],
        "field": [
            {"id": "of", "title": _text("Лицензия нөмірі"), "kind": "licence", "clause": "4"},
            {"id": "since", "title": _text("Өзгеріс күні"), "kind": "date", "clause": "4", "required": False},
            {
                "id": "why",
                "title": _text("Негізі"),
                "kind": "choice",
                "clause": "4",
                "choice": [
                    {"id": "name", "title": _text("Атауы өзгерді")},
                    {"id": "lost", "title": _text("Жоғалды")},
                ],
            },
        ],
        "step": [steps["registration"], visa, decision, steps["signature"], delivery],
        "office_move": [
            {"move": "correct", "roles": ["clerk", "executor"], "steps": ["decision", "signature"]}
        ],
        "paper": [issue["paper"][0]],
    }


def _attestation(issue: Table) -> Table:
    """003 (attestation), item 5: counter, head, secretary, commission, secretary."""
    check = next(step for step in issue["step"] if step["id"] == "completeness")
    steps = [
        _step("in", "accept", "clerk", _way("in", "forward", "pass"), minutes=30),
        _step("pass", "assign", "head", _way("passed-on", "forward", "full")),
        _step(
            "full",
            "check",
            "commission_secretary",
            _way("full", "complete", "sitting"),
            {**_outcome(check, "incomplete")},
        ),
        _step(
            "sitting",
            "attest",
            "commission",
            {**_way("passed", "passed", "out"), "produces": "attestation"},
            {**_way("failed", "failed", "out"), "produces": "attestation"},
            recorded_by="commission_secretary",
        ),
        _step("out", "deliver", "commission_secretary", _way("given", "delivered", "end")),
    ]
    return {
        "id": "attestation",
        "kind": "attestation",
        "title": _text("Аттестаттау"),
        "operation": [
            {
                "id": "attest",
                "kind": "attest",
                "title": _text("Аттестаттау"),
                "channels": ["office", "portal"],
                "step": steps,
                "office_move": [{"move": "correct", "roles": ["clerk"], "steps": ["full", "sitting"]}],
                "paper": [issue["paper"][0]],
            }
        ],
    }


def _attachment() -> Table:
    """002 (attachment), items 8 and 9: the organisation's employee, then the department's."""
    told = {"produces": "notice", "heading": _text("Хабарлама")}
    steps = [
        _step("log", "log_in", "applicant", _way("logged", "forward", "phc"), _way("not", "reject", "told")),
        _step(
            "phc",
            "resolve",
            "phc_employee",
            _way("sent", "accepted", "department"),
            {**_way("declined", "declined", "told"), **told},
        ),
        _step(
            "department",
            "resolve",
            "department_employee",
            {**_way("attached", "accepted", "told"), **told, "body": _text("Тіркелдіңіз")},
            {**_way("refused", "declined", "told"), **told},
        ),
        _step("told", "notify", "system", _way("was-told", "told", "end")),
    ]
    return {
        "id": "attachment",
        "kind": "attachment",
        "title": _text("Тіркеу"),
        "operation": [
            {
                "id": "attach",
                "kind": "attach",
                "title": _text("Тіркеу"),
                "channels": ["portal"],
                "step": steps,
                "office_move": [{"move": "correct", "roles": ["clerk"], "steps": ["phc", "department"]}],
                "field": [{"id": "org", "title": _text("Ұйым"), "kind": "text", "clause": "7"}],
            }
        ],
    }


def _step(name: str, act: str, role: str, *outcomes: Table, minutes: int = 60, **more: Any) -> Table:
    return {
        "id": name,
        "title": _text(name),
        "act": act,
        "role": role,
        "clause": "[test]",
        "term": {"value": minutes, "unit": "minute"},
        **more,
        "outcome": list(outcomes),
    }


def _way(name: str, effect: str, target: str) -> Table:
    return {"id": name, "title": _text(name), "effect": effect, "next": target}


def _text(words: str) -> Table:
    return {"kk": words, "ru": words}


def _outcome(step: Table, name: str) -> Table:
    found: Table = next(item for item in step["outcome"] if item["id"] == name)
    return found
