"""The columns of the registers on paper and in workbooks: headings in kk and ru, widths, how a value is had."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from desktop.queries.rows import ApplicationRow, LicenceRow, RegisterFilter
from desktop.regulation.model import Channel, Text

Language = Literal["kk", "ru", "en"]  # the reader's; English readers get Russian legal texts
Form = Literal["text", "date", "moment", "number"]
Kind = Literal["applications", "licences"]

CHANNELS = {
    Channel.OFFICE: Text("Кеңсе", "Канцелярия"),
    Channel.STATE_CORPORATION: Text("Мемлекеттік корпорация", "Государственная корпорация"),
    Channel.SERVICE_CENTRE: Text("ХҚКО", "ЦОН"),
    Channel.PROVIDER: Text("Беруші арқылы", "Через услугодателя"),
    Channel.PORTAL: Text("Портал", "Портал"),
}
RESULTS = {
    "licence": Text("Лицензия берілді", "Лицензия выдана"),
    "refusal": Text("Бас тартылды", "Отказано"),
    "termination": Text("Қарау тоқтатылды", "Рассмотрение прекращено"),
    "attestation": Text("Комиссия шешім қабылдады", "Принято решение комиссии"),
    "notice": Text("Хабарлама берілді", "Дано уведомление"),
    "withdrawn": Text("Өтініш беруші кері алды", "Отозвано заявителем"),
}
# Atyrau 2016 item 5(5): the five states of a licence in the register
STATUSES = {
    "issued": Text("Берілген", "Выдана"),
    "reissued": Text("Қайта ресімделген", "Переоформлена"),
    "suspended": Text("Тоқтатыла тұрған", "Приостановлена"),
    "resumed": Text("Қайта жаңартылған", "Возобновлена"),
    "terminated": Text("Қолданылуын тоқтатқан", "Прекратила действие"),
}
_STATES = {
    "open": Text("қаралуда", "на рассмотрении"),
    "overdue": Text("мерзімі өткен", "просроченные"),
    "closed": Text("аяқталған", "завершённые"),
}
TITLES: dict[Kind, Text] = {
    "applications": Text("Өтініштер тізілімі", "Реестр заявлений"),
    "licences": Text("Лицензиялар тізілімі", "Реестр лицензий"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` is in characters; ``value`` gets the row and the language of its legal texts."""

    heading: Text
    width: int
    form: Form
    value: Callable[[Any, Language], Any]


def columns(kind: Kind) -> tuple[Column, ...]:
    return _APPLICATIONS if kind == "applications" else _LICENCES


def filter_words(chosen: RegisterFilter, *, executor: str = "") -> Text:
    """Say in both languages what a register was filtered by; ``executor`` is the name behind the id."""
    said: list[Text] = []
    if chosen.text:
        said.append(Text(f"іздеу «{chosen.text}»", f"поиск «{chosen.text}»"))
    if chosen.first_day or chosen.last_day:
        first, last = _day(chosen.first_day), _day(chosen.last_day)
        said.append(Text(f"кезең {first} – {last}", f"период {first} – {last}"))
    if chosen.state:
        state = {**_STATES, **RESULTS, **STATUSES}.get(chosen.state, Text(chosen.state, chosen.state))
        said.append(Text(f"күйі: {state.kk}", f"состояние: {state.ru}"))
    if chosen.channel:
        channel = CHANNELS[chosen.channel]
        said.append(Text(f"арна: {channel.kk}", f"канал: {channel.ru}"))
    if executor or chosen.executor_id is not None:
        name = executor or str(chosen.executor_id)
        said.append(Text(f"орындаушы: {name}", f"исполнитель: {name}"))
    if not said:
        return Text("барлығы", "все записи")
    return Text("; ".join(words.kk for words in said), "; ".join(words.ru for words in said))


