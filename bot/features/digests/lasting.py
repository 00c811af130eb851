"""The lasting changes that a digest tells of: those noticed in its week, of people in sight."""

from __future__ import annotations

from bot.core.digests.contents import LastingChange
from bot.core.digests.rules import pick_lasting
from bot.core.periods import Period
from bot.core.visibility import Below, OnePerson
from bot.features.asked import Asked
from bot.features.digests.drivers import leanings_of


def lasting_changes(
    asked: Asked, sight: Below | OnePerson, week: Period
) -> tuple[tuple[LastingChange, ...], int]:
    """The largest ones, and how many there are beside them. Only those that are told are looked up."""
    snapshot = asked.snapshot
    told, more = pick_lasting(snapshot.load_noticed_shifts(sight, week))
    pairs = [(one, person) for one in told if (person := snapshot.find_person(email=one.subject))]
    if not pairs:
        return (), 0
    leanings = leanings_of(snapshot.load_splits([OnePerson(person) for _, person in pairs], week))
    lasting = (
        LastingChange(person, one.since, one.usual_micro, one.present_micro, leaning)
        for (one, person), leaning in zip(pairs, leanings, strict=True)
    )
    return tuple(lasting), more
