"""Who is asked whether a certificate is revoked, in which order, and which answers refuse; against a real responder."""

import contextlib
import http.server
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import ocsp as asn1_ocsp

from desktop.eds import ocsp
from desktop.eds.certificates import CertificateInfo, describe
from desktop.eds.fetching import Silent, http_fetch
from desktop.eds.list_cache import ListCache
from desktop.eds.revocation import standing
from desktop.eds.revocation_asking import ask, ask_chain, asker
from desktop.eds.verdict import NOT_ASKED, Source, Standing
from tests.eds.authority import REVOKED_AT, RealAuthority
from tests.eds.people import AT


def info(authority: RealAuthority, label: str) -> CertificateInfo:
    return describe(authority.der(label))


def about(authority: RealAuthority, label: str, **more: Any) -> Any:
    more.setdefault("fetch", http_fetch)
    return ask(info(authority, label), info(authority, "ca"), at=more.pop("at", AT), **more)


def test_the_responder_is_asked_first_and_its_word_is_told(authority: RealAuthority) -> None:
    authority.asked.clear()
    told = about(authority, "head")
    assert (told.standing, told.source, told.at, told.why) == (Standing.GOOD, Source.OCSP, AT, "")
    assert told.until == AT + timedelta(minutes=10)
    assert authority.asked == ["ocsp"]
    told = about(authority, "revoked")
    assert (told.standing, told.source, told.since) == (Standing.REVOKED, Source.OCSP, REVOKED_AT)
    assert told.why == "key_compromise"


def test_silence_asks_the_list(authority: RealAuthority) -> None:
    with authority.silenced("ocsp"):
        told = about(authority, "head")
        assert (told.standing, told.source) == (Standing.GOOD, Source.CRL)
        assert told.at is not None
        assert told.at <= AT
        assert about(authority, "revoked").since == REVOKED_AT
    with authority.silenced("ocsp", "crls"):
        told = about(authority, "head")
        assert (told.standing, told.source, told.why) == (
            Standing.UNKNOWN,
            Source.NONE,
            "revocation-unreached",
        )
        assert not told.refused
        told = about(authority, "head", crls=[authority.crl()])
        assert (told.standing, told.source) == (Standing.GOOD, Source.CRL)


def test_nothing_is_asked_without_a_way_to_ask(authority: RealAuthority) -> None:
    authority.asked.clear()
    assert about(authority, "head", fetch=None) == NOT_ASKED
    assert about(authority, "unlisted").why == "revocation-no-address"
    assert about(authority, "unlisted", ocsp_url=authority.ocsp_url).standing is Standing.GOOD
    assert about(authority, "bare").source is Source.CRL
    assert authority.asked == ["ocsp", "crls"]


def _only_ocsp(change: Callable[[bytes], bytes]) -> Callable[[str, bytes], bytes]:
    return lambda service, content: change(content) if service == "ocsp" else content


def test_a_bad_answer_refuses_and_no_list_mends_it(authority: RealAuthority) -> None:
    for change, why in (
        (lambda content: b"<html>hello</html>", "ocsp-answer-unreadable"),
        (lambda content: b"", "ocsp-answer-unreadable"),
        (lambda content: content[:-100], "ocsp-answer-unreadable"),
        (lambda content: bytes(300_000), "ocsp-answer-unreadable"),
    ):
        with authority.spoiling(_only_ocsp(change)):
            told = about(authority, "head", crls=[authority.crl()])
        if len(change(b"x" * 200)) > ocsp.LARGEST_ANSWER:
            assert told.source is Source.CRL  # never read to its end: nobody answered
        else:
            assert (told.standing, told.refused, told.why) == (Standing.UNKNOWN, True, why)
    told = about(authority, "head", ocsp_url=authority.foreign_ocsp_url, crls=[authority.crl()])
    assert (told.refused, told.why) == (True, "ocsp-answer-by-nobody")


