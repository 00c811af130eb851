"""What is typed about a budget becomes one, or a sentence beside the field that is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.budgets.edits import Draft, Surroundings, amount_typed, read_draft, thresholds_typed
from bot.core.budgets.terms import Budget, Cycle, Scope, Terms, Unit

DRAFT = Draft(Scope.TEAM, "Core", Cycle.MONTH, Unit.CREDITS, "12,500.50", "50, 80 100%")
BESIDE = Surroundings((), {"Core", "Data Platform"}, has_price=False)


def problems(beside: Surroundings = BESIDE, **changed: object) -> dict[str, str]:
    found = read_draft(replace(DRAFT, **changed), beside)  # type: ignore[arg-type]  # fields by name
    assert isinstance(found, dict)
    return found


def test_a_draft_becomes_terms() -> None:
    assert read_draft(DRAFT, BESIDE) == Terms(
        Scope.TEAM, "Core", Cycle.MONTH, Unit.CREDITS, 12_500_500_000, (50, 80, 100)
    )
    whole = replace(DRAFT, scope=Scope.ORGANISATION, name="left over", amount="$7", thresholds="1000")
    assert read_draft(whole, BESIDE) == Terms(
        Scope.ORGANISATION, None, Cycle.MONTH, Unit.CREDITS, 7_000_000, (1000,)
    )


@pytest.mark.parametrize(
    "text", ["", "-5", "nan", "NaN", "inf", "1e9", "1,5", "12.500,00", "1.2345678", "٣", "5 000"]
)
def test_what_is_no_positive_number_is_refused(text: str) -> None:
    assert problems(amount=text)["amount"].endswith("a positive number such as 12500 or 12,500.50.")


@pytest.mark.parametrize("text", ["0", "0.000000", "1000000000000.000001", "9999999999999"])
def test_an_amount_is_more_than_nothing_and_has_an_upper_bound(text: str) -> None:
    assert problems(amount=text) == {"amount": "An amount is more than 0 and at most 1,000,000,000,000."}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("fifty", "Thresholds are whole percentages, such as 50, 80, 100."),
        ("50.5", "Thresholds are whole percentages, such as 50, 80, 100."),
        ("", "Please give 1 to 5 thresholds, such as 50, 80, 100."),
        ("1 2 3 4 5 6", "Please give 1 to 5 thresholds, such as 50, 80, 100."),
        ("0 50", "A threshold is from 1 to 1,000 percent."),
        ("50 1001", "A threshold is from 1 to 1,000 percent."),
        ("80 50", "Please give the thresholds in ascending order, each once."),
        ("50 50", "Please give the thresholds in ascending order, each once."),
    ],
)
def test_thresholds_have_bounds_and_an_order(text: str, says: str) -> None:
    assert problems(thresholds=text) == {"thresholds": says}


def test_a_group_must_be_one_of_those_that_may_be_chosen() -> None:
    assert problems(name="  ") == {"name": "Which team? Type its name as the roster has it."}
    assert problems(name="core")["name"].endswith("that you can choose. Did you mean “Core”?")
    assert problems(name="Zebra", scope=Scope.COST_CENTER) == {
        "name": "There is no cost centre “Zebra” that you can choose. Type it as the roster has it."
    }


def test_there_is_one_budget_for_each_thing_cycle_and_unit() -> None:
    other = Budget(1, Scope.TEAM, "Core", Cycle.MONTH, Unit.CREDITS, 5, (100,), 1, date(2026, 11, 1))
    taken = replace(BESIDE, others=(other,))
    already = "There is a budget for the same, by month and in credits, already: edit that one."
    assert problems(taken) == {"name": already}
    assert isinstance(read_draft(replace(DRAFT, cycle=Cycle.WEEK), taken), Terms)
    everyone = replace(BESIDE, others=(replace(other, scope=Scope.PERSON, name=None),))
    assert problems(everyone, scope=Scope.PERSON) == {"unit": already}


def test_dollars_need_a_price() -> None:
    assert problems(unit=Unit.USD) == {
        "unit": "No price of a credit is known: choose credits, or have CREDIT_PRICE_USD set."
    }
    priced = read_draft(replace(DRAFT, unit=Unit.USD), replace(BESIDE, has_price=True))
    assert isinstance(priced, Terms)
    assert priced.unit is Unit.USD


def test_a_budget_is_shown_as_it_could_be_typed() -> None:
    assert (amount_typed(12_500_500_000), amount_typed(7_000_000)) == ("12500.5", "7")
    assert thresholds_typed((50, 80)) == "50, 80"


@given(
    st.integers(1, 10**18),
    st.sets(st.integers(1, 1_000), min_size=1, max_size=5).map(lambda found: tuple(sorted(found))),
)
def test_what_is_kept_can_be_typed_again(amount: int, thresholds: tuple[int, ...]) -> None:
    draft = replace(DRAFT, amount=amount_typed(amount), thresholds=thresholds_typed(thresholds))
    terms = read_draft(draft, BESIDE)
    assert isinstance(terms, Terms)
    assert (terms.amount_micro, terms.thresholds) == (amount, thresholds)


@given(st.text(max_size=8), st.text(max_size=8), st.text(max_size=8))
def test_nothing_typed_breaks_anything_or_gives_a_budget_that_cannot_be(
    name: str, amount: str, percents: str
) -> None:
    found = read_draft(replace(DRAFT, name=name, amount=amount, thresholds=percents), BESIDE)
    if isinstance(found, Terms):
        assert found.name in BESIDE.names
        assert 0 < found.amount_micro < 2**63
        assert list(found.thresholds) == sorted(set(found.thresholds))
