"""Is who signed a package he whom its request speaks of? One rule, for the office's own checks and for ``ruqsat verify``."""

from desktop.eds.certificates import CertificateInfo
from desktop.exchange.request import Request
from desktop.regulation.model import CENTRES

OTHER, NO_OPERATOR = "package-identity-other", "package-operator-unknown"


def why_not(request: Request, signer: CertificateInfo) -> str:
    """Return "" or the code of what is wrong: at the portal the applicant signs, in a centre its operator does."""
    if request.channel in CENTRES:
        return "" if signer.bin else NO_OPERATOR
    return "" if request.identifier in _speaks_for(signer, request) else OTHER


def _speaks_for(signer: CertificateInfo, request: Request) -> set[str]:
    """For an organisation its head or who may sign for it, for a person himself; nobody for anybody else."""
    if request.is_legal_entity:
        return {signer.bin} - {""} if signer.speaks_for_organisation else set()
    return {signer.iin} - {""}
