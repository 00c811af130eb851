"""The form for a budget: Slack takes it, and what is filled in is read back whatever its shape."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.core.budgets.edits import Draft, Seen
from bot.core.budgets.terms import Budget, Cycle, Scope, Unit
from bot.demo.slack.gestures import EmptyFieldsError, state_values
from bot.demo.slack.view_rules import view_problems
from bot.slack.answers.budgets import seen_value
from bot.slack.budget_modal import CHOOSE_ONE, budget_modal, read_budget, read_seen

TEAM = Budget(
    7, Scope.TEAM, "A & B", Cycle.WEEK, Unit.CREDITS, 1_234_500_000, (50, 100), 3, date(2026, 11, 1)
)


def described(view: dict[str, Any]) -> list[str]:
    """A line a field: label, what stands there, what can be chosen, hint."""
    first, *fields = view["blocks"]
    return [first["text"]["text"], *map(described_field, fields)]


def described_field(block: dict[str, Any]) -> str:
    element = block["element"]
    initial = element.get("initial_value") or element.get("initial_option", {}).get("text", {}).get("text")
    options = ", ".join(option["text"]["text"] for option in element.get("options", ()))
    hint = block.get("hint", {}).get("text", "")
    return f"{block['label']['text']}: {initial} [{options}] {hint}".rstrip()


def test_a_new_budget_begins_with_what_is_usual() -> None:
    view = budget_modal(None, "{}", has_price=False)
    assert view_problems(view) == []
    assert described(view) == snapshot(
        [
            "Those who may see a budget read how it stands; it counts from the beginning of the period that runs now.",
            "For: None [The organisation, A department, A team, A cost centre, Each person alone]",
            "Name: None [] Of the department, team or cost centre, as the roster has it. Else nothing.",
            "Begins anew every: Month [Day, Week, from Monday, Month] In UTC days.",
            "Counted in: Credits [Credits]",
            "Amount: None []",
            "Thresholds in percent: 50, 80, 100 [] Up to five, such as 50, 80, 100.",
        ]
    )


def test_an_edit_begins_with_what_holds() -> None:
    view = budget_modal(TEAM, "{}", has_price=True)
    assert view_problems(view) == []
    assert described(view) == snapshot(
        [
            "This is how *Team A &amp; B, weekly* stands now. What you save counts from now on as another version, whose thresholds may be said again.",
            "For: A team [The organisation, A department, A team, A cost centre, Each person alone]",
            "Name: A & B [] Of the department, team or cost centre, as the roster has it. Else nothing.",
            "Begins anew every: Week, from Monday [Day, Week, from Monday, Month] In UTC days.",
            "Counted in: Credits [Credits, US dollars]",
            "Amount: 1234.5 []",
            "Thresholds in percent: 50, 100 [] Up to five, such as 50, 80, 100.",
        ]
    )
    assert read_budget(state_values(view["blocks"], {})) == Draft(
        Scope.TEAM, "A & B", Cycle.WEEK, Unit.CREDITS, "1234.5", "50, 100"
    )


def test_whose_budget_and_how_much_must_be_said() -> None:
    with pytest.raises(EmptyFieldsError) as empty:
        state_values(budget_modal(None, "", has_price=True)["blocks"], {})
    assert empty.value.block_ids == ["scope", "amount"]


def test_dollars_without_a_price_stay_where_they_are() -> None:
    units = budget_modal(replace(TEAM, unit=Unit.USD), "", has_price=False)["blocks"][4]["element"]
    assert units["initial_option"]["value"] == "usd"


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"scope": [], "cycle": {"choice": None}, "unit": {"choice": {"selected_option": "usd"}}},
        {name: {"choice": {"selected_option": {"value": 5}}} for name in ("scope", "cycle", "unit")},
        {name: {"choice": {"selected_option": {"value": "planet"}}} for name in ("scope", "cycle", "unit")},
    ],
)
def test_what_is_none_of_the_choices_is_asked_for(values: dict[str, Any]) -> None:
    assert read_budget(values) == dict.fromkeys(("scope", "cycle", "unit"), CHOOSE_ONE)


def test_a_version_is_read_as_it_was_written() -> None:
    assert read_seen(seen_value(TEAM)) == Seen(7, 3)
    for text in (None, 7, "", "7", "7.", "7.3.1", "-7.3", "7.3\n", "9" * 16 + ".1"):
        assert read_seen(text) == Seen(0, 0)
