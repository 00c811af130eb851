"""The amounts of one usage row, by the public rate card, split by model and by client."""

from __future__ import annotations

from random import Random
from typing import Any

from bot.demo.accounts import Account

Row = dict[str, Any]

DAY_SECONDS = 86_400
USD_PER_CREDIT = 0.04
RATES = {"gpt-5.4": (62.5, 6.25, 375.0), "gpt-5.5": (125.0, 12.5, 750.0), "other": (62.5, 6.25, 375.0)}
"""Credits for a million uncached input, cached input and output tokens: Codex's public rate card.

``other`` stands for models that the API does not name; its rates are invented.
"""
FAST_FACTOR = 2.0
"""What fast speed costs against standard; invented."""
TOKEN_FIELDS = ("uncached_text_input_tokens", "cached_text_input_tokens", "text_output_tokens")
TOTAL_FIELD = "text_total_tokens"

_MIXES: tuple[tuple[tuple[str, str | None], ...], ...] = (
    (("gpt-5.4", "standard"),),
    (("gpt-5.5", "standard"),),
    (("gpt-5.4", "standard"), ("gpt-5.5", "standard")),
    (("gpt-5.4", "standard"), ("gpt-5.4", "fast")),
    (("gpt-5.5", "standard"), ("gpt-5.5", "fast")),
    (("gpt-5.4", "standard"), ("other", None)),
)
_MIX_WEIGHTS = (30, 55, 80, 88, 94, 100)
_CODE_SHARE = 0.45
_NO_CODE = {"CODEX_WORK_WEB", "CODEX_WORK_MOBILE", "CODEX_CHATGPT_DESKTOP"}
_MOVED_THREAD_SHARE = 0.2


def frame(account: Account, start: int) -> Row:
    """A row without amounts; ``start`` is its midnight in Unix seconds."""
    return {
        "object": "workspace.codex.usage.result",
        "start_time": start,
        "end_time": start + DAY_SECONDS,
        "user_id": account.user_id,
        "actor": {"type": "ACCOUNT_USER", "user_id": account.user_id, "email": account.email},
    }


def build_row(account: Account, start: int, credits_wanted: float, rng: Random) -> Row:
    """A full row of about ``credits_wanted``: models priced by their tokens, clients another split."""
    models = _draw_models(credits_wanted, rng)
    totals = _sum_of(models)
    clients = _split(account.clients, totals, rng)
    totals["threads"] = sum(client["threads"] for client in clients)
    totals["turns"] = sum(client["turns"] for client in clients)
    if totals["threads"] > len(clients) > 1 and rng.random() < _MOVED_THREAD_SHARE:
        totals["threads"] -= 1  # a thread that moved between two clients counts once
    row = frame(account, start)
    row["totals"], row["clients"], row["models"] = totals, clients, models
    if rng.random() < _CODE_SHARE and account.clients[0] not in _NO_CODE:
        row["code_attribution"] = _draw_code(totals["turns"], rng)
    return row


def _draw_models(credits_wanted: float, rng: Random) -> list[Row]:
    (mix,) = rng.choices(_MIXES, cum_weights=_MIX_WEIGHTS)
    if len(mix) == 1:
        return [_draw_model(*mix[0], credits_wanted, rng)]
    share = rng.uniform(0.5, 0.95)
    first, second = mix
    return [
        _draw_model(*first, credits_wanted * share, rng),
        _draw_model(*second, credits_wanted * (1 - share), rng),
    ]


def _draw_model(model: str, speed: str | None, credits_wanted: float, rng: Random) -> Row:
    """Tokens in a plausible mix that cost what is wanted; the credits are then those of the tokens."""
    rate_in, rate_cached, rate_out = RATES[model]
    factor = FAST_FACTOR if speed == "fast" else 1.0
    cached_share, out_share = rng.uniform(4, 12), rng.uniform(0.04, 0.16)
    per_uncached = (rate_in + cached_share * rate_cached + out_share * rate_out) * factor
    uncached = int(credits_wanted * 1e6 / per_uncached) + 1
    cached, output = int(uncached * cached_share), int(uncached * out_share)
    spent = (uncached * rate_in + cached * rate_cached + output * rate_out) * factor / 1e6
    return {
        "model": model,
        "speed": speed,
        "credits": spent,
        "estimated_cost_usd": round(spent * USD_PER_CREDIT, 2),
        "uncached_text_input_tokens": uncached,
        "cached_text_input_tokens": cached,
        "text_output_tokens": output,
        "text_total_tokens": uncached + cached + output,
    }


def _sum_of(models: list[Row]) -> Row:
    spent: float = sum(model["credits"] for model in models)
    cost = round(spent * USD_PER_CREDIT, 2)
    totals: Row = {"threads": 0, "turns": 0, "credits": spent, "estimated_cost_usd": cost}
    for field in (*TOKEN_FIELDS, TOTAL_FIELD):
        totals[field] = sum(model[field] for model in models)
    return totals


def _split(clients: tuple[str, ...], totals: Row, rng: Random) -> list[Row]:
    """One to all of the account's clients; the first takes what the others leave."""
    others = clients[1 : 1 + int(rng.random() * len(clients))]
    share = rng.uniform(0.1, 0.3)
    turns = max(1, int(totals["credits"] / rng.uniform(0.8, 2.5)))
    parts = [_take(client, share, totals) for client in others]
    for part in parts:
        part["turns"] = max(1, int(turns * share))
    main = _leave(clients[0], totals, parts)
    main["turns"] = max(1, turns - sum(part["turns"] for part in parts))
    for part in (main, *parts):
        part["threads"] = max(1, int(part["turns"] / rng.uniform(3, 9)))
    return [main, *parts]


def _take(client: str, share: float, totals: Row) -> Row:
    """A share of the totals as that client's amounts, whole tokens only."""
    part: Row = {"client_id": client, "threads": 0, "turns": 0, "credits": totals["credits"] * share}
    part["estimated_cost_usd"] = round(part["credits"] * USD_PER_CREDIT, 2)
    for field in TOKEN_FIELDS:
        part[field] = int(totals[field] * share)
    part[TOTAL_FIELD] = sum(part[field] for field in TOKEN_FIELDS)
    return part


def _leave(client: str, totals: Row, parts: list[Row]) -> Row:
    """The totals less what other clients took."""
    rest: Row = {"client_id": client, **totals}
    for field in ("credits", *TOKEN_FIELDS, TOTAL_FIELD):
        rest[field] -= sum(part[field] for part in parts)
    rest["estimated_cost_usd"] = round(rest["credits"] * USD_PER_CREDIT, 2)
    return rest


def _draw_code(turns: int, rng: Random) -> Row:
    added = int(turns * rng.uniform(1, 9))
    committed = int(added * rng.uniform(0.3, 0.9))
    lines_total = committed + int(added * rng.random()) + 1
    ours = int(turns * rng.uniform(0.02, 0.1)) + 1
    everyone = ours + rng.randint(0, 6)
    return {
        "lines_of_code": {
            "added": added,
            "removed": int(added * rng.uniform(0.1, 0.6)),
            "committed": committed,
            "total_committed_lines": lines_total,
            "committed_percentage": round(100 * committed / lines_total, 1),
        },
        "commits": {
            "with_codex_contribution": ours,
            "with_codex_contribution_percentage": round(100 * ours / everyone, 1),
            "total_commits": everyone,
        },
    }
