"""What the composer offers while one types: the command, its words, their usage, and people after an @."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.grammar import HELP, CommandHelp
from bot.core.periods import NAMED_PERIODS
from bot.demo.page.manifest import Manifest
from bot.demo.slack.members import SLACKBOT
from bot.demo.slack.values import Json

_CHOICE = re.compile(r"\[([^@\]]+)\]")
_PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Offer:
    """One line of the list. ``starts`` is what must have been typed in part, ``typed`` what replaces it.

    Parts of a command are offered where it begins with one of the words of ``follows``, one of each ``group``.
    """

    kind: str
    starts: str
    typed: str
    shown: str
    hint: str
    slack_id: str = ""
    follows: str = ""
    group: str = ""


def build_offers(manifest: Manifest, members: Iterable[Json]) -> list[Offer]:
    """Every offer; the page's script shows those that fit what stands before the cursor."""
    command = Offer(
        "command",
        manifest.command,
        f"{manifest.command} ",
        f"{manifest.command} {manifest.usage_hint}",
        manifest.command_description,
    )
    return [command, *_words(), *_parts(), *_people(members)]


def _words() -> list[Offer]:
    words = []
    for line in HELP:
        word = _word(line)
        typed = word if word in {"@", line.usage} else f"{word} "
        words.append(Offer("word", word, typed, line.usage, line.does))
    return words


def _parts() -> list[Offer]:
    """What can stand after the words, as the lines of help have it in brackets; periods come last."""
    followed: dict[str, list[str]] = {}
    for line in HELP:
        for group in _CHOICE.findall(line.usage):
            followed.setdefault(group, []).append(_word(line))
    return [
        Offer("part", choice, typed, choice, "", follows=" ".join(words), group=group)
        for group, words in sorted(followed.items(), key=lambda item: item[0] == _PERIOD)
        for choice, typed in _choices(group)
    ]


def _word(line: CommandHelp) -> str:
    """The word that the line begins with; a person is named after an @."""
    word = line.usage.partition(" ")[0]
    return "@" if word.startswith("@") else word


def _choices(group: str) -> list[tuple[str, str]]:
    """Each with what is typed for it: after a period nothing follows."""
    if group == _PERIOD:
        return [(name, name) for name in NAMED_PERIODS]
    return [(choice, f"{choice} ") for choice in group.split("|")]


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
