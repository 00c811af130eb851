"""Slack's text blocks as plain dicts, built within Slack's limits.

The limits are those of the Block Kit reference: 50 blocks a message, 150 characters a header, 3,000 a
section, 10 fields of 2,000, 10 elements a context.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.slack.text import Mrkdwn, cut, entities, length

Block = dict[str, Any]

MAX_BLOCKS = 50
HEADER_LIMIT = 150
SECTION_LIMIT = 3_000
MAX_FIELDS = 10
FIELD_LIMIT = 2_000
MAX_CONTEXT = 10


def header(text: str) -> Block:
    """A heading; the text is taken literally, emoji codes too."""
    return {"type": "header", "text": plain_text(cut(text, HEADER_LIMIT))}


def section(text: Mrkdwn) -> Block:
    """One paragraph or list of at most 3,000 characters; whole lines are left out beyond that."""
    return {"type": "section", "text": mrkdwn_object(keep_lines(text, SECTION_LIMIT))}


def fields(texts: Sequence[Mrkdwn]) -> list[Block]:
    """Short texts side by side, stacked on a phone; ten to a section."""
    objects = [mrkdwn_object(keep_lines(text, FIELD_LIMIT)) for text in texts]
    groups = (objects[at : at + MAX_FIELDS] for at in range(0, len(objects), MAX_FIELDS))
    return [{"type": "section", "fields": group} for group in groups]


def context(texts: Sequence[Mrkdwn]) -> Block:
    """Small print: at most ten texts."""
    elements = [mrkdwn_object(keep_lines(text, SECTION_LIMIT)) for text in texts[:MAX_CONTEXT]]
    return {"type": "context", "elements": elements}


def preformatted(lines: Sequence[str], heading: str = "") -> Iterator[Block]:
    """Lines in equal widths, in as many sections as they need; ``heading`` is repeated in each."""
    first = [heading] if heading else []
    room = SECTION_LIMIT - len("```\n\n```")
    for group in _packed(
        [_fenced(line) for line in lines], room - length("\n".join(map(_fenced, first))) - 1
    ):
        body = "\n".join([*map(_fenced, first), *group])
        yield section(Mrkdwn(f"```\n{body}\n```"))


def plain_text(text: str) -> dict[str, Any]:
    """A text object in which nothing is parsed, emoji codes neither."""
    return {"type": "plain_text", "text": text, "emoji": False}


def mrkdwn_object(text: Mrkdwn) -> dict[str, Any]:
    """A text object in which Slack looks for no links or names of its own accord."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def keep_lines(text: Mrkdwn, limit: int) -> Mrkdwn:
    """``text`` without the last lines that would make it too long; a single long line is left out whole."""
    if length(text) <= limit:
        return text
    kept = next(_packed(text.split("\n"), limit - 2), [])
    return Mrkdwn("\n".join([*kept, "\u2026"]))


def _fenced(line: str) -> Mrkdwn:
    return entities(line.replace("`", "\u02cb"))


def _packed(lines: Iterable[str], room: int) -> Iterator[list[str]]:
    """The lines in groups no longer than ``room`` when joined; a line too long by itself is dropped."""
    group: list[str] = []
    used = 0
    for line in lines:
        size = length(line) + 1
        if size > room:
            continue
        if group and used + size > room:
            yield group
            group, used = [], 0
        group.append(line)
        used += size
    if group:
        yield group
