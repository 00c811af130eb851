"""How somebody's own digests are set: to look at, to pause, to change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.core.answers import NotKnown, SettingsAnswer, SettingsChange
from bot.core.commands import Settings
from bot.core.digests.choice import DigestChoice
from bot.core.digests.times import DigestClock, WeekMoment, turn_at
from bot.core.people import Person
from bot.core.visibility import Below, OnePerson, decide
from bot.errors import UserError
from bot.features.asked import AskSettings
from bot.features.viewers import viewer_in_slack
from bot.ports import Snapshot, Store

NO_DIGEST_FOR_YOU = (
    "You are not in the company's roster, so no digest is made for you and there is nothing to set. "
    "If that is wrong, please tell the people who run this bot."
)


def answer_settings(
    snapshot: Snapshot,
    settings: AskSettings,
    person: Person,
    now: datetime,
    change: SettingsChange | None = None,
) -> SettingsAnswer:
    """What holds for an employee at ``now``, after ``change``."""
    choice = snapshot.load_digest_choice(person)
    slack_zone = snapshot.find_slack_zone(person.slack_id) if person.slack_id else None
    clock = DigestClock(slack_zone, person.timezone, choice.weekday, choice.minute)
    at, zone = clock.moment(settings.digest_time), clock.zone(settings.timezone)
    has_reports = snapshot.count_people(Below(person)) > 0  # whoever has left makes no digest
    comes = not choice.is_paused and (has_reports or choice.wants_personal)
    return SettingsAnswer(
        choice=choice,
        weekday=at.weekday,
        minute=at.minute,
        zone=zone.key,
        has_reports=has_reports,
        next_digest=turn_at(now, at, zone).expires_at.astimezone(zone) if comes else None,
        change=change,
    )


class DigestSettings:
    """The settings of whoever has a Slack account. Methods raise `StoreError`, and `UserError` for who has none."""

    def __init__(self, store: Store, settings: AskSettings) -> None:
        self._store = store
        self._settings = settings

    @property
    def usual(self) -> WeekMoment:
        """When digests come for whoever chose nothing."""
        return self._settings.digest_time

    def look(self, slack_id: str, now: datetime) -> SettingsAnswer | NotKnown:
        """What holds now."""
        return self._answer(slack_id, now, None)

    def pause(self, slack_id: str, now: datetime) -> SettingsAnswer | NotKnown:
        """Send them no digest of any kind any more."""
        return self._change(
            slack_id, now, SettingsChange.PAUSED, lambda choice: replace(choice, is_paused=True)
        )

    def resume(self, slack_id: str, now: datetime) -> SettingsAnswer | NotKnown:
        """Send them digests again."""
        return self._change(
            slack_id, now, SettingsChange.RESUMED, lambda choice: replace(choice, is_paused=False)
        )

    def save(
        self, slack_id: str, at: WeekMoment, now: datetime, *, wants_personal: bool
    ) -> SettingsAnswer | NotKnown:
        """Take over what they filled in. Who chooses the usual time goes along when that is changed."""
        usual = at == self._settings.digest_time
        weekday, minute = (None, None) if usual else (at.weekday, at.minute)

        def change(choice: DigestChoice) -> DigestChoice:
            return replace(choice, weekday=weekday, minute=minute, wants_personal=wants_personal)

        return self._change(slack_id, now, SettingsChange.SAVED, change)

    def _change(
        self,
        slack_id: str,
        now: datetime,
        done: SettingsChange,
        change: Callable[[DigestChoice], DigestChoice],
    ) -> SettingsAnswer | NotKnown:
        person = self._person(slack_id)
        if person is None:
            return NotKnown()
        self._store.save_digest_choice(person, change(self._store.load_digest_choice(person)), now)
        return self._answer(slack_id, now, done)

    def _answer(
        self, slack_id: str, now: datetime, change: SettingsChange | None
    ) -> SettingsAnswer | NotKnown:
        with self._store.snapshot() as snapshot:
            person = _own(snapshot, self._settings, slack_id)
            if person is None:
                return NotKnown()
            return answer_settings(snapshot, self._settings, person, now, change)

    def _person(self, slack_id: str) -> Person | None:
        with self._store.snapshot() as snapshot:
            return _own(snapshot, self._settings, slack_id)


def _own(snapshot: Snapshot, settings: AskSettings, slack_id: str) -> Person | None:
    """The employee whose settings the owner of a Slack account may see and change: themselves."""
    viewer = viewer_in_slack(snapshot, settings, slack_id)
    if viewer is None:
        return None
    sight = decide(viewer, Settings(), None)
    if not isinstance(sight, OnePerson):
        raise UserError(NO_DIGEST_FOR_YOU)
    return sight.person
