"""Fields that are typed into: text, numbers, addresses, files, dates and times."""

from __future__ import annotations

from datetime import datetime

from markupsafe import Markup

from bot.demo.blocks.markup import Attribute, Json, tag
from bot.demo.blocks.spot import Spot, chosen, control
from bot.demo.blocks.text_objects import plain_words


def draw_text_input(element: Json, spot: Spot) -> Markup:
    """One line, or several."""
    limits = {"minlength": element.get("min_length"), "maxlength": element.get("max_length")}
    if element.get("multiline"):
        return _draw_area(element, spot, chosen(element, spot), **limits)
    return _field(element, spot, "text", **limits)


def draw_rich_text_input(element: Json, spot: Spot) -> Markup:
    """Several lines; what can be marked up in Slack is typed plainly here."""
    return _draw_area(element, spot, None)


def draw_number_input(element: Json, spot: Spot) -> Markup:
    """A number, with its bounds."""
    step = "any" if element.get("is_decimal_allowed") else "1"
    return _field(
        element, spot, "number", step=step, min=element.get("min_value"), max=element.get("max_value")
    )


def draw_email_input(element: Json, spot: Spot) -> Markup:
    """An e-mail address."""
    return _field(element, spot, "email", autocomplete="off")


def draw_url_input(element: Json, spot: Spot) -> Markup:
    """A web address."""
    return _field(element, spot, "url")


def draw_file_input(element: Json, spot: Spot) -> Markup:
    """Files from this machine, of the kinds that the app takes."""
    kinds = ",".join(f".{kind}" for kind in element.get("filetypes", ()))
    return _field(element, spot, "file", accept=kinds or None, multiple=element.get("max_files", 10) > 1)


def draw_datepicker(element: Json, spot: Spot) -> Markup:
    """A day."""
    return _field(element, spot, "date")


def draw_timepicker(element: Json, spot: Spot) -> Markup:
    """A time of day."""
    return _field(element, spot, "time")


def draw_datetimepicker(element: Json, spot: Spot) -> Markup:
    """A moment: seconds since 1970 for the app, day and time in the reader's zone for the reader."""
    value = chosen(element, spot)
    local = None if value is None else datetime.fromtimestamp(value, spot.reader.zone)
    shown = None if local is None else f"{local:%Y-%m-%dT%H:%M}"
    return _draw_input(element, spot, "datetime-local", shown, data_timezone=spot.reader.timezone)


def _field(element: Json, spot: Spot, kind: str, **further: Attribute) -> Markup:
    return _draw_input(element, spot, kind, chosen(element, spot), **further)


def _draw_input(element: Json, spot: Spot, kind: str, value: str | None, **further: Attribute) -> Markup:
    common = {**_common(element, spot), **further}
    return tag("input", type=kind, value=value, class_="bk-typed", **common)


def _draw_area(element: Json, spot: Spot, value: str | None, **further: Attribute) -> Markup:
    # A parser drops the first newline inside a textarea, so it is given one to drop.
    text = f"\n{value}" if value else ""
    return tag("textarea", text, rows=4, class_="bk-typed", **_common(element, spot), **further)


def _common(element: Json, spot: Spot) -> dict[str, Attribute]:
    return {
        "placeholder": plain_words(element.get("placeholder")) or None,
        "required": spot.is_required,
        "autofocus": bool(element.get("focus_on_load")),
        **control(element, spot),
    }
