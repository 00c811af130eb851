"""The clock control: which levers people may pull on the page, and how the panel looks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.demo.levers import Levers
from bot.demo.page.templating import fill
from bot.demo.slack.values import Json
from bot.demo.world import World

_PULLS: dict[str, Callable[[Levers, Json], str]] = {
    "monday": lambda levers, _given: levers.jump_to_monday(),
    "day": lambda levers, _given: levers.forward_day(),
    "week": lambda levers, _given: levers.forward_week(),
    "explode": lambda levers, given: levers.explode(str(given["email"])),
    "down": lambda levers, given: levers.set_api_down(given["down"] is True),
    "revise": lambda levers, _given: levers.revise_last_week(),
    "sync": lambda levers, _given: levers.sync_now(),
}


class Clock:
    """The panel over the levers of a world; without a world it only tells the time."""

    def __init__(self, world: World | None = None) -> None:
        self._world = world

    def now(self) -> datetime:
        """The world's time, UTC."""
        return self._world.levers.now() if self._world else datetime.now(UTC)

    def pull(self, lever: str, given: Json) -> str:
        """Pull a lever, and say what happened. Raises `LookupError` for one that is not there."""
        if self._world is None:
            raise LookupError("there is no lever here")
        said = _PULLS[lever](self._world.levers, given)
        self._world.slack.workspace.changed.ring()
        return said

    def panel(self) -> Markup | None:
        """The panel as it looks now."""
        if self._world is None:
            return None
        state = self._world.levers.describe()
        worker = self._world.company.worker
        return fill(
            "clock",
            state=state,
            local=state.now.astimezone(ZoneInfo(state.timezone)),
            spenders=sorted((worker(email).name, email) for email in state.may_explode),
            exploded=[worker(email).name for email in state.exploded],
        )
