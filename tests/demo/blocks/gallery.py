"""Every block and element once, and a page of them to look at.

``python -m tests.demo.blocks.gallery gallery.html`` writes that page.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from markupsafe import Markup

import bot.demo.blocks
from bot.demo.blocks import Reader, draw_blocks

Json = dict[str, Any]

PEOPLE = {"UALICE": "Alice Adams", "UBOB": "Bob Brown", "UCAROL": "Carol Clark"}
PLACES = {"CGENERAL": "general", "CSPEND": "codex-spend"}
READER = Reader(
    "UBOB",
    "America/Los_Angeles",
    datetime(2026, 11, 25, 17, 30, tzinfo=UTC),
    PEOPLE.get,
    PLACES.get,
    people=tuple(PEOPLE.items()),
    places=tuple(PLACES.items()),
)
PIXEL = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


def plain(text: str, **more: Any) -> Json:
    """A text object in which nothing has a meaning."""
    return {"type": "plain_text", "text": text, **more}


def mrkdwn(text: str, **more: Any) -> Json:
    """A text object of Slack's own kind."""
    return {"type": "mrkdwn", "text": text, **more}


def section(text: str, **more: Any) -> Json:
    """A paragraph."""
    return {"type": "section", "text": mrkdwn(text), **more}


def option(text: str, description: str = "", **more: Any) -> Json:
    """One choice, its value the text in small letters."""
    described = {"description": plain(description)} if description else {}
    return {"text": plain(text), "value": text.lower(), **described, **more}


def element(kind: str, **more: Any) -> Json:
    """An interactive element, its action id the kind."""
    return {"type": kind, "action_id": kind, **more}


def field(label: str, kind: str, *, block: Json | None = None, **more: Any) -> Json:
    """An input block, its block id the kind of its element."""
    return {
        "type": "input",
        "block_id": kind,
        "label": plain(label),
        "element": element(kind, **more),
        **(block or {}),
    }


def rich(*elements: Json) -> Json:
    """Elements in a section of rich text."""
    return {"type": "rich_text_section", "elements": list(elements)}


def words(text: str, **style: bool) -> Json:
    """Styled words of rich text."""
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def rows(*lines: tuple[str, ...]) -> list[list[Json]]:
    """Rows of plain cells."""
    return [[{"type": "raw_text", "text": text} for text in line] for line in lines]


def figure(value: float, text: str) -> Json:
    """A cell that sorts by its number."""
    return {"type": "raw_number", "value": value, "text": text}


def series(name: str, labels: list[str], values: list[float]) -> Json:
    """One line or one group of bars."""
    return {
        "name": name,
        "data": [{"label": label, "value": value} for label, value in zip(labels, values, strict=True)],
    }


def chart(kind: str, title: str, labels: list[str], *lines: Json, **axes: str) -> Json:
    """A chart with axes."""
    return {
        "type": "data_visualization",
        "title": title,
        "chart": {"type": kind, "series": list(lines), "axis_config": {"categories": labels, **axes}},
    }


def pie(title: str, **segments: float) -> Json:
    """A chart of shares."""
    parts = [{"label": label, "value": value} for label, value in segments.items()]
    return {"type": "data_visualization", "title": title, "chart": {"type": "pie", "segments": parts}}


CONFIRM = {
    "title": plain("Are you sure?"),
    "text": mrkdwn("*Nobody* can undo this."),
    "confirm": plain("Do it"),
    "deny": plain("Leave it"),
}
FORMATTED = """*Bold*, _italic_, ~struck~, `code & <https://example.com|a link>`, *_both_*, snake_case and 2*3*4
<@UALICE> told <@UBOB> in <#CGENERAL> about <https://example.com/?a=1&amp;b=2|the *report*>; <!here> :tada: :unheard_of:
Data until <!date^1795392000^{date_short_pretty} at {time}|22 Nov 24:00 UTC>, asked <!date^1795627000^{ago}|just now>.
&gt; A quote of *two*
&gt; lines
```
a   table  in equal widths
&lt;b&gt; *stays* as it is
```
• a list is only text"""
WEEK = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
DAYS = [f"{day} Nov" for day in range(3, 23)]
NAMES = ["Alexandra Montgomery", "Bob Brown", "Carol Clark", "Dan Dunn", "Everybody else"]
STATIC = [option("Week"), option("Month"), option("Quarter")]

