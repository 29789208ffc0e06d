"""What signing does on its lanes: bytes and facts on the store's, keys and authorities on the token's.

Nothing here knows Qt, and no transaction is open while a human types a PIN or a token works. The PIN is handed in,
used for one opening of the key and wiped; it is in no field, no setting and no log.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from desktop.cases.signing import Prepared, SignerSeen
from desktop.errors import NotAllowed, Unavailable
from desktop.queries.rows import SigningRules
from desktop.regulation.model import Text
from desktop.regulation.stated import stated

FILE, TOKEN, NCALAYER = "file", "token", "ncalayer"
LAST_TRY = "token-pin-final-try"


@dataclass(frozen=True, slots=True)
class Key:
    """Where the key is: a PKCS#12 file, a token by its serial number behind a PKCS#11 module, or NCALayer.

    ``certificate`` (DER) is whose NCALayer is to sign as: what the person chose there last, b"" before.
    """

    kind: str
    path: str = ""
    module: str = ""
    token: str = ""
    label: str = ""
    has_pin_pad: bool = False
    address: str = ""
    trusted: str = ""
    certificate: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class SignerFacts:
    """What the token lane needs to know; read on the store lane just before."""

    iin: str
    bin: str
    at: datetime  # the office's moment of signing
    trust_roots: tuple[str, ...]
    demo_roots: tuple[str, ...]
    rules: SigningRules = field(default_factory=SigningRules)
    language: str = "ru"


@dataclass(frozen=True, slots=True)
class Proved:
    """A key of which it is known before its PIN who owns it; ``checked`` None: only once it is open."""

    key: Key
    checked: Any = None  # eds.signing_checks.Checked


@dataclass(frozen=True, slots=True)
class Made:
    """A signed paper on its way to be stored, and what is known of the certificate's revocation."""

    pdf: bytes = field(repr=False)
    checked: Any = None


def prepare(store, actor, *, case_id: int, seen_version: int, draw) -> Prepared:
    """Run the command; imported where it runs."""
    from desktop.cases import signing
    from desktop.ui import code_key

    return signing.prepare(
        store, actor, case_id=case_id, seen_version=seen_version, draw=draw, coder=code_key.at_hand()
    )


def gather(store, actor, *, case_id: int, seen_version: int, draw) -> tuple[Prepared, SignerFacts]:
    """Prepare the bytes and read who may sign them by which roots."""
    prepared = prepare(store, actor, case_id=case_id, seen_version=seen_version, draw=draw)
    return prepared, signer_facts(store, actor)


def signer_facts(store, actor) -> SignerFacts:
    """Read who ``actor`` is to a key, and which roots the office trusts."""
    from zoneinfo import ZoneInfo

    from desktop.queries import office

    people = office.people(store, actor)
    iin = next((person.iin for person in people if person.person_id == actor.person_id), "")
    facts, roots = office.office(store), office.trust_roots(store, actor)
    return SignerFacts(
        iin=iin,
        bin=facts.bin,
        at=store.now().astimezone(ZoneInfo(facts.time_zone)),
        trust_roots=tuple(root.pem for root in roots if not root.is_demo),
        demo_roots=tuple(root.pem for root in roots if root.is_demo),
        rules=facts.signing,
    )


def check_and_sign(
    *,
    prepared: Prepared,
    signer: SignerFacts,
    key: Key,
    pin: Any,
    last_try: bool = False,
    checked: Any = None,
) -> Made:
    """Open the key, check its certificate, sign: the work of the token lane. ``pin``: a ``Pin``, or None."""
    with open_key(key, pin=pin, signer=signer, last_try=last_try, checked=checked) as (hand, seen):
        return Made(hand.sign(prepared.pdf, at=signer.at, reason=reason_of(prepared)), seen)


@contextmanager
def open_key(
    key: Key,
    *,
    pin: Any,
    signer: SignerFacts,
    last_try: bool = False,
    checked: Any = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[Any, Any]]:
    """Open the key and prove its certificate; yield it as a ``Signer`` with what was found (``Checked``)."""
    from desktop.eds import signing_checks, tokens

    if key.kind == FILE:
        opened: Any = tokens.open_pkcs12(key.path, pin or "")
    elif key.kind == NCALAYER:
        if checked is None:
            raise NotAllowed("ncalayer-no-certificate")
        asking = replace(_asking(key, signer), cancelled=cancelled)
        opened = tokens.open_ncalayer(checked.info, asking)
    else:
        opened = tokens.open_pkcs11(key.module, token=key.token, pin=pin, final_try_accepted=last_try)
    with opened as hand:
        chain = hand.chain if key.kind != NCALAYER else roots_of(signer)
        seen = signing_checks.check(
            hand.info, chain=chain, expected=expected(signer), asking=_asker(signer), before=checked
        )
        if key.kind != NCALAYER:
            hand.extras = extras(signer, seen)
        yield hand, seen


def roots_of(signer: SignerFacts) -> tuple[bytes, ...]:
    """Return the authorities the office keeps, DER: among them are those that issue to people."""
    from desktop.eds.certificates import load

    return load((*signer.trust_roots, *signer.demo_roots))


def expected(signer: SignerFacts) -> Any:
    """Return whom a key must be of."""
    from desktop.eds.signing_checks import Expected

    return Expected(
        signer.iin,
        signer.bin,
        signer.at,
        signer.trust_roots,
        signer.demo_roots,
        silence_allowed=signer.rules.silence_allowed,
    )


def _asker(signer: SignerFacts) -> Any:
    from desktop.eds import fetching
    from desktop.eds.revocation_asking import asker

    return asker(fetch=fetching.http_fetch, ocsp_url=signer.rules.ocsp_address)


