"""A company around the features: a Codex API on loopback, a roster file, a directory and a real database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from bot.core.ledger import Part
from bot.core.models import MICRO, Totals, UsagePage, UsageRow, date_of, epoch_day
from bot.core.people import SlackPerson
from bot.core.periods import Period
from bot.core.visibility import WholeCompany
from bot.demo.codex_api import CodexApi
from bot.demo.codex_data import TableData
from bot.errors import DeliveryError
from bot.features.link import People
from bot.features.sync import Sync, SyncOrder, SyncReport
from bot.rosters.csv_file import CsvRoster
from bot.sources.codex import CodexSource
from bot.store.sqlite import SqliteStore
from tests.store.empty import empty_store

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
KEY = "sk-admin-invented"
WORKSPACE = "0b5c7c1e-6f0e-4d0e-9a55-3f2f7a1e0c11"
EVER = Period(date(2020, 1, 1), date(2030, 1, 1))
ADMIN_SIGHT = WholeCompany(names=True, workspace_gap=True)

USAGE_TABLES = (
    *("usage_day", "usage_client", "usage_model", "usage_code", "usage_extra", "day_state", "refused_day"),
    *("chain_day", "chain_code_day", "period_person", "period_team", "active_day"),
    *("workspace_day", "review_day", "review_response_day"),
)

Row = dict[str, Any]


def ago(days: int) -> date:
    """That many days before the first day of every test."""
    return TODAY - timedelta(days=days)


def begin_of(day: date) -> int:
    """Its UTC midnight in Unix seconds."""
    return epoch_day(day) * 86_400


def usage(account: str, day: date, spent: float = 1, **changes: Any) -> Row:
    """An account's row as the API sends it; its address is the account's name at example.com."""
    row = {
        "object": "workspace.codex.usage.result",
        "start_time": begin_of(day),
        "end_time": begin_of(day) + 86_400,
        "user_id": f"user-{account}",
        "actor": {"type": "ACCOUNT_USER", "user_id": f"user-{account}", "email": f"{account}@example.com"},
        "totals": {"threads": 1, "turns": 2, "credits": spent, "text_total_tokens": 100},
        "clients": [{"client_id": "CODEX_CLI", "threads": 1, "turns": 2, "credits": spent}],
        "models": [{"model": "gpt-5.5", "speed": "standard", "credits": spent}],
    }
    return row | changes


def crowd(day: date, size: int, spent: float = 1) -> list[Row]:
    """The rows of a day on which so many accounts used something."""
    return [usage(f"p{number:02}", day, spent) for number in range(size)]


def workspace(day: date, spent: float = 1, **totals: Any) -> Row:
    """The workspace's own row."""
    figures = {"threads": 1, "turns": 2, "credits": spent, "text_total_tokens": 100} | totals
    return {"start_time": begin_of(day), "end_time": begin_of(day) + 86_400, "totals": figures, "clients": []}


def reviews(day: date, count: int = 1) -> Row:
    """A day of so many reviews, each with two comments, one of them P1."""
    row = {"start_time": begin_of(day), "end_time": begin_of(day) + 86_400}
    details = {"p0": 0, "p1": count, "p2": count}
    return row | {"pull_request_reviews": count, "comments": 2 * count, "comment_details": details}


def responses(day: date, count: int = 1) -> Row:
    """A day of so many merged pull requests, each with two comments, one of them replied to."""
    row = {"start_time": begin_of(day), "end_time": begin_of(day) + 86_400}
    answers = {
        "engaged": count,
        "reacted": 0,
        "upvoted": 0,
        "downvoted": 0,
        "reacted_other": 0,
        "replied": count,
    }
    return row | {
        "pull_request_reviews": count,
        "comments": 2 * count,
        "replies": count,
        "reactions": 0,
        "comment_response_details": answers,
        "reaction_details": {"upvotes": 0, "downvotes": 0, "other": 0},
    }


def slack(name: str, **changes: Any) -> SlackPerson:
    """Somebody in Slack's directory."""
    values: dict[str, Any] = {
        "slack_id": f"U{name.upper()}",
        "email": f"{name.lower()}@example.com",
        "name": name.title(),
        "timezone": "Europe/Berlin",
    }
    return SlackPerson(**(values | changes))


