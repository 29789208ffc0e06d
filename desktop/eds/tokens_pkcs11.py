"""A key on a PKCS#11 token: found by its serial number or label, opened by one PIN for one batch."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pkcs11
from asn1crypto.algos import SignedDigestAlgorithm
from pkcs11 import PROTECTED_AUTH, Attribute, Mechanism, ObjectClass, TokenFlag
from pyhanko.sign.pkcs11 import select_pkcs11_signing_params

from desktop.eds.certificates import CertificateInfo, describe
from desktop.eds.pdf_signing import RawSign
from desktop.eds.pin import Pin, taken
from desktop.eds.signing import KeySigner
from desktop.errors import NotAllowed, Unavailable

_KNOWN_MODULES = {
    "linux": (
        "/usr/lib/libeTPkcs11.so",  # eToken
        "/usr/lib/libjcPKCS11-2.so",  # JaCarta
        "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so",
        "/usr/lib/opensc-pkcs11.so",
        "/usr/lib/softhsm/libsofthsm2.so",
    ),
    "win32": (
        r"C:\Windows\System32\eTPKCS11.dll",
        r"C:\Windows\System32\jcPKCS11-2.dll",
        r"C:\Windows\System32\opensc-pkcs11.dll",
        r"C:\Program Files\OpenSC Project\OpenSC\pkcs11\opensc-pkcs11.dll",
    ),
    "darwin": ("/Library/OpenSC/lib/opensc-pkcs11.so", "/usr/local/lib/libeTPkcs11.dylib"),
}


@dataclass(frozen=True, slots=True)
class TokenSeen:
    """A token in a slot, as read without a PIN."""

    label: str
    serial: str
    manufacturer: str
    model: str
    has_pin_pad: bool  # the PIN is typed on the device: hand in None
    pin_count_low: bool  # a wrong PIN was entered since the last right one
    pin_final_try: bool
    pin_locked: bool


def list_modules(extra: Iterable[Path | str] = ()) -> tuple[Path, ...]:
    """Return the PKCS#11 modules present: those of the setting ``extra`` first, then the known places."""
    known = _KNOWN_MODULES.get(sys.platform, ())
    found = [Path(item) for item in (*extra, *known) if Path(item).is_file()]
    return tuple(dict.fromkeys(found))


def list_tokens(module: Path | str) -> tuple[TokenSeen, ...]:
    """Return the tokens present in the slots of ``module``.

    Codes: Unavailable "token-module-missing", "token-module-broken", "token-failed".
    """
    with _explained(module):
        return tuple(_seen(token) for token in _tokens(module))


def certificates_on(module: Path | str, token: str) -> tuple[CertificateInfo, ...]:
    """Return the certificates of the token (by serial, else by label) that are readable without a PIN."""
    with _explained(module), _chosen(module, token).open() as session:
        return tuple(info for info, _ in _certificates(session))


@contextmanager
def open_pkcs11(
    module: Path | str,
    *,
    token: str,
    pin: str | Pin | None,
    certificate_sha256: str | None = None,
    final_try_accepted: bool = False,
) -> Iterator[KeySigner]:
    """Log in to ``token`` (its serial, else its label) and hold its key until the end of the block.

    ``pin`` None means it is typed on the device. The certificate is the one of ``certificate_sha256``, else
    the only one for signing. Before the PIN is used the token is asked how many tries are left: the last try
    needs ``final_try_accepted``. Codes: Unavailable "token-module-missing", "token-module-broken",
    "token-missing", "token-removed", "token-busy", "token-failed"; NotAllowed "token-ambiguous",
    "token-pin-empty", "token-pin-wrong", "token-pin-final-try", "token-pin-locked", "token-pin-expired", "token-no-pin-pad",
    "token-no-certificate", "token-many-certificates", "token-no-key". A Pin handed in is wiped.
    """
    given = None if pin is None else taken(pin)
    try:
        if given is not None and not given:
            raise NotAllowed("token-pin-empty")
        with _session(module, token, given, final_try_accepted) as session:
            with _explained(module):
                info, key_id, chain = _signing_certificate(session, certificate_sha256)
                signer = KeySigner(info, chain, _token_signature(module, session, info, key_id, given))
            yield signer
            signer.close()
    finally:
        if given is not None:
            given.wipe()


