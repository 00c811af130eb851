"""How a single JSON value of the Codex API becomes a number or a text that may be stored."""

from __future__ import annotations

import json
import re
from decimal import ROUND_HALF_EVEN, Context, Decimal, Inexact, InvalidOperation
from typing import Any

from bot.core.models import MICRO

MAX_INT = 2**50
"""Far above any true figure of a person's day, and far enough below 63 bits that sums over all cannot overflow."""

_SIXTH_PLACE = Decimal("0.000001")
_ROOM = Context(prec=40, traps=[InvalidOperation])  # more digits than any figure needs, so never inexact
_EXACT = Context(prec=40, traps=[InvalidOperation, Inexact])
_MILLION = Decimal(MICRO)
_MOST_DIGITS = 16  # before the point; MAX_INT has as many
_DECIMAL_TEXT = re.compile(r"-?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?")


class UnreadableError(ValueError):
    """A value that breaks the API's contract; ``path`` names the field inside the row."""

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path} {reason}")

    def within(self, parent: str) -> UnreadableError:
        """The same fault, seen from the object that holds ``parent``."""
        return UnreadableError(f"{parent}.{self.path}", self.reason)


def parse_json(body: bytes) -> Any:
    """JSON with exact decimals. Raises ValueError for anything that is not JSON.

    NaN and the infinities are kept as decimals, so that they spoil their own row and not the page; so do
    numbers too long or too large for Python to take in.
    """
    try:
        try:
            return json.loads(body, parse_float=Decimal, parse_constant=Decimal)
        except (json.JSONDecodeError, UnicodeDecodeError):
            raise
        except (ValueError, InvalidOperation):
            return json.loads(
                body, parse_float=_boundless, parse_int=_whole_boundless, parse_constant=Decimal
            )
    except RecursionError:
        raise ValueError("nested too deeply") from None


def parse_count(value: Any, field: str) -> int | None:
    """A count of 0 or more, at most `MAX_INT`, None for null and for absent. A bool is not a count, 14.0 is."""
    if type(value) is int:
        if 0 <= value <= MAX_INT:
            return value
        raise UnreadableError(field, "is negative" if value < 0 else "is too large")
    if value is None:
        return None
    if type(value) is not Decimal:
        raise UnreadableError(field, f"is {_kind(value)}, not a whole number")
    return _whole(value, field)


def parse_required_count(value: Any, field: str) -> int:
    """The same where the API promises a figure."""
    count = parse_count(value, field)
    if count is None:
        raise UnreadableError(field, "is missing")
    return count


def parse_micro(value: Any, field: str) -> int | None:
    """Millionths of a number of 0 or more, rounded half-even from the exact decimal; None for null."""
    if type(value) is Decimal:
        micro = _micro_of(value, field)
    elif type(value) is int:
        micro = value * MICRO
    elif value is None:
        return None
    else:
        raise UnreadableError(field, f"is {_kind(value)}, not a number")
    if 0 < micro <= MAX_INT or value == 0:
        return micro
    return _small(value, micro, field)


def _micro_of(value: Decimal, field: str) -> int:
    """Rounds once only, at the sixth place: a product that is not exact is never rounded again."""
    if value.adjusted() > _MOST_DIGITS and value:  # never spelt out: it may have a million digits
        raise UnreadableError(field, "is too large")
    try:
        return int(_EXACT.multiply(value, _MILLION).to_integral_value(ROUND_HALF_EVEN))
    except Inexact:
        return int(value.quantize(_SIXTH_PLACE, ROUND_HALF_EVEN, _ROOM).scaleb(6, _ROOM))
    except (ValueError, OverflowError):
        raise UnreadableError(field, "is not finite") from None


def parse_required_micro(value: Any, field: str) -> int:
    """The same where the API promises a figure."""
    micro = parse_micro(value, field)
    if micro is None:
        raise UnreadableError(field, "is missing")
    return micro


def parse_money(value: Any, field: str) -> int | None:
    """`parse_micro` that also takes a decimal number written as a string."""
    if value is None:
        return None
    if type(value) is not str:
        return parse_micro(value, field)
    if not _DECIMAL_TEXT.fullmatch(value):
        raise UnreadableError(field, "is a text, not a decimal number")
    return parse_micro(_boundless(value), field)


def parse_text(value: Any, field: str) -> str | None:
    """A text as it came, None for null. Refuses what no database could store."""
    if value is None:
        return None
    if type(value) is not str:
        raise UnreadableError(field, f"is {_kind(value)}, not a text")
    if not value.isprintable() and not _is_storable(value):
        raise UnreadableError(field, "holds characters that cannot be stored")
    return value


def render_json(value: Any) -> str:
    """Compact ASCII JSON. A decimal that a binary float cannot hold exactly is written as a string."""
    return json.dumps(value, default=_plain, separators=(",", ":"))


def _boundless(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")  # an exponent beyond all reason


def _whole_boundless(text: str) -> int | Decimal:
    try:
        return int(text)
    except ValueError:
        return Decimal(text)  # more digits than Python turns into an int


def _whole(value: Decimal, field: str) -> int:
    if not value.is_finite():
        raise UnreadableError(field, "is not finite")
    if value < 0:
        raise UnreadableError(field, "is negative")
    if value > MAX_INT:
        raise UnreadableError(field, "is too large")
    if value != value.to_integral_value():
        raise UnreadableError(field, "is not a whole number")
    return int(value)


def _small(value: int | Decimal, micro: int, field: str) -> int:
    """What is left: 0 when a positive figure rounds to it, and everything that is out of bounds."""
    if value < 0:
        raise UnreadableError(field, "is negative")
    if micro:
        raise UnreadableError(field, "is too large")
    return 0


def _is_storable(text: str) -> bool:
    """False for half a surrogate pair, which is not Unicode, and for NUL, which PostgreSQL refuses."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def _kind(value: Any) -> str:
    kinds = {bool: "a boolean", str: "a text", list: "a list", dict: "an object", type(None): "null"}
    return kinds.get(type(value), "a number")


def _plain(value: Decimal) -> float | str:
    number = float(value)
    return number if value.is_finite() and Decimal(repr(number)) == value else str(value)
