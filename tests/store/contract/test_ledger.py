"""The ledger of syncs, notes, the right to sync, and freshness."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.ledger import Part
from bot.core.periods import Period
from bot.errors import StoreError
from bot.ports import Store
from tests.store.rig import MONDAY, NOW, WEEK, poisoned, sync_day, usage_row

LATER = NOW + timedelta(minutes=3)


def test_a_run_is_in_the_ledger_before_it_does_anything(store: Store) -> None:
    assert store.load_last_run() is None
    assert store.load_last_good_run() is None
    number = store.begin_run(NOW)
    run = store.load_last_run()
    assert run is not None
    assert (run.number, run.started_at, run.finished_at, run.error) == (number, NOW, None, None)
    assert store.load_last_good_run() is None


def test_a_run_ends_with_what_went_wrong(store: Store) -> None:
    good = store.begin_run(NOW)
    store.end_run(good, [Part("roster"), Part("usage", WEEK, pages=2, rows=9)], LATER)
    assert store.load_last_good_run() == store.load_last_run()
    bad = store.begin_run(LATER)
    store.end_run(
        bad,
        [
            Part("roster", error="no file."),
            Part("usage"),
            *(Part(name, error="503.") for name in ("usage", "usage", "reviews")),
        ],
        LATER,
    )
    run = store.load_last_run()
    assert run is not None
    assert (run.number, run.finished_at, run.error) == (bad, LATER, "roster: no file. usage, reviews: 503.")
    kept = store.load_last_good_run()
    assert kept is not None
    assert (kept.number, kept.finished_at) == (good, LATER)
    with store.snapshot() as seen:
        assert seen.load_last_run() == run
        assert seen.load_admin_status().last_error == run.error


def test_a_killed_run_is_closed_as_such_by_the_next_one(store: Store) -> None:
    store.begin_run(NOW)
    second = store.begin_run(LATER)
    store.end_run(second, [], LATER)
    run = store.load_last_good_run()
    assert run is not None
    assert run.number == second


def test_notes_are_kept_and_replaced(store: Store) -> None:
    assert store.load_note("colour") is None
    store.save_note("colour", "blue")
    store.save_note("colour", "grün")
    assert store.load_note("colour") == "grün"


def test_one_at_a_time_may_sync(store: Store) -> None:
    def again() -> None:
        with store.only_sync():
            pytest.fail("two syncs at once")

    with store.only_sync(), pytest.raises(StoreError, match="Another sync is running"):
        again()
    with store.only_sync():
        store.save_note("still", "works")


def test_a_sync_that_fails_gives_the_right_back(store: Store) -> None:
    def fail() -> None:
        with store.only_sync():
            raise ValueError("a fault of its own")

    with pytest.raises(ValueError, match="of its own"):
        fail()
    with store.only_sync():
        pass


def test_history_says_how_far_the_days_are_complete(store: Store) -> None:
    assert (store.load_history().begun, store.load_history().complete_to) == (False, None)
    for n in (0, 1, 3):
        day = MONDAY + timedelta(days=n)
        sync_day(store, day, [usage_row("a", day)])
    store.save_note("history_read", NOW.isoformat())
    store.save_note("wide_read_at", LATER.isoformat())
    history = store.load_history()
    assert (history.begun, history.complete_to) == (True, MONDAY + timedelta(days=1))
    assert history.wide_read_at == LATER


def test_freshness_tells_partial_and_missing_days(store: Store) -> None:
    today = NOW.date()
    for n in (0, 1, 3, 4):
        sync_day(store, MONDAY + timedelta(days=n), [], NOW)
    with store.snapshot() as seen:
        fresh = seen.load_freshness(WEEK, NOW)
        assert fresh.read_at == NOW
        assert fresh.complete_to == MONDAY + timedelta(days=1)
        assert fresh.partial == (today,)
        assert fresh.missing == (MONDAY + timedelta(days=2),)
        assert seen.is_read(Period(MONDAY, MONDAY + timedelta(days=2)))
        assert not seen.is_read(WEEK)


def test_an_empty_store_is_not_fresh(store: Store) -> None:
    with store.snapshot() as seen:
        fresh = seen.load_freshness(Period(MONDAY, MONDAY + timedelta(days=1)), NOW)
        assert (fresh.complete_to, fresh.read_at, fresh.missing) == (None, None, (MONDAY,))
        assert seen.load_last_run() is None


def test_a_day_read_again_is_as_fresh_as_its_last_reading(store: Store) -> None:
    early = NOW - timedelta(days=4)  # on the Monday itself
    sync_day(store, MONDAY, [usage_row("a")], early)
    with store.snapshot() as seen:
        assert seen.load_freshness(WEEK, NOW).partial == (MONDAY,)
    sync_day(store, MONDAY, [usage_row("a")], NOW)
    with store.snapshot() as seen:
        assert seen.load_freshness(WEEK, NOW).partial == ()
        assert seen.load_freshness(WEEK, NOW).read_at == NOW


def test_any_number_of_rows_can_be_set_aside(store: Store) -> None:
    """Neither many, nor none, nor one whose day is unknown is a fault."""
    store.save_poisoned("usage", [], NOW)
    store.save_poisoned("usage", poisoned(None), NOW)
    store.save_poisoned("reviews", poisoned(MONDAY, 1500), NOW)
