"""The papers as files: what they say, how they are made, and that nothing on them is cut or overlaps."""

import io
import re
import subprocess
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf
import pytest
import zxingcpp
from PIL import Image

from desktop import resources
from desktop.documents import drawing
from desktop.documents.drawing import draw
from desktop.errors import BadInput, Unavailable
from desktop.regulation.model import DocumentKind, Text
from tests.documents.paper_facts import (
    ACTING,
    COMMISSION,
    DECISION,
    DEMO,
    HOLDER,
    LICENCE,
    ORDINARY,
    changed,
    longest,
    unbreakable,
)

KINDS = list(DocumentKind)
SIGNED = [DocumentKind.LICENCE, DocumentKind.REFUSAL, DocumentKind.TERMINATION, DocumentKind.ATTESTATION]
SEAL = resources.path("stamp", "specimen-seal.png").read_bytes()
SPECIMEN = "ҮЛГІ · ОБРАЗЕЦ — заңдық күші жоқ / юридической силы не имеет"
MM = 72 / 25.4


class Word(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float
    text: str


def _tool(*command: str, stdin: bytes) -> bytes:
    return subprocess.run(command, input=stdin, capture_output=True, check=True).stdout


def _text(pdf: bytes) -> str:
    return _tool("pdftotext", "-", "-", stdin=pdf).decode()


def _flat(pdf: bytes) -> str:
    return " ".join(_text(pdf).split())


def _pages_of_words(pdf: bytes) -> list[list[Word]]:
    said = _tool("pdftotext", "-bbox", "-", "-", stdin=pdf).decode()
    word = re.compile(r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>')
    return [
        [Word(*map(float, found[:4]), found[4]) for found in word.findall(page)]
        for page in said.split("<page ")[1:]
    ]


def _pictures(pdf: bytes, dpi: int, tmp_path: Path) -> list[Image.Image]:
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", "-", str(tmp_path / "page")], input=pdf, check=True)
    return [Image.open(io.BytesIO(page.read_bytes())) for page in sorted(tmp_path.glob("page*.png"))]


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_facts_give_the_same_bytes(kind: DocumentKind) -> None:
    first = draw(kind, ORDINARY[kind], SEAL)
    draw(DocumentKind.LICENCE, replace(LICENCE, number="18000999"), None)
    assert draw(kind, ORDINARY[kind], SEAL) == first


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_tagged_pdf_a_2a_in_kazakh(kind: DocumentKind) -> None:
    with pikepdf.open(io.BytesIO(draw(kind, ORDINARY[kind], SEAL))) as pdf:
        with pdf.open_metadata() as told:
            assert (told["pdfaid:part"], told["pdfaid:conformance"]) == ("2", "A")
            assert told["dc:title"]
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert str(pdf.Root.Lang) == "kk"
        assert pdf.Root.StructTreeRoot.K


@pytest.mark.parametrize("kind", SIGNED)
def test_pictures_are_described_for_those_who_do_not_see_them(kind: DocumentKind) -> None:
    with pikepdf.open(io.BytesIO(draw(kind, ORDINARY[kind], SEAL))) as pdf:
        alts = [
            str(item.Alt) for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/Alt" in item
        ]
    assert any(alt.startswith("Мөр / Печать") for alt in alts)
    if getattr(ORDINARY[kind], "status_url", ""):
        assert f"QR: {ORDINARY[kind].status_url}" in alts


@pytest.mark.parametrize("kind", KINDS)
def test_every_font_is_embedded_as_a_subset(kind: DocumentKind) -> None:
    lines = _tool("pdffonts", "-", stdin=draw(kind, ORDINARY[kind], SEAL)).decode().splitlines()[2:]
    assert lines
    for line in lines:
        assert re.match(r"[A-Z]{6}\+", line), line
        assert line.split()[-5:-2] == ["yes", "yes", "yes"], line


def test_kazakh_letters_come_out_exactly() -> None:
    letters = "ӘәҒғҚқҢңӨөҰұҮүҺһІі ₸ № «ёЁ» – 12 АЕК"
    said = _flat(draw(DocumentKind.LICENCE, replace(LICENCE, site=letters), None))
    assert letters in said
    assert "МЕМЛЕКЕТТІК ЛИЦЕНЗИЯ ГОСУДАРСТВЕННАЯ ЛИЦЕНЗИЯ" in said
    assert "Иеліктен шығарылмайтын, 1-сынып" in said
    assert "Неотчуждаемая, класс 1" in said
    assert "Ескерту" not in _text(draw(DocumentKind.LICENCE, replace(LICENCE, note=None), None))


def test_a_duplicate_says_so_on_both_pages_and_on_which_day():
    day = date(2019, 3, 4)
    said = _text(draw(DocumentKind.LICENCE, replace(LICENCE, duplicate_on=day), SEAL))
    for word in ("ТЕЛНҰСҚА", "ДУБЛИКАТ"):
        assert said.count(word) == 2
        assert word not in _text(draw(DocumentKind.LICENCE, LICENCE, SEAL))
    assert said.count("04.03.2019") == 4
    assert LICENCE.number in said


def test_a_decision_of_the_commission_has_the_number_the_day_and_the_foot_of_who_signs_it() -> None:
    """Signed by hand it goes by the protocol's number; signed electronically it has its own, and cites the protocol."""
    by_hand = _flat(draw(DocumentKind.ATTESTATION, COMMISSION, None))
    assert COMMISSION.members[0].name.kk in by_hand
    assert f"№ {COMMISSION.number} 16.07.2018" in by_hand
    said = _flat(draw(DocumentKind.ATTESTATION, DECISION, SEAL))
    assert "№ 2018/9 18.07.2018" in said
    assert f"16 шілде күнгі № {COMMISSION.number} хаттамасы" in said
    assert f"протокола аттестационной комиссии № {COMMISSION.number} от 16 июля" in said
    assert "ЭЦҚ-мен қол қойылды / Подписано ЭЦП" in said
    assert COMMISSION.members[0].name.kk not in said


def test_the_licence_says_who_signed_it_when_and_by_what_order() -> None:
    said = _flat(draw(DocumentKind.LICENCE, replace(LICENCE, signer=ACTING), SEAL))
    for expected in (
        "ЭЦҚ-мен қол қойылды / Подписано ЭЦП",
        ACTING.name.kk,
        ACTING.name.ru,
        ACTING.position.kk,
        "Бұйрық / Приказ: № 45-ж, 12.07.2018",
        "Басшының міндетін атқарушы",
        "Күні / Дата: 23.07.2018",
        "Заявление № 2018-000147 от 29 июня 2018 года",
        "2018 жылғы 29 маусымдағы № 2018-000147 өтініш",
    ):
        assert expected in said, expected
    assert "міндетін атқарушы" not in _flat(draw(DocumentKind.LICENCE, LICENCE, SEAL))


@pytest.mark.parametrize(
    ("month", "on", "of"),
    [
        (4, "сәуірде", "сәуірдегі"),
        (7, "шілдеде", "шілдедегі"),
        (9, "қыркүйекте", "қыркүйектегі"),
        (11, "қарашада", "қарашадағы"),
    ],
)
def test_kazakh_dates_have_the_endings_of_their_months(month: int, on: str, of: str) -> None:
    day = date(2018, month, 2)
    for kind in (DocumentKind.REFUSAL, DocumentKind.TERMINATION):
        said = _flat(draw(kind, replace(ORDINARY[kind], case_date=day), None))
        assert f"2018 жылғы 2 {on} № 2018-000147 болып тіркелген" in said.replace("\u00a0", " ")
    licence = _flat(draw(DocumentKind.LICENCE, replace(LICENCE, case_date=day), None))
    assert f"2018 жылғы 2 {of} № 2018-000147 өтініш" in licence.replace("\u00a0", " ")


def test_the_receipt_says_when_the_result_is_ready_and_counts_the_sheets() -> None:
    said = _flat(draw(DocumentKind.RECEIPT, ORDINARY[DocumentKind.RECEIPT], None))
    for moment in ("29.06.2018 16:50", "23.07.2018 18:30", "20.07.2018 18:30"):
        assert moment in said.replace("\u00a0", " "), moment
    assert "Всего листов: 9" in said
    at_the_counter = replace(ORDINARY[DocumentKind.RECEIPT], hand_over_by=None)
    assert "20.07.2018" not in _text(draw(DocumentKind.RECEIPT, at_the_counter, None))


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        (DocumentKind.REQUEST, ORDINARY[DocumentKind.REQUEST]),
        (DocumentKind.TERMINATION, replace(ORDINARY[DocumentKind.TERMINATION], by_hand=True)),
    ],
)
def test_what_the_head_signs_on_paper_is_not_said_to_be_signed_electronically(
    kind: DocumentKind, facts: Any
) -> None:
    said = _flat(draw(kind, facts, SEAL))
    assert "ЭЦП" not in said
    assert "қолы / подпись" in said
    assert facts.signer.name.kk in said


