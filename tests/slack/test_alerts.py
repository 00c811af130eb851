"""Alerts as their readers have them: what happened, against what, what drove it, and how it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from inline_snapshot import snapshot

from bot.core.alerts.cards import AlertCard, AlertItem, Move, Part, Subject
from bot.core.alerts.incidents import FiringDay, Incident, IncidentKey, IncidentState
from bot.core.alerts.orders import AlertKind
from bot.core.models import MICRO
from bot.ports import Authorship, IncidentEvent
from bot.slack.alerts import render_alert
from bot.slack.alerts.details import render_details
from bot.slack.fallback import forms_of
from tests.slack.show import checked, shown

THURSDAY = date(2026, 11, 19)
DAY = FiringDay(THURSDAY, "critical", 3120 * MICRO, 240 * MICRO, 960 * MICRO)
ITEM = AlertItem(
    7,
    Subject(name="Carol <@U1>"),
    "spike",
    IncidentState.OPEN,
    (DAY,),
    Move("opened"),
    Part("CLI", 2900 * MICRO),
    Part("gpt-5.5 (fast)", 3000 * MICRO),
    6240 * MICRO,
    9360 * MICRO,
    tuple((THURSDAY - timedelta(days=19 - n), n * MICRO) for n in range(20)),
)
LATER = datetime(2026, 11, 27, 9, tzinfo=UTC)


def card(*items: AlertItem, kind: AlertKind = AlertKind.CARD) -> AlertCard:
    return AlertCard(kind, items or (ITEM,))


def test_a_card_of_one_person() -> None:
    assert shown(render_alert(card())) == snapshot("""\
*Carol &lt;@U1&gt; used 3,120 credits on Thu 19 Nov.* A usual active day is 240 credits: ×13.0.
It would not have alerted under 960 credits.
Most of that day went through CLI (2,900), and with gpt-5.5 (fast) (3,000).
This month so far: 6,240 credits; at this pace 9,360 credits by its end.
[chart: Carol <@U1>, by day: 31 Oct = 0, 1 Nov = 1, 2 Nov = 2, 3 Nov = 3, 4 Nov = 4, 5 Nov = 5, 6 Nov = 6, 7 Nov = 7, 8 Nov = 8, 9 Nov = 9, 10 Nov = 10, 11 Nov = 11, 12 Nov = 12, 13 Nov = 13, 14 Nov = 14, 15 Nov = 15, 16 Nov = 16, 17 Nov = 17, 18 Nov = 18, 19 Nov = 19 credits]
(Open.)
[Acknowledge: alert.acknowledge 7] [Snooze: alert.snooze 7] [Expected: alert.expected 7] [New normal: alert.normal 7] [Details: alert.details 7]
""")


def test_a_card_is_read_aloud_in_full() -> None:
    assert render_alert(card()).text == snapshot("""\
*Carol &lt;@U1&gt; used 3,120 credits on Thu 19 Nov.* A usual active day is 240 credits: ×13.0.
It would not have alerted under 960 credits.
Most of that day went through CLI (2,900), and with gpt-5.5 (fast) (3,000).
This month so far: 6,240 credits; at this pace 9,360 credits by its end.
Open.\
""")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (
            "cold_start",
            snapshot(
                "*Carol &lt;@U1&gt; used 3,120 credits on Thu 19 Nov.* There is no history yet; a usual day of others is 240 credits: ×13.0."
            ),
        ),
        (
            "hard_cap",
            snapshot("*Carol &lt;@U1&gt; used 3,120 credits on Thu 19 Nov,* which is above the cap."),
        ),
    ],
)
def test_each_kind_has_its_reason(kind: str, words: str) -> None:
    assert render_alert(card(replace(ITEM, kind=kind))).text.splitlines()[0] == words


def test_everybody_at_once_and_nobody_by_name() -> None:
    surge = replace(
        ITEM, subject=Subject(), kind="org_surge", surface=None, model=None, weeks=(), month_micro=0
    )
    assert shown(render_alert(card(surge))) == snapshot("""\
*The whole organisation used 3,120 credits on Thu 19 Nov.* 240 credits would have been usual: ×13.0.
It would not have alerted under 960 credits.
(Open.)
[Acknowledge: alert.acknowledge 7] [Snooze: alert.snooze 7] [Expected: alert.expected 7] [New normal: alert.normal 7] [Details: alert.details 7]
""")


def test_without_anything_usual_there_is_no_factor() -> None:
    unknown = replace(ITEM, days=(replace(DAY, expected_micro=0),), subject=Subject(pseudonym="3F2A"))
    assert render_alert(card(unknown)).text.splitlines()[0] == snapshot(
        "*Person 3F2A used 3,120 credits on Thu 19 Nov.* A usual active day is 0 credits."
    )


def test_several_days_name_the_first() -> None:
    more = replace(ITEM, days=(replace(DAY, day=date(2026, 11, 17), credits_micro=999 * MICRO), DAY))
    assert "It stands out on 2 days, Tue 17 Nov first." in render_alert(card(more)).text


@pytest.mark.parametrize(
    ("state", "move", "words"),
    [
        ("open", Move("woke"), snapshot("Open.")),
        (
            "acknowledged",
            Move("acknowledged", "Erin", "load _test_"),
            snapshot("Erin takes care of it: load ˍtestˍ."),
        ),
        (
            "snoozed",
            Move("snoozed", "Erin", None, LATER),
            snapshot("Erin put it off until 27 Nov 2026 09:00 UTC."),
        ),
        (
            "expected",
            Move("expected", "Erin", "migration", LATER),
            snapshot("Erin expects it until 27 Nov 2026 09:00 UTC: migration."),
        ),
        ("resolved", Move("new_normal", "Erin"), snapshot("Over: Erin says that this is the new normal.")),
        ("resolved", Move("calmed"), snapshot("Over: two normal active days have followed.")),
        (
            "resolved",
            Move("corrected"),
            snapshot("Over: the vendor corrected the figure, and nothing stands out any more."),
        ),
        (
            "resolved",
            Move("retuned"),
            snapshot("Over: the settings were changed, and by them nothing stands out any more."),
        ),
        ("resolved", Move("forgotten"), snapshot("Over: nothing was used for six weeks.")),
        ("resolved", Move("opened"), snapshot("Over already: two normal active days have followed.")),
    ],
)
def test_how_it_stands_is_the_last_line(state: str, move: Move, words: str) -> None:
    item = replace(ITEM, state=IncidentState(state), move=move)
    assert render_alert(card(item)).text.splitlines()[-1] == words


def test_many_share_a_message() -> None:
    other = replace(ITEM, subject=Subject(pseudonym="3F2A"), surface=None)
    assert shown(render_alert(card(ITEM, other))) == snapshot("""\
