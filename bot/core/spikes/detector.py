"""Goes through a company's days in order and finds what stands out on each."""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from bot.core.models import MICRO
from bot.core.spikes.findings import Finding, Kind, Severity, SpikeSettings
from bot.core.spikes.history import RECENT_DAYS, WINDOW_DAYS, Recent, middle, usual_of
from bot.core.spikes.memory import NO_PAST, Learnt, Memory, Remembered, Usuals
from bot.core.spikes.organisation import LARGEST_FACTOR, Organisation, sample_of
from bot.core.spikes.rules import (
    LEAST_HISTORY,
    REMARKABLE,
    SHIFT_FACTOR,
    SHIFT_HISTORY,
    Day,
    Limits,
    expected_log,
    is_critical,
    is_shift,
    is_surge,
    limits,
    newcomer_limits,
)

SETTLED_DAYS = 8
"""Active days from which on somebody's usual says something about everybody's day."""


class _Use(NamedTuple):
    """Somebody's day: credits, their logarithm, and how many active days they have, with the middle one."""

    person: str
    micro: int
    log: float
    days: int
    centre: float


class Detector:
    """A fold over days. All that it keeps of the past are the learnt days of the last three months.

    So one that is given those of another goes on exactly as that one would.
    """

    def __init__(self, settings: SpikeSettings, remembered: Remembered = NO_PAST) -> None:
        self._settings = settings
        self._cap_micro = math.inf if settings.hard_cap_micro is None else settings.hard_cap_micro
        self._memory = Memory(remembered)
        self._organisation = Organisation()
        for day in remembered.days:
            self._organisation.add(day.day.toordinal(), day.sample)

    def judge(self, day: date, credits_micro: Mapping[str, int]) -> list[Finding]:
        """What stands out on a complete day, later than all before; then the day is learnt from.

        The organisation comes first, then the largest. Who used nothing may be missing or zero.
        """
        return list(self.learn(day, credits_micro).found)

    def learn(self, day: date, credits_micro: Mapping[str, int]) -> Learnt:
        """The same, with all that the day has taught."""
        self._forget(day)
        uses = self._uses(credits_micro)
        above = sorted(use.log - use.centre for use in uses if use.days >= SETTLED_DAYS)
        today = self._day(self._organisation.factor(above), is_quiet=self._organisation.is_quiet(len(uses)))
        judged = self._judged(day, uses, today)
        sample = sample_of(
            sorted(log - today.factor for log in judged.logs), [value - today.factor for value in above]
        )
        found = (*_surge(day, uses, above, today), *judged.found)
        learnt = replace(judged, sample=sample, found=tuple(sorted(found, key=_order)))
        self._memory.add(learnt)
        self._organisation.add(day.toordinal(), sample)
        return learnt

    def relearn(self, learnt: Learnt, credits_micro: Mapping[str, int]) -> Learnt:
        """A day that was learnt, anew for these people alone: what it was for everybody stays."""
        self._forget(learnt.day)
        judged = replace(
            self._judged(learnt.day, self._uses(credits_micro), learnt.today), sample=learnt.sample
        )
        self._memory.add(judged)
        return judged

    def judge_partial(self, day: date, credits_micro: Mapping[str, int]) -> list[Finding]:
        """Who stands out already on a day that is not over, whatever comes yet; nothing is learnt from it.

        Totals can only grow, and everybody is given the largest surge that a complete day could excuse.
        """
        self._forget(day)
        today = self._day(LARGEST_FACTOR, is_quiet=False)
        found = [
            one
            for use in self._uses(credits_micro)
            if self._is_remarkable(use, expected_log(today, use.days, use.centre))
            for one in self._judge_amount(day, use, self._limits(today, use), today)
        ]
        return sorted(found, key=_order)

    def usuals(self, day: date) -> Usuals:
        """What the learnt days come to for a day to come."""
        self._forget(day)
        return self._memory.usuals()

    def _forget(self, day: date) -> None:
        since = day.toordinal() - WINDOW_DAYS
        self._memory.forget(since)
        self._organisation.forget(since)

    def _uses(self, credits_micro: Mapping[str, int]) -> list[_Use]:
        uses = []
        for person, micro in credits_micro.items():
            if micro > 0:
                logs = self._memory.logs(person)
                uses.append(
                    _Use(person, micro, math.log(micro / MICRO), len(logs), middle(logs) if logs else 0.0)
                )
        return uses

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

    def _judged(self, day: date, uses: list[_Use], today: Day) -> Learnt:
        """A day counts up to where it would have been told, so that nobody's runaway becomes their usual."""
        logs, expected, found = array("d"), array("d"), list[Finding]()
        for use in uses:
            usual = expected_log(today, use.days, use.centre)
            if self._is_remarkable(use, usual):
                limit = self._limits(today, use)
                found += self._judge_amount(day, use, limit, today)
                found += self._judge_level(day, use, limit, today)
                logs.append(min(use.log, limit.least) if limit else use.log)
            else:
                logs.append(use.log)
            expected.append(usual)
        people, used = [use.person for use in uses], array("d", [use.micro / MICRO for use in uses])
        return Learnt(day, today, sample_of((), ()), people, logs, used, expected, tuple(found))

    def _is_remarkable(self, use: _Use, expected: float) -> bool:
        """False for nearly everybody, of whom nothing can be told."""
        return use.log >= expected + REMARKABLE or use.micro >= self._cap_micro

    def _limits(self, today: Day, use: _Use) -> Limits | None:
        usual = usual_of(self._memory.logs(use.person)) if use.days else None
        if usual is None or use.days < LEAST_HISTORY:
            return newcomer_limits(today, usual)
        return limits(today, usual)

    def _judge_amount(self, day: date, use: _Use, limit: Limits | None, today: Day) -> list[Finding]:
        cap = self._settings.hard_cap_micro
        expected = math.exp(limit.expected) if limit else 0.0
        if cap is not None and use.micro >= cap:
            return [_finding(day, use, Kind.HARD_CAP, expected, cap, today)]
        is_new = use.days < LEAST_HISTORY
        floor = today.floor if is_new else expected + today.floor
        if limit is None or use.micro < (least := max(math.exp(limit.least), floor) * MICRO):
            return []
        return [
            _finding(day, use, Kind.COLD_START if is_new else Kind.SPIKE, expected, math.ceil(least), today)
        ]

    def _judge_level(self, day: date, use: _Use, limit: Limits | None, today: Day) -> list[Finding]:
        if limit is None or use.days < SHIFT_HISTORY or use.log - limit.expected < math.log(SHIFT_FACTOR):
            return []
        number = day.toordinal()
        latest = Recent(number, use.log - limit.expected, use.micro / MICRO, math.exp(limit.expected))
        recent = [*self._memory.recent(use.person, number - RECENT_DAYS + 1), latest]
        if not is_shift(recent, use.days, limit.spread, today.floor):
            return []
        credits_micro = round(sum(one.credits for one in recent) * MICRO)
        usual = round(sum(one.expected for one in recent) * MICRO)
        least = round(usual * SHIFT_FACTOR)
        since = date.fromordinal(next(one.day for one in recent if one.above >= math.log(SHIFT_FACTOR)))
        amounts = (credits_micro, usual, least)
        return [Finding(day, use.person, Kind.SHIFT, Severity.WARNING, *amounts, len(recent), since)]


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
    return Finding(day, use.person, kind, severity, use.micro, expected_micro, least_micro)


def _order(finding: Finding) -> tuple[bool, int, str, str]:
    return finding.email is not None, -finding.credits_micro, finding.email or "", finding.kind