def test_the_reply_that_ends_the_consideration_is_called_as_its_act_calls_it() -> None:
    usual = ORDINARY[DocumentKind.TERMINATION]
    assert "қарау тоқтатылды" in _flat(draw(DocumentKind.TERMINATION, usual, None))
    heading = Text("Өтінішті одан әрі қараудан бас тарту", "Отказ в дальнейшем рассмотрении")
    body = Text("Өтінішті одан әрі қараудан бас тартылды.", "В дальнейшем рассмотрении отказано.")
    said = _flat(draw(DocumentKind.TERMINATION, replace(usual, heading=heading, body=body), None))
    assert "тоқтат" not in said.lower()
    assert "прекращ" not in said.lower()
    for words in (heading.kk.upper(), heading.ru.upper(), body.kk, body.ru):
        assert words in said


@pytest.mark.parametrize("kind", [DocumentKind.LICENCE, DocumentKind.REFUSAL])
@pytest.mark.parametrize("make", [lambda facts: facts, longest, unbreakable])
def test_the_qr_is_read_from_the_page_at_150_dpi(kind: DocumentKind, make: Any, tmp_path: Path) -> None:
    facts = make(ORDINARY[kind])
    pages = _pictures(draw(kind, facts, SEAL), 150, tmp_path)
    found = [code.text for page in pages for code in zxingcpp.read_barcodes(page)]
    assert found == [facts.status_url] * (2 if kind is DocumentKind.LICENCE else 1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_demo_paper_says_so_on_every_page_and_a_real_one_never(kind: DocumentKind) -> None:
    facts = longest(ORDINARY[kind])
    pages = _tool("pdftotext", "-layout", "-", "-", stdin=draw(kind, facts, SEAL)).decode().split("\f")[:-1]
    assert all(SPECIMEN in " ".join(page.split()) for page in pages)
    real = draw(kind, changed(facts, office=replace(DEMO, is_demo=False)), None)
    assert "ОБРАЗЕЦ" not in _text(real)


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_person_typed_is_never_markup(kind: DocumentKind) -> None:
    name = Text(
        'А #set page() $x$ *b* _i_ <b>қ</b> `c` \\n "q" @ref // ~ -- = &amp; [y] {z}',
        "Б // <script>#panic()</script> 'é'",
    )
    holder = replace(HOLDER, name=name, address="#pagebreak() </w> ]]>")
    said = _flat(draw(kind, changed(ORDINARY[kind], holder=holder, site=name.ru, reason=name.ru), SEAL))
    assert name.kk.replace(" ", "") in said.replace(" ", "")
    if hasattr(ORDINARY[kind], "site"):
        assert name.ru.replace(" ", "") in said.replace(" ", "")


def test_right_to_left_names_are_drawn_and_direction_overrides_left_out() -> None:
    holder = replace(HOLDER, name=Text("Шипа \u202eשלום\u202c عيادة\u200f", "Шипа"))
    said = _text(draw(DocumentKind.LICENCE, replace(LICENCE, holder=holder), None))
    assert "שלום" in said
    assert "عيادة" in unicodedata.normalize("NFKC", said)
    assert "\u202e" not in said


def test_a_character_no_font_has_is_refused_with_its_field() -> None:
    holder = replace(HOLDER, name=Text("Шипа 😀", "Шипа"))
    with pytest.raises(BadInput) as refused:
        draw(DocumentKind.LICENCE, replace(LICENCE, holder=holder), None)
    assert (refused.value.code, refused.value.field) == ("text-not-printable", "holder.name.kk")
    assert refused.value.facts["point"] == "U+1F600"


def test_letters_with_a_separate_mark_are_joined() -> None:
    assert "Жайық" in _flat(draw(DocumentKind.LICENCE, replace(LICENCE, site="Жаи\u0306ық"), None))


def _stands_well(pdf: bytes, margin: float) -> None:
    """Every word lies within ``margin`` points of the page's edges and none lies on another."""
    width, height = 210 * MM, 297 * MM
    for page in _pages_of_words(pdf):
        for word in page:
            assert word.left >= margin, word
            assert word.right <= width - margin, word
            assert word.top >= margin - 3 * MM, word
            assert word.bottom <= height - margin + 3 * MM, word
        for index, one in enumerate(page):
            for other in page[index + 1 :]:
                across = min(one.right, other.right) - max(one.left, other.left)
                down = min(one.bottom, other.bottom) - max(one.top, other.top)
                least = min(one.bottom - one.top, other.bottom - other.top)
                assert across < 1 or down < 0.55 * least, (one, other)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("make", [lambda facts: facts, longest, unbreakable])
def test_nothing_leaves_the_page_and_no_words_overlap(kind: DocumentKind, make: Any) -> None:
    _stands_well(draw(kind, make(ORDINARY[kind]), SEAL), 13 * MM if kind is DocumentKind.LICENCE else 10 * MM)


@pytest.mark.parametrize("demo", [True, False])
@pytest.mark.parametrize("length", range(20, 301, 35))
def test_a_licence_stands_well_whatever_grows(length: int, demo: bool) -> None:
    """Both sides of the bound below which a licence is set without measuring."""
    words = ("Щедрый Мұңлық Ұлытау " * 20)[:length].strip()
    text = Text(words, words)
    office = replace(DEMO, is_demo=demo)
    grown = (
        replace(LICENCE, office=office, holder=replace(HOLDER, name=text)),
        replace(LICENCE, office=office, conditions=text, site=words),
        replace(LICENCE, office=replace(office, name=text, address=text)),
        replace(
            LICENCE, office=office, sub_types=(Text("Терапия", "Терапия"),) * (length // 20), signer=ACTING
        ),
        replace(LICENCE, office=office, holder=replace(HOLDER, address=words), sub_types=(text, text)),
    )
    for facts in grown:
        pdf = draw(DocumentKind.LICENCE, facts, SEAL)
        _stands_well(pdf, 13 * MM)
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            assert len(opened.pages) == 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("letter", ["Ұ", "Ы"])
def test_no_letter_of_an_unbreakable_name_is_lost(kind: DocumentKind, letter: str) -> None:
    facts = changed(unbreakable(ORDINARY[kind]), note=Text("", ""))
    assert _text(draw(kind, facts, SEAL)).count(letter) >= 300


def test_many_sub_types_run_over_further_pages_all_of_them() -> None:
    pdf = draw(DocumentKind.LICENCE, longest(LICENCE), SEAL)
    said = _flat(pdf)
    assert all(f"{number}. Хирургия және сәулелік ем" in said for number in range(1, 81))
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages) > 2


def test_an_ordinary_licence_is_one_page_and_one_of_annex() -> None:
    with pikepdf.open(io.BytesIO(draw(DocumentKind.LICENCE, LICENCE, SEAL))) as opened:
        assert len(opened.pages) == 2
        assert [float(side) for side in opened.pages[0].mediabox[2:]] == pytest.approx(
            [595.28, 841.89], abs=0.1
        )


def test_facts_of_another_paper_are_not_drawn() -> None:
    with pytest.raises(ValueError, match="RequestFacts"):
        draw(DocumentKind.LICENCE, ORDINARY[DocumentKind.REQUEST], None)


def test_a_broken_seal_is_an_outside_failure() -> None:
    with pytest.raises(Unavailable) as failed:
        draw(DocumentKind.LICENCE, LICENCE, b"not a picture")
    assert failed.value.code == "document-not-drawn"


def test_a_receipt_of_any_fraction_of_a_second_is_drawn() -> None:
    facts = changed(
        ORDINARY[DocumentKind.RECEIPT], received_at=datetime(2018, 6, 29, 16, 50, 7, 123456, tzinfo=UTC)
    )
    assert draw(DocumentKind.RECEIPT, facts, None).startswith(b"%PDF")


def test_what_is_remembered_of_one_paper_serves_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """One compiler with its fonts, and inputs that say nothing of the case: others would make it forget everything."""
    drawing.warm_up()
    press = drawing._press()
    compiler, inputs = press._compiler, []

    class Noted:
        def compile(self, files: dict[str, bytes], **how: Any) -> Any:
            inputs.append(how["sys_inputs"])
            return compiler.compile(files, **how)

    monkeypatch.setattr(press, "_compiler", Noted())
    monkeypatch.setattr(drawing.typst, "Compiler", None)
    first = draw(DocumentKind.LICENCE, LICENCE, SEAL)
    second = draw(DocumentKind.LICENCE, replace(LICENCE, number="18000999"), SEAL)
    assert first != second
    assert inputs[0] == inputs[1]
    assert inputs[0].keys() == {"seal"}
