"""The company's usage as the API tells it hour by hour, until nothing changes any more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from bot.demo.codex_api import CodexApi
from bot.demo.codex_data import CompanyData
from bot.demo.company import Company, build_company, usage_rows, workspace_row
from bot.demo.settling import SETTLED_HOURS, TodayMode, settle_rows

DAY = date(2026, 11, 18)
MIDNIGHT = datetime(2026, 11, 18, tzinfo=UTC)
TOKENS = "text_total_tokens"
Row = dict[str, Any]


@pytest.fixture(scope="module")
def company() -> Company:
    return build_company(300, today=date(2026, 11, 20))


def told(company: Company, hours: float, today_mode: TodayMode = "B") -> list[Row]:
    """The rows of `DAY` as told that many hours after its beginning."""
    now = MIDNIGHT + timedelta(hours=hours)
    return list(CompanyData(company, now=lambda: now, today_mode=today_mode).usage(DAY))


def credits_in(rows: list[Row]) -> float:
    return sum(float(row["totals"]["credits"]) for row in rows)


def test_the_future_is_not_told(company: Company) -> None:
    data = CompanyData(company, now=lambda: MIDNIGHT)
    tomorrow = DAY + timedelta(days=1)

    assert list(data.usage(tomorrow)) == []
    assert data.workspace(tomorrow) is None
    assert data.reviews(DAY) is data.review_responses(DAY) is None


def test_a_settled_day_is_final(company: Company) -> None:
    assert told(company, SETTLED_HOURS) == told(company, 24 * 60) == usage_rows(company, DAY)


def test_settled_data_has_no_lag(company: Company) -> None:
    data = CompanyData(company, now=lambda: MIDNIGHT + timedelta(hours=1), settled=True)

    assert list(data.usage(DAY)) == usage_rows(company, DAY)
    assert list(data.usage(DAY + timedelta(days=1))) == []
    assert data.reviews(DAY) is not None


def test_rows_come_up_to_twelve_hours_late(company: Company) -> None:
    final = {row["user_id"] for row in usage_rows(company, DAY)}
    shown = [{row["user_id"] for row in told(company, hours)} for hours in (1, 12, 24, 30, 36)]

    assert len(shown[0]) < len(shown[1]) < len(shown[2]) < len(final)
    assert shown[1] < final
    assert shown[4] >= final


def test_days_grow_for_five_days_after_their_end(company: Company) -> None:
    final = {row["user_id"]: row for row in usage_rows(company, DAY)}
    ages = [told(company, 24 * days + 12) for days in (1, 2, 3, 4, 5)]

    sums = [sum(row["totals"]["credits"] for row in rows if row["user_id"] in final) for rows in ages]
    assert sums == sorted(sums)
    assert sums[0] < sums[-1] < credits_in(list(final.values()))


def test_one_row_vanishes_again(company: Company) -> None:
    final = {row["user_id"] for row in usage_rows(company, DAY)}
    after = {hours: {row["user_id"] for row in told(company, hours)} - final for hours in (24, 40, 80, 90)}

    assert [len(ghosts) for ghosts in after.values()] == [0, 1, 1, 0]


def test_today_without_tokens(company: Company) -> None:
    rows = told(company, 20, "A")

    assert rows
    assert not any(TOKENS in amounts for row in rows for amounts in (row["totals"], *row["clients"]))
    assert any(row["totals"]["turns"] for row in rows)


def test_today_without_counts_and_models(company: Company) -> None:
    rows = told(company, 20, "B")

    assert any(row["totals"].get(TOKENS) for row in rows)
    assert not any("models" in row for row in rows)
    assert {row["totals"]["threads"] + row["totals"]["turns"] for row in rows} == {0}
    assert {client["turns"] for row in rows for client in row["clients"]} == {0}


def test_today_not_told_at_all(company: Company) -> None:
    assert told(company, 23.9, "none") == []
    assert told(company, 24.1, "none")


def test_amounts_stay_well_formed_while_they_grow(company: Company) -> None:
    final = {row["user_id"]: row["totals"] for row in usage_rows(company, DAY)}

    for row in told(company, 26):
        totals, end = row["totals"], final[row["user_id"]]
        for field, value in totals.items():
            assert type(value) is type(end[field]) or value == end[field] == 0
            assert value is None or float(value) <= float(end[field])


def test_dollars_keep_their_form_while_they_grow() -> None:
    amounts = {
        "threads": 3,
        "turns": 9,
        "credits": 0,
        "cost_usd": "10.00",
        "estimated_cost_usd": 4.0,
        "note": None,
    }
    row = {"user_id": "user-1", "start_time": 0, "totals": amounts, "clients": []}

    shown = [told[0]["totals"] for hours in range(24, 60) if (told := settle_rows([row], hours, "B"))]

    growing = [totals for totals in shown if totals != amounts]
    assert growing
    assert all(re.fullmatch(r"[0-9]\.[0-9]{2}", totals["cost_usd"]) for totals in growing)
    assert all(isinstance(totals["estimated_cost_usd"], float) for totals in growing)


def test_a_day_without_use_has_nothing_to_take_back() -> None:
    assert [list(settle_rows([], hours, "B")) for hours in (10, 40, 90, 200)] == [[]] * 4


def test_finished_rows_are_never_changed_in_place(company: Company) -> None:
    before = usage_rows(company, DAY)
    now = [MIDNIGHT + timedelta(days=9)]
    data = CompanyData(company, now=lambda: now[0], today_mode="A")
    assert list(data.usage(DAY)) == before

    now[0] = MIDNIGHT + timedelta(hours=20)
    assert list(data.usage(DAY)) != before
    now[0] = MIDNIGHT + timedelta(days=9)
    assert list(data.usage(DAY)) == before


def test_the_aggregate_goes_with_the_rows(company: Company) -> None:
    early = CompanyData(company, now=lambda: MIDNIGHT + timedelta(hours=26))
    late = CompanyData(company, now=lambda: MIDNIGHT + timedelta(days=9))

    row = early.workspace(DAY)
    assert row is not None
    assert (
        credits_in(list(early.usage(DAY))) < row["totals"]["credits"] < credits_in(usage_rows(company, DAY))
    )
    assert late.workspace(DAY) == workspace_row(company, DAY)


@pytest.fixture
def clock() -> list[datetime]:
    return [MIDNIGHT + timedelta(hours=30)]


@pytest.fixture
def api(company: Company, clock: list[datetime]) -> Iterator[CodexApi]:
    def now() -> datetime:
        return clock[0]

    data = CompanyData(company, now=now)
    with CodexApi(data, now=now, api_key="key", workspace_id="0b5c7c1e-6f0e-4d0e-9a55-3f2f7a1e0c11") as api:
        yield api


def test_the_served_day_changes_with_the_clock(
    api: CodexApi, clock: list[datetime], company: Company
) -> None:
    """What was served before is kept ready, but only as long as it is still true."""
    path = f"{api.url}/workspaces/0b5c7c1e-6f0e-4d0e-9a55-3f2f7a1e0c11/usage"
    window = {
        "start_time": str(int(MIDNIGHT.timestamp())),
        "end_time": str(int(MIDNIGHT.timestamp()) + 86_400),
    }

    def read() -> list[Row]:
        answer = httpx.get(path, params=window, headers={"Authorization": "Bearer key"}, trust_env=False)
        rows: list[Row] = answer.json()["data"]
        return rows

    early = read()
    assert early == read()
    clock[0] = MIDNIGHT + timedelta(days=8)
    assert credits_in(early) < credits_in(read())
    assert read() == usage_rows(company, DAY)
