"""What single people used: looked up from their days, and no day twice for one answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from bot.core.models import CodeTotals, Totals, epoch_day
from bot.core.periods import Period
from bot.store.engine import Connection
from bot.store.rollups import kept_period
from bot.store.sql import queries


class Breakdown(NamedTuple):
    """The usage of some people by day, client and model, in the store's numbers, and code attribution."""

    days: Mapping[int, Totals]
    clients: Mapping[int, Totals]
    models: Mapping[int, Totals]
    code: CodeTotals


class PeopleSums:
    """Sums by person within one snapshot; the same people and period are asked for several times an answer."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[tuple[int, int], dict[int, Totals | None]] = {}

    def load(self, numbers: Iterable[int], period: Period) -> dict[int, Totals]:
        """The sums of employees by their number; whoever used nothing is missing."""
        wanted = list(numbers)
        known = self._known.setdefault(_bounds(period), {})
        unknown = [number for number in wanted if number not in known]
        if unknown:
            kept = kept_period(self._connection, period)
            name = "people_totals" if kept is None else "people_totals_of_period"
            values = _values(unknown, period) | {"period": kept}
            rows = self._connection.execute(queries()[name], values)
            known |= dict.fromkeys(unknown) | {row[0]: Totals(*row[1:]) for row in rows}
        return {number: totals for number in wanted if (totals := known[number]) is not None}

    def load_breakdown(self, numbers: Iterable[int], period: Period) -> Breakdown:
        """The usage of employees together, in every way that it is shown."""
        wanted = list(numbers)
        sums: dict[str, dict[int, Totals]] = {kind: {} for kind in ("person", "day", "client", "model")}
        code = CodeTotals()
        for kind, part, *figures in self._connection.execute(queries()["breakdown"], _values(wanted, period)):
            if kind == "code":
                code = CodeTotals(*figures[:7])
            else:
                sums[kind][part] = Totals(*figures)
        self._known.setdefault(_bounds(period), {}).update(dict.fromkeys(wanted) | sums["person"])
        return Breakdown(sums["day"], sums["client"], sums["model"], code)


def _bounds(period: Period) -> tuple[int, int]:
    return epoch_day(period.since), epoch_day(period.until)


def _values(numbers: list[int], period: Period) -> dict[str, str | int | None]:
    since, until = _bounds(period)
    return {"people": json.dumps(numbers), "since": since, "until": until}
