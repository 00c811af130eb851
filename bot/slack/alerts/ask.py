"""The message that asks somebody before others hear of them, and the form in which a plan is explained."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.alerts.ask_first import DAYS, USUAL_DAYS, OwnKind, OwnReply
from bot.core.alerts.ask_notices import AskNotice
from bot.core.alerts.cards import AlertItem
from bot.core.alerts.incidents import Happening
from bot.core.formats import day_text, instant_text
from bot.core.plans.bursts import LONGEST_REASON
from bot.core.spikes.findings import Kind
from bot.slack.alerts.buttons import number_in
from bot.slack.alerts.words import amounts_of, part_words
from bot.slack.blocks import Block, context, section
from bot.slack.buttons import actions, button, with_confirm
from bot.slack.forms import chosen_in, field, form, select, text_input, typed_in
from bot.slack.messages import Message
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn, plain
from bot.slack.views import View
from bot.slack.words import counted

CALLBACK = "own"
REASON, FOR_DAYS = "reason", "days"
ACTIONS = {f"own.{kind}": kind for kind in OwnKind}
"""What is said by the name of the button."""

_LABELS = {
    OwnKind.PLANNED: "It was planned",
    OwnKind.STOPPED: "I stopped it",
    OwnKind.NOT_ME: "It was not me",
}


@dataclass(frozen=True, slots=True)
class OwnFilledIn:
    """An explanation of an incident."""

    number: int
    reply: OwnReply


def render_ask(notice: AskNotice) -> Message:
    """The facts, when others hear of them, and three buttons; what was answered in their place."""
    texts: list[Mrkdwn] = []
    blocks: list[Block] = []
    for item in notice.items:
        words, state = _words(item), _state(item, notice)
        texts += [words, state]
        blocks += [section(words), context([state]), *_buttons(item)]
    return Message("\n".join(texts), blocks)


def own_modal(number: int, response_url: str) -> View:
    """Asks why, and for how many days it may go on."""
    options = [(str(days), counted(days, "day")) for days in DAYS]
    blocks = [
        section(render_words("ask_first_modal")),
        field(FOR_DAYS, "For how many days, today included", select(options, str(USUAL_DAYS))),
        field(REASON, "Reason", {**text_input(""), "max_length": LONGEST_REASON}),
    ]
    metadata = json.dumps({"number": str(number), "url": response_url})
    return form(CALLBACK, _LABELS[OwnKind.PLANNED], metadata, blocks, submit="Answer")


def read_own_modal(values: Mapping[str, Any], metadata: str) -> OwnFilledIn | None:
    """None for what no form of ours can hold."""
    try:
        opened = json.loads(metadata)
    except ValueError:
        return None
    number = number_in(str(opened.get("number"))) if isinstance(opened, dict) else None
    if number is None:
        return None
    reason = plain(typed_in(values, REASON), LONGEST_REASON, empty="")
    chosen = chosen_in(values, FOR_DAYS)
    days = next((days for days in DAYS if chosen == str(days)), USUAL_DAYS)
    return OwnFilledIn(number, OwnReply(OwnKind.PLANNED, reason or None, days))


def _words(item: AlertItem) -> Mrkdwn:
    return render_words(
        "ask_first",
        **amounts_of(item),
        has_history=item.kind != Kind.COLD_START,
        surface=part_words(item.surface),
        model=part_words(item.model),
    )


def _state(item: AlertItem, notice: AskNotice) -> Mrkdwn:
    answer = item.own_answer
    return render_words(
        "ask_first_state",
        what=answer.what if answer else "",
        reason=f": {plain(answer.reason, LONGEST_REASON)}" if answer and answer.reason else "",
        until=day_text(answer.until) if answer and answer.until else "",
        is_corrected=item.move.what == Happening.CORRECTED,
        is_over=not item.is_live,
        at=instant_text(notice.tells_at) if notice.tells_at else "",
    )


def _buttons(item: AlertItem) -> list[Block]:
    if item.own_answer or not item.is_live:
        return []
    made = {
        kind: {**button(f"own.{kind}", label), "value": str(item.number)} for kind, label in _LABELS.items()
    }
    made[OwnKind.NOT_ME] = with_confirm(
        made[OwnKind.NOT_ME],
        "Was it not you?",
        "Finance and your manager hear at once that somebody else may be using your account.",
        "It was not me",
        "Go back",
    )
    return [actions(list(made.values()), f"own.{item.number}")]
