"""A SQLite store filled with a little of everything, its write paths, and what stands in its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from functools import partial, reduce
from operator import or_

from bot.core.alerts.incidents import Change, FiringDay, Happening, Incident, IncidentKey, IncidentState
from bot.core.days import Doubt
from bot.core.deliveries import DeliveryState, Order
from bot.core.digests.choice import DigestChoice
from bot.core.ledger import Part
from bot.core.models import CodeAttribution, UsagePage, UsageRow, WorkspaceRow, epoch_day
from bot.core.people import SlackPerson
from bot.core.periods import Period
from bot.core.plans.expectations import Expectation
from bot.core.spikes.detector import Detector
from bot.core.spikes.findings import SpikeSettings
from bot.ports import Authorship, Lesson
from bot.store import columns
from bot.store.sqlite import SqliteStore
from tests.store.rig import (
    MONDAY,
    NOW,
    STAFF,
    WEEK,
    amounts,
    poisoned,
    response_day,
    review_day,
    save_people,
    sync_day,
    usage_row,
)

OWNERS = {f"acc-{employee.name}": employee.email for employee in STAFF}
LATER = NOW + timedelta(hours=1)
NAMES = [employee.name for employee in STAFF]


def day_rows(factor: int) -> list[UsageRow]:
    """A row of everything for each of the staff."""
    return [
        usage_row(
            f"acc-{name}",
            MONDAY,
            amounts(factor * n, tokens=(1, 2, 3, 6)),
            email=f"{name.lower()}@example.com",
            clients={"CLI": amounts(factor * n)},
            models={("m", "fast"): amounts(factor)},
            code=CodeAttribution(factor),
            extra=f'{{"n":{factor}}}',
        )
        for n, name in enumerate(NAMES)
    ]


def fill(store: SqliteStore) -> None:
    """A little of everything, before a write path is tried."""
    store.migrate()
    sync_day(store, MONDAY, day_rows(2))
    save_people(store, STAFF, OWNERS)
    store.save_slack_people([SlackPerson("U1", "alice@example.com", "Alice", None)], NOW, complete=True)
    store.keep_periods([WEEK])
    store.save_workspace_days([WorkspaceRow(epoch_day(MONDAY), amounts(99), None)], WEEK)
    store.save_review_days([review_day()], WEEK)
    store.save_review_response_days([response_day()], WEEK)
    store.save_findings("roster", ["Line 1: no"])
    store.save_note("colour", "blue")
    _choose(store, DigestChoice(weekday=4))
    _park(store)
    store.end_run(store.begin_run(NOW), [Part("usage")], NOW)
    store.begin_run(NOW)


def dump(store: SqliteStore) -> dict[str, list[tuple[object, ...]]]:
    """Every table's rows, in the order of their keys."""
    with store.engine.reading() as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        ).fetchall()
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for (name,) in names}


Act = Callable[[], object]
WritePath = Callable[[SqliteStore], AbstractContextManager[Act]]


def _plain(act: Callable[[SqliteStore], object]) -> WritePath:
    @contextmanager
    def path(store: SqliteStore) -> Iterator[Act]:
        yield partial(act, store)

    return path


@contextmanager
def _stage(store: SqliteStore) -> Iterator[Act]:
    """A page with an account, a client and a model that nobody has seen."""
    row = usage_row("acc-new", MONDAY, 5, email="new@example.com", clients={"new": amounts(5)})
    page = UsagePage([row._replace(models=())], [])
    with store.staging() as staged:

        def act() -> None:
            staged.add(page)
            assert staged.read_day(MONDAY)[0].rows == 1

        yield act


@contextmanager
def _replace(store: SqliteStore) -> Iterator[Act]:
    with store.staging() as staged:
        staged.add(UsagePage(day_rows(7)[1:], []))
        yield lambda: staged.replace_days([MONDAY], LATER)


@contextmanager
def _refuse(store: SqliteStore) -> Iterator[Act]:
    with store.staging() as staged:
        staged.add(UsagePage([], []))
        yield lambda: staged.refuse_day(Doubt(MONDAY, "it shrank", "f", 1, NOW))


