"""Finance's look at past days runs in a process of its own, one at a time, and ends with the bot."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import looking_back
from bot.app.looking_back import FAILED, TOO_LONG, LookBacks
from bot.core.alerts.answers import LookBackAnswer
from bot.core.answers import NotForYou
from bot.core.spikes.findings import Sensitivity, SpikeSettings
from bot.errors import UserError
from bot.store.sqlite import SqliteStore
from tests.features.cast import SETTINGS, cast_of_everyone, everyone_in_slack, hire
from tests.features.rig import NOW

RECORD = {
    "date": "2026-11-03",
    "email": "ana@example.com",
    "kind": "spike",
    "severity": "critical",
    "credits": 3120.0,
    "expected": 240.0,
    "least": 960.0,
}
PRINTED = {
    "since": "2026-09-21",
    "until": "2026-11-20",
    "by_sensitivity": {"low": [], "normal": [RECORD], "high": [RECORD, RECORD | {"kind": "shift"}]},
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "usage.db")
    store.migrate()
    hire(store, cast_of_everyone(), everyone_in_slack())
    yield store
    store.close()


def look_backs(store: SqliteStore, code: str) -> LookBacks:
    """In place of the program a few lines of Python, which get its arguments."""
    return LookBacks(store, SETTINGS, [sys.executable, "-c", code], lambda: NOW)


def counting(tmp_path: Path) -> str:
    """A program that notes each of its runs and prints what was found."""
    return (
        f"import sys; open({str(tmp_path / 'runs')!r}, 'a').write(' '.join(sys.argv[1:]) + '\\n');"
        f"print({json.dumps(PRINTED)!r})"
    )


def test_what_the_process_found_is_answered_and_kept(store: SqliteStore, tmp_path: Path) -> None:
    looks = look_backs(store, counting(tmp_path))
    answer = looks.look("UFINN", "alerts 1 a week")
    assert isinstance(answer, LookBackAnswer)
    assert (answer.look.period.length, answer.most_a_week) == (60, 1)
    assert {one: len(told) for one, told in answer.look.told.items()} == {
        Sensitivity.LOW: 0,
        Sensitivity.NORMAL: 1,
        Sensitivity.HIGH: 1,
    }
    looks.look("UERIN", "alerts backtest")
    assert (tmp_path / "runs").read_text().splitlines() == ["alerts backtest --json --compare"]
    store.save_alert_choice(SpikeSettings(floor_micro=1), "finn@example.com", NOW, after=0)
    looks.look("UERIN", "alerts backtest")
    assert len((tmp_path / "runs").read_text().splitlines()) == 2, "another floor finds other days"


def test_whoever_may_not_know_at_the_end_learns_nothing(store: SqliteStore, tmp_path: Path) -> None:
    assert look_backs(store, counting(tmp_path)).look("UCAROL", "alerts backtest") == NotForYou()


def test_a_process_that_fails_is_said_and_tried_again(store: SqliteStore) -> None:
    looks = look_backs(store, "raise SystemExit(3)")
    for _ in range(2):
        with pytest.raises(UserError, match=FAILED):
            looks.look("UFINN", "alerts backtest")


def test_one_that_takes_too_long_is_given_up(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking_back, "AT_MOST_SECONDS", timedelta(seconds=0.2).total_seconds())
    with pytest.raises(UserError) as error:
        look_backs(store, "import time; time.sleep(60)").look("UFINN", "alerts backtest")
    assert str(error.value) == TOO_LONG


def test_it_ends_with_the_bot(store: SqliteStore, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    looks = look_backs(store, f"import time; open({str(begun)!r}, 'w').close(); time.sleep(60)")
    ended = threading.Event()

    def look() -> None:
        with pytest.raises(UserError, match=FAILED):
            looks.look("UFINN", "alerts backtest")
        ended.set()

    thread = threading.Thread(target=look)
    thread.start()
    while not begun.exists():
        thread.join(0.01)
        assert thread.is_alive()
    looks.stop()
    assert ended.wait(10)
    thread.join()
    with pytest.raises(UserError, match=FAILED):
        looks.look("UFINN", "alerts backtest")
