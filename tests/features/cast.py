"""The company that asks: who reports to whom, and on each day an amount by which everybody's usage is known.

Alice manages Bob, Bob manages Carol and, until she left, Zoe; Gail manages Dan; Ivy reports to somebody nobody
knows; Mona and Nils manage each other; Erin is admin, Finn is finance, Root is an admin who is not in the roster,
the CFO is finance and not in it either; Sam is in Slack and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from bot.core.answers import Answer
from bot.core.ledger import Part
from bot.core.models import MICRO, Amounts, ClientUsage, ModelUsage, Totals, UsageRow, epoch_day
from bot.core.people import Employee, Person, RosterFile, SlackPerson
from bot.features.ask import Ask
from bot.features.asked import AskSettings
from bot.features.link import People
from bot.ports import Store
from bot.store.sqlite import SqliteStore
from tests.features.rig import NOW, TODAY, ListedPeople, ago, keep_day, slack

LINES: dict[str, str | None] = {
    "alice": None,
    "bob": "alice",
    "carol": "bob",
    "zoe": "bob",
    "gail": None,
    "dan": "gail",
    "erin": None,
    "finn": "alice",
    "ivy": "stranger",
    "mona": "nils",
    "nils": "mona",
}
LEFT_ON = {"zoe": ago(10)}
TEAMS = {"alice": "Platform", "bob": "Platform", "carol": "Platform", "zoe": "Platform", "dan": "Data"}
UNKNOWN = ("sam",)
BITS = {name: 1 << place for place, name in enumerate((*LINES, *UNKNOWN))}
"""Everybody uses so many credits on each day, so that a sum tells whose usage is in it."""

SETTINGS = AskSettings(
    admin_emails=frozenset({"erin@example.com", "root@example.com", "zoe@example.com"}),
    finance_emails=frozenset({"finn@example.com", "cfo@example.com"}),
    credit_price_usd=Decimal("0.04"),
    sync_interval=timedelta(hours=1),
)


def email(name: str) -> str:
    return f"{name}@example.com"


def employee(name: str, manager: str | None = None, **facts: Any) -> Employee:
    """A row of the roster as it is read."""
    return Employee(email(name), name.title(), email(manager) if manager else None, **facts)


def used(account: str, day: date, spent: float, **amounts: int | None) -> UsageRow:
    """A day of an account by one client and one model; three threads and five turns a credit."""
    figures = {"threads": round(spent * 3), "turns": round(spent * 5), "total_tokens": round(spent * 1000)}
    total = Amounts(credits_micro=round(spent * MICRO), **(figures | amounts))
    of_model = total._replace(threads=None, turns=None)
    return UsageRow(
        epoch_day(day),
        f"user-{account}",
        email(account),
        None,
        total,
        (ClientUsage("CODEX_CLI", total),),
        (ModelUsage("gpt-5.5", "standard", of_model),),
        None,
        None,
    )


class Staff:
    """A `bot.ports.Roster` that is a list."""

    def __init__(self, employees: Sequence[Employee]) -> None:
        self.employees = employees

    def read(self) -> RosterFile:
        return RosterFile(tuple(self.employees), (), "")


def hire(store: Store, staff: Sequence[Employee], in_slack: Sequence[SlackPerson] = ()) -> None:
    """Make these the people of the company."""
    people = People(store, ListedPeople(list(in_slack)), Staff(staff))
    people.read_directory(Part("directory"), NOW)
    people.link(people.read_roster(Part("roster"), TODAY, force=True), TODAY)


def cast_of_everyone() -> list[Employee]:
    return [
        employee(name, manager, team=TEAMS.get(name), left_on=LEFT_ON.get(name))
        for name, manager in LINES.items()
    ]


def everyone_in_slack() -> list[SlackPerson]:
    return [slack(name) for name in (*LINES, *UNKNOWN, "root", "cfo") if name != "zoe"]


def fill(store: SqliteStore, days: Sequence[date], bits: Mapping[str, int] = BITS) -> None:
    """Everybody's amount on each of the days; Zoe's ends with her last day."""
    for day in days:
        keep_day(store, day, [used(name, day, bit) for name, bit in bits.items()])


def ask(store: Store) -> Ask:
    return Ask(store, SETTINGS)


def answer(store: Store, viewer: str, text: str, now: datetime = NOW) -> Answer:
    """What somebody of the cast gets who types this in Slack."""
    return ask(store).answer_slack(f"U{viewer.upper()}", text, now)


def names_in(value: object) -> list[str]:
    """Everybody named anywhere in a value."""
    if isinstance(value, Person):
        return [value.name.lower()]
    parts: list[object] = []
    if is_dataclass(value):
        parts = [getattr(value, field.name) for field in fields(value)]
    elif isinstance(value, tuple | list):
        parts = list(value)
    return [name for part in parts for name in names_in(part)]


def whose(totals: Totals, days: int = 1) -> set[str]:
    """Whose amounts a sum over so many equal days is made of."""
    spent, rest = divmod(totals.credits_micro, MICRO * days)
    assert rest == 0
    return {name for name, bit in BITS.items() if spent & bit}


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


class SpySnapshot:
    """A snapshot that tells of every read before it happens."""

    def __init__(self, snapshot: object, told: list[str]) -> None:
        self._snapshot = snapshot
        self._told = told

    def __getattr__(self, name: str) -> Any:
        self._told.append(name)
        return getattr(self._snapshot, name)


class SpyStore:
    """A store of which nothing but snapshots can be had; ``reads`` are the reads of all of them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.reads: list[str] = []

    @contextmanager
    def snapshot(self) -> Iterator[SpySnapshot]:
        with self._store.snapshot() as snapshot:
            yield SpySnapshot(snapshot, self.reads)


def spy_on(store: Store) -> tuple[Store, list[str]]:
    """A store that counts, and the names of the reads."""
    spy = SpyStore(store)
    return cast("Store", spy), spy.reads
