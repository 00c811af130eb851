"""Writes the message about budgets that is in the outbox, as of the moment at which it is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from bot.core.alerts.cards import Subject
from bot.core.budgets.cards import Armed, BudgetCard, BudgetItem
from bot.core.budgets.forecast import is_worth_saying
from bot.core.budgets.money import PersonSpend, Spend, is_part
from bot.core.budgets.orders import BudgetAlertKind, highest
from bot.core.budgets.standing import Standing
from bot.core.budgets.terms import Budget, Crossing, SaidKey, Use, evaluate, pace, period_of
from bot.core.deliveries import Letter, Order
from bot.core.periods import DAY, Period
from bot.core.visibility import (
    BudgetSight,
    Viewer,
    budget_alert_sight,
    budget_people_sight,
    may_name_in_channel,
)
from bot.features.alerts.write import pseudonym
from bot.features.asked import Asked, AskSettings
from bot.features.budgets.ask import budgets_in_sight, teams_of
from bot.features.budgets.look import measured_days
from bot.features.budgets.standings import Moment, as_far_as_known, measure, missing_days, with_drivers
from bot.ports import Channels, Snapshot, Store

OVER = (
    "nothing of it holds any more: the figures were corrected, or the budget was changed, before it was sent"
)
NOT_THEIRS = "nothing in it is theirs to see any more"


class BudgetAlertWriter:
    """Implements `bot.ports.Composer`; ``forms_of`` renders a card, the fullest form first.

    ``secret`` makes the pseudonyms, which are those of other alerts.
    """

    def __init__(
        self,
        store: Store,
        channels: Channels,
        settings: AskSettings,
        secret: str,
        forms_of: Callable[[BudgetCard], Sequence[object]],
    ) -> None:
        self._store = store
        self._channels = channels
        self._settings = settings
        self._secret = secret
        self._forms_of = forms_of

    def compose(self, order: Order, now: datetime) -> Letter | str:
        """Raises `StoreError`."""
        card = self.build(order, now)
        return card if isinstance(card, str) else Letter(self._forms_of(card))

    def build(self, order: Order, now: datetime) -> BudgetCard | str:
        """What is to be said, or why nothing."""
        kind = BudgetAlertKind(order.kind)
        is_channel = kind is BudgetAlertKind.CHANNEL
        names = not is_channel or may_name_in_channel(is_private=self._channels.is_private(order.recipient))
        changes = {(one.budget, one.version): one.at.date() for one in self._store.load_budget_changes()}
        with self._store.snapshot() as snapshot:
            reader = None if is_channel else snapshot.find_person(email=order.recipient)
            if not is_channel and (reader is None or reader.archived):
                return NOT_THEIRS
            about = snapshot.load_said_in(
                order.period, budget_people_sight(reader, is_own=kind is BudgetAlertKind.OWN)
            )
            scene = _Scene(
                Asked(snapshot, self._settings, Viewer(reader), now),
                budget_alert_sight(reader),
                changes,
                lambda one: self._told_as(one, to_name=names),
            )
            theirs = [key for key in about if key.subject or kind is not BudgetAlertKind.OWN]
            items = sorted(scene.items(theirs), key=_furthest_first)
        if items:
            is_estimated = self._settings.credit_price_usd is None
            return BudgetCard(kind, tuple(items), is_estimated=is_estimated)
        return OVER if theirs else NOT_THEIRS

    def _told_as(self, one: PersonSpend, *, to_name: bool) -> Subject:
        if to_name:
            return Subject(name=one.name)
        return Subject(pseudonym=pseudonym(self._secret, one.email))


@dataclass(frozen=True, slots=True)
class _Scene:
    """One moment of the store, as one reader may see it; ``changes`` are the days on which versions were made."""

    asked: Asked
    sight: BudgetSight
    changes: dict[tuple[int, int], date]
    told_as: Callable[[PersonSpend], Subject]

    @property
    def snapshot(self) -> Snapshot:
        return self.asked.snapshot

    @property
    def moment(self) -> Moment:
        return Moment(self.snapshot, self.asked.settings.credit_price_usd, self.asked.now)

    def items(self, said: Sequence[SaidKey]) -> Iterator[BudgetItem]:
        """What of it still holds, of budgets that are as they were."""
        in_force = {(b.id, b.version): b for b in self.snapshot.load_budgets()}
        in_sight = {b.id for b in budgets_in_sight(self.snapshot, self.sight, list(in_force.values()))}
        for (number, version, since, subject), found in groupby(said, key=_about):
            budget = in_force.get((number, version))
            if budget is None or number not in in_sight:
                continue
            period = period_of(budget.cycle, since)
            item = self._of_person(budget, period, subject) if subject else self._of_group(budget, period)
            if holding := self._holding(*item, list(found)):
                yield holding

    def _of_group(self, budget: Budget, period: Period) -> tuple[BudgetItem, tuple[Crossing, ...]]:
        moment = self.moment
        standing = as_far_as_known(moment, measure(moment, self.sight, budget, period))
        days = measured_days(moment, budget, self.snapshot.load_spend_by_day(self.sight, budget, period))
        so_far = Period(period.since, min(period.until, moment.today + DAY))
        item = BudgetItem(
            with_drivers(moment, self.sight, standing, teams_of(self.asked)),
            None,
            missing=missing_days(moment, period),
            days=tuple((day, days.get(day, 0)) for day in so_far.days()),
        )
        return item, evaluate(budget, period, [Use(days)])

    def _of_person(
        self, budget: Budget, period: Period, subject: str
    ) -> tuple[BudgetItem, tuple[Crossing, ...]]:
        moment, person = self.moment, self.snapshot.find_person(email=subject)
        one = PersonSpend(subject, person.name if person else subject, Spend())
        found = self.snapshot.load_people_days([one], period)[subject]
        days = measured_days(moment, budget, found)
        whole = Spend(*map(sum, zip(*found.values(), strict=True))) if found else Spend()
        used, missing = sum(days.values()), missing_days(moment, period)
        standing = Standing(
            budget,
            period,
            used,
            is_part=bool(missing) or is_part(budget.unit, whole, moment.price_usd),
            pace=pace(budget, period, used, moment.today),
        )
        item = BudgetItem(standing, None, subject=self.told_as(one), missing=missing)
        return item, evaluate(budget, period, [Use(days, subject)])

    def _holding(
        self, item: BudgetItem, crossings: Sequence[Crossing], said: Sequence[SaidKey]
    ) -> BudgetItem | None:
        """With what is news and still so; None where nothing is."""
        threshold = highest({one.key for one in crossings} & set(said))
        if threshold is None and not self._is_forecast(item.standing, said):
            return None
        reached_on = next((one.at for one in crossings if one.threshold == threshold), None)
        armed = self._armed(item.standing, reached_on)
        return replace(item, threshold=threshold, reached_on=reached_on, armed=armed)

    def _is_forecast(self, standing: Standing, said: Sequence[SaidKey]) -> bool:
        forecast, used = standing.forecast, standing.used_micro
        return (
            forecast is not None
            and forecast.key in said
            and is_worth_saying(forecast, used or 0, self.moment.today, ())
        )

    def _armed(self, standing: Standing, reached_on: date | None) -> Armed | None:
        """An edit inside the period, or that what is told had been reached before there was the budget."""
        budget = standing.budget
        on, is_new = self.changes[budget.id, budget.version], budget.version == 1
        if on < standing.period.since or (is_new and (reached_on is None or on <= reached_on)):
            return None
        return Armed(on, is_new)


def _about(key: SaidKey) -> tuple[int, int, date, str | None]:
    return key.budget, key.version, key.since, key.subject


def _furthest_first(item: BudgetItem) -> tuple[bool, float]:
    used = item.standing.pace
    return item.threshold is None, -float(used.used) if used else 0.0
