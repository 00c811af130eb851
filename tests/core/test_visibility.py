"""Who may see whom: one table of viewer, subject and command, and an oracle that walks up the chain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.answers import GroupSlice
from bot.core.chart import build_chart
from bot.core.commands import (
    About,
    ByEmail,
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
from bot.core.metrics import Metric
from bot.core.models import Totals
from bot.core.people import Person, Place
from bot.core.periods import Period
from bot.core.visibility import (
    OTHER_GROUPS,
    Below,
    NoPeople,
    OnePerson,
    Refused,
    SelfAndBelow,
    Sight,
    Viewer,
    WholeCompany,
    branches_of,
    channel_sight,
    complete_groups,
    decide,
    digest_sight,
    hide_few_active,
    identify,
    may_see,
)

PERIOD = Period(date(2026, 10, 1), date(2026, 10, 29))

MANAGERS = {
    "alice": None,
    "bob": "alice",
    "carol": "bob",
    "zoe": "bob",
    "gail": None,
    "dan": "gail",
    "erin": None,
    "finn": "alice",
    "ivy": "finn",
    "mona": "nils",
    "nils": "mona",
    "olga": "nils",
}
LEFT = {"zoe"}


def people_of(managers: Mapping[str, str | None]) -> dict[str, Person]:
    chart = build_chart(managers.items())
    return {
        email: Person(number, email, email.title(), chart.places[email], archived=email in LEFT)
        for number, email in enumerate(managers)
    }


CAST = people_of(MANAGERS)
ADMINS = frozenset({"erin", "root"})
FINANCE = frozenset({"finn", "cfo"})


def viewer(name: str) -> Viewer:
    known = identify(CAST.get(name), name, ADMINS, FINANCE)
    assert known is not None
    return known


EVERYTHING = WholeCompany(names=True, workspace_gap=True)
SUMS = WholeCompany(names=False, workspace_gap=False)
NOT_YOU = Refused.NOT_FOR_YOU
NO_OWN = Refused.NO_USAGE_OF_YOUR_OWN

# Whom each viewer may name. Erin and Root are admins, Root and the CFO are not in the roster, Finn is finance
# and a manager, Mona and Nils manage each other, Zoe left.
NAMEABLE = {
    "alice": {"alice", "bob", "carol", "zoe", "finn", "ivy"},
    "bob": {"bob", "carol", "zoe"},
    "carol": {"carol"},
    "dan": {"dan"},
    "gail": {"gail", "dan"},
    "erin": set(CAST),
    "root": set(CAST),
    "finn": {"finn", "ivy"},
    "cfo": set[str](),
    "ivy": {"ivy"},
    "mona": {"mona"},
    "nils": {"nils", "olga"},
    "olga": {"olga"},
}

# viewer, own usage, own team, organisation, ranking
OWN: list[tuple[str, Sight | Refused, Sight | Refused, Sight | Refused, Sight | Refused]] = [
    (name, OnePerson(CAST[name]), Below(CAST[name]), NOT_YOU, SelfAndBelow(CAST[name]))
    for name in ("alice", "bob", "carol", "dan", "gail", "ivy", "mona", "nils", "olga")
]
OWN += [
    ("erin", OnePerson(CAST["erin"]), Below(CAST["erin"]), EVERYTHING, EVERYTHING),
    ("root", NO_OWN, NO_OWN, EVERYTHING, EVERYTHING),
    ("finn", OnePerson(CAST["finn"]), Below(CAST["finn"]), SUMS, SelfAndBelow(CAST["finn"])),
    ("cfo", NO_OWN, NO_OWN, SUMS, NO_OWN),
]


def test_the_tables_cover_the_cast() -> None:
    assert NAMEABLE.keys() == {name for name, *_ in OWN} == (CAST.keys() - LEFT) | ADMINS | FINANCE


@pytest.mark.parametrize(("name", "me", "team", "org", "top"), OWN, ids=[row[0] for row in OWN])
@pytest.mark.parametrize("subject", [None, CAST["carol"]])
def test_commands_that_name_nobody(
    name: str,
    me: Sight | Refused,
    team: Sight | Refused,
    org: Sight | Refused,
    top: Sight | Refused,
    subject: Person | None,
) -> None:
    """A subject that was passed along with such a command changes nothing."""
    seen = [
        decide(viewer(name), command, subject)
        for command in (
            *(Me(PERIOD), Settings(), Expect(3, 5, "why")),
            *(Team(PERIOD), Org(PERIOD), Top(PERIOD, Metric.CREDITS)),
            Plans(),
        )
    ]

    assert seen == [me, me, me, team, org, top, top if org is NOT_YOU else org]


@pytest.mark.parametrize("subject", [*CAST, "nobody"])
@pytest.mark.parametrize("name", NAMEABLE)
def test_commands_that_name_somebody(name: str, subject: str) -> None:
    person = CAST.get(subject)
    about = decide(viewer(name), About(PERIOD, ByEmail(subject)), person)
    team = decide(viewer(name), Team(PERIOD, ByEmail(subject)), person)
    plan = decide(viewer(name), Expect(3, 5, "why", ByEmail(subject)), person)
    assert plan == about

    if person is not None and subject in NAMEABLE[name]:
        assert (about, team) == (OnePerson(person), Below(person))
        assert may_see(viewer(name), person)
    else:
        assert (about, team) == (NOT_YOU, NOT_YOU)
        assert person is None or not may_see(viewer(name), person)


@pytest.mark.parametrize("command", [ReviewsOf(PERIOD), Status(), Help(), Help("what?", "team")])
@pytest.mark.parametrize("name", NAMEABLE)
def test_commands_about_nobody_are_open_to_everyone_known(name: str, command: Command) -> None:
    assert decide(viewer(name), command, None) == NoPeople()


@pytest.mark.parametrize(("name", "me", "team", "org", "top"), OWN, ids=[row[0] for row in OWN])
@pytest.mark.parametrize("subject", [None, CAST["carol"]])
def test_a_file_holds_what_the_commands_of_its_scope_would_show(
    name: str,
    me: Sight | Refused,
    team: Sight | Refused,
    org: Sight | Refused,
    top: Sight | Refused,
    subject: Person | None,
) -> None:
    """Without a scope the organisation for whoever may see it, else oneself and everyone below."""
    seen = [decide(viewer(name), Export(PERIOD, scope=scope), subject) for scope in (*ExportScope, None)]

    assert seen == [me, team, org, top if org is NOT_YOU else org]


def test_an_address_on_both_lists_has_both_rights() -> None:
    both = identify(None, "root", ADMINS, frozenset({"root"}))

    assert both == Viewer(None, is_admin=True, is_finance=True)
    assert decide(both, Org(PERIOD), None) == EVERYTHING


@pytest.mark.parametrize("email", [None, "stranger", ""])
def test_a_stranger_is_not_known(email: str | None) -> None:
    assert identify(None, email, ADMINS, FINANCE) is None


@pytest.mark.parametrize(
    "lists", [(frozenset[str](), frozenset[str]()), (frozenset({"zoe"}), frozenset({"zoe"}))]
)
def test_somebody_who_left_is_not_known_on_whatever_list(
    lists: tuple[frozenset[str], frozenset[str]],
) -> None:
    assert identify(CAST["zoe"], "zoe", *lists) is None


@pytest.mark.parametrize("slack_email", ["erin", "erin.alias", None])
def test_rights_come_with_the_roster_address_whatever_slack_calls_it(slack_email: str | None) -> None:
    assert identify(CAST["erin"], slack_email, ADMINS, FINANCE) == Viewer(CAST["erin"], is_admin=True)


def test_rights_come_with_the_address_in_slack_too() -> None:
    assert identify(CAST["bob"], "root", ADMINS, FINANCE) == Viewer(CAST["bob"], is_admin=True)


def may_see_by_walking_up(managers: Mapping[str, str | None], name: str, subject: str) -> bool:
    """The oracle: from the subject upwards, stopping at whatever is wrong in the chart."""
    if name == subject:
        return True
    at, seen = subject, {subject}
    while True:
        if is_on_cycle(managers, at):
            return False
        above = managers[at]
        if above is None or above not in managers or above == at or above in seen:
            return False
        if above == name:
            return True
        seen.add(above)
        at = above


def is_on_cycle(managers: Mapping[str, str | None], start: str) -> bool:
    at = managers[start]
    for _ in managers:
        if at is None or at not in managers or at == start:
            break
        at = managers[at]
    return at == start


NAMES = [f"p{number}" for number in range(12)]
CHARTS = st.dictionaries(
    st.sampled_from(NAMES),
    st.none() | st.sampled_from(NAMES) | st.sampled_from([*NAMES, "stranger"]),
    min_size=1,
)


@settings(max_examples=1200, derandomize=True, deadline=None)
@given(CHARTS)
def test_nobody_sees_more_or_less_than_by_walking_up_the_chain(managers: dict[str, str | None]) -> None:
    """Random charts with cycles, self-managers and unknown managers; every pair of every chart."""
    people = people_of(managers)
    for name, person in people.items():
        asks = Viewer(person)
        for subject in [*people, "nobody"]:
            decision = decide(asks, About(PERIOD, ByEmail(subject)), people.get(subject))
            if subject in people and may_see_by_walking_up(managers, name, subject):
                assert decision == OnePerson(people[subject])
            else:
                assert decision is NOT_YOU


@settings(max_examples=400, derandomize=True, deadline=None)
@given(CHARTS)
def test_a_sight_by_places_holds_whom_one_may_see_one_by_one(managers: dict[str, str | None]) -> None:
    """What the store reads for a team, by numbers of places, is who could be asked about each."""
    people = people_of(managers)
    for person in people.values():
        sight = decide(Viewer(person), Team(PERIOD), None)
        assert isinstance(sight, Below)
        in_sight = {
            email
            for email, other in people.items()
            if sight.lead.place.first < other.place.first <= sight.lead.place.last
        }
        one_by_one = {email for email, other in people.items() if may_see(Viewer(person), other)}
        assert in_sight == one_by_one - {person.email}


def group(label: str | None, people: int, threads: int = 1) -> GroupSlice:
    return GroupSlice(label, people, min(people, threads), Totals(rows=1, threads=threads))


def completed(people: int, *groups: GroupSlice) -> list[tuple[str | None, int]]:
    """Labels and people of the groups that finance sees out of a company of ``people``."""
    return [(part.label, part.people) for part in complete_groups(groups, people, Totals(), minimum=5)]


def test_groups_that_are_everyone_stay_as_they_are() -> None:
    groups = (group("A", 5), group(None, 7))
    totals = groups[0].totals + groups[1].totals

    assert complete_groups(groups, 12, totals, minimum=5) == groups


def test_everybody_else_is_one_group_that_comes_last() -> None:
    assert completed(42, group("B", 30), group("C", 5)) == [("B", 30), ("C", 5), (OTHER_GROUPS, 7)]


def test_a_few_others_take_the_smallest_group_along() -> None:
    """Else the total less the other groups would tell about those few."""
    assert completed(16, group("B", 9), group("C", 6)) == [("B", 9), (OTHER_GROUPS, 7)]


def test_usage_of_people_who_left_a_team_of_nobody_is_hidden_among_others() -> None:
    left = Totals(rows=1, credits_micro=5)
    groups = (group("B", 9), group("C", 6))
    seen = complete_groups(groups, 15, groups[0].totals + groups[1].totals + left, minimum=5)

    assert [(part.label, part.people) for part in seen] == [("B", 9), (OTHER_GROUPS, 6)]
    assert seen[1].totals == groups[1].totals + left


def test_a_small_company_is_one_group() -> None:
    assert completed(3) == [(OTHER_GROUPS, 3)]


def test_who_may_see_names_sees_small_groups_too() -> None:
    seen = complete_groups((group("A", 1),), 3, Totals(), minimum=0)

    assert [(part.label, part.people) for part in seen] == [("A", 1), (OTHER_GROUPS, 2)]


GROUPS = st.lists(
    st.builds(group, st.none() | st.sampled_from("ABCDEFGH"), st.integers(0, 12), st.integers(0, 99)),
    max_size=8,
    unique_by=lambda drawn: drawn.label,
)


@settings(derandomize=True, deadline=None)
@given(GROUPS, st.integers(1, 8))
def test_no_group_and_no_difference_is_about_a_few_people(groups: list[GroupSlice], minimum: int) -> None:
    people = sum(part.people for part in groups)
    totals = sum((part.totals for part in groups), Totals())
    shown = [part for part in groups if part.people >= minimum][:3]

    parts = complete_groups(shown, people, totals, minimum=minimum)

    assert sum(part.people for part in parts) == people
    assert sum((part.totals for part in parts), Totals()) == totals
    assert len(parts) <= 1 or all(part.people >= minimum for part in parts)
    assert all(part in shown for part in parts if part.label != OTHER_GROUPS)
    assert all(part.active is None for part in parts if part.label == OTHER_GROUPS)


def test_a_place_in_an_older_chart_is_not_compared_by_the_number_of_the_person() -> None:
    """Oneself is recognised by the address: a store's number means nothing outside it."""
    me, other = Person(1, "bob", "Bob", Place(1, 1, 0)), Person(1, "dan", "Dan", Place(2, 2, 0))

    assert not may_see(Viewer(me), other)


