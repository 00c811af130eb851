"""The shape of an invented reporting chart, as numbers: who reports to whom, before anybody has a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random

CAST_MANAGERS = (-1, 0, 0, 0, 1, 2, 3)
"""The chief, three vice presidents and one manager below each: the same seven in every company."""

CAST_REPORTS = (4, 4, 6, 6)
"""The managers of the first four people without reports."""

SPAN = 9.5
"""People per manager in a large company; with 2 to 5 managers below a manager that is 8 to 11 levels."""


def count_managers(size: int) -> int:
    """How many of ``size`` people lead others. Small companies have relatively more of them."""
    return round(size / SPAN) + len(CAST_MANAGERS)


def build_managers(count: int, rng: Random) -> list[int]:
    """For each manager the number of the one above, always a lower number; -1 at the top."""
    parents = list(CAST_MANAGERS)
    below = Counter(parents)
    for manager in range(count):
        wanted = rng.randint(2, 5) if manager else rng.randint(4, 6)
        missing = min(wanted - below[manager], count - len(parents))
        parents.extend([manager] * missing)
    return parents


def build_reports(parents: Sequence[int], count: int, rng: Random) -> list[int]:
    """For each of ``count`` people without reports the number of their manager."""
    with_managers_below = set(parents)
    weights = [1 if n in with_managers_below else rng.randint(5, 12) for n in range(len(parents))]
    free, total = count - len(CAST_REPORTS), sum(weights)
    reports = list(CAST_REPORTS)
    for manager, weight in enumerate(weights):
        reports.extend([manager] * (weight * free // total))
    line_managers = [n for n in range(len(parents)) if n not in with_managers_below]
    rest = count - len(reports)
    return reports + [line_managers[n % len(line_managers)] for n in range(rest)]
