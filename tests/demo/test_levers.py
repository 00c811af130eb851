"""What each lever of the demo does to the clock, and to the figures that the Codex API then tells."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from inline_snapshot import snapshot

from bot.demo.codex_faults import Fail, Fault
from bot.demo.company import build_company, usage_rows
from bot.demo.mishaps import Mishaps
from bot.demo.moved_clock import MovedClock
from bot.demo.world import API_KEY, WORKSPACE_ID, World

WEDNESDAY = datetime(2026, 11, 18, 10, 17, tzinfo=UTC)
DAY = timedelta(days=1)
CAROL = "carol@northwind.example"

Row = dict[str, Any]


def build_world(folder: Path, begin: datetime = WEDNESDAY) -> World:
    """A world whose real time stands still, so that levers alone move its clock."""
    return World(folder, clock=MovedClock(folder / "clock", lambda: begin))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with build_world(tmp_path) as world:
        yield world


def told(world: World, first: date, last: date, **params: str) -> list[Row]:
    """The API's rows of these UTC days, both included."""
    since = datetime(first.year, first.month, first.day, tzinfo=UTC)
    span = {"start_time": int(since.timestamp()), "end_time": int((since + (last - first + DAY)).timestamp())}
    answer = httpx.get(
        f"{world.codex.url}/workspaces/{WORKSPACE_ID}/usage",
        params={**span, "limit": "30000", **params},
        headers={"Authorization": f"Bearer {API_KEY}"},
        trust_env=False,
    )
    rows: list[Row] = answer.raise_for_status().json()["data"]
    return rows


def by_day(rows: list[Row], email: str, world: World) -> dict[date, float]:
    """One person's credits, by the days that the rows tell."""
    return {
        datetime.fromtimestamp(row["start_time"], UTC).date(): total([row])
        for row in rows
        if row["user_id"] == user_id(world, email)
    }


def credits_of(world: World, email: str, day: date) -> float:
    """What the API tells of one person's day."""
    return by_day(told(world, day, day), email, world).get(day, 0.0)


def user_id(world: World, email: str) -> str:
    account = world.company.account(email)
    assert account
    return account.user_id


def total(rows: list[Row]) -> float:
    return sum(float(row["totals"]["credits"]) for row in rows)


# The clock


@pytest.mark.parametrize(
    ("begin", "monday"),
    [
        (WEDNESDAY, datetime(2026, 11, 23, 8, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 7, 59, tzinfo=UTC), datetime(2026, 11, 23, 8, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 7, 59, 57, tzinfo=UTC), datetime(2026, 11, 30, 8, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 8, 0, tzinfo=UTC), datetime(2026, 11, 30, 8, 0, tzinfo=UTC)),
        (
            datetime(2026, 11, 22, 23, 30, tzinfo=UTC),
            datetime(2026, 11, 23, 8, 0, tzinfo=UTC),
        ),  # Monday in Berlin
        (
            datetime(2026, 10, 21, 8, 0, tzinfo=UTC),
            datetime(2026, 10, 26, 8, 0, tzinfo=UTC),
        ),  # summer time ends
        (datetime(2026, 3, 26, 8, 0, tzinfo=UTC), datetime(2026, 3, 30, 7, 0, tzinfo=UTC)),  # and begins
    ],
)
def test_a_jump_ends_three_seconds_before_monday_at_nine(
    begin: datetime, monday: datetime, tmp_path: Path
) -> None:
    with build_world(tmp_path, begin) as world:
        said = world.levers.jump_to_monday()

    assert world.levers.now() == monday - timedelta(seconds=3)
    assert "Mon " in said
    assert "09:00 (Europe/Berlin)" in said
    complete = monday.astimezone(ZoneInfo(world.timezone)).replace(hour=12).utcoffset()
    assert complete is not None
    assert f"until {12 + complete.seconds // 3600}:00." in said


@pytest.mark.parametrize(
    ("begin", "coming"),
    [
        (WEDNESDAY, datetime(2026, 11, 23, 14, 0, tzinfo=UTC)),  # New York's 09:00, Berlin's 15:00
        (datetime(2026, 11, 23, 8, 0, tzinfo=UTC), datetime(2026, 11, 23, 14, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 14, 0, tzinfo=UTC), datetime(2026, 11, 30, 14, 0, tzinfo=UTC)),
        (datetime(2026, 7, 15, 8, 0, tzinfo=UTC), datetime(2026, 7, 20, 13, 0, tzinfo=UTC)),
    ],
)
def test_digests_come_when_they_are_due_for_everybody_and_their_week_is_complete(
    begin: datetime, coming: datetime, tmp_path: Path
) -> None:
    with build_world(tmp_path, begin) as world:
        said = world.levers.jump_to_digests()
        assert world.levers.now() == coming
        assert "its digests come" in said
        world.levers.jump_to_digests()
        assert world.levers.now() == coming + 7 * DAY


