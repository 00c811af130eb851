"""What stands on the page for one person at one place, as regions of items that can be swapped one by one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.demo.blocks import Reader, draw_blocks, draw_text
from bot.demo.page.completion import is_person, name_of
from bot.demo.page.desk import Desk
from bot.demo.page.inspector import build_rows
from bot.demo.page.places import TABS, Place, conversation_at
from bot.demo.page.templating import fill
from bot.demo.slack import SlackServer
from bot.demo.slack.journal import Exchange
from bot.demo.slack.members import SLACKBOT
from bot.demo.slack.values import Json, Message

HUES = 8
NEWEST_MESSAGES = 200
MAX_DRAWN = 2000


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of a region: what it is, and how it looks now."""

    key: str
    html: Markup

    @property
    def digest(self) -> str:
        """Changes with the looks."""
        return hashlib.sha256(self.html.encode()).hexdigest()[:16]


Regions = Iterator[tuple[str, list[Item]]]


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
        self._drawn: dict[tuple[str, str, str], tuple[Json, str, Item]] = {}
        self._exchanges: dict[tuple[str, int], Item] = {}

    def regions(self, place: Place) -> Regions:
        """Everything that can change while somebody looks, what people wait for first."""
        reader = self.reader(place.user_id)
        main = {"messages": self._messages, "home": self._home}.get(_kind(place))
        yield "main", list(main(place, reader)) if main else []
        yield "modals", list(self._modals(place, reader))
        yield "banner", self._banner()
        yield "sidebar", [Item("sidebar", self._sidebar(place))]
        panel = self._clock_panel()
        yield "clock", [Item("clock", panel)] if panel is not None else []
        yield "inspector", self._inspector(reader)

    def reader(self, user_id: str) -> Reader:
        """Who looks. Deleted people have no time zone in Slack."""
        everyone = self._workspace.each_member(lambda one: (str(one["id"]), name_of(one), is_person(one)))
        member = self._workspace.member(user_id) or {}
        return Reader(
            slack_id=user_id,
            timezone=str(member.get("tz") or "UTC"),
            now=self._now(),
            names={slack_id: name for slack_id, name, _person in everyone}.get,
            channels=self._channel_name,
            people=tuple((slack_id, name) for slack_id, name, person in everyone if person),
            places=tuple(
                (one.id, one.name)
                for one in self._workspace.conversations_of(user_id)
                if one.with_user is None and not one.archived
            ),
        )

    def _banner(self) -> list[Item]:
        notice = self._desk.notice
        if not notice and self._slack.signed_http is None and not self._slack.socket_mode.connections:
            notice = "The bot is not connected at the moment; commands fail until it is back."
        return [Item("banner", fill("banner", notice=notice))] if notice else []

    def _sidebar(self, place: Place) -> Markup:
        dm = self._workspace.open_dm(place.user_id)
        channels = [
            {"id": one.id, "name": one.name, "private": one.private, "unread": self._unread(place, one.id)}
            for one in self._workspace.conversations_of(place.user_id)
            if one.with_user is None and not one.archived
        ]
        return fill("sidebar", place=place, channels=channels, dm_unread=self._unread(place, dm.id))

    def _unread(self, place: Place, channel_id: str) -> int:
        return self._desk.unread(place.user_id, channel_id)

    def _messages(self, place: Place, reader: Reader) -> Iterator[Item]:
        conversation = conversation_at(self._workspace, place)
        if conversation is None:
            return
        day = ""
        for message in self._workspace.seen_by(place.user_id, conversation.id)[-NEWEST_MESSAGES:]:
            local = _local(float(message.ts), reader)
            if day != (day := local.strftime("%Y-%m-%d")):
                yield Item(f"day-{day}", fill("day", day=local))
            yield self._message(message, reader)

    def _message(self, message: Message, reader: Reader) -> Item:
        """Drawn once, as long as neither it nor the day of the reader changes."""
        place = (reader.slack_id, message.channel_id, message.ts)
        today = f"{_local(reader.now.timestamp(), reader):%Y-%m-%d}"
        body, day, item = self._drawn.get(place, (None, "", None))
        if item is not None and body is message.body and day == today:
            return item
        made = Item(message.ts, self._draw_message(message, reader))
        _make_room(self._drawn)
        self._drawn[place] = (message.body, today, made)
        return made

    def _draw_message(self, message: Message, reader: Reader) -> Markup:
        body = message.body
        blocks = body.get("blocks") or []
        drawn = draw_blocks(blocks, reader) if blocks else draw_text(str(body.get("text", "")), reader)
        author = str(body.get("user", ""))
        return fill(
            "message",
            body=drawn,
            is_text=not blocks,
            message=message,
            user_id=reader.slack_id,
            author=reader.names(author) or author,
            is_app="bot_id" in body,
            is_slackbot=author == SLACKBOT,
            hue=hue_of(author),
            at=_local(float(message.ts), reader),
            files=body.get("files") or [],
        )

    def _home(self, place: Place, reader: Reader) -> Iterator[Item]:
        view = self._workspace.home_of(place.user_id)
        drawn = None if view is None else draw_blocks(view["blocks"], reader, state=_held(view))
        yield Item("home", fill("home", view=view, body=drawn, user_id=place.user_id))

    def _modals(self, place: Place, reader: Reader) -> Iterator[Item]:
        stack = self._workspace.modals_of(place.user_id)
        for depth, view in enumerate(stack):
            draft = self._desk.draft_of(view)
            drawn = draw_blocks(
                view["blocks"],
                reader,
                state=draft.values if draft else _held(view),
                errors=draft.errors if draft else None,
            )
            problem = draft.problem if draft else ""
            html = fill(
                "modal", view=view, body=drawn, problem=problem, is_stacked=depth > 0, user_id=place.user_id
            )
            yield Item(view["id"], html)

    def _inspector(self, reader: Reader) -> list[Item]:
        with self._workspace.changed:
            newest = self._workspace.journal.newest()
        return [self._exchange(row, reader) for row in build_rows(newest)]

    def _exchange(self, row: Exchange, reader: Reader) -> Item:
        place = (reader.timezone, row.number)
        if place not in self._exchanges:
            _make_room(self._exchanges)
            html = fill("exchange", row=row, at=_local(row.at, reader))
            self._exchanges[place] = Item(str(row.number), html)
        return self._exchanges[place]

    def _channel_name(self, channel_id: str) -> str | None:
        found = self._workspace.conversation(channel_id)
        return found.name if found is not None and found.with_user is None else None


def hue_of(name: str) -> int:
    """The same colour for the same person."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % HUES


def _make_room(kept: dict[Any, Any]) -> None:
    if len(kept) > MAX_DRAWN:
        kept.clear()


def _kind(place: Place) -> str:
    return place.where if place.where in TABS else "messages"


def _local(seconds: float, reader: Reader) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(reader.timezone))


def _held(view: Json) -> dict[str, Any] | None:
    values: dict[str, Any] = view.get("state", {}).get("values") or {}
    return values or None
