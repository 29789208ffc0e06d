"""A demo authority, people and a small PDF for the signing tests; real keys, made once."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import typst

from desktop.eds.certificates import OwnerRole
from desktop.eds.demo_ca import DemoAuthority, DemoPerson
from desktop.eds.tokens import open_pkcs12
from tests.eds.authority import RealAuthority
from tests.eds.people import AT, BIN, HEAD, IIN, PASSWORD, VALID_FROM, Keys

_PAGE = """
#set document(title: "Лицензия", author: "x", date: datetime(year: 2026, month: 11, day: 21))
#set text(lang: "kk")
= Лицензия
Медициналық қызметке. Ә ғ қ ң ө ұ ү һ і.
"""


@pytest.fixture(scope="session")
def keys() -> Keys:
    authority = DemoAuthority(valid_from=VALID_FROM - timedelta(days=700))
    other = DemoPerson("ӨТЕГЕНОВА АЙГҮЛ", "850505300120", "", HEAD.organisation, BIN)
    employee = DemoPerson(
        HEAD.surname_name, IIN, "", HEAD.organisation, BIN, (OwnerRole.LEGAL_ENTITY, OwnerRole.EMPLOYEE)
    )
    return Keys(
        authority,
        head=authority.issue(HEAD, valid_from=VALID_FROM),
        expired=authority.issue(HEAD, valid_from=VALID_FROM - timedelta(days=400)),
        not_yet_valid=authority.issue(HEAD, valid_from=AT + timedelta(days=1)),
        foreign=authority.issue(other, valid_from=VALID_FROM),
        employee=authority.issue(employee, valid_from=VALID_FROM),
        authentication=authority.issue(HEAD, valid_from=VALID_FROM, for_signing=False),
    )


@pytest.fixture(scope="session")
def root(keys: Keys) -> str:
    return keys.authority.root_pem


@pytest.fixture(scope="session")
def page() -> bytes:
    """A tagged PDF/A-2a page, as the documents of the office are."""
    pdf = typst.compile(_PAGE.encode(), format="pdf", pdf_standards=["a-2a"])
    assert isinstance(pdf, bytes)
    return pdf


@pytest.fixture(scope="session")
def keystore(keys: Keys, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "head.p12"
    keys.head.write_pkcs12(path, PASSWORD)
    return path


@pytest.fixture(scope="session")
def signed(keystore: Path, page: bytes) -> bytes:
    with open_pkcs12(keystore, PASSWORD) as signer:
        return signer.sign(page, at=AT, reason="Лицензия беру")


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealAuthority]:
    """An authority that really answers, on this machine; see tests/eds/authority.py."""
    with RealAuthority(tmp_path_factory.mktemp("authority")) as running:
        yield running
