"""Who signs in the tests, when, and with what: the demo authority's keys of every kind."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from desktop.eds.demo_ca import DemoAuthority, DemoKey, DemoPerson

VALID_FROM = datetime(2026, 1, 1, tzinfo=UTC)
AT = datetime(2026, 11, 21, 12, 30, 15, tzinfo=timezone(timedelta(hours=5)))
IIN = "800101400121"
BIN = "150540004327"
PASSWORD = "Qwerty12"
HEAD = DemoPerson(
    "ЖҰМАҒАЛИЕВ ӘДІЛ", IIN, "СЕРІКҰЛЫ", "Батыс Қазақстан облысының денсаулық сақтау басқармасы", BIN
)


@dataclass(frozen=True)
class Keys:
    """The demo authority and the head's keys of every kind a test needs."""

    authority: DemoAuthority
    head: DemoKey
    expired: DemoKey
    not_yet_valid: DemoKey
    foreign: DemoKey
    employee: DemoKey
    authentication: DemoKey
