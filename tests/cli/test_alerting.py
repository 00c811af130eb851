"""``alerts`` finds what stands out in what is stored, and has it told once, by real messages."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.cli.sync import evaluate
from bot.core.budgets.terms import Cycle, Scope, Terms, Unit
from bot.core.deliveries import Order
from bot.core.formats import instant_text
from bot.core.models import MICRO, Amounts, ClientUsage, UsagePage, UsageRow, epoch_day
from bot.demo.world import World
from bot.errors import StoreError
from bot.features.alerts.evaluate import Alerts, Round
from bot.store.sqlite import SqliteStore
from tests.cli.conftest import DATABASE, Run

DISASTER = 90_000 * MICRO


@pytest.fixture
def runaway(synced: World) -> str:
    """Somebody with a manager used a year's credits yesterday, after the last sync; their address."""
    return run_away(synced.folder / DATABASE)


def run_away(database: Path, *, days_ago: int = 1) -> str:
    store = SqliteStore(database)
    day = datetime.now(UTC).date() - timedelta(days=days_ago)
    with store.engine.reading() as connection:
        account, email = connection.execute(
            "SELECT a.external_id, e.email FROM account a JOIN account_link l ON l.account = a.id"
            " JOIN employee e ON e.id = l.employee JOIN employee m ON m.email = e.manager_email"
            " WHERE NOT e.archived AND e.slack_id IS NOT NULL AND m.slack_id IS NOT NULL ORDER BY a.id LIMIT 1"
        ).fetchone()
    spent = Amounts(1, 1, DISASTER)
    row = UsageRow(
        epoch_day(day),
        account,
        email,
        None,
        spent,
        (ClientUsage("CODEX_CLI", spent),),
        None,
        None,
        None,
    )
    with store.staging() as staged:
        staged.add(UsagePage([row], []))
        staged.replace_days([day], datetime.now(UTC))
    store.close()
    return str(email)


def texts(world: World, channel: str) -> list[dict[str, Any]]:
    found = world.slack.workspace.conversation(channel)
    assert found is not None
    return [message.body for message in found.messages]


def test_a_runaway_is_shown_then_told_then_never_again(
    synced: World, runaway: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = synced.slack.workspace.add_channel("finance", has_bot=True, private=True)
    monkeypatch.setenv("FINANCE_CHANNEL", channel)

    shown = run("alerts", "--dry-run", "--json")
    (incident,) = [one for one in json.loads(shown.out)["incidents"] if one["email"] == runaway]
    assert (incident["credits"], incident["told"]) == (90_000, True)
    assert texts(synced, channel) == []

    told = run("alerts")
    assert told.status == 0
    assert runaway in told.out
    assert f"{channel}  alert  sent" in told.out
    first = texts(synced, channel)
    assert [message["text"] for message in first if "90,000 credits" in message["text"]]

    again = run("alerts")
    assert (again.status, again.out) == (0, "Nothing has changed since the last look.\n")
    assert texts(synced, channel) == first


def test_a_channel_without_the_bot_is_told_of(
    synced: World, runaway: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = synced.slack.workspace.add_channel("nobody")
    monkeypatch.setenv("FINANCE_CHANNEL", channel)
    told = run("alerts", "--json")
    messages = json.loads(told.out)["messages"]
    (parked,) = [one["state"] for one in messages if one["recipient"] == channel]
    assert told.status == 1
    assert parked.startswith("parked (")
    assert "not_in_channel" in parked
    assert runaway not in parked

    synced.slack.workspace.invite_bot(channel)
    again = run("alerts")
    assert (again.status, again.out) == (0, f"{channel}  alert  sent\n")
    assert len(texts(synced, channel)) == 1


def test_what_waits_for_an_answer_is_not_waited_for(
    synced: World, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    grace = datetime.now(UTC) + timedelta(hours=2)
    order = Order("alert", "C1", "alert-1", grace, grace, grace, not_before=grace)
    rounds = Round((), (order,))
    monkeypatch.setattr(Alerts, "evaluate", lambda self, now: rounds)
    monkeypatch.setattr(Alerts, "preview", lambda self, now: rounds)
    words = f"C1  alert  not before {instant_text(grace)}\n"
    for arguments in (("alerts",), ("alerts", "--dry-run")):
        said = run(*arguments)
        assert (said.status, said.out) == (0, words)


@pytest.fixture
def budgeted(synced: World, run: Run, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Somebody uses more than a day's budget; the channel that was told of the runaway already, and their address."""
    channel = synced.slack.workspace.add_channel("finance", has_bot=True, private=True)
    monkeypatch.setenv("FINANCE_CHANNEL", channel)
    person = run_away(synced.folder / DATABASE, days_ago=0)
    run("alerts")
    whole = Terms(Scope.ORGANISATION, None, Cycle.DAY, Unit.CREDITS, 50_000 * MICRO, (50, 100))
    store = SqliteStore(synced.folder / DATABASE)
    for terms in (whole, replace(whole, scope=Scope.PERSON, thresholds=(100,))):
        assert store.save_budget(terms, "erin@example.com", datetime.now(UTC))
    store.close()
    return channel, person


def test_budgets_are_shown_and_nothing_is_kept(budgeted: tuple[str, str], run: Run) -> None:
    _, person = budgeted
    everybody, alone = json.loads(run("alerts", "--dry-run", "--json").out)["budgets"]
    assert everybody.pop("since") == datetime.now(UTC).date().isoformat()
    assert everybody == {
        "scope": "organisation",
        "name": None,
        "email": None,
        "cycle": "day",
        "unit": "credits",
        "amount": 50_000,
        "used": 90_000,
        "thresholds": [50, 100],
        "forecast": False,
    }
    assert (alone["email"], alone["thresholds"]) == (person, [100])
    assert "100 % of 50,000 credits reached, 90,000 used" in run("alerts", "--dry-run").out


def test_budgets_are_told_once(synced: World, budgeted: tuple[str, str], run: Run) -> None:
    channel, person = budgeted
    before = len(texts(synced, channel))
    told = run("alerts")
    assert told.status == 0
    assert f"{channel}  budget_alert  sent" in told.out
    assert f"{person}  own_budget_alert  sent" in told.out
    cards = [message["text"] for message in texts(synced, channel)[before:]]
    assert sum("The organisation has reached its budget for " in card for card in cards) == 1
    assert len(cards) == 2
    assert "budget: " not in run("alerts").out
    assert len(texts(synced, channel)) == before + 2


class Broken:
    """What finds runaway spend, with a fault."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def evaluate_if_due(self, now: datetime) -> None:
        del now
        raise self._error


@pytest.mark.parametrize(
    ("error", "words"),
    [(StoreError("locked"), "Spend was not looked at: locked"), (ZeroDivisionError(), "Fault ")],
)
def test_no_fault_in_looking_for_runaways_fails_a_sync(
    error: Exception, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    evaluate(Broken(error), "Spend was", datetime.now(UTC))  # type: ignore[arg-type]  # has all that is asked of it
    assert words in caplog.text
