"""Signing through NCALayer: what comes out, and every way it can let one down, each told apart."""

import base64
import json
import logging
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from websockets.sync.client import connect

from desktop.eds import ncalayer, ncalayer_link
from desktop.eds.certificates import CertificateInfo, describe
from desktop.eds.ncalayer import Asking, ask_certificate, look, open_ncalayer
from desktop.eds.pdf_embedding import signer_of
from desktop.eds.pdf_signature import verify
from desktop.eds.signing import Failed, Result, Signed, ToSign, sign_batch
from desktop.errors import NotAllowed, Told, Unavailable
from desktop.regulation.model import Text
from tests.eds.people import AT, BIN, HEAD, IIN, VALID_FROM, Keys
from tests.eds.standing_ncalayer import ONE_BY_ONE, Standing, signs_with, standing_ncalayer


@pytest.fixture
def standing(keys: Keys, tmp_path: Path) -> Iterator[Standing]:
    made = signs_with(keys.head, AT)
    with standing_ncalayer(tmp_path, made, keys.head.certificate_der) as server:
        yield server


@pytest.fixture
def asking(standing: Standing) -> Asking:
    return Asking(standing.address, standing.authority, iin=IIN, bin=BIN, seconds=20)


@pytest.fixture
def head(keys: Keys) -> CertificateInfo:
    return describe(keys.head.certificate_der)


def batch(head: CertificateInfo, asking: Asking, *pages: bytes) -> list[Result]:
    with open_ncalayer(head, asking) as signer:
        return sign_batch(signer, [ToSign(page, Text("қол", "подпись")) for page in pages], at=AT)


def told(head: CertificateInfo, asking: Asking, page: bytes) -> Told:
    with pytest.raises(Told) as caught, open_ncalayer(head, asking) as signer:
        signer.sign(page, at=AT, reason="")
    return caught.value


def test_a_batch_is_one_request_and_each_file_is_valid(
    standing: Standing, asking: Asking, head: CertificateInfo, page: bytes, root: str, tmp_path: Path
) -> None:
    results = batch(head, asking, page, page + b"\n", page)
    assert [type(result) for result in results] == [Signed] * 3
    (request,) = standing.asked
    args = request["args"]
    assert (request["module"], request["method"], args["format"]) == (ncalayer.BASICS, "sign", "cms")
    assert (args["signerParams"]["iin"], args["signerParams"]["bin"]) == (IIN, BIN)
    assert args["signingParams"] == {"decode": True, "encapsulate": False, "digested": False}
    for result in results:
        assert isinstance(result, Signed)
        verdict = verify(result.pdf, trust_roots=[root], at=AT)
        assert verdict.valid
        assert verdict.covers_whole_file
        assert (verdict.iin, verdict.bin, verdict.signed_at) == (IIN, BIN, AT)
        assert verdict.last is not None
        assert verdict.last.stated_reason == "қол / подпись"
        path = tmp_path / "signed.pdf"
        path.write_bytes(result.pdf)
        seen = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=True).stdout
        assert "Signature is Valid" in seen
        assert "adbe.pkcs7.detached" in seen
        assert "Total document signed" in seen


def test_the_kind_of_signature_is_named_in_the_verdict(
    asking: Asking, head: CertificateInfo, page: bytes, signed: bytes, root: str
) -> None:
    (result,) = batch(head, asking, page)
    assert isinstance(result, Signed)
    for pdf, kind in ((result.pdf, b"/adbe.pkcs7.detached"), (signed, b"/ETSI.CAdES.detached")):
        assert kind in pdf
        assert verify(pdf, trust_roots=[root], at=AT).valid


def test_a_key_of_a_curve_signs_too(keys: Keys, tmp_path: Path, page: bytes, root: str) -> None:
    key = keys.authority.issue(HEAD, valid_from=VALID_FROM, elliptic=True)
    with standing_ncalayer(tmp_path, signs_with(key, AT), key.certificate_der) as server:
        asking = Asking(server.address, server.authority, seconds=20)
        (result,) = batch(describe(key.certificate_der), asking, page)
    assert isinstance(result, Signed)
    assert verify(result.pdf, trust_roots=[root], at=AT).valid


@pytest.mark.parametrize("behave", ["old", "list", "with-certificate", "pem", "beats"])
def test_other_forms_of_an_answer(
    behave: str, standing: Standing, asking: Asking, head: CertificateInfo, page: bytes, root: str
) -> None:
    standing.behave = behave
    (result,) = batch(head, asking, page)
    assert isinstance(result, Signed)
    assert verify(result.pdf, trust_roots=[root], at=AT).valid


