"""Text to command, as Slack sends it; and what people are told about what was not understood."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.core.commands import (
    About,
    Alerts,
    AlertsBacktest,
    Budgets,
    ByEmail,
    BySlackId,
    Command,
    Expect,
    Export,
    ExportForm,
    ExportScope,
    Help,
    Me,
    Named,
    Org,
    Plans,
    ReviewsOf,
    Settings,
    Status,
    Team,
    Top,
)
from bot.core.echo import echo
from bot.core.grammar import HELP, Audience, CommandHelp, help_for, parse_command
from bot.core.metrics import Metric
from bot.core.periods import Period, default_period, parse_period

TODAY = date(2026, 11, 22)
EXACT = settings(derandomize=True, deadline=None, max_examples=200)

USUAL = default_period(TODAY)
WEEK = parse_period("7d", TODAY)
LAST_WEEK = parse_period("last week", TODAY)
OCTOBER = parse_period("2026-10-01..2026-10-31", TODAY)
BOB = BySlackId("U012ABCDEF")
CAROL = ByEmail("carol@example.com")


def ask(text: str) -> Command:
    """What the text means today."""
    return parse_command(text, TODAY)


def problem(text: str) -> str:
    """What a person is told about a text that is not understood."""
    command = ask(text)
    assert isinstance(command, Help)
    assert command.problem is not None
    return command.problem


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", Me(USUAL)),
        (" \n", Me(USUAL)),
        ("me", Me(USUAL)),
        ("ME Last  WEEK", Me(LAST_WEEK)),
        ("7d", Me(WEEK)),
        ("7 d", Me(WEEK)),
        ("last week", Me(LAST_WEEK)),
        ("7d me", Me(WEEK)),
        ("team", Team(USUAL)),
        ("Team 7D", Team(WEEK)),
        ("team <@U012ABCDEF|bob>", Team(USUAL, BOB)),
        ("team <@U012ABCDEF|bob> last week", Team(LAST_WEEK, BOB)),
        ("team last week <@U012ABCDEF|bob>", Team(LAST_WEEK, BOB)),
        ("team carol@example.com 2026-10-01 .. 2026-10-31", Team(OCTOBER, CAROL)),
        ("<@U012ABCDEF|bob>", About(USUAL, BOB)),
        ("<@U012ABCDEF|bob> 7d", About(WEEK, BOB)),
        ("7d <@U012ABCDEF|bob>", About(WEEK, BOB)),
        ("user <@U012ABCDEF|bob> last week", About(LAST_WEEK, BOB)),
        ("user Carol@Example.com", About(USUAL, CAROL)),
        ("org", Org(USUAL)),
        ("org 2026-10-01..2026-10-31", Org(OCTOBER)),
        ("top", Top(USUAL, Metric.CREDITS)),
        ("top TOKENS", Top(USUAL, Metric.TOKENS)),
        ("top turns last week", Top(LAST_WEEK, Metric.TURNS)),
        ("top last week turns", Top(LAST_WEEK, Metric.TURNS)),
        ("top 7d", Top(WEEK, Metric.CREDITS)),
        ("top threads", Top(USUAL, Metric.THREADS)),
        ("top streak", Top(USUAL, Metric.STREAK)),
        ("reviews", ReviewsOf(USUAL)),
        ("reviews 7d", ReviewsOf(WEEK)),
        ("export", Export(USUAL)),
        ("export json", Export(USUAL, ExportForm.JSON)),
        ("export csv last week", Export(LAST_WEEK)),
        ("Export 7d JSON", Export(WEEK, ExportForm.JSON)),
        ("export team csv 7d", Export(WEEK, scope=ExportScope.TEAM)),
        ("export me", Export(USUAL, scope=ExportScope.ME)),
        ("export json org 2026-10-01..2026-10-31", Export(OCTOBER, ExportForm.JSON, ExportScope.ORG)),
        ("settings", Settings()),
        ("Settings", Settings()),
        ("status", Status()),
        ("help", Help()),
        ("HELP", Help()),
    ],
)
def test_every_command(text: str, command: Command) -> None:
    assert ask(text) == command


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("<@U012ABCDEF|steve>", BySlackId("U012ABCDEF")),
        ("<@U012ABCDEF|Steve O'Neil>", BySlackId("U012ABCDEF")),
        ("<@U012ABCDEF|me@example.com>", BySlackId("U012ABCDEF")),
        ("<@U012ABCDEF>", BySlackId("U012ABCDEF")),
        ("<@U012ABCDEF|>", BySlackId("U012ABCDEF")),
        ("<@W123>", BySlackId("W123")),
        ("<mailto:carol@example.com|carol@example.com>", CAROL),
        ("<mailto:Carol@Example.com|someone else>", CAROL),
        ("<mailto:carol@example.com>", CAROL),
        ("@<mailto:carol@example.com|carol@example.com>", CAROL),
        ("carol@example.com", CAROL),
        ("@CAROL@example.com", CAROL),
        ("carol@example.com,", CAROL),
        ("r&amp;d+x@example.com", ByEmail("r&d+x@example.com")),
        ("<mailto:r&amp;d@example.com|r&amp;d@example.com>", ByEmail("r&d@example.com")),
    ],
)
def test_every_way_of_naming_a_person(text: str, person: Named) -> None:
    assert ask(text) == About(USUAL, person)
    assert ask(f"team{text} 7d" if text.startswith("<") else f"team {text} 7d") == Team(WEEK, person)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "@steve",
            snapshot(
                "I cannot tell who “@steve” is: pick the person from the list that Slack offers "
                "after the @, or type their e-mail address."
            ),
        ),
        ("user", snapshot("Say whom: pick a person after the @, or type their e-mail address.")),
        ("<@U1> <@U2>", snapshot("One person at a time, please.")),
        ("org <@U1>", snapshot("“org” is not about one person; @person alone is.")),
        (
            "export xml",
            snapshot(
                "I do not understand “xml” here; the form is: export [me|team|org] [csv|json] [period]. A period is 7d, 28d or 90d (that many complete days), today, yesterday, week, last week, month, last month, 2026-W47, 2026-10, 2026-10-01 or 2026-10-01..2026-10-31."
            ),
        ),
        ("export <@U012ABCDEF>", snapshot("“export” is not about one person; @person alone is.")),
        ("settings 7d", snapshot("I do not understand “7d” here; the form is: settings.")),
        ("settings <@U012ABCDEF>", snapshot("“settings” is not about one person; @person alone is.")),
        ("status now please", snapshot("I do not understand “now please” here; the form is: status.")),
        ("status 7d", snapshot("I do not understand “7d” here; the form is: status.")),
        ("me 7d 28d", snapshot("I do not understand “28d” here; the form is: me [period].")),
        ("me 7d team", snapshot("I do not understand “team” here; the form is: me [period].")),
        (
            "top tokens 7d turns",
            snapshot(
                "I do not understand “turns” here; the form is: top [credits|threads|turns|tokens|streak] [period]."
            ),
        ),
        ("team 401d", snapshot("401d does not work: a number of days is from 1d to 400d.")),
        ("<@U1> 2026-13", snapshot("2026-13 is not in the calendar.")),
        ("2027-01", snapshot("2027-01 is still to come: today is 2026-11-22 (UTC).")),
        ("xyzzy", snapshot("I do not know “xyzzy”.")),
    ],
)
def test_what_is_not_understood_is_explained(text: str, message: str) -> None:
    assert problem(text) == message


@pytest.mark.parametrize("text", ["me fortnight", "team <@U1> fortnight", "<@U1> fortnight", "top fortnight"])
def test_a_bad_period_after_a_known_command_is_told_the_forms(text: str) -> None:
    assert "“fortnight”" in problem(text)
    assert "A period is 7d" in problem(text)


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("teem", "team"),
        ("TEAMS 7d", "team"),
        ("stats", "status"),
        ("review", "reviews"),
        ("hlep", "help"),
        ("yesterdy", "yesterday"),
        ("lastweek", "last week"),
        ("tokens", "top tokens"),
        ("xyzzy", None),
        ("&lt;", None),
        ("z" * 100_000, None),
    ],
)
def test_an_unknown_word_gets_the_nearest_command_only_when_close(text: str, nearest: str | None) -> None:
    command = ask(text)

    assert isinstance(command, Help)
    assert command.nearest == nearest
    assert nearest is None or not isinstance(ask(nearest), Help) or nearest == "help"


@pytest.mark.parametrize(
    "text",
    [
        "<#C012|me>",
        "<!subteam^S012|@team>",
        "<https://example.com|org>",
        "<mailto:nobody>",
        "<@lower>",
        "&lt;@ me",
        "me <",
        "a@b@c",
        "carol@",
        "<>",
    ],
)
def test_other_markup_is_never_taken_for_a_command_or_a_person(text: str) -> None:
    assert problem(text)


def test_entities_are_undone_once_and_never_doubly() -> None:
    assert problem("&amp;lt;b&gt; 7d") == "I do not know “&lt;b>”."


def test_words_are_echoed_on_one_line_cut_to_40_characters() -> None:
    assert problem("x" * 41) == f"I do not know “{'x' * 39}…”."
    assert problem(f"status {'x' * 40}") == f"I do not understand “{'x' * 40}” here; the form is: status."
    assert echo(" a\x00b\u202e\n c ") == "“a b c”"


@pytest.mark.parametrize(
    ("who", "usages"),
    [
        ((), snapshot(["me", "top", "reviews", "export", "settings", "budget", "expect", "status", "help"])),
        (
            ("has_reports",),
            snapshot(
                [
                    "me",
                    "@person",
                    "team",
                    "top",
                    "reviews",
                    "export",
                    "settings",
                    "budget",
                    "expect",
                    "status",
                    "help",
                ]
            ),
        ),
        (
            ("is_finance",),
            snapshot(
                [
                    "me",
                    "org",
                    "top",
                    "reviews",
                    "export",
                    "settings",
                    "budget",
                    "alerts",
                    "expect",
                    "status",
                    "help",
                ]
            ),
        ),
        (
            ("is_admin",),
            snapshot(
                [
                    "me",
                    "@person",
                    "team",
                    "org",
                    "top",
                    "reviews",
                    "export",
                    "settings",
                    "budget",
                    "alerts",
                    "expect",
                    "status",
                    "help",
                ]
            ),
        ),
    ],
)
def test_help_shows_what_a_person_may_use(who: tuple[str, ...], usages: list[str]) -> None:
    lines = help_for(
        has_reports="has_reports" in who, is_admin="is_admin" in who, is_finance="is_finance" in who
    )

    assert [line.usage.split()[0] for line in lines] == usages


def test_the_whole_help() -> None:
    assert [(line.usage, line.does) for line in HELP] == snapshot(
        [
            ("me [period]", "your own usage"),
            ("@person [period]", "someone who reports to you, at any depth"),
            ("team [@manager] [period]", "everyone below you, or below that manager"),
            ("org [period]", "the whole organisation"),
            ("top [credits|threads|turns|tokens|streak] [period]", "a ranking of those whom you may see"),
            ("reviews [period]", "code reviews by Codex and how they were answered"),
            ("export [me|team|org] [csv|json] [period]", "a file of what you may see"),
            ("settings", "when your weekly digest comes, to pause or to change it"),
            (
                "budget",
                "the budgets that you may see, and how they stand; admins and finance edit them there",
            ),
            (
                "alerts [backtest] [at most 3 a week]",
                "what is worth an alert, how good alerts are, and what each sensitivity would have told",
            ),
            (
                "expect [@person] 3d 5x reason",
                "announce a burst of use that is planned, so that it alarms nobody; alone it shows the plans that you may see",
            ),
            ("status", "how fresh the figures are"),
            ("help", "this list"),
        ]
    )
    assert help_for(has_reports=True, is_admin=True, is_finance=True) == HELP
    assert all(line.audience in ~Audience(0) and line.audience for line in HELP)


@pytest.mark.parametrize("line", HELP, ids=lambda line: line.usage)
def test_every_usage_in_help_is_understood(line: CommandHelp) -> None:
    """The forms that help shows parse, with and without what is optional."""
    person = line.usage.replace("@manager", "<@U1>").replace("@person", "<@U1>")
    full = person.replace("[period]", "last week").replace("credits|threads|turns|tokens|", "")
    full = full.replace("me|team|", "").replace("csv|", "")
    bare = re.sub(r" ?\[[^]]*\]", "", person)

    for text in (full.replace("[", "").replace("]", ""), bare):
        command = ask(text)
        assert not isinstance(command, Help) or command == Help()


people = st.sampled_from([("<@U0BOB|bob>", BySlackId("U0BOB")), ("Carol@example.com", CAROL)])
periods = st.sampled_from(["7d", "last week", "month", "2026-10", "2026-W46", "2026-10-01 .. 2026-10-31"])


@EXACT
@given(people, periods, st.integers(0, 5))
def test_the_parts_of_a_question_come_in_any_order(
    person: tuple[str, Named], period: str, order: int
) -> None:
    typed, named = person
    parts = list(permutations(["team", typed, period]))[order]

    assert ask(" ".join(parts)) == Team(parse_period(period, TODAY), named)


pieces = (
    st.sampled_from(["me", "team", "user", "org", "top", "export", "csv", "settings", "help", "tokens", "zz"])
    | st.sampled_from(
        ["7d", "9d", "0d", "last", "week", "month", "2026-10", "2026-W99", "..", "<", ">", ",", "@", "|"]
    )
    | st.sampled_from(["<@U1|a>", "<@W2>", "<mailto:a@b|a@b>", "a@b.co", "@bob", "&lt;", "&amp;"])
)


@EXACT
@given(
    st.one_of(st.text(max_size=60), st.lists(pieces, max_size=7).map(" ".join), st.lists(pieces).map("".join))
)
def test_any_text_is_a_command_and_never_a_fault(text: str) -> None:
    command = ask(text)

    if isinstance(command, Help):
        assert command.nearest is None or command.problem
        assert len(command.problem or "") < 400
    elif not isinstance(command, Alerts | AlertsBacktest | Budgets | Expect | Plans | Settings | Status):
        assert isinstance(command.period, Period)
        assert command.period.until <= TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("alerts", Alerts()),
        ("alerts backtest", AlertsBacktest()),
        ("ALERTS Backtest 3", AlertsBacktest(3)),
        ("alerts 3 a week", AlertsBacktest(3)),
        ("alerts at most 10 per week", AlertsBacktest(10)),
        ("alerts 5/week", AlertsBacktest(5)),
    ],
)
def test_alerts_are_looked_at_and_looked_back_at(text: str, command: Command) -> None:
    assert ask(text) == command


@pytest.mark.parametrize(
    "text", ["alerts -3 a week", "alerts 1.5 a week", "alerts 12345 a week", "alerts 7d"]
)
def test_other_numbers_of_alerts_are_not_understood(text: str) -> None:
    command = ask(text)
    assert isinstance(command, Help)
    assert "the form is: alerts [backtest] [at most 3 a week]." in (command.problem or "")


def test_a_plan_begins_with_its_word() -> None:
    command = ask("<@U1> expect")
    assert isinstance(command, Help)
    assert (command.problem or "").startswith("Begin with expect; the form is: expect")
