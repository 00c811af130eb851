"""Who asks: the viewer behind a Slack account or an address."""

from __future__ import annotations

from bot.core.people import Person
from bot.core.visibility import Viewer, identify
from bot.features.asked import AskSettings
from bot.ports import Snapshot


def viewer_in_slack(snapshot: Snapshot, settings: AskSettings, slack_id: str) -> Viewer | None:
    """The viewer with this Slack account; None for somebody not known."""
    person = snapshot.find_person(slack_id=slack_id)
    email = snapshot.find_slack_email(slack_id)
    if person is None and email is not None:
        namesake = snapshot.find_person(email=email)
        # who left stays unknown, even where their account is no longer linked
        person = namesake if namesake is not None and namesake.archived else None
    return _identify(settings, person, email)


def viewer_with_email(snapshot: Snapshot, settings: AskSettings, address: str) -> Viewer | None:
    """The viewer with this normalised address; None for somebody not known."""
    return _identify(settings, snapshot.find_person(email=address), address)


def _identify(settings: AskSettings, person: Person | None, email: str | None) -> Viewer | None:
    return identify(person, email, settings.admin_emails, settings.finance_emails)