def test_days_and_weeks_pass(world: World) -> None:
    assert world.levers.forward_day() == snapshot(
        "A day passed: it is Thu 19 Nov 2026, 11:17 (Europe/Berlin)."
    )
    assert world.levers.forward_week() == snapshot(
        "A week passed: it is Thu 26 Nov 2026, 11:17 (Europe/Berlin)."
    )
    assert world.levers.now() == WEDNESDAY + 8 * DAY
    assert world.levers.describe().moved_by == 8 * DAY


@pytest.mark.parametrize(("minute", "due"), [(0, "11:00"), (17, "11:00"), (58, "11:00"), (59, "12:00")])
def test_the_next_sync_is_brought_by_the_next_hour_that_is_a_minute_away(
    minute: int, due: str, tmp_path: Path
) -> None:
    with build_world(tmp_path, WEDNESDAY.replace(minute=minute, second=30)) as world:
        world.levers.sync_now()

    assert f"{world.levers.now():%H:%M:%S}" == f"{due}:00"


def test_slack_and_the_api_live_on_the_same_clock(world: World) -> None:
    for _ in range(3):
        world.levers.forward_week()

    assert world.slack.workspace.now() == world.levers.now().timestamp()
    tomorrow = world.levers.now().date() + DAY
    assert told(world, tomorrow - DAY, tomorrow) == told(world, tomorrow - DAY, tomorrow - DAY) != []


def test_every_week_to_come_has_usage_and_quiet_weekends(world: World) -> None:
    for _ in range(8):
        world.levers.forward_week()
    begin = WEDNESDAY.date()
    rows = told(world, begin, begin + 49 * DAY - DAY)

    count = Counter(datetime.fromtimestamp(row["start_time"], UTC).date() for row in rows if total([row]))
    for monday in (begin + DAY * (5 + 7 * week) for week in range(6)):
        *working, saturday, sunday = (count[monday + DAY * n] for n in range(7))
        assert min(working) > 2 * max(saturday, sunday)
    assert rows == told(world, begin, begin + 49 * DAY - DAY)


# Somebody's usage explodes


def test_an_explosion_is_told_at_once_and_stays(world: World) -> None:
    today = WEDNESDAY.date()
    before = told(world, today - 90 * DAY, today)
    said = world.levers.explode(CAROL)

    ran_away = credits_of(world, CAROL, today)
    days = [amount for day, amount in by_day(before, CAROL, world).items() if day != today and amount]
    assert ran_away >= 14.9 * median(days)
    assert ran_away > 1.4 * max(days)
    assert said == snapshot("An agent of Carol Jensen ran away: about 1,008 credits on Wed 18 Nov so far.")
    after = told(world, today - 90 * DAY, today)
    carol, this_day = user_id(world, CAROL), int(WEDNESDAY.timestamp()) // 86_400 * 86_400
    assert [row for row in after if _key(row) != (carol, this_day)] == [
        row for row in before if _key(row) != (carol, this_day)
    ]
    for lever in (world.levers.forward_day, world.levers.forward_week):
        lever()
        assert credits_of(world, CAROL, today) == ran_away
        assert world.levers.describe().exploded == ()


def test_the_workspaces_total_explodes_with_it(world: World) -> None:
    today = WEDNESDAY.date()
    before = total(told(world, today, today, group="workspace"))
    world.levers.explode(CAROL)

    assert (
        total(told(world, today, today, group="workspace")) - before >= credits_of(world, CAROL, today) * 0.9
    )


def test_everyone_who_may_explode_does(world: World) -> None:
    today = WEDNESDAY.date()
    state = world.levers.describe()
    before = told(world, today, today)
    for email in state.may_explode:
        world.levers.explode(email)
    after = told(world, today, today)

    assert len(state.may_explode) > 20
    for email in state.may_explode:
        assert by_day(after, email, world)[today] > 5 * by_day(before, email, world).get(today, 0)
    assert set(world.levers.describe().exploded) == set(state.may_explode)


def test_an_explosion_twice_is_one(world: World) -> None:
    said = world.levers.explode(CAROL)
    once = credits_of(world, CAROL, WEDNESDAY.date())

    assert world.levers.explode(f" {CAROL.upper()} ") == said
    assert credits_of(world, CAROL, WEDNESDAY.date()) == once
    assert world.levers.describe().exploded == (CAROL,)


