"""What may and what may not become the office's seal."""

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, ImageDraw

from desktop import resources
from desktop.documents import seal
from desktop.errors import BadInput


def _png(image: Image.Image, **options: Any) -> bytes:
    made = io.BytesIO()
    image.save(made, "PNG", **options)
    return made.getvalue()


def _round(
    size: int, mode: str = "RGBA", paper: Any = (0, 0, 0, 0), ink: Any = (20, 60, 160, 255)
) -> Image.Image:
    image = Image.new(mode, (size, size), paper)
    ImageDraw.Draw(image).ellipse((20, 20, size - 20, size - 20), outline=ink, width=size // 20)
    return image


def _refusal(content: bytes) -> str:
    with pytest.raises(BadInput) as refused:
        seal.prepared(content)
    assert refused.value.field == "seal"
    return refused.value.code


def test_the_specimen_is_fit() -> None:
    assert seal.prepared(resources.path("stamp", "specimen-seal.png").read_bytes()).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "image",
    [
        _round(400),
        _round(400, "RGB", "white", (10, 10, 90)),
        _round(400, "L", 255, 0),
    ],
)
def test_transparent_and_white_grounds_are_fit(image: Image.Image) -> None:
    with Image.open(io.BytesIO(seal.prepared(_png(image)))) as fit:
        assert fit.mode == "RGBA"


def test_a_large_picture_is_brought_down_and_loses_its_metadata() -> None:
    from PIL.PngImagePlugin import PngInfo

    told = PngInfo()
    told.add_text("Author", "someone")
    with Image.open(io.BytesIO(seal.prepared(_png(_round(2000), pnginfo=told)))) as fit:
        assert max(fit.size) == 850
        assert "Author" not in fit.info


def test_other_files_are_refused() -> None:
    jpeg = io.BytesIO()
    _round(300, "RGB", "white", "blue").save(jpeg, "JPEG")
    assert _refusal(b"") == "seal-not-png"
    assert _refusal(jpeg.getvalue()) == "seal-not-png"
    assert _refusal(_png(_round(400))[:300]) == "seal-not-png"
    assert _refusal(b"\x89PNG\r\n\x1a\n" + b"\0" * (3 * 1024 * 1024)) == "seal-too-large"


def test_an_animation_is_refused() -> None:
    frames = [_round(300), _round(300, ink=(160, 0, 0, 255))]
    assert _refusal(_png(frames[0], save_all=True, append_images=frames[1:])) == "seal-not-png"


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    header = struct.pack(">II5B", 60_000, 60_000, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    assert _refusal(b"\x89PNG\r\n\x1a\n" + chunk) == "seal-size"
    assert _refusal(_png(_round(100))) == "seal-size"


def test_a_photograph_and_an_empty_sheet_are_refused() -> None:
    assert _refusal(_png(Image.new("RGB", (400, 400), (120, 90, 60)))) == "seal-background"
    assert _refusal(_png(Image.new("RGBA", (400, 400), (0, 0, 0, 0)))) == "seal-blank"
    assert _refusal(_png(Image.new("L", (400, 400), 255))) == "seal-blank"
