"""Everything that the simulated Slack accepts is drawn, and carries what the page's script needs."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from bot.demo.blocks import draw_blocks
from bot.demo.slack import block_elements, block_rules
from bot.demo.slack.block_rules import problems
from bot.demo.slack.gestures import elements_of
from tests.demo.blocks.gallery import ERRORS, MESSAGE, MODAL, NEWER, READER, UNKNOWN, Json
from tests.demo.blocks.reading import seen

ALL = {**MESSAGE, **MODAL}
EVERYTHING = {**ALL, **NEWER, **UNKNOWN}
ELEMENTS = {
    *block_elements._FIELDS,
    *block_elements._MENUS,
    *block_elements._MULTI,
    *block_elements._PICKERS,
    *block_elements._DATETIME,
    *block_elements._BOXES,
    *block_elements._OVERFLOW,
    "button",
    "image",
}


def parts(thing: object) -> list[Json]:
    """Every object inside."""
    if isinstance(thing, dict):
        return [thing, *(part for value in thing.values() for part in parts(value))]
    return [part for value in thing for part in parts(value)] if isinstance(thing, list) else []


def test_the_gallery_shows_every_block_and_element_that_slack_takes_here() -> None:
    kinds = {part["type"] for blocks in ALL.values() for part in parts(blocks) if "type" in part}
    assert kinds >= set(block_rules.BLOCKS) | ELEMENTS


@pytest.mark.parametrize("name", ALL)
def test_what_the_gallery_shows_is_accepted_and_known(name: str) -> None:
    assert problems(ALL[name], "modal" if name in MODAL else "message") == []
    html = draw_blocks(ALL[name], READER, errors=ERRORS)
    seen(html)
    assert "bk-unknown" not in html


@pytest.mark.parametrize("name", ALL)
def test_every_element_carries_its_name_and_kind(name: str) -> None:
    html = draw_blocks(ALL[name], READER)
    for block_id, element in elements_of(ALL[name]):
        kind, action_id = element["type"], element["action_id"]
        assert f'data-block-id="{block_id}" data-action-id="{action_id}" data-type="{kind}"' in html


@pytest.mark.parametrize("name", NEWER)
def test_blocks_that_this_workspace_refuses_are_drawn_all_the_same(name: str) -> None:
    html = draw_blocks(NEWER[name], READER)
    seen(html)
    assert "bk-unknown" not in html


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_nobody_knows_is_a_box_with_its_json(name: str) -> None:
    reading = seen(draw_blocks(UNKNOWN[name], READER))
    assert "cannot draw" in reading.text
    assert '"type"' in reading.text


def hostile(thing: Any, key: str = "") -> Any:
    """The same with every text, name, id and address made to break out of where it is put."""
    if isinstance(thing, dict):
        return {name: hostile(value, name) for name, value in thing.items()}
    if isinstance(thing, list):
        return [hostile(value, key) for value in thing]
    return (
        f"\"'><script>{thing}</script>&" if isinstance(thing, str) and key not in {"type", "level"} else thing
    )


@pytest.mark.parametrize("name", EVERYTHING)
def test_no_field_of_any_block_becomes_markup(name: str) -> None:
    names = lambda _: "<script>"  # noqa: E731 - a name for two lines
    reader = dataclasses.replace(
        READER, names=names, channels=names, people=[("<i>", "<b>")], places=[("<i>", "<b>")]
    )
    blocks = hostile(EVERYTHING[name])
    seen(draw_blocks(blocks, reader, errors={block.get("block_id", ""): "<script>" for block in blocks}))


def test_drawings_on_one_page_share_no_id() -> None:
    both = [draw_blocks(blocks, READER) for blocks in (ALL["chosen inputs"], ALL["chosen inputs"])]
    reading = seen("".join(both))
    assert len(reading.ids) > 2 * len(ALL["chosen inputs"])
