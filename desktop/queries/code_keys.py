"""The department's keys of the codes on papers, as the windows and the trust list read them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from desktop.models import CodeKey
from desktop.queries.moments import local, office_zone
from desktop.regulation.rights import Actor
from desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class CodeKeyRow:
    """A key of the codes on papers: its certificate. ``retired_at`` is None of the one in use."""

    sha256: str
    kid: str
    owner: str
    valid_from: datetime
    valid_to: datetime
    is_demo: bool
    added_at: datetime
    added_by: str
    retired_at: datetime | None
    pem: str

    @property
    def in_use(self) -> bool:
        return self.retired_at is None


def code_keys(store: Store, actor: Actor | None) -> tuple[CodeKeyRow, ...]:
    """Return every key of the codes on papers, the one in use first; None is nobody signed in: they are public."""
    with store.reading(by=actor.login if actor else "") as session:
        zone = office_zone(session)
        found = session.scalars(select(CodeKey).order_by(CodeKey.added_at.desc(), CodeKey.sha256))
        rows = tuple(
            CodeKeyRow(
                row.sha256,
                row.kid,
                row.owner,
                local(row.valid_from, zone),
                local(row.valid_to, zone),
                row.is_demo,
                local(row.added_at, zone),
                row.added_by,
                local(row.retired_at, zone) if row.retired_at else None,
                row.pem,
            )
            for row in found
        )
        return tuple(sorted(rows, key=lambda row: not row.in_use))
