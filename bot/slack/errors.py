"""What Slack's error words mean for us: whether trying again can help, and what somebody has to do."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError, SlackRequestError

from bot.errors import DeliveryError
from bot.slack.text import plain

RETRY_AFTER_DEFAULT = 30.0
NO_ANSWER = (OSError, http.client.HTTPException, SlackRequestError, ValueError, AttributeError)
"""urllib's and http.client's ways to say that there was no answer, and the SDK's when it was no JSON object."""
_REASON_LIMIT = 200

PERMANENT = frozenset(
    {
        "access_denied",
        "account_inactive",
        "accesslimited",
        "channel_is_archived",
        "channel_not_found",
        "ekm_access_denied",
        "enterprise_is_restricted",
        "invalid_arguments",
        "invalid_attachments",
        "invalid_auth",
        "invalid_blocks",
        "is_archived",
        "limit_required",
        "messages_tab_disabled",
        "method_deprecated",
        "missing_argument",
        "missing_scope",
        "msg_blocks_too_long",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "not_in_channel",
        "org_login_required",
        "restricted_action",
        "team_access_not_granted",
        "team_not_found",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
        "user_disabled",
        "user_not_found",
    }
)
_ADVICE = {
    "invalid_auth": "{setting} is not valid",
    "not_authed": "{setting} is missing",
    "not_allowed_token_type": "{setting} holds a token of another kind",
    "account_inactive": "the app was removed from the workspace or its bot was deactivated: install it again",
    "token_revoked": "the app was removed from the workspace: install it again, set {setting} anew",
    "file_upload_size_restricted": "the file is too large for this workspace: ask for a part of it",
    "file_uploads_disabled": "this workspace allows no files",
    "file_uploads_except_images_disabled": "this workspace allows no files but images",
    "storage_limit_reached": "this workspace has no room for more files",
    "token_expired": "{setting} has expired: set a new one",
}


def delivery_error(error: SlackApiError, method: str, *, setting: str = "SLACK_BOT_TOKEN") -> DeliveryError:
    """Slack's refusal of ``method`` as ours: begins with Slack's error word, never holds a token.

    ``setting`` names the token that the call was made with.
    """
    word = error_word(error)
    return DeliveryError(
        explain_refusal(word, method, answer_of(error), setting=setting), permanent=word in PERMANENT
    )


def explain_refusal(
    word: str, method: str, answer: Mapping[str, Any], *, setting: str = "SLACK_BOT_TOKEN"
) -> str:
    """Slack's error word, and what to do about it where that is known."""
    usual = _ADVICE.get(word, "").format(setting=setting)
    advice = _scope_advice(answer, method) if word == "missing_scope" else usual
    return plain(f"{word}: {advice}" if advice else f"{word} ({method})", _REASON_LIMIT)


def error_word(error: SlackApiError) -> str:
    """Slack's own word for the error, or the HTTP status where there is no such word."""
    word = str(answer_of(error).get("error") or "")
    return word if word.replace("_", "").isalnum() else f"http_{status_of(error)}"


def answer_of(error: SlackApiError) -> Mapping[str, Any]:
    """The JSON object that Slack answered with; an empty one where it was anything else."""
    data = getattr(error.response, "data", error.response)
    return data if isinstance(data, Mapping) else {}


def status_of(error: SlackApiError) -> int:
    """The HTTP status of the answer; 200 is usual for a refusal, too."""
    return int(getattr(error.response, "status_code", 0))


def seconds_to_wait(headers: Mapping[str, str]) -> float:
    """How long ``Retry-After`` asks to wait; half a minute where it cannot be read."""
    lowered = {name.lower(): value for name, value in headers.items()}
    stated = lowered.get("retry-after", "").strip()
    return float(stated) if stated.isascii() and stated.isdigit() else RETRY_AFTER_DEFAULT


def _scope_advice(answer: Mapping[str, Any], method: str) -> str:
    needed = answer.get("needed") or "users:read"
    return f"{method} needs the scope {needed}: add it to the app and install the app again"
