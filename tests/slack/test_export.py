"""Exports as people read of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from inline_snapshot import snapshot

from bot.core.answers import ExportAnswer, ExportFailed, ExportSent
from bot.core.commands import Export
from bot.core.models import Freshness
from bot.slack.answers.export import export_note
from bot.slack.render import render
from bot.slack.terminal import as_text
from tests.slack.cast import FRESH, LAST_28_DAYS, used

TEAM = ExportAnswer(Export(LAST_28_DAYS), people=12, freshness=FRESH)
TEAMS = replace(TEAM, people=None, unattributed=used(12))
RAGGED = Freshness(
    date(2026, 11, 19),
    datetime(2026, 11, 22, 9, 12, tzinfo=UTC),
    partial=(date(2026, 11, 21),),
    missing=(date(2026, 11, 20),),
)


def test_while_it_is_being_made() -> None:
    assert as_text(render(TEAM)) == snapshot("""\
I am making your file: last 28 days (25 Oct – 21 Nov 2026), 12 people. It will
come into the direct messages between you and me.\
""")
    assert as_text(render(TEAMS)) == snapshot("""\
I am making your file: last 28 days (25 Oct – 21 Nov 2026), one row a team. It
will come into the direct messages between you and me.\
""")


def test_beside_the_file() -> None:
    assert export_note(TEAM) == snapshot(
        "Your Codex usage export: last 28 days (25 Oct – 21 Nov 2026), 12 people. Complete to Sat 21 Nov (UTC), read 22 Nov 2026 09:12 UTC."
    )
    assert export_note(replace(TEAMS, freshness=RAGGED)) == snapshot("""\
Your Codex usage export: last 28 days (25 Oct – 21 Nov 2026), one row a team. Complete to Thu 19 Nov (UTC), read 22 Nov 2026 09:12 UTC; partial: 21 Nov 2026.
The figures leave out 20 Nov 2026: nothing was read for these days.
12 credits of accounts that belong to no employee stand in no row.\
""")


def test_what_became_of_it() -> None:
    assert as_text(render(ExportSent("codex-usage_2026-10-25_2026-11-21.csv"))) == snapshot("""\
Your file codex-usage_2026-10-25_2026-11-21.csv is in the direct messages
between you and me.\
""")
    assert as_text(render(ExportFailed("missing_scope: needs files:write"))) == snapshot("""\
I could not put the file into our direct messages (missing_scope: needs
files:write).
Please try again, and if it stays like that tell the people who run this bot.\
""")
