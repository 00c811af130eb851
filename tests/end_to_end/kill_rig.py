"""A world in which a sync can be stopped at a chosen moment, and what must hold of the database then."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from bot.demo import company as invented
from bot.demo.codex_data import Row, TableData
from bot.demo.codex_faults import Fault, Page, Rewrite
from bot.demo.world import World
from bot.features.ask import Ask
from bot.features.asked import AskSettings
from bot.slack.render import render
from bot.store.engine import Engine
from bot.store.sqlite import SqliteStore
from tests.end_to_end.rig import build_world, utc_now

DATABASE = "codex-usage.db"
DAYS = 95
HOLD_SECONDS = 30.0
_EXTRA = 1000
"""What every count of an old row has more than the new one's."""


class KillRig:
    """The API tells every day in an old and in a new version, which differ in every row."""

    def __init__(self, folder: Path) -> None:
        self.world: World = build_world(folder)
        self.today = utc_now().date()
        company = self.world.company
        days = [self.today - timedelta(days=ago) for ago in range(-1, DAYS)]
        self.new = {day: invented.usage_rows(company, day) for day in days}
        self.old = {day: [_aged(row) for row in rows[1:]] for day, rows in self.new.items()}
        self._tables = {"new": self._build_table(self.new), "old": self._build_table(self.old)}

    def tell(self, version: Literal["new", "old"]) -> None:
        """From now on the API tells this version."""
        self.world.codex.data = self._tables[version]

    def _build_table(self, version: dict[date, list[Row]]) -> TableData:
        table = TableData()
        for day, rows in version.items():
            table.put(day, rows)
            table.put_workspace(day, invented.workspace_row(self.world.company, day))
            table.put_reviews(day, invented.review_row(self.world.company, day))
            table.put_review_responses(day, invented.review_response_row(self.world.company, day))
        return table

    def new_folder(self, path: Path, database: Path | None = None) -> Path:
        """A working folder like the world's own, with a copy of a database that nobody has open."""
        path.mkdir(parents=True)
        shutil.copy(self.world.folder / "roster.csv", path)
        if database is not None:
            shutil.copy(database, path / DATABASE)
        return path

    @contextmanager
    def held(self, request: int) -> Iterator[threading.Event]:
        """Holds the answer to that request to the Codex API, counted from 1; the event tells when it came."""
        came, go_on = threading.Event(), threading.Event()

        def hold(_page: Page) -> None:
            came.set()
            go_on.wait(HOLD_SECONDS)

        self.world.codex.faults.append(Fault(Rewrite(hold), nth=request))
        try:
            yield came
        finally:
            go_on.set()
            self.world.codex.faults.clear()

    @contextmanager
    def noticed(self, request: int) -> Iterator[threading.Event]:
        """Tells when that request came, which is answered at once."""
        came = threading.Event()
        self.world.codex.faults.append(Fault(Rewrite(lambda _page: came.set()), nth=request))
        try:
            yield came
        finally:
            self.world.codex.faults.clear()

    def assert_whole(self, database: Path) -> None:
        """The database opens, is sound, and every day in it is one version of that day, all of it."""
        if not database.exists():
            return  # killed before there was anything
        with Engine(database).unlocked() as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
            if _has_tables(connection):
                self._assert_days_whole(connection)

    def assert_new(self, database: Path, days: int) -> None:
        """Today and the ``days`` before are stored as the API tells them now, and answers say just that."""
        with Engine(database).unlocked() as connection:
            stored = _stored_days(connection)
            for ago in range(days + 1):
                day = self.today - timedelta(days=ago)
                assert stored.get(day) == _facts(self.new[day]), day
            run = connection.execute("SELECT finished_at, error FROM run ORDER BY id DESC LIMIT 1").fetchone()
        assert run[0] is not None
        assert run[1] is None

    def answers(self, database: Path) -> list[str]:
        """What an admin reads about the last 28 days, without when it was read."""
        store = SqliteStore(database)
        settings = AskSettings(frozenset({self.world.email("Erin")}), frozenset(), None, timedelta(hours=1))
        ask = Ask(store, settings)
        try:
            return [
                re.sub(r"read [^.;]* UTC", "read then", render(ask.answer_as(*question, utc_now())).text)
                for question in self._questions()
            ]
        finally:
            store.close()

    def _questions(self) -> Iterator[tuple[str, str]]:
        for text in ("org", "top tokens", f"team {self.world.email('Mira')}", "reviews"):
            yield self.world.email("Erin"), text
        yield self.world.email("Carol"), "me"

    def _assert_days_whole(self, connection: Any) -> None:
        stored = _stored_days(connection)
        told = {row[0] for row in connection.execute("SELECT day FROM day_state")}
        for day, facts in stored.items():
            assert facts in (_facts(self.old[day]), _facts(self.new[day])), day
            assert day.toordinal() - _EPOCH in told
        for number in told:
            day = date.fromordinal(number + _EPOCH)
            assert stored.get(day, {}) in (_facts(self.old[day]), _facts(self.new[day])), day


@dataclass(frozen=True)
class Facts:
    """What is compared of an account's day."""

    threads: int | None
    turns: int | None
    credits_micro: int
    clients: int


_EPOCH = date(1970, 1, 1).toordinal()


def _aged(row: Row) -> Row:
    totals = row["totals"]
    return row | {"totals": totals | {name: totals[name] + _EXTRA for name in ("threads", "turns")}}


def _facts(rows: list[Row]) -> dict[str, Facts]:
    return {
        row["user_id"]: Facts(
            row["totals"]["threads"],
            row["totals"]["turns"],
            round(Decimal(repr(row["totals"]["credits"])) * 1_000_000),
            len({client["client_id"] for client in row["clients"]}),
        )
        for row in rows
    }


def _stored_days(connection: Any) -> dict[date, dict[str, Facts]]:
    days: dict[date, dict[str, Facts]] = {}
    for number, account, *facts in connection.execute(
        "SELECT d.day, a.external_id, d.threads, d.turns, d.credits,"
        " (SELECT count(*) FROM usage_client c WHERE c.day = d.day AND c.account = d.account)"
        " FROM usage_day d JOIN account a ON a.id = d.account"
    ):
        days.setdefault(date.fromordinal(number + _EPOCH), {})[account] = Facts(*facts)
    return days


def _has_tables(connection: Any) -> bool:
    return bool(
        connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'day_state'").fetchone()[0]
    )
