"""Checks everything an operator can get wrong, a line each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol

from bot.core.chart import build_chart
from bot.core.chart import explain as explain_chart
from bot.core.checks import EXPORT_SCOPE, NEEDED_SCOPES, Check, Grade, Installation
from bot.core.deliveries import DoubtRule
from bot.core.models import Freshness
from bot.core.periods import Period, default_period
from bot.core.spikes.findings import SpikeSettings
from bot.errors import BotError, DeliveryError
from bot.features.asked import USUAL_ALERTS
from bot.features.checks.alerts import look_at_alerts
from bot.features.checks.budgets import look_at_budgets
from bot.features.checks.deliveries import look_at_deliveries, look_at_history_scopes, look_at_zones
from bot.ports import Roster, Store, UsageSource

STALE_AFTER_INTERVALS = 3


class SlackSide(Protocol):
    """Slack's view of the app. Methods raise `DeliveryError`."""

    def fetch_installation(self) -> Installation:
        """Who the bot is."""
        ...

    def check_app_token(self) -> None:
        """Make sure that Socket Mode can be opened."""
        ...

    def is_member_of(self, channel: str) -> bool:
        """True when the bot can post in the channel."""
        ...


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """What is configured, as far as checks differ by it."""

    is_socket_mode: bool
    finance_channel: str | None
    sync_interval: timedelta
    doubt: DoubtRule = "skip"
    credit_price_usd: Decimal | None = None
    spikes: SpikeSettings = USUAL_ALERTS


class Checks:
    """All checks, in the order in which somebody setting the bot up would mend them."""

    def __init__(
        self,
        store: Store,
        source: UsageSource,
        slack: SlackSide,
        roster: Roster | None,
        settings: CheckSettings,
    ) -> None:
        self._store = store
        self._source = source
        self._slack = slack
        self._roster = roster
        self._settings = settings

    def run(self, now: datetime) -> Iterator[Check]:
        """Each line as soon as it is known; a check that cannot be made is a failed one."""
        for about, look in self._looks(now):
            try:
                yield from look()
            except BotError as error:
                yield Check(about, Grade.FAIL, str(error))

    def _looks(self, now: datetime) -> Iterator[tuple[str, Callable[[], Iterator[Check]]]]:
        yield "slack", self._look_at_slack
        if self._settings.is_socket_mode:
            yield "socket mode", self._look_at_socket_mode
        if self._settings.finance_channel:
            yield "finance channel", self._look_at_finance_channel
        yield "codex", lambda: self._look_at_codex(now)
        yield "roster", self._look_at_roster
        yield "matching", self._look_at_matching
        yield "data", lambda: self._look_at_data(now)
        yield "deliveries", lambda: look_at_deliveries(self._store, now)
        yield "time zones", lambda: look_at_zones(self._store)
        yield "alerts", lambda: look_at_alerts(self._store, self._settings.spikes)
        yield "budgets", lambda: self._look_at_budgets(now)

    def _look_at_slack(self) -> Iterator[Check]:
        installation = self._slack.fetch_installation()
        yield Check("slack", Grade.OK, f"connected to {installation.team} as {installation.bot}")
        if installation.scopes is None:
            yield Check("scopes", Grade.WARN, "Slack does not say which scopes were granted")
            return
        missing = sorted(NEEDED_SCOPES - installation.scopes)
        if missing:
            advice = f"add {', '.join(missing)} under OAuth & Permissions and install the app again"
            yield Check("scopes", Grade.FAIL, advice)
        else:
            yield Check("scopes", Grade.OK, f"all {len(NEEDED_SCOPES)} needed scopes are granted")
        if EXPORT_SCOPE not in installation.scopes:
            advice = f"no file reaches anybody without {EXPORT_SCOPE}: add it and install the app again"
            yield Check("exports", Grade.WARN, advice)
        settings = self._settings
        yield from look_at_history_scopes(installation.scopes, settings.doubt, settings.finance_channel)

    def _look_at_socket_mode(self) -> Iterator[Check]:
        self._slack.check_app_token()
        yield Check("socket mode", Grade.OK, "SLACK_APP_TOKEN can open a connection")

    def _look_at_finance_channel(self) -> Iterator[Check]:
        channel = self._settings.finance_channel or ""
        try:
            is_member = self._slack.is_member_of(channel)
        except DeliveryError as error:
            if not error.reason.startswith("missing_scope"):
                raise
            advice = f"it cannot be seen whether the bot is in {channel} (needs channels:read or groups:read)"
            yield Check("finance channel", Grade.WARN, advice)
            return
        if is_member:
            yield Check("finance channel", Grade.OK, f"the bot is in {channel}")
        else:
            yield Check("finance channel", Grade.FAIL, f"invite the bot to {channel}: /invite the bot there")

    def _look_at_codex(self, now: datetime) -> Iterator[Check]:
        yesterday = now.date() - timedelta(days=1)
        self._source.fetch_workspace_usage(Period(yesterday, now.date()))
        yield Check("codex", Grade.OK, "the analytics API answers for this workspace")

    def _look_at_roster(self) -> Iterator[Check]:
        if self._roster is None:
            yield Check(
                "roster", Grade.WARN, "ROSTER_FILE is not set: nobody has a manager, `team` shows nothing"
            )
            return
        file = self._roster.read()
        yield Check("roster", Grade.OK, f"{len(file.employees):,} people")
        for problem in file.problems:
            where = "" if problem.line is None else f"line {problem.line}: "
            yield Check("roster", Grade.WARN, f"{where}{problem.message}")
        chart = build_chart((employee.email, employee.manager_email) for employee in file.employees)
        for finding in chart.findings:
            yield Check("chart", Grade.WARN, explain_chart(finding))

    def _look_at_matching(self) -> Iterator[Check]:
        with self._store.snapshot() as snapshot:
            status = snapshot.load_admin_status()
        counts = f"{status.matched_to_slack:,} of {status.employees:,} people are matched to Slack"
        accounts = f"{status.unmatched_accounts:,} of {status.accounts:,} accounts belong to nobody"
        yield Check("matching", Grade.OK, f"{counts}; {accounts}")
        for room, sentence in self._store.load_findings():
            if room == "link":
                yield Check("matching", Grade.WARN, sentence)

    def _look_at_budgets(self, now: datetime) -> Iterator[Check]:
        settings = self._settings
        return look_at_budgets(self._store, now, settings.credit_price_usd, settings.finance_channel)

    def _look_at_data(self, now: datetime) -> Iterator[Check]:
        with self._store.snapshot() as snapshot:
            freshness = snapshot.load_freshness(default_period(now.date()), now)
            refused = snapshot.load_admin_status().refused_days
            run = snapshot.load_last_run()
        yield self._judge(freshness, now)
        for day in refused:
            yield Check("data", Grade.WARN, f"{day} was refused; see `codex-usage-bot sync --accept {day}`")
        if run is not None and run.error:
            yield Check("last sync", Grade.FAIL, run.error)

    def _judge(self, freshness: Freshness, now: datetime) -> Check:
        if freshness.read_at is None:
            return Check("data", Grade.FAIL, "usage was never read: run `codex-usage-bot sync`")
        stale = now - freshness.read_at > STALE_AFTER_INTERVALS * self._settings.sync_interval
        complete = freshness.complete_to or "no day yet"
        told = f"complete to {complete} (UTC), read {freshness.read_at:%Y-%m-%d %H:%M} UTC"
        advice = "; start `codex-usage-bot run` or see why it does not sync" if stale else ""
        return Check("data", Grade.FAIL if stale else Grade.OK, told + advice)
