"""What the composer offers while one types: the command, its words, their usage, and people after an @."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.grammar import HELP
from bot.core.periods import NAMED_PERIODS
from bot.demo.page.manifest import Manifest
from bot.demo.slack.members import SLACKBOT
from bot.demo.slack.values import Json


@dataclass(frozen=True, slots=True)
class Offer:
    """One line of the list. ``starts`` is what must have been typed in part, ``typed`` what replaces it."""

    kind: str
    starts: str
    typed: str
    shown: str
    hint: str
    slack_id: str = ""


def build_offers(manifest: Manifest, members: Iterable[Json]) -> list[Offer]:
    """Every offer; the page's script shows those that fit what stands before the cursor."""
    command = Offer(
        "command",
        manifest.command,
        f"{manifest.command} ",
        f"{manifest.command} {manifest.usage_hint}",
        manifest.command_description,
    )
    return [command, *_words(), *_periods(), *_people(members)]


def _words() -> list[Offer]:
    words = []
    for line in HELP:
        word, _, rest = line.usage.partition(" ")
        typed = "@" if word.startswith("@") else f"{word} " if rest else word
        words.append(Offer("word", typed.strip(), typed, line.usage, line.does))
    return words


def _periods() -> list[Offer]:
    return [Offer("period", name, name, name, "") for name in NAMED_PERIODS]


def _people(members: Iterable[Json]) -> list[Offer]:
    return [
        Offer("person", name_of(one).lower(), f"@{name_of(one)} ", name_of(one), _handle(one), str(one["id"]))
        for one in members
        if is_person(one)
    ]


def is_person(member: Json) -> bool:
    """Somebody whom one can mention: there, and no app."""
    return not member.get("deleted") and not member.get("is_bot") and member["id"] != SLACKBOT


def name_of(member: Json) -> str:
    """The name that people read in the workspace."""
    profile = member.get("profile", {})
    return str(
        member.get("real_name")
        or profile.get("real_name")
        or profile.get("display_name")
        or member.get("name")
        or member["id"]
    )


def _handle(member: Json) -> str:
    return f"@{member['name']}" if member.get("name") else ""
