"""Streebog against the standard's examples, the system's library and an independent implementation."""

import tracemalloc
from collections.abc import Iterator

import gostcrypto
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.eds.gost import hashing, libgcrypt, streebog, streebog_plain
from desktop.errors import Unavailable

FIRST = b"012345678901234567890123456789012345678901234567890123456789012"
SECOND = "Се ветри, Стрибожи внуци, веютъ с моря стрелами на храбрыя плъкы Игоревы".encode("cp1251")
EXAMPLES = {  # RFC 6986, section 10, and the empty message
    (FIRST, 512): "1b54d01a4af5b9d5cc3d86d68d285462b19abc2475222f35c085122be4ba1ffa"
    "00ad30f8767b3a82384c6574f024c311e2a481332b08ef7f41797891c1646f48",
    (FIRST, 256): "9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500",
    (SECOND, 512): "1e88e62226bfca6f9994f1f2d51569e0daf8475a3b0fe61a5300eee46d961376"
    "035fe83549ada2b8620fcd7c496ce5b33f0cb9dddc2b6460143b03dabac9fb28",
    (SECOND, 256): "9dd2fe4e90409e5da87f53976d7405b0c0cac628fc669a741d50063c557e8f50",
    (b"", 512): "8e945da209aa869f0455928529bcae4679e9873ab707b55315f56ceb98bef0a7"
    "362f715528356ee83cda5f2aac4c6ad2ba3a715c1bcd81cb8e9f90bf4c1c1a8a",
    (b"", 256): "3f539a213e97c802cc229d474c6aa32a825a360b2a933a949fd925208d9ce1bb",
}


@pytest.fixture
def no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libgcrypt, "available", lambda: False)


def test_the_system_has_the_library() -> None:
    assert libgcrypt.available(), "installer/set-up installs libgcrypt20"


@pytest.mark.parametrize(("message", "bits"), EXAMPLES)
def test_the_examples_of_the_standard(message: bytes, bits: int) -> None:
    expected = EXAMPLES[message, bits]
    assert streebog(message, bits).hex() == expected
    assert streebog_plain.digest(message, bits).hex() == expected


@given(
    st.binary(max_size=300) | st.integers(0, 300).map(lambda size: b"\xff" * size),
    st.sampled_from([256, 512]),
)
def test_three_implementations_agree(message: bytes, bits: int) -> None:
    other = bytes(gostcrypto.gosthash.new(f"streebog{bits}", data=bytearray(message)).digest())
    assert streebog_plain.digest(message, bits) == libgcrypt.digest([message], bits) == other


def test_pieces_are_one_message() -> None:
    assert streebog([FIRST[:7], b"", FIRST[7:]], 512) == streebog(FIRST, 512)


def test_pieces_are_one_message_without_the_library(no_library: None) -> None:
    assert streebog([FIRST[:7], b"", FIRST[7:]], 512).hex() == EXAMPLES[FIRST, 512]


def test_a_stream_is_not_held_in_memory() -> None:
    piece = bytes(1024 * 1024)
    tracemalloc.start()
    try:
        streebog((piece for _ in range(32)), 512)
        assert tracemalloc.get_traced_memory()[1] < 4 * len(piece)
    finally:
        tracemalloc.stop()


def test_a_large_message_without_the_library_cannot_be_hashed(no_library: None) -> None:
    whole = bytes(hashing.LARGEST_PLAIN)
    assert len(streebog(whole, 512)) == 64
    with pytest.raises(Unavailable) as told:
        streebog(whole + b"1", 512)
    assert (told.value.code, told.value.facts) == ("streebog-not-here", {"limit": hashing.LARGEST_PLAIN})


def test_an_endless_stream_without_the_library_stops_early(no_library: None) -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield bytes(1024)

    with pytest.raises(Unavailable, match="streebog-not-here"):
        streebog(endless(), 512)
    assert taken == 65


def test_a_library_that_hashes_wrong_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streebog_plain, "digest", lambda message, bits: bytes(bits // 8))
    libgcrypt._library.cache_clear()
    try:
        assert not libgcrypt.available()
    finally:
        libgcrypt._library.cache_clear()


def test_a_missing_library_is_found_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libgcrypt, "_names", lambda: ["/nowhere/libgcrypt.so.20"])
    libgcrypt._library.cache_clear()
    try:
        assert not libgcrypt.available()
    finally:
        libgcrypt._library.cache_clear()


def test_there_is_no_streebog_of_another_size() -> None:
    with pytest.raises(ValueError, match="384"):
        streebog(b"", 384)
