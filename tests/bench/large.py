"""A large company, written straight into the store's tables: what many syncs would have left behind.

The usage is drawn by SQL, since drawing fifty million rows in Python would take longer than measuring.
People, links, sums and kept periods go through the store's own code.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from bot.core.chart import build_chart
from bot.core.linking import AccountLink, Linking
from bot.core.models import date_of, epoch_day
from bot.core.people import Employee
from bot.core.periods import kept_periods
from bot.demo.chart import build_managers, build_reports, count_managers
from bot.store import rollups
from bot.store.engine import Connection, transaction
from bot.store.sqlite import SqliteStore

NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
"""A Wednesday afternoon."""

CLIENTS = (
    "CODEX_CLI",
    "CODEX_IDE_VSCODE",
    "CODEX_WEB",
    "CODEX_DESKTOP_APP",
    "CODEX_IDE_JETBRAINS_PYCHARM",
    "CODEX_SERVICE_EXEC",
    "CODEX_SLACK",
    "CODEX_GITHUB",
)
MODELS = ("gpt-5.4", "gpt-5.5", "gpt-5.4-mini", "gpt-5.5-codex", "other")
ADMIN = "admin@large.example"

# How likely (in thousandths) an account is used on a weekday and on a weekend day.
WEEKDAY, WEEKEND = 400, 50

_HASH = "(((a.id * 48271 + :day * 69621) % 2147483647) * 16807 % 2147483647)"

_DRAW_CLIENTS = f"""
INSERT INTO usage_client
SELECT :day, a.id, 1 + (a.id + k.n * 3) % 8, 1 + h.x % 9, 1 + h.x % 60, 1 + (h.x / 7 + k.n) % 20011 * 4999, NULL,
       (h.x / 7 + k.n) % 20011 / 50 * 10000, (h.x / 11) % 500000, (h.x / 13) % 5000000, (h.x / 17) % 40000, 0
FROM account a CROSS JOIN (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2) k
JOIN (SELECT a.id, {_HASH} AS x FROM account a) h ON h.id = a.id
WHERE h.x % 1000 < :chance AND (k.n = 0 OR (k.n = 1 AND h.x / 1000 % 100 < 55) OR (k.n = 2 AND h.x / 1000 % 100 < 10))
ORDER BY a.id, 3
"""
_DRAW_DAYS = """
INSERT INTO usage_day
SELECT day, account, sum(threads), sum(turns), sum(credits), NULL, sum(estimate), sum(uncached), sum(cached),
       sum(output), 0, 1
FROM usage_client WHERE day = :day GROUP BY account ORDER BY account
"""
_DRAW_MODELS = """
INSERT INTO usage_model
SELECT day, account, 1 + (account + client) % 5, sum(credits), NULL, sum(estimate), sum(uncached), sum(cached),
       sum(output), 0
