"""A holder of the right to deliver who lost it, and a database that is older than what was last sent."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.deliveries import DeliveryState, Posted
from bot.errors import DeliveryRunningError, StoreError
from bot.store.courier import Mark, MarkFile, locked
from bot.store.sqlite import SqliteStore
from tests.store.contract.test_outbox import LATER, NOW, SENT, claim, order, send, states

MORNING = NOW - timedelta(hours=2)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "store.db")
    store.migrate()
    yield store
    store.close()


def lock_of(store: SqliteStore) -> Path:
    return store.engine.path.with_name("store.db-delivery-lock")


def test_whoever_lost_the_right_can_write_nothing(store: SqliteStore) -> None:
    """The file of the lock was removed, so that a second process got one of its own."""
    store.save_orders([order("ana"), order("bob", 1), order("carol", 2)], NOW)
    with store.only_delivery(NOW) as first:
        sending, claimed = send(first), claim(first, LATER)
        lock_of(store).unlink()
        with store.only_delivery(NOW) as second:
            for step in (
                lambda: first.end(sending, SENT, NOW),
                lambda: first.begin(claimed, "U2", None, NOW),
                lambda: first.put_back(claimed, NOW, "", NOW),
                lambda: first.set_aside(claimed, DeliveryState.PARKED, "", NOW),
                lambda: first.claim(LATER),
                lambda: first.save_standstill("no", NOW),
            ):
                with pytest.raises(DeliveryRunningError):
                    step()
            assert states(store) == {"ana": "doubtful", "bob": "pending", "carol": "pending"}
            assert claim(second, LATER).order.recipient == "bob@example.com"


def test_a_crash_gives_the_right_back(store: SqliteStore) -> None:
    code = (
        "import os, sys; from datetime import datetime, UTC; from pathlib import Path\n"
        "from bot.store.sqlite import SqliteStore\n"
        "with SqliteStore(Path(sys.argv[1])).only_delivery(datetime.now(UTC)): os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code, store.engine.path], check=False).returncode == 9
    with store.only_delivery(NOW):
        pass


def test_a_message_that_could_not_be_announced_is_not_being_sent(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.db", lock_seconds=0.05)
    store.migrate()
    store.save_orders([order("ana")], NOW)
    with store.only_delivery(NOW) as outbox:
        found, mark = claim(outbox), lock_of(store).read_text()
        with SqliteStore(store.engine.path).engine.writing(), pytest.raises(StoreError, match="locked"):
            outbox.begin(found, "U1", None, NOW)
        assert (states(store), lock_of(store).read_text()) == ({"ana": "claimed"}, mark)
        assert outbox.begin(found, "U1", None, NOW)
        assert lock_of(store).read_text() > mark
    assert states(store) == {"ana": "sending"}
    store.close()


def copy_of(store: SqliteStore, path: Path) -> Path:
    store.checkpoint()
    return Path(shutil.copy(store.engine.path, path / "backup.db"))


def restore(store: SqliteStore, backup: Path) -> None:
    store.close()
    shutil.copy(backup, store.engine.path)
    for ending in ("-wal", "-shm"):
        store.engine.path.with_name(f"store.db{ending}").unlink(missing_ok=True)


def test_after_a_restore_everything_that_may_have_been_sent_since_is_in_doubt(
    store: SqliteStore, tmp_path: Path
) -> None:
    store.save_orders([order("ana"), order("bob"), order("later", 90)], NOW)
    backup = copy_of(store, tmp_path)
    with store.only_delivery(NOW) as outbox:
        outbox.end(send(outbox), SENT, NOW)
    restore(store, backup)
    store.save_orders([order("planned before the right is taken", 3)], LATER)
    with store.only_delivery(LATER):
        assert states(store) == {
            "ana": "doubtful",
            "bob": "doubtful",
            "later": "pending",
            "planned before the right is taken": "pending",
        }
        store.save_orders([order("planned anew", -1), order("due since", 1)], LATER)
        assert states(store)["planned anew"] == "doubtful"
        assert states(store)["due since"] == "pending"
    with store.only_delivery(LATER):
        assert states(store)["later"] == "pending"


def test_a_database_that_was_lost_altogether_is_noticed_too(store: SqliteStore, tmp_path: Path) -> None:
    empty = copy_of(store, tmp_path)
    store.save_orders([order("ana")], NOW)
    with store.only_delivery(NOW) as outbox:
        outbox.end(send(outbox), SENT, NOW)
    restore(store, empty)
    with store.only_delivery(LATER):
        store.save_orders([order("ana")], LATER)
    assert states(store) == {"ana": "doubtful"}


def test_a_database_that_is_replaced_beneath_a_holder_is_noticed_before_anything_is_sent(
    store: SqliteStore, tmp_path: Path
) -> None:
    store.save_orders([order("ana"), order("bob", 1)], NOW)
    with store.only_delivery(NOW) as outbox:
        backup = copy_of(store, tmp_path)
        outbox.end(send(outbox), SENT, NOW)
        restore(store, backup)
        with pytest.raises(DeliveryRunningError, match="replaced"):
            outbox.begin(claim(outbox), "U1", None, NOW)


def test_ordinary_starts_leave_nothing_in_doubt(store: SqliteStore) -> None:
    store.save_orders([order("ana"), order("bob", 1)], NOW)
    with store.only_delivery(NOW) as outbox:
        outbox.end(send(outbox), Posted("D1", "1"), NOW)
    for _ in range(2):
        with store.only_delivery(LATER):
            assert states(store) == {"ana": "sent", "bob": "pending"}


@pytest.mark.parametrize("text", ["", "1 2", "one two three", "1 2 3 4", "\0" * 63, "é 1 2"])
def test_a_mark_that_cannot_be_read_says_nothing(tmp_path: Path, text: str) -> None:
    with locked(tmp_path / "x.db") as mark_file:
        (tmp_path / "x.db-delivery-lock").write_text(text)
        assert mark_file.read() == Mark()


def test_a_mark_is_read_as_it_was_written(tmp_path: Path) -> None:
    with locked(tmp_path / "x.db") as mark_file:
        assert isinstance(mark_file, MarkFile)
        for mark in (Mark(3, 40_000, 1_790_000_000), Mark(4, 1, 2)):
            mark_file.write(mark)
            assert mark_file.read() == mark
