"""What speaks by itself: digests and alerts, the outbox they go through, and the cards that stand in Slack."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx

from bot.app.answering import build_ask_settings, usual_moment
from bot.app.clients import build_web_api
from bot.config import Config
from bot.core.alerts.ask_notices import AskNotice
from bot.core.alerts.cards import AlertCard
from bot.core.budgets.cards import BudgetCard
from bot.core.digests.contents import Digest
from bot.core.plans.notices import PlanNotice
from bot.features.alerts.edit_cards import EditCards
from bot.features.alerts.evaluate import Alerts, AlertSettings
from bot.features.alerts.write import AlertWriter
from bot.features.alerts.write_ask import AskWriter
from bot.features.budgets.evaluate import BudgetAlerts, BudgetAlertSettings
from bot.features.budgets.write import BudgetAlertWriter
from bot.features.deliveries.deliver import Deliver
from bot.features.deliveries.desk import Clocks, DeliverySettings
from bot.features.deliveries.write_any import AnyWriter, CardWriter
from bot.features.digests.compose import Digests
from bot.features.digests.plan import PlanDigests, PlanSettings
from bot.features.digests.send import SendDigests
from bot.features.digests.write import DigestWriter
from bot.features.plans.write import PlanWriter
from bot.ports import Clock, DeliveryWatch
from bot.slack.alerts import render_alert
from bot.slack.alerts.ask import render_ask
from bot.slack.alerts.budgets import render_budget_alert
from bot.slack.channels import SlackChannels
from bot.slack.digests import render_digest
from bot.slack.fallback import forms_of
from bot.slack.messages import Message
from bot.slack.plans import render_plan_notice
from bot.slack.posting import SlackPostman
from bot.store.sqlite import SqliteStore


def build_digests(config: Config, store: SqliteStore) -> Digests:
    """What a digest says."""
    return Digests(store, build_ask_settings(config))


def build_planner(config: Config, store: SqliteStore) -> PlanDigests:
    """Whose digest is due."""
    return PlanDigests(store, PlanSettings(usual_moment(config), config.timezone, config.finance_channel))


def build_digest_writer(config: Config, store: SqliteStore) -> DigestWriter:
    """Digests as Slack messages."""
    return DigestWriter(store, build_digests(config, store), _forms_of)


def build_send_digests(config: Config, store: SqliteStore) -> SendDigests:
    """A week's digests, on an operator's word."""
    return SendDigests(store, build_planner(config, store), build_digest_writer(config, store))


def build_alerts(config: Config, store: SqliteStore, tell: Callable[[str], object] | None = None) -> Alerts:
    """What finds runaway spend and has it told; ``tell`` hears what takes a while."""
    grace = config.alert_grace if config.alert_ask_first else None
    return Alerts(store, AlertSettings(config.spikes, config.finance_channel, grace), tell)


def build_alert_writer(config: Config, store: SqliteStore, http: httpx.Client) -> AlertWriter:
    """Alerts as Slack messages; ``http`` is the caller's to close."""
    return AlertWriter(store, SlackChannels(build_web_api(config, http)), _secret(config), _alert_forms_of)


def build_budget_alerts(config: Config, store: SqliteStore) -> BudgetAlerts:
    """What measures budgets and has them told."""
    return BudgetAlerts(store, BudgetAlertSettings(config.credit_price_usd, config.finance_channel))


def build_budget_alert_writer(config: Config, store: SqliteStore, http: httpx.Client) -> BudgetAlertWriter:
    """Alerts of budgets as Slack messages; ``http`` is the caller's to close."""
    channels = SlackChannels(build_web_api(config, http))
    return BudgetAlertWriter(store, channels, build_ask_settings(config), _secret(config), _budget_forms_of)


def build_edit_cards(config: Config, store: SqliteStore, http: httpx.Client, clock: Clock) -> EditCards:
    """What keeps the cards in Slack as things are; ``http`` is the caller's to close."""
    writer, editor = _build_card_writer(config, store, http), SlackPostman(build_web_api(config, http))
    return EditCards(store, writer, editor, _secret(config), clock=clock, monotonic=time.monotonic)


def build_deliver(
    config: Config,
    store: SqliteStore,
    http: httpx.Client,
    sleep: Callable[[float], object],
    watch: DeliveryWatch,
    clock: Clock,
) -> Deliver:
    """The outbox, ready to be worked off; ``http`` is the caller's to close."""
    delivery = config.delivery
    return Deliver(
        store,
        _build_any_writer(config, store, http),
        SlackPostman(build_web_api(config, http)),
        DeliverySettings(
            delivery.doubt,
            delivery.quarantine_seconds,
            delivery.rate_per_second,
            secret=_secret(config),
        ),
        Clocks(clock, time.monotonic, sleep),
        watch,
    )


def _build_any_writer(config: Config, store: SqliteStore, http: httpx.Client) -> AnyWriter:
    """Whatever goes through the outbox."""
    plans = PlanWriter(store, SlackChannels(build_web_api(config, http)), _secret(config), _plan_forms_of)
    cards, budgets = _build_card_writer(config, store, http), build_budget_alert_writer(config, store, http)
    return AnyWriter(build_digest_writer(config, store), plans, cards, budgets)


def _build_card_writer(config: Config, store: SqliteStore, http: httpx.Client) -> CardWriter:
    asks = AskWriter(store, config.alert_grace, _ask_forms_of)
    return CardWriter(build_alert_writer(config, store, http), asks)


def _secret(config: Config) -> str:
    """Known to the operator alone, and the same whatever becomes of the database and of Slack's tokens."""
    return config.codex.workspace_id


def _forms_of(digest: Digest) -> list[Message]:
    return forms_of(render_digest(digest))


def _alert_forms_of(card: AlertCard) -> list[Message]:
    return forms_of(render_alert(card))


def _plan_forms_of(notice: PlanNotice) -> list[Message]:
    return forms_of(render_plan_notice(notice))


def _ask_forms_of(notice: AskNotice) -> list[Message]:
    return forms_of(render_ask(notice))


def _budget_forms_of(card: BudgetCard) -> list[Message]:
    return forms_of(render_budget_alert(card))
