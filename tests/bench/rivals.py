"""Other people's rules for the same question, as their projects or papers state them.

Each takes the days of a company in order and gives (day, e-mail) of its alerts, before any cool-down.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import fmean, median, pstdev

Usage = Sequence[Mapping[str, float]]
Alert = tuple[int, str]
Rule = Callable[[Usage], Iterator[Alert]]

FLOOR_CREDITS = 250.0
SCORES_NORMAL = 1.4826


def _history(usage: Usage, day: int, email: str, days: int, *, active: bool) -> list[float]:
    past = [usage[before].get(email, 0.0) for before in range(max(0, day - days), day)]
    return [amount for amount in past if amount > 0] if active else past


def three_sigma(usage: Usage) -> Iterator[Alert]:
    """More than the mean and three standard deviations of seven days."""
    for day in range(7, len(usage)):
        for email, amount in usage[day].items():
            past = _history(usage, day, email, 7, active=False)
            if any(past) and amount > fmean(past) + 3 * pstdev(past):
                yield day, email


def linear_mad(usage: Usage) -> Iterator[Alert]:
    """A modified z-score above 3.5 over the active days of 28 (Iglewicz and Hoaglin; llm-burnwatch)."""
    for day in range(5, len(usage)):
        for email, amount in usage[day].items():
            past = _history(usage, day, email, 28, active=True)
            if len(past) >= 5:
                middle = median(past)
                spread = SCORES_NORMAL * median(abs(one - middle) for one in past)
                if spread and (amount - middle) / spread > 3.5:
                    yield day, email


def ceiling(usage: Usage) -> Iterator[Alert]:
    """More than three times the median of recent active days of some size (btsouth/ceiling)."""
    for day in range(len(usage)):
        for email, amount in usage[day].items():
            past = [one for one in _history(usage, day, email, 14, active=True) if one >= 25]
            limit = 3 * median(past) if len(past) >= 3 else 500.0
            if amount > max(limit, FLOOR_CREDITS / 2):
                yield day, email


def cursor_usage_tracker(usage: Usage) -> Iterator[Alert]:
    """Five times one's own mean of seven days, or 2.5 sigma over the team's mean; both over a floor."""
    for day in range(7, len(usage)):
        today = list(usage[day].values())
        high = fmean(today) + 2.5 * pstdev(today) if len(today) >= 5 else math.inf
        for email, amount in usage[day].items():
            past = _history(usage, day, email, 7, active=False)
            own = 5 * fmean(past) if fmean(past) >= 25 else math.inf
            if amount >= 1250 and (amount > own or amount > high):
                yield day, email


def cloudflare(usage: Usage) -> Iterator[Alert]:
    """More than twice one's own 95th percentile and more than the organisation's 99th, of 30 days."""
    for day in range(30, len(usage)):
        everybody = sorted(amount for before in usage[day - 30 : day] for amount in before.values())
        if not everybody:
            continue
        limit = everybody[int(0.99 * (len(everybody) - 1))]
        for email, amount in usage[day].items():
            if amount > limit:
                past = sorted(_history(usage, day, email, 30, active=True))
                if past and amount > 2 * past[int(0.95 * (len(past) - 1))]:
                    yield day, email


def five_times_mean(usage: Usage) -> Iterator[Alert]:
    """Five times one's own mean of seven days, nothing else."""
    for day in range(7, len(usage)):
        for email, amount in usage[day].items():
            past = _history(usage, day, email, 7, active=False)
            if any(past) and amount > 5 * fmean(past):
                yield day, email


def log_mad(usage: Usage, bar: float = 3.5) -> Iterator[Alert]:
    """A modified z-score of logarithms, shrunk to the organisation's, with an organisation factor."""
    history: dict[str, list[tuple[int, float]]] = {}
    for day, today in enumerate(usage):
        seen = {
            email: [log for before, log in history.get(email, ()) if before >= day - 42] for email in today
        }
        middles = {email: median(logs) for email, logs in seen.items() if logs}
        spreads = {
            email: SCORES_NORMAL * median(abs(log - middles[email]) for log in logs)
            for email, logs in seen.items()
            if logs
        }
        settled = [email for email, logs in seen.items() if len(logs) >= 10]
        prior = median(spreads[email] for email in settled) if settled else 0.8
        raised = 0.0
        if len(settled) >= 15:
            raised = min(
                max(median(math.log(today[email]) - middles[email] for email in settled), 0.0), math.log(3)
            )
        everybody = sorted(log for logs in history.values() for before, log in logs if before >= day - 42)
        entry = everybody[int(0.95 * (len(everybody) - 1))] if everybody else math.inf
        for email, amount in today.items():
            log, count = math.log(amount), len(seen[email])
            kept = log
            if count >= 3:
                spread = math.sqrt((20 * prior**2 + count * spreads[email] ** 2) / (20 + count))
                spread = min(max(spread, 0.40), 0.75)
                expected = middles[email] + raised
                kept = min(log, expected + bar * spread)
                if (
                    (log - expected) / spread >= bar
                    and log - expected >= math.log(3)
                    and amount - math.exp(expected) >= FLOOR_CREDITS
                ):
                    yield day, email
            elif log >= entry + raised and amount >= FLOOR_CREDITS:
                yield day, email
            history.setdefault(email, []).append((day, kept))


RULES: dict[str, Rule] = {
    "mean + 3 sigma, 7 days": three_sigma,
    "linear MAD, z > 3.5, 28 days": linear_mad,
    "ceiling: 3 × own median": ceiling,
    "cursor-usage-tracker": cursor_usage_tracker,
    "Cloudflare: 2 × own p95 and over all p99": cloudflare,
    "5 × own mean of 7 days": five_times_mean,
    "log-MAD, z > 3.5, 42 days": log_mad,
}
