"""L6: what workstations remember of the chain, and what checkpoints with the head's signature say of it."""

from collections.abc import Callable, Iterator, Sequence

from sqlalchemy.orm import Session

from desktop.models import JournalHead
from desktop.store import witness
from desktop.store.proving.finding import Finding

JudgeCheckpoint = Callable[[bytes], str]
"""``judge(pdf)``: "" for a checkpoint whose signature holds, else the code of what is wrong."""


def prove(
    session: Session,
    head: JournalHead,
    remembered: Sequence[witness.Seen],
    judge: JudgeCheckpoint | None,
) -> Iterator[Finding]:
    """Compare the chain with each."""
    for told in witness.differences(session, head, remembered):
        facts = {name: value for name, value in told.facts.items() if name != "position"}
        yield Finding("L6", told.code, told.facts["position"], facts)