@dataclass
class Clock:
    """The time, which passes only when it is told to."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class ListedPeople:
    """A directory that is a list; with ``failure`` it breaks off after the first entry."""

    people: list[SlackPerson] = field(default_factory=list)
    failure: DeliveryError | None = None

    def fetch_people(self) -> Iterator[SlackPerson]:
        yield from self.people[: 1 if self.failure else None]
        if self.failure:
            raise self.failure


class World:
    """Everything that a sync reads and writes; ``table`` is what the API tells, ``api`` how it misbehaves."""

    def __init__(self, folder: Path, *, page_limit: int = 1000) -> None:
        self.clock = Clock()
        self.table = TableData()
        self.api = CodexApi(self.table, now=self.clock, api_key=KEY, workspace_id=WORKSPACE)
        self.store = empty_store(folder / "usage.db")
        self.directory = ListedPeople()
        self.told: list[str] = []
        self._http = httpx.Client(trust_env=False, verify=False)
        self._roster = folder / "roster.csv"
        self._page_limit = page_limit

    def __enter__(self) -> Self:
        self.api.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()
        self.store.close()
        self.api.stop()

    @property
    def today(self) -> date:
        return self.clock.now.date()

    def write_roster(self, *lines: str) -> None:
        """A roster whose first line names its columns; from then on the company has one."""
        self._roster.write_text("\n".join([*lines, ""]), encoding="utf-8")

    def forget_roster(self) -> None:
        """The company has no roster any more."""
        self._roster.unlink()

    def source(self) -> CodexSource:
        return CodexSource(
            self._http,
            base_url=self.api.url,
            workspace_id=WORKSPACE,
            api_key=KEY,
            page_limit=self._page_limit,
            max_pages=50,
            sleep=lambda _: None,
        )

    def people(self) -> People:
        return People(self.store, self.directory, CsvRoster(self._roster) if self._roster.exists() else None)

    def sync(self, **order: Any) -> SyncReport:
        """One sync at the time that the clock shows."""
        sync = Sync(self.store, self.source(), self.people(), clock=self.clock, tell=self.told.append)
        return sync.run(SyncOrder(**({"today": self.today} | order)))

    def settle(self) -> SyncReport:
        """The first sync, ninety days back, which must go well; what was asked for is forgotten."""
        report = self.sync()
        assert report.is_good, failures(report)
        self.api.requests.clear()
        return report

    def sync_week(self) -> SyncReport:
        """A sync of the last days only, which is much quicker than a first one."""
        return self.sync(since=self.today - timedelta(days=6))

    def asked_periods(self, route: str = "usage", group: str | None = None) -> list[Period]:
        """The periods of the requests for first pages, in order."""
        return [
            Period(day_at(asked.query["start_time"]), day_at(asked.query["end_time"]))
            for asked in self.api.requests
            if asked.route == route and asked.query.get("group") == group and "page" not in asked.query
        ]

    def credits_by_day(self) -> dict[date, dict[str, float]]:
        """What is stored: day to account to credits."""
        found: dict[date, dict[str, float]] = {}
        query = (
            "SELECT u.day, a.external_id, u.credits FROM usage_day u JOIN account a ON a.id = u.account"
            " ORDER BY u.day, a.external_id"
        )
        with self.store.engine.reading() as connection:
            for day, account, micro in connection.execute(query):
                stored = found.setdefault(date_of(day), {})
                stored[account.removeprefix("user-")] = micro / MICRO
        return found

    def stored_on(self, day: date) -> dict[str, float]:
        """Account to credits on one day."""
        return self.credits_by_day().get(day, {})

    def spent_by(self, email: str) -> float:
        """The credits that count as an employee's, over everything stored."""
        with self.store.snapshot() as snapshot:
            person = snapshot.find_person(email=email)
            assert person is not None
            totals = snapshot.load_people_totals([person], EVER)
        return totals.get(person.id, Totals()).credits_micro / MICRO

    def unattributed(self) -> float:
        """The credits that count as nobody's."""
        with self.store.snapshot() as snapshot:
            return snapshot.load_unattributed(ADMIN_SIGHT, EVER).credits_micro / MICRO

    def findings(self, room: str) -> list[str]:
        """What one room has to say."""
        return [sentence for where, sentence in self.store.load_findings() if where == room]

    def usage_dump(self) -> list[str]:
        """Every row of what is told of usage: the days, every sum made of them, and the states of the days."""
        kept: list[str] = []
        with self.store.engine.reading() as connection:
            for table in USAGE_TABLES:
                kept += sorted(f"{table} {row}" for row in connection.execute(f"SELECT * FROM {table}"))
        return kept


def day_at(seconds: str) -> date:
    """The UTC day that begins then."""
    return datetime.fromtimestamp(int(seconds), UTC).date()


def parts_of(report: SyncReport, name: str) -> list[Part]:
    """The parts of that name, in order."""
    return [part for part in report.parts if part.name == name]


def only(report: SyncReport, name: str) -> Part:
    """The one part of that name."""
    (part,) = parts_of(report, name)
    return part


def failures(report: SyncReport) -> dict[str, str]:
    """Part to error."""
    return {part.name: part.error for part in report.parts if part.error}


def notes(report: SyncReport) -> list[str]:
    """What every part noted."""
    return [note for part in report.parts for note in part.notes]


def keep_day(
    store: SqliteStore, day: date, rows: Sequence[UsageRow], read_at: datetime | None = None
) -> None:
    """Put the rows of a day straight into the store, read long after its end unless told otherwise."""
    at = read_at or datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=3)
    with store.staging() as staged:
        staged.add(UsagePage(list(rows), []))
        staged.replace_days([day], at)
