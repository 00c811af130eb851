"""What stands in an exported file, and how it is written: exact, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.core.answers import GroupSlice
from bot.core.commands import ExportForm
from bot.core.export_text import BYTE_ORDER_MARK, export_lines
from bot.core.exports import Cell, ExportHead, PersonRow, amount, group_cells, person_cells
from bot.core.models import MICRO, Freshness, Totals
from bot.core.people import Person, Place
from bot.core.periods import Period

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1), "2026-10")
READ_AT = datetime(2026, 11, 22, 9, 12, 30, 5, tzinfo=UTC)
HEAD = ExportHead(OCTOBER, Freshness(date(2026, 10, 30), READ_AT, (date(2026, 10, 31),)), Decimal("0.04"))
USED = Totals(
    rows=20,
    threads=12,
    turns=345,
    credits_micro=1_234_567_800,
    cost_usd_micro=2_500_000,
    cost_rows=1,
    estimated_cost_usd_micro=0,
    estimated_rows=0,
    uncached_input_tokens=1,
    cached_input_tokens=2,
    output_tokens=3,
    total_tokens=6,
    token_rows=19,
)
BOB = PersonRow(
    Person(1, "bob@example.com", "Bob", Place(1, 2, 0), team="Payments", left_on=date(2026, 10, 20)),
    department="Engineering",
    cost_center="CC-110",
    manager_email=None,
    active_days=14,
    totals=USED,
)


def text(form: ExportForm, *rows: Mapping[str, Cell]) -> str:
    return "".join(export_lines(form, rows))


def as_table(written: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written.removeprefix(BYTE_ORDER_MARK), newline="")))


def test_a_persons_row_as_csv() -> None:
    written = text(ExportForm.CSV, person_cells(BOB, HEAD))

    assert written.startswith(BYTE_ORDER_MARK)
    assert written.count("\r\n") == 2
    assert as_table(written) == snapshot(
        [
            {
                "first_day": "2026-10-01",
                "last_day": "2026-10-31",
                "email": "bob@example.com",
                "name": "Bob",
                "team": "Payments",
                "department": "Engineering",
                "cost_center": "CC-110",
                "manager_email": "",
                "left_on": "2026-10-20",
                "active_days": "14",
                "threads": "12",
                "turns": "345",
                "credits": "1234.5678",
                "contract_usd": "49.382712",
                "billed_usd": "2.5",
                "estimated_usd": "",
                "uncached_input_tokens": "1",
                "cached_input_tokens": "2",
                "output_tokens": "3",
                "total_tokens": "6",
                "account_days": "20",
                "account_days_with_tokens": "19",
                "complete_to": "2026-10-30",
                "read_at": "2026-11-22T09:12:30+00:00",
                "days_partial": "2026-10-31",
                "days_missing": "",
            }
        ]
    )


def test_the_same_as_json() -> None:
    written = text(ExportForm.JSON, person_cells(BOB, HEAD), person_cells(BOB, HEAD))
    first, second = json.loads(written, parse_float=Decimal)

    assert first == second
    assert first == snapshot(
        {
            "first_day": "2026-10-01",
            "last_day": "2026-10-31",
            "email": "bob@example.com",
            "name": "Bob",
            "team": "Payments",
            "department": "Engineering",
            "cost_center": "CC-110",
            "manager_email": None,
            "left_on": "2026-10-20",
            "active_days": 14,
            "threads": 12,
            "turns": 345,
            "credits": Decimal("1234.5678"),
            "contract_usd": Decimal("49.382712"),
            "billed_usd": Decimal("2.5"),
            "estimated_usd": None,
            "uncached_input_tokens": 1,
            "cached_input_tokens": 2,
            "output_tokens": 3,
            "total_tokens": 6,
            "account_days": 20,
            "account_days_with_tokens": 19,
            "complete_to": "2026-10-30",
            "read_at": "2026-11-22T09:12:30+00:00",
            "days_partial": "2026-10-31",
            "days_missing": None,
        }
    )
    assert '"credits": 1234.5678,' in written


def test_a_teams_row() -> None:
    rows = [GroupSlice("Data", 5, 3, USED), GroupSlice(None, 7, None, Totals())]
    named, nameless = as_table(text(ExportForm.CSV, *(group_cells(row, HEAD) for row in rows)))

    assert (named["team"], named["people"], named["active_people"], named["credits"]) == (
        "Data",
        "5",
        "3",
        "1234.5678",
    )
    assert (nameless["team"], nameless["active_people"], nameless["credits"]) == ("(no team)", "", "0")


def test_what_is_not_known_is_empty_and_never_zero() -> None:
    unknown = replace(BOB, totals=replace(USED, token_rows=0, cost_rows=0, estimated_rows=3))
    (row,) = as_table(text(ExportForm.CSV, person_cells(unknown, replace(HEAD, credit_price_usd=None))))

    assert (row["total_tokens"], row["billed_usd"], row["estimated_usd"]) == ("", "", "0")
    assert "contract_usd" not in row
    (idle,) = as_table(text(ExportForm.CSV, person_cells(replace(BOB, totals=Totals()), HEAD)))
    assert (idle["total_tokens"], idle["credits"]) == ("0", "0")


def test_days_that_are_missing_stand_in_every_row() -> None:
    missing = Freshness(None, None, missing=(date(2026, 10, 3), date(2026, 10, 4)))
    (row,) = as_table(text(ExportForm.CSV, person_cells(BOB, replace(HEAD, freshness=missing))))

    assert (row["complete_to"], row["read_at"], row["days_missing"]) == ("", "", "2026-10-03 2026-10-04")


@pytest.mark.parametrize(
    "sign", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"]
)
def test_no_cell_is_calculated(sign: str) -> None:
    evil = f'{sign}HYPERLINK("https://evil.example","x")'
    row = replace(BOB, person=replace(BOB.person, name=evil, team=evil), cost_center=evil)
    (read,) = as_table(text(ExportForm.CSV, person_cells(row, HEAD)))

    assert {read["name"], read["team"], read["cost_center"]} == {f"'{evil}"}
    assert json.loads(text(ExportForm.JSON, person_cells(row, HEAD)))[0]["name"] == evil


def test_an_amount_below_zero_stays_a_number() -> None:
    (row,) = as_table(text(ExportForm.CSV, {"credits": amount(-1_500_000)}))

    assert row == {"credits": "-1.5"}


def test_an_empty_table() -> None:
    assert text(ExportForm.CSV) == BYTE_ORDER_MARK
    assert json.loads(text(ExportForm.JSON)) == []


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.integers(-(10**17), 10**17))
def test_amounts_are_exact(micro: int) -> None:
    written = f"{amount(micro):f}"

    assert Decimal(written) * MICRO == micro
    assert "." not in written or not written.endswith(("0", "."))
    assert "E" not in written


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.lists(st.tuples(st.text(), st.text(), st.integers()), min_size=1, max_size=5))
def test_whatever_a_name_is_the_table_reads_back(rows: list[tuple[str, str, int]]) -> None:
    cells: list[dict[str, Cell]] = [
        {"name": name, "team": team, "count": count} for name, team, count in rows
    ]
    kept: Any = json.loads(text(ExportForm.JSON, *cells))
    assert kept == cells

    read = as_table(text(ExportForm.CSV, *cells))
    assert [row["name"].removeprefix("'") for row in read] == [name.removeprefix("'") for name, _, _ in rows]
    assert not any(row["name"].startswith(("=", "+", "-", "@", "\t", "\r")) for row in read)
