"""Who gets which kind of answer, about exactly whom: one table of viewer, subject and command."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.answers import (
    Answer,
    HelpAnswer,
    NoReports,
    NotForYou,
    NotKnown,
    OrgAnswer,
    PersonAnswer,
    ReviewsAnswer,
    SettingsAnswer,
    StatusAnswer,
    TeamAnswer,
    TopAnswer,
)
from bot.core.models import Totals
from bot.features.ask import NOTHING_OF_YOUR_OWN
from bot.features.digests.settings import NO_DIGEST_FOR_YOU
from bot.store.sqlite import SqliteStore
from tests.features.cast import (
    LINES,
    answer,
    ask,
    cast_of_everyone,
    email,
    everyone_in_slack,
    fill,
    hire,
    names_in,
    spy_on,
    whose,
)
from tests.features.rig import NOW, ago, slack

DAY = ago(11)
"""The day before Zoe's last."""

SEES = {
    "alice": {"alice", "bob", "carol", "zoe", "finn"},
    "bob": {"bob", "carol", "zoe"},
    "carol": {"carol"},
    "gail": {"gail", "dan"},
    "dan": {"dan"},
    "finn": {"finn"},
    "ivy": {"ivy"},
    "mona": {"mona"},
    "nils": {"nils"},
    "erin": set(LINES),
    "root": set(LINES),
    "cfo": set[str](),
}
BELOW = {"alice": {"bob", "carol", "zoe", "finn"}, "bob": {"carol", "zoe"}, "gail": {"dan"}}
ADMINS = {"erin", "root"}
FINANCE = {"finn", "cfo"}
NOT_IN_THE_ROSTER = {"root", "cfo"}
NOBODY_KNOWN = ("zoe", "sam", "ghost")
"""Who left, even as an admin; who is in Slack only; whom not even Slack knows."""

