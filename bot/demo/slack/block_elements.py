"""The interactive elements of Block Kit: their fields, their limits, the blocks that may hold them."""

from __future__ import annotations

from typing import Any

from bot.demo.slack.block_language import (
    Rule,
    anything,
    array,
    boolean,
    both,
    by_type,
    choice,
    complaint,
    integer,
    record,
    string,
    text_object,
)

IDENTIFIER = string(1, 255)
PLAIN = "plain_text"
WEB_ADDRESS = string(1, 3000)
PLACEHOLDER = text_object(150, PLAIN)
CONFIRM = record(
    {"title": text_object(100, PLAIN), "text": text_object(300), "confirm": text_object(30, PLAIN)}
    | {"deny": text_object(30, PLAIN)},
    {"style": choice("primary", "danger")},
)
OPTION = record({"text": text_object(75), "value": string(1, 150)}, {"description": text_object(75)})
PLAIN_OPTION = record(
    {"text": text_object(75, PLAIN), "value": string(1, 150)}, {"description": text_object(75, PLAIN)}
)
OVERFLOW_OPTION = record(
    {"text": text_object(75, PLAIN), "value": string(1, 150)},
    {"description": text_object(75, PLAIN), "url": WEB_ADDRESS},
)
OPTION_GROUP = record({"label": text_object(75, PLAIN), "options": array(PLAIN_OPTION, 1, 100)})
COMMON: dict[str, Rule] = {"action_id": IDENTIFIER, "confirm": CONFIRM, "focus_on_load": boolean}
DISPATCH = record({}, {"trigger_actions_on": array(anything, 1, 2)})


def _menu(own: dict[str, Rule], *, several: bool = False) -> Rule:
    counted: dict[str, Rule] = {"max_selected_items": integer(1, 100)} if several else {}
    return record({}, {**COMMON, "placeholder": PLACEHOLDER, **counted, **own})


def _has_options(value: Any, pointer: str) -> list[str]:
    if ("options" in value) == ("option_groups" in value):
        return complaint("must define either `options` or `option_groups`", pointer)
    return []


def _static(**initial: Rule) -> Rule:
    own = {"options": array(PLAIN_OPTION, 1, 100), "option_groups": array(OPTION_GROUP, 1, 100)}
    return both(_menu({**own, **initial}, several="initial_options" in initial), _has_options)


def has_picture(value: Any, pointer: str) -> list[str]:
    """A picture comes from one place: a web address or a file of Slack's."""
    if ("image_url" in value) == ("slack_file" in value):
        return complaint("must define either `image_url` or `slack_file`", pointer)
    return []


SLACK_FILE = record({}, {"id": string(1, 255), "url": WEB_ADDRESS})
PICTURE: dict[str, Rule] = {"image_url": WEB_ADDRESS, "slack_file": SLACK_FILE}
IMAGE_ELEMENT = both(record({"alt_text": string(1, 2000)}, PICTURE), has_picture)

BUTTON = record(
    {"text": text_object(75, PLAIN)},
    {
        "action_id": IDENTIFIER,
        "url": WEB_ADDRESS,
        "value": string(1, 2000),
        "style": choice("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(1, 75),
    },
)
IDS = array(string(1), 0, 100)
FILTER = record(
    {}, dict.fromkeys(("include", "exclude_external_shared_channels", "exclude_bot_users"), anything)
)
CONVERSATION: dict[str, Rule] = {"default_to_current_conversation": boolean, "filter": FILTER}

_MENUS: dict[str, Rule] = {
    "static_select": _static(initial_option=PLAIN_OPTION),
    "users_select": _menu({"initial_user": string(1)}),
    "channels_select": _menu({"initial_channel": string(1), "response_url_enabled": boolean}),
    "conversations_select": _menu(
        {**CONVERSATION, "initial_conversation": string(1), "response_url_enabled": boolean}
    ),
    "external_select": _menu({"min_query_length": integer(0, 100), "initial_option": PLAIN_OPTION}),
}
_MULTI: dict[str, Rule] = {
    "multi_static_select": _static(initial_options=array(PLAIN_OPTION, 1, 100)),
    "multi_users_select": _menu({"initial_users": IDS}, several=True),
    "multi_channels_select": _menu({"initial_channels": IDS}, several=True),
    "multi_conversations_select": _menu({**CONVERSATION, "initial_conversations": IDS}, several=True),
}
_PICKERS: dict[str, Rule] = {
    "datepicker": _menu({"initial_date": string(10, 10)}),
    "timepicker": _menu({"initial_time": string(5, 5), "timezone": string(1)}),
}
_DATETIME: dict[str, Rule] = {
    "datetimepicker": record({}, {**COMMON, "initial_date_time": integer(1_000_000_000, 9_999_999_999)})
}
_BOXES: dict[str, Rule] = {
    "checkboxes": record(
        {"options": array(OPTION, 1, 10)}, {**COMMON, "initial_options": array(OPTION, 1, 10)}
    ),
    "radio_buttons": record({"options": array(OPTION, 1, 10)}, {**COMMON, "initial_option": OPTION}),
}
_OVERFLOW: dict[str, Rule] = {
    "overflow": record(
        {"options": array(OVERFLOW_OPTION, 1, 5)}, {"action_id": IDENTIFIER, "confirm": CONFIRM}
    )
}
_TYPED: dict[str, Rule] = {"placeholder": PLACEHOLDER, "dispatch_action_config": DISPATCH, **COMMON}
_FIELDS: dict[str, Rule] = {
    "plain_text_input": record(
        {},
        {
            **_TYPED,
            "initial_value": string(0, 3000),
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
        },
    ),
    "number_input": record(
        {"is_decimal_allowed": boolean},
        {**_TYPED, "initial_value": string(1), "min_value": string(1), "max_value": string(1)},
    ),
    "email_text_input": record({}, {**_TYPED, "initial_value": string(1)}),
    "url_text_input": record({}, {**_TYPED, "initial_value": string(1)}),
    "file_input": record(
        {}, {"action_id": IDENTIFIER, "filetypes": array(string(1), 1, None), "max_files": integer(1, 10)}
    ),
}

ACTIONS_ELEMENT = by_type({"button": BUTTON, **_OVERFLOW, **_MENUS, **_PICKERS, **_DATETIME, **_BOXES})
ACCESSORY = by_type(
    {"button": BUTTON, "image": IMAGE_ELEMENT, **_OVERFLOW, **_MENUS, **_MULTI, **_PICKERS, **_BOXES}
)
INPUT_ELEMENT = by_type({**_FIELDS, **_MENUS, **_MULTI, **_PICKERS, **_DATETIME, **_BOXES})
CONTEXT_ELEMENT = by_type(
    {"image": IMAGE_ELEMENT, "plain_text": text_object(3000), "mrkdwn": text_object(3000)}
)
