"""A plan is ended by its button, once, where it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from bot.core.answers import NotForYou, NotKnown, PlanRow, PlansAnswer, PlansChange
from bot.core.people import Person, Place
from bot.core.periods import parse_period
from bot.core.plans.bursts import Plan
from bot.core.plans.expectations import Expectation
from bot.demo.slack.values import Json
from bot.errors import UserError
from bot.features.plans.bursts import PLAN_OVER
from bot.slack.render import render
from tests.listeners.rig import CAROL, NOON
from tests.listeners.test_interactions import Scene, scene

ROW = PlanRow(
    Plan(
        7,
        Person(1, "carol@example.com", "Carol", Place(1, 1, 0)),
        Expectation("carol@example.com", parse_period("today", NOON.date()), "why", "carol@example.com", 5),
    ),
    None,
    is_viewer=True,
    may_end=True,
)


@dataclass
class Plans:
    """One plan in memory; ``failure`` is raised in place of ending it."""

    ended: list[tuple[str, int]] = field(default_factory=list)
    failure: Exception | None = None

    def end(self, slack_id: str, number: int, now: datetime) -> PlansAnswer | NotKnown | NotForYou:
        assert now == NOON
        if self.failure:
            raise self.failure
        if number != 7:
            return NotForYou()
        self.ended.append((slack_id, number))
        return PlansAnswer((ROW,), PlansChange.ENDED)


@pytest.fixture
def plans() -> Plans:
    return Plans()


@pytest.fixture
def carol(plans: Plans) -> Iterator[Scene]:
    with scene(plans=plans) as made:
        yield made


def shown(carol: Scene, value: str = "7") -> Json:
    channel = carol.slack.workspace.open_dm(CAROL).id
    message = render(PlansAnswer((ROW,))).as_dict()
    message["blocks"][1]["accessory"]["value"] = value
    return carol.slack.workspace.post(channel, message, only_for=CAROL).body


def test_whoever_may_ends_it_where_it_is_shown(carol: Scene, plans: Plans) -> None:
    carol.press("plan.end", shown(carol))
    assert "This plan has ended" in carol.reply(after=1)["text"]
    assert plans.ended == [(CAROL, 7)]
    assert carol.counted("plan.end", "done") == 1


@pytest.mark.parametrize("value", ["8", "", "x", "9" * 30])
def test_whoever_may_not_reads_what_everybody_reads(carol: Scene, plans: Plans, value: str) -> None:
    carol.press("plan.end", shown(carol, value))
    assert carol.reply(after=1)["text"] == render(NotForYou()).text
    assert plans.ended == []
    assert carol.counted("plan.end", "refused") == 1


def test_one_that_is_over_is_said_to_be(carol: Scene, plans: Plans) -> None:
    plans.failure = UserError(PLAN_OVER)
    carol.press("plan.end", shown(carol))
    assert carol.reply(after=1)["text"] == PLAN_OVER
