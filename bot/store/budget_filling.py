"""Begins to keep the sums of groups that have got a budget, and ends it for those that have none any more."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.core.budgets.money import Spend
from bot.core.models import date_of, epoch_day
from bot.core.periods import Period
from bot.core.visibility import OPERATOR
from bot.store import budgets
from bot.store.budget_reads import has_many_people, load_spend_by_day
from bot.store.budget_sums import GroupName, drop_groups, group_of, load_kept_groups, save_group
from bot.store.engine import Connection
from bot.store.sql import queries
from bot.store.versions import sums_version

Days = dict[date, Spend]


@dataclass(frozen=True, slots=True)
class SumsChange:
    """Groups whose sums are kept no more, those that begin with what they used, and of which version of all sums."""

    version: int
    kept: Mapping[GroupName, int]
    since: date
    dropped: frozenset[GroupName]
    begun: Mapping[GroupName, Days]


def find_change(connection: Connection, since: date) -> SumsChange | None:
    """What is to be done so that each group with a budget, and no other, has sums from ``since`` on at least."""
    wanted = {
        group: budget
        for budget in budgets.load_budgets(connection)
        if (group := group_of(budget)) is not None
    }
    kept = load_kept_groups(connection)
    good = {group for group, day in kept.items() if group in wanted and day <= epoch_day(since)}
    dropped, begun = kept.keys() - good, wanted.keys() - good
    if not dropped and not begun:
        return None
    large = {group for group in begun if has_many_people(connection, wanted[group])}
    days = {
        group: load_spend_by_day(connection, OPERATOR, wanted[group], Period(since, date.max))
        for group in begun - large
    }
    return SumsChange(
        sums_version(connection),
        kept,
        since,
        frozenset(dropped),
        days | _add_up(connection, large, since),
    )


def keep(connection: Connection, change: SumsChange) -> bool:
    """Do it. False, and nothing done, where usage or people are not as they were, or another process was faster."""
    is_as_it_was = sums_version(connection) == change.version
    if not is_as_it_was or load_kept_groups(connection) != change.kept:
        return False
    drop_groups(connection, change.dropped)
    for group, days in change.begun.items():
        save_group(connection, group, change.since, days)
    return True


def _add_up(connection: Connection, groups: Iterable[GroupName], since: date) -> dict[GroupName, Days]:
    """All of them in one pass over the days, which is as fast for many groups as for one."""
    found: dict[GroupName, Days] = {group: {} for group in groups}
    if not found:
        return found
    stored = connection.execute("SELECT day FROM day_state WHERE day >= ? ORDER BY day", (epoch_day(since),))
    for (day,) in stored.fetchall():
        values = {"day": day, "groups": json.dumps(sorted(found))}
        for scope, name, *figures in connection.execute(queries()["groups_of_day"], values):
            found[scope, name][date_of(day)] = Spend(*figures)
    return found
