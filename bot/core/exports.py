"""What stands in an exported file: its columns, and each row of figures under them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bot.core.answers import GroupSlice
from bot.core.models import MICRO, Freshness, Totals
from bot.core.money import computed_usd_micro
from bot.core.people import Person
from bot.core.periods import DAY, Period

Cell = str | int | Decimal | date | datetime | None
"""None is not known, or does not apply; it is never zero."""

NO_TEAM = "(no team)"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person's period. ``manager_email`` is told only where the manager is in sight, too."""

    person: Person
    department: str | None
    cost_center: str | None
    manager_email: str | None
    active_days: int
    totals: Totals


@dataclass(frozen=True, slots=True)
class ExportHead:
    """What holds for every row. It stands in each, so that a part of the file still says what it is."""

    period: Period
    freshness: Freshness
    credit_price_usd: Decimal | None


def person_cells(row: PersonRow, head: ExportHead) -> dict[str, Cell]:
    """One person's row, by column."""
    person = row.person
    return {
        **_days(head),
        "email": person.email,
        "name": person.name,
        "team": person.team,
        "department": row.department,
        "cost_center": row.cost_center,
        "manager_email": row.manager_email,
        "left_on": person.left_on,
        "active_days": row.active_days,
        **_figures(row.totals, head.credit_price_usd),
        **_freshness(head.freshness),
    }


def group_cells(row: GroupSlice, head: ExportHead) -> dict[str, Cell]:
    """A team's row; how many of its people are active is not told for small teams that stand together."""
    return {
        **_days(head),
        "team": row.label or NO_TEAM,
        "people": row.people,
        "active_people": row.active,
        **_figures(row.totals, head.credit_price_usd),
        **_freshness(head.freshness),
    }


def amount(micro: int) -> Decimal:
    """Millionths as an exact decimal without trailing zeros."""
    whole = Decimal(micro).scaleb(-6)
    return whole.quantize(Decimal(1)) if micro % MICRO == 0 else whole.normalize()


def _days(head: ExportHead) -> dict[str, Cell]:
    return {"first_day": head.period.since, "last_day": head.period.until - DAY}


def _figures(totals: Totals, price_usd: Decimal | None) -> dict[str, Cell]:
    """Amounts of different origin stand side by side and are never added."""
    is_told = totals.token_rows > 0 or totals.rows == 0
    priced = {}
    if price_usd is not None:
        priced["contract_usd"] = amount(computed_usd_micro(totals.credits_micro, price_usd))
    return {
        "threads": totals.threads,
        "turns": totals.turns,
        "credits": amount(totals.credits_micro),
        **priced,
        "billed_usd": amount(totals.cost_usd_micro) if totals.cost_rows else None,
        "estimated_usd": amount(totals.estimated_cost_usd_micro) if totals.estimated_rows else None,
        "uncached_input_tokens": totals.uncached_input_tokens if is_told else None,
        "cached_input_tokens": totals.cached_input_tokens if is_told else None,
        "output_tokens": totals.output_tokens if is_told else None,
        "total_tokens": totals.total_tokens if is_told else None,
        "account_days": totals.rows,
        "account_days_with_tokens": totals.token_rows,
    }


def _freshness(freshness: Freshness) -> dict[str, Cell]:
    return {
        "complete_to": freshness.complete_to,
        "read_at": freshness.read_at,
        "days_partial": _listed(freshness.partial),
        "days_missing": _listed(freshness.missing),
    }


def _listed(days: Sequence[date]) -> str | None:
    return " ".join(map(str, days)) or None
