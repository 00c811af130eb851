"""What befalls the company's usage beside everybody's habits: agents that run away, and late corrections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any, TypeVar
from zlib import crc32

from bot.demo.accounts import Account
from bot.demo.settling import scale_row
from bot.demo.usage_model import draw_row, draw_rows

Row = dict[str, Any]
T = TypeVar("T")

EXPLOSION_FACTOR = 15.0
"""Against the usual day with use."""
ABOVE_LARGEST_FACTOR = 1.5
"""Against the largest day that the account ever had, as far as anybody looks back."""
LOOK_BACK_DAYS = 90

CHANGED_ONE_IN = 4
VANISHED_ONE_IN = 20
"""Of the smaller half of a day's rows."""
APPEARED_ONE_IN = 40
LEAST_CHANGE, MOST_CHANGE = 0.98, 1.18
"""What a corrected row has against before: mostly more, as with any late reckoning."""
NEWCOMER_SHARE = 0.25
"""What a row that appears late has of its account's usual day."""


@dataclass(frozen=True, slots=True)
class Explosion:
    """An account's day on which an agent ran away."""

    account: Account
    credits: float


class Mishaps:
    """Those of one company's accounts, by UTC day. May be added to while the API serves the rows."""

    def __init__(self, accounts: Sequence[Account]) -> None:
        self._accounts = accounts
        self._exploded: Mapping[date, Mapping[str, Explosion]] = {}
        self._revised: Mapping[date, int] = {}

    def explode(self, account: Account, day: date) -> Explosion:
        """Let the account's usage run away on that day, well beyond anything that it did before."""
        usual, largest = usual_credits(account, day)
        explosion = Explosion(account, max(EXPLOSION_FACTOR * usual, ABOVE_LARGEST_FACTOR * largest))
        others = self._exploded.get(day, {})
        self._exploded = {**self._exploded, day: {**others, account.user_id: explosion}}
        return explosion

    def revise(self, days: Iterable[date]) -> None:
        """Correct each of the days once more: rows change, vanish and appear."""
        self._revised = {**self._revised, **{day: self._revised.get(day, 0) + 1 for day in days}}

    def version(self, day: date) -> tuple[int, int]:
        """A value that changes whenever anything more befalls that day."""
        return len(self._exploded.get(day, ())), self._revised.get(day, 0)

    def exploded_on(self, day: date) -> Mapping[str, Explosion]:
        """By account id, what ran away on that day."""
        return self._exploded.get(day, {})

    def befall(self, day: date, rows: Sequence[Row]) -> Sequence[Row]:
        """The day's final rows after everything that has befallen it, in order of their account."""
        for number in range(self._revised.get(day, 0)):
            rows = self._correct(rows, day, number)
        exploded = self._exploded.get(day)
        if not exploded:
            return rows
        calm = [row for row in rows if row["user_id"] not in exploded]
        return _in_order([*calm, *(draw_row(one.account, day, one.credits) for one in exploded.values())])

    def _correct(self, rows: Sequence[Row], day: date, number: int) -> Sequence[Row]:
        """One correction of a day. Who is struck follows from the day and the number of the correction."""

        def luck(user_id: str) -> int:
            return crc32(f"{user_id} {day} {number}".encode())

        used = sorted((row for row in rows if row["totals"]["credits"]), key=lambda row: luck(row["user_id"]))
        small = sorted(used, key=lambda row: float(row["totals"]["credits"]))[: len(used) // 2]
        vanished = {row["user_id"] for row in _some(small, VANISHED_ONE_IN)}
        changed = {row["user_id"] for row in _some(used, CHANGED_ONE_IN)}
        kept = [
            scale_row(row, _change(luck(row["user_id"]))) if row["user_id"] in changed else row
            for row in rows
            if row["user_id"] not in vanished
        ]
        idle = sorted(self._idle(rows, day), key=lambda account: luck(account.user_id))
        late = _some(idle[: len(used)], APPEARED_ONE_IN)
        return _in_order(
            [*kept, *(draw_row(account, day, account.median_credits * NEWCOMER_SHARE) for account in late)]
        )

    def _idle(self, rows: Iterable[Row], day: date) -> list[Account]:
        told = {row["user_id"] for row in rows}
        return [
            account
            for account in self._accounts
            if account.kind == "person"
            and account.user_id not in told
            and account.first_day <= day.toordinal() <= account.last_day
        ]


def usual_credits(account: Account, day: date) -> tuple[float, float]:
    """The median of the days with use in the ninety days before, and the largest of them."""
    days = (day - timedelta(days=ago) for ago in range(1, LOOK_BACK_DAYS + 1))
    told = [float(row["totals"]["credits"]) for each in days for row in draw_rows([account], each)]
    used = [amount for amount in told if amount] or [account.median_credits]
    return median(used), max(used)


def _some(drawn: Sequence[T], one_in: int) -> Sequence[T]:
    """That share of them, the first ones: at least one where there are any."""
    return drawn[: -(-len(drawn) // one_in)]


def _change(luck: int) -> float:
    return LEAST_CHANGE + (MOST_CHANGE - LEAST_CHANGE) * (luck % 1000) / 1000


def _in_order(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: str(row["user_id"]))
