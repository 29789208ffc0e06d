"""The result of a case with all that a package of it says: the contract between what reads it and what sends it."""

from dataclasses import dataclass, field
from datetime import datetime

from desktop.regulation.model import Channel, Text


@dataclass(frozen=True, slots=True)
class ResultDocument:
    """A paper of the result, with its very bytes. ``signer_certificate``: SHA-256, "" where no signature is needed."""

    kind: str
    number: str
    dated: str  # ISO 8601
    state: str  # signed | issued
    signer_certificate: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ResultPapers:
    """``package_id`` is that of the package the application came in, "" for one that came otherwise."""

    case_number: str
    channel: Channel
    outside_number: str
    package_id: str
    regulation: str
    service: Text
    operation: Text
    identifier: str = field(repr=False)
    holder: Text = field(repr=False)
    result: str
    closed_at: datetime | None
    office: Text
    office_bin: str
    is_demo: bool
    made_at: datetime
    documents: tuple[ResultDocument, ...]
