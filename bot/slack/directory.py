"""The people of the Slack workspace, read page by page from ``users.list``."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.core.people import SlackPerson, normalise_email
from bot.errors import DeliveryError
from bot.slack.errors import NO_ANSWER, delivery_error, error_word, seconds_to_wait, status_of

PAGE = 200  # what Slack recommends; without a limit large workspaces are refused
ATTEMPTS = 4
LONGEST_WAIT_SECONDS = 300.0
_FIRST_PAUSE_SECONDS = 1.0
_TOO_MANY_REQUESTS = 429
_SERVER_FAULT = 500
_METHOD = "users.list"


class SlackDirectory:
    """Implements `bot.ports.Directory`. Reading is repeated a few times when Slack is busy or away."""

    def __init__(
        self, client: WebClient, *, sleep: Callable[[float], None] = time.sleep, team_id: str | None = None
    ) -> None:
        """``team_id`` is needed with a token of a whole organisation only."""
        self._client = client
        self._sleep = sleep
        self._team_id = team_id

    def fetch_people(self) -> Iterator[SlackPerson]:
        """Everyone, bots and deleted people included; entries without an id are passed over.

        Raises `DeliveryError`, also half-way: only an iterator that ended has named everybody.
        """
        cursor, seen = "", {""}
        while True:
            page = self._fetch_page(cursor)
            yield from (person_of(member) for member in _members(page) if _text(member.get("id")))
            cursor = _next_cursor(page)
            if not cursor:
                return
            if cursor in seen:
                raise DeliveryError(f"{_METHOD} gave the same page twice")
            seen.add(cursor)

    def _fetch_page(self, cursor: str) -> Mapping[str, Any]:
        attempt = 1
        while True:
            try:
                response = self._client.users_list(limit=PAGE, cursor=cursor or None, team_id=self._team_id)
            except SlackApiError as error:
                self._wait_or_raise(error, attempt)
            except NO_ANSWER as error:
                if attempt == ATTEMPTS:
                    raise DeliveryError(f"no answer from Slack ({type(error).__name__}, {_METHOD})") from None
                self._sleep(_pause(attempt))
            else:
                return response.data if isinstance(response.data, dict) else {}
            attempt += 1

    def _wait_or_raise(self, error: SlackApiError, attempt: int) -> None:
        status = status_of(error)
        busy = status == _TOO_MANY_REQUESTS or error_word(error) in {"ratelimited", "rate_limited"}
        seconds = seconds_to_wait(error.response.headers) if busy else _pause(attempt)
        hopeless = not busy and status < _SERVER_FAULT
        if hopeless or attempt == ATTEMPTS or seconds > LONGEST_WAIT_SECONDS:
            raise delivery_error(error, _METHOD) from None
        self._sleep(seconds)


def person_of(member: Mapping[str, Any]) -> SlackPerson:
    """One user object of Slack's, from ``users.list`` or an event.

    People of other organisations that share a channel (``is_stranger``) count as guests, and their address is
    left out: their own organisation sets it and could make it anybody's here.
    """
    profile = member.get("profile")
    profile = profile if isinstance(profile, Mapping) else {}
    slack_id = _text(member.get("id"))
    is_stranger = bool(member.get("is_stranger"))
    names = (
        profile.get("real_name"),
        member.get("real_name"),
        profile.get("display_name"),
        member.get("name"),
    )
    return SlackPerson(
        slack_id=slack_id,
        email=None if is_stranger else normalise_email(_text(profile.get("email"))) or None,
        name=next((name for name in map(_text, names) if name), slack_id),
        timezone=_text(member.get("tz")) or None,
        deleted=bool(member.get("deleted")),
        is_bot=bool(member.get("is_bot")) or slack_id == "USLACKBOT",
        is_guest=is_stranger or bool(member.get("is_restricted") or member.get("is_ultra_restricted")),
    )


def _members(page: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    members = page.get("members")
    if not isinstance(members, list):
        raise DeliveryError(f"{_METHOD} answered without members")
    return (member for member in members if isinstance(member, Mapping))


def _next_cursor(page: Mapping[str, Any]) -> str:
    metadata = page.get("response_metadata")
    return _text(metadata.get("next_cursor")) if isinstance(metadata, Mapping) else ""


def _pause(attempt: int) -> float:
    return float(_FIRST_PAUSE_SECONDS * 2 ** (attempt - 1))


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
