"""Is a package what the law asks of it? Every condition is looked at, and each says what was found.

Nothing here writes, and nothing here knows the database: what must be known of the office is handed in. Who is asked
over the network takes its time: never on the GUI thread.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from desktop.cases.application import Application, IncomingFile, InventoryEntry
from desktop.cases.packages import PackageCame
from desktop.eds.algorithms import is_gost
from desktop.eds.certificates import CertificateInfo
from desktop.eds.cms_signature import CmsSeen, verify_detached
from desktop.eds.embedded_proofs import chain_by
from desktop.eds.fetching import Fetch, http_fetch
from desktop.eds.revocation_asking import ask, ask_chain
from desktop.eds.verdict import NOT_ASKED, Reason, RevocationSeen, Source, Standing
from desktop.errors import BadInput, NotAllowed
from desktop.exchange import identity
from desktop.exchange.container import Package
from desktop.exchange.http_port import HttpPort, Unreached
from desktop.exchange.request import Request
from desktop.regulation import fees
from desktop.regulation.model import CENTRES, Channel, Operation
from desktop.regulation.package_checks import Check, Found, Grounds, Verdict
from desktop.regulation.systems import Answer, Connection, Heard, Question, System, asks_about

PortOf = Callable[[Connection], HttpPort]

_BROKEN = frozenset(
    {
        Reason.DAMAGED,
        Reason.CHANGED,
        Reason.FORGED,
        Reason.TOO_MANY,
        Reason.NO_SIGNING_TIME,
        Reason.TIMESTAMP_BAD,
    }
)
_NOT_HERE = frozenset({Reason.ALGORITHM_UNSUPPORTED, Reason.HASH_NOT_HERE})
_CERTIFICATE = {
    Reason.NOT_YET_VALID: "package-certificate-out-of-date",
    Reason.EXPIRED: "package-certificate-out-of-date",
    Reason.NO_SIGNING_RIGHT: "package-certificate-not-for-signing",
    Reason.UNTRUSTED: "package-certificate-untrusted",
    Reason.NOT_ACCEPTED: "package-certificate-untrusted",
    Reason.IN_FUTURE: "package-signed-in-future",
}
_SLACK = timedelta(minutes=10)


def judge(package: Package, grounds: Grounds, port_of: PortOf, *, fetch: Fetch = http_fetch) -> PackageCame:
    """Return the package with its application and what every condition found.

    BadInput "package-channel-wrong" for a channel the operation is not offered in.
    """
    request = package.request
    if request.channel not in grounds.operation.channels or request.channel not in _SENDING:
        raise BadInput("package-channel-wrong", field="files", channel=request.channel.value)
    seen = verify_detached(
        package.request_bytes, package.signature, trust_roots=grounds.trust_roots, at=grounds.now
    )
    asking = _Asking(grounds, port_of, fetch)
    found = (
        *_signature(package, seen, grounds.now.tzinfo),
        _revocation(seen, asking, grounds.now),
        _identity(request, seen),
        _applicant(request, asking),
        _fee(request, grounds, asking),
        _papers(package, grounds.operation),
    )
    return PackageCame(
        package_id=request.package_id,
        path=package.path,
        application=application_of(package, grounds),
        found=found,
        sender=_sender(seen),
    )


_SENDING = frozenset({*CENTRES, Channel.PORTAL})


def application_of(package: Package, grounds: Grounds) -> Application:
    """Return the application as the form at the counter would hold it."""
    told, sent = package.request, {one.said.paper for one in package.files}
    lines = {line.paper: line for line in told.inventory}
    return Application(
        regulation_sha256=grounds.regulation_sha256,
        service=grounds.service.id,
        operation=grounds.operation.id,
        channel=told.channel,
        is_legal_entity=told.is_legal_entity,
        identifier=told.identifier,
        identifier_confirmed=False,
        holder_kk=told.name_kk,
        holder_ru=told.name_ru,
        holder_address=told.address,
        site=told.site,
        sub_types=told.sub_types,
        inventory=tuple(
            InventoryEntry(
                paper.id,
                brought=paper.id in sent,
                sheets=lines[paper.id].sheets if paper.id in lines and paper.id in sent else 0,
                expires_on=lines[paper.id].expires_on if paper.id in lines else None,
            )
            for paper in grounds.operation.papers
        ),
        consent=told.consent,
        phone=told.phone,
        email=told.email,
        representative=told.representative,
        representative_iin=told.representative_iin,
        power_of_attorney=told.power_of_attorney,
        outside_number=told.number,
        received_at=told.received_at or told.created_at,
        fee_receipt=told.receipt,
        fee_paid_on=told.paid_on,
        fee_tenge=told.tenge,
        kbk=told.kbk,
        knp=told.knp,
        details=told.details,
        licence_issued_on=told.licence_issued_on,
    )


def files_of(package: Package, operation: Operation) -> tuple[IncomingFile, ...]:
    """Return the files to be attached; one of no paper of the inventory is attached to none."""
    papers = {paper.id for paper in operation.papers}
    return tuple(
        IncomingFile(one.path, one.said.paper if one.said.paper in papers else None) for one in package.files
    )


class _Asking:
    """Asks the systems that are connected; None for one that is asked by hand."""

    def __init__(self, grounds: Grounds, port_of: PortOf, fetch: Fetch) -> None:
        self._grounds, self._port_of, self._fetch = grounds, port_of, fetch
        self._fetched: bytes | None = None

    def ask(self, question: Question) -> Answer | None:
        connection = self._grounds.connections.get(question.system)
        if connection is None or not connection.active:
            return None
        return self._port_of(connection).ask(question)

    def about(
        self, info: CertificateInfo, issuer: CertificateInfo, now: datetime
    ) -> tuple[RevocationSeen, str]:
        """Return what is known of a certificate's revocation, and why the list is silent where it is.

        Asked as the office has set it: at its address for answers, then in its list. Without either nobody is asked.
        An authority is asked about where its own certificate says.
        """
        silent = ""
        told = NOT_ASKED
        if self._grounds.ocsp_address:
            url = "" if "key_cert_sign" in info.key_usage else self._grounds.ocsp_address
            told = ask(info, issuer, at=now, ocsp_url=url, fetch=self._fetch)
            if told.standing is not Standing.UNKNOWN or told.refused:
                return told, ""
        try:
            listed = self._revoked()
        except Unreached as trouble:
            return told, trouble.code
        if listed is not None:
            told = ask(info, issuer, at=now, crls=[listed])
            silent = "revocation-list-of-another" if told == NOT_ASKED else ""
        return told, silent

    def about_chain(self, chain: Sequence[CertificateInfo], now: datetime) -> tuple[RevocationSeen, str]:
        """Return ``about`` of the signer, or what is worse of an authority over him."""
        told, silent = self.about(chain[0], chain[1], now)
        if told.standing is not Standing.REVOKED and not told.refused:
            over = ask_chain(chain[1:], now, lambda info, issuer, at: self.about(info, issuer, at)[0])
            if over.standing is Standing.REVOKED or over.refused:
                return replace(over, why="revocation-of-issuer"), ""
        return told, silent

    def _revoked(self) -> bytes | None:
        """Return the list of revoked certificates, None where none is set; raises Unreached."""
        connection = self._grounds.connections.get(System.AUTHORITY)
        if connection is None or not connection.active:
            return None
        if self._fetched is None:
            self._fetched = self._port_of(connection).fetch()
        return self._fetched


def _signature(package: Package, seen: CmsSeen, zone: tzinfo | None) -> Iterator[Found]:
    """The signature itself, then its certificate: each condition of the act has its own line."""
    if not package.signature:
        yield Found(Check.SIGNATURE, Verdict.FAILED, "package-signature-missing")
        yield Found(Check.CERTIFICATE, Verdict.UNCHECKED, "package-certificate-not-here")
        return
    if seen.reason in _NOT_HERE:
        yield Found(Check.SIGNATURE, Verdict.UNCHECKED, "package-signature-not-here")
        yield Found(Check.CERTIFICATE, Verdict.UNCHECKED, "package-certificate-not-here")
        return
    changed = next((one for one in package.files if not one.same), None)
    if seen.reason in _BROKEN or seen.signer is None:
        yield Found(Check.SIGNATURE, Verdict.FAILED, "package-signature-broken")
    elif changed is not None:
        yield Found(
            Check.SIGNATURE, Verdict.FAILED, "package-file-changed", (("file", changed.said.name[:120]),)
        )
    else:
        yield Found(
            Check.SIGNATURE,
            Verdict.PASSED,
            "package-signature-sound-gost" if is_gost(seen.algorithm) else "package-signature-sound",
            (("name", seen.signer.name), ("at", _moment(seen.signed_at, zone))),
        )
    yield _certificate(seen)


def _certificate(seen: CmsSeen) -> Found:
    if seen.reason in _CERTIFICATE:
        return Found(Check.CERTIFICATE, Verdict.FAILED, _CERTIFICATE[seen.reason])
    if not seen.valid or seen.signer is None:
        return Found(Check.CERTIFICATE, Verdict.UNCHECKED, "package-certificate-not-here")
    facts = (("issuer", seen.signer.issuer), ("until", f"{seen.signer.not_after:%d.%m.%Y}"))
    return Found(Check.CERTIFICATE, Verdict.PASSED, "package-certificate-sound", facts)


def _revocation(seen: CmsSeen, asking: _Asking, now: datetime) -> Found:
    """The service that answers about one certificate first, then the list; who said so is told."""
    if not seen.valid or len(seen.chain) < 2:
        return Found(Check.REVOCATION, Verdict.UNCHECKED, "package-certificate-not-here")
    told, silent = asking.about_chain(seen.chain, now)
    kept = chain_by(seen.proofs, seen.chain, seen.signed_at or now, now)
    if told.standing is Standing.UNKNOWN and kept is not None and kept.standing is Standing.REVOKED:
        told = (
            kept  # what proves itself in the signature; that it was good when he signed is no answer of today
        )
    if told.standing is Standing.REVOKED:
        # nobody but the signer says when he signed: revoked before the package came counts as before the signature
        return Found(
            Check.REVOCATION,
            Verdict.FAILED,
            "package-certificate-revoked",
            (("since", _moment(told.since, now.tzinfo)), ("source", told.source.value)),
        )
    if told.standing is Standing.GOOD:
        code = "package-not-revoked-answered" if told.source is Source.OCSP else "package-not-revoked"
        return Found(Check.REVOCATION, Verdict.PASSED, code, (("at", _moment(told.at, now.tzinfo)),))
    if told.why == "revocation-not-asked" and not silent:
        return Found(Check.REVOCATION, Verdict.UNCHECKED, "package-revocation-not-asked")
    why = silent if told.why == "revocation-not-asked" else told.why
    return Found(Check.REVOCATION, Verdict.UNCHECKED, "package-revocation-unknown", (("why", why),))


def _identity(request: Request, seen: CmsSeen) -> Found:
    """As ``identity`` says."""
    signer = seen.signer
    if signer is None or seen.reason in _NOT_HERE:
        return Found(Check.IDENTITY, Verdict.UNCHECKED, "package-identity-not-here")
    wrong = identity.why_not(request, signer)
    if wrong:
        return Found(Check.IDENTITY, Verdict.FAILED, wrong)
    if request.channel in CENTRES:
        return Found(
            Check.IDENTITY, Verdict.PASSED, "package-operator", (("organisation", signer.organisation),)
        )
    return Found(
        Check.IDENTITY, Verdict.PASSED, "package-identity-same", (("identifier", request.identifier),)
    )


def _applicant(request: Request, asking: _Asking) -> Found:
    system = System.GBD_UL if request.is_legal_entity else System.GBD_FL
    answer = asking.ask(asks_about(system, identifier=request.identifier))
    if answer is None:
        return Found(Check.APPLICANT, Verdict.UNCHECKED, "package-applicant-not-asked")
    if answer.heard is Heard.UNREACHABLE:
        return Found(
            Check.APPLICANT, Verdict.UNCHECKED, "package-applicant-unreached", (("why", answer.reason),)
        )
    if answer.heard is Heard.NO_DATA:
        return Found(Check.APPLICANT, Verdict.FAILED, "package-applicant-unknown")
    name = answer.value("name_ru") or answer.value("name_kk")
    return Found(Check.APPLICANT, Verdict.PASSED, "package-applicant-known", (("name", name[:300]),))


def _fee(request: Request, grounds: Grounds, asking: _Asking) -> Found:
    fee = grounds.operation.fee
    if fee is None:
        return Found(Check.FEE, Verdict.NOT_NEEDED, "package-fee-none")
    if not request.receipt or request.paid_on is None:
        return Found(Check.FEE, Verdict.FAILED, "package-fee-not-paid")
    if request.paid_on > (grounds.now + _SLACK).date():
        return Found(Check.FEE, Verdict.FAILED, "package-fee-not-paid")
    try:
        due = fees.fee_due(fee, grounds.rates, request.paid_on)
    except NotAllowed:
        return Found(Check.FEE, Verdict.UNCHECKED, "package-fee-rate-unknown")
    answer = asking.ask(
        asks_about(
            System.PAYMENT_GATEWAY,
            receipt=request.receipt,
            identifier=request.identifier,
            kbk=request.kbk or fee.kbk,
        )
    )
    if answer is None or answer.heard is Heard.UNREACHABLE:
        paid, code = request.tenge or 0, "package-fee-by-receipt"
    elif answer.heard is Heard.NO_DATA:
        return Found(Check.FEE, Verdict.FAILED, "package-fee-not-paid")
    else:
        told = answer.value("tenge")
        paid, code = int(told) if told.isascii() and told.isdigit() else 0, "package-fee-confirmed"
    facts = (("paid", str(paid)), ("due", str(due)), ("receipt", request.receipt))
    if paid < due:
        return Found(Check.FEE, Verdict.FAILED, "package-fee-too-low", facts)
    return Found(Check.FEE, Verdict.PASSED, code, facts)


def _papers(package: Package, operation: Operation) -> Found:
    sent = {one.said.paper for one in package.files}
    missing = [paper.id for paper in operation.papers if paper.required and paper.id not in sent]
    if missing:
        return Found(Check.PAPERS, Verdict.FAILED, "package-papers-missing", (("papers", " ".join(missing)),))
    return Found(Check.PAPERS, Verdict.PASSED, "package-papers-complete")


def _sender(seen: CmsSeen) -> tuple[tuple[str, str], ...]:
    signer = seen.signer
    if signer is None:
        return ()
    told: Sequence[tuple[str, str]] = (
        ("name", signer.name),
        ("iin", signer.iin),
        ("bin", signer.bin),
        ("organisation", signer.organisation),
        ("signed_at", seen.signed_at.isoformat() if seen.signed_at else ""),
        ("certificate", signer.sha256),
        ("algorithm", seen.algorithm),
        ("demo", "yes" if signer.is_demo else ""),
    )
    return tuple((name, value) for name, value in told if value)


def _moment(at: datetime | None, zone: tzinfo | None) -> str:
    """Return a moment in office time, as a line of what was found shows it."""
    return f"{at.astimezone(zone):%d.%m.%Y %H:%M}" if at else ""
