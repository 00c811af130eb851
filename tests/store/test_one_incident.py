"""A database in which one person can have several incidents is upgraded to one of each person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.core.alerts.incidents import IncidentKey
from bot.store import migrations
from bot.store.engine import Connection
from bot.store.incidents import load_incidents
from bot.store.sqlite import SqliteStore

ANA, BEN, CYD = (f"{name}@example.com" for name in ("ana", "ben", "cyd"))
FACTS = (
    "subject",
    "kind",
    "state",
    "days",
    "settled",
    "told_at",
    "told_day",
    "told_excess",
    "told_label",
    "card",
)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SqliteStore:
    """As the version before left it."""
    every = migrations._scripts()
    monkeypatch.setattr(migrations, "_scripts", lambda: every[:5])
    made = SqliteStore(tmp_path / "store.db")
    made.migrate()
    monkeypatch.setattr(migrations, "_scripts", lambda: every)
    return made


def put(
    connection: Connection, subject: str, kind: str, state: str, days: Mapping[int, int], **facts: object
) -> None:
    """An incident with an event; ``days`` are credits by day, against 10 that were expected."""
    cells = [[day, "warning", used, 10, 40] for day, used in days.items()]
    values = (
        {"told_day": 8}
        | facts
        | {"subject": subject, "kind": kind, "state": state, "days": json.dumps(cells)}
    )
    row = connection.execute(
        f"INSERT INTO incident ({', '.join(FACTS)}, event) VALUES ({', '.join('?' * len(FACTS))}, 0) RETURNING id",
        [values.get(name) for name in FACTS],
    ).fetchone()
    event = connection.execute(
        "INSERT INTO incident_event (incident, at, what, by, day, excess) VALUES (?, 1, 'opened', '', 1, 1)",
        row,
    ).lastrowid
    connection.execute("UPDATE incident SET event = ? WHERE id = ?", (event, *row))


def test_one_goes_on_with_all_days_and_the_others_are_over(store: SqliteStore) -> None:
    with store.engine.writing() as connection:
        put(
            connection,
            ANA,
            "cold_start",
            "acknowledged",
            {5: 900, 6: 70},
            told_at=50,
            told_excess=890,
            card="first",
        )
        put(
            connection,
            ANA,
            "spike",
            "open",
            {6: 80, 8: 200},
            told_at=80,
            told_excess=190,
            card="second",
            settled=3,
        )
        put(connection, ANA, "hard_cap", "resolved", {2: 5000}, settled=4, told_at=20, told_excess=4990)
        put(connection, BEN, "cold_start", "open", {7: 300}, told_at=70, told_excess=290)
        put(connection, CYD, "spike", "resolved", {1: 100}, settled=1, told_at=9)
        put(connection, CYD, "cold_start", "resolved", {3: 100}, settled=3, told_at=30)
        put(connection, "", "org_surge", "open", {7: 9000})

    assert store.migrate()[0] == "0006_learnt_days"

    keys = [IncidentKey(who, "spike") for who in (ANA, BEN, CYD)]
    with store.engine.reading() as connection:
        found = {one.key.subject: one for one in load_incidents(connection, keys)}
    ana, ben, cyd, everybody = (found[who] for who in (ANA, BEN, CYD, None))
    assert (ana.state, ana.card) == ("open", "second")
    assert [(one.day.day, one.credits_micro, one.kind) for one in ana.days] == [
        (6, 900, "cold_start"),
        (7, 80, "spike"),
        (9, 200, "spike"),
    ]
    assert ana.settled is not None
    assert ana.settled.day == 5
    assert ana.told is not None
    assert ana.told.excess_micro == 890
    assert (ben.state, ben.days[0].kind, ben.peak.kind) == ("open", "cold_start", "cold_start")
    assert (cyd.state, cyd.days[0].day.day) == ("resolved", 4)
    assert (everybody.key.kind, everybody.days[0].kind) == ("org_surge", "org_surge")


def test_a_card_that_is_joined_to_another_says_so_once(store: SqliteStore) -> None:
    with store.engine.writing() as connection:
        put(
            connection,
            ANA,
            "cold_start",
            "open",
            {5: 900, 6: 70},
            told_at=50,
            told_excess=890,
            told_day=6,
            card="first",
        )
        put(
            connection, ANA, "spike", "open", {8: 200}, told_at=80, told_excess=190, told_day=8, card="second"
        )
    store.migrate()
    (first,), (second,) = store.load_card("first"), store.load_card("second")
    assert (first.incident.state, second.incident.state) == ("resolved", "open")
    assert [one.what for one in store.load_events(first.number)] == ["opened", "joined"]
    assert first.event > second.event
    joined = store.load_events(first.number)[-1]
    assert (joined.day.day, joined.excess_micro) == (6, 890)
    assert [one.what for one in store.load_events(second.number)] == ["opened"]
