"""Which panel belongs to which act."""

from desktop.regulation.model import Act
from desktop.ui.screens.case_parts.answers import AskPanel
from desktop.ui.screens.case_parts.attesting import AttestPanel
from desktop.ui.screens.case_parts.checking import CheckPanel
from desktop.ui.screens.case_parts.deciding import DecidePanel
from desktop.ui.screens.case_parts.delivering import DeliverPanel
from desktop.ui.screens.case_parts.hearing import HearPanel
from desktop.ui.screens.case_parts.part import ActPanel
from desktop.ui.screens.case_parts.resolving import ResolvePanel
from desktop.ui.screens.case_parts.signing import SignPanel
from desktop.ui.screens.case_parts.visas import ApprovePanel, AssignPanel

PANELS: dict[Act, type[ActPanel]] = {
    Act.ASSIGN: AssignPanel,
    Act.APPROVE: ApprovePanel,
    Act.CHECK: CheckPanel,
    Act.ASK: AskPanel,
    Act.DECIDE: DecidePanel,
    Act.SIGN: SignPanel,
    Act.DELIVER: DeliverPanel,
    Act.ATTEST: AttestPanel,
    Act.RESOLVE: ResolvePanel,
    Act.HEAR: HearPanel,
}