def _people(store: SqliteStore) -> None:
    moved = {"acc-Carol": "dan@example.com", "acc-Dan": "bob@example.com"}
    people = [STAFF[0], *(e.__class__(e.email, e.name, "alice@example.com", "New") for e in STAFF[1:])]
    save_people(store, people, OWNERS | moved, today=LATER.date() + timedelta(days=1))


def _choose(store: SqliteStore, choice: DigestChoice) -> None:
    with store.snapshot() as seen:
        alice = seen.find_person(email=STAFF[0].email)
    assert alice is not None
    store.save_digest_choice(alice, choice, NOW)


def _open_incident(store: SqliteStore) -> None:
    """With its history, a planned burst, a message to be sent, and a note."""
    day = FiringDay(MONDAY, "critical", 9_000_000, 1_000_000, 4_000_000)
    incident = Incident(IncidentKey(STAFF[0].email, "spike"), IncidentState.OPEN, (day,))
    with store.changing_incidents() as ledger:
        ledger.save_change(Change(incident, Happening.OPENED), Authorship(NOW))
        ledger.save_expectation(Expectation(STAFF[0].email, WEEK, MANY[0], STAFF[1].email), NOW)
        ledger.save_orders([Order("alert", "C0FIN", "c1", NOW, LATER, NOW)], NOW)
        ledger.save_note("colour", "red")


def _learn(store: SqliteStore) -> None:
    """Two months of days, and what they come to."""
    detector = Detector(SpikeSettings())
    period = Period(MONDAY - timedelta(days=60), MONDAY)
    used = {employee.email: 1_000_000 for employee in STAFF}
    days = tuple(detector.learn(day, used) for day in period.days())
    with store.snapshot() as seen:
        mark = seen.load_usage_mark()
    assert store.save_lesson(Lesson(mark, "some", period.since, days, detector.usuals(MONDAY)))


def _order(name: str) -> Order:
    return Order("manager_digest", f"{name}@example.com", "2026-W46", NOW, LATER + timedelta(days=7), NOW)


def _park(store: SqliteStore) -> None:
    store.save_orders([_order("alice")], NOW)
    with store.only_delivery(NOW) as outbox:
        found = outbox.claim(NOW)
        assert found is not None
        outbox.set_aside(found, DeliveryState.PARKED, "user_disabled", NOW)


MANY = ["a sentence that is repeated until the text is long " * 40] * 20

WRITE_PATHS: dict[str, WritePath] = {
    "save_slack_people": _plain(
        lambda s: s.save_slack_people([SlackPerson("U2", None, MANY[0], None)], NOW, complete=True)
    ),
    "save_people": _plain(_people),
    "save_findings": _plain(lambda s: s.save_findings("link", MANY)),
    "save_workspace_days": _plain(
        lambda s: s.save_workspace_days([WorkspaceRow(epoch_day(MONDAY), amounts(5), MANY[0])], WEEK)
    ),
    "save_review_days": _plain(lambda s: s.save_review_days([review_day(MONDAY, 99)], WEEK)),
    "save_review_response_days": _plain(
        lambda s: s.save_review_response_days([response_day(MONDAY, 99)], WEEK)
    ),
    "save_poisoned": _plain(lambda s: s.save_poisoned("usage", poisoned(MONDAY, 200), NOW)),
    "keep_periods": _plain(lambda s: s.keep_periods([Period(MONDAY, MONDAY + timedelta(days=1))])),
    "begin_run": _plain(lambda s: s.begin_run(LATER)),
    "end_run": _plain(lambda s: s.end_run(2, [Part("links", error=MANY[0])], LATER)),
    "save_note": _plain(lambda s: s.save_note("colour", MANY[0])),
    "save_digest_choice": _plain(lambda s: _choose(s, DigestChoice(is_paused=True))),
    "changing_incidents": _plain(_open_incident),
    "save_lesson": _plain(_learn),
    "save_orders": _plain(lambda s: s.save_orders([_order(f"{n} {MANY[0]}") for n in range(20)], NOW)),
    "renew_deliveries": _plain(lambda s: s.renew_deliveries([1], LATER, LATER)),
    "staging.add": _stage,
    "staging.replace_days": _replace,
    "staging.refuse_day": _refuse,
}
"""Every way to write, by the name of the port's method; each changes something of what `fill` has put in."""


