"""Two codes on a paper: both are read from its picture, worn as paper gets worn, and the page stands as before."""

import io
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import qrcode
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter
from qrcode.util import MODE_ALPHA_NUM, QRData

from desktop.documents import qr
from desktop.documents.drawing import draw
from desktop.regulation.model import DocumentKind, Text
from tests.documents.paper_facts import DEMO, HOLDER, LICENCE, ORDINARY, changed, longest, unbreakable
from tests.documents.test_drawing import MM, SEAL, _flat, _pictures, _stands_well
from tests.eds.codes.samples import FACTS, HUGE, opened

KINDS = [DocumentKind.LICENCE, DocumentKind.REFUSAL, DocumentKind.TERMINATION, DocumentKind.NOTICE]
URL = "https://status.ruqsat.invalid/l/2018-05%2F18"


def paper(kind: DocumentKind, make: Callable[[Any], Any] = lambda facts: facts, **more: Any) -> Any:
    """The usual facts with the largest code there is; its words do not matter to the page."""
    url = ORDINARY[kind].status_url or URL
    return changed(
        make(changed(ORDINARY[kind], status_url=url, by_hand=False)), code=opened().sign(HUGE), **more
    )


def read(picture: Image.Image) -> set[str]:
    return {code.text for code in zxingcpp.read_barcodes(picture)}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("make", [lambda facts: facts, longest, unbreakable])
def test_both_codes_are_read_from_a_picture_of_100_dots_to_the_inch(
    kind: DocumentKind, make: Any, tmp_path: Path
) -> None:
    facts = paper(kind, make)
    found = [read(page) for page in _pictures(draw(kind, facts, SEAL), 100, tmp_path)]
    bearing = [codes for codes in found if codes]
    assert bearing == [{facts.code, facts.status_url}] * (2 if kind is DocumentKind.LICENCE else 1)


def blurred(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(0.5))


def turned(picture: Image.Image) -> Image.Image:
    return picture.rotate(3, Image.Resampling.BICUBIC, expand=True, fillcolor="white")


def pressed(picture: Image.Image) -> Image.Image:
    kept = io.BytesIO()
    picture.convert("RGB").save(kept, "JPEG", quality=50)
    return Image.open(kept)


@pytest.mark.parametrize("wear", [blurred, turned, pressed])
def test_both_codes_are_read_after_wear(wear: Callable[[Image.Image], Image.Image], tmp_path: Path) -> None:
    facts = paper(DocumentKind.LICENCE)
    for page in _pictures(draw(DocumentKind.LICENCE, facts, SEAL), 100, tmp_path):
        assert read(wear(page)) == {facts.code, facts.status_url}


@pytest.mark.parametrize("seed", range(8))
def test_both_codes_are_read_with_a_blot_of_four_per_cent_on_each(seed: int, tmp_path: Path) -> None:
    facts = paper(DocumentKind.LICENCE)
    page = _pictures(draw(DocumentKind.LICENCE, facts, SEAL), 100, tmp_path)[0].convert("RGB")
    pen = ImageDraw.Draw(page)
    chance = random.Random(seed)
    for code in zxingcpp.read_barcodes(page):
        corners = (code.position.top_left, code.position.bottom_right)
        left, top, right, bottom = (value for corner in corners for value in (corner.x, corner.y))
        side = 0.2 * (right - left)  # 0.2 squared is 4 %
        x = chance.uniform(left + 0.3 * (right - left), right - 0.5 * (right - left))
        y = chance.uniform(top + 0.3 * (bottom - top), bottom - 0.5 * (bottom - top))
        pen.ellipse((x, y, x + side * 1.128, y + side * 1.128), fill=(60, 40, 20))  # a disc of that area
    assert read(page) == {facts.code, facts.status_url}


