"""Locked, full, failing and read-only: every write says what to do, leaves nothing half-written, and recovers."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from subprocess import PIPE

import pytest

from bot.errors import StoreError
from bot.store.engine import Connection, Engine
from bot.store.sqlite import SqliteStore
from tests.store.rig import EVERYONE, MONDAY, NOW, WEEK, sync_day, usage_row
from tests.store.sqlite_rig import WRITE_PATHS, check, dump, fill

LOCK_SECONDS = 0.1


def opened(folder: Path) -> SqliteStore:
    return SqliteStore(folder / "store.db", lock_seconds=LOCK_SECONDS)


def expect_harmless(
    store: SqliteStore, name: str, fault: Callable[[SqliteStore], AbstractContextManager[None]], advice: str
) -> None:
    """The write fails while the fault lasts, changes nothing, and works right after, without a restart."""
    before = dump(store)
    with WRITE_PATHS[name](store) as act:
        with fault(store), pytest.raises(StoreError, match=advice):
            act()
        assert dump(store) == before
        act()
        if name != "staging.add":  # what is staged is nobody's to see
            assert dump(store) != before
    check(store)


@contextmanager
def locked(store: SqliteStore) -> Iterator[None]:
    """Another process is in the middle of a write, for longer than anybody waits."""
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "c.execute('BEGIN IMMEDIATE'); print('locked', flush=True); sys.stdin.readline()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, store.engine.path], stdin=PIPE, stdout=PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "locked\n"
        try:
            yield
        finally:
            process.communicate("done\n")


@pytest.mark.parametrize("name", sorted(WRITE_PATHS))
def test_a_write_that_finds_the_file_locked_is_told_so(tmp_path: Path, name: str) -> None:
    store = opened(tmp_path)
    fill(store)
    expect_harmless(store, name, locked, "is locked. Another process holds it; it will be tried again")


def test_reads_and_the_checkpoint_do_not_mind_another_writer(tmp_path: Path) -> None:
    store = opened(tmp_path)
    fill(store)
    before = dump(store)
    with locked(store):
        assert dump(store) == before
        store.checkpoint()
    store.checkpoint()
    assert dump(store) == before


def test_a_migration_that_finds_the_file_locked_is_told_so(tmp_path: Path) -> None:
    store = opened(tmp_path)
    store.migrate()
    with locked(store), pytest.raises(StoreError, match="is locked"):
        store.migrate()
    assert store.migrate() == []


class SmallDisk:
    """A disk that can be filled: a real one in memory where it may be mounted, else the process's own limit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.is_mounted = _mount(folder)

    @contextmanager
    def full(self, store: SqliteStore) -> Iterator[None]:
        """No space is left while the block runs."""
        del store
        if not self.is_mounted:
            with no_more_writing():
                yield
            return
        ballast = self.folder / "ballast"
        _fill(ballast)
        try:
            yield
        finally:
            ballast.unlink()

    @property
    def advice(self) -> str:
        """What a write is told."""
        return "disk is full. Free some disk space" if self.is_mounted else "disk I/O error. Check the disk"

    def unmount(self) -> None:
        """Give the memory back."""
        if self.is_mounted:
            subprocess.run(["umount", "--lazy", self.folder], check=True)


def _mount(folder: Path) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def _fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while file.write(b"x" * size) == size:
                    pass
            except OSError:
                continue