@contextmanager
def _session(module: Path | str, token: str, pin: Pin | None, final_try_accepted: bool) -> Iterator[Any]:
    with _explained(module):
        device = _chosen(module, token)
        _check_tries(device, final_try_accepted)
        session = device.open(user_pin=PROTECTED_AUTH if pin is None else pin)
    try:
        yield session
    finally:
        with suppress(pkcs11.PKCS11Error):  # a removed token has no session left to close
            session.close()


def _tokens(module: Path | str) -> list[Any]:
    """Return the initialised tokens present.

    A module that shows none, or was left confused by a removal, is started afresh and asked again: some see
    tokens inserted later only then. No PIN is involved.
    """
    if not os.path.isfile(module):
        raise Unavailable("token-module-missing", module=str(module))
    try:
        library = pkcs11.lib(str(module))
    except (pkcs11.PKCS11Error, AttributeError) as error:  # AttributeError: a library, but not of PKCS#11
        raise Unavailable("token-module-broken", module=str(module)) from error
    with suppress(pkcs11.PKCS11Error):
        if present := _present(library):
            return present
    library.reinitialize()
    return _present(library)


def _present(library: Any) -> list[Any]:
    tokens = []
    for slot in library.get_slots(token_present=True):
        with suppress(pkcs11.TokenNotPresent, pkcs11.TokenNotRecognised):
            tokens.append(slot.get_token())
    return [token for token in tokens if TokenFlag.TOKEN_INITIALIZED in token.flags]


def _seen(token: Any) -> TokenSeen:
    return TokenSeen(
        label=token.label,
        serial=_serial(token),
        manufacturer=token.manufacturer_id,
        model=token.model,
        has_pin_pad=TokenFlag.PROTECTED_AUTHENTICATION_PATH in token.flags,
        pin_count_low=TokenFlag.USER_PIN_COUNT_LOW in token.flags,
        pin_final_try=TokenFlag.USER_PIN_FINAL_TRY in token.flags,
        pin_locked=TokenFlag.USER_PIN_LOCKED in token.flags,
    )


def _serial(token: Any) -> str:
    return str(token.serial.decode("ascii", "replace")).strip()


def _chosen(module: Path | str, wanted: str) -> Any:
    present = _tokens(module)
    for matching in (
        [token for token in present if _serial(token) == wanted],
        [token for token in present if token.label == wanted.strip()],
    ):
        if len(matching) > 1:
            raise NotAllowed("token-ambiguous", token=wanted, count=len(matching))
        if matching:
            return matching[0]
    raise Unavailable("token-missing", token=wanted)


def _check_tries(token: Any, final_try_accepted: bool) -> None:
    if TokenFlag.USER_PIN_LOCKED in token.flags:
        raise NotAllowed("token-pin-locked", token=token.label)
    if TokenFlag.USER_PIN_FINAL_TRY in token.flags and not final_try_accepted:
        raise NotAllowed("token-pin-final-try", token=token.label)


def _certificates(session: Any) -> list[tuple[CertificateInfo, bytes]]:
    """Return the certificates the session sees, each with its CKA_ID."""
    found = []
    for item in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
        with suppress(NotAllowed):  # an object of another kind (WTLS, attribute certificate) is not ours
            found.append((describe(bytes(item[Attribute.VALUE])), bytes(item[Attribute.ID])))
    return found


def _signing_certificate(
    session: Any, sha256: str | None
) -> tuple[CertificateInfo, bytes, tuple[bytes, ...]]:
    present = _certificates(session)
    if sha256:
        matching = [item for item in present if item[0].sha256 == sha256.lower()]
    else:
        matching = [item for item in present if item[0].may_sign]
    if not matching:
        raise NotAllowed("token-no-certificate")
    if len(matching) > 1:
        raise NotAllowed("token-many-certificates", count=len(matching))
    info, key_id = matching[0]
    return info, key_id, tuple(item.der for item, _ in present if item.der != info.der)


