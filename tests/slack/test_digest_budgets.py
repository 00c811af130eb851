"""The budgets of the running month in a digest, on a phone and read aloud."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from inline_snapshot import snapshot

from bot.core.budgets.forecast import Forecast
from bot.core.budgets.standing import Standing
from bot.core.budgets.terms import Budget, Cycle, Pace, Scope, Unit, period_of
from bot.core.digests.contents import Digest, Week
from bot.core.models import MICRO
from bot.slack.digests import render_digest
from bot.slack.digests.budgets import budget_lines
from tests.slack.digest_cast import MANAGER, MONDAY, ORGANISATION, QUIET, UNREAD, week
from tests.slack.show import checked, shown

NOVEMBER = period_of(Cycle.MONTH, MONDAY)
WHOLE = Budget(
    1, Scope.ORGANISATION, None, Cycle.MONTH, Unit.CREDITS, 20_000 * MICRO, (100,), 1, NOVEMBER.since
)
CORE = replace(WHOLE, id=2, scope=Scope.TEAM, name="Core <!here>")
DOLLARS = replace(WHOLE, id=3, unit=Unit.USD, amount_micro=900 * MICRO)
PACE = Pace(Fraction(123, 200), Fraction(22, 30))


def expected(budget: Budget) -> Standing:
    forecast = Forecast(budget, NOVEMBER, 18_900 * MICRO, 16_400 * MICRO, 21_300 * MICRO, 0.3, None)
    return Standing(budget, NOVEMBER, 12_300 * MICRO, pace=PACE, forecast=forecast)


def begun(budget: Budget, *, is_part: bool = False) -> Standing:
    return Standing(
        budget, NOVEMBER, 300 * MICRO, is_part, Pace(Fraction(300 * MICRO, budget.amount_micro), PACE.elapsed)
    )


def added(digest: Digest, without: Digest) -> tuple[list[str], list[str]]:
    """The lines that stand in the one only: as shown, and as read aloud."""
    new, old = (shown(render_digest(one)).splitlines() for one in (digest, without))
    read, before = (checked(render_digest(one)).text.splitlines() for one in (digest, without))
    return [line for line in new if line not in old], [line for line in read if line not in before]


def said(standing: Standing, about: Week) -> str:
    (line,) = budget_lines([standing], about)
    return str(line)


def test_the_organisation_reads_where_its_month_will_probably_end() -> None:
    digest = replace(ORGANISATION, budgets=(expected(WHOLE), begun(DOLLARS)))
    on_phone, aloud = added(digest, ORGANISATION)
    assert on_phone == aloud
    assert aloud == snapshot(
        [
            "November: 12,300 of 20,000 credits used (61 %), probably 18,900 by its end (16,400 to 21,300).",
            "November: $300.00 of $900.00 used (33 %), by the usage API's own estimate.",
        ]
    )


def test_a_manager_reads_of_the_groups_by_name_and_a_hostile_name_does_nothing() -> None:
    on_phone, aloud = added(replace(MANAGER, budgets=(expected(CORE), begun(CORE))), MANAGER)
    assert on_phone == aloud
    assert aloud == snapshot(
        [
            "Team Core &lt;!here&gt;, November: 12,300 of 20,000 credits used (61 %), probably 18,900 by its end (16,400 to 21,300).",
            "Team Core &lt;!here&gt;, November: 300 of 20,000 credits used (1 %).",
        ]
    )


def test_what_is_not_known_is_said() -> None:
    assert said(begun(WHOLE, is_part=True), week()) == snapshot(
        "November: at least 300 of 20,000 credits used (1 %)."
    )
    assert said(Standing(DOLLARS, NOVEMBER), week()) == snapshot(
        "November: what is used of $900.00 has no price."
    )


def test_dollars_are_marked_where_they_are_an_estimate() -> None:
    assert said(begun(DOLLARS), week()) == snapshot(
        "November: $300.00 of $900.00 used (33 %), by the usage API's own estimate."
    )
    assert said(begun(DOLLARS), week(credit_price_usd=Decimal("0.04"))) == snapshot(
        "November: $300.00 of $900.00 used (33 %)."
    )


def test_a_short_digest_stays_short() -> None:
    for short in (QUIET, UNREAD):
        assert render_digest(replace(short, budgets=(expected(CORE),))) == render_digest(short)
