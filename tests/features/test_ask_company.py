"""The figures in answers about the whole company: the organisation, code reviews, the state of the data, help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.core.answers import (
    AdminStatus,
    GroupSlice,
    HelpAnswer,
    OrgAnswer,
    ReviewsAnswer,
    StatusAnswer,
)
from bot.core.days import Doubt
from bot.core.ledger import Part
from bot.core.models import (
    MICRO,
    Amounts,
    CodeReviewDay,
    CodeReviewResponseDay,
    Freshness,
    WorkspaceRow,
    epoch_day,
)
from bot.core.people import Employee
from bot.core.periods import Period, kept_periods
from bot.core.visibility import OTHER_GROUPS
from bot.features.ask import NOTHING_OF_YOUR_OWN
from bot.store.sqlite import SqliteStore
from tests.features.cast import answer, employee, hire, used
from tests.features.rig import NOW, ago, keep_day, slack
from tests.store.empty import empty_store

DAY = ago(1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = empty_store(tmp_path / "usage.db")
    yield store
    store.close()


def teams(
    store: SqliteStore, sizes: Mapping[str | None, int], *more: Employee, idle: Sequence[Employee] = ()
) -> None:
    """Teams of so many people, each of whom used a credit yesterday; Erin, Finn and the idle used nothing."""
    staff = [
        employee(f"{(team or 'none').lower().replace(' ', '-')}{number:02}", team=team)
        for team, size in sizes.items()
        for number in range(size)
    ]
    names = [one.name.lower() for one in (*staff, *more)]
    keep_day(store, DAY, [used(name, DAY, 1) for name in names])
    hire(
        store,
        [*staff, *more, *idle, employee("erin", team="Staff"), employee("finn", team="Staff")],
        [slack("erin"), slack("finn"), slack("root"), slack("cfo"), slack("carol")],
    )


def org(store: SqliteStore, viewer: str = "erin", text: str = "org yesterday") -> OrgAnswer:
    found = answer(store, viewer, text)
    assert isinstance(found, OrgAnswer)
    return found


def lines(groups: tuple[GroupSlice, ...]) -> list[tuple[str | None, int, int | None, int]]:
    return [(one.label, one.people, one.active, one.totals.credits_micro // MICRO) for one in groups]


# ── the organisation ──────────────────────────────────────────────────────────────────────────────────


def test_admins_see_every_team_and_what_does_not_add_up(store: SqliteStore) -> None:
    teams(store, {"Platform": 6, "Data": 2, None: 3}, employee("zoe", team="Old", left_on=DAY))
    row = WorkspaceRow(epoch_day(DAY), Amounts(99, 99, 20 * MICRO), None)
    store.save_workspace_days([row], Period(DAY, ago(0)))

    found = org(store)

    assert lines(found.groups) == [
        ("Platform", 6, 6, 6),
        (None, 3, 3, 3),
        ("Data", 2, 2, 2),
        ("Old", 0, 0, 1),
        ("Staff", 2, 0, 0),
    ]
    assert (found.people, found.active, found.active_before) == (13, 11, None)
    assert found.figures.totals.credits_micro == 12 * MICRO
    assert found.workspace_gap is not None
    assert found.workspace_gap.credits_micro == 8 * MICRO
    assert not found.folded_groups


def test_finance_sees_no_group_of_fewer_than_five_and_no_gap(store: SqliteStore) -> None:
    teams(store, {"Platform": 8, "Web": 5, "Data": 2, None: 1}, employee("zoe", team="Old", left_on=DAY))

    for viewer in ("finn", "cfo"):
        found = org(store, viewer)
        assert lines(found.groups) == [("Platform", 8, 8, 8), ("Web", 5, 5, 5), (OTHER_GROUPS, 5, None, 4)]
        assert (found.folded_groups, found.workspace_gap) == (True, None)
        assert sum(one.totals.credits_micro for one in found.groups) == found.figures.totals.credits_micro


def test_finance_does_not_read_that_only_one_of_a_team_was_active(store: SqliteStore) -> None:
    """Else the team's credits would be those of one person; nor is it the difference to what is told."""
    idle = [employee(f"idle{number}", team="Lab") for number in range(5)]
    staff = [employee(f"staff{number}", team="Staff") for number in range(3)]
    teams(store, {"Platform": 8, "Web": 6, "Lab": 1}, idle=[*idle, *staff])

    active = {label: active for label, _, active, _ in lines(org(store, "finn").groups)}

    assert active == {"Platform": 8, "Web": None, "Lab": None, "Staff": None}
    assert ("Lab", 6, 1, 1) in lines(org(store).groups)