@pytest.mark.parametrize("text", [opened().sign(FACTS), opened().sign(HUGE)])
def test_the_modules_are_those_another_program_draws(text: str) -> None:
    """zxing-cpp draws the same code module for module, by one of the eight masks; capitals in alphanumeric mode."""
    svg, side = qr.picture(text)
    theirs = [
        [value == 0 for value in row]
        for row in memoryview(
            zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_image(scale=1)
        ).tolist()
    ]
    assert len(theirs) == side
    ours = []
    for mask in range(8):
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4, mask_pattern=mask)
        code.add_data(QRData(text, mode=MODE_ALPHA_NUM))
        code.make(fit=True)
        ours.append(code.get_matrix())
    assert theirs in ours
    runs = "".join(qr.lines(row, y) for y, row in enumerate(ours[qr.DENSE_MASK]))
    assert f'd="{runs}"' in svg.decode()
    assert side <= 89 + 8


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("make", [lambda facts: facts, longest, unbreakable])
def test_nothing_leaves_the_page_and_no_words_overlap(kind: DocumentKind, make: Any) -> None:
    edge = 13 * MM if kind is DocumentKind.LICENCE else 10 * MM
    _stands_well(draw(kind, paper(kind, make), SEAL), edge)
    _stands_well(draw(kind, replace(paper(kind, make), code="", code_awaited=True), SEAL), edge)


@pytest.mark.parametrize("demo", [True, False])
@pytest.mark.parametrize("length", range(20, 301, 35))
def test_a_licence_with_both_codes_stands_well_whatever_grows(length: int, demo: bool) -> None:
    words = ("Щедрый Мұңлық Ұлытау " * 20)[:length].strip()
    text = Text(words, words)
    office = replace(DEMO, is_demo=demo)
    base = paper(DocumentKind.LICENCE, office=office)
    grown = (
        replace(base, holder=replace(HOLDER, name=text)),
        replace(base, conditions=text, site=words),
        replace(base, office=replace(office, name=text, address=text)),
        replace(base, sub_types=(Text("Терапия", "Терапия"),) * (length // 20)),
        replace(base, holder=replace(HOLDER, address=words), sub_types=(text, text)),
        replace(base, signer=replace(base.signer, name=Text(words[:100], words[:100]), acting_order="№ 45-ж, 12.07.2018")),
    )  # fmt: skip
    for facts in grown:
        pdf = draw(DocumentKind.LICENCE, facts, SEAL)
        _stands_well(pdf, 13 * MM)
        with pikepdf.open(io.BytesIO(pdf)) as opened_pdf:
            assert len(opened_pdf.pages) == 2


def test_a_draft_marks_the_place_and_says_when_the_code_comes(tmp_path: Path) -> None:
    draft = replace(LICENCE, code_awaited=True)
    said = _flat(draw(DocumentKind.LICENCE, draft, SEAL))
    assert said.count("Код қол қойылғанда") == 2
    assert said.count("Код появится при подписании") == 2
    assert [read(page) for page in _pictures(draw(DocumentKind.LICENCE, draft, SEAL), 150, tmp_path)] == [
        {draft.status_url}
    ] * 2
    for facts in (LICENCE, paper(DocumentKind.LICENCE)):
        assert "Код появится" not in _flat(draw(DocumentKind.LICENCE, facts, SEAL))


def test_a_paper_with_a_code_is_pdf_a_and_described_and_always_the_same() -> None:
    facts = paper(DocumentKind.LICENCE)
    pdf = draw(DocumentKind.LICENCE, facts, SEAL)
    assert draw(DocumentKind.LICENCE, facts, SEAL) == pdf
    with pikepdf.open(io.BytesIO(pdf)) as opened_pdf:
        alts = [
            str(item.Alt)
            for item in opened_pdf.objects
            if isinstance(item, pikepdf.Dictionary) and "/Alt" in item
        ]
        with opened_pdf.open_metadata() as told:
            assert (told["pdfaid:part"], told["pdfaid:conformance"]) == ("2", "A")
    assert f"KZL1: № {facts.number}" in alts
