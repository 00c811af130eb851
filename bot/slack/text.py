"""How text that is not ours becomes harmless in Slack.

Slack's mrkdwn has three entities (``&``, ``<``, ``>``) and no way to escape its formatting characters, so
those are replaced by signs that look alike. Text is cut before it is escaped, lest an entity be cut in two.
"""

from __future__ import annotations

import re
import unicodedata

NAME_LIMIT = 60
_JOINERS = "\u200c\u200d"  # needed inside words of some scripts and inside emoji; they change no direction
_DROPPED = frozenset({"Cc", "Cf", "Cs"})
_SPACES = re.compile(r"\s+")
_LOOKALIKES = str.maketrans({"*": "\u2217", "~": "\u223c", "`": "\u02cb"})
_ORIGINALS = str.maketrans({"\u2217": "*", "\u223c": "~", "\u02cb": "`", "\u02cd": "_", "\ua789": ":"})
_LOOSE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_EMOJI_CODE = re.compile(r":(?=[\w+'-]+:)")


class Mrkdwn(str):
    """Text that is safe to hand to Slack as mrkdwn: our own words, or outside text after `escape`."""

    __slots__ = ()


def plain(text: str, limit: int = NAME_LIMIT, empty: str = "(no name)") -> str:
    """One line of at most ``limit`` characters, `clean`.

    Enough by itself for ``plain_text``, ``raw_text`` and other places where Slack parses nothing.
    """
    return cut(clean(text), limit) or empty


def clean(text: str) -> str:
    """``text`` on one line, without control characters or changes of direction."""
    spaced = _SPACES.sub(" ", text)
    if spaced.isprintable():  # nothing to drop: nearly always, and many times as quick
        return spaced.strip()
    kept = "".join(char for char in spaced if char in _JOINERS or unicodedata.category(char) not in _DROPPED)
    return kept.strip()


def cut(text: str, limit: int) -> str:
    """``text``, or its beginning and an ellipsis: never more than ``limit`` characters."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "\u2026"


def escape(text: str) -> Mrkdwn:
    """The whole of ``text`` with everything defused that mrkdwn gives a meaning to."""
    defused = _LOOSE_UNDERSCORE.sub("\u02cd", text.translate(_LOOKALIKES))
    return entities(_EMOJI_CODE.sub("\ua789", defused))


def as_typed(text: str) -> str:
    """What `escape` replaced by a sign that looks alike, back again; for where nothing is parsed."""
    return text.translate(_ORIGINALS)


def entities(text: str) -> Mrkdwn:
    """Only Slack's three entities; enough inside a code fence that holds no backtick."""
    return Mrkdwn(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def length(text: str) -> int:
    """How long Slack may take ``text`` to be: UTF-16 units, so that an emoji never counts too little."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
