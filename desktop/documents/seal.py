"""Checks the image of the office's seal before it may stand on papers, and makes it ready for them."""

import struct
import warnings
from io import BytesIO

from PIL import Image, ImageChops

from desktop.errors import BadInput

LIMIT = 2 * 1024 * 1024  # bytes of the uploaded file
LEAST, MOST = 200, 4000  # pixels of a side, read from the header before anything is decoded
_SIDE = 850  # pixels: 36 mm at 600 dpi, the most a paper shows
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PAPER = 235  # a background at least this light counts as white
_INK = 0.005  # the least part of the picture that must be drawn on


def prepared(content: bytes, *, field: str = "seal") -> bytes:
    """Return ``content`` as a plain 8-bit RGBA PNG, no larger than a paper can show, without metadata.

    Raises BadInput at ``field``: "seal-too-large" (limit, bytes), "seal-not-png" (also damaged or
    animated), "seal-size" (least, most: pixels of a side), "seal-background" (neither white nor
    transparent at its edge), "seal-blank".
    """
    if len(content) > LIMIT:
        raise BadInput("seal-too-large", field=field, limit=LIMIT)
    if not content.startswith(_SIGNATURE) or content[12:16] != b"IHDR" or len(content) < 33:
        raise BadInput("seal-not-png", field=field)
    width, height = struct.unpack_from(">II", content, 16)
    if not (LEAST <= width <= MOST and LEAST <= height <= MOST):
        raise BadInput("seal-size", field=field, least=LEAST, most=MOST)
    image = _decoded(content, field)
    ink = _ink(image)
    if _edge(ink) > 0.02:
        raise BadInput("seal-background", field=field)
    if sum(ink.histogram()[128:]) < _INK * width * height:
        raise BadInput("seal-blank", field=field)
    image.thumbnail((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    made = BytesIO()
    image.save(made, "PNG", optimize=True)
    return made.getvalue()


def _decoded(content: bytes, field: str) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=("PNG",)) as opened:
                if getattr(opened, "n_frames", 1) > 1:
                    raise BadInput("seal-not-png", field=field)
                opened.load()
                plain = Image.new("RGBA", opened.size)
                plain.paste(opened.convert("RGBA"))
                return plain
    except (
        OSError,
        SyntaxError,
        ValueError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise BadInput("seal-not-png", field=field) from error


def _ink(image: Image.Image) -> Image.Image:
    """255 where a printer would put ink on white paper, 0 elsewhere."""
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image)
    darkest = ImageChops.darker(
        ImageChops.darker(paper.getchannel(0), paper.getchannel(1)), paper.getchannel(2)
    )
    return darkest.point(lambda level: 0 if level >= _PAPER else 255)


def _edge(ink: Image.Image) -> float:
    """The part of the four edges that is not paper."""
    width, height = ink.size
    sides = (
        (0, 0, width, 1),
        (0, height - 1, width, height),
        (0, 0, 1, height),
        (width - 1, 0, width, height),
    )
    dark = sum(sum(ink.crop(side).histogram()[128:]) for side in sides)
    return dark / (2 * (width + height))