def test_who_does_not_use_codex_cannot_explode(world: World) -> None:
    today = WEDNESDAY.date()
    before = told(world, today, today)
    for who in ("Finn", "Zoe"):  # never had an account; has left
        assert "does not use Codex" in world.levers.explode(world.email(who))
        assert world.email(who) not in world.levers.describe().may_explode
    with pytest.raises(LookupError):
        world.levers.explode("nobody@northwind.example")

    assert told(world, today, today) == before


# Late corrections


def test_late_corrections_change_some_rows_take_some_and_bring_some(world: World) -> None:
    last = WEDNESDAY.date() - DAY
    first = last - 6 * DAY
    older, today = told(world, first - 9 * DAY, first - DAY), told(world, last + DAY, last + DAY)
    before = {_key(row): row for row in told(world, first, last)}
    said = world.levers.revise_last_week()
    after = {_key(row): row for row in told(world, first, last)}

    assert said == snapshot(
        "Wed 11 Nov to Tue 17 Nov were corrected: 29 rows changed, 6 vanished, 7 appeared; the credits went from 8,685.5 to 9,075.3 (+4 %)."
    )
    changed = [key for key in before.keys() & after.keys() if before[key] != after[key]]
    assert f"{len(changed)} rows changed" in said
    assert f"{len(before.keys() - after.keys())} vanished" in said
    assert f"{len(after.keys() - before.keys())} appeared" in said
    assert told(world, first - 9 * DAY, first - DAY) == older
    assert told(world, last + DAY, last + DAY) == today


def _key(row: Row) -> tuple[str, int]:
    return row["user_id"], row["start_time"]


def test_a_correction_may_be_corrected_again_and_all_of_it_is_the_same_every_time(tmp_path: Path) -> None:
    weeks: list[list[Row]] = []
    for name in ("one", "two"):
        with build_world(tmp_path / name) as world:
            for _ in range(3):
                world.levers.revise_last_week()
                weeks.append(told(world, WEDNESDAY.date() - 7 * DAY, WEDNESDAY.date() - DAY))

    assert weeks[:3] == weeks[3:]
    assert weeks[0] != weeks[1] != weeks[2]


def test_a_correction_leaves_what_ran_away(world: World) -> None:
    world.levers.explode(CAROL)
    ran_away = credits_of(world, CAROL, WEDNESDAY.date())
    world.levers.forward_day()
    for _ in range(3):
        world.levers.revise_last_week()

    assert credits_of(world, CAROL, WEDNESDAY.date()) == ran_away


@pytest.mark.parametrize("seed", range(4))
def test_corrections_move_the_totals_a_little_and_no_day_loses_much(seed: int) -> None:
    today = date(2026, 11, 18)
    company = build_company(60, seed, today=today)
    mishaps = Mishaps(company.accounts)
    days = [today - DAY * n for n in range(1, 8)]
    mishaps.revise(days)
    before = {day: usage_rows(company, day) for day in days}
    after = {day: list(mishaps.befall(day, before[day])) for day in days}

    moved = sum(map(total, after.values())) / sum(map(total, before.values())) - 1
    assert 0.002 < moved < 0.08
    assert all(len(after[day]) >= 0.8 * len(before[day]) for day in days)
    assert all(
        [row["user_id"] for row in rows] == sorted(row["user_id"] for row in rows) for rows in after.values()
    )


def test_a_day_with_next_to_no_usage_can_be_corrected() -> None:
    company = build_company(20, today=date(2026, 11, 18))
    mishaps = Mishaps(company.accounts)
    saturday = date(2026, 11, 14)
    mishaps.revise([saturday])

    assert mishaps.befall(saturday, []) == []
    assert len(mishaps.befall(saturday, usage_rows(company, saturday)[:1])) <= 2


# The API goes away


def test_an_api_that_is_down_says_503_until_it_is_up_again(world: World) -> None:
    day = WEDNESDAY.date()
    world.codex.faults.append(Fault(Fail(429), route="code_reviews"))  # of somebody else
    for _ in range(2):
        assert world.levers.set_api_down(True) == snapshot("The Codex API is down: it answers 503.")
        assert world.levers.describe().is_api_down
    for _ in range(3):
        with pytest.raises(httpx.HTTPStatusError, match="503"):
            told(world, day, day)
    for _ in range(2):
        assert world.levers.set_api_down(False) == snapshot("The Codex API answers again.")
        assert not world.levers.describe().is_api_down

    assert told(world, day, day)
    assert len(world.codex.faults) == 1


# All of them at once


def test_levers_may_be_pulled_from_many_threads(world: World) -> None:
    def pull() -> None:
        for _ in range(10):
            world.levers.forward_day()
            world.levers.explode(CAROL)

    threads = [threading.Thread(target=pull) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert world.levers.now() == WEDNESDAY + 50 * DAY
