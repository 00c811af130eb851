"""The invented company: who is in it, and what its papers say."""

from __future__ import annotations

import csv
import io
import time
from collections import Counter
from datetime import date, timedelta
from statistics import median

import pytest

from bot.core.people import normalise_email
from bot.demo.accounts import STRANGER_EMAIL
from bot.demo.company import Company, build_company, roster_csv, slack_users
from bot.demo.papers import ROSTER_COLUMNS, VISITOR_EMAIL
from bot.demo.staff import CAST, Worker, build_slack_id

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def company() -> Company:
    return build_company(today=TODAY)


def test_same_arguments_same_company(company: Company) -> None:
    assert build_company(60, 7, today=TODAY) == company
    assert roster_csv(build_company(60, 8, today=TODAY)) != roster_csv(company)


def test_size_is_the_number_of_people_in_four_levels(company: Company) -> None:
    assert len(company.staff) == 60
    assert {worker.depth for worker in company.staff} == {0, 1, 2, 3}


def test_too_small_a_company_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 20"):
        build_company(19, today=TODAY)


def test_the_cast_reports_as_the_documentation_tells(company: Company) -> None:
    def manager_of(who: str) -> str | None:
        return company.worker(who).manager_email

    assert manager_of("Carol") == CAST["Bob"]
    assert manager_of("Bob") == CAST["Alice"]
    assert manager_of("Dan") == CAST["Gail"]
    assert manager_of("Alice") == manager_of("Gail") == CAST["Mira"]
    assert manager_of("Mira") is None
    assert company.worker("Zoe").left_on == TODAY - timedelta(days=20)
    assert company.account("Finn") is None


def test_nobody_by_that_name(company: Company) -> None:
    with pytest.raises(KeyError):
        company.worker("Nobody")


@pytest.mark.parametrize("size", [20, 60, 500])
def test_every_chart_is_a_tree_with_people_before_their_reports(size: int) -> None:
    staff = build_company(size, today=TODAY).staff

    seen: set[str] = set()
    for worker in staff:
        assert worker.manager_email is None if not seen else worker.manager_email in seen
        seen.add(worker.email)
    assert len(seen) == size
    leads = {worker.manager_email for worker in staff} - {None}
    assert leads == {worker.email for worker in staff if worker.leads}


@pytest.mark.no_cover
def test_large_companies_are_deep_with_real_spans() -> None:
    began = time.perf_counter()
    large = build_company(20_000, today=TODAY)
    took = time.perf_counter() - began

    spans = sorted(Counter(worker.manager_email for worker in large.staff).values())
    assert 8 <= max(worker.depth for worker in large.staff) + 1 <= 12
    assert 5 <= median(spans) <= 12
    assert spans[-1] <= 25
    assert took < 10  # under one second when the machine is idle


def test_roster_has_the_columns_and_everybody(company: Company) -> None:
    sheet = list(csv.DictReader(io.StringIO(roster_csv(company))))

    assert tuple(sheet[0]) == ROSTER_COLUMNS
    assert len(sheet) == 60
    by_email = {row["email"]: row for row in sheet}
    assert by_email[CAST["Zoe"]]["status"] == "archived"
    assert by_email[CAST["Zoe"]]["left_on"] == "2026-10-31"
    assert by_email[CAST["Carol"]] == {
        "email": "carol@northwind.example",
        "name": "Carol Jensen",
        "manager_email": "bob@northwind.example",
        "team": "Payments",
        "department": "Engineering",
        "cost_center": by_email[CAST["Bob"]]["cost_center"],
        "status": "active",
        "left_on": "",
        "aliases": "",
        "timezone": "Europe/Berlin",
    }


def test_roster_claims_no_address_twice() -> None:
    staff = build_company(2_000, today=TODAY).staff

    addresses = [address for worker in staff for address in (worker.email, *worker.aliases)]
    assert len(addresses) == len(set(addresses))
    assert all(address.isascii() and address == normalise_email(address) for address in addresses)


def test_special_people_are_there(company: Company) -> None:
    leavers = [worker for worker in company.staff if worker.left_on]
    contractors = [worker for worker in company.staff if worker.contractor]

    assert len(leavers) == 3
    assert len(contractors) == 3
    assert sum(worker.slack_id is None for worker in company.staff) == 1
    assert all(worker.left_on < TODAY for worker in leavers if worker.left_on)
    assert {worker.timezone for worker in company.staff} == {"America/New_York", "Europe/Berlin"}
    assert all(row.endswith(",") for row in roster_csv(company).splitlines() if "partner.example" in row)


def test_slack_ids_are_slacks() -> None:
    ids = [build_slack_id(number) for number in range(400_000)]

    assert ids[0] == "U0000000AB"
    assert len(set(ids)) == 400_000
    assert all(len(slack_id) == 10 for slack_id in ids)


def test_slack_knows_staff_guests_apps_and_one_more(company: Company) -> None:
    members = slack_users(company)

    by_email = {normalise_email(member["profile"].get("email", "")): member for member in members}
    assert len({member["id"] for member in members}) == len(members) == 59 + 4
    assert by_email[CAST["Bob"]]["id"] == company.worker("Bob").slack_id
    assert by_email[VISITOR_EMAIL]["deleted"] is False
    assert sum(member["is_bot"] for member in members) == 2
    assert sum(member.get("is_restricted", False) for member in members) == 3
    assert 0 < sum(member.get("is_ultra_restricted", False) for member in members) < 3
    missing = {worker.email for worker in company.staff} - set(by_email)
    assert len(missing) == 1


def test_slack_is_as_awkward_as_the_real_list(company: Company) -> None:
    by_id = {member["id"]: member for member in slack_users(company)}
    zoe = by_id[company.worker("Zoe").slack_id or ""]

    assert zoe["deleted"] is True
    assert "tz" not in zoe
    assert by_id["USLACKBOT"]["is_bot"] is False
    assert by_id[company.worker("Alice").slack_id or ""]["profile"]["email"] == "Alice@Northwind.Example"


@pytest.mark.parametrize(("today", "offset"), [(TODAY, 3600), (date(2026, 7, 1), 7200)])
def test_slack_offsets_follow_daylight_saving(today: date, offset: int) -> None:
    company = build_company(today=today)

    carol = next(m for m in slack_users(company) if m["id"] == company.worker("Carol").slack_id)
    assert (carol["tz"], carol["tz_offset"]) == ("Europe/Berlin", offset)


def test_two_thirds_of_the_people_have_an_account() -> None:
    for size in (60, 500, 5_000):
        company = build_company(size, today=TODAY)
        owned = {account.worker_email for account in company.accounts} - {None}
        assert 0.62 <= len(owned) / size <= 0.70


def test_odd_accounts(company: Company) -> None:
    known = {worker.email: worker for worker in company.staff}
    at_alias = [a for a in company.accounts if a.kind == "person" and a.email not in known]
    stranger = next(a for a in company.accounts if a.kind == "stranger")
    service = next(a for a in company.accounts if a.kind == "service")

    assert len(at_alias) == 1
    assert at_alias[0].email in known[at_alias[0].worker_email or ""].aliases
    assert stranger.email == STRANGER_EMAIL
    assert not any(STRANGER_EMAIL in (worker.email, *worker.aliases) for worker in company.staff)
    assert service.email is None


def test_worker_can_be_found_by_address(company: Company) -> None:
    bob: Worker = company.worker("bob@northwind.example")

    assert bob == company.worker("Bob")
