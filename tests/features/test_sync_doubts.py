"""Readings of a day that are not believed: what stays, what is said, and how they come to be believed after all."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.models import Freshness
from bot.core.periods import Period
from bot.demo.codex_faults import Fault, Rewrite, drop_required_field, put_nan, put_text_for_number
from tests.features.rig import Row, World, ago, begin_of, crowd, notes, only, usage

DAY = ago(2)


def freshness(world: World) -> Freshness:
    with world.store.snapshot() as snapshot:
        return snapshot.load_freshness(Period(ago(7), ago(-1)), world.clock.now)


def shrink(world: World, kept: int, stored: int = 10) -> None:
    """A settled day of ``stored`` rows of which the API has then lost all but ``kept``."""
    world.table.put(DAY, crowd(DAY, stored))
    world.sync_week()
    world.clock.pass_by(hours=1)
    world.table.put(DAY, crowd(DAY, kept, spent=2))


def sync_after(world: World, minutes: int) -> int:
    """How many days are refused by a sync that many minutes later."""
    world.clock.pass_by(minutes=minutes)
    return only(world.sync_week(), "usage").refused


@pytest.mark.parametrize(
    ("stored", "kept", "refused"), [(10, 4, 1), (10, 5, 0), (9, 0, 0), (11, 5, 1), (30, 0, 1)]
)
def test_a_day_that_lost_more_than_half_of_ten_rows_or_more_is_kept(
    world: World, stored: int, kept: int, refused: int
) -> None:
    shrink(world, kept, stored)

    report = world.sync_week()

    assert only(report, "usage").refused == refused
    assert report.is_good
    assert len(world.stored_on(DAY)) == (stored if refused else kept)
    assert freshness(world).refused == ((DAY,) if refused else ())


def test_a_refused_day_says_why_and_what_to_do(world: World) -> None:
    shrink(world, kept=3)

    (note,) = notes(world.sync_week())
    assert note == (
        "2026-11-18 was refused: it has 3 rows where 10 are stored. The earlier figures stay. If the new ones are"
        " right, run `codex-usage-bot sync --accept 2026-11-18`; they are also taken once three syncs, half an"
        " hour apart, agree."
    )


def test_accept_believes_the_next_reading_of_that_day_only(world: World) -> None:
    other = ago(3)
    world.table.put(other, crowd(other, 10))
    shrink(world, kept=3)
    world.table.put(other, ())
    world.sync_week()

    part = only(world.sync(accept=frozenset({DAY})), "usage")

    assert (part.vanished, part.changed, part.refused) == (7, 3, 0)
    assert len(world.stored_on(DAY)) == 3
    assert len(world.stored_on(other)) == 10
    assert freshness(world).refused == (other,)


def test_three_agreeing_readings_half_an_hour_apart_are_believed(world: World) -> None:
    shrink(world, kept=3)

    assert [sync_after(world, minutes) for minutes in (0, 30, 30)] == [1, 1, 0]
    assert len(world.stored_on(DAY)) == 3
    assert freshness(world).refused == ()


def test_readings_ten_minutes_apart_do_not_count_as_many(world: World) -> None:
    shrink(world, kept=3)

    # the second counts after 30 minutes, the third 30 minutes after that one
    assert [sync_after(world, 10) for _ in range(7)] == [1, 1, 1, 1, 1, 1, 0]


def test_readings_that_differ_do_not_agree(world: World) -> None:
    shrink(world, kept=3)
    refused = []
    for spent in (2, 3, 4, 5, 5):
        world.table.put(DAY, crowd(DAY, 3, spent))
        refused.append(sync_after(world, 40))

    assert refused == [1, 1, 1, 1, 1]
    assert sync_after(world, 40) == 0
    assert world.stored_on(DAY) == {"p00": 5, "p01": 5, "p02": 5}


def test_a_day_that_comes_back_ends_the_doubt(world: World) -> None:
    shrink(world, kept=3)
    sync_after(world, 40)
    sync_after(world, 40)
    world.table.put(DAY, crowd(DAY, 10, 6))
    assert sync_after(world, 40) == 0
    assert freshness(world).refused == ()

    world.table.put(DAY, crowd(DAY, 3, 2))  # what the doubt was about begins to be counted anew
    assert [sync_after(world, 40) for _ in range(3)] == [1, 1, 0]


BAD_ROWS: list[tuple[Row, str]] = [
    ({"totals": None}, "totals is missing"),
    ({"totals": {"credits": -1}}, "totals.credits is negative"),
    ({"totals": {"credits": "many"}}, "totals.credits is a text, not a number"),
    ({"totals": {"credits": 1, "threads": 0.5}}, "totals.threads is not a whole number"),
    ({"clients": {}}, "clients is not a list"),
    ({"user_id": None, "actor": None}, "user_id is missing, in actor and beside it"),
    ({"end_time": begin_of(DAY)}, "end_time is not one day after start_time"),
    ({"start_time": begin_of(DAY) + 60}, "start_time is not a UTC midnight"),
]


@pytest.mark.parametrize(("changes", "reason"), BAD_ROWS)
def test_a_row_that_cannot_be_understood_is_set_aside_with_its_reason(
    world: World, changes: dict[str, Any], reason: str
) -> None:
    world.table.put(DAY, [*crowd(DAY, 999), usage("zoe", DAY, **changes)])

    part = only(world.sync(since=DAY), "usage")

    assert (part.rows, part.poisoned, part.refused, part.error) == (999, 1, 0, None)
    with world.store.engine.reading() as connection:
        ((name, kept),) = connection.execute("SELECT part, reason FROM poisoned_row").fetchall()
    assert (name, kept) == ("usage", reason)


def test_a_day_of_which_more_than_a_thousandth_cannot_be_understood_is_refused(world: World) -> None:
    world.table.put(DAY, [*crowd(DAY, 998), usage("zoe", DAY, totals=None)])
    world.table.put(ago(1), crowd(ago(1), 2))

    report = world.sync(since=DAY)

    assert (only(report, "usage").poisoned, only(report, "usage").refused) == (1, 1)
    assert notes(report)[0].startswith("2026-11-18 was refused: 1 of 999 rows could not be understood.")
    assert world.credits_by_day() == {ago(1): {"p00": 1, "p01": 1}}
    assert freshness(world).refused == (DAY,)
    assert DAY in freshness(world).missing

    world.sync(accept=frozenset({DAY}))
    assert len(world.stored_on(DAY)) == 998


@pytest.mark.parametrize("spoil", [put_text_for_number, put_nan, drop_required_field])
def test_a_row_spoilt_on_its_way_leaves_its_day_as_it_was_until_it_comes_whole(
    world: World, spoil: Any
) -> None:
    world.table.put(DAY, [usage("alice", DAY, 4), usage("bob", DAY, 2)])
    world.sync_week()
    world.table.put(DAY, [usage("alice", DAY, 5), usage("bob", DAY, 3)])
    world.api.faults.append(Fault(Rewrite(spoil), route="usage"))

    assert only(world.sync_week(), "usage").refused == 1
    assert world.stored_on(DAY) == {"alice": 4, "bob": 2}

    assert only(world.sync_week(), "usage").refused == 0
    assert world.stored_on(DAY) == {"alice": 5, "bob": 3}


@pytest.mark.parametrize(
    "stray",
    [
        {"start_time": None},
        {"start_time": begin_of(ago(60)), "end_time": begin_of(ago(59))},
        {"start_time": begin_of(ago(-9)), "end_time": begin_of(ago(-10))},
    ],
)
def test_an_answer_of_which_nothing_is_about_the_days_asked_for_changes_nothing(
    world: World, stray: dict[str, Any]
) -> None:
    world.table.put(DAY, [usage("alice", DAY, 4), usage("bob", DAY, 2)])
    world.sync_week()
    world.table.put(DAY, [usage("alice", DAY, 4, **stray), usage("bob", DAY, 2, **stray)])

    assert only(world.sync_week(), "usage").error == "None of the 2 rows is of a day that was asked for"
    assert world.stored_on(DAY) == {"alice": 4, "bob": 2}
