"""Whom one can be in the demo: everybody of the invented company, and what each of them is there."""

from __future__ import annotations

from dataclasses import dataclass

from bot.demo.papers import VISITOR_EMAIL
from bot.demo.staff import CAST, Worker
from bot.demo.world import ADMIN, FINANCE, World

_SHOWN = {
    "Carol": "An employee: sees her own figures, and nobody else's.",
    "Bob": "A manager: sees everyone below him, by name.",
    "Alice": "A VP: her managers and everyone below them.",
    "Dan": "A manager elsewhere: Bob's people are none of his business.",
    "Finn": "Finance: the organisation's spend, small teams folded together.",
    "Erin": "Administers the bot: sees everyone.",
    "Zoe": "Left the company: her Slack account is deactivated.",
}
_GUEST = "A guest whom the roster does not know."
_CONTRACTOR = "A contractor: a guest in Slack, an employee for the bot."
GROUPS = (
    "Employees",
    "Managers",
    "VPs and above",
    "Finance",
    "Administrators",
    "Contractors",
    "Guests",
    "Left the company",
)


@dataclass(frozen=True, slots=True)
class Persona:
    """One person of the workspace. ``shows`` is what one learns as them; empty for most."""

    slack_id: str
    role: str
    group: str
    shows: str = ""


def build_personas(world: World) -> tuple[Persona, ...]:
    """Everybody with a Slack account, in the order of the company's chart, the guest last."""
    staff = [worker for worker in world.company.staff if worker.slack_id is not None]
    shown = {CAST[first]: sentence for first, sentence in _SHOWN.items()}
    contractor = next(worker for worker in staff if worker.contractor and worker.left_on is None)
    shown[contractor.email] = _CONTRACTOR
    found = [
        Persona(worker.slack_id or "", _role(worker), _group(worker), shown.get(worker.email, ""))
        for worker in staff
    ]
    return (*found, Persona(world.slack_id(VISITOR_EMAIL), "Visitor", "Guests", _GUEST))


def _role(worker: Worker) -> str:
    return worker.title if worker.team in worker.title else f"{worker.title}, {worker.team}"


def _group(worker: Worker) -> str:
    if worker.left_on is not None:
        return "Left the company"
    if worker.contractor:
        return "Contractors"
    if worker.email in {CAST[ADMIN], CAST[FINANCE]}:
        return "Administrators" if worker.email == CAST[ADMIN] else "Finance"
    if not worker.leads:
        return "Employees"
    return "Managers" if worker.depth > 1 else "VPs and above"
