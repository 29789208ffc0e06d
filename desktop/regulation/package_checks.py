"""The conditions an incoming package is held to (001 item 11, 002 items 6-8: conditions 1-3), and how a paper words them.

Which act of the map a condition belongs to decides which refusal the regulation names for it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from desktop.regulation.model import Act, Operation, Service, Text
from desktop.regulation.stated import all_stated, stated
from desktop.regulation.systems import Connection, System


class Check(StrEnum):
    """In the order of the acts: the first that fails names the refusal."""

    SIGNATURE = "signature"  # the request, and by it every file, is what was signed
    CERTIFICATE = "certificate"  # in date when signing, for signing, leads to a trusted authority
    REVOCATION = "revocation"
    IDENTITY = "identity"  # ИИН/БИН in the request = in the certificate
    APPLICANT = "applicant"  # the state database knows him
    FEE = "fee"
    PAPERS = "papers"


ACTS: Mapping[Check, Act] = {
    Check.SIGNATURE: Act.CHECK_SIGNATURE,
    Check.CERTIFICATE: Act.CHECK_SIGNATURE,
    Check.REVOCATION: Act.CHECK_SIGNATURE,
    Check.IDENTITY: Act.CHECK_SIGNATURE,
    Check.APPLICANT: Act.LOOK_UP,
    Check.FEE: Act.PAY,
    Check.PAPERS: Act.CHECK_PACKAGE,
}


class Verdict(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    UNCHECKED = "unchecked"  # nobody could be asked, or not by this program: a person decides
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class Found:
    """``code`` says what was found, ``facts`` with what (pairs, as a window shows them)."""

    check: Check
    verdict: Verdict
    code: str
    facts: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, object]:
        return {
            "check": self.check.value,
            "verdict": self.verdict.value,
            "code": self.code,
            "facts": dict(self.facts),
        }


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the office knows: its law, its rates, whom it trusts, how systems are reached, what time it is there."""

    regulation_sha256: str
    service: Service
    operation: Operation
    rates: tuple[tuple[date, int], ...]
    trust_roots: tuple[str, ...] = field(repr=False)
    connections: Mapping[System, Connection]
    now: datetime
    office_bin: str
    file_limit: int
    ocsp_address: str = ""  # of the service that answers about one certificate; "": nobody is asked that way


def from_json(told: Mapping[str, object]) -> Found:
    """Return what :meth:`Found.as_json` gave."""
    facts = told["facts"]
    assert isinstance(facts, Mapping)
    return Found(
        Check(str(told["check"])),
        Verdict(str(told["verdict"])),
        str(told["code"]),
        tuple((str(name), str(value)) for name, value in facts.items()),
    )


def first_failed(found: Iterable[Found]) -> Found | None:
    """Return the failed condition that names the refusal."""
    order = list(Check)
    failed = sorted(
        (one for one in found if one.verdict is Verdict.FAILED), key=lambda one: order.index(one.check)
    )
    return failed[0] if failed else None


def worded(found: Found) -> Text | None:
    """Return how a refusal words what was found; None for what no paper tells."""
    if found.code not in all_stated()["package"]:
        return None
    return stated("package", found.code, **dict(found.facts))
