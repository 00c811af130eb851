"""What other systems hold about the invented people: the roster file, Slack's list of members."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.demo import names
from bot.demo.staff import Worker

TEAM_ID = "T0000NORTH"
ROSTER_COLUMNS = (
    "email", "name", "manager_email", "team", "department", "cost_center",
    "status", "left_on", "aliases", "timezone",
)  # fmt: skip
VISITOR_EMAIL = f"pat.visitor@{names.DOMAIN}"
"""Somebody whom Slack knows and the roster does not."""


def build_roster_csv(staff: Iterable[Worker]) -> str:
    """The roster with a header, one line a person, ended by a line feed."""
    out = io.StringIO()
    sheet = csv.writer(out, lineterminator="\n")
    sheet.writerow(ROSTER_COLUMNS)
    sheet.writerows(_roster_row(worker) for worker in staff)
    return out.getvalue()


def build_slack_members(staff: Iterable[Worker], today: date) -> list[dict[str, Any]]:
    """Every member as Slack's ``users.list`` tells them; offsets are those of noon UTC on ``today``.

    Like the real list, a deleted member carries no time zone and no guest flags, Slackbot does not call
    itself a bot, and capitals in addresses are kept as people typed them.
    """
    noon = datetime.combine(today, time(12), tzinfo=UTC)
    offsets = {zone: _offset_seconds(noon, zone) for zone in (*names.OFFICES, "UTC")}
    stamp = int(noon.timestamp()) - 86_400
    members = [_member(worker, offsets, stamp) for worker in staff if worker.slack_id is not None]
    return members + _outsiders(offsets, stamp)


def _roster_row(worker: Worker) -> tuple[str, ...]:
    return (
        worker.email,
        worker.name,
        worker.manager_email or "",
        worker.team,
        worker.department,
        worker.cost_center,
        "archived" if worker.left_on else "active",
        worker.left_on.isoformat() if worker.left_on else "",
        ";".join(worker.aliases),
        "" if worker.contractor else worker.timezone,
    )


def _offset_seconds(noon: datetime, zone: str) -> int:
    offset = noon.astimezone(ZoneInfo(zone)).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def _member(worker: Worker, offsets: dict[str, int], stamp: int) -> dict[str, Any]:
    typed = worker.email.title() if worker.depth == 1 else worker.email
    member = _base(worker.slack_id or "", worker.name, typed, stamp)
    if worker.left_on:
        return member | {"deleted": True}
    single_channel = worker.contractor and stable_bit(worker.email)
    return (
        member
        | _place(worker.timezone, offsets, worker.name)
        | {"is_restricted": worker.contractor, "is_ultra_restricted": single_channel}
    )


def stable_bit(text: str) -> bool:
    """A coin that always falls the same way for the same text."""
    return sum(map(ord, text)) % 2 == 1


def _outsiders(offsets: dict[str, int], stamp: int) -> list[dict[str, Any]]:
    plain = {"is_restricted": False, "is_ultra_restricted": False}
    america = _place(names.OFFICES[0], offsets, "Pat Visitor")
    visitor = _base("U00VISITOR", "Pat Visitor", VISITOR_EMAIL, stamp) | america | plain
    slackbot = _base("USLACKBOT", "Slackbot", None, 0) | _place(names.OFFICES[0], offsets, "Slackbot") | plain
    return [
        visitor,
        slackbot,
        *(_app(name, n, offsets, stamp) for n, name in enumerate(("Deploys", "Standup"))),
    ]


def _app(name: str, number: int, offsets: dict[str, int], stamp: int) -> dict[str, Any]:
    app = _base(f"U0000BOT0{number}", name, None, stamp) | _place("UTC", offsets, name)
    app["profile"]["bot_id"] = f"B0000BOT0{number}"
    return app | {"is_bot": True, "is_restricted": False, "is_ultra_restricted": False}


def _base(slack_id: str, name: str, email: str | None, stamp: int) -> dict[str, Any]:
    profile = {"real_name": name, "display_name": name.partition(" ")[0]} | (
        {"email": email} if email else {}
    )
    return {
        "id": slack_id,
        "team_id": TEAM_ID,
        "name": (email or name).partition("@")[0].lower(),
        "deleted": False,
        "is_bot": False,
        "is_app_user": False,
        "updated": stamp,
        "profile": profile,
    }


def _place(zone: str, offsets: dict[str, int], name: str) -> dict[str, Any]:
    return {"real_name": name, "tz": zone, "tz_label": zone, "tz_offset": offsets[zone]}
