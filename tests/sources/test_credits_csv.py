"""Daily credits from a file: what is read, and what is said about what cannot be."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.errors import SourceError
from bot.sources.credits_csv import CreditsFile, read_credits


def read(folder: Path, content: str | bytes) -> CreditsFile:
    path = folder / "credits.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_credits(path)


def test_rows_in_any_order_become_days_in_order(tmp_path: Path) -> None:
    file = read(
        tmp_path,
        "\ufeffEmail,team,DATE, credits\r\n"
        "Bob@Example.com,Payments,2026-11-03,12.5\r\n"
        "\r\n"
        'ana@example.com,"Web, mobile",2026-11-02,0.000001\r\n'
        "ana@example.com,Web,2026-11-03,0\r\n",
    )

    assert file.problems == ()
    assert file.days == (
        (date(2026, 11, 2), {"ana@example.com": 1}),
        (date(2026, 11, 3), {"bob@example.com": 12_500_000, "ana@example.com": 0}),
    )


def test_amounts_are_exact_to_the_millionth(tmp_path: Path) -> None:
    file = read(
        tmp_path, "date,email,credits\n2026-11-02,a,0.1\n2026-11-02,b,1e-3\n2026-11-02,c,33.33333349999\n"
    )
    assert list(file.days[0][1].values()) == [100_000, 1000, 33_333_333]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("02.11.2026,ana@example.com,5", "'02.11.2026' is not a date such as 2026-10-31."),
        ("2026-02-30,ana@example.com,5", "'2026-02-30' is not a date such as 2026-10-31."),
        ("2026-11-02,,5", "There is no e-mail."),
        ("2026-11-02,bob@example.com,many", "'many' is not an amount of credits."),
        ("2026-11-02,bob@example.com,-1", "'-1' is not an amount of credits."),
        ("2026-11-02,bob@example.com,NaN", "'NaN' is not an amount of credits."),
        ("2026-11-02,bob@example.com,1e300", "'1e300' is not an amount of credits."),
        ("2026-11-02,ANA@example.com,5", "'ana@example.com' already has a row for 2026-11-02."),
        ("2026-11-02,bob@example.com", "There are too few fields."),
        (f"2026-11-02,bob@example.com,{'9' * 200_000}", "There are too few fields."),
    ],
)
def test_a_wrong_row_is_named_and_the_others_count(tmp_path: Path, row: str, why: str) -> None:
    file = read(
        tmp_path, f"date,email,credits\n2026-11-02,ana@example.com,7\n{row}\n2026-11-04,zoe@example.com,9\n"
    )

    assert file.problems == (f"Line 3: {why} The row is left out.",)
    assert [list(amounts.values()) for _, amounts in file.days] == [[7_000_000], [9_000_000]]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "has no column date"),
        ("date,email\n", "has no column credits"),
        (b"date,email,credits\n\xff\n", "is not UTF-8"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, content: str | bytes, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        read(tmp_path, content)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_credits(tmp_path / "none.csv")
