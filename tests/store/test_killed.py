"""A process that is killed at any statement leaves the old or the new, never something between."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.store.sqlite import SqliteStore
from tests.store.killed import INSTRUCTIONS
from tests.store.rig import MONDAY, STAFF, save_people, sync_day
from tests.store.sqlite_rig import LATER, OWNERS, WRITE_PATHS, check, day_rows, dump, fill

pytestmark = pytest.mark.no_cover  # what is killed runs in a process of its own

LOOSE = {"account", "client", "model", "fact_of_store"}
"""Names are written as pages come, before their day is; none of them is anybody's usage."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled store in one file."""
    store = SqliteStore(tmp_path_factory.mktemp("template") / "store.db")
    fill(store)
    store.checkpoint()
    store.close()
    return store.engine.path


def kill_all(way: str, name: str, template: Path, folder: Path) -> list[Path]:
    """The stores that a killed process has left; the last one was not killed."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.store.killed", way, name, template, folder],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    return [folder / str(number) / "store.db" for number in range(1, int(ran.stdout) + 1)]


def content(store: SqliteStore, without: frozenset[str] = frozenset()) -> dict[str, list[tuple[object, ...]]]:
    return {table: rows for table, rows in dump(store).items() if table not in without}


@pytest.mark.parametrize("name", sorted(WRITE_PATHS))
def test_killed_at_any_statement_a_write_is_whole_or_nothing(
    template: Path, tmp_path: Path, name: str
) -> None:
    loose = frozenset(LOOSE) if name.startswith("staging.") else frozenset[str]()
    paths = kill_all("statements", name, template, tmp_path)
    assert len(paths) > 3
    old, new = content(SqliteStore(template), loose), content(SqliteStore(paths[-1]), loose)
    outcomes = []
    for path in paths:
        store = SqliteStore(path)
        check(store)
        found = content(store, loose)
        assert found in (old, new), path
        outcomes.append(found == new)
        store.close()
    assert outcomes == sorted(outcomes)
    assert not outcomes[0] or old == new


@pytest.mark.parametrize("name", ["staging.replace_days", "save_people"])
def test_killed_within_a_statement_a_write_is_whole_or_nothing(
    template: Path, tmp_path: Path, name: str
) -> None:
    loose = frozenset(LOOSE) if name.startswith("staging.") else frozenset[str]()
    paths = kill_all("instructions", name, template, tmp_path)
    assert len(paths) > 10, f"{INSTRUCTIONS} instructions are too many"
    old, new = content(SqliteStore(template), loose), content(SqliteStore(paths[-1]), loose)
    for path in paths:
        store = SqliteStore(path)
        check(store)
        assert content(store, loose) in (old, new)
        store.close()


def test_the_next_sync_heals_whatever_a_kill_has_left(template: Path, tmp_path: Path) -> None:
    """Days read again and people saved again end where a sync that was never killed ends."""
    left = tmp_path / "left"
    left.mkdir()
    paths = kill_all("statements", "staging.replace_days", template, left)
    undisturbed = tmp_path / "store.db"
    shutil.copy(template, undisturbed)
    ends = []
    for path in (undisturbed, *paths[:: max(1, len(paths) // 12)]):
        store = SqliteStore(path)
        assert store.migrate() == []
        sync_day(store, MONDAY, day_rows(7)[1:], LATER)
        save_people(store, STAFF, OWNERS)
        check(store)
        assert not path.with_name("store.db-staging").exists()
        ends.append(content(store, frozenset({"day_state"})))
        store.close()
    assert all(end == ends[0] for end in ends)


def test_killed_at_any_statement_a_migration_is_whole_or_nothing(tmp_path: Path) -> None:
    paths = kill_all("statements", "migrate", tmp_path / "none.db", tmp_path)
    whole = content(SqliteStore(paths[-1]), frozenset({"_sqlite_migrations"}))
    assert len(whole) > 20
    for path in paths:
        store = SqliteStore(path)
        if path.exists():
            assert content(store, frozenset({"_sqlite_migrations"})) in ({}, whole)
        store.migrate()
        assert content(store, frozenset({"_sqlite_migrations"})) == whole
        fill(store) if path == paths[0] else check(store)
        store.close()
