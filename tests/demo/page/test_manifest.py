"""The few lines of the manifest that people see in Slack."""

from __future__ import annotations

import yaml
from inline_snapshot import snapshot

from bot.demo.page.completion import build_offers
from bot.demo.page.manifest import parse_manifest, read_manifest
from bot.demo.slack import build_member
from tests.documents import ROOT


def test_it_is_read_as_yaml_means_it() -> None:
    meant = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    (command,) = meant["features"]["slash_commands"]
    read = read_manifest()

    assert read.name == meant["display_information"]["name"]
    assert read.description == meant["display_information"]["description"]
    assert read.long_description == meant["display_information"]["long_description"]
    assert read.command == command["command"]
    assert read.command_description == command["description"]
    assert read.usage_hint == command["usage_hint"]
    assert read.messages_are_read_only is meant["features"]["app_home"]["messages_tab_read_only_enabled"]


def test_what_is_left_out_is_empty() -> None:
    read = parse_manifest("display_information:\n  name: Other\n  long_description: On one line.\n")

    assert (read.name, read.long_description, read.usage_hint) == ("Other", "On one line.", "")
    assert not read.messages_are_read_only


def test_commands_periods_and_people_who_are_there_are_offered() -> None:
    members = [
        build_member("Alice Moreno"),
        build_member("Zoe", deleted=True),
        build_member("Deploys", is_bot=True),
        build_member("Slackbot", slack_id="USLACKBOT"),
        {"id": "UBARE"},
    ]
    offers = build_offers(read_manifest(), members)
    typed = {
        kind: [one.typed for one in offers if one.kind == kind] for kind in ("command", "word", "person")
    }

    assert typed["command"] == ["/codex-usage "]
    assert {"me ", "@", "team ", "status", "help"} <= set(typed["word"])
    assert typed["person"] == ["@Alice Moreno ", "@UBARE "]


def test_what_can_follow_a_word_is_what_its_line_of_help_says() -> None:
    following: dict[str, dict[str, list[str]]] = {}
    for offer in build_offers(read_manifest(), []):
        for word in offer.follows.split():
            following.setdefault(word, {}).setdefault(offer.group, []).append(offer.typed)

    assert following.keys() == {"me", "@", "team", "org", "top", "reviews", "export", "alerts"}
    assert {word: list(groups) for word, groups in following.items() if len(groups) > 1} == snapshot(
        {
            "top": ["credits|threads|turns|tokens|streak", "period"],
            "export": ["me|team|org", "csv|json", "period"],
            "alerts": ["backtest", "at most 3 a week"],
        }
    )
    assert following["export"]["csv|json"] == ["csv ", "json "]
    assert "last week" in following["team"]["period"]
