"""The short answers: help, and why there is nothing to show."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.answers import HelpAnswer, HelpLine, NoReports
from bot.slack.answers.message import message
from bot.slack.answers.people import name_of
from bot.slack.blocks import header, section
from bot.slack.messages import Message
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn

COMMAND = "/codex-usage"
TITLE = "What you can ask"
_GROUPS = {
    "Usage of people": ("me", "@person", "team", "top"),
    "The whole company": ("org", "reviews", "budget", "alerts"),
    "Planned bursts": ("expect",),
    "As a file": ("export",),
    "This bot": ("settings", "status", "help"),
}
_MORE = "More"
_EXAMPLES = (
    HelpLine("me 7d", "your last seven complete days"),
    HelpLine("team last week", "everyone below you, Monday to Sunday"),
    HelpLine("org 2026-10", "the organisation in October 2026"),
    HelpLine("top tokens month", "this month by tokens, today included"),
    HelpLine("expect 3d 5x load test", "up to five times your usual for three days, today included"),
)


def render_help(answer: HelpAnswer) -> Message:
    """What was not understood, if anything, and what can be asked."""
    problem = render_words("problem", problem=answer.problem or "", nearest=_typed(answer.nearest or ""))
    problems = [problem] if problem else []
    parts = [*_groups(answer.lines), *_examples(answer.lines), render_words("help_periods")]
    return message(
        [*problems, Mrkdwn(f"{TITLE}:"), *parts],
        [*map(section, problems), header(TITLE), *map(section, parts)],
    )


def render_not_known() -> Message:
    """How to get matched, and nothing else."""
    return _notice("not_known")


def render_not_for_you() -> Message:
    """The same words whether the person exists or not."""
    return _notice("not_for_you")


def render_no_reports(answer: NoReports) -> Message:
    """Nobody reports to them."""
    return _notice("no_reports", name=name_of(answer.lead), is_viewer=answer.is_viewer)


def _groups(lines: Sequence[HelpLine]) -> list[Mrkdwn]:
    """The commands by what they are about, those in no group last."""
    grouped = [(title, [line for line in lines if _word(line) in words]) for title, words in _GROUPS.items()]
    known = {word for words in _GROUPS.values() for word in words}
    grouped.append((_MORE, [line for line in lines if _word(line) not in known]))
    return [_list(title, found) for title, found in grouped if found]


def _examples(lines: Sequence[HelpLine]) -> list[Mrkdwn]:
    """How the commands look that this person may use."""
    words = {_word(line) for line in lines}
    shown = [line for line in _EXAMPLES if _word(line) in words]
    return [_list("For example", shown)] if shown else []


def _list(title: str, lines: Sequence[HelpLine]) -> Mrkdwn:
    typed = [HelpLine(_typed(line.usage), line.does) for line in lines]
    return render_words("help", title=title, lines=typed)


def _word(line: HelpLine) -> str:
    return line.usage.removeprefix(COMMAND).split()[0]


def _notice(template: str, **values: object) -> Message:
    words = render_words(template, **values)
    return message([words], [section(words)])


def _typed(text: str) -> str:
    """A command with the word that everything begins with."""
    return text if not text or text.startswith("/") else f"{COMMAND} {text}"
