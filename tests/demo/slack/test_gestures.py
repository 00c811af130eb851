"""What a choice or typing becomes in the payload."""

from __future__ import annotations

from typing import Any

import pytest

from bot.demo.slack.gestures import EmptyFieldsError, action, held_values, state_values

TEXT = {"type": "plain_text", "text": "x"}
OPTIONS = [{"text": TEXT, "value": "a"}, {"text": TEXT, "value": "b"}]


def element(kind: str, **fields: Any) -> dict[str, Any]:
    return {"type": kind, "action_id": "e", **fields}


def field(held: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"type": "input", "block_id": "f", "label": TEXT, "element": held, **fields}


@pytest.mark.parametrize(
    ("held", "choice", "expected"),
    [
        (element("static_select", options=OPTIONS), "b", {"selected_option": OPTIONS[1]}),
        (
            element("static_select", option_groups=[{"label": TEXT, "options": OPTIONS}]),
            "a",
            {"selected_option": OPTIONS[0]},
        ),
        (element("checkboxes", options=OPTIONS), ["a", "b"], {"selected_options": OPTIONS}),
        (element("users_select"), "UBOB", {"selected_user": "UBOB"}),
        (element("datepicker"), "2026-11-02", {"selected_date": "2026-11-02"}),
        (element("plain_text_input"), "hello", {"value": "hello"}),
    ],
)
def test_a_choice_has_the_shape_of_its_element(
    held: dict[str, Any], choice: Any, expected: dict[str, Any]
) -> None:
    made = action([{"type": "actions", "elements": [held]}], "e", choice, "1.2")
    assert made == {
        "type": held["type"],
        "action_id": "e",
        "block_id": "block0",
        "action_ts": "1.2",
        **expected,
    }
    assert state_values([field(held)], {"f": choice}) == {"f": {"e": {"type": held["type"], **expected}}}


def test_what_is_not_offered_cannot_be_chosen() -> None:
    with pytest.raises(LookupError, match="does not offer c"):
        action([field(element("static_select", options=OPTIONS))], "e", "c", "1.2")


def test_a_field_keeps_what_stood_there_and_may_be_empty_only_when_optional() -> None:
    select = element("static_select", options=OPTIONS)
    typed = field(element("plain_text_input", initial_value="before"))
    assert state_values([typed], {})["f"]["e"]["value"] == "before"
    chosen = field({**select, "initial_option": OPTIONS[0]})
    assert state_values([chosen], {})["f"]["e"]["selected_option"] == OPTIONS[0]
    assert state_values([field(select, optional=True)], {})["f"]["e"]["selected_option"] is None
    with pytest.raises(ValueError, match="field f be empty"):
        state_values([{"type": "divider"}, field(select)], {})
    with pytest.raises(LookupError, match="no such fields: other"):
        state_values([typed], {"other": "x"})


def test_of_two_elements_with_one_action_id_the_block_says_which() -> None:
    blocks = [
        {"type": "actions", "block_id": name, "elements": [element("button", text=TEXT, value=name)]}
        for name in ("first", "second")
    ]
    assert action(blocks, "e", None, "1.2")["value"] == "first"
    assert action(blocks, "e", None, "1.2", block_id="second")["value"] == "second"
    with pytest.raises(LookupError, match="nothing to press is called e"):
        action(blocks, "e", None, "1.2", block_id="third")


def test_every_field_that_may_not_be_empty_is_named_at_once() -> None:
    fields = [{**field(element("plain_text_input")), "block_id": name} for name in ("a", "b")]
    with pytest.raises(EmptyFieldsError) as caught:
        state_values(fields, {"a": ""})
    assert caught.value.block_ids == ["a", "b"]
    assert held_values(fields, {"a": ""})["b"] == {"e": {"type": "plain_text_input", "value": None}}


def test_the_state_has_what_can_hold_something_and_no_buttons() -> None:
    held = {
        "type": "actions",
        "block_id": "row",
        "elements": [
            {**element("button", text=TEXT), "action_id": "go"},
            {**element("static_select", options=OPTIONS), "action_id": "one"},
            {**element("users_select", initial_user="UBOB"), "action_id": "two"},
        ],
    }
    assert held_values([held], {"row": {"one": "b"}}) == {
        "row": {
            "one": {"type": "static_select", "selected_option": OPTIONS[1]},
            "two": {"type": "users_select", "selected_user": "UBOB"},
        }
    }
