"""What is worth saying: worked out by hand, and as properties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.digests.contents import Correction, Driver, Said
from bot.core.digests.rules import (
    MOVE_FROM_MICRO,
    find_corrections,
    find_driver,
    is_quiet,
    is_steady,
    pick_lasting,
    pick_movers,
    weekday_streak,
)
from bot.core.models import MICRO, Totals
from bot.core.periods import Period
from bot.core.spikes.shifts import Shift

MONDAY = date(2026, 11, 16)
WEEK = Period(MONDAY, MONDAY + timedelta(days=7))
RULES = settings(derandomize=True, deadline=None, max_examples=100)


@dataclass(frozen=True)
class One:
    """Somebody who used so many credits, after so many."""

    now: int
    earlier: int | None

    @property
    def totals(self) -> Totals:
        return Totals(credits_micro=self.now * MICRO)

    @property
    def before(self) -> Totals | None:
        return None if self.earlier is None else Totals(credits_micro=self.earlier * MICRO)


def spent(credits_micro: int, **more: int) -> Totals:
    return Totals(rows=1, credits_micro=credits_micro, **more)


@pytest.mark.parametrize(
    ("now", "before", "quiet"),
    [
        (Totals(), None, True),
        (Totals(), Totals(), True),
        (spent(MICRO - 1), spent(MICRO - 1), True),
        (spent(MICRO), None, False),
        (Totals(), spent(MICRO), False),
        (spent(0, turns=3), Totals(), False),
        (spent(0), Totals(), True),
    ],
)
def test_a_week_is_quiet_when_next_to_nothing_was_used_twice(
    now: Totals, before: Totals | None, *, quiet: bool
) -> None:
    assert is_quiet(now, before) is quiet


def test_movers_are_the_three_largest_each_way() -> None:
    up = [One(200, 100), One(180, 100), One(900, 100), One(150, 100)]
    down = [One(0, 100), One(10, 100), One(60, 100), One(50, 100)]
    assert pick_movers([*up, *down]) == [
        One(900, 100), One(200, 100), One(180, 100), One(0, 100), One(10, 100), One(50, 100),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "moved"),
    [
        (One(125, 100), True),
        (One(124, 100), False),  # 24 credits are few
        (One(1_200, 1_000), False),  # a fifth is little
        (One(1_250, 1_000), True),
        (One(75, 100), True),
        (One(76, 100), False),
        (One(25, 0), True),
        (One(24, 0), False),
        (One(900, None), False),
        (One(0, 0), False),
    ],
)
def test_a_change_matters_from_25_credits_and_a_quarter_on(one: One, *, moved: bool) -> None:
    assert pick_movers([one]) == ([one] if moved else [])


@RULES
@given(st.lists(st.builds(One, st.integers(0, 500), st.none() | st.integers(0, 500)), max_size=12))
def test_no_mover_is_small_and_none_left_out_is_larger(people: list[One]) -> None:
    picked = pick_movers(people)
    changes = [one.now - (one.earlier or 0) for one in picked]
    up, down = [c for c in changes if c > 0], [-c for c in changes if c < 0]
    assert len(picked) == len(up) + len(down)
    assert changes[: len(up)] == up == sorted(up, reverse=True)
    assert down == sorted(down, reverse=True)
    assert max(len(up), len(down)) <= 3
    assert all(abs(change) * MICRO >= MOVE_FROM_MICRO for change in changes)
    if len(up) == 3:
        quarter = [o for o in people if o.earlier is not None and 4 * (o.now - o.earlier) >= o.earlier]
        assert sum(o.now - (o.earlier or 0) > up[-1] for o in quarter) < 3


def lasting(present: float, usual: float, subject: str = "ana") -> Shift:
    """Somebody who uses so many credits an active day, after so many."""
    return Shift(subject, MONDAY, MONDAY, MONDAY, round(usual * MICRO), round(present * MICRO), MONDAY)


@pytest.mark.parametrize(
    ("one", "is_told"),
    [
        (lasting(240, 80), True),
        (lasting(50, 25), True),
        (lasting(49, 24), True),
        (lasting(48, 24), False),  # 24 credits more are few
        (lasting(199, 100), False),  # not twice
        (lasting(200, 100), True),
        (lasting(25, 0), True),
    ],
)
def test_a_lasting_change_matters_from_25_credits_and_twice_the_usual_on(
    one: Shift, *, is_told: bool
) -> None:
    assert pick_lasting([one]) == ([one] if is_told else [], 0)


def test_the_three_largest_lasting_changes_are_told_and_the_others_counted() -> None:
    found = [lasting(300, 100, "a"), lasting(900, 100, "b"), lasting(10, 1, "small"), lasting(500, 200, "c")]
    assert pick_lasting(found) == ([found[1], found[3], found[0]], 0)
    equal = [lasting(300, 100, name) for name in "edf"]
    assert pick_lasting([*found, *equal]) == ([found[1], found[3], found[0]], 3)
    assert [one.subject for one in pick_lasting(equal)[0]] == ["d", "e", "f"]


Pair = tuple[Mapping[str, int], Mapping[str, int]]


def driver(surfaces: Pair, models: Pair = ({}, {})) -> Driver | None:
    """Each of the two splits now and before."""
    return find_driver(surfaces, models)


def test_the_driver_explains_more_than_half_of_the_change() -> None:
    assert driver(({"CLI": 90, "IDE": 50}, {"CLI": 20, "IDE": 40})) == Driver("surface", "CLI")
    assert driver(({"CLI": 60, "IDE": 60}, {"CLI": 20, "IDE": 20})) is None
    assert driver(({"CLI": 0, "IDE": 40}, {"CLI": 90, "IDE": 50})) == Driver("surface", "CLI")


def test_what_moved_against_the_whole_drives_nothing() -> None:
    assert driver(({"CLI": 200, "IDE": 0}, {"CLI": 0, "IDE": 150})) == Driver("surface", "CLI")


def test_a_model_drives_where_it_explains_more_than_any_surface() -> None:
    models: Pair = ({"new": 100}, {})
    assert driver(({"CLI": 60, "IDE": 40}, {}), models) == Driver("model", "new")
    assert driver(({"CLI": 100}, {}), models) == Driver("surface", "CLI")


def test_what_is_called_other_says_nothing() -> None:
    assert driver(({"Other": 100}, {})) is None
    assert driver(({}, {})) is None


splits = st.tuples(*[st.dictionaries(st.sampled_from("abc"), st.integers(0, 9))] * 2)


@RULES
@given(splits, splits)
def test_a_driver_moved_with_the_whole(surfaces: Pair, models: Pair) -> None:
    found = driver(surfaces, models)
    if found:
        now, before = surfaces if found.kind == "surface" else models
        change = sum(now.values()) - sum(before.values())
        part = now.get(found.label, 0) - before.get(found.label, 0)
        assert 2 * part > change > 0 or 2 * part < change < 0


def told(**micro: int) -> Said:
    days = {"mon": 0, "tue": 1}
    return Said(tuple((MONDAY + timedelta(days=days[day]), one * MICRO) for day, one in micro.items()), "us")


@pytest.mark.parametrize(
    ("before", "now", "is_corrected"),
    [
        (100, 88, True),
        (100, 110, True),
        (100, 109, False),  # 9 credits are few
        (1_000, 1_019, False),  # less than 2 %
        (1_000, 1_020, True),
        (0, 10, True),
        (10, 0, True),
        (5, 0, False),
        (100, 100, False),
    ],
)
def test_a_day_is_corrected_from_10_credits_and_2_percent_on(
    before: int, now: int, *, is_corrected: bool
) -> None:
    found = find_corrections(told(mon=before), WEEK, {MONDAY: now * MICRO} if now else {}, "us")
    assert found == ((Correction(MONDAY, before * MICRO, now * MICRO),) if is_corrected else ())


def test_only_what_was_told_of_the_same_people_and_week_can_be_corrected() -> None:
    assert find_corrections(None, WEEK, {MONDAY: MICRO}, "us") == ()
    assert find_corrections(told(mon=100), WEEK, {MONDAY: MICRO}, "others") == ()
    assert find_corrections(told(tue=0), WEEK, {MONDAY: 100 * MICRO}, "us") == ()
    assert find_corrections(told(mon=100), WEEK.before(), {}, "us") == ()


@RULES
@given(
    st.lists(st.tuples(st.dates(), st.integers(0, 2**50)), max_size=7, unique_by=lambda pair: pair[0]),
    st.text(),
)
def test_what_was_said_comes_back_from_its_text(days: list[tuple[date, int]], people: str) -> None:
    said = Said(tuple(days), people)
    assert Said.of_text(said.as_text()) == said


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"days": {"x": 1}, "people": ""}', '{"days": 1, "people": ""}']
)
def test_what_was_never_said_is_nothing(text: str) -> None:
    assert Said.of_text(text) is None


def test_steady_is_every_weekday() -> None:
    weekdays = [MONDAY + timedelta(days=n) for n in range(5)]
    assert is_steady(weekdays, WEEK)
    assert is_steady([*weekdays, MONDAY + timedelta(days=6)], WEEK)
    assert not is_steady([*weekdays[1:], MONDAY + timedelta(days=5)], WEEK)


@pytest.mark.parametrize(
    ("ago", "last", "streak"),
    [
        ([], 6, 0),
        ([2, 3, 4, 5, 6], 6, 5),  # Sunday; Monday to Friday
        ([2, 3, 4, 5, 6, 9, 10], 6, 7),  # nor does a weekend interrupt
        ([3, 4], 6, 0),  # nothing on Friday
        ([0, 1, 3], 4, 2),  # Friday itself
        ([0, 3], 0, 2),  # Monday, and Friday before
    ],
)
def test_a_streak_counts_weekdays(ago: list[int], last: int, streak: int) -> None:
    """``ago`` is counted from the last day, which is so many days after the Monday."""
    end = MONDAY + timedelta(days=last)
    assert weekday_streak([end - timedelta(days=n) for n in ago], end) == streak


@RULES
@given(st.sets(st.integers(0, 30)), st.integers(0, 6))
def test_a_streak_is_as_long_as_counting_back_finds(ago: set[int], last: int) -> None:
    end = MONDAY + timedelta(days=last)
    active = {end - timedelta(days=n) for n in ago}
    weekdays = [day for n in range(60) if (day := end - timedelta(days=n)).weekday() < 5]
    expected = next(at for at, day in enumerate(weekdays) if day not in active)
    assert weekday_streak([day for day in weekdays if day in active], end) == expected
