"""What a text is found by, and in which order it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.models.folding import fold, sort_key

ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Сәуле", "сауле"),
        ("СӘУЛЕ", "Сауле"),
        ("«Ғұмыр»", "гумыр"),
        ("Қаңтөре Үмітһан", "кантоpе умитхан".replace("p", "р")),
        ("Ёлкин", "елкин"),
        ("ТОО “Мед-Сервис”", 'тоо "мед-сервис"'),
        ("Сервис   плюс", " сервис плюс "),
        ("и\u0306од", "йод"),
        ("Сау\u200bле\u202e", "сауле"),
        ("１２３", "123"),
    ],
)
def test_what_is_written_is_found_by_what_is_typed(written: str, typed: str) -> None:
    assert fold(written) == fold(typed)


def test_letters_that_differ_still_differ() -> None:
    assert len({fold(letter) for letter in "абвгджзийклмнопрстуфхцчшщъыьэюя"}) == 31


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_a_sort_key_can_be_stored(text: str) -> None:
    assert sort_key(text).isprintable()
    assert "\x00" not in sort_key(text)


def test_the_kazakh_alphabet_is_in_its_order() -> None:
    assert sorted(reversed(ALPHABET), key=sort_key) == list(ALPHABET)
    assert sorted(reversed(ALPHABET.upper()), key=sort_key) == list(ALPHABET.upper())


def test_names_stand_as_in_a_register() -> None:
    names = ["1-ші емхана", "Medical Park", "Абай", "Абай емханасы", "«Әлем»", "Жұлдыз", "Қайрат", "Сауле", "Сәуле",
             "ТОО «Ақжайық»", "Үміт", "Іскер"]  # fmt: skip
    assert sorted(reversed(names), key=sort_key) == names


def test_case_and_quotes_do_not_count() -> None:
    assert sort_key("ТОО «Ақ-Жайық»") == sort_key('тоо "ақ жайық"')
