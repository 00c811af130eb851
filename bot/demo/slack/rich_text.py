"""The rich_text block: sections, lists, quotes and preformatted text, which also fill the cells of tables."""

from __future__ import annotations

from bot.demo.slack.block_language import (
    Rule,
    anything,
    array,
    boolean,
    by_type,
    choice,
    integer,
    record,
    string,
)

STYLE = record({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight"), boolean))
_STYLED: dict[str, Rule] = {"style": STYLE}
_INLINE = by_type(
    {
        "text": record({"text": string(1)}, _STYLED),
        "link": record({"url": string(1)}, {**_STYLED, "text": string(1), "unsafe": boolean}),
        "emoji": record({"name": string(1)}, {"unicode": string(1), "skin_tone": integer(1, 6)}),
        "user": record({"user_id": string(1)}, _STYLED),
        "channel": record({"channel_id": string(1)}, _STYLED),
        "usergroup": record({"usergroup_id": string(1)}, _STYLED),
        "broadcast": record({"range": choice("here", "channel", "everyone")}),
        "date": record(
            {"timestamp": integer(0, 9_999_999_999), "format": string(1)},
            {"url": string(1), "fallback": string(1), **_STYLED},
        ),
        "color": record({"value": string(1)}),
    }
)
_INLINES = array(_INLINE, 0, None)
_SECTION = record({"elements": _INLINES})
_LIST = record(
    {
        "style": choice("bullet", "ordered"),
        "elements": array(by_type({"rich_text_section": _SECTION}), 1, None),
    },
    {"indent": integer(0, 8), "offset": integer(0, 10_000), "border": integer(0, 1)},
)
_PREFORMATTED = record({"elements": _INLINES}, {"border": integer(0, 1), "language": anything})
_QUOTE = record({"elements": _INLINES}, {"border": integer(0, 1)})

RICH_TEXT_ELEMENTS = array(
    by_type(
        {
            "rich_text_section": _SECTION,
            "rich_text_list": _LIST,
            "rich_text_preformatted": _PREFORMATTED,
            "rich_text_quote": _QUOTE,
        }
    ),
    1,
    None,
)
