"""One evaluation of the large company's spend, in a process of its own: ``python -m tests.bench.alerting STEP FILE``."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.cli.progress import Progress
from bot.core.days import REREAD_DAYS, WIDE_REREAD_DAYS
from bot.core.models import epoch_day
from bot.core.periods import Period
from bot.core.spikes.findings import SpikeSettings
from bot.core.visibility import OPERATOR
from bot.features.alerts.evaluate import Alerts, AlertSettings
from bot.store import rollups
from bot.store.engine import transaction
from bot.store.learning import note_changed_day
from bot.store.sqlite import SqliteStore
from tests.bench.clocks import Seconds
from tests.bench.large import NOW
from tests.bench.resync import resync

SOON = NOW + timedelta(hours=2)
CORRECTED_ONE_IN = 20


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What an evaluation took, and what it moved; memory is the most of the whole process."""

    seconds: float
    cpu_seconds: float
    peak_rss_mib: float
    moved: int


def print_table(path: Path) -> None:
    """Every step after the other, each in a process of its own."""
    print(
        "\n## Looking for runaway spend\n\n| step | s | CPU s | most memory, MiB |\n|---|---|---|---|",
        flush=True,
    )
    for step in STEPS:
        command = [sys.executable, "-m", "tests.bench.alerting", step, str(path)]
        one = Evaluated(**json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout))
        print(f"| {step} | {one.seconds:.1f} | {one.cpu_seconds:.1f} | {one.peak_rss_mib:.0f} |", flush=True)


def main() -> None:
    """Do one step and print what it took as JSON."""
    step, path = sys.argv[1], Path(sys.argv[2])
    print(json.dumps(asdict(STEPS[step](path))))


def evaluate(path: Path, now: datetime = SOON) -> Evaluated:
    """As after a sync."""
    store = SqliteStore(path)
    begun = Seconds.now()
    with Progress() as progress:
        found = Alerts(store, AlertSettings(SpikeSettings(), "C0FINANCE"), progress.tell).evaluate(now)
    taken = Seconds.now() - begun
    store.close()
    return _evaluated(taken, 0 if found is None else len(found.changes))


def build(path: Path) -> Evaluated:
    """With nothing learnt."""
    with SqliteStore(path).engine.writing() as connection:
        connection.execute("DELETE FROM learnt_day")
    return evaluate(path)


def evaluate_synced(path: Path) -> Evaluated:
    """In the process of the sync that read the last days again."""
    resync(path)
    return evaluate(path)


def evaluate_corrected(path: Path) -> Evaluated:
    """After the last days were corrected."""
    _correct(path, REREAD_DAYS)
    return evaluate(path)


def evaluate_next_day(path: Path) -> Evaluated:
    """One day more is final."""
    return evaluate(path, SOON + timedelta(days=1))


def evaluate_weekly(path: Path) -> Evaluated:
    """After five weeks were corrected."""
    _correct(path, WIDE_REREAD_DAYS)
    return evaluate(path, SOON + timedelta(days=1))


def read_only(path: Path) -> Evaluated:
    """The floor: the rows of the open days, read and put into no more than a mapping a day."""
    store = SqliteStore(path)
    begun = Seconds.now()
    open_days = Period(NOW.date() - timedelta(days=REREAD_DAYS), NOW.date() + timedelta(days=1))
    with store.snapshot() as snapshot:
        count = sum(len(used) for _, used in snapshot.load_credits(OPERATOR, open_days))
    taken = Seconds.now() - begun
    store.close()
    return _evaluated(taken, count)


STEPS: dict[str, Callable[[Path], Evaluated]] = {
    "read": read_only,
    "build": build,
    "again": evaluate,
    "corrected": evaluate_corrected,
    "synced": evaluate_synced,
    "next-day": evaluate_next_day,
    "weekly": evaluate_weekly,
}


def _correct(path: Path, days: int) -> None:
    """What a sync does to the figures of one account in twenty, and to nothing else."""
    today = epoch_day(NOW.date())
    with SqliteStore(path).engine.unlocked() as connection:
        rollups.prepare(connection)
        for day in range(today - days, today + 1):
            which = {"day": day, "rest": day % CORRECTED_ONE_IN, "parts": CORRECTED_ONE_IN}
            with transaction(connection):
                connection.execute("DELETE FROM temp.touched")
                connection.execute(
                    "INSERT INTO temp.touched SELECT account FROM usage_day"
                    " WHERE day = :day AND account % :parts = :rest",
                    which,
                )
                connection.execute(
                    "UPDATE usage_day SET credits = credits + 1000000 WHERE day = :day AND account % :parts = :rest",
                    which,
                )
                connection.execute("UPDATE day_state SET changed_at = changed_at + 1 WHERE day = :day", which)
                note_changed_day(connection, day)


def _evaluated(taken: Seconds, moved: int) -> Evaluated:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Evaluated(taken.wall, taken.cpu, peak, moved)


if __name__ == "__main__":
    main()
