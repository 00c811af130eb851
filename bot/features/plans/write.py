"""Writes the message that announces a plan, as of the moment at which it is sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.core.alerts.cards import Subject
from bot.core.deliveries import Letter, Order
from bot.core.plans.bursts import Plan, PlanKind
from bot.core.plans.notices import PlanNotice
from bot.core.visibility import Viewer, may_name_in_channel, may_plan
from bot.features.alerts.write import pseudonym
from bot.ports import Channels, Snapshot, Store

ENDED = "the plan was ended before it was told"
NOT_THEIRS = "the person is not below them any more"


class PlanWriter:
    """Implements `bot.ports.Composer`; ``forms_of`` renders, ``secret`` makes the pseudonyms of the cards, too."""

    def __init__(
        self,
        store: Store,
        channels: Channels,
        secret: str,
        forms_of: Callable[[PlanNotice], Sequence[object]],
    ) -> None:
        self._store = store
        self._channels = channels
        self._secret = secret
        self._forms_of = forms_of

    def compose(self, order: Order, now: datetime) -> Letter | str:
        """Raises `StoreError`."""
        to_name = order.kind == PlanKind.MANAGER or self._may_name(order.recipient)
        with self._store.snapshot() as snapshot:
            plan = snapshot.find_plan(label=order.period)
            if plan is None or plan.last_day < now.date():
                return ENDED
            if order.kind == PlanKind.MANAGER and not _is_above(snapshot, order.recipient, plan):
                return NOT_THEIRS
            notice = _named(snapshot, plan) if to_name else self._nameless(plan)
        return Letter(self._forms_of(notice))

    def _may_name(self, channel: str) -> bool:
        return may_name_in_channel(is_private=self._channels.is_private(channel))

    def _nameless(self, plan: Plan) -> PlanNotice:
        subject = Subject(pseudonym=pseudonym(self._secret, plan.person.email))
        return PlanNotice(subject, plan.factor, plan.last_day)


def _is_above(snapshot: Snapshot, recipient: str, plan: Plan) -> bool:
    reader = snapshot.find_person(email=recipient)
    return reader is not None and not reader.archived and may_plan(Viewer(reader), plan.person)


def _named(snapshot: Snapshot, plan: Plan) -> PlanNotice:
    by, own = plan.expectation.by, plan.person.email
    author = snapshot.find_person(email=by)
    return PlanNotice(
        Subject(name=plan.person.name),
        plan.factor,
        plan.last_day,
        None if by == own else author.name if author else by,
        plan.expectation.reason,
    )
