"""The code as text: what it holds, who accepts it besides us, and that nothing else is taken for it."""

import random
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import base45 as other_base45
import cbor2
import cwt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycose.keys import EC2Key
from pycose.keys.curves import P256
from pycose.messages import Sign1Message

from desktop.eds.codes import base45, cbor, claims, cose, keys, making, reading
from desktop.eds.codes.claims import CodeFacts, digest
from desktop.eds.codes.making import CodeSigner
from desktop.eds.codes.reading import CodeReason, read_code
from desktop.eds.codes.trust import CodeTrust
from desktop.errors import NotAllowed, Unavailable
from desktop.regulation.model import Text
from tests.eds.codes.samples import FACTS, HUGE, OFFICE, VALID_FROM, opened, text, trust


def read(code: str) -> reading.CodeSeen:
    return read_code(code, trust())


def forged(payload: bytes, protected: bytes | None = None, unprotected: dict | None = None) -> str:
    """A code whose signature holds, around whatever it is given."""
    protected = protected or cbor.dumps({1: -7, 4: opened().certificate.kid})
    signature = opened()._raw(cose._signed(protected, payload))
    return making.text_of(cbor.dumps(cbor2.CBORTag(18, [protected, unprotected or {}, payload, signature])))


@given(st.binary(max_size=200))
def test_base45_is_that_of_the_standard(content: bytes) -> None:
    assert base45.encode(content) == other_base45.b45encode(content).decode()
    assert base45.decode(base45.encode(content)) == content


