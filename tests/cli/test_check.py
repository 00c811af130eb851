"""``check``: a line for everything an operator can get wrong, and what to do about it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from bot.app.launch import Launch
from bot.demo.codex_faults import Fail, Fault
from bot.demo.world import World
from tests.cli.conftest import Run
from tests.end_to_end.rig import utc_now


@pytest.fixture(autouse=True)
def _installation_as_it_was(outside: World) -> Iterator[None]:
    scopes = set(outside.slack.installation.scopes)
    yield
    outside.slack.installation.scopes = scopes
    outside.slack.installation.token_error = None


def failed(text: str) -> dict[str, str]:
    """What is marked as failed, by what it is about."""
    lines = [line.removeprefix("FAIL ") for line in text.splitlines() if line.startswith("FAIL ")]
    return {line.split(": ", 1)[0]: line.split(": ", 1)[1] for line in lines}


def test_when_all_is_well_every_line_says_so(synced: World, run: Run) -> None:
    said = run("check")

    assert said.status == 0
    assert said.err == ""
    about = [line[5:].split(":")[0] for line in said.out.splitlines() if line.startswith("ok ")]
    assert about == [
        "configuration",
        "slack",
        "scopes",
        "socket mode",
        "finance channel",
        "codex",
        "roster",
        "matching",
        "data",
        "deliveries",
        "alerts",
        "budgets",
    ]
    assert all(line.startswith(("ok   ", "warn ")) for line in said.out.splitlines())


def test_json_has_the_same_lines(synced: World, run: Run) -> None:
    lines = json.loads(run("check", "--json").out)
    text = run("check").out.splitlines()

    assert [f"{line['state']:<5}{line['about']}: {line['text']}" for line in lines] == text
    assert {line["state"] for line in lines} == {"ok", "warn"}


def test_what_does_not_match_is_a_warning(synced: World, run: Run) -> None:
    said = run("check").out

    assert "warn matching: Slack person U00VISITOR (pat.visitor@northwind.example) belongs to nobody" in said
    assert "build.wizard@acquired-northwind.example" in said


def test_a_wrong_bot_token(synced: World, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-of-another-app")
    said = run("check")

    assert said.status == 1
    wrong = "invalid_auth: SLACK_BOT_TOKEN is not valid"
    assert failed(said.out) == {"slack": wrong, "finance channel": wrong}


def test_a_wrong_app_token(synced: World, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-of-another-app")
    said = run("check")

    assert said.status == 1
    assert failed(said.out) == {"socket mode": "invalid_auth: SLACK_APP_TOKEN is not valid"}


def test_http_mode_needs_no_socket(synced: World, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_MODE", "http")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "demo-signing-secret")
    said = run("check")

    assert said.status == 0
    assert "socket mode" not in said.out


def test_an_app_that_was_removed(synced: World, run: Run) -> None:
    synced.slack.installation.token_error = "token_revoked"
    said = run("check")

    assert said.status == 1
    assert "install it again" in failed(said.out)["slack"]


def test_a_missing_scope_is_named(synced: World, run: Run) -> None:
    synced.slack.installation.withdraw("users:read.email")
    said = run("check")

    assert said.status == 1
    assert failed(said.out) == {
        "scopes": "add users:read.email under OAuth & Permissions and install the app again"
    }


def test_a_wrong_key(synced: World, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODEX_API_KEY", "another-key")
    said = run("check")

    assert said.status == 1
    assert list(failed(said.out)) == ["codex"]
    assert "CODEX_API_KEY must hold" in said.out
    assert "another-key" not in said.out + said.err


def test_another_workspace(synced: World, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODEX_WORKSPACE_ID", "00000000-0000-4000-8000-000000000000")
    said = run("check")

    assert said.status == 1
    assert "CODEX_WORKSPACE_ID" in failed(said.out)["codex"]


def test_a_key_without_the_right_to_read(synced: World, run: Run) -> None:
    synced.codex.faults.append(Fault(Fail(403)))
    said = run("check")

    assert said.status == 1
    assert list(failed(said.out)) == ["codex"]


def test_a_channel_without_the_bot(synced: World, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = synced.slack.workspace.add_channel("finance")
    monkeypatch.setenv("FINANCE_CHANNEL", channel)
    assert failed(run("check").out) == {
        "finance channel": f"invite the bot to {channel}: /invite the bot there"
    }

    synced.slack.workspace.invite_bot(channel)
    assert run("check").status == 0
    synced.slack.installation.withdraw("channels:read")
    assert "warn finance channel" in run("check").out


def test_a_roster_without_addresses(synced: World, run: Run) -> None:
    (synced.folder / "roster.csv").write_text("name,manager\nCarol,Bob\n", encoding="utf-8")
    said = run("check")

    assert said.status == 1
    assert "no column `email`" in failed(said.out)["roster"]


def test_rows_that_are_refused_and_a_cycle_are_warnings(synced: World, run: Run) -> None:
    (synced.folder / "roster.csv").write_text(
        "email,manager_email\na@example.com,b@example.com\nb@example.com,a@example.com\nnobody,\n",
        encoding="utf-8",
    )
    said = run("check")

    assert said.status == 0
    assert "warn roster: line 4: " in said.out
    assert "warn chart: " in said.out


def test_without_a_roster_it_is_said_what_is_missing(
    synced: World, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ROSTER_FILE")

    assert "warn roster: ROSTER_FILE is not set" in run("check").out


def test_before_the_first_sync(world: World, run: Run) -> None:
    said = run("check")

    assert said.status == 1
    assert failed(said.out) == {"data": "usage was never read: run `codex-usage-bot sync`"}


def test_figures_that_grew_old(synced: World, run: Run) -> None:
    def later() -> datetime:
        return utc_now() + timedelta(hours=4)

    said = run("check", launch=Launch(clock=later))

    assert said.status == 1
    assert "see why it does not sync" in failed(said.out)["data"]


def test_a_sync_that_failed(synced: World, run: Run) -> None:
    synced.codex.faults.append(Fault(Fail(403), times=None))
    assert run("sync", "--quiet").status == 1
    synced.codex.faults.clear()
    said = run("check")

    assert said.status == 1
    assert failed(said.out)["last sync"].startswith("usage, workspace, reviews, responses: The Codex API")


def test_slack_being_away_hides_nothing_else(synced: World, run: Run) -> None:
    synced.slack.faults.reset("*", times=9)
    said = run("check")

    assert said.status == 1
    assert list(failed(said.out)) == ["slack", "socket mode", "finance channel"]
    assert "ok   codex" in said.out
    assert "ok   data" in said.out
