"""What the code of each paper says: the facts of a page as the facts of its code."""

from desktop.eds.codes.claims import CodeFacts
from desktop.eds.codes.making import CodeSigner
from desktop.regulation import papers
from desktop.regulation.model import DocumentKind


def facts_of(kind: DocumentKind, page: papers.Facts) -> CodeFacts:
    """Return what the code of ``page`` says; KeyError for a paper that bears none."""
    if isinstance(page, papers.LicenceFacts):
        made = page.duplicate_on or page.issued_on
        return CodeFacts(
            paper=kind.value,
            number=page.number,
            dated=made,
            holder=page.holder.name,
            identifier=page.holder.identifier,
            licensor=page.office.name.kk,
            licensor_bin=page.office.bin,
            activity=page.activity.kk,
            sub_types=tuple(one.kk or one.ru for one in page.sub_types),
            site=page.site,
            status_url=page.status_url,
            issued_on=page.issued_on if page.issued_on != made else None,
            first_issued_on=page.first_issued_on,
            demo=page.office.is_demo,
        )
    if isinstance(page, papers.RefusalFacts | papers.TerminationFacts | papers.NoticeFacts):
        return CodeFacts(
            paper=kind.value,
            number=page.number,
            dated=page.dated,
            holder=page.holder.name,
            identifier=page.holder.identifier,
            licensor=page.office.name.kk,
            licensor_bin=page.office.bin,
            activity=page.service.kk,
            status_url=page.status_url,
            demo=page.office.is_demo,
        )
    if isinstance(page, papers.CommissionFacts) and page.decided_on is not None:
        return CodeFacts(
            paper=kind.value,
            number=page.decision_number,
            dated=page.decided_on,
            holder=page.holder.name,
            identifier=page.holder.identifier,
            licensor=page.office.name.kk,
            licensor_bin=page.office.bin,
            activity=page.service.kk,
            site=page.site,
            status_url=page.status_url,
            demo=page.office.is_demo,
        )
    raise KeyError(kind)


class PaperCoder:
    """The department's key as ``cases`` asks it: a paper's facts in, its code out."""

    def __init__(self, signer: CodeSigner) -> None:
        self._signer = signer
        self.kid = signer.certificate.kid.hex()
        self.pem = signer.certificate.pem

    def code(self, kind: DocumentKind, facts: papers.Facts) -> str:
        return self._signer.sign(facts_of(kind, facts))

    @property
    def signer(self) -> CodeSigner:
        """The key itself, for the status list."""
        return self._signer

    def close(self) -> None:
        self._signer.close()
