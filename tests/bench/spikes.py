"""How well runaway spend is found: our rule beside others', on invented companies and on labelled real series."""

from __future__ import annotations

import csv
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from bot.core.models import MICRO
from bot.core.spikes.cooldown import REST_DAYS, Cooldown
from bot.core.spikes.detector import Detector
from bot.core.spikes.findings import Kind, Sensitivity, SpikeSettings
from tests.bench.companies import DAYS, FAMILIES, Company, build_company, day_of
from tests.bench.rivals import RULES, Alert, Rule, Usage

WARM_UP_DAYS = 14
"""Alerts of a company's first two weeks are not counted for or against any rule."""
TEST_SEEDS = range(1000, 1003)
"""Never looked at while the rule was made; the constants were chosen on seeds below 100."""
SIZES = (8, 30, 200, 600)
SERIES = Path(__file__).parent.parent / "data" / "series"


@dataclass(slots=True)
class Score:
    """Events hit and missed and false alerts, added up over companies.

    An event is hit by an alert about its person from its first day to the day after its last. Recall is of
    spikes, weekends and newcomers; shifts are told to managers and stand apart.
    """

    hits: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    events: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    hit_credits: float = 0.0
    event_credits: float = 0.0
    false: int = 0
    false_on_hackathons: int = 0
    hundred_weeks: float = 0.0

    def add(self, company: Company, alerts: Sequence[Alert]) -> None:
        """Take one company in."""
        days_of: dict[str, set[int]] = defaultdict(set)
        for day, email in alerts:
            days_of[email].add(day)
        right: set[Alert] = set()
        for label in company.labels:
            inside = {day for day in days_of[label.email] if label.first <= day <= label.last + 1}
            right.update((day, label.email) for day in inside)
            self.events[label.kind] += 1
            self.hits[label.kind] += bool(inside)
            if label.kind != "shift":
                self.event_credits += label.credits
                self.hit_credits += label.credits * bool(inside)
        wrong = [alert for alert in alerts if alert not in right and alert[0] >= WARM_UP_DAYS]
        self.false += len(wrong)
        self.false_on_hackathons += sum(day in company.hackathon for day, _ in wrong)
        self.hundred_weeks += (DAYS - WARM_UP_DAYS) / 7 * company.people / 100

    @property
    def precision(self) -> float:
        """Events hit by all that was told, each event once."""
        hits = sum(self.hits.values())
        return hits / max(hits + self.false, 1)

    @property
    def recall(self) -> float:
        """Of spikes, weekends and newcomers."""
        kinds = [kind for kind in self.events if kind != "shift"]
        return sum(self.hits[kind] for kind in kinds) / max(sum(self.events[kind] for kind in kinds), 1)

    @property
    def credits_recall(self) -> float:
        """The same, weighted by what the events took."""
        return self.hit_credits / max(self.event_credits, 1.0)

    @property
    def shift_recall(self) -> float:
        """Of lasting shifts, by any alert."""
        return self.hits["shift"] / max(self.events["shift"], 1)

    @property
    def false_a_week(self) -> float:
        """For each hundred people."""
        return self.false / self.hundred_weeks


def our_rule(sensitivity: Sensitivity = Sensitivity.NORMAL, *, shifts: bool = True) -> Rule:
    """The product's own detector with its cool-down, in the form of the others; ``shifts`` are for managers."""

    def alerts(usage: Usage) -> Iterator[Alert]:
        detector, cooldown = Detector(SpikeSettings(sensitivity)), Cooldown()
        for number, amounts in enumerate(usage):
            micro = {email: round(amount * MICRO) for email, amount in amounts.items()}
            for finding in cooldown.pass_on(detector.judge(day_of(number), micro)):
                if finding.email is not None and (shifts or finding.kind is not Kind.SHIFT):
                    yield number, finding.email

    return alerts


def rested(rule: Rule) -> Rule:
    """A rule that is silent about somebody for 72 hours after an alert, as ours is."""

    def alerts(usage: Usage) -> Iterator[Alert]:
        told: dict[str, int] = {}
        for day, email in rule(usage):
            if day - told.get(email, -REST_DAYS) >= REST_DAYS:
                told[email] = day
                yield day, email

    return alerts


def score(rule: Rule, companies: Iterable[Company]) -> Score:
    """One rule over some companies."""
    total = Score()
    for company in companies:
        total.add(company, list(rule(company.usage)))
    return total


def every_rule(*, shifts: bool = True) -> dict[str, Rule]:
    """The others, then ours at each sensitivity."""
    others = {name: rested(rule) for name, rule in RULES.items()}
    return others | {f"**ours, {one}**": our_rule(one, shifts=shifts) for one in Sensitivity}


# ── labelled real series ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Series:
    """Hourly values of one thing, and the hours of the windows in which something happened."""

    name: str
    values: list[float]
    windows: list[range]


