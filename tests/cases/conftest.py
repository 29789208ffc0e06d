"""Files and pictures the commands are given."""

from io import BytesIO

import pytest
from PIL import Image


@pytest.fixture(scope="session")
def seal() -> bytes:
    """A PNG a seal could be."""
    out = BytesIO()
    Image.new("RGBA", (128, 128), (0, 0, 160, 90)).save(out, "PNG")
    return out.getvalue()