@pytest.mark.parametrize("code", ONE_BY_ONE)
def test_one_that_signs_no_lists_is_asked_document_by_document(
    code: str, standing: Standing, asking: Asking, head: CertificateInfo, page: bytes, root: str
) -> None:
    standing.behave = code
    results = batch(head, asking, page, page + b"\n", page)
    for result in results:
        assert isinstance(result, Signed)
        assert verify(result.pdf, trust_roots=[root], at=AT).valid
    assert [type(request["args"]["data"]) for request in standing.asked] == [list, str, str, str]


def test_one_document_is_asked_for_by_its_text(
    standing: Standing, asking: Asking, head: CertificateInfo, page: bytes
) -> None:
    """What signs no lists answers the first time: its person types the PIN once."""
    standing.behave = ONE_BY_ONE[0]
    assert isinstance(batch(head, asking, page)[0], Signed)
    assert len(standing.asked) == 1


def test_the_stand_in_speaks_as_it_is_described(standing: Standing, keys: Keys) -> None:
    """Spoken to as a client of others speaks: whatever comes first after a request is its answer."""
    context = ssl.create_default_context(cafile=str(standing.authority))

    def basics(data: object, **how: object) -> dict[str, object]:
        signing = {"decode": True, "encapsulate": False, "digested": False, "tsaProfile": {}} | how
        args = {"allowedStorages": None, "format": "cms", "data": data, "signingParams": signing}
        return {"module": ncalayer.BASICS, "method": "sign", "args": args | {"locale": "ru"}}

    with connect(standing.address, ssl=context, proxy=None) as wire:

        def ask(request: object) -> Any:
            wire.send(json.dumps(request))
            return json.loads(wire.recv(timeout=10))

        assert json.loads(wire.recv(timeout=10))["result"]["version"]
        wire.send("--heartbeat--")
        assert wire.recv(timeout=10) == "--heartbeat--"
        one = ask(basics("aGVsbG8="))
        assert one["status"] is True
        assert isinstance(one["body"]["result"], str)
        two = ask(basics(["aGVsbG8=", "aGk="]))
        assert [type(item) for item in two["body"]["result"]] == [str, str]
        assert ask(basics("aGVsbG8=", digested=True))["code"] == "INVALID_SIGNING_PARAMS"
        utils = {"module": ncalayer.UTILS}
        assert ask({**utils, "method": "getActiveTokens"}) == {
            "code": "200",
            "responseObject": ["AKKaztokenStore"],
        }
        told = ask({**utils, "method": "getKeyInfo", "args": ["PKCS12"]})["responseObject"]
        assert x509.load_pem_x509_certificate(told["pem"].encode()).serial_number == int(told["serialNumber"])
        made = ask(
            {**utils, "method": "createCAdESFromBase64", "args": ["PKCS12", "SIGNATURE", "aGk=", False]}
        )
        owner, _ = signer_of(base64.b64decode(made["responseObject"]))
        assert owner.der == keys.head.certificate_der
        assert ask({"module": "kz.none", "method": "x"}) == {
            "success": False,
            "errorCode": "MODULE_NOT_FOUND",
        }
        standing.behave = "cancel"
        assert ask(basics("aGVsbG8=")) == {"status": True, "body": {}}
        assert ask({**utils, "method": "getKeyInfo", "args": ["PKCS12"]})["message"] == "action.canceled"
        with pytest.raises(TimeoutError):
            wire.recv(timeout=0.2)  # and nothing else comes unasked


def test_an_older_one_is_asked_document_by_document(
    standing: Standing, asking: Asking, head: CertificateInfo, page: bytes
) -> None:
    standing.behave = "old"
    assert all(isinstance(result, Signed) for result in batch(head, asking, page, page))
    assert [request["method"] for request in standing.asked] == [
        "sign",
        "createCAdESFromBase64",
        "createCAdESFromBase64",
    ]


