"""What happened to an incident cannot be rewritten, and goes with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.alerts.incidents import Change, Happening
from bot.errors import StoreError
from bot.ports import Authorship
from bot.store.sqlite import SqliteStore
from tests.store.contract.test_incidents import OPEN
from tests.store.rig import NOW


def test_history_is_only_added_to(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.db")
    store.migrate()
    with store.changing_incidents() as ledger:
        number = ledger.save_change(Change(OPEN, Happening.OPENED), Authorship(NOW))
    with pytest.raises(StoreError, match="never rewritten"), store.engine.writing() as connection:
        connection.execute("UPDATE incident_event SET reason = 'another'")
    with store.engine.writing() as connection:
        connection.execute("DELETE FROM incident WHERE id = ?", (number,))
    assert store.load_events(number) == []
    store.close()
