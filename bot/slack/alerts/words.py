"""What is said of an incident, in words that need no statistics."""

from __future__ import annotations

from bot.core.alerts.ask_first import OwnKind
from bot.core.alerts.cards import AlertItem, Part, Planned, Subject
from bot.core.alerts.incidents import IncidentState
from bot.core.formats import TIMES, credits_text, day_text, instant_text
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn, plain
from bot.slack.words import counted_credits

EVERYBODY = "The whole organisation"
_REASON_LIMIT = 200


def who_of(subject: Subject) -> str:
    """A name, a pseudonym, or everybody; not yet escaped."""
    if subject.name is not None:
        return plain(subject.name)
    return EVERYBODY if subject.pseudonym is None else f"Person {subject.pseudonym}"


def amounts_of(item: AlertItem) -> dict[str, str]:
    """Who, how much, when, and against what."""
    peak, ratio = item.peak, item.ratio
    return {
        "who": who_of(item.subject),
        "spent": counted_credits(peak.credits_micro),
        "day": day_text(peak.day),
        "usual": counted_credits(peak.expected_micro),
        "times": "" if ratio is None else f": {TIMES}{ratio:,.1f}",
    }


def item_words(item: AlertItem) -> Mrkdwn:
    """Everything about one incident but how it stands."""
    days = item.days
    return render_words(
        "alert_item",
        **amounts_of(item),
        kind=item.kind,
        least=counted_credits(item.peak.least_micro),
        more=len(days) if len(days) > 1 else 0,
        since=day_text(days[0].day),
        surface=part_words(item.surface),
        model=part_words(item.model),
        month=counted_credits(item.month_micro) if item.month_micro else "",
        pace=counted_credits(item.pace_micro),
        planned=_planned_words(item.planned) if item.planned else "",
        own=own_words(item),
        not_me=is_denied(item),
    )


def state_words(item: AlertItem) -> Mrkdwn:
    """How it stands, and who says so."""
    move = item.move
    return render_words(
        "alert_state",
        what=move.what,
        by=plain(move.by or ""),
        reason=f": {plain(move.reason, _REASON_LIMIT)}" if move.reason else "",
        until=instant_text(move.until) if move.until else "",
        over=item.state is IncidentState.RESOLVED,
    )


def line_words(item: AlertItem) -> Mrkdwn:
    """One incident of several."""
    return render_words(
        "alert_line",
        own=own_words(item),
        **amounts_of(item),
        surface=part_words(item.surface),
        state=state_words(item),
    )


def own_words(item: AlertItem) -> Mrkdwn:
    """What the person says of it, or that they were asked."""
    answer = item.own_answer
    return render_words(
        "alert_own",
        what=answer.what if answer else "asked" if item.is_asked else "",
        who=who_of(item.subject),
        at=instant_text(answer.at) if answer else "",
        reason=f": {plain(answer.reason, _REASON_LIMIT)}" if answer and answer.reason else "",
        until=day_text(answer.until) if answer and answer.until else "",
    )


def is_denied(item: AlertItem) -> bool:
    """True where the person says that somebody else did it."""
    return item.own_answer is not None and item.own_answer.what == OwnKind.NOT_ME


def _planned_words(planned: Planned) -> Mrkdwn:
    return render_words(
        "alert_planned",
        factor=f"{TIMES}{planned.factor}",
        until=day_text(planned.last_day),
        reason=f": {plain(planned.reason, _REASON_LIMIT)}" if planned.reason else "",
    )


def part_words(part: Part | None) -> str:
    """``CLI (2,900)``."""
    return "" if part is None else f"{plain(part.label)} ({credits_text(part.credits_micro)})"
