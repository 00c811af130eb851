"""Alerts as finance reads them: settings, what is not over, quality, and what would have been told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from inline_snapshot import snapshot

from bot.core.alerts.answers import AlertsAnswer, AlertsChange, LiveAlert, LookBackAnswer, LookingBack
from bot.core.alerts.choice import AlertChoice, InForce
from bot.core.alerts.incidents import FiringDay, Incident, IncidentKey, IncidentState
from bot.core.alerts.quality import AlertQuality
from bot.core.models import MICRO
from bot.core.periods import Period
from bot.core.spikes.findings import Finding, Kind, Sensitivity, Severity, SpikeSettings
from bot.core.spikes.look_back import LookBack
from bot.slack.alerts_modal import alerts_modal
from bot.slack.render import render
from tests.slack.show import checked

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TUESDAY = date(2026, 11, 17)
OCTOBER, NOVEMBER = (Period(date(2026, month, 1), date(2026, month + 1, 1)) for month in (10, 11))
CHOSEN = InForce(
    SpikeSettings(Sensitivity.HIGH, 100 * MICRO, hard_cap_micro=5_000 * MICRO),
    AlertChoice(2, NOON, "finn@example.com", SpikeSettings()),
)
ANA = Incident(
    IncidentKey("ana@example.com", "spike"),
    IncidentState.ACKNOWLEDGED,
    (FiringDay(TUESDAY, "critical", 3_120 * MICRO, 240 * MICRO, 960 * MICRO),),
)
ANSWER = AlertsAnswer(
    CHOSEN,
    "Finn <@U1>",
    (LiveAlert("Ana <!channel>", ANA), LiveAlert(None, ANA)),
    3,
    (AlertQuality(OCTOBER, 9, 4, 2, 1, timedelta(hours=5.2)), AlertQuality(NOVEMBER)),
    AlertsChange.SAVED,
)
QUIET = AlertsAnswer(InForce(SpikeSettings()), "", (), 0, (AlertQuality(OCTOBER, 1), AlertQuality(NOVEMBER)))


def test_everything_is_said_and_nothing_from_outside_formats() -> None:
    made = checked(render(ANSWER))
    assert made.text == snapshot("""\
Saved. It counts from the next sync on.
Alerts:
*Sensitivity:* high. *Floor:* an excess below 100 credits a day is never told. *Cap:* from 5,000 credits a day on everybody is told of, whatever is usual.
Chosen by Finn &lt;@U1&gt; on 20 Nov 2026 12:00 UTC.
*Not over:*
• *Ana &lt;!channel&gt;:* 3,120 credits on Tue 17 Nov; 240 credits would be usual (acknowledged)
• *The whole organisation:* 3,120 credits on Tue 17 Nov; 240 credits would be usual (acknowledged)
… and 3 more.
*October:* 9 alerts: 4 real, 2 expected or normal, 1 corrected by the source, 2 not answered. Of those judged, 4 of 6 (67 %) were real. Half of the answers came within 5 hours.
*This month:* no alert.
To find the sensitivity that tells at most 3 a week, type `/codex-usage alerts 3 a week`. Alerts of budgets are not counted here.\
""")


def test_a_company_that_chose_nothing_and_has_no_alerts_reads_so() -> None:
    made = checked(render(QUIET))
    assert made.text == snapshot("""\
Alerts:
*Sensitivity:* normal. *Floor:* an excess below 250 credits a day is never told. *Cap:* none.
As configured.
*Not over:* none.
*October:* 1 alert: 0 real, 0 expected or normal, 0 corrected by the source, 1 not answered.
*This month:* no alert.
To find the sensitivity that tells at most 3 a week, type `/codex-usage alerts 3 a week`. Alerts of budgets are not counted here.\
""")
    assert "alerts.reset" not in str(made.blocks)


def test_who_went_back_to_the_configuration_is_said() -> None:
    back = replace(
        QUIET, in_force=InForce(SpikeSettings(), AlertChoice(3, NOON, "x", None)), chosen_by="Finn"
    )
    assert "As configured, since Finn went back to that on" in render(back).text


@pytest.mark.parametrize(
    ("time", "words"),
    [(10, "1 minute"), (125, "2 minutes"), (3_599, "60 minutes"), (3_600, "1 hour"), (90_000, "25 hours")],
)
def test_the_middle_answer_is_told_in_minutes_or_hours(time: float, words: str) -> None:
    quality = AlertQuality(OCTOBER, 1, 1, first_answer=timedelta(seconds=time))
    made = render(replace(QUIET, quality=(quality, AlertQuality(NOVEMBER))))
    assert f"Half of the answers came within {words}." in made.text


def spike(who: str | None, spent: int) -> Finding:
    return Finding(TUESDAY, who, Kind.SPIKE, Severity.WARNING, spent * MICRO, 240 * MICRO, 960 * MICRO)


LOOK = LookBack(
    Period(TUESDAY - timedelta(days=59), TUESDAY + timedelta(days=1)),
    {
        Sensitivity.LOW: (),
        Sensitivity.NORMAL: (spike("ana@example.com", 3_120), spike("<!here>@example.com", 900)),
        Sensitivity.HIGH: (*[spike("ana@example.com", 1_000 + n) for n in range(20)], spike(None, 9_000)),
    },
)


def test_looking_back_is_promised() -> None:
    assert render(LookingBack()).text == snapshot(
        "Looking through the last 60 days. In a company of many thousands that takes some minutes; the answer comes here."
    )


def test_each_sensitivity_is_told_with_its_largest_alerts() -> None:
    made = checked(render(LookBackAnswer(LOOK, CHOSEN, most_a_week=1)))
    assert made.text == snapshot("""\
What alerts would have told in 60 days:
• *low:* 0 alerts, 0.0 a week, about 0 people
• *normal:* 2 alerts, 0.2 a week, about 2 people. The largest: ana@example.com 3,120 on Tue 17 Nov, &lt;!here&gt;@example.com 900 on Tue 17 Nov
• *high (now):* 21 alerts, 2.5 a week, about 1 person. The largest: The whole organisation 9,000 on Tue 17 Nov, ana@example.com 1,019 on Tue 17 Nov, ana@example.com 1,018 on Tue 17 Nov
At most 1 a week: that would have been *normal*.\
""")
    buttons = [
        one["value"] for block in made.blocks if block["type"] == "actions" for one in block["elements"]
    ]
    assert buttons == ["low.2", "normal.2"]


def test_a_limit_that_nothing_fits_is_said() -> None:
    loud = LookBack(LOOK.period, dict.fromkeys(Sensitivity, LOOK.told[Sensitivity.HIGH]))
    assert (
        "Even low sensitivity would have told more than 1 a week"
        in render(LookBackAnswer(loud, CHOSEN, 1)).text
    )


def test_the_form_begins_with_what_holds() -> None:
    view = alerts_modal(CHOSEN.settings, "{}")
    fields = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    assert fields["sensitivity"]["initial_option"]["value"] == "high"
    assert (fields["floor"]["initial_value"], fields["cap"]["initial_value"]) == ("100", "5000")
    empty = alerts_modal(SpikeSettings(), "{}")["blocks"][-1]["element"]
    assert "initial_value" not in empty
