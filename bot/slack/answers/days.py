"""Usage by day as a chart of at most 20 bars: single days while they fit, else steps of equal length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.formats import count_text
from bot.core.models import MICRO, DayPoint, Freshness, Totals
from bot.core.periods import MONTHS
from bot.slack.blocks import Block
from bot.slack.charts import LABEL_LIMIT, MAX_POINTS, Point, bar_chart
from bot.slack.columns import credits_column
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn

_STEPS = (1, 2, 7)
_PART, _NO_DATA, _NO_DATA_SHORT = " part.", " no data", " n/a"
_MARKS = "UTC days; part. = not complete"


@dataclass(frozen=True, slots=True)
class Bar:
    """Some days and their figure, as the chart draws them and as a sentence says them."""

    point: Point
    words: str


@dataclass(frozen=True, slots=True)
class Series:
    """A figure over days in bars of ``step`` days."""

    name: str
    step: int
    bars: tuple[Bar, ...]

    @property
    def title(self) -> str:
        """What the chart shows, and how many days stand in one bar."""
        bars = "by day" if self.step == 1 else f"in steps of {self.step} days"
        return f"{self.name} {bars} (UTC)"

    @property
    def is_empty(self) -> bool:
        """True where every bar would be empty."""
        return not any(each.point.value for each in self.bars)


def usage_series(days: Sequence[DayPoint], freshness: Freshness) -> Series:
    """Credits by day; turns where no credits were used at all."""
    spent = any(point.totals.credits_micro for point in days)
    of: Callable[[Totals], int] = (lambda t: t.credits_micro) if spent else (lambda t: t.turns)
    values = [(point.day, of(point.totals)) for point in days]
    if spent:
        return series("Credits", values, freshness, scale=MICRO)
    return series("Turns", values, freshness)


def series(name: str, values: Sequence[tuple[date, int]], freshness: Freshness, scale: int = 1) -> Series:
    """The values, one a day in order, summed up in steps; the first bar may hold fewer days."""
    step = step_for(len(values))
    head = len(values) % step
    starts = [*([0] if head else []), *range(head, len(values), step)]
    ends = [*starts, len(values)][1:]
    bins = [values[start:end] for start, end in zip(starts, ends, strict=True)]
    sums = [sum(value for _, value in days) for days in bins]
    texts = credits_column(sums) if scale == MICRO else [count_text(total) for total in sums]
    bars = (
        _bar([day for day, _ in days], total / scale, text, freshness)
        for days, total, text in zip(bins, sums, texts, strict=True)
    )
    return Series(name, step, tuple(bars))


def step_for(length: int) -> int:
    """How many days one bar holds, so that there are at most 20."""
    fitting = (step for step in _STEPS if -(-length // step) <= MAX_POINTS)
    return next(fitting, -(-length // MAX_POINTS))


def chart_blocks(shown: Series) -> list[Block]:
    """The chart; none where every bar would be empty."""
    if shown.is_empty:
        return []
    points = [each.point for each in shown.bars]
    has_marks = any(point.label.endswith(_PART) for point in points)
    return [bar_chart(shown.title, shown.name, points, shown.name.lower(), _MARKS if has_marks else "")]


def series_words(shown: Series) -> list[Mrkdwn]:
    """The same as a sentence; none where every bar would be empty."""
    if shown.is_empty:
        return []
    return [render_words("days", title=shown.title, values=[each.words for each in shown.bars])]


def _bar(days: Sequence[date], value: float, text: str, freshness: Freshness) -> Bar:
    """An empty bar must not look like a day without use, nor a day that may grow like a settled one."""
    first, last = days[0], days[-1]
    name = _day(last) if first == last else f"{_start(first, last)}\u2013{_day(last)}"
    if set(days) <= set(freshness.missing):
        mark = _NO_DATA if len(name + _NO_DATA) <= LABEL_LIMIT else _NO_DATA_SHORT
        return Bar(Point(name + mark, value), f"{name}: not read")
    if {*days} & {*freshness.missing, *freshness.partial}:
        return Bar(Point(name + _PART, value), f"{name}: {text} (partial)")
    return Bar(Point(name, value), f"{name}: {text}")


def _start(first: date, last: date) -> str:
    return str(first.day) if (first.month, first.year) == (last.month, last.year) else _day(first)


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}"
