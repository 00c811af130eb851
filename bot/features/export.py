"""Files of what a viewer may see: planned as an answer, written row by row, handed over in Slack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeGuard

from bot.core.answers import ExportAnswer, ExportFailed, ExportSent, GroupSlice, NoReports, NotForYou
from bot.core.commands import Export
from bot.core.export_text import Row, export_lines
from bot.core.exports import ExportHead, group_cells, person_cells
from bot.core.models import Totals
from bot.core.people import normalise_email
from bot.core.visibility import Below, NoPeople, Refused, Sight, Viewer, WholeCompany, decide
from bot.errors import DeliveryError, UserError
from bot.features.ask_company import complete_groups_of
from bot.features.asked import Asked, AskSettings
from bot.features.viewers import viewer_in_slack, viewer_with_email
from bot.ports import Files, Snapshot, Store

MOST_ROWS = 1_000_000
TOO_MANY = (
    "That would be a file of {rows:,} rows, and spreadsheets open a million at most. "
    "Please ask for a part: `export team` or `export me`."
)
MOST_GROUPS = 100_000


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file as it is being written: ``lines`` reads on as they are asked for."""

    name: str
    answer: ExportAnswer
    lines: Iterator[str]


def answer_export(asked: Asked, sight: Sight, command: Export) -> ExportAnswer | NoReports:
    """What file there is. Raises `UserError` where it would be too large."""
    if isinstance(sight, Below) and sight.lead.place.last == sight.lead.place.first:
        return NoReports(sight.lead, asked.is_viewer(sight.lead))
    people = None if _is_nameless(sight) else asked.snapshot.count_people(sight)
    if people is not None and people > MOST_ROWS:
        raise UserError(TOO_MANY.format(rows=people))
    return ExportAnswer(
        command=command,
        people=people,
        freshness=asked.freshness(command.period),
        unattributed=_unattributed(asked, sight, command),
    )


def file_name(command: Export) -> str:
    """``codex-usage_2026-10-01_2026-10-31.csv``: the days that are in it, both included."""
    *_, last = command.period.days()
    about = f"-{command.scope}" if command.scope else ""
    return f"codex-usage{about}_{command.period.since}_{last}.{command.form}"


class Exports:
    """Writes files. Who may see what is decided anew when a file is written."""

    def __init__(self, store: Store, settings: AskSettings) -> None:
        self._store = store
        self._settings = settings

    @contextmanager
    def open_slack(self, slack_id: str, command: Export, now: datetime) -> Iterator[ExportFile | None]:
        """The file for a Slack account; None where they may not have it. Raises `StoreError`."""
        with self._open(lambda s: viewer_in_slack(s, self._settings, slack_id), command, now) as found:
            yield found

    @contextmanager
    def open_as(self, email: str, command: Export, now: datetime) -> Iterator[ExportFile | None]:
        """The file for an address."""
        address = normalise_email(email)
        with self._open(lambda s: viewer_with_email(s, self._settings, address), command, now) as found:
            yield found

    @contextmanager
    def _open(
        self, find_viewer: Callable[[Snapshot], Viewer | None], command: Export, now: datetime
    ) -> Iterator[ExportFile | None]:
        with self._store.snapshot() as snapshot:
            viewer = find_viewer(snapshot)
            yield _file(Asked(snapshot, self._settings, viewer, now), command) if viewer else None


class ExportDesk:
    """Puts files where their readers find them."""

    def __init__(self, exports: Exports, files: Files) -> None:
        self._exports = exports
        self._files = files

    def hand_over(
        self, slack_id: str, command: Export, now: datetime
    ) -> ExportSent | ExportFailed | NotForYou:
        """Writes the file and sends it. The store is let go before anything is sent."""
        with self._exports.open_slack(slack_id, command, now) as found:
            if found is None:
                return NotForYou()
            kept = self._files.keep(found.lines)
        with kept:
            try:
                self._files.send(kept, slack_id, found.name, found.answer)
            except DeliveryError as error:
                return ExportFailed(error.reason)
        return ExportSent(found.name)


def _file(asked: Asked, command: Export) -> ExportFile | None:
    sight = decide(asked.viewer, command, None)
    if isinstance(sight, Refused | NoPeople):
        return None
    answer = answer_export(asked, sight, command)
    if not isinstance(answer, ExportAnswer):
        return None
    return ExportFile(file_name(command), answer, export_lines(command.form, _rows(asked, sight, command)))


def _rows(asked: Asked, sight: Sight, command: Export) -> Iterator[Row]:
    head = ExportHead(command.period, asked.freshness(command.period), asked.settings.credit_price_usd)
    if _is_nameless(sight):
        for group in _groups(asked, sight, command):
            yield group_cells(group, head)
    else:
        for row in asked.snapshot.load_person_rows(sight, command.period):
            yield person_cells(row, head)


def _is_nameless(sight: Sight) -> TypeGuard[WholeCompany]:
    """True where only teams may be shown."""
    return isinstance(sight, WholeCompany) and not sight.names


def _groups(asked: Asked, sight: WholeCompany, command: Export) -> tuple[GroupSlice, ...]:
    snapshot, period = asked.snapshot, command.period
    totals = snapshot.load_totals(sight, period) - snapshot.load_unattributed(sight, period)
    return complete_groups_of(asked, sight, period, MOST_GROUPS, totals)


def _unattributed(asked: Asked, sight: Sight, command: Export) -> Totals | None:
    if not isinstance(sight, WholeCompany):
        return None
    return asked.snapshot.load_unattributed(sight, command.period)
