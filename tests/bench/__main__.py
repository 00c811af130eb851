"""``python -m tests.bench``: measures everything and prints it as the tables of docs/alerts.md and docs/performance.md."""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bot.app.syncing import expect_bulk
from bot.core.periods import kept_periods
from bot.store.sqlite import SqliteStore
from tests.bench import alerting, spikes
from tests.bench.answers import time_answers
from tests.bench.digests import time_digests
from tests.bench.large import NOW, Built, Size, build_large
from tests.bench.meter import Timed
from tests.bench.page import time_page
from tests.bench.resync import resync
from tests.bench.throughput import measure
from tests.browser.window import MissingBrowserError

OF_THE_COMPANY = ("answers", "digests", "resync", "throughput", "alerts")
SECTIONS = (*OF_THE_COMPANY, "page", "spikes")


def main() -> None:
    """Measure every section, or the one that is asked for; the company is built where it is needed."""
    expect_bulk()
    options = _options()
    wanted = SECTIONS if options.only is None else (options.only,)
    of_the_company = [name for name in wanted if name in OF_THE_COMPANY]
    if of_the_company:
        with _folder(options.folder) as folder:
            _measure_company(folder, options, of_the_company)
    others = {"page": _print_page, "spikes": spikes.print_tables}
    for name in () if options.build_only else wanted:
        if name in others:
            others[name]()


def _measure_company(folder: Path, options: argparse.Namespace, wanted: Sequence[str]) -> None:
    path = folder / "large.db"
    if path.exists():
        _bring_up_to_date(path)
    else:
        _print_built(build_large(path, Size(options.employees, options.days), _tell))
    sections = {
        "answers": lambda: _print_all_answers(path, options.rounds),
        "digests": lambda: _print_digests(path, options.rounds),
        "resync": lambda: _print_resync(path),
        "throughput": lambda: _print_throughput(folder, path, options.pairs),
        "alerts": lambda: alerting.print_table(path),
    }
    for name in () if options.build_only else wanted:
        sections[name]()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--employees", type=int, default=400_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--rounds", type=int, default=300, help="questions of each kind")
    parser.add_argument("--pairs", type=int, default=5, help="floor and ours in turn, this often")
    parser.add_argument("--folder", type=Path, help="keep the built company here and use it again")
    parser.add_argument(
        "--build-only", action="store_true", help="build the company, and measure nothing else"
    )
    parser.add_argument("--only", choices=SECTIONS, help="one section alone")
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


def _bring_up_to_date(path: Path) -> None:
    """What the first sync does to a company that an older version has left behind."""
    _tell(f"using {path.name} as it is")
    store, begun = SqliteStore(path), time.perf_counter()
    store.migrate()
    store.keep_periods(kept_periods(NOW.date()))
    store.checkpoint()
    store.close()
    _tell(f"brought up to date in {time.perf_counter() - begun:.0f} s")


def _print_built(built: Built) -> None:
    print("\n## The company\n")
    print(
        f"{built.client_rows:,} client rows, {built.account_days:,} account-days, {built.file_bytes / 1e9:.2f} GB in all"
    )
    print(f"main table: {built.client_bytes / built.client_rows:.1f} bytes a client row")
    print(
        f"people placed and linked in {built.people_seconds:.1f} s; sums of all days in {built.sums_seconds:.0f} s"
    )


def _print_all_answers(path: Path, rounds: int) -> None:
    for while_syncing in (False, True):
        _print_answers(path, rounds, while_syncing=while_syncing)


def _print_answers(path: Path, rounds: int, *, while_syncing: bool) -> None:
    print(f"\n## Answers{', while a sync is writing' if while_syncing else ', at rest'}\n")
    print(
        "| question | p50 ms | p99 ms | p99 with a processor free | p99 computing | pages, p50 | pages, p99 | from disk |"
    )
    print("|---|---|---|---|---|---|---|---|")
    with _syncing(path) if while_syncing else _resting():
        for timed in time_answers(path, rounds):
            print(f"| {timed.name} | {' | '.join(_cells(timed))} |", flush=True)
    print(f"\npeak resident memory of the asking process: {_peak_mib(resource.RUSAGE_SELF):.0f} MiB")


def _cells(timed: Timed) -> Iterator[str]:
    yield from (f"{timed.p50:.1f}", f"{timed.p99:.1f}")
    yield f"{timed.share(99, lambda cost: cost.unqueued_ms):.1f}"
    yield f"{timed.share(99, lambda cost: cost.cpu_ms):.1f}"
    yield from (f"{timed.share(percent, lambda cost: cost.reads):.0f}" for percent in (50, 99))
    yield f"{sum(cost.disk_kib > 0 for cost in timed.costs) / len(timed.costs):.0%}"


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
    print("| account rows | MB | floor s | ours s | floor CPU s | ours CPU s | our speed | by CPU |")
    print("|---|---|---|---|---|---|---|---|")
    for one in measured:
        print(
            f"| {one.rows:,} | {one.megabytes:.0f} | {one.floor.wall:.2f} | {one.ours.wall:.2f}"
            f" | {one.floor.cpu:.2f} | {one.ours.cpu:.2f} | {one.ratio:.0%} | {one.cpu_ratio:.0%} |"
        )
    ratio, cpu_ratio = median(one.ratio for one in measured), median(one.cpu_ratio for one in measured)
    print(f"\nour speed as a part of the floor's, median: {ratio:.0%}; by CPU time {cpu_ratio:.0%}")


def _print_page() -> None:
    print("\n## The demo's page, in a browser\n")
    try:
        print(time_page().describe())
    except MissingBrowserError as error:
        print(f"not measured: {error}")


def _peak_mib(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / 1024


def _tell(text: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
