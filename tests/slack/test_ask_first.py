"""The question to the person, and their answer on the card, as they are read."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from inline_snapshot import snapshot

from bot.core.alerts.ask_first import OwnKind, OwnReply
from bot.core.alerts.ask_notices import AskNotice
from bot.core.alerts.cards import AlertItem, Move, OwnAnswer, Planned, Subject
from bot.core.alerts.incidents import IncidentState
from bot.core.alerts.orders import AlertKind
from bot.demo.slack.view_rules import view_problems
from bot.slack.alerts import render_alert
from bot.slack.alerts.ask import OwnFilledIn, own_modal, read_own_modal, render_ask
from tests.slack.show import shown
from tests.slack.test_alerts import ITEM, card

AT = datetime(2026, 11, 20, 11, 30, tzinfo=UTC)
HOSTILE = "<!channel> & <https://x.example|pay>"
SAID = {
    "planned": OwnAnswer("planned", AT, HOSTILE, date(2026, 11, 22)),
    "only that day": OwnAnswer("planned", AT, HOSTILE),
    "stopped": OwnAnswer("stopped", AT),
    "not me": OwnAnswer("not_me", AT),
}
WARNING = replace(ITEM, days=tuple(replace(one, severity="warning") for one in ITEM.days))


def ask(item: AlertItem = WARNING, tells_at: datetime | None = AT) -> AskNotice:
    return AskNotice((item,), tells_at)


@pytest.mark.parametrize(
    ("notice", "words"),
    [
        (
            ask(),
            snapshot("""\
*You used 3,120 credits on Thu 19 Nov.* A usual active day of yours is 240 credits: ×13.0.
Most of that day went through CLI (2,900), and with gpt-5.5 (fast) (3,000).
(Was it meant to be? Finance and your manager hear of it at 20 Nov 2026 11:30 UTC, or as soon as you have answered, and read your answer beside it.)
[It was planned: own.planned 7] [I stopped it: own.stopped 7] [It was not me: own.not_me 7]
"""),
        ),
        (
            ask(replace(WARNING, kind="cold_start", surface=None, model=None)),
            snapshot("""\
*You used 3,120 credits on Thu 19 Nov.* There is no history of yours yet; a usual day of others is 240 credits: ×13.0.
(Was it meant to be? Finance and your manager hear of it at 20 Nov 2026 11:30 UTC, or as soon as you have answered, and read your answer beside it.)
[It was planned: own.planned 7] [I stopped it: own.stopped 7] [It was not me: own.not_me 7]
"""),
        ),
        (
            ask(tells_at=None),
            snapshot("""\
*You used 3,120 credits on Thu 19 Nov.* A usual active day of yours is 240 credits: ×13.0.
Most of that day went through CLI (2,900), and with gpt-5.5 (fast) (3,000).
(It has become so much that finance and your manager hear of it at once. What do you say?)
[It was planned: own.planned 7] [I stopped it: own.stopped 7] [It was not me: own.not_me 7]
"""),
        ),
        (
            ask(replace(WARNING, own_answer=SAID["planned"])),
            snapshot("""\
