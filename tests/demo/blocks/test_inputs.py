"""Elements and inputs: what they hold, what they are called, and what was wrong."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from markupsafe import Markup

from bot.demo.blocks import draw_blocks
from bot.demo.slack.gestures import state_values
from tests.demo.blocks.gallery import CONFIRM, MODAL, READER, STATIC, Json, element, field, plain, section
from tests.demo.blocks.reading import seen


def drawn(block: Json, **more: Any) -> Markup:
    return draw_blocks([block], READER, mark="m", **more)


def test_a_label_is_tied_to_its_field_and_the_notes_describe_it() -> None:
    block = field("Name", "plain_text_input", block={"hint": plain("Others read it.")})
    html = drawn(block, errors={"plain_text_input": "Nobody <b>."})
    assert '<label class="bk-label" id="m-0-label" for="m-0">Name</label>' in html
    assert 'required id="m-0"' in html
    assert 'aria-labelledby="m-0-label" aria-describedby="m-0-error m-0-hint" aria-invalid="true"' in html
    assert '<p class="bk-error" id="m-0-error">Nobody &lt;b&gt;.</p>' in html


def test_an_optional_field_says_so_and_an_error_stays_with_its_field() -> None:
    block = field("Name", "plain_text_input", block={"optional": True})
    html = drawn(block, errors={"another": "Wrong."})
    assert "Name (optional)" in seen(html).text
    assert "required" not in html
    assert "Wrong" not in html


STATES: dict[str, tuple[Any, str]] = {
    "plain_text_input": ("a <b>", 'value="a &lt;b&gt;"'),
    "number_input": ("7.5", 'value="7.5"'),
    "static_select": ("month", '<option value="month" selected>Month</option>'),
    "multi_static_select": (["quarter"], '<input type="checkbox" value="quarter" checked>'),
    "users_select": ("UCAROL", '<option value="UCAROL" selected>Carol Clark</option>'),
    "multi_conversations_select": (["CSPEND"], '<input type="checkbox" value="CSPEND" checked>'),
    "checkboxes": (["alerts"], 'value="alerts" checked>'),
    "radio_buttons": ("week", 'value="week" checked>'),
    "datepicker": ("2026-12-24", 'value="2026-12-24"'),
    "timepicker": ("23:59", 'value="23:59"'),
    "datetimepicker": (1_795_000_000, 'value="2026-11-18T03:06"'),
}


@pytest.mark.parametrize("name", STATES)
def test_what_a_view_holds_is_shown_instead_of_what_stood_there_first(name: str) -> None:
    block = next(one for blocks in MODAL.values() for one in blocks if one.get("block_id") == name)
    choice, shown = STATES[name]
    assert shown not in drawn(block)
    assert shown in drawn(block, state=state_values([block], {name: choice}))


def test_a_field_that_was_emptied_stays_empty() -> None:
    block = field("Why", "plain_text_input", initial_value="Because", block={"optional": True})
    assert 'value="Because"' in drawn(block)
    emptied = state_values([block], {"plain_text_input": None})
    assert "value=" not in drawn(block, state=emptied)


def test_text_of_several_lines_keeps_its_first_newline() -> None:
    html = drawn(field("Why", "plain_text_input", multiline=True, initial_value="\n<b>"))
    assert ">\n\n&lt;b&gt;</textarea>" in html
    assert "</textarea>" in drawn(field("Why", "rich_text_input"))


def test_a_menu_beside_text_is_named_by_what_it_asks_or_by_the_text() -> None:
    asking = element("static_select", options=STATIC, placeholder=plain("Which period?"))
    silent = element("datepicker")
    assert 'aria-label="Which period?"' in drawn(section("*Period*", accessory=asking))
    assert 'aria-label="Period &amp; more"' in drawn(
        section("*Period* &amp; more\nof time", accessory=silent)
    )
    nameless = {"type": "section", "fields": [plain("a")], "accessory": silent}
    assert 'aria-label="Date"' in drawn(nameless)
    assert 'aria-label="Choice"' in drawn({**nameless, "accessory": element("radio_buttons", options=STATIC)})


def test_a_question_before_the_deed_rides_along() -> None:
    html = drawn({"type": "actions", "elements": [element("button", text=plain("Go"), confirm=CONFIRM)]})
    found = re.search(r'data-confirm="([^"]*)"', html)
    assert found
    assert json.loads(Markup(found[1]).unescape()) == CONFIRM


def test_a_button_with_an_address_is_a_link_unless_it_is_harmful() -> None:
    go = element("button", text=plain("Go"), url="https://example.com")
    assert seen(drawn({"type": "actions", "elements": [go]})).links == ["https://example.com"]
    harmful = {**go, "url": "javascript:alert(1)"}
    assert '<button type="button"' in drawn({"type": "actions", "elements": [harmful]})


def test_an_input_tells_of_its_use_only_where_it_is_asked_to() -> None:
    asked = {"dispatch_action": True}
    both = {"trigger_actions_on": ["on_enter_pressed", "on_character_entered"]}
    assert "data-dispatch" not in drawn(field("a", "plain_text_input"))
    assert 'data-dispatch="enter"' in drawn(field("a", "plain_text_input", block=asked))
    typed = field("a", "plain_text_input", dispatch_action_config=both, block=asked)
    assert 'data-dispatch="enter character"' in drawn(typed)


def test_several_choices_from_elsewhere_are_those_that_are_known() -> None:
    html = drawn(field("a", "multi_external_select", initial_options=STATIC[:2]))
    assert "Week, Month" in seen(html).text


def test_somebody_who_is_no_longer_offered_stays_chosen() -> None:
    html = drawn(field("a", "users_select", initial_user="UZOE"))
    assert '<option value="UZOE" selected>UZOE</option>' in html
    assert (
        "Alice Adams, UZOE"
        in seen(drawn(field("a", "multi_users_select", initial_users=["UZOE", "UALICE"]))).text
    )


def test_a_block_without_an_id_gets_the_one_of_its_place() -> None:
    blocks = [section("a"), {"type": "actions", "elements": [element("button", text=plain("Go"))]}]
    assert 'data-block-id="block1"' in draw_blocks(blocks, READER)
