"""Where fetched usage waits until its last page was read: a scratch file beside the database.

Nothing here is durable or worth keeping: it is made anew for every fetch, and a crash leaves only the
file, which the next fetch removes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.core.models import Amounts, PoisonedRow, UsagePage, UsageRow
from bot.store import rollups
from bot.store.engine import Connection, Engine, reachable, transaction
from bot.store.versions import note_people_changed

SOURCE = "codex"
_TABLES = ("usage_day", "usage_client", "usage_model", "usage_code", "usage_extra")

CACHE_KIB = -65_536
"""64 MiB for each of the two files: a large company's kept periods change all over. Readers fare better with less."""

Cells = tuple[int | str | None, ...]


@contextmanager
def staging(engine: Engine) -> Iterator[Staging]:
    """An empty staging area, with a connection of its own that can reach the database, too."""
    path = engine.path.with_name(engine.path.name + "-staging")
    with engine.unlocked() as connection:
        _remove(path)
        try:
            _attach(connection, path)
            yield Staging(connection, engine.path)
        finally:
            _remove(path)


class Staging:
    """Usage rows on their way in. Account, client and model names become the store's numbers here."""

    def __init__(self, connection: Connection, path: Path) -> None:
        self.connection = connection
        self.path = path
        self.poisoned: list[PoisonedRow] = []
        self._accounts: dict[str, int] = {}
        self._told: dict[int, tuple[str | None, str | None, int]] = {}
        self._clients: dict[str, int] = {}
        self._models: dict[tuple[str, str | None], int] = {}
        self._load_names()

    def add(self, page: UsagePage) -> None:
        """Stage one page, or nothing of it. A second row of an account and day takes the place of the first."""
        self._name_all(page.rows)
        # only the staging file is written, so the database itself stays unlocked
        with transaction(self.connection, "DEFERRED"):
            self._insert(page.rows)
        self.poisoned.extend(page.poisoned)

    def rows_of(self, day: int) -> int:
        """How many accounts are staged for a day."""
        count: int = self.connection.execute(
            "SELECT count(*) FROM staging.usage_day WHERE day = ?", (day,)
        ).fetchone()[0]
        return count

    def poisoned_of(self, day: int) -> int:
        """How many rows of a day were set aside."""
        return sum(1 for row in self.poisoned if row.day == day)

    def fingerprint(self, day: int) -> str:
        """A digest of everything staged for a day: equal exactly when two readings agree."""
        digest = hashlib.blake2b(digest_size=16)
        for table in _TABLES:
            digest.update(table.encode())
            order = ", ".join(str(n + 1) for n in range(_KEYS[table]))
            query = f"SELECT * FROM staging.{table} WHERE day = ? ORDER BY {order}"
            for row in self.connection.execute(query, (day,)):
                digest.update(repr(row).encode())
        digest.update(str(self.poisoned_of(day)).encode())
        return digest.hexdigest()

    def _insert(self, rows: Sequence[UsageRow]) -> None:
        days = [self._day_cells(row) for row in rows]
        fresh = self.connection.executemany(
            f"INSERT OR IGNORE INTO staging.usage_day VALUES ({_marks(12)})", days
        ).rowcount
        if fresh < len(days):
            rows = self._last_of_each(rows)
            self._forget(rows)
            days = [self._day_cells(row) for row in rows]
            self.connection.executemany(f"INSERT INTO staging.usage_day VALUES ({_marks(12)})", days)
        self._insert_splits(rows)

    def _insert_splits(self, rows: Sequence[UsageRow]) -> None:
        many = self.connection.executemany
        accounts, clients, models = self._accounts, self._clients, self._models
        many(
            f"INSERT INTO staging.usage_client VALUES ({_marks(12)})",
            [
                (row.day, accounts[row.account], clients[name], *cells_of(amounts))
                for row in rows
                for name, amounts in row.clients
            ],
        )
        many(
            f"INSERT INTO staging.usage_model VALUES ({_marks(10)})",
            [
                (row.day, accounts[row.account], models[name, speed], *cells_of(amounts)[2:])
                for row in rows
                for name, speed, amounts in row.models or ()
            ],
        )
        many(
            f"INSERT INTO staging.usage_code VALUES ({_marks(10)})",
            [(row.day, accounts[row.account], *row.code) for row in rows if row.code],
        )
        many(
            f"INSERT INTO staging.usage_extra VALUES ({_marks(3)})",
            [(row.day, accounts[row.account], row.extra) for row in rows if row.extra],
        )

    def _day_cells(self, row: UsageRow) -> Cells:
        return (row.day, self._accounts[row.account], *cells_of(row.totals), int(row.models is not None))

    def _last_of_each(self, rows: Sequence[UsageRow]) -> list[UsageRow]:
        return list({(row.day, row.account): row for row in rows}.values())

    def _forget(self, rows: Sequence[UsageRow]) -> None:
        keys = [(row.day, self._accounts[row.account]) for row in rows]
        for table in _TABLES:
            self.connection.executemany(
                f"DELETE FROM staging.{table} WHERE day = ? AND account = ?",
                keys,
            )

    def _load_names(self) -> None:
        self._accounts.clear()
        self._told.clear()
        rows = self.connection.execute(
            "SELECT id, external_id, email, actor_type, told_on FROM account WHERE source = ?", (SOURCE,)
        )
        for number, external_id, *told in rows:
            self._accounts[external_id] = number
            self._told[number] = (told[0], told[1], told[2])
        self._clients = dict(self.connection.execute("SELECT name, id FROM client").fetchall())
        models = self.connection.execute("SELECT name, speed, id FROM model").fetchall()
        self._models = {(name, speed): number for name, speed, number in models}

    def _name_all(self, rows: Sequence[UsageRow]) -> None:
        accounts = self._changed_accounts(rows)
        clients = {name for row in rows for name, _ in row.clients} - self._clients.keys()
        models = {(name, speed) for row in rows for name, speed, _ in row.models or ()} - self._models.keys()
        if not (accounts or clients or models):
            return
        try:
            with transaction(self.connection):
                self._save_names(accounts, clients, models)
        except BaseException:
            self._load_names()  # what was not committed has no number
            raise

    def _changed_accounts(self, rows: Sequence[UsageRow]) -> dict[str, UsageRow]:
        """The rows that tell of a new account, or newer days' news of a known one; no address is no news."""
        changed: dict[str, UsageRow] = {}
        for row in rows:
            number = self._accounts.get(row.account)
            if number is None or self._is_news(row, *self._told[number]):
                known = changed.get(row.account)
                if known is None or (row.email is not None and row.day >= known.day):
                    changed[row.account] = row
        return changed

    @staticmethod
    def _is_news(row: UsageRow, email: str | None, actor_type: str | None, told_on: int) -> bool:
        if row.email is None or (row.email, row.actor_type) == (email, actor_type):
            return False
        return email is None or row.day >= told_on

    def _save_names(
        self, accounts: dict[str, UsageRow], clients: set[str], models: set[tuple[str, str | None]]
    ) -> None:
        if accounts:  # whose they are is to be found out
            note_people_changed(self.connection, len(accounts))
        for external_id, row in accounts.items():
            number = self.connection.execute(
                "INSERT INTO account (source, external_id, email, actor_type, told_on) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (source, external_id) DO UPDATE SET email = excluded.email,"
                " actor_type = excluded.actor_type, told_on = excluded.told_on RETURNING id",
                (SOURCE, external_id, row.email, row.actor_type, row.day),
            ).fetchone()[0]
            self._accounts[external_id] = number
            self._told[number] = (row.email, row.actor_type, row.day)
        for name in sorted(clients):
            cursor = self.connection.execute("INSERT INTO client (name) VALUES (?)", (name,))
            self._clients[name] = cursor.lastrowid or 0
        for name, speed in sorted(models, key=str):
            cursor = self.connection.execute("INSERT INTO model (name, speed) VALUES (?, ?)", (name, speed))
            self._models[name, speed] = cursor.lastrowid or 0


