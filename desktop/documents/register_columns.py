"""The columns of the registers on paper and in workbooks: headings in kk and ru, widths, how a value is had."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
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
    """``width`` is in characters; ``source`` is where a row has the value; ``say`` makes it a text in a language."""

    heading: Text
    width: int
    form: Form
    source: str
    say: Callable[[Any, Language], str] | None = None

    @property
    def repeats(self) -> bool:
        """True where few texts come again and again: what is said of codes and of the law."""
        return self.say is not None

    def value(self, row: ApplicationRow | LicenceRow, language: Language) -> Any:
        found = attrgetter(self.source)(row)
        return found if self.say is None else self.say(found, language)


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


def _code_of(known: Mapping[Any, Text]) -> Callable[[Any, Language], str]:
    def say(code: str | None, language: Language) -> str:
        return _words(known[code], language) if code in known else code or ""

    return say


def _joined(kinds: tuple[Text, ...], language: Language) -> str:
    return "; ".join([_words(kind, language) for kind in kinds])


def _column(
    heading_kk: str,
    heading_ru: str,
    width: int,
    form: Form,
    source: str,
    say: Callable[[Any, Language], str] | None = None,
) -> Column:
    return Column(Text(heading_kk, heading_ru), width, form, source, say)


_APPLICATIONS = (
    _column("Кіріс нөмірі", "Входящий №", 15, "text", "number"),
    _column("Қабылданды", "Принято", 17, "moment", "received_at"),
    _column("Арна", "Канал", 24, "text", "channel", _code_of(CHANNELS)),
    _column("ЖСН / БСН", "ИИН / БИН", 15, "text", "identifier"),
    _column("Өтініш беруші (қаз.)", "Заявитель (каз.)", 42, "text", "holder.kk"),
    _column("Өтініш беруші (орыс.)", "Заявитель (рус.)", 42, "text", "holder.ru"),
    _column("Қызмет орны", "Место деятельности", 42, "text", "site"),
    _column("Мемлекеттік қызмет", "Услуга", 34, "text", "service", _words),
    _column("Іс-қимыл", "Операция", 22, "text", "operation", _words),
    _column("Кіші түрлері", "Подвиды деятельности", 42, "text", "sub_types", _joined),
    _column("Түбіртек", "Квитанция", 18, "text", "fee_receipt"),
    _column("Төленген күні", "Дата оплаты", 13, "date", "fee_paid_on"),
    _column("Төленген сома, ₸", "Сумма, ₸", 13, "number", "fee_tenge"),
    _column("Кезең", "Этап", 30, "text", "step", _words),
    _column("Орындаушы", "Исполнитель", 30, "text", "executor", _words),
    _column("Мерзімі", "Срок", 17, "moment", "due_at"),
    _column("Нәтиже", "Результат", 24, "text", "result", _code_of(RESULTS)),
    _column("Аяқталды", "Завершено", 17, "moment", "closed_at"),
)

_LICENCES = (
    _column("Лицензия нөмірі", "Номер лицензии", 22, "text", "number"),
    _column("Қосымша нөмірі", "Номер приложения", 12, "text", "annex_number"),
    _column("Берілген күні", "Дата выдачи", 13, "date", "issued_on"),
    _column("Алғаш берілген күні", "Первичная выдача", 13, "date", "first_issued_on"),
    _column("Күйі", "Статус", 20, "text", "status", _code_of(STATUSES)),
    _column("Күй өзгерген күн", "Дата изменения статуса", 13, "date", "changed_on"),
    _column("Тоқтатыла тұру соңы", "Приостановлена по", 13, "date", "until_on"),
    _column("Негізі", "Основание изменения", 42, "text", "basis", _words),
    _column("Орнына берілген", "Заменена на №", 22, "text", "replaced_by"),
    _column("ЖСН / БСН", "ИИН / БИН", 15, "text", "identifier"),
    _column("Лицензиат (қаз.)", "Лицензиат (каз.)", 42, "text", "holder.kk"),
    _column("Лицензиат (орыс.)", "Лицензиат (рус.)", 42, "text", "holder.ru"),
    _column("Мекенжайы", "Адрес", 42, "text", "holder_address"),
    _column("Қызмет орны", "Место деятельности", 42, "text", "site"),
    _column("Кіші түрлері", "Подвиды", 42, "text", "sub_types", _words),
    _column("Қол қойған", "Подписал", 30, "text", "signer", _words),
    _column("Өтініш нөмірі", "Номер заявления", 15, "text", "case_number"),
    _column("Кімге тапсырылды", "Кому выдано", 30, "text", "handed_to"),
)