*2 unusual days at once.* The largest first.
*Carol &lt;@U1&gt;*: 3,120 credits on Thu 19 Nov, usually 240 credits: ×13.0. Mostly through CLI (2,900). Open.
*Person 3F2A*: 3,120 credits on Thu 19 Nov, usually 240 credits: ×13.0. Open.
""")


def test_very_many_still_fit() -> None:
    long = replace(ITEM, subject=Subject(name="W" * 60), move=Move("acknowledged", "E" * 60, "r" * 300))
    message = checked(render_alert(card(*[long] * 500)))
    assert "And 460 more, each smaller than these." in str(message.blocks[-1])


def test_each_of_many_leads_to_its_details() -> None:
    message = checked(render_alert(card(ITEM, replace(ITEM, number=8))))
    buttons = [block["accessory"] for block in message.blocks if "accessory" in block]
    assert [(one["action_id"], one["value"]) for one in buttons] == [
        ("alert.details", "7"),
        ("alert.details", "8"),
    ]


def test_a_pseudonym_can_be_asked_for_and_what_is_over_is_not_answered() -> None:
    over = replace(ITEM, state=IncidentState.RESOLVED, subject=Subject(pseudonym="3F2A"))
    (block,) = [block for block in render_alert(card(over)).blocks if block["type"] == "actions"]
    assert [one["action_id"] for one in block["elements"]] == ["alert.who", "alert.details"]


def test_details_hold_all_that_has_happened() -> None:
    incident = Incident(IncidentKey("carol@example.com", "spike"), IncidentState.OPEN, (DAY,))
    by = Authorship(LATER, "erin@example.com", "load test")
    events = [
        IncidentEvent("opened", Authorship(LATER), THURSDAY, 5),
        IncidentEvent("snoozed", by, THURSDAY, 5, LATER),
        IncidentEvent("something new", Authorship(LATER), THURSDAY, 5),
    ]
    assert shown(render_details(7, "Carol", incident, events)) == snapshot("""\
*Carol*
• Thu 19 Nov: 3,120 credits, expected 240, critical
• 27 Nov 2026 09:00 UTC: found
• 27 Nov 2026 09:00 UTC: put off by erin@example.com until 27 Nov 2026 09:00 UTC: load test
• 27 Nov 2026 09:00 UTC: something new
[Acknowledge: alert.acknowledge 7] [Snooze: alert.snooze 7] [Expected: alert.expected 7] [New normal: alert.normal 7]
""")
    over = replace(incident, state=IncidentState.RESOLVED)
    assert len(checked(render_details(7, "Carol", over, [])).blocks) == 1


def test_that_it_goes_on_stands_below_the_card_in_every_form() -> None:
    message = render_alert(replace(card(kind=AlertKind.AGAIN), thread="1.2"))
    assert shown(message) == snapshot(
        "*It goes on:* Carol &lt;@U1&gt; used 3,120 credits on Thu 19 Nov, usually 240 credits: ×13.0.\n"
    )
    assert {form.thread for form in forms_of(message)} == {"1.2"}


def test_what_has_happened_is_a_line_in_the_thread_and_nobody_is_told() -> None:
    item = replace(ITEM, move=Move("acknowledged", "Erin <!here>", "load _test_"))
    other = replace(ITEM, subject=Subject(pseudonym="3F2A"), move=Move("calmed"))
    everybody = replace(ITEM, subject=Subject(), move=Move("corrected"))
    message = render_alert(replace(card(item, other, everybody, kind=AlertKind.LINE), thread="1.2"))
    assert shown(message) == snapshot("""\
*Carol &lt;@U1&gt;.* Erin &lt;!here&gt; takes care of it: load ˍtestˍ.
*Person 3F2A.* Over: two normal active days have followed.
*The whole organisation.* Over: the vendor corrected the figure, and nothing stands out any more.
""")
    assert {(form.thread, form.is_broadcast) for form in forms_of(message)} == {("1.2", False)}


@pytest.mark.parametrize("kind", [AlertKind.LINE, AlertKind.MANAGER_LINE])
def test_many_lines_are_as_many_as_anybody_reads(kind: AlertKind) -> None:
    """An answer, which alone has a reason, is a message by itself."""
    item = replace(ITEM, subject=Subject(name="N" * 99), move=Move("corrected"))
    message = checked(render_alert(card(*[item] * 300, kind=kind)))
    assert message.text.count("\n") == 10
    assert message.text.endswith("And 290 more: see the card.")
    answer = replace(ITEM, move=Move("expected", "&" * 99, "&" * 900, LATER))
    assert "expects it until" in checked(render_alert(card(answer, kind=kind))).text
