"""``backup`` and ``restore`` as they are typed: what is copied, what is refused, and what is left alone then."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from bot.demo.world import World
from bot.store.engine import Engine
from bot.store.locks import delivery_lock, sync_lock
from bot.store.sqlite import SqliteStore
from tests.cli.conftest import DATABASE, Run

BACKUP = "backup.db"


@pytest.fixture
def folder(world: World, synced_database: Path, tmp_path: Path) -> Path:
    """Where the commands run, with a database that was synced once."""
    assert world.folder.exists()
    folder = tmp_path / "bot"
    shutil.copy(synced_database, folder / DATABASE)
    return folder


@contextmanager
def edited(path: Path) -> Iterator[Callable[[str], object]]:
    engine = Engine(path)
    with engine.writing() as connection:
        yield connection.execute
    engine.close()


def note_of(path: Path) -> str | None:
    store = SqliteStore(path)
    note = store.load_note("marked")
    store.close()
    return note


def mark(path: Path, value: str) -> None:
    store = SqliteStore(path)
    store.save_note("marked", value)
    store.close()


def test_a_backup_answers_as_the_database_does(
    folder: Path, run: Run, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("ask", "--as", world.email("Alice"), "team", "last", "week")
    expected = run(*asked)

    made = run("backup", BACKUP)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{BACKUP}")

    assert (made.status, made.err) == (0, "")
    assert made.out.startswith(f"{BACKUP} holds ")
    assert expected.status == 0
    assert run(*asked) == expected
    assert stat.S_IMODE((folder / BACKUP).stat().st_mode) == 0o600


def test_a_backup_is_made_while_others_write(folder: Path, run: Run) -> None:
    engine = Engine(folder / DATABASE)
    with engine.writing() as connection:
        connection.execute("INSERT INTO fact_of_store VALUES ('marked', 'not committed')")
        made = run("backup", BACKUP)
    engine.close()

    assert made.status == 0
    assert note_of(folder / BACKUP) is None


def test_nothing_is_overwritten_without_force(folder: Path, run: Run) -> None:
    (folder / BACKUP).write_text("precious")

    refused = run("backup", BACKUP)

    assert (refused.status, refused.out) == (1, "")
    assert "--force" in refused.err
    assert (folder / BACKUP).read_text() == "precious"
    assert run("backup", BACKUP, "--force").status == 0
    assert run("restore", BACKUP).status == 1
    assert run("restore", BACKUP, "--force").status == 0


def test_what_was_never_synced_has_no_backup(world: World, run: Run) -> None:
    assert world.folder.exists()
    refused = run("backup", BACKUP)

    assert refused.status == 1
    assert "sync" in refused.err


def test_a_restored_backup_is_what_was_copied(folder: Path, run: Run) -> None:
    mark(folder / DATABASE, "before")
    run("backup", BACKUP)
    mark(folder / DATABASE, "after")

    assert run("restore", BACKUP, "--force").status == 0
    assert note_of(folder / DATABASE) == "before"
    assert not list(folder.glob("*.partial*"))


def test_a_log_that_was_left_behind_is_not_applied_to_what_is_restored(folder: Path, run: Run) -> None:
    """A bot that was killed leaves its write-ahead log beside the file."""
    run("backup", BACKUP)
    store, log = SqliteStore(folder / DATABASE), folder / f"{DATABASE}-wal"
    with store.snapshot() as seen:
        assert seen.load_last_run() is not None  # somebody reads on, so that the log stays
        mark(folder / DATABASE, "in the log only")
        killed = log.read_bytes()
    store.close()
    log.write_bytes(killed)

    assert run("restore", BACKUP, "--force").status == 0
    with edited(folder / DATABASE) as execute:  # a writer is who reads the log first
        execute("DELETE FROM fact_of_store WHERE name = 'never there'")
    assert note_of(folder / DATABASE) is None
    assert run("backup", "again.db").status == 0


def test_a_damaged_database_is_replaced(folder: Path, run: Run) -> None:
    run("backup", BACKUP)
    (folder / DATABASE).write_bytes(b"\0" * 5000)

    assert run("restore", BACKUP, "--force").status == 0
    assert run("ask", "--as", "alice@northwind.example", "me").status == 0


def flip_bytes(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for place in range(8_192, len(content), 4_096):
        content[place : place + 64] = b"\xff" * 64
    path.write_bytes(content)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def write_text(path: Path) -> None:
    path.write_text("This is a letter.")


def write_another(path: Path) -> None:
    path.unlink()
    with edited(path) as execute:
        execute("CREATE TABLE something (else_ TEXT)")


def write_newer(path: Path) -> None:
    with edited(path) as execute:
        execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('codex-usage', '9999_of_a_later_version', '2027-01-01')"
        )


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (flip_bytes, "backup"),
        (cut_off, "backup"),
        (write_text, "not a database"),
        (write_another, "no database of this program"),
        (write_newer, "newer version"),
        (Path.unlink, "no file"),
    ],
)
def test_what_is_no_good_backup_is_refused_and_nothing_has_changed(
    spoil: Callable[[Path], object], word: str, folder: Path, run: Run
) -> None:
    run("backup", BACKUP)
    mark(folder / DATABASE, "kept")
    spoil(folder / BACKUP)

    refused = run("restore", BACKUP, "--force")

    assert (refused.status, refused.out) == (1, "")
    assert word in refused.err
    assert note_of(folder / DATABASE) == "kept"
    assert not list(folder.glob("*.partial*"))


@pytest.mark.parametrize("lock", [sync_lock, delivery_lock])
def test_nothing_is_restored_under_a_running_bot(
    lock: Callable[[Path], AbstractContextManager[int]], folder: Path, run: Run
) -> None:
    run("backup", BACKUP)
    mark(folder / DATABASE, "kept")

    with lock(folder / DATABASE):
        refused = run("restore", BACKUP, "--force")

    assert refused.status == 1
    assert "stop it first" in refused.err
    assert note_of(folder / DATABASE) == "kept"
