"""The codes are those of the library, and what none holds is refused."""

import pytest
import qrcode
from qrcode.exceptions import DataOverflowError

from desktop.documents import qr


def _theirs(text: str, mask: int | None) -> list[list[bool]]:
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4, mask_pattern=mask)
    code.add_data(text)
    code.make(fit=True)
    return code.get_matrix()


def test_an_address_has_the_best_mask_and_a_dense_code_its_own() -> None:
    address = "https://status.ruqsat.invalid/l/18000123"
    assert qr.modules(address) == _theirs(address, None)
    dense = "KZL1:" + "0A9$%*" * 60
    assert qr.modules(dense) == _theirs(dense, qr.DENSE_MASK)


def test_what_no_code_holds_is_refused() -> None:
    with pytest.raises((DataOverflowError, ValueError)):
        qr.picture("A" * 4000)


def test_nothing_to_say_is_no_code() -> None:
    assert qr.picture("") == (b"", 0)
