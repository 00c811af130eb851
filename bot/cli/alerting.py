"""What ``alerts`` does without another word: evaluates now, and delivers what is news."""

from __future__ import annotations

import argparse
import json
import signal
import time
from collections.abc import Sequence
from contextlib import closing
from typing import Any

import httpx

from bot.app.clients import POST_TIMEOUT, build_store
from bot.app.launch import Launch
from bot.app.telling import build_alerts, build_budget_alerts, build_deliver
from bot.cli.budget_lines import notice_as_json, notice_line
from bot.cli.delivering import deliver_all
from bot.cli.progress import Progress
from bot.cli.setup import set_up
from bot.core.alerts.incidents import Change, Happening
from bot.core.deliveries import Delivery, DeliveryState, Order
from bot.core.formats import credits_text, day_text, instant_text
from bot.core.models import MICRO
from bot.errors import StoreError
from bot.features.alerts.evaluate import Round
from bot.features.budgets.evaluate import BudgetRound
from bot.ports import Store
from bot.stopping import Stopping

_AMISS = {DeliveryState.PARKED, DeliveryState.DOUBTFUL, DeliveryState.UNKNOWN}


def run(options: argparse.Namespace, launch: Launch) -> int:
    """Evaluate once; 1 if a message was refused or its fate is unknown."""
    config = set_up(quiet=True)
    now = launch.clock()
    with closing(build_store(config)) as store:
        budgets = build_budget_alerts(config, store)
        with Progress(quiet=options.json) as progress:
            alerts = build_alerts(config, store, progress.tell)
            measured = budgets.preview(now) if options.dry_run else budgets.evaluate(now)
            found = alerts.preview(now) if options.dry_run else alerts.evaluate(now)
        if found is None or measured is None:
            raise StoreError(
                "Usage went on changing while it was looked at; try again when the sync has ended."
            )
        if options.dry_run:
            _print(found, measured, (), as_json=options.json)
            return 0
        orders = [*alerts.renew(now), *(one for one in found.orders if one.not_before is None)]
        budget_orders = [*budgets.renew(now), *measured.orders]
        stopping = Stopping(signal.SIGTERM, signal.SIGINT)
        with Progress(quiet=options.json) as progress, httpx.Client(timeout=POST_TIMEOUT) as http:
            deliver_all(
                lambda watch: build_deliver(config, store, http, stopping.wait, watch, launch.clock),
                lambda: _load(store, [*orders, *budget_orders]),
                stopping,
                progress.tell,
                time.monotonic,
            )
        done = _load(store, [*orders, *budget_orders])
    waiting = [one for one in found.orders if one.not_before is not None]
    _print(
        Round(found.changes, (*orders, *waiting)),
        BudgetRound(measured.notices, tuple(budget_orders)),
        done,
        as_json=options.json,
    )
    return 1 if any(one.state in _AMISS or not one.state.is_final for one in done) else 0


def _load(store: Store, orders: Sequence[Order]) -> list[Delivery]:
    wanted = set(map(_key, orders))
    found = [one for period in {order.period for order in orders} for one in store.load_deliveries(period)]
    return [one for one in found if _key(one.order) in wanted]


def _key(order: Order) -> tuple[str, str, str]:
    return order.kind, order.recipient, order.period


def _print(found: Round, budgets: BudgetRound, done: Sequence[Delivery], *, as_json: bool) -> None:
    orders = (*found.orders, *budgets.orders)
    if as_json:
        facts = {
            "incidents": [_change_as_json(change) for change in found.changes],
            "budgets": [notice_as_json(notice) for notice in budgets.notices],
            "messages": [_order_as_json(order, _state(order, done)) for order in orders],
        }
        print(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    for change in found.changes:
        print(_line(change))
    for notice in budgets.notices:
        print(notice_line(notice))
    for order in orders:
        print(f"{order.recipient}  {order.kind}  {_state(order, done)}")
    if not found.changes and not budgets.notices and not orders:
        print("Nothing has changed since the last look.")


def _line(change: Change) -> str:
    incident, peak = change.incident, change.incident.peak
    who = incident.key.subject or "the whole organisation"
    amounts = f"{credits_text(peak.credits_micro)} credits, usually {credits_text(peak.expected_micro)}"
    told = "" if change.telling or change.line else " (nobody is told)"
    return f"{change.what}: {who} ({peak.kind}), {day_text(peak.day)}: {amounts}{told}"


def _state(order: Order, done: Sequence[Delivery]) -> str:
    if order.not_before is not None:
        return f"not before {instant_text(order.not_before)}"
    mine = (one for one in done if _key(one.order) == _key(order))
    states = (f"{one.state} ({one.reason})" if one.reason else str(one.state) for one in mine)
    return next(states, "not sent")


def _change_as_json(change: Change) -> dict[str, Any]:
    incident, peak = change.incident, change.incident.peak
    return {
        "happening": str(Happening(change.what)),
        "told": change.telling is not None,
        "email": incident.key.subject,
        "kind": peak.kind,
        "state": str(incident.state),
        "date": peak.day.isoformat(),
        "severity": peak.severity,
        "credits": peak.credits_micro / MICRO,
        "expected": peak.expected_micro / MICRO,
    }


def _order_as_json(order: Order, state: str) -> dict[str, Any]:
    return {"kind": order.kind, "recipient": order.recipient, "state": state}