VIEWERS = tuple(SEES)
SUBJECTS = (*LINES, "sam", "ghost")
COMMANDS = (
    "",
    "me",
    "team",
    "org",
    "top",
    "top streak",
    "reviews",
    "budget",
    "expect",
    "export",
    "export team json",
    "settings",
    "status",
    "help",
    "no such thing",
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    store = filled(tmp_path_factory.mktemp("ask"))
    yield store
    store.close()


def filled(folder: Path) -> SqliteStore:
    store = SqliteStore(folder / "usage.db")
    store.migrate()
    fill(store, [DAY])
    hire(store, cast_of_everyone(), everyone_in_slack())
    return store


def on(text: str) -> str:
    return f"{text} {DAY}".strip()


def total(answer: PersonAnswer | TeamAnswer | OrgAnswer) -> set[str]:
    return whose(answer.figures.totals)


def is_help_about_oneself(answer: Answer) -> bool:
    return isinstance(answer, HelpAnswer) and answer.problem == NOTHING_OF_YOUR_OWN


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("text", ["", "me"])
def test_me(store: SqliteStore, viewer: str, text: str) -> None:
    found = answer(store, viewer, on(text))

    if viewer in NOT_IN_THE_ROSTER:
        assert is_help_about_oneself(found)
        return
    assert isinstance(found, PersonAnswer)
    assert found.is_viewer
    assert (names_in(found), total(found)) == ([viewer], {viewer})


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("viewer", VIEWERS)
def test_a_person(store: SqliteStore, viewer: str, subject: str) -> None:
    for named in (email(subject), f"<@U{subject.upper()}>", email(subject).upper()):
        found = answer(store, viewer, on(named))

        if subject not in SEES[viewer] or (subject == "zoe" and named.startswith("<@")):
            assert found == NotForYou()  # Zoe is no longer in Slack
            continue
        assert isinstance(found, PersonAnswer)
        assert found.is_viewer == (viewer == subject)
        assert (names_in(found), total(found)) == ([subject], {subject})


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("viewer", VIEWERS)
def test_a_team(store: SqliteStore, viewer: str, subject: str) -> None:
    found = answer(store, viewer, on(f"team {email(subject)}"))

    check_team(found, viewer, subject, is_allowed=subject in SEES[viewer])


@pytest.mark.parametrize("viewer", VIEWERS)
def test_ones_own_team(store: SqliteStore, viewer: str) -> None:
    found = answer(store, viewer, on("team"))

    if viewer in NOT_IN_THE_ROSTER:
        assert is_help_about_oneself(found)
    else:
        check_team(found, viewer, viewer, is_allowed=True)


def check_team(found: Answer, viewer: str, lead: str, *, is_allowed: bool) -> None:
    if not is_allowed:
        assert found == NotForYou()
    elif lead not in BELOW:
        assert isinstance(found, NoReports)
        assert (names_in(found), found.is_viewer) == ([lead], viewer == lead)
    else:
        assert isinstance(found, TeamAnswer)
        assert found.is_viewer == (viewer == lead)
        assert (found.lead.name.lower(), total(found)) == (lead, BELOW[lead])
        assert set(names_in(found.rows)) == BELOW[lead]
        assert {row.person.name.lower(): whose(row.totals) for row in found.rows} == {
            name: {name} for name in BELOW[lead]
        }
        assert sum((row.totals for row in found.rows), Totals()) == found.figures.totals


@pytest.mark.parametrize("viewer", VIEWERS)
def test_the_organisation(store: SqliteStore, viewer: str) -> None:
    found = answer(store, viewer, on("org"))

    if viewer not in ADMINS | FINANCE:
        assert found == NotForYou()
        return
    assert isinstance(found, OrgAnswer)
    assert names_in(found) == []
    assert total(found) == {*LINES, "sam"}
    assert whose(found.unattributed) == {"sam"}
    assert (found.workspace_gap is None) == (viewer in FINANCE)
    assert found.folded_groups == (viewer in FINANCE)


@pytest.mark.parametrize("metric", ["", "credits", "threads", "turns", "tokens"])
@pytest.mark.parametrize("viewer", VIEWERS)
def test_a_ranking(store: SqliteStore, viewer: str, metric: str) -> None:
    found = answer(store, viewer, on(f"top {metric}"))

    if viewer == "cfo":
        assert is_help_about_oneself(found)
        return
    assert isinstance(found, TopAnswer)
    assert set(names_in(found)) == SEES[viewer]
    assert all(whose(row.totals) == {row.person.name.lower()} for row in found.rows)
    assert found.among == len(SEES[viewer] - {"zoe"})


@pytest.mark.parametrize("viewer", VIEWERS)
def test_what_everyone_known_may_ask(store: SqliteStore, viewer: str) -> None:
    status = answer(store, viewer, "status")
    assert isinstance(status, StatusAnswer)
    assert (status.admin is not None) == (viewer in ADMINS)
    assert isinstance(answer(store, viewer, "reviews"), ReviewsAnswer)
    assert isinstance(answer(store, viewer, "help"), HelpAnswer)
    for text in ("status", "reviews", "help", "gibberish"):
        assert names_in(answer(store, viewer, text)) == []


@pytest.mark.parametrize("viewer", VIEWERS)
def test_settings_are_ones_own(store: SqliteStore, viewer: str) -> None:
    found = answer(store, viewer, "settings")

    if viewer in NOT_IN_THE_ROSTER:
        assert isinstance(found, HelpAnswer)
        assert found.problem == NO_DIGEST_FOR_YOU
        return
    assert isinstance(found, SettingsAnswer)
    assert found.has_reports == (viewer in BELOW)
    assert names_in(found) == []


@pytest.mark.parametrize("viewer", NOBODY_KNOWN)
def test_who_is_not_known_learns_nothing_but_that(store: SqliteStore, viewer: str) -> None:
    for text in (*COMMANDS, email("carol"), "<@UCAROL>", f"team {email('alice')}", f"team {email('ghost')}"):
        assert answer(store, viewer, text) == NotKnown()
        assert ask(store).answer_as(email(viewer), text, NOW) == NotKnown()


@pytest.mark.parametrize("viewer", VIEWERS)
def test_the_terminal_answers_as_slack_does(store: SqliteStore, viewer: str) -> None:
    for text in (*COMMANDS, email("carol"), f"team {email('bob')}"):
        assert ask(store).answer_as(email(viewer).title(), on(text), NOW) == answer(store, viewer, on(text))


@pytest.mark.parametrize("text", ["{}", "team {}", "{} 90d", "team {} 2026-10"])
@pytest.mark.parametrize("viewer", [viewer for viewer in VIEWERS if viewer not in ADMINS])
def test_somebody_out_of_sight_and_nobody_cannot_be_told_apart(
    store: SqliteStore, viewer: str, text: str
) -> None:
    spied, reads = spy_on(store)
    seen = set()
    for subject in set(SUBJECTS) - SEES[viewer]:
        for named in (email(subject), f"<@U{subject.upper()}>"):
            reads.clear()
            assert answer(spied, viewer, text.format(named)) == NotForYou()
            seen.add(tuple(reads))
    (steps,) = seen
    assert steps[-1] == "find_person"
    assert set(steps) == {"find_person", "find_slack_email"}


def test_an_admin_in_slack_whose_address_two_accounts_have_is_not_known(tmp_path: Path) -> None:
    store = filled(tmp_path)

    hire(store, cast_of_everyone(), [*everyone_in_slack(), slack("root2", email=email("root"))])

    assert answer(store, "root", "org") == answer(store, "root2", "org") == NotKnown()
    store.close()
