"""Codes are read off photographs, scans and PDFs; a hostile file costs a child process and nothing else."""

import io

import pytest
from PIL import Image, ImageFilter

from desktop.documents.drawing import draw
from desktop.eds.codes import pages
from desktop.eds.codes.pictures import codes_in, codes_on, paper_read
from desktop.errors import NotAllowed
from desktop.regulation.model import DocumentKind
from tests.documents.paper_facts import LICENCE, changed, longest
from tests.documents.test_drawing import SEAL
from tests.eds.codes.samples import FACTS, opened


@pytest.fixture(scope="module")
def code() -> str:
    return opened().sign(FACTS)


@pytest.fixture(scope="module")
def pdf(code: str) -> bytes:
    return draw(DocumentKind.LICENCE, changed(LICENCE, code=code), SEAL)


def test_a_pdf_gives_its_codes_and_its_words(pdf: bytes, code: str) -> None:
    read = paper_read(pdf)
    assert set(read.codes) == {code, LICENCE.status_url}
    for word in (LICENCE.number, LICENCE.holder.identifier, "МЕМЛЕКЕТТІК ЛИЦЕНЗИЯ"):
        assert word in read.text


def test_a_licence_of_many_pages_gives_its_codes(code: str) -> None:
    facts = changed(longest(LICENCE), code=code)
    assert code in codes_in(draw(DocumentKind.LICENCE, facts, SEAL))


def _page(pdf: bytes, dots: int) -> Image.Image:
    with pages.pages_of(pdf) as drawn:
        picture = next(drawn).picture
    return picture.resize(
        (picture.width * dots // pages.DOTS_PER_INCH, picture.height * dots // pages.DOTS_PER_INCH),
        Image.Resampling.LANCZOS,
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_a_photograph_gives_its_codes(pdf: bytes, code: str, kind: str) -> None:
    kept = io.BytesIO()
    _page(pdf, 120).convert("RGB").rotate(3, Image.Resampling.BICUBIC, expand=True, fillcolor="white").save(
        kept, kind
    )
    assert set(codes_in(kept.getvalue())) == {code, LICENCE.status_url}


@pytest.mark.parametrize("turn", [0, 3, 90, 180])
def test_a_blurred_scan_of_100_dots_is_read_enlarged(pdf: bytes, code: str, turn: int) -> None:
    page = _page(pdf, 100).filter(ImageFilter.GaussianBlur(0.7))
    turned = page.rotate(turn, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    assert set(codes_on(turned)) == {code, LICENCE.status_url}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "code-file-kind"),
        (b"GIF89a....", "code-file-kind"),
        (b"MZ\0\0", "code-file-kind"),
        (b"%PDF-1.7\n broken", "paper-unreadable"),
        (b"\x89PNG\r\n\x1a\n broken", "paper-unreadable"),
        (b"\xff\xd8\xff\xe0 broken", "paper-unreadable"),
    ],
)
def test_what_is_no_picture_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(NotAllowed, match=code):
        codes_in(content)


def test_a_picture_of_900_million_pixels_costs_nothing() -> None:
    bomb = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(bomb, "PNG")
    with pytest.raises(NotAllowed, match="paper-"):
        codes_in(bomb.getvalue())


def test_a_child_that_takes_too_long_is_ended(pdf: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "WALL_SECONDS", 0.01)
    with pytest.raises(NotAllowed, match="paper-too-large"):
        codes_in(pdf)


def test_a_file_that_is_too_large_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_BYTES", 10)
    with pytest.raises(NotAllowed, match="code-file-too-large"):
        codes_in(b"%PDF-1.7 and more")


def test_a_large_photograph_is_looked_at_smaller(
    pdf: bytes, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = io.BytesIO()
    _page(pdf, 200).save(kept, "PNG")
    monkeypatch.setattr(pages, "MOST_PIXELS", 2_000_000)
    assert code in codes_in(kept.getvalue())


def test_a_page_without_codes_has_none() -> None:
    kept = io.BytesIO()
    Image.new("L", (300, 300), 255).save(kept, "PNG")
    assert codes_in(kept.getvalue()) == ()
