"""Block Kit limits: what is just inside is accepted, what is just outside gets Slack's words."""

from __future__ import annotations

from typing import Any

import pytest

from bot.demo.slack.block_rules import Surface, problems
from bot.demo.slack.view_rules import view_is_too_large, view_problems

Block = dict[str, Any]


def section(text: str = "hello", **fields: Any) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **fields}


def button(action_id: str = "go", **fields: Any) -> Block:
    text = {"type": "plain_text", "text": "Go"}
    return {"type": "button", "action_id": action_id, "text": text, **fields}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def header(text: str) -> Block:
    return {"type": "header", "text": {"type": "plain_text", "text": text}}


def line_chart(**fields: Any) -> Block:
    points = [{"label": "Mon", "value": 1}, {"label": "Tue", "value": -2.5}]
    chart = {
        "type": "line",
        "series": [{"name": "Credits", "data": points}],
        "axis_config": {"categories": ["Mon", "Tue"]},
    }
    return {"type": "data_visualization", "title": "Credits", "chart": {**chart, **fields}}


def pie(*values: float) -> Block:
    segments = [{"label": f"s{place}", "value": value} for place, value in enumerate(values)]
    return {"type": "data_visualization", "title": "Share", "chart": {"type": "pie", "segments": segments}}


def data_table(rows: list[list[Block]], **fields: Any) -> Block:
    return {"type": "data_table", "caption": "Team", "rows": rows, **fields}


def cell(text: str) -> Block:
    return {"type": "raw_text", "text": text}


def table_rows(rows: int, columns: int, text: str = "x") -> list[list[Block]]:
    return [[cell(text) for _ in range(columns)] for _ in range(rows)]


def select(count: int) -> Block:
    options = [{"text": {"type": "plain_text", "text": "x"}, "value": str(n)} for n in range(count)]
    return {"type": "static_select", "action_id": "pick", "options": options}


