"""Usage out: what a viewer may see of a period, as sums.

Every read about people takes the sight that `bot.core.visibility` decided on. A few people are added up from
their days; a large chain, and the whole organisation, are read from the sums made beforehand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from bot.core.metrics import Metric
from bot.core.models import CodeTotals, Totals, date_of, epoch_day
from bot.core.people import Person
from bot.core.periods import Period
from bot.core.usage_sums import Ranked, Usage
from bot.core.visibility import Sight, WholeCompany
from bot.store import people, rollups
from bot.store.activity import longest_streaks
from bot.store.columns import FIGURES
from bot.store.engine import Connection
from bot.store.leaders import find_leaders
from bot.store.people_columns import PLACE, load_people_column
from bot.store.people_sums import PeopleSums
from bot.store.rollups import NOBODY, kept_period
from bot.store.scope import bounds_of, chain_of, numbers_of
from bot.store.sql import queries

_COLUMN = {
    Metric.CREDITS: "credits",
    Metric.THREADS: "threads",
    Metric.TURNS: "turns",
    Metric.TOKENS: "tokens",
}


def load_usage(connection: Connection, sums: PeopleSums, sight: Sight, period: Period) -> Usage:
    """The sums of everyone in sight: by day, by client, by model, and code attribution."""
    chain = chain_of(connection, sight)
    if chain is not None:
        return _usage_of_chain(connection, chain, period)
    return _usage(connection, *sums.load_breakdown(numbers_of(connection, sight), period))


def load_totals(connection: Connection, sums: PeopleSums, sight: Sight, period: Period) -> Totals:
    """The sum of everyone in sight, with nothing by person."""
    chain = chain_of(connection, sight)
    if chain is not None:
        return sum(_chain_days(connection, chain, period).values(), Totals())
    return sum(sums.load(numbers_of(connection, sight), period).values(), Totals())


def load_unattributed(connection: Connection, sight: WholeCompany, period: Period) -> Totals:
    """Usage of accounts that belonged to no employee on the day."""
    del sight  # asked for so that only who may see the organisation can ask
    return sum(_chain_days(connection, NOBODY, period).values(), Totals())


def rank_people(
    connection: Connection, sums: PeopleSums, sight: Sight, period: Period, metric: Metric, most: int
) -> list[Ranked]:
    """The people in sight with usage in the period, leavers included, largest first, at most ``most``."""
    above, last = bounds_of(sight)
    if isinstance(sight, WholeCompany) or last - above > rollups.LARGE_CHAIN:
        totals = _top_of_many(connection, sums, sight, period, _COLUMN[metric], most)
    else:
        totals = sums.load(numbers_of(connection, sight), period)
    found = people.load_people(connection, totals)
    ranked = [
        Ranked(found[number], used, FIGURES[_COLUMN[metric]](used))
        for number, used in totals.items()
        if used.is_active
    ]
    return sorted(ranked, key=_rank)[:most]


def rank_streaks(
    connection: Connection, sums: PeopleSums, sight: Sight, period: Period, today: date, most: int
) -> list[Ranked]:
    """The longest streaks that are running today, with what those people used in the period."""
    streaks = longest_streaks(connection, sight, today, most)
    found = people.load_people(connection, streaks)
    totals = sums.load(streaks, period)
    ranked = [Ranked(found[n], totals.get(n, Totals()), streak) for n, streak in streaks.items()]
    return sorted(ranked, key=_rank)


def load_idle_people(connection: Connection, sight: Sight, beside: Iterable[int], most: int) -> list[Person]:
    """People in sight who are employed today and not among ``beside``, by name."""
    rows = connection.execute(
        "SELECT id FROM employee WHERE first > ? AND first <= ? AND NOT archived"
        " AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY first LIMIT ?",
        (*bounds_of(sight), json.dumps(list(beside)), most),
    )
    found = people.load_people(connection, [row[0] for row in rows])
    return sorted(found.values(), key=lambda person: (person.name.lower(), person.email))


def _usage_of_chain(connection: Connection, chain: int, period: Period) -> Usage:
    values = {"chain": chain, "since": epoch_day(period.since), "until": epoch_day(period.until)}
    clients, models = (
        {
            row[0]: Totals(*row[1:])
            for row in connection.execute(queries()["chain_parts"], values | {"split": split})
        }
        for split in (1, 2)
    )
    code = CodeTotals(*connection.execute(queries()["chain_code"], values).fetchone())
    return _usage(connection, _chain_days(connection, chain, period), clients, models, code)


def _usage(
    connection: Connection,
    days: Mapping[int, Totals],
    clients: Mapping[int, Totals],
    models: Mapping[int, Totals],
    code: CodeTotals,
) -> Usage:
    client_names = dict(connection.execute("SELECT id, name FROM client").fetchall())
    model_names = {
        row[0]: (row[1], row[2]) for row in connection.execute("SELECT id, name, speed FROM model")
    }
    return Usage(
        days={date_of(day): totals for day, totals in days.items()},
        clients={client_names[part]: totals for part, totals in clients.items()},
        models={model_names[part]: totals for part, totals in models.items()},
        code=code,
    )


def _chain_days(connection: Connection, chain: int, period: Period) -> dict[int, Totals]:
    values = {"chain": chain, "since": epoch_day(period.since), "until": epoch_day(period.until)}
    return {row[0]: Totals(*row[1:]) for row in connection.execute(queries()["chain_days"], values)}


def _top_of_many(
    connection: Connection, sums: PeopleSums, sight: Sight, period: Period, column: str, most: int
) -> dict[int, Totals]:
    above, last = bounds_of(sight)
    company: int = connection.execute("SELECT coalesce(max(first), 0) FROM employee").fetchone()[0]
    values: dict[str, int | str] = {"above": above, "last": last, "most": most}
    if (kept := kept_period(connection, period)) is not None:
        if _is_shorter_by_place(last - above, company, most):
            return _top(connection, "top_of_period_by_place", column, values | {"period": kept})
        first = list(_first_of_ranking(connection, sight, kept, column, most))
        of_people = values | {"period": kept, "people": json.dumps(first)}
        return _top(connection, "top_of_people", column, of_people)
    if not _is_shorter_by_place_than_columns(last - above, company):
        leaders = find_leaders(connection, sums, period)
        found = None if leaders is None else leaders.load_people(sight, column, most)
        if found is not None:
            return found
    values |= {"since": epoch_day(period.since), "until": epoch_day(period.until)}
    by_place = _is_shorter_by_place_than_days(last - above, company)
    return _top(connection, "top_of_days_by_place" if by_place else "top_of_days", column, values)


def _first_of_ranking(
    connection: Connection, sight: Sight, kept: int, column: str, most: int
) -> Iterator[int]:
    """The first in sight of a kept ranking, and whoever equals the last of them, by employee number."""
    above, last = bounds_of(sight)
    places = None if isinstance(sight, WholeCompany) else load_people_column(connection, PLACE)
    least, met = 0, 0
    ranking = connection.execute(queries()["ranking_of_period"].replace(":metric:", column), {"period": kept})
    for number, value in ranking:
        if met >= most and value < least:
            return
        if places is None or above < places[number] <= last:
            least, met = value, met + 1
            yield number


def _top(
    connection: Connection, name: str, column: str, values: Mapping[str, int | str]
) -> dict[int, Totals]:
    query = queries()[name].replace(":metric:", column)
    return {row[0]: Totals(*row[1:]) for row in connection.execute(query, values)}


def _is_shorter_by_place(places: int, company: int, most: int) -> bool:
    """True where looking everyone up is shorter than walking the company's ranking until enough were met."""
    return places * places <= most * company


def _is_shorter_by_place_than_columns(places: int, company: int) -> bool:
    """True where looking up everyone's weeks is shorter than adding up the company's columns."""
    return places * 20 <= company


def _is_shorter_by_place_than_days(places: int, company: int) -> bool:
    """True where looking up everyone's weeks is shorter than reading all days of the company."""
    return places * 2 <= company


def _rank(one: Ranked) -> tuple[int, int, str]:
    return (-one.value, -one.totals.credits_micro, one.person.email)
