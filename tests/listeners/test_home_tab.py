"""The Home tab, from its being opened in the simulated Slack to what stands in it."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from bot.errors import StoreError
from bot.listeners import home_tab as module
from bot.listeners.home import Home
from bot.slack.views import View
from tests.listeners.rig import CAROL, Rig, home_of
from tests.listeners.test_interactions import Scene, scene

OPENED = {"type": "app_home_opened", "user": CAROL, "channel": "D0CAROL", "tab": "home"}


def page(carol: Scene, showing: str) -> None:
    workspace = carol.slack.workspace
    workspace.wait_until(lambda: showing in json.dumps(workspace.home_of(CAROL)), 10)


def counted(carol: Scene, outcome: str) -> float:
    carol.rig.interactions.close(5)
    return carol.rig.count("slack_events_total", event="app_home_opened", outcome=outcome)


class Page:
    """What the tab shows, which changes each time that it is composed."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, slack_id: str, now: datetime) -> View:
        self.count += 1
        return home_of(f"{slack_id} page {self.count}", now)


def test_it_is_made_when_somebody_opens_it() -> None:
    with scene() as carol:
        assert carol.slack.open_home(CAROL).ok
        page(carol, "U0CAROL at 2026-11-18")
        assert carol.slack.open_home(CAROL, tab="messages").ok
        assert counted(carol, "published") == 1


def test_it_is_made_anew_each_time() -> None:
    with scene(compose_home=Page()) as carol:
        for number in (1, 2, 3):
            carol.slack.open_home(CAROL)
            page(carol, f"page {number}")
        assert counted(carol, "published") == 3


def test_an_event_that_comes_twice_counts_once() -> None:
    with scene() as carol:
        for _ in range(3):
            carol.slack.event(OPENED, event_id="Ev1")
        assert counted(carol, "published") == 1
        assert carol.rig.count("slack_events_total", event="app_home_opened", outcome="duplicate") == 2


def test_when_somebody_else_published_meanwhile_the_newest_stays() -> None:
    made = Page()
    with scene(compose_home=made) as carol:
        stale = {**OPENED, "view": {"type": "home", "hash": "1.stale"}}
        carol.slack.open_home(CAROL)
        page(carol, "page 1")
        carol.slack.event(stale)
        page(carol, "page 3")  # the second was refused

        assert counted(carol, "published") == 2


def test_a_tab_that_is_off_is_said_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with scene() as carol:
        carol.slack.installation.home_tab_enabled = False
        assert carol.slack.open_home(CAROL).ok
        assert counted(carol, "undelivered") == 1
    assert "A Home tab was not shown: not_enabled" in caplog.text
    assert "Fault" not in caplog.text


def test_a_fault_becomes_an_id_in_the_tab(caplog: pytest.LogCaptureFixture) -> None:
    def fail(slack_id: str, now: datetime) -> View:
        raise StoreError("inner secret")

    with scene(compose_home=fail) as carol:
        carol.slack.open_home(CAROL)
        page(carol, "fault id")
        shown = json.dumps(carol.slack.home_of(CAROL))
        assert counted(carol, "fault") == 1
    assert "inner secret" not in shown
    assert shown.split("`")[1] in caplog.text


def test_pausing_in_the_tab_renews_it() -> None:
    with scene(compose_home=Page()) as carol:
        carol.press("settings.pause", carol.home())
        page(carol, "page 1")
        assert carol.settings.changes == ["U0CAROL paused"]
        assert carol.slack.workspace.modals_of(CAROL) == []


def test_settings_that_were_opened_in_the_tab_renew_it() -> None:
    with scene(compose_home=Page()) as carol:
        carol.press("settings.open", carol.home())
        carol.modal()
        assert carol.submit(weekday="2") == {}
        page(carol, "page 1")
        assert carol.slack.replies_to(CAROL) == []


def test_a_fault_while_renewing_is_told_in_a_modal() -> None:
    def fail(slack_id: str, now: datetime) -> View:
        raise StoreError("inner secret")

    with scene(compose_home=fail) as carol:
        carol.press("settings.pause", carol.home())
        assert "fault id" in json.dumps(carol.modal(showing="fault"))


@pytest.mark.parametrize(
    "changes", [{"user": ""}, {"user": {"id": CAROL}}, {"user": None}, {"tab": None}], ids=str
)
def test_what_nobody_opened_is_passed_over(changes: dict[str, object]) -> None:
    with Rig() as rig:
        assert rig.tell({**OPENED, **changes}).status_code == 200
        rig.interactions.close(5)
        assert rig.count("slack_events_total", event="app_home_opened", outcome="undelivered") == 0


@pytest.mark.parametrize("view", [5, {}, {"hash": 5}, None], ids=str)
def test_an_odd_view_in_the_event_harms_nobody(view: object) -> None:
    with scene() as carol:
        carol.slack.event({**OPENED, "view": view})
        page(carol, "U0CAROL at")


def test_a_tab_in_another_workspace_is_none_of_ours() -> None:
    with Rig(home=Home(team_id="T0999")) as rig:
        assert rig.tell(OPENED).status_code == 200
        rig.interactions.close(5)
        assert rig.count("slack_events_total", event="app_home_opened", outcome="undelivered") == 0


def test_when_too_much_waits_slack_sends_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAIT_AT_MOST", 0)
    with Rig() as rig:
        assert rig.tell(OPENED).status_code == 503
        assert rig.count("slack_events_total", event="app_home_opened", outcome="busy") == 1
