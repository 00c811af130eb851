"""Messages that the bot sends by itself: posted once, and found again by what they carry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, cast

from bot.core.deliveries import (
    Absent,
    Busy,
    CannotLook,
    FindOutcome,
    InDoubt,
    Posted,
    PostOutcome,
    ProbeOutcome,
    Refused,
    Shut,
    Unfit,
    Unreached,
)
from bot.slack.calls import Denied, Done, Outcome, WebApi
from bot.slack.errors import explain_refusal
from bot.slack.messages import Message

EVENT_TYPE = "codex_usage_delivery"
PAGE = 200
MOST_PAGES = 20
_POST = "chat.postMessage"
_UPDATE = "chat.update"
_HISTORY = "conversations.history"
_REPLIES = "conversations.replies"
_OPEN = "conversations.open"
_PROBE = "auth.test"
_SCOPE = "chat:write"

UNFIT = frozenset(
    {
        "invalid_attachments",
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_blocks_too_long",
        "msg_too_long",
        "only_one_table_allowed",
        "too_many_attachments",
    }
)
"""The message was refused for what is in it."""

REFUSED = frozenset(
    {
        "cannot_dm_bot",
        "cannot_reply_to_message",
        "channel_is_archived",
        "channel_not_found",
        "external_channel_migrating",
        "invalid_arguments",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "is_archived",
        "is_inactive",
        "messages_tab_disabled",
        "metadata_too_large",
        "no_text",
        "not_in_channel",
        "restricted_action",
        "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel",
        "restricted_action_thread_locked",
        "restricted_action_thread_only_channel",
        "user_disabled",
        "user_not_found",
        "user_not_visible",
    }
)
"""The message was refused for the place that it should go to."""

SHUT = frozenset(
    {
        "access_denied",
        "accesslimited",
        "ekm_access_denied",
        "enterprise_is_restricted",
        "invalid_auth",
        "method_deprecated",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "team_added_to_org",
        "team_not_found",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
        "unknown_method",
    }
)
"""Every message would be refused. ``account_inactive`` can mean the app or the person, so it is asked."""


class SlackPostman:
    """Implements `bot.ports.Postman` and `bot.ports.Editor`; a form is a `Message`."""

    def __init__(self, api: WebApi) -> None:
        self._api = api

    def post(self, form: object, destination: str, key: str) -> PostOutcome:
        outcome = self._api.post(_POST, _arguments(cast("Message", form), destination, key))
        match outcome:
            case Done(body):
                return _posted(body.get("channel"), body.get("ts"))
            case Denied():
                return self._refusal(outcome)
            case _:
                return outcome

    def edit(self, form: object, channel: str, ts: str, key: str) -> PostOutcome:
        """Put a form in the place of a message that stands; what is unknown may be tried again without harm."""
        arguments = {**_arguments(cast("Message", form), channel, key), "ts": ts}
        match self._api.post(_UPDATE, arguments):
            case Done():
                return Posted(channel, ts)
            case Denied(word, body):
                reason = explain_refusal(word, _UPDATE, body)
                return (Unfit if word in UNFIT else Shut if word in SHUT else Refused)(reason)
            case outcome:
                return outcome

    def find(
        self, destination: str, conversation: str | None, key: str, since: datetime, thread: str | None = None
    ) -> FindOutcome:
        place = conversation or self._open(destination)
        if not isinstance(place, str):
            return place
        method = _REPLIES if thread else _HISTORY
        where = {"channel": place, **({"ts": thread} if thread else {})}
        for outcome in self._pages(method, where, since):
            if not isinstance(outcome, Done):
                return _cannot_look(outcome, method)
            for message in outcome.body.get("messages") or ():
                if _carries(message, key):
                    return Posted(place, str(message["ts"]))
            if not outcome.body.get("has_more"):
                return Absent()
        return CannotLook(f"More than {PAGE * MOST_PAGES:,} messages were written there since.")

    def probe(self) -> ProbeOutcome:
        match self._api.get(_PROBE, {}):
            case Done(headers=headers):
                granted = headers.get("x-oauth-scopes")
                if granted is None or _SCOPE in {scope.strip() for scope in granted.split(",")}:
                    return None
                return Shut(explain_refusal("missing_scope", _POST, {"needed": _SCOPE}))
            case Denied(word, body):
                return Shut(explain_refusal(word, _PROBE, body))
            case InDoubt(reason):
                return Unreached(reason)
            case outcome:
                return outcome

    def _refusal(self, denied: Denied) -> PostOutcome:
        reason = explain_refusal(denied.word, _POST, denied.body)
        if denied.word == "account_inactive":
            return Refused(reason) if self.probe() is None else Shut(reason)
        if denied.word in UNFIT:
            return Unfit(reason)
        if denied.word in REFUSED:
            return Refused(reason)
        if denied.word in SHUT or denied.word.startswith("http_"):
            return Shut(reason)
        return InDoubt(reason)  # `fatal_error` and its like, and words that nobody has told us of

    def _open(self, destination: str) -> str | FindOutcome:
        if not destination.startswith(("U", "W")):
            return destination
        outcome = self._api.post(_OPEN, {"users": destination})
        if not isinstance(outcome, Done):
            return _cannot_look(outcome, _OPEN)
        channel = (outcome.body.get("channel") or {}).get("id")
        return str(channel) if channel else CannotLook(f"{_OPEN} named no conversation.")

    def _pages(self, method: str, where: Mapping[str, str], since: datetime) -> Iterator[Outcome]:
        """A conversation newest first, a thread oldest first."""
        arguments = {
            **where,
            "oldest": f"{since.timestamp():.6f}",
            "include_all_metadata": "true",
            "limit": str(PAGE),
        }
        for _ in range(MOST_PAGES):
            outcome = self._api.get(method, arguments)
            yield outcome
            if isinstance(outcome, Done):
                metadata = outcome.body.get("response_metadata") or {}
                arguments = {**arguments, "cursor": str(metadata.get("next_cursor") or "")}


def _arguments(message: Message, destination: str, key: str) -> dict[str, Any]:
    return {
        "channel": destination,
        "text": message.text,
        **({"blocks": message.blocks} if message.blocks else {}),
        **({"thread_ts": message.thread} if message.thread else {}),
        **({"reply_broadcast": True} if message.thread and message.is_broadcast else {}),
        "metadata": {"event_type": EVENT_TYPE, "event_payload": {"key": key}},
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _posted(channel: object, ts: object) -> PostOutcome:
    if isinstance(channel, str) and isinstance(ts, str) and channel and ts:
        return Posted(channel, ts)
    return InDoubt(f"an answer that cannot be read ({_POST})")


def _carries(message: Mapping[str, Any], key: str) -> bool:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return metadata.get("event_type") == EVENT_TYPE and payload.get("key") == key


def _cannot_look(outcome: Denied | Busy | Unreached | InDoubt, method: str) -> FindOutcome:
    """Looking changes nothing, so what is in doubt here was simply not answered."""
    match outcome:
        case Denied(word, body):
            reason = explain_refusal(word, method, body)
            return Shut(reason) if word in SHUT - {"missing_scope"} else CannotLook(reason)
        case InDoubt(reason):
            return Unreached(reason)
        case _:
            return outcome
