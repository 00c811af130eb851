"""Which days a sync asks for, and how what the API tells becomes what is stored."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from bot.core.periods import Period
from bot.demo.codex_faults import Fail, Fault, Rewrite, duplicate_row
from bot.demo.codex_gate import Rules
from tests.features.rig import NOW, World, ago, crowd, failures, notes, only, parts_of, slack, usage


def test_the_first_sync_reads_ninety_days_and_today_newest_first_in_requests_of_thirty(world: World) -> None:
    for days in (0, 45, 90, 91):
        world.table.put(ago(days), [usage("carol", ago(days), days + 1)])

    report = world.sync()

    assert world.asked_periods() == [
        Period(ago(29), ago(-1)),
        Period(ago(59), ago(29)),
        Period(ago(89), ago(59)),
        Period(ago(90), ago(89)),
    ]
    assert world.credits_by_day() == {ago(90): {"carol": 91}, ago(45): {"carol": 46}, ago(0): {"carol": 1}}
    assert report.is_good
    assert "Reading usage from 2026-10-22: 1 rows" in world.told
    assert world.told[-1] == "Summing what people ask for"


def test_later_syncs_read_the_last_week_and_today(world: World) -> None:
    world.settle()
    world.clock.pass_by(hours=1)

    world.sync()

    assert world.asked_periods() == [Period(ago(7), ago(-1))]
    assert world.asked_periods(group="workspace") == [Period(ago(7), ago(-1))]
    assert world.asked_periods("code_reviews") == [Period(ago(7), ago(-1))]
    assert world.asked_periods("code_review_responses") == [Period(ago(7), ago(-1))]


def test_once_a_week_five_weeks_are_read_again(world: World) -> None:
    world.settle()
    for _ in range(6):
        world.clock.pass_by(days=1)
        world.sync()
    world.api.requests.clear()

    world.clock.pass_by(days=1)
    world.sync()
    assert world.asked_periods() == [Period(ago(22), ago(-8)), Period(ago(28), ago(22))]

    world.api.requests.clear()
    world.clock.pass_by(hours=1)
    world.sync()
    assert world.asked_periods() == [Period(ago(0), ago(-8))]


@pytest.mark.parametrize(
    ("down", "since"),
    [
        (6, ago(1)),  # the week before today holds the gap
        (40, ago(1)),  # from the first day that was not complete when it was last read
        (89, ago(1)),
        (100, ago(-10)),  # the API tells ninety days
    ],
)
def test_what_was_missed_while_the_bot_was_down_is_read(world: World, down: int, since: date) -> None:
    world.settle()
    world.clock.pass_by(days=down)
    world.table.put(ago(1 - down), [usage("carol", ago(1 - down), 7)])

    assert world.sync().is_good

    asked = world.asked_periods()
    assert (asked[-1].since, asked[0].until) == (since, ago(-down - 1))
    assert world.stored_on(ago(1 - down)) == {"carol": 7}

    world.api.requests.clear()
    world.clock.pass_by(hours=1)
    world.sync()
    assert len(world.asked_periods()) == 1


def test_an_ordered_period_is_read_both_days_included_and_is_no_history(world: World) -> None:
    world.sync(since=ago(40), until=ago(5))
    assert world.asked_periods() == [Period(ago(34), ago(4)), Period(ago(40), ago(34))]

    world.api.requests.clear()
    world.sync(since=ago(1))
    assert world.asked_periods() == [Period(ago(1), ago(-1))]

    world.api.requests.clear()
    world.sync(since=ago(-3))
    world.sync(until=ago(2))
    world.sync(accept=frozenset({ago(3), ago(4)}))
    assert world.asked_periods() == [
        Period(ago(0), ago(-1)),  # the future is not asked for
        Period(ago(2), ago(1)),
        Period(ago(4), ago(2)),
    ]

    world.api.requests.clear()
    world.sync()
    assert world.asked_periods()[-1].since == ago(90)


def test_an_unchanged_second_run_changes_nothing(paged: World) -> None:
    for days in range(3):
        paged.table.put(ago(days), crowd(ago(days), 5))
    assert only_counts(paged) == (15, 15, 0, 0)
    before = [line for line in paged.usage_dump() if not line.startswith("day_state")]

    paged.clock.pass_by(hours=1)

    assert only_counts(paged) == (15, 0, 0, 0)
    assert [line for line in paged.usage_dump() if not line.startswith("day_state")] == before


def only_counts(world: World) -> tuple[int, int, int, int]:
    """Rows read, new, changed and vanished in one sync of a few days."""
    part = only(world.sync(since=ago(6)), "usage")
    return part.rows, part.new, part.changed, part.vanished


def test_pages_that_split_days_are_put_together(paged: World) -> None:
    for days, size in enumerate((3, 1, 0, 5, 2)):
        paged.table.put(ago(days), crowd(ago(days), size, days + 1))

    part = only(paged.sync(since=ago(6)), "usage")

    assert (part.pages, part.rows, part.new) == (6, 11, 11)
    assert {day: len(rows) for day, rows in paged.credits_by_day().items()} == {
        ago(4): 2,
        ago(3): 5,
        ago(1): 1,
        ago(0): 3,
    }


def test_corrected_late_and_vanished_rows(world: World) -> None:
    world.table.put(ago(1), [usage("alice", ago(1), 4), usage("bob", ago(1), 2), usage("zoe", ago(1), 8)])
    world.settle()
    world.table.put(ago(1), [usage("carol", ago(1), 1), usage("alice", ago(1), 5), usage("bob", ago(1), 2)])
    world.clock.pass_by(hours=1)

    part = only(world.sync(), "usage")

    assert (part.new, part.changed, part.vanished) == (1, 1, 1)
    assert world.stored_on(ago(1)) == {"alice": 5, "bob": 2, "carol": 1}


def test_a_day_that_is_empty_on_reading_it_again_is_emptied(world: World) -> None:
    world.table.put(ago(2), crowd(ago(2), 9))
    world.settle()
    world.table.remove(ago(2))

    part = only(world.sync(), "usage")

    assert (part.vanished, part.refused, part.error) == (9, 0, None)
    assert world.credits_by_day() == {}


def test_the_second_of_two_rows_of_an_account_and_day_counts(paged: World) -> None:
    paged.table.put(ago(1), [usage("alice", ago(1), 4), usage("bob", ago(1), 2), usage("alice", ago(1), 5)])
    paged.api.faults.append(Fault(Rewrite(duplicate_row), route="usage"))

    part = only(paged.sync(since=ago(1)), "usage")

    assert (part.rows, part.new) == (4, 2)
    assert paged.stored_on(ago(1)) == {"alice": 5, "bob": 2}


def test_an_empty_answer_for_days_that_the_api_may_no_longer_tell_deletes_nothing(world: World) -> None:
    for days in (90, 91):
        world.table.put(ago(days), [usage("carol", ago(days), 3)])
    world.sync(since=ago(95))
    world.table.remove(ago(90))
    world.table.remove(ago(91))

    report = world.sync(since=ago(95))

    assert world.credits_by_day() == {ago(91): {"carol": 3}}
    assert report.is_good

    world.sync(accept=frozenset({ago(91)}))
    assert world.credits_by_day() == {}


def test_old_days_with_holes_between_them_do_not_hold_up_what_is_complete(world: World) -> None:
    for days in (200, 198, 120):
        world.table.put(ago(days), [usage("carol", ago(days), 3)])
    world.sync(since=ago(200))
    world.settle()

    world.sync()

    assert world.asked_periods() == [Period(ago(7), ago(-1))]
    assert len(world.credits_by_day()) == 3


def test_history_that_the_api_refuses_is_a_note_and_no_failure(world: World) -> None:
    world.api.rules = Rules(history_days=30, refuse_older=True)
    world.table.put(ago(3), [usage("carol", ago(3), 3)])

    report = world.sync()

    assert report.is_good, failures(report)
    assert world.stored_on(ago(3)) == {"carol": 3}
    assert len(notes(report)) == 12  # three requests of usage, workspace, reviews and responses each
    assert all(
        note.startswith("No history before 20") and "(invalid_time_range)" in note for note in notes(report)
    )

    world.api.requests.clear()
    world.sync()
    assert world.asked_periods() == [Period(ago(7), ago(-1))]


def test_a_refusal_of_the_newest_days_is_a_failure_whatever_the_older_ones_say(world: World) -> None:
    world.api.rules = Rules(history_days=20, refuse_older=True)

    report = world.sync()

    assert not report.is_good
    assert all(part.error and part.is_permanent for part in parts_of(report, "usage"))


def test_older_days_that_fail_for_the_moment_are_a_failure(world: World) -> None:
    since = str(int(datetime(2026, 9, 22, tzinfo=NOW.tzinfo).timestamp()))
    world.api.faults.append(Fault(Fail(500), route="usage", query={"start_time": since}, times=None))

    report = world.sync()

    assert [part.error is None for part in parts_of(report, "usage")] == [True, False, True, True]

    world.api.faults.clear()
    world.api.requests.clear()
    assert world.sync().is_good
    assert world.asked_periods()[-1].since == ago(90)


def test_an_unknown_account_without_an_address_counts_as_nobodys(world: World) -> None:
    world.directory.people = [slack("carol")]
    nobody = usage("ghost", ago(1), 5, actor=None)
    world.table.put(ago(1), [usage("carol", ago(1), 1), nobody, usage("Stray", ago(1), 9)])

    world.settle()

    assert world.spent_by("carol@example.com") == 1
    assert world.unattributed() == 14
    assert world.findings("link") == [
        "Account user-Stray (stray@example.com) belongs to nobody in the roster.",
        "Account user-ghost has no e-mail address to be recognised by.",
    ]


def test_two_accounts_of_one_employee_are_added_up(world: World) -> None:
    world.write_roster("email,aliases", "carol@example.com,c.archer@example.com")
    world.table.put(ago(1), [usage("carol", ago(1), 1), usage("c.archer", ago(1), 2)])

    world.settle()

    assert world.spent_by("carol@example.com") == 3


def test_an_account_whose_address_changes_takes_all_its_usage_along(world: World) -> None:
    world.directory.people = [slack("carol"), slack("dan")]
    world.table.put(ago(2), [usage("carol", ago(2), 1)])
    world.settle()
    moved = usage("carol", ago(1), 2)
    moved["actor"]["email"] = "Dan@Example.com"
    world.table.put(ago(1), [moved])

    world.sync()
    assert (world.spent_by("carol@example.com"), world.spent_by("dan@example.com")) == (0, 3)

    world.sync()  # the older row, read again, is no news
    assert (world.spent_by("carol@example.com"), world.spent_by("dan@example.com")) == (0, 3)
