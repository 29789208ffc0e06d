"""A batch of documents on a token: one PIN, one answer each, and a stop that repeats nothing."""

import gc
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.eds.pdf_signature import verify
from desktop.eds.pin import Pin
from desktop.eds.signing import Failed, Result, Signed, ToSign, sign_batch
from desktop.eds.tokens import Signer, open_pkcs11, open_pkcs12
from desktop.errors import NotAllowed
from tests.eds.people import AT, HEAD, PASSWORD, VALID_FROM, Keys
from tests.token_place import MODULE, PIN, Place, token_place


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    with token_place(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture(params=["rsa", "ec"])
def token(request: pytest.FixtureRequest, place: Place, keys: Keys) -> str:
    key = keys.head
    if request.param == "ec":
        key = keys.authority.issue(HEAD, valid_from=VALID_FROM, elliptic=True)
    return place.add(key, request.param)


def codes(results: list[Result]) -> list[tuple[str, bool]]:
    """What became of each: "" and True when it was signed."""
    return [(item.error.code, item.tried) if isinstance(item, Failed) else ("", True) for item in results]


def test_one_pin_signs_them_all_and_each_is_told_as_it_is_done(token: str, page: bytes, root: str) -> None:
    told: list[tuple[int, Result]] = []
    with open_pkcs11(MODULE, token=token, pin=Pin(PIN)) as signer:
        results = sign_batch(
            signer, [ToSign(page)] * 3, at=AT, progress=lambda place, result: told.append((place, result))
        )
        owner = signer.info.sha256
    assert told == list(enumerate(results))
    for result in results:
        assert isinstance(result, Signed)
        verdict = verify(result.pdf, trust_roots=[root], at=AT)
        assert verdict.valid
        assert verdict.certificate_sha256 == owner


def test_pulled_out_between_two_the_rest_is_not_tried_and_can_be_resumed(
    place: Place, token: str, page: bytes, root: str
) -> None:
    def pull(number: int, result: Result) -> None:
        if number == 0:
            place.pull_out()

    with open_pkcs11(MODULE, token=token, pin=Pin(PIN)) as signer:
        results = sign_batch(signer, [ToSign(page)] * 4, at=AT, progress=pull)
    assert codes(results) == [
        ("", True),
        ("token-removed", True),
        ("token-removed", False),
        ("token-removed", False),
    ]
    place.put_back()
    with open_pkcs11(MODULE, token=token, pin=Pin(PIN)) as signer:
        again = sign_batch(signer, [ToSign(page)] * 3, at=AT)
    assert all(
        isinstance(item, Signed) and verify(item.pdf, trust_roots=[root], at=AT).valid for item in again
    )


def test_stopped_between_two(token: str, page: bytes) -> None:
    done: list[int] = []
    with open_pkcs11(MODULE, token=token, pin=Pin(PIN)) as signer:
        results = sign_batch(
            signer,
            [ToSign(page)] * 3,
            at=AT,
            progress=lambda number, _: done.append(number),
            cancelled=lambda: len(done) == 2,
        )
    assert codes(results) == [("", True), ("", True), ("batch-stopped", False)]


def test_a_broken_paper_fails_alone(keystore: Path, page: bytes) -> None:
    with open_pkcs12(keystore, Pin(PASSWORD)) as signer:
        results = sign_batch(signer, [ToSign(page), ToSign(b"none"), ToSign(page)], at=AT)
    assert codes(results) == [("", True), ("pdf-broken", True), ("", True)]


def test_a_signer_that_is_closed_signs_nothing(keystore: Path, page: bytes) -> None:
    with open_pkcs12(keystore, Pin(PASSWORD)) as signer:
        kept: Signer = signer
    assert codes(sign_batch(kept, [ToSign(page)], at=AT)) == [("token-removed", True)]


class TestPin:
    def test_shows_itself_nowhere(self) -> None:
        pin = Pin("Секрет-1")
        assert "Секрет" not in f"{pin!r} {pin} {[pin]}"
        with pytest.raises(TypeError):
            pickle.dumps(pin)
        with pytest.raises(ValueError, match="latin"):
            pin.encode("latin-1")

    def test_its_letters_are_overwritten_in_place(self) -> None:
        pin = Pin("12345678")
        held = pin.encode()
        seen = memoryview(held)
        with pytest.raises(BufferError):
            pin.wipe()  # the zeros are written before the room is given back
        assert bytes(seen) == bytes(8)
        seen.release()
        pin.wipe()
        assert not pin

    @pytest.mark.parametrize("right", [True, False])
    def test_is_gone_when_the_key_was_opened_or_refused(
        self, right: bool, place: Place, keys: Keys, keystore: Path
    ) -> None:
        place.add(keys.head, "head")
        for typed, opening in (
            (PIN, lambda pin: open_pkcs11(MODULE, token="head", pin=pin)),
            (PASSWORD, lambda pin: open_pkcs12(keystore, pin)),
        ):
            pin = Pin(typed if right else "00000000")
            if right:
                with opening(pin):
                    assert not pin
            else:
                with pytest.raises(NotAllowed), opening(pin):
                    pass
            assert not pin

    def test_of_a_key_that_asks_every_time_is_kept_until_the_end(
        self, place: Place, keys: Keys, page: bytes
    ) -> None:
        place.add(keys.head, "each", always_authenticate=True)
        pin = Pin(PIN)
        with open_pkcs11(MODULE, token="each", pin=pin) as signer:
            assert pin
            assert codes(sign_batch(signer, [ToSign(page)] * 2, at=AT)) == [("", True)] * 2
        assert not pin

    def test_no_string_of_it_is_left_behind(self, keystore: Path, page: bytes) -> None:
        letters = ["Q", "werty", "12"]
        pin = Pin("".join(letters))
        with open_pkcs12(keystore, pin) as signer:
            sign_batch(signer, [ToSign(page)], at=AT)
        gc.collect()
        found = [
            thing
            for holder in gc.get_objects()
            if isinstance(holder, dict | list | tuple)
            for thing in (holder.values() if isinstance(holder, dict) else holder)
            if isinstance(thing, bytes | bytearray) and b"Qwerty12" in thing
        ]
        assert not found
