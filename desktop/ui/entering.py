"""Sitting down at the desk: the sign-in itself, and what is said to whoever came in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desktop.errors import Told
from desktop.regulation.rights import Actor


@dataclass(frozen=True, slots=True)
class Entered:
    """Who came in, when and where the same person was last; where the database lets each in by himself, also the
    store that is his own, the office he found there and what is wrong with its rights."""

    actor: Actor
    last: tuple[datetime, str] | None  # office time, workstation
    store: Any = None
    office: Any = None  # OfficeRow
    alarms: tuple[Told, ...] = ()
    changed: tuple[Any, ...] = ()  # ChangedAboutMe: what others changed about him meanwhile


Door = Callable[[str, str], Entered]  # (login, password); runs off the GUI thread


_NO_MORE = frozenset({"sign-in-refused", "sign-in-blocked"})


def must_sign_in_again(desk, notice) -> bool:
    """True for what a server says that lets the person at the desk in no more: his form waits until he is in again."""
    return notice.code in _NO_MORE and desk.door is not None and desk.actor is not None


def sit_down(store, _actor, *, login: str, password: str) -> Entered:
    """Sign in through an open store; NotAllowed as ``cases.signing_in.sign_in``."""
    from desktop.cases.signing_in import sign_in
    from desktop.queries.sign_ins import changed_about_me, last_sign_in

    actor = sign_in(store, login=login, password=password, workstation=store.workstation)
    return Entered(actor, last_sign_in(store, actor), changed=changed_about_me(store, actor))
