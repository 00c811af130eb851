"""The plainest possible store of usage: dictionaries, loops, and no sum kept between two questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from bot.core.metrics import Metric
from bot.core.models import Amounts, CodeTotals, Totals, UsageRow, WorkspaceRow, date_of
from bot.core.people import Employee
from bot.core.periods import Period
from bot.core.usage_sums import Usage
from bot.core.visibility import Below, OnePerson, SelfAndBelow, Sight, WholeCompany

K = TypeVar("K")

VALUES: Mapping[Metric, Callable[[Totals], int]] = {
    Metric.CREDITS: lambda totals: totals.credits_micro,
    Metric.THREADS: lambda totals: totals.threads,
    Metric.TURNS: lambda totals: totals.turns,
    Metric.TOKENS: lambda totals: totals.total_tokens,
}


def totals_of(amounts: Amounts) -> Totals:
    """One row as a sum of one."""
    known_cost = amounts.cost_usd_micro is not None
    known_estimate = amounts.estimated_cost_usd_micro is not None
    known_tokens = amounts.total_tokens is not None
    return Totals(
        1,
        amounts.threads or 0,
        amounts.turns or 0,
        amounts.credits_micro,
        amounts.cost_usd_micro or 0,
        int(known_cost),
        amounts.estimated_cost_usd_micro or 0,
        int(known_estimate),
        amounts.uncached_input_tokens or 0,
        amounts.cached_input_tokens or 0,
        amounts.output_tokens or 0,
        amounts.total_tokens or 0,
        int(known_tokens),
    )


def is_active(amounts: Amounts) -> bool:
    """True when the row used anything."""
    figures = (
        amounts.threads,
        amounts.turns,
        amounts.credits_micro,
        amounts.cost_usd_micro,
        amounts.total_tokens,
    )
    return any(figure is not None and figure > 0 for figure in figures)


@dataclass
class Oracle:
    """What was put in, and every answer worked out from that alone."""

    employees: dict[str, Employee] = field(default_factory=dict)
    rows: dict[date, dict[str, UsageRow]] = field(default_factory=dict)
    owners: dict[str, tuple[str, date | None]] = field(default_factory=dict)
    workspace: dict[date, WorkspaceRow] = field(default_factory=dict)

    def owner(self, row: UsageRow) -> str | None:
        """Whose a row is on its day."""
        email, until = self.owners.get(row.account, (None, None))
        return email if until is None or date_of(row.day) < until else None

    def is_below(self, email: str, lead: str) -> bool:
        """True when ``lead`` is somewhere above."""
        manager = self.employees[email].manager_email
        while manager is not None and manager != lead:
            manager = self.employees[manager].manager_email
        return manager is not None

    def reports(self, lead: str) -> list[str]:
        """Who reports to ``lead`` directly, leavers included, by name and address."""
        found = [one for one in self.employees.values() if one.manager_email == lead]
        return [one.email for one in sorted(found, key=lambda one: (one.name.lower(), one.email))]

    def in_sight(self, sight: Sight) -> set[str]:
        """The addresses of the people in sight, leavers included."""
        match sight:
            case WholeCompany():
                return set(self.employees)
            case OnePerson(person):
                return {person.email}
            case Below(lead):
                return {email for email in self.employees if self.is_below(email, lead.email)}
            case SelfAndBelow(lead):
                return {lead.email} | self.in_sight(Below(lead))

    def rows_of(self, sight: Sight | None, period: Period) -> list[UsageRow]:
        """The rows of everyone in sight; of the whole company also what is nobody's, and only that for None."""
        found = [row for day in period.days() for row in self.rows.get(day, {}).values()]
        if isinstance(sight, WholeCompany):
            return found
        people = {None} if sight is None else self.in_sight(sight)
        return [row for row in found if self.owner(row) in people]

    def usage(self, sight: Sight | None, period: Period) -> Usage:
        """Sums by day, client and model, and the attribution."""
        rows = self.rows_of(sight, period)
        return Usage(
            days=_summed((date_of(row.day), row.totals) for row in rows),
            clients=_summed((name, one) for row in rows for name, one in row.clients),
            models=_summed((key[:2], key.amounts) for row in rows for key in row.models or ()),
            code=_code(rows),
        )

    def by_person(self, sight: Sight, period: Period) -> dict[str, Totals]:
        """Sums by the address of the person in sight."""
        people = self.in_sight(sight)
        rows = self.rows_of(WholeCompany(names=True, workspace_gap=True), period)
        return _summed((owner, row.totals) for row in rows if (owner := self.owner(row)) in people and owner)

    def ranking(self, sight: Sight, period: Period, metric: Metric) -> list[tuple[str, Totals, int]]:
        """(address, sums, value), by value, credits and address."""
        value = VALUES[metric]
        ranked = [(e, t, value(t)) for e, t in self.by_person(sight, period).items() if t.is_active]
        return sorted(ranked, key=lambda one: (-one[2], -one[1].credits_micro, one[0]))

    def employed(self, sight: Sight) -> set[str]:
        """The people in sight who are employed."""
        return {email for email in self.in_sight(sight) if not self.employees[email].archived}

    def active_days(self, email: str) -> set[date]:
        """The days on which one person used anything."""
        rows = (row for rows in self.rows.values() for row in rows.values())
        return {date_of(row.day) for row in rows if self.owner(row) == email and is_active(row.totals)}

    def active(self, sight: Sight, period: Period) -> set[str]:
        """Who in sight is employed and used anything."""
        days = set(period.days())
        return {email for email in self.employed(sight) if self.active_days(email) & days}

    def streaks(self, sight: Sight, today: date) -> dict[str, int]:
        """Days in a row up to today or yesterday, of those employed who have any."""
        lengths = {email: _streak(self.active_days(email), today) for email in self.employed(sight)}
        return {email: length for email, length in lengths.items() if length}

    def groups(self, period: Period, smallest: int, most: int) -> list[tuple[str | None, int, Totals]]:
        """Teams with enough people: those with rows by credits and name, then the others by name."""
        everyone = WholeCompany(names=True, workspace_gap=True)
        teams = {employee.team for employee in self.employees.values()}
        people = {t: sum(1 for e in self.employed(everyone) if self.employees[e].team == t) for t in teams}
        sums = _summed((self.employees[e].team, t) for e, t in self.by_person(everyone, period).items())
        used = sorted(
            ((t, people[t], sums[t]) for t in sums if people[t] >= smallest),
            key=lambda group: (-group[2].credits_micro, group[0] or ""),
        )
        idle = sorted(
            (
                (t, count, Totals())
                for t, count in people.items()
                if t not in sums and count >= max(1, smallest)
            ),
            key=lambda group: group[0] or "",
        )
        return [*used, *idle][:most]

    def group_splits(
        self, team: str | None, period: Period
    ) -> tuple[dict[str, int], dict[tuple[str, str | None], int]]:
        """A team's credits by client and by model."""
        rows = self.rows_of(WholeCompany(names=True, workspace_gap=True), period)
        own = [row for row in rows if (owner := self.owner(row)) and self.employees[owner].team == team]
        clients = _summed((name, one) for row in own for name, one in row.clients)
        models = _summed((key[:2], key.amounts) for row in own for key in row.models or ())
        return (
            {name: totals.credits_micro for name, totals in clients.items()},
            {name: totals.credits_micro for name, totals in models.items()},
        )

    def workspace_gap(self, period: Period) -> Totals:
        """The workspace's totals less the accounts', figure by figure where the workspace tells it."""
        gap = Totals()
        for day in period.days():
            if day in self.rows and day in self.workspace:
                told = self.workspace[day].totals
                accounts = sum((totals_of(row.totals) for row in self.rows[day].values()), Totals())
                gap += _less(told, accounts)
        return gap


