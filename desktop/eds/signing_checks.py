"""What is proved of a certificate before its PIN is asked: whose it is, by whom, in date, for what, and not revoked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from desktop.eds.certificates import CertificateInfo, Material, check_signer, load
from desktop.eds.revocation_asking import AskRevocation, ask_chain
from desktop.eds.verdict_parts import NOT_ASKED, RevocationSeen, Standing
from desktop.errors import NotAllowed, Unavailable


@dataclass(frozen=True, slots=True)
class Expected:
    """Who may sign here: the person signed in, for the department, by the office's roots, at the office's moment."""

    iin: str = field(repr=False)
    bin: str = field(repr=False)
    at: datetime
    trust_roots: tuple[Material, ...] = field(repr=False)
    demo_roots: tuple[Material, ...] = field(default=(), repr=False)
    silence_allowed: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """A certificate that may sign. ``revocation.standing`` is GOOD, or UNKNOWN where the office allows silence."""

    info: CertificateInfo
    revocation: RevocationSeen
    demo: bool = False  # the chain ends at a demo root, whose certificates nobody can be asked about

    @property
    def known(self) -> bool:
        """Whether somebody told that it is not revoked, or nobody has to."""
        return self.demo or self.revocation.standing is Standing.GOOD

    @property
    def note(self) -> str:
        """Return what the journal keeps with the signature: who told, or the code why nobody did."""
        if self.demo:
            return ""
        return self.revocation.source.value if self.known else self.revocation.why


def check(
    info: CertificateInfo,
    *,
    chain: Sequence[bytes],
    expected: Expected,
    asking: AskRevocation,
    before: Checked | None = None,
) -> Checked:
    """Check that ``info`` may sign; ``before``: what was found a moment ago, so that the authority is asked once.

    Codes of ``certificates.check_signer``, and NotAllowed "certificate-revoked" (owner, since),
    "revocation-answer-bad" (owner, why), Unavailable "revocation-unknown" (owner, why).
    """
    path = check_signer(
        info,
        chain=chain,
        trust_roots=(*expected.trust_roots, *expected.demo_roots),
        at=expected.at,
        iin=expected.iin,
        bin=expected.bin,
    )
    if path[-1].der in load(expected.demo_roots):
        return Checked(info, NOT_ASKED, demo=True)
    if before is not None and before.info.sha256 == info.sha256:
        return before
    told = ask_chain(path, expected.at, asking)
    if told.standing is Standing.REVOKED:
        raise NotAllowed("certificate-revoked", owner=info.name, since=told.since or expected.at)
    if told.refused:
        raise NotAllowed("revocation-answer-bad", owner=info.name, why=told.why)
    if told.standing is not Standing.GOOD and not expected.silence_allowed:
        raise Unavailable("revocation-unknown", owner=info.name, why=told.why)
    return Checked(info, told)
