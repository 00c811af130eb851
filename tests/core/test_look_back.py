"""Which sensitivity a number of alerts a week speaks for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from bot.core.periods import Period
from bot.core.spikes.findings import Finding, Kind, Sensitivity, Severity
from bot.core.spikes.look_back import LookBack, finding_of, for_finance, record_of

DAY = date(2026, 11, 3)
PERIOD = Period(DAY, DAY + timedelta(days=14))


def found(many: int, kind: Kind = Kind.SPIKE) -> Sequence[Finding]:
    return [Finding(DAY, "ana@example.com", kind, Severity.WARNING, 3_120_000_001, 240, 960)] * many


LOOK = LookBack(
    PERIOD, {Sensitivity.LOW: found(2), Sensitivity.NORMAL: found(6), Sensitivity.HIGH: found(14)}
)


def test_alerts_are_counted_a_week() -> None:
    assert [LOOK.a_week(one) for one in Sensitivity] == [1, 3, 7]


@pytest.mark.parametrize(
    ("most", "fitting"),
    [
        (100, Sensitivity.HIGH),
        (7, Sensitivity.HIGH),
        (6, Sensitivity.NORMAL),
        (3, Sensitivity.NORMAL),
        (2, Sensitivity.LOW),
        (1, Sensitivity.LOW),
        (0, None),
    ],
)
def test_the_highest_sensitivity_that_fits_is_found(most: float, fitting: Sensitivity | None) -> None:
    assert LOOK.fitting(most) is fitting


def test_lasting_changes_are_not_for_finance() -> None:
    told = {one: [*found(2), *found(3, Kind.SHIFT)] for one in Sensitivity}
    assert for_finance(told, PERIOD).told[Sensitivity.LOW] == tuple(found(2))


def test_a_finding_survives_as_a_record() -> None:
    everybody = Finding(DAY, None, Kind.ORG_SURGE, Severity.CRITICAL, 5, 0, 1)
    for one in (*found(1), everybody):
        assert finding_of(json.loads(json.dumps(record_of(one)))) == one
    with pytest.raises(KeyError):
        finding_of({})
