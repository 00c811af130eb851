"""People and usage for the tests of this room, put into a store through its port alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

from bot.core.chart import build_chart
from bot.core.linking import AccountLink, Linking
from bot.core.models import (
    Amounts,
    ClientUsage,
    CodeAttribution,
    CodeReviewDay,
    CodeReviewResponseDay,
    ModelUsage,
    PoisonedRow,
    UsagePage,
    UsageRow,
    epoch_day,
)
from bot.core.people import Employee
from bot.core.periods import Period
from bot.core.visibility import WholeCompany
from bot.ports import DayChange, Store

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TODAY = NOW.date()
MONDAY = date(2026, 11, 16)
WEEK = Period(MONDAY, MONDAY + timedelta(days=7))
EVERYONE = WholeCompany(names=True, workspace_gap=True)

STAFF = (
    Employee("alice@example.com", "Alice", team="Core"),
    Employee("bob@example.com", "Bob", "alice@example.com", team="Core"),
    Employee("carol@example.com", "Carol", "bob@example.com", team="Web"),
    Employee("gail@example.com", "Gail"),
    Employee("dan@example.com", "Dan", "gail@example.com", team="Web"),
    Employee("erin@example.com", "Erin"),
    Employee("finn@example.com", "Finn", team="Money"),
    Employee("zoe@example.com", "Zoe", "bob@example.com", team="Web", archived=True, left_on=MONDAY),
)


def amounts(
    credits_micro: int = 0,
    *,
    threads: int | None = 1,
    turns: int | None = 2,
    cost: int | None = None,
    estimate: int | None = None,
    tokens: tuple[int | None, int | None, int | None, int | None] = (None, None, None, None),
) -> Amounts:
    """``tokens`` are uncached, cached, output and total."""
    return Amounts(threads, turns, credits_micro, cost, estimate, *tokens)


def usage_row(
    account: str,
    day: date = MONDAY,
    totals: Amounts | int = 0,
    *,
    email: str | None = None,
    clients: Mapping[str, Amounts] | None = None,
    models: Mapping[tuple[str, str | None], Amounts] | None = None,
    code: CodeAttribution | None = None,
    extra: str | None = None,
) -> UsageRow:
    """One account's day; an integer for ``totals`` is its credits in millionths."""
    return UsageRow(
        epoch_day(day),
        account,
        email,
        "user",
        amounts(totals) if isinstance(totals, int) else totals,
        tuple(ClientUsage(name, one) for name, one in (clients or {}).items()),
        None if models is None else tuple(ModelUsage(*key, one) for key, one in models.items()),
        code,
        extra,
    )


def sync_day(store: Store, day: date, rows: Iterable[UsageRow], now: datetime = NOW) -> DayChange:
    """Fetch one day, in one page, and believe it."""
    with store.staging() as staged:
        staged.add(UsagePage(list(rows), []))
        return staged.replace_days([day], now)


def save_people(
    store: Store,
    employees: Iterable[Employee] = STAFF,
    owners: Mapping[str, str | tuple[str, date | None]] | None = None,
    *,
    slack_ids: Mapping[str, str] | None = None,
    today: date = TODAY,
) -> None:
    """Make the people these, with their chart; ``owners`` maps accounts to addresses."""
    by_email = {employee.email: employee for employee in employees}
    places = build_chart((e.email, e.manager_email) for e in by_email.values()).places
    links = {
        account: AccountLink(owner) if isinstance(owner, str) else AccountLink(*owner)
        for account, owner in (owners or {}).items()
    }
    linking = Linking(by_email, places, slack_ids or {}, links)
    assert store.save_people(linking, today, version=store.load_people_version())


def review_day(day: date = MONDAY, pull_requests: int = 3) -> CodeReviewDay:
    """Reviews that Codex wrote on a day."""
    return CodeReviewDay(epoch_day(day), pull_requests, 10, 1, 4, 5)


def response_day(day: date = MONDAY, pull_requests: int = 2) -> CodeReviewResponseDay:
    """Answers to reviews on a day."""
    return CodeReviewResponseDay(epoch_day(day), pull_requests, 9, 8, 7, 6, 5, 4, 3, 2, 1, 11, 12, 13)


def poisoned(day: date | None = MONDAY, count: int = 1) -> list[PoisonedRow]:
    """Rows that could not be understood."""
    number = None if day is None else epoch_day(day)
    return [PoisonedRow(number, "credits is a text", f'{{"n":{n}}}') for n in range(count)]
