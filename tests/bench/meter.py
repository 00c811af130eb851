"""What one piece of work takes of the machine, so that our own cost and a busy machine can be told apart."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(slots=True)
class Cost:
    """What this thread took. ``queued_ms`` is the time it was ready to run and other work had the processors.

    ``reads`` counts calls that read a file: for SQLite, pages that were not in the connection's own memory, from
    the operating system's or from the disk. ``disk_kib`` is what came from the disk itself.
    """

    wall_ms: float = 0.0
    cpu_ms: float = 0.0
    queued_ms: float = 0.0
    reads: int = 0
    disk_kib: float = 0.0

    @property
    def unqueued_ms(self) -> float:
        """What the clock would have shown with a processor always free: computing, and waiting for the disk."""
        return max(self.cpu_ms, self.wall_ms - self.queued_ms)


@contextmanager
def metered() -> Iterator[Cost]:
    """Measure the block; the cost is filled in at its end. Needs Linux's /proc."""
    cost = Cost()
    reads, disk = _input()
    queued, cpu, wall = _queued(), time.thread_time(), time.perf_counter()
    yield cost
    cost.wall_ms = (time.perf_counter() - wall) * 1e3
    cost.cpu_ms = (time.thread_time() - cpu) * 1e3
    cost.queued_ms = (_queued() - queued) / 1e6
    reads_then, disk_then = _input()
    cost.reads = reads_then - reads - _READS_OF_OUR_OWN
    cost.disk_kib = (disk_then - disk) / 1024


def _queued() -> int:
    """Nanoseconds, since the thread began (the second figure of the kernel's schedstat)."""
    return int(_THREAD.joinpath("schedstat").read_text().split()[1])


def _input() -> tuple[int, int]:
    """Calls that read, and bytes that came from the disk."""
    lines = dict(line.split(": ") for line in _THREAD.joinpath("io").read_text().splitlines())
    return int(lines["syscr"]), int(lines["read_bytes"])


def _reads_of_our_own() -> int:
    _input()
    before = _input()[0]
    _queued()
    _queued()
    return _input()[0] - before


_THREAD = Path("/proc/thread-self")
_READS_OF_OUR_OWN = _reads_of_our_own()