def test_what_is_folded_never_stands_for_fewer_than_five(store: SqliteStore) -> None:
    teams(store, {"Platform": 8, "Web": 5})

    found = org(store, "finn")

    # Staff has two people: the smallest of the others hides them
    assert lines(found.groups) == [("Platform", 8, 8, 8), (OTHER_GROUPS, 7, None, 5)]


@pytest.mark.parametrize("count", [20, 23])
def test_from_the_twenty_first_on_teams_are_one_line_that_adds_up(store: SqliteStore, count: int) -> None:
    teams(store, {f"Team {number:02}": 5 + (number < 19) for number in range(count)})

    found = org(store)

    assert [group.label for group in found.groups[:20]] == [f"Team {number:02}" for number in range(20)]
    assert lines(found.groups)[20:] == [(OTHER_GROUPS, 5 * (count - 20) + 2, None, 5 * (count - 20))]
    assert sum(group.people for group in found.groups) == found.people
    assert sum(group.totals.credits_micro for group in found.groups) == found.figures.totals.credits_micro


def test_usage_of_nobody_stands_beside_the_teams(store: SqliteStore) -> None:
    teams(store, {"Platform": 5})
    keep_day(store, ago(2), [used("platform00", ago(2), 1), used("stray", ago(2), 7)])

    found = org(store, text="org 2d")

    assert found.unattributed.credits_micro == 7 * MICRO
    assert found.figures.totals.credits_micro == 13 * MICRO


def test_the_organisation_is_compared_with_a_period_that_was_read(store: SqliteStore) -> None:
    teams(store, {"Platform": 6})
    keep_day(store, ago(2), [used("platform00", ago(2), 1), used("platform01", ago(2), 1)])
    store.keep_periods(kept_periods(NOW.date()))

    found = org(store)

    assert (found.active, found.active_before) == (6, 2)
    assert found.figures.before is not None
    assert found.figures.before.credits_micro == 2 * MICRO


# ── code reviews ──────────────────────────────────────────────────────────────────────────────────────


def test_reviews_by_day_and_against_the_period_before(store: SqliteStore) -> None:
    teams(store, {"Platform": 1})
    for days in range(1, 5):
        keep_day(store, ago(days), [])
    written = [CodeReviewDay(epoch_day(ago(days)), 10 * days, days, 1, 0, 0) for days in (1, 3, 4)]
    store.save_review_days(written, Period(ago(4), ago(0)))
    answered = CodeReviewResponseDay(epoch_day(DAY), 4, 9, 0, 0, 5, 3, 2, 1, 0, 2, 0, 0, 0)
    store.save_review_response_days([answered], Period(ago(4), ago(0)))

    found = answer(store, "erin", "reviews 2d")

    assert isinstance(found, ReviewsAnswer)
    assert found.days == ((ago(2), 0), (ago(1), 10))
    assert (found.reviews.pull_request_reviews, found.reviews.comments, found.reviews.p0) == (10, 1, 1)
    assert (found.reviews.merged_pull_requests, found.reviews.engaged, found.reviews.replied) == (4, 5, 2)
    assert found.before is not None
    assert found.before.pull_request_reviews == 70

    older = answer(store, "erin", "reviews 28d")
    assert isinstance(older, ReviewsAnswer)
    assert older.before is None
    assert older.freshness.missing[0] == ago(28)


def test_the_days_of_reviews_end_with_today(store: SqliteStore) -> None:
    teams(store, {"Platform": 1})

    found = answer(store, "finn", "reviews week")

    assert isinstance(found, ReviewsAnswer)
    assert [day for day, _ in found.days] == [ago(4), ago(3), ago(2), ago(1), ago(0)]


# ── status ────────────────────────────────────────────────────────────────────────────────────────────


