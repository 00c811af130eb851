"""An incident opens once, is told once, and ends: by examples worked out by hand, and over any history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.alerts.incidents import (
    FORGOTTEN_AFTER,
    Change,
    FiringDay,
    Happening,
    Incident,
    IncidentKey,
    Sighting,
    Telling,
    accept_as_normal,
    acknowledge,
    expect,
    observe,
    snooze,
)
from bot.core.alerts.rounds import MOST_CARDS, evaluate
from bot.core.models import MICRO
from bot.core.periods import Period
from bot.core.plans.expectations import Expectation

MONDAY = date(2026, 11, 16)
KEY = IncidentKey("ana@example.com", "spike")
JUDGED = Period(MONDAY - timedelta(days=7), MONDAY + timedelta(days=60))


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def noon(number: float) -> datetime:
    return datetime(2026, 11, 16, 12, tzinfo=UTC) + timedelta(days=number)


def fires(number: int, excess: int = 1000) -> FiringDay:
    return FiringDay(day(number), "warning", (excess + 100) * MICRO, 100 * MICRO, 400 * MICRO)


def see(*fired: FiringDay, normal: Sequence[int] = (), judged: Period = JUDGED) -> Sighting:
    return Sighting(KEY, judged, fired, frozenset(map(day, normal)))


def move(before: Incident | None, seen: Sighting, at: float = 1, *plans: Expectation) -> Change:
    change = observe(before, seen, plans, noon(at))
    assert change is not None
    return change


def opened(excess: int = 1000) -> Incident:
    return move(None, see(fires(0, excess))).incident


def test_a_day_that_fires_opens_an_incident_with_a_card() -> None:
    change = move(None, see(fires(0)))
    assert (change.what, change.telling, change.incident.state) == ("opened", "card", "open")
    assert change.incident.told is not None
    assert (change.incident.told.day, change.incident.told.excess_micro) == (day(0), 1000 * MICRO)


def test_nothing_seen_is_nothing_said() -> None:
    assert observe(None, see(), (), noon(1)) is None
    assert observe(None, see(normal=[0, 1]), (), noon(1)) is None


def test_looking_again_at_the_same_changes_nothing() -> None:
    assert observe(opened(), see(fires(0)), (), noon(2)) is None


def test_it_is_told_again_when_it_goes_on_after_72_hours() -> None:
    early = move(opened(), see(fires(0), fires(1)), 3.9)
    assert (early.what, early.telling) == ("changed", None)
    late = move(early.incident, see(fires(0), fires(1)), 4)
    assert (late.what, late.telling) == ("told_again", "again")
    assert observe(late.incident, see(fires(0), fires(1)), (), noon(8)) is None


def test_it_is_told_again_at_once_at_twice_the_excess() -> None:
    assert move(opened(), see(fires(0), fires(1, 1999)), 1.5).telling is None
    assert move(opened(), see(fires(0), fires(1, 2000)), 1.5).telling is Telling.AGAIN
    assert move(opened(), see(fires(0, 2000)), 1.5).telling is Telling.AGAIN


def test_an_excess_of_nothing_is_not_twice_itself() -> None:
    nothing = replace(fires(0), expected_micro=9999 * MICRO)
    capped = move(None, see(nothing)).incident
    assert capped.peak.excess_micro == 0
    assert observe(capped, see(nothing), (), noon(2)) is None


def test_two_normal_active_days_end_it() -> None:
    assert observe(opened(), see(fires(0), normal=[-1, 1]), (), noon(3)) is None
    change = move(opened(), see(fires(0), normal=[1, 4]), 5)
    assert (change.what, change.telling, change.incident.state) == ("calmed", None, "resolved")
    assert observe(change.incident, see(fires(0), normal=[1, 4]), (), noon(6)) is None


def test_a_restated_day_ends_it_and_one_that_comes_back_is_not_told_twice() -> None:
    change = move(opened(), see())
    assert (change.what, change.incident.state) == ("corrected", "resolved")
    again = move(change.incident, see(fires(0)), 2)
    assert (again.what, again.telling, again.incident.state) == ("opened", None, "open")
    worse = move(change.incident, see(fires(0, 2000)), 2)
    assert worse.telling is Telling.CARD


def test_whom_other_settings_end_nobody_has_corrected() -> None:
    change = observe(opened(), see(), (), noon(1), is_retuned=True)
    assert change is not None
    assert (change.what, change.incident.state, change.telling) == ("retuned", "resolved", None)
    still = observe(opened(), see(fires(0)), (), noon(1), is_retuned=True)
    assert still is None


def test_a_day_that_is_over_when_it_is_seen_is_told_once_and_does_not_open() -> None:
    change = move(None, see(fires(0), normal=[1, 2]), 3)
    assert (change.telling, change.incident.state) == ("card", "resolved")
    assert observe(change.incident, see(fires(0), normal=[1, 2]), (), noon(4)) is None


def test_the_next_time_is_another_card_unless_it_comes_at_once() -> None:
    calm = move(opened(), see(fires(0), normal=[1, 2]), 2).incident
    soon = move(calm, see(fires(0), fires(3), normal=[1, 2]), 3)
    assert (soon.telling, [one.day for one in soon.incident.days]) == (None, [day(3)])
    late = move(calm, see(fires(0), fires(3), normal=[1, 2]), 4)
    assert late.telling is Telling.CARD


def test_whoever_never_comes_back_is_forgotten() -> None:
    at = FORGOTTEN_AFTER.days
    assert observe(opened(), see(fires(0)), (), noon(at)) is None
    assert move(opened(), see(fires(0)), at + 1).what is Happening.FORGOTTEN


def test_days_before_the_judged_ones_stay_as_they_were() -> None:
    later = Period(day(1), day(9))
    assert observe(opened(), see(judged=later), (), noon(2)) is None
    change = move(opened(), see(fires(1), judged=later), 2)
    assert [one.day for one in change.incident.days] == [day(0), day(1)]


def test_an_acknowledged_incident_speaks_up_only_when_it_gets_much_worse() -> None:
    answered = acknowledge(opened())
    assert answered is not None
    on = move(answered.incident, see(fires(0), fires(5)), 6)
    assert (on.what, on.incident.state) == ("changed", "acknowledged")
    assert move(answered.incident, see(fires(0), fires(5, 2000)), 6).telling is Telling.AGAIN


@pytest.mark.parametrize("rest", [snooze, expect])
def test_whatever_rests_is_silent_and_comes_back(rest: Callable[[Incident, datetime], Change | None]) -> None:
    answered = rest(opened(), noon(7))
    assert answered is not None
    resting = answered.incident
    assert move(resting, see(fires(0), fires(5, 9000)), 6).telling is None
    assert move(resting, see(fires(0)), 7).what is Happening.WOKE
    assert move(resting, see(fires(0), fires(5)), 7).telling is Telling.AGAIN
    assert move(resting, see(), 3).what is Happening.CORRECTED


def test_a_new_normal_ends_it_and_what_is_over_takes_no_answer() -> None:
    change = accept_as_normal(opened())
    assert change is not None
    assert (change.what, change.incident.state) == ("new_normal", "resolved")
    assert observe(change.incident, see(fires(0)), (), noon(2)) is None
    over = change.incident
    assert [acknowledge(over), snooze(over, noon(9)), expect(over, noon(9)), accept_as_normal(over)] == [
        None
    ] * 4


PLAN = Expectation("ana@example.com", Period(day(0), day(3)), "load test", "erin@example.com", factor=5)


def test_a_planned_burst_opens_nothing_as_far_as_it_was_planned() -> None:
    planned, beyond = fires(0, 400), fires(0, 401)
    assert observe(None, see(planned), [PLAN], noon(1)) is None
    assert move(None, see(beyond), 1, PLAN).telling is Telling.CARD
    assert observe(None, see(fires(3, 400)), [PLAN], noon(4)) is not None
    assert observe(None, see(beyond), [replace(PLAN, factor=None)], noon(1)) is None
    assert observe(None, see(beyond), [replace(PLAN, most_micro=501 * MICRO)], noon(1)) is None


def test_a_plan_made_afterwards_takes_back_nothing() -> None:
    assert observe(opened(), see(fires(0)), [replace(PLAN, factor=None)], noon(2)) is None


# ── any history ───────────────────────────────────────────────────────────────────────────────────────

histories = st.lists(
    st.tuples(
        st.dictionaries(st.integers(0, 12), st.sampled_from([0, 300, 700, 1500, 4000]), max_size=8),
        st.sampled_from(["", "acknowledge", "snooze", "expect", "normal"]),
        st.integers(6, 96),
    ),
    max_size=12,
)
"""What is stored at each evaluation (excess by day, 0 is a normal day), what somebody answers then, and the hours since."""


def live(
    history: list[tuple[dict[int, int], str, int]],
) -> tuple[Incident | None, list[tuple[datetime, Incident]]]:
    incident: Incident | None = None
    told: list[tuple[datetime, Incident]] = []
    now = noon(1)
    for excesses, reply, hours in history:
        now += timedelta(hours=hours)
        fired = [fires(number, excess) for number, excess in sorted(excesses.items()) if excess]
        change = observe(incident, see(*fired, normal=[n for n, e in excesses.items() if not e]), (), now)
        if change:
            incident = change.incident
            if change.telling:
                told.append((now, incident))
        if incident and (answered := answer(incident, reply, now)):
            incident = answered.incident
    return incident, told


def answer(incident: Incident, reply: str, now: datetime) -> Change | None:
    match reply:
        case "acknowledge":
            return acknowledge(incident)
        case "snooze":
            return snooze(incident, now + timedelta(days=2))
        case "expect":
            return expect(incident, now + timedelta(days=1))
        case "normal":
            return accept_as_normal(incident)
        case _:
            return None


@given(histories)
def test_nobody_is_told_twice_of_the_same(history: list[tuple[dict[int, int], str, int]]) -> None:
    _, told = live(history)
    for (first_at, first), (then_at, then) in pairwise(told):
        assert first.told is not None
        assert then.told is not None
        much_worse = then.told.excess_micro >= 2 * first.told.excess_micro
        goes_on = then_at - first_at >= timedelta(hours=72) and then.told.day > first.told.day
        assert much_worse or goes_on


@given(histories)
def test_days_that_are_all_restated_leave_nothing_open(
    history: list[tuple[dict[int, int], str, int]],
) -> None:
    incident, _ = live(history)
    change = observe(incident, see(), (), noon(60))
    after = change.incident if change else incident
    assert after is None or not after.is_live


people = st.dictionaries(st.text("abc", min_size=1, max_size=2), st.integers(300, 5000), max_size=8)


@given(people, st.randoms(use_true_random=False))
def test_the_order_of_people_changes_nothing(excesses: dict[str, int], random: Random) -> None:
    seen = [
        Sighting(IncidentKey(name, "spike"), JUDGED, (fires(0, excess),)) for name, excess in excesses.items()
    ]
    shuffled = random.sample(seen, len(seen))
    changes = evaluate({}, seen, (), noon(1))
    assert evaluate({}, shuffled, (), noon(1)) == changes
    cards = {change.incident.card for change in changes}
    assert len(cards) == (min(len(seen), 1) if len(seen) > MOST_CARDS else len(seen))
    assert None not in cards


def test_plans_are_of_their_subject() -> None:
    plan = replace(PLAN, factor=None)
    other = Sighting(IncidentKey("bob@example.com", "spike"), JUDGED, (fires(0),))
    (change,) = evaluate({}, [see(fires(0)), other], [plan], noon(1))
    assert change.incident.key.subject == "bob@example.com"


def test_a_message_has_the_same_label_whenever_the_same_is_told() -> None:
    (first,) = evaluate({}, [see(fires(0))], (), noon(1))
    (restored,) = evaluate({}, [see(fires(0))], (), noon(9))
    told = first.incident.told
    assert told is not None
    assert first.incident.card == restored.incident.card == told.label
    before = {KEY: first.incident}
    (moved,) = evaluate(before, [see(fires(0), fires(1))], (), noon(1.5))
    assert (moved.incident.card, moved.incident.told) == (first.incident.card, told)
    (again,) = evaluate(before, [see(fires(0), fires(1))], (), noon(5))
    assert again.incident.card == first.incident.card
    assert again.incident.told is not None
    assert again.incident.told.label.startswith(f"{told.label}.")
