"""What answers: commands, files, and the settings that both depend on."""

from __future__ import annotations

from datetime import timedelta

from bot.config import Config
from bot.core.digests.times import WeekMoment
from bot.features.ask import Ask
from bot.features.asked import AskSettings
from bot.features.export import Exports
from bot.store.sqlite import SqliteStore


def build_ask(config: Config, store: SqliteStore) -> Ask:
    """Answers."""
    return Ask(store, build_ask_settings(config))


def build_exports(config: Config, store: SqliteStore) -> Exports:
    """Files."""
    return Exports(store, build_ask_settings(config))


def build_ask_settings(config: Config) -> AskSettings:
    """What answers and digests depend on beside the store."""
    return AskSettings(
        admin_emails=config.admin_emails,
        finance_emails=config.finance_emails,
        credit_price_usd=config.credit_price_usd,
        sync_interval=timedelta(minutes=config.sync_interval_minutes),
        digest_time=usual_moment(config),
        timezone=config.timezone,
        finance_channel=config.finance_channel,
        spikes=config.spikes,
    )


def usual_moment(config: Config) -> WeekMoment:
    """When digests come to whoever has not chosen."""
    schedule = config.digest_schedule
    return WeekMoment(schedule.weekday, schedule.at.hour * 60 + schedule.at.minute)
