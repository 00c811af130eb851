"""How long the hourly sync of the large company takes, and how much memory."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.core.people import SlackPerson
from bot.features.link import People
from bot.features.sync import Sync, SyncOrder
from bot.sources.codex import CodexSource
from bot.store.sqlite import SqliteStore
from tests.bench.clocks import Seconds
from tests.bench.large import NOW
from tests.bench.wire import BASE_URL, WORKSPACE, Wire


@dataclass(frozen=True, slots=True)
class Resynced:
    """One sync of the last seven days and today; seconds without what the vendor's side took."""

    seconds: float
    cpu_seconds: float
    rows: int
    megabytes: float
    changed: int
    peak_rss_mib: float
    error: str | None


class Nobody:
    """A Slack workspace without people, so that what is measured is usage."""

    def fetch_people(self) -> Iterator[SlackPerson]:
        return iter(())


def resync(path: Path, *, corrected: int = 50) -> Resynced:
    """Sync once, with ``corrected`` in a thousand accounts changed each day."""
    store, wire = SqliteStore(path), Wire(path, corrected=corrected)
    source = CodexSource(
        wire.client(), base_url=BASE_URL, workspace_id=WORKSPACE, api_key="bench", page_limit=1000
    )
    begun = Seconds.now()

    def clock() -> datetime:
        return NOW + timedelta(hours=1, seconds=(Seconds.now() - begun).wall)

    report = Sync(store, source, People(store, Nobody(), None), clock=clock).run(SyncOrder(today=NOW.date()))
    taken = Seconds.now() - begun - wire.seconds
    store.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    changed = sum(part.new + part.changed + part.vanished for part in report.parts if part.name == "usage")
    errors = [f"{part.name}: {part.error}" for part in report.parts if part.error]
    return Resynced(
        taken.wall, taken.cpu, wire.rows, wire.bytes / 1e6, changed, peak, " ".join(errors) or None
    )
