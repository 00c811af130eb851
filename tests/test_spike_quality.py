"""How well runaway spend is found must not get worse; ``make bench`` measures it in full."""

from __future__ import annotations

import pytest

from bot.core.spikes.findings import Sensitivity
from tests.bench.companies import DAYS, FAMILIES, Company, Label, build_company
from tests.bench.rivals import RULES
from tests.bench.spikes import Score, every_rule, f1, load_series, our_rule, rested, score

pytestmark = pytest.mark.no_cover  # millions of small steps, of which other tests say what they should be

GATE_SEEDS = (2001, 2002, 2003)


def test_most_runaways_are_found_and_few_else() -> None:
    found = score(our_rule(), (build_company(100, "log-normal", seed) for seed in GATE_SEEDS))

    assert found.precision >= 0.60
    assert found.recall >= 0.80
    assert found.credits_recall >= 0.85
    assert found.false_a_week <= 0.8


def test_noise_of_another_kind_does_no_harm() -> None:
    found = score(our_rule(), (build_company(100, "Pareto tail", seed) for seed in GATE_SEEDS))

    assert found.precision >= 0.60
    assert found.recall >= 0.80
    assert found.false_a_week <= 0.8


@pytest.mark.parametrize("sensitivity", Sensitivity)
def test_small_figures_that_look_like_spikes_are_none(sensitivity: Sensitivity) -> None:
    series = [one for one in load_series() if one.name == "purchase-01"]
    assert f1(our_rule(sensitivity), series)[2] == 0


@pytest.mark.soak
def test_on_labelled_real_series_we_beat_every_other_rule() -> None:
    series = [one for one in load_series() if one.windows]
    ours = f1(our_rule(shifts=False), series)[0]

    assert len(series) == 8
    assert all(ours > f1(rested(rule), series)[0] for rule in RULES.values())


def test_a_company_is_the_same_whenever_it_is_built() -> None:
    one, other = (build_company(8, "sessions", 7) for _ in range(2))

    assert one.usage == other.usage
    assert one.labels == other.labels
    assert {label.kind for label in one.labels} <= {"spike", "weekend", "newcomer", "shift"}
    assert len(one.usage) == DAYS


def test_every_rule_finds_something_in_every_noise() -> None:
    companies = [build_company(20, family, 1) for family in FAMILIES]
    assert all(score(rule, companies).recall > 0 for rule in every_rule().values())


def test_hits_and_false_alerts_are_counted_by_event() -> None:
    labels = [
        Label("a", "spike", 50, 51, 30.0),
        Label("b", "weekend", 60, 62, 70.0),
        Label("c", "shift", 70, 81, 9.0),
    ]
    company = Company("none", 100, [{} for _ in range(DAYS)], labels, range(90, 92))
    found = Score()

    found.add(company, [(50, "a"), (52, "a"), (53, "a"), (61, "x"), (91, "b"), (3, "b"), (75, "c")])

    assert (found.hits["spike"], found.hits["weekend"], found.hits["shift"]) == (1, 0, 1)
    assert (found.recall, found.credits_recall, found.shift_recall) == (0.5, 0.3, 1.0)
    assert found.false == 3  # the third day after, somebody else, the wrong day; not the first two weeks
    assert found.false_on_hackathons == 1
    assert found.precision == 2 / 5
