"""Menus to choose from: one with ``select``, several with boxes that open under a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from markupsafe import Markup

from bot.demo.blocks.markup import Json, tag
from bot.demo.blocks.reader import Reader
from bot.demo.blocks.spot import Spot, chosen, chosen_all, control
from bot.demo.blocks.text_objects import plain_words

Options = list[tuple[str, str]]


def draw_select(element: Json, spot: Spot) -> Markup:
    """One of the options, in groups where there are some, below what stands there before a choice."""
    value = chosen(element, spot)
    empty = plain_words(element.get("placeholder"), "Choose\u2026")
    choices = (_group(label, options, value) for label, options in _groups(element, spot))
    return tag(
        "select",
        tag("option", empty, value="", selected=value is None),
        *choices,
        class_="bk-select",
        required=spot.is_required,
        autofocus=bool(element.get("focus_on_load")),
        **control(element, spot),
    )


def draw_multi_select(element: Json, spot: Spot) -> Markup:
    """Any of the options; the closed menu says which are chosen."""
    values = chosen_all(element, spot)
    groups = list(_groups(element, spot))
    names = [name for _, options in groups for value, name in options if value in values]
    empty = plain_words(element.get("placeholder"), "Choose\u2026")
    line = tag("summary", ", ".join(names) or empty, class_="bk-select", data_empty=empty)
    boxes = (_boxes(label, options, values) for label, options in groups)
    return tag(
        "details",
        line,
        tag("div", *boxes, class_="bk-menu bk-menu-boxes"),
        class_="bk-multi",
        role="group",
        data_max=element.get("max_selected_items"),
        **control(element, spot),
    )


def _groups(element: Json, spot: Spot) -> list[tuple[str, Options]]:
    """The options under their headings, and at the end what is chosen already and no longer offered."""
    groups = list(_offered(element, spot.reader))
    known = {value for _, options in groups for value, _ in options}
    gone = sorted(chosen_all(element, spot) - known)
    names = [(one, spot.reader.names(one) or spot.reader.channels(one) or one) for one in gone]
    return [*groups, ("", names)]


def _offered(element: Json, reader: Reader) -> Iterator[tuple[str, Options]]:
    """What belongs to no group has an empty heading."""
    kind = element["type"].removeprefix("multi_")
    if kind == "users_select":
        yield "", list(reader.people)
    elif kind == "channels_select":
        yield "", list(reader.places)
    elif kind == "conversations_select":
        yield "Channels", list(reader.places)
        yield "People", list(reader.people)
    elif kind == "external_select":
        yield "", _options(_initial_options(element))
    else:
        yield "", _options(element.get("options", ()))
        for group in element.get("option_groups", ()):
            yield plain_words(group["label"]), _options(group["options"])


def _initial_options(element: Json) -> list[Json]:
    """All that is known of a menu whose options the app gives while somebody types."""
    one = element.get("initial_option")
    return [one] if one else list(element.get("initial_options", ()))


def _options(options: Iterable[Json]) -> Options:
    return [(option["value"], _words(option)) for option in options]


def _words(option: Json) -> str:
    words = plain_words(option["text"])
    return f"{words} \u2013 {plain_words(option['description'])}" if "description" in option else words


def _group(label: str, options: Options, value: str | None) -> Markup:
    shown = Markup("").join(tag("option", name, value=one, selected=one == value) for one, name in options)
    return tag("optgroup", shown, label=label) if label and options else shown


def _boxes(label: str, options: Options, values: frozenset[str]) -> Markup:
    boxes = Markup("").join(
        tag(
            "label",
            tag("input", type="checkbox", value=one, checked=one in values),
            tag("span", name),
            class_="bk-choice",
        )
        for one, name in options
    )
    heading = tag("p", label, class_="bk-menu-heading") if label and options else ""
    return Markup("{}{}").format(heading, boxes)
