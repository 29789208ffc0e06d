"""What stands between a person and his signature, step by step: looked at without a PIN, on the token's lane.

Nothing here signs but :func:`try_signature`, which is asked for and signs a page of its own that is kept nowhere.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop.errors import NotAllowed, Told, Unavailable
from desktop.ui.signing_work import FILE, NCALAYER, TOKEN, Key, SignerFacts, check_key, open_key

PASSED, WRONG, NOTE = "passed", "wrong", "note"


@dataclass(frozen=True, slots=True)
class Step:
    """``what``: module, token, pin, certificate, ncalayer, file; ``about`` names it; ``error`` says what is wrong."""

    what: str
    result: str
    about: str = ""
    error: Told | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Examined:
    """``keys``: what could be signed with, as found."""

    steps: tuple[Step, ...]
    keys: tuple[Key, ...] = ()


def examine(
    *, module: str, key_file: str, address: str, trusted: str, signer: SignerFacts | None
) -> Examined:
    """Look at every way of signing this computer has."""
    steps: list[Step] = []
    keys: list[Key] = []
    _modules(module, signer, steps, keys)
    _ncalayer(address, trusted, signer, steps, keys)
    if key_file:
        there = Path(key_file).is_file()
        error = None if there else Unavailable("keystore-missing", file=Path(key_file).name)
        steps.append(Step("file", PASSED if there else WRONG, Path(key_file).name, error))
        if there:
            keys.append(Key(FILE, path=key_file, label=Path(key_file).name))
    return Examined(tuple(steps), tuple(keys))


def _modules(module: str, signer: SignerFacts | None, steps: list[Step], keys: list[Key]) -> None:
    from desktop.eds import tokens

    present = tokens.list_modules((module,) if module else ())
    if module and Path(module) not in present:
        steps.append(Step("module", WRONG, module, Unavailable("token-module-missing", module=module)))
    if not present:
        steps.append(Step("module", NOTE, "", Unavailable("token-no-module")))
    for path in present:
        try:
            seen = tokens.list_tokens(path)
        except Told as error:
            steps.append(Step("module", WRONG, str(path), error))
            continue
        steps.append(Step("module", PASSED, str(path)))
        if not seen:
            steps.append(Step("token", NOTE, path.name, Unavailable("token-none")))
        for token in seen:
            key = Key(
                TOKEN, module=str(path), token=token.serial or token.label, label=token.label,
                has_pin_pad=token.has_pin_pad,
            )  # fmt: skip
            keys.append(key)
            steps.append(Step("token", PASSED, f"{token.label} · {token.serial}"))
            steps.append(_pin(token))
            steps.append(_certificate(key, signer))


def _pin(token: Any) -> Step:
    if token.pin_locked:
        return Step("pin", WRONG, token.label, NotAllowed("token-pin-locked", token=token.label))
    if token.pin_final_try:
        return Step("pin", WRONG, token.label, NotAllowed("token-pin-final-try", token=token.label))
    if token.pin_count_low:
        return Step("pin", NOTE, token.label, NotAllowed("token-pin-low", token=token.label))
    return Step("pin", PASSED, token.label)


def _certificate(key: Key, signer: SignerFacts | None) -> Step:
    from desktop.eds import tokens

    try:
        present = [info for info in tokens.certificates_on(key.module, key.token) if info.may_sign]
        if not present:
            return Step("certificate", NOTE, key.label, NotAllowed("token-certificate-hidden"))
        if signer is not None:
            check_key(key=key, signer=signer)
    except Told as error:
        return Step("certificate", WRONG, key.label, error)
    return Step("certificate", PASSED, present[0].name)


def _ncalayer(
    address: str, trusted: str, signer: SignerFacts | None, steps: list[Step], keys: list[Key]
) -> None:
    from desktop.eds import ncalayer

    asking = ncalayer.Asking(
        address or ncalayer.ADDRESS, trusted or None, roots=signer.trust_roots if signer else ()
    )
    try:
        seen = ncalayer.look(asking)
    except Told as error:
        result = NOTE if error.code == "ncalayer-not-running" else WRONG
        steps.append(Step("ncalayer", result, "", error))
        return
    steps.append(Step("ncalayer", PASSED, ", ".join((seen.version, *seen.tokens))))
    keys.append(Key(NCALAYER, label="NCALayer", address=address, trusted=trusted))


def try_signature(*, key: Key, pin: Any, signer: SignerFacts) -> str:
    """Sign a page of our own with all that stands before a real signature; return whose it is. Nothing is kept."""
    proved = check_key(key=key, signer=signer)
    with open_key(proved.key, pin=pin, signer=signer, checked=proved.checked) as (hand, _):
        hand.sign(_page(), at=signer.at, reason="")
        return str(hand.info.name)


def _page() -> bytes:
    """Return an empty page."""
    import io

    from pyhanko.pdf_utils.generic import DictionaryObject
    from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter

    writer = PdfFileWriter()
    stream = writer.add_object(_empty_stream())
    writer.insert_page(PageObject(contents=stream, media_box=(0, 0, 200, 200), resources=DictionaryObject()))
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def _empty_stream() -> Any:
    from pyhanko.pdf_utils.generic import StreamObject

    return StreamObject(stream_data=b"")
