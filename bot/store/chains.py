"""Which chains are large enough to be summed beforehand, and how they hang together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.people import Place
from bot.store import rollups
from bot.store.engine import Connection
from bot.store.rollups import EVERYONE, NOBODY, bits_of


@dataclass(frozen=True, slots=True)
class ChainChart:
    """The large chains of a chart, by employee number.

    ``homes`` gives everyone the nearest large chain that holds them (`EVERYONE` where there is none), ``ups``
    every chain all chains that hold it, itself included.
    """

    homes: Mapping[int, int]
    ups: Mapping[int, set[int]]


def chart_chains(places: Mapping[int, Place]) -> ChainChart:
    """The large chains of a chart of employee numbers."""
    ups: dict[int, set[int]] = {EVERYONE: {EVERYONE}, NOBODY: {NOBODY, EVERYONE}}
    homes: dict[int, int] = {}
    open_chains: list[tuple[int, int]] = []  # (last place, chain), the innermost last
    for number, place in sorted(places.items(), key=lambda item: item[1].first):
        while open_chains and open_chains[-1][0] < place.first:
            open_chains.pop()
        home = open_chains[-1][1] if open_chains else EVERYONE
        homes[number] = home
        if place.last - place.first > rollups.LARGE_CHAIN:
            ups[number] = {number} | ups[home]
            open_chains.append((place.last, number))
    return ChainChart(homes, ups)


def save_chains(connection: Connection, chart: ChainChart) -> None:
    """Store the chains and who is in them; employees already carry their home chain."""
    pairs = {(chain, ancestor) for chain, ancestors in chart.ups.items() for ancestor in ancestors}
    stored = set(connection.execute("SELECT chain, ancestor FROM chain_up").fetchall())
    connection.executemany("DELETE FROM chain_up WHERE chain = ? AND ancestor = ?", sorted(stored - pairs))
    connection.executemany("INSERT INTO chain_up VALUES (?, ?)", sorted(pairs - stored))
    members = _members(connection, chart)
    gone = [(chain,) for (chain,) in connection.execute("SELECT id FROM chain") if chain not in members]
    for query in ("DELETE FROM chain WHERE id = ?", "DELETE FROM chain_day WHERE chain = ?"):
        connection.executemany(query, gone)
    connection.executemany("DELETE FROM chain_code_day WHERE chain = ?", gone)
    connection.executemany(
        "INSERT INTO chain VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET people = excluded.people,"
        " members = excluded.members WHERE members IS NOT excluded.members",
        [(chain, len(people), bits_of(people)) for chain, people in members.items()],
    )


def _members(connection: Connection, chart: ChainChart) -> dict[int, list[int]]:
    members: dict[int, list[int]] = {chain: [] for chain in chart.ups if chain != NOBODY}
    rows = connection.execute("SELECT id, home_chain FROM employee WHERE NOT archived ORDER BY id")
    for number, home in rows:
        for chain in chart.ups[home]:
            members[chain].append(number)
    return members
