"""Which weeks are copied by account, and that a copy is always what it was copied from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.core.models import CodeAttribution, UsagePage, UsageRow, date_of, epoch_day
from bot.core.periods import Period
from bot.core.visibility import OnePerson
from bot.store import weeks
from bot.store.sqlite import SqliteStore
from tests.store.rig import NOW, STAFF, TODAY, amounts, save_people, sync_day, usage_row
from tests.store.sqlite_rig import dump

NEWEST = epoch_day(TODAY)
LAST_SETTLED = (NEWEST - 7) // 7 - 1
COPIED = {"week_day": 2, "week_client": 3, "week_model": 3, "week_code": 2}


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    """Forty days of two people's usage, up to today; nothing is settled yet."""
    made = SqliteStore(tmp_path / "store.db")
    made.migrate()
    with made.staging() as staged:
        days = [TODAY - timedelta(days=back) for back in range(40)]
        staged.add(UsagePage([row(account, day) for day in days for account in ("acc-1", "acc-2")], []))
        staged.replace_days(days, NOW)
    save_people(made, STAFF, {"acc-1": "bob@example.com", "acc-2": ("carol@example.com", days[30])})
    return made


def row(account: str, day: date, factor: int = 1) -> UsageRow:
    size = factor * (day.day + len(account))
    return usage_row(
        account,
        day,
        amounts(size, tokens=(1, 2, 3, size)),
        clients={"CLI": amounts(size), "IDE": amounts(1, threads=None)},
        models={("m", None): amounts(size)},
        code=CodeAttribution(size),
    )


def settled(store: SqliteStore) -> dict[int, int]:
    with store.engine.reading() as connection:
        return dict(connection.execute("SELECT week, splits FROM settled_week").fetchall())


def check_copies(store: SqliteStore) -> None:
    """Every copy holds exactly the rows of its settled weeks."""
    with store.engine.reading() as connection:
        for copy, keys in COPIED.items():
            source = copy.replace("week_", "usage_")
            order = ", ".join(str(n + 1) for n in range(keys + 1))
            rows = connection.execute(f"SELECT * FROM {copy} ORDER BY {order}").fetchall()
            splits = 0 if copy == "week_day" else 1
            assert (
                rows
                == connection.execute(
                    f"SELECT s.week, u.* FROM {source} u JOIN settled_week s ON s.week = u.day / 7 AND s.splits >= {splits}"
                    f" ORDER BY {order}"
                ).fetchall()
            )


@pytest.fixture
def settled_store(store: SqliteStore) -> Iterator[SqliteStore]:
    store.keep_periods([])
    yield store
    check_copies(store)


def test_weeks_settle_that_the_usual_sync_has_left_behind(settled_store: SqliteStore) -> None:
    """Today and the seven days before are read again every hour; a week with one of them is not copied."""
    first = (NEWEST - 39) // 7
    assert settled(settled_store) == dict.fromkeys(range(first, LAST_SETTLED + 1), 1)
    assert LAST_SETTLED * 7 + 6 < NEWEST - 7 <= (LAST_SETTLED + 1) * 7 + 6


@pytest.mark.parametrize("later", range(1, 9))
def test_the_next_week_settles_in_its_time(settled_store: SqliteStore, later: int) -> None:
    day = TODAY + timedelta(days=later)
    sync_day(settled_store, day, [row("acc-1", day)])
    settled_store.keep_periods([])
    newly = NEWEST + later - 7 > (LAST_SETTLED + 1) * 7 + 6
    assert max(settled(settled_store)) == LAST_SETTLED + newly


def test_nothing_settles_before_the_first_sync(tmp_path: Path) -> None:
    empty = SqliteStore(tmp_path / "store.db")
    empty.migrate()
    empty.keep_periods([])
    assert settled(empty) == {}


def test_corrections_reach_a_settled_week(settled_store: SqliteStore) -> None:
    """Changed, vanished and new rows, on a day that was read before and on one that was not."""
    day = date_of(LAST_SETTLED * 7 + 3)
    never_read = date_of((LAST_SETTLED - 3) * 7)
    for fetched in ([row("acc-1", day, 5), row("acc-3", day)], [row("acc-3", day, 2)]):
        sync_day(settled_store, day, fetched)
        sync_day(settled_store, never_read, [one._replace(day=epoch_day(never_read)) for one in fetched])
        check_copies(settled_store)


def test_old_weeks_lose_their_splits_and_then_everything(
    settled_store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weeks, "KEPT_WEEKS", 3)
    monkeypatch.setattr(weeks, "SPLIT_WEEKS", 1)
    settled_store.keep_periods([])
    assert settled(settled_store) == {LAST_SETTLED - 2: 0, LAST_SETTLED - 1: 0, LAST_SETTLED: 1}
    sync_day(settled_store, date_of((LAST_SETTLED - 1) * 7), [])  # a correction brings no splits back
    check_copies(settled_store)


def test_answers_are_the_same_with_copies_without_and_with_some(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    period = Period(TODAY - timedelta(days=35), TODAY - timedelta(days=3))

    def told() -> list[object]:
        with store.snapshot() as seen:
            people = [seen.find_person(email=f"{name}@example.com") for name in ("bob", "carol")]
            return [
                (seen.load_usage(OnePerson(one), period), seen.load_people_totals([one], period))
                for one in people
                if one
            ]

    by_day = told()
    for splits in (1, 14):
        monkeypatch.setattr(weeks, "SPLIT_WEEKS", splits)
        store.keep_periods([])
        assert told() == by_day
        with store.engine.writing() as connection:
            connection.execute("DELETE FROM usage_day WHERE day < ?", (LAST_SETTLED * 7 + 7,))
        assert told() == by_day, "settled days come from their copies"
        with store.engine.writing() as connection:
            connection.execute("INSERT INTO usage_day SELECT day, account, threads, turns, credits, cost, estimate,"
                " uncached, cached, output, tokens_over, has_models FROM week_day")  # fmt: skip
            connection.execute("DELETE FROM settled_week")
            for copy in COPIED:
                connection.execute(f"DELETE FROM {copy}")


def test_a_lost_copy_is_made_again_as_it_was(settled_store: SqliteStore) -> None:
    before = dump(settled_store)
    with settled_store.engine.writing() as connection:
        for table in ("settled_week", *COPIED):
            connection.execute(f"DELETE FROM {table}")
    settled_store.keep_periods([])
    assert dump(settled_store) == before


def test_a_copy_is_by_account_so_a_change_of_people_leaves_it_alone(settled_store: SqliteStore) -> None:
    before = {name: rows for name, rows in dump(settled_store).items() if name in COPIED}
    save_people(settled_store, STAFF[:3] + STAFF[3:], {"acc-1": "dan@example.com"})
    assert {name: rows for name, rows in dump(settled_store).items() if name in COPIED} == before
