"""The people of the invented company: the fixed cast first, everybody else drawn from a seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from bot.demo import chart, names

SMALLEST = 20
BERLIN, NEW_YORK = names.OFFICES[1], names.OFFICES[0]


@dataclass(frozen=True, slots=True)
class Worker:
    """One person of the company. ``left_on`` is the last day of work; ``depth`` is 0 at the top.

    ``timezone`` is that of the office; a contractor's is not in the roster. ``slack_id`` is None for
    somebody who never joined Slack.
    """

    email: str
    name: str
    title: str
    manager_email: str | None
    team: str
    department: str
    cost_center: str
    timezone: str
    depth: int
    leads: bool
    slack_id: str | None
    left_on: date | None = None
    aliases: tuple[str, ...] = ()
    contractor: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    """A member of the cast; the place in the chart is the position in the list."""

    name: str
    title: str
    team: str
    timezone: str


_LEADERS = (
    _Part("Mira Castellan", "Chief Executive", "Executive", NEW_YORK),
    _Part("Alice Moreno", "VP Engineering", "Engineering", NEW_YORK),
    _Part("Gail Winter", "VP Platform", "Platform", BERLIN),
    _Part("Hugo Stern", "VP Operations", "Operations", NEW_YORK),
    _Part("Bob Hartmann", "Engineering Manager", "Payments", NEW_YORK),
    _Part("Dan Ferreira", "Engineering Manager", "Runtime", BERLIN),
    _Part("Ivy Nakata", "Director IT & Finance", "IT & Finance", NEW_YORK),
)
_OTHERS = (
    _Part("Carol Jensen", "Software Engineer", "Payments", BERLIN),
    _Part("Zoe Albrecht", "Software Engineer", "Payments", NEW_YORK),
    _Part("Erin Takahashi", "IT Administrator", "IT & Finance", NEW_YORK),
    _Part("Finn Okoro", "Finance Analyst", "IT & Finance", BERLIN),
)
CAST = {part.name.split()[0]: f"{part.name.split()[0].lower()}@{names.DOMAIN}" for part in _LEADERS + _OTHERS}
"""First name to e-mail of those who are in every company."""

ZOE_LEFT_DAYS_AGO = 20
_DEVELOPER_TITLES = ("Software Engineer", "Senior Engineer", "Data Engineer")
_OFFICE_TITLES = ("Analyst", "Specialist", "Support Engineer")


def build_staff(size: int, seed: int, today: date) -> tuple[Worker, ...]:
    """``size`` people, managers before their reports. Leavers, aliases and contractors are among them."""
    if size < SMALLEST:
        raise ValueError(f"a company has at least {SMALLEST} people")
    rng = Random(f"staff {seed}")
    parents = chart.build_managers(chart.count_managers(size), rng)
    reports = chart.build_reports(parents, size - len(parents), rng)
    staff = _hire(parents, reports, rng)
    return _mark(staff, len(parents) + len(_OTHERS), rng, today)


def build_slack_id(number: int) -> str:
    """The id of the ``number``-th member of the Slack workspace: U and nine characters."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    number += 371
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = digits[digit] + text
    return "U" + text.rjust(9, "0")


def _hire(parents: Sequence[int], reports: Sequence[int], rng: Random) -> list[Worker]:
    taken: dict[str, int] = {}
    staff: list[Worker] = []
    for number, above in enumerate([*parents, *reports]):
        leads = number < len(parents)
        manager = staff[above] if above >= 0 else None
        part = _find_part(number, len(parents)) or _draw_part(manager, number, rng, leads=leads)
        email = CAST.get(part.name.split()[0]) or names.build_address(part.name, names.DOMAIN, taken)
        staff.append(_employ(part, email, manager, number, leads=leads))
    return staff


def _find_part(number: int, managers: int) -> _Part | None:
    if number < len(_LEADERS):
        return _LEADERS[number]
    return _OTHERS[number - managers] if 0 <= number - managers < len(_OTHERS) else None


def _draw_part(manager: Worker | None, number: int, rng: Random, *, leads: bool) -> _Part:
    assert manager is not None  # noqa: S101 - only the first of the cast has nobody above
    name = f"{rng.choice(names.FIRST)} {rng.choice(names.LAST)}"
    stays = rng.random() < (0.8 if leads else 0.9)
    timezone = manager.timezone if stays else rng.choice(names.OFFICES)
    if not leads:
        return _Part(
            name, rng.choice(("Software Engineer", "Senior Engineer", "Analyst")), manager.team, timezone
        )
    if manager.depth == 0:
        department = names.DEPARTMENTS[number % len(names.DEPARTMENTS)]
        return _Part(name, f"VP {department}", department, timezone)
    serial = number // len(names.TEAMS)
    team = names.TEAMS[number % len(names.TEAMS)] + (f" {serial + 1}" if serial else "")
    return _Part(name, "Engineering Manager", team, timezone)


def _employ(part: _Part, email: str, manager: Worker | None, number: int, *, leads: bool) -> Worker:
    depth = manager.depth + 1 if manager else 0
    department = part.team if depth <= 1 or manager is None else manager.department
    return Worker(
        email=email,
        name=part.name,
        title=part.title,
        manager_email=manager.email if manager else None,
        team=part.team,
        department=department,
        cost_center=f"CC-{1000 + sum(map(ord, part.team)) % 900}",
        timezone=part.timezone,
        depth=depth,
        leads=leads,
        slack_id=build_slack_id(number),
    )


def _mark(staff: list[Worker], first: int, rng: Random, today: date) -> tuple[Worker, ...]:
    """Turns a few of the people from ``first`` on into leavers, contractors, holders of aliases."""
    places = list(range(first, len(staff)))
    rng.shuffle(places)
    take = iter(places)
    zoe = first - len(_OTHERS) + 1
    staff[zoe] = replace(staff[zoe], left_on=today - timedelta(days=ZOE_LEFT_DAYS_AGO))
    absent = next(take)
    staff[absent] = replace(staff[absent], slack_id=None)
    for _ in range(2 + len(staff) // 400):
        place = next(take)
        staff[place] = replace(staff[place], left_on=today - timedelta(days=rng.randint(6, 70)))
    for _ in range(max(2, len(staff) // 33)):
        place = next(take)
        staff[place] = _give_alias(staff[place])
    for _ in range(max(2, len(staff) // 20)):
        place = next(take)
        staff[place] = _make_contractor(staff[place])
    return tuple(staff)


def _give_alias(worker: Worker) -> Worker:
    local = worker.email.split("@")[0]
    first, last = local.split(".", 1)
    return replace(worker, aliases=(f"{first[0]}{last}@{names.DOMAIN}", f"{local}@old-{names.DOMAIN}"))


def _make_contractor(worker: Worker) -> Worker:
    email = worker.email.replace(names.DOMAIN, names.PARTNER_DOMAIN)
    return replace(worker, email=email, title="Contractor", contractor=True)
