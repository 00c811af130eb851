"""What stands on the page for one person at one place, as regions of items that can be swapped one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from markupsafe import Markup

from bot.demo.blocks import Reader, draw_blocks
from bot.demo.page.completion import is_person, name_of
from bot.demo.page.desk import Desk
from bot.demo.page.inspector import Inspector
from bot.demo.page.items import Item
from bot.demo.page.messages import Messages
from bot.demo.page.places import Place, conversation_at
from bot.demo.slack import SlackServer
from bot.demo.slack.values import Conversation

AWAY = "The bot is not connected at the moment; commands fail until it is back."


class Views:
    """Draws for everybody. ``now`` is the world's clock; ``clock_panel`` is drawn by whoever moves it."""

    def __init__(
        self,
        slack: SlackServer,
        desk: Desk,
        *,
        now: Callable[[], datetime],
        clock_panel: Callable[[], Markup | None],
    ) -> None:
        self._slack = slack
        self._workspace = slack.workspace
        self._desk = desk
        self._now = now
        self._clock_panel = clock_panel
        self._all_messages = Messages(slack.workspace)
        self._inspector = Inspector(slack.workspace)

    def regions(self, place: Place) -> Iterator[tuple[str, list[Item]]]:
        """Everything that can change while somebody looks, by name; what people wait for comes first."""
        reader = self._reader(place.user_id)
        yield "main", list(self._main(place, reader))
        yield "modals", list(self._modals(reader))
        yield "banner", self._banner()
        yield "sidebar", [self._sidebar(place)]
        panel = self._clock_panel()
        yield "clock", [Item.of("clock", panel)] if panel is not None else []
        yield "inspector", self._inspector.items(reader.timezone)

    def _reader(self, user_id: str) -> Reader:
        """Who looks. Deleted people have no time zone in Slack."""
        everyone = self._workspace.each_member(lambda one: (str(one["id"]), name_of(one), is_person(one)))
        places = tuple((one.id, one.name) for one in self._channels(user_id))
        member = self._workspace.member(user_id) or {}
        return Reader(
            slack_id=user_id,
            timezone=str(member.get("tz") or "UTC"),
            now=self._now(),
            names={slack_id: name for slack_id, name, _person in everyone}.get,
            channels=dict(places).get,
            people=tuple((slack_id, name) for slack_id, name, person in everyone if person),
            places=places,
        )

    def _channels(self, user_id: str) -> list[Conversation]:
        theirs = self._workspace.conversations_of(user_id)
        return [one for one in theirs if one.with_user is None and not one.archived]

    def _main(self, place: Place, reader: Reader) -> Iterator[Item]:
        conversation = conversation_at(self._workspace, place)
        if conversation is not None:
            yield from self._all_messages.items(conversation.id, reader)
        elif place.where == "home":
            view = self._workspace.home_of(place.user_id)
            drawn = draw_blocks(view["blocks"], reader) if view else None
            yield Item.filled("home", "home", view=view, body=drawn, user_id=place.user_id)

    def _modals(self, reader: Reader) -> Iterator[Item]:
        for depth, view in enumerate(self._workspace.modals_of(reader.slack_id)):
            draft = self._desk.draft_of(view)
            state, errors, problem = (
                (draft.values, draft.errors, draft.problem) if draft else (None, None, "")
            )
            yield Item.filled(
                view["id"],
                "modal",
                view=view,
                body=draw_blocks(view["blocks"], reader, state=state, errors=errors),
                problem=problem,
                is_stacked=depth > 0,
                user_id=reader.slack_id,
            )

    def _banner(self) -> list[Item]:
        is_away = self._slack.signed_http is None and not self._slack.socket_mode.connections
        notice = self._desk.notice or (AWAY if is_away else "")
        return [Item.filled("banner", "banner", notice=notice)] if notice else []

    def _sidebar(self, place: Place) -> Item:
        dm = self._workspace.open_dm(place.user_id)
        channels = [(one, self._desk.unread(place.user_id, one.id)) for one in self._channels(place.user_id)]
        dm_unread = self._desk.unread(place.user_id, dm.id)
        return Item.filled("sidebar", "sidebar", place=place, channels=channels, dm_unread=dm_unread)