@contextmanager
def no_more_writing() -> Iterator[None]:
    """Every write to any file of this process fails, as on a disk that is broken."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    disk = SmallDisk(folder)
    yield disk
    disk.unmount()


@pytest.mark.parametrize("name", sorted(WRITE_PATHS))
def test_a_write_to_a_full_disk_is_told_so(small_disk: SmallDisk, name: str) -> None:
    store = opened(small_disk.folder)
    fill(store)
    expect_harmless(store, name, small_disk.full, small_disk.advice)
    store.close()


@pytest.mark.parametrize("name", sorted(WRITE_PATHS))
def test_a_write_to_a_broken_disk_is_told_so(tmp_path: Path, name: str) -> None:
    store = opened(tmp_path)
    fill(store)
    expect_harmless(store, name, lambda _: no_more_writing(), "disk I/O error. Check the disk")


def test_a_process_that_starts_on_a_full_disk_is_told_so(small_disk: SmallDisk) -> None:
    """Nothing is open, so that not even the log can be made; afterwards the same objects work."""
    store = opened(small_disk.folder)
    with small_disk.full(store):
        with pytest.raises(StoreError, match=r"store.db.* (Free some disk space|Check )"):
            store.migrate()
        with pytest.raises(StoreError, match=r"store.db.* (Free some disk space|Check )"):
            sync_day(store, MONDAY, [])
    fill(store)
    store.close()
    with small_disk.full(store), pytest.raises(StoreError, match=r"store.db.* (Free some disk space|Check )"):
        store.save_note("colour", "red" * 9000)
    store.save_note("colour", "red")
    check(store)
    store.close()


def test_a_staging_file_that_fills_the_disk_leaves_the_days_alone(small_disk: SmallDisk) -> None:
    """A fetch larger than the disk: its pages are refused, the stored day stays, and the file goes."""
    store = opened(small_disk.folder)
    fill(store)
    before = dump(store)

    def fetch_too_much() -> None:
        with small_disk.full(store):
            sync_day(store, MONDAY, [usage_row("acc-Bob", MONDAY, n) for n in range(9)])

    with pytest.raises(StoreError, match=r"(Free some disk space|Check )"):
        fetch_too_much()
    assert dump(store) == before
    assert not store.engine.path.with_name("store.db-staging").exists()
    assert sync_day(store, MONDAY, [usage_row("acc-Bob", MONDAY, 3)]).changed == 1
    check(store)
    store.close()


@contextmanager
def readonly(store: SqliteStore) -> Iterator[None]:
    """The file may not be written; superusers may write anything, so SQLite itself is told."""
    open_as_usual = Engine._open

    def open_readonly(engine: Engine, *, readonly: bool) -> Connection:
        connection = open_as_usual(engine, readonly=True)
        assert readonly or connection.execute("PRAGMA query_only").fetchone() == (1,)
        return connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "_open", open_readonly)
        yield


PLAIN_PATHS = sorted(name for name in WRITE_PATHS if not name.startswith("staging."))


@pytest.mark.parametrize("name", PLAIN_PATHS)
def test_a_write_to_a_readonly_file_is_told_so(tmp_path: Path, name: str) -> None:
    store = opened(tmp_path)
    fill(store)
    expect_harmless(store, name, readonly, "readonly database. Make the file and its folder writable")


def test_a_readonly_file_takes_no_day_and_no_migration(tmp_path: Path) -> None:
    store = opened(tmp_path)
    fill(store)
    before = dump(store)
    with readonly(store):
        with pytest.raises(StoreError, match="readonly"):
            sync_day(store, MONDAY, [usage_row("acc-Bob", MONDAY, 1)])
        with pytest.raises(StoreError, match="readonly"):
            store.migrate()
        assert dump(store) == before
    check(store)


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "store.db").mkdir()
    store = opened(tmp_path)
    for attempt in (store.migrate, store.load_employees, lambda: store.save_note("a", "b")):
        with pytest.raises(StoreError, match=r"unable to open database file[.] Check that its folder exists"):
            attempt()


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    store = SqliteStore(tmp_path / "data" / "store.db")
    with pytest.raises(StoreError, match=r"store.db cannot be used: .* Check that its folder"):
        store.migrate()

    def sync() -> None:
        with store.only_sync():
            pytest.fail("no lock was taken")

    with pytest.raises(StoreError, match=r"store.db-sync-lock cannot be used: .* Check that its folder"):
        sync()


@pytest.mark.parametrize("beside", ["store.db-staging", "store.db-sync-lock"])
def test_a_folder_in_the_place_of_a_file_beside_the_database_is_told(tmp_path: Path, beside: str) -> None:
    store = opened(tmp_path)
    fill(store)
    (tmp_path / beside).mkdir()

    def sync() -> None:
        with store.only_sync():
            sync_day(store, MONDAY, [])

    with pytest.raises(StoreError, match=rf"{beside} cannot be used"):
        sync()
    (tmp_path / beside).rmdir()
    sync()
    check(store)


def test_a_text_that_is_not_unicode_is_told(tmp_path: Path) -> None:
    store = opened(tmp_path)
    fill(store)
    with pytest.raises(StoreError, match="not Unicode"):
        store.save_findings("link", ["half a pair: \ud83d"])
    assert store.load_findings() == [("roster", "Line 1: no")]


def garbage(path: Path) -> None:
    path.write_bytes(b"This is no database at all. " * 500)


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2 // 4096 * 4096])


def scribbled(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for page in range(4096, len(content), 4096):
        content[page : page + 200] = b"\xa5" * 200
    path.write_bytes(bytes(content))


@pytest.mark.parametrize(
    ("damage", "advice"),
    [(garbage, "not a database. Restore a backup"), (truncated, "malformed"), (scribbled, "malformed")],
    ids=["garbage", "truncated", "scribbled"],
)
def test_a_damaged_file_is_told_on_reading_and_on_writing(
    tmp_path: Path, damage: Callable[[Path], None], advice: str
) -> None:
    store = opened(tmp_path)
    fill(store)
    store.checkpoint()
    store.close()
    damage(store.engine.path)

    def read() -> None:
        with store.snapshot() as seen:
            seen.load_usage(EVERYONE, WEEK)
            seen.load_admin_status()

    for attempt in (read, lambda: sync_day(store, MONDAY, [usage_row("x", MONDAY, 1)], NOW)):
        with pytest.raises(StoreError, match=advice) as told:
            attempt()
        assert "Restore a backup" in str(told.value)
    store.close()
