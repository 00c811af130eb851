"""Whatever is synced in whatever order, what is kept says the same as going through all days anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.alerts.incidents import FiringDay
from bot.core.models import UsagePage
from bot.core.periods import Period
from bot.core.spikes.detector import Detector
from bot.core.spikes.findings import Finding, Kind, Sensitivity, SpikeSettings
from bot.core.spikes.memory import Learnt
from bot.core.visibility import OPERATOR
from bot.features.alerts import learn as alert_learn
from bot.features.alerts.evaluate import Alerts, AlertSettings
from bot.features.alerts.learn import KEPT_DAYS, OPEN_DAYS, Learning, Patience
from bot.features.alerts.look import look
from bot.ports import Lesson
from bot.store.sqlite import SqliteStore
from tests.features.cast import email, employee, hire, used
from tests.features.rig import keep_day

STAFF = tuple(f"p{number:02}" for number in range(12))
NAMES = st.sampled_from(STAFF)
AMOUNTS = st.sampled_from([0, 5, 20, 80, 400, 5000])
BEGUN = datetime(2026, 11, 20, 12, tzinfo=UTC)
EVERYTHING = SpikeSettings(floor_micro=0, floor_share=0.0)
EXACT, SPARING = Patience(), Patience(days=0, people=len(STAFF))

Row = tuple[date, str | None, str, str, int, int, int]


class Company:
    """Twelve people with two months behind them, and an evaluation after every change."""

    def __init__(self, folder: Path, patience: Patience = EXACT) -> None:
        self.store = SqliteStore(folder / "usage.db")
        self.store.migrate()
        self.now = BEGUN
        self.rules = EVERYTHING
        self.patience = patience
        self.amounts: dict[date, dict[str, float]] = {}
        self.facts: dict[str, dict[str, Any]] = {}
        past = Period(BEGUN.date() - timedelta(days=60), BEGUN.date())
        self.amounts = {day: _usual(day) for day in past.days()}
        rows = [used(name, day, spent) for day, of in self.amounts.items() for name, spent in of.items()]
        with self.store.staging() as staged:
            staged.add(UsagePage(rows, []))
            staged.replace_days(list(past.days()), BEGUN)
        self.hire()

    def hire(self) -> None:
        hire(self.store, [employee(name, **self.facts.get(name, {})) for name in STAFF])

    def learning(self) -> Learning:
        return Learning(self.store, OPERATOR, self.rules, str, self.patience)

    # ── what happens ──────────────────────────────────────────────────────────────────────────────────

    def pass_day(self, name: str, spent: float) -> None:
        """Today ends, and somebody used so much on it."""
        self.amounts[self.now.date()] = _usual(self.now.date()) | {name: spent}
        self.keep(self.now.date(), self.now + timedelta(hours=20))
        self.now += timedelta(days=1)

    def correct(self, name: str, spent: float, days: int) -> None:
        day = self.now.date() - timedelta(days=days)
        self.amounts.setdefault(day, {})[name] = spent
        self.keep(day, self.now)

    def leave(self, name: str, days: int) -> None:
        """It comes to light that somebody left; their usage from then on is nobody's."""
        self.facts[name] = {"left_on": self.now.date() - timedelta(days=days)}
        self.hire()

    def claim(self, name: str, other: str) -> None:
        """An address that two claim is nobody's, until they do no more."""
        self.facts[name] = {} if self.facts.get(name) else {"aliases": (email(other),)}
        self.hire()

    def choose(self, sensitivity: Sensitivity) -> None:
        self.rules = replace(self.rules, sensitivity=sensitivity)

    def set_clock_back(self, days: int) -> None:
        self.now = max(BEGUN, self.now - timedelta(days=days))

    def keep(self, day: date, read_at: datetime) -> None:
        rows = [used(name, day, spent) for name, spent in self.amounts[day].items() if spent]
        keep_day(self.store, day, rows, read_at)

    # ── what is seen ──────────────────────────────────────────────────────────────────────────────────

    def seen(self) -> list[Row]:
        """What fires on the open days, and what has shifted."""
        assert self.learning().catch_up(self.now)
        with self.store.snapshot() as snapshot:
            assert self.learning().is_done(snapshot, self.now)
            found = look(snapshot, OPERATOR, self.rules, date.min, self.now)
        fired = [
            _row(one.day, sighting.key.subject, one) for sighting in found.sightings for one in sighting.fired
        ]
        return sorted([*fired, *(_row(one.day, one.email, one) for one in found.shifts)], key=str)

    def seen_anew(self) -> list[Row]:
        """The same by a detector that goes through all days."""
        today = self.now.date()
        everything = Period(BEGUN.date() - timedelta(days=100), today + timedelta(days=1))
        detector, found = Detector(self.rules), list[Finding]()
        with self.store.snapshot() as snapshot:
            partial = snapshot.load_freshness(everything, self.now).partial
            for day, credits_micro in snapshot.load_credits(OPERATOR, everything):
                judge = detector.judge_partial if day in partial else detector.judge
                found += judge(day, credits_micro)
        since = today - timedelta(days=OPEN_DAYS - 1)
        return sorted((_row(one.day, one.email, one) for one in found if one.day >= since), key=str)

    def learnt(self) -> list[Learnt]:
        with self.store.snapshot() as snapshot:
            return list(snapshot.load_learnt(OPERATOR, date(2020, 1, 1)))