def _token_signature(
    module: Path | str, session: Any, info: CertificateInfo, key_id: bytes, pin: Pin | None
) -> RawSign:
    wanted = {Attribute.CLASS: ObjectClass.PRIVATE_KEY}
    keys = list(session.get_objects({**wanted, Attribute.ID: key_id} if key_id else wanted))
    if len(keys) != 1:
        raise NotAllowed("token-no-key", owner=info.name)
    key = keys[0]
    # A key that wants its PIN before every signature is the one cause to keep the PIN while open.
    again = {}
    if _always_authenticates(key):
        again = {"pin": _ON_THE_DEVICE if pin is None else pin}
    elif pin is not None:
        pin.wipe()
    mechanisms = _mechanisms(session)

    def sign(data: bytes, digest: str) -> bytes:
        algorithm = "ecdsa" if info.algorithm == "ec" else "rsa"
        hashing = Mechanism[f"{'ECDSA' if algorithm == 'ecdsa' else digest.upper() + '_RSA_PKCS'}"]
        spec = select_pkcs11_signing_params(
            SignedDigestAlgorithm({"algorithm": f"{digest}_{algorithm}"}),
            digest,
            use_raw_mechanism=algorithm == "ecdsa" or hashing not in mechanisms,
            sign_kwargs=again,
        )
        prepared = spec.pre_sign_transform(data) if spec.pre_sign_transform else data
        with _explained(module):
            value = key.sign(prepared, **spec.sign_kwargs)
        return bytes(spec.post_sign_transform(value) if spec.post_sign_transform else value)

    return sign


_ON_THE_DEVICE = Pin("")
"""No letters: a token with a PIN pad takes that as "ask there" when a key wants its PIN again."""


def _mechanisms(session: Any) -> set[Any]:
    return set(session.token.slot.get_mechanisms())


def _always_authenticates(key: Any) -> bool:
    try:
        return bool(key[Attribute.ALWAYS_AUTHENTICATE])
    except pkcs11.PKCS11Error:  # older modules do not know the attribute
        return False


_PIN_CODES: Sequence[tuple[type[Exception], str]] = (
    (pkcs11.PinIncorrect, "token-pin-wrong"),
    (pkcs11.PinInvalid, "token-pin-wrong"),
    (pkcs11.PinLenRange, "token-pin-wrong"),
    (pkcs11.PinLocked, "token-pin-locked"),
    (pkcs11.PinExpired, "token-pin-expired"),
    (pkcs11.UserPinNotInitialized, "token-pin-locked"),
    (pkcs11.ArgumentsBad, "token-no-pin-pad"),
)
_REMOVED = (
    pkcs11.DeviceRemoved,
    pkcs11.TokenNotPresent,
    pkcs11.TokenNotRecognised,
    pkcs11.SlotIDInvalid,
    pkcs11.DeviceError,
    pkcs11.GeneralError,
    pkcs11.ObjectHandleInvalid,
    pkcs11.KeyHandleInvalid,
    pkcs11.SessionHandleInvalid,
    pkcs11.SessionClosed,
    pkcs11.UserNotLoggedIn,
)
_BUSY = (pkcs11.UserAlreadyLoggedIn, pkcs11.AnotherUserAlreadyLoggedIn, pkcs11.SessionCount)


@contextmanager
def _explained(module: Path | str) -> Iterator[None]:
    """Turn what the module raises into the codes of :func:`open_pkcs11`."""
    try:
        yield
    except pkcs11.PKCS11Error as error:
        _start_afresh(module)
        for kind, code in _PIN_CODES:
            if isinstance(error, kind):
                raise NotAllowed(code) from error
        if isinstance(error, _REMOVED):
            raise Unavailable("token-removed") from error
        if isinstance(error, _BUSY):
            raise Unavailable("token-busy") from error
        raise Unavailable("token-failed", reason=type(error).__name__, module=str(module)) from error


def _start_afresh(module: Path | str) -> None:
    """Drop every session of ``module``: after a failed login one is left open, after a removal all are dead."""
    with suppress(pkcs11.PKCS11Error):
        pkcs11.lib(str(module)).reinitialize()
