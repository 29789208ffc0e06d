"""The transaction every command of the administrator runs in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from desktop.cases import journal
from desktop.cases.claiming import Claimed, claiming
from desktop.cases.journal import Event
from desktop.cases.standing import standing
from desktop.errors import NotAllowed
from desktop.models import Office
from desktop.regulation import rights
from desktop.regulation.rights import Actor, Command
from desktop.store.database import Store


@dataclass(slots=True)
class Administration:
    """What a command of the administrator works with."""

    claimed: Claimed
    session: Session
    actor: Actor
    office: Office
    now: datetime

    @property
    def local_now(self) -> datetime:
        return self.now.astimezone(ZoneInfo(self.office.time_zone))

    def record(self, event: Event, **facts: object) -> None:
        journal.record(self.session, self.actor, event, None, at=self.now, step=None, **facts)


@contextmanager
def administering(
    store: Store, actor: Actor, command: Command, *, seen_version: int | None = None
) -> Iterator[Administration]:
    """Open the transaction of ``command``, one of ``OFFICE_COMMANDS``; the office's row is locked first, so that two administrators take turns.

    ``seen_version`` is the office's version on the screen: NotAllowed "office-moved-on" when a colleague was
    quicker. "role-may-not" for anybody who is not an administrator; "no-office" before the first start.
    """
    try:
        with claiming(store, actor, command) as claimed:
            session, now = claimed.session, claimed.now
            office = session.get(Office, 1, with_for_update=True)
            if office is None:
                raise NotAllowed("no-office")
            acting = standing(session, actor, now)
            rights.require(acting, command)
            if seen_version is not None and office.version != seen_version:
                raise NotAllowed("office-moved-on")
            yield Administration(claimed, session, acting, office, now)
            flag_modified(office, "name_kk")  # every edit of the office's tables makes a new version of it
            session.flush()
    except StaleDataError as error:
        raise NotAllowed("office-moved-on") from error