@pytest.mark.parametrize(
    ("behave", "code"),
    [
        ("cancel", "ncalayer-cancelled"),
        ("refuse", "ncalayer-refused"),
        ("no-module", "ncalayer-no-module"),
        ("slow", "ncalayer-slow"),
        ("hang-up", "ncalayer-gone"),
        ("not-json", "ncalayer-broken-answer"),
        ("deep", "ncalayer-broken-answer"),
        ("one-less", "ncalayer-broken-answer"),
        ("not-base64", "ncalayer-broken-answer"),
        ("number", "ncalayer-broken-answer"),
        ("not-cms", "ncalayer-broken-answer"),
        ("another-document", "signing-failed"),
    ],
)
def test_each_failure_is_told_apart(
    behave: str,
    code: str,
    standing: Standing,
    asking: Asking,
    head: CertificateInfo,
    page: bytes,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    standing.behave = behave
    hasty = replace(asking, seconds=0.3) if behave == "slow" else asking
    error = told(head, hasty, page)
    assert error.code == code
    assert isinstance(error, NotAllowed) == (code == "ncalayer-cancelled")
    assert IIN not in str(error)
    ours = [record.getMessage() for record in caplog.records if record.name != "websockets.server"]
    assert not any(IIN in line for line in ours)


def test_what_failed_in_a_batch_is_said_of_each(
    standing: Standing, asking: Asking, head: CertificateInfo, page: bytes
) -> None:
    standing.behave = "cancel"
    results = batch(head, asking, page, page, page)
    assert [(item.error.code, item.tried) for item in results if isinstance(item, Failed)] == [
        ("ncalayer-cancelled", True),
        ("ncalayer-cancelled", False),
        ("ncalayer-cancelled", False),
    ]


def test_a_broken_document_fails_alone(
    standing: Standing, asking: Asking, head: CertificateInfo, page: bytes
) -> None:
    results = batch(head, asking, b"no pdf", page)
    assert isinstance(results[0], Failed)
    assert results[0].error.code == "pdf-broken"
    assert isinstance(results[1], Signed)


def test_the_person_gives_up_while_it_waits(
    standing: Standing, asking: Asking, head: CertificateInfo, page: bytes
) -> None:
    standing.behave = "slow"
    error = told(head, replace(asking, cancelled=lambda: bool(standing.asked)), page)
    assert error.code == "ncalayer-cancelled"


def test_a_certificate_other_than_the_one_checked_is_not_taken(
    standing: Standing, asking: Asking, head: CertificateInfo, page: bytes, keys: Keys
) -> None:
    standing.make = signs_with(keys.foreign, AT)
    error = told(head, asking, page)
    assert isinstance(error, NotAllowed)
    assert error.code == "ncalayer-other-certificate"


def test_not_running_not_trusted_and_not_on_this_computer(
    standing: Standing, asking: Asking, head: CertificateInfo, page: bytes, tmp_path: Path
) -> None:
    other = tmp_path / "other.pem"
    other.write_text("nothing")
    for wrong, code in (
        (replace(asking, address="wss://127.0.0.1:9/"), "ncalayer-not-running"),
        (replace(asking, trusted=None), "ncalayer-untrusted"),
        (replace(asking, trusted=other), "ncalayer-trust-unreadable"),
        (replace(asking, trusted=tmp_path / "none.pem"), "ncalayer-trust-unreadable"),
        (replace(asking, address="wss://192.0.2.1:13579/"), "ncalayer-not-here"),
        (replace(asking, address="ws://127.0.0.1:13579/"), "ncalayer-not-here"),
        (replace(asking, address="wss://127.0.0.1.example:13579/"), "ncalayer-not-here"),
    ):
        error = told(head, wrong, page)
        assert isinstance(error, Unavailable)
        assert error.code == code, wrong
    assert not standing.asked


def test_something_else_on_its_port(standing: Standing, asking: Asking) -> None:
    standing.greeting = "[]"
    with pytest.raises(Unavailable) as caught:
        look(asking)
    assert caught.value.code == "ncalayer-broken-answer"


def test_the_older_tls_is_spoken_and_the_newer_where_there_is_no_other(
    standing: Standing, asking: Asking, tmp_path: Path
) -> None:
    assert look(asking).version == "1.4"
    assert standing.spoken == ["TLSv1.2"]
    (tmp_path / "newer").mkdir()
    newest = ssl.TLSVersion.TLSv1_3
    with standing_ncalayer(tmp_path / "newer", standing.make, standing.certificate, oldest=newest) as server:
        assert look(Asking(server.address, server.authority, seconds=20)).version == "1.4"
        assert server.spoken == ["TLSv1.3"]


def test_one_request_at_a_time(
    standing: Standing, asking: Asking, head: CertificateInfo, page: bytes
) -> None:
    with open_ncalayer(head, asking):
        assert told(head, asking, page).code == "ncalayer-busy"
    assert look(asking).version == "1.4"


def test_who_is_there_and_whose_certificate(
    standing: Standing, asking: Asking, head: CertificateInfo
) -> None:
    assert look(asking) == ncalayer.Seen("1.4", ("AKKaztokenStore",))
    for form in ("", "bare"):
        standing.behave = form
        assert ask_certificate(asking).sha256 == head.sha256
    standing.behave = "no-module"
    assert look(asking) == ncalayer.Seen("1.4")
    standing.behave = "cancel"
    with pytest.raises(NotAllowed) as caught:
        ask_certificate(asking)
    assert caught.value.code == "ncalayer-cancelled"


def test_a_slow_person_is_waited_for(
    standing: Standing, asking: Asking, head: CertificateInfo, page: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()
    make = standing.make

    def slowly(content: bytes) -> bytes:
        begun.wait(0.7)
        return make(content)

    standing.make = slowly
    monkeypatch.setattr(ncalayer_link, "_LOOK", 0.05)
    assert isinstance(batch(head, asking, page)[0], Signed)
