"""How soon somebody is told again."""

from __future__ import annotations

from datetime import date, timedelta

from bot.core.models import MICRO
from bot.core.spikes.cooldown import Cooldown
from bot.core.spikes.findings import Finding, Kind, Severity

DAY = date(2026, 11, 3)


def finding(
    after: int, amount: int, kind: Kind = Kind.SPIKE, email: str | None = "ana@example.com"
) -> Finding:
    day = DAY + timedelta(days=after)
    return Finding(day, email, kind, Severity.WARNING, amount * MICRO, 100 * MICRO, 50 * MICRO)


def told(*findings: Finding) -> list[int]:
    cooldown = Cooldown()
    return [(one.day - DAY).days for each in findings for one in cooldown.pass_on([each])]


def test_a_runaway_is_told_again_after_72_hours() -> None:
    assert told(*(finding(n, 1000) for n in range(8))) == [0, 3, 6]


def test_or_when_its_excess_has_doubled() -> None:
    assert told(finding(0, 1000), finding(1, 1899), finding(2, 1900)) == [0, 2]


def test_a_cap_after_a_spike_is_the_same_thing() -> None:
    assert told(finding(0, 1000), finding(1, 1000, Kind.HARD_CAP)) == [0]


def test_a_shift_is_something_else_and_told_once_while_it_lasts() -> None:
    days = [finding(n, 1000, Kind.SHIFT) for n in range(40)]
    assert told(finding(0, 1000), *days, finding(67, 1000, Kind.SHIFT)) == [0, 0, 67]


def test_a_surge_is_told_again_after_a_quiet_week() -> None:
    surges = [finding(n, 1000, Kind.ORG_SURGE, None) for n in (0, 1, 8)]
    assert told(*surges) == [0, 8]


def test_everybody_has_their_own_rest() -> None:
    assert told(finding(0, 1000), finding(1, 1000, email="bob@example.com")) == [0, 1]
