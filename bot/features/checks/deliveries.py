"""What a check says about messages: whether they go out, which did not arrive, and what would be in doubt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.core.checks import Check, Grade
from bot.core.deliveries import DoubtRule
from bot.core.digests.contents import DigestKind
from bot.ports import Store

RECENT = timedelta(days=7)
TOLD = 3
"""So many messages that did not arrive are told one by one."""

READERS = (DigestKind.MANAGER, DigestKind.PERSONAL)
"""Whose recipients are people, each on a clock of their own."""

_ABOUT = "deliveries"


def look_at_deliveries(store: Store, now: datetime) -> Iterator[Check]:
    """Whether messages go out, and which did not arrive in the last week."""
    standstill = store.load_standstill()
    if standstill is not None:
        told = f"Slack refuses every message since {standstill.since:%Y-%m-%d %H:%M} UTC: {standstill.reason}"
        yield Check(_ABOUT, Grade.FAIL, told)
    counts = store.count_open_deliveries(now - RECENT)
    waiting = sum(count for state, count in counts.items() if not state.is_final)
    if standstill is None:
        yield Check(_ABOUT, Grade.OK, f"{waiting:,} messages wait to be sent")
    undelivered = sum(count for state, count in counts.items() if state.is_final)
    for one in store.load_troubles(now - RECENT, TOLD):
        yield Check(
            _ABOUT, Grade.WARN, f"{one.order.recipient}, {one.order.period}: {one.state}, {one.reason}"
        )
    if undelivered > TOLD:
        advice = "`codex-usage-bot digest --dry-run` lists them"
        yield Check(
            _ABOUT, Grade.WARN, f"{undelivered - TOLD:,} more did not arrive, or perhaps not; {advice}"
        )


def look_at_zones(store: Store) -> Iterator[Check]:
    """Time zones that this machine does not know: their people get digests on another clock."""
    clocks = [clock for kind in READERS for clock in store.load_digest_clocks(kind)]
    for name in sorted({name for clock in clocks for name in clock.unknown_zones}):
        advice = "digests go by the roster's zone or by TIMEZONE"
        yield Check("time zones", Grade.WARN, f"{name[:60]!r} is not known to this machine: {advice}")


def look_at_history_scopes(scopes: frozenset[str], doubt: DoubtRule, channel: str | None) -> Iterator[Check]:
    """Whether conversations can be looked into, where that was asked for."""
    if doubt != "check":
        return
    needed = {"im:history", "im:write"}
    if channel is not None:
        needed.add("groups:history" if channel.startswith("G") else "channels:history")
    missing = sorted(needed - scopes)
    if missing:
        advice = (
            f"DELIVERY_DOUBT is check, which needs {', '.join(missing)}; until then it is as if it were skip"
        )
        yield Check("scopes", Grade.WARN, advice)