def test_every_changed_byte_of_the_signed_part_is_refused(authority: RealAuthority) -> None:
    head, ca = info(authority, "head"), info(authority, "ca")
    answer = http_fetch(authority.ocsp_url, ocsp.question(head, ca, b"n" * 16), 100_000, 5)
    assert ocsp.judge(answer, head, ca, at=AT, nonce=b"n" * 16).standing is Standing.GOOD
    basic = asn1_ocsp.OCSPResponse.load(answer)["response_bytes"]["response"].parsed
    start = answer.index(basic["tbs_response_data"].dump())
    for place in range(start, start + len(basic["tbs_response_data"].dump())):
        changed = bytearray(answer)
        changed[place] ^= 0x15
        told = ocsp.judge(bytes(changed), head, ca, at=AT, nonce=b"n" * 16)
        assert told.standing is Standing.UNKNOWN
        assert told.refused or told.why == "ocsp-no-answer"


def test_an_answer_about_another_an_old_one_and_a_repeated_one(authority: RealAuthority) -> None:
    head, ca, revoked = (info(authority, label) for label in ("head", "ca", "revoked"))
    answer = http_fetch(authority.ocsp_url, ocsp.question(head, ca, b"n" * 16), 100_000, 5)

    def why(certificate: CertificateInfo, **more: Any) -> tuple[bool, str]:
        told = ocsp.judge(answer, certificate, ca, **{"at": AT, **more})
        return told.refused, told.why

    assert why(revoked) == (True, "ocsp-answer-of-another")
    assert why(head, nonce=b"m" * 16) == (True, "ocsp-answer-repeated")
    assert why(head, at=AT + timedelta(minutes=21)) == (True, "ocsp-answer-old")
    assert why(head, at=AT - timedelta(minutes=11)) == (True, "ocsp-answer-old")
    assert why(head, at=AT + timedelta(minutes=19)) == (False, "")
    silent = http_fetch(authority.ocsp_url, ocsp.question(head, ca, b""), 100_000, 5)
    assert ocsp.judge(silent, head, ca, at=AT, nonce=b"n" * 16).standing is Standing.GOOD


def test_an_error_nobody_signed_is_silence(authority: RealAuthority) -> None:
    for status in ("try_later", "unauthorized", "internal_error"):
        body = asn1_ocsp.OCSPResponse({"response_status": status}).dump()
        with authority.spoiling(_only_ocsp(lambda _content, body=body: body)):
            assert about(authority, "head").source is Source.CRL
        with authority.spoiling(_only_ocsp(lambda _content, body=body: body)), authority.silenced("crls"):
            told = about(authority, "head")
        assert (told.standing, told.refused) == (Standing.UNKNOWN, False)


def test_lists_old_forged_and_of_others(authority: RealAuthority) -> None:
    head, ca, root = (info(authority, label) for label in ("head", "ca", "root"))
    crl = authority.crl()
    assert standing(head, ca, crl, AT).standing is Standing.GOOD
    assert standing(head, ca, crl, AT + timedelta(days=4)).why == "revocation-list-old"
    assert standing(head, ca, crl, AT - timedelta(days=4)).why == "revocation-list-old"
    late = AT + timedelta(days=400)
    assert standing(info(authority, "revoked"), ca, crl, late).standing is Standing.REVOKED
    assert standing(head, root, crl, AT).why == "revocation-list-of-another"
    assert standing(info(authority, "unlisted"), ca, crl, AT).why == "revocation-list-of-another"
    assert standing(head, ca, authority.crl("authorities"), AT).why == "revocation-list-of-another"
    told = ask(head, ca, at=AT, crls=[authority.crl("authorities"), crl])
    assert told.standing is Standing.GOOD
    forged = bytearray(crl)
    forged[-1] ^= 1
    told = ask(head, ca, at=AT, crls=[bytes(forged), crl])
    assert (told.refused, told.why) == (True, "revocation-list-forged")


def test_a_bad_list_from_the_network_refuses(authority: RealAuthority) -> None:
    with authority.spoiling(lambda _service, _content: b"<html>captive portal</html>"):
        told = about(authority, "bare")
    assert (told.refused, told.why) == (True, "revocation-list-unreadable")
    with authority.spoiling(lambda _service, _content: authority.crl("authorities")):
        assert about(authority, "bare").refused


