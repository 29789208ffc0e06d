"""Dates, durations and plurals as each language has them; switching while windows are open."""

from datetime import UTC, date, datetime, timedelta

import pytest
from PySide6.QtCore import QCoreApplication

from desktop.regulation.model import Text
from desktop.ui.language import LANGUAGES, Language, plural_form
from desktop.ui.widgets.screen import Screen

NOW = datetime(2026, 12, 14, 10, 0, tzinfo=UTC)


@pytest.fixture(params=LANGUAGES)
def each(qapp, request):
    made = Language(request.param)
    yield made
    made.remove()


def test_a_date_reads_as_the_language_writes_it(each):
    said = {"kk": "14 желтоқсан 2026", "ru": "14 декабря 2026", "en": "14 December 2026"}
    assert each.format_date(date(2026, 12, 14)) == said[each.code]
    assert each.format_date(None) == ""
    assert each.format_short(date(2026, 12, 4)) == "04.12.2026"


@pytest.mark.parametrize(
    ("after", "kk", "ru"),
    [
        (timedelta(hours=2, minutes=10), "2 сағ 10 мин", "2 ч 10 мин"),
        (timedelta(minutes=40), "40 мин", "40 мин"),
        (timedelta(days=1), "ертең, 10:00", "завтра, 10:00"),
        (timedelta(days=3), "3 күн", "3 дня"),
        (timedelta(days=5), "5 күн", "5 дней"),
        (timedelta(days=30), "13 қаңтар 2027", "13 января 2027"),
        (-timedelta(days=1), "1 күн кешікті", "просрочено на 1 день"),
        (-timedelta(minutes=5), "5 мин кешікті", "просрочено на 5 мин"),
    ],
)
def test_the_time_left_reads_like_speech(qapp, after, kk, ru):
    for code, said in (("kk", kk), ("ru", ru)):
        language = Language(code)
        assert language.format_left(NOW + after, NOW) == said
        language.remove()


def test_english_plurals_have_no_brackets(qapp):
    language = Language("en")
    assert language.format_left(NOW + timedelta(days=3), NOW) == "3 days"
    language.remove()


def test_russian_numbers_take_three_forms():
    assert [plural_form("ru", number) for number in (1, 2, 5, 11, 12, 21, 22, 111)] == [
        0,
        1,
        2,
        2,
        2,
        0,
        1,
        2,
    ]
    assert {plural_form("kk", number) for number in range(30)} == {0}


def test_qt_says_its_own_words_in_kazakh(qapp):
    language = Language("kk")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Бас тарту"
    language.remove()


def test_switching_rewords_open_screens(qtbot, language):
    class Words(Screen):
        said = ""

        def retranslate(self):
            self.said = self.tr("Save")

    screen = Words(None)
    qtbot.addWidget(screen)
    screen.show()
    language.switch("ru")
    qtbot.waitUntil(lambda: screen.said == "Сохранить")
    language.switch("kk")
    qtbot.waitUntil(lambda: screen.said == "Сақтау")


def test_a_legal_text_is_picked_and_never_translated(each):
    assert each.text(Text("Лицензия беру", "Выдача лицензии")) == (
        "Лицензия беру" if each.code == "kk" else "Выдача лицензии"
    )
    assert each.text(None) == ""


def test_an_unknown_language_is_a_defect(language):
    with pytest.raises(ValueError, match="de"):
        language.switch("de")


def test_money_and_weekdays(qapp):
    language = Language("kk")
    assert language.format_money(39320) == "39\u00a0320\u00a0₸"
    assert language.weekdays()[0].casefold() == "дүйсенбі"
    language.remove()
