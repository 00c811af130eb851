"""What stands between angle brackets in mrkdwn: links, people, channels, groups, everybody, dates."""

from __future__ import annotations

from markupsafe import Markup

from bot.demo.blocks.dates import draw_date
from bot.demo.blocks.emoji import draw_emoji_text
from bot.demo.blocks.markup import is_harmless, link, tag
from bot.demo.blocks.reader import Reader

BROADCASTS = frozenset({"here", "channel", "everyone"})


def decoded(text: str) -> str:
    """Slack's three entities as the characters they stand for, exactly once."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def draw_reference(inside: str, reader: Reader) -> Markup:
    """``inside`` is what stood between ``<`` and ``>``, its entities not decoded yet."""
    target, _, label = inside.partition("|")
    label = decoded(label)
    match target[:1]:
        case "@":
            return draw_person(target[1:], reader, label)
        case "#":
            return draw_channel(target[1:], reader, label)
        case "!":
            return _special(target[1:], label, reader)
    address = decoded(target)
    if not is_harmless(address):
        return draw_emoji_text(label or f"<{address}>")
    return link(address, draw_emoji_text(label) if label else address.removeprefix("mailto:"))


def draw_person(slack_id: str, reader: Reader, label: str = "") -> Markup:
    """A mention; one's own stands out."""
    name = reader.names(slack_id) or label or slack_id
    is_me = slack_id == reader.slack_id
    return mention(f"@{name.removeprefix('@')}", "bk-mention bk-mention-me" if is_me else "bk-mention")


def draw_channel(channel_id: str, reader: Reader, label: str = "") -> Markup:
    """The channel by its name."""
    return mention(f"#{reader.channels(channel_id) or label or channel_id}")


def mention(words: str, style: str = "bk-mention") -> Markup:
    """Somebody or some place, spoken to."""
    return tag("span", words, class_=style)


def _special(target: str, label: str, reader: Reader) -> Markup:
    name, *details = target.split("^")
    if name in BROADCASTS:
        return mention(f"@{name}", "bk-mention bk-mention-me")
    if name == "subteam" and details:
        return mention(f"@{(label or details[0]).removeprefix('@')}")
    if name == "date" and len(details) > 1:
        moment, pattern, *address = map(decoded, details)
        return draw_date(moment, pattern, label, reader, "".join(address[:1]))
    return draw_emoji_text(label or f"<!{decoded(target)}>")
