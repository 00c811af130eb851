"""Composes a digest as its recipient may have it, from the people and figures as they are now."""

from __future__ import annotations

from datetime import datetime

from bot.core.digests.choice import DigestChoice
from bot.core.digests.contents import Digest, DigestKind, NothingToSend, Said
from bot.core.people import Person, normalise_email
from bot.core.periods import Period
from bot.core.visibility import Below, OnePerson, Viewer, channel_sight, digest_sight
from bot.features.asked import Asked, AskSettings
from bot.features.digests.manager import compose_manager
from bot.features.digests.organisation import compose_organisation
from bot.features.digests.personal import compose_personal
from bot.ports import Snapshot, Store


class Digests:
    """Composes digests; each is one moment of the store."""

    def __init__(self, store: Store, settings: AskSettings) -> None:
        self._store = store
        self._settings = settings

    def compose(
        self, kind: DigestKind, recipient: str, week: Period, now: datetime, earlier: Said | None
    ) -> Digest | NothingToSend:
        """The digest of an ISO week at ``now`` (UTC), or why there is none. Raises `StoreError`.

        ``recipient`` is an employee's address, or the id of a channel; ``earlier`` is what the recipient's
        digest of the week before told, if there was one.
        """
        with self._store.snapshot() as snapshot:
            if kind is DigestKind.ORGANISATION:
                return self._for_channel(snapshot, recipient, week, now, earlier)
            person = snapshot.find_person(email=normalise_email(recipient))
            if person is None:
                return NothingToSend("is not in the roster any more")
            reason = _why_not(person, self._store.load_digest_choice(person), kind)
            if reason:
                return NothingToSend(reason)
            asked = Asked(snapshot, self._settings, Viewer(person), now)
            return _for_person(asked, digest_sight(kind, person), week, earlier)

    def _for_channel(
        self, snapshot: Snapshot, channel: str, week: Period, now: datetime, earlier: Said | None
    ) -> Digest | NothingToSend:
        if self._settings.finance_channel is None:
            return NothingToSend("FINANCE_CHANNEL is not set")
        if self._settings.finance_channel != channel:
            return NothingToSend("FINANCE_CHANNEL is another channel now")
        asked = Asked(snapshot, self._settings, Viewer(None, is_finance=True), now)
        return compose_organisation(asked, channel_sight(), week, earlier)


def _for_person(
    asked: Asked, sight: Below | OnePerson, week: Period, earlier: Said | None
) -> Digest | NothingToSend:
    if isinstance(sight, Below):
        return compose_manager(asked, sight, week, earlier)
    return compose_personal(asked, sight, week, earlier)


def _why_not(person: Person, choice: DigestChoice, kind: DigestKind) -> str:
    """Why this employee gets no digest of the kind, whatever it would say; empty where they do."""
    if person.archived:
        return "has left"
    if person.slack_id is None:
        return "has no Slack account"
    if choice.is_paused:
        return "has paused digests"
    if kind is DigestKind.PERSONAL and not choice.wants_personal:
        return "did not ask for a digest of their own usage"
    return ""
