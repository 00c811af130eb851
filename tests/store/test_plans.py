"""Every query can be prepared, and none of those that people wait for walks through all usage."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.deliveries import DeliveryState, Posted
from bot.core.metrics import Metric
from bot.core.periods import Period
from bot.core.visibility import Below, OnePerson, SelfAndBelow
from bot.ports import Snapshot
from bot.store import rollups
from bot.store.engine import Connection
from bot.store.sql import parse_queries, queries
from bot.store.sqlite import SqliteStore
from bot.store.staging import staging
from tests.store.contract.test_outbox import LATER, claim, order, send
from tests.store.rig import EVERYONE, MONDAY, NOW, TODAY, WEEK
from tests.store.sqlite_rig import fill

VALUES: dict[str, object] = {
    "above": 0, "branches": "[[0, 3], [3, 9]]", "chain": 0, "chains": "[0]", "day": 20_000, "days": 7, "depth": 1,
    "employee": 1, "figure": "credits", "forgotten": 19_910, "groups": "[]", "kind": "manager_digest", "last": 9,
    "links": "[[1, 1, 19990, 20000]]", "most": 5, "names": '["Core"]', "people": "[1, 2]", "period": 1,
    "recent": 19_991, "seen": "[]", "sign": 1, "since": 20_000, "smallest": 1, "split": 1, "until": 20_030,
    "week": 2858,
}  # fmt: skip
SPLITS = ("client", "model", "code")
METRICS = ("credits", "threads", "turns", "tokens")


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    made = SqliteStore(tmp_path / "store.db")
    made.migrate()
    return made


@pytest.fixture
def connection(store: SqliteStore) -> Iterator[Connection]:
    """A connection with everything that a query may name: staging and the temporary lists."""
    with staging(store.engine) as staged:
        yield staged.connection


def plan(connection: Connection, query: str) -> list[str]:
    """What SQLite would do, step by step."""
    return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}", VALUES)]


LARGE = re.compile(
    r"\b(?:usage_\w+|week_\w+|\w+_span|chain_day|chain_code_day|period_person|period_team)(?: AS)?(?: ([a-z])\b)?"
)
SMALL = re.compile(r"(?:\bhit|\bfound|temp\.\w+|\)) ([a-z])\b")


def walked(query: str, steps: list[str]) -> Counter[str]:
    """The large tables (by alias, where they have one) that the steps read from one end to the other.

    An alias may also stand for a few rows that were found before.
    """
    large = {match[1] or match[0] for match in LARGE.finditer(query)}
    scanned = Counter(step.split()[1] for step in steps if step.startswith("SCAN "))
    return Counter({alias: count for alias, count in scanned.items() if alias in large}) - Counter(
        match[1] for match in SMALL.finditer(query)
    )


def variants(name: str) -> list[str]:
    query = queries()[name]
    if ":metric:" in query:
        return [query.replace(":metric:", metric) for metric in METRICS]
    return [query.replace(":table:", table) for table in SPLITS] if ":table:" in query else [query]


@pytest.mark.parametrize("name", sorted(queries()))
def test_every_query_finds_nothing_in_an_empty_database(connection: Connection, name: str) -> None:
    for query in variants(name):
        found = [value for row in connection.execute(query, VALUES).fetchall() for value in row]
        assert [value for value in found if isinstance(value, int) and value] == []


@pytest.mark.parametrize("name", sorted(queries()))
def test_no_query_walks_through_usage_or_sums(connection: Connection, name: str) -> None:
    """Whoever reads usage or its sums begins with a day, a chain or a period."""
    for query in variants(name):
        steps = plan(connection, query)
        assert not walked(query, steps), "\n".join(steps)


@pytest.mark.parametrize("name", ["breakdown", "people_totals", "active_days"])
def test_a_persons_usage_is_sought_by_day_or_week_and_account(connection: Connection, name: str) -> None:
    """Over the calendar of stored days: ``day BETWEEN`` would walk through everyone's rows of those days."""
    steps = plan(connection, queries()[name])
    usage = [step for step in steps if step.startswith("SEARCH u ")]
    assert usage
    sought = ("(day=? AND account=?", "(week=? AND account=? AND day>? AND day<?)")
    assert all(any(key in step for key in sought) for step in usage), "\n".join(steps)
    assert any(step.startswith("SEARCH d USING INTEGER PRIMARY KEY (rowid") for step in steps)


@pytest.mark.parametrize("name", ["branch_days", "group_totals", "never_active"])
def test_what_a_digest_reads_of_people_is_sought_by_day_and_account(
    connection: Connection, name: str
) -> None:
    usage = [step for step in plan(connection, queries()[name]) if step.startswith("SEARCH u ")]
    assert usage
    assert all("(day=? AND account=?" in step for step in usage), "\n".join(usage)


def test_lasting_changes_are_sought_by_person_in_a_small_part_and_by_week_in_a_large_one(
    connection: Connection,
) -> None:
    assert plan(connection, queries()["shifts_of_chain"]) == [
        "SEARCH e USING INDEX employee_place (first>? AND first<?)",
        "SEARCH s USING INTEGER PRIMARY KEY (rowid=?)",
    ]
    assert plan(connection, queries()["shifts_of_period"]) == [
        "SEARCH s USING INDEX shift_noticed (noticed>? AND noticed<?)",
        "SEARCH e USING INTEGER PRIMARY KEY (rowid=?)",
    ]


@pytest.mark.parametrize("name", ["copy_week", "copy_week_split"])
def test_a_week_is_copied_in_its_order_and_never_sorted(connection: Connection, name: str) -> None:
    for query in variants(name):
        steps = plan(connection, query)
        assert not any("TEMP B-TREE" in step for step in steps), steps