def _day(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else "…"


def _words(text: Text | None, language: Language) -> str:
    if text is None:
        return ""
    return (text.kk or text.ru) if language == "kk" else (text.ru or text.kk)


def _code(known: dict[Any, Text], code: str | None, language: Language) -> str:
    return _words(known[code], language) if code in known else code or ""


def _sub_types(row: ApplicationRow, language: Language) -> str:
    return "; ".join(_words(kind, language) for kind in row.sub_types)


def _application(
    heading_kk: str,
    heading_ru: str,
    width: int,
    form: Form,
    value: Callable[[ApplicationRow, Language], Any],
) -> Column:
    return Column(Text(heading_kk, heading_ru), width, form, value)


def _licence(
    heading_kk: str, heading_ru: str, width: int, form: Form, value: Callable[[LicenceRow, Language], Any]
) -> Column:
    return Column(Text(heading_kk, heading_ru), width, form, value)


_APPLICATIONS = (
    _application("Кіріс нөмірі", "Входящий №", 15, "text", lambda row, _: row.number),
    _application("Қабылданды", "Принято", 17, "moment", lambda row, _: row.received_at),
    _application("Арна", "Канал", 24, "text", lambda row, lang: _words(CHANNELS[row.channel], lang)),
    _application("ЖСН / БСН", "ИИН / БИН", 15, "text", lambda row, _: row.identifier),
    _application("Өтініш беруші (қаз.)", "Заявитель (каз.)", 42, "text", lambda row, _: row.holder.kk),
    _application("Өтініш беруші (орыс.)", "Заявитель (рус.)", 42, "text", lambda row, _: row.holder.ru),
    _application("Қызмет орны", "Место деятельности", 42, "text", lambda row, _: row.site),
    _application("Мемлекеттік қызмет", "Услуга", 34, "text", lambda row, lang: _words(row.service, lang)),
    _application("Іс-қимыл", "Операция", 22, "text", lambda row, lang: _words(row.operation, lang)),
    _application("Кіші түрлері", "Подвиды деятельности", 42, "text", _sub_types),
    _application("Түбіртек", "Квитанция", 18, "text", lambda row, _: row.fee_receipt),
    _application("Төленген күні", "Дата оплаты", 13, "date", lambda row, _: row.fee_paid_on),
    _application("Төленген сома, ₸", "Сумма, ₸", 13, "number", lambda row, _: row.fee_tenge),
    _application("Кезең", "Этап", 30, "text", lambda row, lang: _words(row.step, lang)),
    _application("Орындаушы", "Исполнитель", 30, "text", lambda row, lang: _words(row.executor, lang)),
    _application("Мерзімі", "Срок", 17, "moment", lambda row, _: row.due_at),
    _application("Нәтиже", "Результат", 24, "text", lambda row, lang: _code(RESULTS, row.result, lang)),
    _application("Аяқталды", "Завершено", 17, "moment", lambda row, _: row.closed_at),
)

_LICENCES = (
    _licence("Лицензия нөмірі", "Номер лицензии", 22, "text", lambda row, _: row.number),
    _licence("Қосымша нөмірі", "Номер приложения", 12, "text", lambda row, _: row.annex_number),
    _licence("Берілген күні", "Дата выдачи", 13, "date", lambda row, _: row.issued_on),
    _licence("Алғаш берілген күні", "Первичная выдача", 13, "date", lambda row, _: row.first_issued_on),
    _licence("Күйі", "Статус", 20, "text", lambda row, lang: _code(STATUSES, row.status, lang)),
    _licence("Күй өзгерген күн", "Дата изменения статуса", 13, "date", lambda row, _: row.changed_on),
    _licence("Тоқтатыла тұру соңы", "Приостановлена по", 13, "date", lambda row, _: row.until_on),
    _licence("Негізі", "Основание изменения", 42, "text", lambda row, lang: _words(row.basis, lang)),
    _licence("Орнына берілген", "Заменена на №", 22, "text", lambda row, _: row.replaced_by),
    _licence("ЖСН / БСН", "ИИН / БИН", 15, "text", lambda row, _: row.identifier),
    _licence("Лицензиат (қаз.)", "Лицензиат (каз.)", 42, "text", lambda row, _: row.holder.kk),
    _licence("Лицензиат (орыс.)", "Лицензиат (рус.)", 42, "text", lambda row, _: row.holder.ru),
    _licence("Мекенжайы", "Адрес", 42, "text", lambda row, _: row.holder_address),
    _licence("Қызмет орны", "Место деятельности", 42, "text", lambda row, _: row.site),
    _licence("Кіші түрлері", "Подвиды", 42, "text", lambda row, lang: _words(row.sub_types, lang)),
    _licence("Қол қойған", "Подписал", 30, "text", lambda row, lang: _words(row.signer, lang)),
    _licence("Өтініш нөмірі", "Номер заявления", 15, "text", lambda row, _: row.case_number),
    _licence("Кімге тапсырылды", "Кому выдано", 30, "text", lambda row, _: row.handed_to),
)