def _usual(day: date) -> dict[str, float]:
    """What everybody uses; at weekends hardly anybody does."""
    staff = STAFF if day.weekday() < 5 else STAFF[:3]
    return {name: 20 + (day.toordinal() * 7 + place * 3) % 11 for place, name in enumerate(staff)}


def _row(day: date, subject: str | None, one: Finding | FiringDay) -> Row:
    amounts = (one.credits_micro, one.expected_micro, one.least_micro)
    return (day, subject, str(one.kind), str(one.severity), *amounts)


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    made = Company(tmp_path)
    yield made
    made.store.close()


Event = Callable[[Company], None]

events: st.SearchStrategy[Event] = st.one_of(
    st.builds(lambda name, spent: lambda one: one.pass_day(name, spent), NAMES, AMOUNTS),
    st.builds(
        lambda name, spent, days: lambda one: one.correct(name, spent, days),
        *(NAMES, AMOUNTS, st.integers(0, 45)),
    ),
    st.builds(lambda name, days: lambda one: one.leave(name, days), NAMES, st.integers(0, 30)),
    st.builds(lambda name, other: lambda one: one.claim(name, other), NAMES, NAMES),
    st.builds(lambda one: lambda company: company.choose(one), st.sampled_from(Sensitivity)),
    st.builds(lambda days: lambda one: one.set_clock_back(days), st.integers(1, 3)),
)


@given(st.lists(events, min_size=3, max_size=8))
@settings(max_examples=8)
def test_what_is_kept_finds_what_going_through_all_days_finds(happening: list[Event]) -> None:
    with TemporaryDirectory() as folder:
        company = Company(Path(folder))
        for event in happening:
            event(company)
            assert company.seen() == company.seen_anew()
        company.store.close()


@given(st.lists(events, min_size=2, max_size=6))
@settings(max_examples=5)
def test_where_only_some_are_learnt_anew_everybody_learnt_anew_changes_nothing(
    happening: list[Event],
) -> None:
    """What the days were for everybody stays as it was; of each person everything follows from that."""
    with TemporaryDirectory() as folder:
        company = Company(Path(folder), SPARING)
        company.seen()
        for event in happening:
            event(company)
            company.seen()
        before = [day.facts() for day in company.learnt()]
        with company.store.engine.writing() as connection:
            connection.execute(
                "INSERT INTO unlearnt (employee, day) SELECT id, (SELECT min(day) FROM learnt_day) FROM employee"
            )
        company.seen()
        assert [day.facts() for day in company.learnt()] == before
        company.store.close()


