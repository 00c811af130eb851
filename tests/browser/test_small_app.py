"""Buttons, menus and modals in a real browser, against a small app over Socket Mode."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from bot.demo.page.clock import Clock
from bot.demo.page.personas import Persona
from bot.demo.page.server import PageServer
from bot.demo.page.serving import serving
from bot.demo.page.site import Site
from bot.demo.slack import SlackServer, build_member
from tests.browser.conftest import OpenWindow
from tests.browser.window import Window
from tests.demo.page.small_app import SmallApp, modal, running_app, section

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def slack() -> Iterator[SlackServer]:
    with SlackServer([build_member(name) for name in ("Alice", "Bob")]) as server:
        yield server


@pytest.fixture(scope="module")
def small_app(slack: SlackServer) -> Iterator[SmallApp]:
    with running_app(slack) as small:
        yield small


@pytest.fixture(scope="module")
def url(slack: SlackServer, small_app: SmallApp) -> Iterator[str]:
    personas = [Persona(f"U{name}", "Engineer", "Employees") for name in ("ALICE", "BOB")]
    with serving(PageServer(), Site(slack, personas, Clock())) as served:
        yield served


@pytest.fixture
def window(url: str, slack: SlackServer, open_window: OpenWindow) -> Window:
    slack.delivery.close("UBOB", everything=True)
    opened = open_window(url)
    opened.be("UBOB")
    return opened


def test_a_press_changes_the_message_in_place(window: Window) -> None:
    message = window.ask("/codex-usage hello")
    message.get_by_role("button", name="More").click()
    expect(message).to_contain_text("Used more: 7")
    expect(message.get_by_role("button", name="More")).to_be_focused()


def test_what_is_dangerous_is_asked_first(window: Window, small_app: SmallApp) -> None:
    message = window.ask("/codex-usage hello")
    question = window.page.get_by_role("dialog", name="Really?")
    message.get_by_role("button", name="Forget it").click()
    question.get_by_role("button", name="No").click()
    message.get_by_role("button", name="Forget it").click()
    expect(question).to_contain_text("It is gone then.")
    question.get_by_role("button", name="Do it").click()
    expect(message).to_contain_text("Used forget")
    assert sum(body.get("actions", [{}])[0].get("action_id") == "forget" for body in small_app.heard) == 1


def test_a_select_and_a_menu_are_used(window: Window, small_app: SmallApp) -> None:
    message = window.ask("/codex-usage hello")
    message.get_by_role("combobox").select_option("week")
    expect(message).to_contain_text("Used period: week")
    message.locator("summary").click()
    message.get_by_role("button", name="Day").click()
    expect(message).to_contain_text("Used menu: day")
    assert small_app.heard[-1]["state"]["values"]["row"]["period"]["selected_option"]["value"] == "week"


def test_a_modal_shows_its_error_and_then_goes_through(window: Window, slack: SlackServer) -> None:
    message = window.ask("/codex-usage hello")
    message.get_by_role("button", name="Set a budget").click()
    budget = window.page.get_by_role("dialog", name="Budget")
    amount = budget.get_by_label("Amount")
    expect(amount).to_be_focused()
    amount.fill("lots")
    budget.get_by_label("Note").fill("for\nQ1")
    budget.get_by_role("button", name="Save").click()

    expect(budget).to_contain_text("A whole number, please.")
    expect(amount).to_have_attribute("aria-invalid", "true")
    expect(amount).to_be_focused()
    expect(amount).to_have_value("lots")
    expect(budget.get_by_label("Note")).to_have_value("for\nQ1")
    amount.fill("500")
    amount.press("Enter")

    expect(budget).to_have_count(0)
    expect(message.get_by_role("button", name="Set a budget")).to_be_focused()
    window.page.get_by_role("link", name="Codex Usage").click()
    expect(window.messages.last).to_contain_text("The budget is 500.")


def test_an_empty_field_is_pointed_out(window: Window) -> None:
    window.ask("/codex-usage hello").get_by_role("button", name="Set a budget").click()
    budget = window.page.get_by_role("dialog", name="Budget")
    budget.get_by_role("button", name="Save").click()
    expect(budget).to_contain_text("Please complete this required field.")


def test_modals_lie_on_each_other_and_escape_closes_the_one_on_top(
    window: Window, small_app: SmallApp, slack: SlackServer
) -> None:
    window.ask("/codex-usage hello").get_by_role("button", name="Set a budget").click()
    budget = window.page.get_by_role("dialog", name="Budget")
    budget.get_by_label("Amount").fill("12")
    budget.get_by_role("button", name="Details").click()
    details = window.page.get_by_role("dialog", name="Details")
    expect(details).to_contain_text("All about it")
    window.page.keyboard.press("Escape")

    expect(details).to_have_count(0)
    expect(budget.get_by_label("Amount")).to_have_value("12")
    slack.workspace.wait_until(lambda: small_app.heard[-1]["type"] == "view_closed")
    assert small_app.heard[-1]["view"]["callback_id"] == "details"
    budget.get_by_role("button", name="Close").click()
    expect(budget).to_have_count(0)


def test_what_is_being_typed_survives_a_change_by_the_app(window: Window, slack: SlackServer) -> None:
    window.ask("/codex-usage hello").get_by_role("button", name="Set a budget").click()
    budget = window.page.get_by_role("dialog", name="Budget")
    budget.get_by_label("Amount").fill("12")
    shown = slack.workspace.modals_of("UBOB")[0]
    with slack.workspace.changed:
        blocks = [section("Prices went up."), *shown["blocks"]]
        slack.workspace.views.replace(shown["id"], modal("budget", *blocks))
        slack.workspace.changed.notify_all()

    expect(budget).to_contain_text("Prices went up.")
    expect(budget.get_by_label("Amount")).to_have_value("12")
    expect(budget.get_by_label("Amount")).to_be_focused()


def test_the_home_tab_is_filled_and_used(window: Window, small_app: SmallApp) -> None:
    window.page.get_by_role("link", name="Codex Usage").click()
    window.page.get_by_role("link", name="Home").click()
    refresh = window.page.get_by_role("button", name="Refresh")
    refresh.click()
    expect(window.page.locator("[aria-busy]")).to_have_count(0)
    assert small_app.heard[-1]["container"]["type"] == "view"


def test_a_file_can_be_downloaded(window: Window) -> None:
    window.page.locator("#say").fill("/codex-usage file")
    window.page.keyboard.press("Enter")
    window.page.get_by_role("link", name="Codex Usage unread").click()
    with window.page.expect_download() as download:
        window.page.get_by_role("link", name="usage.csv").click()
    assert download.value.suggested_filename == "usage.csv"
    assert download.value.path().read_bytes() == b"a,b\n"


def test_a_message_is_copied_as_block_kit(window: Window) -> None:
    window.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    message = window.ask("/codex-usage hello")
    message.get_by_role("button", name="Copy Block Kit JSON").click()
    expect(window.page.get_by_role("alert")).to_contain_text("Copied.")
    assert '"You said hello"' in window.page.evaluate("navigator.clipboard.readText()")
