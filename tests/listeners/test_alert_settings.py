"""What is worth an alert, set in the simulated Slack, with the real rules about who may, over both transports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.core.alerts.choice import AlertChoice
from bot.core.models import MICRO
from bot.core.spikes.findings import Sensitivity, SpikeSettings
from bot.demo.slack.values import Json
from bot.errors import StoreError
from bot.features.alerts.choose import CHANGED_MEANWHILE, ChooseAlerts
from bot.features.ask import Ask
from bot.listeners.alert_settings import UNREADABLE
from bot.slack.buttons import ALERTS_BLOCK, actions, button
from bot.slack.render import render
from bot.slack.views import SlackViews
from bot.store.sqlite import SqliteStore
from tests.features.cast import SETTINGS, cast_of_everyone, everyone_in_slack, hire
from tests.listeners.office import CAROL, ERIN, FINN, NOTHING_HERE, SAM, UNKNOWN, Office, reached, staffed
from tests.listeners.rig import NOON, Rig, submission_json
from tests.listeners.test_interactions import post


class Scene(Office):
    """An office in which it is set what is worth an alert."""

    def shown(self, who: str) -> Json:
        """The answer as Erin reads it, where only ``who`` sees it."""
        answer = Ask(self.store, SETTINGS).answer_slack(ERIN, "alerts", NOON)
        fields = {"text": "Alerts", "blocks": render(answer).blocks}
        return self.slack.workspace.post(self.slack.workspace.open_dm(who).id, fields, only_for=who).body

    def choices(self) -> list[AlertChoice]:
        return self.store.load_alert_choices()


@contextmanager
def scene(folder: Path, *, socket_mode: bool = False) -> Iterator[Scene]:
    store = SqliteStore(folder / "usage.db")
    store.migrate()
    hire(store, cast_of_everyone(), everyone_in_slack())
    with staffed() as (slack, client):
        views, choices = SlackViews(client, sleep=lambda _: None), ChooseAlerts(store, SETTINGS)
        with (
            Rig(views=views, api_url=slack.api_url, choices=choices, socket_mode=socket_mode) as rig,
            reached(slack, rig, client),
        ):
            yield Scene(slack, rig, store)
    store.close()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Scene]:
    with scene(tmp_path) as made:
        yield made


@pytest.mark.parametrize("socket_mode", [False, True], ids=["http", "socket"])
def test_finance_changes_the_settings_and_goes_back(tmp_path: Path, *, socket_mode: bool) -> None:
    with scene(tmp_path, socket_mode=socket_mode) as office:
        office.press(FINN, "alerts.change")
        assert office.modal(FINN)["title"]["text"] == "Alerts"
        assert sorted(office.submit(FINN, floor="-1", cap="lots")) == ["cap", "floor"]
        assert office.choices() == []
        assert office.submit(FINN, sensitivity="high", floor="100", cap="5,000") == {}
        assert "Chosen by Finn" in office.reads(FINN, "Saved.")
        (choice,) = office.choices()
        chosen = SpikeSettings(Sensitivity.HIGH, 100 * MICRO, hard_cap_micro=5_000 * MICRO)
        assert (choice.by, choice.settings) == ("finn@example.com", chosen)
        office.press(FINN, "alerts.reset", office.slack.replies_to(FINN)[-1])
        assert "As configured" in office.reads(FINN, "As configured again")
        assert len(office.slack.replies_to(FINN)) == 1, "it was renewed in place each time"
        assert office.choices()[-1].settings is None


def test_a_sensitivity_is_taken_with_one_press(office: Scene) -> None:
    buttons = [{**button("alerts.use.low", "Use low"), "value": "low.0"}]
    fields = {"text": "Looked back", "blocks": [actions(buttons, f"{ALERTS_BLOCK}.use")]}
    channel = office.slack.workspace.open_dm(ERIN).id
    shown = office.slack.workspace.post(channel, fields, only_for=ERIN).body
    office.press(ERIN, "alerts.use.low", shown)
    office.reads(ERIN, "Saved.")
    assert [choice.settings for choice in office.choices()] == [SpikeSettings(Sensitivity.LOW)]
    assert any(one["text"] == "Looked back" for one in office.slack.replies_to(ERIN)), "the table stays"


@pytest.mark.parametrize(("who", "words"), [(CAROL, NOTHING_HERE), (SAM, UNKNOWN)])
def test_nobody_else_gets_anything_for_a_button_of_others(office: Scene, who: str, words: str) -> None:
    office.press(who, "alerts.change")
    modal = office.modal(who)
    assert words in json.dumps(modal)
    assert "submit" not in modal
    office.store.save_alert_choice(SpikeSettings(), "erin@example.com", NOON, after=0)
    office.press(who, "alerts.reset")
    office.reads(who, words)
    body = {"url": "", "after": "1"}
    assert post(office.rig, filled_in(who, json.dumps(body))) is None
    office.rig.interactions.close(5)
    assert len(office.choices()) == 1


@pytest.mark.parametrize("after", ["", "x", "7", None])
def test_a_form_that_saw_something_else_changes_nothing(office: Scene, after: str | None) -> None:
    body = filled_in(ERIN, json.dumps({"url": office.slack.api_url, "after": after}))
    assert post(office.rig, body) is None
    office.rig.interactions.close(5)
    assert office.choices() == []


def test_of_two_editors_the_slower_reads_why_nothing_was_saved(office: Scene) -> None:
    office.press(ERIN, "alerts.change")
    office.modal(ERIN)
    office.store.save_alert_choice(None, "finn@example.com", NOON, after=0)
    assert office.submit(ERIN, floor="5") == {}
    office.reads(ERIN, CHANGED_MEANWHILE)
    assert len(office.choices()) == 1


def test_a_form_without_a_choice_is_asked_for_it(office: Scene) -> None:
    body = filled_in(ERIN, "{}", sensitivity="shrill")
    found = post(office.rig, body)
    assert found is not None
    assert list(found["errors"]) == ["sensitivity"]


def test_a_store_that_cannot_be_read_is_said_at_once(office: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise StoreError("locked")

    shown = office.shown(ERIN)
    monkeypatch.setattr(ChooseAlerts, "open", broken)
    monkeypatch.setattr(ChooseAlerts, "check", broken)
    office.press(ERIN, "alerts.change", shown)
    assert UNREADABLE in json.dumps(office.modal(ERIN))
    found = post(office.rig, filled_in(ERIN, "{}"))
    assert found is not None
    assert found["errors"] == {"floor": UNREADABLE}


def filled_in(who: str, metadata: str, sensitivity: str = "low") -> dict[str, Any]:
    """A submission as Slack would send it, whoever made it."""
    values = {
        "sensitivity": {"choice": {"selected_option": {"value": sensitivity}}},
        "floor": {"choice": {"value": "100"}},
        "cap": {"choice": {"value": None}},
    }
    return submission_json("V1", {"values": values}, metadata, callback_id="alerts", user={"id": who})
