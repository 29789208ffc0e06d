"""The codewords are those the library makes itself."""

import random

import pytest
import qrcode
from qrcode import util
from qrcode.exceptions import DataOverflowError

from desktop.documents import qr


def _theirs(text: str, mask: int | None) -> list[list[bool]]:
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4, mask_pattern=mask)
    code.add_data(text)
    code.make(fit=True)
    return code.get_matrix()


@pytest.mark.parametrize("signs", ["0123456789", util.ALPHA_NUM.decode(), "abcdefҚ/:. 0123456789ABC"])
def test_codes_of_every_length_are_the_librarys(signs: str) -> None:
    chance = random.Random(signs)
    for many in [*range(1, 40), 61, 62, 149, 150, 411, 412, 667, 700, 1000]:
        text = "".join(chance.choice(signs) for _ in range(many))
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M)
        code.add_data(text)
        code.best_fit()
        assert qr._version(code.data_list) == code.version
        theirs = util.create_data(code.version, code.error_correction, code.data_list)
        assert qr.codewords(code.data_list, code.version) == theirs


def test_every_version_has_its_blocks() -> None:
    for version in range(1, 41):
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M)
        code.add_data(f"https://status.ruqsat.invalid/l/{version}"[: version * 8])
        theirs = util.create_data(version, code.error_correction, code.data_list)
        assert qr.codewords(code.data_list, version) == theirs


def test_modules_and_masks_are_the_librarys() -> None:
    address = "https://status.ruqsat.invalid/l/18000123"
    assert qr.modules(address) == _theirs(address, None)
    dense = "KZL1:" + "0A9$%*" * 60
    assert qr.modules(dense) == _theirs(dense, qr.DENSE_MASK)


def test_what_no_code_holds_is_refused() -> None:
    with pytest.raises(DataOverflowError):
        qr.picture("A" * 4000)


def test_nothing_to_say_is_no_code() -> None:
    assert qr.picture("") == (b"", 0)
