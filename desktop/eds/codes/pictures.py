"""Reads QR codes off pictures: photographs, scans, pages of a PDF."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import zxingcpp
from PIL import Image, ImageFilter

from desktop.eds.codes.pages import pages_of
from desktop.eds.codes.reading import MOST_TEXT, is_code

_SMALL = 5_000_000  # pixels: a picture that may be looked at enlarged too
_MOST_CODES = 64  # of one file


@dataclass(frozen=True, slots=True)
class PaperRead:
    """What a file shows: the texts of its codes in the order of the pages, and the words of a PDF.

    ``whole``: every page was looked at.
    """

    codes: tuple[str, ...]
    text: str = ""
    whole: bool = True

    @property
    def scan(self) -> bool:
        """Whether it is a picture and no more: there is not a word in it, on any page."""
        return self.whole and not self.text.strip()


def codes_in(content: bytes) -> tuple[str, ...]:
    """Return the texts of the QR codes in a PDF or an image, each once; NotAllowed as ``pages_of``."""
    return paper_read(content).codes


def paper_read(content: bytes) -> PaperRead:
    """Return the codes and the words of a PDF or an image; NotAllowed as ``pages_of``."""
    found: dict[str, None] = {}
    words: list[str] = []
    count = 0
    with pages_of(content) as pages:
        for page in pages:
            words.append(page.text)
            count = page.count
            for code in codes_on(page.picture):
                if len(found) < _MOST_CODES:
                    found[code] = None
    return PaperRead(tuple(found), "\n".join(words), len(words) == count)


def codes_on(picture: Image.Image) -> tuple[str, ...]:
    """Return the texts of the QR codes on one picture.

    A code of ours is dense: where none is seen at first, the picture is looked at again enlarged and sharpened,
    which reads a blurred scan of 100 dots to the inch.
    """
    found: dict[str, None] = {}
    read: Any = zxingcpp.read_barcodes  # its stub knows no single format
    for seen in _looks(picture.convert("L")):
        for code in read(seen, formats=zxingcpp.BarcodeFormat.QRCode):
            if 0 < len(code.text) <= MOST_TEXT:
                found[code.text] = None
        if any(map(is_code, found)):
            break
    return tuple(found)


def _looks(picture: Image.Image) -> Iterator[Image.Image]:
    yield picture
    if picture.width * picture.height > _SMALL:
        return
    for times in (2, 3):
        size = (picture.width * times, picture.height * times)
        larger = picture.resize(size, Image.Resampling.BICUBIC)
        yield larger.filter(ImageFilter.UnsharpMask(times, 200, 0))
