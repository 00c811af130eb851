"""Who may see whom: the one place that decides it.

Every read about people takes the sight that was decided here. Whatever `decide` refuses, it refuses in the
same way whether the subject exists or not.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import assert_never

from bot.core.answers import GroupSlice
from bot.core.commands import (
    About,
    Alerts,
    AlertsBacktest,
    Budgets,
    Command,
    Expect,
    Export,
    ExportScope,
    Help,
    Me,
    Org,
    Plans,
    ReviewsOf,
    Settings,
    Status,
    Team,
    Top,
)
from bot.core.digests.contents import DigestKind
from bot.core.models import Totals
from bot.core.people import Person

SMALLEST_GROUP = 5
"""Fewer people than this are not shown as a group to whoever may not see each of them."""

FEWEST_ACTIVE = 3
"""Of a team with fewer active people than this, a channel does not learn how many: its sum is as good as one's."""

OTHER_GROUPS = "All other teams"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks. ``person`` is None for admins and finance people who are not in the roster."""

    person: Person | None
    is_admin: bool = False
    is_finance: bool = False


@dataclass(frozen=True, slots=True)
class OnePerson:
    """The usage of one person."""

    person: Person


@dataclass(frozen=True, slots=True)
class Below:
    """Everyone who reports to ``lead``, directly or through others, without ``lead``."""

    lead: Person


@dataclass(frozen=True, slots=True)
class SelfAndBelow:
    """``lead`` and everyone who reports to them."""

    lead: Person


@dataclass(frozen=True, slots=True)
class WholeCompany:
    """Everyone. Without ``names`` only sums of at least `SMALLEST_GROUP` people may be shown.

    ``workspace_gap`` allows the difference between the workspace's own total and the sum of its accounts.
    """

    names: bool
    workspace_gap: bool


Sight = OnePerson | Below | SelfAndBelow | WholeCompany

BudgetSight = WholeCompany | SelfAndBelow
"""Whose use of budgets is told. With a part of the chart, those of groups that lie in it to the last person."""

OPERATOR = WholeCompany(names=True, workspace_gap=True)
"""What may be read by whoever runs commands where the database lies: they could open the file itself."""


@dataclass(frozen=True, slots=True)
class NoPeople:
    """Facts that are about nobody in particular, open to everyone who is known."""


class Refused(Enum):
    """Why nothing may be read."""

    NOT_FOR_YOU = "not_for_you"
    NO_USAGE_OF_YOUR_OWN = "no_usage_of_your_own"


def identify(
    person: Person | None, email: str | None, admins: Collection[str], finance: Collection[str]
) -> Viewer | None:
    """The viewer behind a Slack account; None for somebody not known, who learns nothing but that.

    ``person`` is the employee linked to the account. ``email`` is the normalised address that Slack gives for
    it, None where more than one living account has it. Who left is not known, even on the list of admins.
    """
    if person is not None and person.archived:
        return None
    addresses = {email, person.email if person else None} - {None}
    is_admin = not addresses.isdisjoint(admins)
    is_finance = not addresses.isdisjoint(finance)
    if person is None and not is_admin and not is_finance:
        return None
    return Viewer(person, is_admin, is_finance)


def decide(viewer: Viewer, command: Command, subject: Person | None) -> Sight | NoPeople | Refused:
    """What ``viewer`` may read to have ``command`` answered.

    ``subject`` is the employee whom the command names, None where it names none or nobody by that name
    exists. Viewer and subject must come from one reading of the chart.
    """
    match command:
        case Me() | Settings() | Team(lead=None) | Expect(person=None):
            return _own(viewer, is_team=isinstance(command, Team))
        case Team() | About() | Expect():
            return _named(viewer, command, subject)
        case Org() | Alerts() | AlertsBacktest():
            return _organisation(viewer)
        case Top():
            return _ranking(viewer)
        case Export() | Budgets() | Plans():
            return _export(viewer, command.scope if isinstance(command, Export) else None)
        case ReviewsOf() | Status() | Help():
            return NoPeople()
        case _:
            assert_never(command)


def digest_sight(kind: DigestKind, person: Person) -> Below | OnePerson:
    """What a digest may tell an employee: a manager about everyone below, anybody about themselves.

    Being an admin or in finance adds nothing here.
    """
    return Below(person) if kind is DigestKind.MANAGER else OnePerson(person)


def digest_budget_sight(sight: Below | WholeCompany) -> BudgetSight:
    """Whose use of budgets a digest tells: a manager's as they are told when they ask, a channel's without names."""
    return sight if isinstance(sight, WholeCompany) else SelfAndBelow(sight.lead)


def budget_alert_sight(reader: Person | None) -> BudgetSight:
    """What a message about budgets may tell of groups: a person as they are told when they ask, None is a channel.

    Being an admin or in finance adds nothing here.
    """
    return channel_sight() if reader is None else SelfAndBelow(reader)


def budget_people_sight(reader: Person | None, *, is_own: bool) -> Sight:
    """Of which people alone it may tell: those below a manager, oneself, and for a channel all, named or not."""
    if reader is None:
        return channel_sight()
    return OnePerson(reader) if is_own else Below(reader)


def channel_sight() -> WholeCompany:
    """What a digest may tell a channel, whoever reads it: no names, and no sums of a few people."""
    return WholeCompany(names=False, workspace_gap=False)


def alert_sight(subject: Person | None) -> OnePerson | WholeCompany:
    """What an alert may tell of whom it is about: their own sums, or for None those of everybody."""
    return channel_sight() if subject is None else OnePerson(subject)


def may_name_in_channel(*, is_private: bool | None) -> bool:
    """True where an alert may say a name to a channel: everybody can read a public one, or one we know nothing of."""
    return is_private is True


def may_learn_of_alert(viewer: Viewer, subject: Person | None) -> bool:
    """True for whoever may know whom an alert is about: admins, finance, and those above the person."""
    if viewer.is_admin or viewer.is_finance:
        return True
    return subject is not None and viewer.person is not None and viewer.person.place.is_above(subject.place)


def branches_of(sight: Below, reports: Sequence[Person]) -> tuple[tuple[OnePerson, Below], ...]:
    """Each report alone, and everyone below them: narrower sights, which together are the whole one.

    Raises ValueError for a person who is not in sight.
    """
    for report in reports:
        if not sight.lead.place.is_above(report.place):
            raise ValueError(f"employee {report.id} is not below employee {sight.lead.id}")
    return tuple((OnePerson(report), Below(report)) for report in reports)


def may_see(viewer: Viewer, subject: Person) -> bool:
    """True for oneself, for everyone above the subject in the chart, and for admins."""
    if viewer.is_admin:
        return True
    if viewer.person is None:
        return False
    return viewer.person.email == subject.email or viewer.person.place.is_above(subject.place)


def may_plan(viewer: Viewer, subject: Person) -> bool:
    """True for whoever may plan a burst of somebody, or end one early: oneself, those above, and admins."""
    return may_see(viewer, subject)


def may_edit_budgets(viewer: Viewer) -> bool:
    """True for finance and admins; asked again for each change."""
    return viewer.is_admin or viewer.is_finance


def complete_groups(
    shown: Sequence[GroupSlice], people: int, totals: Totals, *, minimum: int
) -> tuple[GroupSlice, ...]:
    """The shown groups, and a last one for everybody else out of ``people`` and ``totals``, if there is anybody.

    The last one has at least ``minimum`` people, or is everyone: else the total less the shown groups would
    tell what a few people did. To that end the smallest of the shown groups go into it, too.
    """
    visible = list(shown)
    rest = _everybody_else(visible, people, totals)
    while visible and rest.people < minimum and (rest.people or rest.totals.rows):
        visible.remove(min(visible, key=lambda group: group.people))
        rest = _everybody_else(visible, people, totals)
    return (*visible, rest) if rest.people or rest.totals.rows else tuple(visible)


def hide_few_active(groups: Sequence[GroupSlice], active: int) -> tuple[GroupSlice, ...]:
    """The groups without the number of their active people where that would tell what a few people did.

    ``active`` is the number over all groups, which is told; so those hidden have at least `FEWEST_ACTIVE`
    active people together, or none. Of a group without any nothing can be learned.
    """
    told = [group for group in groups if group.active is not None]
    hidden = [group for group in told if 0 < (group.active or 0) < FEWEST_ACTIVE]
    told = [group for group in told if group not in hidden]
    while told and 0 < active - _active(told) < FEWEST_ACTIVE:
        told.remove(min(told, key=lambda group: group.active or 0))
    return tuple(group if group in told else replace(group, active=None) for group in groups)


def _active(groups: Sequence[GroupSlice]) -> int:
    return sum(group.active or 0 for group in groups)


def _own(viewer: Viewer, *, is_team: bool) -> Sight | Refused:
    if viewer.person is None:
        return Refused.NO_USAGE_OF_YOUR_OWN
    return Below(viewer.person) if is_team else OnePerson(viewer.person)


def _named(viewer: Viewer, command: Team | About | Expect, subject: Person | None) -> Sight | Refused:
    if subject is None or not may_see(viewer, subject):
        return Refused.NOT_FOR_YOU
    return Below(subject) if isinstance(command, Team) else OnePerson(subject)


def _organisation(viewer: Viewer) -> Sight | Refused:
    if viewer.is_admin:
        return WholeCompany(names=True, workspace_gap=True)
    if viewer.is_finance:
        return WholeCompany(names=False, workspace_gap=False)
    return Refused.NOT_FOR_YOU


def _ranking(viewer: Viewer) -> Sight | Refused:
    if viewer.is_admin:
        return WholeCompany(names=True, workspace_gap=True)
    return SelfAndBelow(viewer.person) if viewer.person else Refused.NO_USAGE_OF_YOUR_OWN


def _export(viewer: Viewer, scope: ExportScope | None) -> Sight | Refused:
    """Without a scope the widest sight that the viewer has, which is that of budgets and plans, too.

    So whoever sees no organisation sees budgets as far as they could add up the use themselves, person by person.
    Finance reads plans by name all the same: they are announced to it, and hold no figure of anybody's use.
    """
    if scope is ExportScope.ORG or (scope is None and (viewer.is_admin or viewer.is_finance)):
        return _organisation(viewer)
    if scope is not None:
        return _own(viewer, is_team=scope is ExportScope.TEAM)
    return SelfAndBelow(viewer.person) if viewer.person else Refused.NO_USAGE_OF_YOUR_OWN


def _everybody_else(shown: Sequence[GroupSlice], people: int, totals: Totals) -> GroupSlice:
    return GroupSlice(
        label=OTHER_GROUPS,
        people=people - sum(group.people for group in shown),
        active=None,
        totals=totals - sum((group.totals for group in shown), Totals()),
    )