def load_series(folder: Path = SERIES) -> list[Series]:
    """The excerpts that lie beside the tests, by name."""
    windows: dict[str, list[range]] = defaultdict(list)
    with (folder / "windows.csv").open() as file:
        for row in csv.DictReader(file):
            windows[row["series"]].append(range(int(row["first"]), int(row["last"]) + 1))
    return [
        Series(path.stem, [float(line) for line in path.read_text().split()], windows[path.stem])
        for path in sorted(folder.glob("*.txt"))
    ]


def f1(rule: Rule, series: Iterable[Series], usual_credits: float = 1000.0) -> tuple[float, int, int, int]:
    """F1 with hits, false alerts and misses: an hour stands for a day of one person.

    Each series is scaled so that its middle hour takes ``usual_credits``, so much that no floor decides.
    """
    hits = false = events = 0
    for one in series:
        scale = usual_credits / median(value for value in one.values if value > 0)
        alerts = rule([{one.name: value * scale} if value > 0 else {} for value in one.values])
        days = {day for day, _ in alerts}
        hits += sum(any(day in window for day in days) for window in one.windows)
        false += sum(not any(day in window for window in one.windows) for day in days)
        events += len(one.windows)
    return 2 * hits / max(hits + false + events, 1), hits, false, events - hits


# ── tables ───────────────────────────────────────────────────────────────────────────────────────────────


def print_tables(say: Callable[[str], None] = print) -> None:
    """Everything that docs/alerts.md tells."""
    _print_rules(say)
    _print_families(say)
    _print_sizes(say)
    _print_series(say)
    _print_speed(say)


def _print_rules(say: Callable[[str], None]) -> None:
    say("\n## Runaway spend: every rule, 200 people, four families of noise, unseen seeds\n")
    say("| rule | precision | recall | recall by credits | false a week per 100 | on two hackathon days |")
    say("|---|---|---|---|---|---|")
    companies = list(_companies(200))
    for name, rule in every_rule().items():
        found = score(rule, companies)
        hackathons = found.false_on_hackathons / len(companies)
        say(f"| {name} | {_figures(found)} | {hackathons:.1f} |")


def _print_families(say: Callable[[str], None]) -> None:
    say("\n## Ours by family of noise, 200 people\n")
    say("| noise | precision | recall | recall by credits | false a week per 100 | shifts found |")
    say("|---|---|---|---|---|---|")
    for family in FAMILIES:
        found = score(our_rule(), [build_company(200, family, seed) for seed in TEST_SEEDS])
        say(f"| {family} | {_figures(found)} | {found.shift_recall:.2f} |")


def _print_sizes(say: Callable[[str], None]) -> None:
    say("\n## Ours by size, all families\n")
    say("| people | precision | recall | recall by credits | false a week per 100 | shifts found |")
    say("|---|---|---|---|---|---|")
    for people in SIZES:
        found = score(our_rule(), _companies(people))
        say(f"| {people} | {_figures(found)} | {found.shift_recall:.2f} |")


def _print_series(say: Callable[[str], None]) -> None:
    say("\n## Labelled real series, an hour as a day, what finance is told: F1 (hit, false, missed)\n")
    say("| rule | tweets | exchange | both | false on the negative |\n|---|---|---|---|---|")
    series = load_series()
    tweets, exchange, negative = (
        [one for one in series if one.name.startswith(word)] for word in ("tweets", "exchange", "purchase")
    )
    for name, rule in every_rule(shifts=False).items():
        cells = [f1(rule, group) for group in (tweets, exchange, tweets + exchange)]
        texts = [f"{value:.2f} ({hits}, {false}, {missed})" for value, hits, false, missed in cells]
        say(f"| {name} | {' | '.join(texts)} | {f1(rule, negative)[2]} |")


def _print_speed(say: Callable[[str], None]) -> None:
    people, active = 400_000, 120_000
    detector = Detector(SpikeSettings())
    seconds = []
    for number in range(30):
        picked = ((n * 7919 + number * 104_729) % people for n in range(active))
        amounts = {f"p{n}@example.com": (100 + n % 900 + number * n % 97) * MICRO for n in picked}
        began = time.process_time()
        detector.judge(date(2026, 1, 5) + timedelta(number), amounts)
        seconds.append(time.process_time() - began)
    say(f"\none day of {people:,} people, {active:,} of them active: {max(seconds):.1f} s of one core")


def _companies(people: int) -> Iterator[Company]:
    for family in FAMILIES:
        for seed in TEST_SEEDS:
            yield build_company(people, family, seed)


def _figures(found: Score) -> str:
    return (
        f"{found.precision:.2f} | {found.recall:.2f} | {found.credits_recall:.2f} | {found.false_a_week:.2f}"
    )
