"""An answer is one moment of the store: what is written while it is being made is in the next one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from bot.core.answers import TeamAnswer
from bot.core.commands import Expect, Me, Org
from bot.core.models import Totals
from bot.core.periods import Period
from bot.core.visibility import NoPeople, Viewer
from bot.features.ask import _compose, _plan
from bot.features.asked import Asked
from bot.ports import Snapshot, Store
from bot.store.sqlite import SqliteStore
from tests.features.cast import (
    BITS,
    LINES,
    SETTINGS,
    answer,
    cast_of_everyone,
    email,
    employee,
    everyone_in_slack,
    fill,
    hire,
)
from tests.features.rig import NOW, ago, slack
from tests.store.empty import empty_store

PERIOD = Period(ago(7), ago(0))
TEXTS = ("me 7d", "team 7d", "top 7d", "top streak 7d", "org 7d", "status", "bob@example.com 7d")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = empty_store(tmp_path / "usage.db")
    fill(store, [ago(days) for days in range(1, 15)])
    staff = [*cast_of_everyone(), employee("root", None)]
    hire(
        store,
        [one for one in staff if one.name != "Alice"] + [employee("alice", "root")],
        everyone_in_slack(),
    )
    yield store
    store.close()


class MeddlingSnapshot:
    """After the n-th read something is written by somebody else."""

    def __init__(self, snapshot: Snapshot, meddle: Callable[[], None], after: int) -> None:
        self._snapshot = snapshot
        self._meddle = meddle
        self._left = after

    def __getattr__(self, name: str) -> Any:
        read = getattr(self._snapshot, name)

        def read_and_meddle(*arguments: Any, **named: Any) -> Any:
            found = read(*arguments, **named)
            self._left -= 1
            if self._left == 0:
                self._meddle()
            return found

        return read_and_meddle


class MeddledStore:
    def __init__(self, store: SqliteStore, after: int) -> None:
        self._store = store
        self._after = after
        self.has_meddled = False

    @contextmanager
    def snapshot(self) -> Iterator[MeddlingSnapshot]:
        with self._store.snapshot() as snapshot:
            yield MeddlingSnapshot(snapshot, self._write, self._after)

    def _write(self) -> None:
        """In another thread, as writers are: what this one reads now is its own moment."""
        self.has_meddled = True
        with ThreadPoolExecutor(1) as pool:
            pool.submit(self._write_everything).result()

    def _write_everything(self) -> None:
        """Every figure, the chart and the ledger become others."""
        fill(self._store, [ago(1), ago(2)], {name: bit * 1000 for name, bit in BITS.items()})
        hire(self._store, [employee(name) for name in LINES], [slack("bob")])
        self._store.end_run(self._store.begin_run(NOW), [], NOW)


@pytest.mark.parametrize("after", [1, 2, 3, 5])
@pytest.mark.parametrize("text", TEXTS)
def test_what_is_written_between_two_reads_is_not_in_the_answer(
    store: SqliteStore, text: str, after: int
) -> None:
    expected = answer(store, "root", text)
    meddled = MeddledStore(store, after)

    found = answer(cast("Store", meddled), "root", text)

    assert found == expected
    if meddled.has_meddled:
        assert answer(store, "root", text) != expected
    else:
        assert (text, after) == ("status", 5)  # it has no more than four reads


def test_the_sum_of_a_team_is_that_of_its_people_while_days_are_replaced(store: SqliteStore) -> None:
    found = answer(cast("Store", MeddledStore(store, 4)), "root", "team 7d")

    assert isinstance(found, TeamAnswer)
    assert sum((row.totals for row in found.rows), Totals()) == found.figures.totals


def test_a_command_is_answered_with_the_sight_that_belongs_to_it(store: SqliteStore) -> None:
    """Should the rules and the answers ever disagree, nothing is answered."""
    with store.snapshot() as snapshot:
        asked = Asked(snapshot, SETTINGS, Viewer(None), NOW)
        for command in (Me(PERIOD), Org(PERIOD)):
            with pytest.raises(TypeError, match="does not answer"):
                _compose(asked, command, NoPeople())
        with pytest.raises(TypeError, match="does not answer"):
            _plan(asked, Expect(3, 5, "why"), NoPeople(), email("carol"))
