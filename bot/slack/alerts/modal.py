"""The modal in which an alert is answered, and what was filled in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.alerts.replies import CHOICES, USUAL_DAYS, Reply, ReplyKind
from bot.slack.alerts.buttons import LABELS, number_in
from bot.slack.blocks import Block, section
from bot.slack.forms import chosen_in, field, form, select, text_input, typed_in
from bot.slack.templates import render_words
from bot.slack.text import plain
from bot.slack.views import View
from bot.slack.words import counted

CALLBACK = "alert"
REASON, DAYS = "reason", "days"
REASON_LIMIT = 300


@dataclass(frozen=True, slots=True)
class FilledIn:
    """An answer to an incident, and where the button stood."""

    number: int
    reply: Reply
    response_url: str


def answer_modal_of(kind: ReplyKind, number: int, response_url: str) -> View:
    """Asks for a reason, and where it matters for how long."""
    blocks = [
        section(render_words("alert_modal", kind=str(kind))),
        *([_days()] if kind.has_days else []),
        _reason(),
    ]
    metadata = json.dumps({"number": str(number), "kind": kind, "url": response_url})
    return form(CALLBACK, LABELS[kind], metadata, blocks, submit="Answer")


def read_answer(values: Mapping[str, Any], metadata: str) -> FilledIn | None:
    """None for what no modal of ours can hold."""
    opened = _opened(metadata)
    number, kind = number_in(str(opened.get("number"))), opened.get("kind")
    if number is None or kind not in set(ReplyKind):
        return None
    words = plain(typed_in(values, REASON), REASON_LIMIT, empty="")
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
    chosen = chosen_in(values, DAYS)
    return next((days for days in CHOICES if chosen == str(days)), USUAL_DAYS)


def _days() -> Block:
    options = [(str(days), counted(days, "day")) for days in CHOICES]
    return field(DAYS, "For how long", select(options, str(USUAL_DAYS)))


def _reason() -> Block:
    return field(REASON, "Reason", {**text_input(""), "max_length": REASON_LIMIT}, optional=True)
