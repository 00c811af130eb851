"""Keeps people right: roster and Slack's directory are read, accounts, employees and Slack people linked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from bot.core.chart import build_chart
from bot.core.chart import explain as explain_chart
from bot.core.ledger import Part
from bot.core.link_findings import explain as explain_link
from bot.core.linking import Linking, employees_from_slack, link
from bot.core.people import Employee, RosterProblem, SlackPerson
from bot.core.roster import RosterPlan, plan_roster
from bot.ports import Directory, Roster, Store

ROSTER_IN_USE = "roster_in_use"
ATTEMPTS = 3


class People:
    """The people of the company, as the roster and Slack tell them.

    Without a roster everyone in Slack with an address is an employee without a manager.
    """

    def __init__(self, store: Store, directory: Directory, roster: Roster | None) -> None:
        self._store = store
        self._directory = directory
        self._roster = roster

    def read_roster(self, part: Part, today: date, *, force: bool) -> RosterPlan | None:
        """Plan what the roster changes; None where there is no roster or the plan was refused.

        ``today`` is the day in the organisation's zone. Raises `SourceError` and `StoreError`.
        """
        if self._roster is None:
            return None
        file = self._roster.read()
        self._store.save_findings("roster", [_sentence(problem) for problem in file.problems])
        # whoever came from Slack before there was a roster does not count against a first one
        first = self._store.load_note(ROSTER_IN_USE) is None
        current = self._store.load_employees()
        plan = plan_roster(current, file.employees, today, force=force or first, unread=file.unread)
        part.rows, part.poisoned = len(file.employees), len(file.problems)
        part.new = len(plan.added) + len(plan.returned)
        part.changed, part.vanished, part.error = len(plan.changed), len(plan.archived), plan.refused
        part.notes += [_sentence(problem) for problem in file.problems]
        if first and plan.is_empty:  # nothing will be linked for it
            self._store.save_note(ROSTER_IN_USE, "yes")
        return None if plan.refused else plan

    def read_directory(self, part: Part, now: datetime) -> None:
        """Take over Slack's directory. Raises `DeliveryError` and `StoreError`."""
        people = list(self._directory.fetch_people())
        if not people and self._store.load_slack_people():
            part.error = "Slack's directory came back empty, so nothing was changed."
            return
        part.rows = len(people)
        part.changed, part.vanished = self._store.save_slack_people(people, now, complete=True)

    def take_change(self, person: SlackPerson, now: datetime, today: date) -> None:
        """Take over one changed entry of the directory, as Slack's events tell it."""
        self._store.save_slack_people([person], now, complete=False)
        if self._store.is_linking_due():
            self.link(None, today)

    def link(self, plan: RosterPlan | None, today: date) -> None:
        """Link everyone anew, with the roster as planned, or as it is where there is no plan.

        Begins again where people changed meanwhile. If they never rest, linking stays due.
        """
        for _ in range(ATTEMPTS):
            if self._link(plan, today):
                return

    def _link(self, plan: RosterPlan | None, today: date) -> bool:
        version = self._store.load_people_version()
        slack_people = self._store.load_slack_people()
        employees = self._employees(plan, slack_people, today)
        chart = build_chart((employee.email, employee.manager_email) for employee in employees.values())
        links = link(employees.values(), slack_people, self._store.load_accounts())
        linking = Linking(employees, chart.places, links.slack, links.accounts)
        if not self._store.save_people(linking, today, version=version):
            return False
        self._store.save_findings("chart", [explain_chart(finding) for finding in chart.findings])
        self._store.save_findings("link", [explain_link(finding) for finding in links.findings])
        if plan is not None:
            self._store.save_note(ROSTER_IN_USE, "yes")
        return True

    def _employees(
        self, plan: RosterPlan | None, slack_people: list[SlackPerson], today: date
    ) -> Mapping[str, Employee]:
        if plan is not None:
            return plan.employees
        known = self._store.load_employees()
        if self._roster is not None:
            return known
        return plan_roster(known, employees_from_slack(slack_people), today, force=True).employees


def _sentence(problem: RosterProblem) -> str:
    return problem.message if problem.line is None else f"Line {problem.line}: {problem.message}"
