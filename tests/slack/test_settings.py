"""Settings as people read them, and the modal that changes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from inline_snapshot import snapshot

from bot.core.answers import SettingsAnswer, SettingsChange
from bot.core.digests.choice import DigestChoice
from bot.core.digests.times import WeekMoment
from bot.demo.slack.gestures import state_values
from bot.demo.slack.view_rules import view_problems
from bot.slack.modals import answer_modal, waiting_modal
from bot.slack.render import render
from bot.slack.settings_modal import CHOOSE_A_DAY, CHOOSE_A_TIME, WHOLE_STEPS, read_settings, settings_modal
from bot.slack.terminal import as_text
from tests.slack.test_limits import DAY, NAMES, PAID
from tests.slack.test_limits import _answers as every_answer

MONDAY_NINE = WeekMoment(0, 540)
NEXT = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Berlin"))
USUAL = SettingsAnswer(DigestChoice(), 0, 540, "Europe/Berlin", has_reports=True, next_digest=NEXT)
PAUSED = replace(
    USUAL,
    choice=DigestChoice(is_paused=True, wants_personal=True),
    next_digest=None,
    change=SettingsChange.PAUSED,
)
ALONE = replace(USUAL, has_reports=False, next_digest=None)
FRIDAY = replace(
    ALONE,
    choice=DigestChoice(weekday=4, minute=990, wants_personal=True),
    weekday=4,
    minute=990,
    next_digest=datetime(2026, 11, 27, 16, 30, tzinfo=ZoneInfo("Europe/Berlin")),
    change=SettingsChange.SAVED,
)


def words(answer: SettingsAnswer) -> str:
    return as_text(render(answer))


def buttons(answer: SettingsAnswer) -> list[str]:
    return [element["text"]["text"] for element in render(answer).blocks[-1]["elements"]]


def test_a_manager_reads_when_the_next_one_comes() -> None:
    assert words(USUAL) == snapshot("""\
Your digest settings
====================

Your weekly digest comes on Mondays at 09:00 (Europe/Berlin), the usual time
in your company.
Next: Mon 23 Nov, 09:00.
About everyone below you: on.
About your own usage: off.\
""")
    assert buttons(USUAL) == ["Pause", "Change\u2026"]


def test_paused() -> None:
    assert words(PAUSED) == snapshot("""\
Your digest settings
====================

Done.
Your digests are paused: none is sent until you resume them, then again on
Mondays at 09:00 (Europe/Berlin).
About everyone below you: paused.
About your own usage: paused.\
""")
    assert buttons(PAUSED) == ["Resume", "Change\u2026"]


def test_paused_without_anything_to_come() -> None:
    assert words(replace(ALONE, choice=DigestChoice(is_paused=True))) == snapshot("""\
Your digest settings
====================

Nobody reports to you in your company's list of employees, so there is no
digest about a team for you. You can have one about your own usage.
Your digests are paused: none is sent until you resume them.
About your own usage: off.\
""")


def test_resumed() -> None:
    assert words(replace(USUAL, change=SettingsChange.RESUMED)).splitlines()[3] == snapshot("Done.")


def test_without_reports() -> None:
    assert words(ALONE) == snapshot("""\
Your digest settings
====================

Nobody reports to you in your company's list of employees, so there is no
digest about a team for you. You can have one about your own usage.
About your own usage: off.\
""")
    assert buttons(ALONE) == ["Change\u2026"]


def test_a_personal_one_was_chosen() -> None:
    assert words(FRIDAY) == snapshot("""\
Your digest settings
====================

Saved.
Nobody reports to you in your company's list of employees, so there is no
digest about a team for you. You can have one about your own usage.
Your weekly digest comes on Fridays at 16:30 (Europe/Berlin).
Next: Fri 27 Nov, 16:30.
About your own usage: on.\
""")


@pytest.mark.parametrize("answer", [USUAL, PAUSED, ALONE, FRIDAY, None])
def test_slack_takes_the_modal_and_gives_back_what_it_was_filled_in_with(
    answer: SettingsAnswer | None,
) -> None:
    view = settings_modal(answer, MONDAY_NINE, metadata='{"url": ""}')

    assert view_problems(view) == []
    at = WeekMoment(answer.weekday, answer.minute) if answer else MONDAY_NINE
    personal = answer is not None and answer.choice.wants_personal
    assert read_settings(state_values(view["blocks"], {}), MONDAY_NINE) == (at, personal)


def test_what_the_modal_says_to_whom() -> None:
    said = [
        settings_modal(each, MONDAY_NINE, "")["blocks"][0]["text"]["text"]
        for each in (USUAL, ALONE, PAUSED, None)
    ]
    assert said == snapshot(
        [
            "Every week you get a digest about everyone below you.",
            "Nobody reports to you in your company's list of employees, so there is no digest about a team for you. You can have one about your own usage.",
            "Your digests are paused at the moment, and stay so until you resume them.",
            "I could not read how your digests are set at the moment, so this shows the usual time. Saving puts what you choose here in place.",
        ]
    )


def picked(weekday: Any = "0", time: Any = "09:30", personal: Any = None) -> dict[str, Any]:
    return {
        "weekday": {"choice": {"selected_option": {"value": weekday}}},
        "time": {"choice": {"selected_time": time}},
        "personal": {"choice": {"selected_options": personal}},
    }


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        (picked(time="09:15"), {"time": WHOLE_STEPS}),
        (picked(time=None), {"time": CHOOSE_A_TIME}),
        (picked(time="24:00"), {"time": CHOOSE_A_TIME}),
        (picked(time="9:00"), {"time": CHOOSE_A_TIME}),
        (picked(time=540), {"time": CHOOSE_A_TIME}),
        (picked(weekday="7"), {"weekday": CHOOSE_A_DAY}),
        (picked(weekday=0), {"weekday": CHOOSE_A_DAY}),
        (picked(weekday="-1", time="x"), {"weekday": CHOOSE_A_DAY, "time": CHOOSE_A_TIME}),
        ({}, {"weekday": CHOOSE_A_DAY, "time": CHOOSE_A_TIME}),
        ({"weekday": [], "time": {"choice": "09:00"}}, {"weekday": CHOOSE_A_DAY, "time": CHOOSE_A_TIME}),
        ({**picked(), "weekday": {"choice": {"selected_option": None}}}, {"weekday": CHOOSE_A_DAY}),
    ],
)
def test_what_cannot_be_is_said_at_its_field(values: dict[str, Any], problems: dict[str, str]) -> None:
    assert read_settings(values, MONDAY_NINE) == problems


def test_midnight_and_the_last_half_hour_can_be_chosen() -> None:
    assert read_settings(picked(time="00:00"), MONDAY_NINE) == (WeekMoment(0, 0), False)
    assert read_settings(picked("6", "23:30", [{"value": "personal"}]), MONDAY_NINE) == (
        WeekMoment(6, 1410),
        True,
    )


def test_the_companys_own_time_can_be_chosen_whatever_it_is() -> None:
    assert read_settings(picked(time="08:05"), WeekMoment(2, 485)) == (WeekMoment(0, 485), False)


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_slack_takes_every_answer_in_a_modal(name: str) -> None:
    for answer in every_answer(name, DAY, PAID):
        view = answer_modal(render(answer))
        assert view_problems(view, native_blocks=False) == [], answer
        assert "actions" not in {block["type"] for block in view["blocks"]}


def test_a_sentence_alone_is_a_modal_too() -> None:
    assert view_problems(waiting_modal()) == []
