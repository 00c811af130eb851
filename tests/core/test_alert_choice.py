"""What somebody may choose about alerts, as typed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.core.alerts.choice import (
    CAP,
    FLOOR,
    AlertChoice,
    Draft,
    InForce,
    credits_typed,
    in_force,
    read_draft,
)
from bot.core.models import MICRO
from bot.core.spikes.findings import Sensitivity, SpikeSettings

CONFIGURED = SpikeSettings(Sensitivity.LOW, 100 * MICRO)
CHOSEN = SpikeSettings(Sensitivity.HIGH, 50 * MICRO, hard_cap_micro=9_000 * MICRO)
NOW = datetime(2026, 11, 4, 10, tzinfo=UTC)


def test_without_a_choice_the_configuration_counts() -> None:
    assert in_force(CONFIGURED, None) == InForce(CONFIGURED, None)
    assert (in_force(CONFIGURED, None).number, in_force(CONFIGURED, None).is_chosen) == (0, False)


def test_the_newest_choice_wins_until_somebody_goes_back() -> None:
    chosen = AlertChoice(3, NOW, "finn@example.com", CHOSEN)
    back = AlertChoice(4, NOW, "finn@example.com", None)
    assert in_force(CONFIGURED, chosen).settings is CHOSEN
    assert in_force(CONFIGURED, chosen).is_chosen
    assert in_force(CONFIGURED, back) == InForce(CONFIGURED, back)
    assert (in_force(CONFIGURED, back).number, in_force(CONFIGURED, back).is_chosen) == (4, False)


def test_what_is_typed_becomes_settings_and_leaves_the_rest_as_it_was() -> None:
    beside = SpikeSettings(floor_share=0.001)
    read = read_draft(Draft(Sensitivity.HIGH, " 1,250.50 ", "10000"), beside)
    assert read == SpikeSettings(Sensitivity.HIGH, 1_250_500_000, 0.001, 10_000 * MICRO)
    assert read_draft(Draft(Sensitivity.LOW, "0", " "), beside) == SpikeSettings(
        Sensitivity.LOW, 0, 0.001, None
    )


@pytest.mark.parametrize("typed", ["", "-5", "NaN", "1e9", "many", "1.0000001", "10000000000", "١٢"])
def test_what_is_no_amount_is_said_at_its_field(typed: str) -> None:
    for draft, field in (
        (Draft(Sensitivity.LOW, typed, ""), FLOOR),
        (Draft(Sensitivity.LOW, "1", typed), CAP),
    ):
        found = read_draft(draft, CONFIGURED)
        if field == CAP and not typed:
            assert isinstance(found, SpikeSettings)
        else:
            assert isinstance(found, dict)
            assert set(found) == {field}


def test_a_cap_is_above_nothing_and_not_below_the_floor() -> None:
    assert isinstance(read_draft(Draft(Sensitivity.LOW, "0", "0"), CONFIGURED), dict)
    below = read_draft(Draft(Sensitivity.LOW, "100", "99.9"), CONFIGURED)
    assert isinstance(below, dict)
    assert "below the floor" in below[CAP]


def test_an_amount_reads_as_it_could_be_typed() -> None:
    assert [credits_typed(micro) for micro in (None, 250 * MICRO, 1_250_500_000, 1)] == [
        "",
        "250",
        "1250.5",
        "0.000001",
    ]
