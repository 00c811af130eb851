"""How text becomes a command, and the lines of help, which are the same table."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from enum import Flag, auto

from bot.core.commands import (
    About,
    Alerts,
    AlertsBacktest,
    Budgets,
    ByEmail,
    BySlackId,
    Command,
    Export,
    ExportForm,
    ExportScope,
    Help,
    Me,
    Named,
    Org,
    ReviewsOf,
    Settings,
    Status,
    Team,
    Top,
)
from bot.core.echo import echo
from bot.core.metrics import Metric
from bot.core.people import is_email, normalise_email
from bot.core.periods import NAMED_PERIODS, PERIOD_FORMS, Period, default_period, take_period
from bot.core.plans.grammar import PLAN_FORM, PLAN_WORD, parse_plan
from bot.core.words import split_words, take_word
from bot.errors import UserError


class Audience(Flag):
    """Who may use a command; a person can belong to several."""

    EVERYONE = auto()
    LEADS = auto()
    ADMINS = auto()
    FINANCE = auto()


@dataclass(frozen=True, slots=True)
class CommandHelp:
    """One line of help. ``usage`` is the grammar, too: the parser takes only what stands in it."""

    usage: str
    does: str
    audience: Audience = Audience.EVERYONE


@dataclass(frozen=True, slots=True)
class _Asked:
    period: Period
    metric: Metric = Metric.CREDITS
    person: Named | None = None
    form: ExportForm = ExportForm.CSV
    scope: ExportScope | None = None
    is_backtest: bool = False
    most_a_week: int | None = None


@dataclass(frozen=True, slots=True)
class _Form:
    """A command: the word that calls it, its line of help, and how its value is made."""

    word: str
    help: CommandHelp
    build: Callable[[_Asked], Command]

    def takes(self, part: str) -> bool:
        return part in self.help.usage


_MENTION = re.compile("<@([UW][A-Z0-9]+)>")
_METRICS = tuple(metric.value for metric in Metric)
_METRIC = f"[{'|'.join(_METRICS)}]"
_FORMS_OF_EXPORT = tuple(form.value for form in ExportForm)
_FORM = f"[{'|'.join(_FORMS_OF_EXPORT)}]"
_SCOPES = tuple(scope.value for scope in ExportScope)
_SCOPE = f"[{'|'.join(_SCOPES)}]"
_PERIOD = "[period]"
_PERSON = "@"
_BACKTEST = "[backtest]"
_MOST = "[at most 3 a week]"
_A_WEEK = re.compile(r"(?:at most )?([0-9]{1,4})(?: an?)?(?: ?(?:/|per )? ?week)?")


def _about(asked: _Asked) -> Command:
    if asked.person is None:
        raise UserError("Say whom: pick a person after the @, or type their e-mail address.")
    return About(asked.period, asked.person)


def _alerts(asked: _Asked) -> Command:
    if asked.is_backtest or asked.most_a_week is not None:
        return AlertsBacktest(asked.most_a_week)
    return Alerts()


def _plan(asked: _Asked) -> Command:
    """Reached only by a text that does not begin with the word."""
    del asked
    raise UserError(f"Begin with {PLAN_WORD}; the form is: {PLAN_FORM}.")


_TABLE = (
    _Form("me", CommandHelp(f"me {_PERIOD}", "your own usage"), lambda asked: Me(asked.period)),
    _Form(
        "user",  # said for those who expect a word; the person alone is enough
        CommandHelp(
            f"@person {_PERIOD}", "someone who reports to you, at any depth", Audience.LEADS | Audience.ADMINS
        ),
        _about,
    ),
    _Form(
        "team",
        CommandHelp(
            f"team [@manager] {_PERIOD}",
            "everyone below you, or below that manager",
            Audience.LEADS | Audience.ADMINS,
        ),
        lambda asked: Team(asked.period, asked.person),
    ),
    _Form(
        "org",
        CommandHelp(f"org {_PERIOD}", "the whole organisation", Audience.ADMINS | Audience.FINANCE),
        lambda asked: Org(asked.period),
    ),
    _Form(
        "top",
        CommandHelp(f"top {_METRIC} {_PERIOD}", "a ranking of those whom you may see"),
        lambda asked: Top(asked.period, asked.metric),
    ),
    _Form(
        "reviews",
        CommandHelp(f"reviews {_PERIOD}", "code reviews by Codex and how they were answered"),
        lambda asked: ReviewsOf(asked.period),
    ),
    _Form(
        "export",
        CommandHelp(f"export {_SCOPE} {_FORM} {_PERIOD}", "a file of what you may see"),
        lambda asked: Export(asked.period, asked.form, asked.scope),
    ),
    _Form(
        "settings",
        CommandHelp("settings", "when your weekly digest comes, to pause or to change it"),
        lambda _: Settings(),
    ),
    _Form(
        "budget",
        CommandHelp(
            "budget", "the budgets that you may see, and how they stand; admins and finance edit them there"
        ),
        lambda _: Budgets(),
    ),
    _Form(
        "alerts",
        CommandHelp(
            f"alerts {_BACKTEST} {_MOST}",
            "what is worth an alert, how good alerts are, and what each sensitivity would have told",
            Audience.ADMINS | Audience.FINANCE,
        ),
        _alerts,
    ),
    _Form(
        PLAN_WORD,
        CommandHelp(
            PLAN_FORM,
            "announce a burst of use that is planned, so that it alarms nobody; "
            "alone it shows the plans that you may see",
        ),
        _plan,
    ),
    _Form("status", CommandHelp("status", "how fresh the figures are"), lambda _: Status()),
    _Form("help", CommandHelp("help", "this list"), lambda _: Help()),
)
_FORMS = {form.word: form for form in _TABLE}
HELP = tuple(form.help for form in _TABLE)
"""Every command, in the order in which help shows them."""


def help_for(*, has_reports: bool, is_admin: bool, is_finance: bool) -> tuple[CommandHelp, ...]:
    """The lines of `HELP` about what such a person may use."""
    roles = {Audience.LEADS: has_reports, Audience.ADMINS: is_admin, Audience.FINANCE: is_finance}
    theirs = {Audience.EVERYONE, *(role for role, held in roles.items() if held)}
    return tuple(line for line in HELP if any(role in line.audience for role in theirs))


def parse_command(text: str, today: date) -> Command:
    """The command in the text of a slash command, as Slack sends it with ``should_escape``.

    ``today`` is the current UTC date. Never raises: what cannot be understood is a `Help` with its problem.
    """
    try:
        if plan := parse_plan(text, _named_for_certain):
            return plan
    except UserError as error:
        return Help(problem=str(error))
    words = split_words(text)
    people = [person for word in words if (person := _named(word))]
    try:
        return _parse([word for word in words if not _named(word)], people, today)
    except UserError as error:
        return Help(problem=str(error))


def _named(word: str) -> Named | None:
    """The person that a word of `split_words` names; None for any other word, @name included."""
    if mention := _MENTION.fullmatch(word):
        return BySlackId(mention[1])
    email = normalise_email(word)
    return ByEmail(email) if is_email(email) else None


def _named_for_certain(word: str) -> Named | None:
    _refuse_handles([word])
    return _named(word)


def _parse(words: Sequence[str], people: Sequence[Named], today: date) -> Command:
    _refuse_handles(words)
    word, rest = take_word(_FORMS, words)
    if word is None and not people:
        return _parse_bare(rest, today)
    form = _FORMS[word or "user"]
    person = _only_person(form, people)
    metric, rest = _take(form, _METRIC, _METRICS, rest)
    scope, rest = _take(form, _SCOPE, _SCOPES, rest)
    written_as, rest = _take(form, _FORM, _FORMS_OF_EXPORT, rest)
    period, rest = take_period(rest, today) if form.takes(_PERIOD) else (None, rest)
    backtest, rest = _take(form, _BACKTEST, ("backtest",), rest)
    most_a_week, rest = _take_most(form, rest)
    if rest:
        raise UserError(_surplus(form, rest, period))
    return form.build(
        _Asked(
            period or default_period(today),
            Metric(metric or Metric.CREDITS),
            person,
            ExportForm(written_as or ExportForm.CSV),
            ExportScope(scope) if scope else None,
            is_backtest=backtest is not None,
            most_a_week=most_a_week,
        )
    )


def _take(
    form: _Form, part: str, known: Container[str], words: Sequence[str]
) -> tuple[str | None, Sequence[str]]:
    """The first of the words that are known, where the form has that part, and the other words."""
    return take_word(known, words) if form.takes(part) else (None, words)


def _take_most(form: _Form, words: Sequence[str]) -> tuple[int | None, Sequence[str]]:
    """The number in ``at most 3 a week``, however much of that is said."""
    found = _A_WEEK.fullmatch(" ".join(words).lower()) if form.takes(_MOST) else None
    return (int(found[1]), ()) if found else (None, words)


def _parse_bare(words: Sequence[str], today: date) -> Command:
    """Neither a command nor a person was named: a period at most, which is about the viewer."""
    period, rest = take_period(words, today)
    if rest:
        return Help(f"I do not know {echo(rest[0])}.", _nearest(rest[0]))
    return Me(period or default_period(today))


def _refuse_handles(words: Sequence[str]) -> None:
    """A name that Slack did not turn into a mention could be anyone's."""
    for word in words:
        if word.startswith("@"):
            raise UserError(
                f"I cannot tell who {echo(word)} is: pick the person from the list that Slack offers "
                "after the @, or type their e-mail address."
            )


def _only_person(form: _Form, people: Sequence[Named]) -> Named | None:
    if people and not form.takes(_PERSON):
        raise UserError(f"“{form.word}” is not about one person; @person alone is.")
    if len(people) > 1:
        raise UserError("One person at a time, please.")
    return people[0] if people else None


def _surplus(form: _Form, rest: Sequence[str], period: Period | None) -> str:
    hints = [f"I do not understand {echo(' '.join(rest))} here; the form is: {form.help.usage}."]
    if form.takes(_PERIOD) and period is None:
        hints.append(PERIOD_FORMS)
    return " ".join(hints)


def _nearest(word: str) -> str | None:
    """The command that was probably meant by an unknown word, as it could be typed."""
    commands = {each: each for each in (*_FORMS, *NAMED_PERIODS)} | {each: f"top {each}" for each in _METRICS}
    close = get_close_matches(word.lower()[:40], commands, n=1)
    return commands[close[0]] if close else None
