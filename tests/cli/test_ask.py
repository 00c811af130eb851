"""``ask``: somebody's answer in the terminal, and as the message that Slack would get."""

from __future__ import annotations

import json

import pytest

from bot.demo.world import World
from tests.cli.conftest import Run
from tests.end_to_end.rig import assert_figures, expect, on_one_day


def test_the_text_is_what_they_would_type(synced: World, run: Run) -> None:
    told = run("ask", "--as", synced.email("Carol"), "me", "7d")

    assert told.status == 0
    assert told.err == ""
    assert told.out.startswith("Your Codex usage\n================\n")
    assert "ast 7 days" in told.out


def test_nothing_typed_is_their_own_usage(synced: World, run: Run) -> None:
    assert run("ask", "--as", synced.email("Carol")).out.startswith("Your Codex usage\n")


def test_json_is_the_slack_message(synced: World, run: Run) -> None:
    answer, today = on_one_day(lambda: run("ask", "--as", synced.email("Carol"), "--json", "me", "7d").out)
    message = json.loads(answer)

    assert list(message) == ["response_type", "text", "blocks"]
    assert message["response_type"] == "ephemeral"
    assert message["blocks"][0]["type"] == "header"
    assert_figures(message["text"], expect(synced.company, [synced.email("Carol")], 7, today))


def test_people_are_named_by_their_address(synced: World, run: Run) -> None:
    told = run("ask", "--as", synced.email("Bob"), synced.email("Carol"), "7d")

    assert "Carol Jensen" in told.out


def test_a_peer_and_nobody_are_refused_alike(synced: World, run: Run) -> None:
    about_bob = run("ask", "--as", synced.email("Dan"), synced.email("Bob"))
    about_nobody = run("ask", "--as", synced.email("Dan"), "nobody@northwind.example")

    assert about_bob == about_nobody
    assert about_bob.out.startswith("I have nothing to show you for that.")


@pytest.mark.parametrize("who", ["nobody@northwind.example", "pat.visitor@northwind.example", "carol", ""])
def test_whoever_is_unknown_is_told_so(who: str, synced: World, run: Run) -> None:
    told = run("ask", "--as", who, "org")

    assert told.status == 0
    assert told.out.startswith("I do not know you yet")


def test_whoever_left_is_unknown(synced: World, run: Run) -> None:
    assert run("ask", "--as", synced.email("Zoe"), "me").out.startswith("I do not know you yet")


def test_capitals_in_an_address_make_no_difference(synced: World, run: Run) -> None:
    assert run("ask", "--as", synced.email("Carol").upper(), "help").out.startswith("What you can ask")


def test_what_is_not_understood_is_answered_with_help(synced: World, run: Run) -> None:
    told = run("ask", "--as", synced.email("Carol"), "teem")

    assert told.status == 0
    assert "/codex-usage me" in told.out


def test_before_the_first_sync_nobody_is_known(world: World, run: Run) -> None:
    told = run("ask", "--as", world.email("Carol"), "me")

    assert told.status == 0
    assert told.out.startswith("I do not know you yet")


def test_a_file_is_printed_for_a_redirection_and_says_beside_it_what_it_is(synced: World, run: Run) -> None:
    told = run("ask", "--as", synced.email("Bob"), "export", "team", "7d")

    assert told.status == 0
    assert told.err.startswith("Your Codex usage export: last 7 days")
    header, *rows = told.out.removeprefix("\ufeff").splitlines()
    assert header.startswith("first_day,last_day,email,name,team")
    assert any(synced.email("Carol") in row for row in rows)
    assert not any(synced.email("Dan") in row for row in rows)


def test_json_of_an_export_is_the_slack_message(synced: World, run: Run) -> None:
    message = json.loads(run("ask", "--as", synced.email("Bob"), "--json", "export").out)

    assert message["text"].startswith("I am making your file")


def test_a_file_that_one_may_not_have_is_refused_as_in_slack(synced: World, run: Run) -> None:
    assert run("ask", "--as", synced.email("Dan"), "export", "org").out.startswith(
        "I have nothing to show you"
    )


def test_neither_slack_nor_the_codex_api_is_asked(synced: World, run: Run) -> None:
    calls, requests = len(synced.slack.workspace.calls), synced.codex.count()
    run("ask", "--as", synced.email("Erin"), "org")

    assert (len(synced.slack.workspace.calls), synced.codex.count()) == (calls, requests)
