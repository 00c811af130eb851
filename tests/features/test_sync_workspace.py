"""What exists for the whole workspace only, how it is reconciled with the accounts, and what the ledger says."""

from __future__ import annotations

from datetime import datetime

from bot.core.answers import AdminStatus
from bot.core.models import Reviews
from bot.core.periods import Period
from bot.demo.codex_faults import Fail, Fault, Rewrite, drop_required_field
from bot.features.sync import Sync, SyncOrder
from tests.features.rig import (
    ADMIN_SIGHT,
    NOW,
    World,
    ago,
    crowd,
    failures,
    only,
    parts_of,
    responses,
    reviews,
    slack,
    usage,
    workspace,
)

LAST_WEEK = Period(ago(7), ago(0))


def load_reviews(world: World, period: Period = LAST_WEEK) -> Reviews:
    with world.store.snapshot() as snapshot:
        return snapshot.load_reviews(period)


def test_the_workspaces_own_totals_are_reconciled_with_the_sum_of_its_accounts(world: World) -> None:
    for days in (1, 2, 3):
        world.table.put(ago(days), crowd(ago(days), 2, spent=10))
    world.table.put_workspace(ago(1), workspace(ago(1), 25.5, threads=3, turns=4, text_total_tokens=500))
    world.table.put_workspace(ago(2), workspace(ago(2), 20, threads=None, text_total_tokens=None))
    world.settle()

    with world.store.snapshot() as snapshot:
        gap = snapshot.load_workspace_gap(ADMIN_SIGHT, LAST_WEEK)

    # the third day has no row of the workspace's own; a figure that it does not tell is no gap of tokens
    assert (gap.rows, gap.credits_micro, gap.total_tokens) == (2, 5_500_000, 300)


def test_workspace_rows_are_new_changed_and_vanished(world: World) -> None:
    for days in (1, 2, 3):
        world.table.put_workspace(ago(days), workspace(ago(days), days))
    assert [part.new for part in parts_of(world.settle(), "workspace")] == [3, 0, 0, 0]
    world.table.put_workspace(ago(1), workspace(ago(1), 9))
    world.table.put_workspace(ago(2), None)
    world.table.put_workspace(ago(0), workspace(ago(0), 1))

    part = only(world.sync(), "workspace")

    assert (part.rows, part.new, part.changed, part.vanished) == (3, 1, 1, 1)


def test_reviews_and_how_they_were_answered(world: World) -> None:
    for days in (1, 2):
        world.table.put_reviews(ago(days), reviews(ago(days), days * 3))
        world.table.put_review_responses(ago(days), responses(ago(days), days))
    world.settle()

    assert load_reviews(world) == Reviews(
        pull_request_reviews=9,
        comments=18,
        p1=9,
        p2=9,
        merged_pull_requests=3,
        merged_comments=6,
        engaged=3,
        replied=3,
    )

    world.table.put_reviews(ago(1), reviews(ago(1), 1))
    world.table.put_review_responses(ago(2), None)
    report = world.sync()

    assert (only(report, "reviews").changed, only(report, "responses").vanished) == (1, 1)
    assert (load_reviews(world).pull_request_reviews, load_reviews(world).merged_pull_requests) == (7, 1)


def test_a_row_that_cannot_be_understood_keeps_what_is_stored_of_its_day(world: World) -> None:
    world.table.put_reviews(ago(3), reviews(ago(3), 5))
    world.table.put_reviews(ago(2), reviews(ago(2), 7))
    world.settle()
    world.table.put_reviews(ago(3), reviews(ago(3), 50))
    world.table.put_reviews(ago(2), None)
    world.api.faults.append(Fault(Rewrite(drop_required_field), route="code_reviews"))

    part = only(world.sync(), "reviews")

    assert (part.poisoned, part.vanished, part.error) == (1, 1, None)
    assert load_reviews(world).pull_request_reviews == 5
    with world.store.engine.reading() as connection:
        assert connection.execute("SELECT part, reason FROM poisoned_row").fetchall() == [
            ("reviews", "comments is missing")
        ]


