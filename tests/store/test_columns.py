"""Which columns there are, and that what they say of a ranking is what the days say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.metrics import Metric
from bot.core.models import UsagePage, UsageRow, date_of, epoch_day
from bot.core.people import Person
from bot.core.periods import Period
from bot.core.visibility import Below
from bot.errors import StoreError
from bot.store import columns, leaders, people, reads, rollups
from bot.store.sqlite import SqliteStore
from tests.store.rig import EVERYONE, NOW, STAFF, TODAY, amounts, save_people, sync_day, usage_row
from tests.store.sqlite_rig import check_spans, dump

NEWEST = epoch_day(TODAY)
PERIOD = Period(TODAY - timedelta(days=17), TODAY - timedelta(days=2))
OWNERS: dict[str, str | tuple[str, date | None]] = {
    "acc-1": "bob@example.com",
    "acc-2": ("carol@example.com", TODAY - timedelta(days=9)),
    "acc-3": "dan@example.com",
}
NEW_TABLES = ("active_span", "column_span", "people_column")
DAY = date_of(NEWEST // 7 * 7 - 10)
"""In a settled week, and in the period."""

TOKENS = (1, 2, 3, 9)


def row(account: str, day: date, factor: int = 1) -> UsageRow:
    return usage_row(account, day, amounts(factor * (day.day + int(account[-1])), tokens=TOKENS))


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SqliteStore:
    """Twenty days of four accounts, one of which is nobody's and one of which somebody left behind."""
    monkeypatch.setattr(rollups, "LARGE_CHAIN", 1)
    made = SqliteStore(tmp_path / "store.db")
    made.migrate()
    with made.staging() as staged:
        days = [TODAY - timedelta(days=back) for back in range(20)]
        staged.add(UsagePage([row(f"acc-{n}", day) for day in days for n in range(1, 5)], []))
        staged.replace_days(days, NOW)
    save_people(made, STAFF, OWNERS)
    return made


@pytest.fixture
def settled(store: SqliteStore) -> Iterator[SqliteStore]:
    store.keep_periods([])
    yield store
    check_spans(store)


def spans(store: SqliteStore) -> set[tuple[int, int]]:
    with store.engine.reading() as connection:
        rows = connection.execute("SELECT since, until, count(*) FROM column_span GROUP BY 1, 2").fetchall()
    assert {count for _, _, count in rows} <= {4}, "all figures, or none"
    return {(since - NEWEST, until - NEWEST) for since, until, _ in rows}


def told(store: SqliteStore, most: int = 2) -> list[object]:
    with store.snapshot() as seen:
        alice = seen.find_person(email="alice@example.com")
        assert alice
        return [
            [(one.person.email, one.totals) for one in seen.rank_people(sight, PERIOD, metric, most)]
            for sight in (EVERYONE, Below(alice))
            for metric in (Metric.CREDITS, Metric.TOKENS, Metric.THREADS)
        ] + [seen.load_groups(EVERYONE, PERIOD, 1, most)]


def without(monkeypatch: pytest.MonkeyPatch, store: SqliteStore) -> list[object]:
    """What is told where no columns are looked at."""
    with monkeypatch.context() as patch:
        patch.setattr(leaders, "cover", lambda *_: None)
        return told(store)


def test_every_day_has_columns_and_so_has_every_settled_week(settled: SqliteStore) -> None:
    day_spans = {(-back, 1 - back) for back in range(20)}
    end = (NEWEST - 7) // 7 * 7 - NEWEST
    assert spans(settled) == day_spans | {(end - 7, end), (end - 14, end - 7)}


def test_a_range_is_added_up_of_few_columns(settled: SqliteStore) -> None:
    with settled.engine.reading() as connection:
        found = columns.cover(connection, (NEWEST - 17, NEWEST - 2))
    assert found is not None
    assert [day for since, until in found for day in range(since, until)] == list(
        range(NEWEST - 17, NEWEST - 2)
    )
    assert len(found) == 9


