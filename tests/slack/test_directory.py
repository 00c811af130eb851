"""Reading the people of a workspace, over real HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient

from bot.core.people import SlackPerson
from bot.errors import DeliveryError
from bot.slack.directory import SlackDirectory, person_of
from tests.slack.scripted import Reply, ScriptedSlack

BOB = {
    "id": "U2",
    "tz": "Europe/Berlin",
    "real_name": "Bob B.",
    "profile": {"email": " Bob@Example.com ", "real_name": "Bob Builder"},
}


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def directory(slack: ScriptedSlack, pauses: list[float]) -> SlackDirectory:
    client = WebClient("xoxb-secret", base_url=f"{slack.url}/api/", retry_handlers=[])
    return SlackDirectory(client, sleep=pauses.append)


def _page(*members: object, cursor: str = "") -> tuple[int, Any]:
    return 200, {"ok": True, "members": list(members), "response_metadata": {"next_cursor": cursor}}


def _busy(seconds: str) -> Reply:
    return Reply(429, '{"ok": false, "error": "ratelimited"}', {"Retry-After": seconds})


def test_everyone_of_every_page(slack: ScriptedSlack, directory: SlackDirectory) -> None:
    slack.says(_page(BOB, cursor="c1"), _page({"id": "U3", "deleted": True}, "junk", {"name": "no id"}))

    assert list(directory.fetch_people()) == [
        SlackPerson("U2", "bob@example.com", "Bob Builder", "Europe/Berlin"),
        SlackPerson("U3", None, "U3", None, deleted=True),
    ]
    assert [("limit=200" in body, "cursor=c1" in body) for _, body in _asked(slack)] == [
        (True, False),
        (True, True),
    ]


def _asked(slack: ScriptedSlack) -> list[tuple[str, str]]:
    return [(path, f"{path}&{body}") for path, body in slack.requests]


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        ({"id": "U1", "profile": {"display_name": "ann"}}, SlackPerson("U1", None, "ann", None)),
        ({"id": "U1", "name": "ann", "is_bot": True}, SlackPerson("U1", None, "ann", None, is_bot=True)),
        ({"id": "USLACKBOT"}, SlackPerson("USLACKBOT", None, "USLACKBOT", None, is_bot=True)),
        ({"id": "U1", "is_restricted": True}, SlackPerson("U1", None, "U1", None, is_guest=True)),
        ({"id": "U1", "is_ultra_restricted": True}, SlackPerson("U1", None, "U1", None, is_guest=True)),
        ({"id": "U1", "is_stranger": True}, SlackPerson("U1", None, "U1", None, is_guest=True)),
        ({"id": "U1", "profile": None, "tz": 3, "real_name": ["x"]}, SlackPerson("U1", None, "U1", None)),
    ],
)
def test_a_member_as_a_person(member: dict[str, Any], expected: SlackPerson) -> None:
    assert person_of(member) == expected


def test_a_stranger_has_no_address() -> None:
    """Their own organisation sets it: it could be made to read like that of anybody here."""
    stranger = {"id": "U9", "is_stranger": True, "profile": {"email": "alice@example.com", "real_name": "Al"}}

    assert person_of(stranger) == SlackPerson("U9", None, "Al", None, is_guest=True)
    assert person_of({**stranger, "is_stranger": False}).email == "alice@example.com"


def test_a_guest_of_our_own_keeps_the_address() -> None:
    guest = {"id": "U9", "is_restricted": True, "profile": {"email": "ann@example.com", "real_name": "Ann"}}

    assert person_of(guest) == SlackPerson("U9", "ann@example.com", "Ann", None, is_guest=True)


def test_a_busy_slack_is_waited_for(
    slack: ScriptedSlack, directory: SlackDirectory, pauses: list[float]
) -> None:
    """For as long as it asks; where that cannot be read, for half a minute."""
    slack.says(_busy("7"), _busy("soon"), _page(BOB))

    assert [person.slack_id for person in directory.fetch_people()] == ["U2"]
    assert pauses == [7, 30]


def test_a_fault_or_a_dropped_connection_is_tried_again(
    slack: ScriptedSlack, directory: SlackDirectory, pauses: list[float]
) -> None:
    slack.says((500, "oops"), (0, ""), (200, [1]), _page(BOB))

    assert len(list(directory.fetch_people())) == 1
    assert pauses == [1, 2, 4]


@pytest.mark.parametrize("answer", [(0, ""), (503, "away"), (200, "not json"), (200, [1])])
def test_trying_ends(slack: ScriptedSlack, directory: SlackDirectory, answer: tuple[int, Any]) -> None:
    """Whatever is wrong, it is our error, may pass, and names neither token nor address."""
    slack.says(answer)

    with pytest.raises(DeliveryError) as caught:
        list(directory.fetch_people())
    assert not caught.value.permanent
    assert len(slack.requests) <= 4
    assert "xoxb" not in str(caught.value)


def test_a_wait_of_hours_is_not_sat_out(
    slack: ScriptedSlack, directory: SlackDirectory, pauses: list[float]
) -> None:
    slack.says(_busy("7200"))

    with pytest.raises(DeliveryError, match="ratelimited"):
        list(directory.fetch_people())
    assert pauses == []


@pytest.mark.parametrize("word", ["invalid_auth", "account_inactive", "token_revoked", "not_authed"])
def test_a_dead_token_is_permanent(slack: ScriptedSlack, directory: SlackDirectory, word: str) -> None:
    slack.says((200, {"ok": False, "error": word}))

    with pytest.raises(DeliveryError, match=word) as caught:
        list(directory.fetch_people())
    assert caught.value.permanent
    assert len(slack.requests) == 1


def test_a_missing_scope_is_named(slack: ScriptedSlack, directory: SlackDirectory) -> None:
    slack.says(
        (200, {"ok": False, "error": "missing_scope", "needed": "users:read", "provided": "chat:write"})
    )

    with pytest.raises(DeliveryError, match=r"users\.list needs the scope users:read") as caught:
        list(directory.fetch_people())
    assert caught.value.permanent


def test_an_unknown_refusal_may_pass(slack: ScriptedSlack, directory: SlackDirectory) -> None:
    slack.says((200, {"ok": False, "error": "fatal_error"}))

    with pytest.raises(DeliveryError, match=r"fatal_error \(users.list\)") as caught:
        list(directory.fetch_people())
    assert not caught.value.permanent


def test_the_same_page_for_ever_is_an_error(slack: ScriptedSlack, directory: SlackDirectory) -> None:
    slack.says(_page(BOB, cursor="c1"))

    with pytest.raises(DeliveryError, match="same page"):
        list(directory.fetch_people())


def test_an_answer_without_members_is_an_error(slack: ScriptedSlack, directory: SlackDirectory) -> None:
    """An empty directory would look as if everybody had left."""
    slack.says((200, {"ok": True}))

    with pytest.raises(DeliveryError, match="without members"):
        list(directory.fetch_people())
