"""GOST 34.10 against the standard's examples and an independent implementation; everything out of range is refused."""

import gostcrypto
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.eds.gost import curves, public_key, verify
from desktop.eds.gost.curves import Curve
from desktop.eds.gost.signature import verify_numbers
from tests.eds.gost import making

SHORT = Curve(  # GOST 34.10-2012, appendix A.1
    "example 256",
    p=0x8000000000000000000000000000000000000000000000000000000000000431,
    a=7,
    b=0x5FBFF498AA938CE739B8E022FBAFEF40563F6E6A3472FC2A514C0CE9DAE23B7E,
    q=0x8000000000000000000000000000000150FE8A1892976154C59CFC193ACCF5B3,
    x=2,
    y=0x8E2A8A0E65147D4BD6316030E16D19C85C97F0A9CA267122B96ABBCEA7E8FC8,
)
LONG = Curve(  # appendix A.2
    "example 512",
    p=0x4531ACD1FE0023C7550D267B6B2FEE80922B14B2FFB90F04D4EB7C09B5D2D15DF1D852741AF4704A0458047E80E4546D35B8336FAC224DD81664BBF528BE6373,
    a=7,
    b=0x1CFF0806A31116DA29D8CFA54E57EB748BC5F377E49400FDD788B649ECA1AC4361834013B2AD7322480A89CA58E0CF74BC9E540C2ADD6897FAD0A3084F302ADC,
    q=0x4531ACD1FE0023C7550D267B6B2FEE80922B14B2FFB90F04D4EB7C09B5D2D15DA82F2D7ECB1DBAC719905C5EECC423F1D86E25EDBE23C595D644AAF187E6E6DF,
    x=0x24D19CC64572EE30F396BF6EBBFD7A6C5213B3B3D7057CC825F91093A68CD762FD60611262CD838DC6B60AA7EEE804E28BC849977FAC33B4B530F1B120248A9A,
    y=0x2BB312A43BD2CE6E0D020613C857ACDDCFBF061E91E5F2C3F32447C259F39B2C83AB156D77F1496BF7EB3351E1EE4E43DC1A18B91B24640B6DBB92CB1ADD371E,
)
EXAMPLES = (  # curve, private key, public key, hash as a number, r, s
    (
        SHORT,
        0x7A929ADE789BB9BE10ED359DD39A72C11B60961F49397EEE1D19CE9891EC3B28,
        (
            0x7F2B49E270DB6D90D8595BEC458B50C58585BA1D4E9B788F6689DBD8E56FD80B,
            0x26F1B489D6701DD185C8413A977B3CBBAF64D1C593D26627DFFB101A87FF77DA,
        ),
        0x2DFBC1B372D89A1188C09C52E0EEC61FCE52032AB1022E8E67ECE6672B043EE5,
        0x41AA28D2F1AB148280CD9ED56FEDA41974053554A42767B83AD043FD39DC0493,
        0x1456C64BA4642A1653C235A98A60249BCD6D3F746B631DF928014F6C5BF9C40,
    ),
    (
        LONG,
        0x0BA6048AADAE241BA40936D47756D7C93091A0E8514669700EE7508E508B102072E8123B2200A0563322DAD2827E2714A2636B7BFD18AADFC62967821FA18DD4,
        (
            0x115DC5BC96760C7B48598D8AB9E740D4C4A85A65BE33C1815B5C320C854621DD5A515856D13314AF69BC5B924C8B4DDFF75C45415C1D9DD9DD33612CD530EFE1,
            0x37C7C90CD40B0F5621DC3AC1B751CFA0E2634FA0503B3D52639F5D7FB72AFD61EA199441D943FFE7F0C70A2759A3CDB84C114E1F9339FDF27F35ECA93677BEEC,
        ),
        0x3754F3CFACC9E0615C4F4A7C4D8DAB531B09B6F9C170C533A71D147035B0C5917184EE536593F4414339976C647C5D5A407ADEDB1D560C4FC6777D2972075B8C,
        0x2F86FA60A081091A23DD795E1E3C689EE512A3C82EE0DCC2643C78EEA8FCACD35492558486B20F1C9EC197C90699850260C93BCBCD9C5C3317E19344E173AE36,
        0x1081B394696FFE8E6585E7A9362D26B6325F56778AADBC081C0BFBE933D52FF5823CE288E8C4F362526080DF7F70CE406A6EEB1F56919CB92A9853BDE73E5B4A,
    ),
)
KNOWN = [value for value in vars(curves).values() if isinstance(value, Curve)]
OTHER_NAMES = {
    "id-tc26-gost-3410-12-512-paramSetA": "id-tc26-gost-3410-12-512-paramSetA",
    "id-tc26-gost-3410-12-512-paramSetB": "id-tc26-gost-3410-12-512-paramSetB",
    "id-tc26-gost-3410-2012-256-paramSetA": "id-tc26-gost-3410-2012-256-paramSetA",
    "id-GostR3410-2001-CryptoPro-A-ParamSet": "id-tc26-gost-3410-2012-256-paramSetB",
    "id-GostR3410-2001-CryptoPro-B-ParamSet": "id-tc26-gost-3410-2012-256-paramSetC",
    "id-GostR3410-2001-CryptoPro-C-ParamSet": "id-tc26-gost-3410-2012-256-paramSetD",
}
ALGORITHM = {256: "1.2.398.3.10.1.1.2.3.1", 512: "1.2.398.3.10.1.1.2.3.2"}
DATA = "Өтініш".encode()


