"""``ruqsat verify`` on a package: judged as the office judges it, the identity of who signed too."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from desktop.eds.trust_files import sorted_out
from desktop.eds.verdict import Kind, Reason, Verdict
from desktop.exchange.checking import check
from tests.exchange.making import AT, BIN, IIN, Made, with_request


@pytest.fixture
def seen(tmp_path: Path, senders) -> Callable[[Made], Verdict]:
    trusted = sorted_out([], [senders.authority.root_pem])

    def judged(made: Made) -> Verdict:
        return check(
            made.write(tmp_path / "package.zip").read_bytes(), trusted, at=AT + timedelta(minutes=30)
        )

    return judged


def test_a_good_package_is_valid(seen, sent: Made) -> None:
    told = seen(sent)
    assert (told.valid, told.reason, told.kind) == (True, Reason.VALID_DEMO, Kind.PACKAGE)
    assert ("identifier", BIN) in told.told


def test_the_request_speaks_of_who_signed_it(seen, sent: Made, senders) -> None:
    person = with_request(
        sent, applicant={**sent.request["applicant"], "is_legal_entity": False, "identifier": IIN}
    )
    for made, reason in (
        (replace(sent, key=senders.stranger), Reason.IDENTITY_OTHER),
        (replace(sent, key=senders.citizen), Reason.IDENTITY_OTHER),
        (replace(person, key=senders.stranger), Reason.IDENTITY_OTHER),
        (replace(person, key=senders.citizen), Reason.VALID_DEMO),
    ):
        told = seen(made)
        assert (told.reason, told.valid) == (reason, reason is Reason.VALID_DEMO)
    told = seen(replace(sent, key=senders.stranger))
    assert told.to_json()["reasons"] == ["package-identity-other"]


def test_in_a_centre_its_operator_signs(seen, sent: Made, senders) -> None:
    centre = with_request(sent, channel="state_corporation")
    assert seen(replace(centre, key=senders.operator)).valid
    assert seen(replace(centre, key=senders.citizen)).reason is Reason.OPERATOR_UNKNOWN


def test_a_changed_file_is_the_graver(seen, sent: Made, senders) -> None:
    sent.files[next(iter(sent.files))] += b" "
    assert seen(replace(sent, key=senders.stranger)).reason is Reason.CHANGED