def test_every_kind_of_change_leads_to_what_all_days_say(company: Company) -> None:
    happened: list[Event] = [
        lambda one: one.pass_day("p01", 5000),
        lambda one: one.correct("p02", 5000, 3),
        lambda one: one.correct("p02", 5000, 20),
        lambda one: one.correct("p02", 20, 20),
        lambda one: one.leave("p03", 25),
        lambda one: one.claim("p04", "p05"),
        lambda one: one.claim("p04", "p05"),
        lambda one: one.choose(Sensitivity.HIGH),
        lambda one: one.pass_day("p06", 400),
        lambda one: one.set_clock_back(2),
    ]
    for event in happened:
        event(company)
        assert company.seen() == company.seen_anew()


def test_in_a_large_company_only_who_is_concerned_is_learnt_anew(tmp_path: Path) -> None:
    company = Company(tmp_path, SPARING)
    company.seen()
    before = company.learnt()
    day = BEGUN.date() - timedelta(days=18)
    company.correct("p05", 5000, 18)
    company.seen()
    (after,) = (one for one in company.learnt() if one.day == day)
    (as_it_was,) = (one for one in before if one.day == day)
    assert [(one.email, one.kind) for one in after.found] == [(email("p05"), Kind.SPIKE)]
    assert (after.today, after.sample) == (as_it_was.today, as_it_was.sample)
    others = {email(name) for name in STAFF} - {email("p05")}
    assert after.of(others).facts() == as_it_was.of(others).facts()
    company.correct("p05", _usual(day)["p05"], 18)
    company.seen()
    assert [one.facts() for one in company.learnt()] == [one.facts() for one in before]
    company.store.close()


def test_who_was_noted_and_has_not_changed_is_learnt_as_before(tmp_path: Path) -> None:
    company = Company(tmp_path, SPARING)
    company.seen()
    before = company.learnt()
    with company.store.engine.writing() as connection:
        connection.execute(
            "INSERT INTO unlearnt (employee, day) SELECT e.id, (SELECT min(day) FROM learnt_day) FROM employee e"
            " WHERE email = ?",
            (email("p05"),),
        )
    assert company.seen() == company.seen_anew()
    assert company.learnt() == before
    company.store.close()


def test_a_day_that_is_never_read_to_its_end_is_waited_for_five_weeks(company: Company) -> None:
    half_read = BEGUN.date() - timedelta(days=12)
    company.keep(half_read, datetime(half_read.year, half_read.month, half_read.day, 9, tzinfo=UTC))
    assert company.seen() == company.seen_anew()
    assert company.learnt()[-1].day == half_read - timedelta(days=1)
    company.now += timedelta(days=30)
    company.seen()
    assert company.learnt()[-1].day == company.now.date() - timedelta(days=OPEN_DAYS)


def test_old_days_are_forgotten(company: Company) -> None:
    company.seen()
    company.now += timedelta(days=100)
    company.seen()
    assert company.learnt()[0].day == company.now.date() - timedelta(days=OPEN_DAYS - 1 + KEPT_DAYS)


def test_a_kill_between_two_steps_loses_no_more_than_the_second(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alert_learn, "STEP", 100)
    save, kept = SqliteStore.save_lesson, list[int]()

    def save_twice(store: SqliteStore, lesson: Lesson) -> bool:
        if len(kept) == 2:
            raise KeyboardInterrupt
        kept.append(len(lesson.days))
        return save(store, lesson)

    monkeypatch.setattr(SqliteStore, "save_lesson", save_twice)
    with pytest.raises(KeyboardInterrupt):
        company.learning().catch_up(company.now)
    monkeypatch.setattr(SqliteStore, "save_lesson", save)
    assert len(company.learnt()) == sum(kept)
    assert company.seen() == company.seen_anew()


def test_where_the_store_changes_time_and_again_nothing_is_evaluated(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SqliteStore, "save_lesson", lambda *_: False)
    assert not company.learning().catch_up(company.now)
    alerts = Alerts(company.store, AlertSettings(EVERYTHING, None))
    assert alerts.evaluate(company.now) is None
    assert alerts.preview(company.now) is None