@pytest.mark.parametrize("name", [name for name in sorted(queries()) if name.startswith("roll_")])
def test_a_change_costs_what_it_touches(connection: Connection, name: str) -> None:
    steps = plan(connection, queries()[name])
    assert any(step.startswith("SEARCH u USING PRIMARY KEY (day=? AND account=?") for step in steps), steps


@pytest.mark.parametrize("metric", METRICS)
def test_a_kept_ranking_is_walked_in_its_index_alone(connection: Connection, metric: str) -> None:
    """Not sorted, and no row looked up, so that the walk costs little and ends after the first few."""
    steps = plan(connection, queries()["ranking_of_period"].replace(":metric:", metric))
    assert steps == [f"SEARCH s USING COVERING INDEX period_person_{metric} (period=?)"]


def test_columns_are_sought_by_their_figure_and_their_days(connection: Connection) -> None:
    """Never read through: each takes a hundred pages."""
    sought = "USING COVERING INDEX sqlite_autoindex_column_span_1 (figure=? AND since>?"
    for name in ("longest_columns", "drop_touched_columns"):
        steps = plan(connection, queries()[name])
        assert any(sought in step for step in steps), steps


def ask_everything(seen: Snapshot) -> None:
    person = seen.find_person(email="bob@example.com")
    assert person
    for period in (WEEK, Period(MONDAY, MONDAY + timedelta(days=2))):
        for sight in (EVERYONE, Below(person), SelfAndBelow(person), OnePerson(person)):
            seen.load_usage(sight, period)
            seen.load_totals(sight, period)
            seen.count_active(sight, period)
            for metric in (Metric.CREDITS, Metric.THREADS, Metric.TURNS, Metric.TOKENS):
                seen.rank_people(sight, period, metric, 3)
            seen.rank_streaks(sight, period, TODAY, 3)
        seen.load_groups(EVERYONE, period, 1, 9)
        seen.count_active_of_groups(EVERYONE, ["Core", None], period)
        seen.load_unattributed(EVERYONE, period)
        seen.load_workspace_gap(EVERYONE, period)
        seen.load_people_totals([person], period)
        seen.load_freshness(period, NOW)
    list(seen.load_active_days(person, TODAY))
    seen.load_admin_status()


def ask_for_digests(seen: Snapshot) -> None:
    person = seen.find_person(email="bob@example.com")
    assert person
    for period in (WEEK, Period(MONDAY, MONDAY + timedelta(days=2))):
        seen.load_branches([OnePerson(person), Below(person)], period)
        seen.load_splits([OnePerson(person), Below(person)], period)
        seen.load_group_totals(EVERYONE, ["Core", None], period)
        seen.load_group_splits(EVERYONE, ["Core", None], period)
    list(seen.load_used_weekdays(OnePerson(person), TODAY))
    seen.load_reports(Below(person))
    seen.load_never_active(Below(person), 3)
    seen.load_noticed_shifts(Below(person), WEEK)
    seen.load_first_day()
    seen.mark_people(Below(person))


@pytest.mark.parametrize("large_chain", [1, 100])
def test_no_read_of_a_snapshot_walks_through_usage(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch, large_chain: int
) -> None:
    """Whatever SQL the reads run, named or not: it is written down as it runs and explained afterwards."""
    monkeypatch.setattr(rollups, "LARGE_CHAIN", large_chain)
    fill(store)
    ran: set[str] = set()
    with store.engine.reading() as connection:
        connection.set_trace_callback(ran.add)
        with store.snapshot() as seen:
            ask_everything(seen)
            ask_for_digests(seen)
        connection.set_trace_callback(None)
        selects = [query for query in ran if query.startswith(("SELECT", "WITH"))]
        assert len(selects) > 30
        for query in selects:
            steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}")]
            assert not walked(query, steps), query


def test_an_unknown_fragment_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError, match="no_such_fragment"):
        parse_queries("-- a: x\nSELECT {no_such_fragment};\n")


def test_fragments_may_hold_fragments_and_are_no_queries_themselves() -> None:
    text = "-- fragment one: a\na, b\n\n-- fragment two: b\n{one}, c\n\n-- all: c\nSELECT {two} FROM t;\n"
    assert parse_queries(text) == {"all": "SELECT a, b, c FROM t"}


def test_no_step_of_a_message_walks_through_all_that_were_ever_sent(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    run: set[str] = set()
    open_connection = store.engine._open

    def open_traced(*, readonly: bool) -> Connection:
        opened = open_connection(readonly=readonly)
        opened.set_trace_callback(run.add)
        return opened

    monkeypatch.setattr(store.engine, "_open", open_traced)
    store.save_orders([order("ana"), order("bob", 1), order("carol", 2)], NOW)
    with store.only_delivery(NOW) as outbox:
        outbox.end(send(outbox), Posted("D1", "1"), NOW)
        outbox.put_back(claim(outbox, LATER), NOW, "", NOW)
        outbox.set_aside(claim(outbox, LATER), DeliveryState.DOUBTFUL, "", NOW)
        outbox.find_doubtful([])
        outbox.find_conversation("U1")
    store.count_open_deliveries(NOW)
    store.load_troubles(NOW, 5)
    store.load_said("manager_digest", "ana@example.com", "2026-W46")
    store.load_deliveries("2026-W46")
    asked = sorted(one for one in run if "delivery" in one and one.startswith(("SELECT", "UPDATE")))
    assert len(asked) > 12
    with store.engine.reading() as connection:
        steps = [row[3] for one in asked for row in connection.execute(f"EXPLAIN QUERY PLAN {one}")]
    assert [
        step for step in steps if step.startswith("SCAN") and "INDEX" not in step and "delivery" in step
    ] == []
