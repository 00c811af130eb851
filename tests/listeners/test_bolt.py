"""What Bolt makes of our registrations, without network and whatever the environment says."""

from __future__ import annotations

import logging
from pathlib import Path
from urllib.parse import urlencode

import pytest
from inline_snapshot import snapshot
from slack_bolt.request import BoltRequest

from bot.listeners import bolt as module
from bot.listeners.home import Home
from tests.listeners.rig import Rig, command_form, member, signed


def failing() -> None:
    raise ZeroDivisionError


def test_slack_may_verify_the_address() -> None:
    with Rig() as rig:
        body = b'{"type": "url_verification", "challenge": "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"}'
        reply = rig.post(body, signed(body, "application/json"))

        assert reply.status_code == 200
        assert reply.json() == {"challenge": "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"}


def test_another_command_is_told_what_there_is() -> None:
    with Rig() as rig:
        reply = rig.ask("me", command="/weather")
        rig.commands.close(5)

        assert reply.json() == snapshot(
            {"text": "This bot answers /codex-usage only.", "response_type": "ephemeral"}
        )
        assert rig.catcher.answers == []


@pytest.mark.parametrize("changes", [{"team_id": "T0999"}, {"api_app_id": "A999"}], ids=["team", "app"])
def test_a_command_from_elsewhere_learns_nothing(changes: dict[str, str]) -> None:
    with Rig(home=Home(team_id="T0001", api_app_id="A123456")) as rig:
        reply = rig.ask("me", **changes)
        rig.commands.close(5)

        assert reply.json()["text"] == snapshot(
            "This bot serves another workspace, so it has nothing to show here."
        )
        assert rig.catcher.answers == []


def test_buttons_without_a_listener_are_acknowledged() -> None:
    """A button that only opens a link sends its press, too; without an answer the person sees a warning."""
    with Rig() as rig:
        payload = '{"type": "block_actions", "user": {"id": "U0CAROL"}, "actions": [{"action_id": "open"}]}'
        body = urlencode({"payload": payload}).encode()

        assert rig.post(body).status_code == 200


def test_a_fault_while_taking_a_command_becomes_an_id(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Rig() as rig:
        monkeypatch.setattr("bot.listeners.faults.secrets.token_hex", lambda _: "0a1b2c3d")
        monkeypatch.setattr(rig.commands, "_clock", failing)
        reply = rig.ask("me")

        assert reply.status_code == 200
        assert "`0a1b2c3d`" in reply.json()["text"]
    assert "0a1b2c3d" in caplog.text


def test_a_fault_while_taking_an_event_makes_slack_send_it_again(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Rig() as rig:
        monkeypatch.setattr(rig.directory, "_clock", failing)

        assert rig.tell({"type": "user_change", "user": member()}).status_code == 400
    assert "Fault" in caplog.text


def test_the_environment_changes_nothing(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Bolt looks for these by itself; none of them may take effect or cause a warning."""
    for name in (
        "BOT_TOKEN",
        "SIGNING_SECRET",
        "VERIFICATION_TOKEN",
        "CLIENT_ID",
        "CLIENT_SECRET",
        "APP_TOKEN",
    ):
        monkeypatch.setenv(f"SLACK_{name}", "from-the-environment")
    monkeypatch.setenv("HOME", str(tmp_path))

    with caplog.at_level(logging.WARNING), Rig() as rig:
        assert rig.ask("me").content == b""
        assert rig.catcher.wait_for(1)[0]["text"].startswith("U0CAROL asked 'me'")
        assert rig.post(command_form("me", rig.catcher.url), {}).status_code == 401
    assert [record.getMessage() for record in caplog.records if record.name != "httpx"] == []
    assert list(tmp_path.iterdir()) == []


def test_commands_over_socket_mode_take_the_same_way() -> None:
    """There is no signature there: the connection itself is ours."""
    with Rig() as rig:
        app = module.build_bolt(rig.commands, rig.interactions, rig.directory)
        payload = {
            "command": "/codex-usage",
            "text": "me",
            "user_id": "U0CAROL",
            "team_id": "T0001",
            "response_url": rig.catcher.url,
        }
        response = app.dispatch(BoltRequest(mode="socket_mode", body=payload))

        assert (response.status, response.body) == (200, "")
        assert len(rig.catcher.wait_for(1)) == 1
