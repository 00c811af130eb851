"""What stands out and what does not: each rule computed by hand, and what must hold for any company."""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.models import MICRO
from bot.core.spikes.detector import Detector
from bot.core.spikes.findings import Finding, Kind, Sensitivity, Severity, SpikeSettings
from bot.core.spikes.history import Recent, middle, quantile, upward_spread, usual_of
from bot.core.spikes.memory import Learnt, Memory, Remembered
from bot.core.spikes.organisation import LARGEST_FACTOR, Organisation, sample_of
from bot.core.spikes.rules import Day, is_shift, limits, newcomer_limits

MONDAY = date(2026, 1, 5)
ANA = "ana@example.com"
NO_FLOOR = SpikeSettings(floor_micro=0, floor_share=0.0)


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def run(days: Sequence[Mapping[str, int]], chosen: SpikeSettings = NO_FLOOR) -> list[Finding]:
    """All findings; amounts in whole credits."""
    detector = Detector(chosen)
    return [
        finding
        for number, amounts in enumerate(days)
        for finding in detector.judge(day(number), {who: amount * MICRO for who, amount in amounts.items()})
    ]


def steady(count: int, amount: int = 100) -> list[dict[str, int]]:
    return [{ANA: amount} for _ in range(count)]


def crowd(amount: int, *, people: int = 40) -> dict[str, int]:
    """Everybody at about the same amount, spread a little."""
    return {f"p{n:02}@example.com": amount + amount * (n % 5) // 10 for n in range(people)}


# ── by hand ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_middle_and_quantiles_of_a_few_values() -> None:
    assert middle([1.0, 2.0, 9.0]) == 2.0
    assert middle([1.0, 2.0, 4.0, 9.0]) == 3.0
    assert quantile([0.0, 10.0, 20.0], 0.25) == 5.0
    assert quantile([7.0], 0.9) == 7.0


def test_the_spread_is_of_the_larger_days_only() -> None:
    assert upward_spread([-50.0, 0.0, 3.0, 4.0], 0.0) == pytest.approx(math.sqrt((0 + 9 + 16) / 3))


def test_the_limits_of_a_steady_person() -> None:
    today = Day(bar=3.1, factor=0.0, is_quiet=False, floor=0.0, spread=0.6, typical=None, entry=None)
    logs = [math.log(100)] * 10

    found = limits(today, usual_of(logs))

    # Spread: sqrt((30 × 0.6² + 10 × 0²) / 40) = 0.5196, widened by sqrt(1 + 1/10) to 0.5450; 3.1 of it: × 5.42.
    assert math.exp(found.expected) == pytest.approx(100)
    assert math.exp(found.least) == pytest.approx(541.7, abs=0.1)


def test_on_a_quiet_day_the_bar_is_lower() -> None:
    logs = [math.log(100)] * 10
    working = Day(bar=3.1, factor=0.0, is_quiet=False, floor=0.0, spread=0.6, typical=None, entry=None)
    quiet = Day(bar=3.1, factor=0.0, is_quiet=True, floor=0.0, spread=0.6, typical=None, entry=None)

    assert math.exp(limits(quiet, usual_of(logs)).least) == pytest.approx(
        350.2, abs=0.1
    )  # × exp(2.4 × 0.5138)
    assert limits(quiet, usual_of(logs)).expected == limits(working, usual_of(logs)).expected


def test_whoever_is_learning_is_expected_to_rise_towards_the_others() -> None:
    today = Day(bar=3.1, factor=0.0, is_quiet=False, floor=0.0, spread=0.6, typical=math.log(400), entry=None)
    young, settled = [math.log(25)] * 4, [math.log(25)] * 20

    assert math.exp(limits(today, usual_of(young)).expected) == pytest.approx(100)  # halfway, as logarithms
    assert math.exp(limits(today, usual_of(settled)).expected) == pytest.approx(25)


def test_a_newcomer_is_measured_by_everybodys_large_days() -> None:
    today = Day(bar=3.1, factor=0.1, is_quiet=False, floor=0.0, spread=0.6, typical=1.0, entry=3.0)

    first, second = newcomer_limits(today, None), newcomer_limits(today, usual_of([2.9]))

    assert first is not None
    assert (first.expected, first.least) == pytest.approx((1.1, 3.1))
    assert second is not None
    assert second.least == pytest.approx(2.9 + math.log(3))


def test_of_a_new_organisation_no_newcomer_is_told() -> None:
    today = Day(bar=3.1, factor=0.0, is_quiet=False, floor=0.0, spread=0.6, typical=None, entry=None)
    assert newcomer_limits(today, None) is None


def test_a_runaway_day_is_found_with_its_reason() -> None:
    (finding,) = run([*steady(10), {ANA: 2000}])

    assert (finding.day, finding.email, finding.kind) == (day(10), ANA, Kind.SPIKE)
    assert (finding.credits_micro, finding.expected_micro) == (2000 * MICRO, 100 * MICRO)
    assert finding.least_micro == pytest.approx(541.7 * MICRO, rel=1e-3)
    assert finding.ratio == 20
    assert finding.excess_micro == 1900 * MICRO
    assert finding.severity is Severity.CRITICAL


def test_a_day_just_below_the_limit_is_not() -> None:
    assert run([*steady(10), {ANA: 541}]) == []
    assert [one.severity for one in run([*steady(10), {ANA: 542}], SpikeSettings(floor_share=0.0))] == [
        "warning"
    ]


def test_the_floor_keeps_small_excesses_quiet() -> None:
    assert run([*steady(10, 10), {ANA: 259}], SpikeSettings(floor_share=0.0)) == []
    assert len(run([*steady(10, 10), {ANA: 260}], SpikeSettings(floor_share=0.0))) == 1


def test_the_floor_grows_with_the_organisation() -> None:
    days = [{ANA: 10, "big@example.com": 100_000} for _ in range(10)]
    raised = SpikeSettings(floor_share=0.001)  # of ten days of 100,010: about 1,000

    assert run([*days, {ANA: 900}], raised) == []
    assert len(run([*days, {ANA: 1100}], raised)) == 1


def test_days_without_use_say_nothing() -> None:
    at_work = [{ANA: 100} if number % 7 < 5 else {ANA: 0} for number in range(28)]
    away: list[dict[str, int]] = [{} for _ in range(20)]

    assert run([*at_work, *away, {ANA: 120}]) == []


def test_after_three_months_away_somebody_is_new_again() -> None:
    days = [*steady(10), *({} for _ in range(90)), {ANA: 5000}]
    assert run(days) == []


def test_the_cap_is_told_whatever_is_usual() -> None:
    capped = SpikeSettings(hard_cap_micro=1000 * MICRO)

    found = run([{ANA: 1000}, {ANA: 999}], capped)

    assert [(one.day, one.kind, one.severity) for one in found] == [
        (day(0), Kind.HARD_CAP, Severity.CRITICAL)
    ]


def test_a_newcomers_burst_is_a_cold_start() -> None:
    found = run([*(crowd(100) for _ in range(10)), {**crowd(100), ANA: 1000}])

    assert [(one.email, one.kind) for one in found] == [(ANA, Kind.COLD_START)]
    assert found[0].expected_micro == pytest.approx(120 * MICRO, rel=0.01)


def test_a_surge_of_everybody_is_one_notice() -> None:
    found = run([*(crowd(100) for _ in range(10)), crowd(280)])

    assert [(one.email, one.kind, one.severity) for one in found] == [
        (None, Kind.ORG_SURGE, Severity.WARNING)
    ]
    assert found[0].ratio == pytest.approx(2.8)


def test_a_runaway_on_the_day_of_a_surge_is_still_found() -> None:
    runaway = {**crowd(280), "p00@example.com": 9000}
    found = run([*(crowd(100) for _ in range(10)), runaway])

    assert [(one.email, one.kind) for one in found] == [
        (None, Kind.ORG_SURGE),
        ("p00@example.com", Kind.SPIKE),
    ]


def test_a_lasting_change_is_a_shift() -> None:
    found = run([*steady(30), *steady(9, 300)])

    assert {one.kind for one in found} == {Kind.SHIFT}
    assert found[0].day == day(37)  # of the last nine days one alone is as usual
    assert found[0].credits_micro == (100 + 8 * 300) * MICRO
    assert found[0].expected_micro == 9 * 100 * MICRO
    assert (found[0].active_days, found[0].since) == (9, day(30))


@pytest.mark.parametrize(
    ("recent", "history"),
    [
        ([Recent(n, 1.0, 300.0, 100.0) for n in range(4)], 40),
        ([Recent(n, 1.0, 300.0, 100.0) for n in range(5)], 40),
        ([Recent(n, 1.0, 300.0, 100.0) for n in range(7)], 24),
        ([Recent(n, 0.6 if n < 2 else 1.0, 300.0, 100.0) for n in range(7)], 40),
        ([Recent(n, 1.0, 101.0, 100.0) for n in range(7)], 40),
    ],
    ids=["too few days", "less than a week", "short history", "two usual days", "below the floor"],
)
def test_what_is_no_shift(recent: list[Recent], history: int) -> None:
    assert is_shift([Recent(n, 1.0, 300.0, 100.0) for n in range(7)], 40, 0.5, 100.0)
    assert not is_shift(recent, history, 0.5, 100.0)


def test_sensitivity_moves_the_limit() -> None:
    limit = {one: run([*steady(10), {ANA: 90_000}], SpikeSettings(one))[0].least_micro for one in Sensitivity}
    assert limit[Sensitivity.LOW] > limit[Sensitivity.NORMAL] > limit[Sensitivity.HIGH]


def test_a_partial_day_is_told_only_when_nothing_could_excuse_it() -> None:
    detector = Detector(NO_FLOOR)
    for number in range(10):
        detector.judge(day(number), {ANA: 100 * MICRO})

    assert detector.judge_partial(day(10), {ANA: 1620 * MICRO}) == []
    assert [one.kind for one in detector.judge_partial(day(10), {ANA: 1630 * MICRO})] == [Kind.SPIKE]
    assert len(detector.judge(day(10), {ANA: 1630 * MICRO})) == 1  # nothing was learnt from the partial day


def test_the_organisation_excuses_nobody_beyond_three_times() -> None:
    assert Organisation().factor([5.0] * 20) == LARGEST_FACTOR
    assert Organisation().factor([5.0] * 9) == 0.0
    assert Organisation().factor([-5.0] * 20) == 0.0


def test_of_a_large_day_an_even_sample_is_kept() -> None:
    organisation = Organisation()
    organisation.add(1, sample_of([n / 1000 for n in range(10_001)], []))

    assert organisation.typical_log == pytest.approx(5)


def test_of_three_months_ago_nothing_is_remembered() -> None:
    learnt = [_learnt(day(0), ANA, 1.0), _learnt(day(1), ANA, 2.0)]
    memory = Memory(Remembered(learnt))
    number = MONDAY.toordinal()

    assert list(memory.logs(ANA)) == [1.0, 2.0]
    memory.forget(number + 1)
    assert list(memory.logs(ANA)) == [2.0]
    memory.forget(number + 2)
    assert list(memory.logs(ANA)) == []
    assert memory.usuals().people == []


def test_an_organisation_forgets_after_three_months_away() -> None:
    organisation = Organisation()
    organisation.add(1, sample_of([1.0] * 40, [n / 40 for n in range(40)]))
    assert organisation.typical_log == 1.0
    organisation.forget(1)
    assert organisation.month_credits > 0
    organisation.forget(2)
    assert (organisation.month_credits, organisation.spread) == (0, Organisation().spread)


def _learnt(on: date, who: str, log: float) -> Learnt:
    today = Day(bar=3.1, factor=0.0, is_quiet=False, floor=0.0, spread=0.6, typical=None, entry=None)
    columns = (array("d", [log]), array("d", [1.0]), array("d", [log]))
    return Learnt(on, today, sample_of([log], []), [who], *columns, ())


# ── for any company ──────────────────────────────────────────────────────────────────────────────────────

people = st.sampled_from([f"p{n}@example.com" for n in range(6)])
companies = st.lists(st.dictionaries(people, st.integers(0, 10**11)), min_size=1, max_size=30)


@given(companies, st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_the_order_of_people_changes_nothing(days: list[dict[str, int]], rng: object) -> None:
    straight, turned = Detector(NO_FLOOR), Detector(NO_FLOOR)
    for number, amounts in enumerate(days):
        backwards = dict(reversed(amounts.items()))
        assert straight.judge(day(number), amounts) == turned.judge(day(number), backwards)


@given(
    st.lists(st.integers(1, 500), min_size=12, max_size=40), st.integers(10**4, 10**9), st.integers(2, 10**6)
)
@settings(max_examples=60)
def test_the_size_of_a_runaway_never_raises_what_is_usual(usual: list[int], runaway: int, times: int) -> None:
    def least_after(amount: int) -> int:
        detector = Detector(NO_FLOOR)
        for number, credits_used in enumerate([*usual, amount]):
            detector.judge(day(number), {ANA: credits_used * MICRO})
        found = detector.judge(day(len(usual) + 1), {ANA: 10**18 * MICRO})
        (spike,) = (finding for finding in found if finding.kind is Kind.SPIKE)  # it can be a shift, too
        return spike.least_micro

    assert least_after(runaway) == least_after(runaway * times)


@given(companies)
@settings(max_examples=40)
def test_more_sensitive_finds_no_fewer_on_the_next_day(days: list[dict[str, int]]) -> None:
    for less, more in ((Sensitivity.LOW, Sensitivity.NORMAL), (Sensitivity.NORMAL, Sensitivity.HIGH)):
        last = {one: Detector(SpikeSettings(one, floor_micro=0)) for one in (less, more)}
        for number, amounts in enumerate(days[:2]):
            calm, keen = (last[one].judge(day(number), amounts) for one in (less, more))
            assert {(f.email, f.kind) for f in calm} <= {(f.email, f.kind) for f in keen}


@given(companies)
@settings(max_examples=40)
def test_what_is_found_is_above_its_own_limit(days: list[dict[str, int]]) -> None:
    detector = Detector(SpikeSettings(hard_cap_micro=9 * 10**10))
    for number, amounts in enumerate(days):
        for finding in detector.judge(day(number), amounts):
            assert finding.credits_micro >= finding.least_micro > 0
            assert finding.expected_micro >= 0


@given(st.integers(0, 10**6), st.integers(1, 110))
@settings(max_examples=6)
def test_who_is_given_what_another_remembers_goes_on_as_that_one(seed: int, given_after: int) -> None:
    """Over more than three months, so that days are forgotten, too; nothing but the last 90 is handed over."""
    rng, first, learnt = Random(seed), Detector(NO_FLOOR), list[Learnt]()
    days = [_busy_day(rng, number) for number in range(125)]
    for number, amounts in enumerate(days[:given_after]):
        learnt.append(first.learn(day(number), amounts))
    usuals = first.usuals(day(given_after))
    others = [Detector(NO_FLOOR, Remembered(learnt[-90:], given)) for given in (None, usuals)]
    for number, amounts in enumerate(days[given_after:], given_after):
        found = first.judge_partial(day(number), amounts), first.learn(day(number), amounts)
        for other in others:
            assert (other.judge_partial(day(number), amounts), other.learn(day(number), amounts)) == found


@given(st.integers(0, 10**6))
@settings(max_examples=6)
def test_somebody_learnt_anew_stays_as_they_were_and_so_does_everybody_else(seed: int) -> None:
    rng, detector = Random(seed), Detector(NO_FLOOR)
    days = [_busy_day(rng, number) for number in range(40)]
    learnt = [detector.learn(day(number), amounts) for number, amounts in enumerate(days)]
    some = {f"p{n}@example.com" for n in rng.sample(range(20), 5)}
    again = Detector(NO_FLOOR)
    for one, amounts in zip(learnt, days, strict=True):
        part = again.relearn(one, {who: micro for who, micro in amounts.items() if who in some})
        assert part.facts() == one.of(some).facts()
        assert one.corrected(some, part).facts() == one.facts()
    usuals = detector.usuals(day(40))
    assert dict(usuals.corrected(some, again.usuals(day(40))).each()) == dict(usuals.each())


def _busy_day(rng: Random, number: int) -> dict[str, int]:
    """Of twenty people, some with runaways; at weekends hardly anybody works."""
    part = 0.7 if number % 7 < 5 else 0.1
    return {
        f"p{n}@example.com": int(MICRO * 30 * math.exp(rng.gauss(0, 0.7)) * rng.choice([1] * 20 + [3, 30]))
        for n in range(20)
        if rng.random() < part
    }
