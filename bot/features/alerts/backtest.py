"""What alerts would have told over days that have passed, at each sensitivity."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.core.periods import Period
from bot.core.spikes.cooldown import Cooldown
from bot.core.spikes.detector import Detector
from bot.core.spikes.findings import Finding, Sensitivity, SpikeSettings
from bot.core.spikes.history import WINDOW_DAYS
from bot.core.visibility import WholeCompany
from bot.ports import Store

Days = Iterable[tuple[date, Mapping[str, int]]]
"""Millionths of a credit by person, day by day in order."""


def backtest(
    days: Days, settings: SpikeSettings, sensitivities: Sequence[Sensitivity], since: date | None = None
) -> dict[Sensitivity, list[Finding]]:
    """The findings that would have been sent, in order of date, by sensitivity.

    Days before ``since`` are learnt from only. Each finding counts, also where several would have shared a
    message: each of them is named in it.
    """
    detectors = {one: (Detector(replace(settings, sensitivity=one)), Cooldown()) for one in sensitivities}
    told: dict[Sensitivity, list[Finding]] = {one: [] for one in sensitivities}
    for day, credits_micro in days:
        for one, (detector, cooldown) in detectors.items():
            findings = detector.judge(day, credits_micro)
            if since is None or day >= since:
                told[one].extend(cooldown.pass_on(findings))
    return told


def backtest_store(
    store: Store,
    sight: WholeCompany,
    judged: Period,
    settings: SpikeSettings,
    sensitivities: Sequence[Sensitivity],
    tell: Callable[[str], None] = lambda _: None,
) -> dict[Sensitivity, list[Finding]]:
    """The same from what is stored: ``judged`` are the days, those before it are learnt from."""
    learnt = Period(judged.since - timedelta(days=WINDOW_DAYS), judged.until)
    with store.snapshot() as snapshot:
        days = _told(snapshot.load_credits(sight, learnt), tell)
        return backtest(days, settings, sensitivities, judged.since)


def _told(days: Days, tell: Callable[[str], None]) -> Iterator[tuple[date, Mapping[str, int]]]:
    for day, credits_micro in days:
        tell(f"{day}: {len(credits_micro):,} people")
        yield day, credits_micro
