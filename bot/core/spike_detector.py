"""Goes through a company's days in order and finds what stands out on each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from bot.core.models import MICRO
from bot.core.spike_history import History, Recent, Usual
from bot.core.spike_organisation import LARGEST_FACTOR, Organisation
from bot.core.spike_rules import (
    LEAST_HISTORY,
    SHIFT_FACTOR,
    Day,
    Limits,
    is_critical,
    is_shift,
    is_surge,
    limits,
    newcomer_limits,
)
from bot.core.spikes import Finding, Kind, Severity, SpikeSettings

SETTLED_DAYS = 8
"""Active days from which on somebody's usual says something about everybody's day."""


class _Use(NamedTuple):
    """Somebody's day: credits, their logarithm, and what is usual; None on their first day."""

    email: str
    micro: int
    log: float
    usual: Usual | None

    @property
    def is_new(self) -> bool:
        return self.usual is None or self.usual.days < LEAST_HISTORY


class Detector:
    """A fold over days: what it keeps of the past is small, and no day is looked at twice."""

    def __init__(self, settings: SpikeSettings) -> None:
        self._settings = settings
        self._people: dict[str, History] = {}
        self._organisation = Organisation()

    def judge(self, day: date, credits_micro: Mapping[str, int]) -> list[Finding]:
        """What stands out on a complete day, later than all before; then the day is learnt from.

        The organisation comes first, then the largest. Who used nothing may be missing or zero.
        """
        uses = self._uses(day, credits_micro)
        above = _above(uses)
        today = self._day(self._organisation.factor(above), is_quiet=self._organisation.is_quiet(len(uses)))
        bounds = [_limits(today, use) for use in uses]
        found = _surge(day, uses, above, today)
        for use, limit in zip(uses, bounds, strict=True):
            found += self._judge_amount(day, use, limit, today)
            found += self._judge_level(day, use, limit, today)
        self._learn(day, uses, bounds, above, today)
        return sorted(found, key=_order)

    def judge_partial(self, day: date, credits_micro: Mapping[str, int]) -> list[Finding]:
        """Who stands out already on a day that is not over, whatever comes yet; nothing is learnt from it.

        Totals can only grow, and everybody is given the largest surge that a complete day could excuse.
        """
        today = self._day(LARGEST_FACTOR, is_quiet=False)
        uses = self._uses(day, credits_micro)
        found = [one for use in uses for one in self._judge_amount(day, use, _limits(today, use), today)]
        return sorted(found, key=_order)

    def _uses(self, day: date, credits_micro: Mapping[str, int]) -> list[_Use]:
        number = day.toordinal()
        return [self._use(number, email, micro) for email, micro in credits_micro.items() if micro > 0]

    def _use(self, number: int, email: str, micro: int) -> _Use:
        history = self._people.get(email)
        return _Use(email, micro, math.log(micro / MICRO), history.usual(number) if history else None)

    def _day(self, factor: float, *, is_quiet: bool) -> Day:
        organisation, settings = self._organisation, self._settings
        return Day(
            bar=settings.bar,
            factor=factor,
            is_quiet=is_quiet,
            floor=max(settings.floor_micro / MICRO, settings.floor_share * organisation.month_credits),
            spread=organisation.spread,
            typical=organisation.typical_log,
            entry=organisation.entry_log,
        )

    def _judge_amount(self, day: date, use: _Use, limit: Limits | None, today: Day) -> list[Finding]:
        cap = self._settings.hard_cap_micro
        expected = math.exp(limit.expected) if limit else 0.0
        if cap is not None and use.micro >= cap:
            return [_finding(day, use, Kind.HARD_CAP, expected, cap, today)]
        if limit is None:
            return []
        least = max(math.exp(limit.least), today.floor if use.is_new else expected + today.floor) * MICRO
        if use.micro < least:
            return []
        return [
            _finding(
                day, use, Kind.COLD_START if use.is_new else Kind.SPIKE, expected, math.ceil(least), today
            )
        ]

    def _judge_level(self, day: date, use: _Use, limit: Limits | None, today: Day) -> list[Finding]:
        if limit is None or use.usual is None or use.is_new:
            return []
        history = self._people[use.email]
        expected = math.exp(limit.expected)
        history.watch(Recent(day.toordinal(), use.log - limit.expected, use.micro / MICRO, expected))
        recent = history.recent if use.log - limit.expected >= math.log(SHIFT_FACTOR) else []
        if not is_shift(recent, use.usual.days, limit.spread, today.floor):
            return []
        credits_micro = round(sum(one.credits for one in recent) * MICRO)
        usual = round(sum(one.expected for one in recent) * MICRO)
        least = round(usual * SHIFT_FACTOR)
        since = date.fromordinal(next(one.day for one in recent if one.above >= math.log(SHIFT_FACTOR)))
        amounts = (credits_micro, usual, least)
        return [Finding(day, use.email, Kind.SHIFT, Severity.WARNING, *amounts, len(recent), since)]

    def _learn(
        self, day: date, uses: list[_Use], bounds: list[Limits | None], above: list[float], today: Day
    ) -> None:
        """A day counts up to where it would have been told, so that nobody's runaway becomes their usual."""
        if not uses:
            return
        number, kept = day.toordinal(), []
        for use, limit in zip(uses, bounds, strict=True):
            log = min(use.log, limit.least) if limit else use.log
            self._people.setdefault(use.email, History()).add(number, log)
            kept.append(log - today.factor)
        self._organisation.add(sorted(kept), [value - today.factor for value in above])


def _above(uses: list[_Use]) -> list[float]:
    """How far settled people are above their own usual, sorted."""
    known = ((use.log, use.usual) for use in uses if use.usual is not None)
    return sorted(log - usual.centre for log, usual in known if usual.days >= SETTLED_DAYS)


def _limits(today: Day, use: _Use) -> Limits | None:
    if use.usual is None or use.is_new:
        return newcomer_limits(today, use.usual)
    return limits(today, use.usual)


def _surge(day: date, uses: list[_Use], above: list[float], today: Day) -> list[Finding]:
    if not is_surge(today, len(above)):
        return []
    total = sum(use.micro for use in uses)
    expected = round(total / math.exp(today.factor))
    least = round(expected * math.exp(today.surge_bar(len(above))))
    return [Finding(day, None, Kind.ORG_SURGE, Severity.WARNING, total, expected, least)]


def _finding(day: date, use: _Use, kind: Kind, expected: float, least_micro: int, today: Day) -> Finding:
    expected_micro = round(expected * MICRO)
    excess = (use.micro - expected_micro) / MICRO
    is_urgent = kind is Kind.HARD_CAP or is_critical(use.micro / max(expected_micro, 1), excess, today.floor)
    severity = Severity.CRITICAL if is_urgent else Severity.WARNING
    return Finding(day, use.email, kind, severity, use.micro, expected_micro, least_micro)


def _order(finding: Finding) -> tuple[bool, int, str, str]:
    return finding.email is not None, -finding.credits_micro, finding.email or "", finding.kind
