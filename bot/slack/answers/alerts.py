"""Alerts as finance sets and judges them: what is worth one, how good they were, what would have been told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.core.alerts.answers import AlertsAnswer, AlertsChange, LiveAlert, LookBackAnswer, LookingBack
from bot.core.alerts.choice import InForce
from bot.core.alerts.quality import AlertQuality
from bot.core.formats import credits_text, day_text, instant_text, share_text
from bot.core.spikes.findings import Finding, Sensitivity
from bot.core.spikes.look_back import LOOK_BACK_DAYS
from bot.slack.alerts.words import EVERYBODY
from bot.slack.answers.message import message
from bot.slack.blocks import Block, context, header, section
from bot.slack.buttons import (
    ALERTS_BLOCK,
    CHANGE_ALERTS,
    RESET_ALERTS,
    USE_SENSITIVITY,
    actions,
    ask_button,
    button,
    with_confirm,
)
from bot.slack.messages import Message
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn, plain
from bot.slack.words import counted, counted_credits

TITLE = "Alerts"
BACKTEST = "alerts backtest"
DONE = {
    AlertsChange.SAVED: "Saved. It counts from the next sync on.",
    AlertsChange.RESET: "As configured again, from the next sync on.",
}
_SHOWN_EXAMPLES = 3
_HOUR = timedelta(hours=1)
_FIND = Mrkdwn(
    "To find the sensitivity that tells at most 3 a week, type `/codex-usage alerts 3 a week`. "
    "Alerts of budgets are not counted here."
)


def render_alerts(answer: AlertsAnswer) -> Message:
    """The settings, what is not over, and the last two months."""
    done = [Mrkdwn(DONE[answer.change])] if answer.change else []
    last, running = answer.quality
    parts = [
        in_force_words(answer.in_force, answer.chosen_by),
        _live_words(answer.live, answer.more),
        quality_words(last, f"{last.period.since:%B}"),
        quality_words(running, "This month"),
    ]
    return message(
        [*done, Mrkdwn(f"{TITLE}:"), *parts, _FIND],
        [
            *map(section, done),
            header(TITLE),
            *map(section, parts),
            _buttons(answer.in_force),
            context([_FIND]),
        ],
    )


def render_looking_back(_: LookingBack) -> Message:
    """That it takes a while."""
    words = render_words("looking_back", days=LOOK_BACK_DAYS)
    return message([words], [section(words)])


def render_look_back(answer: LookBackAnswer) -> Message:
    """Each sensitivity with its alerts, and a button that takes it."""
    words = _look_words(answer)
    title = f"What alerts would have told in {counted(answer.look.period.length, 'day')}"
    use = [
        {**button(f"{USE_SENSITIVITY}.{one}", f"Use {one}"), "value": f"{one}.{answer.in_force.number}"}
        for one in Sensitivity
        if one is not answer.in_force.settings.sensitivity
    ]
    return message(
        [Mrkdwn(f"{title}:"), words], [header(title), section(words), actions(use, f"{ALERTS_BLOCK}.use")]
    )


def in_force_words(chosen: InForce, by: str) -> Mrkdwn:
    """What counts, and who says so."""
    settings = chosen.settings
    return render_words(
        "alerts_in_force",
        sensitivity=settings.sensitivity,
        floor=counted_credits(settings.floor_micro),
        cap="" if settings.hard_cap_micro is None else counted_credits(settings.hard_cap_micro),
        is_chosen=chosen.is_chosen,
        by=plain(by) if by else "",
        at=instant_text(chosen.newest.at) if chosen.newest else "",
    )


def quality_words(quality: AlertQuality, title: str) -> Mrkdwn:
    """How many, how many real, and how soon somebody answered."""
    answered = quality.real + quality.no_news
    return render_words(
        "alerts_quality",
        title=title,
        alerts=quality.alerts,
        real=quality.real,
        no_news=quality.no_news,
        corrected=quality.corrected,
        undecided=quality.undecided,
        precision=share_text(quality.real, answered) if answered else "",
        first_answer=_time_text(quality.first_answer),
    )


def _live_words(live: Sequence[LiveAlert], more: int) -> Mrkdwn:
    return render_words("alerts_live", lines=[_live_line(one) for one in live], more=more)


def _live_line(live: LiveAlert) -> Mrkdwn:
    peak = live.incident.peak
    return render_words(
        "alerts_live_line",
        who=EVERYBODY if live.name is None else plain(live.name),
        spent=counted_credits(peak.credits_micro),
        day=day_text(peak.day),
        usual=counted_credits(peak.expected_micro),
        state=live.incident.state,
    )


def _buttons(chosen: InForce) -> Block:
    value = str(chosen.number)
    reset = with_confirm(
        {**button(RESET_ALERTS, "As configured"), "value": value},
        "As configured?",
        "What was chosen here counts no more; it is kept in the history.",
        "As configured",
        "Cancel",
    )
    return actions(
        [
            {**button(CHANGE_ALERTS, "Change\u2026"), "value": value},
            *([reset] if chosen.is_chosen else []),
            ask_button("alerts.backtest", "What would have been told", BACKTEST),
        ],
        ALERTS_BLOCK,
    )


def _look_words(answer: LookBackAnswer) -> Mrkdwn:
    most = answer.most_a_week
    fitting = None if most is None else answer.look.fitting(most)
    return render_words(
        "look_back",
        lines=list(_look_lines(answer)),
        most="" if most is None else str(most),
        fitting=fitting or "",
    )


def _look_lines(answer: LookBackAnswer) -> Iterator[Mrkdwn]:
    look = answer.look
    for one in Sensitivity:
        told = look.told[one]
        yield render_words(
            "look_back_line",
            sensitivity=one,
            in_force=one is answer.in_force.settings.sensitivity,
            alerts=len(told),
            a_week=f"{look.a_week(one):.1f}",
            people=len({finding.email for finding in told if finding.email}),
            largest=_examples(told),
        )


def _examples(told: Sequence[Finding]) -> str:
    largest = sorted(told, key=lambda one: -one.excess_micro)[:_SHOWN_EXAMPLES]
    return ", ".join(
        f"{plain(one.email) if one.email else EVERYBODY} {credits_text(one.credits_micro)} on {day_text(one.day)}"
        for one in largest
    )


def _time_text(time: timedelta | None) -> str:
    if time is None:
        return ""
    if time < _HOUR:
        return counted(max(1, round(time.total_seconds() / 60)), "minute")
    return counted(round(time / _HOUR), "hour")
