"""Which workspace and which app this bot belongs to, as far as Slack has told."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import DeliveryError

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 300.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Home:
    """The ids that ``auth.test`` gives, and the app's own; what is None is not known and not checked."""

    team_id: str | None = None
    enterprise_id: str | None = None
    api_app_id: str | None = None

    def is_addressed_by(self, body: Mapping[str, Any]) -> bool:
        """True unless a command, event or interaction names another app or another organisation."""
        app = body.get("api_app_id")
        if self.api_app_id and app and app != self.api_app_id:
            return False
        return self._covers(_id_of(body, "team"), _id_of(body, "enterprise"))

    def employs(self, member: Mapping[str, Any]) -> bool:
        """True unless the person belongs to another organisation and only shares a channel with ours."""
        enterprise = member.get("enterprise_user")
        enterprise_id = enterprise.get("enterprise_id") if isinstance(enterprise, Mapping) else None
        return self._covers(member.get("team_id"), enterprise_id)

    def _covers(self, team_id: object, enterprise_id: object) -> bool:
        if not self.team_id or not team_id or team_id == self.team_id:
            return True
        return self.enterprise_id is not None and enterprise_id == self.enterprise_id


def _id_of(body: Mapping[str, Any], kind: str) -> object:
    """Commands and events carry ``team_id`` and its like, interactions an object with an ``id``."""
    whole = body.get(kind)
    return whole.get("id") if isinstance(whole, Mapping) else body.get(f"{kind}_id")


class HomeFinder:
    """Learns the home in the background, from `start` on; until Slack has told, nothing is known."""

    def __init__(self, fetch: Callable[[], Home]) -> None:
        """``fetch`` asks Slack and raises `DeliveryError`."""
        self._fetch = fetch
        self._home = Home()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._find, name="home", daemon=True)

    def __call__(self) -> Home:
        """What is known by now."""
        return self._home

    def start(self) -> None:
        """Begin to ask, and return at once."""
        self._thread.start()

    def stop(self) -> None:
        """Ask no more."""
        self._stopping.set()

    def _find(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        while not self._stopping.is_set():
            try:
                self._home = self._fetch()
            except DeliveryError as error:
                log.warning("Slack does not say yet whose bot this is (%s)", error.reason)
                self._stopping.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
            else:
                return