@pytest.mark.parametrize(("curve", "secret", "public", "e", "r", "s"), EXAMPLES)
def test_the_examples_of_the_standard(
    curve: Curve, secret: int, public: tuple[int, int], e: int, r: int, s: int
) -> None:
    assert curve.holds(public)
    assert curve.sum(secret, public, 0) == public
    assert verify_numbers(curve, public, e, r, s)
    for changed in ((e ^ 1, r, s), (e, r ^ 1, s), (e, r, s ^ 1), (e, s, r)):
        assert not verify_numbers(curve, public, *changed)


@pytest.mark.parametrize("curve", KNOWN, ids=lambda curve: curve.name)
def test_the_base_point_has_the_order_it_should(curve: Curve) -> None:
    base = (curve.x, curve.y)
    assert curve.holds(base)
    assert curve.sum(0, base, curve.q) is None
    assert curve.sum(curve.q - 1, base, 1) is None
    assert curve.sum(5, base, 7) == curve.sum(0, base, 12)
    assert curve.sum(0, base, 1) == base
    assert pow(2, curve.q - 1, curve.q) == pow(2, curve.p - 1, curve.p) == 1


@pytest.mark.parametrize("curve", KNOWN, ids=lambda curve: curve.name)
def test_an_independent_implementation_agrees(curve: Curve) -> None:
    parameters = gostcrypto.gostsignature.CURVES_R_1323565_1_024_2019[OTHER_NAMES[curve.name]]
    assert {name: parameters[name] for name in "pabqxy"} == {name: getattr(curve, name) for name in "pabqxy"}
    key = making.new_key(curve.size * 8, curve, "1.2.3")
    mode = gostcrypto.gostsignature.MODE_256 if curve.size == 32 else gostcrypto.gostsignature.MODE_512
    other = gostcrypto.gostsignature.new(mode, parameters)
    e = 0x1234567890ABCDEF << 100
    secret = bytearray(key.secret.to_bytes(curve.size, "big"))
    point = other.public_key_generate(secret)
    public = int.from_bytes(point[: curve.size], "big"), int.from_bytes(point[curve.size :], "big")
    assert curve.sum(key.secret, (curve.x, curve.y), 0) == public
    made = other.sign(secret, bytearray(e.to_bytes(curve.size, "big")))
    r, s = int.from_bytes(made[: curve.size], "big"), int.from_bytes(made[curve.size :], "big")
    assert verify_numbers(curve, public, e, r, s)
    assert not verify_numbers(curve, public, e + 1, r, s)


@pytest.mark.parametrize("bits", [256, 512])
def test_a_signature_of_the_profile(bits: int) -> None:
    key = making.new_key(bits)
    signature = key.sign(DATA)
    assert verify(key.spki, signature, DATA, ALGORITHM[bits])
    assert not verify(key.spki, signature, DATA + b" ", ALGORITHM[bits])
    assert not verify(making.new_key(bits).spki, signature, DATA, ALGORITHM[bits])
    assert not verify(key.spki, signature, DATA, ALGORITHM[768 - bits])
    assert not verify(key.spki, signature, DATA, "1.2.398.3.10.1.1.1.2"), "GOST 2004"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 128 * 8 - 1))
