"""What a code says against the page it lies in and against the register."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from desktop.documents.drawing import draw
from desktop.eds.codes.comparing import InRegister, compare
from desktop.eds.codes.papers import facts_of
from desktop.eds.codes.pictures import paper_read
from desktop.eds.codes.reading import read_code
from desktop.regulation.model import DocumentKind, Text
from tests.documents.paper_facts import COMMISSION, HEAD, HOLDER, LICENCE, ORDINARY, longest
from tests.documents.test_drawing import SEAL
from tests.eds.codes.samples import VALID_FROM, opened, trust

DAY = date(2026, 7, 23)
PAGE = replace(LICENCE, issued_on=DAY, first_issued_on=DAY)
ROW = InRegister(
    number=PAGE.number,
    identifier=HOLDER.identifier,
    holder=HOLDER.name,
    site=PAGE.site,
    sub_types=tuple(one.kk for one in PAGE.sub_types),
    issued_on=DAY,
    first_issued_on=DAY,
)


def made(kind: DocumentKind, facts: Any) -> tuple[Any, str]:
    """Draw a paper with its code; return what the code says and the words read off the PDF."""
    assert VALID_FROM.date() <= DAY
    code = opened().sign(facts_of(kind, facts))
    read = paper_read(draw(kind, replace(facts, code=code), SEAL))
    assert code in read.codes
    return read_code(code, trust()).facts, read.text


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        (DocumentKind.LICENCE, PAGE),
        (DocumentKind.LICENCE, longest(PAGE)),
        (DocumentKind.LICENCE, replace(PAGE, duplicate_on=date(2026, 9, 1))),
        (DocumentKind.REFUSAL, replace(ORDINARY[DocumentKind.REFUSAL], dated=DAY)),
        (
            DocumentKind.TERMINATION,
            replace(
                ORDINARY[DocumentKind.TERMINATION],
                dated=DAY,
                status_url="https://status.ruqsat.invalid/l/2018-05%2F18",
            ),
        ),
        (
            DocumentKind.ATTESTATION,
            replace(
                COMMISSION,
                signer=HEAD,
                decision_number="2026-05/20",
                decided_on=DAY,
                status_url="https://status.ruqsat.invalid/l/2026-05%2F20",
            ),
        ),
    ],
)
def test_a_paper_says_what_its_code_says(kind: DocumentKind, facts: Any) -> None:
    said, words = made(kind, facts)
    assert compare(said, page=words) == ()


def test_another_page_around_a_genuine_code_is_named_fact_by_fact() -> None:
    said, _ = made(DocumentKind.LICENCE, PAGE)
    other = replace(
        PAGE,
        number="18000999",
        holder=replace(HOLDER, name=Text("«Қаскөй» ЖШС", "ТОО «Злодей»"), identifier="000140001239"),
        sub_types=(*PAGE.sub_types[:2], Text("Хирургия", "Хирургия")),
        site="Ақтөбе қаласы",
    )
    _, words = made(DocumentKind.LICENCE, other)
    found = {(one.where, one.fact) for one in compare(said, page=words)}
    assert found == {("page", name) for name in ("number", "identifier", "holder", "sub_types", "site")}


@pytest.mark.parametrize("facts", [PAGE, longest(PAGE)])
def test_the_register_agrees_with_a_code_that_was_shortened_too(facts: Any) -> None:
    said, _ = made(DocumentKind.LICENCE, facts)
    row = replace(
        ROW, holder=facts.holder.name, site=facts.site, sub_types=tuple(one.kk for one in facts.sub_types)
    )
    assert compare(said, row=row) == ()
    fewer = replace(row, sub_types=row.sub_types[:-1])
    assert [one.fact for one in compare(said, row=fewer)] == ["sub_types"]


@pytest.mark.parametrize(
    ("change", "fact"),
    [
        ({"number": "1"}, "number"),
        ({"identifier": "000140001239"}, "identifier"),
        ({"holder": Text("Басқа", "Другой")}, "holder"),
        ({"site": "Ақтөбе"}, "site"),
        ({"issued_on": date(2026, 7, 24)}, "dated"),
        ({"first_issued_on": date(2020, 1, 1)}, "first_issued_on"),
    ],
)
def test_the_register_that_differs_is_named(change: dict[str, Any], fact: str) -> None:
    (found,) = compare(facts_of(DocumentKind.LICENCE, PAGE), row=replace(ROW, **change))
    assert (found.where, found.fact) == ("register", fact)
    assert found.said != found.found
