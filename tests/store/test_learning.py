"""What was learnt comes back as it was kept, and whoever it no longer agrees with is known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.core.periods import Period
from bot.core.spikes.detector import Detector
from bot.core.spikes.findings import Kind, SpikeSettings
from bot.core.spikes.history import WINDOW_DAYS
from bot.core.spikes.memory import Learnt
from bot.ports import Lesson
from bot.store import learning
from bot.store.sqlite import SqliteStore
from tests.store.rig import EVERYONE, MONDAY, STAFF, save_people, sync_day, usage_row

EMAILS = [employee.email for employee in STAFF]
OWNERS = {f"acc-{email}": email for email in EMAILS}
LEARNT = Period(MONDAY - timedelta(days=100), MONDAY)
OLD = MONDAY - timedelta(days=5)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    made = SqliteStore(tmp_path / "store.db")
    made.migrate()
    sync_day(made, OLD, [usage_row(f"acc-{email}", OLD, 10) for email in EMAILS])
    save_people(made, owners=OWNERS)
    yield made
    made.close()


def learn(store: SqliteStore) -> tuple[Learnt, ...]:
    """A hundred days, of which the last has a runaway."""
    detector = Detector(SpikeSettings(floor_micro=0, floor_share=0))
    days = tuple(
        detector.learn(day, {who: 10**7 + n * day.day for n, who in enumerate(EMAILS)} | _runaway(day))
        for day in LEARNT.days()
    )
    with store.snapshot() as seen:
        mark = seen.load_usage_mark()
    lesson = Lesson(mark, "these", LEARNT.since, days, detector.usuals(LEARNT.until))
    assert store.save_lesson(lesson)
    return days


def _runaway(day: date) -> dict[str, int]:
    return {EMAILS[0]: 10**9} if day == LEARNT.until - timedelta(days=1) else {}


def outdated(store: SqliteStore) -> dict[str, date]:
    with store.snapshot() as seen:
        return seen.load_outdated(EVERYONE).people


def learnt(store: SqliteStore) -> list[Learnt]:
    with store.snapshot() as seen:
        return list(seen.load_learnt(EVERYONE, LEARNT.since))


def test_learnt_days_come_back_as_they_were(store: SqliteStore) -> None:
    days = learn(store)
    assert learnt(store) == list(days)
    assert [one.kind for one in days[-1].found] == [Kind.SPIKE]
    with store.snapshot() as seen:
        assert seen.load_learnt_period() == LEARNT
        assert seen.load_rules() == "these"
        assert seen.count_learnt(LEARNT.until - timedelta(days=3)) == 3 * len(EMAILS)


def test_of_the_days_between_only_what_they_come_to_is_read(store: SqliteStore) -> None:
    days = learn(store)
    last = LEARNT.until + timedelta(days=2)
    with store.snapshot() as seen:
        found = seen.load_remembered(EVERYONE, LEARNT.until, last)
    assert found.usuals is not None
    assert len(found.usuals.people) == len(EMAILS)
    assert sum(found.usuals.counts) == len(EMAILS) * WINDOW_DAYS == len(found.usuals.logs)
    sizes = [len(day.people) for day in found.days]
    assert sizes == [len(EMAILS)] * 2 + [0] * 79 + [len(EMAILS)] * 9
    assert found.days[-9:] == days[-9:]
    assert [day.sample for day in found.days] == [day.sample for day in days[-WINDOW_DAYS:]]


def test_without_what_they_come_to_all_of_each_day_is_read(store: SqliteStore) -> None:
    learn(store)
    earlier = LEARNT.until - timedelta(days=1)
    with store.snapshot() as seen:
        found = seen.load_remembered(EVERYONE, earlier, earlier)
    assert found.usuals is None
    assert all(len(day.people) == len(EMAILS) for day in found.days)


def test_a_lesson_from_another_state_is_not_kept(store: SqliteStore) -> None:
    days = learn(store)
    assert not store.save_lesson(Lesson("of another time", "others", MONDAY, dropped_since=LEARNT.since))
    assert learnt(store) == list(days)


def test_whose_learnt_day_was_corrected_is_outdated_from_there_on(store: SqliteStore) -> None:
    learn(store)
    rows = [usage_row(f"acc-{email}", OLD, 10 + (email == EMAILS[1])) for email in EMAILS]
    sync_day(store, OLD, rows)
    sync_day(store, MONDAY, [usage_row(f"acc-{EMAILS[2]}", MONDAY, 10)])
    assert outdated(store) == {EMAILS[1]: OLD}


@pytest.mark.parametrize(
    ("owner", "who"),
    [
        (EMAILS[3], {EMAILS[1], EMAILS[3]}),
        ((EMAILS[1], OLD + timedelta(days=1)), set()),
        ((EMAILS[1], OLD), {EMAILS[1]}),
        (None, {EMAILS[1]}),
    ],
    ids=["somebody else's", "left afterwards", "left before", "nobody's"],
)
def test_whose_usage_moves_with_an_account_is_outdated(
    store: SqliteStore, owner: str | tuple[str, date] | None, who: set[str]
) -> None:
    learn(store)
    others = {account: email for account, email in OWNERS.items() if email != EMAILS[1]}
    save_people(store, owners=others | ({f"acc-{EMAILS[1]}": owner} if owner else {}))
    assert outdated(store) == dict.fromkeys(who, OLD)


def test_a_move_in_the_chart_outdates_nobody(store: SqliteStore) -> None:
    learn(store)
    save_people(store, STAFF[:1] + STAFF[3:4] + STAFF[4:] + STAFF[1:3], OWNERS)
    assert outdated(store) == {}


def test_of_very_many_at_once_the_days_are_dropped(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "MANY", 3)
    learn(store)
    sync_day(store, OLD, [usage_row(f"acc-{email}", OLD, 11) for email in EMAILS])
    with store.snapshot() as seen:
        assert seen.load_learnt_period() == Period(LEARNT.since, OLD)
        assert not seen.has_usuals(LEARNT.until)
    save_people(store)
    with store.snapshot() as seen:
        assert seen.load_learnt_period() is None
        assert seen.load_outdated(EVERYONE).people == {}


def test_nothing_is_left_of_whoever_is_erased(store: SqliteStore) -> None:
    learn(store)
    with store.engine.writing() as connection:
        connection.execute("DELETE FROM account_link WHERE employee = 1")
        connection.execute("DELETE FROM reporting_line WHERE employee = 1")
        connection.execute("DELETE FROM employee WHERE id = 1")
    with store.engine.reading() as connection:
        for table in ("learnt_day", "learnt_usuals", "unlearnt"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
