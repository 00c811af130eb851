"""The Home tab: what somebody sees of themselves, and of everyone below them, without asking."""

from __future__ import annotations

from datetime import datetime

from bot.core.answers import NotKnown
from bot.core.commands import Me, Settings, Team
from bot.core.home import HomeAnswer, TeamSummary
from bot.core.periods import Period, default_period
from bot.core.visibility import Below, OnePerson, decide
from bot.features.ask_company import answer_help
from bot.features.ask_people import answer_person
from bot.features.asked import Asked, AskSettings
from bot.features.digests.settings import answer_settings
from bot.features.viewers import viewer_in_slack
from bot.ports import Store


class Homes:
    """Home tabs, each of one moment of the store."""

    def __init__(self, store: Store, settings: AskSettings) -> None:
        self._store = store
        self._settings = settings

    def compose(self, slack_id: str, now: datetime) -> HomeAnswer | NotKnown:
        """What the owner of a Slack account sees at ``now`` (UTC). Raises `StoreError`."""
        with self._store.snapshot() as snapshot:
            viewer = viewer_in_slack(snapshot, self._settings, slack_id)
            if viewer is None:
                return NotKnown()
            return _compose(Asked(snapshot, self._settings, viewer, now))


def _compose(asked: Asked) -> HomeAnswer:
    """Each part is what the command about it would be allowed to read."""
    viewer, period = asked.viewer, default_period(asked.today)
    own = decide(viewer, Me(period), None)
    team = decide(viewer, Team(period), None)
    settings = decide(viewer, Settings(), None)
    return HomeAnswer(
        now=asked.now,
        period=period,
        person=viewer.person,
        is_admin=viewer.is_admin,
        is_finance=viewer.is_finance,
        own=answer_person(asked, own, period) if isinstance(own, OnePerson) else None,
        team=_team(asked, team, period) if isinstance(team, Below) else None,
        settings=(
            answer_settings(asked.snapshot, asked.settings, settings.person, asked.now)
            if isinstance(settings, OnePerson)
            else None
        ),
        lines=answer_help(asked).lines,
        freshness=asked.freshness(period),
    )


def _team(asked: Asked, sight: Below, period: Period) -> TeamSummary | None:
    if sight.lead.place.last == sight.lead.place.first:
        return None
    snapshot, before = asked.snapshot, asked.earlier(period)
    return TeamSummary(
        people=snapshot.count_people(sight),
        active=snapshot.count_active(sight, period),
        active_before=None if before is None else snapshot.count_active(sight, before),
        totals=snapshot.load_totals(sight, period),
        before=None if before is None else snapshot.load_totals(sight, before),
    )
