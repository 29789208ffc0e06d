"""Facts of a usual and of an enormous paper, and a key to seal them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache

from desktop.eds.codes import keys
from desktop.eds.codes.claims import CodeFacts
from desktop.eds.codes.making import CodeSigner
from desktop.eds.codes.trust import CodeTrust
from desktop.regulation.model import Text

VALID_FROM = datetime(2026, 1, 1, tzinfo=UTC)
OFFICE = "Батыс Қазақстан облысының денсаулық сақтау басқармасы"
FACTS = CodeFacts(
    paper="licence",
    number="18000147",
    dated=date(2026, 11, 29),
    holder=Text("«Жайық-Мед» жауапкершілігі шектеулі серіктестігі", "Товарищество «Жайык-Мед»"),
    identifier="150540004327",
    licensor=OFFICE,
    licensor_bin="150540004327",
    activity="Медициналық қызмет",
    sub_types=("Дәрігерге дейінгі медициналық көмек", "Амбулаториялық-емханалық көмек: терапия"),
    site="Орал қаласы, Достық-Дружба даңғылы, 201",
    status_url="https://licence.example.kz/18000147",
    first_issued_on=date(2026, 11, 29),
)
HUGE = replace(
    FACTS,
    number="KZ" + "9" * 78,
    holder=Text("".join(map(chr, range(0x4E00, 0x5000))), "Щ" * 400),
    licensor="Қ" * 300,
    activity="".join(map(chr, range(0x400, 0x500))),
    sub_types=tuple(f"{index}-кіші түр: стационарлық көмек, {index * 7919 % 997}" for index in range(400)),
    site="".join(map(chr, range(0x5000, 0x5300))),
    status_url="https://licence.example.kz/" + "а1" * 300,
)


@cache
def opened() -> CodeSigner:
    key, certificate = keys.make(name=OFFICE, bin="150540004327", valid_from=VALID_FROM)
    return CodeSigner(certificate, keys.software(key))


def trust(*signers: CodeSigner) -> CodeTrust:
    return CodeTrust(one.certificate for one in (signers or (opened(),)))


@cache
def text() -> str:
    return opened().sign(FACTS)
