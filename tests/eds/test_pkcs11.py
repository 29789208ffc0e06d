"""Signing with a real PKCS#11 token (SoftHSM2): the way through, and every way a token lets one down."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pkcs11
import pytest

from desktop.eds import demo_token, tokens_pkcs11
from desktop.eds.pdf_signature import verify
from desktop.eds.tokens import TokenSeen, certificates_on, list_modules, list_tokens, open_pkcs11
from desktop.errors import NotAllowed, Told, Unavailable
from tests.eds.people import AT, BIN, IIN, Keys
from tests.token_place import MODULE, PIN, Place, token_place


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    with token_place(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def token(place: Place, keys: Keys) -> str:
    return place.add(keys.head, "head")


def sign(page: bytes, token: str, **settings: object) -> bytes:
    with open_pkcs11(MODULE, token=token, **{"pin": PIN, **settings}) as signer:  # type: ignore[arg-type]
        return signer.sign(page, at=AT, reason="")


def refused(page: bytes, token: str, **settings: object) -> Told:
    with pytest.raises(Told) as told:
        sign(page, token, **settings)
    return told.value


def test_signs_by_label_and_by_serial(page: bytes, token: str, root: str) -> None:
    (seen,) = list_tokens(MODULE)
    assert isinstance(seen, TokenSeen)
    assert (seen.label, seen.has_pin_pad, seen.pin_locked) == ("head", False, False)
    for name in (seen.label, seen.serial):
        verdict = verify(sign(page, name), trust_roots=[root], at=AT)
        assert verdict.valid
        assert (verdict.iin, verdict.bin) == (IIN, BIN)
        assert len(verdict.issuers) == 2


def test_certificates_are_read_without_a_pin(token: str, keys: Keys, page: bytes) -> None:
    seen = certificates_on(MODULE, token)
    (mine,) = [info for info in seen if info.may_sign]
    assert mine.der == keys.head.certificate_der
    assert sign(page, token, certificate_sha256=mine.sha256.upper())


def test_one_login_signs_a_batch_even_when_the_key_asks_every_time(
    place: Place, keys: Keys, page: bytes, root: str
) -> None:
    place.add(keys.head, "each", always_authenticate=True)
    with open_pkcs11(MODULE, token="each", pin=PIN) as signer:
        batch = [signer.sign(page, at=AT, reason="") for _ in range(3)]
    assert all(verify(item, trust_roots=[root], at=AT).valid for item in batch)


def test_a_token_that_only_signs_ready_digests(
    page: bytes, token: str, root: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens_pkcs11, "_mechanisms", lambda session: {pkcs11.Mechanism.RSA_PKCS})
    assert verify(sign(page, token), trust_roots=[root], at=AT).valid


@pytest.mark.parametrize("pin", ["00000000", "1", "1" * 300, "пароль"])
def test_wrong_pin_is_tried_once(
    pin: str, page: bytes, token: str, root: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told = refused(page, token, pin=pin)
    assert isinstance(told, NotAllowed)
    assert told.code == "token-pin-wrong"
    assert not told.facts
    logging.getLogger("desktop").error("%s", told)
    assert pin == "1" or pin not in caplog.text
    assert PIN not in caplog.text
    assert IIN not in caplog.text
    assert verify(sign(page, token), trust_roots=[root], at=AT).valid


def test_no_pin_and_no_pin_pad(page: bytes, token: str) -> None:
    assert refused(page, token, pin="").code == "token-pin-empty"
    assert refused(page, token, pin=None).code == "token-no-pin-pad"


class _Flagged:
    """A token as PKCS#11 tells of it when tries run out (SoftHSM2 never locks)."""

    label = "head"

    def __init__(self, *flags: pkcs11.TokenFlag) -> None:
        self.flags = pkcs11.TokenFlag.TOKEN_INITIALIZED
        for flag in flags:
            self.flags |= flag

    def open(self, **_: object) -> None:
        raise pkcs11.PinLocked


def test_the_last_try_and_a_locked_pin(page: bytes, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    last = _Flagged(pkcs11.TokenFlag.USER_PIN_COUNT_LOW, pkcs11.TokenFlag.USER_PIN_FINAL_TRY)
    monkeypatch.setattr(tokens_pkcs11, "_chosen", lambda module, name: last)
    assert refused(page, token).code == "token-pin-final-try"
    assert refused(page, token, final_try_accepted=True).code == "token-pin-locked"
    monkeypatch.setattr(tokens_pkcs11, "_chosen", lambda m, n: _Flagged(pkcs11.TokenFlag.USER_PIN_LOCKED))
    assert refused(page, token, final_try_accepted=True).code == "token-pin-locked"


def test_removed_between_listing_and_signing(place: Place, page: bytes, token: str, root: str) -> None:
    (seen,) = list_tokens(MODULE)
    place.pull_out()
    told = refused(page, seen.serial)
    assert isinstance(told, Unavailable)
    assert told.code in ("token-missing", "token-removed")
    assert list_tokens(MODULE) == ()
    place.put_back()
    assert list_tokens(MODULE) == (seen,)
    assert verify(sign(page, seen.serial), trust_roots=[root], at=AT).valid


def test_removed_while_open_drops_the_session_for_good(
    place: Place, page: bytes, token: str, root: str
) -> None:
    with open_pkcs11(MODULE, token=token, pin=PIN) as signer:
        signer.sign(page, at=AT, reason="")
        place.pull_out()
        for again in (False, True):
            with pytest.raises(Unavailable) as told:
                signer.sign(page, at=AT, reason="")
            assert told.value.code == "token-removed"
            if not again:
                place.put_back()
    assert verify(sign(page, token), trust_roots=[root], at=AT).valid


def test_two_signing_certificates_must_be_told_apart(
    place: Place, keys: Keys, page: bytes, token: str
) -> None:
    demo_token.add_key(keys.foreign, module=MODULE, label=token, pin=PIN)
    told = refused(page, token)
    assert (told.code, told.facts) == ("token-many-certificates", {"count": 2})
    wanted = next(info for info in certificates_on(MODULE, token) if info.iin == IIN)
    assert verify(sign(page, token, certificate_sha256=wanted.sha256), at=AT).iin == IIN


@pytest.mark.parametrize(
    ("which", "code"),
    [
        ("expired", "certificate-expired"),
        ("not_yet_valid", "certificate-not-yet-valid"),
        ("authentication", "token-no-certificate"),
    ],
)
def test_a_key_that_may_not_sign_now(which: str, code: str, place: Place, keys: Keys, page: bytes) -> None:
    place.add(getattr(keys, which), "other")
    assert refused(page, "other").code == code


def test_empty_unknown_and_twice_named_tokens(place: Place, page: bytes) -> None:
    place.add(None, "empty")
    assert refused(page, "empty").code == "token-no-certificate"
    assert refused(page, "none").code == "token-missing"
    place.add(None, "empty")
    told = refused(page, "empty")
    assert (told.code, told.facts) == ("token-ambiguous", {"token": "empty", "count": 2})


def test_modules(tmp_path: Path) -> None:
    text = tmp_path / "module.so"
    text.write_text("not a library")
    assert list_modules([text, tmp_path / "none.so", text])[0] == text
    assert list_modules([text]).count(text) == 1
    for module, code in ((tmp_path / "none.so", "token-module-missing"), (text, "token-module-broken")):
        with pytest.raises(Unavailable) as told:
            list_tokens(module)
        assert told.value.code == code


def test_a_missing_softhsm_is_told(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "PATH", "/nonexistent")
    with pytest.raises(Unavailable) as told:
        place.add(None, "x")
    assert told.value.code == "softhsm-missing"
