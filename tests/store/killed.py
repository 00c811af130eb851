"""Runs one write again and again, each time on a fresh copy of a store, and kills it a little later each time.

Run as a program: ``python -m tests.store.killed WAY NAME TEMPLATE FOLDER``. The n-th copy is ``FOLDER/n/store.db``,
killed at the n-th SQL statement (WAY ``statements``), or at one of so many places inside the statements
(``instructions``). The last copy is the one whose write was not killed; its number is printed.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from bot.store.engine import Connection, Engine
from bot.store.sqlite import SqliteStore
from tests.store.sqlite_rig import WRITE_PATHS

INSTRUCTIONS = 400
"""Of SQLite's virtual machine, between two places of death."""


def main() -> None:
    """Kill until the write gets through."""
    way, name, template, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])
    number = 0
    while True:
        number += 1
        copy = folder / str(number) / "store.db"
        copy.parent.mkdir()
        if template.exists():
            shutil.copy(template, copy)
        if not _dies(way, name, copy, number):
            print(number)
            return


def _dies(way: str, name: str, path: Path, number: int) -> bool:
    child = os.fork()
    if child == 0:
        _Death(way, number).wait_in_every_connection()
        _write(name, SqliteStore(path))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status not in {0, signal.SIGKILL}:
        raise SystemExit(f"The write itself failed: {status}")
    return status != 0


def _write(name: str, store: SqliteStore) -> None:
    if name == "migrate":
        store.migrate()
        return
    with WRITE_PATHS[name](store) as act:
        act()


class _Death:
    def __init__(self, way: str, number: int) -> None:
        self.way = way
        self.left = number

    def wait_in_every_connection(self) -> None:
        usual: Callable[..., Connection] = Engine._open

        def opened(engine: Engine, *, readonly: bool) -> Connection:
            connection = usual(engine, readonly=readonly)
            if self.way == "statements":
                connection.set_trace_callback(self._count)
            else:
                connection.set_progress_handler(self._count, INSTRUCTIONS)
            return connection

        Engine._open = opened  # type: ignore[assignment,method-assign] # this process lives for nothing else

    def _count(self, *_: Iterable[object]) -> int:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return 0


if __name__ == "__main__":
    main()
