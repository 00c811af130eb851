"""Home tabs and the stack of modals."""

from __future__ import annotations

from typing import Any

import pytest

from bot.demo.slack.installation import Installation
from bot.demo.slack.values import RefusedError
from bot.demo.slack.views import Views

HOME: dict[str, Any] = {"type": "home", "blocks": [{"type": "divider"}]}
MODAL: dict[str, Any] = {**HOME, "type": "modal", "title": {"type": "plain_text", "text": "Budget"}}


@pytest.fixture
def views() -> Views:
    return Views(Installation())


def test_a_home_tab_keeps_its_id_and_changes_its_hash(views: Views) -> None:
    first = views.publish("UBOB", HOME, None)
    second = views.publish("UBOB", HOME, first["hash"])
    assert (first["id"], first["hash"] != second["hash"]) == (second["id"], True)
    with pytest.raises(RefusedError, match="hash_conflict"):
        views.publish("UBOB", HOME, first["hash"])
    assert views.home_of("UALICE") is None


def test_a_stack_knows_root_and_predecessor_and_closes_from_the_top(views: Views) -> None:
    first = views.open("UBOB", MODAL)
    second = views.push("UBOB", MODAL)
    assert (second["root_view_id"], second["previous_view_id"]) == (first["id"], first["id"])
    views.close_top("UBOB")
    assert [view["id"] for view in views.modals_of("UBOB")] == [first["id"]]
    with pytest.raises(RefusedError, match="not_found"):
        views.find(second["id"])
    views.push("UBOB", MODAL)
    views.close_all("UBOB")
    assert views.modals_of("UBOB") == []


def test_a_view_may_have_a_name_of_the_app_that_is_its_own(views: Views) -> None:
    named = {**MODAL, "external_id": "budget"}
    made = views.open("UBOB", named)
    assert views.find_external("budget") == made["id"]
    assert views.find(made["id"])["external_id"] == "budget"
    with pytest.raises(RefusedError, match="duplicate_external_id"):
        views.push("UALICE", named)
    with pytest.raises(RefusedError, match="not_found"):
        views.find_external("other")


def test_a_view_stays_what_it_is_and_below_250_kilobytes(views: Views) -> None:
    modal = views.open("UBOB", MODAL)
    with pytest.raises(RefusedError, match="invalid_arguments"):
        views.replace(modal["id"], HOME)
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}
    with pytest.raises(RefusedError, match="view_too_large"):
        views.publish("UBOB", {**HOME, "blocks": [section] * 90}, None)


def test_opening_closes_what_was_open(views: Views) -> None:
    views.open("UBOB", MODAL)
    second = views.open("UBOB", MODAL)
    assert [view["id"] for view in views.modals_of("UBOB")] == [second["id"]]
