"""The figures in answers about people: one person, a team, a ranking."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.core.answers import PersonAnswer, TeamAnswer, TeamRow, TopAnswer
from bot.core.models import (
    MICRO,
    Amounts,
    ClientUsage,
    CodeAttribution,
    CodeTotals,
    ModelUsage,
    Totals,
    UsageRow,
    epoch_day,
)
from bot.core.periods import Period, kept_periods
from bot.store.sqlite import SqliteStore
from tests.features.cast import answer, ask, email, employee, hire, noon, used
from tests.features.rig import NOW, ago, keep_day, slack
from tests.store.empty import empty_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = empty_store(tmp_path / "usage.db")
    yield store
    store.close()


def team_of(store: SqliteStore, *names: str, **facts: date) -> None:
    """Alice and everybody who reports to her, their accounts known of old; ``facts`` are last days."""
    keep_day(store, ago(300), [used(name, ago(300), 0) for name in names])
    reports = [employee(name, "alice", left_on=facts.get(name)) for name in names]
    hire(store, [employee("alice"), *reports], [slack(name) for name in ("alice", *names)])


def keep(store: SqliteStore, days: Sequence[int], spent: Callable[[int], float] = lambda _: 1) -> None:
    """Carol's days, so many days ago."""
    for days_ago in days:
        keep_day(store, ago(days_ago), [used("carol", ago(days_ago), spent(days_ago))])


def me(store: SqliteStore, text: str, now: datetime = NOW) -> PersonAnswer:
    found = answer(store, "carol", text, now)
    assert isinstance(found, PersonAnswer)
    return found


def team(store: SqliteStore, text: str = "team 7d") -> TeamAnswer:
    found = answer(store, "alice", text)
    assert isinstance(found, TeamAnswer)
    return found


def top(store: SqliteStore, text: str, now: datetime = NOW) -> TopAnswer:
    found = answer(store, "alice", text, now)
    assert isinstance(found, TopAnswer)
    return found


def credits_of(rows: Sequence[TeamRow]) -> list[tuple[str, float]]:
    return [(row.person.name.lower(), row.totals.credits_micro / MICRO) for row in rows]


def values(rows: Sequence[TeamRow]) -> list[tuple[str, int]]:
    return [(row.person.name.lower(), row.value) for row in rows]


# ── one person ────────────────────────────────────────────────────────────────────────────────────────


