"""Every way a token lets one down, with an RSA and with an EC key: its word, its state, and the next try that signs.

SoftHSM2 counts no wrong PINs and is never pulled out by a driver, so a shim stands between the program and its objects
and plays them. It is one of Python's objects and not a library of its own: the ordinary run may not assume a compiler,
and what is tried is what the program makes of the module's answers, which reach it as python-pkcs11's exceptions.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from cryptography import x509
from pkcs11 import TokenFlag

from desktop.eds import tokens_pkcs11
from desktop.eds.demo_ca import DemoKey, DemoPerson
from desktop.eds.pdf_signature import verify
from desktop.eds.pin import Pin
from desktop.eds.revocation_asking import asker
from desktop.eds.signing import Failed, Signed, ToSign, sign_batch
from desktop.eds.signing_checks import Expected, check
from desktop.eds.tokens import certificates_on, open_pkcs11
from desktop.errors import NotAllowed, Told, Unavailable
from desktop.ui import signing_work
from tests.eds.authority import RealAuthority
from tests.eds.people import AT, BIN, HEAD, IIN, VALID_FROM, Keys
from tests.token_place import MODULE, PIN, Place, token_place

TRIES = 3


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    with token_place(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture(params=["rsa", "ec"], scope="module")
def key(request: pytest.FixtureRequest, keys: Keys) -> DemoKey:
    if request.param == "rsa":
        return keys.head
    return keys.authority.issue(HEAD, valid_from=VALID_FROM, elliptic=True)


@pytest.fixture
def token(place: Place, key: DemoKey) -> str:
    return place.add(key, "head")


class Shim:
    """A token that counts wrong PINs and can be taken away by its driver at any moment."""

    def __init__(self, real: Any) -> None:
        self.real = real
        self.wrong = 0
        self.fails_with: type[Exception] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    @property
    def flags(self) -> TokenFlag:
        found = self.real.flags
        if self.wrong:
            found |= TokenFlag.USER_PIN_COUNT_LOW
        if self.wrong == TRIES - 1:
            found |= TokenFlag.USER_PIN_FINAL_TRY
        return found | TokenFlag.USER_PIN_LOCKED if self.wrong >= TRIES else found

    def open(self, **given: Any) -> Any:
        if self.wrong >= TRIES:
            raise pkcs11.PinLocked
        try:
            session = self.real.open(**given)
        except pkcs11.PinIncorrect:
            self.wrong += 1
            raise
        self.wrong = 0
        return session


@pytest.fixture
def shim(token: str, monkeypatch: pytest.MonkeyPatch) -> Shim:
    really = tokens_pkcs11._chosen
    held: list[Shim] = []

    def chosen(module: Any, wanted: str) -> Any:
        real = really(module, wanted)
        if held:
            held[0].real = real  # after a failure the module was begun anew
        else:
            held.append(Shim(real))
        return held[0]

    monkeypatch.setattr(tokens_pkcs11, "_chosen", chosen)
    chosen(MODULE, token)
    return held[0]


def tried(token: str, page: bytes, pin: str = PIN, **more: Any) -> Told | None:
    try:
        with open_pkcs11(MODULE, token=token, pin=Pin(pin), **more) as signer:
            (result,) = sign_batch(signer, [ToSign(page)], at=AT)
    except Told as told:
        return told
    return result.error if isinstance(result, Failed) else None


def test_pins_are_counted_down_to_the_lock(shim: Shim, token: str, page: bytes) -> None:
    for left in (2, 1):
        told = tried(token, page, "00000000")
        assert isinstance(told, NotAllowed)
        assert told.code == "token-pin-wrong"
        assert TRIES - shim.wrong == left
    last = tried(token, page, "00000000")
    assert last is not None
    assert last.code == "token-pin-final-try"
    assert shim.wrong == 2, "the token was not asked"
    again = tried(token, page, "00000000", final_try_accepted=True)
    assert again is not None
    assert again.code == "token-pin-wrong"
    locked = tried(token, page, final_try_accepted=True)
    assert locked is not None
    assert locked.code == "token-pin-locked"


def test_the_last_try_with_the_right_pin_gives_all_of_them_back(shim: Shim, token: str, page: bytes) -> None:
    shim.wrong = 2
    assert tried(token, page, final_try_accepted=True) is None
    assert shim.wrong == 0


@pytest.mark.parametrize(
    "raised",
    [pkcs11.DeviceRemoved, pkcs11.TokenNotPresent, pkcs11.DeviceError, pkcs11.SessionHandleInvalid],
)
@pytest.mark.parametrize("after", [0, 1])
def test_taken_away_by_its_driver(
    raised: type[Exception], after: int, token: str, page: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = tokens_pkcs11._token_signature

    def signature(*given: Any) -> Any:
        raw, done = really(*given), []

        def sign(data: bytes, digest: str) -> bytes:
            if len(done) == after:
                with tokens_pkcs11._explained(MODULE):
                    raise raised
            done.append(1)
            return raw(data, digest)

        return sign

    with monkeypatch.context() as here:
        here.setattr(tokens_pkcs11, "_token_signature", signature)
        with open_pkcs11(MODULE, token=token, pin=Pin(PIN)) as signer:
            results = sign_batch(signer, [ToSign(page)] * 3, at=AT)
    told = [item.error for item in results if isinstance(item, Failed)]
    assert [isinstance(item, Signed) for item in results] == [True] * after + [False] * (3 - after)
    assert {error.code for error in told} == {"token-removed"}
    assert all(isinstance(error, Unavailable) for error in told)
    assert tried(token, page) is None


@pytest.mark.parametrize(
    ("person", "start", "code"),
    [
        (HEAD, -400, "certificate-expired"),
        (HEAD, 365, "certificate-not-yet-valid"),
        (DemoPerson("БӨТЕН БІРЕУ", "850505300120", "", "x", BIN), 0, "certificate-foreign"),
        (DemoPerson(HEAD.surname_name, IIN, "", "x", "000140001239"), 0, "certificate-wrong-organisation"),
        (DemoPerson(HEAD.surname_name, IIN, "", "x", BIN, ()), 0, "certificate-no-role"),
    ],
)
@pytest.mark.parametrize("elliptic", [False, True])
def test_what_the_certificate_is_wrong_in_is_known_before_the_pin(
    person: DemoPerson, start: int, code: str, elliptic: bool, place: Place, keys: Keys
) -> None:
    from datetime import timedelta

    chosen = keys.authority.issue(person, valid_from=VALID_FROM + timedelta(days=start), elliptic=elliptic)
    place.add(chosen, "head")
    (info,) = [one for one in certificates_on(MODULE, "head") if one.may_sign]
    expected = Expected(IIN, BIN, AT, (), (keys.authority.root_pem,))
    with pytest.raises(NotAllowed) as told:
        check(info, chain=chosen.chain_der, expected=expected, asking=asker())
    assert told.value.code == code


def test_a_token_without_its_key_and_a_wrong_module(
    place: Place, key: DemoKey, page: bytes, tmp_path: Path
) -> None:
    place.add(key, "head")
    with pkcs11.lib(str(MODULE)).get_token(token_label="head").open(rw=True, user_pin=PIN) as session:
        for item in session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY}):
            item.destroy()
    told = tried("head", page)
    assert told is not None
    assert told.code == "token-no-key"
    text = tmp_path / "module.so"
    text.write_text("no library")
    with pytest.raises(Unavailable) as wrong, open_pkcs11(text, token="head", pin=Pin(PIN)):
        pass
    assert wrong.value.code == "token-module-broken"


@pytest.mark.parametrize("after", [1, 3])
def test_pulled_out_after_a_signature_that_one_is_kept(
    after: int, place: Place, token: str, page: bytes, root: str
) -> None:
    with open_pkcs11(MODULE, token=token, pin=Pin(PIN)) as signer:
        results = sign_batch(
            signer,
            [ToSign(page)] * 3,
            at=AT,
            progress=lambda number, _: place.pull_out() if number + 1 == after else None,
        )
    signed = [item for item in results if isinstance(item, Signed)]
    assert len(signed) == after
    assert all(verify(item.pdf, trust_roots=[root], at=AT).valid for item in signed)


@pytest.mark.parametrize("label", ["revoked", "head", "head-ec"])
def test_a_real_authority_is_asked_about_a_token_before_its_pin(
    label: str, authority: RealAuthority, place: Place
) -> None:
    """A revoked key on the token is known by its certificate alone; a good one goes on to the PIN."""
    own = x509.load_der_x509_certificate(authority.der(label))
    issuer = x509.load_der_x509_certificate(authority.der("ca"))
    place.add(DemoKey(authority.keys[label], own, (issuer,)), "head")
    signer = signing_work.SignerFacts(IIN, BIN, AT, (authority.pem("root"),), ())
    key = signing_work.Key(signing_work.TOKEN, module=str(MODULE), token="head")
    if label != "revoked":
        assert signing_work.check_token(key=key, signer=signer).note == "ocsp"
        return
    with pytest.raises(NotAllowed) as told:
        signing_work.check_token(key=key, signer=signer)
    assert told.value.code == "certificate-revoked"
