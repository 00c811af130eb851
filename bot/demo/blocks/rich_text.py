"""The rich_text block: sections, nested lists, quotes and preformatted text."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator

from markupsafe import Markup

from bot.demo.blocks.dates import draw_date
from bot.demo.blocks.emoji import draw_emoji
from bot.demo.blocks.markup import Json, joined, lines, link, tag
from bot.demo.blocks.reader import Reader
from bot.demo.blocks.references import draw_channel, draw_person, mention
from bot.demo.blocks.unknown import draw_unknown

_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")
_STYLES = {
    "code": "code",
    "bold": "strong",
    "italic": "em",
    "strike": "s",
    "underline": "u",
    "highlight": "mark",
}


def draw_rich_text(elements: Iterable[Json], reader: Reader) -> Markup:
    """The parts one below the other; lists that follow each other are one, nested by their indents."""
    groups = itertools.groupby(elements, key=lambda element: element["type"] == "rich_text_list")
    return joined(
        piece
        for is_list, group in groups
        for piece in (_draw_lists(list(group), reader) if is_list else (_part(one, reader) for one in group))
    )


def _part(element: Json, reader: Reader) -> Markup:
    inside = _inlines(element.get("elements", ()), reader)
    match element["type"]:
        case "rich_text_section":
            return tag("div", inside)
        case "rich_text_quote":
            return tag("blockquote", inside, class_="bk-quote")
        case "rich_text_preformatted":
            return tag("pre", inside, class_="bk-pre")
        case _:
            return draw_unknown("part of a rich text", element)


def _draw_lists(lists: list[Json], reader: Reader) -> Iterator[Markup]:
    """Each list, with the more indented ones that follow it inside its last item."""
    place = 0
    while place < len(lists):
        outer = lists[place]
        after = place + 1
        while after < len(lists) and lists[after].get("indent", 0) > outer.get("indent", 0):
            after += 1
        yield _draw_list(outer, lists[place + 1 : after], reader)
        place = after


def _draw_list(outer: Json, nested: list[Json], reader: Reader) -> Markup:
    items = [_inlines(item.get("elements", ()), reader) for item in outer["elements"]]
    items[-1] += joined(_draw_lists(nested, reader))
    start = outer.get("offset", 0) + 1
    is_ordered = outer.get("style") == "ordered"
    return tag(
        "ol" if is_ordered else "ul",
        *(tag("li", item) for item in items),
        class_="bk-list",
        start=start if is_ordered and start > 1 else None,
    )


def _inlines(elements: Iterable[Json], reader: Reader) -> Markup:
    return joined(_styled(_inline(element, reader), element.get("style")) for element in elements)


def _styled(inside: Markup, style: Json | None) -> Markup:
    for name, element in _STYLES.items():
        if style and style.get(name):
            inside = tag(element, inside, class_="bk-code" if element == "code" else None)
    return inside


def _inline(element: Json, reader: Reader) -> Markup:
    return _INLINE.get(element["type"], _strange)(element, reader)


def _strange(element: Json, _reader: Reader) -> Markup:
    return tag("span", f"[{element['type']}]", class_="bk-unknown-part")


def _date(element: Json, reader: Reader) -> Markup:
    fallback, url = element.get("fallback", ""), element.get("url", "")
    return draw_date(element["timestamp"], element["format"], fallback, reader, url)


def _colour(value: str) -> Markup:
    """The colour itself beside its name."""
    if not _COLOUR.fullmatch(value):
        return Markup("{}").format(value)
    sample = tag(
        "svg", tag("rect", width=10, height=10, rx=2, fill=value), viewBox="0 0 10 10", aria_hidden="true"
    )
    return tag("span", sample, value, class_="bk-colour")


_INLINE: dict[str, Callable[[Json, Reader], Markup]] = {
    "broadcast": lambda element, _: mention(f"@{element['range']}", "bk-mention bk-mention-me"),
    "channel": lambda element, reader: draw_channel(element["channel_id"], reader),
    "color": lambda element, _: _colour(element["value"]),
    "date": _date,
    "emoji": lambda element, _: draw_emoji(element["name"], element.get("unicode", "")),
    "link": lambda element, _: link(element["url"], lines(element.get("text") or element["url"])),
    "text": lambda element, _: lines(element["text"]),
    "user": lambda element, reader: draw_person(element["user_id"], reader),
    "usergroup": lambda element, _: mention(f"@{element['usergroup_id']}"),
}