@pytest.mark.parametrize("wrong", ["A", "a0", "GGW", ":::", "::", "ABCD", "Ә0", "00\n"])
def test_base45_refuses_what_it_could_not_have_written(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        base45.decode(wrong)


def test_a_code_says_its_facts_and_is_believed_by_its_key() -> None:
    seen = read(text())
    assert (seen.valid, seen.reason, seen.facts) == (True, CodeReason.VALID, FACTS)
    assert seen.certificate.owner == OFFICE
    assert seen.kid == opened().certificate.sha256[:16]
    assert len(text()) <= making.MOST_CHARACTERS
    assert set(text()) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


def test_independent_libraries_accept_the_same_bytes() -> None:
    raw = zlib.decompress(other_base45.b45decode(text().removeprefix("KZL1:")))
    numbers = opened().certificate.key.public_numbers()
    x, y = (value.to_bytes(32, "big") for value in (numbers.x, numbers.y))
    kid = opened().certificate.kid

    told = cwt.decode(raw, cwt.COSEKey.new({1: 2, -1: 1, -2: x, -3: y, 2: kid, 3: -7}))
    assert told[2] == FACTS.number
    assert told[-65537][7] == FACTS.identifier

    message = Sign1Message.decode(raw)
    message.key = EC2Key(crv=P256, x=x, y=y)
    assert message.verify_signature()
    assert cbor2.loads(message.payload)[-65537][3] == "2026-11-29"


def test_a_thousand_flips_of_what_is_sealed_are_refused() -> None:
    raw = reading.unpacked(text())
    chance = random.Random(45)
    for _ in range(1000):
        changed = bytearray(raw)
        changed[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
        assert not read(making.text_of(bytes(changed))).valid


def test_a_thousand_flips_of_the_text_never_say_another_thing() -> None:
    chance = random.Random(46)
    alphabet = base45._ALPHABET
    believed = 0
    for _ in range(1000):
        at = chance.randrange(len(text()))
        other = chance.choice([character for character in alphabet if character != text()[at]])
        seen = read(text()[:at] + other + text()[at + 1 :])
        believed += seen.valid
    assert believed == 0


def test_spare_bits_of_the_last_block_are_not_a_second_text() -> None:
    packed = bytearray(base45.decode(text().removeprefix("KZL1:")))
    again = 0
    for bit in range(8):
        changed = bytearray(packed)
        changed[-5] ^= 1 << bit
        code = "KZL1:" + base45.encode(bytes(changed))
        again += zlib.decompressobj().decompress(bytes(packed)) == _inflated(bytes(changed))
        assert not read(code).valid
    for sample in range(40):  # streams end at every bit
        content = bytes(range(sample + 1)) * 3
        assert reading.inflated(zlib.compress(content, 9), 1000) == content


def _inflated(packed: bytes) -> bytes:
    try:
        return zlib.decompress(packed)
    except zlib.error:
        return b""


@given(st.text(max_size=400))
def test_any_text_is_read_without_an_error(wild: str) -> None:
    for code in (wild, "KZL1:" + wild):
        assert not read(code).valid


@given(st.binary(max_size=300))
def test_anything_packed_is_read_without_an_error(wild: bytes) -> None:
    assert read("KZL1:" + base45.encode(wild)).reason is CodeReason.BROKEN
    assert read(making.text_of(wild)).reason is CodeReason.BROKEN
    assert not read(forged(wild)).valid


def test_bombs_are_small_when_they_are_refused() -> None:
    for bomb in (
        "KZL1:" + "0" * 5000,
        making.text_of(b"\0" * (1 << 20)),
        making.text_of(b"\x81" * 60_000),  # a list in a list in a list
        making.text_of(b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff"),
        making.text_of(b"\xd2\x84" + b"\x9f" * 1000),
    ):
        assert read(bomb).reason is CodeReason.BROKEN


def test_an_unknown_key_another_key_and_another_day_are_told_apart() -> None:
    stranger_key, stranger = keys.make(name="Басқа", bin="", valid_from=VALID_FROM)
    strange = CodeSigner(stranger, keys.software(stranger_key)).sign(FACTS)
    assert read(strange).reason is CodeReason.KEY_UNKNOWN
    assert read(strange).facts == FACTS

    kid = opened().certificate.kid
    lent = making.text_of(cose.sign1(claims.to_cbor(FACTS), kid, keys.software(stranger_key)))
    assert read(lent).reason is CodeReason.FORGED

    for_another = making.text_of(opened().seal(claims.to_cbor(replace(FACTS, licensor_bin="000140001239"))))
    assert read(for_another).reason is CodeReason.FORGED  # a department speaks for itself alone

    for day in (VALID_FROM.date() - timedelta(days=2), VALID_FROM.date() + keys.LIFE + timedelta(days=2)):
        late = making.text_of(opened().seal(claims.to_cbor(replace(FACTS, dated=day))))
        assert read(late).reason is CodeReason.KEY_OUT_OF_DATE
        with pytest.raises(NotAllowed, match="code-key-not-in-date"):
            opened().sign(replace(FACTS, dated=day))
    assert read("HTTPS://LICENCE.EXAMPLE.KZ").reason is CodeReason.NOT_OURS


def test_one_algorithm_is_accepted_whatever_the_code_asks_for() -> None:
    kid = opened().certificate.kid
    payload = claims.to_cbor(FACTS)
    assert read(forged(payload)).valid
    for protected in (
        {1: -8, 4: kid},  # EdDSA
        {1: 5, 4: kid},  # HMAC, with the public key as the secret
        {4: kid},
        {1: -7},
        {1: -7, 4: kid, 2: [99]},  # critical
        {1: -7, 4: kid + b"x"},
        {1: "-7", 4: kid},
        [],
    ):
        assert read(forged(payload, cbor.dumps(protected))).reason is CodeReason.BROKEN, protected
    assert read(forged(payload, unprotected={4: kid})).reason is CodeReason.BROKEN
    raw = reading.unpacked(text())
    for other in (raw[1:], b"\xd8\x62" + raw[1:], raw + b"\0", raw[:-1]):
        assert read(making.text_of(other)).reason is CodeReason.BROKEN


@pytest.mark.parametrize(
    "change",
    [
        {1: 2},  # a later version
        {3: "29.11.2026"},
        {3: None},
        {7: 15},
        {6: ["one"]},
        {6: [1, 2]},
        {9: "text"},
        {9: [b"x"]},
        {13: {9: b"short"}},
        {13: {99: bytes(16)}},
        {13: []},
    ],
)
def test_claims_of_another_form_are_broken_though_they_are_sealed(change: dict) -> None:
    told = cbor2.loads(claims.to_cbor(FACTS))
    told[-65537] = {label: value for label, value in {**told[-65537], **change}.items() if value is not None}
    assert read(forged(cbor.dumps(told))).reason is CodeReason.BROKEN


def test_claims_of_a_later_version_of_the_program_are_passed_over() -> None:
    told = cbor2.loads(claims.to_cbor(FACTS))
    told[-65537][77] = "new"
    assert read(forged(cbor.dumps(told))).facts == FACTS


def test_what_does_not_fit_is_shortened_and_the_digest_of_the_whole_stays() -> None:
    code = opened().sign(HUGE)
    assert len(code) <= making.MOST_CHARACTERS
    seen = read(code)
    assert seen.valid
    facts: CodeFacts = seen.facts
    assert (facts.number, facts.identifier, facts.dated) == (HUGE.number, HUGE.identifier, HUGE.dated)
    assert facts.sub_types == HUGE.sub_types[: len(facts.sub_types)]
    assert facts.digest_of("sub_types") == digest(HUGE.sub_types)
    assert facts.digest_of("holder") == digest(HUGE.holder)
    assert HUGE.holder.kk.startswith(facts.holder.kk.rstrip("…"))


def test_many_sub_types_cost_the_tail_of_the_list_alone() -> None:
    many = replace(FACTS, sub_types=HUGE.sub_types)
    code = opened().sign(many)
    facts = read(code).facts
    assert making.MOST_CHARACTERS - 60 < len(code) <= making.MOST_CHARACTERS
    assert 5 < len(facts.sub_types) < 400
    assert facts.site == FACTS.site
    assert facts.holder.kk == FACTS.holder.kk
    assert facts.digest_of("sub_types") == digest(many.sub_types)


@given(
    st.builds(
        CodeFacts,
        paper=st.just("licence"),
        number=st.text(st.characters(codec="utf-8"), min_size=1, max_size=80),
        dated=st.dates(date(2026, 1, 2), date(2028, 1, 1)),
        holder=st.builds(Text, st.text(max_size=500), st.text(max_size=500)),
        identifier=st.text("0123456789", min_size=12, max_size=12),
        licensor=st.text(max_size=300),
        licensor_bin=st.just("150540004327"),
        activity=st.text(max_size=200),
        sub_types=st.lists(st.text(max_size=120), max_size=60).map(tuple),
        site=st.text(max_size=400),
        status_url=st.text(max_size=300),
    )
)
def test_whatever_a_paper_says_it_gets_a_code_that_fits(facts: CodeFacts) -> None:
    code = opened().sign(facts)
    assert len(code) <= making.MOST_CHARACTERS
    seen = read(code).facts
    assert (seen.number, seen.identifier, seen.dated) == (facts.number, facts.identifier, facts.dated)


def test_a_demo_key_says_so() -> None:
    key, certificate = keys.make(name=OFFICE, bin="", valid_from=VALID_FROM, demo=True)
    code = CodeSigner(certificate, keys.software(key)).sign(FACTS)
    seen = read_code(code, CodeTrust([certificate]))
    assert (seen.valid, seen.demo, seen.reason) == (True, True, CodeReason.VALID_DEMO)


def test_a_key_of_another_department_makes_no_code() -> None:
    """Nobody would believe it: the reader takes such a code for forged."""
    key, certificate = keys.make(name=OFFICE, bin="050140003412", valid_from=VALID_FROM)
    with pytest.raises(NotAllowed, match="code-key-foreign"):
        CodeSigner(certificate, keys.software(key)).sign(FACTS)


def test_a_closed_key_signs_nothing() -> None:
    key, certificate = keys.make(name=OFFICE, bin="", valid_from=datetime(2026, 1, 1, tzinfo=UTC))
    signer = CodeSigner(certificate, keys.software(key))
    signer.close()
    with pytest.raises(Unavailable, match="code-key-closed"):
        signer.sign(FACTS)
    other, _ = keys.make(name=OFFICE, bin="", valid_from=VALID_FROM)
    with pytest.raises(NotAllowed, match="code-key-another"):
        CodeSigner(certificate, keys.software(other))
