"""What happens in the demo as its clock is moved: Home and settings, digests, exports, trouble; with the real bot."""

from __future__ import annotations

import csv
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, expect

from bot.slack.settings_modal import WHOLE_STEPS
from tests.browser.staging import BEGINNING, Demo
from tests.browser.window import Window

pytestmark = pytest.mark.browser

SYNC_MILLISECONDS = 40_000
"""A sync as a process of its own, on a busy machine; one that finds the API away takes half a minute."""


def open_clock(window: Window) -> Locator:
    window.page.get_by_role("button", name="Clock").click()
    return window.page.get_by_role("complementary", name="Clock")


def pull(panel: Locator, lever: str, said: str) -> None:
    panel.locator(f"[data-lever={lever}]").click()
    expect(panel.get_by_role("status")).to_contain_text(said)


def ask_until(window: Window, command: str, said: str) -> Locator:
    """Ask again and again, until a sync has brought what is to be said."""
    give_up = SYNC_MILLISECONDS // 500
    for _ in range(give_up):
        answer = window.ask(command)
        if said in answer.inner_text():
            return answer
        window.page.wait_for_timeout(500)
    raise AssertionError(f"{command} never said {said!r}: {answer.inner_text()}")


def test_home_is_ones_own_and_a_button_is_answered_in_a_modal(demo: Demo, window: Window) -> None:
    window.be(demo.world.slack_id("Carol"), "home")
    home = window.page.get_by_role("article", name="Home")
    expect(home).to_contain_text("You are Carol Jensen")
    expect(home).not_to_contain_text("Your team")
    home.get_by_role("button", name="Last 7 days").click()
    answer = window.page.get_by_role("dialog", name="Codex Usage")
    expect(answer).to_contain_text("Last 7 days (18–24 Nov 2026)")
    answer.get_by_role("button", name="Close").last.click()
    expect(answer).to_have_count(0)

    window.be(demo.world.slack_id("Alice"), "home")
    expect(home).to_contain_text("17 people report to you")
    home.get_by_role("button", name="Everyone below you").click()
    expect(answer).to_contain_text("Bob Hartmann")


def test_settings_say_what_is_wrong_and_home_shows_what_was_saved(demo: Demo, window: Window) -> None:
    window.be(demo.world.slack_id("Gail"), "home")
    home = window.page.get_by_role("article", name="Home")
    expect(home).to_contain_text("Mondays at 09:00 (Europe/Berlin), the usual time in your company")
    home.get_by_role("button", name="Change…").click()
    form = window.page.get_by_role("dialog", name="Your digests")
    form.get_by_label("Day").select_option(label="Tuesday")
    form.get_by_label("Time").fill("10:10")
    form.get_by_role("button", name="Save").click()
    expect(form).to_contain_text(WHOLE_STEPS)
    expect(form.get_by_label("Time")).to_be_focused()
    expect(form.get_by_label("Day").locator("option:checked")).to_have_text("Tuesday")

    form.get_by_label("Time").fill("10:30")
    form.get_by_label("Send me a weekly digest of my own usage").check()
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_count(0)
    expect(home).to_contain_text("Tuesdays at 10:30 (Europe/Berlin)")
    expect(home).to_contain_text("About your own usage: on.")


def test_an_export_arrives_in_ones_messages(demo: Demo, window: Window) -> None:
    window.be(demo.world.slack_id("Carol"))
    expect(window.ask("/codex-usage export csv 7d")).to_contain_text("direct messages")
    window.page.get_by_role("link", name="Codex Usage unread").click()
    rows = download(window, window.messages.last.locator("a.file"))
    assert {row["email"] for row in rows} == {demo.world.email("Carol")}


def download(window: Window, link: Locator) -> list[dict[str, str]]:
    with window.page.expect_download() as begun:
        link.click()
    text = begun.value.path().read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def test_mondays_digest_waits_for_its_week_and_then_comes(demo: Demo, window: Window) -> None:
    window.be(demo.world.slack_id("Bob"), "messages")
    clock = open_clock(window)
    pull(clock, "monday", "wait for the last week to be complete: until 13:00")
    expect(window.messages).to_have_count(0)
    pull(clock, "digests", "its digests come in a few seconds")
    digest = window.messages.first
    expect(digest).to_contain_text("Your team's Codex week, 23–29 Nov 2026", timeout=SYNC_MILLISECONDS)
    expect(digest.get_by_role("table", name="Your direct reports")).to_contain_text("Carol Jensen")
    expect(digest.locator("svg").first).to_be_visible()

    digest.get_by_role("button", name="Details").click()
    details = window.messages.nth(1)
    expect(details).to_contain_text("Only visible to you")
    expect(details).to_contain_text("2026-W48 (23–29 Nov 2026)")
    digest.get_by_role("button", name="CSV").click()
    rows = download(window, window.page.locator("a.file"))
    assert demo.world.email("Carol") in {row["email"] for row in rows}
    assert demo.world.email("Dan") not in {row["email"] for row in rows}

    pull(clock, "week", "A week passed")
    expect(window.messages.last).to_contain_text(
        "Your team's Codex week, 30 Nov – 6 Dec 2026", timeout=SYNC_MILLISECONDS
    )
    assert demo.world.levers.now() > BEGINNING + timedelta(days=12)

    window.be(demo.world.slack_id("Finn"), demo.world.finance_channel)
    expect(window.messages).to_have_count(2)
    expect(window.messages.first).not_to_contain_text("Carol Jensen")


def test_an_api_that_is_away_and_usage_that_runs_away_are_seen(demo: Demo, window: Window) -> None:
    window.be(demo.world.slack_id("Erin"))
    clock = open_clock(window)
    pull(clock, "down", "is down")
    expect(clock).to_contain_text("everything gets 503")
    pull(clock, "sync", "the next sync is due")
    failed = ask_until(window, "/codex-usage status", "a part failed")
    expect(failed).to_contain_text("answered 503")

    pull(clock, "down", "answers again")
    expect(clock).to_contain_text("It answers.")
    clock.get_by_label("Whose").select_option(label="Carol Jensen")
    pull(clock, "explode", "An agent of Carol Jensen ran away")
    pull(clock, "sync", "the next sync is due")
    top = ask_until(window, "/codex-usage top credits today", "Carol Jensen")
    expect(top.locator("tbody tr").first).to_contain_text("Carol Jensen")
