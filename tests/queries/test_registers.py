"""The registers: pages that lose nothing, orders, filters, search, counts, the stream for the export."""

from datetime import date, timedelta
from typing import Any

import pytest

from desktop.errors import NotAllowed
from desktop.queries import registers, search
from desktop.queries.registers import APPLICATION_ORDERS
from desktop.queries.rows import ApplicationRow, RegisterFilter
from desktop.regulation.model import Act, Channel
from desktop.store.database import Store
from tests.office import People
from tests.queries.registered import FIRST, register

ALL = RegisterFilter()
NAMES = ("Әлем", "Абай", "Жұлдыз", "Қайрат", "Үміт")
RESULTS = (None, "licence", None, "refusal", "withdrawn", "licence", "termination")


def _many(store: Store, number: int = 50) -> list[int]:
    """Cases with ties in every column that is sorted by."""
    return register(
        store,
        (
            {
                "holder_kk": NAMES[place % 5],
                "received_at": FIRST + timedelta(hours=place // 7),
                "due_at": FIRST + timedelta(days=20 + place % 3),
                "result": RESULTS[place % 7],
            }
            for place in range(number)
        ),
    )


def _pages(store: Store, people: People, limit: int, **asked: Any) -> list[ApplicationRow]:
    rows: list[ApplicationRow] = []
    after = None
    while True:
        page = registers.applications(
            store, people.clerk, after=after, limit=limit, **({"filter": ALL} | asked)
        )
        assert len(page.rows) <= limit
        rows += page.rows
        if page.after is None:
            return rows
        after = page.after


@pytest.mark.parametrize("descending", [False, True], ids=["up", "down"])
@pytest.mark.parametrize("sort", sorted(APPLICATION_ORDERS))
def test_pages_hold_every_row_once_in_order_even_among_ties(
    any_store: Store, people: People, sort: str, descending: bool
) -> None:
    ids = _many(any_store)

    whole = _pages(any_store, people, 1000, sort=sort, descending=descending)
    for limit in (1, 3, 7, 49, 50):
        assert _pages(any_store, people, limit, sort=sort, descending=descending) == whole
    assert sorted(row.case_id for row in whole) == ids
    assert whole == sorted(whole, key=_key(sort), reverse=descending)


def _key(sort: str) -> Any:
    place = {name: number for number, name in enumerate((*sorted({r for r in RESULTS if r}), None))}
    return {
        "number": lambda row: row.number,
        "received_at": lambda row: (row.received_at, row.case_id),
        "holder": lambda row: (sorted(NAMES, key=_alphabetical).index(row.holder.kk), row.case_id),
        "due_at": lambda row: (row.due_at, row.case_id),
        "result": lambda row: (place[row.result], row.case_id),
    }[sort]


def _alphabetical(name: str) -> int:
    return ("Абай", "Әлем", "Жұлдыз", "Қайрат", "Үміт").index(name)


@pytest.mark.parametrize("descending", [False, True], ids=["up", "down"])
@pytest.mark.parametrize("sort", sorted(APPLICATION_ORDERS))
def test_the_stream_is_the_pages(
    any_store: Store, people: People, sort: str, descending: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    _many(any_store, 23)
    monkeypatch.setattr(registers, "BATCH", 5)
    streamed = registers.stream_applications(
        any_store, people.clerk, filter=ALL, sort=sort, descending=descending
    )
    assert list(streamed) == _pages(any_store, people, 1000, sort=sort, descending=descending)


def test_a_row_registered_while_paging_does_not_shift_the_rest(any_store: Store, people: People) -> None:
    _many(any_store, 10)
    first = registers.applications(any_store, people.clerk, filter=ALL, limit=5)
    register(any_store, [{"number": "2018-000999", "received_at": FIRST + timedelta(days=99)}])
    rest = registers.applications(any_store, people.clerk, filter=ALL, after=first.after, limit=50)
    numbers = [row.number for row in (*first.rows, *rest.rows)]
    assert len(numbers) == len(set(numbers)) == 10


@pytest.mark.parametrize("typed", ["сауле", "САУЛЕ", "Сәуле", "әулЕ", "ау", "с", "салон сауле", "«сауле"])
def test_a_kazakh_name_is_found_as_it_is_typed(any_store: Store, people: People, typed: str) -> None:
    register(
        any_store, [{"holder_kk": "«Салон Сәуле» ЖШС", "site": "-"}, {"holder_kk": "Береке", "site": "-"}]
    )
    asked = RegisterFilter(text=typed)
    assert [row.holder.kk for row in _pages(any_store, people, 10, filter=asked)] == ["«Салон Сәуле» ЖШС"]
    assert registers.count_applications(any_store, people.clerk, filter=asked) == 1


@pytest.mark.parametrize("typed", ["2018-000002", "000002", "050140003413", "Достық", "достык 7"])
def test_number_identifier_and_site_are_found(any_store: Store, people: People, typed: str) -> None:
    register(any_store, [{}, {"identifier": "050140003413", "site": "Достық 7"}, {}])
    assert [row.number for row in _pages(any_store, people, 10, filter=RegisterFilter(text=typed))] == [
        "2018-000002"
    ]


@pytest.mark.parametrize("typed", ["%", "_", "100%", 'a"b', "' OR 1=1 --", "\\", "NEAR(", "*", "AND", "-"])
def test_signs_of_a_query_language_are_only_letters(any_store: Store, people: People, typed: str) -> None:
    register(
        any_store, [{"holder_kk": "Ырыс", "site": "Орал"}, {"holder_kk": f"Ақ {typed} жол", "site": "Орал"}]
    )
    found = _pages(any_store, people, 10, filter=RegisterFilter(text=f"ақ {typed} жол"))
    assert [row.number for row in found] == ["2018-000002"]
    registers.applications(any_store, people.clerk, filter=RegisterFilter(text=typed))


def test_search_follows_a_change_of_the_row(any_store: Store, people: People) -> None:
    from sqlalchemy import update

    from desktop.models import Case

    register(any_store, [{"holder_kk": "Бұрынғы"}])
    with any_store.writing() as session:
        session.execute(update(Case).values(search="жана атау"))
    assert not _pages(any_store, people, 10, filter=RegisterFilter(text="бұрынғы"))
    assert _pages(any_store, people, 10, filter=RegisterFilter(text="жаңа"))


def test_a_common_text_is_found_by_walking_with_the_same_rows(
    store: Store, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    _many(store)
    asked = RegisterFilter(text="орал")
    by_hits = _pages(store, people, 7, filter=asked)
    monkeypatch.setattr(search, "_RARE", 3)
    assert _pages(store, people, 7, filter=asked) == by_hits
    assert len(by_hits) == 50


def test_the_days_of_a_filter_are_the_offices(any_store: Store, people: People) -> None:
    """23:30 and 00:30 in Oral are one UTC day."""
    register(
        any_store,
        [
            {"received_at": FIRST.replace(hour=23, minute=30)},
            {"received_at": FIRST.replace(day=2, hour=0, minute=30)},
        ],
    )
    first = RegisterFilter(first_day=date(2018, 6, 1), last_day=date(2018, 6, 1))
    second = RegisterFilter(first_day=date(2018, 6, 2), last_day=date(2018, 6, 2))
    assert [row.number for row in _pages(any_store, people, 9, filter=first)] == ["2018-000001"]
    assert [row.number for row in _pages(any_store, people, 9, filter=second)] == ["2018-000002"]
    endless = RegisterFilter(first_day=date.min.replace(year=2), last_day=date.max)
    assert len(_pages(any_store, people, 9, filter=endless)) == 2


def test_states_channels_and_executors(any_store: Store, people: People) -> None:
    register(
        any_store,
        [
            {"executor": people.executor.person_id},
            {"due_at": FIRST + timedelta(days=3), "channel": "portal"},
            {"result": "licence", "executor": people.executor2.person_id},
            {"result": "refusal", "due_at": FIRST + timedelta(days=3)},
        ],
    )

    def numbers(**chosen: Any) -> str:
        rows = _pages(any_store, people, 9, filter=RegisterFilter(**chosen), sort="number", descending=False)
        assert registers.count_applications(any_store, people.clerk, filter=RegisterFilter(**chosen)) == len(
            rows
        )
        return " ".join(row.number[-1] for row in rows)

    assert numbers(state="open") == "1 2"
    assert numbers(state="overdue") == "2"
    assert numbers(state="closed") == "3 4"
    assert numbers(state="refusal") == "4"
    assert numbers(channel=Channel.PORTAL) == "2"
    assert numbers(executor_id=people.executor2.person_id) == "3"
    assert numbers(text="шипа", state="open", channel=Channel.OFFICE) == "1"


def test_a_row_says_what_the_register_shows(any_store: Store, people: People) -> None:
    register(
        any_store,
        [{"executor": people.executor.person_id, "sub_types": ("x-ray", "laboratory"), "fee_tenge": 24050}],
    )
    (row,) = _pages(any_store, people, 9)
    assert row.executor is not None
    assert row.executor.kk == people.executor.name_kk
    assert [item.ru for item in row.sub_types] == [
        "Лабораторная диагностика",
        "Диагностика: рентгенологическая",
    ]
    assert row.step is not None
    assert row.step.kk
    assert row.received_at == FIRST + timedelta(minutes=1)
    assert row.received_at.utcoffset() == timedelta(hours=5)


@pytest.mark.parametrize("sort", ["number", "issued_on", "holder"])
@pytest.mark.parametrize("descending", [False, True], ids=["up", "down"])
def test_licences(any_store: Store, people: People, case_at: Any, sort: str, descending: bool) -> None:
    names = ["«Ғасыр» ЖШС", "«Абай» ЖШС", "«Әлем» ЖШС"]
    for name in names:
        case_at("licence", holder_kk=name)
    whole = registers.licences(any_store, people.auditor, filter=ALL, sort=sort, descending=descending)
    assert whole.after is None
    assert registers.count_licences(any_store, people.auditor, filter=ALL) == 3

    paged, after = [], None
    for _ in range(3):
        page = registers.licences(
            any_store, people.auditor, filter=ALL, sort=sort, descending=descending, after=after, limit=1
        )
        paged += page.rows
        after = page.after
    assert after is None
    assert tuple(paged) == whole.rows
    assert (
        tuple(
            registers.stream_licences(any_store, people.auditor, filter=ALL, sort=sort, descending=descending)
        )
        == whole.rows
    )

    order = ["«Абай» ЖШС", "«Әлем» ЖШС", "«Ғасыр» ЖШС"] if sort == "holder" else names
    assert [row.holder.kk for row in whole.rows] == (order[::-1] if descending else order)
    assert whole.rows[0].handed_to
    assert whole.rows[0].signer.kk == people.head.name_kk
    asked = RegisterFilter(text="алем", state="issued", channel=Channel.OFFICE)
    found = registers.licences(any_store, people.auditor, filter=asked)
    assert [row.holder.kk for row in found.rows] == ["«Әлем» ЖШС"]
    assert registers.count_licences(any_store, people.auditor, filter=asked) == 1
    assert not registers.licences(
        any_store, people.auditor, filter=RegisterFilter(executor_id=people.executor2.person_id)
    ).rows


def test_who_may_not_read_is_told(store: Store, people: People) -> None:
    with pytest.raises(NotAllowed, match="role-may-not"):
        registers.applications(store, people.administrator, filter=ALL)
    with pytest.raises(NotAllowed, match="role-may-not"):
        registers.stream_applications(store, people.administrator, filter=ALL)


def test_a_key_of_another_order_is_refused(store: Store, people: People) -> None:
    with pytest.raises(NotAllowed, match="page-key-wrong"):
        registers.applications(store, people.clerk, filter=ALL, sort="number", after=("2018-06-01", 3))


def test_a_case_at_a_step_shows_it(store: Store, people: People, case_at: Any) -> None:
    case_at(Act.CHECK)
    (row,) = _pages(store, people, 9)
    assert row.step is not None
    assert row.closed_at is None
