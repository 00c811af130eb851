"""Use is measured in the unit of the budget, by the contract price before the vendor's estimate."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.core.budgets.money import Limit, PriceSource, Spend, is_part, limit_of, measured_micro, price_source
from bot.core.budgets.terms import Unit

PRICE = Decimal("0.04")
HALF_KNOWN = Spend(rows=4, credits_micro=1_000, estimated_usd_micro=30, estimated_rows=2)
UNKNOWN = Spend(rows=4, credits_micro=1_000)


def test_credits_are_credits_and_dollars_come_from_the_contract_before_the_estimate() -> None:
    assert measured_micro(Unit.CREDITS, HALF_KNOWN, PRICE) == 1_000
    assert measured_micro(Unit.USD, HALF_KNOWN, PRICE) == 40
    assert measured_micro(Unit.USD, HALF_KNOWN, None) == 30
    assert measured_micro(Unit.USD, UNKNOWN, None) is None
    assert measured_micro(Unit.USD, Spend(), None) == 0


def test_an_estimate_of_some_rows_is_a_part() -> None:
    assert is_part(Unit.USD, HALF_KNOWN, None)
    assert not is_part(Unit.USD, HALF_KNOWN, PRICE)
    assert not is_part(Unit.CREDITS, HALF_KNOWN, None)
    assert not is_part(Unit.USD, Spend(2, 10, 5, 2), None)


def test_it_is_said_which_price_is_known() -> None:
    assert price_source(PRICE, has_estimates=True) is PriceSource.CONTRACT
    assert price_source(None, has_estimates=True) is PriceSource.ESTIMATE
    assert price_source(None, has_estimates=False) is None


def test_a_limit_is_looked_for_in_what_is_summed() -> None:
    assert limit_of(Unit.CREDITS, 500, PRICE) == Limit(500, by_estimate=False)
    assert limit_of(Unit.USD, 500, None) == Limit(500, by_estimate=True)
    assert limit_of(Unit.USD, 500, PRICE) == Limit(12_499, by_estimate=False)
    assert limit_of(Unit.USD, 1, Decimal(100)) == Limit(1, by_estimate=False)


@given(st.integers(1, 10**15), st.decimals("0.000001", "1000", places=6), st.integers(0, 10**16))
def test_nobody_who_reaches_an_amount_is_below_its_limit(amount: int, price: Decimal, used: int) -> None:
    measured = measured_micro(Unit.USD, Spend(1, used), price)
    assert measured is not None
    if measured >= amount:
        assert used >= limit_of(Unit.USD, amount, price).least
