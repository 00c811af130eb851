"""The less usual forms of a usage row: all that the API's schema allows beside the full one."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from bot.demo.accounts import Account
from bot.demo.row_parts import TOKEN_FIELDS, TOTAL_FIELD, USD_PER_CREDIT, Row, frame

UNKNOWN_CLIENT = "CODEX_WRIST_APP"


def build_zero_row(account: Account, start: int) -> Row:
    """A day that is told although nothing was used."""
    totals = dict.fromkeys(
        ("threads", "turns", "credits", "estimated_cost_usd", *TOKEN_FIELDS, TOTAL_FIELD), 0
    )
    return frame(account, start) | {"totals": totals, "clients": [], "models": []}


def build_legacy_row(account: Account, start: int, credits_wanted: float, rng: Random) -> Row:
    """Usage of the older pricing: tokens null in the totals and absent in the client, no models."""
    threads = max(1, int(credits_wanted / 4))
    counts: Row = {
        "threads": threads,
        "turns": threads * rng.randint(2, 5),
        "credits": round(credits_wanted, 1),
    }
    return frame(account, start) | {
        "totals": counts | dict.fromkeys((*TOKEN_FIELDS, TOTAL_FIELD)),
        "clients": [{"client_id": account.clients[0], **counts}],
        "models": None,
        "code_attribution": None,
    }


def build_service_row(account: Account, start: int, usd: float, number: int) -> Row:
    """Usage billed in dollars: no credits; the amount a number on one day, a decimal string on the next."""
    cost = round(usd * USD_PER_CREDIT, 2)
    told = f"{cost:.2f}" if number % 2 else cost
    counts: Row = {"threads": 6, "turns": 6, "credits": 0, "cost_usd": told}
    client = account.clients[number % len(account.clients)]
    return frame(account, start) | {"totals": counts, "clients": [{"client_id": client, **counts}]}


def vary(row: Row, rng: Random) -> None:
    """Gives one row in a hundred each of the forms below."""
    number = int(rng.random() * 100)
    if number < len(_VARIANTS):
        _VARIANTS[number](row)


def _without_actor(row: Row) -> None:
    del row["actor"]


def _with_null_email(row: Row) -> None:
    row["actor"]["email"] = None


def _without_email(row: Row) -> None:
    del row["actor"]["email"]


def _with_unknown_client(row: Row) -> None:
    row["clients"][-1]["client_id"] = UNKNOWN_CLIENT


def _with_unknown_amount(row: Row) -> None:
    row["totals"]["reasoning_output_tokens"] = row["totals"]["text_output_tokens"] // 3


def _with_unknown_field(row: Row) -> None:
    row["seat_type"] = "codex"


def _with_null_models(row: Row) -> None:
    row["models"] = None


def _without_models(row: Row) -> None:
    del row["models"]


def _without_clients(row: Row) -> None:
    row["clients"] = []


def _without_estimate(row: Row) -> None:
    del row["totals"]["estimated_cost_usd"]


def _with_null_code(row: Row) -> None:
    row["code_attribution"] = None


def _with_lines_only(row: Row) -> None:
    row["code_attribution"] = {"lines_of_code": {"added": row["totals"]["turns"]}, "commits": None}


def _with_old_commits(row: Row) -> None:
    if row.get("code_attribution"):
        del row["code_attribution"]["commits"]["total_commits"]


_VARIANTS: tuple[Callable[[Row], None], ...] = (
    _without_actor,
    _with_null_email,
    _without_email,
    _with_unknown_client,
    _with_unknown_amount,
    _with_unknown_field,
    _with_null_models,
    _without_models,
    _without_clients,
    _without_estimate,
    _with_null_code,
    _with_lines_only,
    _with_old_commits,
)