def status(store: SqliteStore, viewer: str = "erin") -> StatusAnswer:
    found = answer(store, viewer, "status")
    assert isinstance(found, StatusAnswer)
    return found


def run(store: SqliteStore, ended: datetime, error: str | None = None) -> None:
    number = store.begin_run(ended - timedelta(minutes=5))
    store.end_run(number, [Part("usage", error=error)], ended)


def test_status_before_the_first_sync(store: SqliteStore) -> None:
    hire(store, [employee("carol")], [slack("carol")])

    found = status(store, "carol")

    assert (found.last_run, found.last_run_ok, found.admin) == (None, False, None)
    assert found.next_run == NOW.replace(hour=10, minute=0)
    assert found.freshness == Freshness(None, None, missing=tuple(ago(days) for days in range(28, 0, -1)))


def test_status_tells_how_the_last_run_that_ended_went(store: SqliteStore) -> None:
    teams(store, {"Platform": 1})
    at = NOW - timedelta(hours=2)
    run(store, at)
    assert (status(store).last_run, status(store).last_run_ok) == (at, True)

    run(store, at + timedelta(hours=1), "It broke.")
    assert (status(store).last_run, status(store).last_run_ok) == (at + timedelta(hours=1), False)

    store.begin_run(NOW)  # it is running, and has not gone well yet
    assert (status(store).last_run, status(store).last_run_ok) == (at + timedelta(hours=1), False)


def test_admins_see_in_the_status_what_does_not_match(store: SqliteStore) -> None:
    teams(store, {"Platform": 2})
    with store.staging() as staged:
        staged.refuse_day(Doubt(ago(3), "it has 1 row", "f", 1, NOW))
    run(store, NOW, "It broke.")

    assert status(store).admin == AdminStatus(
        employees=4,
        matched_to_slack=2,
        accounts=2,
        unmatched_accounts=0,
        refused_days=(ago(3),),
        last_error="usage: It broke.",
    )
    assert status(store, "root").admin == status(store).admin
    assert status(store, "finn").admin is None
    assert status(store, "finn").freshness.refused == (ago(3),)


# ── help ──────────────────────────────────────────────────────────────────────────────────────────────

EVERYONE = [
    "me [period]",
    "top [credits|threads|turns|tokens|streak] [period]",
    "reviews [period]",
    "budget",
    "expect [@person] 3d 5x reason",
    "export [me|team|org] [csv|json] [period]",
    "settings",
    "status",
    "help",
]
LEADS = ["@person [period]", "team [@manager] [period]"]
SPEND = ["org [period]", "alerts [backtest] [at most 3 a week]"]


@pytest.mark.parametrize(
    ("viewer", "more"),
    [
        ("carol", []),
        ("alice", LEADS),
        ("erin", [*LEADS, *SPEND]),
        ("finn", SPEND),
        ("root", [*LEADS, *SPEND]),
        ("cfo", SPEND),
    ],
)
def test_help_has_a_line_for_everything_that_one_may_ask(
    store: SqliteStore, viewer: str, more: list[str]
) -> None:
    staff = [employee("alice"), employee("carol", "alice"), employee("erin"), employee("finn")]
    hire(store, staff, [slack(name) for name in ("alice", "carol", "erin", "finn", "root", "cfo")])

    found = answer(store, viewer, "help")

    assert isinstance(found, HelpAnswer)
    assert sorted(line.usage for line in found.lines) == sorted([*EVERYONE, *more])
    assert all(line.does for line in found.lines)
    assert (found.problem, found.nearest) == (None, None)

    for text in ("tema", "team 99999d"):
        wrong = answer(store, viewer, text)
        assert isinstance(wrong, HelpAnswer)
        assert (wrong.lines, wrong.problem is not None) == (found.lines, True)
    assert answer(store, viewer, "tema") == HelpAnswer(found.lines, "I do not know “tema”.", "team")


def test_who_has_no_usage_of_their_own_is_told_so_and_what_else_there_is(store: SqliteStore) -> None:
    hire(store, [employee("carol")], [slack("cfo")])

    for text in ("", "me", "team", "top"):
        found = answer(store, "cfo", text)
        assert isinstance(found, HelpAnswer)
        assert found.problem == NOTHING_OF_YOUR_OWN
        assert "org [period]" in [line.usage for line in found.lines]
