"""``ruqsat codes``: the trust list and the status list of an office."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.cases.code_keys import set_code_key
from desktop.commandline import main
from desktop.eds.codes import keys, status_list
from desktop.eds.codes.trust import split


def test_both_files_are_made_of_the_register(
    store, people, case_at, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    case_at("deliver")
    key, certificate = keys.make(
        name="Басқарма", bin="050140003412", valid_from=datetime(2018, 1, 1, tzinfo=UTC), life=keys.LIFE * 9
    )
    file = tmp_path / "codes.p12"
    keys.write_keystore(file, "secret-1", key, certificate)
    set_code_key(store, people.administrator, pem=certificate.pem)
    store.dispose()
    trusted, listed = tmp_path / "trust.pem", tmp_path / "status.kzs"
    assert main(["codes", "trust", "--database", sqlite_url, "--out", str(trusted)]) == 0
    _, known = split([trusted.read_bytes()])
    assert known.of(certificate.kid) == (certificate,)
    monkeypatch.setenv("CODE_PASSWORD", "secret-1")
    asked = ["codes", "status", "--database", sqlite_url, "--out", str(listed), "--key", str(file)]
    assert main([*asked, "--password-from", "CODE_PASSWORD"]) == 0
    told = status_list.read(listed.read_bytes(), known)
    assert told.valid
    assert [entry.state for entry in told.entries.values()] == [status_list.State.IN_FORCE]
    assert list(told.entries) == ["18000001"]

    other, strange = keys.make(name="Басқа", bin="1", valid_from=datetime(2018, 1, 1, tzinfo=UTC))
    keys.write_keystore(tmp_path / "other.p12", "secret-1", other, strange)
    asked[-1] = str(tmp_path / "other.p12")
    assert main([*asked, "--password-from", "CODE_PASSWORD"]) != 0
    capsys.readouterr()
