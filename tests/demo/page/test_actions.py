"""What a person does on the page reaches the app, and what comes back stands where they look."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from bot.demo.page.actions import FILL_IN, SLOW, TROUBLE, UNKNOWN_COMMAND
from bot.demo.slack import SlackServer
from tests.demo.page.small_app import BUDGET, SmallApp, modal, section


def said_to(slack: SlackServer, user_id: str) -> list[str]:
    return [str(reply["text"]) for reply in slack.replies_to(user_id)]


def say(page: httpx.Client, text: str) -> None:
    answer = page.post("/as/UBOB/say", json={"channel": "C0GENERAL1", "text": text})
    assert answer.json() == {"problem": ""}


def press(page: httpx.Client, place: dict[str, Any], action_id: str, choice: Any = None) -> str:
    used = {"block_id": "row", "action_id": action_id, "choice": choice, "values": {}}
    return str(page.post("/as/UBOB/press", json={"place": place, "used": used}).json()["problem"])


@pytest.fixture
def asked(page: httpx.Client, small_app: SmallApp, slack: SlackServer) -> dict[str, Any]:
    """The place of a reply with buttons."""
    say(page, "/codex-usage me")
    return {"channel": "C0GENERAL1", "ts": slack.wait_for_reply("UBOB")["ts"]}


@pytest.fixture
def opened(page: httpx.Client, asked: dict[str, Any], slack: SlackServer) -> str:
    """The id of an open modal."""
    press(page, asked, "open")
    slack.workspace.wait_until(lambda: slack.workspace.modals_of("UBOB"))
    return str(slack.workspace.modals_of("UBOB")[0]["id"])


def test_what_slack_itself_says_only_the_person_reads(page: httpx.Client, slack: SlackServer) -> None:
    say(page, "/codex-usage me")
    say(page, "/weather")
    assert said_to(slack, "UBOB") == [
        "/codex-usage failed with the error “dispatch_failed”",
        UNKNOWN_COMMAND.format(word="/weather"),
    ]
    assert "Slackbot" in page.get("/as/UBOB/C0GENERAL1").text
    assert slack.messages_in("general") == []


@pytest.mark.usefixtures("small_app")
def test_an_app_that_is_slow_is_told_of_in_slacks_words(page: httpx.Client, slack: SlackServer) -> None:
    say(page, "/codex-usage slow")
    assert said_to(slack, "UBOB") == ["/codex-usage failed with the error “operation_timeout”"]


def test_a_plain_message_is_for_everybody(page: httpx.Client, slack: SlackServer) -> None:
    say(page, "good morning <b>")
    assert slack.messages_in("general")[0]["text"] == "good morning &lt;b&gt;"


@pytest.mark.parametrize(
    ("action_id", "choice", "told"), [("more", None, "7"), ("period", "week", "week"), ("menu", "day", "day")]
)
def test_buttons_selects_and_menus_reach_the_app(
    page: httpx.Client, asked: dict[str, Any], slack: SlackServer, action_id: str, choice: Any, told: str
) -> None:
    assert press(page, asked, action_id, choice) == ""
    slack.workspace.wait_until(lambda: said_to(slack, "UBOB") == ["used"])
    assert f"Used {action_id}: {told}" in page.get("/as/UBOB/C0GENERAL1").text


def test_nobody_presses_what_somebody_else_sees(page: httpx.Client, asked: dict[str, Any]) -> None:
    used = {"block_id": "row", "action_id": "more", "values": {}}
    answer = page.post("/as/UALICE/press", json={"place": asked, "used": used})
    assert answer.json()["problem"] == "That did not work: no such message."


def cut_off(slack: SlackServer) -> None:
    """The app is gone, and finds no way back."""
    slack.installation.token_error = "token_revoked"
    slack.socket_mode.drop()


def test_a_press_that_fails_says_so(page: httpx.Client, asked: dict[str, Any], slack: SlackServer) -> None:
    assert press(page, asked, "wait") == SLOW
    cut_off(slack)
    assert press(page, asked, "more") == "Codex Usage could not be reached (dispatch_failed)."


def test_a_modal_comes_back_with_its_errors_and_what_was_typed(
    page: httpx.Client, opened: str, slack: SlackServer
) -> None:
    assert "Set a budget" in page.get("/as/UBOB/C0GENERAL1").text
    submit = {"view": opened, "values": {"amount": "lots", "note": "for <Q1>"}}
    assert page.post("/as/UBOB/submit", json=submit).json() == {"problem": ""}
    text = page.get("/as/UBOB/C0GENERAL1").text
    assert "A whole number, please." in text
    assert 'value="lots"' in text
    assert "for &lt;Q1&gt;" in text
    submit["values"] = {"amount": "500", "note": None}
    page.post("/as/UBOB/submit", json=submit)
    assert slack.workspace.modals_of("UBOB") == []
    slack.workspace.wait_until(lambda: slack.dms_to("UBOB"))
    assert "The budget is 500." in page.get("/as/UBOB/messages").text


def test_a_field_that_may_not_be_empty_stops_the_submission(
    page: httpx.Client, opened: str, small_app: SmallApp
) -> None:
    before = len(small_app.heard)
    page.post("/as/UBOB/submit", json={"view": opened, "values": {"amount": ""}})
    assert FILL_IN in page.get("/as/UBOB/C0GENERAL1").text
    assert len(small_app.heard) == before


def test_a_submission_that_fails_keeps_the_modal_and_says_so(
    page: httpx.Client, opened: str, slack: SlackServer
) -> None:
    cut_off(slack)
    page.post("/as/UBOB/submit", json={"view": opened, "values": {"amount": "5"}})
    text = page.get("/as/UBOB/C0GENERAL1").text
    assert TROUBLE in text
    assert 'value="5"' in text


@pytest.mark.parametrize(("everything", "left"), [(False, 1), (True, 0)])
def test_modals_lie_on_each_other_and_are_closed_one_by_one_or_all(
    page: httpx.Client, opened: str, small_app: SmallApp, slack: SlackServer, *, everything: bool, left: int
) -> None:
    used = {"block_id": "more", "action_id": "push", "values": {"amount": "5"}}
    page.post("/as/UBOB/press", json={"place": {"view": opened}, "used": used})
    slack.workspace.wait_until(lambda: len(slack.workspace.modals_of("UBOB")) == 2)
    pressed = next(body for body in small_app.heard if body.get("type") == "block_actions")
    assert pressed["view"]["state"]["values"]["amount"]["value"]["value"] == "5"
    assert len(re.findall("<dialog[^>]* data-view=", page.get("/as/UBOB/C0GENERAL1").text)) == 2
    below = page.post("/as/UBOB/close", json={"view": opened})
    assert below.status_code == 404
    top = slack.workspace.modals_of("UBOB")[-1]["id"]
    page.post("/as/UBOB/close", json={"view": top, "everything": everything})
    assert len(slack.workspace.modals_of("UBOB")) == left
    assert small_app.heard[-1]["type"] == "view_closed"


def test_closing_says_when_the_app_does_not_hear_of_it(page: httpx.Client, slack: SlackServer) -> None:
    view = slack.workspace.views.open("UBOB", BUDGET)
    answer = page.post("/as/UBOB/close", json={"view": view["id"]})
    assert answer.json()["problem"] == "Codex Usage could not be reached (dispatch_failed)."


@pytest.mark.usefixtures("small_app")
def test_the_home_tab_comes_when_it_is_opened(page: httpx.Client, slack: SlackServer) -> None:
    assert "Nothing here yet" in page.get("/as/UBOB/home").text
    assert page.post("/as/UBOB/open/home", json={}).json() == {"problem": ""}
    slack.workspace.wait_until(lambda: slack.home_of("UBOB"))
    home = slack.home_of("UBOB")
    assert home is not None
    assert "Your week" in page.get("/as/UBOB/home").text
    used = {"block_id": "block0", "action_id": "home", "values": {}}
    answer = page.post("/as/UBOB/press", json={"place": {"view": home["id"]}, "used": used})
    assert answer.json() == {"problem": ""}


def test_a_changed_modal_forgets_the_errors_of_the_one_before(
    page: httpx.Client, opened: str, slack: SlackServer
) -> None:
    page.post("/as/UBOB/submit", json={"view": opened, "values": {"amount": "lots"}})
    with slack.workspace.changed:
        slack.workspace.views.replace(opened, modal("budget", section("Thank you")))
    text = page.get("/as/UBOB/C0GENERAL1").text
    assert "Thank you" in text
    assert "A whole number" not in text
