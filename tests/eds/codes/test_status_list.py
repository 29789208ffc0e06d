"""The signed status list: what it tells of a code, and that nothing else is taken for it."""

import random
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.eds.codes import cbor, keys, status_list
from desktop.eds.codes.making import CodeSigner
from desktop.eds.codes.reading import CodeReason
from desktop.eds.codes.status_list import Entry, State, Told, read, told_of
from tests.eds.codes.samples import FACTS, OFFICE, VALID_FROM, opened, trust

MADE = datetime(2026, 12, 1, 6, tzinfo=UTC)
DAY = FACTS.dated
ENTRIES = {
    FACTS.number: Entry(State.IN_FORCE, DAY),
    "2": Entry(State.SUSPENDED, DAY, date(2026, 11, 30)),
    "3": Entry(State.STOPPED, DAY),
    "4": Entry(State.REPLACED, DAY, date(2026, 12, 1), "5"),
}


def made(signer: CodeSigner | None = None, **changes: object) -> bytes:
    given = {
        "licensor": OFFICE,
        "licensor_bin": FACTS.licensor_bin,
        "made_at": MADE,
        "valid_until": MADE + timedelta(days=7),
        **changes,
    }
    return status_list.make(signer or opened(), ENTRIES.items(), **given)


def told(number: str = FACTS.number, *, at: datetime = MADE, **changes: object) -> status_list.StatusSeen:
    return told_of(replace(FACTS, number=number, **changes), read(made(), trust()), at=at)


def test_a_list_says_what_was_written_and_whose_it_is() -> None:
    known = read(made(), trust())
    assert (known.valid, known.entries, known.made_at) == (True, ENTRIES, MADE)
    assert (known.licensor, known.licensor_bin) == (OFFICE, FACTS.licensor_bin)


def test_every_state_is_told_with_its_day() -> None:
    assert [told(number).told for number in ENTRIES] == [
        Told.IN_FORCE, Told.SUSPENDED, Told.STOPPED, Told.REPLACED,
    ]  # fmt: skip
    assert [told(number).refuses for number in ENTRIES] == [False, True, True, True]
    assert told("2").since == date(2026, 11, 30)
    assert told("3").since is None
    assert (told("4").since, told("4").replaced_by) == (date(2026, 12, 1), "5")
    assert told("9").told is Told.NOT_LISTED
    assert told("9").refuses
    assert told("9", dated=MADE.date()).told is Told.UNKNOWN
    assert (
        told("9", dated=MADE.date(), issued_on=DAY).told is Told.NOT_LISTED
    )  # of a duplicate: known since then
    assert told(licensor_bin="000140001239").told is Told.ANOTHER_OFFICE
    assert told(paper="refusal").told is Told.NOT_A_LICENCE


def test_a_page_replaced_under_its_own_number_is_told() -> None:
    older = told(issued_on=DAY - timedelta(days=40))
    assert (older.told, older.since) == (Told.REPLACED, DAY)
    duplicate = told(issued_on=DAY, dated=DAY + timedelta(days=1))
    assert duplicate.told is Told.IN_FORCE


def test_an_old_list_is_told_as_old() -> None:
    assert not told(at=MADE + timedelta(days=7)).old
    assert told(at=MADE + timedelta(days=8)).old
    assert told(dated=date(2026, 12, 20)).old  # made before the paper was
    assert told("2", at=MADE + timedelta(days=300)).refuses  # what was stopped is not started by age


def test_a_thousand_flips_are_refused() -> None:
    content = made()
    sealed = zlib.decompress(content[4:])
    chance = random.Random(47)
    for _ in range(1000):
        changed = bytearray(sealed)
        changed[chance.randrange(len(sealed))] ^= 1 << chance.randrange(8)
        assert not read(b"KZS1" + zlib.compress(bytes(changed)), trust()).valid
    for _ in range(300):
        changed = bytearray(content)
        changed[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        assert not read(bytes(changed), trust()).valid


def test_a_list_of_an_unknown_key_or_of_another_day_is_not_used() -> None:
    key, certificate = keys.make(name=OFFICE, bin="", valid_from=VALID_FROM)
    stranger = CodeSigner(certificate, keys.software(key))
    assert read(made(stranger), trust()).reason is CodeReason.KEY_UNKNOWN
    late = made(made_at=VALID_FROM + keys.LIFE + timedelta(days=9))
    assert read(late, trust()).reason is CodeReason.KEY_OUT_OF_DATE
    assert read(b"KZL1:", trust()).reason is CodeReason.NOT_OURS


@given(st.binary(max_size=200))
def test_anything_is_read_without_an_error(wild: bytes) -> None:
    for content in (wild, b"KZS1" + wild, b"KZS1" + zlib.compress(wild)):
        assert not read(content, trust()).valid


@pytest.mark.parametrize(
    "change",
    [{1: 2}, {4: "now"}, {4: -(10**30)}, {6: []}, {6: {1: [1, "2026-01-01"]}}, {6: {"1": [9, "2026-01-01"]}},
     {6: {"1": [1]}}, {6: {"1": [1, "day"]}}, {6: {"1": [1, "2026-01-01", "", "", ""]}}, {2: 5}],
)  # fmt: skip
def test_a_list_of_another_form_is_broken_though_it_is_sealed(change: dict) -> None:
    content = {1: 1, 2: "b", 3: "l", 4: 1, 5: 2, 6: {}, **change}
    sealed = opened().seal(cbor.dumps(content))
    assert read(b"KZS1" + zlib.compress(sealed), trust()).reason is CodeReason.BROKEN


def test_ten_thousand_licences_are_a_small_file() -> None:
    many = {f"18{number:06}": Entry(State.IN_FORCE, DAY) for number in range(10_000)}
    content = status_list.make(
        opened(), many.items(), licensor=OFFICE, licensor_bin="1", made_at=MADE, valid_until=MADE
    )
    assert len(content) < 100_000
    assert len(read(content, trust()).entries) == 10_000
