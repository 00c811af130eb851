"""What finance and admins chose about alerts, with every choice before it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from bot.core.alerts.choice import AlertChoice
from bot.core.alerts.quality import Moved
from bot.core.spikes.findings import Sensitivity, SpikeSettings
from bot.store.engine import Connection, Engine

_MOVES = (
    "SELECT incident, at, what, by FROM incident_event WHERE incident IN"
    " (SELECT incident FROM incident_event WHERE at >= ?) ORDER BY id"
)


class SqliteAlertReads:
    """A `bot.ports.AlertReads`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def load_alert_choice(self) -> AlertChoice | None:
        return _load_newest(self._connection)

    def load_alert_moves(self, since: datetime) -> list[Moved]:
        rows = self._connection.execute(_MOVES, (int(since.timestamp()),))
        return [
            Moved(number, datetime.fromtimestamp(at, UTC), what, bool(by)) for number, at, what, by in rows
        ]


class SqliteAlertChoices:
    """A `bot.ports.AlertChoices` in one SQLite file."""

    engine: Engine

    def load_alert_choice(self) -> AlertChoice | None:
        with self.engine.reading() as connection:
            return _load_newest(connection)

    def load_alert_choices(self) -> list[AlertChoice]:
        with self.engine.reading() as connection:
            return _load(connection, "ORDER BY id")

    def save_alert_choice(
        self, settings: SpikeSettings | None, by: str, now: datetime, *, after: int
    ) -> bool:
        with self.engine.writing() as connection:
            cursor = connection.execute(
                "INSERT INTO alert_choice (chosen_at, chosen_by, settings)"
                " SELECT ?, ?, ? WHERE (SELECT coalesce(max(id), 0) FROM alert_choice) = ?",
                (int(now.timestamp()), by, _json(settings), after),
            )
            return cursor.rowcount == 1


def _load_newest(connection: Connection) -> AlertChoice | None:
    rows = _load(connection, "ORDER BY id DESC LIMIT 1")
    return rows[0] if rows else None


def _load(connection: Connection, order: str) -> list[AlertChoice]:
    rows = connection.execute(f"SELECT id, chosen_at, chosen_by, settings FROM alert_choice {order}")
    return [
        AlertChoice(number, datetime.fromtimestamp(at, UTC), by, _settings(text))
        for number, at, by, text in rows
    ]


def _json(settings: SpikeSettings | None) -> str | None:
    if settings is None:
        return None
    return json.dumps(
        [settings.sensitivity, settings.floor_micro, settings.floor_share, settings.hard_cap_micro]
    )


def _settings(text: str | None) -> SpikeSettings | None:
    if text is None:
        return None
    sensitivity, floor, share, cap = json.loads(text)
    return SpikeSettings(Sensitivity(sensitivity), floor, share, cap)
