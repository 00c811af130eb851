"""``python -m tests.bench``: measures everything and prints it as the tables of docs/performance.md."""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bot.app import expect_bulk
from tests.bench.answers import time_answers
from tests.bench.digests import time_digests
from tests.bench.large import Built, Size, build_large
from tests.bench.resync import resync
from tests.bench.throughput import measure


def main() -> None:
    """Build the company unless it is there already, then measure."""
    expect_bulk()
    options = _options()
    with _folder(options.folder) as folder:
        path = folder / "large.db"
        if path.exists():
            _tell(f"using {path.name} as it is")
        else:
            _print_built(build_large(path, Size(options.employees, options.days), _tell))
        _print_answers(path, options.rounds, while_syncing=False)
        _print_answers(path, options.rounds, while_syncing=True)
        _print_digests(path, options.rounds)
        _print_resync(path)
        _print_throughput(folder, path, options.pairs)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--employees", type=int, default=400_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--rounds", type=int, default=300, help="questions of each kind")
    parser.add_argument("--pairs", type=int, default=5, help="floor and ours in turn, this often")
    parser.add_argument("--folder", type=Path, help="keep the built company here and use it again")
    parser.add_argument("--resync-once", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.resync_once:
        print(resync(options.resync_once))
        raise SystemExit(0)
    return options


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def _print_built(built: Built) -> None:
    print("\n## The company\n")
    print(
        f"{built.client_rows:,} client rows, {built.account_days:,} account-days, {built.file_bytes / 1e9:.2f} GB in all"
    )
    print(f"main table: {built.client_bytes / built.client_rows:.1f} bytes a client row")
    print(
        f"people placed and linked in {built.people_seconds:.1f} s; sums of all days in {built.sums_seconds:.0f} s"
    )


def _print_answers(path: Path, rounds: int, *, while_syncing: bool) -> None:
    print(f"\n## Answers{', while a sync is writing' if while_syncing else ', at rest'}\n")
    print("| question | p50 ms | p99 ms |\n|---|---|---|")
    with _syncing(path) if while_syncing else _resting():
        for timed in time_answers(path, rounds):
            print(f"| {timed.name} | {timed.p50:.1f} | {timed.p99:.1f} |", flush=True)
    print(f"\npeak resident memory of the asking process: {_peak_mib(resource.RUSAGE_SELF):.0f} MiB")


@contextmanager
def _resting() -> Iterator[None]:
    yield


@contextmanager
def _syncing(path: Path) -> Iterator[None]:
    """Another process syncs over and over, each time with other corrections."""
    command = [sys.executable, "-m", "tests.bench.syncing", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as syncing:
        if syncing.stdout is None or not syncing.stdout.readline():
            raise RuntimeError("the sync beside the questions did not begin")
        try:
            yield
        finally:
            syncing.kill()


def _print_digests(path: Path, rounds: int) -> None:
    print("\n## Digests, composed and rendered\n\n| digest | p50 ms | p99 ms |\n|---|---|---|")
    for timed in time_digests(path, rounds):
        print(f"| {timed.name} | {timed.p50:.1f} | {timed.p99:.1f} |", flush=True)


def _print_resync(path: Path) -> None:
    print("\n## The hourly sync: seven days and today, 5 % of the accounts corrected each day\n", flush=True)
    command = [sys.executable, "-m", "tests.bench", "--resync-once", str(path)]
    print(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _print_throughput(folder: Path, path: Path, pairs: int) -> None:
    measured = measure(folder, path, pairs=pairs)
    print("\n## Received bytes to committed rows, against the floor\n")
    print(
        "| account rows | MB | floor s | ours s | ours as a part of the floor's speed |\n|---|---|---|---|---|"
    )
    for one in measured:
        print(
            f"| {one.rows:,} | {one.megabytes:.0f} | {one.floor_seconds:.2f} | {one.our_seconds:.2f} | {one.ratio:.0%} |"
        )
    print(f"\nmedian {median(one.ratio for one in measured):.0%}")


def _peak_mib(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / 1024


def _tell(text: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
