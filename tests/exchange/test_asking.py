"""Systems asked over HTTP(S): what they answer, and everything that goes wrong out there."""

import os
import stat
import time

import pytest

from desktop.errors import BadInput
from desktop.exchange.http_port import LARGEST_ANSWER, HttpPort, Unreached
from desktop.exchange.tokens import TokenFolder
from desktop.regulation.systems import (
    SYSTEMS,
    Connection,
    Heard,
    System,
    Way,
    asks_about,
    check_address,
)
from tests.exchange.other_side import (
    OtherSide,
    answers,
    drips,
    gives,
    hangs_up,
    is_slow,
    listening,
    tls_identity,
)

QUESTION = asks_about(System.GBD_UL, identifier="210440038887")


def port(side: OtherSide, *, pauses: list[float] | None = None, token: str = "", **facts) -> HttpPort:
    settings = {"timeout_seconds": 1, "attempts": 3, **facts}
    return HttpPort(
        Connection(System.GBD_UL, side.address, active=True, **settings),
        token=token,
        office_bin="050140003412",
        pause=(pauses if pauses is not None else []).append,
    )


def test_an_answer_is_told_with_its_evidence():
    with listening(OtherSide(answers(name_kk="«Ақ жайық» ЖШС", head="Жүнісов А."))) as side:
        answer = port(side, token="s3cret").ask(QUESTION)
    assert (answer.heard, answer.way, answer.number, answer.reason) == (Heard.ANSWERED, Way.HTTP, "42", "")
    assert answer.value("name_kk") == "«Ақ жайық» ЖШС"
    assert "Ақ жайық".encode() in answer.evidence
    asked, headers = side.heard[0]
    assert asked["question"] == {"identifier": "210440038887"}
    assert (asked["system"], asked["office"]) == ("gbd_ul", "050140003412")
    assert headers["Authorization"] == "Bearer s3cret"


def test_no_data_is_an_answer():
    with listening(OtherSide(answers("no_data", number=""))) as side:
        answer = port(side).ask(QUESTION)
    assert (answer.heard, answer.told, len(side.heard)) == (Heard.NO_DATA, (), 1)


def test_a_fault_that_passes_is_waited_out():
    pauses: list[float] = []
    with listening(OtherSide(gives(b"", 503), hangs_up, answers(head="А"))) as side:
        answer = port(side, pauses=pauses).ask(QUESTION)
    assert (answer.heard, len(side.heard), pauses) == (Heard.ANSWERED, 3, [0.5, 2.0])
    assert len({asked["id"] for asked, _ in side.heard}) == 1


@pytest.mark.parametrize(
    ("says", "reason", "tries"),
    [
        (gives(b"no", 500), "exchange-failing", 3),
        (gives(b"who are you", 401), "exchange-refused", 1),
        (gives(b"", 429), "exchange-refused", 3),
        (gives(b"", 302, Location="http://127.0.0.1:9/"), "exchange-refused", 1),
        (is_slow(1.5), "exchange-slow", 3),
        (drips, "exchange-slow", 3),
        (hangs_up, "exchange-cut-off", 3),
        (gives(b"<html>"), "exchange-garbled", 1),
        (gives(b"[]"), "exchange-garbled", 1),
        (gives(b"[" * 100_000), "exchange-garbled", 1),
        (gives(b'{"contract": "ruqsat-exchange/1", "id": "x", "result": "answered"}'), "exchange-garbled", 1),
        (answers("maybe"), "exchange-garbled", 1),
        (answers("answered"), "exchange-garbled", 1),
        (answers("answered", number="9" * 121, head="A"), "exchange-garbled", 1),
        (answers("answered", head="A" * 2001), "exchange-garbled", 1),
        (gives(b" " * (LARGEST_ANSWER + 1)), "exchange-too-large", 1),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_goes_wrong_out_there_is_said(says, reason, tries):
    began = time.monotonic()
    with listening(OtherSide(says)) as side:
        answer = port(side).ask(QUESTION)
    assert (answer.heard, answer.reason, len(side.heard)) == (Heard.UNREACHABLE, reason, tries)
    assert time.monotonic() - began < 8


def test_nobody_listens():
    with listening(OtherSide(answers())) as side:
        gone = port(side)
    assert gone.ask(QUESTION).reason == "exchange-down"


def test_tls_is_proved(tmp_path):
    tls, pem = tls_identity(tmp_path)
    other, other_pem = tls_identity(tmp_path, host="127.0.0.2")
    with listening(OtherSide(answers(head="А")), tls=tls) as side:
        assert port(side, authority_pem=pem, token="s").ask(QUESTION).heard is Heard.ANSWERED
        assert port(side, token="s").ask(QUESTION).reason == "exchange-certificate"
        assert port(side, authority_pem=other_pem).ask(QUESTION).reason == "exchange-certificate"
        assert len(side.heard) == 1, "nothing is said to whom is not proved"
    with listening(OtherSide(answers(head="А")), tls=other) as side:
        assert port(side, authority_pem=other_pem).ask(QUESTION).reason == "exchange-certificate", (
            "another host"
        )
    with listening(OtherSide(answers(head="А"))) as side:
        side.address = side.address.replace("http:", "https:")
        assert port(side).ask(QUESTION).reason == "exchange-tls"


def test_a_list_is_fetched_as_it_is():
    with listening(OtherSide(gives(b"\x30\x82"))) as side:
        assert port(side).fetch() == b"\x30\x82"
    with listening(OtherSide(gives(b"", 404))) as side, pytest.raises(Unreached):
        port(side).fetch()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "gbd",
        "ftp://x/",
        "file:///etc/passwd",
        "http://",
        "https://me:word@x/",
        "https://x/#a",
        "https://x:y/",
        "https://x/ y",
    ],
)
def test_addresses_that_are_none(address):
    with pytest.raises(BadInput, match="system-address-wrong"):
        check_address(address)


def test_a_token_never_goes_in_the_open():
    check_address("http://gbd.example/ask")
    check_address("http://localhost:80/ask", with_token=True)
    with pytest.raises(BadInput, match="system-address-open"):
        check_address("http://gbd.example/ask", with_token=True)


def test_tokens_lie_on_this_workstation_for_its_owner_alone(tmp_path):
    folder = TokenFolder(tmp_path / "tokens")
    assert (folder.read(System.RPN), folder.has(System.RPN)) == ("", False)
    folder.keep(System.RPN, " abc ")
    assert (folder.read(System.RPN), folder.has(System.RPN)) == ("abc", True)
    (file,) = (tmp_path / "tokens").iterdir()
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for wrong in ("a b", "қ", "a\nb", "a" * 9000):
        with pytest.raises(BadInput, match="exchange-token-wrong"):
            folder.keep(System.RPN, wrong)
    folder.keep(System.RPN, "")
    assert not folder.has(System.RPN)


def test_the_list_of_systems_is_closed():
    assert set(SYSTEMS) == set(System)
    with pytest.raises(KeyError):
        asks_about(System.RPN, receipt="1")
