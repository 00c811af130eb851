"""The state of a workspace: its people, conversations, messages; and what one may ask about them."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from bot.demo.slack.changes import Changes
from bot.demo.slack.installation import Installation
from bot.demo.slack.journal import Exchange, Journal, parsed
from bot.demo.slack.members import bot_user, slackbot
from bot.demo.slack.rate_limits import RateLimits
from bot.demo.slack.triggers import Triggers
from bot.demo.slack.values import Call, Conversation, Json, Message, RefusedError, StoredFile
from bot.demo.slack.views import Views

Read = TypeVar("Read")
GENERAL = "C0GENERAL1"
_CONTENT = frozenset({"attachments", "blocks", "text"})


class Workspace:
    """One workspace with one app. Every method may be called from any thread.

    ``emit`` gets each event that the app may be told of; the server sets it. Every change wakes those who
    wait in `wait_until`. Answers are copies.
    """

    def __init__(
        self,
        members: Iterable[Json],
        *,
        now: Callable[[], float],
        installation: Installation | None = None,
        limits: RateLimits | None = None,
    ) -> None:
        self.now = now
        self.installation = installation or Installation()
        self.limits = limits or RateLimits(now)
        self.changed = Changes()
        self.views = Views(self.installation)
        self.triggers = Triggers(now)
        self.files: dict[str, StoredFile] = {}
        self.calls: list[Call] = []
        self.journal = Journal()
        self.emit: Callable[[Json], None] = _nobody_listens
        self.limit_required_above = 1000
        self._members: dict[str, Json] = {}
        self._conversations: dict[str, Conversation] = {}
        self._shown: dict[str, list[Message]] = {}
        self._last_ts = 0
        for member in (*members, slackbot(self.installation), bot_user(self.installation)):
            self._members[member["id"]] = copy.deepcopy(member)
        self.add_channel("general", channel_id=GENERAL)

    # People

    def members(self) -> list[Json]:
        """Everyone, deleted people and bots too, in the order in which they came."""
        with self.changed:
            return copy.deepcopy(list(self._members.values()))

    def each_member(self, read: Callable[[Json], Read]) -> list[Read]:
        """What ``read`` makes of everyone, which must not change them: cheaper than copies."""
        with self.changed:
            return [read(member) for member in self._members.values()]

    def member_page(self, start: int, limit: int | None) -> tuple[list[Json], int]:
        """``limit`` people from the place ``start`` on, and how many there are in all."""
        with self.changed:
            everyone = list(self._members.values())
            end = len(everyone) if limit is None else start + limit
            return copy.deepcopy(everyone[start:end]), len(everyone)

    def member(self, user_id: str) -> Json | None:
        """One person."""
        with self.changed:
            return copy.deepcopy(self._members.get(user_id))

    def add_member(self, member: Json) -> None:
        """Someone joins; the app is told with ``team_join``."""
        with self.changed:
            self._members[member["id"]] = copy.deepcopy(member)
            self.changed.notify_all()
        self.emit({"type": "team_join", "user": copy.deepcopy(member)})

    def change_member(self, user_id: str, *, profile: Json | None = None, **fields: Any) -> Json:
        """Changes fields of a person, the profile's one by one; the app is told with ``user_change``."""
        with self.changed:
            member = self._members[user_id]
            member.update(fields)
            member["profile"] = {**member.get("profile", {}), **(profile or {})}
            made = copy.deepcopy(member)
            self.changed.notify_all()
        self.emit({"type": "user_change", "user": made, "cache_ts": int(self.now())})
        return copy.deepcopy(made)

    # Conversations

    def add_channel(
        self,
        name: str,
        *,
        channel_id: str | None = None,
        private: bool = False,
        has_bot: bool = False,
        people: Iterable[str] | None = None,
    ) -> str:
        """A new channel, which the app is no member of unless said; gives its id.

        Everybody is in it, or only the ``people`` with these ids.
        """
        with self.changed:
            made = channel_id or f"{'G' if private else 'C'}{len(self._conversations):09d}"
            self._conversations[made] = Conversation(
                made, name, private=private, has_bot=has_bot, people=None if people is None else set(people)
            )
            return made

    def invite_bot(self, channel_id: str, *, invited: bool = True) -> None:
        """Puts the app into a channel, or out of it."""
        with self.changed:
            self._conversations[channel_id].has_bot = invited

    def archive(self, channel_id: str, *, archived: bool = True) -> None:
        """Archives a channel, or brings it back."""
        with self.changed:
            self._conversations[channel_id].archived = archived

    def conversation(self, name_or_id: str) -> Conversation | None:
        """A conversation by its id, or a channel by its name with or without ``#``. Not a copy."""
        with self.changed:
            found = self._conversations.get(name_or_id)
            if found is not None:
                return found
            wanted = name_or_id.removeprefix("#")
            return next((one for one in self._conversations.values() if one.name == wanted), None)

    def conversations_of(self, user_id: str) -> list[Conversation]:
        """The channels that the person is in and their direct message with the app, in order. Not copies."""
        with self.changed:
            return [one for one in self._conversations.values() if one.is_open_to(user_id)]

    def open_dm(self, user_id: str) -> Conversation:
        """The direct message between the app and the person, made when there was none."""
        with self.changed:
            channel_id = f"D{user_id[1:]}"
            if channel_id not in self._conversations:
                made = Conversation(channel_id, "directmessage", has_bot=True, with_user=user_id)
                self._conversations[channel_id] = made
            return self._conversations[channel_id]

    # Messages

    def next_ts(self) -> str:
        """A time that no other message has: the clock, moved on by a microsecond where it stands still."""
        with self.changed:
            self._last_ts = max(self._last_ts + 1, int(self.now() * 1_000_000))
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def post(self, channel_id: str, fields: Json, *, only_for: str | None = None) -> Message:
        """Puts a message of the app into a conversation; ``only_for`` makes it ephemeral."""
        own = self.installation
        with self.changed:
            body = {
                "type": "message",
                "user": own.bot_user_id,
                "bot_id": own.bot_id,
                "app_id": own.app_id,
                "team": own.team_id,
                "ts": self.next_ts(),
                **copy.deepcopy(fields),
            }
            message = Message(channel_id, body, only_for)
            self._conversations[channel_id].messages.append(message)
            self._show(message)
            return message

    def say(self, channel_id: str, user_id: str, text: str, *, only_for: str | None = None) -> Message:
        """Puts a person's message into a conversation, or Slackbot's words to one person."""
        with self.changed:
            body = {"type": "message", "user": user_id, "text": text, "ts": self.next_ts()}
            message = Message(channel_id, body, only_for)
            self._conversations[channel_id].messages.append(message)
            self.changed.notify_all()
            return message

    def edit(self, message: Message, fields: Json) -> None:
        """Changes a message in place."""
        with self.changed:
            kept = {name: value for name, value in message.body.items() if name not in _CONTENT}
            edited = {"user": self.installation.bot_user_id, "ts": self.next_ts()}
            message.body = {**kept, **copy.deepcopy(fields), "edited": edited}
            self._show(message)

    def remove(self, message: Message) -> None:
        """Takes a message away."""
        with self.changed:
            self._conversations[message.channel_id].messages.remove(message)
            self.changed.notify_all()

    def find_message(self, ts: str, channel_id: str | None = None) -> Message:
        """A message that is still there, ephemeral ones too. Raises `RefusedError`."""
        with self.changed:
            for conversation in self._conversations.values():
                for message in conversation.messages:
                    if message.ts == ts and channel_id in (None, conversation.id):
                        return message
        raise RefusedError("message_not_found")

    def _show(self, message: Message) -> None:
        if message.only_for is not None:
            copied = Message(message.channel_id, copy.deepcopy(message.body), message.only_for)
            self._shown.setdefault(message.only_for, []).append(copied)
        self.changed.notify_all()

    # Questions

    def replies_to(self, user_id: str) -> list[Json]:
        """The ephemeral messages that the person has before them, as they stand now, newest last."""
        with self.changed:
            everything = [message for one in self._conversations.values() for message in one.messages]
            mine = [message for message in everything if message.only_for == user_id]
            return [copy.deepcopy(message.body) for message in sorted(mine, key=lambda one: one.ts)]

    def shown_to(self, user_id: str) -> list[Json]:
        """Every ephemeral message the person was ever shown, each replacement counted again, newest last."""
        with self.changed:
            return [copy.deepcopy(message.body) for message in self._shown.get(user_id, [])]

    def messages_in(self, channel: str) -> list[Json]:
        """What everybody in a conversation sees, by its id or name, oldest first."""
        with self.changed:
            found = self.conversation(channel)
            return (
                [copy.deepcopy(one.body) for one in found.messages if one.only_for is None] if found else []
            )

    def seen_by(self, user_id: str, channel_id: str) -> list[Message]:
        """What the person sees in a conversation, ephemeral messages to them too, oldest first.

        The bodies are not copied: an edited message gets a new one.
        """
        with self.changed:
            found = self._conversations.get(channel_id)
            if found is None or not found.is_open_to(user_id):
                return []
            return [dataclasses.replace(one) for one in found.messages if one.only_for in (None, user_id)]

    def dms_to(self, user_id: str) -> list[Json]:
        """The direct messages that the app sent to the person, oldest first."""
        return self.messages_in(f"D{user_id[1:]}")

    def home_of(self, user_id: str) -> Json | None:
        """The view in the person's Home tab."""
        with self.changed:
            return self.views.home_of(user_id)

    def modals_of(self, user_id: str) -> list[Json]:
        """The person's open modals, the one on top last."""
        with self.changed:
            return self.views.modals_of(user_id)

    def calls_to(self, method: str) -> list[Call]:
        """Every request to one method of the Web API, oldest first."""
        with self.changed:
            return [call for call in self.calls if call.method == method]

    def record(self, call: Call, milliseconds: float) -> None:
        """Notes a request to the Web API, which took so long."""
        with self.changed:
            self.calls.append(call)
            self.journal.note(
                Exchange(
                    "Web API",
                    call.method,
                    at=call.at,
                    request={name: parsed(value) for name, value in call.args.items()},
                    answer=call.answer,
                    milliseconds=milliseconds,
                    status=call.status or None,
                    problem=call.answer.get("error") or (None if call.answer else "no answer"),
                )
            )
            self.changed.notify_all()

    def wait_until(self, is_so: Callable[[], object], timeout: float = 5.0) -> None:
        """Waits for a change after which ``is_so``. Raises `TimeoutError` after so many seconds."""
        with self.changed:
            if not self.changed.wait_for(lambda: bool(is_so()), timeout):
                raise TimeoutError(f"nothing like that happened in {timeout:g} seconds")

    def wait_for_reply(self, user_id: str, count: int = 1, *, after: int = 0, timeout: float = 5.0) -> Json:
        """Waits until the person was shown ``after + count`` ephemeral messages; gives the newest.

        A message that replaces another one counts, too. Raises `TimeoutError`.
        """
        self.wait_until(lambda: len(self._shown.get(user_id, [])) >= after + count, timeout)
        return self.shown_to(user_id)[-1]


def _nobody_listens(_event: Json) -> None:
    """Before the app is connected nobody hears of anything."""
