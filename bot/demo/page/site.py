"""The page in one piece: who is introduced to whom, from `start` to `stop`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.demo.page import completion
from bot.demo.page.actions import Actions
from bot.demo.page.clock import Clock
from bot.demo.page.desk import Desk
from bot.demo.page.feed import Feed
from bot.demo.page.items import hue_of
from bot.demo.page.manifest import read_manifest
from bot.demo.page.personas import GROUPS, Persona
from bot.demo.page.places import TABS, MissingError, Place, conversation_at
from bot.demo.page.views import Views
from bot.demo.slack import SlackServer


@dataclass(frozen=True, slots=True)
class Person:
    """A persona as they are in the workspace now."""

    persona: Persona
    name: str
    hue: int
    has_left: bool


class Site:
    """What the routes work with. ``clock`` may be one without levers."""

    def __init__(self, slack: SlackServer, personas: Sequence[Persona], clock: Clock) -> None:
        self.slack = slack
        self.clock = clock
        self.manifest = read_manifest()
        self.desk = Desk(slack.workspace)
        self.views = Views(slack, self.desk, now=clock.now, clock_panel=clock.panel)
        self.feed = Feed(slack.workspace, self.views, self.desk)
        self.actions = Actions(slack, self.desk, self.manifest)
        self._personas = {one.slack_id: one for one in personas}

    def person(self, user_id: str) -> Person:
        """Raises `MissingError` for nobody."""
        member = self.slack.workspace.member(user_id)
        if member is None or user_id not in self._personas:
            raise MissingError(f"nobody is called {user_id}")
        name = completion.name_of(member)
        return Person(self._personas[user_id], name, hue_of(user_id), bool(member.get("deleted")))

    def people(self) -> dict[str, list[Person]]:
        """Everybody whom one can be, by group."""
        everyone = [self.person(user_id) for user_id in self._personas]
        return {
            group: [one for one in everyone if one.persona.group == group]
            for group in GROUPS
            if any(one.persona.group == group for one in everyone)
        }

    def describe(self, place: Place, person: Person) -> dict[str, object]:
        """What the page of a place is filled with."""
        workspace = self.slack.workspace
        conversation = conversation_at(workspace, place)
        may_write = conversation is not None and not (
            conversation.with_user is not None and self.manifest.messages_are_read_only
        )
        return {
            "place": place,
            "tabs": self._tabs(),
            "person": person,
            "people": self.people(),
            "team": self.slack.installation.team_name,
            "conversation": conversation,
            "may_write": may_write,
            "manifest": self.manifest,
            "offers": completion.build_offers(self.manifest, workspace.members()) if may_write else [],
            "regions": dict(self.views.regions(place)),
        }

    def _tabs(self) -> dict[str, str]:
        """The app's, as it is installed."""
        is_shown = {"home": self.slack.installation.home_tab_enabled}
        return {tab: name for tab, name in TABS.items() if is_shown.get(tab, True)}
