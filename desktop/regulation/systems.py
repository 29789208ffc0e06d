"""The systems the acts name, and what one of them was asked and answered: plain data, for whoever asks and keeps it.

The list is closed: the seeds name these systems and no others (002 items 6-8, 12; 003 item 5). An administrator sets
whether one is asked over the network; without that the clerk asks it by hand and records what it said.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from desktop.errors import BadInput
from desktop.regulation.model import Text
from desktop.regulation.stated import stated


class System(StrEnum):
    """Systems outside the office, as the acts name them."""

    GBD_FL = "gbd_fl"
    GBD_UL = "gbd_ul"
    ENIS = "enis"
    PAYMENT_GATEWAY = "payment_gateway"
    E_LICENSING = "e_licensing"
    EISZ = "eisz"
    RPN = "rpn"
    CENTRES = "is_con"
    GATEWAY = "shep"
    AUTHORITY = "nca"  # the certification authority: its list of revoked certificates


class Heard(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    NO_DATA = "no_data"  # it answered that it knows nothing of the kind
    UNREACHABLE = "unreachable"


class Way(StrEnum):
    BY_HAND = "by_hand"
    HTTP = "http"


@dataclass(frozen=True, slots=True)
class AboutSystem:
    """``asks``: what a question may hold, the first is needed; ``tells``: what an answer usually holds."""

    asks: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()


SYSTEMS: Mapping[System, AboutSystem] = {
    System.GBD_FL: AboutSystem(("identifier",), ("name_kk", "name_ru", "birth_date", "address")),
    System.GBD_UL: AboutSystem(("identifier",), ("name_kk", "name_ru", "address", "head")),
    System.ENIS: AboutSystem(
        ("document_number", "identifier"),
        ("represented", "representative", "issued_on", "valid_until", "notary"),
    ),
    System.PAYMENT_GATEWAY: AboutSystem(("receipt", "identifier", "kbk"), ("tenge", "paid_on", "payer")),
    System.E_LICENSING: AboutSystem(
        ("licence_number", "identifier"), ("holder", "issued_on", "status", "activity")
    ),
    System.EISZ: AboutSystem(("organisation_bin", "identifier"), ("in_pilot_zone", "organisation")),
    System.RPN: AboutSystem(("identifier",), ("organisation", "attached_on", "status")),
    System.CENTRES: AboutSystem(("application_number", "identifier"), ("received_at", "operator")),
    System.GATEWAY: AboutSystem(("message_id",), ("status", "delivered_at")),
    System.AUTHORITY: AboutSystem(),
}


def title(code: str) -> Text:
    """Return a system's own name; one this program does not know is called by its code."""
    return stated("system", code) if code in set(System) else Text(code, code)


@dataclass(frozen=True, slots=True)
class Question:
    """``asked``: pairs of (field, value) as typed, in the order of the system's ``asks``."""

    system: System
    asked: tuple[tuple[str, str], ...]

    def value(self, name: str) -> str:
        return dict(self.asked).get(name, "")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a system said. ``evidence`` are the very bytes of its answer, or of the print-out.

    ``reason`` says why it was out of reach: a code of ``exchange`` ("exchange-slow" and others).
    """

    question: Question
    heard: Heard
    way: Way
    told: tuple[tuple[str, str], ...] = ()
    number: str = ""  # the other side's own, of the answer
    reason: str = ""
    evidence: bytes = b""
    media_type: str = ""

    def value(self, name: str) -> str:
        return dict(self.told).get(name, "")


def asks_about(system: System, **values: str) -> Question:
    """Return a question of the fields the system knows, empty ones left out; KeyError for another field."""
    known = SYSTEMS[system].asks
    for name in values:
        if name not in known:
            raise KeyError(name)
    return Question(
        system, tuple((name, values[name].strip()) for name in known if values.get(name, "").strip())
    )


@dataclass(frozen=True, slots=True)
class Connection:
    """How a system is reached over the network, as the administrator has set it."""

    system: System
    address: str
    active: bool = False
    timeout_seconds: int = 10
    attempts: int = 3
    authority_pem: str = ""  # whom its TLS certificate must lead to; "" the authorities of this computer


_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


def check_address(address: str, *, with_token: bool = False, field: str = "address") -> None:
    """Raise BadInput "system-address-wrong", or "system-address-open": a token needs https, except on this computer."""
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise BadInput("system-address-wrong", field=field) from error
    shown = parts.scheme in ("http", "https") and host and not parts.username and not parts.fragment
    if not shown or any(sign <= " " or sign == "\x7f" for sign in address):
        raise BadInput("system-address-wrong", field=field)
    if with_token and parts.scheme == "http" and host not in _HERE:
        raise BadInput("system-address-open", field=field)
