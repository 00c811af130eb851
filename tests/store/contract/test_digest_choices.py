"""How people want their digests, as every store must keep it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.digests.choice import DigestChoice
from bot.core.people import Person
from bot.errors import StoreError
from bot.ports import Store
from tests.store.rig import NOW, STAFF, save_people

CHOSEN = DigestChoice(is_paused=True, weekday=4, minute=16 * 60 + 30, wants_personal=True)


def person(store: Store, name: str = "carol") -> Person:
    with store.snapshot() as seen:
        found = seen.find_person(email=f"{name}@example.com")
    assert found is not None
    return found


def test_whoever_chose_nothing_follows_the_configuration(store: Store) -> None:
    save_people(store)
    assert store.load_digest_choice(person(store)) == DigestChoice()


def test_a_choice_comes_back_and_the_last_one_counts(store: Store) -> None:
    save_people(store)
    for choice in (CHOSEN, replace(CHOSEN, is_paused=False, weekday=None, minute=0), DigestChoice()):
        store.save_digest_choice(person(store), choice, NOW)
        assert store.load_digest_choice(person(store)) == choice
    assert store.load_digest_choice(person(store, "bob")) == DigestChoice()


def test_a_choice_survives_another_roster_and_another_place_in_the_chart(store: Store) -> None:
    save_people(store)
    store.save_digest_choice(person(store), CHOSEN, NOW)
    moved = [
        replace(one, manager_email="gail@example.com") if one.name == "Carol" else one for one in STAFF[::-1]
    ]
    save_people(store, moved)
    assert store.load_digest_choice(person(store)) == CHOSEN


@pytest.mark.parametrize(
    "wrong", [DigestChoice(weekday=7), DigestChoice(minute=1440), DigestChoice(minute=-1)]
)
def test_a_moment_that_is_in_no_week_is_refused(store: Store, wrong: DigestChoice) -> None:
    save_people(store)
    with pytest.raises(StoreError):
        store.save_digest_choice(person(store), wrong, NOW)
    assert store.load_digest_choice(person(store)) == DigestChoice()


def test_nobody_who_is_not_an_employee_can_choose(store: Store) -> None:
    save_people(store)
    with pytest.raises(StoreError):
        store.save_digest_choice(replace(person(store), id=4711), CHOSEN, NOW)