def test_totals_days_and_the_period_before(store: SqliteStore) -> None:
    team_of(store, "carol")
    keep(store, range(1, 15), spent=lambda days_ago: days_ago)

    figures = me(store, "me 7d").figures

    assert figures.period == Period(ago(7), ago(0), "7d")
    assert figures.totals.credits_micro == 28 * MICRO
    assert (figures.totals.threads, figures.totals.turns, figures.totals.total_tokens) == (84, 140, 28_000)
    assert figures.before is not None
    assert figures.before.credits_micro == 77 * MICRO
    assert [(point.day, point.totals.credits_micro // MICRO) for point in figures.days] == [
        (ago(days), days) for days in range(7, 0, -1)
    ]
    assert figures.credit_price_usd == Decimal("0.04")


def test_nothing_is_compared_with_a_period_of_which_a_day_was_never_read(store: SqliteStore) -> None:
    team_of(store, "carol")
    keep(store, [days for days in range(1, 15) if days != 9])
    assert me(store, "me 7d").figures.before is None

    keep_day(store, ago(9), [])

    before = me(store, "me 7d").figures.before
    assert before is not None
    assert before.credits_micro == 6 * MICRO
    assert me(store, "me 28d").figures.before is None


def test_a_week_ends_with_today_and_has_no_days_to_come(store: SqliteStore) -> None:
    team_of(store, "carol")
    keep(store, [0, 3, 4])

    assert [(point.day, point.totals.is_active) for point in me(store, "week").figures.days] == [
        (ago(4), True),
        (ago(3), True),
        (ago(2), False),
        (ago(1), False),
        (ago(0), True),
    ]
    month = me(store, "2026-11").figures
    assert (month.period.until, month.days[-1].day) == (ago(-1), ago(0))


def row_of(clients: dict[str, int], models: dict[tuple[str, str | None], int]) -> UsageRow:
    total = Amounts(3, 4, sum(clients.values()) * MICRO)
    return used("carol", ago(1), 0)._replace(
        totals=total,
        clients=tuple(ClientUsage(name, Amounts(1, 2, n * MICRO)) for name, n in clients.items()),
        models=tuple(ModelUsage(*name, Amounts(None, None, n * MICRO)) for name, n in models.items()),
        code=CodeAttribution(10, 4, 6, 12, None, 2, None, 5),
    )


def test_surfaces_models_and_code(store: SqliteStore) -> None:
    team_of(store, "carol")
    clients = {"CODEX_IDE_VSCODE": 2, "CODEX_IDE_XCODE": 3, "CODEX_CLI": 4, "CODEX_NEW": 1}
    models: dict[tuple[str, str | None], int] = {
        ("gpt-5.5", "standard"): 2,
        ("gpt-5.5", None): 3,
        ("gpt-5.5", "fast"): 4,
        ("other", None): 1,
    }
    keep_day(store, ago(1), [row_of(clients, models)])

    figures = me(store, "yesterday").figures

    assert [(part.label, part.totals.credits_micro // MICRO) for part in figures.surfaces] == [
        ("IDE", 5),
        ("CLI", 4),
        ("Other", 1),
    ]
    assert [(part.label, part.totals.credits_micro // MICRO) for part in figures.models] == [
        ("gpt-5.5", 5),
        ("gpt-5.5 (fast)", 4),
        ("other", 1),
    ]
    assert figures.code == CodeTotals(1, 10, 4, 6, 12, 2, 5)


def test_active_days_are_those_on_which_anything_was_used(store: SqliteStore) -> None:
    team_of(store, "carol")
    keep(store, [1, 2, 4])
    keep_day(store, ago(3), [used("carol", ago(3), 0)])
    keep_day(store, ago(5), [used("carol", ago(5), 0, threads=1)])

    assert me(store, "7d").active_days == 4
    assert me(store, "yesterday").active_days == 1


@pytest.mark.parametrize(
    ("days", "streak"),
    [
        ([], 0),
        ([0], 1),
        ([0, 1, 2], 3),
        ([1, 2, 3], 3),  # today may still come
        ([2, 3], 0),
        ([0, 2, 3], 1),
        (list(range(40)), 40),  # longer than the period
    ],
)
def test_a_streak_runs_up_to_today_or_yesterday(store: SqliteStore, days: list[int], streak: int) -> None:
    team_of(store, "carol", "bob")
    for days_ago in range(41):
        keep_day(store, ago(days_ago), [used("carol", ago(days_ago), 1)] if days_ago in days else [])

    assert me(store, "7d").streak == streak
    assert values(top(store, "top streak 7d").rows) == ([("carol", streak)] if streak else [])


def test_what_the_api_does_not_tell_is_not_taken_for_nothing(store: SqliteStore) -> None:
    team_of(store, "carol")
    keep_day(store, ago(1), [used("carol", ago(1), 2)])
    keep_day(store, ago(2), [used("carol", ago(2), 2, total_tokens=None)])

    totals = me(store, "7d").figures.totals

    assert (totals.rows, totals.token_rows, totals.total_tokens) == (2, 1, 2000)


def test_freshness_goes_with_every_answer(store: SqliteStore) -> None:
    team_of(store, "carol")
    keep_day(store, ago(3), [], noon(ago(2)))  # twelve hours after its end: complete
    keep_day(store, ago(2), [], noon(ago(1)) - timedelta(seconds=1))
    keep_day(store, ago(0), [], NOW)

    freshness = me(store, "week").figures.freshness

    assert freshness.complete_to == ago(3)
    assert freshness.read_at == NOW
    assert freshness.partial == (ago(2), ago(0))
    assert freshness.missing == (ago(4), ago(1))
    assert freshness.refused == ()
    assert team(store, "team week").figures.freshness == top(store, "top week").freshness == freshness


# ── a team ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_team_lists_those_with_usage_then_the_idle_and_marks_leavers(store: SqliteStore) -> None:
    team_of(store, "bob", "carol", "dan", "abe", "zoe", "yan", zoe=ago(5), yan=ago(30))
    usage = {1: {"bob": 2, "carol": 5}, 6: {"zoe": 3, "carol": 1}, 8: {"bob": 7}, 40: {"yan": 9}}
    for days_ago in range(1, 15):
        day = ago(days_ago)
        keep_day(store, day, [used(name, day, spent) for name, spent in usage.get(days_ago, {}).items()])

    found = team(store)

    assert [(name, spent) for name, spent in credits_of(found.rows)] == [
        ("carol", 6),
        ("zoe", 3),
        ("bob", 2),
        ("abe", 0),
        ("dan", 0),
    ]
    assert [row.person.name for row in found.rows if row.person.archived] == ["Zoe"]
    assert [row.before and row.before.credits_micro // MICRO for row in found.rows] == [0, 0, 7, 0, 0]
    assert (found.people, found.active, found.active_before) == (4, 2, 1)  # of those who are employed today
    assert found.remainder is None
    assert found.figures.totals.credits_micro == 11 * MICRO


def test_a_team_whose_period_before_was_not_read_has_nothing_to_compare_with(store: SqliteStore) -> None:
    team_of(store, "carol")
    keep(store, range(1, 8))

    found = team(store)

    assert (found.active_before, found.figures.before) == (None, None)
    assert [row.before for row in found.rows] == [None]


def many(store: SqliteStore, rows: Callable[[str, int], UsageRow | None], count: int = 130) -> list[UsageRow]:
    """Alice's so many reports, and what they used yesterday; the rows as they were stored."""
    names = [f"p{number:03}" for number in range(count)]
    found = [row for number, name in enumerate(names) if (row := rows(name, number)) is not None]
    keep_day(store, ago(1), found)
    team_of(store, *names)
    return found


@pytest.mark.parametrize("is_kept", [True, False])
def test_from_the_hundred_and_first_on_people_are_a_remainder_that_adds_up(
    store: SqliteStore, *, is_kept: bool
) -> None:
    many(store, lambda name, number: used(name, ago(1), number) if number >= 20 else None)
    if is_kept:
        store.keep_periods(kept_periods(NOW.date()))

    found = team(store, "team yesterday")

    assert credits_of(found.rows) == [(f"p{number:03}", number) for number in range(129, 29, -1)]
    assert found.remainder is not None
    assert found.remainder.people == 30
    assert found.remainder.totals.credits_micro == sum(range(20, 30)) * MICRO
    assert sum((row.totals for row in found.rows), found.remainder.totals) == found.figures.totals
    assert (found.people, found.active) == (130, 110)


@pytest.mark.parametrize("count", [20, 130])
def test_who_uses_no_credits_is_listed_with_what_they_use(store: SqliteStore, count: int) -> None:
    # the first ten have a row and nothing in it; all others are billed in dollars
    def row(name: str, number: int) -> UsageRow:
        return used(name, ago(1), 0, cost_usd_micro=None if number < 10 else number * MICRO)

    stored = {row.account.removeprefix("user-"): row for row in many(store, row, count)}

    found = team(store, "team yesterday")

    for listed in found.rows:
        cost = stored[listed.person.name.lower()].totals.cost_usd_micro
        assert (listed.totals.rows, listed.totals.cost_usd_micro) == (1, cost or 0)
    rest = found.remainder.totals if found.remainder else Totals()
    assert sum((listed.totals for listed in found.rows), rest) == found.figures.totals
    assert (found.remainder is None) == (count == 20)
    assert found.active == count - 10


# ── a ranking ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("metric", "ranking"),
    [
        ("credits", [("bob", 3_000_000), ("carol", 2_000_000), ("dan", 2_000_000)]),
        ("threads", [("dan", 9), ("carol", 6), ("bob", 1)]),
        ("turns", [("bob", 15), ("carol", 10), ("dan", 10)]),
        ("tokens", [("carol", 7000), ("bob", 3000), ("dan", 2000)]),
    ],
)
def test_a_ranking_goes_by_its_metric_then_credits_then_address(
    store: SqliteStore, metric: str, ranking: list[tuple[str, int]]
) -> None:
    team_of(store, "bob", "carol", "dan", "eve")
    rows = [used("bob", ago(1), 3, threads=1), used("carol", ago(1), 2, total_tokens=7000)]
    keep_day(store, ago(1), [*rows, used("dan", ago(1), 2, threads=9), used("eve", ago(1), 0)])

    found = top(store, f"top {metric} 7d")

    assert values(found.rows) == ranking
    assert found.metric.value == metric
    assert (found.among, found.credit_price_usd) == (5, Decimal("0.04"))


def test_a_ranking_by_streak_shows_what_was_used_in_the_period(store: SqliteStore) -> None:
    team_of(store, "bob", "carol", "dan", "zoe", zoe=ago(0))
    runs = {"bob": (1, 2), "carol": (0, 1, 2, 3), "dan": (2, 3), "zoe": (0, 1)}
    for days_ago in range(5):
        names = [name for name, run in runs.items() if days_ago in run]
        keep_day(store, ago(days_ago), [used(name, ago(days_ago), 1) for name in names])

    found = top(store, "top streak yesterday")
    assert values(found.rows) == [("carol", 4), ("bob", 2), ("zoe", 2)]
    assert credits_of(found.rows) == [("carol", 1), ("bob", 1), ("zoe", 1)]

    found = top(store, "top streak 2026-11-16")
    assert credits_of(found.rows) == [("carol", 0), ("bob", 0), ("zoe", 0)]


def test_a_ranking_has_twenty_five_places(store: SqliteStore) -> None:
    many(store, lambda name, number: used(name, ago(1), number + 1), count=30)

    assert values(top(store, "top yesterday").rows) == [
        (f"p{number:03}", (number + 1) * MICRO) for number in range(29, 4, -1)
    ]
    assert len(top(store, "top streak yesterday").rows) == 25


def test_the_day_changes_at_midnight_utc(store: SqliteStore) -> None:
    team_of(store, "carol")
    keep(store, [0, 1])
    midnight = datetime(2026, 11, 21, tzinfo=UTC)

    assert me(store, "today", midnight - timedelta(seconds=1)).figures.period.since == ago(0)
    assert me(store, "today", midnight).figures.period.since == ago(-1)
    assert me(store, "yesterday", midnight).figures.totals.credits_micro == MICRO


def test_the_terminal_takes_an_address_in_whatever_case(store: SqliteStore) -> None:
    team_of(store, "carol")

    assert ask(store).answer_as(" Carol@EXAMPLE.com ", "me", NOW) == me(store, "me")
    assert epoch_day(ago(0)) == 20_777
    assert email("carol") == me(store, "me").person.email
