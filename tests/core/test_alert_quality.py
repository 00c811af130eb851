"""How good alerts were, worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from bot.core.alerts.quality import AlertQuality, Moved, judge_quality, month_before, month_that_ended
from bot.core.periods import Period

NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1))


def moved(incident: int, day: float, what: str, *, is_answer: bool = False) -> Moved:
    """``day`` of November; 0.5 is the noon before the first one's midnight."""
    return Moved(incident, datetime(2026, 10, 31, tzinfo=UTC) + timedelta(days=day), what, is_answer)


def test_a_month_without_alerts_has_no_quality() -> None:
    assert judge_quality([], NOVEMBER) == AlertQuality(NOVEMBER)
    assert AlertQuality(NOVEMBER).undecided == 0


def test_answers_say_what_an_alert_was_and_how_soon() -> None:
    found = judge_quality(
        [
            moved(1, 2, "opened"),
            moved(1, 2.25, "acknowledged", is_answer=True),  # 6 hours
            moved(1, 9, "calmed"),
            moved(2, 3, "opened"),
            moved(2, 4, "expected", is_answer=True),  # 24 hours
            moved(3, 5, "opened"),
            moved(3, 7, "new_normal", is_answer=True),  # 48 hours
            moved(4, 6, "opened"),
            moved(4, 8, "corrected"),
            moved(5, 7, "opened"),
            moved(5, 7.5, "snoozed", is_answer=True),  # 12 hours, and nobody has said what it was
            moved(6, 8, "opened"),
            moved(6, 8.1, "changed"),
        ],
        NOVEMBER,
    )
    assert found == AlertQuality(
        NOVEMBER, alerts=6, real=1, no_news=2, corrected=1, first_answer=timedelta(hours=18)
    )
    assert found.undecided == 2


def test_the_last_word_counts() -> None:
    found = judge_quality(
        [
            moved(1, 2, "opened"),
            moved(1, 3, "acknowledged", is_answer=True),
            moved(1, 4, "expected", is_answer=True),
        ],
        NOVEMBER,
    )
    assert (found.real, found.no_news, found.first_answer) == (0, 1, timedelta(days=1))


def test_what_opens_again_within_three_days_is_the_same_alert() -> None:
    again = [moved(1, 2, "opened"), moved(1, 4, "calmed"), moved(1, 6.9, "opened")]
    assert judge_quality(again, NOVEMBER).alerts == 1
    anew = [moved(1, 2, "opened"), moved(1, 4, "calmed"), moved(1, 7, "opened")]
    assert judge_quality(anew, NOVEMBER).alerts == 2


def test_an_alert_counts_in_the_month_in_which_it_opened_and_an_answer_whenever_it_came() -> None:
    moves = [
        moved(1, 0.9, "opened"),  # on 31 October
        moved(1, 1.5, "acknowledged", is_answer=True),
        moved(2, 30.9, "opened"),  # on 30 November
        moved(2, 33, "acknowledged", is_answer=True),
        moved(3, 31, "opened"),  # on 1 December
    ]
    found = judge_quality(moves, NOVEMBER)
    assert (found.alerts, found.real) == (1, 1)


def test_the_month_before_is_a_whole_one() -> None:
    assert month_before(date(2026, 12, 31)) == NOVEMBER
    assert month_before(date(2027, 1, 1)) == Period(date(2026, 12, 1), date(2027, 1, 1))


def test_a_week_that_holds_the_last_day_of_a_month_tells_of_the_month() -> None:
    weeks = [Period(date(2026, 11, day), date(2026, 11, day) + timedelta(days=7)) for day in (2, 16, 23)]
    assert [month_that_ended(week) for week in weeks] == [None, None, None]
    assert month_that_ended(Period(date(2026, 11, 30), date(2026, 12, 7))) == NOVEMBER
    assert month_that_ended(Period(date(2027, 1, 25), date(2027, 2, 1))) == Period(
        date(2027, 1, 1), date(2027, 2, 1)
    )
