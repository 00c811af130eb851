"""The Slack app's manifest: valid offline, spelt right, and every right it asks for has its reason."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).parent.parent
SCHEMA = json.loads((ROOT / "tests/data/manifest.schema.1.0.0.json").read_text(encoding="utf-8"))
DOCUMENT = (ROOT / "docs/slack-app.md").read_text(encoding="utf-8")
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))

# Slack's schema takes any word for a scope or an event, so these are the ones that this bot could have a use for.
KNOWN_SCOPES = {
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "users.profile:read",
    "users:read",
    "users:read.email",
}
SCOPE_OF_EVENT = {
    "app_home_opened": None,
    "app_uninstalled": None,
    "tokens_revoked": None,
    "team_join": "users:read",
    "user_change": "users:read",
}


def errors_in(manifest: dict[str, Any]) -> list[str]:
    return [error.message for error in jsonschema.Draft7Validator(SCHEMA).iter_errors(manifest)]


def scopes() -> list[str]:
    return list(MANIFEST["oauth_config"]["scopes"]["bot"])


def events() -> list[str]:
    return list(MANIFEST["settings"]["event_subscriptions"]["bot_events"])


def table_of(heading: str) -> dict[str, str]:
    """First and second column of the table below a heading of the document."""
    section = DOCUMENT.split(f"## {heading}\n")[1].split("\n## ")[0]
    return dict(re.findall(r"^\| `([^`]+)` \| (.+?) \|$", section, flags=re.MULTILINE))


def merged(base: Any, change: Any) -> Any:
    """``base`` with what ``change`` says in its place; lists are replaced whole."""
    if not (isinstance(base, dict) and isinstance(change, dict)):
        return change
    return base | {key: merged(base.get(key), value) for key, value in change.items()}


def test_the_manifest_is_valid() -> None:
    assert errors_in(MANIFEST) == []


@pytest.mark.parametrize(
    "mistake",
    [
        {"features": {"slash_commands": [{"command": "codex-usage", "description": "No slash"}]}},
        {"display_information": {"name": "A name of more than thirty-five letters"}},
        {"settings": {"socket_mode": True}},
    ],
)
def test_the_schema_would_have_noticed(mistake: dict[str, Any]) -> None:
    assert errors_in(merged(MANIFEST, mistake)) != []


def test_what_the_schema_does_not_check_is_right_too() -> None:
    shown = MANIFEST["display_information"]

    assert re.fullmatch(r"#[0-9A-F]{6}", shown["background_color"])
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 175 <= len(shown["long_description"]) <= 4000
    assert set(events()) <= set(SCOPE_OF_EVENT)
    assert len(scopes()) == len(set(scopes()))
    assert set(scopes()) <= KNOWN_SCOPES


def test_each_event_has_the_scope_that_it_needs() -> None:
    needed = {SCOPE_OF_EVENT[event] for event in events()} - {None}

    assert needed <= set(scopes())
    assert "users:read" in scopes() or "users:read.email" not in scopes()


def test_no_scope_lets_the_bot_read_messages() -> None:
    assert [scope for scope in scopes() if "history" in scope or scope == "app_mentions:read"] == []


def test_each_scope_and_event_has_its_reason_in_the_document() -> None:
    reasons = {**table_of("Scopes"), **table_of("Events")}

    assert set(table_of("Scopes")) == set(scopes())
    assert set(table_of("Events")) == set(events())
    assert [asked for asked, reason in reasons.items() if len(reason) < 40] == []


def test_the_command_arrives_with_mentions_as_ids() -> None:
    (command,) = MANIFEST["features"]["slash_commands"]

    assert command["command"] == "/codex-usage"
    assert command["should_escape"] is True
    assert "url" not in command


def test_it_is_for_socket_mode_and_claims_no_tab_that_is_empty() -> None:
    assert MANIFEST["settings"]["socket_mode_enabled"] is True
    assert MANIFEST["settings"]["token_rotation_enabled"] is False
    assert MANIFEST["settings"]["interactivity"]["is_enabled"] is True
    assert MANIFEST["features"]["app_home"]["home_tab_enabled"] is ("app_home_opened" in events())


def test_the_http_variant_of_the_document_is_a_valid_manifest_that_only_adds_addresses() -> None:
    (change,) = [
        yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", DOCUMENT, flags=re.DOTALL)
    ]
    variant = merged(MANIFEST, change)
    (command,) = variant["features"]["slash_commands"]
    address = command.pop("url")

    assert errors_in(variant) == []
    assert address.endswith("/slack/events")
    assert variant["settings"]["event_subscriptions"].pop("request_url") == address
    assert variant["settings"]["interactivity"].pop("request_url") == address
    assert variant["settings"].pop("socket_mode_enabled") is False
    assert merged(variant, {"settings": {"socket_mode_enabled": True}}) == MANIFEST
