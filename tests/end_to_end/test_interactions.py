"""The real bot over Socket Mode: what people press and fill in, and what they see of it."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.demo.slack.values import Json
from bot.demo.world import World
from bot.slack.buttons import actions, ask_button, button
from tests.end_to_end.rig import (
    RunningBot,
    build_world,
    expect,
    give_database,
    people_below,
    run_command,
    running,
    utc_now,
    wait_until,
)

DIGEST = [
    actions(
        [
            ask_button("details", "Details", "team last week"),
            ask_button("before", "Week before", "team 2026-W40"),
            button("settings.open", "Settings"),
        ]
    )
]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with build_world(tmp_path_factory.mktemp("interactions")) as world:
        yield world


@pytest.fixture(scope="module")
def bot(world: World, synced_database: Path) -> Iterator[RunningBot]:
    give_database(world, synced_database)
    with running(world, SYNC_INTERVAL_MINUTES="1440") as bot:
        bot.wait_until_synced()
        world.slack.socket_mode.wait_for_connection()
        yield bot


@pytest.fixture(autouse=True)
def _bot_runs(bot: RunningBot) -> Iterator[None]:
    yield
    assert bot.process.poll() is None, bot.said
    assert "Fault" not in bot.said


def digest_for(world: World, who: str) -> Json:
    """A message with a digest's buttons, in somebody's direct messages."""
    channel = world.slack.workspace.open_dm(world.slack_id(who)).id
    return world.slack.workspace.post(channel, {"text": "Digest", "blocks": DIGEST}).body


def press(world: World, who: str, shown: Json, action_id: str) -> int:
    """Presses; how many messages the person had been shown before."""
    slack_id = world.slack_id(who)
    before = len(world.slack.workspace.shown_to(slack_id))
    ack = world.slack.press(slack_id, shown, action_id)
    assert ack.ok, ack
    return before


def reply(world: World, who: str, after: int) -> str:
    return str(world.slack.wait_for_reply(world.slack_id(who), after=after, timeout=10)["text"])


def modal(world: World, who: str, showing: str = "") -> Json:
    """The modal on top, once it shows that."""
    slack_id, workspace = world.slack_id(who), world.slack.workspace
    workspace.wait_until(lambda: showing in json.dumps(workspace.modals_of(slack_id)[-1:]) > "[]", 10)
    return workspace.modals_of(slack_id)[-1]


def submit(world: World, who: str, **values: Any) -> dict[str, str]:
    ack = world.slack.submit(world.slack_id(who), values)
    assert ack.ok, ack
    problems: dict[str, str] = (ack.payload or {}).get("errors", {})
    return problems


def test_the_buttons_of_a_digest_answer_like_the_command(world: World) -> None:
    after = press(world, "Alice", digest_for(world, "Alice"), "ask.details")
    pressed = reply(world, "Alice", after)

    assert pressed == world.slack.ask(world.slack_id("Alice"), "team last week", timeout=10)["text"]
    assert "Carol" in pressed


def test_whoever_presses_a_forwarded_button_gets_what_is_theirs(world: World) -> None:
    shown = digest_for(world, "Alice")
    after = press(world, "Carol", shown, "ask.details")
    text = reply(world, "Carol", after)

    assert text == world.slack.ask(world.slack_id("Carol"), "team last week", timeout=10)["text"]
    assert "Bob" not in text


def test_settings_are_changed_with_an_error_and_then_without(world: World) -> None:
    after = press(world, "Bob", digest_for(world, "Bob"), "settings.open")
    modal(world, "Bob")

    assert "full or a half hour" in submit(world, "Bob", weekday="4", time="16:07")["time"]
    assert submit(world, "Bob", weekday="4", time="16:30", personal=["personal"]) == {}
    assert "Fridays at 16:30" in reply(world, "Bob", after)

    again = world.slack.ask(world.slack_id("Bob"), "settings", timeout=10)
    assert "Fridays at 16:30" in again["text"]
    press(world, "Bob", again, "settings.pause")
    wait_until(lambda: "paused" in world.slack.replies_to(world.slack_id("Bob"))[-1]["text"], "the pause")
    assert (
        len([r for r in world.slack.replies_to(world.slack_id("Bob")) if "Your digest settings" in r["text"]])
        == 2
    )


def test_a_modal_opens_at_once_while_something_else_writes(world: World) -> None:
    """Saving waits for the database; looking does not."""
    with sqlite3.connect(world.folder / "codex-usage.db", isolation_level=None) as writer:
        writer.execute("BEGIN IMMEDIATE")
        after = press(world, "Dan", digest_for(world, "Dan"), "settings.open")
        modal(world, "Dan")
        assert submit(world, "Dan", personal=["personal"]) == {}
        writer.execute("ROLLBACK")
    writer.close()

    assert "own usage: *on*" in reply(world, "Dan", after)


def test_a_stranger_changes_nothing(world: World) -> None:
    who = "pat.visitor@northwind.example"
    press(world, who, digest_for(world, who), "settings.open")

    assert "I do not know you yet" in json.dumps(modal(world, who))


def home(world: World, who: str, showing: str) -> Json:
    """The Home tab, once it shows that."""
    slack_id, workspace = world.slack_id(who), world.slack.workspace
    workspace.wait_until(lambda: showing in json.dumps(workspace.home_of(slack_id)), 10)
    view = workspace.home_of(slack_id)
    assert view is not None
    return view


def test_the_home_tab_shows_ones_own_and_asks_for_more_in_a_modal(world: World) -> None:
    assert world.slack.open_home(world.slack_id("Alice")).ok
    view = home(world, "Alice", "Your team")
    assert world.name("Carol") not in json.dumps(view)

    press(world, "Alice", view, "ask.team")
    assert world.name("Carol") in json.dumps(modal(world, "Alice", showing="Each person"))


def test_digests_are_paused_and_changed_from_the_home_tab(world: World) -> None:
    assert world.slack.open_home(world.slack_id("Gail")).ok
    press(world, "Gail", home(world, "Gail", "settings.pause"), "settings.pause")
    view = home(world, "Gail", "settings.resume")
    press(world, "Gail", view, "settings.open")
    modal(world, "Gail")
    assert submit(world, "Gail", weekday="3", time="10:00") == {}

    press(world, "Gail", home(world, "Gail", "on Thursdays at 10:00"), "settings.resume")
    home(world, "Gail", "settings.pause")


def test_a_stranger_finds_no_figures_at_home(world: World) -> None:
    assert world.slack.open_home(world.slack_id("pat.visitor@northwind.example")).ok
    view = home(world, "pat.visitor@northwind.example", "I do not know you yet")

    assert "redits" not in json.dumps(view["blocks"][:-2])


def test_an_export_comes_into_the_direct_messages(world: World, bot: RunningBot) -> None:
    alice = world.slack_id("Alice")
    after = len(world.slack.workspace.shown_to(alice))
    world.slack.slash(alice, "export team 7d")
    world.slack.wait_for_reply(alice, count=2, after=after, timeout=20)

    first, second = world.slack.workspace.shown_to(alice)[after:]
    assert "I am making your file" in first["text"]
    assert "is in the direct messages" in second["text"]
    (stored,) = [one for one in world.slack.workspace.files.values() if one.shared_in == f"D{alice[1:]}"]
    assert stored.content is not None
    rows = list(csv.DictReader(io.StringIO(stored.content.decode("utf-8-sig"), newline="")))
    expected = expect(world.company, people_below(world.company, "Alice"), 7, utc_now().date())
    assert {row["email"] for row in rows} <= people_below(world.company, "Alice")
    assert sum(int(row["turns"]) for row in rows) == expected.turns
    assert f"{sum(Decimal(row['credits']) for row in rows):.3f}" == f"{expected.credits:.3f}"


def test_an_export_without_the_scope_says_what_to_do(world: World) -> None:
    carol = world.slack_id("Carol")
    after = len(world.slack.workspace.shown_to(carol))
    world.slack.installation.withdraw("files:write")
    world.slack.slash(carol, "export me json")
    text = str(world.slack.wait_for_reply(carol, count=2, after=after, timeout=20)["text"])
    world.slack.installation.grant("files:write")

    assert "files.getUploadURLExternal needs the scope files" in text
    assert world.slack.dms_to(carol) == []


def test_the_digests_button_makes_a_file_of_its_week(world: World) -> None:
    bob, digest = world.slack_id("Bob"), [actions([ask_button("csv", "CSV", "export team csv last week")])]
    channel = world.slack.workspace.open_dm(bob).id
    shown = world.slack.workspace.post(channel, {"text": "Digest", "blocks": digest}).body
    after = press(world, "Bob", shown, "ask.csv")

    world.slack.wait_for_reply(bob, count=2, after=after, timeout=20)
    assert world.slack.dms_to(bob)[-1]["files"][0]["name"].startswith("codex-usage-team_")


def test_every_button_of_a_digest_that_was_really_sent_does_something(world: World) -> None:
    gail = world.slack_id("Gail")
    sent = run_command(world, "digest", "--to", world.email("Gail"))
    assert sent.returncode == 0, sent
    world.slack.workspace.wait_until(lambda: any("blocks" in dm for dm in world.slack.dms_to(gail)), 20)
    digest = next(dm for dm in world.slack.dms_to(gail) if "blocks" in dm)

    for action_id, count in (("ask.details", 1), ("ask.before", 1), ("ask.csv", 2)):
        after = press(world, "Gail", digest, action_id)
        text = str(world.slack.wait_for_reply(gail, count=count, after=after, timeout=20)["text"])
        assert "I do not" not in text, text
    press(world, "Gail", digest, "settings.open")
    assert modal(world, "Gail", showing="settings")["callback_id"] == "settings"
    assert digest in world.slack.dms_to(gail)


def budgets_say(world: World, who: str, words: str) -> Json:
    """The newest answer that only this person sees, once it says that."""
    slack_id = world.slack_id(who)
    wait_until(lambda: words in world.slack.replies_to(slack_id)[-1]["text"], words, timeout=10)
    return world.slack.replies_to(slack_id)[-1]


def test_finance_adds_edits_and_removes_a_budget(world: World) -> None:
    finn = world.slack_id("Finn")
    shown = world.slack.ask(finn, "budget", timeout=10)
    assert "No budget is set." in shown["text"]
    press(world, "Finn", shown, "budget.add")
    modal(world, "Finn", showing="A budget")
    assert "not an amount" in submit(world, "Finn", scope="organisation", amount="plenty")["amount"]
    assert submit(world, "Finn", scope="organisation", amount="1,000,000") == {}
    added = budgets_say(world, "Finn", "of 1,000,000 credits")
    assert "Saved." in added["text"]

    press(world, "Finn", added, "budget.edit")
    assert modal(world, "Finn", showing="1000000")["title"]["text"] == "Edit a budget"
    assert submit(world, "Finn", amount="2000000") == {}
    edited = budgets_say(world, "Finn", "of 2,000,000 credits")
    asked = world.slack.ask(finn, "budget", timeout=10)
    assert "*The organisation, monthly*" in asked["text"]
    assert "of 2,000,000 credits" in asked["text"]

    press(world, "Finn", edited, "budget.remove")
    wait_until(
        lambda: any("Removed." in one["text"] for one in world.slack.replies_to(finn)),
        "the removal",
        timeout=10,
    )
    assert "No budget is set." in world.slack.ask(finn, "budget", timeout=10)["text"]


def test_a_budgets_buttons_do_nothing_for_anybody_else(world: World) -> None:
    finns = world.slack.ask(world.slack_id("Finn"), "budget", timeout=10)
    press(world, "Carol", finns, "budget.add")
    assert "I have nothing to show you" in json.dumps(modal(world, "Carol", showing="nothing"))
    assert "budget.add" not in json.dumps(
        world.slack.ask(world.slack_id("Carol"), "budget", timeout=10)["blocks"]
    )
