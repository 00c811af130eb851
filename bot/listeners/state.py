"""What the store says about the bot's own state: readiness, and gauges for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from prometheus_client.core import GaugeMetricFamily, Metric

from bot.core.deliveries import DeliveryState
from bot.core.ledger import Run
from bot.core.periods import default_period
from bot.errors import StoreError
from bot.listeners.metrics import NAMESPACE
from bot.listeners.web import Readiness
from bot.ports import Clock, Store

STALE_AFTER_INTERVALS = 3
TROUBLE_WINDOW = timedelta(days=7)


class State:
    """Readiness and gauges, both read from the store at the moment they are asked for."""

    def __init__(self, store: Store, sync_interval: timedelta, clock: Clock) -> None:
        self._store = store
        self._oldest = STALE_AFTER_INTERVALS * sync_interval
        self._clock = clock

    def readiness(self, now: datetime) -> Readiness:
        """Ready while the database answers and usage was read within three intervals."""
        try:
            with self._store.snapshot() as snapshot:
                read_at = snapshot.load_freshness(default_period(now.date()), now).read_at
        except StoreError as error:
            return Readiness(ready=False, reasons=(str(error),))
        if read_at is None:
            return Readiness(ready=False, reasons=("Usage was never read yet.",))
        age = now - read_at
        if age > self._oldest:
            minutes = int(age.total_seconds() // 60)
            return Readiness(ready=False, reasons=(f"Usage was last read {minutes} minutes ago.",))
        return Readiness(ready=True)

    def collect(self) -> Iterator[Metric]:
        """The gauges; `codex_usage_database_up` alone where the database does not answer."""
        up = GaugeMetricFamily(f"{NAMESPACE}_database_up", "1 while the database answers.")
        try:
            gauges = list(self._gauges())
        except StoreError:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        yield from gauges

    def _gauges(self) -> Iterator[Metric]:
        now = self._clock()
        with self._store.snapshot() as snapshot:
            freshness = snapshot.load_freshness(default_period(now.date()), now)
            admin = snapshot.load_admin_status()
            run = snapshot.load_last_run()
        yield from self._delivery_gauges(now)
        complete = (
            None if freshness.complete_to is None else datetime.combine(freshness.complete_to, time(), UTC)
        )
        figures = {
            "last_read_timestamp_seconds": ("When usage was last read.", _seconds(freshness.read_at)),
            "complete_day_timestamp_seconds": ("Start of the last complete UTC day.", _seconds(complete)),
            "last_sync_ok": (
                "1 when the last sync ended without an error.",
                int(_ended_well(run)),
            ),
            "refused_days": ("Days whose newest reading is not believed.", len(admin.refused_days)),
            "accounts": ("Accounts that the usage API has told of.", admin.accounts),
            "unmatched_accounts": ("Accounts that belong to no employee.", admin.unmatched_accounts),
            "employees": ("People who are employed today.", admin.employees),
            "employees_in_slack": ("Of them, who is matched to Slack.", admin.matched_to_slack),
        }
        for name, (text, value) in figures.items():
            gauge = GaugeMetricFamily(f"{NAMESPACE}_{name}", text)
            gauge.add_metric([], value)
            yield gauge

    def _delivery_gauges(self, now: datetime) -> Iterator[Metric]:
        counts = self._store.count_open_deliveries(now - TROUBLE_WINDOW)
        open_gauge = GaugeMetricFamily(
            f"{NAMESPACE}_deliveries_open",
            "Messages that wait, are under way or in doubt; parked or unknown in the last week.",
            labels=["state"],
        )
        for state in DeliveryState:
            if state not in (DeliveryState.SENT, DeliveryState.DROPPED):
                open_gauge.add_metric([state], counts.get(state, 0))
        yield open_gauge
        stopped = GaugeMetricFamily(f"{NAMESPACE}_deliveries_stopped", "1 while Slack refuses every message.")
        stopped.add_metric([], int(self._store.load_standstill() is not None))
        yield stopped


def _ended_well(run: Run | None) -> bool:
    return run is not None and run.finished_at is not None and run.error is None


def _seconds(instant: datetime | None) -> float:
    return 0.0 if instant is None else instant.timestamp()
