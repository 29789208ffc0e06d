"""The fee by the day of payment, and the table of the monthly index."""

from datetime import date

import pytest

from desktop.errors import NotAllowed
from desktop.regulation.calendar_data import index_rates
from desktop.regulation.fees import fee_due
from desktop.regulation.model import Fee

RATES = tuple((rate.valid_from, rate.tenge) for rate in index_rates())
ISSUE = Fee("10", "4(1)")
REISSUE = Fee("1", "4(2)", cap="4")


@pytest.mark.parametrize(
    ("fee", "paid_on", "tenge"),
    [
        (ISSUE, date(2018, 6, 29), 24_050),
        (ISSUE, date(2017, 12, 31), 22_690),
        (ISSUE, date(2018, 1, 1), 24_050),
        (ISSUE, date(2020, 3, 31), 26_510),
        (ISSUE, date(2020, 4, 1), 27_780),
        (ISSUE, date(2022, 6, 1), 30_630),  # the rate of April 2022 was for benefits only
        (ISSUE, date(2026, 5, 5), 43_250),
        (ISSUE, date(2030, 1, 1), 43_250),
        (REISSUE, date(2018, 6, 29), 2_405),
        (REISSUE, date(2026, 6, 29), 4_325),
        (Fee("50", "x", cap="4"), date(2018, 6, 29), 9_620),
        (Fee("0.5", "x"), date(2018, 6, 29), 1_203),
    ],
)
def test_the_fee(fee: Fee, paid_on: date, tenge: int) -> None:
    assert fee_due(fee, RATES, paid_on) == tenge


def test_a_day_before_the_table_is_refused() -> None:
    with pytest.raises(NotAllowed, match="fee-rate-unknown"):
        fee_due(ISSUE, RATES, date(2009, 12, 31))


def test_the_table_says_where_each_value_is_from() -> None:
    rates = index_rates()
    assert [rate.valid_from for rate in rates] == sorted({rate.valid_from for rate in rates})
    assert all(bool(rate.source) != rate.unverified for rate in rates)
    assert {rate.valid_from.year for rate in rates if rate.unverified} == {2012, 2013, 2014}
    assert (date(2022, 4, 1), 3180) in [(rate.valid_from, rate.tenge) for rate in index_rates("benefits")]
