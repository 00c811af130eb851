"""A small language for saying which JSON Slack accepts, in the words with which it refuses the rest.

A rule takes a value and its JSON pointer, and gives the complaints; none means that the value is accepted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

Rule = Callable[[Any, str], list[str]]


def complaint(what: str, pointer: str) -> list[str]:
    """One complaint in Slack's form: ``must be a string [json-pointer:/blocks/0/text/text]``."""
    return [f"{what} [json-pointer:{pointer}]"]


def string(low: int = 0, high: int | None = None) -> Rule:
    """Text of ``low`` to ``high`` characters, both included."""

    def check(value: Any, pointer: str) -> list[str]:
        if not isinstance(value, str):
            return complaint("must be a string", pointer)
        if len(value) < low:
            return complaint(f"must be more than {low - 1} characters", pointer)
        if high is not None and len(value) > high:
            return complaint(f"must be less than {high + 1} characters", pointer)
        return []

    return check


def number(*, above: float | None = None) -> Rule:
    """Any finite number, greater than ``above`` where that is given. True and false are no numbers."""

    def check(value: Any, pointer: str) -> list[str]:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return complaint("must be a number", pointer)
        if above is not None and value <= above:
            return complaint(f"must be greater than {above:g}", pointer)
        return []

    return check


def integer(low: int, high: int) -> Rule:
    """A whole number from ``low`` to ``high``, both included."""

    def check(value: Any, pointer: str) -> list[str]:
        if isinstance(value, bool) or not isinstance(value, int):
            return complaint("must be an integer", pointer)
        return [] if low <= value <= high else complaint(f"must be between {low} and {high}", pointer)

    return check


def boolean(value: Any, pointer: str) -> list[str]:
    """True or false."""
    return [] if isinstance(value, bool) else complaint("must be a boolean", pointer)


def choice(*allowed: str) -> Rule:
    """One of the words."""

    def check(value: Any, pointer: str) -> list[str]:
        return [] if value in allowed else complaint("must be a valid enum value", pointer)

    return check


def array(rule: Rule, low: int, high: int | None) -> Rule:
    """A list of ``low`` to ``high`` items that each follow ``rule``."""

    def check(value: Any, pointer: str) -> list[str]:
        if not isinstance(value, list):
            return complaint("must be an array", pointer)
        if len(value) < low:
            return complaint(f"no less than {low} items allowed", pointer)
        if high is not None and len(value) > high:
            return complaint(f"no more than {high} items allowed", pointer)
        return [line for place, item in enumerate(value) for line in rule(item, f"{pointer}/{place}")]

    return check


def record(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Rule:
    """An object with these keys and no others; ``type`` may always be there."""
    known = {"type": anything, **(optional or {}), **required}

    def check(value: Any, pointer: str) -> list[str]:
        if not isinstance(value, dict):
            return complaint("must be an object", pointer)
        missing = [name for name in required if name not in value]
        extra = [name for name in value if name not in known]
        return [
            *(line for name in missing for line in complaint(f"missing required field: {name}", pointer)),
            *(line for name in extra for line in complaint(f"invalid additional property: {name}", pointer)),
            *(
                line
                for name in value
                if name in known
                for line in known[name](value[name], f"{pointer}/{name}")
            ),
        ]

    return check


def by_type(rules: Mapping[str, Rule]) -> Rule:
    """An object whose ``type`` chooses the rule."""

    def check(value: Any, pointer: str) -> list[str]:
        if not isinstance(value, dict):
            return complaint("must be an object", pointer)
        if "type" not in value:
            return complaint("missing required field: type", pointer)
        rule = rules.get(value["type"]) if isinstance(value["type"], str) else None
        if rule is None:
            return complaint(f"unsupported type: {value['type']}", f"{pointer}/type")
        return rule(value, pointer)

    return check


def both(*rules: Rule) -> Rule:
    """A value that follows every rule; later ones are asked only when the earlier ones are content."""

    def check(value: Any, pointer: str) -> list[str]:
        for rule in rules:
            if found := rule(value, pointer):
                return found
        return []

    return check


def anything(_value: Any, _pointer: str) -> list[str]:
    """No rule at all."""
    return []


def text_object(high: int, *kinds: str) -> Rule:
    """A text object of 1 to ``high`` characters; ``kinds`` are its types, both unless said."""
    plain = record({"type": anything, "text": string(1, high)}, {"emoji": boolean})
    mrkdwn = record({"type": anything, "text": string(1, high)}, {"verbatim": boolean})
    rules = {"plain_text": plain, "mrkdwn": mrkdwn}
    chosen = by_type({kind: rules[kind] for kind in kinds or rules})

    def check(value: Any, pointer: str) -> list[str]:
        found = chosen(value, pointer)
        return [*complaint("failed to match all allowed schemas", pointer), *found] if found else []

    return check
