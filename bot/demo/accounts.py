"""Who of the company has a Codex account, and how each of them tends to use it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Literal

from bot.demo import names
from bot.demo.staff import CAST, ZOE_LEFT_DAYS_AGO, Worker

ADOPTION = 0.66
"""The share of people who ever used Codex."""

STRANGER_EMAIL = f"build.wizard@acquired-{names.DOMAIN}"
FOREVER = date.max.toordinal()
RAISED_DAYS_AGO = 11
"""Since then Dan uses much more on every day, which has been certain for some days when the demo begins."""
Kind = Literal["person", "stranger", "service"]

_DEVELOPER_CLIENTS = {
    "CODEX_CLI": 40,
    "CODEX_IDE_VSCODE": 28,
    "CODEX_WEB": 14,
    "CODEX_DESKTOP_APP": 12,
    "CODEX_GITHUB": 8,
    "CODEX_SLACK": 4,
    "CODEX_IDE_JETBRAINS_PYCHARM": 4,
    "CODEX_IDE_JETBRAINS_INTELLIJ_IDEA": 3,
    "CODEX_SERVICE_EXEC": 3,
    "CODEX_IDE_XCODE": 2,
    "CODEX_SDK_TS": 1,
    "CODEX_UNKNOWN_DEFAULT": 1,
}
_OFFICE_CLIENTS = {
    "CODEX_WORK_WEB": 5,
    "CODEX_DESKTOP_APP": 4,
    "CODEX_CHATGPT_DESKTOP": 3,
    "CODEX_WORK_MOBILE": 2,
}
_EARLY_SHARE = 0.7
"""Of the accounts, those that are older than any window that is looked at."""
_LEGACY_SHARE = 0.04


@dataclass(frozen=True, slots=True)
class Account:
    """One Codex account and its habits. Its days are ordinals of `date`, both ends included.

    ``email`` is what the API tells, ``worker_email`` whose account it is. ``active_share`` is the chance of
    use on a working day; a day's credits are log-normal around ``median_credits`` with ``spread`` as sigma.
    ``legacy`` accounts are priced without tokens. On a ``runaway`` day an agent was left running, and from a
    ``raised`` one on every day takes a multiple.
    """

    user_id: str
    email: str | None
    worker_email: str | None
    kind: Kind
    seed: int
    first_day: int
    last_day: int
    active_share: float
    median_credits: float
    spread: float
    clients: tuple[str, ...]
    legacy: bool = False
    runaway: int = 0
    raised: int = FOREVER


def build_accounts(staff: Sequence[Worker], seed: int, today: date) -> tuple[Account, ...]:
    """The accounts in order of their id, which tells nothing about the people.

    Besides those of adopters: one at an alias of its owner, one whose address nobody has, and one of a
    service without an address.
    """
    rng = Random(f"accounts {seed}")
    adopters = _choose_adopters(staff, rng)
    accounts = [_build_account(worker, seed, today, rng) for worker in adopters]
    cast = [_settle_cast(account, today) for account in accounts]
    return tuple(sorted([*_move_to_alias(cast, adopters), *_build_odd_ones(seed, today)], key=_id_of))


def _choose_adopters(staff: Sequence[Worker], rng: Random) -> list[Worker]:
    """Exactly the share of `ADOPTION`; the eager ones first, the cast as the documentation tells it."""
    eagerness = {worker.email: rng.random() + _inclination(worker) for worker in staff}
    eager = sorted(staff, key=lambda worker: eagerness[worker.email], reverse=True)
    chosen = {worker.email for worker in eager[: round(len(staff) * ADOPTION)]}
    return [worker for worker in staff if worker.email in chosen]


def _inclination(worker: Worker) -> float:
    if worker.email == CAST["Finn"]:
        return -9.0
    if worker.email in CAST.values() or worker.aliases:
        return 9.0
    return (0.0 if worker.department == "Operations" else 0.4) - (0.2 if worker.leads else 0.0)


def _build_account(worker: Worker, seed: int, today: date, rng: Random) -> Account:
    ago = rng.randint(120, 400) if rng.random() < _EARLY_SHARE else rng.randint(8, 110)
    office = worker.depth <= 1 or worker.department == "Operations"
    light = worker.leads or office
    last = worker.left_on.toordinal() if worker.left_on else FOREVER
    return Account(
        user_id=build_user_id(worker.email, seed),
        email=worker.email,
        worker_email=worker.email,
        kind="person",
        seed=stable_number(worker.email, seed),
        first_day=min(today.toordinal() - ago, last),
        last_day=last,
        active_share=round(rng.uniform(0.1, 0.45) if light else rng.betavariate(4, 2), 3),
        median_credits=round(rng.lognormvariate(2.2 if light else 3.2, 0.8), 2),
        spread=round(rng.uniform(0.45, 0.95), 2),
        clients=_draw_clients(_OFFICE_CLIENTS if office else _DEVELOPER_CLIENTS, rng),
        legacy=rng.random() < _LEGACY_SHARE,
    )


def _draw_clients(weights: dict[str, int], rng: Random) -> tuple[str, ...]:
    """One to three different clients, the favourite first."""
    drawn = rng.choices(tuple(weights), tuple(weights.values()), k=rng.randint(1, 3))
    return tuple(dict.fromkeys(drawn))


def build_user_id(text: str, seed: int) -> str:
    """An opaque id in the form that the API uses, always the same for the same text."""
    return "user-" + hashlib.blake2s(f"{seed} {text}".encode(), digest_size=12).hexdigest()


def stable_number(text: str, seed: int) -> int:
    """A 40-bit number that depends on nothing but its arguments."""
    return int.from_bytes(hashlib.blake2s(f"{text} {seed}".encode(), digest_size=5).digest(), "big")


def _settle_cast(account: Account, today: date) -> Account:
    """Gives those of the cast whom the documentation talks about the habits it describes."""
    if account.worker_email not in (CAST["Bob"], CAST["Carol"], CAST["Dan"], CAST["Zoe"]):
        return account
    steady = replace(account, first_day=today.toordinal() - 300, spread=0.45, legacy=False)
    if account.worker_email == CAST["Carol"]:
        clients = ("CODEX_CLI", "CODEX_IDE_VSCODE", "CODEX_WEB")
        runaway = last_working_day(today - timedelta(days=2)).toordinal()
        return replace(steady, active_share=0.93, median_credits=42.0, clients=clients, runaway=runaway)
    if account.worker_email == CAST["Zoe"]:
        last_day = today.toordinal() - ZOE_LEFT_DAYS_AGO + 9
        return replace(steady, active_share=0.95, median_credits=18.0, last_day=last_day)
    if account.worker_email == CAST["Dan"]:
        raised = today.toordinal() - RAISED_DAYS_AGO
        return replace(steady, active_share=0.97, median_credits=64.0, spread=0.1, raised=raised)
    return replace(steady, active_share=0.7, median_credits=24.0)


def last_working_day(day: date) -> date:
    """``day`` itself or the Friday before it."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def _move_to_alias(accounts: Iterable[Account], adopters: Sequence[Worker]) -> list[Account]:
    owner = next(worker for worker in adopters if worker.aliases)
    return [
        replace(account, email=owner.aliases[0]) if account.worker_email == owner.email else account
        for account in accounts
    ]


def _build_odd_ones(seed: int, today: date) -> tuple[Account, Account]:
    stranger = Account(
        user_id=build_user_id("stranger", seed),
        email=STRANGER_EMAIL,
        worker_email=None,
        kind="stranger",
        seed=stable_number("stranger", seed),
        first_day=today.toordinal() - 200,
        last_day=FOREVER,
        active_share=0.8,
        median_credits=20.0,
        spread=0.6,
        clients=("CODEX_CLI",),
    )
    robot = ("CODEX_GITHUB_ACTION", "CODEX_SERVICE_EXEC")
    service = replace(
        stranger, user_id=build_user_id("service", seed), email=None, kind="service", clients=robot
    )
    return stranger, replace(service, seed=stable_number("service", seed), active_share=0.97)


def _id_of(account: Account) -> str:
    return account.user_id
