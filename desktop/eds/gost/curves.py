"""Curves of GOST 34.10 and the sum of two multiples on them, in plain integers: for verifying, where nothing is secret."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

Point = tuple[int, int]
"""Affine coordinates; None stands for infinity."""

_Jacobian = tuple[int, int, int]
_INFINITY: _Jacobian = (1, 1, 0)
_BASE_WINDOW, _KEY_WINDOW = 7, 5


@dataclass(frozen=True, slots=True)
class Curve:
    """y² = x³ + ax + b over the field of ``p`` elements; the base point (x, y) is of prime order ``q``."""

    name: str
    p: int
    a: int
    b: int
    q: int
    x: int
    y: int
    cofactor: int = 1

    @property
    def size(self) -> int:
        """Bytes of one coordinate: 32 or 64."""
        return (self.p.bit_length() + 7) // 8

    def holds(self, point: Point) -> bool:
        """Whether the point is a public key: in range, on the curve and of order ``q``."""
        x, y = point
        if not (0 <= x < self.p and 0 <= y < self.p):
            return False
        if (y * y - (x * x + self.a) * x - self.b) % self.p:
            return False
        return self.cofactor == 1 or self.sum(0, point, self.q) is None

    def sum(self, u: int, point: Point, v: int) -> Point | None:
        """Return ``u`` times the base point plus ``v`` times ``point``, both at once (Straus, windows in NAF)."""
        base, other = _multiples(self, (self.x, self.y), _BASE_WINDOW), _odd(self, point, _KEY_WINDOW)
        first, second = _naf(u, _BASE_WINDOW), _naf(v, _KEY_WINDOW)
        total = _INFINITY
        for place in range(max(len(first), len(second)) - 1, -1, -1):
            total = _double(self, total)
            for digits, table in ((first, base), (second, other)):
                digit = digits[place] if place < len(digits) else 0
                if digit:
                    x, y = table[abs(digit) >> 1]
                    total = _add(self, total, (x, y if digit > 0 else self.p - y))
        return _affine(self, total)


def _naf(value: int, window: int) -> list[int]:
    """Return the digits, the lowest first: each 0 or odd and below 2**(window-1) in size."""
    digits, span = [], 1 << window
    while value:
        digit = 0
        if value & 1:
            digit = value & (span - 1)
            if digit >= span >> 1:
                digit -= span
            value -= digit
        digits.append(digit)
        value >>= 1
    return digits


@lru_cache(maxsize=16)
def _multiples(curve: Curve, point: Point, window: int) -> tuple[Point, ...]:
    return _odd(curve, point, window)


def _odd(curve: Curve, point: Point, window: int) -> tuple[Point, ...]:
    """Return 1, 3, 5, … times the point, as many as a window needs."""
    doubled = _affine(curve, _double(curve, (*point, 1)))
    if doubled is None:  # of order two: no key
        return (point,) * (1 << (window - 2))
    told = [(*point, 1)]
    while len(told) < 1 << (window - 2):
        told.append(_add(curve, told[-1], doubled))
    return tuple(_all_affine(curve, told))


def _all_affine(curve: Curve, points: list[_Jacobian]) -> Iterator[Point]:
    """One inversion for all; a multiple that vanished (a key of tiny order) leaves the point as no point of a key."""
    p, products, product = curve.p, [], 1
    for _, _, z in points:
        products.append(product)
        product = product * (z or 1) % p
    inverse, told = pow(product, -1, p), []
    for (x, y, z), before in zip(reversed(points), reversed(products), strict=True):
        one = inverse * before % p
        inverse = inverse * (z or 1) % p
        square = one * one % p
        told.append((x * square % p, y * square * one % p))
    return reversed(told)


def _affine(curve: Curve, point: _Jacobian) -> Point | None:
    x, y, z = point
    if not z:
        return None
    inverse = pow(z, -1, curve.p)
    square = inverse * inverse % curve.p
    return x * square % curve.p, y * square * inverse % curve.p


def _double(curve: Curve, point: _Jacobian) -> _Jacobian:
    x, y, z = point
    p = curve.p
    if not z or not y:
        return _INFINITY
    yy, zz = y * y % p, z * z % p
    s = 4 * x * yy % p
    m = (3 * (x - zz) * (x + zz) if curve.a == p - 3 else 3 * x * x + curve.a * zz * zz) % p
    told = (m * m - 2 * s) % p
    return told, (m * (s - told) - 8 * yy * yy) % p, 2 * y * z % p


def _add(curve: Curve, point: _Jacobian, other: Point) -> _Jacobian:
    x, y, z = point
    p = curve.p
    if not z:
        return (*other, 1)
    zz = z * z % p
    h, r = (other[0] * zz - x) % p, (other[1] * zz * z - y) % p
    if not h:
        return _double(curve, point) if not r else _INFINITY
    hh = h * h % p
    hhh, v = h * hh % p, x * hh % p
    told = (r * r - hhh - 2 * v) % p
    return told, (r * (v - told) - y * hhh) % p, z * h % p


def _named(name: str, cofactor: int, **values: str) -> Curve:
    return Curve(name, cofactor=cofactor, **{key: int(text, 16) for key, text in values.items()})


TC26_512_A = _named(
    "id-tc26-gost-3410-12-512-paramSetA",
    1,
    p="f" * 125 + "dc7",
    a="f" * 125 + "dc4",
    b="e8c2505dedfc86ddc1bd0b2b6667f1da34b82574761cb0e879bd081cfd0b6265"
    "ee3cb090f30d27614cb4574010da90dd862ef9d4ebee4761503190785a71c760",
    q="f" * 64 + "27e69532f48d89116ff22b8d4e0560609b4b38abfad2b85dcacdb1411f10b275",
    x="3",
    y="7503cfe87a836ae3a61b8816e25450e6ce5e1c93acf1abc1778064fdcbefa921"
    "df1626be4fd036e93d75e6a50e3a41e98028fe5fc235f5b889a589cb5215f2a4",
)
TC26_512_B = _named(
    "id-tc26-gost-3410-12-512-paramSetB",
    1,
    p="8" + "0" * 125 + "6f",
    a="8" + "0" * 125 + "6c",
    b="687d1b459dc841457e3e06cf6f5e2517b97c7d614af138bcbf85dc806c4b289f"
    "3e965d2db1416d217f8b276fad1ab69c50f78bee1fa3106efb8ccbc7c5140116",
    q="8" + "0" * 62 + "149a1ec142565a545acfdb77bd9d40cfa8b996712101bea0ec6346c54374f25bd",
    x="2",
    y="1a8f7eda389b094c2c071e3647a8940f3c123b697578c213be6dd9e6c8ec7335"
    "dcb228fd1edf4a39152cbcaaf8c0398828041055f94ceeec7e21340780fe41bd",
)
TC26_256_A = _named(
    "id-tc26-gost-3410-2012-256-paramSetA",
    4,
    p="f" * 61 + "d97",
    a="c2173f1513981673af4892c23035a27ce25e2013bf95aa33b22c656f277e7335",
    b="295f9bae7428ed9ccc20e7c359a9d41a22fccd9108e17bf7ba9337a6f8ae9513",
    q="400000000000000000000000000000000fd8cddfc87b6635c115af556c360c67",
    x="91e38443a5e82c0d880923425712b2bb658b9196932e02c78b2582fe742daa28",
    y="32879423ab1a0375895786c4bb46e9565fde0b5344766740af268adb32322e5c",
)
CRYPTOPRO_A = _named(
    "id-GostR3410-2001-CryptoPro-A-ParamSet",
    1,
    p="f" * 61 + "d97",
    a="f" * 61 + "d94",
    b="a6",
    q="ffffffffffffffffffffffffffffffff6c611070995ad10045841b09b761b893",
    x="1",
    y="8d91e471e0989cda27df505a453f2b7635294f2ddf23e3b122acc99c9e9f1e14",
)
CRYPTOPRO_B = _named(
    "id-GostR3410-2001-CryptoPro-B-ParamSet",
    1,
    p="8" + "0" * 60 + "c99",
    a="8" + "0" * 60 + "c96",
    b="3e1af419a269a5f866a7d3c25c3df80ae979259373ff2b182f49d4ce7e1bbc8b",
    q="800000000000000000000000000000015f700cfff1a624e5e497161bcc8a198f",
    x="1",
    y="3fa8124359f96680b83d1c3eb2c070e5c545c9858d03ecfb744bf8d717717efc",
)
CRYPTOPRO_C = _named(
    "id-GostR3410-2001-CryptoPro-C-ParamSet",
    1,
    p="9b9f605f5a858107ab1ec85e6b41c8aacf846e86789051d37998f7b9022d759b",
    a="9b9f605f5a858107ab1ec85e6b41c8aacf846e86789051d37998f7b9022d7598",
    b="805a",
    q="9b9f605f5a858107ab1ec85e6b41c8aa582ca3511eddfb74f02f3a6598980bb9",
    x="0",
    y="41ece55743711a8c3cbf3783cd08c0ee4d4dc440d4641a8f366e550dfdb3bb67",
)
