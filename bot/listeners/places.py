"""Where an answer goes: to the address that Slack gave for it, or into a modal that is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.slack.messages import Message
from bot.slack.modals import answer_modal
from bot.slack.views import View


class Responding(Protocol):
    """Sends an answer to where Slack said that it belongs."""

    def respond(self, response_url: str, message: Message, *, replace_original: bool = False) -> None:
        """One attempt. Raises `DeliveryError`."""
        ...


class Viewing(Protocol):
    """Shows modals and Home tabs. Every method raises `DeliveryError`."""

    def open_modal(self, trigger_id: str, view: View) -> str:
        """Opens a modal within three seconds of what triggered it; returns its id."""
        ...

    def update_modal(self, view_id: str, view: View) -> None:
        """Puts another content into an open modal."""
        ...

    def publish_home(self, slack_id: str, view: View, view_hash: str | None = None) -> None:
        """Puts a Home tab in place; with ``view_hash`` only if it still is the one that was seen."""
        ...


class Place(Protocol):
    """Where one person reads one answer."""

    def tell(self, message: Message) -> None:
        """Shows the answer. Raises `DeliveryError`."""
        ...


@dataclass(frozen=True, slots=True)
class ByResponseUrl:
    """An ephemeral message where the person typed or pressed; with ``replace`` in place of the one they pressed."""

    responder: Responding
    url: str
    replace: bool = False

    def tell(self, message: Message) -> None:
        self.responder.respond(self.url, message, replace_original=self.replace)


@dataclass(frozen=True, slots=True)
class InModal:
    """The content of a modal that is open."""

    views: Viewing
    view_id: str

    def tell(self, message: Message) -> None:
        self.views.update_modal(self.view_id, answer_modal(message))
