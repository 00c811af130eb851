"""The company's use of Codex: any day at any time, and every form that the API's schema allows."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median, stdev
from typing import Any

import jsonschema
import pytest

from bot.demo.company import (
    Company,
    build_company,
    review_response_row,
    review_row,
    usage_rows,
    workspace_row,
)
from bot.demo.row_parts import RATES
from bot.demo.row_variants import UNKNOWN_CLIENT

Row = dict[str, Any]

TODAY = date(2026, 11, 20)
DAYS = [TODAY - timedelta(days=n) for n in range(1, 91)]

COUNT = {"type": "integer", "minimum": 0}
MAYBE_COUNT = {"type": ["integer", "null"], "minimum": 0}
MAYBE_NUMBER = {"type": ["number", "null"], "minimum": 0}
AMOUNTS = {
    "credits": {"type": "number", "minimum": 0},
    "estimated_cost_usd": MAYBE_NUMBER,
    "cost_usd": {"type": ["number", "string", "null"]},
    "uncached_text_input_tokens": MAYBE_COUNT,
    "cached_text_input_tokens": MAYBE_COUNT,
    "text_output_tokens": MAYBE_COUNT,
    "text_total_tokens": MAYBE_COUNT,
}
COUNTED = {"threads": COUNT, "turns": COUNT, **AMOUNTS}
USAGE_ROW = {
    "type": "object",
    "required": ["object", "start_time", "end_time", "totals", "clients"],
    "properties": {
        "object": {"const": "workspace.codex.usage.result"},
        "start_time": {"type": "integer", "multipleOf": 86_400},
        "end_time": {"type": "integer", "multipleOf": 86_400},
        "user_id": {"type": ["string", "null"]},
        "actor": {
            "type": ["object", "null"],
            "required": ["user_id"],
            "properties": {
                "type": {"const": "ACCOUNT_USER"},
                "user_id": {"type": "string"},
                "email": {"type": ["string", "null"]},
            },
        },
        "totals": {"type": "object", "required": ["threads", "turns", "credits"], "properties": COUNTED},
        "clients": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["client_id", "threads", "turns", "credits"],
                "properties": {"client_id": {"type": "string"}, **COUNTED},
            },
        },
        "models": {
            "type": ["array", "null"],
            "items": {
                "type": "object",
                "required": ["model", "credits"],
                "not": {"anyOf": [{"required": ["threads"]}, {"required": ["turns"]}]},
                "properties": {
                    "model": {"type": "string"},
                    "speed": {"enum": ["standard", "fast", None]},
                    **AMOUNTS,
                },
            },
        },
        "code_attribution": {
            "type": ["object", "null"],
            "required": ["lines_of_code"],
            "properties": {
                "lines_of_code": {
                    "type": "object",
                    "required": ["added"],
                    "properties": {
                        "added": COUNT,
                        "removed": MAYBE_COUNT,
                        "committed": MAYBE_COUNT,
                        "total_committed_lines": MAYBE_COUNT,
                        "committed_percentage": MAYBE_NUMBER,
                    },
                },
                "commits": {
                    "type": ["object", "null"],
                    "properties": {
                        "with_codex_contribution": COUNT,
                        "with_codex_contribution_percentage": MAYBE_NUMBER,
                        "total_commits": COUNT,
                    },
                },
            },
        },
    },
}


@pytest.fixture(scope="module")
def company() -> Company:
    return build_company(today=TODAY)


@pytest.fixture(scope="module")
def many_rows() -> list[Row]:
    """A week of a company of 2,000: enough for every rare form of a row."""
    large = build_company(2_000, today=TODAY)
    return [row for day in DAYS[:7] for row in usage_rows(large, day)]


@pytest.mark.no_cover
def test_a_day_of_twenty_thousand_is_quick() -> None:
    large = build_company(20_000, today=TODAY)

    began = time.thread_time()
    rows = usage_rows(large, TODAY)
    assert len(rows) > 5_000
    assert time.thread_time() - began < 2  # of this work alone: the machine may be busy with others


def test_a_day_is_the_same_whenever_it_is_made(company: Company) -> None:
    forwards = [usage_rows(company, day) for day in DAYS]
    backwards = [usage_rows(build_company(today=TODAY), day) for day in reversed(DAYS)]

    assert forwards == backwards[::-1]


def test_ids_and_habits_do_not_depend_on_other_people() -> None:
    """The same person in a company of another size keeps the account id."""
    small, large = (
        build_company(60, today=TODAY).account("Carol"),
        build_company(90, today=TODAY).account("Carol"),
    )

    assert small is not None
    assert large is not None
    assert small.user_id == large.user_id


def test_zoe_used_codex_after_she_left_but_not_for_ever(company: Company) -> None:
    zoe = company.account("Zoe")
    left = company.worker("Zoe").left_on

    assert zoe is not None
    assert left is not None
    used = [day for day in DAYS if any(row["user_id"] == zoe.user_id for row in usage_rows(company, day))]
    assert left < max(used) <= left + timedelta(days=9)


def test_carols_runaway_day_stands_out(company: Company) -> None:
    by_day = {day: credits_of(company, "Carol", day) for day in DAYS[:45]}

    worst = max(by_day, key=lambda day: by_day[day])
    usual = median(spent for spent in by_day.values() if spent)
    assert worst == date(2026, 11, 18)
    assert by_day[worst] > 10 * usual


def test_weekends_are_quiet_and_use_is_bursty(many_rows: list[Row]) -> None:
    by_weekday = Counter(
        date.fromordinal(719_163 + row["start_time"] // 86_400).weekday() for row in many_rows
    )
    spent = [row["totals"]["credits"] for row in many_rows if row["totals"]["credits"]]

    assert by_weekday[6] < by_weekday[2] / 4
    assert stdev(spent) > median(spent)
    assert max(spent) > 10 * median(spent)


@pytest.mark.no_cover
def test_every_row_is_one_the_api_could_send(many_rows: list[Row]) -> None:
    validator = jsonschema.Draft202012Validator(USAGE_ROW)

    assert not [error.message for row in many_rows for error in validator.iter_errors(row)]
    assert all(row["end_time"] - row["start_time"] == 86_400 for row in many_rows)
    assert len({(row["start_time"], row["user_id"]) for row in many_rows}) == len(many_rows)
    json.dumps(many_rows, allow_nan=False)


def test_credits_are_those_of_the_tokens(many_rows: list[Row]) -> None:
    models = [model for row in many_rows for model in row.get("models") or ()]

    for model in models:
        rates = RATES[model["model"]]
        tokens = [
            model[f"{name}_tokens"] for name in ("uncached_text_input", "cached_text_input", "text_output")
        ]
        price = sum(rate * count for rate, count in zip(rates, tokens, strict=True)) / 1e6
        assert model["credits"] == pytest.approx(price * (2 if model["speed"] == "fast" else 1))
        assert model["estimated_cost_usd"] == round(model["credits"] * 0.04, 2)
        assert model["text_total_tokens"] == sum(tokens)


def test_clients_and_models_are_two_splits_of_one_total(many_rows: list[Row]) -> None:
    for row in many_rows:
        for split in (row["clients"], row.get("models") or ()):
            if split:
                spent = sum(part["credits"] for part in split)
                assert spent == pytest.approx(row["totals"]["credits"])
                assert all(part["credits"] >= 0 for part in split)


def test_one_to_three_clients(many_rows: list[Row]) -> None:
    counts = Counter(len(row["clients"]) for row in many_rows)

    assert set(counts) == {0, 1, 2, 3}
    assert counts[2] + counts[3] > len(many_rows) / 10


FORMS: dict[str, Callable[[Row], Any]] = {
    "no actor": lambda row: "actor" not in row,
    "e-mail null": lambda row: row.get("actor", {}).get("email", "") is None,
    "e-mail absent": lambda row: "actor" in row and "email" not in row["actor"],
    "tokens null": lambda row: row["totals"].get("text_total_tokens", 0) is None,
    "tokens absent in a client": lambda row: row["clients"] and "text_total_tokens" not in row["clients"][0],
    "models null": lambda row: row.get("models", ()) is None,
    "models absent": lambda row: "models" not in row,
    "one model at two speeds": lambda row: speeds_of(row) == ["standard", "fast"],
    "other model": lambda row: any(model["model"] == "other" for model in row.get("models") or ()),
    "unknown client": lambda row: any(part["client_id"] == UNKNOWN_CLIENT for part in row["clients"]),
    "credits without clients": lambda row: not row["clients"] and row["totals"]["credits"],
    "nothing used": lambda row: row["totals"]["turns"] == 0 and row["totals"]["credits"] == 0,
    "unknown field": lambda row: "seat_type" in row,
    "unknown amount": lambda row: "reasoning_output_tokens" in row["totals"],
    "dollars as text": lambda row: isinstance(row["totals"].get("cost_usd"), str),
    "dollars as number": lambda row: isinstance(row["totals"].get("cost_usd"), float),
    "no estimate": lambda row: "estimated_cost_usd" not in row["totals"],
    "code null": lambda row: row.get("code_attribution", ()) is None,
    "lines without commits": lambda row: (
        row.get("code_attribution") and not row["code_attribution"]["commits"]
    ),
    "commits without a total": lambda row: "total_commits" not in commits_of(row),
    "thread in two clients": lambda row: row["totals"]["threads"] < sum(c["threads"] for c in row["clients"]),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_that_the_schema_allows_occurs(form: str, many_rows: list[Row]) -> None:
    share = sum(bool(FORMS[form](row)) for row in many_rows) / len(many_rows)

    assert 0 < share < 0.2


def test_workspace_row_is_slightly_above_the_sum(company: Company) -> None:
    rows = usage_rows(company, TODAY)
    row = workspace_row(company, TODAY)

    assert row is not None
    assert not {"user_id", "actor", "models", "code_attribution"} & set(row)
    told = sum(one["totals"]["credits"] for one in rows)
    assert told < row["totals"]["credits"] < told * 1.02
    assert not list(jsonschema.Draft202012Validator(USAGE_ROW).iter_errors(row))


def test_no_workspace_row_for_a_day_without_rows(company: Company) -> None:
    assert workspace_row(company, date(2020, 1, 1)) is None


def test_review_rows_agree_with_themselves(company: Company) -> None:
    for day in DAYS:
        reviews = review_row(company, day)
        answers = review_response_row(company, day)
        details = answers["comment_response_details"]
        assert reviews["comments"] == sum(reviews["comment_details"].values())
        assert answers["comments"] >= details["engaged"] >= max(details["reacted"], details["replied"])
        assert answers["reactions"] == sum(answers["reaction_details"].values())
        assert answers["replies"] >= details["replied"]
        assert reviews["end_time"] - reviews["start_time"] == 86_400


def credits_of(company: Company, who: str, day: date) -> float:
    """What the person's account spent on the day."""
    account = company.account(who)
    assert account is not None
    rows = (row for row in usage_rows(company, day) if row["user_id"] == account.user_id)
    return sum(float(row["totals"]["credits"]) for row in rows)


def speeds_of(row: Row) -> list[str | None]:
    """The speeds of the row's models, in order."""
    return [model["speed"] for model in row.get("models") or ()]


def commits_of(row: Row) -> dict[str, Any]:
    """The commits of the row, a complete set where it has none."""
    commits: dict[str, Any] | None = (row.get("code_attribution") or {}).get("commits")
    return commits or {"total_commits": 1}
