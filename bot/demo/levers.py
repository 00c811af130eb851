"""The levers of the demo: what makes days pass in its world, and things go wrong there.

The bot is not told of any of it. It reads the moved clock, asks the API and hears from Slack, as it always does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from threading import Lock
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.core.days import LAG
from bot.core.digests.times import WeekMoment, due_at, last_complete_week, week_of
from bot.core.formats import credits_text, day_text, percent_text
from bot.core.ledger import next_sync
from bot.core.models import MICRO
from bot.core.periods import Period
from bot.demo.accounts import Account
from bot.demo.codex_faults import Fail, Fault
from bot.demo.staff import Worker
from bot.schedule import LEAST_PAUSE

if TYPE_CHECKING:
    from bot.demo.world import World

DAY = timedelta(days=1)
OPENING = WeekMoment(weekday=0, minute=9 * 60)
"""When digests are due, unless somebody chose otherwise."""
HEAD_START = timedelta(seconds=3)
"""So much is left to Monday's opening after a jump, for it to be seen to come."""
REVISED_DAYS = 7
UNAVAILABLE = Fault(Fail(503), times=None)


@dataclass(frozen=True, slots=True)
class LeversState:
    """How the levers stand. ``exploded`` are the addresses of today's runaways, ``may_explode`` of all who can.

    ``now`` is in UTC; ``moved_by`` is how far it is ahead of real time.
    """

    now: datetime
    moved_by: timedelta
    timezone: str
    is_api_down: bool
    exploded: tuple[str, ...]
    may_explode: tuple[str, ...]


class Levers:
    """Each lever returns a sentence that says what happened. They may be pulled from any thread."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._zone = ZoneInfo(world.timezone)
        self._is_api_down = False
        self._lock = Lock()

    def now(self) -> datetime:
        """What the world's clock shows, in UTC."""
        return self._world.clock()

    def describe(self) -> LeversState:
        """How they stand at this moment."""
        now = self.now()
        exploded = self._world.mishaps.exploded_on(now.date()).values()
        staff = self._world.company.staff
        return LeversState(
            now=now,
            moved_by=self._world.clock.moved_by(),
            timezone=self._world.timezone,
            is_api_down=self._is_api_down,
            exploded=tuple(sorted(str(one.account.worker_email) for one in exploded)),
            may_explode=tuple(worker.email for worker in staff if self._usable_account(worker, now)),
        )

    def jump_to_monday(self) -> str:
        """To three seconds before the next Monday, 09:00 in the organisation's zone."""
        with self._lock:
            soonest = self.now() + HEAD_START
            opening = _first_after(soonest, lambda week: due_at(week, OPENING, self._zone))
            self._move_to(opening - HEAD_START)
            complete = _complete_at(last_complete_week(opening.date()))
            return (
                f"In a moment it is {self._tell(opening)}. Digests are due, and wait for the last week to be"
                f" complete: until {complete.astimezone(self._zone):%H:%M}."
            )

    def jump_to_digests(self) -> str:
        """To the first moment at which everybody's digest is due and its week complete."""
        with self._lock:
            coming = _first_after(self.now(), self._all_digests_at)
            self._move_to(coming)
            return (
                f"It is {self._tell(coming)}: last week is complete, and its digests come in a few seconds."
            )

    def forward_day(self) -> str:
        """A day passes, with usage."""
        return self._forward(DAY, "A day")

    def forward_week(self) -> str:
        """A week passes, with usage."""
        return self._forward(7 * DAY, "A week")

    def sync_now(self) -> str:
        """To the beginning of the next interval of syncing, at which the bot's schedule starts one by itself."""
        with self._lock:
            due = next_sync(self.now() + LEAST_PAUSE, self._world.sync_interval)
            self._move_to(due)
            return f"It is {self._tell(due)}, and the next sync is due."

    def explode(self, email: str) -> str:
        """Let that person's usage of today run away. Raises `LookupError` for an address that nobody has."""
        worker = self._world.company.worker(email.strip().lower())
        with self._lock:
            now = self.now()
            account, today = self._usable_account(worker, now), now.date()
            if account is None:
                return f"{worker.name} does not use Codex, so nothing can run away."
            explosion = self._world.mishaps.explode(account, today)
            used = credits_text(round(explosion.credits * MICRO))
            return f"An agent of {worker.name} ran away: about {used} credits on {day_text(today)} so far."

    def set_api_down(self, down: bool) -> str:  # noqa: FBT001 - the position of a switch
        """Let the Codex API answer 503 to everything, or as before."""
        with self._lock:
            faults = self._world.codex.faults
            faults.remove(UNAVAILABLE)
            if down:
                faults.append(UNAVAILABLE)
            self._is_api_down = down
            return "The Codex API is down: it answers 503." if down else "The Codex API answers again."

    def revise_last_week(self) -> str:
        """Late corrections of the seven days before today: rows change, vanish and appear."""
        with self._lock:
            today = self.now().date()
            days = [today - DAY * ago for ago in range(REVISED_DAYS, 0, -1)]
            before = self._told(days)
            self._world.mishaps.revise(days)
            after = self._told(days)
        return f"{day_text(days[0])} to {day_text(days[-1])} were corrected: {_difference(before, after)}."

    def _forward(self, by: timedelta, what: str) -> str:
        with self._lock:
            self._world.clock.move(by)
            return f"{what} passed: it is {self._tell(self.now())}."

    def _move_to(self, instant: datetime) -> None:
        self._world.clock.move(instant - self.now())

    def _all_digests_at(self, week: Period) -> datetime:
        zones = {self._world.timezone, *(worker.timezone for worker in self._world.company.staff)}
        return max(_complete_at(week), *(due_at(week, OPENING, ZoneInfo(zone)) for zone in zones))

    def _tell(self, instant: datetime) -> str:
        local = instant.astimezone(self._zone)
        return f"{day_text(local.date())} {local:%Y, %H:%M} ({self._world.timezone})"

    def _usable_account(self, worker: Worker, now: datetime) -> Account | None:
        """That of somebody who can use it today."""
        account = self._world.company.account(worker.email)
        return account if account and now.toordinal() <= account.last_day else None

    def _told(self, days: Sequence[date]) -> dict[tuple[date, str], Any]:
        """What the API tells of the days, by day and account."""
        data = self._world.codex.data
        return {(day, row["user_id"]): row for day in days for row in data.usage(day)}


def _first_after(now: datetime, moment: Callable[[Period], datetime]) -> datetime:
    """The first that is still to come of the moments of all weeks."""
    last = last_complete_week(now.date())
    weeks = (last, week_of(last.until), week_of(last.until + 7 * DAY))
    return next(at for at in map(moment, weeks) if at > now)


def _complete_at(week: Period) -> datetime:
    """When the usage of a week has arrived; a sync can find it complete from then on."""
    return datetime.combine(week.until, time(), UTC) + LAG


def _difference(before: dict[tuple[date, str], Any], after: dict[tuple[date, str], Any]) -> str:
    vanished, appeared = len(before.keys() - after.keys()), len(after.keys() - before.keys())
    changed = sum(before[key] != after[key] for key in before.keys() & after.keys())
    totals = [sum(float(row["totals"]["credits"]) for row in rows.values()) for rows in (before, after)]
    was, now_is = (round(total * MICRO) for total in totals)
    change = percent_text(Fraction(now_is - was, was) if was else None)
    return (
        f"{changed} rows changed, {vanished} vanished, {appeared} appeared;"
        f" the credits went from {credits_text(was)} to {credits_text(now_is)} ({change})"
    )
