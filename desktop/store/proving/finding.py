"""One thing that does not hold: at which level it was found, its code, the position of the link it stands at."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.errors import NotAllowed
from desktop.models import JournalLink

Watch = Callable[[int, int], None]  # links proved, of how many


@dataclass(frozen=True, slots=True)
class Finding:
    """``position`` is None for what no link tells of. ``facts`` are those of the code's sentence."""

    level: str
    code: str
    position: int | None
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def told(self) -> NotAllowed:
        """The finding as what a person is told."""
        return NotAllowed(self.code, **{**self.facts, "position": self.position or "–"})


def position_of(session: Session, transaction_id: int, image: int) -> int | None:
    """Return the position of the link that holds an image, None for an unsealed one."""
    return session.scalars(
        select(JournalLink.position)
        .where(
            JournalLink.transaction_id == transaction_id,
            JournalLink.first_image <= image,
            JournalLink.last_image >= image,
        )
        .order_by(JournalLink.position)
    ).first()