def test_no_bit_of_a_signature_is_idle(bit: int) -> None:
    changed = bytearray(SIGNED)
    changed[bit // 8] ^= 1 << bit % 8
    assert not verify(KEY.spki, bytes(changed), DATA, ALGORITHM[512])


KEY = making.new_key(512)
SIGNED = KEY.sign(DATA)


def numbers(r: int, s: int) -> bytes:
    return r.to_bytes(64, "little") + s.to_bytes(64, "little")


def test_numbers_out_of_range_are_refused() -> None:
    q = KEY.curve.q
    r, s = int.from_bytes(SIGNED[:64], "little"), int.from_bytes(SIGNED[64:], "little")
    assert verify(KEY.spki, numbers(r, s), DATA, ALGORITHM[512])
    top = 1 << 512
    for pair in ((0, s), (r, 0), (0, 0), (q, s), (r, q), (q, q), (top - 1, s), (r, top - 1)):
        assert not verify(KEY.spki, numbers(*pair), DATA, ALGORITHM[512])
    for shifted in ((r + q, s), (r, s + q)):
        if max(shifted) < top:
            assert not verify(KEY.spki, numbers(*shifted), DATA, ALGORITHM[512])
    big_endian = r.to_bytes(64, "big") + s.to_bytes(64, "big")
    for wrong in (b"", SIGNED[:-1], SIGNED + b"\0", SIGNED[64:] + SIGNED[:64], big_endian, SIGNED[::-1]):
        assert not verify(KEY.spki, wrong, DATA, ALGORITHM[512])


def test_a_hash_of_zero_counts_as_one() -> None:
    key = making.new_key(512)
    made = public_key(key.spki)
    assert made is not None
    assert made.verify_digest(key.sign_digest(bytes(64)), bytes(64))
    assert made.verify_digest(key.sign_digest(bytes(64)), (1).to_bytes(64, "little"))


def spki(raw: bytes, *, algorithm: str = "1.2.398.3.10.1.1.2.2", parameters: tuple[str, ...] = ()) -> bytes:
    named = parameters or ("1.2.398.3.10.1.1.2.2.1", "1.2.398.3.10.1.3.3")
    return making.spki_of(algorithm, named, raw)


def point(x: int, y: int) -> bytes:
    return x.to_bytes(64, "little") + y.to_bytes(64, "little")


def test_keys_that_are_none() -> None:
    curve = curves.TC26_512_A
    x, y = curve.x, curve.y
    assert public_key(spki(point(x, y))) is not None
    for raw in (
        point(x, y + 1),
        point(x + curve.p, y),
        point(0, 0),
        point(x, y)[:-1],
        point(x, y) + b"\0",
        b"",
    ):
        assert public_key(spki(raw)) is None
    assert public_key(spki(point(x, y), parameters=("1.2.398.3.10.1.1.2.2.9",))) is None
    assert public_key(spki(point(x, y), parameters=("1.2.398.3.10.1.1.2.1.1",))) is None
    assert public_key(spki(point(x, y), parameters=("1.2.398.3.10.1.1.2.2.1", "1.2.398.3.10.1.3.2"))) is None
    assert public_key(spki(point(x, y), algorithm="1.2.398.3.10.1.1.1.1")) is None
    assert public_key(spki(point(x, y), algorithm="1.2.398.3.10.1.1.2.1")) is None
    for garbage in (b"", b"\x30\x00", spki(point(x, y))[:-1], spki(point(x, y)) + b"\0"):
        assert public_key(garbage) is None


def test_a_point_of_a_small_order_is_no_key() -> None:
    """The curve of 256 bits has four times as many points as its group."""
    curve = curves.TC26_256_A
    found = 0
    for x in range(60):
        square = (x * x * x + curve.a * x + curve.b) % curve.p
        y = pow(square, (curve.p + 1) // 4, curve.p)
        if y * y % curve.p != square:
            continue
        four_times = curve.sum(0, (x, y), 4)
        assert four_times is not None
        assert curve.holds(four_times)
        found += not curve.holds((x, y))
    assert found > 5
