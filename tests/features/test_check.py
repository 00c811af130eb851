"""Every line of a check, as it is and as it fails."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.core.checks import EXPORT_SCOPE, NEEDED_SCOPES, Check, Grade, Installation
from bot.demo.codex_faults import Fail, Fault
from bot.errors import DeliveryError
from bot.features.checks.check import Checks, CheckSettings
from bot.rosters.csv_file import CsvRoster
from tests.features.rig import NOW, World, ago, crowd, slack, usage

INSTALLED = Installation("Northwind", "codex_usage", NEEDED_SCOPES | {EXPORT_SCOPE})
GOOD = {
    "slack": "connected to Northwind as codex_usage",
    "scopes": "all 4 needed scopes are granted",
    "codex": "the analytics API answers for this workspace",
    "roster": "2 people",
    "matching": "2 of 2 people are matched to Slack; 0 of 1 accounts belong to nobody",
    "data": "complete to 2026-11-18 (UTC), read 2026-11-20 09:30 UTC",
    "deliveries": "0 messages wait to be sent",
    "alerts": "normal sensitivity, nothing below 250 credits, no cap; as configured",
    "budgets": "0 set",
}


@dataclass
class FakeSlack:
    """Slack's view of the app; ``failing`` are the calls that Slack refuses, with its reason."""

    installation: Installation = INSTALLED
    channels: set[str] = field(default_factory=set)
    failing: dict[str, str] = field(default_factory=dict)

    def fetch_installation(self) -> Installation:
        self._fail("installation")
        return self.installation

    def check_app_token(self) -> None:
        self._fail("app token")

    def is_member_of(self, channel: str) -> bool:
        self._fail("channel")
        return channel in self.channels

    def _fail(self, call: str) -> None:
        if call in self.failing:
            raise DeliveryError(self.failing[call])


@dataclass
class Rig:
    world: World
    folder: Path
    slack: FakeSlack = field(default_factory=FakeSlack)
    is_socket_mode: bool = False
    finance_channel: str | None = None
    has_roster: bool = True

    def run(self, now: datetime | None = None) -> list[Check]:
        checks = Checks(
            self.world.store,
            self.world.source(),
            self.slack,
            CsvRoster(self.folder / "roster.csv") if self.has_roster else None,
            CheckSettings(self.is_socket_mode, self.finance_channel, timedelta(hours=1)),
        )
        return list(checks.run(now or self.world.clock.now))

    def lines(self, about: str, now: datetime | None = None) -> list[tuple[Grade, str]]:
        return [(check.grade, check.sentence) for check in self.run(now) if check.about == about]


@pytest.fixture
def rig(world: World, tmp_path: Path) -> Rig:
    """An installation with which all is well."""
    world.write_roster("email,manager_email", "alice@example.com,", "carol@example.com,alice@example.com")
    world.directory.people = [slack("alice"), slack("carol")]
    world.table.put(ago(1), [usage("carol", ago(1))])
    world.sync_week()
    return Rig(world, tmp_path)


def test_all_is_well(rig: Rig) -> None:
    checks = rig.run()

    assert {check.about: check.sentence for check in checks} == GOOD
    assert [check.about for check in checks] == list(GOOD)
    assert {check.grade for check in checks} == {Grade.OK}


def test_slack_that_cannot_be_asked_fails_its_own_line_only(rig: Rig) -> None:
    rig.slack.failing = {"installation": "invalid_auth (auth.test)"}

    checks = rig.run()

    assert checks[0] == Check("slack", Grade.FAIL, "invalid_auth (auth.test)")
    assert [check.about for check in checks] == [
        "slack",
        "codex",
        "roster",
        "matching",
        "data",
        "deliveries",
        "alerts",
        "budgets",
    ]


def test_scopes_that_are_missing_or_not_told(rig: Rig) -> None:
    rig.slack.installation = Installation("N", "b", frozenset({"commands", "users:read", "extra"}))
    assert rig.lines("scopes") == [
        (Grade.FAIL, "add chat:write, users:read.email under OAuth & Permissions and install the app again")
    ]

    rig.slack.installation = Installation("N", "b", NEEDED_SCOPES)
    assert rig.lines("scopes") == [(Grade.OK, GOOD["scopes"])]
    assert rig.lines("exports") == [
        (Grade.WARN, "no file reaches anybody without files:write: add it and install the app again")
    ]

    rig.slack.installation = Installation("N", "b", None)
    assert rig.lines("scopes") == [(Grade.WARN, "Slack does not say which scopes were granted")]


def test_the_app_token_is_looked_at_in_socket_mode_only(rig: Rig) -> None:
    rig.slack.failing = {"app token": "invalid_auth (apps.connections.open)"}
    assert rig.lines("socket mode") == []

    rig.is_socket_mode = True
    assert rig.lines("socket mode") == [(Grade.FAIL, "invalid_auth (apps.connections.open)")]

    rig.slack.failing = {}
    assert rig.lines("socket mode") == [(Grade.OK, "SLACK_APP_TOKEN can open a connection")]


def test_the_finance_channel(rig: Rig) -> None:
    assert rig.lines("finance channel") == []

    rig.finance_channel = "C42"
    assert rig.lines("finance channel") == [(Grade.FAIL, "invite the bot to C42: /invite the bot there")]

    rig.slack.channels = {"C42"}
    assert rig.lines("finance channel") == [(Grade.OK, "the bot is in C42")]

    rig.slack.failing = {"channel": "missing_scope (needed: channels:read, conversations.info)"}
    assert rig.lines("finance channel") == [
        (Grade.WARN, "it cannot be seen whether the bot is in C42 (needs channels:read or groups:read)")
    ]

    rig.slack.failing = {"channel": "channel_not_found (conversations.info)"}
    assert rig.lines("finance channel") == [(Grade.FAIL, "channel_not_found (conversations.info)")]