MESSAGE: dict[str, list[Json]] = {
    "headers": [
        {"type": "header", "text": plain("Codex usage of Bob Brown")},
        *(
            {"type": "header", "level": level, "text": plain(f"A heading of level {level}")}
            for level in (2, 3, 4)
        ),
    ],
    "text": [
        section(FORMATTED),
        {"type": "divider"},
        {"type": "section", "text": plain("Plain *text* :wave:")},
    ],
    "fields": [
        {
            "type": "section",
            "fields": [
                mrkdwn("*Credits*\n1,388 (+12 %)"),
                mrkdwn("*Threads*\n402 (−3 %)"),
                mrkdwn("*Tokens*\n1.8M\nInput: 1.6M (1.3M cached)\nOutput: 0.2M"),
                mrkdwn("*Active days*\n14 of 28"),
            ],
        },
        {
            "type": "context",
            "elements": [
                {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A face"},
                mrkdwn("Data until *22 Nov*, `UTC`"),
                plain("Small print"),
            ],
        },
    ],
    "accessories": [
        section(
            "A picture beside", accessory={"type": "image", "image_url": PIXEL, "alt_text": "A plain colour"}
        ),
        section("A button beside", accessory=element("button", text=plain("Open"))),
        section(
            "A menu beside", accessory=element("static_select", options=STATIC, placeholder=plain("Period"))
        ),
        section(
            "Several beside",
            accessory=element(
                "multi_static_select",
                placeholder=plain("Some periods"),
                options=STATIC,
                initial_options=STATIC[:2],
            ),
        ),
        section(
            "*More* beside",
            accessory=element(
                "overflow",
                options=[option("Edit"), option("Look", url="https://example.com"), option("Remove")],
            ),
        ),
    ],
    "actions": [
        {
            "type": "actions",
            "elements": [
                element("button", text=plain("Details")),
                {**element("button", text=plain("Save"), style="primary", value="v"), "action_id": "save"},
                {
                    **element("button", text=plain("Delete"), style="danger", confirm=CONFIRM),
                    "action_id": "delete",
                },
                {
                    **element("button", text=plain("Documentation"), url="https://example.com/docs"),
                    "action_id": "docs",
                },
                element("static_select", option_groups=[{"label": plain("Recent"), "options": STATIC}]),
                element("users_select", placeholder=plain("Somebody")),
                element("channels_select", initial_channel="CSPEND"),
                element("conversations_select"),
                element("external_select", placeholder=plain("Search")),
                element("datepicker", initial_date="2026-11-25"),
                element("timepicker", initial_time="09:00"),
                element("datetimepicker", initial_date_time=1795627000),
                element("overflow", options=[option("Refresh"), option("Settings", "Digest and limits")]),
            ],
        },
        {
            "type": "actions",
            "elements": [
                element("checkboxes", options=[option("Weekly digest", "Mondays at nine"), option("Alerts")]),
                element("radio_buttons", options=STATIC, initial_option=STATIC[1]),
            ],
        },
    ],
    "pictures": [
        {
            "type": "image",
            "title": plain("A chart elsewhere"),
            "image_url": "https://example.com/chart.png",
            "alt_text": "Credits a day, rising",
        },
        {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "A file of Slack's"},
        {"type": "image", "image_url": PIXEL, "alt_text": "A plain colour"},
    ],
    "rich text": [
        {
            "type": "rich_text",
            "elements": [
                rich(
                    words("Bold", bold=True),
                    words(", italic", italic=True),
                    words(", struck", strike=True),
                    words(", underlined", underline=True),
                    words(", marked", highlight=True),
                    words(", all of it", bold=True, italic=True, code=True),
                    words("\nand "),
                    {"type": "link", "url": "https://example.com", "text": "a link", "style": {"bold": True}},
                    words(" from "),
                    {"type": "user", "user_id": "UCAROL"},
                    words(" in "),
                    {"type": "channel", "channel_id": "CSPEND"},
                    words(" for "),
                    {"type": "usergroup", "usergroup_id": "S1"},
                    words(" and "),
                    {"type": "broadcast", "range": "here"},
                    words(" "),
                    {"type": "emoji", "name": "wave", "unicode": "1f44b-1f3fd"},
                    words(" on "),
                    {"type": "date", "timestamp": 1795627000, "format": "{date_long} at {time}"},
                    words(" in "),
                    {"type": "color", "value": "#0f8270"},
                ),
                *(
                    {
                        "type": "rich_text_list",
                        "style": style,
                        "indent": indent,
                        "elements": [rich(words(text)) for text in items],
                    }
                    for style, indent, items in (
                        ("bullet", 0, ("First", "Second")),
                        ("ordered", 1, ("Inside the second", "Next to it")),
                        ("bullet", 2, ("Deeper",)),
                        ("bullet", 0, ("Third",)),
                    )
                ),
                {
                    "type": "rich_text_list",
                    "style": "ordered",
                    "offset": 4,
                    "elements": [rich(words("Fifth"))],
                },
                {"type": "rich_text_quote", "elements": [words("Words of\nsomebody else")]},
                {"type": "rich_text_preformatted", "elements": [words("def f():\n    return 1")]},
            ],
        }
    ],
    "data table": [
        {
            "type": "data_table",
            "caption": "Team usage, 16–22 Nov",
            "page_size": 4,
            "rows": [
                *rows(("Person", "Credits", "Change")),
                *(
                    [
                        {"type": "raw_text", "text": name},
                        figure(spent, f"{spent:,}"),
                        {"type": "raw_text", "text": change},
                    ]
                    for name, spent, change in (
                        ("Alice Adams", 1210, "+12 %"),
                        ("bob brown", 98, "−3 %"),
                        ("Carol Clark", 1388, "none before"),
                        ("Dan Dunn", 0, "−100 %"),
                        ("Erin Éclair", 402, "+7 %"),
                        ("Finn Fox", 41, "+1 %"),
                    )
                ),
                [
                    {"type": "rich_text", "elements": [rich({"type": "user", "user_id": "UALICE"})]},
                    figure(7, "7"),
                    {"type": "raw_text", "text": "-"},
                ],
            ],
        }
    ],
    "table": [
        {
            "type": "table",
            "column_settings": [{"is_wrapped": True}, {"align": "right"}, {"align": "center"}],
            "rows": rows(("Surface", "Credits", "Share"), ("CLI", "612", "55 %"), ("IDE", "401", "36 %")),
        }
    ],
    "bars": [
        chart(
            "bar",
            "Credits a day",
            DAYS,
            series("Credits", DAYS, [(day * 7919) % 430 + 20 for day in range(20)]),
            y_label="Credits",
            x_label="Days in UTC",
        ),
        chart(
            "bar",
            "This week and last week",
            WEEK,
            series("This week", WEEK, [210, 340.5, 280, 190, 260, 12, 0]),
            series("Last week", WEEK, [180, 220, 305, 240, 199, 30, -45]),
            y_label="USD",
        ),
    ],
    "lines and areas": [
        chart(
            "line",
            "Codex spend, last weeks",
            WEEK,
            series("Spend", WEEK, [1210.5, 1388.2, 1290, 1610, 1702, 1650, 1820]),
            series("Budget a week", WEEK, [1500] * 7),
            y_label="USD",
            x_label="Week starting",
        ),
        chart(
            "area",
            "Tokens by surface",
            WEEK,
            series("CLI", WEEK, [4_100_000, 5_200_000, 3_900_000, 6_100_000, 7_000_000, 900_000, 400_000]),
            series("IDE", WEEK, [2_100_000, 2_500_000, 2_900_000, 2_200_000, 3_100_000, 300_000, 100_000]),
            y_label="Tokens",
        ),
    ],
    "shares and long names": [
        pie("Spend by product surface", CLI=612, IDE=401, Cloud=97, Review=14),
        chart("bar", "Most credits", NAMES, series("Credits", NAMES, [18_200, 9_400, 7_100, 3_300, 12_800])),
    ],
    "markdown": [
        {
            "type": "markdown",
            "text": "# Weekly report\n\nSpend **rose** by *12 %*, see [the docs](https://example.com) or `ask`.\n\n"
            "- first\n- second\n  - inside\n\n1. one\n2. two\n\n> Quoted\n\n```python\nprint('hello')\n```\n\n---\n\n"
            "| Person | Credits |\n|---|--:|\n| Ada | 210 |\n| Bo | 180 |\n\n- [x] done\n- [ ] ~~open~~",
        }
    ],
}
MODAL: dict[str, list[Json]] = {
    "alerts": [
        {"type": "alert", "level": level, "text": mrkdwn(f"An alert of the level *{level}*.")}
        for level in ("default", "info", "warning", "error", "success")
    ],
    "typed inputs": [
        field(
            "Your name",
            "plain_text_input",
            placeholder=plain("As in the directory"),
            max_length=80,
            block={"hint": plain("Others read it.")},
        ),
        field(
            "Limit in credits", "number_input", is_decimal_allowed=False, initial_value="1500", min_value="0"
        ),
        field("Mailbox", "email_text_input", block={"optional": True}),
        field("Web site", "url_text_input", placeholder=plain("https://…"), block={"optional": True}),
        {
            **field("Why", "plain_text_input", multiline=True, initial_value="Because\nof <b>that</b>"),
            "block_id": "why",
        },
        field("A file", "file_input", filetypes=["csv"], max_files=1, block={"optional": True}),
    ],
    "chosen inputs": [
        field("Period", "static_select", options=STATIC, initial_option=STATIC[0]),
        field(
            "Periods", "multi_static_select", options=STATIC, initial_options=STATIC[:1], max_selected_items=2
        ),
        field("Somebody", "users_select", initial_user="UALICE"),
        field("People", "multi_users_select", initial_users=["UBOB", "UCAROL"]),
        field("Channel", "channels_select"),
        field("Channels", "multi_channels_select", block={"optional": True}),
        field("Conversation", "conversations_select"),
        field("Conversations", "multi_conversations_select", block={"optional": True}),
        field("From elsewhere", "external_select", initial_option=STATIC[0]),
        field("What to send", "checkboxes", options=[option("Digest", "Mondays at nine"), option("Alerts")]),
        field("How often", "radio_buttons", options=STATIC, initial_option=STATIC[1]),
        field("Day", "datepicker", initial_date="2026-11-25"),
        field("Time", "timepicker", initial_time="09:00"),
        field("Moment", "datetimepicker", initial_date_time=1795627000, block={"optional": True}),
    ],
}
ERRORS = {"plain_text_input": "Nobody is called that.", "static_select": "Choose a shorter period."}
CARD = {
    "type": "card",
    "icon": {"type": "image", "image_url": PIXEL, "alt_text": "A plain colour"},
    "title": mrkdwn("*Credits* of the week"),
    "subtitle": plain("16–22 Nov"),
    "body": mrkdwn("1,388 of 10,000"),
    "subtext": plain("Synced at nine"),
    "actions": [element("button", text=plain("Open"))],
}
TASK = {
    "type": "task_card",
    "task_id": "t1",
    "title": "Fetched the usage",
    "status": "complete",
    "output": {"type": "rich_text", "elements": [rich(words("28 days"))]},
}
NEWER: dict[str, list[Json]] = {
    "cards": [
        CARD,
        {"type": "carousel", "elements": [CARD, {"type": "card", "title": plain("Plain")}]},
        {"type": "container", "title": plain("In a frame"), "child_blocks": [section("Inside")]},
        {"type": "container", "title": "Folded", "is_collapsible": True, "child_blocks": [section("Inside")]},
        {"type": "plan", "title": "A plan", "tasks": [TASK, {"type": "task_card", "title": "Next"}]},
        TASK,
        {"type": "file", "external_id": "report", "source": "remote"},
        {"type": "video", "title": plain("A film"), "title_url": "https://example.com", "alt_text": "Waves"},
        {
            "type": "context_actions",
            "elements": [
                element(
                    "feedback_buttons",
                    positive_button={"text": plain("Good"), "value": "up"},
                    negative_button={"text": plain("Bad"), "value": "down"},
                ),
                element("icon_button", icon="trash", text=plain("Remove")),
            ],
        },
    ],
}
UNKNOWN: dict[str, list[Json]] = {
    "unknown": [
        {"type": "hologram", "depth": 3},
        {"depth": 3},
        {"type": "actions", "elements": [element("lever")]},
        {"type": "rich_text", "elements": [{"type": "rich_text_poem"}, rich({"type": "scent"})]},
    ],
}


def page() -> str:
    """A whole HTML page of everything, with its style sheet and script inside."""
    folder = Path(bot.demo.blocks.__file__).parent
    style, script = ((folder / name).read_text("utf-8") for name in ("blocks.css", "blocks.js"))
    groups = {**MESSAGE, **MODAL, **NEWER, **UNKNOWN}
    body = Markup("").join(
        Markup("<section><h2>{}</h2>{}</section>").format(name, draw_blocks(blocks, READER, errors=ERRORS))
        for name, blocks in groups.items()
    )
    own = (
        "body{margin:0;background:var(--ground);color:var(--text);font-family:var(--font)}"
        "section{max-width:680px;margin:auto;padding:8px 16px 20px}"
        "h2{font-size:12px;color:var(--text-soft);text-transform:uppercase;border-bottom:1px solid var(--line)}"
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Blocks</title><style>{style}{own}</style>{body}<script>{script}</script></html>"
    )


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), "utf-8")
