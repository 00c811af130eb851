"""A planned burst: what text becomes one, how far it excuses, and who is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.core.alerts.incidents import FiringDay, IncidentKey, Sighting
from bot.core.alerts.rounds import evaluate
from bot.core.commands import Expect, Help, Plans
from bot.core.grammar import parse_command
from bot.core.models import MICRO
from bot.core.people import Person, Place
from bot.core.periods import Period
from bot.core.plans.bursts import (
    LEAST_FACTOR,
    LONGEST_REASON,
    MOST_DAYS,
    MOST_FACTOR,
    USUAL_FACTOR,
    Plan,
    announcements,
    plan_label,
    plan_of,
)
from bot.core.spikes.findings import Kind
from tests.core.test_grammar import BOB, CAROL, EXACT, TODAY, problem

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
PLAN = plan_of("carol@example.com", 3, 5, "load test", "carol@example.com", NOW)


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("expect", Plans()),
        ("  EXPECT  ", Plans()),
        ("expect 3d 5x load test", Expect(3, 5, "load test")),
        ("expect 5X 3D load test", Expect(3, 5, "load test")),
        ("expect 1d load test", Expect(1, USUAL_FACTOR, "load test")),
        ("expect <@U012ABCDEF|bob> 14d 20× moving house", Expect(14, 20, "moving house", BOB)),
        ("expect 2d carol@example.com 2x why not", Expect(2, 2, "why not", CAROL)),
        ("expect 3d 5x help 7d of it, and 2x more;", Expect(3, 5, "help 7d of it, and 2x more;")),
        ("expect 3d 5x team org top", Expect(3, 5, "team org top")),
        (
            "expect 3d 5x for <@U2|gail> of <mailto:a@example.com|a@example.com>, see <https://x.example/?a=1|x> in <#C1|ops>",
            Expect(3, 5, "for @gail of a@example.com, see x in #ops"),
        ),
        ("expect 3d 5x 1 &lt; 2 &amp;amp; <@U012ABCDEF>", Expect(3, 5, "1 < 2 &amp; @U012ABCDEF")),
        ("expect 3d\n5x a\u202e\nb", Expect(3, 5, "a b")),
    ],
)
def test_text_becomes_a_plan(text: str, means: Expect | Plans) -> None:
    assert parse_command(text, TODAY) == means


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "expect load test",
            snapshot("Say for how many days, such as 3d; the form is: expect [@person] 3d 5x reason."),
        ),
        (
            "expect 0d load test",
            snapshot(
                "1 to 14 days can be planned, today included, not “0”; the form is: expect [@person] 3d 5x reason."
            ),
        ),
        (
            "expect 15d load test",
            snapshot(
                "1 to 14 days can be planned, today included, not “15”; the form is: expect [@person] 3d 5x reason."
            ),
        ),
        (
            "expect 3d 1x load test",
            snapshot(
                "2 to 20 times the usual can be planned, not “1”; the form is: expect [@person] 3d 5x reason."
            ),
        ),
        (
            "expect 3d 21x load test",
            snapshot(
                "2 to 20 times the usual can be planned, not “21”; the form is: expect [@person] 3d 5x reason."
            ),
        ),
        (
            "expect 3d 5x",
            snapshot("Say why, in a few words after the days; the form is: expect [@person] 3d 5x reason."),
        ),
        (
            "expect 3d 5x \u200b",
            snapshot("Say why, in a few words after the days; the form is: expect [@person] 3d 5x reason."),
        ),
        (f"expect 3d {'x' * (LONGEST_REASON + 1)}", snapshot("Say why in at most 300 characters, please.")),
        (
            "expect @steve 3d 5x load test",
            snapshot(
                "I cannot tell who “@steve” is: pick the person from the list that Slack offers after the @, or type their e-mail address."
            ),
        ),
        (
            "<@U012ABCDEF> expect 3d 5x",
            snapshot("I do not understand “3d 5x” here; the form is: expect [@person] 3d 5x reason."),
        ),
    ],
)
def test_what_no_plan_can_be_is_said(text: str, words: str) -> None:
    assert problem(text) == words


def test_an_unknown_word_that_is_nearly_it_is_helped() -> None:
    assert parse_command("expct 3d", TODAY) == Help("I do not know “expct”.", "expect")


@EXACT
@given(st.text())
def test_any_text_is_a_plan_within_bounds_or_a_sentence(text: str) -> None:
    found = parse_command(f"expect {text}", TODAY)
    assert isinstance(found, Expect | Plans | Help)
    if isinstance(found, Expect):
        assert 1 <= found.days <= MOST_DAYS
        assert LEAST_FACTOR <= found.factor <= MOST_FACTOR
        assert 0 < len(found.reason) <= LONGEST_REASON
        assert found.reason.isprintable()


def test_it_holds_from_today_to_the_end_of_its_last_day() -> None:
    assert PLAN.period == Period(TODAY, TODAY + timedelta(days=3))
    plan = Plan(1, Person(1, "carol@example.com", "Carol", Place(1, 1, 0)), PLAN)
    assert (plan.factor, plan.last_day) == (5, date(2026, 11, 24))


@pytest.mark.parametrize(
    ("kind", "spent", "is_told"),
    [
        (Kind.SPIKE, 1000, False),
        (Kind.SPIKE, 1001, True),
        (Kind.COLD_START, 1000, False),
        (Kind.HARD_CAP, 1000, True),
    ],
)
def test_a_plan_excuses_up_to_its_factor_and_never_a_cap(kind: Kind, spent: int, *, is_told: bool) -> None:
    day = FiringDay(TODAY, "warning", spent * MICRO, 200 * MICRO, 800 * MICRO, kind)
    seen = Sighting(IncidentKey("carol@example.com", Kind.SPIKE), PLAN.period, (day,))
    assert bool(evaluate({}, [seen], [PLAN], NOW)) is is_told


def test_the_channel_and_the_manager_are_told_but_not_a_manager_who_planned_it() -> None:
    def told(by: str, channel: str | None, manager: str | None) -> list[tuple[str, str]]:
        plan = plan_of("carol@example.com", 3, 5, "load test", by, NOW)
        return [(one.kind, one.recipient) for one in announcements(plan, "plan-1", channel, manager, NOW)]

    bob = "bob@example.com"
    assert told("carol@example.com", "C1", bob) == [("plan", "C1"), ("manager_plan", bob)]
    assert told(bob, "C1", bob) == [("plan", "C1")]
    assert told("carol@example.com", None, None) == []
    (order, _) = announcements(PLAN, "plan-1", "C1", bob, NOW)
    assert (order.due_at, order.expires_at) == (NOW, datetime(2026, 11, 25, tzinfo=UTC))


def test_each_plan_has_a_label_of_its_own() -> None:
    labels = {plan_label(PLAN, NOW), plan_label(PLAN, NOW + timedelta(seconds=1))}
    assert len(labels) == 2
    assert all(label.startswith("plan-") for label in labels)
    assert plan_label(PLAN, NOW) in labels
