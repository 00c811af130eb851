"""The real bot over Socket Mode: syncs by itself, answers the cast, follows the directory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.demo.slack.members import build_member
from bot.demo.world import World
from tests.end_to_end.rig import (
    RunningBot,
    assert_figures,
    build_world,
    expect,
    on_one_day,
    people_below,
    running,
    wait_until,
)

NOTHING_FOR_YOU = "I have nothing to show you for that."
NOT_KNOWN = "I do not know you yet"
NOBODY = "nobody@northwind.example"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with build_world(tmp_path_factory.mktemp("socket")) as world:
        yield world


@pytest.fixture(scope="module")
def bot(world: World) -> Iterator[RunningBot]:
    with running(world, SYNC_INTERVAL_MINUTES="1440") as bot:  # one sync, the first
        bot.wait_until_synced()
        world.slack.socket_mode.wait_for_connection()
        yield bot


@pytest.fixture(autouse=True)
def _bot_runs(bot: RunningBot) -> Iterator[None]:
    """Every test of this file speaks to one bot, which outlives each of them."""
    yield
    assert bot.process.poll() is None, bot.said


def ask(world: World, who: str, text: str) -> dict[str, Any]:
    """The first reply, once it is clear that the command was acknowledged in time."""
    slack_id = world.slack_id(who)
    ack = world.slack.slash(slack_id, text)
    assert ack.ok, ack
    return world.slack.wait_for_reply(slack_id, after=ack.shown_before, timeout=10)


def test_somebodys_own_figures_are_the_sums_of_the_apis_rows(world: World) -> None:
    text, today = on_one_day(lambda: str(ask(world, "Carol", "me 7d")["text"]))

    expected = expect(world.company, [world.email("Carol")], 7, today)
    assert expected.threads > 0
    assert_figures(text, expected)


def test_a_teams_figures_are_the_sums_over_the_whole_chain_below(world: World) -> None:
    text, today = on_one_day(lambda: str(ask(world, "Alice", "team 7d")["text"]))

    below = people_below(world.company, "Alice")
    assert world.email("Carol") in below
    assert world.email("Bob") in below
    assert_figures(text, expect(world.company, below, 7, today))


def test_an_admin_sees_anybody(world: World) -> None:
    text, today = on_one_day(lambda: str(ask(world, "Erin", f"@{world.name('Dan')} 7d")["text"]))

    assert_figures(text, expect(world.company, [world.email("Dan")], 7, today))


def test_everyone_gets_answers_that_only_they_can_see(world: World, bot: RunningBot) -> None:
    for who, text in (
        ("Carol", ""),
        ("Bob", "team"),
        ("Alice", f"team @{world.name('Bob')}"),
        ("Finn", "org"),
        ("Erin", "top tokens 7d"),
        ("Dan", "reviews"),
        ("Mira", "status"),
    ):
        reply = ask(world, who, text)
        assert reply["blocks"], (who, text)
    assert world.slack.messages_in("general") == []


def test_a_peer_reads_the_same_words_about_somebody_and_about_nobody(world: World) -> None:
    about_bob = ask(world, "Dan", f"@{world.name('Bob')} 7d")
    about_nobody = ask(world, "Dan", f"{NOBODY} 7d")

    assert about_bob["text"].startswith(NOTHING_FOR_YOU)
    assert (about_bob["text"], about_bob["blocks"]) == (about_nobody["text"], about_nobody["blocks"])


def test_a_team_of_somebody_else_is_refused_in_those_words_too(world: World) -> None:
    about_bob = ask(world, "Dan", f"team @{world.name('Bob')}")
    about_nobody = ask(world, "Dan", f"team {NOBODY}")

    assert about_bob["text"].startswith(NOTHING_FOR_YOU)
    assert about_bob["text"] == about_nobody["text"]


def test_a_stranger_learns_how_to_get_known_and_nothing_else(world: World) -> None:
    for text in ("me", "org", "team", f"@{world.name('Carol')}", "help"):
        reply = ask(world, "pat.visitor@northwind.example", text)
        assert reply["text"].startswith(NOT_KNOWN), text


def test_help_and_unknown_input_tell_what_can_be_asked(world: World) -> None:
    helped = ask(world, "Carol", "help")
    lost = ask(world, "Carol", "teem last weak")

    assert "/codex-usage me" in helped["text"]
    assert lost["text"].endswith(helped["text"])
    assert "teem" in lost["text"]


def test_what_people_type_comes_back_harmless(world: World) -> None:
    lost = ask(world, "Carol", "<!channel> *all* `x` & <https://evil.example|click>")

    assert "<!channel>" not in lost["text"]
    assert "<https://evil" not in lost["text"]


def test_somebody_whose_address_changes_is_unknown_until_it_is_theirs_again(world: World) -> None:
    hugo = world.slack_id("Hugo")
    assert not ask(world, "Hugo", "me 7d")["text"].startswith(NOT_KNOWN)

    world.slack.workspace.change_member(hugo, profile={"email": "hugo@elsewhere.example"})
    wait_until(lambda: _reply(world, hugo, "me 7d").startswith(NOT_KNOWN), "the change of address")

    world.slack.workspace.change_member(hugo, profile={"email": world.email("Hugo")})
    wait_until(lambda: not _reply(world, hugo, "me 7d").startswith(NOT_KNOWN), "the change back")


def test_somebody_who_joins_slack_is_known_without_a_sync(world: World) -> None:
    absent = next(w for w in world.company.staff if w.slack_id is None and w.left_on is None)
    world.slack.workspace.add_member(
        build_member(
            absent.name,
            slack_id="U0JOINED01",
            email=absent.email,
            team_id=world.slack.installation.team_id,
        )
    )

    wait_until(lambda: not _reply(world, "U0JOINED01", "me").startswith(NOT_KNOWN), "the new member")


def _reply(world: World, slack_id: str, text: str) -> str:
    return str(world.slack.ask(slack_id, text, timeout=10)["text"])
