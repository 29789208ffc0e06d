"""A million invented applications: the same row for the same number, in the columns of the real tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from desktop.models import Case
from desktop.models.folding import fold, sort_key

ROWS = 1_000_000
OPEN = 2_000  # the newest ones are still under consideration
HOLDERS = 60_000
FIRST = datetime(2000, 1, 3, 4, 0, tzinfo=UTC)
BETWEEN = timedelta(seconds=580)  # the last of a million is of May 2018
RARE_ROW = 777_777
RARE = "Құлыншақ-Жайлауы"
COMMON = "Шипагер"
_COMMON_EVERY = 29  # of the holders: about 35,000 applications

_SURNAMES = [
    "Әбдірахманов",
    "Өтегенов",
    "Қонысбаев",
    "Төсекбаев",
    "Жұмағалиев",
    "Сәрсенов",
    "Нұрпейісов",
    "Ғұмаров",
    "Үмбетов",
    "Ізтілеуов",
    "Айтқалиев",
    "Бөкенов",
    "Досқалиев",
    "Ермеков",
    "Жанғалиев",
    "Кенжеғалиев",
    "Маханбетов",
    "Оразбаев",
    "Рысқалиев",
    "Тілеубаев",
]
_NAMES = [
    "Әділ",
    "Айгүл",
    "Бақыт",
    "Гүлнар",
    "Дәурен",
    "Ерлан",
    "Жанар",
    "Қайрат",
    "Мәдина",
    "Нұрлан",
    "Өмір",
    "Сәуле",
    "Тимур",
    "Үміт",
    "Шынар",
]
_FATHERS = [
    "Серікұлы",
    "Маратқызы",
    "Қуатұлы",
    "Ғабитқызы",
    "Ильясұлы",
    "Бекетқызы",
    "Асқарұлы",
    "Ұланқызы",
    "Төлегенұлы",
    "Сәкенқызы",
]
_COMPANIES = [
    "Денсаулық",
    "Медикус",
    "Жайық-Дәрі",
    "Ақниет",
    "Нұр-Мед",
    "Шапағат",
    "Емхана",
    "Стоматолог",
    "Тіс-Күтімі",
    "Балауса",
]
_STREETS = [
    "Достық-Дружба",
    "Еуразия",
    "Абай",
    "Құрманғазы",
    "Сарайшық",
    "Мұхит",
    "Шолохов",
    "Жәңгір-хан",
    "Тайманов",
    "Дина-Нұрпейісова",
]
_CHANNELS = ("office", "office", "state_corporation", "portal")
_RESULTS = ("licence", "licence", "licence", "licence", "refusal", "termination", "withdrawn")


@dataclass(frozen=True, slots=True)
class Office:
    """What the founded office has that a case refers to."""

    regulation_sha256: str
    service: str
    operation: str
    steps: tuple[str, ...]
    sub_types: tuple[str, ...]
    clerk_id: int
    executor_ids: tuple[int, ...]


@lru_cache(maxsize=HOLDERS)
def holder(number: int) -> tuple[str, str, str, str]:
    """Return name in kk and ru, what it is sorted by, and the identifier."""
    if number % _COMMON_EVERY == 0:
        kk, ru = f"«{COMMON}-{number}» ЖШС", f"ТОО «{COMMON}-{number}»"
    elif number % 3 == 0:
        name = f"{_COMPANIES[number % 10]}-{number}"
        kk, ru = f"«{name}» ЖШС", f"ТОО «{name}»"
    else:
        kk = f"{_SURNAMES[number % 20]} {_NAMES[number // 20 % 15]} {_FATHERS[number // 300 % 10]} {number}"
        ru = kk
    return kk, ru, sort_key(kk), f"{840101300000 + number * 7:012d}"


def columns() -> tuple[str, ...]:
    return tuple(column.key for column in Case.__table__.columns)


def cases(office: Office, *, count: int = ROWS) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of ``case_file`` in the order of :func:`columns`; the list of grounds as JSON text."""
    order = columns()
    same = _same_in_all(office)
    year, sequence = 0, 0
    for at in range(count):
        received_at = FIRST + BETWEEN * at
        sequence = sequence + 1 if received_at.year == year else 1
        year = received_at.year
        row = same | _own(office, at, count, received_at, f"{year}-{sequence:06d}")
        yield tuple(row[name] for name in order)


def _same_in_all(office: Office) -> dict[str, Any]:
    empty = dict.fromkeys(columns(), "")
    nothing = dict.fromkeys(
        ("step", "step_due_at", "hand_over_by", "closed_at", "result", "draft_kind", "answer")
    )
    return {
        **empty,
        **nothing,
        "version": 5,
        "registered_by": office.clerk_id,
        "regulation_sha256": office.regulation_sha256,
        "service": office.service,
        "operation": office.operation,
        "identifier_confirmed": False,
        "holder_address": "Орал қ., Абай даңғ., 1",
        "phone": "+7 7112 50 00 00",
        "consent": True,
        "kbk": "105402",
        "knp": "911",
        "fee_due_tenge": 24050,
        "fee_tenge": 24050,
        "refusal_grounds": "[]",
        "details": "{}",
        "licence_named": "{}",
    }


def _own(office: Office, at: int, count: int, received_at: datetime, number: str) -> dict[str, Any]:
    who = at * 7919 % HOLDERS
    kk, ru, sorted_by, identifier = holder(who)
    if at == RARE_ROW or (at == count // 2 and count <= RARE_ROW):
        kk = ru = f"«{RARE}» ЖШС"
        sorted_by = sort_key(kk)
    site = f"Орал қ., {_STREETS[at % 10]} к., {at % 211} үй"
    open_yet = at >= count - OPEN
    due_at = received_at + timedelta(days=21)
    return {
        "id": at + 1,
        "number": number,
        "received_at": received_at,
        "registered_at": received_at,
        "step_entered_at": received_at,
        "step": office.steps[at % len(office.steps)] if open_yet else None,
        "step_due_at": due_at if open_yet else None,
        "due_at": due_at,
        "closed_at": None if open_yet else received_at + timedelta(days=at % 19),
        "result": None if open_yet else _RESULTS[at % 7],
        "channel": _CHANNELS[at % 4],
        "is_legal_entity": who % 3 == 0 or who % _COMMON_EVERY == 0,
        "identifier": identifier,
        "holder_kk": kk,
        "holder_ru": ru,
        "holder_sort": sorted_by,
        "site": site,
        "fee_receipt": f"K-{at}",
        "fee_paid_on": date.fromordinal(received_at.toordinal()),
        "search": fold(" ".join((number, identifier, kk, ru, site))),
    }


def sub_types(office: Office, *, count: int = ROWS) -> Iterator[tuple[int, str]]:
    """Yield one or two sub-types for each case, as ``case_sub_type`` has them."""
    known = office.sub_types
    for at in range(count):
        yield at + 1, known[at % len(known)]
        if at % 2:
            yield at + 1, known[(at + 1) % len(known)]


def assignments(office: Office, *, count: int = ROWS) -> Iterator[tuple[int, str, int]]:
    """Yield the executor of each case, as ``assignment`` has him."""
    for at in range(count):
        yield at + 1, "executor", office.executor_ids[at % len(office.executor_ids)]
