"""The schema and its history: numbered SQL files, each applied once, in order, and never edited after a release."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from sqlite_utils import Database, Migrations

from bot.errors import StoreError
from bot.store.engine import Connection, is_statement, transaction


def migrate(connection: Connection) -> list[str]:
    """Bring the schema up to date and return the names of what was applied.

    Raises `StoreError` for a database that a newer version has written. The write lock is taken first, so
    several processes may start at once.
    """
    with transaction(connection):
        database, migrations = _database(connection), _migrations()
        migrations.ensure_migrations_table(database)
        _refuse_newer(database, migrations)
        pending = [migration.name for migration in migrations.pending(database)]
        migrations.apply(database)
        return pending


def load_applied(connection: Connection) -> list[str]:
    """The names of what was applied, with nothing written; none in a database of another program.

    Raises `StoreError` for one that a newer version has written.
    """
    database, migrations = _database(connection), _migrations()
    _refuse_newer(database, migrations)
    return [migration.name for migration in migrations.applied(database)]


def statements(script: str) -> Iterator[str]:
    """The statements of a script, one at a time: ``executescript`` would commit the transaction it runs in.

    A statement begins on a line of its own.
    """
    buffer = ""
    for line in script.splitlines(keepends=True):
        if not buffer and (not line.strip() or line.startswith("--")):
            continue
        buffer += line
        if is_statement(buffer):
            yield buffer.strip()
            buffer = ""
    if buffer:
        yield buffer.strip()


def _database(connection: Connection) -> Database:
    return Database(connection, recursive_triggers=False, execute_plugins=False)


def _migrations() -> Migrations:
    migrations = Migrations("codex-usage")
    for name, script in _scripts():
        migrations(name=name)(_step(script))
    return migrations


class _step:  # noqa: N801 - used as a function; sqlite-utils wants a callable with a name
    def __init__(self, script: str) -> None:
        self.script = script
        self.__name__ = "step"

    def __call__(self, database: Database, /) -> None:
        for statement in statements(self.script):
            database.conn.execute(statement)


def _scripts() -> list[tuple[str, str]]:
    folder = files("bot.store.migrations")
    found = [entry for entry in folder.iterdir() if entry.name.endswith(".sql")]
    return [(entry.name[:-4], entry.read_text()) for entry in sorted(found, key=lambda entry: entry.name)]


def _refuse_newer(database: Database, migrations: Migrations) -> None:
    known = {name for name, _ in _scripts()}
    newer = [applied.name for applied in migrations.applied(database) if applied.name not in known]
    if newer:
        raise StoreError(
            f"The database was written by a newer version of this program ({newer[-1]}): install that version again."
        )