FROM usage_client WHERE day = :day GROUP BY account, 3 ORDER BY account, 3
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How large the company is; ``days`` of usage end yesterday and today."""

    employees: int
    days: int


@dataclass(frozen=True, slots=True)
class Built:
    """What was built, and what it cost."""

    client_rows: int
    client_bytes: int
    account_days: int
    people_seconds: float
    sums_seconds: float
    file_bytes: int


def build_large(path: Path, size: Size, tell: Callable[[str], None]) -> Built:
    """Write the company into a new database at ``path``."""
    store = SqliteStore(path)
    store.migrate()
    begun = time.perf_counter()
    _save_people(store, size)
    people_seconds = time.perf_counter() - begun
    tell(f"people {people_seconds:.0f} s")
    today = NOW.date()
    days = range(epoch_day(today) - size.days, epoch_day(today) + 1)
    with store.engine.unlocked() as connection:
        rollups.prepare(connection)
        connection.execute("PRAGMA synchronous = OFF")  # the file is thrown away if this is interrupted
        client_bytes = _draw_clients(connection, path, days)
        tell(f"client rows, {client_bytes / 1e9:.2f} GB")
        begun = time.perf_counter()
        for day in days:
            _draw_rest(connection, day)
            if day % 30 == 0:
                tell(f"sums to {date_of(day)}, {time.perf_counter() - begun:.0f} s")
        with transaction(connection):
            _note_synced(connection)
        store.keep_periods(kept_periods(today))
        sums_seconds = time.perf_counter() - begun
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        client_rows, account_days = (
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("usage_client", "usage_day")
        )
    store.close()
    return Built(client_rows, client_bytes, account_days, people_seconds, sums_seconds, path.stat().st_size)


def _save_people(store: SqliteStore, size: Size) -> None:
    rng = Random(7)
    managers = build_managers(count_managers(size.employees), rng)
    parents = [*managers, *build_reports(managers, size.employees - len(managers), rng)]
    emails = [f"p{number:06}@large.example" for number in range(len(parents))]
    emails[len(managers)] = ADMIN
    employees = {
        email: Employee(
            email,
            f"Person {number}",
            manager_email=emails[parent] if parent >= 0 else None,
            team=f"Team {max(parent, 0)}",
            timezone="UTC",
        )
        for number, (email, parent) in enumerate(zip(emails, parents, strict=True))
    }
    adopters = [email for email in emails if rng.random() < 0.62]
    with store.engine.writing() as connection:
        connection.executemany("INSERT INTO client (name) VALUES (?)", [(name,) for name in CLIENTS])
        connection.executemany(
            "INSERT INTO model (name, speed) VALUES (?, 'standard')", [(name,) for name in MODELS]
        )
        connection.executemany(
            "INSERT INTO account (source, external_id, email, actor_type, told_on)"
            " VALUES ('codex', ?, ?, 'ACCOUNT_USER', 0)",
            [(f"user-{email}", email) for email in adopters],
        )
    places = build_chart((email, employee.manager_email) for email, employee in employees.items()).places
    owners = {f"user-{email}": AccountLink(email) for email in adopters}
    linking = Linking(employees, places, {}, owners)
    store.save_people(linking, NOW.date() - timedelta(days=size.days), version=store.load_people_version())


def _draw_clients(connection: Connection, path: Path, days: range) -> int:
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = path.stat().st_size
    for day in days:
        with transaction(connection):
            connection.execute(_DRAW_CLIENTS, {"day": day, "chance": _chance(date_of(day))})
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.stat().st_size - before


def _draw_rest(connection: Connection, day: int) -> None:
    read_at = int(NOW.timestamp())
    with transaction(connection):
        connection.execute("DELETE FROM temp.touched")
        connection.execute(
            "INSERT INTO temp.touched SELECT DISTINCT account FROM usage_client WHERE day = ?", (day,)
        )
        connection.execute("INSERT INTO day_state VALUES (?, 0, 0, ?, ?)", (day, read_at, read_at))
        connection.execute(_DRAW_DAYS, {"day": day})
        connection.execute(_DRAW_MODELS, {"day": day})
        with rollups.rolling(connection):
            rollups._list_days(connection, [day])
            rollups._roll(connection, sign=1)
        connection.execute(
            "UPDATE day_state SET rows = (SELECT count(*) FROM usage_day WHERE day = ?1) WHERE day = ?1",
            (day,),
        )


def _chance(day: date) -> int:
    return WEEKDAY if day.weekday() < 5 else WEEKEND


def _note_synced(connection: Connection) -> None:
    read_at = int(NOW.timestamp())
    connection.execute(
        "INSERT INTO fact_of_store VALUES ('history_read', ?), ('wide_read_at', ?)", (NOW.isoformat(),) * 2
    )
    connection.execute(
        "INSERT INTO run (kind, started_at, finished_at) VALUES ('sync', ?, ?)", (read_at, read_at)
    )
