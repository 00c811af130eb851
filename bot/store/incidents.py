"""Incidents as they are kept: reads at any time, and changes inside one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from bot.core.alerts.ask_first import ASK, OwnKind
from bot.core.alerts.incidents import Change, Incident, IncidentKey
from bot.core.alerts.orders import CARDS
from bot.core.deliveries import Order
from bot.core.models import date_of, epoch_day
from bot.core.plans.expectations import Expectation
from bot.core.spikes.shifts import Shift, ShiftChange
from bot.ports.incidents import Authorship, IncidentEvent, KeptIncident, StaleCard
from bot.store import ledger, shifts, versions
from bot.store.deliveries import insert_orders
from bot.store.engine import Connection, Engine
from bot.store.incident_rows import INCIDENT, cells_of, incident_of
from bot.store.outbox import COLUMNS, delivery_of, instant, seconds
from bot.store.plans import SqlitePlanLedger, insert_expectation, load_expectations

_UPSERT = (
    f"INSERT INTO incident ({INCIDENT}, event) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)"
    " ON CONFLICT DO UPDATE SET state = excluded.state, days = excluded.days, settled = excluded.settled,"
    " told_at = excluded.told_at, told_day = excluded.told_day, told_excess = excluded.told_excess,"
    " told_label = excluded.told_label, until = excluded.until, card = excluded.card RETURNING id"
)

_LIVE_OR_NAMED = (
    f"SELECT {INCIDENT} FROM incident WHERE state <> 'resolved' UNION ALL"
    f" SELECT {INCIDENT} FROM json_each(?) k CROSS JOIN incident"
    " ON subject = json_extract(k.value, '$[0]') AND kind = json_extract(k.value, '$[1]') WHERE state = 'resolved'"
)
_MANAGERS = (
    "SELECT e.email, m.email FROM json_each(?) k CROSS JOIN employee e ON e.email = k.value"
    " JOIN employee m ON m.email = e.manager_email WHERE NOT m.archived AND m.id <> e.id"
)
_STANDING = (
    f"SELECT {COLUMNS} FROM delivery WHERE period IN (SELECT value FROM json_each(?))"
    " AND kind IN (SELECT value FROM json_each(?)) AND state IN ('sending', 'sent', 'doubtful') ORDER BY id"
)
_REACHABLE = (
    "SELECT e.email FROM json_each(?) k CROSS JOIN employee e ON e.email = k.value"
    " JOIN slack_person s ON s.slack_id = e.slack_id WHERE NOT e.archived AND NOT s.deleted"
)
_UNANSWERED = (
    "SELECT id FROM incident i WHERE card = ? AND state <> 'resolved' AND NOT EXISTS"
    f" (SELECT 1 FROM incident_event e WHERE e.incident = i.id AND e.what IN {tuple(map(str, OwnKind))}"
    " AND e.id > (SELECT max(o.id) FROM incident_event o WHERE o.incident = i.id AND o.what = 'opened'))"
)
_STALE = (
    f"SELECT {', '.join(f'd.{column}' for column in COLUMNS.split(', '))}, d.channel, d.ts"
    " FROM (SELECT card, max(event) AS event FROM incident WHERE card IS NOT NULL GROUP BY card) i"
    " CROSS JOIN delivery d ON d.period = i.card WHERE d.state = 'sent'"
    " AND d.kind IN (SELECT value FROM json_each(?)) AND i.event > CAST(d.said AS INTEGER) ORDER BY d.id"
)


class SqliteIncidents:
    """A `bot.ports.IncidentStore` in one SQLite file."""

    engine: Engine

    @contextmanager
    def changing_incidents(self) -> Iterator[SqliteIncidentLedger]:
        with self.engine.writing() as connection:
            yield SqliteIncidentLedger(connection)

    def find_incident(self, number: int) -> Incident | None:
        with self.engine.reading() as connection:
            return find_incident(connection, number)

    def load_card(self, label: str) -> list[KeptIncident]:
        with self.engine.reading() as connection:
            return _kept(connection, "card = ?", label)

    def load_told(self, label: str) -> list[KeptIncident]:
        with self.engine.reading() as connection:
            return _kept(connection, "told_label = ?", label)

    def load_lined(self, label: str) -> list[KeptIncident]:
        with self.engine.reading() as connection:
            return _kept(connection, "id IN (SELECT incident FROM incident_event WHERE line = ?)", label)

    def load_events(self, number: int) -> list[IncidentEvent]:
        with self.engine.reading() as connection:
            rows = connection.execute(
                "SELECT what, at, by, reason, day, excess, until, line FROM incident_event WHERE incident = ?"
                " ORDER BY id",
                (number,),
            ).fetchall()
        return [_event(row) for row in rows]

    def find_conversation(self, order_kind: str, recipient: str, period: str) -> tuple[str, str] | None:
        with self.engine.reading() as connection:
            found: tuple[str, str] | None = connection.execute(
                "SELECT channel, ts FROM delivery WHERE period = ? AND kind = ? AND recipient = ? AND state = 'sent'",
                (period, order_kind, recipient),
            ).fetchone()
        return found

    def load_newest_event(self) -> int:
        with self.engine.reading() as connection:
            newest: int = connection.execute("SELECT coalesce(max(id), 0) FROM incident_event").fetchone()[0]
        return newest

    def load_stale_cards(self, kinds: Sequence[str]) -> list[StaleCard]:
        with self.engine.reading() as connection:
            rows = connection.execute(_STALE, (json.dumps(list(kinds)),)).fetchall()
        found = [(delivery_of(row[:-2]), *row[-2:]) for row in rows]
        return [StaleCard(delivery.number, delivery.order, channel, ts) for delivery, channel, ts in found]

    def note_shown(self, delivery: int, said: str) -> None:
        with self.engine.writing() as connection:
            connection.execute("UPDATE delivery SET said = ? WHERE id = ?", (said, delivery))


class SqliteIncidentLedger(SqlitePlanLedger):
    """A `bot.ports.IncidentLedger`, inside the transaction of a connection."""

    def load_incidents(self, keys: Iterable[IncidentKey]) -> dict[IncidentKey, Incident]:
        return {incident.key: incident for incident in load_incidents(self._connection, keys)}

    def find_incident(self, number: int) -> Incident | None:
        return find_incident(self._connection, number)

    def save_change(self, change: Change, authorship: Authorship) -> int:
        incident, peak = change.incident, change.incident.peak
        (number,) = self._connection.execute(_UPSERT, cells_of(incident)).fetchone()
        event = self._connection.execute(
            "INSERT INTO incident_event (incident, at, what, by, reason, day, excess, until, line)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                seconds(authorship.at),
                change.what,
                authorship.by or "",
                authorship.reason,
                epoch_day(peak.day),
                peak.excess_micro,
                None if incident.until is None else seconds(incident.until),
                change.line,
            ),
        ).lastrowid
        self._connection.execute("UPDATE incident SET event = ? WHERE id = ?", (event, number))
        return int(number)

    def load_expectations(self, since: date) -> list[Expectation]:
        return load_expectations(self._connection, since)

    def save_expectation(self, expectation: Expectation, now: datetime) -> None:
        insert_expectation(self._connection, expectation, None, now)

    def load_shifts(self, subjects: Sequence[str], since: date) -> dict[str, Shift]:
        return shifts.load_shifts(self._connection, subjects, since)

    def save_shifts(self, changes: Sequence[ShiftChange]) -> None:
        shifts.save_shifts(self._connection, changes)

    def load_cards(self, changes: Iterable[Change]) -> list[Order]:
        labels = sorted({change.incident.card for change in changes if change.line and change.incident.card})
        rows = self._connection.execute(_STANDING, (json.dumps(labels), json.dumps(CARDS)))
        return [delivery_of(row).order for row in rows]

    def load_managers(self, emails: Iterable[str]) -> dict[str, str]:
        return load_managers(self._connection, emails)

    def find_reachable(self, emails: Iterable[str]) -> set[str]:
        rows = self._connection.execute(_REACHABLE, (json.dumps(list(emails)),))
        return {email for (email,) in rows}

    def load_unanswered(self, label: str) -> list[int]:
        return [number for (number,) in self._connection.execute(_UNANSWERED, (label,))]

    def hasten(self, label: str, now: datetime) -> bool:
        changed = self._connection.execute(
            "UPDATE delivery SET not_before = ?2 WHERE period = ?1 AND kind <> ?3 AND state = 'pending'"
            " AND not_before > ?2",
            (label, seconds(now), ASK),
        )
        return changed.rowcount > 0

    def save_orders(self, orders: Sequence[Order], now: datetime) -> int:
        return insert_orders(self._connection, orders, now)

    def load_note(self, name: str) -> str | None:
        return ledger.load_note(self._connection, name)

    def save_note(self, name: str, value: str) -> None:
        ledger.save_note(self._connection, name, value)

    def load_usage_mark(self) -> str:
        return usage_mark(self._connection)


def find_incident(connection: Connection, number: int) -> Incident | None:
    """One incident by its number."""
    row = connection.execute(f"SELECT {INCIDENT} FROM incident WHERE id = ?", (number,)).fetchone()
    return incident_of(row) if row else None


def load_incidents(connection: Connection, keys: Iterable[IncidentKey]) -> list[Incident]:
    """Every live incident, and those of the keys."""
    wanted = json.dumps([[key.subject or "", key.kind] for key in keys])
    return [incident_of(row) for row in connection.execute(_LIVE_OR_NAMED, (wanted,))]


def load_managers(connection: Connection, emails: Iterable[str]) -> dict[str, str]:
    """The addresses of those who manage these people and are employed today, by whom they manage."""
    return dict(connection.execute(_MANAGERS, (json.dumps(list(emails)),)).fetchall())


def usage_mark(connection: Connection) -> str:
    """Differs as soon as other usage or other people are stored, or another day is complete."""
    days = connection.execute(
        "SELECT count(*), coalesce(sum(changed_at), 0), coalesce(max(changed_at), 0) FROM day_state"
    ).fetchone()
    complete = ledger.load_history(connection).complete_to
    return "-".join(map(str, (*days, complete, versions.people_version(connection))))


def _kept(connection: Connection, which: str, label: str) -> list[KeptIncident]:
    """Those of which the condition holds, the largest that was told first."""
    rows = connection.execute(
        f"SELECT id, event, {INCIDENT} FROM incident WHERE {which} ORDER BY told_excess DESC, id", (label,)
    ).fetchall()
    return [KeptIncident(number, incident_of(tuple(row)), event) for number, event, *row in rows]


def _event(row: tuple[str, int, str, str | None, int, int, int | None, str | None]) -> IncidentEvent:
    what, at, by, reason, day, excess, until, line = row
    end = None if until is None else instant(until)
    return IncidentEvent(what, Authorship(instant(at), by or None, reason), date_of(day), excess, end, line)