def _less(told: Amounts, accounts: Totals) -> Totals:
    def less(figure: int | None, other: int) -> int:
        return 0 if figure is None else figure - other

    return Totals(
        rows=1,
        threads=less(told.threads, accounts.threads),
        turns=less(told.turns, accounts.turns),
        credits_micro=told.credits_micro - accounts.credits_micro,
        cost_usd_micro=less(told.cost_usd_micro, accounts.cost_usd_micro),
        estimated_cost_usd_micro=less(told.estimated_cost_usd_micro, accounts.estimated_cost_usd_micro),
        total_tokens=less(told.total_tokens, accounts.total_tokens),
    )


def _summed(pairs: Iterable[tuple[K, Amounts | Totals]]) -> dict[K, Totals]:
    sums: dict[K, Totals] = {}
    for key, one in pairs:
        sums[key] = sums.get(key, Totals()) + (one if isinstance(one, Totals) else totals_of(one))
    return sums


def _code(rows: Iterable[UsageRow]) -> CodeTotals:
    sums = [0] * 7
    for code in (row.code for row in rows if row.code):
        added = (
            1,
            code.lines_added,
            code.lines_removed,
            code.lines_committed,
            code.total_committed_lines,
            code.codex_commits,
            code.total_commits,
        )
        sums = [total + (figure or 0) for total, figure in zip(sums, added, strict=True)]
    return CodeTotals(*sums)


def _streak(days: set[date], today: date) -> int:
    day, length = today if today in days else today - timedelta(days=1), 0
    while day in days:
        day -= timedelta(days=1)
        length += 1
    return length