def test_a_digest_tells_a_manager_of_those_below_and_anybody_of_themselves() -> None:
    alice = people_of(MANAGERS)["alice"]
    assert digest_sight(DigestKind.MANAGER, alice) == Below(alice)
    assert digest_sight(DigestKind.PERSONAL, alice) == OnePerson(alice)
    assert channel_sight() == WholeCompany(names=False, workspace_gap=False)


def test_branches_are_the_reports_and_those_below_each() -> None:
    people = people_of(MANAGERS)
    alice, bob, dan = (people[name] for name in ("alice", "bob", "dan"))
    assert branches_of(Below(alice), [bob]) == ((OnePerson(bob), Below(bob)),)
    for stranger in (dan, alice):
        with pytest.raises(ValueError, match="is not below"):
            branches_of(Below(alice), [stranger])


def active(*counts: int | None) -> list[GroupSlice]:
    """Groups of twenty, with so many active people each."""
    return [GroupSlice(f"{n}", 20, count, Totals()) for n, count in enumerate(counts)]


@pytest.mark.parametrize(
    ("counts", "everybody", "told"),
    [
        ((3, 9), 12, (3, 9)),
        ((3, 0), 3, (3, 0)),
        ((2, 9), 11, (None, None)),  # eleven less nine are two
        ((2, 9, 6), 17, (None, 9, None)),
        ((2, 1, 9), 12, (None, None, 9)),
        ((9, 6, None), 16, (9, None, None)),  # of the others one was active
        ((9, 6, None), 18, (9, 6, None)),
        ((9, None), 9, (9, None)),
        ((), 3, ()),
    ],
)
def test_few_active_people_are_not_counted(
    counts: tuple[int | None, ...], everybody: int, told: tuple[int | None, ...]
) -> None:
    assert tuple(group.active for group in hide_few_active(active(*counts), everybody)) == told


@settings(derandomize=True, deadline=None)
@given(st.lists(st.integers(0, 12), max_size=8), st.integers(0, 6))
def test_who_is_not_counted_cannot_be_worked_out(counts: list[int], others: int) -> None:
    """The hidden ones together have three active people or none, and no told group has one or two."""
    groups = [*active(*counts), GroupSlice(OTHER_GROUPS, 9, None, Totals())]
    told = [group.active for group in hide_few_active(groups, sum(counts) + others)]
    hidden = sum(counts) + others - sum(count or 0 for count in told)
    assert hidden == 0 or hidden >= 3 or not any(count is not None for count in told)
    assert all(one in {None, count} for one, count in zip(told, [*counts, None], strict=True))
    assert not any(one in {1, 2} for one in told)
