"""The schema is made once, whole, whoever comes first; a newer one is left alone."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack
from importlib.resources import files
from pathlib import Path
from subprocess import PIPE

import pytest

from bot.core.digests.choice import DigestChoice
from bot.core.spikes.shifts import Shift, ShiftChange
from bot.errors import StoreError
from bot.store import migrations
from bot.store.migrations import statements
from bot.store.sqlite import SqliteStore
from tests.store.contract.test_outbox import order
from tests.store.rig import NOW
from tests.store.sqlite_rig import check, dump, fill


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


def schema(path: Path) -> dict[str, str]:
    with SqliteStore(path).engine.reading() as connection:
        return dict(
            connection.execute(
                "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE '\\_%' ESCAPE '\\'"
            ).fetchall()
        )


def scripts() -> list[str]:
    folder = files("bot.store.migrations")
    return sorted(
        entry.name.removesuffix(".sql") for entry in folder.iterdir() if entry.name.endswith(".sql")
    )


def test_an_empty_file_gets_every_migration_in_order(path: Path) -> None:
    assert SqliteStore(path).migrate() == scripts()
    assert {"usage_day", "employee", "chain_day", "reconciliation"} <= schema(path).keys()


def test_missing_folders_are_made(tmp_path: Path) -> None:
    assert SqliteStore(tmp_path / "a" / "b" / "store.db").migrate() == scripts()


def test_migrating_again_changes_nothing(path: Path) -> None:
    store = SqliteStore(path)
    fill(store)
    before, tables = schema(path), dump(store)
    assert store.migrate() == []
    assert (schema(path), dump(store)) == (before, tables)


def test_tables_are_strict_and_the_large_ones_have_no_rowid(path: Path) -> None:
    """What a migration makes anew easily loses both."""
    SqliteStore(path).migrate()
    tables = {name: sql for name, sql in schema(path).items() if sql.startswith("CREATE TABLE")}
    assert [name for name, sql in tables.items() if "STRICT" not in sql] == []
    large = [
        name for name in tables if name.startswith(("usage_", "week_", "chain_", "period_p", "period_t"))
    ]
    assert len(large) >= 13
    assert [name for name in large if "WITHOUT ROWID" not in tables[name]] == []


@pytest.mark.parametrize("attempt", range(5))
def test_six_processes_may_start_at_once(path: Path, attempt: int) -> None:
    """Each waits for its turn; exactly one does the work."""
    code = (
        "import sys; from pathlib import Path; from bot.store.sqlite import SqliteStore\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "print(len(SqliteStore(Path(sys.argv[1])).migrate()))"
    )
    with ExitStack() as stack:
        starting = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", code, path], stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True
                )
            )
            for _ in range(6)
        ]
        for process in starting:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        told = [(process.communicate("go\n"), process.returncode) for process in starting]
    assert sorted(told) == [((f"{count}\n", ""), 0) for count in (0, 0, 0, 0, 0, len(scripts()))]
    check(SqliteStore(path))


def test_a_database_of_the_first_version_keeps_its_people_and_can_hold_choices_and_messages(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = migrations._scripts()
    monkeypatch.setattr(migrations, "_scripts", lambda: every[:1])
    store = SqliteStore(path)
    assert store.migrate() == [every[0][0]]
    with store.engine.writing() as connection:
        connection.execute(
            "INSERT INTO employee (email, name, archived, aliases) VALUES ('alice@example.com', 'Alice', 0, '[]')"
        )
    monkeypatch.setattr(migrations, "_scripts", lambda: every)
    assert store.migrate() == [name for name, _ in every[1:]]
    with store.snapshot() as seen:
        alice = seen.find_person(email="alice@example.com")
    assert alice is not None
    store.save_digest_choice(alice, DigestChoice(weekday=2), NOW)
    assert store.load_digest_choice(alice).weekday == 2
    assert store.save_orders([order("alice")], NOW) == 1
    with store.only_delivery(NOW) as outbox:
        assert outbox.claim(NOW) is not None


def test_a_database_with_incidents_keeps_them_and_can_hold_lasting_changes_and_lines(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = migrations._scripts()
    before = [script for script in every if script[0] < "0006"]
    monkeypatch.setattr(migrations, "_scripts", lambda: before)
    store = SqliteStore(path)
    assert store.migrate() == [name for name, _ in before]
    with store.engine.writing() as connection:
        connection.execute(
            "INSERT INTO employee (email, name, archived, aliases, first, last, depth)"
            " VALUES ('carol@example.com', 'Carol', 0, '[]', 1, 1, 0)"
        )
        connection.execute(
            "INSERT INTO incident (id, subject, kind, state, days, event)"
            " VALUES (1, 'carol@example.com', 'spike', 'open', '[[20000, \"warning\", 9, 1, 3]]', 1)"
        )
        connection.execute("INSERT INTO incident_event VALUES (1, 1, 0, 'opened', '', NULL, 20000, 8, NULL)")
    monkeypatch.setattr(migrations, "_scripts", lambda: every)
    assert "0010_shifts_and_lines" in store.migrate()
    assert [(event.what, event.line) for event in store.load_events(1)] == [("opened", None)]
    shift = Shift("carol@example.com", NOW.date(), NOW.date(), NOW.date(), 1, 2, NOW.date())
    with store.changing_incidents() as ledger:
        ledger.save_shifts([ShiftChange(shift.subject, shift)])
        assert ledger.load_shifts([shift.subject], NOW.date()) == {shift.subject: shift}
    with store.engine.writing() as connection:
        connection.execute("DELETE FROM employee")
    with store.changing_incidents() as ledger:
        assert ledger.load_shifts([shift.subject], NOW.date()) == {}


def test_a_newer_schema_is_refused_and_left_as_it_is(path: Path) -> None:
    store = SqliteStore(path)
    store.migrate()
    with store.engine.writing() as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('codex-usage', '9999_later', '')"
        )
    before = dump(store)
    with pytest.raises(StoreError, match=r"newer version .*9999_later.*install that version again"):
        store.migrate()
    assert dump(store) == before


def test_a_file_without_weeks_is_upgraded_and_keeps_all_it_holds(path: Path) -> None:
    """As the version before them left it; the next sync copies its weeks."""
    store = SqliteStore(path)
    fill(store)
    new = [name for name in schema(path) if name.startswith("week_") or name == "settled_week"]
    assert len(new) == 5
    with store.engine.writing() as connection:
        for table in new:
            connection.execute(f"DROP TABLE {table}")
        connection.execute("DROP INDEX IF EXISTS employee_spot")
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = '0002_by_person'")
    before = dump(store)

    assert store.migrate() == ["0002_by_person"]

    after = dump(store)
    assert after.keys() - before.keys() == set(new)
    assert [name for name, rows in before.items() if rows != after[name]] == ["_sqlite_migrations"]
    check(store)


def test_a_script_falls_into_its_statements() -> None:
    script = """
-- a comment; with a semicolon
CREATE TABLE a (
    x TEXT  -- another; one
);

INSERT INTO a VALUES ('one -- two; three');
CREATE TRIGGER t AFTER INSERT ON a BEGIN
    UPDATE a SET x = 'y';
    DELETE FROM a WHERE x = 'z';
END;
INSERT INTO a VALUES ('the last, without an end')
"""
    found = list(statements(script))
    assert len(found) == 4
    assert "'one -- two; three'" in found[1]
    assert found[2].startswith("CREATE TRIGGER")
    assert found[2].endswith("END;")
    assert found[3] == "INSERT INTO a VALUES ('the last, without an end')"
    assert list(statements("-- nothing\n\n")) == []
