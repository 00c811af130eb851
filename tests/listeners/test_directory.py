"""What Slack tells about its people, from the event to the value."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from bot.core.people import SlackPerson
from bot.listeners import directory as module
from bot.listeners.directory import DirectoryEvents
from bot.listeners.home import Home
from bot.listeners.metrics import Metrics
from tests.listeners.rig import NOON, Rig, event_json, member, signed

CAROL = SlackPerson("U0CAROL", "carol@example.com", "Carol", "Europe/Berlin")


def change(**changes: object) -> dict[str, Any]:
    return {"type": "user_change", "user": {**member(), **changes}, "cache_ts": 1790000000}


@pytest.mark.parametrize("event", ["user_change", "team_join"])
def test_a_change_is_acknowledged_and_handed_on(event: str) -> None:
    with Rig() as rig:
        reply = rig.tell({"type": event, "user": member()})
        rig.directory.close(10)

        assert (reply.status_code, reply.content) == (200, b"")
        assert rig.people == [CAROL]
        assert rig.count("slack_events_total", event=event, outcome="applied") == 1


def test_the_same_event_counts_once_however_often_it_comes() -> None:
    """Slack's retries come with a new signature and the same id."""
    with Rig() as rig:
        rig.tell(change())
        body = event_json(change())
        for delay in (0, 60, 299):
            later = signed(body, "application/json", timestamp=int(NOON.timestamp()) - delay)
            rig.post(body, {**later, "X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"})
        rig.directory.close(10)

        assert rig.people == [CAROL]


def test_a_retry_of_an_event_that_never_came_is_news() -> None:
    with Rig() as rig:
        body = event_json(change())
        headers = signed(body, "application/json")
        rig.post(body, {**headers, "X-Slack-Retry-Num": "3", "X-Slack-Retry-Reason": "http_timeout"})
        rig.directory.close(10)

        assert rig.people == [CAROL]


def test_an_event_id_is_remembered_longer_than_slack_repeats_it() -> None:
    now = NOON
    people: list[SlackPerson] = []
    events = DirectoryEvents(people.append, Metrics(CollectorRegistry(), "1"), lambda: now)

    events.on_change("user_change", "Ev1", member())
    now = NOON + timedelta(minutes=10)
    events.on_change("user_change", "Ev1", member())
    now = NOON + timedelta(minutes=21)
    events.on_change("user_change", "Ev1", member())
    events.close(10)

    assert len(people) == 2


def test_changes_of_one_person_arrive_in_order() -> None:
    with Rig() as rig:
        for number in range(20):
            rig.tell(change(tz=f"Zone/{number}"), f"Ev{number}")
        rig.directory.close(10)

        assert [person.timezone for person in rig.people] == [f"Zone/{number}" for number in range(20)]


def test_when_too_many_wait_slack_is_asked_to_send_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAIT_AT_MOST", 1)
    gate, started = threading.Event(), threading.Event()
    people: list[SlackPerson] = []

    def slow(person: SlackPerson) -> None:
        started.set()
        gate.wait(20)
        people.append(person)

    with Rig() as rig:
        rig.directory._people_changed = slow
        rig.tell(change(), "Ev1")
        assert started.wait(10)
        statuses = [rig.tell(change(), event_id).status_code for event_id in ("Ev2", "Ev3")]
        gate.set()
        while len(people) < 2:
            started.wait(0.01)
        again = rig.tell(change(tz="UTC"), "Ev3").status_code
        rig.directory.close(10)

        assert statuses == [200, 503]
        assert again == 200
        assert len(people) == 3


def test_a_fault_is_logged_and_the_next_event_taken(caplog: pytest.LogCaptureFixture) -> None:
    with Rig() as rig:
        kept = rig.directory._people_changed

        def fail_once(person: SlackPerson) -> None:
            rig.directory._people_changed = kept
            raise ZeroDivisionError

        rig.directory._people_changed = fail_once
        assert rig.tell(change(), "Ev1").status_code == 200
        rig.tell(change(), "Ev2")
        rig.directory.close(10)

        assert rig.people == [CAROL]
        assert rig.count("slack_events_total", event="user_change", outcome="fault") == 1
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


@pytest.mark.parametrize(
    "event",
    [
        {"type": "app_home_opened", "user": "U0CAROL", "tab": "messages"},
        {"type": "tokens_revoked", "tokens": {"oauth": ["U0CAROL"]}},
        {"type": "message", "text": "hello", "user": "U0CAROL"},
        {"type": "user_change", "user": "U0CAROL"},
        {"type": "user_change", "user": {}},
        {"type": "user_change"},
    ],
    ids=lambda event: f"{event['type']}-{event.get('user', 'nobody')}",
)
def test_other_events_are_taken_quietly(event: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "bot"), caplog.at_level(logging.WARNING), Rig() as rig:
        reply = rig.tell(event)
        rig.directory.close(5)

        assert (reply.status_code, reply.content) == (200, b"")
        assert rig.people == []
    assert [record for record in caplog.records if record.name.startswith(("bot", "slack_bolt"))] == []


HOME = Home(team_id="T0001", api_app_id="A123456")
GRID = Home(team_id="T0001", enterprise_id="E0001")


@pytest.mark.parametrize(
    ("home", "user", "envelope", "taken"),
    [
        (Home(), {"team_id": "T0999"}, {"team_id": "T0999"}, 1),
        (HOME, {}, {}, 1),
        (HOME, {"team_id": "T0999"}, {}, 0),
        (HOME, {}, {"team_id": "T0999"}, 0),
        (HOME, {}, {"api_app_id": "A999"}, 0),
        (HOME, {"team_id": "T0999", "enterprise_user": None}, {}, 0),
        (GRID, {"team_id": "T0002", "enterprise_user": {"enterprise_id": "E0001"}}, {}, 1),
        (GRID, {"team_id": "T0002", "enterprise_user": {"enterprise_id": "E0999"}}, {}, 0),
        (GRID, {"team_id": "T0002"}, {}, 0),
        (GRID, {}, {"team_id": "T0002", "enterprise_id": "E0001"}, 1),
    ],
    ids=range(10),
)
def test_people_of_other_organisations_are_not_ours(
    home: Home, user: dict[str, Any], envelope: dict[str, Any], taken: int
) -> None:
    """Someone who shares a channel with us could claim any e-mail address at home."""
    with Rig(home=home) as rig:
        assert rig.tell(change(**user), **envelope).status_code == 200
        rig.directory.close(5)

        assert len(rig.people) == taken
