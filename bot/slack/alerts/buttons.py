"""The buttons of an alert: the four answers, and what it tells to who may know more."""

from __future__ import annotations

from typing import Any

from bot.core.alerts.cards import AlertItem
from bot.core.alerts.replies import ReplyKind
from bot.slack.blocks import Block
from bot.slack.buttons import actions, button

DETAILS = "alert.details"
WHO = "alert.who"
BLOCK = "alert"
LABELS = {
    ReplyKind.ACKNOWLEDGE: "Acknowledge",
    ReplyKind.SNOOZE: "Snooze",
    ReplyKind.EXPECTED: "Expected",
    ReplyKind.NORMAL: "New normal",
}
ANSWERS = {f"alert.{kind}": kind for kind in ReplyKind}
"""The kind of answer by the name of the button."""


def alert_buttons(item: AlertItem) -> Block:
    """Below a card. What is over takes no answer any more."""
    answers = _answers(item.number) if item.is_live else []
    who = [_button(WHO, "Who is it?", item.number)] if item.subject.pseudonym else []
    return actions([*answers, *who, details_button(item.number)], BLOCK)


def answer_buttons(number: int) -> Block:
    """The four answers alone."""
    return actions(_answers(number), BLOCK)


def details_button(number: int) -> dict[str, Any]:
    """What leads to everything else."""
    return _button(DETAILS, "Details", number)


def number_in(value: str) -> int | None:
    """The incident that a button is about; None where somebody made the value up."""
    return int(value) if value.isascii() and value.isdigit() and len(value) <= len(str(2**62)) - 1 else None


def _answers(number: int) -> list[dict[str, Any]]:
    return [_button(f"alert.{kind}", label, number) for kind, label in LABELS.items()]


def _button(action_id: str, label: str, number: int) -> dict[str, Any]:
    return {**button(action_id, label), "value": str(number)}