def test_what_the_api_may_no_longer_tell_is_kept(world: World) -> None:
    for days in (90, 91, 95):
        world.table.put_workspace(ago(days), workspace(ago(days)))
    world.sync(since=ago(95))
    for days in (90, 91):
        world.table.put_workspace(ago(days), None)

    parts = parts_of(world.sync(since=ago(95)), "workspace")

    assert sum(part.vanished for part in parts) == 1
    with world.store.engine.reading() as connection:
        assert connection.execute("SELECT count(*) FROM workspace_day").fetchone() == (2,)


def test_figures_that_failed_on_the_first_run_are_read_ninety_days_back_by_a_later_one(world: World) -> None:
    world.table.put_reviews(ago(80), reviews(ago(80), 5))
    world.api.faults.append(Fault(Fail(500), route="code_reviews", times=None))
    assert set(failures(world.sync())) == {"reviews"}
    world.api.faults.clear()
    world.api.requests.clear()

    assert world.sync().is_good

    assert world.asked_periods()[-1].since == ago(7)
    assert world.asked_periods("code_reviews")[-1].since == ago(90)
    assert load_reviews(world, Period(ago(80), ago(79))).pull_request_reviews == 5


def test_figures_that_failed_for_weeks_are_read_from_before_that(world: World) -> None:
    world.settle()
    world.api.faults.append(Fault(Fail(500), route="code_review_responses", times=None))
    for _ in range(5):
        world.clock.pass_by(days=10)
        world.sync()
    world.api.faults.clear()
    world.api.requests.clear()

    assert world.sync().is_good

    assert world.asked_periods("code_review_responses")[-1].since == ago(7)


def test_every_part_stands_in_the_ledger(world: World) -> None:
    world.write_roster("email,manager_email", "alice@example.com,", "bob@example.com,alice@example.com")
    world.directory.people = [slack("alice"), slack("bob"), slack("carol")]
    world.table.put(ago(1), crowd(ago(1), 3))
    world.table.put_reviews(ago(1), reviews(ago(1)))
    world.api.faults.append(Fault(Fail(503), route="code_review_responses", times=None))

    report = world.sync(since=ago(2))

    with world.store.engine.reading() as connection:
        rows = connection.execute(
            "SELECT part, since, until, pages, rows, new, changed, vanished, refused, poisoned, error IS NULL"
            " FROM run_part ORDER BY position"
        ).fetchall()
    first, last = (day.toordinal() - 719_163 for day in (ago(2), ago(-1)))
    assert rows == [
        ("roster", None, None, 0, 2, 2, 0, 0, 0, 0, 1),
        ("directory", None, None, 0, 3, 0, 3, 0, 0, 0, 1),
        ("links", None, None, 0, 0, 0, 0, 0, 0, 0, 1),
        ("usage", first, last, 1, 3, 3, 0, 0, 0, 0, 1),
        ("sums", None, None, 0, 0, 0, 0, 0, 0, 0, 1),
        ("workspace", first, last, 0, 0, 0, 0, 0, 0, 0, 1),
        ("reviews", first, last, 0, 1, 1, 0, 0, 0, 0, 1),
        ("responses", first, last, 0, 0, 0, 0, 0, 0, 0, 0),
    ]
    run = world.store.load_last_run()
    assert run is not None
    assert (run.started_at, run.finished_at) == (NOW, NOW)
    assert run.error == f"responses: {only(report, 'responses').error}"
    assert world.store.load_last_good_run() is None


def test_the_parts_say_how_long_they_took(world: World) -> None:
    def look() -> datetime:
        world.clock.pass_by(milliseconds=250)
        return world.clock.now

    sync = Sync(world.store, world.source(), world.people(), clock=look)
    report = sync.run(SyncOrder(today=world.today, since=ago(1)))

    # the directory and a piece of usage look at the clock once in between
    assert {part.name: part.milliseconds for part in report.parts} == {
        "roster": 250,
        "directory": 500,
        "links": 250,
        "usage": 500,
        "sums": 250,
        "workspace": 250,
        "reviews": 250,
        "responses": 250,
    }


def test_what_does_not_match_is_counted_for_admins(world: World) -> None:
    world.directory.people = [slack("alice"), slack("bob", deleted=True)]
    world.table.put(ago(1), [usage("alice", ago(1)), usage("ghost", ago(1))])
    world.settle()

    with world.store.snapshot() as snapshot:
        status = snapshot.load_admin_status()

    assert status == AdminStatus(
        employees=1, matched_to_slack=1, accounts=2, unmatched_accounts=1, refused_days=(), last_error=None
    )
