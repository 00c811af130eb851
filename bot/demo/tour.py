"""The tour of the demo: who is who, a few answers as people get them, and how to ask more."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import NamedTuple

from bot.demo.world import World
from bot.slack.messages import Message
from bot.slack.terminal import as_text


class Stop(NamedTuple):
    """One stop of the tour: who asks what, and what it shows."""

    who: str
    text: str
    shows: str


STOPS = (
    Stop("Carol", "me", "an employee sees herself"),
    Stop("Bob", "team 7d", "a manager sees everyone below, and nobody else"),
    Stop("Dan", "@Bob", "a peer learns nothing, not even whether somebody exists"),
    Stop("Finn", "org", "finance sees the organisation, small teams folded, nobody by name"),
    Stop("Erin", "top tokens 7d", "an admin sees all"),
    Stop("pat.visitor@northwind.example", "me", "a guest whom the roster does not know"),
)
CAST = {
    "Mira": "runs the company",
    "Alice": "VP; Bob's manager",
    "Bob": "manager; Carol's manager",
    "Carol": "engineer",
    "Gail": "VP elsewhere; Dan's manager",
    "Dan": "Bob's peer elsewhere",
    "Erin": "administers this bot",
    "Finn": "finance",
    "Zoe": "has left",
}


def give_tour(world: World) -> None:
    """Print the tour; every answer goes through the simulated Slack to the running bot and back."""
    print(f"\nNorthwind, {len(world.company.staff)} invented people:\n")
    for who, role in CAST.items():
        print(f"  {world.company.worker(who).name:<18}{role:<28}{world.email(who)}")
    for stop in STOPS:
        _show(world, stop)
    print(f"""
Ask as anyone, in another terminal or later:

  cd {world.folder}
  {_program()} ask --as {world.email("Alice")} team last week
  {_program()} ask --as {world.email("Erin")} help
  {_program()} check      (while the demo runs)""")


def _show(world: World, stop: Stop) -> None:
    print(f"\n{'─' * 78}\n{world.name(stop.who)} types  /codex-usage {stop.text}\n({stop.shows})\n")
    begun = time.monotonic()
    reply = world.slack.ask(world.slack_id(stop.who), _typed(world, stop.text))
    print(as_text(Message(text=reply["text"], blocks=reply.get("blocks") or [])))
    print(f"\n[answered in {(time.monotonic() - begun) * 1000:.0f} ms]")


def _typed(world: World, text: str) -> str:
    if not text.startswith("@"):
        return text
    return f"@{world.name(text[1:])}"


def _program() -> str:
    return str(Path(sys.executable).parent / "codex-usage-bot")
