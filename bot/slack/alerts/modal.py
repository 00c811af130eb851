"""The modal in which an alert is answered, and what was filled in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.alert_replies import CHOICES, USUAL_DAYS, Reply, ReplyKind
from bot.slack.alerts.buttons import LABELS, number_in
from bot.slack.blocks import Block, section
from bot.slack.templates import render_words
from bot.slack.text import plain
from bot.slack.views import View
from bot.slack.words import counted

CALLBACK = "alert"
REASON, DAYS = "reason", "days"
REASON_LIMIT = 300
_FIELD = "field"


@dataclass(frozen=True, slots=True)
class FilledIn:
    """An answer to an incident, and where the button stood."""

    number: int
    reply: Reply
    response_url: str


def answer_modal_of(kind: ReplyKind, number: int, response_url: str) -> View:
    """Asks for a reason, and where it matters for how long."""
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": json.dumps({"number": str(number), "kind": kind, "url": response_url}),
        "title": _plain(LABELS[kind]),
        "submit": _plain("Answer"),
        "close": _plain("Cancel"),
        "blocks": [
            section(render_words("alert_modal", kind=str(kind))),
            *([_days()] if kind.has_days else []),
            _reason(),
        ],
    }


def read_answer(values: Mapping[str, Any], metadata: str) -> FilledIn | None:
    """None for what no modal of ours can hold."""
    opened = _opened(metadata)
    number, kind = number_in(str(opened.get("number"))), opened.get("kind")
    if number is None or kind not in set(ReplyKind):
        return None
    reason = _element(values, REASON).get("value")
    words = plain(reason, REASON_LIMIT, empty="") if isinstance(reason, str) else ""
    return FilledIn(
        number, Reply(ReplyKind(kind), words or None, _days_in(values)), str(opened.get("url") or "")
    )


def _opened(metadata: str) -> Mapping[str, Any]:
    try:
        opened = json.loads(metadata)
    except ValueError:
        return {}
    return opened if isinstance(opened, dict) else {}


def _days_in(values: Mapping[str, Any]) -> int:
    option = _element(values, DAYS).get("selected_option")
    chosen = option.get("value") if isinstance(option, Mapping) else None
    return next((days for days in CHOICES if chosen == str(days)), USUAL_DAYS)


def _element(values: Mapping[str, Any], block: str) -> Mapping[str, Any]:
    held = values.get(block)
    element = held.get(_FIELD) if isinstance(held, Mapping) else None
    return element if isinstance(element, Mapping) else {}


def _days() -> Block:
    options = [{"text": _plain(counted(days, "day")), "value": str(days)} for days in CHOICES]
    select = {
        "type": "static_select",
        "action_id": _FIELD,
        "options": options,
        "initial_option": options[CHOICES.index(USUAL_DAYS)],
    }
    return {"type": "input", "block_id": DAYS, "label": _plain("For how long"), "element": select}


def _reason() -> Block:
    element = {"type": "plain_text_input", "action_id": _FIELD, "max_length": REASON_LIMIT}
    return {
        "type": "input",
        "block_id": REASON,
        "label": _plain("Reason"),
        "element": element,
        "optional": True,
    }


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}