def test_an_api_that_refuses_the_key(rig: Rig) -> None:
    rig.world.api.faults.append(Fault(Fail(401)))

    ((grade, sentence),) = rig.lines("codex")

    assert grade is Grade.FAIL
    assert sentence.startswith("The Codex API refused the key (401): CODEX_API_KEY must hold")
    assert rig.lines("codex") == [(Grade.OK, GOOD["codex"])]


def test_no_roster(rig: Rig) -> None:
    rig.has_roster = False

    assert rig.lines("roster") == [
        (Grade.WARN, "ROSTER_FILE is not set: nobody has a manager, `team` shows nothing")
    ]


def test_a_roster_that_cannot_be_read(rig: Rig) -> None:
    rig.world.forget_roster()

    ((grade, sentence),) = rig.lines("roster")

    assert grade is Grade.FAIL
    assert sentence.endswith("cannot be read (No such file or directory). Check ROSTER_FILE.")


def test_problems_of_the_roster_are_told_line_by_line_and_cut_reporting_lines_by_person(rig: Rig) -> None:
    rig.world.write_roster(
        "email,manager_email,status",
        "mona@example.com,nils@example.com,",
        "nils@example.com,mona@example.com,",
        "paul@example.com,ghost@example.com,",
        "quin@example.com,,perhaps",
    )

    assert rig.lines("roster") == [
        (Grade.OK, "3 people"),
        (Grade.WARN, "line 5: status 'perhaps' is neither active nor archived. The row is left out."),
    ]
    assert [(grade, sentence.split(";")[0]) for grade, sentence in rig.lines("chart")] == [
        (Grade.WARN, "mona@example.com reports to nils@example.com, who reports back to them (a cycle)"),
        (Grade.WARN, "nils@example.com reports to mona@example.com, who reports back to them (a cycle)"),
        (Grade.WARN, "paul@example.com reports to ghost@example.com, who is not in the roster"),
    ]


def test_what_is_not_matched(rig: Rig) -> None:
    rig.world.write_roster(
        "email,manager_email,aliases",
        "alice@example.com,ghost@example.com,dev@example.com",
        "carol@example.com,,dev@example.com",
    )
    rig.world.directory.people = [slack("alice")]
    rig.world.table.put(ago(1), [usage("dev", ago(1)), usage("carol", ago(1))])
    rig.world.sync_week()

    assert rig.lines("matching") == [
        (Grade.OK, "1 of 2 people are matched to Slack; 1 of 2 accounts belong to nobody"),
        *((Grade.WARN, sentence) for sentence in rig.world.findings("link")),
    ]
    assert len(rig.world.findings("link")) == 4
    assert len(rig.lines("chart")) == 1  # told once, though it was found by the sync as well


def test_data_that_is_stale_after_three_intervals(rig: Rig) -> None:
    assert rig.lines("data", NOW + timedelta(hours=3)) == [(Grade.OK, GOOD["data"])]
    assert rig.lines("data", NOW + timedelta(hours=3, seconds=1)) == [
        (Grade.FAIL, GOOD["data"] + "; start `codex-usage-bot run` or see why it does not sync")
    ]


def test_a_day_that_was_refused_is_told_however_old(rig: Rig) -> None:
    for day in (ago(60), ago(0)):
        rig.world.table.put(day, crowd(day, 10))
    rig.world.sync(since=ago(60))
    for day in (ago(60), ago(0)):
        rig.world.table.put(day, crowd(day, 3))
    rig.world.sync(since=ago(60))

    assert rig.lines("data")[1:] == [
        (Grade.WARN, f"{day} was refused; see `codex-usage-bot sync --accept {day}`")
        for day in (ago(60), ago(0))
    ]


def test_a_last_sync_that_failed(rig: Rig) -> None:
    rig.world.api.faults.append(Fault(Fail(503), route="code_reviews", times=None))
    rig.world.sync_week()

    ((grade, sentence),) = rig.lines("last sync")

    assert grade is Grade.FAIL
    assert sentence.startswith("reviews: The Codex API failed 6 times in a row")


def test_before_the_first_day_was_read(world: World, tmp_path: Path) -> None:
    rig = Rig(world, tmp_path, has_roster=False)
    never = (Grade.FAIL, "usage was never read: run `codex-usage-bot sync`")
    assert rig.lines("data") == [never]
    assert rig.lines("last sync") == []

    world.api.faults.append(Fault(Fail(401), times=None))
    world.sync()
    assert rig.lines("data") == [never]
    ((_, sentence),) = rig.lines("last sync")
    assert sentence.startswith("usage, workspace, reviews, responses: The Codex API refused the key (401)")


def test_read_today_only_no_day_is_complete(world: World, tmp_path: Path) -> None:
    world.sync(since=ago(0))

    assert Rig(world, tmp_path, has_roster=False).lines("data") == [
        (Grade.OK, "complete to no day yet (UTC), read 2026-11-20 09:30 UTC")
    ]


def test_a_database_that_cannot_be_read_fails_what_needs_it(rig: Rig) -> None:
    path = rig.world.store.engine.path
    rig.world.store.close()
    path.rename(path.with_name("elsewhere.db"))
    path.write_bytes(b"not a database, but long enough to be read as one" * 100)

    grades = {check.about: check.grade for check in rig.run()}

    assert (grades["codex"], grades["roster"]) == (Grade.OK, Grade.OK)
    assert (grades["matching"], grades["data"]) == (Grade.FAIL, Grade.FAIL)
