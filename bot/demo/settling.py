"""How the usage API's rows of a day look before the day has settled.

Usage shows up to twelve hours late, figures still grow for five days after, and a row that was told
can vanish again. All of it follows from the row and the hours since the day began.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from typing import Any, Literal
from zlib import crc32

Row = dict[str, Any]
TodayMode = Literal["A", "B", "none"]
"""Today's rows: without tokens (A); with tokens, no counts and no models (B); not told at all."""

DAY_HOURS = 24
SETTLED_HOURS = DAY_HOURS * 6
LAG_HOURS = 12
UNREVISED_SHARE = 0.85
"""What a row that is still revised shows of itself when its day ends."""
GHOST_HOURS = range(DAY_HOURS + 6, DAY_HOURS + 60)
"""When a row is told that is taken back later."""

_COUNTS = ("threads", "turns")
_TOKENS = (
    "uncached_text_input_tokens", "cached_text_input_tokens", "text_output_tokens", "text_total_tokens",
    "reasoning_output_tokens",
)  # fmt: skip


def settle_rows(
    final: Sequence[Row], hours: int, today_mode: TodayMode, at_once: Collection[str] = ()
) -> Sequence[Row]:
    """The rows as told ``hours`` after their UTC day began; ``final`` itself from `SETTLED_HOURS` on.

    Those of the accounts ``at_once`` are told in full from the beginning.
    """
    if hours >= SETTLED_HOURS:
        return final
    if hours < 0 or (hours < DAY_HOURS and today_mode == "none"):
        return ()
    shares = [(row, 1.0 if row["user_id"] in at_once else _share(row, hours)) for row in final]
    rows = [scale_row(row, share) for row, share in shares if share > 0]
    if hours < DAY_HOURS:
        return [_as_today(row, today_mode) for row in rows]
    return rows + _ghosts(final) if hours in GHOST_HOURS else rows


def scale_row(row: Row, share: float) -> Row:
    """The row with that share of every amount; the row itself for all of it."""
    if share == 1:
        return row
    scaled = row | {"totals": _scale(row["totals"], share)}
    scaled["clients"] = [_scale(client, share) for client in row["clients"]]
    if row.get("models"):
        scaled["models"] = [_scale(model, share) for model in row["models"]]
    return scaled


def _share(row: Row, hours: int) -> float:
    """How much of the row is told by now. People begin at different hours; their lag differs, too."""
    luck = crc32(f"{row['user_id']} {row['start_time']}".encode())
    begin, lag = luck % 18, 1 + luck // 32 % LAG_HOURS
    seen = min(1.0, (hours - begin - lag) / (DAY_HOURS - begin - 1))
    is_revised = luck // 512 % 3 == 0
    age = max(0, hours - DAY_HOURS) / (SETTLED_HOURS - DAY_HOURS)
    return seen * (UNREVISED_SHARE + (1 - UNREVISED_SHARE) * age) if is_revised else seen


def _scale(amounts: Mapping[str, Any], share: float) -> Row:
    """Whole numbers stay whole; money keeps its cents and its form."""
    scaled: Row = {}
    for field, value in amounts.items():
        if field == "cost_usd" and isinstance(value, str):
            scaled[field] = f"{float(value) * share:.2f}"
        elif field.endswith("_usd"):
            scaled[field] = round(value * share, 2)
        elif isinstance(value, int):
            scaled[field] = int(value * share)
        else:
            scaled[field] = value * share if isinstance(value, float) else value
    return scaled


def _as_today(row: Row, mode: TodayMode) -> Row:
    today = deepcopy(row)
    for amounts in (today["totals"], *today["clients"], *(today.get("models") or ())):
        for field in _TOKENS if mode == "A" else _COUNTS:
            if mode == "A":
                amounts.pop(field, None)
            elif field in amounts:
                amounts[field] = 0
    if mode == "B":
        today.pop("models", None)
    return today


def _ghosts(final: Sequence[Row]) -> list[Row]:
    """The usage of an account that the API will say it never had: a tenth of another row's."""
    if not final:
        return []
    ghost = scale_row(final[0], 0.1) | {"user_id": f"user-{crc32(final[0]['user_id'].encode()):024x}"}
    if "actor" in ghost:
        ghost["actor"] = {"type": "ACCOUNT_USER", "user_id": ghost["user_id"], "email": None}
    return [ghost]
