"""Which function draws which interactive element."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from bot.demo.blocks import boxes, buttons, fields, menus, pictures
from bot.demo.blocks.markup import Json
from bot.demo.blocks.spot import Spot
from bot.demo.blocks.unknown import draw_unknown

ELEMENTS: dict[str, Callable[[Json, Spot], Markup]] = {
    "button": buttons.draw_button,
    "channels_select": menus.draw_select,
    "checkboxes": boxes.draw_checkboxes,
    "conversations_select": menus.draw_select,
    "datepicker": fields.draw_datepicker,
    "datetimepicker": fields.draw_datetimepicker,
    "email_text_input": fields.draw_email_input,
    "external_select": menus.draw_select,
    "feedback_buttons": buttons.draw_feedback_buttons,
    "file_input": fields.draw_file_input,
    "icon_button": buttons.draw_icon_button,
    "image": pictures.draw_small_picture,
    "multi_channels_select": menus.draw_multi_select,
    "multi_conversations_select": menus.draw_multi_select,
    "multi_external_select": menus.draw_multi_select,
    "multi_static_select": menus.draw_multi_select,
    "multi_users_select": menus.draw_multi_select,
    "number_input": fields.draw_number_input,
    "overflow": buttons.draw_overflow,
    "plain_text_input": fields.draw_text_input,
    "radio_buttons": boxes.draw_radio_buttons,
    "rich_text_input": fields.draw_rich_text_input,
    "static_select": menus.draw_select,
    "timepicker": fields.draw_timepicker,
    "url_text_input": fields.draw_url_input,
    "users_select": menus.draw_select,
    "workflow_button": buttons.draw_button,
}
GROUPS = frozenset({"checkboxes", "radio_buttons"} | {kind for kind in ELEMENTS if kind.startswith("multi_")})
"""Elements of several controls, which a label cannot be tied to."""


def draw_element(element: Json, spot: Spot) -> Markup:
    """The element; a labelled box for one that nobody knows."""
    return ELEMENTS.get(element["type"], _draw_strange)(element, spot)


def _draw_strange(element: Json, _spot: Spot) -> Markup:
    return draw_unknown("element", element)
