"""The text of a slash command as plain words, undoing what Slack's ``should_escape`` did to it."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

_PART = re.compile(r"@?<[^<>]*>|[^\s<]+|<")
_MENTION = re.compile(r"@?<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_MAILTO = re.compile(r"@?<mailto:([^|>?]+)[^>]*>")
_ENTITY = re.compile(r"<(mailto:|[@#!])?([^<>|]*)(?:\|([^<>]*))?>")
_ADDRESS = re.compile(r"@?([^\s@<>]+@[^\s@<>]+)")


def split_words(text: str) -> list[str]:
    """The words in order. A mention is ``<@U012ABCDEF>`` without its label, an e-mail address stands bare.

    ``@steve``, which Slack did not resolve, keeps its ``@``; commas and semicolons after a word go.
    """
    return [word for part in _PART.findall(text) if (word := _plain(part))]


def take_word(known: Container[str], words: Sequence[str]) -> tuple[str | None, Sequence[str]]:
    """The first known word in lower case, and the words without it."""
    for at, word in enumerate(words):
        if word.lower() in known:
            return word.lower(), [*words[:at], *words[at + 1 :]]
    return None, words


def as_read(text: str) -> str:
    """The text as its reader sees it, on one line: a link or a mention as its label, nothing that is invisible."""
    labelled = _unescaped(_ENTITY.sub(_label, text))
    return " ".join("".join(char if char.isprintable() else " " for char in labelled).split())


def _label(found: re.Match[str]) -> str:
    kind, target, label = found.groups()
    return f"{kind if kind in {'@', '#'} else ''}{label or target}".replace("@@", "@")


def _plain(part: str) -> str:
    if mention := _MENTION.fullmatch(part):
        return f"<@{mention[1]}>"
    link = _MAILTO.fullmatch(part)
    word = _unescaped(link[1] if link else part).strip(",;")
    address = _ADDRESS.fullmatch(word)
    return address[1] if address else word


def _unescaped(text: str) -> str:
    """The three entities that Slack writes, the ampersand last, so that nothing is undone twice."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
