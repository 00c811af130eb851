"""How one account's day of Codex use comes about, as the row that the usage API would tell.

Drawn from nothing but the account and the day, so any day can be made alone, at any time, again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from random import Random
from typing import Any

from bot.demo import row_parts, row_variants
from bot.demo.accounts import Account

Row = dict[str, Any]

DAY_SECONDS = 86_400
UNIX_EPOCH = date(1970, 1, 1).toordinal()
WEEKEND_SHARE = 0.1
"""Chance of use on a weekend, relative to a working day."""
LEAVE_PERCENT = 6
"""Weeks in a hundred that a person is away."""
RESTLESS_SHARE = 0.93
"""Whoever is active on this share of working days is never away."""
ZERO_ROW_SHARE = 0.004
"""Of the days without use, those that the API tells nevertheless."""
BURST_SHARE = 0.004
"""Of the days with use, those on which an agent ran all night."""
RUNAWAY_FACTOR = 16.0
RAISED_FACTOR = 3.8
_SPAN_BITS = 24


def draw_rows(accounts: Iterable[Account], day: date) -> list[Row]:
    """The rows of one UTC day as they finally are, in the order of the accounts."""
    number, rng = day.toordinal(), Random(0)
    start = (number - UNIX_EPOCH) * DAY_SECONDS
    rows = []
    for account in accounts:
        if account.first_day <= number <= account.last_day:
            rng.seed(account.seed << _SPAN_BITS | number)
            row = _draw_row(account, number, start, rng)
            if row is not None:
                rows.append(row)
    return rows


def draw_row(account: Account, day: date, credits_wanted: float) -> Row:
    """The row of a UTC day on which a person's account used about so much, whatever its habits say."""
    number = day.toordinal()
    return _build_row(
        account, number, start_of(day), credits_wanted, Random(account.seed << _SPAN_BITS | number)
    )


def start_of(day: date) -> int:
    """Midnight UTC at which ``day`` begins, in Unix seconds."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _draw_row(account: Account, number: int, start: int, rng: Random) -> Row | None:
    if number != account.runaway and rng.random() >= _chance(account, number):
        return row_variants.build_zero_row(account, start) if rng.random() < ZERO_ROW_SHARE else None
    credits_wanted = _draw_credits(account, number, rng)
    return _build_row(account, number, start, credits_wanted, rng)


def _build_row(account: Account, number: int, start: int, credits_wanted: float, rng: Random) -> Row:
    if account.legacy:
        return row_variants.build_legacy_row(account, start, credits_wanted, rng)
    if account.kind == "service":
        return row_variants.build_service_row(account, start, credits_wanted, number)
    row = row_parts.build_row(account, start, credits_wanted, rng)
    row_variants.vary(row, rng)
    return row


def _chance(account: Account, number: int) -> float:
    weekday = (number - 1) % 7
    if account.kind == "service":
        return account.active_share
    if _is_away(account, (number - 1) // 7):
        return 0.02
    return account.active_share * (WEEKEND_SHARE if weekday >= 5 else 1.0)  # noqa: PLR2004 - Saturday


def _is_away(account: Account, week: int) -> bool:
    """A cheap stable draw: creating a generator for it would cost more than the row."""
    mixed = (account.seed ^ week * 0x9E3779B1) * 0x85EBCA6B >> 13
    return account.active_share < RESTLESS_SHARE and mixed % 100 < LEAVE_PERCENT


def _draw_credits(account: Account, number: int, rng: Random) -> float:
    if number == account.runaway:
        return account.median_credits * RUNAWAY_FACTOR
    learning = min(1.0, 0.4 + 0.03 * (number - account.first_day))
    burst = rng.uniform(4, 12) if rng.random() < BURST_SHARE else 1.0
    level = RAISED_FACTOR if number >= account.raised else 1.0
    return account.median_credits * level * learning * burst * rng.lognormvariate(0, account.spread)