ACCEPTED: dict[str, list[Block]] = {
    "section of 3,000": [section("x" * 3000)],
    "50 blocks": [{"type": "divider"}] * 50,
    "ten fields": [{"type": "section", "fields": [{"type": "mrkdwn", "text": "x" * 2000}] * 10}],
    "header of 150": [header("x" * 150)],
    "25 buttons": [actions(*(button(f"b{n}") for n in range(25)))],
    "ten in context": [{"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 10}],
    "button of 75 with a value of 2,000": [
        actions(button(text={"type": "plain_text", "text": "x" * 75}, value="v" * 2000))
    ],
    "select of 100": [section(accessory=select(100))],
    "image": [{"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a"}],
    "two charts": [line_chart(), pie(1, 2)],
    "chart and table": [line_chart(), data_table(table_rows(101, 20))],
    "table of 10,000 characters": [data_table(table_rows(100, 1, "x" * 100))],
    "number and rich cells": [
        data_table(
            [
                [cell("Person"), cell("Credits")],
                [
                    {
                        "type": "rich_text",
                        "elements": [
                            {"type": "rich_text_section", "elements": [{"type": "user", "user_id": "UBOB"}]}
                        ],
                    },
                    {"type": "raw_number", "value": 12.5, "text": "12.5"},
                ],
            ]
        )
    ],
    "old table": [{"type": "table", "rows": table_rows(100, 20)}],
    "markdown": [{"type": "markdown", "text": "x" * 12_000}],
    "one action id in two blocks": [actions(button("go")), actions(button("go"))],
    "input": [
        {
            "type": "input",
            "label": {"type": "plain_text", "text": "Limit"},
            "element": {"type": "number_input", "is_decimal_allowed": False, "action_id": "v"},
        }
    ],
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_is_just_inside_the_limits_is_accepted(name: str) -> None:
    assert problems(ACCEPTED[name], "message") == []


def complaint(what: str, pointer: str) -> str:
    return f"{what} [json-pointer:{pointer}]"


REFUSED: dict[str, tuple[list[Any], str, str]] = {
    "51 blocks": ([{"type": "divider"}] * 51, "no more than 50 items allowed", "/blocks"),
    "empty section": ([section("")], "must be more than 0 characters", "/blocks/0/text/text"),
    "section of 3,001": ([section("x" * 3001)], "must be less than 3001 characters", "/blocks/0/text/text"),
    "neither text nor fields": (
        [{"type": "section"}],
        "must define either `text` or `fields`",
        "/blocks/0/type",
    ),
    "eleven fields": (
        [{"type": "section", "fields": [{"type": "mrkdwn", "text": "x"}] * 11}],
        "no more than 10 items allowed",
        "/blocks/0/fields",
    ),
    "field of 2,001": (
        [{"type": "section", "fields": [{"type": "mrkdwn", "text": "x" * 2001}]}],
        "must be less than 2001 characters",
        "/blocks/0/fields/0/text",
    ),
    "header of 151": ([header("x" * 151)], "must be less than 151 characters", "/blocks/0/text/text"),
    "header in mrkdwn": (
        [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
        "unsupported type: mrkdwn",
        "/blocks/0/text/type",
    ),
    "26 buttons": (
        [actions(*(button(f"b{n}") for n in range(26)))],
        "no more than 25 items allowed",
        "/blocks/0/elements",
    ),
    "no buttons": ([actions()], "no less than 1 items allowed", "/blocks/0/elements"),
    "eleven in context": (
        [{"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 11}],
        "no more than 10 items allowed",
        "/blocks/0/elements",
    ),
    "button of 76": (
        [actions(button(text={"type": "plain_text", "text": "x" * 76}))],
        "must be less than 76 characters",
        "/blocks/0/elements/0/text/text",
    ),
    "value of 2,001": (
        [actions(button(value="x" * 2001))],
        "must be less than 2001 characters",
        "/blocks/0/elements/0/value",
    ),
    "action id of 256": (
        [actions(button("x" * 256))],
        "must be less than 256 characters",
        "/blocks/0/elements/0/action_id",
    ),
    "action id twice": (
        [actions(button("go"), button("go"))],
        '`action_id` "go" already exists',
        "/blocks/0/elements/1/action_id",
    ),
    "block id twice": (
        [section(block_id="a"), section(block_id="a")],
        '`block_id` "a" already exists',
        "/blocks/1/block_id",
    ),
    "101 options": (
        [section(accessory=select(101))],
        "no more than 100 items allowed",
        "/blocks/0/accessory/options",
    ),
    "six in overflow": (
        [section(accessory={**select(6), "type": "overflow"})],
        "no more than 5 items allowed",
        "/blocks/0/accessory/options",
    ),
    "image without words": (
        [{"type": "image", "image_url": "https://example.com/a.png"}],
        "missing required field: alt_text",
        "/blocks/0",
    ),
    "unknown key": ([section(colour="red")], "invalid additional property: colour", "/blocks/0"),
    "emoji in mrkdwn": (
        [{"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}}],
        "invalid additional property: emoji",
        "/blocks/0/text",
    ),
    "unknown type": ([{"type": "chart"}], "unsupported type: chart", "/blocks/0/type"),
    "null": ([None], "must be an object", "/blocks/0"),
    "third chart": (
        [pie(1), pie(1), pie(1)],
        "no more than 2 data_visualization blocks allowed",
        "/blocks/2",
    ),
    "empty slice": ([pie(1, 0)], "must be greater than 0", "/blocks/0/chart/segments/1/value"),
    "13 slices": ([pie(*[1] * 13)], "no more than 12 items allowed", "/blocks/0/chart/segments"),
    "series named twice": (
        [line_chart(series=[line_chart()["chart"]["series"][0]] * 2)],
        "series names must be unique",
        "/blocks/0/chart/series",
    ),
    "point too few": (
        [line_chart(series=[{"name": "Credits", "data": [{"label": "Mon", "value": 1}]}])],
        "must have exactly one data point per category",
        "/blocks/0/chart/series/0/data",
    ),
    "long label": (
        [line_chart(axis_config={"categories": ["Mon", "x" * 21]})],
        "must be less than 21 characters",
        "/blocks/0/chart/axis_config/categories/1",
    ),
    "not a number": ([pie(float("nan"))], "must be a number", "/blocks/0/chart/segments/0/value"),
    "title of 51": (
        [{**pie(1), "title": "x" * 51}],
        "must be less than 51 characters",
        "/blocks/0/title",
    ),
    "102 rows": (
        [data_table(table_rows(102, 1))],
        "no more than 101 items allowed",
        "/blocks/0/rows",
    ),
    "header alone": ([data_table(table_rows(1, 1))], "no less than 2 items allowed", "/blocks/0/rows"),
    "21 columns": (
        [data_table(table_rows(2, 21))],
        "no more than 20 items allowed",
        "/blocks/0/rows/1",
    ),
    "uneven rows": (
        [data_table([*table_rows(2, 2), *table_rows(1, 1)])],
        "all rows must have the same number of cells",
        "/blocks/0/rows/2",
    ),
    "empty cell": (
        [data_table([[cell("a")], [cell("")]])],
        "must be more than 0 characters",
        "/blocks/0/rows/1/0/text",
    ),
    "number in the header": (
        [data_table([[{"type": "raw_number", "value": 1, "text": "1"}], [cell("a")]])],
        "unsupported type: raw_number",
        "/blocks/0/rows/0/0/type",
    ),
    "no caption": (
        [{"type": "data_table", "rows": table_rows(2, 1)}],
        "missing required field: caption",
        "/blocks/0",
    ),
    "header column beyond the last": (
        [data_table(table_rows(2, 2), row_header_column_index=2)],
        "must be the index of a column",
        "/blocks/0/row_header_column_index",
    ),
    "10,001 characters": (
        [data_table([*table_rows(100, 1, "x" * 100), [cell("x")]])],
        "cells must be less than 10001 characters",
        "/blocks",
    ),
    "two tables": (
        [data_table(table_rows(2, 1)), {"type": "table", "rows": table_rows(2, 1)}],
        "only_one_table_allowed",
        "/blocks",
    ),
    "markdown of 12,001 in two": (
        [{"type": "markdown", "text": "x" * 6001}, {"type": "markdown", "text": "x" * 6000}],
        "must be less than 12001 characters",
        "/blocks",
    ),
    "alert in a message": (
        [{"type": "alert", "text": {"type": "plain_text", "text": "x"}}],
        "unsupported type: alert",
        "/blocks/0/type",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_just_outside_is_refused_with_the_place(name: str) -> None:
    blocks, what, pointer = REFUSED[name]
    assert problems(blocks, "message")[-1] == complaint(what, pointer)


def test_a_text_object_is_refused_in_two_lines_as_slack_does() -> None:
    assert problems([section("x" * 3001)], "message") == [
        "failed to match all allowed schemas [json-pointer:/blocks/0/text]",
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ]


@pytest.mark.parametrize(
    ("block", "surfaces"),
    [
        (pie(1), {"message"}),
        (data_table(table_rows(2, 1)), {"message", "home"}),
        ({"type": "markdown", "text": "x"}, {"message"}),
        ({"type": "alert", "text": {"type": "plain_text", "text": "x"}}, {"modal"}),
        (section(), {"message", "home", "modal"}),
    ],
)
def test_a_block_is_known_only_where_slack_shows_it(block: Block, surfaces: set[Surface]) -> None:
    everywhere: tuple[Surface, ...] = ("message", "home", "modal")
    assert {surface for surface in everywhere if not problems([block], surface)} == surfaces


def test_a_view_may_have_a_hundred_blocks_and_no_more() -> None:
    assert problems([{"type": "divider"}] * 100, "home") == []
    assert problems([{"type": "divider"}] * 101, "modal") == [
        "no more than 100 items allowed [json-pointer:/blocks]"
    ]


def test_where_the_rollout_has_not_come_the_data_blocks_are_unknown() -> None:
    found = problems([section(), pie(1), data_table(table_rows(2, 1))], "message", native_blocks=False)
    assert found == [
        "unsupported type: data_visualization [json-pointer:/blocks/1/type]",
        "unsupported type: data_table [json-pointer:/blocks/2/type]",
    ]


def test_views_have_a_frame_of_their_own() -> None:
    title = {"type": "plain_text", "text": "Budget"}
    modal = {"type": "modal", "title": title, "blocks": ACCEPTED["input"]}
    assert view_problems({**modal, "submit": title}) == []
    assert view_problems(modal) == ["missing required field: submit [json-pointer:/view]"]
    assert view_problems({"type": "home", "blocks": [section()]}) == []
    assert view_problems({"type": "home", "blocks": [pie(1)]}) == [
        "unsupported type: data_visualization [json-pointer:/view/blocks/0/type]"
    ]
    long_title = {**modal, "title": {"type": "plain_text", "text": "x" * 25}, "submit": title}
    assert view_problems(long_title)[-1] == (
        "must be less than 25 characters [json-pointer:/view/title/text]"
    )


def test_a_view_over_250_kilobytes_is_too_large() -> None:
    def home(count: int) -> Block:
        return {"type": "home", "blocks": [section("x" * 2950)] * count}

    assert not view_is_too_large(home(80))
    assert view_is_too_large(home(90))
