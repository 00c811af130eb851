"""Whom one can be: everybody of the company who has a Slack account, each in a group."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo.page.personas import GROUPS, build_personas
from bot.demo.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path) as started:
        yield started


def test_every_kind_of_person_is_there(world: World) -> None:
    personas = {one.slack_id: one for one in build_personas(world)}

    assert {one.group for one in personas.values()} == set(GROUPS)
    groups = {
        who: personas[world.slack_id(who)].group for who in ("Carol", "Bob", "Alice", "Finn", "Erin", "Zoe")
    }
    assert groups == {
        "Carol": "Employees",
        "Bob": "Managers",
        "Alice": "VPs and above",
        "Finn": "Finance",
        "Erin": "Administrators",
        "Zoe": "Left the company",
    }
    assert personas[world.slack_id("Alice")].role == "VP Engineering"
    assert personas[world.slack_id("Bob")].role == "Engineering Manager, Payments"


def test_everybody_is_there_once(world: World) -> None:
    personas = build_personas(world)
    people = {worker.slack_id for worker in world.company.staff} - {None}

    assert len(personas) == len({one.slack_id for one in personas}) == len(people) + 1
