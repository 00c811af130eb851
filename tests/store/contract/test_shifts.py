"""Lasting changes, as every store must keep them: each employee's newest, read by whoever may see them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.models import MICRO
from bot.core.periods import Period
from bot.core.spikes.shifts import Shift, ShiftChange
from bot.core.visibility import Below, OnePerson
from bot.ports import Store
from bot.store import shifts
from tests.store.rig import MONDAY, STAFF, WEEK, save_people

CAROL = Shift(
    "carol@example.com",
    MONDAY - timedelta(days=9),
    MONDAY - timedelta(days=2),
    MONDAY + timedelta(days=1),
    80 * MICRO,
    240 * MICRO,
    MONDAY,
)
DAN = replace(CAROL, subject="dan@example.com", noticed=None)
NEXT_WEEK = Period(WEEK.until, WEEK.until + timedelta(days=7))


def save(store: Store, *kept: Shift) -> None:
    with store.changing_incidents() as ledger:
        ledger.save_shifts([ShiftChange(one.subject, one) for one in kept])


def load(store: Store, *subjects: str, days: int = 0) -> dict[str, Shift]:
    """Of the people, and of whoever was last seen so many days after Monday or later."""
    with store.changing_incidents() as ledger:
        return ledger.load_shifts(subjects, MONDAY + timedelta(days=days))


def noticed(store: Store, lead: str, week: Period = WEEK, *, alone: bool = False) -> list[Shift]:
    with store.snapshot() as seen:
        person = seen.find_person(email=f"{lead}@example.com")
        assert person
        return seen.load_noticed_shifts(OnePerson(person) if alone else Below(person), week)


def test_a_change_comes_back_as_it_was_and_the_newest_takes_its_place(store: Store) -> None:
    save_people(store)
    save(store, CAROL, DAN)
    assert load(store) == {CAROL.subject: CAROL, DAN.subject: DAN}
    newer = replace(CAROL, last=MONDAY + timedelta(days=3), present_micro=5)
    save(store, newer)
    assert load(store, days=2) == {CAROL.subject: newer}
    assert load(store, DAN.subject, "nobody@example.com", days=9) == {DAN.subject: DAN}


def test_what_is_taken_back_is_gone(store: Store) -> None:
    save_people(store)
    save(store, CAROL, DAN)
    with store.changing_incidents() as ledger:
        ledger.save_shifts([ShiftChange(CAROL.subject, None)])
    assert load(store) == {DAN.subject: DAN}


def test_of_somebody_who_was_never_employed_nothing_is_kept(store: Store) -> None:
    save_people(store)
    save(store, replace(CAROL, subject="nobody@example.com"))
    assert load(store) == {}


@pytest.mark.parametrize("wide", [1, 1000])
def test_whoever_stands_above_reads_it_in_its_week_and_nobody_else(
    store: Store, monkeypatch: pytest.MonkeyPatch, wide: int
) -> None:
    monkeypatch.setattr(shifts, "WIDE", wide)
    save_people(store)
    save(store, CAROL, DAN)
    assert noticed(store, "alice") == noticed(store, "bob") == [CAROL]
    assert noticed(store, "carol", alone=True) == [CAROL]
    assert noticed(store, "bob", NEXT_WEEK) == noticed(store, "bob", WEEK.before()) == []
    assert noticed(store, "carol") == noticed(store, "erin") == noticed(store, "gail") == []
    assert noticed(store, "bob", alone=True) == []


@pytest.mark.parametrize("wide", [1, 1000])
def test_who_left_is_not_told_of(store: Store, monkeypatch: pytest.MonkeyPatch, wide: int) -> None:
    monkeypatch.setattr(shifts, "WIDE", wide)
    save_people(store, [replace(one, archived=True) if one.name == "Carol" else one for one in STAFF])
    save(store, CAROL)
    assert noticed(store, "bob") == []
    assert load(store) == {CAROL.subject: CAROL}
