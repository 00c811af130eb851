"""Linking goes by equal addresses only, and whatever is in doubt is nobody's."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.core.link_findings import LinkFinding, Reason, Subject, explain
from bot.core.linking import AccountLink, Links, employees_from_slack, link
from bot.core.people import Employee, SlackPerson

ALICE = Employee("alice@example.com", "Alice")
BOB = Employee("bob@example.com", "Bob", aliases=("bob.old@example.com", "b@example.com"))
ZOE = Employee("zoe@example.com", "Zoe", archived=True, left_on=date(2026, 3, 31))


def slack(
    slack_id: str, email: str | None, *, deleted: bool = False, is_bot: bool = False, is_guest: bool = False
) -> SlackPerson:
    return SlackPerson(
        slack_id, email, slack_id, "Europe/Berlin", deleted=deleted, is_bot=is_bot, is_guest=is_guest
    )


def found(links: Links, subject: Subject) -> dict[str, tuple[Reason, tuple[str, ...]]]:
    return {f.key: (f.reason, f.claimants) for f in links.findings if f.subject is subject}


def test_everyone_is_linked_by_the_same_address() -> None:
    links = link(
        [ALICE, BOB],
        [slack("U1", "alice@example.com"), slack("U2", "bob@example.com")],
        {"acc-1": "alice@example.com", "acc-2": "bob@example.com"},
    )

    assert links == Links(
        slack={"alice@example.com": "U1", "bob@example.com": "U2"},
        accounts={"acc-1": AccountLink("alice@example.com"), "acc-2": AccountLink("bob@example.com")},
        findings=(),
    )


def test_case_and_surrounding_space_do_not_matter_and_nothing_else_is_bent() -> None:
    links = link(
        [ALICE],
        [slack("U1", " Alice@Example.COM ")],
        {"same": "ALICE@example.com", "plus": "alice+codex@example.com", "dots": "a.lice@example.com"},
    )

    assert links.slack == {"alice@example.com": "U1"}
    assert links.accounts.keys() == {"same"}


def test_aliases_link_accounts_and_slack() -> None:
    links = link(
        [BOB], [slack("U2", "b@example.com")], {"new": "bob@example.com", "old": "BOB.OLD@example.com"}
    )

    assert links.slack == {"bob@example.com": "U2"}
    assert links.accounts == {"new": AccountLink("bob@example.com"), "old": AccountLink("bob@example.com")}
    assert links.findings == ()


def test_guests_are_linked() -> None:
    assert link([ALICE], [slack("U1", ALICE.email, is_guest=True)], {}).slack == {ALICE.email: "U1"}


def test_an_alias_claimed_by_two_employees_is_nobodys() -> None:
    other = Employee("carol@example.com", "Carol", aliases=("b@example.com",))

    links = link([BOB, other], [slack("U1", "b@example.com")], {"acc": "b@example.com"})

    claimants = ("bob@example.com", "carol@example.com")
    assert links.slack == {}
    assert links.accounts == {}
    assert found(links, Subject.ADDRESS) == {"b@example.com": (Reason.CLAIMED_TWICE, claimants)}
    assert found(links, Subject.ACCOUNT) == {"acc": (Reason.CLAIMED_TWICE, claimants)}
    assert found(links, Subject.SLACK) == {"U1": (Reason.CLAIMED_TWICE, claimants)}


def test_an_address_that_is_also_another_ones_alias_is_nobodys() -> None:
    """Mallory's roster row claims Alice's address: neither gets what comes under it, both keep the rest."""
    alice = Employee("alice@example.com", "Alice", aliases=("al@example.com",))
    mallory = Employee("mallory@example.com", "Mallory", aliases=("alice@example.com",))

    links = link(
        [alice, mallory],
        [slack("U1", "alice@example.com"), slack("U2", "mallory@example.com")],
        {"hers": "alice@example.com", "also": "al@example.com", "other": "mallory@example.com"},
    )

    assert links.slack == {"mallory@example.com": "U2"}
    assert links.accounts == {"also": AccountLink(alice.email), "other": AccountLink(mallory.email)}
    claimants = ("alice@example.com", "mallory@example.com")
    assert found(links, Subject.EMPLOYEE) == {"alice@example.com": (Reason.CLAIMED_TWICE, claimants)}
    assert found(links, Subject.ACCOUNT) == {"hers": (Reason.CLAIMED_TWICE, claimants)}


def test_an_employee_may_repeat_the_own_address_as_an_alias() -> None:
    twice = Employee(
        "bob@example.com", "Bob", aliases=("BOB@example.com", "b@example.com", "b@example.com", "")
    )

    links = link(
        [twice], [slack("U2", "bob@example.com"), slack("U3", None)], {"acc": "b@example.com", "no": ""}
    )

    assert links.slack == {"bob@example.com": "U2"}
    assert links.accounts == {"acc": AccountLink("bob@example.com")}


def test_two_living_slack_people_with_one_address_are_nobody() -> None:
    people = [slack("U2", "alice@example.com"), slack("U1", "Alice@example.com")]

    links = link([ALICE], people, {"acc": "alice@example.com"})

    assert links.slack == {}
    assert links.accounts.keys() == {"acc"}
    doubt = (Reason.SEVERAL_IN_SLACK, ("U1", "U2"))
    assert found(links, Subject.EMPLOYEE) == {"alice@example.com": doubt}
    assert found(links, Subject.SLACK) == {"U1": doubt, "U2": doubt}


def test_in_slack_the_address_goes_before_an_alias() -> None:
    links = link([BOB], [slack("U1", "b@example.com"), slack("U2", "bob@example.com")], {})

    assert links.slack == {"bob@example.com": "U2"}
    assert found(links, Subject.SLACK) == {"U1": (Reason.SEVERAL_IN_SLACK, ("U2", "U1"))}


def test_two_slack_people_by_two_aliases_are_nobody() -> None:
    links = link([BOB], [slack("U1", "b@example.com"), slack("U2", "bob.old@example.com")], {})

    assert links.slack == {}
    assert found(links, Subject.EMPLOYEE) == {"bob@example.com": (Reason.SEVERAL_IN_SLACK, ("U1", "U2"))}


def test_two_by_address_are_not_settled_by_a_third_with_an_alias() -> None:
    people = [slack("U1", "bob@example.com"), slack("U2", "bob@example.com"), slack("U3", "b@example.com")]

    assert link([BOB], people, {}).slack == {}


@pytest.mark.parametrize(
    ("absent", "reason"),
    [
        (slack("U1", "alice@example.com", deleted=True), Reason.ARCHIVED_IN_SLACK),
        (slack("U1", "alice@example.com", is_bot=True), Reason.BOT),
        (slack("U1", "alice@example.com", is_bot=True, deleted=True), Reason.BOT),
    ],
)
def test_bots_and_deleted_people_are_never_linked(absent: SlackPerson, reason: Reason) -> None:
    links = link([ALICE], [absent], {})

    assert links.slack == {}
    assert found(links, Subject.EMPLOYEE) == {"alice@example.com": (reason, ())}
    assert [f.reason for f in links.findings if f.subject is Subject.SLACK] == [reason]


def test_a_deleted_namesake_does_not_stand_in_the_way() -> None:
    people = [slack("U1", "alice@example.com", deleted=True), slack("U2", "alice@example.com")]

    assert link([ALICE], people, {}).slack == {"alice@example.com": "U2"}


def test_what_nobody_has_is_reported() -> None:
    links = link(
        [ALICE],
        [slack("U8", "guest@other.org"), slack("U9", None)],
        {"a": "x@other.org", "b": None, "c": " "},
    )

    assert found(links, Subject.EMPLOYEE) == {"alice@example.com": (Reason.NOBODY, ())}
    assert found(links, Subject.SLACK) == {"U8": (Reason.NOBODY, ()), "U9": (Reason.NO_EMAIL, ())}
    assert found(links, Subject.ACCOUNT) == {
        "a": (Reason.NOBODY, ()),
        "b": (Reason.NO_EMAIL, ()),
        "c": (Reason.NO_EMAIL, ()),
    }


def test_people_who_left_keep_their_account_until_the_day_after() -> None:
    links = link([ZOE], [slack("U7", "zoe@example.com")], {"acc": "zoe@example.com"})

    assert links.accounts == {"acc": AccountLink("zoe@example.com", until=date(2026, 4, 1))}
    assert links.slack == {"zoe@example.com": "U7"}


def test_people_who_left_slack_too_are_no_finding() -> None:
    assert link([ZOE], [], {}).findings == ()


def test_a_last_day_at_the_end_of_the_calendar_is_no_fault() -> None:
    forever = Employee("zoe@example.com", "Zoe", left_on=date.max)

    assert link([forever], [], {"acc": "zoe@example.com"}).accounts == {"acc": AccountLink("zoe@example.com")}


def test_findings_as_sentences() -> None:
    findings = [
        LinkFinding(
            Subject.ADDRESS, "b@x.com", "b@x.com", Reason.CLAIMED_TWICE, ("bob@x.com", "carol@x.com")
        ),
        LinkFinding(Subject.EMPLOYEE, "bob@x.com", "bob@x.com", Reason.NOBODY),
        LinkFinding(Subject.EMPLOYEE, "bob@x.com", "bob@x.com", Reason.ARCHIVED_IN_SLACK),
        LinkFinding(Subject.SLACK, "U1", "b@x.com", Reason.SEVERAL_IN_SLACK, ("U1", "U2")),
        LinkFinding(Subject.SLACK, "U1", None, Reason.BOT),
        LinkFinding(Subject.ACCOUNT, "user-1", None, Reason.NO_EMAIL),
        LinkFinding(Subject.ACCOUNT, "user-1", "b@x.com", Reason.NOBODY),
    ]

    assert [explain(finding) for finding in findings] == snapshot(
        [
            "Address b@x.com is linked to nobody, because several employees claim the address: bob@x.com, carol@x.com.",
            "Employee bob@x.com is not in Slack under any of their addresses.",
            "Employee bob@x.com is deactivated in Slack.",
            "Slack person U1 (b@x.com) is not linked, because several Slack people are one employee: U1, U2.",
            "Slack person U1 is a bot in Slack.",
            "Account user-1 has no e-mail address to be recognised by.",
            "Account user-1 (b@x.com) belongs to nobody in the roster.",
        ]
    )


def test_without_a_roster_everyone_in_slack_with_an_address_is_an_employee() -> None:
    people = [
        slack("U1", "Erin@example.com"),
        slack("U2", "alice@example.com", is_guest=True),
        slack("U3", None),
        slack("U4", "bot@example.com", is_bot=True),
        slack("U5", "zoe@example.com", deleted=True),
        slack("U6", "no address"),
    ]

    assert employees_from_slack(people) == (
        Employee("alice@example.com", "U2", timezone="Europe/Berlin"),
        Employee("erin@example.com", "U1", timezone="Europe/Berlin"),
        Employee("zoe@example.com", "U5", archived=True, timezone="Europe/Berlin"),
    )


def test_without_a_roster_a_living_person_goes_before_a_deleted_one() -> None:
    people = [slack("U1", "alice@example.com", deleted=True), slack("U2", "alice@example.com")]

    (alice,) = employees_from_slack(people)

    assert alice.name == "U2"
    assert not alice.archived


def test_a_nameless_slack_person_is_called_by_the_address() -> None:
    (alice,) = employees_from_slack([SlackPerson("U1", "alice@example.com", "", None)])

    assert alice.name == "alice@example.com"


@pytest.mark.no_cover
def test_a_large_company_is_linked_in_seconds() -> None:
    count = 100_000
    staff = [Employee(f"p{n}@example.com", f"P{n}", aliases=(f"q{n}@example.com",)) for n in range(count)]
    people = [slack(f"U{n}", f"q{n}@example.com" if n % 2 else f"p{n}@example.com") for n in range(count)]

    begin = time.process_time()
    links = link(staff, people, {f"acc-{n}": f"p{n}@example.com" for n in range(count)})

    assert time.process_time() - begin < 10  # it takes less than one
    assert len(links.slack) == len(links.accounts) == count
    assert links.findings == ()


ADDRESSES = st.sampled_from([f"{letter}@x.com" for letter in "abcdef"])
EMPLOYEES = st.lists(
    st.builds(
        Employee,
        ADDRESSES,
        st.just("N"),
        aliases=st.lists(ADDRESSES, max_size=3).map(tuple),
        archived=st.booleans(),
    ),
    unique_by=lambda employee: employee.email,
)
PEOPLE = st.lists(
    st.builds(
        SlackPerson,
        st.sampled_from([f"U{n}" for n in range(6)]),
        st.none() | ADDRESSES,
        st.just("N"),
        st.none(),
        deleted=st.booleans(),
        is_bot=st.booleans(),
    ),
    unique_by=lambda person: person.slack_id,
)
ACCOUNTS = st.dictionaries(st.sampled_from("123456"), st.none() | ADDRESSES)


@settings(derandomize=True, deadline=None)
@given(EMPLOYEES, PEOPLE, ACCOUNTS)
def test_a_link_is_never_in_doubt_and_everything_else_is_explained(
    staff: list[Employee], people: list[SlackPerson], accounts: dict[str, str | None]
) -> None:
    links = link(staff, people, accounts)

    def claimants(address: str | None) -> list[str]:
        return [e.email for e in staff if address is not None and address in (e.email, *e.aliases)]

    for account, account_link in links.accounts.items():
        assert claimants(accounts[account]) == [account_link.employee_email]
    by_id = {person.slack_id: person for person in people}
    for email, slack_id in links.slack.items():
        person = by_id[slack_id]
        assert claimants(person.email) == [email]
        assert not person.deleted
        assert not person.is_bot
        rivals = [p for p in people if p.email == person.email and not p.deleted and not p.is_bot]
        assert rivals == [person]
    assert len(set(links.slack.values())) == len(links.slack)
    assert found(links, Subject.ACCOUNT).keys() == accounts.keys() - links.accounts.keys()
    assert found(links, Subject.SLACK).keys() == by_id.keys() - set(links.slack.values())
    unlinked = {e.email for e in staff if not e.archived} - links.slack.keys()
    assert found(links, Subject.EMPLOYEE).keys() == unlinked
    assert all(explain(finding).endswith(".") for finding in links.findings)


@settings(derandomize=True, deadline=None)
@given(EMPLOYEES, PEOPLE, ACCOUNTS)
def test_order_does_not_matter(
    staff: list[Employee], people: list[SlackPerson], accounts: dict[str, str | None]
) -> None:
    turned = link(reversed(staff), reversed(people), dict(reversed(accounts.items())))

    assert turned == link(staff, people, accounts)