def test_a_list_is_kept_until_the_next_is_due(authority: RealAuthority, tmp_path: Path) -> None:
    cache = ListCache(tmp_path / "lists")
    authority.asked.clear()
    for _ in range(3):
        assert about(authority, "bare", cache=cache).standing is Standing.GOOD
    assert authority.asked == ["crls"]
    with authority.silenced("crls"):
        assert about(authority, "bare", cache=cache, fetch=None).standing is Standing.GOOD
        later = about(authority, "bare", cache=cache, at=AT + timedelta(days=4))
        assert (later.standing, later.why) == (Standing.UNKNOWN, "revocation-unreached")
    (kept,) = (tmp_path / "lists").iterdir()
    kept.write_bytes(kept.read_bytes()[:-1] + b"?")  # a spoiled file is fetched anew, not believed
    assert about(authority, "bare", cache=cache).standing is Standing.GOOD
    assert authority.asked[-1] == "crls"
    assert kept.read_bytes() == authority.crl()


def test_the_cache_is_bounded_and_a_broken_disk_is_no_trouble(tmp_path: Path) -> None:
    cache = ListCache(tmp_path / "lists")
    for number in range(40):
        cache.keep(f"http://example.test/{number}", b"x")
    assert len(list((tmp_path / "lists").iterdir())) == 32
    blocked = ListCache(tmp_path / "file")
    (tmp_path / "file").write_bytes(b"")
    blocked.keep("http://example.test/", b"x")
    assert blocked.kept("http://example.test/") == b""


def test_a_chain_is_as_good_as_its_issuer(authority: RealAuthority) -> None:
    chain = [info(authority, label) for label in ("head", "ca", "root")]
    asking = asker(fetch=http_fetch)
    assert ask_chain(chain, AT, asking).standing is Standing.GOOD
    with authority.silenced("crls"):  # of the issuing authority nobody tells: the signer's standing is known
        assert ask_chain(chain, AT, asking).standing is Standing.GOOD
    with authority.spoiling(lambda service, content: b"?" if service == "crls" else content):
        told = ask_chain(chain, AT, asking)
    assert (told.refused, told.why) == (True, "revocation-of-issuer")
    assert ask_chain(chain[:1], AT, asking) == NOT_ASKED


@contextmanager
def _server(answer: Callable[[http.server.BaseHTTPRequestHandler], None]) -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join(10)


def _silent(url: str, body: bytes | None = None, limit: int = 1000, timeout: float = 1.0) -> str:
    with pytest.raises(Silent) as told:
        http_fetch(url, body, limit, timeout)
    return told.value.code


def test_addresses_that_are_not_of_the_network_are_never_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x")
    for url in (
        secret.as_uri(),
        "ftp://127.0.0.1/x",
        "http:///x",
        "http://[",
        "/etc/passwd",
        "http://a b/",
        "",
    ):
        assert _silent(url) == "revocation-address-wrong"

    def elsewhere(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", secret.as_uri())
        handler.end_headers()

    with _server(elsewhere) as url:
        assert _silent(url) in ("revocation-address-wrong", "revocation-unreached")
        assert _silent(url, b"question") in ("revocation-address-wrong", "revocation-unreached")


def test_an_endless_a_slow_and_a_cut_answer_end(authority: RealAuthority) -> None:
    def endless(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        with contextlib.suppress(OSError):
            while True:
                handler.wfile.write(bytes(65536))

    def dripping(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(200):
                handler.wfile.write(b".")
                handler.wfile.flush()
                time.sleep(0.05)

    def cut(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        handler.wfile.write(b"half")

    for answer, code in (
        (endless, "revocation-too-large"),
        (dripping, "revocation-slow"),
        (cut, "revocation-unreached"),
    ):
        began = time.monotonic()
        with _server(answer) as url:
            assert _silent(url, timeout=0.5) == code
        assert time.monotonic() - began < 5
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert _silent(f"http://127.0.0.1:{closed.getsockname()[1]}/") == "revocation-unreached"
    with pytest.raises(Silent):
        http_fetch(authority.crl_url, None, 10, 5)
