"""The invented company as everybody else uses it: its people, its papers, and its usage of Codex.

All of it follows from a size, a seed and the day that counts as today; nothing is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.demo import papers, usage_model, workspace_model
from bot.demo.accounts import Account, build_accounts
from bot.demo.staff import CAST, Worker, build_staff


@dataclass(frozen=True, slots=True)
class Company:
    """Everybody who works or worked there, managers before their reports, and the Codex accounts."""

    seed: int
    today: date
    staff: tuple[Worker, ...]
    accounts: tuple[Account, ...]

    def worker(self, who: str) -> Worker:
        """A member of the cast by first name (``"Alice"``), anybody by e-mail. KeyError for nobody."""
        email = CAST.get(who, who)
        for worker in self.staff:
            if worker.email == email:
                return worker
        raise KeyError(who)

    def account(self, who: str) -> Account | None:
        """The account of that worker, None for one who never started."""
        email = self.worker(who).email
        return next((account for account in self.accounts if account.worker_email == email), None)


def build_company(size: int = 60, seed: int = 7, *, today: date) -> Company:
    """A company of ``size`` people (at least 20), the same for the same arguments."""
    staff = build_staff(size, seed, today)
    return Company(seed, today, staff, build_accounts(staff, seed, today))


def roster_csv(company: Company) -> str:
    """The roster file, header included."""
    return papers.build_roster_csv(company.staff)


def slack_users(company: Company) -> list[dict[str, Any]]:
    """The members of Slack's ``users.list``: staff, leavers as deleted, apps, and one person of no roster."""
    return papers.build_slack_members(company.staff, company.today)


def usage_rows(company: Company, day: date) -> list[dict[str, Any]]:
    """The API's account rows of that UTC day as they finally are; a day after today has rows, too."""
    return usage_model.draw_rows(company.accounts, day)


def workspace_row(company: Company, day: date) -> dict[str, Any] | None:
    """The API's aggregate row of that UTC day: slightly above the sum of `usage_rows`, None without any."""
    return workspace_model.build_workspace_row(usage_rows(company, day), day)


def review_row(company: Company, day: date) -> dict[str, Any]:
    """The row of ``/code_reviews`` for that UTC day."""
    return workspace_model.build_review_row(len(company.staff), company.seed, day)


def review_response_row(company: Company, day: date) -> dict[str, Any]:
    """The row of ``/code_review_responses`` for that UTC day."""
    return workspace_model.build_review_response_row(len(company.staff), company.seed, day)
