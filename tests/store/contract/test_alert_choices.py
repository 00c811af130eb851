"""Choices about alerts are kept with every choice before them, and the slower of two changes nothing."""

from __future__ import annotations

from datetime import timedelta

from bot.core.alerts.choice import AlertChoice
from bot.core.spikes.findings import Sensitivity, SpikeSettings
from bot.ports import Store
from tests.store.rig import NOW

BY = "finn@example.com"
CHOSEN = SpikeSettings(Sensitivity.HIGH, 50, 0.001, 9_000)


def test_every_choice_is_kept_and_the_newest_is_known(store: Store) -> None:
    later = NOW + timedelta(hours=1)
    assert store.load_alert_choice() is None
    assert store.save_alert_choice(CHOSEN, BY, NOW, after=0)
    assert store.save_alert_choice(None, BY, later, after=1)
    back = AlertChoice(2, later, BY, None)
    assert store.load_alert_choice() == back
    assert store.load_alert_choices() == [AlertChoice(1, NOW, BY, CHOSEN), back]


def test_of_two_who_saw_the_same_one_comes_first(store: Store) -> None:
    assert store.save_alert_choice(CHOSEN, BY, NOW, after=0)
    assert not store.save_alert_choice(None, "erin@example.com", NOW, after=0)
    assert [choice.by for choice in store.load_alert_choices()] == [BY]
