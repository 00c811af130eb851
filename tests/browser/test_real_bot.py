"""The demo as people click through it: the real bot, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenWindow
from tests.browser.speed import time_commands
from tests.browser.staging import Demo
from tests.browser.window import PHONE, Window

pytestmark = pytest.mark.browser

HOSTILE = '<b>Bob</b><img src=x onerror="document.title=1">'
LONGEST_MILLISECONDS = 300


def column(table: Locator, number: int) -> list[str]:
    cells = table.locator(f"tbody tr > :nth-child({number})")
    return [cell.strip() for cell in cells.all_inner_texts()]


def test_alice_sees_a_table_and_a_chart_of_her_team(demo: Demo, window: Window) -> None:
    window.page.goto(demo.url)
    window.page.get_by_role("link", name="Alice Moreno").click()
    answer = window.ask("/codex-usage team")

    expect(answer).to_contain_text("Only visible to you")
    expect(answer.get_by_role("table").first).to_contain_text("Bob Hartmann")
    expect(answer.locator("svg").first).to_be_visible()


def test_a_peer_learns_nothing_and_others_see_no_answer(demo: Demo, window: Window) -> None:
    window.be(demo.world.slack_id("Dan"))
    answer = window.ask("/codex-usage @Bob Hartmann 7d")
    nobody = window.ask("/codex-usage nobody@northwind.example 7d")
    expect(answer.locator(".body")).to_contain_text("I have nothing to show you for that.")
    assert nobody.locator(".body").inner_text() == answer.locator(".body").inner_text()

    window.be(demo.world.slack_id("Finn"))
    expect(window.page.locator(".message")).to_have_count(0)


def pointed_at(window: Window) -> Locator:
    return window.page.get_by_role("listbox").get_by_role("option", selected=True)


def test_everything_can_be_done_with_the_keyboard(demo: Demo, window: Window) -> None:
    window.be(demo.world.slack_id("Alice"))
    box, keys = window.page.locator("#say"), window.page.keyboard
    expect(box).to_be_focused()
    for typed, moves, offered, completed in (
        ("/", (), "[me | team", "/codex-usage "),
        ("t", ("ArrowDown", "ArrowDown", "ArrowUp"), "everyone below you", "/codex-usage team "),
        ("@bob", (), "Bob Hartmann", "/codex-usage team @Bob Hartmann "),
    ):
        keys.type(typed)
        for move in moves:
            keys.press(move)
        expect(pointed_at(window)).to_contain_text(offered)
        keys.press("Enter")
        expect(box).to_have_value(completed)

    keys.type("7d")
    before = window.messages.count()
    keys.press("Enter")
    expect(window.messages.nth(before)).to_contain_text("Carol Jensen")
    expect(box).to_be_focused()
    keys.press("ArrowUp")
    expect(box).to_have_value("/codex-usage team @Bob Hartmann 7d")


def test_a_column_is_sorted_where_one_clicks(demo: Demo, window: Window) -> None:
    window.be(demo.world.slack_id("Alice"))
    table = window.ask("/codex-usage team").get_by_role("table").first
    people = column(table, 1)
    table.get_by_role("button", name="Person").click()

    assert column(table, 1) == sorted(people, key=str.casefold)
    assert column(table, 1) != people
    expect(table.locator("th[aria-sort=ascending]")).to_contain_text("Person")


def test_on_a_phone_nothing_is_cut_off_and_the_channels_are_a_step_away(
    demo: Demo, open_window: OpenWindow
) -> None:
    window = open_window(demo.url, viewport=PHONE, has_touch=True, is_mobile=True)
    window.be(demo.world.slack_id("Alice"))
    window.ask("/codex-usage team")
    width = window.page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]

    channels = window.page.get_by_role("navigation", name="Conversations")
    expect(channels).not_to_be_visible()
    window.page.get_by_role("button", name="Conversations").click()
    channels.get_by_role("link", name="Codex Usage").click()
    expect(window.page.get_by_role("heading", level=1)).to_contain_text("Codex Usage")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(demo: Demo, open_window: OpenWindow, scheme: str) -> None:
    window = open_window(demo.url, color_scheme=scheme)
    window.be(demo.world.slack_id("Carol"))
    answer = window.ask("/codex-usage me")
    assert contrast(window.page.locator("body")) >= 4.5
    assert contrast(answer.locator("time")) >= 4.5
    assert contrast(window.page.locator(".side a").first) >= 4.5


def contrast(element: Locator) -> float:
    """Of the text's colour to the first ground behind it that has one."""
    text, ground = element.evaluate("""(element) => {
        const text = getComputedStyle(element).color;
        let behind = element;
        const see = (one) => getComputedStyle(one).backgroundColor;
        while (behind.parentElement && /, 0\\)$/.test(see(behind))) behind = behind.parentElement;
        return [text, see(behind)];
    }""")
    light, dark = sorted((luminance(text), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """WCAG's, of ``rgb(1, 2, 3)``."""
    red, green, blue = (int(part) / 255 for part in colour.split("(")[1].rstrip(")").split(",")[:3])
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in (red, green, blue)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_hostile_name_is_shown_as_text(demo: Demo, window: Window) -> None:
    bob = demo.world.slack_id("Bob")
    before = demo.world.slack.workspace.member(bob)
    assert before is not None
    demo.world.slack.workspace.change_member(bob, real_name=HOSTILE, profile={"display_name": HOSTILE})
    try:
        demo.world.slack.delivery.say(bob, f"hello {HOSTILE}", "C0GENERAL1")
        window.be(demo.world.slack_id("Alice"))
        message = window.messages.last
        expect(message.locator(".by strong")).to_have_text(HOSTILE)
        expect(message.locator(".body")).to_have_text(f"hello {HOSTILE}")
        expect(window.page.locator("img")).to_have_count(0)
        window.page.locator("#say").fill("@<b")
        expect(pointed_at(window)).to_contain_text(HOSTILE)
        expect(window.page).to_have_title("#general as Alice Moreno")
    finally:
        demo.world.slack.workspace.change_member(
            bob, real_name=before["real_name"], profile=before["profile"]
        )


def test_the_inspector_shows_what_the_bot_got_and_said(demo: Demo, window: Window) -> None:
    window.be(demo.world.slack_id("Carol"))
    window.page.get_by_role("button", name="Inspector").click()
    window.ask("/codex-usage status")
    exchange = window.page.locator(".exchange", has_text="/codex-usage").first
    exchange.click()
    detail = window.page.locator(".detail pre").first
    expect(detail).to_contain_text('"text": "status"')
    expect(detail).to_contain_text('"token": "(hidden)"')


def test_whoever_has_left_can_do_nothing(demo: Demo, window: Window) -> None:
    window.page.goto(f"{demo.url}/as/{demo.world.slack_id('Carol')}/C0GENERAL1")
    window.page.get_by_label("You are").select_option(label="Zoe Albrecht · Software Engineer, Payments")
    expect(window.page.get_by_role("heading", level=1)).to_have_text("Zoe Albrecht has left the company")
    expect(window.page.locator("#say")).to_have_count(0)


NAMELESS = """[...document.querySelectorAll("button, a[href], input, select, textarea, dialog, nav, aside")]
    .filter((one) => !one.labels?.length && !one.ariaLabel && !one.getAttribute("aria-labelledby"))
    .filter((one) => !one.textContent.trim())
    .map((one) => one.outerHTML)"""


def test_everything_one_can_use_has_a_name(demo: Demo, window: Window) -> None:
    for where in ("C0GENERAL1", "home", "messages", "about"):
        window.be(demo.world.slack_id("Alice"), where)
        if where == "C0GENERAL1":
            window.ask("/codex-usage team")
        assert window.page.evaluate(NAMELESS) == []
        expect(window.page.get_by_role("heading", level=1)).to_have_count(1)


def test_two_people_side_by_side_see_each_others_messages_at_once(
    demo: Demo, open_window: OpenWindow
) -> None:
    alice, bob = open_window(demo.url), open_window(demo.url)
    alice.be(demo.world.slack_id("Alice"))
    bob.be(demo.world.slack_id("Bob"))
    bob.page.locator("#say").fill("half a sen")
    alice.ask("Good morning, everybody")
    expect(bob.messages.last).to_contain_text("Good morning, everybody")
    expect(bob.page.locator("#say")).to_have_value("half a sen")
    expect(bob.page.locator("#say")).to_be_focused()


def test_answers_are_on_the_screen_soon(
    demo: Demo, window: Window, capsys: pytest.CaptureFixture[str]
) -> None:
    window.be(demo.world.slack_id("Alice"))
    timed = time_commands(window, 50)
    with capsys.disabled():
        print(f"\n{timed.describe()}")
    assert timed.p50 < LONGEST_MILLISECONDS
