"""A message about budgets is written as of the moment of sending, with what its reader may see and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from bot.core.alerts.cards import Subject
from bot.core.budgets.cards import Armed, BudgetCard, BudgetItem
from bot.core.budgets.forecast import Driver
from bot.core.budgets.orders import BudgetAlertKind
from bot.core.budgets.terms import Cycle, Scope, Unit
from bot.core.deliveries import Letter, Order
from bot.core.models import MICRO
from bot.features.alerts.write import pseudonym
from bot.features.budgets.write import NOT_THEIRS, OVER, BudgetAlertWriter
from bot.features.deliveries.write_any import AnyWriter, CardWriter
from bot.store.sqlite import SqliteStore
from tests.features.cast import SETTINGS as ASK
from tests.features.cast import cast_of_everyone, email, everyone_in_slack, hire
from tests.features.delivery_rig import Writer
from tests.features.rig import NOW, TODAY, ago
from tests.features.test_budget_alerts import (
    CHANNEL,
    EACH,
    ENG,
    PLATFORM,
    SETTINGS,
    SO_FAR,
    STAFF,
    WHOLE,
    added,
    edited,
    evaluate,
    keep,
)
from tests.features.test_budget_alerts import store as store  # noqa: PLC0414 - a fixture
from tests.features.test_write_alert import Channels, asks
from tests.features.test_write_alert import writer as alert_writer


def forms_of(card: BudgetCard) -> Sequence[object]:
    return [card, "as text"]


def writer(store: SqliteStore, *, is_private: bool | None = True) -> BudgetAlertWriter:
    return BudgetAlertWriter(store, Channels(is_private=is_private), ASK, "secret", forms_of)


def write(store: SqliteStore, order: Order, *, is_private: bool | None = True) -> BudgetCard:
    letter = writer(store, is_private=is_private).compose(order, NOW)
    assert isinstance(letter, Letter), letter
    card = letter.forms[0]
    assert isinstance(card, BudgetCard)
    return card


def only(card: BudgetCard) -> BudgetItem:
    (item,) = card.items
    return item


def orders(store: SqliteStore) -> dict[str, Order]:
    return {order.kind: order for order in evaluate(store).orders}


def test_a_card_says_how_far_since_when_and_where_it_will_end(store: SqliteStore) -> None:
    """1,140 of 1,500; 80 % are reached neither, 75 % of 1,500 on the 19th with 1,140; 1,800 in the end."""
    added(store, replace(WHOLE, amount_micro=1_500 * MICRO, thresholds=(50, 75, 100)))
    card = write(store, orders(store)["budget_alert"])
    item = only(card)
    assert (card.kind, card.is_estimated) == (BudgetAlertKind.CHANNEL, False)
    assert (item.threshold, item.reached_on, item.armed, item.missing) == (75, ago(1), None, 0)
    standing, forecast = item.standing, item.standing.forecast
    assert (standing.used_micro, standing.is_part) == (SO_FAR * MICRO, False)
    assert standing.pace is not None
    assert (standing.pace.used, standing.pace.elapsed) == (Fraction(19, 25), Fraction(2, 3))
    assert forecast is not None
    assert (forecast.expected_micro, forecast.likely_date) == (1_800 * MICRO, date(2026, 11, 26))
    assert item.days == tuple((date(2026, 11, day), 60 * MICRO * (day < 20)) for day in range(1, 21))


def test_drivers_are_what_the_channel_may_read(store: SqliteStore) -> None:
    """No team has five people, so of the organisation none is named; of a group its surfaces are."""
    added(store, *(replace(one, amount_micro=1_500 * MICRO) for one in (WHOLE, ENG)))
    drivers = {}
    for order in evaluate(store).orders:
        item = only(write(store, order))
        assert item.standing.forecast is not None
        drivers[item.standing.budget.scope] = item.standing.forecast.drivers
    assert drivers == {Scope.ORGANISATION: (), Scope.DEPARTMENT: (Driver("CLI", SO_FAR * MICRO),)}


def test_a_manager_reads_of_their_group_by_name(store: SqliteStore) -> None:
    added(store, replace(PLATFORM, amount_micro=700 * MICRO))
    item = only(write(store, orders(store)["manager_budget_alert"], is_private=False))
    assert (item.standing.budget.name, item.threshold) == ("Platform", 80)
    assert item.standing.forecast is not None
    assert [one.label for one in item.standing.forecast.drivers] == ["Alice", "Bob", "Carol"]


def test_what_a_correction_took_back_is_not_sent(store: SqliteStore) -> None:
    added(store, replace(WHOLE, thresholds=(50, 55)))
    order = orders(store)["budget_alert"]
    keep(store, ago(1), dict.fromkeys(STAFF, 0), NOW)
    assert only(write(store, order)).threshold == 50
    keep(store, ago(2), dict.fromkeys(STAFF, 0), NOW)
    keep(store, ago(3), dict.fromkeys(STAFF, 0), NOW)
    assert writer(store).compose(order, NOW) == OVER


def test_a_forecast_that_holds_no_more_is_not_sent(store: SqliteStore) -> None:
    added(store, replace(WHOLE, amount_micro=1_500 * MICRO, thresholds=(100,)))
    order = orders(store)["budget_alert"]
    assert (item := only(write(store, order))).threshold is None
    assert (item.reached_on, item.armed) == (None, None)
    keep(store, ago(1), {"carol": 2_000}, NOW)
    assert writer(store).compose(order, NOW) == OVER


@pytest.mark.parametrize("how", ["edited", "removed"])
def test_a_budget_that_was_changed_meanwhile_is_left_to_its_next_version(
    store: SqliteStore, how: str
) -> None:
    (budget,) = added(store, WHOLE)
    order = orders(store)["budget_alert"]
    if how == "edited":
        edited(store, budget, replace(WHOLE, amount_micro=1_800 * MICRO))
    else:
        assert store.remove_budget(budget, email("erin"), NOW)
    assert writer(store).compose(order, NOW) == OVER


def test_an_edit_and_a_budget_that_came_late_are_said(store: SqliteStore) -> None:
    (budget,) = added(store, WHOLE)
    assert only(write(store, orders(store)["budget_alert"])).armed is None
    edited(store, budget, replace(WHOLE, amount_micro=1_900 * MICRO), NOW - timedelta(days=1))
    assert only(write(store, orders(store)["budget_alert"])).armed == Armed(ago(1), is_new=False)
    added(store, replace(WHOLE, unit=Unit.USD, amount_micro=50 * MICRO), on=NOW)
    assert only(write(store, orders(store)["budget_alert"])).armed == Armed(TODAY, is_new=True)


def test_days_that_were_not_read_make_it_a_part(store: SqliteStore) -> None:
    with store.engine.writing() as connection:
        connection.execute("DELETE FROM day_state WHERE day = ?", ((ago(4) - date(1970, 1, 1)).days,))
    added(store, replace(WHOLE, amount_micro=1_500 * MICRO), replace(EACH, amount_micro=360 * MICRO))
    found = evaluate(store)
    items = write(store, found.orders[0]).items
    assert {(item.standing.is_part, item.standing.forecast, item.missing) for item in items} == {
        (True, None, 1)
    }
    assert len(items) == 1 + len(STAFF)
    assert items[0].standing.budget.scope is Scope.ORGANISATION


def carol_alone(store: SqliteStore) -> dict[str, Order]:
    """Carol used 230 credits this month, 200 of 400 with yesterday."""
    added(store, EACH)
    keep(store, ago(1), {"carol": 50}, NOW)
    return orders(store)


def test_of_a_person_the_private_channel_the_manager_and_they_themselves_read(store: SqliteStore) -> None:
    for kind, order in carol_alone(store).items():
        item = only(write(store, order))
        assert (item.subject, item.threshold, item.reached_on) == (Subject(name="Carol"), 50, ago(1)), kind
        assert (item.standing.used_micro, item.days) == (230 * MICRO, ())


@pytest.mark.parametrize("is_private", [False, None])
def test_any_other_channel_reads_a_pseudonym(store: SqliteStore, *, is_private: bool | None) -> None:
    card = write(store, carol_alone(store)["budget_alert"], is_private=is_private)
    assert only(card).subject == Subject(pseudonym=pseudonym("secret", email("carol")))
    assert "carol" not in repr(card).lower()


def test_a_manager_who_is_one_no_more_reads_nothing(store: SqliteStore) -> None:
    order = carol_alone(store)["manager_budget_alert"]
    moved = [
        replace(one, manager_email=email("gail")) if one.name == "Carol" else one
        for one in cast_of_everyone()
    ]
    hire(store, moved, everyone_in_slack())
    assert writer(store).compose(order, NOW) == NOT_THEIRS
    assert writer(store).compose(replace(order, recipient="nobody@example.com"), NOW) == NOT_THEIRS
    assert writer(store).compose(replace(order, recipient=email("zoe")), NOW) == NOT_THEIRS


def test_who_vanished_from_the_roster_is_told_of_no_more(store: SqliteStore) -> None:
    order = carol_alone(store)["budget_alert"]
    with store.engine.writing() as connection:
        connection.execute(
            "UPDATE employee SET email = 'other@example.com' WHERE email = ?", (email("carol"),)
        )
    assert writer(store).compose(order, NOW) == NOT_THEIRS


def test_nobody_reads_of_anybody_else_whatever_message_is_theirs(store: SqliteStore) -> None:
    """Everybody's people, worked out by walking up from each; and one's own alone."""
    added(store, replace(EACH, amount_micro=380 * MICRO))
    above: dict[str, set[str]] = {}
    lines = {one.email.split("@")[0]: one.manager_email for one in cast_of_everyone()}
    for name in STAFF:
        boss = lines[name]
        while boss is not None and (short := boss.split("@")[0]) in lines:
            above.setdefault(short, set()).add(name)
            boss = lines[short]
    found = evaluate(store).orders
    assert len(found) == 1 + 3 + len(STAFF)
    for order in found:
        who = order.recipient.split("@")[0]
        mine = {
            "budget_alert": set(STAFF),
            "manager_budget_alert": above.get(who, set()),
            "own_budget_alert": {who},
        }
        names = {
            item.subject.name.lower()
            for item in write(store, order).items
            if item.subject and item.subject.name
        }
        assert names == mine[order.kind], order


def test_a_group_that_a_channel_may_not_read_of_any_more_is_left_out(store: SqliteStore) -> None:
    """The department had everybody in it; now four do, who are too few."""
    added(store, ENG)
    order = orders(store)["budget_alert"]
    few = [
        replace(one, department="Eng" if one.name in {"Alice", "Bob", "Carol", "Dan"} else None)
        for one in cast_of_everyone()
    ]
    hire(store, few, everyone_in_slack())
    assert writer(store).compose(order, NOW) == OVER


def test_dollars_without_a_contract_are_called_an_estimate(store: SqliteStore) -> None:
    added(store, WHOLE)
    order = orders(store)["budget_alert"]
    free = BudgetAlertWriter(
        store, Channels(is_private=True), replace(ASK, credit_price_usd=None), "secret", forms_of
    )
    card = free.build(order, NOW)
    assert isinstance(card, BudgetCard)
    assert card.is_estimated


def test_each_kind_of_message_has_its_writer(store: SqliteStore) -> None:
    added(store, replace(WHOLE, cycle=Cycle.WEEK, amount_micro=400 * MICRO))
    order = orders(store)["budget_alert"]
    cards = CardWriter(alert_writer(store), asks(store))
    found = AnyWriter(Writer(), Writer(), cards, writer(store)).compose(order, NOW)
    assert isinstance(found, Letter)
    assert isinstance(found.forms[0], BudgetCard)
    assert SETTINGS.finance_channel == CHANNEL