def cells_of(amounts: Amounts) -> Cells:
    threads, turns, credits_, cost, estimate, uncached, cached, output, total = amounts
    over = None if total is None else total - (uncached or 0) - (cached or 0) - (output or 0)
    return (threads, turns, credits_, cost, estimate, uncached, cached, output, over)


def _marks(count: int) -> str:
    return ", ".join("?" * count)


_KEYS = {"usage_day": 2, "usage_client": 3, "usage_model": 3, "usage_code": 2, "usage_extra": 2}


def _attach(connection: Connection, path: Path) -> None:
    connection.execute("ATTACH ? AS staging", (str(path),))
    # a page can be taken back, by a journal in memory; the file as a whole need survive nothing
    for pragma in (
        "journal_mode = MEMORY",
        "synchronous = OFF",
        "secure_delete = OFF",
        f"cache_size = {CACHE_KIB}",
    ):
        connection.execute(f"PRAGMA staging.{pragma}")
    connection.execute(f"PRAGMA main.cache_size = {CACHE_KIB}")
    for table in _TABLES:
        connection.execute(_ddl(connection, table))
    rollups.prepare(connection)


def _ddl(connection: Connection, table: str) -> str:
    ddl: str = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    return ddl.replace(f"CREATE TABLE {table}", f"CREATE TABLE staging.{table}", 1)


def _remove(path: Path) -> None:
    with reachable(path):
        path.unlink(missing_ok=True)