def check(store: SqliteStore) -> None:
    """The file is sound, and every sum is the sum of its parts."""
    with store.engine.reading() as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        for query in _SUMS:
            assert connection.execute(query).fetchall() == [], query
    check_spans(store)


def check_spans(store: SqliteStore) -> None:
    """Every span holds what its days hold."""
    with store.engine.reading() as connection:
        for since, until, kept in connection.execute("SELECT * FROM active_span").fetchall():
            days = connection.execute(
                "SELECT employees FROM active_day WHERE day >= ? AND day < ?", (since, until)
            )
            active = reduce(or_, (int.from_bytes(row[0], "little") for row in days), 0)
            assert int.from_bytes(kept, "little") == active
        spans = connection.execute("SELECT figure, since, until FROM column_span").fetchall()
        for figure, since, until in spans:
            summed = connection.execute(_COLUMN.replace(":figure:", _RANKED[figure]), (since, until))
            told = columns.add_up(connection, figure, [(since, until)])
            assert [(account, one) for account, one in enumerate(told) if one] == summed.fetchall()


_RANKED = {
    "credits": "credits",
    "threads": "threads",
    "turns": "turns",
    "tokens": "coalesce(uncached, 0) + coalesce(cached, 0) + coalesce(output, 0) + tokens_over",
}
_COLUMN = """SELECT account, sum(:figure:) FROM usage_day WHERE day >= ? AND day < ?
    GROUP BY account HAVING sum(:figure:) > 0 ORDER BY account"""
_FIGURES = "rows, credits, threads, output"
_ROWS = "count(*), sum(u.credits), sum(coalesce(u.threads, 0)), sum(coalesce(u.output, 0))"
_OWNED = "l.account = u.account AND u.day >= l.since AND u.day < l.until"
_COMPANY = f"SELECT u.day, {_ROWS} FROM usage_day u GROUP BY u.day"
_COMPANY_KEPT = f"SELECT day, {_FIGURES} FROM chain_day WHERE chain = 0 AND split = 0"
_NOBODY = f"""SELECT u.day, {_ROWS} FROM usage_day u
    WHERE NOT EXISTS (SELECT 1 FROM account_link l WHERE {_OWNED}) GROUP BY u.day"""
_NOBODY_KEPT = f"SELECT day, {_FIGURES} FROM chain_day WHERE chain = -1 AND split = 0"
_PERSON = f"""SELECT p.id, l.employee, {_ROWS} FROM period_sum p
    JOIN usage_day u ON u.day >= p.since AND u.day < p.until JOIN account_link l ON {_OWNED} GROUP BY 1, 2"""
_PERSON_KEPT = f"SELECT period, employee, {_FIGURES} FROM period_person"
_TEAM = (
    """SELECT t.id, (SELECT count(*) FROM employee e WHERE e.team = t.id AND NOT e.archived) FROM team t"""
)
_SUMS = (
    f"{_COMPANY} EXCEPT {_COMPANY_KEPT}",
    f"{_COMPANY_KEPT} EXCEPT {_COMPANY}",
    f"{_NOBODY} EXCEPT {_NOBODY_KEPT}",
    f"{_NOBODY_KEPT} EXCEPT {_NOBODY}",
    f"{_PERSON} EXCEPT {_PERSON_KEPT}",
    f"{_PERSON_KEPT} EXCEPT {_PERSON}",
    f"SELECT id, people FROM team EXCEPT {_TEAM}",
    "SELECT day, rows FROM day_state WHERE rows > 0 EXCEPT SELECT day, count(*) FROM usage_day GROUP BY day",
    "SELECT day, account FROM usage_client EXCEPT SELECT day, account FROM usage_day",
    "SELECT day, account FROM usage_code EXCEPT SELECT day, account FROM usage_day",
)