def test_leaders_are_the_same_with_columns_and_without(
    settled: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert told(settled) == without(monkeypatch, settled)


def test_corrections_reach_the_columns_of_their_day_and_week(
    settled: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = spans(settled)
    sync_day(settled, DAY, [row("acc-1", DAY, 7), row("acc-5", DAY)])
    check_spans(settled)
    assert len(before - spans(settled)) == 1, "the week waits for the end of the sync"
    assert told(settled) == without(monkeypatch, settled)
    settled.keep_periods([])
    assert spans(settled) == before


def test_a_day_without_columns_is_read_as_ever(settled: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    with settled.engine.writing() as connection:
        connection.execute("DELETE FROM column_span WHERE since <= ?", (NEWEST - 5,))
    assert told(settled) == without(monkeypatch, settled)


@pytest.mark.parametrize("most", [1, 2])
def test_too_many_equals_are_told_apart_by_their_days(
    settled: SqliteStore, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    expected = told(settled, most)
    monkeypatch.setattr(leaders, "LOOKED_UP", 1)
    assert told(settled, most) == expected


def test_where_nobody_used_any_of_a_figure_the_others_decide(settled: SqliteStore) -> None:
    """Nothing is known of tokens on these days, and people still have a place."""
    for back in range(2, 18):
        day = TODAY - timedelta(days=back)
        sync_day(settled, day, [usage_row(f"acc-{n}", day, n) for n in (1, 3)])
    with settled.snapshot() as seen:
        ranked = seen.rank_people(EVERYONE, PERIOD, Metric.TOKENS, 1)
    assert [(one.person.email, one.value) for one in ranked] == [("dan@example.com", 0)]


def test_a_sum_beyond_63_bits_is_an_error_and_nobody_elses_figure(settled: SqliteStore) -> None:
    for back in (3, 4):
        day = TODAY - timedelta(days=back)
        sync_day(settled, day, [usage_row("acc-1", day, 2**62)])
    with pytest.raises(StoreError, match="overflow"), settled.snapshot() as seen:
        seen.rank_people(EVERYONE, PERIOD, Metric.CREDITS, 1)


def test_another_place_or_team_reaches_the_columns_of_people(
    settled: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved: list[Any] = [one.__class__(one.email, one.name, "gail@example.com", "New") for one in STAFF[1:]]
    save_people(settled, [STAFF[0], *moved], OWNERS | {"acc-4": "erin@example.com"})
    assert told(settled) == without(monkeypatch, settled)


def test_a_company_without_people_has_no_leaders(tmp_path: Path) -> None:
    empty = SqliteStore(tmp_path / "store.db")
    empty.migrate()
    sync_day(empty, DAY, [row("acc-1", DAY)])
    empty.keep_periods([])
    with empty.snapshot() as seen:
        assert seen.rank_people(EVERYONE, PERIOD, Metric.CREDITS, 1) == []
        assert seen.load_groups(EVERYONE, PERIOD, 0, 1) == []


def test_of_thousands_of_equals_only_the_first_are_looked_at(
    settled: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By threads on one day nearly all are equal; who they are is asked of those alone that will be named."""
    asked: list[int] = []
    load_people = people.load_people

    def noted(connection: Any, numbers: Iterable[int]) -> dict[int, Person]:
        asked.extend(numbers)
        return load_people(connection, asked)

    monkeypatch.setattr(people, "load_people", noted)
    day = Period(DAY, DAY + timedelta(days=1))
    for kept in ([], [day]):
        settled.keep_periods(kept)
        with settled.snapshot() as seen:
            ranked = seen.rank_people(EVERYONE, day, Metric.THREADS, 1)
        assert [(one.person.email, one.value) for one in ranked] == [("dan@example.com", 1)]
        assert len(asked) == 1
        asked.clear()


def test_a_kept_ranking_does_not_wait_for_the_columns_of_people(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a database of the version before there are none until its first sync."""
    monkeypatch.setattr(reads, "_is_shorter_by_place", lambda *_: False)
    store.keep_periods([PERIOD])
    expected = told(store)
    with store.engine.writing() as connection:
        connection.execute("DELETE FROM people_column")
    assert told(store) == expected
    assert any(expected)


def test_a_database_of_the_version_before_is_brought_up_day_by_day(
    settled: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Interrupted, what was made stays; meanwhile and afterwards the same is told."""
    expected, complete = told(settled), dump(settled)
    with settled.engine.writing() as connection:
        for table in NEW_TABLES:
            connection.execute(f"DROP TABLE {table}")
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = '0011_spans'")
    assert settled.migrate() == ["0011_spans"]
    assert told(settled) == expected
    make_day = columns._make_day

    def until_it_is_killed(connection: Any, day: int) -> None:
        if day < NEWEST - 11:
            raise KeyboardInterrupt
        make_day(connection, day)

    with monkeypatch.context() as patch:
        patch.setattr(columns, "_make_day", until_it_is_killed)
        with pytest.raises(KeyboardInterrupt):
            settled.keep_periods([])
    assert spans(settled) == {(-back, 1 - back) for back in range(8)}, "the newest first"
    assert told(settled) == expected
    settled.keep_periods([])
    assert told(settled) == expected
    after = dump(settled)
    made = {name: sorted(rows) for name, rows in after.items() if name in NEW_TABLES}
    assert made == {name: sorted(complete[name]) for name in NEW_TABLES}


def test_what_is_told_comes_from_the_days_themselves(store: SqliteStore) -> None:
    """A column chooses whom; it is never the figure that is read out."""
    store.keep_periods([])
    with store.engine.writing() as connection:
        connection.execute("UPDATE usage_day SET turns = 99 WHERE day = ?", (epoch_day(DAY),))
        connection.execute("UPDATE week_day SET turns = 99 WHERE day = ?", (epoch_day(DAY),))
    with store.snapshot() as seen:
        ranked = seen.rank_people(EVERYONE, PERIOD, Metric.CREDITS, 1)
    assert [one.totals.turns for one in ranked] == [14 * 2 + 99]