def extras(signer: SignerFacts, seen: Any) -> Any:
    """Return what the office's level takes; None for B-B, and for demo keys, of which nobody can be asked."""
    from desktop.eds import fetching, levels

    level = levels.Level(signer.rules.level)
    if level is levels.Level.B or seen.demo:
        return None
    return levels.Extras(
        level,
        fetching.http_fetch,
        fetching.stamp_fetch,
        signer.rules.stamp_address,
        signer.trust_roots,
        ocsp_url=signer.rules.ocsp_address,
    )


def check_key(*, key: Key, signer: SignerFacts) -> Proved:
    """Prove a key before its PIN is asked, as far as it can be seen without one."""
    if key.kind == TOKEN:
        return Proved(key, check_token(key=key, signer=signer))
    if key.kind == NCALAYER:
        return _check_ncalayer(key, signer)
    return Proved(key)


def _check_ncalayer(key: Key, signer: SignerFacts) -> Proved:
    """Check the certificate chosen in NCALayer last; where there is none, or it no longer serves, it asks anew."""
    from desktop.eds import certificates, ncalayer

    if key.certificate:
        try:
            return Proved(key, _proved(certificates.describe(key.certificate), roots_of(signer), signer))
        except NotAllowed:
            pass  # a new key was given out since: NCALayer is asked which
    info = ncalayer.ask_certificate(_asking(key, signer))
    return Proved(replace(key, certificate=info.der), _proved(info, roots_of(signer), signer))


def _proved(info: Any, chain: Any, signer: SignerFacts) -> Any:
    from desktop.eds import signing_checks

    return signing_checks.check(info, chain=chain, expected=expected(signer), asking=_asker(signer))


def _asking(key: Key, signer: SignerFacts) -> Any:
    from desktop.eds.ncalayer import ADDRESS, Asking

    return Asking(
        key.address or ADDRESS,
        key.trusted or None,
        roots=signer.trust_roots,
        storage=key.token,
        iin=signer.iin,
        bin=signer.bin,
        language=signer.language,
    )


def check_token(*, key: Key, signer: SignerFacts) -> Any:
    """Check a token's certificates before the PIN is asked; one good one is enough. Returns ``Checked``, or None.

    A token that shows nothing without its PIN passes: it is checked once it is open.
    """
    from desktop.eds import tokens

    present = tokens.certificates_on(key.module, key.token)
    issuers = tuple(info.der for info in present if not info.may_sign)
    refusals: list[NotAllowed | Unavailable] = []
    for info in present:
        if not info.may_sign and len(issuers) < len(present):
            continue  # what authorities left beside it is nobody's to sign with
        try:
            return _proved(info, (*issuers, *roots_of(signer)), signer)
        except (NotAllowed, Unavailable) as refusal:
            refusals.append(refusal)
    for refusal in refusals:
        if refusal.code != "certificate-untrusted":  # its issuers may be readable only once it is open
            raise refusal
    return None


def tokens_present(*, module: str) -> tuple[Key, ...]:
    """Return the tokens in the readers; ``module`` is the setting, "" looks in the usual places.

    A module that fails is told of only where no other shows a token. Unavailable "token-no-module",
    "token-module-missing" (the setting's), or what ``tokens.list_tokens`` says.
    """
    from desktop.eds import tokens

    found: list[Key] = []
    present = tokens.list_modules((module,) if module else ())
    troubles = [] if present else [Unavailable("token-no-module")]
    if module and Path(module) not in present:
        troubles.insert(0, Unavailable("token-module-missing", module=module))
    for path in present:
        try:
            seen = tokens.list_tokens(path)
        except Unavailable as error:
            troubles.append(error)
            continue
        found += [
            Key(TOKEN, module=str(path), token=token.serial or token.label, label=token.label,
                has_pin_pad=token.has_pin_pad)
            for token in seen
        ]  # fmt: skip
    if troubles and not found:
        raise troubles[0]
    return tuple(found)


def record(store, actor, *, signer: SignerFacts, signed: Made, **facts: Any) -> None:
    """Verify what came back and keep it, on the store lane."""
    from desktop.cases import signing

    signing.record(store, actor, verify=verifier(store, signer, signed), signed=signed.pdf, **facts)


def verifier(store: Any, signer: SignerFacts, made: Made) -> Callable[[bytes], SignerSeen]:
    """Return what judges a signature before it is kept, of a paper and of a checkpoint alike."""
    from desktop.eds import pdf_signature

    def verify(pdf: bytes) -> SignerSeen:
        verdict = pdf_signature.verify(
            pdf, trust_roots=signer.trust_roots, demo_roots=signer.demo_roots, at=_now(store, signer)
        )
        last = next((one for one in verdict.signatures if not one.is_timestamp), None)
        return SignerSeen(
            iin=last.iin if last else "",
            certificate_sha256=last.certificate_sha256 if last else "",
            valid=verdict.valid and verdict.unchanged and _is_one(verdict.signatures),
            not_before=last.certificate_not_before if last else None,
            not_after=last.certificate_not_after if last else None,
            why=verdict.reason.value,
            revocation=made.checked.note if made.checked else "",
            revocation_known=made.checked is None or made.checked.known,
        )

    return verify


def _now(store: Any, signer: SignerFacts) -> datetime:
    """Return when it is verified: a long list, or a slow user of NCALayer, takes longer than clocks may differ."""
    return max(store.now(), signer.at)


def _is_one(signatures: tuple[Any, ...]) -> bool:
    """Whether one person signed; time stamps behind it are nobody's signatures."""
    return [one.is_timestamp for one in signatures] == [False] + [True] * (len(signatures) - 1)


def reason_of(prepared: Prepared) -> Text:
    """Return what the signature itself states, in both state languages."""
    return stated("signature", "result", number=prepared.number)
