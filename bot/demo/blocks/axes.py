"""The value axis of a chart: round steps that hold every value and zero, and how a value is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

MOST_STEPS = 5

_ROUND = tuple(map(Decimal, ("1", "2", "2.5", "5", "10")))
_UNITS = tuple(
    (Decimal(limit), name) for limit, name in (("1e12", "T"), ("1e9", "B"), ("1e6", "M"), ("1e4", "k"))
)
_THOUSAND = Decimal(1000)
_READABLE = (Decimal("1e-4"), Decimal("1e15"))


@dataclass(frozen=True, slots=True)
class Scale:
    """From ``low`` to ``high``, both of them multiples of ``step``."""

    low: Decimal
    high: Decimal
    step: Decimal

    def ticks(self) -> list[Decimal]:
        """Where lines are drawn, from the lowest."""
        return [self.low + self.step * count for count in range(int((self.high - self.low) / self.step) + 1)]

    def share(self, value: float | Decimal) -> float:
        """How far up a value is: 0 at ``low``, 1 at ``high``."""
        return float((exact(value) - self.low) / (self.high - self.low))

    def text(self, tick: Decimal) -> str:
        """The tick in the unit that suits the whole scale: 5k beside 10k, not 5,000."""
        peak = max(abs(self.low), abs(self.high))
        if not tick or not _READABLE[0] <= peak < _READABLE[1]:
            return _minus(f"{tick.normalize():.3g}") if tick else "0"
        limit, name = next((unit for unit in _UNITS if peak >= unit[0]), (Decimal(1), ""))
        divisor = _THOUSAND if name == "k" else limit
        return f"{_short(tick / divisor)}{name}"


def scale_of(values: Iterable[float]) -> Scale:
    """Zero is always inside, so that lengths can be compared; all zeros reach up to one."""
    exacts = [Decimal(0), *map(exact, values)]
    low, high = min(exacts), max(exacts)
    if low == high:
        high = Decimal(1)
    step = _step((high - low) / MOST_STEPS)
    return Scale(_multiple(low, step), -_multiple(-high, step), step)


def exact(value: float | Decimal) -> Decimal:
    """The number as it was written, so that neither very large nor very small ones overflow."""
    return Decimal(str(value))


def value_text(value: float) -> str:
    """A value in full: ``1,210.5``."""
    return f"{value:,.12g}"


def _step(least: Decimal) -> Decimal:
    """The smallest round number that is not below ``least``."""
    power = Decimal(1).scaleb(least.adjusted())
    return next(power * digit for digit in _ROUND if power * digit >= least)


def _multiple(value: Decimal, step: Decimal) -> Decimal:
    """The largest multiple of ``step`` that is not above ``value``."""
    count = int(value / step)
    return step * (count - 1 if step * count > value else count)


def _short(value: Decimal) -> str:
    text = f"{value:,.6f}".rstrip("0").rstrip(".")
    return _minus(text)


def _minus(text: str) -> str:
    return f"\u2212{text[1:]}" if text.startswith("-") else text
