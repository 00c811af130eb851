"""An API that fails: what is stored stays as it was, everything else goes on, and the next run heals it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from bot.core.days import History
from bot.core.models import WorkspaceRow
from bot.core.periods import Period
from bot.demo.codex_faults import (
    Act,
    Fail,
    Fault,
    Garbage,
    Page,
    Reset,
    Rewrite,
    Truncate,
    WebPage,
    absent_cursor,
    drop_envelope_field,
    null_cursor,
    repeat_cursor,
    repeat_page,
    reverse_rows,
)
from bot.demo.codex_gate import Rules
from bot.errors import DeliveryError, StoreError
from bot.features.sync import Sync, SyncOrder
from bot.ports import DayChange
from bot.store.sqlite import SqliteStore
from tests.features.rig import (
    KEY,
    WORKSPACE,
    World,
    ago,
    crowd,
    failures,
    only,
    responses,
    reviews,
    slack,
    workspace,
)

DAYS = (ago(2), ago(1), ago(0))

FAILS = "The Codex API failed 6 times in a row; the last time it "
ACTS: dict[str, tuple[Act, str]] = {
    "500": (Fail(500), f"{FAILS}answered 500 (The server had an error. (server_error))"),
    "429": (Fail(429, retry_after="1"), f"{FAILS}answered 429 (The server had an error. (server_error))"),
    "html": (WebPage(), f"{FAILS}answered 200 with 78 bytes of text/html; charset=utf-8, not whole JSON"),
    "half": (Truncate(), f"{FAILS}could not be reached or broke off"),
    "reset": (Reset(), f"{FAILS}could not be reached or broke off"),
    "late reset": (Reset(after_headers=True), f"{FAILS}could not be reached or broke off"),
    "garbage": (Garbage(), f"{FAILS}answered 200 with 25 bytes of application/json, not whole JSON"),
    "same cursor": (Rewrite(repeat_cursor), "The Codex API sent 2026-11-1"),
    "same page": (Rewrite(repeat_page), "The Codex API sent 2026-11-1"),
    "null cursor": (Rewrite(null_cursor), "The Codex API said has_more without saying next_page"),
    "no cursor": (Rewrite(absent_cursor), "The Codex API said has_more without saying next_page"),
    "wrong order": (Rewrite(reverse_rows), "The Codex API sent 2026-11-1"),
    "no data": (
        Rewrite(drop_envelope_field("data")),
        "The Codex API sent JSON that is not a page: without data",
    ),
    "no end": (
        Rewrite(drop_envelope_field("has_more")),
        "The Codex API sent JSON that is not a page: without has_more",
    ),
}


def fill(world: World, spent: float, size: int = 3) -> None:
    for day in DAYS:
        world.table.put(day, crowd(day, size, spent))


@pytest.mark.parametrize("nth", [1, 2, 4])
@pytest.mark.parametrize("name", ACTS)
def test_on_whichever_page_it_fails_the_stored_days_stay_and_the_next_run_heals(
    paged: World, name: str, nth: int
) -> None:
    fill(paged, spent=1)
    paged.table.put(ago(5), crowd(ago(5), 1))
    paged.sync_week()
    before = paged.usage_dump()
    fill(paged, spent=2, size=4)
    paged.api.faults.append(Fault(ACTS[name][0], route="usage", nth=nth, times=None))

    report = paged.sync_week()

    assert paged.usage_dump() == before
    assert only(report, "usage").error

    paged.api.faults.clear()
    assert paged.sync_week().is_good
    assert paged.stored_on(ago(1)) == {"p00": 2, "p01": 2, "p02": 2, "p03": 2}


@pytest.mark.parametrize("name", ACTS)
def test_one_part_fails_with_a_sentence_and_the_others_are_done(world: World, name: str) -> None:
    act, sentence = ACTS[name]
    world.directory.people = [slack("alice")]
    fill(world, spent=1)
    for day in DAYS:
        world.table.put_workspace(day, workspace(day))
        world.table.put_reviews(day, reviews(day))
    world.api.faults.append(Fault(act, route="usage", times=None))

    report = world.sync(since=ago(2))

    assert {part: error[: len(sentence)] for part, error in failures(report).items()} == {
        "usage": sentence,
        # the same route with another group, which is asked for twice only
        "workspace": sentence.replace("failed 6 times", "failed 8 times"),
    }
    assert not any(part.is_permanent for part in report.parts)
    assert only(report, "reviews").new == 3
    assert only(report, "directory").rows == 1
    assert [employee.name for employee in world.store.load_employees().values()] == ["Alice"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (repeat_cursor, "The Codex API sent a page cursor twice, so its pages have no end"),
        (repeat_page, "The Codex API still had more after 50 pages of usage"),
    ],
)
def test_a_page_of_one_day_for_ever(world: World, change: Callable[[Page], None], sentence: str) -> None:
    fill(world, spent=1)
    world.api.faults.append(Fault(Rewrite(change), route="usage", times=None))

    assert only(world.sync(since=ago(0)), "usage").error == sentence
    assert world.credits_by_day() == {}


@pytest.mark.parametrize("name", ["500", "html", "half", "reset"])
def test_what_fails_five_times_and_then_answers_has_not_failed(world: World, name: str) -> None:
    fill(world, spent=1)
    world.api.faults.append(Fault(ACTS[name][0], route="usage", times=5))

    assert world.sync(since=ago(2)).is_good
    assert len(world.stored_on(ago(1))) == 3


def test_reviews_that_fail_take_nothing_away(world: World) -> None:
    world.table.put_reviews(ago(1), reviews(ago(1)))
    world.table.put_review_responses(ago(1), responses(ago(1)))
    world.settle()
    before = world.usage_dump()
    world.table.put_reviews(ago(1), None)
    world.table.put_review_responses(ago(1), None)
    world.api.faults.append(Fault(Fail(502), route="code_reviews", times=None))
    world.api.faults.append(Fault(Truncate(), route="code_review_responses", times=None))

    report = world.sync()

    assert sorted(failures(report)) == ["responses", "reviews"]
    assert [line for line in world.usage_dump() if line.startswith("review")] == [
        line for line in before if line.startswith("review")
    ]


REFUSALS = [
    (401, "The Codex API refused the key (401): CODEX_API_KEY must hold a workspace Admin key"),
    (403, "The Codex API refused the key (403): CODEX_API_KEY must hold a workspace Admin key"),
    (404, f"The Codex API does not know the workspace {WORKSPACE} (404): check CODEX_WORKSPACE_ID"),
    (400, "The Codex API answered 400 to a request with start_time="),
    (422, "The Codex API refused the request (422) with start_time="),
]


@pytest.mark.parametrize(("status", "sentence"), REFUSALS)
def test_a_refusal_is_permanent_and_says_what_to_look_at(world: World, status: int, sentence: str) -> None:
    world.api.faults.append(Fault(Fail(status), times=None))

    report = world.sync()

    assert {part.name for part in report.parts if part.error} == {
        "usage",
        "workspace",
        "reviews",
        "responses",
    }
    for part in report.parts:
        if part.error:
            assert part.error.startswith(sentence)
            assert part.is_permanent
            assert KEY not in part.error
    assert (
        world.api.count("usage") == 8
    )  # four pieces of usage and of the workspace's own, none asked for twice


def test_a_key_without_the_scope_is_told(world: World) -> None:
    world.api.rules = Rules(keys_without_scope=frozenset({KEY}))

    error = only(world.sync(since=ago(1)), "usage").error

    assert error is not None
    assert "codex.enterprise.analytics.read" in error
    assert error.endswith("(missing_scope)")


def test_a_directory_that_breaks_off_takes_nobody_away_and_usage_goes_on(world: World) -> None:
    world.directory.people = [slack("alice"), slack("bob")]
    world.settle()
    world.directory.failure = DeliveryError("ratelimited")
    fill(world, spent=1)

    report = world.sync()

    assert failures(report) == {"directory": "ratelimited"}
    assert not only(report, "directory").is_permanent
    assert [person.deleted for person in world.store.load_slack_people()] == [False, False]
    assert len(world.stored_on(ago(1))) == 3


def test_a_roster_that_cannot_be_read_changes_nobody_and_usage_goes_on(world: World) -> None:
    world.write_roster("email", "alice@example.com")
    world.settle()
    world.write_roster("mail", "bob@example.com")
    fill(world, spent=1)

    report = world.sync()

    assert list(failures(report)) == ["roster"]
    assert only(report, "roster").is_permanent
    assert not world.store.load_employees()["alice@example.com"].archived
    assert len(world.stored_on(ago(1))) == 3


def test_while_one_sync_runs_another_is_refused_and_leaves_no_trace(world: World) -> None:
    with world.store.only_sync(), pytest.raises(StoreError, match="Another sync is running"):
        world.sync()

    assert world.store.load_last_run() is None
    assert world.api.requests == []
    assert world.sync().is_good


class Breaking(SqliteStore):
    """A database of which one method fails, as with a full disk, or is interrupted."""

    fault: BaseException
    failing = ""

    def _break(self, method: str) -> None:
        if method == self.failing:
            raise self.fault

    def load_history(self) -> History:
        self._break("load_history")
        return super().load_history()

    def keep_periods(self, periods: Sequence[Period]) -> None:
        self._break("keep_periods")
        super().keep_periods(periods)

    def save_workspace_days(self, rows: Sequence[WorkspaceRow], period: Period) -> DayChange:
        self._break("save_workspace_days")
        return super().save_workspace_days(rows, period)


def breaking(world: World, method: str, fault: BaseException) -> Sync:
    store = Breaking(world.store.engine.path)
    store.fault, store.failing = fault, method
    return Sync(store, world.source(), world.people(), clock=world.clock)


@pytest.mark.parametrize(
    ("method", "fault", "error"),
    [
        ("load_history", StoreError("The disk is full."), "sync: The disk is full."),
        ("save_workspace_days", KeyboardInterrupt(), "sync: It broke off (KeyboardInterrupt)."),
        ("save_workspace_days", RuntimeError(KEY), "sync: It broke off (RuntimeError)."),
    ],
)
def test_a_sync_that_breaks_off_is_no_good_one_in_the_ledger(
    world: World, method: str, fault: BaseException, error: str
) -> None:
    with pytest.raises(type(fault)):
        breaking(world, method, fault).run(SyncOrder(today=world.today))

    last = world.store.load_last_run()
    assert last is not None
    assert (last.finished_at, last.error) == (world.clock.now, error)
    assert world.store.load_last_good_run() is None

    world.api.requests.clear()
    assert world.sync().is_good
    assert world.asked_periods(group="workspace")[-1].since == ago(90)  # nothing is missing for good


def test_a_database_that_fails_in_one_part_fails_that_part(world: World) -> None:
    fill(world, spent=1)

    report = breaking(world, "keep_periods", StoreError("The disk is full.")).run(
        SyncOrder(today=world.today)
    )

    assert failures(report) == {"sums": "The disk is full."}
    assert len(world.stored_on(ago(1))) == 3
