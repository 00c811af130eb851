"""A post office under a test's control: what Slack would do with each message, and time that only waits move."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.core.deliveries import (
    Absent,
    Delivery,
    DeliveryState,
    DoubtRule,
    FindOutcome,
    Letter,
    Order,
    Posted,
    PostOutcome,
    ProbeOutcome,
)
from bot.features.deliveries.deliver import Deliver, Shift
from bot.features.deliveries.desk import Clocks, DeliverySettings
from tests.store.empty import empty_store
from tests.store.rig import STAFF, save_people

START = datetime(2026, 11, 16, 9, tzinfo=UTC)
WEEK = "2026-W46"
QUARANTINE = 90.0
SLACK_IDS = {one.email: f"U{one.name.upper()}" for one in STAFF if not one.archived}


class Time:
    """Two clocks that move together; ``set_back`` and its like move only the one on the wall."""

    def __init__(self) -> None:
        self.now = START
        self.ticked = 1000.0

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.ticked += seconds


class Post:
    """A Slack whose next answers are queued; without any it takes everything, and it shows what it took."""

    def __init__(self, time: Time) -> None:
        self._time = time
        self.answers: list[PostOutcome | tuple[PostOutcome, bool]] = []
        self.finds: list[FindOutcome] = []
        self.probes: list[ProbeOutcome] = []
        self.taken: list[tuple[str, str, object]] = []
        self.posted_at: list[float] = []
        self.tried: list[object] = []
        self.threads: list[str | None] = []
        self.looked: list[tuple[str, str | None, datetime]] = []
        self.probed_at: list[float] = []

    def post(self, form: object, destination: str, key: str) -> PostOutcome:
        self.posted_at.append(self._time.ticked)
        self.tried.append(form)
        answer = self.answers.pop(0) if self.answers else self._taken(destination)
        outcome, is_taken = answer if isinstance(answer, tuple) else (answer, isinstance(answer, Posted))
        if is_taken:
            self.taken.append((destination, key, form))
        return outcome

    def find(
        self, destination: str, conversation: str | None, key: str, since: datetime, thread: str | None = None
    ) -> FindOutcome:
        self.threads.append(thread)
        self.looked.append((destination, conversation, since))
        if self.finds:
            return self.finds.pop(0)
        return (
            self._taken(destination) if any(one[:2] == (destination, key) for one in self.taken) else Absent()
        )

    def probe(self) -> ProbeOutcome:
        self.probed_at.append(self._time.ticked)
        return self.probes.pop(0) if self.probes else None

    def _taken(self, destination: str) -> Posted:
        return Posted(f"D{destination[1:]}", f"{self._time.ticked:.6f}")


class Watcher:
    """Everything that was told."""

    def __init__(self) -> None:
        self.changes: list[tuple[str, str, str | None]] = []
        self.halts: list[tuple[str, float]] = []
        self.busy: list[tuple[float, float]] = []
        self.resumed = 0
        self.faults: list[Exception] = []

    def on_change(self, delivery: Delivery, state: DeliveryState, reason: str | None) -> None:
        self.changes.append((delivery.order.recipient.partition("@")[0], str(state), reason))

    def on_busy(self, seconds: float, per_second: float) -> None:
        self.busy.append((seconds, per_second))

    def on_halt(self, reason: str, pause_seconds: float) -> None:
        self.halts.append((reason, pause_seconds))

    def on_resume(self) -> None:
        self.resumed += 1

    def on_fault(self, error: Exception) -> str:
        self.faults.append(error)
        return "0123abcd"


class Writer:
    """Composes; ``says`` replaces what it has to say about somebody."""

    def __init__(self) -> None:
        self.says: dict[str, Callable[[], Letter | str]] = {}

    def compose(self, order: Order, now: datetime) -> Letter | str:
        name = order.recipient.partition("@")[0]
        return (
            self.says[name]()
            if name in self.says
            else Letter([f"to {name}", f"to {name}, plainer", f"to {name}, as text"], f'"{now:%H:%M}"')
        )


class DeliveryRig:
    """A store with the cast in it, and everything around a delivery."""

    def __init__(self, folder: Path, doubt: DoubtRule = "check", per_second: float = 5.0) -> None:
        self.time = Time()
        self.post = Post(self.time)
        self.watch = Watcher()
        self.writer = Writer()
        self.store = empty_store(folder / "store.db")
        save_people(self.store, slack_ids=SLACK_IDS)
        self.settings = DeliverySettings(doubt, QUARANTINE, per_second, "secret")
        self.deliver = self.new_process()

    def new_process(self) -> Deliver:
        """As after a restart."""
        clocks = Clocks(lambda: self.time.now, lambda: self.time.ticked, self.time.sleep)
        self.deliver = Deliver(self.store, self.writer, self.post, self.settings, clocks, self.watch)
        return self.deliver

    def order(self, *names: str, due: datetime = START, kind: str = "manager_digest") -> None:
        expires, traces = due + timedelta(days=7), due - timedelta(days=1)
        addresses = [name if name.startswith("C0") else f"{name}@example.com" for name in names]
        self.store.save_orders(
            [Order(kind, one, WEEK, due, expires, traces) for one in addresses], self.time.now
        )

    def run(self, seconds: float = 0.0, *, steps: int = 1000, stride: float = 0.0) -> None:
        """One process works for so long, and at least until there is nothing to be done at once."""
        with self.deliver.shift() as shift:
            self.work(shift, seconds, steps=steps, stride=stride)

    def work(self, shift: Shift, seconds: float = 0.0, *, steps: int = 1000, stride: float = 0.0) -> None:
        """``stride`` makes every pause that long at least, for what would take a day."""
        until = self.time.ticked + seconds
        for _ in range(steps):
            pause = shift.step()
            if pause and self.time.ticked + pause > until:
                return
            self.time.sleep(max(pause, stride) if pause else 0.0)

    def states(self) -> dict[str, str]:
        return {
            one.order.recipient.partition("@")[0]: str(one.state) for one in self.store.load_deliveries(WEEK)
        }

    def reasons(self) -> Sequence[str | None]:
        return [one.reason for one in self.store.load_deliveries(WEEK)]


@contextmanager
def post_office(folder: Path, doubt: DoubtRule = "check", per_second: float = 5.0) -> Iterator[DeliveryRig]:
    """A rig whose store is closed at the end."""
    rig = DeliveryRig(folder, doubt, per_second)
    try:
        yield rig
    finally:
        rig.store.close()
