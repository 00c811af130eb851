"""What Slack makes of the words that a person types, before a command with ``should_escape`` gets them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.demo.slack.values import Json

_TOKEN = re.compile(
    r"(?P<mention><@[UW][A-Z0-9]+(?:\|[^>]*)?>|<\#[CG][A-Z0-9]+(?:\|[^>]*)?>)"
    r"|(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<url>https?://\S+)"
    r"|(?<![\w@])@(?P<at>\S.*)",
    re.DOTALL,
)


def escape_typed(text: str, members: Iterable[Json]) -> str:
    """``@Name``, addresses and links in Slack's angle brackets, the three reserved characters as entities.

    A name is matched without case, the longest first, against handle, display name and real name; one that
    nobody has stays as it was typed. A mention that is written out already, as clients send it, is kept.
    """
    people = _by_name(members)
    done = ""
    while match := _TOKEN.search(text):
        done += _entities(text[: match.start()])
        shown, length = _escape_one(match, people)
        done += shown
        text = text[match.start() + length :]
    return done + _entities(text)


def _escape_one(match: re.Match[str], people: dict[str, Json]) -> tuple[str, int]:
    whole = match.group(0)
    if match["mention"]:
        return whole, len(whole)
    if match["email"]:
        return f"<mailto:{whole}|{whole}>", len(whole)
    if match["url"]:
        return f"<{_entities(whole)}>", len(whole)
    for name, member in people.items():
        rest = match["at"][len(name) : len(name) + 1]
        if match["at"].lower().startswith(name) and not (rest.isalnum() or rest == "_"):
            return f"<@{member['id']}|{_handle(member)}>", len(name) + 1
    return "@", 1


def _by_name(members: Iterable[Json]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for member in members:
        if not member.get("deleted"):
            for name in _names(member):
                found.setdefault(name.lower(), member)
    return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))


def _names(member: Json) -> list[str]:
    profile = member.get("profile", {})
    names = (
        member.get("name"),
        member.get("real_name"),
        profile.get("display_name"),
        profile.get("real_name"),
    )
    return [name for name in names if name]


def _handle(member: Json) -> str:
    return str(member.get("name") or "".join(_names(member)[:1]).lower().replace(" ", "."))


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
