"""A Slack workspace on this machine: as strict as the real one, spoken to by the real clients."""

from __future__ import annotations

from bot.demo.slack.clock import Clock
from bot.demo.slack.installation import Installation
from bot.demo.slack.members import build_member
from bot.demo.slack.rate_limits import RateLimits
from bot.demo.slack.server import SlackServer
from bot.demo.slack.values import Ack, Call, Json
from bot.demo.slack.workspace import Workspace

__all__ = [
    "Ack",
    "Call",
    "Clock",
    "Installation",
    "Json",
    "RateLimits",
    "SlackServer",
    "Workspace",
    "build_member",
]
