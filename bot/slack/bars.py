"""Bars drawn with signs, which every Slack can show."""

from __future__ import annotations

SIGNS = 10
_FULL, _EMPTY = "\u2588", "\u2591"


def bar(part: float, whole: float) -> str:
    """Ten signs, filled in proportion; whatever is more than nothing fills at least one."""
    filled = min(SIGNS, max(round(SIGNS * part / whole), 1)) if part > 0 and whole > 0 else 0
    return _FULL * filled + _EMPTY * (SIGNS - filled)
