"""Where somebody looks: which person, and which conversation or tab of the app; it is the page's address."""

from __future__ import annotations

from dataclasses import dataclass

from bot.demo.slack import Workspace
from bot.demo.slack.values import Conversation

TABS = {"home": "Home", "messages": "Messages", "about": "About"}


class MissingError(LookupError):
    """What was asked for is not there, or not theirs; the message says what."""


@dataclass(frozen=True, slots=True)
class Place:
    """One tab of a browser: ``where`` is a channel's id, or ``home``, ``messages`` or ``about`` of the app."""

    user_id: str
    where: str

    @property
    def is_app(self) -> bool:
        """In the app, and in no channel."""
        return self.where in TABS


def find_place(workspace: Workspace, user_id: str, where: str) -> Place:
    """Raises `MissingError` for a person or a conversation that is not there, or not theirs."""
    if workspace.member(user_id) is None:
        raise MissingError(f"nobody is called {user_id}")
    place = Place(user_id, where)
    if not place.is_app:
        found = workspace.conversation(where)
        if found is None or found.id != where or found.with_user or not found.is_open_to(user_id):
            raise MissingError(f"no conversation {where}")
    return place


def conversation_at(workspace: Workspace, place: Place) -> Conversation | None:
    """The conversation that is shown there; None for Home and About."""
    if place.where == "messages":
        return workspace.open_dm(place.user_id)
    return None if place.is_app else workspace.conversation(place.where)