*You used 3,120 credits on Thu 19 Nov.* A usual active day of yours is 240 credits: ×13.0.
Most of that day went through CLI (2,900), and with gpt-5.5 (fast) (3,000).
(You said that it was planned: &lt;!channel&gt; &amp; &lt;https://x.example|pay&gt;; it may go on until Sun 22 Nov. Who reads of it sees your answer.)
"""),
        ),
        (
            ask(replace(WARNING, own_answer=SAID["only that day"])),
            snapshot("""\
*You used 3,120 credits on Thu 19 Nov.* A usual active day of yours is 240 credits: ×13.0.
Most of that day went through CLI (2,900), and with gpt-5.5 (fast) (3,000).
(You said that it was planned: &lt;!channel&gt; &amp; &lt;https://x.example|pay&gt;. Who reads of it sees your answer.)
"""),
        ),
        (
            ask(replace(WARNING, own_answer=SAID["stopped"])),
            snapshot("""\
*You used 3,120 credits on Thu 19 Nov.* A usual active day of yours is 240 credits: ×13.0.
Most of that day went through CLI (2,900), and with gpt-5.5 (fast) (3,000).
(You said that you have stopped it. Who reads of it sees your answer.)
"""),
        ),
        (
            ask(replace(WARNING, own_answer=SAID["not me"])),
            snapshot("""\
*You used 3,120 credits on Thu 19 Nov.* A usual active day of yours is 240 credits: ×13.0.
Most of that day went through CLI (2,900), and with gpt-5.5 (fast) (3,000).
(You said that it was not you. It was passed on at once as urgent; please tell those who look after your account, too.)
"""),
        ),
        (
            ask(replace(WARNING, state=IncidentState.RESOLVED, move=Move("corrected"))),
            snapshot("""\
*You used 3,120 credits on Thu 19 Nov.* A usual active day of yours is 240 credits: ×13.0.
Most of that day went through CLI (2,900), and with gpt-5.5 (fast) (3,000).
(The vendor corrected the figure, and nothing stands out any more. There is nothing to answer.)
"""),
        ),
        (
            ask(replace(WARNING, state=IncidentState.RESOLVED, move=Move("calmed"))),
            snapshot("""\
*You used 3,120 credits on Thu 19 Nov.* A usual active day of yours is 240 credits: ×13.0.
Most of that day went through CLI (2,900), and with gpt-5.5 (fast) (3,000).
(It is over. There is nothing to answer any more.)
"""),
        ),
    ],
)
def test_a_person_reads_the_facts_and_what_follows(notice: AskNotice, words: str) -> None:
    message = render_ask(notice)
    assert shown(message) == words
    assert message.text.splitlines()[-1] in shown(message)


@pytest.mark.parametrize(
    ("answer", "first", "last"),
    [
        (
            "planned",
            snapshot(
                "*Carol &lt;@U1&gt; used 3,120 credits on Thu 19 Nov.* A usual active day is 240 credits: ×13.0."
            ),
            snapshot(
                "Carol &lt;@U1&gt; says that it was planned: &lt;!channel&gt; &amp; &lt;https://x.example|pay&gt;; it may go on until Sun 22 Nov (20 Nov 2026 11:30 UTC)."
            ),
        ),
        (
            "only that day",
            snapshot(
                "*Carol &lt;@U1&gt; used 3,120 credits on Thu 19 Nov.* A usual active day is 240 credits: ×13.0."
            ),
            snapshot(
                "Carol &lt;@U1&gt; says that it was planned: &lt;!channel&gt; &amp; &lt;https://x.example|pay&gt; (20 Nov 2026 11:30 UTC)."
            ),
        ),
        (
            "stopped",
            snapshot(
                "*Carol &lt;@U1&gt; used 3,120 credits on Thu 19 Nov.* A usual active day is 240 credits: ×13.0."
            ),
            snapshot("Carol &lt;@U1&gt; says that they have stopped it (20 Nov 2026 11:30 UTC)."),
        ),
        (
            "not me",
            snapshot("*Urgent: somebody else may be using this account.*"),
            snapshot("Carol &lt;@U1&gt; says that it was not them (20 Nov 2026 11:30 UTC)."),
        ),
    ],
)
def test_the_answer_stands_on_the_card(answer: str, first: str, last: str) -> None:
    item = replace(WARNING, own_answer=SAID[answer])
    text = render_alert(card(item)).text.splitlines()
    assert text[0] == first
    assert text[-2] == last
    assert text[-1] == "Open."
    assert text[-2] in render_alert(card(item, item)).text


def test_who_is_silent_is_said_to_be_and_by_no_name_in_public() -> None:
    silent = replace(WARNING, is_asked=True, subject=Subject(pseudonym="3F2A"))
    assert render_alert(card(silent)).text.splitlines()[-2] == snapshot(
        "Person 3F2A was asked first, and has not answered yet."
    )


def test_what_was_somebody_else_is_urgent_below_the_card_too() -> None:
    item = replace(WARNING, own_answer=SAID["not me"])
    assert render_alert(card(item, kind=AlertKind.AGAIN)).text == snapshot(
        "*Urgent: Carol &lt;@U1&gt; says that it was not them.* 3,120 credits on Thu 19 Nov, usually 240 credits: ×13.0: somebody else may be using this account."
    )


def test_a_card_says_what_was_planned() -> None:
    item = replace(WARNING, planned=Planned(5, date(2026, 11, 22), HOSTILE))
    assert render_alert(card(item)).text.splitlines()[-2] == snapshot(
        "It goes beyond what was planned: up to ×5 the usual until Sun 22 Nov: &lt;!channel&gt; &amp; &lt;https://x.example|pay&gt;."
    )


def test_the_form_asks_why_and_for_how_long() -> None:
    view = own_modal(7, "https://hooks.slack.com/x")
    assert view_problems(view) == []
    values = {
        "reason": {"choice": {"value": " load  test "}},
        "days": {"choice": {"selected_option": {"value": "7"}}},
    }
    filled_in = read_own_modal(values, view["private_metadata"])
    assert filled_in == OwnFilledIn(7, OwnReply(OwnKind.PLANNED, "load test", 7))


@pytest.mark.parametrize("metadata", ["", "[]", "{}", '{"number": "x"}'])
def test_what_no_form_of_ours_holds_is_passed_over(metadata: str) -> None:
    assert read_own_modal({}, metadata) is None


def test_odd_values_fall_back_to_the_usual() -> None:
    odd = {"days": {"choice": {"selected_option": {"value": "99"}}}, "reason": 5}
    assert read_own_modal(odd, json.dumps({"number": "7"})) == OwnFilledIn(7, OwnReply(OwnKind.PLANNED))
