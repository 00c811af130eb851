"""How employee, Slack person and usage account become one: by equal e-mail addresses, and nothing else.

An address that two claim is nobody's. A wrong link would show one person's usage to another's managers, a
missing one only leaves a line for whoever keeps the roster.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter
from typing import NamedTuple

from bot.core.link_findings import LinkFinding, Reason, Subject
from bot.core.people import Employee, Place, SlackPerson, is_email, normalise_email

Claims = Mapping[str, tuple[str, ...]]
"""The employees (by address) who claim an address as their e-mail or an alias."""


class AccountLink(NamedTuple):
    """Whose an account is. Usage from the day ``until`` on is not theirs; None while no last day is known."""

    employee_email: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Linking:
    """Everyone ever known, by address, archived people included, and how they hang together.

    ``places`` by address; ``slack_ids`` Slack id by address; ``owners`` by external account id.
    """

    employees: Mapping[str, Employee]
    places: Mapping[str, Place]
    slack_ids: Mapping[str, str]
    owners: Mapping[str, AccountLink]


@dataclass(frozen=True, slots=True)
class Links:
    """``slack`` is by employee's address, ``accounts`` by account id; findings by subject, then key."""

    slack: Mapping[str, str]
    accounts: Mapping[str, AccountLink]
    findings: tuple[LinkFinding, ...]


def link(
    employees: Iterable[Employee], slack_people: Iterable[SlackPerson], accounts: Mapping[str, str | None]
) -> Links:
    """Links everyone who can be linked, archived employees included, and says of all others why not.

    ``accounts`` are the addresses that the usage source gave, by account id. In Slack an employee's e-mail
    goes before their aliases. An archived employee who is not in Slack, and an employee without an account,
    are no findings.
    """
    staff = sorted(employees, key=attrgetter("email"))
    claims = _claims(staff)
    directory = sorted(slack_people, key=attrgetter("slack_id"))
    candidates = _match_slack(claims, directory)
    slack = candidates.unambiguous()
    account_links, unlinked_accounts = _link_accounts(staff, claims, accounts)
    linked = set(slack.values())
    findings = (
        *_clashes(claims),
        *_unlinked_employees([e for e in staff if e.email not in slack], claims, directory, candidates),
        *_unlinked_slack_people([p for p in directory if p.slack_id not in linked], claims, candidates),
        *unlinked_accounts,
    )
    return Links(slack, account_links, findings)


def employees_from_slack(people: Iterable[SlackPerson]) -> tuple[Employee, ...]:
    """A roster for companies without one: everyone in Slack with an e-mail address, nobody's report.

    Deleted people are archived. Of several with one address the living one gives the facts.
    """
    employees: dict[str, Employee] = {}
    for person in sorted(people, key=lambda person: (person.deleted, person.slack_id)):
        email = normalise_email(person.email or "")
        if is_email(email) and not person.is_bot:
            employee = Employee(
                email, person.name or email, archived=person.deleted, timezone=person.timezone
            )
            employees.setdefault(email, employee)
    return tuple(employees[email] for email in sorted(employees))


def _claims(staff: Sequence[Employee]) -> Claims:
    claims = {employee.email: (employee.email,) for employee in staff}
    for employee in staff:
        for alias in map(normalise_email, employee.aliases):
            claimants = claims.get(alias, ())
            if alias and employee.email not in claimants:
                claims[alias] = (*claimants, employee.email)
    return claims


def _clashes(claims: Claims) -> Iterator[LinkFinding]:
    for address in sorted(address for address, claimants in claims.items() if len(claimants) > 1):
        yield LinkFinding(Subject.ADDRESS, address, address, Reason.CLAIMED_TWICE, claims[address])


class _Candidates(NamedTuple):
    """The Slack ids of the living people who are an employee by their addresses, by employee's address."""

    by_email: dict[str, tuple[str, ...]]
    by_alias: dict[str, tuple[str, ...]]

    def unambiguous(self) -> dict[str, str]:
        preferred = self.by_alias | self.by_email
        return {email: ids[0] for email, ids in preferred.items() if len(ids) == 1}

    def of(self, email: str) -> tuple[str, ...]:
        return self.by_email.get(email, ()) + self.by_alias.get(email, ())


def _match_slack(claims: Claims, directory: Sequence[SlackPerson]) -> _Candidates:
    candidates = _Candidates({}, {})
    for person in directory:
        email = normalise_email(person.email or "")
        claimants = claims.get(email, ())
        if len(claimants) == 1 and _absence(person) is None:
            ids = candidates.by_email if email == claimants[0] else candidates.by_alias
            ids[claimants[0]] = (*ids.get(claimants[0], ()), person.slack_id)
    return candidates


def _absence(person: SlackPerson) -> Reason | None:
    """Why somebody in Slack's directory is never matched, whatever their address."""
    if person.is_bot:
        return Reason.BOT
    return Reason.ARCHIVED_IN_SLACK if person.deleted else None


def _unlinked_employees(
    unlinked: Sequence[Employee], claims: Claims, directory: Sequence[SlackPerson], candidates: _Candidates
) -> Iterator[LinkFinding]:
    absent = {normalise_email(p.email): reason for p in directory if p.email and (reason := _absence(p))}
    for employee in unlinked:
        email = employee.email
        if employee.archived:
            continue
        if several := candidates.of(email):
            yield LinkFinding(Subject.EMPLOYEE, email, email, Reason.SEVERAL_IN_SLACK, several)
        elif len(claims[email]) > 1:
            yield LinkFinding(Subject.EMPLOYEE, email, email, Reason.CLAIMED_TWICE, claims[email])
        else:
            yield LinkFinding(Subject.EMPLOYEE, email, email, absent.get(email, Reason.NOBODY))


def _unlinked_slack_people(
    unlinked: Iterable[SlackPerson], claims: Claims, candidates: _Candidates
) -> Iterator[LinkFinding]:
    for person in unlinked:
        email = normalise_email(person.email or "") or None
        claimants = claims.get(email or "", ())
        reason = _absence(person) or _unclaimed(email, claimants)
        if reason is None:
            reason, claimants = Reason.SEVERAL_IN_SLACK, candidates.of(claimants[0])
        yield LinkFinding(Subject.SLACK, person.slack_id, email, reason, claimants)


def _unclaimed(email: str | None, claimants: tuple[str, ...]) -> Reason | None:
    """Why an address leads to no employee; None where it leads to exactly one."""
    if email is None:
        return Reason.NO_EMAIL
    if not claimants:
        return Reason.NOBODY
    return Reason.CLAIMED_TWICE if len(claimants) > 1 else None


def _link_accounts(
    staff: Sequence[Employee], claims: Claims, accounts: Mapping[str, str | None]
) -> tuple[dict[str, AccountLink], list[LinkFinding]]:
    until = {employee.email: _day_after(employee.left_on) for employee in staff if employee.left_on}
    links: dict[str, AccountLink] = {}
    findings: list[LinkFinding] = []
    for account, address in accounts.items():
        email = normalise_email(address or "") or None
        claimants = claims.get(email or "", ())
        reason = _unclaimed(email, claimants)
        if reason is None:
            links[account] = AccountLink(claimants[0], until.get(claimants[0]))
        else:
            findings.append(LinkFinding(Subject.ACCOUNT, account, email, reason, claimants))
    return links, sorted(findings, key=attrgetter("key"))


def _day_after(last_day: date) -> date | None:
    """The first day that is not theirs; None where the calendar ends before it."""
    return None if last_day == date.max else last_day + timedelta(days=1)
