"""A licence through its life, as somebody outside meets it: the same genuine code, verified after each decision."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from desktop.cases.application import IncomingFile
from desktop.cases.code_keys import set_code_key
from desktop.cases.licence_states import Decision, change_licence
from desktop.commandline import main
from desktop.eds.codes import keys
from desktop.eds.codes.papers import facts_of
from desktop.models import CaseDocument, Licence
from desktop.regulation.model import DocumentKind
from desktop.regulation.papers import from_json
from tests.clock import OFFICE_ZONE


class Office:
    """One licence of the register, and the files an office gives to whoever checks papers."""

    def __init__(self, store, people, case_at, clock, url: str, folder: Path) -> None:
        self.store, self.people, self.clock, self.url, self.folder = store, people, clock, url, folder
        case_id = case_at("licence")
        key, certificate = keys.make(
            name="Басқарма",
            bin="050140003412",
            valid_from=datetime(2018, 1, 1, tzinfo=UTC),
            life=keys.LIFE * 9,
        )
        self.key = folder / "codes.p12"
        keys.write_keystore(self.key, "secret-1", key, certificate)
        set_code_key(store, people.administrator, pem=certificate.pem)
        with store.reading() as session:
            licence = session.scalars(select(Licence).where(Licence.case_id == case_id)).one()
            page = from_json(DocumentKind.LICENCE, session.get_one(CaseDocument, licence.document_id).facts)
            self.licence_id, self.number = licence.id, licence.number
        signer = keys.open_keystore(self.key, "secret-1")
        self.code = folder / "code.txt"
        self.code.write_text(signer.sign(facts_of(DocumentKind.LICENCE, page)), encoding="ascii")
        self.scan = folder / "order.pdf"
        self.scan.write_bytes(b"%PDF-1.4\n%the order\n%%EOF\n")
        self.trust = folder / "trust"
        self.trust.mkdir()
        self.last = 0

    def today(self) -> date:
        return self.clock.moment.astimezone(OFFICE_ZONE).date()

    def decide(self, ground: str, decider: str, *, until: date | None = None) -> None:
        day = self.today()
        self.last = change_licence(
            self.store,
            self.people.department_head,
            licence_id=self.licence_id,
            seen_change=self.last,
            decision=Decision(ground, decider, day, "9-ө", day, until),
            files=[IncomingFile(self.scan)],
        )

    def verified(self, capsys) -> dict[str, Any]:
        """Publish both lists anew and verify the code with them and nothing else."""
        asked = ["--database", self.url, "--out"]
        assert main(["codes", "trust", *asked, str(self.trust / "codes.pem")]) == 0
        status = ["codes", "status", *asked, str(self.trust / "status.kzs"), "--key", str(self.key)]
        assert main([*status, "--password-from", "CODE_PASSWORD"]) == 0
        capsys.readouterr()
        told_by = main(["verify", str(self.code), "--trust", str(self.trust), "--json"])
        told = json.loads(capsys.readouterr().out)
        assert (told_by == 0) == told["valid"]
        return told

    def asked(self, capsys, day: date | None = None) -> tuple[int, dict[str, Any]]:
        """``ruqsat licence`` of a day."""
        words = ["licence", self.number, "--database", self.url, "--json"]
        code = main([*words, *(["--on", day.isoformat()] if day else [])])
        return code, json.loads(capsys.readouterr().out)["licences"][0]


@pytest.fixture
def office(store, people, case_at, clock, sqlite_url, tmp_path, monkeypatch) -> Office:
    monkeypatch.setenv("CODE_PASSWORD", "secret-1")
    return Office(store, people, case_at, clock, sqlite_url, tmp_path)


def test_suspended_resumed_terminated(office: Office, capsys) -> None:
    issued = office.today()
    told = office.verified(capsys)
    assert told["valid"], told
    office.clock.forward(days=30)

    suspended = office.today()
    office.decide("requirements-broken", "licensor", until=suspended + timedelta(days=90))
    told = office.verified(capsys)
    assert (told["valid"], told["reason"]) == (False, "code-suspended")
    assert any(suspended.isoformat() in str(one["value"]) for one in told["told"]), told["told"]
    assert main(["verify", str(office.code), "--trust", str(office.trust)]) == 1
    assert "suspended" in capsys.readouterr().out

    office.clock.forward(days=20)
    resumed = office.today()
    office.decide("violations-removed", "licensor")
    assert office.verified(capsys)["valid"]

    office.clock.forward(days=200)
    stopped = office.today()
    office.decide("licensee-asked", "licensee")
    told = office.verified(capsys)
    assert (told["valid"], told["reason"]) == (False, "code-stopped")

    for day, state, code in (
        (issued - timedelta(days=1), None, 1),
        (issued, "issued", 0),
        (suspended, "suspended", 1),
        (resumed - timedelta(days=1), "suspended", 1),
        (resumed, "resumed", 0),
        (stopped, "terminated", 1),
        (None, "terminated", 1),
    ):
        answer, licence = office.asked(capsys, day)
        assert (answer, licence["state"], licence["in_force"]) == (code, state, code == 0), day
    changes = office.asked(capsys)[1]["changes"]
    assert [one["state"] for one in changes] == ["suspended", "resumed", "terminated"]
    assert changes[0]["until"] == (suspended + timedelta(days=90)).isoformat()
    assert changes[0]["ground"]["ru"] == "Нарушение квалификационных требований"
    assert changes[0]["decision"] == "9-ө"


def test_asked_in_words_and_about_nothing(office: Office, capsys) -> None:
    office.decide("requirements-broken", "licensor", until=office.today())
    day = office.today().isoformat()
    assert main(["licence", office.number, "--database", office.url, "--on", day]) == 1
    told = capsys.readouterr().out
    assert told.startswith(f"{office.number} (001) {day}: suspended")
    assert "9-ө" in told
    assert main(["licence", "no-such", "--database", office.url]) == 2
    assert capsys.readouterr().out == ""
    with pytest.raises(SystemExit):
        main(["licence", office.number, "--database", office.url, "--on", "the third of March"])
    capsys.readouterr()
